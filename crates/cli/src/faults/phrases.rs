//! How a row is put into words: the same in every report.

use kneadsim_search::faults::demand;
use kneadsim_search::faults::row::{Reason, Row, Verdict};
use kneadsim_search::faults::{Case, Detection};

use crate::words;

/// Word of a verdict, as other reports have it.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Warning => "WARNING",
        Verdict::Fail => "FAIL",
    }
}

/// Why a row failed.
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Skin => "skin",
        Reason::Winding => "winding",
        Reason::Pack => "pack",
        Reason::Late => "late",
        Reason::NeverSafe => "never safe",
        Reason::Unnoticed => "not noticed in time",
        Reason::HeatedAfterStart => "heated after a start",
        Reason::Energy => "energy balance",
    }
}

/// All reasons of a row.
pub fn reasons(row: &Row) -> String {
    let all: Vec<&str> = row.reasons.iter().map(|r| reason(*r)).collect();
    all.join(", ")
}

/// Who noticed.
pub fn detection(detection: Detection) -> String {
    match detection {
        Detection::Fault(code) => code.name().to_owned(),
        Detection::Mode(mode) => format!("mode {}", mode.name()),
        Detection::CutoutOpened => "cut-out".to_owned(),
        Detection::Watchdog => "watchdog reset".to_owned(),
        Detection::Nothing => "nothing".to_owned(),
    }
}

/// Fault and target: `mosfet_partial upper`.
pub fn fault(case: &Case) -> String {
    let one = case.kind.row().targets.names().len() == 1;
    if one {
        case.kind.name().to_owned()
    } else {
        format!("{} {}", case.kind.name(), case.target_name())
    }
}

/// Fault, target, number with its unit, and the latent fault before it:
/// `mosfet_partial upper, share 0.3, after relay_welded`.
pub fn fault_in_full(case: &Case) -> String {
    let mut text = fault(case);
    if let Some(parameter) = case.kind.row().parameter {
        text += &format!(", {} {}", parameter.name, case.value);
    }
    if let Some(latent) = case.latent {
        text += &format!(", after {}", latent.name());
    }
    text
}

/// Who noticed, and how long after the fault.
pub fn noticed(row: &Row) -> String {
    let by = detection(row.detection);
    match row.detected_s {
        Some(s) if s <= 0.0 => format!("{by}, before"),
        Some(s) => format!("{by}, {}", seconds(s)),
        None => by,
    }
}

/// What came before it.
pub fn after(case: &Case) -> String {
    case.latent.map_or_else(String::new, |latent| latent.name())
}

/// When, as minutes and seconds of the script.
pub fn at(case: &Case) -> String {
    words::clock(case.instant.tick)
}

/// Time to the safe state with its budget.
pub fn safe(row: &Row) -> String {
    use demand::Hazard;
    let budget = row
        .demand
        .budget_s
        .map_or_else(String::new, |s| format!(" of {s} s"));
    match (row.demand.hazard, row.shows, row.safe_s) {
        (Hazard::None, _, _) => "not asked".to_owned(),
        (_, false, _) => "all along".to_owned(),
        (_, true, Some(s)) => format!("{}{budget}", seconds(s)),
        (_, true, None) => format!("never{budget}"),
    }
}

/// Seconds to the tick.
pub fn seconds(s: f64) -> String {
    if s < 100.0 {
        format!("{s:.2} s")
    } else {
        format!("{s:.0} s")
    }
}

/// A temperature without its unit, which the header has.
pub fn celsius(value: f64) -> String {
    format!("{value:.2}")
}

/// What is left to the tightest limit of skin, K.
pub fn kelvin(value: f64) -> String {
    if value.is_finite() {
        format!("{value:+.2}")
    } else if value > 0.0 {
        "no dose".to_owned()
    } else {
        "undecided".to_owned()
    }
}

/// `harmless` where nothing is needed, else the sets that are enough.
pub fn barriers(row: &Row) -> String {
    row.barriers
        .map_or_else(String::new, |barriers| barriers.words())
}
