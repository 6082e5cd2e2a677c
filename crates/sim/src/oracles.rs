//! Closed-form values of the sensor path, checked through the production code.

use kneadsim_plant::{OracleRow, Tolerance};

use crate::thermistor::{Thermistor, WRONG_BETA_K, code};

/// Film temperature that the product regulates at, degC.
const REGULATED_C: f64 = 45.0;
const SOURCE: &str = "B-parameter equation, closed form";

/// Every row of the sensor path.
pub fn sensor_oracles() -> Vec<OracleRow> {
    let mut rows = code_rows();
    rows.extend(reading_error_rows());
    rows.extend(regulated_rows());
    rows
}

fn row(name: &str, unit: &'static str, expected: f64, got: f64, tolerance: f64) -> OracleRow {
    OracleRow {
        group: "sensor",
        name: name.to_owned(),
        unit,
        expected,
        got,
        tolerance: Tolerance::Absolute(tolerance),
        source: SOURCE,
    }
}

/// Codes are exact.
fn code_rows() -> Vec<OracleRow> {
    let good = Thermistor::default();
    let wrong = Thermistor {
        beta_k: WRONG_BETA_K,
        ..good
    };
    let mut rows: Vec<OracleRow> = [
        (25.0, 2048.0),
        (40.0, 1419.0),
        (45.0, 1241.0),
        (50.0, 1081.0),
        (60.0, 815.0),
    ]
    .iter()
    .map(|&(c, expected)| {
        let got = f64::from(code(good.ratio(c)));
        row(
            &format!("code of the B3950 part at {c} degC"),
            "counts",
            expected,
            got,
            0.0,
        )
    })
    .collect();
    rows.push(row(
        "code of an open thermistor",
        "counts",
        4095.0,
        f64::from(code(1.0)),
        0.0,
    ));
    rows.push(row(
        "code of a shorted thermistor",
        "counts",
        0.0,
        f64::from(code(0.0)),
        0.0,
    ));
    let got = f64::from(code(wrong.ratio(REGULATED_C)));
    rows.push(row(
        "code of the B3435 part at 45 degC",
        "counts",
        1337.0,
        got,
        0.0,
    ));
    rows
}

/// What the firmware reads, less the truth, at 45 degC with one part off by 1 %.
fn reading_error_rows() -> Vec<OracleRow> {
    let good = Thermistor::default();
    let parts = [
        (
            "R25 +1 %",
            Thermistor {
                r25_ohm: good.r25_ohm * 1.01,
                ..good
            },
            -0.25,
        ),
        (
            "B +1 %",
            Thermistor {
                beta_k: good.beta_k * 1.01,
                ..good
            },
            0.21,
        ),
        (
            "pull-up +1 %",
            Thermistor {
                pull_up_ohm: good.pull_up_ohm * 1.01,
                ..good
            },
            0.26,
        ),
    ];
    parts
        .iter()
        .map(|(name, part, expected)| {
            let read_c = good.temperature_c(part.ratio(REGULATED_C));
            let name = format!("reading error at 45 degC with {name}");
            row(&name, "K", *expected, read_c - REGULATED_C, 0.006)
        })
        .collect()
}

/// Where the film really is while the firmware reads 45 degC.
fn regulated_rows() -> Vec<OracleRow> {
    let good = Thermistor::default();
    let wrong = Thermistor {
        beta_k: WRONG_BETA_K,
        ..good
    };
    let target = good.ratio(REGULATED_C);
    vec![
        row(
            "film at a reading of 45 degC, B3435 fitted",
            "degC",
            48.23,
            wrong.temperature_c(target),
            0.006,
        ),
        // The converter reads ratio / 0.9: it sees the target at a ratio of 0.9 of it.
        row(
            "film at a reading of 45 degC, reference -10 %",
            "degC",
            48.84,
            good.temperature_c(target * 0.9),
            0.006,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::sensor_oracles;

    #[test]
    fn every_sensor_oracle_holds() {
        for row in sensor_oracles() {
            assert!(
                row.holds(),
                "{}: expected {} got {}",
                row.name,
                row.expected,
                row.got
            );
        }
    }
}
