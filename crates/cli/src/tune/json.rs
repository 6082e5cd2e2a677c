//! `summary.json` of a tuning.

use kneadsim_search::tune::{Ended, Problem};
use serde_json::{Map, Value, json};

use super::Opened;
use super::verdict::Verdicts;
use crate::version;

/// Parameters by their keys.
pub fn parameters(problem: &Problem, values: &[f64]) -> Value {
    let pairs = problem.parameters.iter().zip(values);
    Value::Object(pairs.map(|(p, v)| (p.key.clone(), json!(v))).collect())
}

/// Objectives by their names.
pub fn objectives(problem: &Problem, values: &[Option<f64>]) -> Value {
    let pairs = problem.objectives.iter().zip(values);
    let map: Map<String, Value> = pairs.map(|(o, v)| (o.name.clone(), json!(v))).collect();
    Value::Object(map)
}

/// Expectations that fall short: base, number, by how much, K.
pub fn short(problem: &Problem, short: impl Iterator<Item = (usize, usize, f64)>) -> Value {
    let each = short.map(|(base, number, k)| {
        json!({
            "base": problem.held_out.bases[base],
            "expectation": problem.expectations[base][number].0,
            "short_k": k,
        })
    });
    Value::Array(each.collect())
}

/// The summary.
pub fn summary(opened: &Opened, ended: &Ended, verdicts: &Verdicts) -> Value {
    let problem = &opened.file.problem;
    let tried = verdicts.tried.iter().enumerate().map(|(index, tried)| {
        let candidate = &ended.candidates[tried.candidate];
        let short = tried.totals.short(problem, &verdicts.tried[0].totals, 0.0);
        json!({
            "candidate": tried.candidate,
            "parameters": parameters(problem, &candidate.values),
            "search": objectives(problem, &candidate.totals.objectives),
            "held_out": objectives(problem, &tried.totals.objectives),
            "better_in": verdicts.better(index),
            "keeps_margins": verdicts.keeps(index),
            "refused": tried.refused,
            "short": self::short(problem, short),
        })
    });
    json!({
        "program": version::LONG,
        "tuning": format!("{:032x}", opened.file.fingerprint),
        "title": opened.file.title,
        "algorithm": problem.algorithm.name(),
        "seed": problem.seed,
        "sessions": ended.sessions,
        "candidates": ended.candidates.len(),
        "front": ended.front(problem).iter().map(|c| c.number).collect::<Vec<_>>(),
        "recommended": verdicts.recommended().map(|i| verdicts.tried[i].candidate),
        "tried": tried.collect::<Vec<_>>(),
    })
}
