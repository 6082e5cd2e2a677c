//! The film thermistor in its divider: temperature to converter ratio.
//!
//! NTC of the B-parameter equation, R = R25 exp(B (1/T - 1/298.15 K)), with a
//! pull-up to the sensor rail: hot is a low code, open is 4095, short is 0.

/// Absolute zero, degC.
const KELVIN_OFFSET: f64 = 273.15;
/// Reference temperature of the B equation, K.
const REFERENCE_K: f64 = 298.15;
/// Largest code of the 12-bit converter.
pub const CODE_MAX: f64 = 4095.0;
/// Nominal resistance at 25 degC and of the pull-up, ohm.
pub const NOMINAL_OHM: f64 = 10_000.0;
/// Beta of the part that the product is designed for, K.
pub const BETA_K: f64 = 3950.0;
/// Beta of the part that is fitted by mistake, K.
pub const WRONG_BETA_K: f64 = 3435.0;

/// One thermistor and its pull-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thermistor {
    /// Resistance at 25 degC, ohm.
    pub r25_ohm: f64,
    /// Beta, K.
    pub beta_k: f64,
    /// Pull-up, ohm.
    pub pull_up_ohm: f64,
    /// Leakage in parallel (moisture), ohm; infinite when dry.
    pub parallel_ohm: f64,
}

impl Default for Thermistor {
    fn default() -> Self {
        Self {
            r25_ohm: NOMINAL_OHM,
            beta_k: BETA_K,
            pull_up_ohm: NOMINAL_OHM,
            parallel_ohm: f64::INFINITY,
        }
    }
}

impl Thermistor {
    /// Resistance at a bead temperature (degC), ohm, leakage included.
    pub fn resistance_ohm(&self, bead_c: f64) -> f64 {
        let inverse_k = 1.0 / (bead_c + KELVIN_OFFSET) - 1.0 / REFERENCE_K;
        let bead_ohm = self.r25_ohm * libm::exp(self.beta_k * inverse_k);
        if self.parallel_ohm.is_finite() {
            bead_ohm * self.parallel_ohm / (bead_ohm + self.parallel_ohm)
        } else {
            bead_ohm
        }
    }

    /// Share of the sensor rail at the converter's pin, 0 to 1.
    pub fn ratio(&self, bead_c: f64) -> f64 {
        let ohm = self.resistance_ohm(bead_c);
        ohm / (ohm + self.pull_up_ohm)
    }

    /// The bead temperature (degC, -60 to 200) at which the pin is at this share
    /// of the rail; the ratio falls with temperature, so bisection finds it.
    pub fn temperature_c(&self, ratio: f64) -> f64 {
        let (mut low_c, mut high_c) = (-60.0, 200.0);
        for _ in 0..80 {
            let middle_c = 0.5 * (low_c + high_c);
            if self.ratio(middle_c) > ratio {
                low_c = middle_c;
            } else {
                high_c = middle_c;
            }
        }
        0.5 * (low_c + high_c)
    }
}

/// A divider's ratio near a temperature, for a bead that moves slowly.
///
/// Second-order Taylor series around the nearest eighth of a kelvin, made anew
/// when that changes: the same number as [`Thermistor::ratio`] within 1e-5 of a
/// converter's code (a test measures it), without an exponential at every tick.
/// It is a function of temperature and part alone, not of what was asked before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divider {
    thermistor: Thermistor,
    at_c: f64,
    ratio: f64,
    per_k: f64,
    per_k2: f64,
}

/// Steps in a kelvin between the places of the series.
const PLACES_PER_K: f64 = 8.0;
/// Adding and taking away this number rounds to the nearest integer.
const NEAREST: f64 = 6_755_399_441_055_744.0;

impl Divider {
    /// For a part.
    pub fn new(thermistor: Thermistor) -> Self {
        Self {
            thermistor,
            // No temperature is equal to it: the first question makes the series.
            at_c: f64::NAN,
            ratio: f64::NAN,
            per_k: f64::NAN,
            per_k2: f64::NAN,
        }
    }

    /// Share of the sensor rail at the converter's pin at a bead temperature (degC).
    #[inline]
    pub fn ratio(&mut self, bead_c: f64) -> f64 {
        let mut away_k = bead_c - self.at_c;
        // Places are multiples of a power of two, so that this says exactly
        // whether the place is still the nearest one.
        let is_nearest = away_k.abs() < 0.5 / PLACES_PER_K;
        if !is_nearest {
            away_k = self.move_near(bead_c);
        }
        self.ratio + away_k * (self.per_k + away_k * self.per_k2)
    }

