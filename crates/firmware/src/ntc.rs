//! Thermistor codes to temperatures: 10 k, B 3950, 10 k pull-up, 12 bit.
//!
//! The table is computed at compile time from the B equation in `f64`; the
//! chip only interpolates. The over-temperature trip does not use this file
//! (see `trip.rs`). Numbers: the product's sensor, 25 degC = 2048 counts,
//! 45 degC = 1241 counts.

use crate::io::ADC_MAX_COUNTS;

/// B value between 25 and 50 degC, kelvin.
pub const NTC_B_K: f64 = 3950.0;
/// Codes between two table entries.
const STEP_COUNTS: u16 = 16;
/// Entries: one per step and both ends.
const ENTRIES: usize = (ADC_MAX_COUNTS as usize + 1) / STEP_COUNTS as usize + 1;

/// Natural logarithm for compile time: halve or double into 0.75 to 1.5, then `2 atanh((x-1)/(x+1))`.
const fn ln(x: f64) -> f64 {
    let mut x = x;
    let mut powers = 0.0;
    while x > 1.5 {
        x /= 2.0;
        powers += 1.0;
    }
    while x < 0.75 {
        x *= 2.0;
        powers -= 1.0;
    }
    let z = (x - 1.0) / (x + 1.0);
    let mut term = z;
    let mut sum = 0.0;
    let mut odd = 1.0;
    while odd < 40.0 {
        sum += term / odd;
        term *= z * z;
        odd += 2.0;
    }
    2.0 * sum + powers * core::f64::consts::LN_2
}

/// Hundredths of a degree at a code by the B equation; the ends are held half a step in.
const fn centi_at(counts: f64) -> i16 {
    let held = if counts < 8.0 {
        8.0
    } else if counts > 4087.0 {
        4087.0
    } else {
        counts
    };
    let ratio = held / (ADC_MAX_COUNTS as f64 - held);
    let inverse_k = 1.0 / 298.15 + ln(ratio) / NTC_B_K;
    let centi = (1.0 / inverse_k - 273.15) * 100.0;
    if centi >= 0.0 {
        (centi + 0.5) as i16
    } else {
        (centi - 0.5) as i16
    }
}

const TABLE: [i16; ENTRIES] = {
    let mut table = [0; ENTRIES];
    let mut i = 0;
    while i < ENTRIES {
        table[i] = centi_at((i * STEP_COUNTS as usize) as f64);
        i += 1;
    }
    table
};

/// Temperature at a code, degC; within 0.05 K of the B equation from -25 to 110 degC.
pub fn temperature_c(counts: u16) -> f32 {
    let counts = if counts > ADC_MAX_COUNTS {
        ADC_MAX_COUNTS
    } else {
        counts
    };
    let index = (counts / STEP_COUNTS) as usize;
    let rest = f32::from(counts % STEP_COUNTS) / f32::from(STEP_COUNTS);
    match (TABLE.get(index), TABLE.get(index.wrapping_add(1))) {
        (Some(&low), Some(&high)) => {
            let low = f32::from(low);
            (low + (f32::from(high) - low) * rest) * 0.01
        }
        // Cannot be: the index is at most 255. NaN is treated as a sensor fault.
        (None, _) | (_, None) => f32::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_b_equation_within_0_05_k() {
        for counts in 206u16..=3800 {
            let ratio = f64::from(counts) / (4095.0 - f64::from(counts));
            let want = 1.0 / (1.0 / 298.15 + ratio.ln() / NTC_B_K) - 273.15;
            let got = f64::from(temperature_c(counts));
            assert!((got - want).abs() < 0.05, "{counts}: {got} against {want}");
        }
    }

    #[test]
    fn a_higher_code_is_never_warmer() {
        for counts in 1..=ADC_MAX_COUNTS {
            let (before_c, c) = (temperature_c(counts - 1), temperature_c(counts));
            assert!(c <= before_c, "{counts}: {c} after {before_c}");
        }
    }

    #[test]
    fn codes_beyond_the_converter_read_as_its_end() {
        assert_eq!(temperature_c(u16::MAX), temperature_c(4095));
    }

    #[test]
    fn every_entry_of_the_table_is_the_b_equation_to_a_hundredth() {
        for counts in (16u16..4_080).step_by(16) {
            let ratio = f64::from(counts) / (4095.0 - f64::from(counts));
            let want = 1.0 / (1.0 / 298.15 + ratio.ln() / NTC_B_K) - 273.15;
            let got = f64::from(temperature_c(counts));
            assert!((got - want).abs() < 0.006, "{counts}: {got} against {want}");
        }
    }
}
