//! The search: generations of candidates, raced over the same sessions.
//!
//! A generation runs in rounds: sample 0 of every base, then as many samples again as
//! there were, until all are done. After a round a candidate is left
//! - when an expectation falls short: worst cases only get worse, so this is exact;
//! - when some complete and feasible candidate is better in every objective over the
//!   very same sessions: for a mean, by more than [`STANDARD_ERRORS`] standard errors of
//!   the paired differences, of [`SAMPLES_MIN`] samples at least; for a worst case, when
//!   it is worse already than the other's is in the end, which is exact.

use super::candidate::{Candidate, Totals};
use super::objective::Over;
use super::problem::Problem;
use super::trial::Trial;
use crate::optimize::{Optimizer, dominates};

/// Standard errors by which a mean must be worse.
const STANDARD_ERRORS: f64 = 3.0;
/// Samples before means are compared.
const SAMPLES_MIN: usize = 4;
/// Generations in a row that may ask for nothing new.
const IDLE_GENERATIONS: usize = 50;

/// A session that is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Session<'a> {
    /// Number of the candidate.
    pub candidate: usize,
    /// Its values.
    pub values: &'a [f64],
    /// Case of the training campaign.
    pub case: usize,
}

/// Runs sessions: a trial or a refusal for each, in their order; none when it was stopped.
pub type Runs<'a> = dyn FnMut(&[Session<'_>]) -> Option<Vec<Result<Trial, String>>> + 'a;

/// What a search gave.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Every candidate in the order in which they were asked for.
    pub candidates: Vec<Candidate>,
    /// Sessions that they had.
    pub sessions: usize,
    /// It was stopped before the budget was spent.
    pub stopped: bool,
}

impl Ended {
    /// Feasible candidates that no other one beats, from the first asked on.
    pub fn front(&self, problem: &Problem) -> Vec<&Candidate> {
        front(&self.candidates, problem)
    }
}

fn front<'a>(candidates: &'a [Candidate], problem: &Problem) -> Vec<&'a Candidate> {
    let feasible: Vec<_> = candidates
        .iter()
        .filter(|c| c.feasible())
        .map(|c| (c, c.evaluation(problem)))
        .collect();
    let beaten =
        |one: &crate::optimize::Evaluation| feasible.iter().any(|(_, other)| dominates(other, one));
    let best = feasible.iter().filter(|(_, e)| !beaten(e));
    best.map(|(c, _)| *c).collect()
}

/// Searches until the budget is spent. `each` is told after every generation.
pub fn search(
    problem: &Problem,
    run: &mut Runs<'_>,
    each: &mut dyn FnMut(&[Candidate], usize),
) -> Ended {
    let mut search = Search {
        problem,
        run,
        candidates: Vec::new(),
        sessions: 0,
        stopped: false,
    };
    let mut optimizer = problem.optimizer();
    search.generation(vec![(problem.start(), problem.present.clone())]);
    each(&search.candidates, search.sessions);
    let mut idle = 0;
    while !search.stopped && search.sessions < problem.budget && idle < IDLE_GENERATIONS {
        let before = search.sessions;
        search.ask(optimizer.as_mut());
        idle = if search.sessions == before {
            idle + 1
        } else {
            0
        };
        each(&search.candidates, search.sessions);
    }
    Ended {
        candidates: search.candidates,
        sessions: search.sessions,
        stopped: search.stopped,
    }
}

struct Search<'a> {
    problem: &'a Problem,
    run: &'a mut Runs<'a>,
    candidates: Vec<Candidate>,
    sessions: usize,
    stopped: bool,
}

