//! What the margin depends on, from the runs that there are.
//!
//! Sobol' indices after Saltelli need a design of (variables + 2) times as many
//! runs, made for that alone, and independent variables. These numbers need no
//! runs of their own and hold for any sample: random, Latin or Sobol', correlated,
//! discrete, or half done.

/// How one variable acts on a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sensitivity {
    /// First-order index: share of the result's variance that goes when the
    /// variable is known, by bins of equal counts, without the share that bins of
    /// noise alone would have (0 where that is greater). Source: E. Plischke,
    /// Reliab. Eng. Syst. Saf. 95 (2010) 354-360; the correction is that of
    /// analysis of variance (epsilon squared).
    pub first_order: f64,
    /// 95 % interval of it: the jackknife over 20 blocks of samples and
    /// Student's t. Source: J. Shao and D. Tu, The Jackknife and Bootstrap, Springer
    /// 1995, ch. 2. For random samples; rather too wide for more even ones.
    pub first_order_interval: [f64; 2],
    /// Spearman's rank correlation: which way it acts; 0 for unordered choices.
    pub rank_correlation: f64,
    /// Greatest distance between the variable's distribution among the worst
    /// twentieth of results and among all others (Kolmogorov-Smirnov): what makes
    /// the tail, which variance may not show.
    pub tail: f64,
    /// Above this the tail's distance is chance in 1 of 20 samples (the same
    /// test's critical value).
    pub tail_chance: f64,
}

/// Share of results that is the tail.
const TAIL: f64 = 0.05;
/// Bins of a number.
const BINS_MAX: usize = 32;
/// Results in a bin at least.
const BIN_MIN: usize = 20;

/// Blocks of the jackknife.
const BLOCKS: usize = 20;
/// Student's t of one less, two-sided 95 %.
const T: f64 = 2.093_024;

/// How `results` (smaller is worse) depend on a variable's `values`; `ordered`
/// where the values are numbers and not choices. None where nothing varies or
/// there are fewer than forty results.
pub fn sensitivity(values: &[f64], results: &[f64], ordered: bool) -> Option<Sensitivity> {
    let n = values.len().min(results.len());
    if n < 2 * BIN_MIN {
        return None;
    }
    let mut by_value: Vec<usize> = (0..n).collect();
    by_value.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let raw = share_explained(&groups(&by_value, values, ordered), results)?;
    let reach = T * standard_error(&by_value, values, results, ordered);
    let worst = n - ((n as f64 * TAIL) as usize).max(1);
    let mut by_result: Vec<usize> = (0..n).collect();
    by_result.sort_by(|a, b| results[*b].total_cmp(&results[*a]).then(a.cmp(b)));
    let mut is_worst = vec![false; n];
    for index in &by_result[worst..] {
        is_worst[*index] = true;
    }
    let (m, rest) = ((n - worst) as f64, worst as f64);
    Some(Sensitivity {
        first_order: raw.clamp(0.0, 1.0),
        first_order_interval: [raw - reach, raw + reach].map(|end| end.clamp(0.0, 1.0)),
        rank_correlation: if ordered {
            spearman(&values[..n], &results[..n])
        } else {
            0.0
        },
        tail: distance(&by_value, values, &is_worst, ordered),
        tail_chance: 1.358 * libm::sqrt((m + rest) / (m * rest)),
    })
}

/// Bins of equal counts of a number, or the choices: indices of results.
fn groups<'a>(by_value: &'a [usize], values: &[f64], ordered: bool) -> Vec<&'a [usize]> {
    let n = by_value.len();
    if ordered {
        let bins = (n / BIN_MIN).clamp(1, BINS_MAX);
        (0..bins)
            .map(|b| &by_value[b * n / bins..(b + 1) * n / bins])
            .collect()
    } else {
        by_value.chunk_by(|a, b| values[*a] == values[*b]).collect()
    }
}

