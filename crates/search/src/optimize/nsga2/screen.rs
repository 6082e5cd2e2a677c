//! Which of many offspring are worth their sessions: kriging models of the objectives
//! and of what is short say what each would add to the front's hypervolume.

use super::super::dominance::no_worse;
use super::super::draws::Draws;
use super::super::hypervolume::gain;
use super::super::{Evaluation, Kriging};
use super::survival::Population;
use crate::vary::cumulative;

/// Evaluations that models are made of: the newest, and all of the first front.
const MODELLED: usize = 160;
/// Complete evaluations before those stopped early are left out of the objectives' models.
const COMPLETE_MIN: usize = 12;
/// How many standard deviations a prediction is taken on its good side, from offspring
/// to offspring: some choices trust the models, others look where they do not know.
const HOPE: [f64; 3] = [0.0, 0.5, 1.0];
/// Standard deviations on the good side, members and generations of the search on the models.
const EVOLVED_HOPE: f64 = 0.5;
const EVOLVED_SIZE: usize = 60;
const EVOLVED_GENERATIONS: usize = 25;
/// The reference lies this share of the front's range beyond its worst.
const BEYOND: f64 = 0.1;
/// Points closer than this in every coordinate count as one.
const CLOSE: f64 = 1e-3;

/// Models of everything that was told.
pub(super) struct Screen {
    objectives: Vec<Kriging>,
    /// -1 where everything is kept, up to 1 with what is short; none where nothing ever was.
    short: Option<Kriging>,
    /// Feasible and complete evaluations' objectives.
    front: Vec<Vec<f64>>,
}

impl Screen {
    /// None where there is too little to make models of.
    pub fn new(told: &[Evaluation]) -> Option<Screen> {
        // What could not be run at all says something of what is short alone.
        let sound = |e: &&Evaluation| e.objectives.iter().all(|o| o.abs() < 1e8);
        let complete = told.iter().filter(|e| !e.partial).count();
        let usable: Vec<&Evaluation> = told
            .iter()
            .filter(sound)
            .filter(|e| !e.partial || complete < COMPLETE_MIN)
            .collect();
        let usable = newest(&usable);
        let points: Vec<Vec<f64>> = usable.iter().map(|e| e.point.clone()).collect();
        let count = told.first()?.objectives.len();
        let objectives: Option<Vec<Kriging>> = (0..count)
            .map(|i| {
                let values: Vec<f64> = usable.iter().map(|e| e.objectives[i]).collect();
                Kriging::fit(&points, &values)
            })
            .collect();
        let all: Vec<&Evaluation> = told.iter().collect();
        let front = told
            .iter()
            .filter(|e| !e.partial && e.violation == 0.0)
            .map(|e| e.objectives.clone())
            .collect();
        Some(Screen {
            objectives: objectives?,
            short: short(&newest(&all)),
            front,
        })
    }

    /// Points that a whole NSGA-II finds on the models, from some points on: each on the
    /// good side of its prediction.
    pub fn evolved(&self, points: Vec<Vec<f64>>, draws: &mut Draws) -> Vec<Vec<f64>> {
        let dreamt = |points: Vec<Vec<f64>>| -> Vec<Evaluation> {
            let each = points.into_iter().map(|point| {
                let expected = self.expected(point);
                Evaluation {
                    objectives: expected.hoped(EVOLVED_HOPE),
                    violation: (0.5 - expected.kept).max(0.0),
                    point: expected.point,
                    partial: false,
                }
            });
            each.collect()
        };
        let mut population = Population::best_of(&dreamt(points), EVOLVED_SIZE);
        for _ in 0..EVOLVED_GENERATIONS {
            let mut offspring = Vec::with_capacity(EVOLVED_SIZE);
            while offspring.len() < EVOLVED_SIZE {
                offspring.extend(population.offspring(draws));
            }
            let mut all = population.members;
            all.extend(dreamt(offspring));
            population = Population::best_of(&all, EVOLVED_SIZE);
        }
        population.members.into_iter().map(|e| e.point).collect()
    }

    /// The `count` best of some points, none close to another or to what was told.
    pub fn choose(
        &self,
        offspring: Vec<Vec<f64>>,
        told: &[Evaluation],
        count: usize,
        draws: &mut Draws,
    ) -> Vec<Vec<f64>> {
        let mut left: Vec<Expected> = Vec::new();
        for point in offspring {
            let seen = told.iter().map(|e| &e.point);
            let mut known = seen.chain(left.iter().map(|e| &e.point));
            if !known.any(|other| close(other, &point)) {
                left.push(self.expected(point));
            }
        }
        let mut front = self.front.clone();
        let mut chosen = Vec::new();
        let first = draws.below(HOPE.len());
        let (low, high) = ranges(&front, &left);
        while chosen.len() < count && !left.is_empty() {
            let hope = HOPE[(first + chosen.len()) % HOPE.len()];
            let best = left
                .iter()
                .enumerate()
                .map(|(index, e)| (index, e.worth(&front, &low, &high, hope)))
                .reduce(|best, now| if now.1 > best.1 { now } else { best });
            let Some((index, _)) = best else { break };
            let taken = left.swap_remove(index);
            // As if it had been tried and given what is expected.
            if taken.kept > 0.5 {
                front.push(taken.mean.clone());
            }
            left.retain(|e| !close(&e.point, &taken.point));
            chosen.push(taken.point);
        }
        chosen
    }

