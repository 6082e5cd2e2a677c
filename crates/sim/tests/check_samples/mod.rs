//! Short traces of three signals for the tests of the checks, and both
//! evaluations of a check over them.
//!
//! `x` and `y` are numbers (ambient temperature, supply voltage), `label` is
//! the supervisor's mode; one derived column follows.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use kneadsim_sim::check::offline::{self, OwnedSample};
use kneadsim_sim::check::{Check, CheckKind, Finding, Monitors};
use kneadsim_sim::formula::{Atom, Formula, Relation, Source, Term};
use kneadsim_sim::signal::Signal;

/// The signal called `x` in the tests.
pub const X: Signal = Signal::Ambient;
/// The signal called `y` in the tests.
pub const Y: Signal = Signal::SupplyVoltage;
/// A signal whose numbers are labels.
pub const LABEL: Signal = Signal::Mode;

/// `x relation number`
pub fn x(relation: Relation, number: f64) -> Formula {
    Atom::of_signal(X, relation, number).into()
}

/// `y relation number`
pub fn y(relation: Relation, number: f64) -> Formula {
    Atom::of_signal(Y, relation, number).into()
}

/// `label relation number`, discrete.
pub fn label(relation: Relation, number: f64) -> Formula {
    Atom::of_signal(LABEL, relation, number).into()
}

/// `derived[0] == 1`, discrete: a fault is active.
pub fn fault_active() -> Formula {
    Formula::Atom(Atom {
        left: Term::Value(Source::Derived(0)),
        relation: Relation::Equal,
        right: Term::Constant(1.0),
        text: "fault.ntc_open".to_owned(),
        unit: "1".to_owned(),
        discrete: true,
    })
}

/// Negation.
pub fn not(formula: Formula) -> Formula {
    Formula::Not(Box::new(formula))
}

/// A check over the whole run.
pub fn check(kind: CheckKind) -> Check {
    let id = "check".to_owned();
    Check {
        id,
        kind,
        from_tick: 0,
        until_tick: None,
        may_be_vacuous: false,
    }
}

/// Samples of ticks 0, 1, 2, ... with these values of `x`.
pub fn samples_of_x(values: &[f64]) -> Vec<OwnedSample> {
    let rows: Vec<[f64; 4]> = values.iter().map(|x| [*x, 0.0, 0.0, 0.0]).collect();
    samples(&rows)
}

/// Samples of ticks 0, 1, 2, ... with `x`, `y`, `label` and the derived column.
pub fn samples(rows: &[[f64; 4]]) -> Vec<OwnedSample> {
    rows.iter()
        .zip(0..)
        .map(|([x, y, label, derived], tick)| {
            let mut signals = vec![0.0; Signal::COUNT];
            signals[X as usize] = *x;
            signals[Y as usize] = *y;
            signals[LABEL as usize] = *label;
            OwnedSample {
                tick,
                signals,
                derived: vec![*derived],
                exposure: None,
            }
        })
        .collect()
}

/// The monitors' findings over samples, in a run planned to end at `last_tick`.
pub fn online(check: &Check, samples: &[OwnedSample], last_tick: u32) -> Vec<Finding> {
    let mut monitors = Monitors::new(std::slice::from_ref(check), last_tick);
    for sample in samples {
        monitors.observe(sample.tick, &sample.sample());
        if let Some(exposure) = &sample.exposure {
            monitors.observe_field(sample.tick, &exposure.exposure());
        }
    }
    monitors.finish(samples.last().map_or(0, |sample| sample.tick))
}

/// The one finding on which the monitors and the offline evaluation agree.
pub fn agreed(check: &Check, samples: &[OwnedSample], last_tick: u32) -> Finding {
    let online = online(check, samples, last_tick);
    let offline = offline::evaluate(check, samples, last_tick);
    assert_eq!(
        online, offline,
        "online (left) and offline (right) for {check:?}"
    );
    assert_eq!(online.len(), 1);
    online.into_iter().next().expect("one finding")
}
