//! How a zone's power spreads over its film, whole or damaged.
//!
//! The current runs across the pad (x) between bus bars at the film's ends.
//! - Printed traces are hotter in the middle than at the bus bars: the density
//!   is 1 + u cos(2 pi s), s from -1/2 to 1/2 along the current.
//! - A crack cuts a share of the film's width (along the pad, from its upper
//!   edge): that share is cold and the rest carries the current.
//! - A short bridges a share of the film's length from the left bus bar: that
//!   share is cold and the rest takes the power.
//! - A fold lays the leftmost strip over its neighbour: the strip itself is
//!   missing from the pad, its neighbour has twice the density.
//!
//! Only the *distribution* is here, its sum is always 1; what damage does to the
//! resistance and so to the power is the heater's business. All [E].

use crate::build::{Build, ZONES};
use crate::conditions::Conditions;
use crate::field::raster::Raster;

/// Share of the film's length that a fold lays over, [E].
pub const FOLD_STRIP: f64 = 0.15;

/// Points per raster cell and direction at which the density is sampled.
const POINTS: usize = 8;

/// Shares of each zone's power per column.
#[derive(Clone, Debug)]
pub struct Density {
    share: [Vec<f64>; ZONES],
    damage: [Damage; ZONES],
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Damage {
    crack: f64,
    short: f64,
    fold: f64,
}

impl Density {
    /// The distribution in these conditions.
    pub fn new(build: &Build, raster: &Raster, conditions: &Conditions) -> Density {
        let damage = damage_of(conditions);
        let share = [0, 1].map(|zone| {
            let mut share = vec![0.0; raster.columns()];
            spread(build, raster, zone, damage[zone], &mut share);
            share
        });
        Density { share, damage }
    }

    /// Follows a change of damage; returns whether there was one.
    pub fn follow(&mut self, build: &Build, raster: &Raster, conditions: &Conditions) -> bool {
        let damage = damage_of(conditions);
        if damage == self.damage {
            return false;
        }
        for (zone, share) in self.share.iter_mut().enumerate() {
            spread(build, raster, zone, damage[zone], share);
        }
        self.damage = damage;
        true
    }

    /// Share of a zone's power per column; sums to 1.
    pub fn share(&self, zone: usize) -> &[f64] {
        &self.share[zone]
    }
}

fn damage_of(conditions: &Conditions) -> [Damage; ZONES] {
    let unit = |share: f64| if share > 0.0 { share.min(1.0) } else { 0.0 };
    [0, 1].map(|zone| Damage {
        crack: unit(conditions.film_crack[zone]),
        short: unit(conditions.film_short[zone]),
        fold: unit(conditions.fold[zone]),
    })
}

fn spread(build: &Build, raster: &Raster, zone: usize, damage: Damage, share: &mut [f64]) {
    share.fill(0.0);
    if !raster.is_connected() {
        share[zone] = 1.0;
        return;
    }
    let heater = &build.heaters[zone];
    let area = heater.area;
    let (length_m, width_m) = (area.x1_m - area.x0_m, area.y1_m - area.y0_m);
    let mut sum = 0.0;
    for x in 0..raster.cells_x {
        let along = mean(x, raster.dx_m, |at_m| {
            along_current((at_m - area.x0_m) / length_m, heater.unevenness, damage)
        });
        for y in 0..raster.cells_y {
            let across = mean(y, raster.dy_m, |at_m| {
                across_current((at_m - area.y0_m) / width_m, damage)
            });
            share[y * raster.cells_x + x] = along * across;
            sum += along * across;
        }
    }
    if sum <= 0.0 {
        // A film that is cut or bridged altogether has no power to spread; the
        // shares still sum to 1, so that whatever power is given is not lost.
        for (value, of_zone) in share.iter_mut().zip(&raster.zone) {
            *value = if *of_zone == Some(zone) { 1.0 } else { 0.0 };
        }
        sum = share.iter().sum();
    }
    if sum <= 0.0 {
        share[raster.column_at(heater.ntc)] = 1.0;
        return;
    }
    for value in share.iter_mut() {
        *value /= sum;
    }
}

/// Mean over one raster cell.
fn mean(cell: usize, size_m: f64, density: impl Fn(f64) -> f64) -> f64 {
    let point = |index: usize| (cell as f64 + (index as f64 + 0.5) / POINTS as f64) * size_m;
    (0..POINTS).map(|index| density(point(index))).sum::<f64>() / POINTS as f64
}

/// Relative density at a place along the current, 0 to 1 from bar to bar.
fn along_current(s: f64, unevenness: f64, damage: Damage) -> f64 {
    if !(0.0..=1.0).contains(&s) || s < damage.short {
        return 0.0;
    }
    let folded = if s < FOLD_STRIP {
        1.0 - damage.fold
    } else if s < 2.0 * FOLD_STRIP {
        1.0 + damage.fold
    } else {
        1.0
    };
    folded * (1.0 + unevenness * libm::cos(core::f64::consts::TAU * (s - 0.5)))
}

/// Relative density at a place across the current, 0 to 1.
fn across_current(s: f64, damage: Damage) -> f64 {
    if (0.0..=1.0 - damage.crack).contains(&s) && damage.crack < 1.0 {
        1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares of zone 0, per column, relative to an even spread.
    fn relative(conditions: &Conditions) -> (Raster, Vec<f64>) {
        let build = Build::default();
        let raster = Raster::new(&build);
        let density = Density::new(&build, &raster, conditions);
        let in_zone = raster.zone.iter().filter(|zone| **zone == Some(0)).count() as f64;
        let shares = density
            .share(0)
            .iter()
            .map(|share| share * in_zone)
            .collect();
        (raster, shares)
    }

    fn at(raster: &Raster, shares: &[f64], x_m: f64, y_m: f64) -> f64 {
        shares[raster.column_at(crate::build::Place { x_m, y_m })]
    }

    #[test]
    fn a_whole_film_is_hottest_in_the_middle_and_cold_outside() {
        let (raster, shares) = relative(&Conditions::default());
        assert!((at(&raster, &shares, 0.099, 0.22) - 1.15).abs() < 0.01);
        assert!((at(&raster, &shares, 0.001, 0.22) - 0.85).abs() < 0.01);
        assert_eq!(at(&raster, &shares, 0.10, 0.15), 0.0);
    }

    #[test]
    fn each_damage_cools_its_part_and_heats_the_rest() {
        let whole = Conditions::default();
        let rows = [
            // Damage, a cold place, a place that gets more, by how much.
            (
                "crack",
                Conditions {
                    film_crack: [0.5, 0.0],
                    ..whole
                },
                (0.1, 0.26),
                (0.1, 0.19),
                2.0,
            ),
            (
                "short",
                Conditions {
                    film_short: [0.25, 0.0],
                    ..whole
                },
                (0.02, 0.22),
                (0.1, 0.22),
                1.3,
            ),
            (
                "fold",
                Conditions {
                    fold: [1.0, 0.0],
                    ..whole
                },
                (0.01, 0.22),
                (0.045, 0.22),
                1.9,
            ),
        ];
        let (raster, before) = relative(&whole);
        for (name, damaged, cold, hot, factor) in rows {
            let (_, after) = relative(&damaged);
            assert!(at(&raster, &after, cold.0, cold.1) < 0.01, "{name}");
            let rise = at(&raster, &after, hot.0, hot.1) / at(&raster, &before, hot.0, hot.1);
            assert!((rise / factor - 1.0).abs() < 0.1, "{name}: {rise}");
        }
    }
}
