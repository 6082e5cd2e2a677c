//! `summary.json` of a tuning.

use kneadsim_search::tune::{Ended, Problem};
use serde_json::{Map, Value, json};

use super::Opened;
use super::verdict::{Compared, Verdicts};
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
    let trial = &verdicts.trial;
    let tried = trial.tried.iter().enumerate().map(|(index, tried)| {
        let candidate = &ended.candidates[tried.candidate];
        let mut about = compared(problem, trial, index, "held_out");
        about["parameters"] = parameters(problem, &candidate.values);
        about["search"] = objectives(problem, &candidate.totals.objectives);
        about
    });
    let claim = verdicts.claim.as_ref().map(|claim| {
        let each = (0..claim.tried.len()).map(|index| compared(problem, claim, index, "claim"));
        each.collect::<Vec<_>>()
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
        "tried": tried.collect::<Vec<_>>(),
        "chosen": verdicts.chosen().map(|i| trial.tried[i].candidate),
        "claim": claim,
        "recommended": verdicts.recommended(),
    })
}

/// One candidate in the trial or in the claim.
fn compared(problem: &Problem, compared: &Compared, index: usize, samples: &str) -> Value {
    let tried = &compared.tried[index];
    let short = tried.totals.short(problem, compared.now(), 0.0);
    json!({
        "candidate": tried.candidate,
        samples: objectives(problem, &tried.totals.objectives),
        "better_in": compared.better(index),
        "keeps_margins": compared.keeps(index),
        "refused": tried.refused,
        "short": self::short(problem, short),
    })
}
