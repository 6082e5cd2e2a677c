//! The table as one JSON document, for `--json`.

use kneadsim_search::faults::{Row, Verdict};
use serde_json::{Value, json};

use super::{Report, phrases};
use crate::result::seconds;
use crate::version;

/// The whole document.
pub fn document(report: &Report) -> String {
    let absent: Vec<Value> = report
        .absent
        .iter()
        .map(|absent| {
            json!({
                "fault": absent.kind.name(),
                "target": absent.kind.row().targets.names()[usize::from(absent.target)],
                "rows": absent.rows,
                "reason": absent.reason,
            })
        })
        .collect();
    let value = json!({
        "version": version::LONG,
        "of": report.of,
        "about": report.about,
        "interrupted": report.interrupted,
        "planned": report.planned,
        "pass": report.count(Verdict::Pass),
        "warning": report.count(Verdict::Warning),
        "fail": report.count(Verdict::Fail),
        "noticed_by_nobody": report.rows.iter().filter(|r| r.is_hidden()).count(),
        "broken_off": report.broken,
        "states_not_reached": report.not_reached,
        "not_applicable": absent,
        "rows": report.rows.iter().map(row).collect::<Vec<_>>(),
    });
    format!("{value:#}")
}

fn row(row: &Row) -> Value {
    let case = &row.case;
    // Numbers that are none become null.
    json!({
        "name": case.name(),
        "verdict": phrases::verdict(row.verdict),
        "reasons": row.reasons.iter().map(|r| phrases::reason(*r)).collect::<Vec<_>>(),
        "state": case.instant.state.name(),
        "at_s": seconds(case.instant.tick),
        "fault": case.kind.name(),
        "target": case.target_name(),
        "value": case.kind.row().parameter.map(|_| case.value),
        "after": case.latent.map(|latent| latent.name()),
        "requirement": row.demand.requirement,
        "detected_by": phrases::detection(row.detection),
        "detected_after_s": row.detected_s,
        "safe": phrases::safe(row),
        "safe_after_s": row.safe_s,
        "budget_s": row.demand.budget_s,
        "skin_max_c": row.peaks.skin_c,
        "cem43_max_min": row.peaks.cem43_min,
        "arrhenius_max": row.peaks.omega,
        "film_max_c": row.peaks.film_c,
        "winding_max_c": row.peaks.winding_c,
        "nearest_line": row.nearest.as_ref().map(|n| n.line.clone()),
        "left_k": row.nearest.as_ref().map(|n| n.kelvin_left),
        "noticed_by_nobody": row.is_hidden(),
        "barriers_enough": row.barriers.map(|b| b.words()),
        "lines_of_defence": row.barriers.and_then(|b| b.lines()),
        "digest": format!("{:032x}", row.digest),
    })
}