/// Of the share: how much it differs without one block of samples or another.
fn standard_error(by_value: &[usize], values: &[f64], results: &[f64], ordered: bool) -> f64 {
    let without: Vec<f64> = (0..BLOCKS)
        .filter_map(|block| {
            let kept = by_value.iter().copied();
            let kept: Vec<usize> = kept.filter(|i| i % BLOCKS != block).collect();
            share_explained(&groups(&kept, values, ordered), results)
        })
        .collect();
    let count = without.len() as f64;
    let mean = without.iter().sum::<f64>() / count;
    let squares: f64 = without.iter().map(|s| (s - mean) * (s - mean)).sum();
    libm::sqrt(squares * (count - 1.0) / count)
}

/// Not bounded: below 0 where there is less than noise alone would make.
fn share_explained(groups: &[&[usize]], results: &[f64]) -> Option<f64> {
    let n: usize = groups.iter().map(|g| g.len()).sum();
    let mean_of = |g: &[usize]| g.iter().map(|i| results[*i]).sum::<f64>() / g.len() as f64;
    let mean = groups
        .iter()
        .map(|g| mean_of(g) * g.len() as f64)
        .sum::<f64>()
        / n as f64;
    let square = |x: f64| x * x;
    let between: f64 = groups
        .iter()
        .map(|g| g.len() as f64 * square(mean_of(g) - mean))
        .sum();
    let total: f64 = groups
        .iter()
        .flat_map(|g| g.iter())
        .map(|i| square(results[*i] - mean))
        .sum();
    let within = total - between;
    if total <= 0.0 {
        return None;
    }
    if groups.len() < 2 || n <= groups.len() {
        return Some(0.0);
    }
    let noise = within / (n - groups.len()) as f64 * (groups.len() - 1) as f64;
    Some((between - noise) / total)
}

/// Ranks from 0; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let mean = first as f64 + (equal.len() - 1) as f64 / 2.0;
        equal.iter().for_each(|i| ranks[*i] = mean);
        first += equal.len();
    }
    ranks
}

fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() - 1) as f64 / 2.0;
    let product = |x: &[f64], y: &[f64]| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum()
    };
    let scale = libm::sqrt(product(&a, &a) * product(&b, &b));
    if scale > 0.0 {
        product(&a, &b) / scale
    } else {
        0.0
    }
}

/// Greatest distance of two distributions: of sums for numbers, of shares (half
/// of their total) for choices.
fn distance(by_value: &[usize], values: &[f64], is_worst: &[bool], ordered: bool) -> f64 {
    let worst = is_worst.iter().filter(|w| **w).count() as f64;
    let rest = is_worst.len() as f64 - worst;
    let (mut apart, mut sum, mut greatest) = (0.0, 0.0, 0.0f64);
    for equal in by_value.chunk_by(|a, b| values[*a] == values[*b]) {
        let here = equal.iter().filter(|i| is_worst[**i]).count() as f64;
        let step = here / worst - (equal.len() as f64 - here) / rest;
        sum += step;
        greatest = greatest.max(sum.abs());
        apart += step.abs();
    }
    if ordered { greatest } else { apart / 2.0 }
}

#[cfg(test)]
mod tests {
    use core::f64::consts::PI;

    use super::*;
    use crate::vary::{Sampler, Sampling};

    fn points(samples: u32, dimensions: usize) -> Vec<Vec<f64>> {
        let sampler = Sampler {
            sampling: Sampling::Sobol,
            seed: 1,
            samples,
            names: vec![String::new(); dimensions],
        };
        (0..samples).map(|n| sampler.point(n)).collect()
    }

    fn column(points: &[Vec<f64>], index: usize) -> Vec<f64> {
        points.iter().map(|p| p[index]).collect()
    }

    #[test]
    fn first_order_indices_of_ishigami_are_those_of_the_closed_form() {
        // T. Ishigami and T. Homma 1990, a = 7, b = 0.1: S = 0.3139, 0.4424, 0.
        let points = points(16_384, 4);
        let angle = |u: f64| PI * (2.0 * u - 1.0);
        let results: Vec<f64> = points
            .iter()
            .map(|p| {
                let [x, y, z] = [angle(p[0]), angle(p[1]), angle(p[2])];
                let s = libm::sin(y);
                libm::sin(x) + 7.0 * s * s + 0.1 * z * z * z * z * libm::sin(x)
            })
            .collect();
        for (index, wanted) in [0.3139, 0.4424, 0.0, 0.0].into_iter().enumerate() {
            let found = sensitivity(&column(&points, index), &results, true).expect("it varies");
            assert!(
                (found.first_order - wanted).abs() < 0.012,
                "{index}: {found:?}"
            );
        }
    }

