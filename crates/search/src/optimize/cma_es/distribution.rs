//! The normal distribution that points are drawn from, and how it learns.
//!
//! Names and equation numbers are those of the tutorial, arXiv 1604.00772.

use super::super::draws::Draws;
use super::super::eigen::Eigen;

/// Recombination weights and learning rates, table 1 of the tutorial.
#[derive(Clone, Debug)]
struct Rates {
    weights: Vec<f64>,
    mu: usize,
    mu_eff: f64,
    c_sigma: f64,
    d_sigma: f64,
    c_c: f64,
    c_1: f64,
    c_mu: f64,
    /// Expected length of a standard normal vector.
    chi_n: f64,
}

impl Rates {
    fn new(n: usize, population: usize) -> Self {
        let (n, lambda) = (n as f64, population as f64);
        let raw: Vec<f64> = (1..=population)
            .map(|i| libm::log((lambda + 1.0) / 2.0) - libm::log(i as f64))
            .collect();
        let mu = population / 2;
        let sum = |w: &[f64]| w.iter().sum::<f64>();
        let effective = |w: &[f64]| sum(w) * sum(w) / w.iter().map(|w| w * w).sum::<f64>();
        let (mu_eff, mu_eff_minus) = (effective(&raw[..mu]), effective(&raw[mu..]));
        let c_1 = 2.0 / ((n + 1.3) * (n + 1.3) + mu_eff);
        let c_mu = (2.0 * (0.25 + mu_eff + 1.0 / mu_eff - 2.0) / ((n + 2.0) * (n + 2.0) + mu_eff))
            .min(1.0 - c_1);
        // Negative weights: the smallest of three bounds (eq. 50 to 53).
        let negative = (1.0 + c_1 / c_mu)
            .min(1.0 + 2.0 * mu_eff_minus / (mu_eff + 2.0))
            .min((1.0 - c_1 - c_mu) / (n * c_mu))
            .max(0.0);
        let plus = sum(&raw[..mu]);
        let minus: f64 = raw.iter().filter(|w| **w < 0.0).map(|w| -w).sum();
        let weights = raw
            .iter()
            .map(|w| {
                if *w >= 0.0 {
                    w / plus
                } else {
                    negative * w / minus
                }
            })
            .collect();
        let c_sigma = (mu_eff + 2.0) / (n + mu_eff + 5.0);
        let excess = (libm::sqrt((mu_eff - 1.0) / (n + 1.0)) - 1.0).max(0.0);
        Self {
            weights,
            mu,
            mu_eff,
            c_sigma,
            d_sigma: 1.0 + 2.0 * excess + c_sigma,
            c_c: (4.0 + mu_eff / n) / (n + 4.0 + 2.0 * mu_eff / n),
            c_1,
            c_mu,
            chi_n: libm::sqrt(n) * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n)),
        }
    }
}

/// N(mean, sigma^2 C).
#[derive(Clone, Debug)]
pub(super) struct Distribution {
    rates: Rates,
    mean: Vec<f64>,
    sigma: f64,
    covariance: Vec<Vec<f64>>,
    eigen: Eigen,
    /// Conjugate path, of the step size.
    p_sigma: Vec<f64>,
    /// Path of the covariance.
    p_c: Vec<f64>,
    updates: i32,
}

