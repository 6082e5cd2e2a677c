//! What the rows of a campaign say together.

use super::{Campaign, Ending, Row, Worst};
use crate::statistics::{Sensitivity, Share, clopper_pearson, quantile, sensitivity};
use crate::vary::{Distribution, Draw};

/// Shares at which quantiles are given.
pub const QUANTILES: [f64; 7] = [0.0, 0.001, 0.01, 0.05, 0.5, 0.95, 1.0];
/// Confidence of intervals.
pub const CONFIDENCE: f64 = 0.95;

/// Collects rows, in any order.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Ending of each case; none where there was none yet.
    endings: Vec<Option<Ending>>,
    /// Nearness of each case, K; NaN where there is none.
    nearness_k: Vec<f64>,
    /// Each measure of each case; NaN where there is none.
    measures: Vec<Vec<f64>>,
    worst: Worst,
}

/// Counts of one base, or of all.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    /// As [`Ending::ALL`].
    pub endings: [usize; 4],
    /// Share of cases that did not pass, with its exact interval; none of no cases.
    pub not_passed: Option<Share>,
    /// Smallest nearness, K.
    pub nearest_k: Option<f64>,
}

/// One variable's influence on the nearness of a sample's worst base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Influence {
    /// Index of the variable.
    pub variable: usize,
    /// How it acts.
    pub sensitivity: Sensitivity,
}

impl Summary {
    /// Of no rows yet.
    pub fn new(campaign: &Campaign) -> Summary {
        let cases = campaign.cases();
        Summary {
            endings: vec![None; cases],
            nearness_k: vec![f64::NAN; cases],
            measures: vec![vec![f64::NAN; cases]; campaign.measures.len()],
            worst: Worst::new(campaign.keep_worst),
        }
    }

    /// Takes a row.
    ///
    /// # Panics
    /// When the row is of another campaign.
    pub fn take(&mut self, row: &Row) {
        self.endings[row.case] = Some(row.ending);
        self.nearness_k[row.case] = row.nearness_k.unwrap_or(f64::NAN);
        for (column, value) in self.measures.iter_mut().zip(&row.measures) {
            column[row.case] = value.unwrap_or(f64::NAN);
        }
        self.worst.take(row);
    }

    /// The worst rows, worst first.
    pub fn worst(&self) -> &[Row] {
        self.worst.rows()
    }

    /// Rows taken.
    pub fn done(&self) -> usize {
        self.endings.iter().flatten().count()
    }

    /// Counts of all cases.
    pub fn all(&self) -> Counts {
        self.count(0..self.endings.len())
    }

    /// Counts of one base.
    pub fn of_base(&self, campaign: &Campaign, base: usize) -> Counts {
        self.count((base..self.endings.len()).step_by(campaign.bases.len()))
    }

    /// Samples of which every base is done, and those in which one did not pass:
    /// what can be claimed of a product and its user, as the bases of one sample
    /// are no independent trials.
    pub fn samples(&self, campaign: &Campaign) -> (usize, usize) {
        let complete = self.endings.chunks(campaign.bases.len());
        let complete = complete.filter(|c| c.iter().all(Option::is_some));
        complete.fold((0, 0), |(done, bad), sample| {
            let failed = sample.iter().any(|e| *e != Some(Ending::Pass));
            (done + 1, bad + usize::from(failed))
        })
    }

    fn count(&self, cases: impl Iterator<Item = usize>) -> Counts {
        let mut endings = [0; 4];
        let mut nearest_k = f64::INFINITY;
        for case in cases {
            if let Some(ending) = self.endings[case] {
                endings[ending as usize] += 1;
            }
            if self.nearness_k[case] < nearest_k {
                nearest_k = self.nearness_k[case];
            }
        }
        let done: usize = endings.iter().sum();
        Counts {
            endings,
            not_passed: (done > 0).then(|| clopper_pearson(done - endings[0], done, CONFIDENCE)),
            nearest_k: nearest_k.is_finite().then_some(nearest_k),
        }
    }

    /// Nearness of all cases, sorted, K.
    pub fn sorted_nearness_k(&self) -> Vec<f64> {
        sorted(&self.nearness_k)
    }

    /// A measure of all cases, sorted.
    pub fn sorted_measure(&self, measure: usize) -> Vec<f64> {
        sorted(&self.measures[measure])
    }

    /// Quantiles of sorted values, as [`QUANTILES`].
    pub fn quantiles(sorted: &[f64]) -> [Option<f64>; QUANTILES.len()] {
        QUANTILES.map(|p| quantile(sorted, p))
    }

    /// Of each complete sample its number, the nearness of its worst base and
    /// whether all its bases passed.
    pub fn by_sample(&self, campaign: &Campaign) -> Vec<(u32, f64, bool)> {
        let bases = campaign.bases.len();
        let samples = self
            .nearness_k
            .chunks(bases)
            .zip(self.endings.chunks(bases));
        samples
            .enumerate()
            .filter_map(|(number, (near, endings))| {
                let worst = near.iter().copied().fold(f64::INFINITY, f64::min);
                let all = endings.iter().all(Option::is_some) && worst.is_finite();
                let passed = endings.iter().all(|e| *e == Some(Ending::Pass));
                all.then_some((number as u32, worst, passed))
            })
            .collect()
    }

    /// Variables by their influence, the greatest first: by the share of variance
    /// or of the tail, whichever is greater.
    pub fn influences(&self, campaign: &Campaign) -> Vec<Influence> {
        let samples = self.by_sample(campaign);
        let results: Vec<f64> = samples.iter().map(|s| s.1).collect();
        let draws: Vec<Vec<Draw>> = samples.iter().map(|s| campaign.draws(s.0)).collect();
        let mut found: Vec<Influence> = (0..campaign.variables.len())
            .filter_map(|variable| {
                let distribution = &campaign.variables[variable].distribution;
                let number = |d: &Vec<Draw>| as_number(distribution, d[variable]);
                let values: Vec<f64> = draws.iter().map(number).collect();
                let ordered = !matches!(distribution, Distribution::Among { numbers: None, .. });
                let sensitivity = sensitivity(&values, &results, ordered)?;
                Some(Influence {
                    variable,
                    sensitivity,
                })
            })
            .collect();
        let size = |i: &Influence| {
            i.sensitivity
                .first_order
                .max(tail_beyond_chance(&i.sensitivity))
        };
        found.sort_by(|a, b| {
            size(b)
                .total_cmp(&size(a))
                .then(a.variable.cmp(&b.variable))
        });
        found
    }
}

/// How far the tail's distance is beyond what chance makes.
fn tail_beyond_chance(s: &Sensitivity) -> f64 {
    (s.tail - s.tail_chance).max(0.0)
}

/// A draw on an axis: its number, or the index of its choice.
pub fn as_number(distribution: &Distribution, draw: Draw) -> f64 {
    match (distribution, draw) {
        (
            Distribution::Among {
                numbers: Some(numbers),
                ..
            },
            Draw::Choice(index),
        ) => numbers[index],
        (_, Draw::Choice(index)) => index as f64,
        (_, Draw::Number(value)) => value,
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}
