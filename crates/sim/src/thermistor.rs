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

/// Converter code of a share of full scale, rounded and clamped to 12 bits.
pub fn code(ratio: f64) -> u16 {
    // `as` saturates and sends NaN to 0, which the firmware reads as a short.
    libm::round(CODE_MAX * ratio).clamp(0.0, CODE_MAX) as u16
}
