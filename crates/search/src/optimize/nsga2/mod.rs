//! NSGA-II: many objectives, a population that spreads along the front.
//!
//! K. Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II",
//! IEEE Trans. Evol. Comput. 6 (2002) 182-197. Screened, it makes many more
//! offspring than it asks for, and kriging models choose ([`Screen`]).

mod screen;
mod survival;
mod variation;

use screen::Screen;
use survival::Population;
use variation::mutate;

use super::draws::Draws;
use super::{Evaluation, Optimizer, assert_told, fronts};
use crate::vary::{Sampler, Sampling};

/// Points closer than this in every coordinate are one point: the later is drawn again.
const SAME: f64 = 1e-9;
/// Draws of a point before it is taken anywhere in the cube.
const REDRAWS_MAX: usize = 20;
/// Offspring of which a screen chooses.
const OFFSPRING: usize = 400;
/// Share of the screened offspring that are near a member of the front, by coordinate.
const NEAR: [f64; 3] = [0.01, 0.04, 0.15];
/// Points asked for at a time where a screen chooses: each is chosen by all before it.
const SCREENED_MIN: usize = 4;

/// Several objectives with constraints, by Deb's constrained domination.
///
/// The first generation is spread over the cube by scrambled Sobol' points, the
/// `starts` among them.
#[derive(Clone, Debug)]
pub struct Nsga2 {
    seed: u64,
    dimensions: usize,
    objectives: usize,
    size: usize,
    starts: Vec<Vec<f64>>,
    is_screened: bool,
    generation: u64,
    told: Vec<Evaluation>,
    population: Population,
    asked: Option<Vec<Vec<f64>>>,
}

impl Nsga2 {
    /// Before its first generation.
    ///
    /// # Panics
    /// Without dimensions or objectives, with a population below 4, or with a start
    /// that is no point of the cube.
    pub fn new(
        seed: u64,
        dimensions: usize,
        objectives: usize,
        population: usize,
        starts: &[Vec<f64>],
        screened: bool,
    ) -> Self {
        assert!(dimensions > 0 && objectives > 0, "nothing to look for");
        assert!(population >= 4, "a population of {population}");
        for start in starts {
            let inside = start.iter().all(|x| (0.0..=1.0).contains(x));
            assert!(start.len() == dimensions && inside, "{start:?}");
        }
        Nsga2 {
            seed,
            dimensions,
            objectives,
            size: population,
            starts: starts.to_vec(),
            is_screened: screened,
            generation: 0,
            told: Vec::new(),
            population: Population::default(),
            asked: None,
        }
    }

    fn first(&self) -> Vec<Vec<f64>> {
        let sampler = Sampler {
            sampling: Sampling::Sobol,
            seed: self.seed,
            samples: self.size as u32,
            names: (0..self.dimensions).map(|i| i.to_string()).collect(),
        };
        let spread = (0..self.size as u32).map(|number| sampler.point(number));
        let all = self.starts.iter().cloned().chain(spread);
        all.take(self.size).collect()
    }

    /// A point that is new: varied again, at last anywhere in the cube.
    fn fresh(&self, mut point: Vec<f64>, asked: &[Vec<f64>], draws: &mut Draws) -> Vec<f64> {
        for _ in 0..REDRAWS_MAX {
            let told = self.told.iter().map(|e| &e.point);
            if !told.chain(asked).any(|other| same(other, &point)) {
                return point;
            }
            mutate(draws, &mut point);
        }
        draws.point(self.dimensions)
    }

    fn varied(&self, count: usize, draws: &mut Draws) -> Vec<Vec<f64>> {
        let mut points: Vec<Vec<f64>> = Vec::new();
        while points.len() < count {
            for point in self.population.offspring(draws) {
                if points.len() < count {
                    let point = self.fresh(point, &points, draws);
                    points.push(point);
                }
            }
        }
        points
    }

    /// Offspring, neighbours of the front, and some from anywhere.
    fn pool(&self, draws: &mut Draws) -> Vec<Vec<f64>> {
        let mut pool = self.varied(OFFSPRING / 2, draws);
        let front = fronts(&self.told).into_iter().next().unwrap_or_default();
        for index in 0..OFFSPRING * 3 / 8 {
            let parent = &self.told[front[draws.below(front.len())]].point;
            let width = NEAR[index % NEAR.len()];
            let moved = |x: &f64| (x + width * draws.normal()).clamp(0.0, 1.0);
            pool.push(parent.iter().map(moved).collect());
        }
        while pool.len() < OFFSPRING {
            pool.push(draws.point(self.dimensions));
        }
        pool
    }

    fn next(&self) -> Vec<Vec<f64>> {
        if self.generation == 0 {
            return self.first();
        }
        let mut draws = Draws::new(self.seed, self.generation);
        let screen = self.is_screened.then(|| Screen::new(&self.told)).flatten();
        let Some(screen) = screen else {
            return self.varied(self.size, &mut draws);
        };
        let count = (self.size / 3).max(SCREENED_MIN);
        let mut pool = self.pool(&mut draws);
        pool.extend(screen.evolved(pool.clone(), &mut draws));
        let chosen = screen.choose(pool, &self.told, count, &mut draws);
        if chosen.is_empty() {
            self.varied(count, &mut draws)
        } else {
            chosen
        }
    }
}

impl Optimizer for Nsga2 {
    fn ask(&mut self) -> Vec<Vec<f64>> {
        if self.asked.is_none() {
            self.asked = Some(self.next());
        }
        self.asked.clone().unwrap_or_default()
    }

    fn tell(&mut self, evaluations: &[Evaluation]) {
        let asked = self.asked.take().expect("told before it was asked");
        assert_told(&asked, evaluations, self.objectives);
        self.told.extend_from_slice(evaluations);
        let mut all = std::mem::take(&mut self.population).members;
        all.extend_from_slice(evaluations);
        self.population = Population::best_of(&all, self.size);
        self.generation += 1;
    }
}

fn same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < SAME)
}
