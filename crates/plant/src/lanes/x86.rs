//! The registers of x86-64: SSE2, AVX2 and AVX-512, by the safe functions of
//! `pulp`, which hold that the processor has them.

use super::{FEW, Lanes, MANY, Machine};
use core::arch::x86_64::{__m128d, __m256d, __m512d};
use core::ops::{Add, Div, Mul, Sub};
use pulp::core_arch::x86::Sse2;
use pulp::x86::{V3, V4};

/// Operations that differ in their names only.
macro_rules! named {
    ($field:ident, $($name:ident = $instruction:ident),*) => {
        $(
            #[inline(always)]
            pub fn $name(on: On, a: Register, b: Register) -> Register {
                on.$field.$instruction(a, b)
            }
        )*
    };
}

/// From and to memory.
macro_rules! memory {
    () => {
        #[inline(always)]
        pub fn from_numbers<const L: usize, const K: usize>(numbers: [f64; L]) -> [Register; K]
        where
            [f64; L]: pulp::bytemuck::NoUninit,
            [Register; K]: pulp::bytemuck::AnyBitPattern,
        {
            pulp::cast(numbers)
        }

        #[inline(always)]
        pub fn to_numbers<const L: usize, const K: usize>(parts: [Register; K]) -> [f64; L]
        where
            [Register; K]: pulp::bytemuck::NoUninit,
            [f64; L]: pulp::bytemuck::AnyBitPattern,
        {
            pulp::cast(parts)
        }
    };
}

mod sse2 {
    use super::super::{FRACTION_BITS, ONE_BITS};
    use super::{__m128d, Sse2};

    #[derive(Clone, Copy)]
    pub struct On {
        pub sse2: Sse2,
    }
    pub type Register = __m128d;

    memory!();
    named!(
        sse2,
        add = _mm_add_pd,
        sub = _mm_sub_pd,
        mul = _mm_mul_pd,
        div = _mm_div_pd,
        max = _mm_max_pd,
        min = _mm_min_pd
    );

    #[inline(always)]
    pub fn splat(on: On, value: f64) -> Register {
        on.sse2._mm_set1_pd(value)
    }

    #[inline(always)]
    pub fn if_greater(on: On, [a, b]: [Register; 2], [then, or]: [Register; 2]) -> Register {
        let mask = on.sse2._mm_cmpgt_pd(a, b);
        let then = on.sse2._mm_and_pd(mask, then);
        on.sse2._mm_or_pd(then, on.sse2._mm_andnot_pd(mask, or))
    }

    #[inline(always)]
    pub fn power_of_two(on: On, a: Register) -> Register {
        let sse2 = on.sse2;
        let exponent = sse2._mm_slli_epi64::<FRACTION_BITS>(sse2._mm_castpd_si128(a));
        sse2._mm_castsi128_pd(sse2._mm_add_epi64(exponent, sse2._mm_set1_epi64x(ONE_BITS)))
    }
}

mod avx2 {
    use super::super::{FRACTION_BITS, ONE_BITS};
    use super::{__m256d, V3};
    use core::arch::x86_64::_CMP_GT_OQ;

    pub type On = V3;
    pub type Register = __m256d;

    memory!();
    named!(
        avx,
        add = _mm256_add_pd,
        sub = _mm256_sub_pd,
        mul = _mm256_mul_pd,
        div = _mm256_div_pd,
        max = _mm256_max_pd,
        min = _mm256_min_pd
    );

    #[inline(always)]
    pub fn splat(on: On, value: f64) -> Register {
        on.avx._mm256_set1_pd(value)
    }

    #[inline(always)]
    pub fn if_greater(on: On, [a, b]: [Register; 2], [then, or]: [Register; 2]) -> Register {
        let mask = on.avx._mm256_cmp_pd::<_CMP_GT_OQ>(a, b);
        on.avx._mm256_blendv_pd(or, then, mask)
    }

    #[inline(always)]
    pub fn power_of_two(on: On, a: Register) -> Register {
        let (avx, avx2) = (on.avx, on.avx2);
        let exponent = avx2._mm256_slli_epi64::<FRACTION_BITS>(avx._mm256_castpd_si256(a));
        let one = avx._mm256_set1_epi64x(ONE_BITS);
        avx._mm256_castsi256_pd(avx2._mm256_add_epi64(exponent, one))
    }
}

