//! Converter noise: one portable stream per channel.
//!
//! Streams are keyed by (seed, channel), so that a channel more shifts no other.

use rand::Rng;
use rand_pcg::Pcg64;

/// A stream of nearly Gaussian noise of standard deviation 1 for each of `N` channels.
///
/// A sample is the sum of four uniform 8-bit numbers: standard deviation exact,
/// steps of 1/148, bounded at 3.45, and made of integer arithmetic and one
/// multiplication, so that the bits are the same everywhere. A converter's noise
/// is bounded too. Each draw of 64 bits gives a channel two samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noise<const N: usize> {
    generators: [Pcg64; N],
    /// Bits of samples drawn ahead, in the order in which they will be given.
    ahead: [[u32; N]; AHEAD],
    used: usize,
}

/// Samples drawn at once: between two draws a tick only picks them up.
const AHEAD: usize = 16;

impl<const N: usize> Noise<N> {
    /// The streams of channels 0 to N - 1.
    pub fn new(seed: u64) -> Self {
        // The golden-ratio constant spreads neighbouring seeds over the state.
        let state = u128::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        Self {
            generators: core::array::from_fn(|channel| Pcg64::new(state, channel as u128)),
            ahead: [[0; N]; AHEAD],
            used: AHEAD,
        }
    }

    /// The next sample of every channel, in standard deviations.
    #[inline(always)]
    pub fn samples(&mut self) -> [f64; N] {
        if self.used >= AHEAD {
            self.draw();
        }
        let bits = self.ahead[self.used];
        self.used += 1;
        bits.map(deviations)
    }

    #[inline(never)]
    fn draw(&mut self) {
        // Channel by channel within a draw: none waits for the one before it.
        for pair in self.ahead.as_chunks_mut::<2>().0 {
            for (channel, generator) in self.generators.iter_mut().enumerate() {
                let draw = generator.next_u64();
                pair[0][channel] = draw as u32;
                pair[1][channel] = (draw >> 32) as u32;
            }
        }
        self.used = 0;
    }
}

/// Four bytes as one sample: bytes added in pairs, then the pairs give 0 to
/// 1020 with mean 510 and variance 4 (256^2 - 1) / 12.
#[inline(always)]
fn deviations(bits: u32) -> f64 {
    let pairs = (bits & 0x00FF_00FF) + ((bits >> 8) & 0x00FF_00FF);
    let sum = (pairs & 0xFFFF) + (pairs >> 16);
    f64::from(sum.cast_signed() - 510) * (1.0 / DEVIATION)
}

/// Standard deviation of the sum of four bytes: square root of 21 845.
const DEVIATION: f64 = 147.800_541_270_998_05;

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::{AHEAD, Noise, deviations};

    #[test]
    fn noise_has_mean_zero_and_deviation_one() {
        let mut noise = Noise::<2>::new(7);
        let n = 200_000;
        let samples: Vec<f64> = (0..n).map(|_| noise.samples()[1]).collect();
        let mean = samples.iter().sum::<f64>() / f64::from(n);
        let variance = samples.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        assert!(mean.abs() < 0.01, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.01, "variance {variance}");
    }

    #[test]
    fn samples_do_not_follow_from_those_before() {
        let mut noise = Noise::<1>::new(3);
        let n = 100_000;
        let samples: Vec<f64> = (0..n).map(|_| noise.samples()[0]).collect();
        for lag in 1..4 {
            let products = samples.iter().zip(&samples[lag..]).map(|(a, b)| a * b);
            let correlation = products.sum::<f64>() / f64::from(n);
            assert!(correlation.abs() < 0.01, "lag {lag}: {correlation}");
        }
    }

    #[test]
    fn channels_and_seeds_are_different_streams_and_a_channel_more_shifts_none() {
        let first = |seed| Noise::<2>::new(seed).samples().map(f64::to_bits);
        assert_ne!(first(1)[0], first(1)[1]);
        assert_ne!(first(1), first(2));
        assert_eq!(first(1), first(1));
        let [a, b, _] = Noise::<3>::new(1).samples().map(f64::to_bits);
        assert_eq!([a, b], first(1));
    }

    #[test]
    fn what_is_drawn_ahead_is_the_stream_itself_also_in_a_copy() {
        let mut noise = Noise::<2>::new(9);
        let mut streams = noise.generators.clone();
        for pair in 0..3 * AHEAD {
            let draws = streams.each_mut().map(|stream| stream.next_u64());
            if pair % 5 == 3 {
                let copy = noise.clone();
                noise.samples();
                noise = copy;
            }
            for shift in [0, 32] {
                let expected = draws.map(|draw| deviations((draw >> shift) as u32));
                assert_eq!(noise.samples(), expected, "pair {pair}, bits from {shift}");
            }
        }
    }
}
