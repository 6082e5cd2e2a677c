//! The regulator's promises over every product tolerance: time, overshoot, ripple.

mod stand_in;

use kneadsim_firmware::io::Mode;
use stand_in::Unit;

/// From 23 degC to 43 degC at the film, s.
const WARM_UP_MAX_S: f64 = 90.0;
const OVERSHOOT_MAX_K: f64 = 0.5;
const RIPPLE_MAX_K: f64 = 0.3;

struct Run {
    to_43_s: f64,
    overshoot_k: f64,
    ripple_k: f64,
}

/// Overshoot is over where the film settles: a sensor's own error moves that by up to 0.5 K.
fn warm_up(heater: f64, r25: f64, b: f64, pull_up: f64, lag_s: f64, film_j_per_k: f64) -> Run {
    let mut unit = Unit::at(23.0);
    for zone in &mut unit.zones {
        zone.resistance_ohm *= heater;
        zone.r25_ohm *= r25;
        zone.b_k *= b;
        zone.pull_up_ohm *= pull_up;
        zone.sensor_lag_s = lag_s;
        zone.film_j_per_k = film_j_per_k;
    }
    unit.config.nodes_rest_drop_k = 0.0;
    unit.start(4);
    let started_s = unit.time_s;
    let (mut to_43_s, mut max_c) = (f64::MAX, 0.0f64);
    while unit.time_s - started_s < 300.0 {
        unit.tick();
        max_c = max_c.max(unit.zones[0].film_c);
        if unit.zones[0].film_c >= 43.0 {
            to_43_s = to_43_s.min(unit.time_s - started_s);
        }
    }
    let (mut low_c, mut high_c, mut sum_c) = (f64::MAX, 0.0f64, 0.0);
    for _ in 0..10_000 {
        unit.tick();
        low_c = low_c.min(unit.zones[0].film_c);
        high_c = high_c.max(unit.zones[0].film_c);
        sum_c += unit.zones[0].film_c / 10_000.0;
    }
    assert_eq!(unit.mode(), Mode::Holding, "{:?}", unit.out.status);
    Run {
        to_43_s,
        overshoot_k: max_c - sum_c,
        ripple_k: (high_c - low_c) / 2.0,
    }
}

#[test]
fn the_film_is_warm_in_time_without_overshoot_or_ripple_over_all_tolerances() {
    let mut worst = (0.0f64, 0.0f64, 0.0f64);
    for heater in [0.9, 1.0, 1.1] {
        for (r25, b, pull_up) in [
            (1.0, 1.0, 1.0),
            (1.01, 1.01, 0.99),
            (0.99, 0.99, 1.01),
            (1.01, 0.99, 1.0),
            (0.99, 1.01, 1.0),
        ] {
            for (lag_s, film_j_per_k) in [
                (5.0, 17.0),
                (5.0, 13.0),
                (5.0, 22.0),
                (4.0, 17.0),
                (6.0, 17.0),
            ] {
                let run = warm_up(heater, r25, b, pull_up, lag_s, film_j_per_k);
                let label = format!(
                    "heater {heater} r25 {r25} b {b} pull-up {pull_up} lag {lag_s} film {film_j_per_k}"
                );
                assert!(
                    run.to_43_s <= WARM_UP_MAX_S,
                    "{label}: {:.1} s",
                    run.to_43_s
                );
                assert!(
                    run.overshoot_k <= OVERSHOOT_MAX_K,
                    "{label}: {:.2} K over",
                    run.overshoot_k
                );
                assert!(
                    run.ripple_k <= RIPPLE_MAX_K,
                    "{label}: {:.2} K ripple",
                    run.ripple_k
                );
                worst = (
                    worst.0.max(run.to_43_s),
                    worst.1.max(run.overshoot_k),
                    worst.2.max(run.ripple_k),
                );
            }
        }
    }
    println!(
        "worst: {:.1} s to 43 degC, {:.3} K over, {:.3} K ripple",
        worst.0, worst.1, worst.2
    );
}

/// Spread of a zone's power in its band, share of full: the supply must not flicker with sensor noise.
const POWER_SPREAD_MAX: f64 = 0.03;

#[test]
fn the_power_is_calm_while_holding() {
    let mut unit = Unit::at(23.0);
    unit.config.nodes_rest_drop_k = 0.0;
    // The wave that asks the thermistors is wanted: here as small as it may be.
    unit.config.echo_share = 0.02;
    unit.start(4);
    unit.run_s(240.0);
    let (mut sum, mut squares, mut samples) = (0.0, 0.0, 0.0);
    for _ in 0..10_000 {
        unit.tick();
        let [upper, lower] = unit.out.heater_duty.map(f64::from);
        // A probe drives one zone alone for a tick; it is not the regulator's.
        if upper > 0.0 && lower > 0.0 {
            let share = upper / 10_000.0;
            (sum, squares, samples) = (sum + share, squares + share * share, samples + 1.0);
        }
    }
    let mean: f64 = sum / samples;
    let spread = (squares / samples - mean * mean).sqrt();
    println!("holding power {mean:.3} of full, spread {spread:.4}");
    assert!(samples > 9_000.0);
    assert!(spread < POWER_SPREAD_MAX, "{spread:.4}");
}
