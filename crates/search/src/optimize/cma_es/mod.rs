//! CMA-ES with active covariance, in a box, restarted with doubled populations.
//!
//! N. Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772;
//! restarts: A. Auger and N. Hansen, "A restart CMA evolution strategy with
//! increasing population size", CEC 2005.

mod distribution;
mod stagnation;

use core::cmp::Ordering;

use distribution::Distribution;
use stagnation::Stagnation;

use super::draws::Draws;
use super::{Evaluation, Optimizer, assert_told};

/// Draws of a point before what still lies outside of the cube is clipped.
const REDRAWS_MAX: usize = 10;

/// One objective. What lies outside of the cube is drawn again, at last clipped;
/// a clipped point is ranked with a penalty on its way to the cube (tutorial,
/// B.5), whose weight follows the spread of the objective. Complete points rank before those
/// stopped early, then the smaller violation, then the smaller objective.
///
/// Where a generation's progress is over, the next starts anew at a random
/// point with twice the population, as long as somebody asks.
#[derive(Clone, Debug)]
pub struct CmaEs {
    seed: u64,
    sigma_first: f64,
    population: usize,
    generation: u64,
    distribution: Distribution,
    stagnation: Stagnation,
    /// The generation that was asked for.
    asked: Option<Asked>,
}

/// Points as drawn, and as asked for: those moved into the cube.
#[derive(Clone, Debug)]
struct Asked {
    drawn: Vec<Vec<f64>>,
    points: Vec<Vec<f64>>,
}

impl CmaEs {
    /// Starts at `start`, in the unit cube, with standard deviation `sigma` in
    /// every coordinate. A population is 4 + 3 ln n points where it is not said.
    ///
    /// # Panics
    /// Without dimensions, with a start outside of the cube, a sigma that is not
    /// positive, or a population below 4.
    pub fn new(seed: u64, start: &[f64], sigma: f64, population: Option<usize>) -> Self {
        let n = start.len();
        assert!(n > 0, "no dimensions");
        assert!(start.iter().all(|x| (0.0..=1.0).contains(x)), "{start:?}");
        assert!(sigma > 0.0 && sigma.is_finite(), "sigma {sigma}");
        let population = population.unwrap_or(4 + (3.0 * libm::log(n as f64)) as usize);
        assert!(population >= 4, "a population of {population}");
        Self {
            seed,
            sigma_first: sigma,
            population,
            generation: 0,
            distribution: Distribution::new(start, sigma, population),
            stagnation: Stagnation::new(n, population),
            asked: None,
        }
    }

    fn drawn(&self) -> Asked {
        let mut draws = Draws::new(self.seed, self.generation);
        let drawn: Vec<Vec<f64>> = (0..self.population)
            .map(|_| {
                let mut point = self.distribution.sample(&mut draws);
                for _ in 0..REDRAWS_MAX {
                    if is_inside(&point) {
                        break;
                    }
                    point = self.distribution.sample(&mut draws);
                }
                point
            })
            .collect();
        let points = drawn.iter().map(|point| clipped(point)).collect();
        Asked { drawn, points }
    }

    fn restart(&mut self) {
        let n = self.distribution.mean().len();
        self.population *= 2;
        // Streams of generations count up from 0, those of starts down from the top.
        let start = Draws::new(self.seed, u64::MAX - self.generation).point(n);
        self.distribution = Distribution::new(&start, self.sigma_first, self.population);
        self.stagnation = Stagnation::new(n, self.population);
    }
}

impl Optimizer for CmaEs {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        if self.asked.is_none() {
            self.asked = Some(self.drawn());
        }
        self.asked.iter().flat_map(|a| a.points.clone()).collect()
    }

    fn tell(&mut self, evaluations: &[Evaluation]) {
        let asked = self.asked.take().expect("told before it was asked");
        assert_told(&asked.points, evaluations, 1);
        let outside: Vec<f64> = asked
            .drawn
            .iter()
            .zip(&asked.points)
            .map(|(d, p)| d.iter().zip(p).map(|(d, p)| (d - p) * (d - p)).sum())
            .collect();
        let weight = self
            .stagnation
            .penalty_weight(evaluations, self.distribution.variance());
        let costs: Vec<Cost> = evaluations
            .iter()
            .zip(&outside)
            .map(|(e, outside)| Cost {
                is_partial: e.partial,
                violation: e.violation,
                objective: e.objectives[0] + weight * outside,
                outside: *outside,
            })
            .collect();
        let mut order: Vec<usize> = (0..costs.len()).collect();
        order.sort_by(|a, b| costs[*a].compared(&costs[*b]).then(a.cmp(b)));
        let ranked: Vec<&[f64]> = order.iter().map(|i| asked.drawn[*i].as_slice()).collect();
        self.distribution.update(&ranked);
        self.generation += 1;
        let ranked: Vec<Cost> = order.iter().map(|i| costs[*i]).collect();
        self.stagnation.note(&ranked);
        if self
            .stagnation
            .is_over(&self.distribution, self.sigma_first)
        {
            self.restart();
        }
    }
}

/// What a point is ranked by.
#[derive(Clone, Copy, Debug)]
struct Cost {
    is_partial: bool,
    violation: f64,
    /// With the penalty.
    objective: f64,
    /// Squared distance from the cube.
    outside: f64,
}

impl Cost {
    fn compared(&self, other: &Cost) -> Ordering {
        let feasible = self.violation == 0.0 && other.violation == 0.0;
        self.is_partial
            .cmp(&other.is_partial)
            .then(self.violation.total_cmp(&other.violation))
            .then(if feasible {
                self.objective.total_cmp(&other.objective)
            } else {
                self.outside.total_cmp(&other.outside)
            })
    }
}

fn is_inside(point: &[f64]) -> bool {
    point.iter().all(|x| (0.0..=1.0).contains(x))
}

fn clipped(point: &[f64]) -> Vec<f64> {
    point.iter().map(|x| x.clamp(0.0, 1.0)).collect()
}
