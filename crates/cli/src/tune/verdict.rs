//! What the front's candidates are worth: the trial on what was held out chooses one,
//! and the claim, on samples that chose nothing, says whether it is recommended.

use kneadsim_search::campaign::Campaign;
use kneadsim_search::optimize::pick;
use kneadsim_search::tune::{Ended, Problem, Totals};

use super::journal::Done;

/// A candidate with every session of the trial or of the claim.
pub struct Tried {
    /// Its number in the search.
    pub candidate: usize,
    /// What its sessions came to.
    pub totals: Totals,
    /// Why a session could not be run, if so.
    pub refused: Option<String>,
}

impl Tried {
    /// From its sessions of a campaign.
    pub fn new(problem: &Problem, campaign: &Campaign, candidate: usize, done: Vec<Done>) -> Tried {
        let refused = done.iter().find_map(|d| d.as_ref().err().cloned());
        let trials: Vec<_> = done.into_iter().map_while(Result::ok).collect();
        Tried {
            candidate,
            totals: problem.totals(campaign, &trials),
            refused,
        }
    }
}

/// Some candidates over the same sessions, the present parameters first.
pub struct Compared {
    /// The present parameters, then the others.
    pub tried: Vec<Tried>,
    /// By how much each falls short of what must be kept, K.
    pub short_k: Vec<f64>,
    better: Vec<usize>,
}

impl Compared {
    fn new(problem: &Problem, tried: Vec<Tried>) -> Compared {
        let now = &tried[0].totals;
        let short_k = tried.iter().map(|t| match t.refused {
            Some(_) => f64::INFINITY,
            None => t.totals.violation_k(problem, now, 0.0),
        });
        let better = tried.iter().map(|t| better(problem, now, &t.totals));
        Compared {
            short_k: short_k.collect(),
            better: better.collect(),
            tried,
        }
    }

    /// What the present parameters came to.
    pub fn now(&self) -> &Totals {
        &self.tried[0].totals
    }

    /// Objectives in which one is better than the present parameters.
    pub fn better(&self, index: usize) -> usize {
        self.better[index]
    }

    /// Whether one keeps everything.
    pub fn keeps(&self, index: usize) -> bool {
        self.short_k[index] == 0.0
    }

    /// Whether one keeps everything and is better in something.
    fn convinces(&self, index: usize) -> bool {
        self.keeps(index) && self.better[index] > 0
    }
}

/// The trial, and the claim of the one that it chose.
pub struct Verdicts {
    /// The present parameters and some of the front, in the order of recommendation, on
    /// what was held out.
    pub trial: Compared,
    /// The present parameters and the chosen one, on samples that chose nothing; none
    /// where nothing was chosen.
    pub claim: Option<Compared>,
    /// Candidates of the front, the present one aside.
    pub front: usize,
}

impl Verdicts {
    /// After the trial, without a claim.
    pub fn new(problem: &Problem, tried: Vec<Tried>, front: usize) -> Verdicts {
        Verdicts {
            trial: Compared::new(problem, tried),
            claim: None,
            front,
        }
    }

    /// With the sessions of the claim: the present parameters and the chosen one.
    pub fn with_claim(self, problem: &Problem, tried: Vec<Tried>) -> Verdicts {
        Verdicts {
            claim: Some(Compared::new(problem, tried)),
            ..self
        }
    }

    /// The one that the trial chooses: the first that keeps everything and is better in
    /// something, by its place among those tried.
    pub fn chosen(&self) -> Option<usize> {
        (1..self.trial.tried.len()).find(|i| self.trial.convinces(*i))
    }

    /// Number of the candidate to take: the chosen one, if the claim bears it out. When
    /// it does not, no other is claimed on the same samples: they would choose too.
    pub fn recommended(&self) -> Option<usize> {
        let claim = self.claim.as_ref().filter(|claim| claim.convinces(1))?;
        Some(claim.tried[1].candidate)
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
