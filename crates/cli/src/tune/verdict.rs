//! What the front's candidates are worth on what was held out.

use kneadsim_search::optimize::pick;
use kneadsim_search::tune::{Ended, Problem, Totals};

use super::journal::Done;

/// A candidate, tried on what was held out.
pub struct Tried {
    /// Its number in the search.
    pub candidate: usize,
    /// What its sessions came to.
    pub totals: Totals,
    /// Why a session could not be run, if so.
    pub refused: Option<String>,
}

impl Tried {
    /// From its sessions.
    pub fn new(problem: &Problem, candidate: usize, done: Vec<Done>) -> Tried {
        let refused = done.iter().find_map(|d| d.as_ref().err().cloned());
        let trials: Vec<_> = done.into_iter().map_while(Result::ok).collect();
        Tried {
            candidate,
            totals: problem.totals(&problem.held_out, &trials),
            refused,
        }
    }
}

/// The present parameters and some of the front, tried on what was held out.
pub struct Verdicts {
    /// The present parameters first, then in the order in which they are recommended.
    pub tried: Vec<Tried>,
    /// By how much each falls short of what must be kept, K.
    pub short_k: Vec<f64>,
    /// Candidates of the front, the present one aside.
    pub front: usize,
    better: Vec<usize>,
}

impl Verdicts {
    /// Judges them.
    pub fn new(problem: &Problem, tried: Vec<Tried>, front: usize) -> Verdicts {
        let now = &tried[0].totals;
        let short_k = tried.iter().map(|t| match t.refused {
            Some(_) => f64::INFINITY,
            None => t.totals.violation_k(problem, now, 0.0),
        });
        let better = tried.iter().map(|t| better(problem, now, &t.totals));
        Verdicts {
            short_k: short_k.collect(),
            better: better.collect(),
            front,
            tried,
        }
    }

    /// Objectives in which one is better than the present parameters.
    pub fn better(&self, index: usize) -> usize {
        self.better[index]
    }

    /// Whether one keeps everything on what was held out.
    pub fn keeps(&self, index: usize) -> bool {
        self.short_k[index] == 0.0
    }

    /// The one to take: the first that keeps everything and is better in something, by
    /// its place among those tried.
    pub fn recommended(&self) -> Option<usize> {
        (1..self.tried.len()).find(|i| self.keeps(*i) && self.better[*i] > 0)
    }
}

fn better(problem: &Problem, now: &Totals, then: &Totals) -> usize {
    let pairs = now.objectives.iter().zip(&then.objectives);
    let signs = problem.objectives.iter().map(|o| o.goal.sign());
    pairs
        .zip(signs)
        .filter(|((now, then), sign)| match (now, then) {
            (Some(now), Some(then)) => then * sign < now * sign,
            _ => false,
        })
        .count()
}

/// The front's candidates but the present one, in the order in which they are
/// recommended: the first has the largest least improvement in any objective, the next
/// is that of the rest.
pub fn in_order(problem: &Problem, ended: &Ended) -> Vec<usize> {
    let mut left: Vec<_> = ended
        .front(problem)
        .into_iter()
        .filter(|c| c.number != 0)
        .map(|c| (c.number, c.evaluation(problem)))
        .collect();
    let present = ended.candidates[0].evaluation(problem).objectives;
    let mut order = Vec::new();
    while !left.is_empty() {
        let evaluations: Vec<_> = left.iter().map(|(_, e)| e.clone()).collect();
        let Some(index) = pick(&evaluations, &present) else {
            break;
        };
        order.push(left.remove(index).0);
    }
    order
}
