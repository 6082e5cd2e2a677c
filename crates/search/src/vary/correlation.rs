//! Variables that go together: a heater's two zones from one roll of film.
//!
//! A Gaussian copula: each coordinate becomes a standard normal score, scores are
//! mixed so that they correlate as asked, and become coordinates again. Every
//! variable keeps its own distribution whatever it goes with.

use super::normal;

/// A pair and the correlation of its normal scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// Index of one variable.
    pub one: usize,
    /// Index of the other.
    pub other: usize,
    /// -1 < rho < 1.
    pub rho: f64,
}

/// The correlations contradict each other: no variables have them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPossible;

/// Lower triangle of the Cholesky factor of the correlation matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixing {
    rows: Vec<Vec<f64>>,
}

impl Mixing {
    /// Of so many variables; pairs that are not named are independent.
    ///
    /// # Errors
    /// When the matrix is not positive definite.
    pub fn new(count: usize, pairs: &[Correlation]) -> Result<Mixing, NotPossible> {
        let mut matrix = vec![vec![0.0; count]; count];
        for (index, row) in matrix.iter_mut().enumerate() {
            row[index] = 1.0;
        }
        for pair in pairs {
            matrix[pair.one][pair.other] = pair.rho;
            matrix[pair.other][pair.one] = pair.rho;
        }
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(count);
        for (i, wanted) in matrix.iter().enumerate() {
            let mut row = vec![0.0; i + 1];
            for j in 0..=i {
                let earlier = if j == i { &row[..j] } else { &rows[j][..j] };
                let dot: f64 = row.iter().zip(earlier).map(|(a, b)| a * b).sum();
                let rest = wanted[j] - dot;
                row[j] = if j < i {
                    rest / rows[j][j]
                } else if rest > 1e-12 {
                    libm::sqrt(rest)
                } else {
                    return Err(NotPossible);
                };
            }
            rows.push(row);
        }
        Ok(Mixing { rows })
    }

    /// Mixes a point of the unit cube; coordinates that go with none stay to the last bit.
    pub fn mix(&self, point: &mut [f64]) {
        let scores: Vec<f64> = point.iter().map(|u| normal::quantile(*u)).collect();
        for (coordinate, row) in point.iter_mut().zip(&self.rows) {
            let alone = row
                .split_last()
                .is_none_or(|(_, others)| others.iter().all(|c| *c == 0.0));
            if !alone {
                let score = row.iter().zip(&scores).map(|(c, z)| c * z).sum();
                *coordinate = normal::cumulative(score);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Sampler, Sampling};
    use super::*;

    #[test]
    fn scores_correlate_as_asked_and_each_variable_stays_uniform() {
        let pair = |one, other, rho| Correlation { one, other, rho };
        let pairs = [pair(0, 1, 0.8), pair(2, 1, -0.4)];
        let mixing = Mixing::new(4, &pairs).expect("possible");
        let sampler = Sampler {
            sampling: Sampling::Sobol,
            seed: 5,
            samples: 16_384,
            names: vec![String::new(); 4],
        };
        let mut scores = vec![Vec::new(); 4];
        let mut sums = [0.0; 4];
        for number in 0..16_384 {
            let plain = sampler.point(number);
            let mut point = plain.clone();
            mixing.mix(&mut point);
            assert_eq!((point[0], point[3]), (plain[0], plain[3]));
            for (i, u) in point.iter().enumerate() {
                assert!(*u > 0.0 && *u < 1.0);
                sums[i] += u;
                scores[i].push(normal::quantile(*u));
            }
        }
        for sum in sums {
            assert!((sum / 16_384.0 - 0.5).abs() < 1e-3, "{sum}");
        }
        let rho = |a: usize, b: usize| {
            let products = scores[a].iter().zip(&scores[b]).map(|(x, y)| x * y);
            products.sum::<f64>() / 16_384.0
        };
        let rows = [
            (0, 1, 0.8),
            (1, 2, -0.4),
            (0, 2, 0.0),
            (0, 3, 0.0),
            (2, 3, 0.0),
        ];
        for (a, b, wanted) in rows {
            assert!((rho(a, b) - wanted).abs() < 0.01, "{a} {b}: {}", rho(a, b));
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let pair = |one, other, rho| Correlation { one, other, rho };
        let round = [pair(0, 1, 0.9), pair(1, 2, 0.9), pair(0, 2, -0.9)];
        assert_eq!(Mixing::new(3, &round), Err(NotPossible));
        assert_eq!(Mixing::new(2, &[pair(0, 1, 1.0)]), Err(NotPossible));
        // Not named is independent, and that contradicts too.
        assert_eq!(Mixing::new(3, &round[..2]), Err(NotPossible));
        assert!(Mixing::new(3, &[pair(0, 1, 0.6), pair(1, 2, 0.6)]).is_ok());
    }
}
