//! A campaign: scenarios under sampled tolerances, users and surroundings.
//!
//! Case *n* is sample *n* / bases of base *n* mod bases: every base gets the same
//! samples, so that bases compare sample by sample. A case is a pure function of
//! (campaign, seed, *n*); shards take every N-th case.

mod row;
mod shard;
mod summary;
mod worst;

pub use row::{Ending, Row, Unreadable, run_case, show};
pub use shard::Shard;
pub use summary::{CONFIDENCE, Counts, Influence, QUANTILES, Summary, as_number};
pub use worst::Worst;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::measure::Measure;
use crate::vary::{Correlation, Draw, Mixing, NotPossible, Sampler, Sampling, Variable};

/// What a campaign does, without the scenarios' content.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// One line.
    pub title: String,
    /// What for.
    pub description: String,
    /// What varies.
    pub variables: Vec<Variable>,
    /// Numbers kept of each run.
    pub measures: Vec<Measure>,
    /// Names of the cases into which samples are put.
    pub bases: Vec<String>,
    /// Worst cases that keep their text and trace.
    pub keep_worst: usize,
    sampler: Sampler,
    mixing: Mixing,
}

/// How samples are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Of everything drawn, and of the converter's noise.
    pub seed: u64,
    /// Samples; each goes into every base.
    pub samples: u32,
    /// How they are spread.
    pub sampling: Sampling,
}

impl Campaign {
    /// A campaign without bases and measures yet.
    ///
    /// # Errors
    /// When the correlations contradict each other.
    pub fn new(
        title: &str,
        description: &str,
        variables: Vec<Variable>,
        correlations: &[Correlation],
        drawing: Drawing,
    ) -> Result<Campaign, NotPossible> {
        Ok(Campaign {
            title: title.to_owned(),
            description: description.to_owned(),
            sampler: Sampler {
                sampling: drawing.sampling,
                seed: drawing.seed,
                samples: drawing.samples,
                names: variables.iter().map(|v| v.key.clone()).collect(),
            },
            mixing: Mixing::new(variables.len(), correlations)?,
            variables,
            measures: Vec::new(),
            bases: Vec::new(),
            keep_worst: 0,
        })
    }

    /// How samples are drawn.
    pub fn drawing(&self) -> Drawing {
        Drawing {
            seed: self.sampler.seed,
            samples: self.sampler.samples,
            sampling: self.sampler.sampling,
        }
    }

    /// Cases in all.
    pub fn cases(&self) -> usize {
        self.sampler.samples as usize * self.bases.len()
    }

    /// Sample and base of a case.
    pub fn place(&self, case: usize) -> (u32, usize) {
        let bases = self.bases.len();
        ((case / bases) as u32, case % bases)
    }

    /// The values of a sample, one per variable.
    pub fn draws(&self, sample: u32) -> Vec<Draw> {
        let mut point = self.sampler.point(sample);
        self.mixing.mix(&mut point);
        let variables = self.variables.iter().zip(point);
        variables.map(|(v, u)| v.distribution.quantile(u)).collect()
    }

    /// Seed of a sample's runs: the same noise in every base.
    pub fn seed_of(&self, sample: u32) -> u64 {
        xxh3_64_with_seed(&sample.to_le_bytes(), self.sampler.seed ^ 0x006e_6f69_7365)
    }
}
