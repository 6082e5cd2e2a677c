//! The over-temperature trip: raw codes against one integer, nothing else.
//!
//! It shares no table, no filter and no float with the regulator's path. Its
//! only tie to the configuration is the code derived from `trip_c` when a
//! configuration is adopted.

use crate::io::ZONES;

/// Codes at 40, 42, ... 60 degC: `round(4095 R/(R + 10k))`, 10 k B 3950.
/// Written out here, not computed, so that a mistake in the table of `ntc.rs`
/// is not repeated; a test holds both against the equation.
const COUNTS_FROM_40_C: [u16; 11] = [1419, 1346, 1275, 1208, 1143, 1081, 1023, 967, 914, 863, 815];

/// Consecutive ticks above the trip before it acts: 40 ms, passes a single disturbed conversion.
const TICKS_TO_TRIP: u8 = 4;

/// Threshold and what was seen of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trip {
    threshold_counts: u16,
    ticks_above: [u8; ZONES],
}

impl Trip {
    /// Trip at the given film temperature, held to 40 to 60 degC.
    pub(crate) fn at(trip_c: f32) -> Self {
        Self {
            threshold_counts: threshold(trip_c),
            ticks_above: [0; ZONES],
        }
    }

    /// Feeds one tick's raw codes (low is hot); `true` while any zone is above the trip.
    pub(crate) fn check(&mut self, ntc_counts: [u16; ZONES]) -> bool {
        let mut tripped = false;
        for (ticks, counts) in self.ticks_above.iter_mut().zip(ntc_counts) {
            if counts < self.threshold_counts {
                *ticks = ticks.saturating_add(1);
            } else {
                *ticks = 0;
            }
            tripped |= *ticks >= TICKS_TO_TRIP;
        }
        tripped
    }
}

fn threshold(trip_c: f32) -> u16 {
    let mut low_c = 40.0f32;
    let mut found = 1419;
    for pair in COUNTS_FROM_40_C.windows(2) {
        if let [high_counts, low_counts] = pair
            && trip_c >= low_c
        {
            let share = if trip_c >= low_c + 2.0 {
                1.0
            } else {
                (trip_c - low_c) / 2.0
            };
            let span = high_counts.saturating_sub(*low_counts);
            found = high_counts.saturating_sub((f32::from(span) * share + 0.5) as u16);
        }
        low_c += 2.0;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trip_codes_follow_the_b_equation_within_a_code_and_a_half() {
        for tenth in 400..=600u32 {
            let t_c = f64::from(tenth) / 10.0;
            let r = 1e4 * (3950.0 * (1.0 / (t_c + 273.15) - 1.0 / 298.15)).exp();
            let want = 4095.0 * r / (r + 1e4);
            let got = f64::from(threshold(t_c as f32));
            assert!((got - want).abs() <= 1.5, "{t_c}: {got} against {want}");
        }
    }

    #[test]
    fn a_trip_beyond_40_to_60_degc_is_held_to_its_ends() {
        for (trip_c, counts) in [
            (0.0, 1419),
            (39.0, 1419),
            (40.0, 1419),
            (42.0, 1346),
            (60.0, 815),
            (61.0, 815),
            (80.0, 815),
            (f32::NAN, 1419),
        ] {
            assert_eq!(threshold(trip_c), counts, "{trip_c}");
        }
    }
}
