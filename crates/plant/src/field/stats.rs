//! What a step leaves to be recorded: means and maxima over the columns.

use super::lattice::Lattice;
use super::raster::Raster;
use crate::build::{Place, ZONES};
use crate::dose::{ArrheniusSet, Dose};

/// Means and maxima over the pad after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldStats {
    /// Mean film temperature of each zone, degC.
    pub zone_film_mean_c: [f64; ZONES],
    /// Hottest film, degC.
    pub film_max_c: f64,
    /// Hottest outer face of the cover, degC.
    pub cover_max_c: f64,
    /// Hottest skin surface, degC.
    pub skin_surface_max_c: f64,
    /// Mean skin surface over the zones, degC.
    pub skin_surface_mean_c: f64,
    /// Hottest basal layer, degC.
    pub basal_max_c: f64,
    /// Its column; the first one of several.
    pub basal_max_column: usize,
    /// Its place.
    pub basal_max_place: Place,
    /// Largest CEM43, min.
    pub cem43_max_min: f64,
    /// Largest burn integral of each set, in the order of [`ArrheniusSet::ALL`].
    pub omega_max: [f64; 4],
    /// Mean flux into the body over the zones, W/m2.
    pub body_heat_w_per_m2: f64,
}

impl FieldStats {
    #[inline(always)]
    pub(super) fn of(lattice: &Lattice, raster: &Raster, zones: &Zones, dose: &Dose) -> FieldStats {
        let basal_c = lattice.basal_c();
        // What is not a number in one cell is in its whole column after the step,
        // and must not hide behind the other columns.
        let nothing = 0.0 * sum(basal_c);
        let greatest = |values: &[f64]| greatest(values) + nothing;
        let basal_max_c = greatest(basal_c);
        let basal_max_column = basal_c.iter().position(|t| *t == basal_max_c).unwrap_or(0);
        FieldStats {
            zone_film_mean_c: [0, 1].map(|zone| zones.mean(zone, lattice.film_c())),
            film_max_c: greatest(lattice.film_c()),
            cover_max_c: greatest(lattice.cover_c()),
            skin_surface_max_c: greatest(lattice.skin_c()),
            skin_surface_mean_c: zones.mean_of_all(lattice.skin_c()),
            basal_max_c,
            basal_max_column,
            basal_max_place: raster.place(basal_max_column),
            cem43_max_min: greatest(dose.cem43_min()),
            omega_max: ArrheniusSet::ALL.map(|set| greatest(dose.omega(set))),
            body_heat_w_per_m2: zones.mean_of_all(lattice.body_w_per_m2()),
        }
    }
}

/// Runs of neighbouring columns that make up each zone.
#[derive(Clone, Debug)]
pub(super) struct Zones {
    runs: [Vec<core::ops::Range<usize>>; ZONES],
    count: [f64; ZONES],
    area_share: [f64; ZONES],
}

impl Zones {
    pub fn new(raster: &Raster) -> Zones {
        let mut runs: [Vec<core::ops::Range<usize>>; ZONES] = core::array::from_fn(|_| Vec::new());
        let mut area_m2 = [0.0; ZONES];
        for (column, zone) in raster.zone.iter().enumerate() {
            let Some(zone) = *zone else { continue };
            area_m2[zone] += raster.area_m2[column];
            match runs[zone].last_mut() {
                Some(run) if run.end == column => run.end += 1,
                Some(_) | None => runs[zone].push(column..column + 1),
            }
        }
        let whole_m2: f64 = area_m2.iter().sum();
        let count = [0, 1].map(|zone| runs[zone].iter().map(|run| run.len() as f64).sum());
        Zones {
            runs,
            count,
            area_share: area_m2.map(|area| area / whole_m2),
        }
    }

    #[inline(always)]
    fn mean(&self, zone: usize, values: &[f64]) -> f64 {
        let runs = self.runs[zone].iter();
        let sum: f64 = runs.map(|run| sum(&values[run.clone()])).sum();
        sum / self.count[zone]
    }

    #[inline(always)]
    fn mean_of_all(&self, values: &[f64]) -> f64 {
        (0..ZONES)
            .map(|zone| self.area_share[zone] * self.mean(zone, values))
            .sum()
    }
}

/// Lanes of a reduction: its order is fixed by them, not by the machine.
const LANES: usize = 8;

#[inline(always)]
fn sum(values: &[f64]) -> f64 {
    let (blocks, rest) = values.as_chunks::<LANES>();
    if blocks.is_empty() {
        return 0.0 + rest.iter().sum::<f64>();
    }
    let mut lanes = [0.0; LANES];
    for block in blocks {
        for i in 0..LANES {
            lanes[i] += block[i];
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

/// Greatest value of those that are numbers.
#[inline(always)]
fn greatest(values: &[f64]) -> f64 {
    let greater = |top: f64, value: &f64| if *value > top { *value } else { top };
    let (blocks, rest) = values.as_chunks::<LANES>();
    if blocks.is_empty() {
        return rest.iter().fold(f64::NEG_INFINITY, greater);
    }
    let mut lanes = [f64::NEG_INFINITY; LANES];
    for block in blocks {
        for i in 0..LANES {
            lanes[i] = if block[i] > lanes[i] {
                block[i]
            } else {
                lanes[i]
            };
        }
    }
    let all = lanes.iter().chain(rest);
    all.fold(f64::NEG_INFINITY, greater)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lanes filled up with what changes nothing.
    fn filled(values: &[f64], nothing: f64) -> Vec<f64> {
        let mut filled = vec![nothing; LANES];
        filled.extend_from_slice(values);
        filled
    }

    #[test]
    fn few_columns_are_summed_and_compared_as_many_are() {
        let values = [38.1, -0.0, 33.7, f64::NAN, 41.9, 1.0e-17, -12.5];
        for first in 0..values.len() {
            for last in first..=values.len() {
                let few = &values[first..last];
                let pairs = [
                    (sum(few), sum(&filled(few, 0.0))),
                    (greatest(few), greatest(&filled(few, f64::NEG_INFINITY))),
                ];
                for (few, many) in pairs {
                    assert_eq!(few.to_bits(), many.to_bits(), "{first} to {last}");
                }
            }
        }
    }
}