impl Distribution {
    pub(super) fn new(mean: &[f64], sigma: f64, population: usize) -> Self {
        let n = mean.len();
        let covariance: Vec<Vec<f64>> = (0..n)
            .map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect())
            .collect();
        Self {
            rates: Rates::new(n, population),
            mean: mean.to_vec(),
            sigma,
            eigen: Eigen::new(&covariance),
            covariance,
            p_sigma: vec![0.0; n],
            p_c: vec![0.0; n],
            updates: 0,
        }
    }

    pub(super) fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// Mean variance of a coordinate.
    pub(super) fn variance(&self) -> f64 {
        let trace: f64 = (0..self.mean.len()).map(|i| self.covariance[i][i]).sum();
        self.sigma * self.sigma * trace / self.mean.len() as f64
    }

    /// Largest step that the next points or the path still take in a coordinate.
    pub(super) fn step_max(&self) -> f64 {
        let steps = (0..self.mean.len())
            .map(|i| libm::sqrt(self.covariance[i][i].max(0.0)).max(self.p_c[i].abs()));
        self.sigma * steps.fold(0.0, f64::max)
    }

    /// Ratio of the largest to the smallest eigenvalue.
    pub(super) fn condition(&self) -> f64 {
        let values = &self.eigen.values;
        values[values.len() - 1] / values[0]
    }

    /// m + sigma B D z (eq. 40 to 42 of the algorithm's summary).
    pub(super) fn sample(&self, draws: &mut Draws) -> Vec<f64> {
        let scores: Vec<f64> = self
            .eigen
            .values
            .iter()
            .map(|value| libm::sqrt(*value) * draws.normal())
            .collect();
        self.eigen
            .vectors
            .iter()
            .zip(&self.mean)
            .map(|(row, mean)| mean + self.sigma * dot(row, &scores))
            .collect()
    }

    /// Learns from points, the best first.
    pub(super) fn update(&mut self, ranked: &[&[f64]]) {
        let n = self.mean.len();
        let rates = &self.rates;
        let steps: Vec<Vec<f64>> = ranked
            .iter()
            .map(|x| {
                x.iter()
                    .zip(&self.mean)
                    .map(|(x, m)| (x - m) / self.sigma)
                    .collect()
            })
            .collect();
        let mut mean_step = vec![0.0; n];
        for (step, weight) in steps.iter().zip(&rates.weights).take(rates.mu) {
            for (sum, y) in mean_step.iter_mut().zip(step) {
                *sum += weight * y;
            }
        }
        // The mean stays in the cube; else most of the next points lay outside.
        for (mean, y) in self.mean.iter_mut().zip(&mean_step) {
            *mean = (*mean + self.sigma * y).clamp(0.0, 1.0);
        }
        self.updates += 1;
        let whitened = self.whitened(&mean_step);
        let gain = libm::sqrt(rates.c_sigma * (2.0 - rates.c_sigma) * rates.mu_eff);
        for (p, y) in self.p_sigma.iter_mut().zip(&whitened) {
            *p = (1.0 - rates.c_sigma) * *p + gain * y;
        }
        let length = libm::sqrt(dot(&self.p_sigma, &self.p_sigma));
        let fading = 1.0 - libm::pow(1.0 - rates.c_sigma, f64::from(2 * self.updates));
        let is_calm = length / libm::sqrt(fading) < (1.4 + 2.0 / (n as f64 + 1.0)) * rates.chi_n;
        let h_sigma = f64::from(u8::from(is_calm));
        let gain = h_sigma * libm::sqrt(rates.c_c * (2.0 - rates.c_c) * rates.mu_eff);
        for (p, y) in self.p_c.iter_mut().zip(&mean_step) {
            *p = (1.0 - rates.c_c) * *p + gain * y;
        }
        self.adapt(&steps, h_sigma);
        let change = self.rates.c_sigma / self.rates.d_sigma * (length / self.rates.chi_n - 1.0);
        // At most a factor e in a generation: clipped points can make the path long.
        self.sigma *= libm::exp(change.min(1.0));
        self.eigen = Eigen::new(&self.covariance);
        // Rounding must not make a direction's variance vanish or turn negative.
        let floor = self.eigen.values[n - 1] * 1e-16;
        for value in &mut self.eigen.values {
            *value = value.max(floor);
        }
    }

    /// Rank one and rank mu, with the worse half's steps counted against (eq. 47).
    fn adapt(&mut self, steps: &[Vec<f64>], h_sigma: f64) {
        let n = self.mean.len();
        let rates = &self.rates;
        let scaled: Vec<f64> = steps
            .iter()
            .zip(&rates.weights)
            .map(|(step, weight)| {
                if *weight >= 0.0 {
                    return *weight;
                }
                let whitened = self.whitened(step);
                weight * n as f64 / (dot(&whitened, &whitened) + f64::MIN_POSITIVE)
            })
            .collect();
        let total: f64 = rates.weights.iter().sum();
        let forgotten = (1.0 - h_sigma) * rates.c_c * (2.0 - rates.c_c);
        let kept = 1.0 + rates.c_1 * forgotten - rates.c_1 - rates.c_mu * total;
        for i in 0..n {
            for j in i..n {
                let pairs = steps.iter().zip(&scaled);
                let rank_mu: f64 = pairs.map(|(y, w)| w * y[i] * y[j]).sum();
                let value = kept * self.covariance[i][j]
                    + rates.c_1 * self.p_c[i] * self.p_c[j]
                    + rates.c_mu * rank_mu;
                self.covariance[i][j] = value;
                self.covariance[j][i] = value;
            }
        }
    }

    /// C^-1/2 y.
    fn whitened(&self, y: &[f64]) -> Vec<f64> {
        let n = y.len();
        let scores: Vec<f64> = (0..n)
            .map(|k| {
                let column: f64 = (0..n).map(|i| self.eigen.vectors[i][k] * y[i]).sum();
                column / libm::sqrt(self.eigen.values[k])
            })
            .collect();
        self.eigen
            .vectors
            .iter()
            .map(|row| dot(row, &scores))
            .collect()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
