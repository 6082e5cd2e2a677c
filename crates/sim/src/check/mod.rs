//! Expectations on a run, with margins.
//!
//! Signal temporal logic over the run's samples (one a tick). Every finding
//! says by how much a limit was kept or broken (in the signal's own unit),
//! when, and which comparison decided. Online monitors in bounded memory, and
//! an offline evaluation straight from the definitions that they must equal.

use crate::formula::Formula;
use crate::limits::LimitProfile;

/// One expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The author's name for it.
    pub id: String,
    /// What must hold.
    pub kind: CheckKind,
    /// First tick that counts.
    pub from_tick: u32,
    /// Last tick that counts (inclusive); the run's end if none.
    pub until_tick: Option<u32>,
    /// A trigger that never comes counts as a pass.
    pub may_be_vacuous: bool,
}

/// The shape of an expectation. All windows are relative to the check's own window.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckKind {
    /// The formula holds at every sample.
    Always(Formula),
    /// The formula holds at no sample.
    Never(Formula),
    /// The formula holds at some sample not later than `before_tick`
    /// (counted from the start of the run; the window's end if none).
    Eventually {
        /// What.
        formula: Formula,
        /// Deadline, ticks from the start of the run.
        before_tick: Option<u32>,
    },
    /// After every rising edge of the trigger, the formula holds at some sample
    /// from the edge to `within_ticks` later, both included.
    Respond {
        /// Trigger.
        trigger: Formula,
        /// Budget, ticks.
        within_ticks: u32,
        /// Response.
        then: Formula,
    },
    /// From `delay_ticks` after the trigger first holds to the end, the formula holds.
    AfterAlways {
        /// Trigger.
        trigger: Formula,
        /// Grace, ticks.
        delay_ticks: u32,
        /// What must hold.
        always: Formula,
    },
    /// Somewhere the formula holds for `for_ticks` without a gap (`for_ticks + 1`
    /// samples), the stretch ending not later than `before_tick`.
    Stays {
        /// What.
        formula: Formula,
        /// Length of the stretch, ticks.
        for_ticks: u32,
        /// Deadline for its end, ticks from the start of the run.
        before_tick: Option<u32>,
    },
    /// The formula holds at the last sample of the window.
    AtEnd(Formula),
    /// Every line of a limit profile is kept.
    Limits(LimitProfile),
}

/// How an expectation came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It held.
    Pass,
    /// The run ended first, or the trigger never came.
    Inconclusive,
    /// It did not hold.
    Fail,
}

/// The result of one expectation, or of one line of a limit profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The expectation's id; for a limit line `id: line`.
    pub id: String,
    /// Outcome.
    pub verdict: Verdict,
    /// Broken warning line of a limit profile (the verdict is then `Pass`).
    pub warning: bool,
    /// How far from the limit, positive = kept; in `unit`. `None` where nothing was compared
    /// (vacuous) ; infinite where only labels or booleans decided.
    pub margin: Option<f64>,
    /// Unit of the margin.
    pub unit: String,
    /// Tick of the worst instant.
    pub worst_tick: Option<u32>,
    /// The comparison or limit line that decided, as written.
    pub decided_by: String,
    /// Time left (s), where time is what is limited: to a deadline, a response budget, or on a limit line.
    pub time_left_s: Option<f64>,
    /// Why it is inconclusive or what else should be known; may be empty.
    pub note: String,
}
