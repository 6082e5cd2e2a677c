//! Converter noise: one portable stream per channel.
//!
//! Streams are keyed by (seed, channel), so that a channel more shifts no other.

use rand::Rng;
use rand_pcg::Pcg64;

/// A stream of nearly Gaussian noise of standard deviation 1.
///
/// Sum of four uniform 8-bit numbers: standard deviation exact, steps of 1/148,
/// bounded at 3.45, and made of integer arithmetic and one multiplication, so
/// that the bits are the same everywhere. A converter's noise is bounded too.
/// Each draw of 64 bits gives two samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noise {
    generator: Pcg64,
    /// The half of the last draw that has not been used.
    left: Option<u32>,
}

impl Noise {
    /// The stream of one channel.
    pub fn new(seed: u64, channel: u64) -> Self {
        // The golden-ratio constant spreads neighbouring seeds over the state.
        let state = u128::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        Self {
            generator: Pcg64::new(state, u128::from(channel)),
            left: None,
        }
    }

    /// The next sample, in standard deviations.
    #[inline]
    pub fn sample(&mut self) -> f64 {
        let bits = match self.left.take() {
            Some(bits) => bits,
            None => {
                let draw = self.generator.next_u64();
                self.left = Some((draw >> 32) as u32);
                draw as u32
            }
        };
        // Bytes added in pairs, then the pairs: 0 to 1020 with mean 510 and
        // variance 4 (256^2 - 1) / 12.
        let pairs = (bits & 0x00FF_00FF) + ((bits >> 8) & 0x00FF_00FF);
        let sum = (pairs & 0xFFFF) + (pairs >> 16);
        (f64::from(sum) - 510.0) * (1.0 / DEVIATION)
    }
}

/// Standard deviation of the sum of four bytes: square root of 21 845.
const DEVIATION: f64 = 147.800_541_270_998_05;

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
