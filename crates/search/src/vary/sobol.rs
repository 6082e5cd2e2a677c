//! Sobol' points, scrambled after Owen, each made alone from its number.
//!
//! Direction numbers are those of Joe and Kuo (`joe_kuo.txt`). The scramble is
//! the nested uniform one, by a hash that lets each bit depend on all higher
//! ones: B. Burley, "Practical hash-based Owen scrambling", JCGT 9 (2020) 1-20,
//! with a full mixing of each prefix in place of that paper's approximation.

use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Dimensions there are numbers for.
pub const DIMENSIONS_MAX: usize = 100;

const BITS: usize = 32;
const TABLE: &str = include_str!("joe_kuo.txt");

static DIRECTIONS: LazyLock<Vec<[u32; BITS]>> = LazyLock::new(|| {
    // The first dimension is van der Corput's: every direction number is 1.
    let mut all = vec![core::array::from_fn(|bit| 1 << (BITS - 1 - bit))];
    let rows = TABLE
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty());
    all.extend(rows.map(|row| {
        let mut numbers = row
            .split(' ')
            .map(|n| n.parse::<u32>().expect("a number in the table"));
        let mut next = || numbers.next().expect("a whole row in the table");
        let (_dimension, degree, polynomial) = (next(), next() as usize, next());
        let mut v = [0; BITS];
        for bit in 0..BITS {
            v[bit] = if bit < degree {
                next() << (BITS - 1 - bit)
            } else {
                let mut value = v[bit - degree] ^ (v[bit - degree] >> degree);
                for k in 1..degree {
                    if polynomial >> (degree - 1 - k) & 1 == 1 {
                        value ^= v[bit - k];
                    }
                }
                value
            };
        }
        v
    }));
    all
});

/// Coordinate `dimension` of point `number`, as 32 bits of a binary fraction,
/// without a scramble. Points come in the order of their numbers, not of the Gray code.
fn plain(number: u32, dimension: usize) -> u32 {
    let v = &DIRECTIONS[dimension];
    (0..BITS)
        .filter(|bit| number >> bit & 1 == 1)
        .fold(0, |x, bit| x ^ v[bit])
}

/// Owen's scramble: each bit is flipped or not by a coin that depends on the
/// bits above it, so that every interval of length 2^-k keeps its number of points.
fn scrambled(x: u32, seed: u64) -> u32 {
    (0..BITS).fold(x, |out, bit| {
        let above = if bit == 0 { 0 } else { x >> (BITS - bit) };
        let mut key = [0; 5];
        key[..4].copy_from_slice(&above.to_le_bytes());
        key[4] = bit as u8;
        let coin = (xxh3_64_with_seed(&key, seed) & 1) as u32;
        out ^ coin << (BITS - 1 - bit)
    })
}

/// Coordinate `dimension` of point `number`, in (0, 1).
///
/// # Panics
/// With a dimension of [`DIMENSIONS_MAX`] or more.
pub(super) fn point(number: u32, dimension: usize, seed: u64) -> f64 {
    let key = xxh3_64_with_seed(&(dimension as u64).to_le_bytes(), seed);
    (f64::from(scrambled(plain(number, dimension), key)) + 0.5) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_points_are_those_of_scipy() {
        // scipy.stats.qmc.Sobol(d=6, scramble=False).random(8): the same points in
        // the order of the Gray code, so sorted by the first coordinate here.
        let fraction = |x: u32| f64::from(x) / 4_294_967_296.0;
        let mut points: Vec<Vec<f64>> = (0..8)
            .map(|n| (0..6).map(|d| fraction(plain(n, d))).collect())
            .collect();
        points.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let wanted = [
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            [0.125, 0.625, 0.375, 0.125, 0.125, 0.375],
            [0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
            [0.375, 0.375, 0.625, 0.875, 0.375, 0.125],
            [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            [0.625, 0.125, 0.875, 0.625, 0.625, 0.875],
            [0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
            [0.875, 0.875, 0.125, 0.375, 0.875, 0.625],
        ];
        assert_eq!(points, wanted);
    }

    #[test]
    fn every_dimension_has_one_point_in_each_of_equal_intervals() {
        for seed in [0, 7] {
            for dimension in 0..DIMENSIONS_MAX {
                let mut seen = [false; 256];
                for number in 0..256 {
                    seen[(point(number, dimension, seed) * 256.0) as usize] = true;
                }
                assert!(
                    seen.iter().all(|s| *s),
                    "dimension {dimension}, seed {seed}"
                );
            }
        }
    }

    #[test]
    fn two_dimensions_fill_every_box_of_a_sixteenth() {
        // A (0, 2)-sequence: 256 points have one in each of 256 boxes 2^-a by 2^-(8-a).
        for a in 0..=8 {
            let mut seen = [false; 256];
            for number in 0..256 {
                let x = (point(number, 0, 3) * f64::from(1 << a)) as usize;
                let y = (point(number, 1, 3) * f64::from(1 << (8 - a))) as usize;
                seen[x << (8 - a) | y] = true;
            }
            assert!(seen.iter().all(|s| *s), "boxes 2^-{a}");
        }
    }

    #[test]
    fn an_integral_converges_faster_than_with_plain_random_points() {
        // The product of 12 (x - 1/2)^2 over five dimensions has integral 1.
        let estimate = |seed: u64, n: u32| {
            let sum: f64 = (0..n)
                .map(|number| {
                    (0..5)
                        .map(|d| point(number, d, seed) - 0.5)
                        .fold(1.0, |product, x| product * 12.0 * x * x)
                })
                .sum();
            sum / f64::from(n)
        };
        let rms = |n| {
            let errors = (0..16).map(|seed| estimate(seed, n) - 1.0);
            libm::sqrt(errors.map(|e| e * e).sum::<f64>() / 16.0)
        };
        // Random points: sd of the product is sqrt(1.8^5 - 1) = 4.23, so 0.066 at 4096.
        assert!(rms(4_096) < 0.02, "{}", rms(4_096));
        assert!(rms(4_096) < rms(256) / 6.0, "{} {}", rms(256), rms(4_096));
    }
}
