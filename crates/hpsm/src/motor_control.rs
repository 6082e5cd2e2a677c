//! The motor's speed controller of the workload: ramp, quantised speed, PI law, at 100 Hz.

use crate::workload::TICK_S;

/// Speed asked for: 30 turns a minute at the output, rad/s.
const TARGET_RAD_S: f64 = 188.495_559_215_387_6;
/// Ticks from one reversal to the next.
const REVERSE_TICKS: u32 = 6_000;
/// Ramp of the set-point, rad/s per tick.
const RAMP_RAD_S: f64 = 2.0;
/// Resolution of the speed, rad/s.
const RESOLUTION_RAD_S: f64 = 0.25;
/// Duty per rad/s, and per rad/s and tick.
const GAIN: f64 = 0.005;
const INTEGRAL: f64 = 0.05 * TICK_S;

/// Speed asked for in a tick, rad/s.
#[must_use]
pub fn target_rad_s(tick: u32) -> f64 {
    if (tick / REVERSE_TICKS).is_multiple_of(2) {
        TARGET_RAD_S
    } else {
        -TARGET_RAD_S
    }
}

/// Controllers of all lanes.
#[derive(Clone, Debug)]
pub struct SpeedControl<const L: usize> {
    set_point_rad_s: [f64; L],
    integral: [f64; L],
}

impl<const L: usize> SpeedControl<L> {
    /// Controllers at rest.
    #[must_use]
    pub fn new() -> Self {
        Self {
            set_point_rad_s: [0.0; L],
            integral: [0.0; L],
        }
    }

    /// One step of a lane: duty, -1 to 1, from the speed at the start of the tick.
    #[inline(always)]
    pub fn duty(&mut self, l: usize, target_rad_s: f64, speed_rad_s: f64) -> f64 {
        let ramp = limited(target_rad_s - self.set_point_rad_s[l], RAMP_RAD_S);
        let set_point = self.set_point_rad_s[l] + ramp;
        let steps = floor(speed_rad_s * (1.0 / RESOLUTION_RAD_S) + 0.5);
        let error = set_point - steps * RESOLUTION_RAD_S;
        let asked = GAIN * error + self.integral[l];
        let may_wind = ((asked < 1.0) | (error < 0.0)) & ((asked > -1.0) | (error > 0.0));
        self.set_point_rad_s[l] = set_point;
        self.integral[l] += if may_wind { INTEGRAL * error } else { 0.0 };
        limited(asked, 1.0)
    }
}

impl<const L: usize> Default for SpeedControl<L> {
    fn default() -> Self {
        Self::new()
    }
}

/// 1.5 * 2^52: adding it rounds to an integer and leaves that in the low bits.
pub(crate) const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// `x` within `-limit` to `limit`.
#[inline(always)]
pub(crate) fn limited(x: f64, limit: f64) -> f64 {
    let x = if x < limit { x } else { limit };
    if x > -limit { x } else { -limit }
}

/// Largest integer that is not above `x`, for less than 2^51.
#[inline(always)]
fn floor(x: f64) -> f64 {
    let nearest = (x + ROUNDER) - ROUNDER;
    nearest - if nearest > x { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_is_the_largest_integer_below() {
        for (x, expected) in [
            (0.0, 0.0),
            (0.49, 0.0),
            (0.5, 0.0),
            (0.51, 0.0),
            (1.5, 1.0),
            (2.5, 2.0),
            (-0.5, -1.0),
            (-1.0, -1.0),
            (-1.5, -2.0),
            (754.999, 754.0),
        ] {
            assert_eq!(floor(x), expected, "{x}");
        }
    }
}
