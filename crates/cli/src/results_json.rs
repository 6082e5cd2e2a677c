//! `results.json` and `run --json`: everything that was found, for machines.
//!
//! A margin that is not a finite number (labels decided, or nothing was
//! compared) is null; `margin_text` says in words what it is.

use kneadsim_link::Spread;
use kneadsim_sim::check::Finding;
use serde_json::{Map, Value, json};

use crate::mistakes;
use crate::report::Report;
use crate::result::{CaseResult, finding_word, instant_s, requirements};
use crate::{version, words};

/// The whole document, indented.
pub fn document(report: &Report) -> String {
    let counts: Map<String, Value> = crate::result::CaseVerdict::ALL
        .into_iter()
        .map(|v| (v.word().to_lowercase(), json!(report.count(v))))
        .collect();
    let value = json!({
        "kneadsim": { "version": version::VERSION, "commit": version::COMMIT },
        "exit_code": report.exit.code(),
        "interrupted": report.interrupted,
        "planned": report.planned,
        "counts": counts,
        "simulated_s": report.simulated_s(),
        "wall_s": report.wall.as_secs_f64(),
        "real_time_factor": report.real_time_factor(),
        "cases": report.results.iter().map(case).collect::<Vec<_>>(),
        "requirements": requirements(&report.results).iter().map(|row| json!({
            "id": row.id,
            "cases": row.cases,
            "verdict": row.verdict.word(),
            "worst_case": row.worst.case.name,
            "worst_margin": row.worst.tightest().map(words::margin_in_full),
        })).collect::<Vec<_>>(),
        "mistakes": report.mistakes.iter().map(mistakes::to_json).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn case(result: &CaseResult) -> Value {
    json!({
        "name": result.case.name,
        "title": result.case.title,
        "description": result.case.description,
        "source": result.source(),
        "requirements": result.case.requirements,
        "tags": result.case.tags,
        "values": result.case.values.iter().map(|(k, v)| (k.clone(), json!(v))).collect::<Map<_, _>>(),
        "seed": result.case.spec.seed,
        "verdict": result.verdict.word(),
        "broken_off": result.broken_off,
        "digest": result.digest_hex(),
        "ended": result.ended.map(|status| json!({
            "mode": status.mode.name(),
            "fault": status.fault.name(),
        })),
        "watchdog_resets": result.watchdog_resets,
        "simulated_s": result.simulated_s(),
        "wall_s": result.wall.as_secs_f64(),
        "real_time_factor": result.real_time_factor(),
        "real_time": result.timeliness.map(|(t, limit_ms)| json!({
            "asked": t.asked,
            "missed": t.missed,
            "latency_us": spread(&t.latency),
            "jitter_us": spread(&t.jitter),
            "slip_us": t.slip_us,
            "slip_at_s": instant_s(t.slip_tick),
            "slip_limit_us": u64::from(limit_ms) * 1000,
        })),
        "tightest": result.tightest().map(finding),
        "findings": result.findings.iter().map(finding).collect::<Vec<_>>(),
        "warnings": result.case.warnings.iter().map(mistakes::to_json).collect::<Vec<_>>(),
        "energy": result.energy.as_ref().map(|e| json!({
            "put_in_j": e.put_in_j,
            "out_j": e.out_j,
            "stored_j": e.stored_j,
            "residual_j": e.residual_j,
            "residual_relative": e.residual_relative,
        })),
        "bundle": result.bundle.as_ref().map(|b| b.display().to_string()),
    })
}

fn spread(spread: &Spread) -> Value {
    json!({
        "median": spread.median_us,
        "p99": spread.p99_us,
        "p999": spread.p999_us,
        "most": spread.most_us,
    })
}

/// One finding.
pub fn finding(finding: &Finding) -> Value {
    json!({
        "id": finding.id,
        "verdict": finding_word(finding),
        "margin": finding.margin.filter(|m| m.is_finite()),
        "margin_text": words::margin(finding),
        "unit": finding.unit,
        "kelvin_left": finding.kelvin_left.filter(|k| k.is_finite()),
        "worst_at_s": finding.worst_tick.map(instant_s),
        "decided_by": finding.decided_by,
        "time_left_s": finding.time_left_s.filter(|t| t.is_finite()),
        "note": finding.note,
    })
}
