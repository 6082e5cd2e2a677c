//! When a search has come to its end, and how wide its objective spreads.
//!
//! Criteria of arXiv 1604.00772, B.3, scaled by what the search itself has seen.

use std::collections::VecDeque;

use super::super::Evaluation;
use super::Cost;
use super::distribution::Distribution;

/// Differences of the objective below this share of the first generation's range are nothing.
const TOLERANCE: f64 = 1e-12;
/// Steps below this share of the first sigma are nothing (`TolX`).
const STEP: f64 = 1e-12;
/// `ConditionCov`.
const CONDITION_MAX: f64 = 1e14;
/// A median and a best that do not fall over so many generations, and the later
/// 30 % no better than the earlier: `Stagnation`.
const STAGNANT_GENERATIONS: usize = 120;

#[derive(Clone, Debug)]
pub(super) struct Stagnation {
    n: usize,
    population: usize,
    /// Range of the objective in the first generation that had one.
    range_first: Option<f64>,
    best: Vec<Standing>,
    median: Vec<Standing>,
    range_last: f64,
    /// Objective's quartile range by the variance of a coordinate, of the last generations.
    spreads: VecDeque<f64>,
}

/// Violation, then objective.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Standing(f64, f64);

impl Stagnation {
    pub(super) fn new(n: usize, population: usize) -> Self {
        Self {
            n,
            population,
            range_first: None,
            best: Vec::new(),
            median: Vec::new(),
            range_last: f64::INFINITY,
            spreads: VecDeque::new(),
        }
    }

    /// Weight of the squared distance from the cube: twice the median, over the
    /// last 20 + 3 n / population generations, of quartile range by variance,
    /// so that one standard deviation outside costs about two quartile ranges.
    /// N. Hansen et al., "A method for handling uncertainty in evolutionary
    /// optimization", IEEE Trans. Evol. Comput. 13 (2009) 180-197.
    pub(super) fn penalty_weight(&mut self, evaluations: &[Evaluation], variance: f64) -> f64 {
        let mut objectives: Vec<f64> = evaluations.iter().map(|e| e.objectives[0]).collect();
        objectives.sort_by(f64::total_cmp);
        let quarter = objectives.len() / 4;
        let range = objectives[objectives.len() - 1 - quarter] - objectives[quarter];
        self.spreads.push_back(range / variance);
        if self.spreads.len() > 20 + 3 * self.n / self.population {
            self.spreads.pop_front();
        }
        let mut sorted: Vec<f64> = self.spreads.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        2.0 * sorted[sorted.len() / 2]
    }

    /// Takes down a generation, the best first.
    pub(super) fn note(&mut self, ranked: &[Cost]) {
        let standing = |cost: &Cost| Standing(cost.violation, cost.objective);
        self.best.push(standing(&ranked[0]));
        self.median.push(standing(&ranked[ranked.len() / 2]));
        let objectives = ranked.iter().map(|c| c.objective);
        let low = objectives.clone().fold(f64::INFINITY, f64::min);
        let high = objectives.fold(f64::NEG_INFINITY, f64::max);
        let violations = ranked.iter().map(|c| c.violation);
        let is_mixed = violations.clone().any(|v| v != ranked[0].violation);
        self.range_last = if is_mixed { f64::INFINITY } else { high - low };
        if self.range_first.is_none() && high > low {
            self.range_first = Some(high - low);
        }
    }

    /// Whether to start anew.
    pub(super) fn is_over(&self, distribution: &Distribution, sigma_first: f64) -> bool {
        let step = distribution.step_max();
        !step.is_finite()
            || step < STEP * sigma_first
            || distribution.condition() > CONDITION_MAX
            || self.is_flat()
            || self.is_stagnant()
    }

    /// `TolHistFun` with `EqualFunValues`: no difference in the last generation,
    /// nor among the best of the last 10 + 30 n / population.
    fn is_flat(&self) -> bool {
        let window = 10 + (30 * self.n).div_ceil(self.population);
        if self.best.len() < window {
            return false;
        }
        let last = &self.best[self.best.len() - window..];
        let low = last.iter().fold(f64::INFINITY, |l, s| l.min(s.1));
        let high = last.iter().fold(f64::NEG_INFINITY, |h, s| h.max(s.1));
        let tolerance = TOLERANCE * self.range_first.unwrap_or(0.0);
        last.iter().all(|s| s.0 == last[0].0)
            && high - low <= tolerance
            && self.range_last <= tolerance
    }

    fn is_stagnant(&self) -> bool {
        let window = STAGNANT_GENERATIONS + 30 * self.n / self.population;
        let window = window.max(self.best.len() / 5);
        self.best.len() > window
            && [&self.best, &self.median].into_iter().all(|history| {
                let recent = &history[history.len() - window..];
                let third = window * 3 / 10;
                let (early, late) = (&recent[..third], &recent[window - third..]);
                !middle(late).is_below(middle(early))
            })
    }
}

impl Standing {
    fn is_below(self, other: Standing) -> bool {
        self.0 < other.0 || (self.0 == other.0 && self.1 < other.1)
    }
}

fn middle(history: &[Standing]) -> Standing {
    let mut sorted = history.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    sorted[sorted.len() / 2]
}
