//! What is tuned, towards what, and what must hold.

use super::candidate::Totals;
use super::objective::Objective;
use super::parameter::Parameter;
use super::trial::Trial;
use crate::campaign::Campaign;
use crate::optimize::{CmaEs, Nsga2, Optimizer};

/// What an expectation must keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Required {
    /// At least this nearness, K; 0: that it holds. Where the present parameters have
    /// less, what they have.
    AtLeast(f64),
    /// At least what the present parameters have, in the worst sample.
    AsNow,
}

/// How candidates are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// CMA-ES, for one objective.
    CmaEs,
    /// NSGA-II, for any number of objectives.
    Nsga2,
}

impl Algorithm {
    /// All.
    pub const ALL: [Algorithm; 2] = [Algorithm::CmaEs, Algorithm::Nsga2];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::CmaEs => "cma_es",
            Algorithm::Nsga2 => "nsga2",
        }
    }
}

/// A problem of tuning, without the scenarios' content.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What is tuned.
    pub parameters: Vec<Parameter>,
    /// Their present values, as the scenarios have them.
    pub present: Vec<f64>,
    /// Towards what.
    pub objectives: Vec<Objective>,
    /// For each base, of training and then held out: names of its expectations, and
    /// what they must keep.
    pub expectations: Vec<Vec<(String, Required)>>,
    /// Tolerances and the samples of them that candidates are tried on; its bases are
    /// the training scenarios' cases.
    pub training: Campaign,
    /// Others, on which the result is tried; its bases are the training scenarios' cases
    /// and then those that are held out.
    pub held_out: Campaign,
    /// Others again, of the same bases as `held_out`, on which the one that the trial
    /// chose is claimed: nothing was chosen by them.
    pub claim: Campaign,
    /// How candidates are found.
    pub algorithm: Algorithm,
    /// Candidates in a generation.
    pub population: usize,
    /// Sessions in all, those of the present parameters among them.
    pub budget: usize,
    /// Of everything that the search draws.
    pub seed: u64,
    /// Whether candidates without hope are left early.
    pub racing: bool,
    /// What a candidate must have beyond the present margins in the search's samples, K,
    /// so that it keeps them on others.
    pub reserve_k: f64,
    /// Candidates of the front that are tried on what was held out.
    pub validate: usize,
}

impl Problem {
    /// The reserve that is asked of these values, K: the present ones have none beyond
    /// themselves.
    pub fn reserve_of_k(&self, values: &[f64]) -> f64 {
        if values == self.present {
            0.0
        } else {
            self.reserve_k
        }
    }

    /// Values of a point of the unit cube.
    pub fn values(&self, point: &[f64]) -> Vec<f64> {
        let places = self.parameters.iter().zip(point);
        places.map(|(p, place)| p.value(*place)).collect()
    }

    /// The present values as a point of the unit cube, within the bounds.
    pub fn start(&self) -> Vec<f64> {
        let values = self.parameters.iter().zip(&self.present);
        values.map(|(p, value)| p.place(*value)).collect()
    }

    /// What looks for candidates.
    pub fn optimizer(&self) -> Box<dyn Optimizer> {
        let start = self.start();
        match self.algorithm {
            Algorithm::CmaEs => {
                Box::new(CmaEs::new(self.seed, &start, 0.25, Some(self.population)))
            }
            Algorithm::Nsga2 => Box::new(Nsga2::new(
                self.seed,
                self.parameters.len(),
                self.objectives.len(),
                self.population,
                &[start],
                true,
            )),
        }
    }

    /// Totals of sessions of a campaign's cases, from the first on.
    pub fn totals(&self, campaign: &Campaign, trials: &[Trial]) -> Totals {
        Totals::of(self, campaign, trials)
    }
}
