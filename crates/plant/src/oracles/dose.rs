//! Dose against closed forms, integrated by the production dose code.

use super::bench::{STEP_S, row};
use super::{OracleRow, Tolerance};
use crate::dose::{ArrheniusSet, Dose};

/// Allowed error of a dose.
const DOSE: Tolerance = Tolerance::Relative(1.0e-6);

/// Arrhenius at constant temperature, CEM43 at constant temperature, along a
/// ramp and under ripple.
pub fn rows() -> Vec<OracleRow> {
    let mut rows = arrhenius_rows();
    rows.extend(cem43_rows());
    rows
}

/// Temperature, then seconds to Omega = 1 of each set in the order of `ALL`.
const TO_ONE_S: [(f64, [f64; 4]); 6] = [
    (44.0, [16_259.28, 5_547.236, 6_804.95, 23_565.95]),
    (45.0, [7_731.965, 2_195.271, 4_145.885, 11_484.5]),
    (47.0, [1_773.033, 349.8293, 1_553.228, 2_764.504]),
    (50.0, [201.4657, 23.22312, 364.3831, 337.4656]),
    (55.0, [5.866591, 3.159354, 8.024138, 22.94989]),
    (60.0, [0.1899635, 0.5281597, 0.2067133, 7.471482]),
];

fn arrhenius_rows() -> Vec<OracleRow> {
    const GROUP: &str = "dose, seconds to Omega = 1";
    const STEPS: u32 = 1000;
    let mut rows = Vec::new();
    for (temperature_c, expected_s) in TO_ONE_S {
        let mut dose = Dose::new(&[temperature_c]);
        for _ in 0..STEPS {
            dose.advance(&[temperature_c], STEP_S);
        }
        for (set, expected_s) in ArrheniusSet::ALL.into_iter().zip(expected_s) {
            let got_s = f64::from(STEPS) * STEP_S / dose.omega(set)[0];
            let name = format!("{}, {temperature_c} degC", set.name());
            rows.push(row(GROUP, name, "s", (expected_s, got_s), DOSE));
        }
    }
    rows
}

fn cem43_rows() -> Vec<OracleRow> {
    const GROUP: &str = "dose, CEM43";
    let mut rows = Vec::new();
    for (minutes, expected) in [(15.0, 60.0), (20.0, 80.0), (30.0, 120.0)] {
        let got = cem43_min(60.0 * minutes, |_| 45.0);
        let name = format!("45 degC for {minutes} min");
        rows.push(row(GROUP, name, "min", (expected, got), DOSE));
    }
    let ramp = |t_s: f64| {
        let rising = 33.0 + 12.0 * t_s / 300.0;
        let falling = 45.0 - 12.0 * (t_s - 1200.0) / 600.0;
        rising.min(45.0).min(falling)
    };
    let got = cem43_min(1800.0, ramp);
    let name = "33 to 45 degC in 5 min, held 15, back in 10";
    rows.push(row(GROUP, name, "min", (66.31178994, got), DOSE));
    let ripple = |t_s: f64| 45.5 + libm::sin(core::f64::consts::TAU * t_s / 600.0);
    let got = cem43_min(1800.0, ripple) / cem43_min(1800.0, |_| 45.5);
    let name = "ripple of 1 K above 44 degC, ratio to none";
    rows.push(row(GROUP, name, "1", (1.123768551, got), DOSE));
    rows
}

fn cem43_min(duration_s: f64, temperature_c: impl Fn(f64) -> f64) -> f64 {
    let mut dose = Dose::new(&[temperature_c(0.0)]);
    let steps = (duration_s / STEP_S + 0.5) as u32;
    for step in 1..=steps {
        dose.advance(&[temperature_c(f64::from(step) * STEP_S)], STEP_S);
    }
    dose.cem43_min()[0]
}
