//! How the values of one variable are spread.

use super::normal;

/// A spread of values. Every one is bounded: a tolerance without an end is no
/// tolerance, and a value beyond what the product can be is refused, not clipped.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Normal, cut off at both limits: values beyond do not occur, those within
    /// are as likely to each other as without limits.
    Normal {
        /// Mean of the distribution before it is cut.
        mean: f64,
        /// Standard deviation before it is cut, above 0.
        sd: f64,
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
    },
    /// Every value as likely as any other.
    Uniform {
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
    },
    /// Every ratio as likely: the logarithm is uniform.
    LogUniform {
        /// Least value, above 0.
        min: f64,
        /// Greatest value.
        max: f64,
    },
    /// Rises in a straight line to the likeliest value and falls in one from it.
    Triangular {
        /// Least value.
        min: f64,
        /// Likeliest value.
        mode: f64,
        /// Greatest value.
        max: f64,
    },
    /// One of some values, by their index; each with its share of the sum.
    Among {
        /// Names of the values, for tables and plots.
        names: Vec<String>,
        /// Their numbers, where they are numbers.
        numbers: Option<Vec<f64>>,
        /// Weights, not negative, with a sum above 0; as many as names.
        weights: Vec<f64>,
    },
}

/// A value drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Draw {
    /// A number in the variable's unit.
    Number(f64),
    /// The index of a value of [`Distribution::Among`].
    Choice(usize),
}

impl Distribution {
    /// The value below which the share `u` of all values lies, 0 <= u <= 1.
    pub fn quantile(&self, u: f64) -> Draw {
        match self {
            Distribution::Normal { mean, sd, min, max } => {
                Draw::Number(normal_between(u, *mean, *sd, *min, *max))
            }
            Distribution::Uniform { min, max } => Draw::Number(between(u, *min, *max)),
            Distribution::LogUniform { min, max } => {
                let exponent = between(u, libm::log(*min), libm::log(*max));
                Draw::Number(libm::exp(exponent).clamp(*min, *max))
            }
            Distribution::Triangular { min, mode, max } => {
                Draw::Number(triangular(u, *min, *mode, *max))
            }
            Distribution::Among { weights, .. } => Draw::Choice(choice(u, weights)),
        }
    }

    /// Least and greatest value; none for a choice.
    pub fn range(&self) -> Option<(f64, f64)> {
        match self {
            Distribution::Normal { min, max, .. }
            | Distribution::Uniform { min, max }
            | Distribution::LogUniform { min, max }
            | Distribution::Triangular { min, max, .. } => Some((*min, *max)),
            Distribution::Among { .. } => None,
        }
    }
}

fn between(u: f64, min: f64, max: f64) -> f64 {
    // Exact at both ends, never beyond them.
    (min * (1.0 - u) + max * u).clamp(min, max)
}

fn normal_between(u: f64, mean: f64, sd: f64, min: f64, max: f64) -> f64 {
    let (low, high) = ((min - mean) / sd, (max - mean) / sd);
    // In the upper tail a share near 1 has few digits left: mirrored it has all.
    let z = if low > 0.0 {
        -within(1.0 - u, -high, -low)
    } else {
        within(u, low, high)
    };
    (mean + sd * z).clamp(min, max)
}

/// The quantile between two cuts of the standard normal.
fn within(u: f64, low: f64, high: f64) -> f64 {
    let (below_low, below_high) = (normal::cumulative(low), normal::cumulative(high));
    normal::quantile(below_low * (1.0 - u) + below_high * u)
}

fn triangular(u: f64, min: f64, mode: f64, max: f64) -> f64 {
    let width = max - min;
    if width <= 0.0 {
        return min;
    }
    let rises = (mode - min) / width;
    let value = if u < rises {
        min + libm::sqrt(u * width * (mode - min))
    } else {
        max - libm::sqrt((1.0 - u) * width * (max - mode))
    };
    value.clamp(min, max)
}

