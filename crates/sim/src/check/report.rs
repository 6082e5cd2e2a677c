//! From the outcome of a check to the finding that people read.
//!
//! Shared by the online monitors and the offline evaluation: the words, not
//! the decisions.

use super::level::Instant;
use super::{Check, CheckKind, Finding, Verdict};
use crate::formula::Formula;
use crate::spec::TICKS_PER_S;

/// Which ticks a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// First tick that counts.
    pub from: u32,
    /// Last tick that counts: the window's end, or an earlier deadline.
    pub end: u32,
    /// Last tick of the run as planned.
    pub last_tick: u32,
}

impl Span {
    /// The span of a check in a run that is planned to end at `last_tick`.
    pub fn of(check: &Check, last_tick: u32) -> Span {
        let before = match &check.kind {
            CheckKind::Eventually { before_tick, .. } | CheckKind::Stays { before_tick, .. } => {
                *before_tick
            }
            CheckKind::Always(_)
            | CheckKind::Never(_)
            | CheckKind::Respond { .. }
            | CheckKind::AfterAlways { .. }
            | CheckKind::AtEnd(_)
            | CheckKind::Limits(_) => None,
        };
        let end = match (check.until_tick, before) {
            (Some(until), Some(before)) => until.min(before),
            (Some(tick), None) | (None, Some(tick)) => tick,
            (None, None) => last_tick,
        };
        Span {
            from: check.from_tick,
            end,
            last_tick,
        }
    }

    /// Whether a tick counts.
    #[inline]
    pub fn contains(self, tick: u32) -> bool {
        self.from <= tick && tick <= self.end
    }

    /// The run as planned has no sample for the check.
    pub fn never_reached(self) -> bool {
        self.from > self.end || self.from > self.last_tick
    }
}

/// Why a check came out as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// By its samples.
    Samples,
    /// No sample lies in the window.
    NeverReached,
    /// The run ended before the window did, and nothing had settled it.
    RunEnded,
    /// The trigger never held.
    NoTrigger,
    /// The trigger never held, and was unknown at some samples.
    TriggerUnknown,
    /// The budget of the trigger at this tick was not over.
    BudgetOpen(u32),
    /// The window ended within the grace after the trigger.
    WithinGrace,
    /// The window is shorter than the stretch asked for.
    TooShort,
}

/// How a check came out, before it is put into words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// Verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The instant whose margin is the check's.
    pub decisive: Option<Instant>,
    /// The trigger that led to the decisive instant.
    pub trigger_tick: Option<u32>,
    /// Time left, ticks.
    pub time_left_ticks: Option<u32>,
}

impl Outcome {
    /// Settled by samples.
    pub fn settled(holds: bool, decisive: Option<Instant>) -> Outcome {
        Outcome {
            verdict: if holds { Verdict::Pass } else { Verdict::Fail },
            reason: Reason::Samples,
            decisive,
            trigger_tick: None,
            time_left_ticks: None,
        }
    }

    /// Not settled.
    pub fn open(reason: Reason, decisive: Option<Instant>) -> Outcome {
        Outcome {
            verdict: Verdict::Inconclusive,
            reason,
            ..Outcome::settled(true, decisive)
        }
    }

    /// Nothing was asked of the window, and the window is over or lies outside the
    /// run. A pass only if the author allows it; a trigger that could not be told
    /// is no such case.
    pub fn vacuous(reason: Reason, check: &Check) -> Outcome {
        let allowed = check.may_be_vacuous && reason != Reason::TriggerUnknown;
        let verdict = if allowed {
            Verdict::Pass
        } else {
            Verdict::Inconclusive
        };
        Outcome {
            verdict,
            ..Outcome::open(reason, None)
        }
    }
}

/// Seconds of a tick.
pub(crate) fn seconds(tick: u32) -> f64 {
    f64::from(tick) / f64::from(TICKS_PER_S)
}

/// The finding of a check over formulas.
pub(crate) fn finding(check: &Check, outcome: &Outcome, last_tick_done: u32) -> Finding {
    let atoms = check.kind.formula().map(Formula::atoms).unwrap_or_default();
    let atom = outcome
        .decisive
        .and_then(|instant| atoms.get(instant.atom as usize).copied());
    Finding {
        id: check.id.clone(),
        verdict: outcome.verdict,
        warning: false,
        margin: outcome.decisive.map(|instant| instant.margin),
        unit: atom.map_or_else(|| "1".to_owned(), |atom| atom.unit.clone()),
        kelvin_left: None,
        worst_tick: outcome.decisive.map(|instant| instant.tick),
        decided_by: atom.map_or_else(String::new, |atom| atom.text.clone()),
        time_left_s: outcome.time_left_ticks.map(seconds),
        note: note(outcome, last_tick_done),
    }
}

fn note(outcome: &Outcome, last_tick_done: u32) -> String {
    let mut parts = Vec::new();
    if let Some(text) = why(outcome.reason, last_tick_done) {
        parts.push(text);
    }
    if let Some(tick) = outcome.trigger_tick {
        parts.push(format!("trigger at {:.2} s", seconds(tick)));
    }
    if outcome.decisive.is_some_and(|instant| instant.unknown) {
        parts.push("a compared value was not a number".to_owned());
    }
    parts.join("; ")
}

/// The reason in words; none where the samples speak for themselves.
pub(crate) fn why(reason: Reason, last_tick_done: u32) -> Option<String> {
    Some(match reason {
        Reason::Samples => return None,
        Reason::NeverReached => "no sample lies in the check's window".to_owned(),
        Reason::RunEnded => {
            format!(
                "the run ended at {:.2} s, before the check's window",
                seconds(last_tick_done)
            )
        }
        Reason::NoTrigger => "the trigger never came".to_owned(),
        Reason::TriggerUnknown => {
            "the trigger never came and at some samples could not be told (not a number)".to_owned()
        }
        Reason::BudgetOpen(tick) => format!(
            "the window ended within the budget of the trigger at {:.2} s",
            seconds(tick)
        ),
        Reason::WithinGrace => "the window ended within the grace after the trigger".to_owned(),
        Reason::TooShort => "the window is shorter than the stretch".to_owned(),
    })
}
