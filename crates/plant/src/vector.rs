//! Which vector instructions the field's loops run on, chosen once per field.
//!
//! The same source is compiled for the least processor that the target allows,
//! for AVX2 and for AVX-512. The loops hold plain, uncontracted arithmetic in a
//! fixed order, so that all give the same bits (a test compares them). The
//! `pulp` crate detects the processor and holds the `unsafe` call; this project
//! has none.

use pulp::NullaryFnOnce;
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

/// Instructions that this processor has and a field may run on.
#[derive(Clone, Copy, Debug)]
pub struct Vectors(Width);

#[derive(Clone, Copy, Debug)]
enum Width {
    Least,
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    #[cfg(target_arch = "x86_64")]
    Avx512(V4),
}

impl Vectors {
    /// The widest that this processor has.
    #[must_use]
    pub fn widest() -> Vectors {
        let mut widest = Vectors(Width::Least);
        Vectors::all().for_each(|wider| widest = wider);
        widest
    }

    /// All that this processor has, from the narrowest up.
    pub fn all() -> impl Iterator<Item = Vectors> {
        let least = core::iter::once(Width::Least);
        #[cfg(target_arch = "x86_64")]
        let least = least
            .chain(V3::try_new().map(Width::Avx2))
            .chain(V4::try_new().map(Width::Avx512));
        least.map(Vectors)
    }

    /// Name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Width::Least => "least",
            #[cfg(target_arch = "x86_64")]
            Width::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Width::Avx512(_) => "avx512",
        }
    }

    /// Does the work on these instructions. Only what is inlined into
    /// `work.call()` is compiled for them.
    #[inline(always)]
    pub fn run<Work: NullaryFnOnce>(self, work: Work) -> Work::Output {
        match self.0 {
            Width::Least => work.call(),
            #[cfg(target_arch = "x86_64")]
            Width::Avx2(avx2) => avx2.vectorize(work),
            #[cfg(target_arch = "x86_64")]
            Width::Avx512(avx512) => avx512.vectorize(work),
        }
    }
}
