//! How much room an expectation leaves: its margin as a share of its limit's range.
//!
//! The range of a limit is its distance from where the signal stands when nothing
//! happens: from the start of the run for temperatures, from zero for everything
//! else (powers, speeds, differences, times). An expectation that keeps more than
//! half of that range would also hold for a product that is much worse: it is to
//! be tightened, or there is a reason. Labels and exact comparisons have no room,
//! and limit profiles are not judged here: their lines say what skin stands, not
//! what this product does.

use std::collections::BTreeMap;

use kneadsim_sim::Outcome;
use kneadsim_sim::check::{Check, CheckKind, Finding};
use kneadsim_sim::formula::{Atom, Formula, Source, Term};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::Spec;

use crate::result::{CaseResult, seconds};

/// More than this share of a range is a lot of room.
pub const MOST_SHARE: f64 = 0.5;

/// What is left of an expectation's limits, as shares of their ranges.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Room {
    /// Of the compared signal's range.
    pub value: Option<f64>,
    /// Of the time that was given.
    pub time: Option<f64>,
}

impl Room {
    /// The larger one.
    pub fn largest(self) -> Option<f64> {
        match (self.value, self.time) {
            (Some(value), Some(time)) => Some(value.max(time)),
            (value, time) => value.or(time),
        }
    }

    fn tighter(self, other: Room) -> Room {
        Room {
            value: smaller(self.value, other.value),
            time: smaller(self.time, other.time),
        }
    }
}

/// Room of every finding of a run, in their order.
pub fn of_run(spec: &Spec, outcome: &Outcome) -> Vec<Room> {
    outcome
        .findings
        .iter()
        .map(|finding| {
            // Two checks of one id are a formula and a limit profile, whose findings are named otherwise.
            let check = spec
                .checks
                .iter()
                .find(|c| c.id == finding.id && !matches!(c.kind, CheckKind::Limits(_)));
            check.map_or_else(Room::default, |check| of(check, finding, spec, outcome))
        })
        .collect()
}

/// The expectations of each file with more room than [`MOST_SHARE`] in every case of it,
/// by file (as cases are named) and id, with the tightest of its cases.
pub fn loose(results: &[CaseResult]) -> BTreeMap<(&str, &str), Room> {
    let mut rooms: BTreeMap<(&str, &str), Room> = BTreeMap::new();
    for result in results {
        let file = file_of(&result.case.name);
        for (finding, room) in result.findings.iter().zip(&result.rooms) {
            rooms
                .entry((file, &finding.id))
                .and_modify(|known| *known = known.tighter(*room))
                .or_insert(*room);
        }
    }
    rooms.retain(|_, room| room.largest().is_some_and(|share| share > MOST_SHARE));
    rooms
}

/// The file's part of a case's name.
pub fn file_of(case: &str) -> &str {
    case.split_once('[').map_or(case, |(file, _)| file)
}

fn of(check: &Check, finding: &Finding, spec: &Spec, outcome: &Outcome) -> Room {
    let atom = check
        .kind
        .formula()
        .map(Formula::atoms)
        .unwrap_or_default()
        .into_iter()
        .find(|atom| atom.text == finding.decided_by);
    let range = atom
        .filter(|atom| !atom.discrete)
        .and_then(|atom| range(atom, spec, outcome));
    let margin = finding.margin.filter(|m| m.is_finite());
    let given_s = time_given_s(check);
    let share = |left: Option<f64>, of: Option<f64>| match (left, of) {
        (Some(left), Some(of)) if of > 0.0 => Some(left / of),
        (Some(_) | None, Some(_) | None) => None,
    };
    let time = share(finding.time_left_s, given_s);
    // What a response comes to in the end says nothing: it is asked for in time.
    let responds = matches!(check.kind, CheckKind::Respond { .. });
    Room {
        value: share(margin, range).filter(|_| !responds),
        time,
    }
}

/// A budget, or the time from the window's start to a deadline, s.
fn time_given_s(check: &Check) -> Option<f64> {
    match check.kind {
        CheckKind::Respond { within_ticks, .. } => Some(seconds(within_ticks)),
        CheckKind::Eventually { before_tick, .. } | CheckKind::Stays { before_tick, .. } => {
            before_tick.map(|before| seconds(before.saturating_sub(check.from_tick)))
        }
        CheckKind::Always(_)
        | CheckKind::Never(_)
        | CheckKind::AfterAlways { .. }
        | CheckKind::AtEnd(_)
        | CheckKind::Limits(_) => None,
    }
}

/// Distance of the comparison's number from where its other side stands at rest.
fn range(atom: &Atom, spec: &Spec, outcome: &Outcome) -> Option<f64> {
    let (term, limit) = match (&atom.left, &atom.right) {
        (term, Term::Constant(limit)) | (Term::Constant(limit), term) => (term, *limit),
        (_, _) => return None,
    };
    let at_rest = match term {
        Term::Value(Source::Signal(signal)) if signal.unit() == "degC" => {
            at_start(*signal, spec, outcome)
        }
        Term::Constant(_)
        | Term::Value(_)
        | Term::Sum(..)
        | Term::Difference(..)
        | Term::Product(..)
        | Term::Absolute(_)
        | Term::Integral(..) => 0.0,
    };
    Some((limit - at_rest).abs())
}

/// A temperature at the start of the run: as recorded, or the room's.
fn at_start(signal: Signal, spec: &Spec, outcome: &Outcome) -> f64 {
    let recorded = outcome.trace.column(signal.name());
    recorded
        .and_then(|column| column.values.first().copied())
        .filter(|start| start.is_finite())
        .unwrap_or(spec.conditions.ambient_c)
}

fn smaller(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
