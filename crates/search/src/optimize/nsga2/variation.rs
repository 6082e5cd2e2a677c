//! Simulated binary crossover and polynomial mutation in the unit cube.
//!
//! K. Deb and R. B. Agrawal, Complex Systems 9 (1995) 115-148; bounded forms as
//! in K. Deb's NSGA-II code, with the indices of the paper of 2002, section V.

use super::super::draws::Draws;

/// Share of pairs that are crossed.
const CROSSOVER: f64 = 0.9;
/// Distribution index of the crossover.
const ETA_CROSSOVER: f64 = 20.0;
/// Distribution index of the mutation.
const ETA_MUTATION: f64 = 20.0;
/// Coordinates closer than this are not crossed.
const CLOSE: f64 = 1e-14;

/// Two offspring of two parents.
pub(super) fn offspring(draws: &mut Draws, a: &[f64], b: &[f64]) -> [Vec<f64>; 2] {
    let (mut one, mut other) = (a.to_vec(), b.to_vec());
    if draws.uniform() < CROSSOVER {
        for (x, y) in one.iter_mut().zip(&mut other) {
            // Each coordinate with probability one half.
            if draws.uniform() < 0.5 && (*x - *y).abs() > CLOSE {
                (*x, *y) = crossed(draws, *x, *y);
            }
        }
    }
    mutate(draws, &mut one);
    mutate(draws, &mut other);
    [one, other]
}

fn crossed(draws: &mut Draws, x: f64, y: f64) -> (f64, f64) {
    let (low, high) = (x.min(y), x.max(y));
    let u = draws.uniform();
    let spread = |room: f64| {
        let beta = 1.0 + 2.0 * room / (high - low);
        let alpha = 2.0 - libm::pow(beta, -(ETA_CROSSOVER + 1.0));
        let base = if u <= 1.0 / alpha {
            u * alpha
        } else {
            1.0 / (2.0 - u * alpha)
        };
        libm::pow(base, 1.0 / (ETA_CROSSOVER + 1.0))
    };
    let below = 0.5 * (low + high - spread(low) * (high - low));
    let above = 0.5 * (low + high + spread(1.0 - high) * (high - low));
    let pair = (below.clamp(0.0, 1.0), above.clamp(0.0, 1.0));
    if draws.uniform() < 0.5 {
        pair
    } else {
        (pair.1, pair.0)
    }
}

/// Each coordinate with probability 1 / n.
pub(super) fn mutate(draws: &mut Draws, point: &mut [f64]) {
    let share = 1.0 / point.len() as f64;
    for x in point {
        if draws.uniform() < share {
            let u = draws.uniform();
            let power = 1.0 / (ETA_MUTATION + 1.0);
            let reach = |room: f64, u: f64| {
                let far = libm::pow(1.0 - room, ETA_MUTATION + 1.0);
                libm::pow(2.0 * u + (1.0 - 2.0 * u) * far, power)
            };
            let step = if u < 0.5 {
                reach(*x, u) - 1.0
            } else {
                1.0 - reach(1.0 - *x, 1.0 - u)
            };
            *x = (*x + step).clamp(0.0, 1.0);
        }
    }
}
