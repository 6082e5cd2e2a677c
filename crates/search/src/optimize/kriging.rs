//! Kriging: what a dear function is likely to give where nobody has looked.
//!
//! A Gaussian process with a constant mean, a Matern 5/2 kernel with a length for
//! every coordinate, and a nugget. Lengths and nugget maximise the likelihood with
//! mean and variance put in as they follow (D. R. Jones, M. Schonlau, W. J. Welch,
//! "Efficient global optimization of expensive black-box functions", J. Global Optim.
//! 13 (1998) 455-492, section 2), by a fixed pattern search, so that the same data
//! give the same bits.

/// Lengths that are tried first, the same for all coordinates; the cube's side is 1.
const LENGTHS: [f64; 5] = [0.15, 0.3, 0.6, 1.2, 2.4];
/// Nuggets that are tried first, as shares of the variance.
const NUGGETS: [f64; 2] = [1e-6, 1e-3];
/// A length or a nugget is tried times and divided by these, one after the other.
const STEPS: [f64; 2] = [2.0, 1.4];
/// Least and greatest length.
const LENGTH_RANGE: (f64, f64) = (0.03, 10.0);
/// Least and greatest nugget.
const NUGGET_RANGE: (f64, f64) = (1e-8, 0.1);

/// A model of one number over the unit cube.
#[derive(Clone, Debug)]
pub struct Kriging {
    points: Vec<Vec<f64>>,
    lengths: Vec<f64>,
    /// Mean of the data as the model sees them, in the data's unit.
    mean: f64,
    /// Variance far from all data, in the data's unit squared.
    variance: f64,
    nugget: f64,
    factor: Factor,
    /// The inverse correlations times what the mean leaves.
    weights: Vec<f64>,
    /// The inverse correlations times ones, and the sum of it.
    ones: Vec<f64>,
    ones_sum: f64,
}

/// What a model expects at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// Expected value.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

impl Kriging {
    /// Fits a model; none with fewer than two points or where nothing differs.
    ///
    /// # Panics
    /// When there are not as many values as points.
    pub fn fit(points: &[Vec<f64>], values: &[f64]) -> Option<Kriging> {
        assert_eq!(points.len(), values.len(), "values");
        let differs = values.iter().any(|v| *v != values[0]);
        if points.len() < 2 || !differs {
            return None;
        }
        let dimensions = points[0].len();
        let mut best: Option<Fit> = None;
        for length in LENGTHS {
            for nugget in NUGGETS {
                Fit::better(&mut best, points, values, vec![length; dimensions], nugget);
            }
        }
        for step in STEPS {
            for coordinate in 0..=dimensions {
                for factor in [step, 1.0 / step] {
                    let Some(now) = &best else { continue };
                    let (mut lengths, mut nugget) = (now.lengths.clone(), now.nugget);
                    match lengths.get_mut(coordinate) {
                        Some(length) => {
                            *length = (*length * factor).clamp(LENGTH_RANGE.0, LENGTH_RANGE.1);
                        }
                        None => {
                            let moved = nugget * factor * factor * factor;
                            nugget = moved.clamp(NUGGET_RANGE.0, NUGGET_RANGE.1);
                        }
                    }
                    Fit::better(&mut best, points, values, lengths, nugget);
                }
            }
        }
        let fit = best?;
        Some(Kriging {
            points: points.to_vec(),
            lengths: fit.lengths,
            mean: fit.mean,
            variance: fit.variance,
            nugget: fit.nugget,
            factor: fit.factor,
            weights: fit.weights,
            ones_sum: fit.ones.iter().sum(),
            ones: fit.ones,
        })
    }

    /// What it expects at a point.
    pub fn predict(&self, point: &[f64]) -> Prediction {
        let near: Vec<f64> = self
            .points
            .iter()
            .map(|p| correlation(p, point, &self.lengths))
            .collect();
        let explained = dot(&near, &self.weights);
        let solved = self.factor.half_solve(&near);
        let known = dot(&solved, &solved);
        // What is not known of the mean adds to it.
        let rest = 1.0 - dot(&near, &self.ones);
        let unknown = (1.0 + self.nugget - known + rest * rest / self.ones_sum).max(0.0);
        Prediction {
            mean: self.mean + explained,
            sd: (self.variance * unknown).sqrt(),
        }
    }
}

