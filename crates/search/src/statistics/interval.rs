//! How sure a share of failures is.

use super::beta::incomplete_beta;
use crate::vary::quantile;

/// A share and the interval that holds the true one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// What was counted.
    pub found: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Clopper and Pearson's interval of a share: holds the true one with at least
/// this confidence, whatever it is. For claims about safety.
/// Source: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413.
///
/// # Panics
/// With more hits than trials or no trial.
pub fn clopper_pearson(hits: usize, trials: usize, confidence: f64) -> Share {
    assert!(hits <= trials && trials > 0, "{hits} of {trials}");
    let (k, n) = (hits as f64, trials as f64);
    let tail = (1.0 - confidence) / 2.0;
    let low = match hits {
        0 => 0.0,
        _ => root(|p| incomplete_beta(p, k, n - k + 1.0) - tail),
    };
    let high = if hits == trials {
        1.0
    } else {
        root(|p| incomplete_beta(p, k + 1.0, n - k) - (1.0 - tail))
    };
    Share {
        found: k / n,
        low,
        high,
    }
}

/// Wilson's interval: shorter, right on average. Source: E. B. Wilson, J. Amer.
/// Statist. Assoc. 22 (1927) 209-212.
///
/// # Panics
/// With more hits than trials or no trial.
pub fn wilson(hits: usize, trials: usize, confidence: f64) -> Share {
    assert!(hits <= trials && trials > 0, "{hits} of {trials}");
    let (k, n) = (hits as f64, trials as f64);
    let z = quantile(0.5 + confidence / 2.0);
    let found = k / n;
    let centre = (found + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half =
        z / (1.0 + z * z / n) * libm::sqrt(found * (1.0 - found) / n + z * z / (4.0 * n * n));
    Share {
        found,
        low: if hits == 0 {
            0.0
        } else {
            (centre - half).max(0.0)
        },
        high: if hits == trials {
            1.0
        } else {
            (centre + half).min(1.0)
        },
    }
}

/// Where a rising function of a share is 0.
fn root(f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if f(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_scipy() {
        // Exact: scipy.stats.beta.ppf (binomtest stops its search at 2e-12); Wilson:
        // scipy.stats.binomtest(k, n).proportion_ci(0.95, "wilson").
        let rows = [
            (
                0,
                10,
                [0.0, 0.308_497_107_818_760_7],
                [0.0, 0.277_532_799_862_889_26],
            ),
            (
                3,
                10,
                [0.066_739_511_177_734_47, 0.652_452_850_059_997_3],
                [0.107_791_267_406_301_02, 0.603_221_852_538_854_6],
            ),
            (
                10,
                10,
                [0.691_502_892_181_239_2, 1.0],
                [0.722_467_200_137_110_9, 1.0],
            ),
            (
                7,
                100_000,
                [2.814_407_880_503_679_7e-5, 1.442_214_009_223_486_4e-4],
                [3.390_903_779_016_497e-5, 1.444_986_969_571_13e-4],
            ),
        ];
        for (k, n, exact, score) in rows {
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
            let share = clopper_pearson(k, n, 0.95);
            assert!(
                near(share.low, exact[0]) && near(share.high, exact[1]),
                "{k}/{n}: {share:?}"
            );
            let share = wilson(k, n, 0.95);
            assert!(
                near(share.low, score[0]) && near(share.high, score[1]),
                "{k}/{n}: {share:?}"
            );
        }
    }

    #[test]
    fn no_failure_in_n_runs_leaves_about_three_over_n() {
        // One-sided 95 %: the upper end of the two-sided 90 % interval is 1 - 0.05^(1/n).
        for n in [20, 1_000, 100_000] {
            let wanted = 1.0 - libm::pow(0.05, 1.0 / n as f64);
            let high = clopper_pearson(0, n, 0.9).high;
            assert!((high / wanted - 1.0).abs() < 1e-9, "{n}: {high} {wanted}");
        }
    }
}
