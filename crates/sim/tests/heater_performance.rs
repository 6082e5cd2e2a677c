//! It is good firmware: warm-up, overshoot and ripple over the product's tolerances.
//!
//! "Overshoot" and "ripple" are of the true film temperature at the thermistor,
//! against the mean that it settles at: a sensor that is off by a tolerance
//! shifts that mean, which is a question of accuracy, not of control.

use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Button, Recording, Spec, TICKS_PER_S};
use kneadsim_sim::{Continue, InProcess, run};

/// From the button to a film at 43 degC, s.
const WARM_UP_LIMIT_S: f64 = 90.0;
/// Above the settled mean, K.
const OVERSHOOT_LIMIT_K: f64 = 0.5;
/// Around the settled mean, K.
const RIPPLE_LIMIT_K: f64 = 0.3;
/// When the button is pressed, s.
const PRESSED_S: f64 = 1.0;
/// Settled from here on, s.
const SETTLED_S: f64 = 240.0;

/// One corner of the tolerances.
struct Corner {
    resistance: f64,
    r25: f64,
    beta: f64,
    pull_up: f64,
}

fn corners() -> Vec<Corner> {
    let mut corners = Vec::new();
    for resistance in [0.9, 1.0, 1.1] {
        for sign in [-1.0, 0.0, 1.0] {
            // R25 and pull-up pull the reading in opposite directions: all three
            // signs chosen so that their errors add up, the worst case.
            corners.push(Corner {
                resistance,
                r25: 1.0 - 0.01 * sign,
                beta: 1.0 + 0.01 * sign,
                pull_up: 1.0 + 0.01 * sign,
            });
        }
    }
    corners
}

#[test]
fn film_warms_fast_and_holds_still_over_every_tolerance() {
    for corner in corners() {
        let label = format!(
            "heater x{}, R25 x{}, B x{}, pull-up x{}",
            corner.resistance, corner.r25, corner.beta, corner.pull_up
        );
        let mut spec = Spec {
            duration_ticks: 420 * TICKS_PER_S,
            recording: Recording {
                every_ticks: 25,
                signals: vec![
                    Signal::Time,
                    Signal::FilmUpper,
                    Signal::FilmLower,
                    Signal::Mode,
                ],
            },
            ..Spec::default()
        };
        spec.press(PRESSED_S, Button::Power);
        for zone in 0..2 {
            spec.build.heaters[zone].resistance_factor = corner.resistance;
            spec.board.ntc_r25_factor[zone] = corner.r25;
            spec.board.ntc_beta_factor[zone] = corner.beta;
            spec.board.pull_up_factor[zone] = corner.pull_up;
        }
        let outcome = run(&spec, InProcess::new(), &mut |_| Continue::Yes);
        let column = |name: &str| &outcome.trace.column(name).expect("recorded").values;
        assert!(column("mode").iter().all(|m| *m != 5.0), "{label}: tripped");
        for film in ["film_upper_c", "film_lower_c"] {
            check_film(&label, column("time_s"), column(film));
        }
    }
}

fn check_film(label: &str, time_s: &[f64], film_c: &[f64]) {
    let warm = time_s
        .iter()
        .zip(film_c)
        .find(|(_, c)| **c > 43.0)
        .map(|(t, _)| *t);
    let warm_s = warm.expect("the film gets warm") - PRESSED_S;
    assert!(
        warm_s <= WARM_UP_LIMIT_S,
        "{label}: 43 degC after {warm_s} s"
    );
    let settled: Vec<f64> = time_s
        .iter()
        .zip(film_c)
        .filter(|(t, _)| **t > SETTLED_S)
        .map(|(_, c)| *c)
        .collect();
    let mean = settled.iter().sum::<f64>() / settled.len() as f64;
    let peak = film_c.iter().copied().fold(f64::MIN, f64::max);
    assert!(
        peak - mean <= OVERSHOOT_LIMIT_K,
        "{label}: overshoot {} K",
        peak - mean
    );
    let ripple = settled.iter().map(|c| (c - mean).abs()).fold(0.0, f64::max);
    assert!(ripple <= RIPPLE_LIMIT_K, "{label}: ripple {ripple} K");
}