impl Search<'_> {
    /// One generation of an optimiser. What was tried before is not tried again.
    fn ask(&mut self, optimizer: &mut dyn Optimizer) {
        let points = optimizer.ask();
        let asked: Vec<(Vec<f64>, Vec<f64>)> = points
            .into_iter()
            .map(|point| {
                let values = self.problem.values(&point);
                (point, values)
            })
            .collect();
        let mut new: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
        for (point, values) in &asked {
            let known = self.candidates.iter().map(|c| &c.values);
            if !known.chain(new.iter().map(|(_, v)| v)).any(|v| v == values) {
                new.push((point.clone(), values.clone()));
            }
        }
        self.generation(new);
        if self.stopped {
            return;
        }
        let told = asked.iter().map(|(point, values)| {
            let same = self.candidates.iter().find(|c| c.values == *values);
            let mut told = same.unwrap_or(&self.candidates[0]).evaluation(self.problem);
            told.point.clone_from(point);
            told
        });
        let told: Vec<_> = told.collect();
        optimizer.tell(&told);
    }

    /// Runs candidates round by round.
    fn generation(&mut self, new: Vec<(Vec<f64>, Vec<f64>)>) {
        let first = self.candidates.len();
        for (point, values) in new {
            let campaign = &self.problem.training;
            self.candidates.push(Candidate {
                number: self.candidates.len(),
                point,
                values,
                trials: Vec::new(),
                refused: None,
                complete: false,
                totals: self.problem.totals(campaign, &[]),
                violation_k: 0.0,
            });
        }
        let bases = self.problem.training.bases.len();
        let samples = self.problem.training.drawing().samples as usize;
        let mut alive: Vec<usize> = (first..self.candidates.len()).collect();
        let mut done = 0;
        while done < samples && !alive.is_empty() && !self.stopped {
            // The present parameters and runs without a race have all at once.
            let all = first == 0 || !self.problem.racing;
            let more = if all { samples } else { done.max(1) };
            let until = (done + more).min(samples);
            self.round(&alive, done * bases..until * bases);
            alive.retain(|number| self.goes_on(*number, until));
            done = until;
        }
    }

    /// Some cases of each of some candidates, as far as the budget goes.
    fn round(&mut self, alive: &[usize], cases: std::ops::Range<usize>) {
        let left = self.problem.budget.saturating_sub(self.sessions);
        let asked = alive
            .iter()
            .flat_map(|number| cases.clone().map(move |case| (*number, case)));
        // The present parameters are what all others are held against.
        let left = if alive == [0] { usize::MAX } else { left };
        let asked: Vec<(usize, usize)> = asked.take(left).collect();
        let sessions: Vec<Session<'_>> = asked
            .iter()
            .map(|(candidate, case)| Session {
                candidate: *candidate,
                values: &self.candidates[*candidate].values,
                case: *case,
            })
            .collect();
        let Some(trials) = (self.run)(&sessions) else {
            self.stopped = true;
            return;
        };
        for ((number, _), trial) in asked.iter().zip(trials) {
            let candidate = &mut self.candidates[*number];
            match trial {
                // Behind a case that could not be run, cases have no place.
                Ok(_) if candidate.refused.is_some() => {}
                Ok(trial) => {
                    self.sessions += 1;
                    candidate.trials.push(trial);
                }
                Err(why) => candidate.refused = candidate.refused.take().or(Some(why)),
            }
        }
        for number in alive {
            self.count(*number);
        }
    }

    fn count(&mut self, number: usize) {
        let campaign = &self.problem.training;
        let candidate = &self.candidates[number];
        let totals = self.problem.totals(campaign, &candidate.trials);
        let now = if number == 0 {
            totals.clone()
        } else {
            self.candidates[0].totals.clone()
        };
        let candidate = &mut self.candidates[number];
        let reserve_k = self.problem.reserve_of_k(&candidate.values);
        candidate.violation_k = totals.violation_k(self.problem, &now, reserve_k);
        candidate.complete =
            candidate.refused.is_none() && candidate.trials.len() == campaign.cases();
        candidate.totals = totals;
    }

    fn goes_on(&self, number: usize, samples: usize) -> bool {
        let candidate = &self.candidates[number];
        let bases = self.problem.training.bases.len();
        if candidate.refused.is_some() || candidate.trials.len() < samples * bases {
            return false;
        }
        let held = !self.problem.racing || candidate.violation_k == 0.0;
        let hopeless = self.problem.racing
            && front(&self.candidates, self.problem)
                .into_iter()
                .any(|other| self.beaten(candidate, other));
        held && !hopeless
    }

    /// Whether another one is surely better in every objective.
    fn beaten(&self, one: &Candidate, other: &Candidate) -> bool {
        one.number != other.number
            && (0..self.problem.objectives.len()).all(|index| {
                let sign = self.problem.objectives[index].goal.sign();
                match self.problem.objectives[index].over {
                    Over::Worst => {
                        let total = |t: &Totals| t.objectives[index];
                        match (total(&one.totals), total(&other.totals)) {
                            (Some(a), Some(b)) => a * sign > b * sign,
                            _ => false,
                        }
                    }
                    Over::Mean => self.surely_worse(one, other, index, sign),
                }
            })
    }

    /// Paired differences of the samples' means, over the samples that both had.
    fn surely_worse(&self, one: &Candidate, other: &Candidate, index: usize, sign: f64) -> bool {
        let bases = self.problem.training.bases.len();
        let mean = |trials: &[Trial]| {
            let numbers = trials.iter().filter_map(|t| t.objectives[index]);
            let (sum, count) = numbers.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
            (count > 0.0).then(|| sum / count)
        };
        let pairs = one.trials.chunks(bases).zip(other.trials.chunks(bases));
        let worse: Vec<f64> = pairs
            .filter_map(|(a, b)| Some((mean(a)? - mean(b)?) * sign))
            .collect();
        let n = worse.len() as f64;
        if worse.len() < SAMPLES_MIN {
            return false;
        }
        let mean = worse.iter().sum::<f64>() / n;
        let squares: f64 = worse.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        mean > STANDARD_ERRORS * error && mean > 0.0
    }
}
