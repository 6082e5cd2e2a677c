//! Expectations on a run, with margins.
//!
//! Signal temporal logic over the run's samples (one a tick). Every finding
//! says by how much a limit was kept or broken (in the signal's own unit),
//! when, and which comparison decided. Online monitors in bounded memory, and
//! an offline evaluation straight from the definitions that they must equal.
//!
//! What counts, everywhere:
//! - Samples outside a check's window do not exist for it: not for triggers,
//!   responses, integrals or stretches. A window may reach beyond the run; then
//!   the run ends first.
//! - `a < b` has the margin `b - a`, `a == b` the margin `-|a - b|`. Truth is kept
//!   apart from it: at equality `<` is broken with margin 0, `<=` holds with margin 0.
//!   `and` is the worse part, `or` the better, and not holding is worse than holding.
//! - A comparison with a NaN is unknown, and so is its negation; an unknown
//!   formula counts as broken with margin minus infinity, an unknown trigger as
//!   no trigger. A vacuous pass is refused if the trigger was ever unknown.
//! - Where nothing was broken but the run ended before the window, the verdict is
//!   inconclusive; what is already settled (a broken `always`, a satisfied
//!   `eventually`) stays settled.

mod field;
mod level;
mod monitor;
pub mod offline;
mod program;
mod quiet;
mod report;
mod respond;
mod ring;

use crate::formula::Formula;
use crate::limits::LimitProfile;
use crate::signal::Signal;

pub use monitor::Monitors;

/// The numbers of one tick.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// All signals, indexed by [`crate::signal::Signal`]` as usize`.
    pub signals: &'a [f64],
    /// The columns of [`crate::spec::Spec::derived`].
    pub derived: &'a [f64],
}

impl Sample<'_> {
    /// A signal's value; NaN, which no comparison passes, if the table is too short.
    #[inline]
    fn signal(&self, index: usize) -> f64 {
        self.signals.get(index).copied().unwrap_or(f64::NAN)
    }

    /// A derived column's value; NaN if there is none.
    #[inline]
    fn derived(&self, index: usize) -> f64 {
        self.derived.get(index).copied().unwrap_or(f64::NAN)
    }
}

/// What the skin went through in one thermal step; one value per column.
#[derive(Clone, Copy, Debug)]
pub struct Exposure<'a> {
    /// Length of the step, s; counted in whole milliseconds.
    pub step_s: f64,
    /// Skin surface at the end of the step, degC.
    pub skin_surface_c: &'a [f64],
    /// CEM43 at the basal layer since the start of the run, min.
    pub cem43_min: &'a [f64],
    /// Arrhenius damage at the basal layer since the start, in the order of
    /// [`kneadsim_plant::ArrheniusSet::ALL`].
    pub omega: [&'a [f64]; 4],
    /// The greatest value of each.
    pub greatest: Greatest,
}

/// The greatest values over the columns, as far as somebody knows them already;
/// what is not finite is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Greatest {
    /// Of the skin surface, degC.
    pub skin_surface_c: f64,
    /// Of CEM43, min.
    pub cem43_min: f64,
    /// Of Arrhenius damage.
    pub omega: [f64; 4],
}

impl Greatest {
    /// Nobody knows.
    pub const UNKNOWN: Greatest = Greatest {
        skin_surface_c: f64::NAN,
        cem43_min: f64::NAN,
        omega: [f64::NAN; 4],
    };
}

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

impl CheckKind {
    /// The formula that must hold, whose comparisons give the margin; a limit
    /// profile has none.
    pub fn formula(&self) -> Option<&Formula> {
        match self {
            CheckKind::Always(formula)
            | CheckKind::Never(formula)
            | CheckKind::Eventually { formula, .. }
            | CheckKind::Respond { then: formula, .. }
            | CheckKind::AfterAlways {
                always: formula, ..
            }
            | CheckKind::Stays { formula, .. }
            | CheckKind::AtEnd(formula) => Some(formula),
            CheckKind::Limits(_) => None,
        }
    }
}

impl Check {
    /// Every signal that the check looks at.
    pub fn signals(&self) -> Vec<Signal> {
        match &self.kind {
            CheckKind::Always(formula)
            | CheckKind::Never(formula)
            | CheckKind::AtEnd(formula)
            | CheckKind::Eventually { formula, .. }
            | CheckKind::Stays { formula, .. } => formula.signals(),
            CheckKind::Respond { trigger, then, .. } => {
                [trigger.signals(), then.signals()].concat()
            }
            CheckKind::AfterAlways {
                trigger, always, ..
            } => [trigger.signals(), always.signals()].concat(),
            CheckKind::Limits(_) => Vec::new(),
        }
    }
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
    /// For limit lines: how much hotter the whole history could have been (K), the
    /// common scale of temperature, dose and damage. See [`crate::limits::LimitKind::kelvin_left`].
    pub kelvin_left: Option<f64>,
    /// Tick of the worst instant.
    pub worst_tick: Option<u32>,
    /// The comparison or limit line that decided, as written.
    pub decided_by: String,
    /// Time left (s), where time is what is limited: to a deadline, a response budget, or on a limit line.
    pub time_left_s: Option<f64>,
    /// Why it is inconclusive or what else should be known; may be empty.
    pub note: String,
}
