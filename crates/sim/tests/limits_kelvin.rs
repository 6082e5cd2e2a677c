//! The kelvin that a dose line has left are surely left: heated by them, a
//! history just reaches the line or stays below it.

use kneadsim_plant::ArrheniusSet;
use kneadsim_plant::dose::cem43_rate;
use kneadsim_sim::limits::LimitKind;

/// Dose of a history that rises from 35 degC to a peak and is held there, 20 min in all.
fn dose(rate: impl Fn(f64) -> f64, peak_c: f64, shift_k: f64) -> f64 {
    (0..1200)
        .map(|second| {
            let share = (f64::from(second) / 600.0).min(1.0);
            rate(35.0 + (peak_c - 35.0) * share + shift_k)
        })
        .sum()
}

#[test]
fn a_history_heated_by_the_kelvin_left_does_not_cross_the_line() {
    for peak_c in [37.0, 39.0, 41.0, 42.5] {
        let cem43 = |shift| dose(|c| cem43_rate(c) / 60.0, peak_c, shift);
        let line = LimitKind::Cem43 { below_min: 40.0 };
        let left_k = line.kelvin_left(40.0 - cem43(0.0));
        assert!(
            left_k > 0.0 && cem43(left_k) <= 40.0,
            "peak {peak_c}: {left_k} K left"
        );
        for set in ArrheniusSet::ALL {
            let omega = |shift| dose(|c| set.rate_per_s(c), peak_c, shift);
            let line = LimitKind::Arrhenius { set, below: 0.53 };
            let left_k = line.kelvin_left(0.53 - omega(0.0));
            let heated = omega(left_k);
            assert!(
                heated <= 0.53,
                "{} peak {peak_c}: {left_k} K left",
                set.name()
            );
        }
    }
}

#[test]
fn a_broken_line_says_how_much_cooler_it_should_have_been() {
    let line = LimitKind::Cem43 { below_min: 40.0 };
    assert!((line.kelvin_left(40.0 - 80.0) + 1.0).abs() < 1e-12);
    assert_eq!(line.kelvin_left(f64::NEG_INFINITY), f64::NEG_INFINITY);
    let surface = LimitKind::Surface {
        at_c: 43.0,
        longest_s: 600.0,
    };
    assert_eq!(surface.kelvin_left(-0.7), -0.7);
}