fn choice(u: f64, weights: &[f64]) -> usize {
    let sum: f64 = weights.iter().sum();
    let mut left = u * sum;
    let mut last = 0;
    for (index, weight) in weights.iter().enumerate().filter(|(_, w)| **w > 0.0) {
        last = index;
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(distribution: &Distribution, u: f64) -> f64 {
        match distribution.quantile(u) {
            Draw::Number(value) => value,
            Draw::Choice(_) => panic!("a number was wanted"),
        }
    }

    /// Mean and standard deviation over a fine grid of quantiles.
    fn moments(distribution: &Distribution) -> (f64, f64) {
        let n = 200_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for i in 0..n {
            let x = number(distribution, (f64::from(i) + 0.5) / f64::from(n));
            sum += x;
            squares += x * x;
        }
        let mean = sum / f64::from(n);
        (mean, libm::sqrt(squares / f64::from(n) - mean * mean))
    }

    #[test]
    fn mean_and_spread_are_those_of_the_closed_forms() {
        // Normal cut at +-1 sd: variance 1 - 2 phi(1) / (2 Phi(1) - 1), phi(1) = 0.241 970 7.
        let cut = libm::sqrt(1.0 - 2.0 * 0.241_970_724_519_143_37 / 0.682_689_492_137_086);
        let rows = [
            (
                Distribution::Normal {
                    mean: 12.0,
                    sd: 2.0,
                    min: 10.0,
                    max: 14.0,
                },
                12.0,
                2.0 * cut,
            ),
            (
                Distribution::Uniform {
                    min: -1.0,
                    max: 3.0,
                },
                1.0,
                4.0 / libm::sqrt(12.0),
            ),
            (
                Distribution::Triangular {
                    min: 0.0,
                    mode: 1.0,
                    max: 5.0,
                },
                2.0,
                libm::sqrt((25.0 + 1.0 - 5.0) / 18.0),
            ),
            // (max - min) / ln(max / min), and its second moment.
            (
                Distribution::LogUniform {
                    min: 1.0,
                    max: 10.0,
                },
                9.0 / core::f64::consts::LN_10,
                libm::sqrt(
                    99.0 / (2.0 * core::f64::consts::LN_10)
                        - (9.0 / core::f64::consts::LN_10) * (9.0 / core::f64::consts::LN_10),
                ),
            ),
        ];
        for (distribution, mean, sd) in rows {
            let (m, s) = moments(&distribution);
            assert!(
                (m - mean).abs() < 1e-4,
                "{distribution:?}: mean {m}, wanted {mean}"
            );
            assert!(
                (s - sd).abs() < 1e-4,
                "{distribution:?}: sd {s}, wanted {sd}"
            );
        }
    }

    #[test]
    fn values_rise_with_the_share_and_end_at_the_limits() {
        let rows = [
            Distribution::Normal {
                mean: 0.0,
                sd: 1.0,
                min: -3.0,
                max: 2.0,
            },
            // Limits far out in either tail.
            Distribution::Normal {
                mean: 0.0,
                sd: 1.0,
                min: 12.0,
                max: 13.0,
            },
            Distribution::Normal {
                mean: 0.0,
                sd: 1.0,
                min: -13.0,
                max: -12.0,
            },
            Distribution::Uniform { min: 0.1, max: 0.3 },
            Distribution::LogUniform {
                min: 0.001,
                max: 50.0,
            },
            Distribution::Triangular {
                min: 1.0,
                mode: 1.0,
                max: 2.0,
            },
            Distribution::Triangular {
                min: 1.0,
                mode: 2.0,
                max: 2.0,
            },
        ];
        for distribution in rows {
            let (min, max) = distribution.range().expect("numbers");
            let values: Vec<f64> = (0..=1_000)
                .map(|i| number(&distribution, f64::from(i) / 1_000.0))
                .collect();
            assert!(values.is_sorted(), "{distribution:?}");
            assert!(
                values.iter().all(|v| (min..=max).contains(v)),
                "{distribution:?}"
            );
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * (max - min);
            assert!(
                near(values[0], min) && near(values[1_000], max),
                "{distribution:?}"
            );
            assert!(values[400] < values[600], "{distribution:?}");
        }
    }

    #[test]
    fn choices_come_in_the_ratio_of_their_weights() {
        let among = Distribution::Among {
            names: ["a", "b", "never", "c"].map(str::to_owned).to_vec(),
            numbers: None,
            weights: vec![1.0, 2.0, 0.0, 5.0],
        };
        let mut counts = [0; 4];
        for i in 0..8_000 {
            match among.quantile((f64::from(i) + 0.5) / 8_000.0) {
                Draw::Choice(index) => counts[index] += 1,
                Draw::Number(_) => panic!("a choice was wanted"),
            }
        }
        assert_eq!(counts, [1_000, 2_000, 0, 5_000]);
        assert_eq!(among.quantile(1.0), Draw::Choice(3));
        assert_eq!(among.quantile(0.0), Draw::Choice(0));
    }
}