    /// The interval holds the closed form as often as it says, with random samples of
    /// a campaign's size.
    #[test]
    fn intervals_of_first_order_indices_hold_ishigamis() {
        let angle = |u: f64| PI * (2.0 * u - 1.0);
        let (campaigns, mut held, mut width) = (200, [0; 4], [0.0; 4]);
        for seed in 0..campaigns {
            let sampler = Sampler {
                sampling: Sampling::Random,
                seed,
                samples: 2_048,
                names: ["x", "y", "z", "none"].map(str::to_owned).to_vec(),
            };
            let points: Vec<Vec<f64>> = (0..2_048).map(|n| sampler.point(n)).collect();
            let result = |p: &Vec<f64>| {
                let [x, y, z] = [angle(p[0]), angle(p[1]), angle(p[2])];
                let s = libm::sin(y);
                libm::sin(x) + 7.0 * s * s + 0.1 * z * z * z * z * libm::sin(x)
            };
            let results: Vec<f64> = points.iter().map(result).collect();
            for (index, wanted) in [0.3139, 0.4424, 0.0, 0.0].into_iter().enumerate() {
                let found = sensitivity(&column(&points, index), &results, true);
                let [low, high] = found.expect("it varies").first_order_interval;
                held[index] += u32::from((low..=high).contains(&wanted));
                width[index] += (high - low) / campaigns as f64;
            }
        }
        println!("held of {campaigns}: {held:?}, widths {width:.3?}");
        // 95 % of 200 are 190; fewer than 180 would come by chance once in 10 000.
        assert!(held.iter().all(|held| *held >= 180), "{held:?}");
        assert!(width.iter().all(|width| *width < 0.12), "{width:?}");
    }

    #[test]
    fn of_a_sum_each_has_its_share_of_the_variance_and_its_sign() {
        // 4 x - 2 y + z: variances 16, 4 and 1 of 21.
        let points = points(8_192, 4);
        let results: Vec<f64> = points
            .iter()
            .map(|p| 4.0 * p[0] - 2.0 * p[1] + p[2])
            .collect();
        let rows = [
            (16.0 / 21.0, 1.0),
            (4.0 / 21.0, -1.0),
            (1.0 / 21.0, 1.0),
            (0.0, 0.0),
        ];
        for (index, (share, sign)) in rows.into_iter().enumerate() {
            let found = sensitivity(&column(&points, index), &results, true).expect("it varies");
            assert!(
                (found.first_order - share).abs() < 0.01,
                "{index}: {found:?}"
            );
            // For a nearly linear law, rank correlation squared is about the share.
            let wanted = sign * libm::sqrt(share);
            assert!(
                (found.rank_correlation - wanted).abs() < 0.03,
                "{index}: {found:?}"
            );
            assert_eq!(
                found.tail > found.tail_chance,
                share > 0.0,
                "{index}: {found:?}"
            );
        }
    }

    #[test]
    fn what_makes_only_the_tail_shows_there() {
        // A rare value that costs a little: no variance to speak of, all of the tail.
        let points = points(4_096, 2);
        let rare: Vec<f64> = points.iter().map(|p| f64::from(p[0] < 0.02)).collect();
        let results: Vec<f64> = points
            .iter()
            .zip(&rare)
            .map(|(p, r)| p[1] - 0.9 * r)
            .collect();
        let found = sensitivity(&rare, &results, false).expect("it varies");
        assert!(found.first_order < 0.2 && found.tail > 0.3, "{found:?}");
        let other = sensitivity(&column(&points, 1), &results, true).expect("it varies");
        assert!(other.first_order > 0.7, "{other:?}");
    }

    #[test]
    fn nothing_is_said_of_few_runs_or_of_none_that_differ() {
        assert_eq!(sensitivity(&[1.0; 39], &[1.0; 39], true), None);
        assert_eq!(sensitivity(&[1.0; 100], &[1.0; 100], true), None);
    }
}
