//! One session of a candidate: what it gave for each objective and each expectation.

use kneadsim_sim::check::{CheckKind, Finding, Verdict};
use kneadsim_sim::run::{ENERGY_FINDING, nearness};
use kneadsim_sim::spec::Recording;
use kneadsim_sim::{Continue, InProcess, Progress, Spec, run};

use super::problem::Problem;

/// Nearness beyond this counts as this, K: labels have no distance.
pub const NEARNESS_MAX_K: f64 = 100.0;
/// What did not hold is on the wrong side by at least this, K.
const BROKEN_K: f64 = 1.0e-6;
/// What could not be decided counts as broken by this, K.
const UNDECIDED_K: f64 = 1.0;

/// One session.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// A number for each objective; none where it does not count this base, or where
    /// its window held nothing.
    pub objectives: Vec<Option<f64>>,
    /// Nearness of each expectation and limit line of the base on a scale of kelvins,
    /// see [`kneadsim_sim::run::nearness`]; negative where it did not hold.
    pub nearness_k: Vec<f64>,
    /// Digest of the run.
    pub digest: u128,
}

/// Names of a base's expectations and limit lines, in the order of a trial's nearness.
pub fn expectations(spec: &Spec) -> Vec<String> {
    let mut names = Vec::new();
    for check in &spec.checks {
        match &check.kind {
            CheckKind::Limits(profile) => {
                let lines = profile.lines.iter();
                names.extend(lines.map(|line| format!("{}: {}", check.id, line.name)));
            }
            _ => names.push(check.id.clone()),
        }
    }
    names
}

/// Runs a session; none when the observer stopped it.
///
/// # Errors
/// The device's loss, or an energy balance that does not close, as a sentence.
pub fn run_trial(
    problem: &Problem,
    base: usize,
    mut spec: Spec,
    observer: &mut dyn FnMut(Progress) -> Continue,
) -> Result<Option<Trial>, String> {
    let mut signals: Vec<_> = problem
        .objectives
        .iter()
        .flat_map(|o| o.signals())
        .collect();
    signals.sort_unstable();
    signals.dedup();
    spec.recording = Recording {
        every_ticks: spec.build.thermal_step_ticks,
        signals,
    };
    let outcome = run(&spec, InProcess::new(), observer);
    if let Some(lost) = &outcome.lost {
        return Err(lost.to_string());
    }
    if outcome.stopped {
        return Ok(None);
    }
    let (energy, findings): (Vec<&Finding>, Vec<&Finding>) = outcome
        .findings
        .iter()
        .partition(|f| f.id == ENERGY_FINDING);
    if energy.iter().any(|f| f.verdict != Verdict::Pass) {
        return Err("the energy balance does not close".to_owned());
    }
    let number = |o: &super::Objective| o.bases[base].then(|| o.of(&outcome.trace)).flatten();
    Ok(Some(Trial {
        objectives: problem.objectives.iter().map(number).collect(),
        nearness_k: findings.into_iter().map(near).collect(),
        digest: outcome.digest,
    }))
}

fn near(finding: &Finding) -> f64 {
    let near = nearness(finding).unwrap_or(NEARNESS_MAX_K);
    let near = near.clamp(-NEARNESS_MAX_K, NEARNESS_MAX_K);
    match finding.verdict {
        Verdict::Pass => near.max(0.0),
        Verdict::Fail => near.min(-BROKEN_K),
        Verdict::Inconclusive => -UNDECIDED_K,
    }
}
