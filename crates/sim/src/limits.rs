//! Burn limits as data: lines that a whole run is held against.
//!
//! No standard's text was available; every line carries its source and a mark:
//! `S` seen in a public secondary source, `M` recalled from the named source,
//! `E` engineering estimate. Nothing here is a claim of compliance.

mod builtin;

use std::fmt;

use kneadsim_plant::ArrheniusSet;

/// What a line limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LimitKind {
    /// A skin-surface point may spend at most `longest_s` in total at or above `at_c`.
    Surface {
        /// Temperature, degC.
        at_c: f64,
        /// Longest total time at or above it, s; 0 = at no time.
        longest_s: f64,
    },
    /// A basal point's CEM43 stays below this, minutes.
    Cem43 {
        /// Limit, min.
        below_min: f64,
    },
    /// A basal point's Arrhenius damage stays below this.
    Arrhenius {
        /// Which constants.
        set: ArrheniusSet,
        /// Limit, dimensionless.
        below: f64,
    },
}

/// What breaking a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The run fails.
    Fail,
    /// The run passes with a warning.
    Warn,
}

/// One line of a limit profile.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitLine {
    /// Short name, unique in its profile.
    pub name: String,
    /// What it limits.
    pub kind: LimitKind,
    /// What breaking it means.
    pub severity: Severity,
    /// Where the figure comes from, with its mark.
    pub source: String,
}

/// A named set of lines.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitProfile {
    /// Name.
    pub name: String,
    /// Lines.
    pub lines: Vec<LimitLine>,
}

impl LimitKind {
    /// Unit of the margin to this limit.
    pub fn margin_unit(&self) -> &'static str {
        match self {
            LimitKind::Surface { .. } => "K",
            LimitKind::Cem43 { .. } => "min",
            LimitKind::Arrhenius { .. } => "1",
        }
    }
}

/// What is limited, in words: `skin surface < 43 degC beyond 10 min`.
impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            LimitKind::Surface { at_c, longest_s } if longest_s <= 0.0 => {
                write!(f, "skin surface < {at_c} degC at any time")
            }
            LimitKind::Surface { at_c, longest_s } if longest_s % 60.0 == 0.0 => {
                write!(
                    f,
                    "skin surface < {at_c} degC beyond {} min",
                    longest_s / 60.0
                )
            }
            LimitKind::Surface { at_c, longest_s } => {
                write!(f, "skin surface < {at_c} degC beyond {longest_s} s")
            }
            LimitKind::Cem43 { below_min } => write!(f, "basal CEM43 < {below_min} min"),
            LimitKind::Arrhenius { set, below } => {
                write!(
                    f,
                    "basal Arrhenius damage ({}) < {below}",
                    builtin::set_name(set)
                )
            }
        }
    }
}
