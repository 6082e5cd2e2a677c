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

    /// How much hotter the whole history could have been with this margin left, K;
    /// negative when the line is broken: how much cooler it should have been.
    ///
    /// On a surface line that is the margin itself. A dose of value `v` under the
    /// limit `l` grows by no more than a factor `f` a kelvin, so `ln(l/v)/ln(f)` K
    /// are surely left: `f` is 4 for CEM43 (its rate below 43 degC; 2 above, which
    /// bounds a broken line), and for Arrhenius damage `exp(E/R / T^2)` of the
    /// steeper branch at 35 degC (the shallower at 60 degC for a broken line).
    pub fn kelvin_left(&self, margin: f64) -> f64 {
        let (limit, per_k_kept, per_k_broken) = match *self {
            LimitKind::Surface { .. } => return margin,
            LimitKind::Cem43 { below_min } => (below_min, libm::log(4.0), libm::log(2.0)),
            LimitKind::Arrhenius { set, below } => {
                let [low, high] = set.constants().map(|branch| branch.e_over_r_k);
                let steep = low.max(high) / (COOLEST_K * COOLEST_K);
                let shallow = low.min(high) / (HOTTEST_K * HOTTEST_K);
                (below, steep, shallow)
            }
        };
        let value = limit - margin;
        if !margin.is_finite() || limit <= 0.0 || value <= 0.0 {
            // No dose at all, or a limit that nothing can keep.
            return if margin > 0.0 {
                f64::INFINITY
            } else {
                f64::NEG_INFINITY
            };
        }
        let growth = libm::log(limit / value);
        growth
            / if growth >= 0.0 {
                per_k_kept
            } else {
                per_k_broken
            }
    }
}

/// Skin where heating begins to matter, K: 35 degC.
const COOLEST_K: f64 = 308.15;
/// Hotter than any history that a line is meant for, K: 60 degC.
const HOTTEST_K: f64 = 333.15;

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
