//! Points of the unit cube: plain random, Latin hypercube, Sobol'.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::sobol;

/// How points are spread over the cube.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Each point alone: more can be added at any time.
    Random,
    /// Each of `samples` equal intervals of every variable has one point.
    LatinHypercube,
    /// Sobol' points, scrambled after Owen: even also in pairs of variables, best
    /// with a power of two of samples; more can be added.
    Sobol,
}

impl Sampling {
    /// All ways.
    pub const ALL: [Sampling; 3] = [Sampling::Random, Sampling::LatinHypercube, Sampling::Sobol];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Sampling::Random => "random",
            Sampling::LatinHypercube => "latin_hypercube",
            Sampling::Sobol => "sobol",
        }
    }

    /// Looks a way up by its name.
    pub fn from_name(name: &str) -> Option<Sampling> {
        Sampling::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// Makes points.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampler {
    /// How.
    pub sampling: Sampling,
    /// Of all points.
    pub seed: u64,
    /// How many points there will be; a Latin hypercube depends on it.
    pub samples: u32,
    /// What tells the coordinates apart: names of variables. With random points
    /// and Latin hypercubes, adding one leaves the others as they were; Sobol'
    /// coordinates go by place, so add new variables at the end.
    pub names: Vec<String>,
}

impl Sampler {
    /// A coordinate of a point, in (0, 1).
    ///
    /// # Panics
    /// When there is no such coordinate, or with more than
    /// [`super::DIMENSIONS_MAX`] of Sobol' points.
    pub fn coordinate(&self, number: u32, index: usize) -> f64 {
        let key = xxh3_64_with_seed(self.names[index].as_bytes(), self.seed);
        match self.sampling {
            Sampling::Random => fraction(number, key),
            Sampling::LatinHypercube => {
                let interval = shuffled(number, self.samples, key as u32);
                (f64::from(interval) + fraction(number, key)) / f64::from(self.samples)
            }
            Sampling::Sobol => sobol::point(number, index, self.seed),
        }
    }

    /// All coordinates of a point.
    pub fn point(&self, number: u32) -> Vec<f64> {
        (0..self.names.len())
            .map(|index| self.coordinate(number, index))
            .collect()
    }
}

/// A number in (0, 1) by counter: a hash of the point's number under the key,
/// 53 bits of it.
fn fraction(number: u32, key: u64) -> f64 {
    let bits = xxh3_64_with_seed(&number.to_le_bytes(), key) >> 11;
    (bits as f64 + 0.5) / 9_007_199_254_740_992.0
}

/// Where a number of `0..length` comes to lie in a shuffle of them all, without
/// shuffling: A. Kensler, "Correlated multi-jittered sampling", Pixar TM 13-01 (2013).
fn shuffled(number: u32, length: u32, key: u32) -> u32 {
    let mask = length.next_power_of_two().wrapping_sub(1);
    let mut i = number;
    loop {
        i = mixed(i, mask, key);
        // The hash shuffles a power of two; what falls beyond is shuffled again.
        if i < length {
            return ((u64::from(i) + u64::from(key)) % u64::from(length)) as u32;
        }
    }
}

fn mixed(number: u32, w: u32, p: u32) -> u32 {
    let mut i = number;
    i ^= p;
    i = i.wrapping_mul(0xe170_893d);
    i ^= p >> 16;
    i ^= (i & w) >> 4;
    i ^= p >> 8;
    i = i.wrapping_mul(0x0929_eb3f);
    i ^= p >> 23;
    i ^= (i & w) >> 1;
    i = i.wrapping_mul(1 | p >> 27);
    i = i.wrapping_mul(0x6935_fa69);
    i ^= (i & w) >> 11;
    i = i.wrapping_mul(0x74dc_b303);
    i ^= (i & w) >> 2;
    i = i.wrapping_mul(0x9e50_1cc3);
    i ^= (i & w) >> 2;
    i = i.wrapping_mul(0xc860_a3df);
    i &= w;
    i ^ i >> 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampler(sampling: Sampling, samples: u32, names: &[&str]) -> Sampler {
        Sampler {
            sampling,
            seed: 11,
            samples,
            names: names.iter().map(|n| (*n).to_owned()).collect(),
        }
    }

    #[test]
    fn a_shuffle_has_every_number_once() {
        for length in [1, 2, 3, 7, 64, 100, 1_000, 4_097] {
            for key in [0, 1, 0xdead_beef] {
                let mut seen = vec![false; length as usize];
                for number in 0..length {
                    seen[shuffled(number, length, key) as usize] = true;
                }
                assert!(seen.iter().all(|s| *s), "{length}, key {key}");
            }
        }
    }

    #[test]
    fn a_latin_hypercube_has_one_point_in_each_interval_of_each_variable() {
        let sampler = sampler(Sampling::LatinHypercube, 1_000, &["a", "b", "c"]);
        for index in 0..3 {
            let mut seen = vec![0; 1_000];
            for number in 0..1_000 {
                seen[(sampler.coordinate(number, index) * 1_000.0) as usize] += 1;
            }
            assert!(seen.iter().all(|n| *n == 1), "variable {index}");
        }
    }

    #[test]
    fn coordinates_are_uniform_and_do_not_follow_each_other() {
        for sampling in Sampling::ALL {
            let sampler = sampler(sampling, 4_096, &["a", "b", "heater.upper", "heater.lower"]);
            let points: Vec<Vec<f64>> = (0..4_096).map(|n| sampler.point(n)).collect();
            for i in 0..4 {
                let mean = points.iter().map(|p| p[i]).sum::<f64>() / 4_096.0;
                assert!((mean - 0.5).abs() < 0.02, "{sampling:?} {i}: mean {mean}");
                for j in 0..i {
                    let products = points.iter().map(|p| (p[i] - 0.5) * (p[j] - 0.5));
                    let correlation = products.sum::<f64>() / 4_096.0 * 12.0;
                    assert!(
                        correlation.abs() < 0.05,
                        "{sampling:?} {i} {j}: {correlation}"
                    );
                }
                let steps = points.windows(2).map(|w| (w[0][i] - 0.5) * (w[1][i] - 0.5));
                // Sobol' points go to and fro on purpose.
                let serial = steps.sum::<f64>() / 4_095.0 * 12.0;
                let bound = if sampling == Sampling::Sobol {
                    1.0
                } else {
                    0.05
                };
                assert!(serial.abs() < bound, "{sampling:?} {i}: {serial}");
            }
        }
    }

    #[test]
    fn another_variable_moves_none_of_the_others() {
        for sampling in [Sampling::Random, Sampling::LatinHypercube] {
            let two = sampler(sampling, 50, &["a", "c"]);
            let three = sampler(sampling, 50, &["a", "b", "c"]);
            for number in 0..50 {
                assert_eq!(two.coordinate(number, 0), three.coordinate(number, 0));
                assert_eq!(two.coordinate(number, 1), three.coordinate(number, 2));
            }
        }
    }
}
