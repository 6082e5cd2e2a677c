//! The heater's controller of the workload: converter, table, lockout, PI law, at 10 Hz.

use crate::workload::{CORE_C, Variation, ZERO_C_K};
use kneadsim_plant::exponential::exp;

/// Set-point, degC.
const TARGET_C: f64 = 46.0;
/// Lockout at or above, degC.
const TRIP_C: f64 = 52.0;
/// Lockout ends at or below, degC.
const CLEAR_C: f64 = 44.0;
/// Duty per kelvin.
const GAIN_PER_K: f64 = 0.15;
/// Duty per kelvin and step of 0.1 s.
const INTEGRAL_PER_K: f64 = 0.004 * 0.1;
/// Thermistor and its pull-up at 25 degC, ohm.
const R25_OHM: f64 = 1.0e4;
/// Beta, K.
const BETA_K: f64 = 3950.0;
/// 25 degC, K.
const REFERENCE_K: f64 = 298.15;
/// Codes of the converter.
const CODES: usize = 4096;

/// What the controller reads for each code of the converter, degC.
#[derive(Clone, Debug)]
pub struct Table(Box<[f64; CODES]>);

impl Table {
    /// Computes all codes.
    #[must_use]
    pub fn new() -> Table {
        let mut table = Box::new([0.0; CODES]);
        for (code, reading_c) in table.iter_mut().enumerate() {
            let share = (code as f64 + 0.5) / CODES as f64;
            let log_ratio = libm::log(share / (1.0 - share));
            *reading_c = 1.0 / (1.0 / REFERENCE_K + log_ratio / BETA_K) - ZERO_C_K;
        }
        Table(table)
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::new()
    }
}

/// State of the controllers of all lanes. Flags are 0 or 1.
#[derive(Clone, Debug)]
pub struct HeaterControl<const L: usize> {
    r25_ohm: [f64; L],
    beta_k: [f64; L],
    integral: [f64; L],
    /// Duty asked for.
    pub duty: [f64; L],
    /// In lockout.
    pub locked: [f64; L],
    /// Lockouts so far.
    pub lockouts: [f64; L],
}

impl<const L: usize> HeaterControl<L> {
    /// Controllers at rest.
    #[must_use]
    pub fn new(variations: &[Variation; L]) -> Self {
        Self {
            r25_ohm: variations.map(|v| R25_OHM * v.sensor_r25),
            beta_k: variations.map(|v| BETA_K * v.sensor_beta),
            integral: [0.0; L],
            duty: [0.0; L],
            locked: [0.0; L],
            lockouts: [0.0; L],
        }
    }

    /// One step at these thermistor temperatures, relative to the core.
    #[inline(always)]
    pub fn step(&mut self, table: &Table, sensor_k: &[f64; L]) {
        let mut reading_c = [0.0; L];
        for l in 0..L {
            let inverse_k = 1.0 / (sensor_k[l] + (CORE_C + ZERO_C_K)) - 1.0 / REFERENCE_K;
            let ohm = self.r25_ohm[l] * exp(self.beta_k[l] * inverse_k);
            // Positive and below 4096: the conversion cuts off, as a converter does.
            let code = (CODES as f64 * ohm / (ohm + R25_OHM)) as usize;
            reading_c[l] = table.0[code % CODES];
        }
        for l in 0..L {
            let holds = if reading_c[l] <= CLEAR_C { 0.0 } else { 1.0 };
            let trips = if reading_c[l] >= TRIP_C { 1.0 } else { 0.0 };
            let locked = if self.locked[l] > 0.0 { holds } else { trips };
            self.lockouts[l] += if locked > self.locked[l] { 1.0 } else { 0.0 };
            self.locked[l] = locked;
            let error_k = TARGET_C - reading_c[l];
            let asked = GAIN_PER_K * error_k + self.integral[l];
            let may_wind = ((asked < 1.0) | (error_k < 0.0)) & ((asked > 0.0) | (error_k > 0.0));
            let added = if may_wind {
                INTEGRAL_PER_K * error_k
            } else {
                0.0
            };
            let free = 1.0 - locked;
            self.integral[l] = free * (self.integral[l] + added);
            self.duty[l] = free * asked.clamp(0.0, 1.0);
        }
    }
}