mod avx512 {
    use super::super::{FRACTION_BITS, ONE_BITS};
    use super::{__m512d, V4};
    use core::arch::x86_64::_CMP_GT_OQ;

    pub type On = V4;
    pub type Register = __m512d;

    memory!();
    named!(
        avx512f,
        add = _mm512_add_pd,
        sub = _mm512_sub_pd,
        mul = _mm512_mul_pd,
        div = _mm512_div_pd,
        max = _mm512_max_pd,
        min = _mm512_min_pd
    );

    #[inline(always)]
    pub fn splat(on: On, value: f64) -> Register {
        on.avx512f._mm512_set1_pd(value)
    }

    #[inline(always)]
    pub fn if_greater(on: On, [a, b]: [Register; 2], [then, or]: [Register; 2]) -> Register {
        let mask = on.avx512f._mm512_cmp_pd_mask::<_CMP_GT_OQ>(a, b);
        on.avx512f._mm512_mask_blend_pd(mask, or, then)
    }

    #[inline(always)]
    pub fn power_of_two(on: On, a: Register) -> Register {
        let avx = on.avx512f;
        let exponent =
            avx._mm512_slli_epi64::<{ FRACTION_BITS as u32 }>(avx._mm512_castpd_si512(a));
        let one = avx._mm512_set1_epi64(ONE_BITS);
        avx._mm512_castsi512_pd(avx._mm512_add_epi64(exponent, one))
    }
}

lanes!(
    /// Sixteen numbers in SSE2 registers.
    Sse2Many, sse2, MANY, [0 1 2 3 4 5 6 7]
);
lanes!(
    /// Two numbers in an SSE2 register.
    Sse2Few, sse2, FEW, [0]
);
lanes!(
    /// Four numbers in SSE2 registers.
    Sse2Four, sse2, 4, [0 1]
);
lanes!(
    /// Eight numbers in SSE2 registers.
    Sse2Eight, sse2, 8, [0 1 2 3]
);
lanes!(
    /// Four numbers in an AVX register.
    Avx2Four, avx2, 4, [0]
);
lanes!(
    /// Eight numbers in AVX registers.
    Avx2Eight, avx2, 8, [0 1]
);
lanes!(
    /// Eight numbers in an AVX-512 register.
    Avx512Eight, avx512, 8, [0]
);
lanes!(
    /// Sixteen numbers in AVX registers.
    Avx2Many, avx2, MANY, [0 1 2 3]
);
lanes!(
    /// Sixteen numbers in AVX-512 registers.
    Avx512Many, avx512, MANY, [0 1]
);

/// What every x86-64 processor has.
impl Machine for Sse2 {
    type Many = Sse2Many;
    type Few = Sse2Few;
    type Four = Sse2Four;
    type Eight = Sse2Eight;
    type OnMany = sse2::On;
    type OnFew = sse2::On;
    type OnFour = sse2::On;

    #[inline(always)]
    fn many(self) -> sse2::On {
        sse2::On { sse2: self }
    }

    #[inline(always)]
    fn few(self) -> sse2::On {
        sse2::On { sse2: self }
    }

    #[inline(always)]
    fn four(self) -> sse2::On {
        sse2::On { sse2: self }
    }
}

/// AVX2.
impl Machine for V3 {
    type Many = Avx2Many;
    type Few = Sse2Few;
    type Four = Avx2Four;
    type Eight = Avx2Eight;
    type OnMany = V3;
    type OnFew = sse2::On;
    type OnFour = V3;

    #[inline(always)]
    fn many(self) -> V3 {
        self
    }

    #[inline(always)]
    fn few(self) -> sse2::On {
        sse2::On { sse2: self.sse2 }
    }

    #[inline(always)]
    fn four(self) -> V3 {
        self
    }
}

/// AVX-512.
impl Machine for V4 {
    type Many = Avx512Many;
    type Few = Sse2Few;
    type Four = Avx2Four;
    type Eight = Avx512Eight;
    type OnMany = V4;
    type OnFew = sse2::On;
    type OnFour = V3;

    #[inline(always)]
    fn many(self) -> V4 {
        self
    }

    #[inline(always)]
    fn few(self) -> sse2::On {
        sse2::On { sse2: self.sse2 }
    }

    #[inline(always)]
    fn four(self) -> V3 {
        *self
    }
}
