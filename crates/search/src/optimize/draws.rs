//! Random numbers with the same bits everywhere: one stream per generation.

use rand::Rng;
use rand_pcg::Pcg64;

use crate::vary::quantile;

/// A stream keyed by (seed, stream), so that a generation that draws more shifts no other.
#[derive(Clone, Debug)]
pub(super) struct Draws(Pcg64);

impl Draws {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        // The golden-ratio constant spreads neighbouring seeds over the state.
        let state = u128::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        Self(Pcg64::new(state, u128::from(stream)))
    }

    /// Uniform in (0, 1), 53 bits.
    pub(super) fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// Standard normal, by its quantile.
    pub(super) fn normal(&mut self) -> f64 {
        quantile(self.uniform())
    }

    /// A whole number of `0..count`; the bias is below `count` / 2^64.
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.0.next_u64()) * count as u128) >> 64) as usize
    }

    pub(super) fn point(&mut self, dimensions: usize) -> Vec<f64> {
        (0..dimensions).map(|_| self.uniform()).collect()
    }
}
