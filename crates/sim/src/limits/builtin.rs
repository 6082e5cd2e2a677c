//! The limit profiles that ship with the bench, as data.
//!
//! Figures and marks are those of the project's domain notes; users replace
//! them by profiles of their own.

use kneadsim_plant::ArrheniusSet;

use super::{LimitKind, LimitLine, LimitProfile, Severity};

const NAMES: [&str; 3] = ["consumer", "applied-part-10min", "threshold"];

const APPLIED_PART: &str = "IEC 60601-1 applied parts [S]";
const THRESHOLD: &str = "ISO 13732-1 burn thresholds [M]; bare metal, the material whose \
                         surface the skin follows most closely, because the line is held \
                         against the skin surface itself [E]";
const THRESHOLD_BETWEEN: &str =
    "ISO 13732-1 [M], straight line in log time between (10 min, 48) and (8 h, 43) degC [E]";

impl LimitProfile {
    /// Names of the built-in profiles; the first is the default.
    pub fn builtin_names() -> &'static [&'static str] {
        &NAMES
    }

    /// A built-in profile by name.
    pub fn builtin(name: &str) -> Option<LimitProfile> {
        let lines = match name {
            "consumer" => consumer(),
            "applied-part-10min" => applied_part(),
            "threshold" => threshold(),
            _ => return None,
        };
        Some(LimitProfile {
            name: name.to_owned(),
            lines,
        })
    }
}

/// Name of a set of Arrhenius constants, as its literature is cited.
pub(super) fn set_name(set: ArrheniusSet) -> &'static str {
    match set {
        ArrheniusSet::Henriques => "Henriques 1947",
        ArrheniusSet::WeaverStoll => "Weaver-Stoll 1969",
        ArrheniusSet::Takata => "Takata 1974",
        ArrheniusSet::Diller => "Diller 1991",
    }
}

/// Default for a consumer massager.
fn consumer() -> Vec<LimitLine> {
    let dose = "estimate [E]; van Rhoon 2013 gives 2 (uncontrolled) and 9 CEM43 min (controlled) \
                [S], epidermal necrosis lies at about 576 to 720 [S]";
    let first_degree = "0.53 = first-degree burn, Henriques 1947 [S]; choice of sets [E]";
    let surface = "figures of IEC 60601-1 applied parts [S], applied to a consumer product [E]";
    vec![
        cem43("dose warning", 16.0, Severity::Warn, dose),
        cem43("dose", 40.0, Severity::Fail, dose),
        arrhenius(
            "burn, Weaver-Stoll",
            ArrheniusSet::WeaverStoll,
            first_degree,
        ),
        arrhenius("burn, Diller", ArrheniusSet::Diller, first_degree),
        surface_line("surface beyond 10 min", 43.0, 600.0, surface),
        surface_line("surface beyond 1 min", 48.0, 60.0, surface),
        surface_line("surface at any time", 51.0, 0.0, surface),
    ]
}

/// Medical applied parts in contact for ten minutes or longer.
fn applied_part() -> Vec<LimitLine> {
    let disclosed = LimitLine {
        severity: Severity::Warn,
        ..surface_line("above 41 to be disclosed", 41.0, 0.0, APPLIED_PART)
    };
    vec![
        surface_line("contact of 10 min or more", 43.0, 600.0, APPLIED_PART),
        surface_line("contact of 1 to 10 min", 48.0, 60.0, APPLIED_PART),
        surface_line("contact under 1 min", 51.0, 0.0, APPLIED_PART),
        disclosed,
    ]
}

/// Burn thresholds: what injures, not what a product should be allowed.
fn threshold() -> Vec<LimitLine> {
    vec![
        surface_line("1 min", 51.0, 60.0, THRESHOLD),
        surface_line("10 min", 48.0, 600.0, THRESHOLD),
        surface_line("15 min", 47.48, 900.0, THRESHOLD_BETWEEN),
        surface_line("20 min", 47.10, 1200.0, THRESHOLD_BETWEEN),
        surface_line("30 min", 46.58, 1800.0, THRESHOLD_BETWEEN),
        surface_line("8 h", 43.0, 28_800.0, THRESHOLD),
    ]
}

fn surface_line(name: &str, at_c: f64, longest_s: f64, source: &str) -> LimitLine {
    line(
        name,
        LimitKind::Surface { at_c, longest_s },
        Severity::Fail,
        source,
    )
}

fn cem43(name: &str, below_min: f64, severity: Severity, source: &str) -> LimitLine {
    line(name, LimitKind::Cem43 { below_min }, severity, source)
}

fn arrhenius(name: &str, set: ArrheniusSet, source: &str) -> LimitLine {
    line(
        name,
        LimitKind::Arrhenius { set, below: 0.53 },
        Severity::Fail,
        source,
    )
}

fn line(name: &str, kind: LimitKind, severity: Severity, source: &str) -> LimitLine {
    LimitLine {
        name: name.to_owned(),
        kind,
        severity,
        source: source.to_owned(),
    }
}