    /// Makes the series at the place nearest to a temperature; how far it is from there.
    #[cold]
    #[inline(never)]
    fn move_near(&mut self, bead_c: f64) -> f64 {
        let at_c = ((bead_c * PLACES_PER_K + NEAREST) - NEAREST) * (1.0 / PLACES_PER_K);
        if at_c != self.at_c {
            self.move_to(at_c);
        }
        bead_c - at_c
    }

    /// With R the bead, P in parallel, U the pull-up: 1/ratio = 1 + U/P + U/R.
    fn move_to(&mut self, at_c: f64) {
        let part = &self.thermistor;
        let dry = Thermistor {
            parallel_ohm: f64::INFINITY,
            ..*part
        };
        let from_bead = part.pull_up_ohm / dry.resistance_ohm(at_c);
        let inverse = 1.0 + part.pull_up_ohm / part.parallel_ohm + from_bead;
        let kelvin = at_c + KELVIN_OFFSET;
        // R falls by this share per kelvin, and the share itself by 2/T.
        let share = part.beta_k / (kelvin * kelvin);
        let slope = from_bead * share;
        let bend = slope * (share - 2.0 / kelvin);
        let ratio = 1.0 / inverse;
        self.at_c = at_c;
        self.ratio = ratio;
        self.per_k = -slope * ratio * ratio;
        self.per_k2 = (slope * slope * ratio - 0.5 * bend) * ratio * ratio;
    }
}

/// Converter code of a share of full scale, rounded and clamped to 12 bits.
pub fn code(ratio: f64) -> u16 {
    code_of_counts(CODE_MAX * ratio)
}

/// Converter code of a value in counts, rounded (halves to even) and clamped to
/// 12 bits; what is not a number reads as 0, a short.
#[inline(always)]
pub fn code_of_counts(counts: f64) -> u16 {
    let positive = if counts > 0.0 { counts } else { 0.0 };
    let limited = if positive < CODE_MAX {
        positive
    } else {
        CODE_MAX
    };
    // The sum has the rounded integer in its lowest bits.
    (limited + NEAREST).to_bits() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_is_within_a_hundred_thousandth_of_a_code() {
        let good = Thermistor::default();
        let parts = [
            ("good", good),
            (
                "wrong part",
                Thermistor {
                    beta_k: WRONG_BETA_K,
                    ..good
                },
            ),
            (
                "wet",
                Thermistor {
                    parallel_ohm: 1000.0,
                    ..good
                },
            ),
            (
                "weak pull-up",
                Thermistor {
                    pull_up_ohm: 1.2 * NOMINAL_OHM,
                    ..good
                },
            ),
            (
                "high beta",
                Thermistor {
                    beta_k: 1.05 * BETA_K,
                    ..good
                },
            ),
        ];
        for (name, part) in parts {
            let mut divider = Divider::new(part);
            let mut worst = 0.0_f64;
            for step in 0..200_000 {
                let bead_c = -30.0 + f64::from(step) * 0.000_917;
                let error = CODE_MAX * (divider.ratio(bead_c) - part.ratio(bead_c));
                worst = worst.max(error.abs());
            }
            assert!(worst < 1e-5, "{name}: {worst:e} codes");
            assert!(worst > 0.0, "{name}: nothing was compared");
        }
    }

    #[test]
    fn a_divider_forgets_where_it_was() {
        let mut wandered = Divider::new(Thermistor::default());
        for bead_c in [20.0, 90.0, -5.0, 45.03] {
            let mut fresh = Divider::new(Thermistor::default());
            assert_eq!(wandered.ratio(bead_c), fresh.ratio(bead_c));
        }
    }

    #[test]
    fn codes_round_halves_to_even_and_stay_within_twelve_bits() {
        for (counts, expected) in [
            (-3.0, 0),
            (0.49, 0),
            (0.5, 0),
            (1.5, 2),
            (2047.6, 2048),
            (2047.4, 2047),
            (4094.6, 4095),
            (1e9, 4095),
            (f64::NAN, 0),
        ] {
            assert_eq!(code_of_counts(counts), expected, "{counts}");
        }
    }
}
