//! A candidate: its values, the sessions that it had, and what they come to.

use super::objective::Over;
use super::problem::{Problem, Required};
use super::trial::{NEARNESS_MAX_K, Trial};
use crate::campaign::Campaign;
use crate::optimize::Evaluation;

/// What some sessions come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    /// A number for each objective; none where no session gave one.
    pub objectives: Vec<Option<f64>>,
    /// For each base, the worst nearness of each of its expectations, K.
    pub worst_k: Vec<Vec<f64>>,
}

impl Totals {
    /// Of the sessions of a campaign's cases, from the first on.
    pub(super) fn of(problem: &Problem, campaign: &Campaign, trials: &[Trial]) -> Totals {
        let total = |index: usize| {
            let objective = &problem.objectives[index];
            let numbers = trials.iter().filter_map(|t| t.objectives[index]);
            match objective.over {
                Over::Mean => {
                    let (sum, count) = numbers.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
                    (count > 0.0).then(|| sum / count)
                }
                Over::Worst => {
                    let sign = objective.goal.sign();
                    numbers.reduce(|a, b| if b * sign > a * sign { b } else { a })
                }
            }
        };
        let names = problem.expectations.iter().take(campaign.bases.len());
        let mut worst_k: Vec<Vec<f64>> = names.map(|e| vec![NEARNESS_MAX_K; e.len()]).collect();
        for (case, trial) in trials.iter().enumerate() {
            let (_, base) = campaign.place(case);
            for (worst, near) in worst_k[base].iter_mut().zip(&trial.nearness_k) {
                *worst = worst.min(*near);
            }
        }
        Totals {
            objectives: (0..problem.objectives.len()).map(total).collect(),
            worst_k,
        }
    }

    /// By how much expectations fall short of what they must keep, K, summed; `now` are
    /// the totals of the present parameters over at least these sessions, and
    /// `reserve_k` is asked for beyond what these have.
    pub fn violation_k(&self, problem: &Problem, now: &Totals, reserve_k: f64) -> f64 {
        self.short(problem, now, reserve_k)
            .fold(0.0, |sum, (_, _, short)| sum + short)
    }

    /// Each expectation that falls short: its base, its number, by how much, K.
    pub fn short<'a>(
        &'a self,
        problem: &'a Problem,
        now: &'a Totals,
        reserve_k: f64,
    ) -> impl Iterator<Item = (usize, usize, f64)> + 'a {
        self.worst_k
            .iter()
            .enumerate()
            .flat_map(move |(base, row)| {
                row.iter().enumerate().filter_map(move |(index, worst)| {
                    let now_k = now.worst_k[base][index];
                    let needed = match problem.expectations[base][index].1 {
                        Required::AtLeast(k) => k.min(now_k),
                        Required::AsNow if *worst == now_k => now_k,
                        Required::AsNow => reserved(now_k, reserve_k),
                    };
                    let short = needed - worst;
                    (short > 0.0).then_some((base, index, short))
                })
            })
    }
}

/// A margin with a reserve. An exact comparison that holds has the margin 0, and labels
/// have the greatest: neither can have more. Of what has not moved at all none is asked
/// either: it is counted in steps, or nothing that is tuned reaches it.
fn reserved(now_k: f64, reserve_k: f64) -> f64 {
    if now_k == 0.0 {
        now_k
    } else {
        (now_k + reserve_k).min(NEARNESS_MAX_K)
    }
}

/// A candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its number, from 0; 0 is the present parameters.
    pub number: usize,
    /// Its place in the unit cube.
    pub point: Vec<f64>,
    /// Its values.
    pub values: Vec<f64>,
    /// Sessions that it had, from case 0 on.
    pub trials: Vec<Trial>,
    /// Why its values cannot be run, if so.
    pub refused: Option<String>,
    /// Whether it had every session.
    pub complete: bool,
    /// What they come to.
    pub totals: Totals,
    /// By how much expectations fall short, K; 0: it is feasible as far as it was tried.
    pub violation_k: f64,
}

/// Violation of values that cannot be run, K: more than any that can.
const REFUSED_K: f64 = 1.0e6;
/// Objective of a candidate that gave none: worse than any.
const NONE: f64 = 1.0e9;

impl Candidate {
    /// Whether it had every session and keeps everything.
    pub fn feasible(&self) -> bool {
        self.complete && self.violation_k == 0.0
    }

    /// What an optimiser is told of it: less is better.
    pub fn evaluation(&self, problem: &Problem) -> Evaluation {
        let signed = self.totals.objectives.iter().zip(&problem.objectives);
        Evaluation {
            point: self.point.clone(),
            objectives: signed
                .map(|(value, o)| value.map_or(NONE, |v| v * o.goal.sign()))
                .collect(),
            violation: if self.refused.is_some() {
                REFUSED_K
            } else {
                self.violation_k
            },
            partial: !self.complete,
        }
    }
}
