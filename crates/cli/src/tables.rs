//! `list`, `list --faults` and `signals`: what there is.

use kneadsim_scenario::Case;
use kneadsim_sim::fault::{CATALOGUE, CatalogueRow};
use kneadsim_sim::signal::{Rate, Scale, Signal};
use serde_json::{Value, json};

use crate::columns::table;
use crate::console::one_line;
use crate::words;

/// Cases as a table.
pub fn cases(cases: &[Case], width: usize) -> String {
    let rows: Vec<Vec<String>> = cases
        .iter()
        .map(|case| {
            vec![
                one_line(&case.name),
                words::stretch(case.spec.duration_ticks),
                case.spec.checks.len().to_string(),
                one_line(&case.requirements.join(" ")),
                one_line(&case.tags.join(" ")),
            ]
        })
        .collect();
    let text = table(
        &["case", "length", "checks", "requirements", "tags"],
        &rows,
        width,
    );
    format!("{text}\n{}\n", words::count(cases.len(), "case"))
}

/// Cases as JSON.
pub fn cases_json(cases: &[Case]) -> Value {
    let list: Vec<Value> = cases
        .iter()
        .map(|case| {
            json!({
                "name": case.name,
                "title": case.title,
                "description": case.description,
                "source": case.source.display().to_string(),
                "requirements": case.requirements,
                "tags": case.tags,
                "values": case.values.iter().map(|(k, v)| (k.clone(), json!(v)))
                    .collect::<serde_json::Map<_, _>>(),
                "seed": case.spec.seed,
                "duration_s": crate::result::seconds(case.spec.duration_ticks),
                "checks": case.spec.checks.iter().map(|c| c.id.clone()).collect::<Vec<_>>(),
            })
        })
        .collect();
    Value::Array(list)
}

/// Every signal as a table.
pub fn signals(width: usize) -> String {
    let rows: Vec<Vec<String>> = Signal::ALL
        .iter()
        .map(|s| {
            let mut meaning = s.meaning().to_string();
            if let Scale::Mode | Scale::FaultCode = s.scale() {
                let labels: Vec<&str> = s.scale().labels().iter().map(|(name, _)| *name).collect();
                meaning.push_str(&format!(" One of: {}.", labels.join(", ")));
            }
            vec![
                s.name().into(),
                s.unit().into(),
                rate(s.rate()).into(),
                meaning,
            ]
        })
        .collect();
    let text = table(&["signal", "unit", "rate", "meaning"], &rows, width);
    format!(
        "{text}\nAlso: fault.KIND and fault.KIND.TARGET, 1 while such an injected fault is active \
         (see `kneadsim list --faults`).\n"
    )
}

/// Every signal as JSON.
pub fn signals_json() -> Value {
    let list: Vec<Value> = Signal::ALL
        .iter()
        .map(|s| {
            let labels = s.scale().labels();
            json!({
                "name": s.name(),
                "unit": s.unit(),
                "rate": rate(s.rate()),
                "meaning": s.meaning(),
                "labels": labels.iter().map(|(name, value)| (name.to_string(), json!(value)))
                    .collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    Value::Array(list)
}

fn rate(rate: Rate) -> &'static str {
    match rate {
        Rate::Tick => "10 ms",
        Rate::ThermalStep => "thermal step",
    }
}

/// The fault catalogue as a table.
pub fn faults(width: usize) -> String {
    let rows: Vec<Vec<String>> = CATALOGUE
        .iter()
        .map(|row| {
            let latent = if row.latent {
                " Latent: harmless alone."
            } else {
                ""
            };
            vec![
                row.group.into(),
                row.kind.name().into(),
                row.targets.names().join(" "),
                parameter(row),
                format!("{}{latent}", row.meaning),
            ]
        })
        .map(shorten_targets)
        .collect();
    table(
        &["group", "fault", "targets", "value", "meaning"],
        &rows,
        width,
    )
}

/// Tasks and variables are many: their names are in the JSON and the format's description.
fn shorten_targets(mut row: Vec<String>) -> Vec<String> {
    let names: Vec<&str> = row[2].split(' ').collect();
    if names.len() > 2 {
        row[2] = format!("{}, ... ({})", names[0], names.len());
    }
    row
}

fn parameter(row: &CatalogueRow) -> String {
    match row.parameter {
        Some(p) => format!("{} {}..{} ({})", p.name, p.min, p.max, p.default),
        None => "-".to_string(),
    }
}

/// The fault catalogue as JSON.
pub fn faults_json() -> Value {
    let list: Vec<Value> = CATALOGUE
        .iter()
        .map(|row| {
            json!({
                "kind": row.kind.name(),
                "group": row.group,
                "targets": row.targets.names(),
                "parameter": row.parameter.map(|p| json!({
                    "name": p.name, "unit": p.unit, "min": p.min, "max": p.max, "default": p.default,
                })),
                "latent": row.latent,
                "meaning": row.meaning,
            })
        })
        .collect();
    Value::Array(list)
}
