//! Small total functions on `f32` that `core` does not have or that would panic.
//!
//! Not for physics: formulas live with what they describe.

use crate::io::TICK_MS;

const TWO_TICKS_MS: u32 = 2 * TICK_MS;
const FOUR_TICKS_MS: u32 = 4 * TICK_MS;

/// Holds `value` between `low` and `high`; a NaN becomes `low`.
///
/// Unlike `f32::clamp` it never panics. Callers pass the safe end as `low`
/// (no power, no speed), so that a NaN on its way to an actuator means off.
pub(crate) fn limit(value: f32, low: f32, high: f32) -> f32 {
    // In this form each line is one instruction on most machines.
    let capped = if high < value { high } else { value };
    if capped > low { capped } else { low }
}

/// Moves `from` towards `to` by at most `step` (taken as a magnitude).
pub(crate) fn slew(from: f32, to: f32, step: f32) -> f32 {
    let step = step.abs();
    if to > from + step {
        from + step
    } else if to < from - step {
        from - step
    } else {
        to
    }
}

/// Share of the way a first-order lag of `tau_s` goes in `dt_ms`, 0 to 1.
///
/// Backward Euler: stable for every step, exact at both ends. The step is
/// never zero ([`crate::clock`]) and no lag is negative, so this is above 0
/// and at most 1.
#[inline]
pub(crate) fn lag_share(dt_ms: u32, tau_s: f32) -> f32 {
    // For a lag that is a constant, the usual steps' shares are constants too: no division.
    match dt_ms {
        TICK_MS => share_in(TICK_MS, tau_s),
        TWO_TICKS_MS => share_in(TWO_TICKS_MS, tau_s),
        _ => share_in(dt_ms, tau_s),
    }
}

/// Steps of `dt_ms` in a second, Hz.
#[inline]
pub(crate) fn per_s(dt_ms: u32) -> f32 {
    // The motors' step and the time from one look at a zone to the next.
    match dt_ms {
        TWO_TICKS_MS => 1000.0 / TWO_TICKS_MS as f32,
        FOUR_TICKS_MS => 1000.0 / FOUR_TICKS_MS as f32,
        _ => 1000.0 / dt_ms as f32,
    }
}

#[inline]
fn share_in(dt_ms: u32, tau_s: f32) -> f32 {
    let dt_s = dt_ms as f32 * 0.001;
    dt_s / (dt_s + tau_s)
}

/// Where `x` lies between `low` (0) and `high` (1), held to that range.
pub(crate) fn ramp(x: f32, low: f32, high: f32) -> f32 {
    // Most of the time it is one of the ends, which need no division.
    if x >= high {
        1.0
    } else if x > low {
        (x - low) / (high - low)
    } else {
        0.0
    }
}

/// Two to the power `x`, within 2e-5 relative for -60 to 60; held to that range beyond.
///
/// Integer part into the exponent bits, fraction by the degree-5 Taylor
/// polynomial of `exp(f ln 2)` around f = 0 for |f| <= 0.5 (first term left
/// out: (0.5 ln 2)^6 / 720 = 2.4e-6).
pub(crate) fn exp2(x: f32) -> f32 {
    let x = limit(x, -60.0, 60.0);
    let rounded = if x >= 0.0 { x + 0.5 } else { x - 0.5 };
    let whole = rounded as i32;
    let y = (x - whole as f32) * core::f32::consts::LN_2;
    let poly = 1.0 + y * (1.0 + y * (0.5 + y * (1.0 / 6.0 + y * (1.0 / 24.0 + y * (1.0 / 120.0)))));
    // 67 to 187: inside the exponent's 1 to 254.
    let exponent = whole.wrapping_add(127).unsigned_abs();
    poly * f32::from_bits(exponent << 23)
}

/// Hundredths of a degree for telemetry; saturates, NaN becomes "not valid".
pub(crate) fn centi(value_c: f32) -> i16 {
    // A NaN becomes the low end, which is "not valid".
    limit(value_c * 100.0, f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp2_matches_the_f64_power_within_two_parts_in_100_000() {
        for step in -400..=400 {
            let x = step as f32 * 0.05;
            let want = 2f64.powf(f64::from(x));
            let got = f64::from(exp2(x));
            assert!(
                (got / want - 1.0).abs() < 2e-5,
                "2^{x}: {got} against {want}"
            );
        }
    }

    #[test]
    fn a_nan_on_its_way_to_an_actuator_becomes_the_low_end() {
        assert_eq!(limit(f32::NAN, 0.0, 1.0), 0.0);
        assert_eq!(centi(f32::NAN), i16::MIN);
    }

    #[test]
    fn a_ramp_without_width_is_a_step() {
        assert_eq!([2.9, 3.0, 3.1].map(|x| ramp(x, 3.0, 3.0)), [0.0, 1.0, 1.0]);
        assert_eq!([2.0, 2.5, 4.0].map(|x| ramp(x, 2.0, 3.0)), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn a_value_slews_by_the_step_and_stops_at_its_goal() {
        for (from, to, step, want) in [
            (1.0, 5.0, 0.5, 1.5),
            (1.0, -5.0, 0.5, 0.5),
            (1.0, 1.25, 0.5, 1.25),
            (1.0, 0.75, -0.5, 0.75),
            (1.0, 5.0, -0.5, 1.5),
        ] {
            assert_eq!(slew(from, to, step), want, "{from} to {to} by {step}");
        }
    }
}
