//! The exponential function, the same bits on every machine.
//!
//! Branch-free arithmetic of additions and multiplications only, so that a
//! loop over a slice becomes vector code without any change in the result.
//! Relative error below 1e-13 (a test measures it against `libm`) for
//! arguments from -708 to 709; arguments beyond are clamped to these ends.

use crate::lanes::Lanes;

/// Largest argument, above which the result would overflow.
pub const LARGEST: f64 = 709.0;
/// Smallest argument, below which the result would be subnormal.
pub const SMALLEST: f64 = -708.0;

/// e to the power of `x`; NaN stays NaN.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let x = if x > LARGEST { LARGEST } else { x };
    let x = if x < SMALLEST { SMALLEST } else { x };
    // x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^52 rounds to an
    // integer and leaves it in the low bits.
    let shifted = x * core::f64::consts::LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    // Taylor to the 11th power: the rest is below 0.3466^12 / 12! = 6.3e-15.
    let mut sum = 1.0 / 39_916_800.0;
    sum = sum * r + 1.0 / 3_628_800.0;
    sum = sum * r + 1.0 / 362_880.0;
    sum = sum * r + 1.0 / 40_320.0;
    sum = sum * r + 1.0 / 5_040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 0.5;
    sum = sum * r + 1.0;
    sum = sum * r + 1.0;
    sum * power
}

/// Replaces each value by its exponential.
#[inline(always)]
pub fn exp_in_place(values: &mut [f64]) {
    for value in values {
        *value = exp(*value);
    }
}

/// 2 to the power of each lane: relative error below 2.6e-9 (a test measures it)
/// from -1022 to 1023, clamped beyond; what is not a number stays so. For doses,
/// whose constants are known to two or three digits.
#[inline(always)]
pub(crate) fn exp2<V: Lanes<L>, const L: usize>(on: V::On, x: V) -> V {
    let x = V::splat(on, 1023.0).or_less(x);
    let x = V::splat(on, -1022.0).or_greater(x);
    // x = n + r with |r| <= 1/2.
    let shifted = x + ROUNDER;
    let r = x - (shifted + -ROUNDER);
    // 2^r as 1 + r q(r) of least relative error on that range (Remez).
    let mut sum = r * 0.000_155_946_781_613_266_2 + 0.001_340_664_390_235_176;
    sum = sum * r + 0.009_617_692_972_993_063;
    sum = sum * r + 0.055_503_105_510_137_97;
    sum = sum * r + 0.240_226_527_828_877_37;
    sum = sum * r + 0.693_147_214_968_027_9;
    sum = sum * r + 1.0;
    sum * shifted.power_of_two()
}

/// 1.5 * 2^52.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 to 32 bits, so that n times it is exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
/// What is left of ln 2.
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::PlainFew;

    #[test]
    fn differs_from_libm_by_less_than_1e_13() {
        let mut worst = 0.0_f64;
        let mut x = -707.9;
        while x < 708.9 {
            worst = worst.max((exp(x) / libm::exp(x) - 1.0).abs());
            x += 0.003_717;
        }
        assert!(worst < 1.0e-13, "worst {worst:e}");
        assert!(worst > 0.0, "nothing was compared");
    }

    #[test]
    fn the_power_of_two_differs_from_libm_by_less_than_2_6e_9() {
        let exp2 = |x: f64| {
            let mut numbers = [0.0; 2];
            super::exp2((), PlainFew::splat((), x)).store(&mut numbers);
            numbers[0]
        };
        let mut worst = 0.0_f64;
        let mut x = -1021.9;
        while x < 1022.9 {
            worst = worst.max((exp2(x) / libm::exp2(x) - 1.0).abs());
            x += 0.003_717;
        }
        assert!(worst < 2.6e-9, "worst {worst:e}");
        assert!(worst > 2.0e-9, "not what is documented: {worst:e}");
        for whole in [-1022.0, -3.0, 0.0, 1.0, 1023.0] {
            assert_eq!(exp2(whole), libm::exp2(whole));
        }
        assert_eq!(exp2(f64::INFINITY), exp2(1023.0));
        assert_eq!(exp2(f64::NEG_INFINITY), exp2(-1022.0));
        assert!(exp2(f64::NAN).is_nan());
    }

    #[test]
    fn is_exact_at_zero_and_clamped_beyond_its_range() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(1.0e9), exp(LARGEST));
        assert_eq!(exp(f64::NEG_INFINITY), exp(SMALLEST));
        assert!(exp(f64::NAN).is_nan());
    }

    #[test]
    fn a_slice_gets_the_bits_of_the_scalar() {
        let mut values: Vec<f64> = (0..103).map(|i| -40.0 + 0.77 * f64::from(i)).collect();
        let expected: Vec<u64> = values.iter().map(|x| exp(*x).to_bits()).collect();
        exp_in_place(&mut values);
        let got: Vec<u64> = values.iter().map(|x| x.to_bits()).collect();
        assert_eq!(got, expected);
    }
}
