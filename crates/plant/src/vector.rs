//! Which vector instructions the field's loops run on, chosen once per field.
//!
//! The same source is compiled for the least processor that the target allows,
//! for AVX2 and for AVX-512. The loops hold plain, uncontracted arithmetic in a
//! fixed order, so that all give the same bits (a test compares them). The
//! `pulp` crate detects the processor and holds the `unsafe` call; this project
//! has none. What the loops compute with is in `lanes`.

use crate::lanes::{Machine, Plain};
use pulp::NullaryFnOnce;
#[cfg(target_arch = "x86_64")]
use pulp::core_arch::x86::Sse2;
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

/// Instructions that this processor has and a field may run on.
#[derive(Clone, Copy, Debug)]
pub struct Vectors(Width);

#[derive(Clone, Copy, Debug)]
enum Width {
    Plain,
    #[cfg(target_arch = "x86_64")]
    Sse2(Sse2),
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    #[cfg(target_arch = "x86_64")]
    Avx512(V4),
}

/// Work that is written for any machine.
pub(crate) trait Work {
    /// What comes out.
    type Output;

    /// Does it; must be inlined, as must all that it calls.
    fn run<M: Machine>(self, machine: M) -> Self::Output;
}

/// Work on one machine, for `pulp` to call.
struct On<M, W>(M, W);

impl<M: Machine, W: Work> NullaryFnOnce for On<M, W> {
    type Output = W::Output;

    #[inline(always)]
    fn call(self) -> W::Output {
        self.1.run(self.0)
    }
}

impl Vectors {
    /// The widest that this processor has.
    #[must_use]
    pub fn widest() -> Vectors {
        let mut widest = Vectors(Width::Plain);
        Vectors::all().for_each(|wider| widest = wider);
        widest
    }

    /// All that this processor has, from the narrowest up.
    pub fn all() -> impl Iterator<Item = Vectors> {
        #[cfg(target_arch = "x86_64")]
        let widths = Sse2::try_new()
            .map(Width::Sse2)
            .into_iter()
            .chain(V3::try_new().map(Width::Avx2))
            .chain(V4::try_new().map(Width::Avx512));
        #[cfg(not(target_arch = "x86_64"))]
        let widths = core::iter::once(Width::Plain);
        widths.map(Vectors)
    }

    /// Name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Width::Plain => "least",
            #[cfg(target_arch = "x86_64")]
            Width::Sse2(_) => "least",
            #[cfg(target_arch = "x86_64")]
            Width::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Width::Avx512(_) => "avx512",
        }
    }

    /// Plants whose circuits tick at once: as many as a register has numbers (measured).
    pub(crate) fn plants_at_once(self) -> usize {
        match self.0 {
            Width::Plain => 1,
            #[cfg(target_arch = "x86_64")]
            Width::Sse2(_) => 4,
            #[cfg(target_arch = "x86_64")]
            Width::Avx2(_) => 8,
            #[cfg(target_arch = "x86_64")]
            Width::Avx512(_) => 8,
        }
    }

    /// Does the work on these instructions. Only what is inlined into
    /// `work.call()` is compiled for them.
    #[inline(always)]
    pub fn run<Work: NullaryFnOnce>(self, work: Work) -> Work::Output {
        match self.0 {
            Width::Plain => work.call(),
            #[cfg(target_arch = "x86_64")]
            Width::Sse2(_) => work.call(),
            #[cfg(target_arch = "x86_64")]
            Width::Avx2(avx2) => avx2.vectorize(work),
            #[cfg(target_arch = "x86_64")]
            Width::Avx512(avx512) => avx512.vectorize(work),
        }
    }

    /// Does work that computes with lanes on these instructions.
    #[inline(always)]
    pub(crate) fn work<W: Work>(self, work: W) -> W::Output {
        match self.0 {
            Width::Plain => work.run(Plain),
            #[cfg(target_arch = "x86_64")]
            Width::Sse2(sse2) => work.run(sse2),
            #[cfg(target_arch = "x86_64")]
            Width::Avx2(avx2) => avx2.vectorize(On(avx2, work)),
            #[cfg(target_arch = "x86_64")]
            Width::Avx512(avx512) => avx512.vectorize(On(avx512, work)),
        }
    }
}