struct Fit {
    likelihood: f64,
    lengths: Vec<f64>,
    nugget: f64,
    mean: f64,
    variance: f64,
    factor: Factor,
    weights: Vec<f64>,
    ones: Vec<f64>,
}

impl Fit {
    /// Takes the place of `best` where it is likelier.
    fn better(
        best: &mut Option<Fit>,
        points: &[Vec<f64>],
        values: &[f64],
        lengths: Vec<f64>,
        nugget: f64,
    ) {
        if let Some(fit) = Fit::new(points, values, lengths, nugget)
            && best.as_ref().is_none_or(|b| fit.likelihood > b.likelihood)
        {
            *best = Some(fit);
        }
    }

    /// None where the correlations cannot be factored.
    fn new(points: &[Vec<f64>], values: &[f64], lengths: Vec<f64>, nugget: f64) -> Option<Fit> {
        let n = points.len();
        let factor = Factor::new(n, |i, j| {
            let own = if i == j { nugget } else { 0.0 };
            correlation(&points[i], &points[j], &lengths) + own
        })?;
        let ones = factor.solve(&vec![1.0; n]);
        let mean = dot(&ones, values) / ones.iter().sum::<f64>();
        let left: Vec<f64> = values.iter().map(|v| v - mean).collect();
        let weights = factor.solve(&left);
        let variance = dot(&left, &weights) / n as f64;
        if !(variance > 0.0 && variance.is_finite()) {
            return None;
        }
        let likelihood = -0.5 * (n as f64 * libm::log(variance)) - factor.log_diagonal();
        likelihood.is_finite().then_some(Fit {
            likelihood,
            lengths,
            nugget,
            mean,
            variance,
            factor,
            weights,
            ones,
        })
    }
}

/// Matern 5/2.
fn correlation(a: &[f64], b: &[f64], lengths: &[f64]) -> f64 {
    let each = a.iter().zip(b).zip(lengths);
    let squared: f64 = each
        .map(|((a, b), length)| {
            let d = (a - b) / length;
            d * d
        })
        .sum();
    let r = (5.0 * squared).sqrt();
    (1.0 + r + r * r / 3.0) * libm::exp(-r)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Cholesky's factor, the lower triangle row by row.
#[derive(Clone, Debug)]
struct Factor {
    rows: Vec<Vec<f64>>,
}

impl Factor {
    /// None where the matrix is not positive definite.
    fn new(n: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Factor> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(n);
        for i in 0..n {
            let mut row = Vec::with_capacity(i + 1);
            for (j, other) in rows.iter().enumerate() {
                let left = entry(i, j) - dot(&row[..j], &other[..j]);
                row.push(left / other[j]);
            }
            let left = entry(i, i) - dot(&row, &row);
            if !(left > 0.0 && left.is_finite()) {
                return None;
            }
            row.push(left.sqrt());
            rows.push(row);
        }
        Some(Factor { rows })
    }

    /// Half of the logarithm of the determinant.
    fn log_diagonal(&self) -> f64 {
        let each = self.rows.iter().enumerate();
        each.map(|(i, row)| libm::log(row[i])).sum()
    }

    /// The lower triangle's inverse times a vector.
    fn half_solve(&self, right: &[f64]) -> Vec<f64> {
        let mut solved: Vec<f64> = Vec::with_capacity(right.len());
        for (row, value) in self.rows.iter().zip(right) {
            let i = solved.len();
            solved.push((value - dot(&row[..i], &solved)) / row[i]);
        }
        solved
    }

    /// The matrix's inverse times a vector.
    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut solved = self.half_solve(right);
        for i in (0..solved.len()).rev() {
            solved[i] /= self.rows[i][i];
            let value = solved[i];
            for (j, below) in solved[..i].iter_mut().enumerate() {
                *below -= self.rows[i][j] * value;
            }
        }
        solved
    }
}