    fn expected(&self, point: Vec<f64>) -> Expected {
        let predictions = self.objectives.iter().map(|m| m.predict(&point));
        let (mean, sd) = predictions.map(|p| (p.mean, p.sd)).unzip();
        let kept = self.short.as_ref().map_or(1.0, |model| {
            let short = model.predict(&point);
            cumulative(-short.mean / short.sd.max(1e-9))
        });
        Expected {
            point,
            mean,
            sd,
            kept,
        }
    }
}

struct Expected {
    point: Vec<f64>,
    mean: Vec<f64>,
    sd: Vec<f64>,
    /// Probability that everything is kept.
    kept: f64,
}

impl Expected {
    /// The objectives on their good side, so many standard deviations from the mean.
    fn hoped(&self, hope: f64) -> Vec<f64> {
        let each = self.mean.iter().zip(&self.sd);
        each.map(|(mean, sd)| mean - hope * sd).collect()
    }

    /// The hypervolume that it would add, as a share of the front's box, by the
    /// probability that it is feasible; where nothing is feasible yet, that alone.
    fn worth(&self, front: &[Vec<f64>], low: &[f64], high: &[f64], hope: f64) -> f64 {
        if front.is_empty() {
            return self.kept;
        }
        let scaled = |values: &[f64]| -> Vec<f64> {
            let each = values.iter().zip(low).zip(high);
            each.map(|((v, l), h)| (v - l) / (h - l)).collect()
        };
        let hoped = self.hoped(hope);
        let front: Vec<Vec<f64>> = front.iter().map(|f| scaled(f)).collect();
        let reference = vec![1.0 + BEYOND; low.len()];
        let added = gain(&scaled(&hoped), &front, &reference);
        // What adds nothing is ordered by how far it is from adding something.
        let far: f64 = scaled(&hoped).iter().map(|v| v.max(0.0)).sum();
        self.kept * (added + 1e-9 / (1.0 + far))
    }
}

/// The range, in each objective, of what no other is better than among the front and
/// what is expected: a front that is short yet must not hide how long it can be.
fn ranges(front: &[Vec<f64>], left: &[Expected]) -> (Vec<f64>, Vec<f64>) {
    let likely = left.iter().filter(|e| e.kept > 0.5).map(|e| &e.mean);
    let all: Vec<&Vec<f64>> = front.iter().chain(likely).collect();
    let best: Vec<&Vec<f64>> = all
        .iter()
        .filter(|one| {
            let beats = |other: &&&Vec<f64>| **other != **one && no_worse(other, one);
            !all.iter().any(|other| beats(&other))
        })
        .copied()
        .collect();
    let count = left.first().map_or(0, |e| e.mean.len());
    (0..count)
        .map(|i| {
            let values = best.iter().map(|f| f[i]);
            let low = values.clone().fold(f64::INFINITY, f64::min);
            let high = values.fold(f64::NEG_INFINITY, f64::max);
            if high > low {
                (low, high)
            } else if low.is_finite() {
                // One point: its neighbourhood by the models' doubt.
                let doubt = left.iter().map(|e| e.sd[i]).fold(0.0, f64::max).max(1e-9);
                (low - doubt, low + doubt)
            } else {
                (0.0, 1.0)
            }
        })
        .unzip()
}

/// What is short, on a scale that the greatest of it does not spoil.
fn short(told: &[&Evaluation]) -> Option<Kriging> {
    let mut amounts: Vec<f64> = told
        .iter()
        .map(|e| e.violation)
        .filter(|v| *v > 0.0)
        .collect();
    if amounts.is_empty() {
        return None;
    }
    amounts.sort_by(f64::total_cmp);
    let middle = amounts[amounts.len() / 2];
    let values: Vec<f64> = told
        .iter()
        .map(|e| {
            if e.violation > 0.0 {
                0.2 + 0.8 * e.violation / (e.violation + middle)
            } else {
                -1.0
            }
        })
        .collect();
    let points: Vec<Vec<f64>> = told.iter().map(|e| e.point.clone()).collect();
    Kriging::fit(&points, &values)
}

/// The best half by its rank among all, and the newest of the rest.
fn newest<'a>(told: &[&'a Evaluation]) -> Vec<&'a Evaluation> {
    if told.len() <= MODELLED {
        return told.to_vec();
    }
    let owned: Vec<Evaluation> = told.iter().map(|e| (*e).clone()).collect();
    let ranked: Vec<usize> = super::super::fronts(&owned).into_iter().flatten().collect();
    let mut keep = vec![false; told.len()];
    for index in ranked.iter().take(MODELLED / 2) {
        keep[*index] = true;
    }
    let mut room = MODELLED - MODELLED / 2;
    for index in (0..told.len()).rev() {
        if room > 0 && !keep[index] {
            keep[index] = true;
            room -= 1;
        }
    }
    let kept = told.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(e, _)| *e).collect()
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < CLOSE)
}
