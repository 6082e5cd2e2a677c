//! Sine of the load's ripple: cheap, portable, good enough for a load.

use crate::lanes::Lanes;

/// Adding and taking away this number rounds to the nearest integer (any of
/// less than 2^51): 1.5 times 2^52, where the spacing of f64 is 1.
const NEAREST: f64 = 6_755_399_441_055_744.0;

/// Sine of an angle in turns, by folding into a quarter and the Taylor
/// polynomial of degree 9: within 4e-6, far inside what is known of a load.
#[must_use]
pub fn sine_of_turns(turns: f64) -> f64 {
    let wrapped = turns - ((turns + NEAREST) - NEAREST);
    // Without a branch: a vibration motor's angle is at random from tick to tick.
    let folded = (0.25 - (0.25 - wrapped.abs()).abs()).copysign(wrapped);
    let x = folded * core::f64::consts::TAU;
    let y = x * x;
    x * (1.0 + y * (-1.0 / 6.0 + y * (1.0 / 120.0 + y * (-1.0 / 5040.0 + y * (1.0 / 362_880.0)))))
}

/// The same for each lane, with the same bits but for the sign of a zero.
#[inline(always)]
pub(super) fn sine_of_turns_in_lanes<V: Lanes<L>, const L: usize>(on: V::On, turns: V) -> V {
    let (zero, quarter) = (V::splat(on, 0.0), V::splat(on, 0.25));
    let without_sign = |lanes: V| lanes.or_greater(zero - lanes);
    let wrapped = turns - (turns + NEAREST - V::splat(on, NEAREST));
    let folded = quarter - without_sign(quarter - without_sign(wrapped));
    let folded = zero.if_greater(wrapped, zero - folded, folded);
    let x = folded * core::f64::consts::TAU;
    let y = x * x;
    let sum = y * (1.0 / 362_880.0) + -1.0 / 5040.0;
    let sum = (sum * y + 1.0 / 120.0) * y + -1.0 / 6.0;
    x * (sum * y + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::PlainFew;

    #[test]
    fn the_sine_in_lanes_is_the_sine_alone() {
        for step in -4000..4000 {
            let turns = f64::from(step) * 1.37e-3;
            let mut lanes = [0.0; 2];
            sine_of_turns_in_lanes((), PlainFew::load((), &[turns, -0.5 * turns]))
                .store(&mut lanes);
            let alone = [turns, -0.5 * turns].map(sine_of_turns);
            for (lane, alone) in lanes.iter().zip(alone) {
                assert_eq!((lane + 0.0).to_bits(), (alone + 0.0).to_bits(), "{turns}");
            }
        }
    }

    #[test]
    fn the_sine_of_turns_is_a_sine() {
        for step in -4000..4000 {
            let turns = f64::from(step) * 1.37e-3;
            let expected = libm::sin(turns * core::f64::consts::TAU);
            assert!((sine_of_turns(turns) - expected).abs() < 4e-6, "{turns}");
        }
    }
}
