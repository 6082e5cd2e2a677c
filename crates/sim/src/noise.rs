//! Converter noise: one portable stream per channel.
//!
//! Streams are keyed by (seed, channel), so that a channel more shifts no other.

use rand::Rng;
use rand_pcg::Pcg64;

/// A stream of nearly Gaussian noise of standard deviation 1.
///
/// Sum of four uniform 16-bit numbers: standard deviation exact, bounded at
/// 3.46, and made of integer arithmetic and one multiplication, so that the
/// bits are the same everywhere. A converter's noise is bounded too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noise {
    generator: Pcg64,
}

impl Noise {
    /// The stream of one channel.
    pub fn new(seed: u64, channel: u64) -> Self {
        // The golden-ratio constant spreads neighbouring seeds over the state.
        let state = u128::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        Self {
            generator: Pcg64::new(state, u128::from(channel)),
        }
    }

    /// The next sample, in standard deviations.
    pub fn sample(&mut self) -> f64 {
        let bits = self.generator.next_u64();
        let sum =
            (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        // Each part has mean 32767.5 and variance (65536^2 - 1) / 12.
        (sum as f64 - 131_070.0) / 37_837.227_237_206_48
    }
}

#[cfg(test)]
mod tests {
    use super::Noise;

    #[test]
    fn noise_has_mean_zero_and_deviation_one() {
        let mut noise = Noise::new(7, 3);
        let n = 200_000;
        let samples: Vec<f64> = (0..n).map(|_| noise.sample()).collect();
        let mean = samples.iter().sum::<f64>() / f64::from(n);
        let variance = samples.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        assert!(mean.abs() < 0.01, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.01, "variance {variance}");
    }

    #[test]
    fn channels_and_seeds_are_different_streams() {
        let first = |seed, channel| Noise::new(seed, channel).sample().to_bits();
        assert_ne!(first(1, 0), first(1, 1));
        assert_ne!(first(1, 0), first(2, 0));
        assert_eq!(first(1, 0), first(1, 0));
    }
}
