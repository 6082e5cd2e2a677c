//! How fast the error falls as cells or steps get finer.

use super::bench::{column, held};
use crate::build::Build;
use crate::field::lattice::Lattice;
use crate::stack::{PRODUCTION, Stack};
use crate::tissue::{DERMIS, FAT, INNER, JIANG};

/// Errors of one quantity along a refinement.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// What is refined and what is looked at.
    pub name: &'static str,
    /// Unit of the step in `points`.
    pub step_unit: &'static str,
    /// Unit of the error in `points`.
    pub error_unit: &'static str,
    /// Step (relative cell size, or time step) and error, from coarse to fine.
    pub points: Vec<(f64, f64)>,
    /// Order that the scheme should have.
    pub expected_order: f64,
}

impl Study {
    /// Observed order between each pair of neighbouring points.
    pub fn orders(&self) -> Vec<f64> {
        let pairs = self.points.windows(2);
        pairs
            .map(|pair| libm::log(pair[0].1 / pair[1].1) / libm::log(pair[0].0 / pair[1].0))
            .collect()
    }

    /// Order at the finest pair.
    pub fn order(&self) -> f64 {
        self.orders().last().copied().unwrap_or(f64::NAN)
    }

    /// Whether the observed order is within 0.25 of the expected one.
    pub fn holds(&self) -> bool {
        (self.order() - self.expected_order).abs() <= 0.25
    }
}

/// Refinement of the grid and of the time step, both on the four-layer body
/// whose surface is held at 45 degC.
pub fn refinement_studies() -> Vec<Study> {
    vec![grid_flux(), grid_basal(), step_basal()]
}

/// Closed forms [C].
const FLUX_W_PER_M2: f64 = 286.544672;
const BASAL_C: f64 = 44.9044851;

fn grid_flux() -> Study {
    let error = |parts| (settled(parts).body_w_per_m2()[0] - FLUX_W_PER_M2).abs();
    Study {
        name: "grid, steady flux into the body",
        step_unit: "cells of a production cell",
        error_unit: "W/m2",
        points: [1, 2, 4]
            .map(|parts| (1.0 / parts as f64, error(parts)))
            .to_vec(),
        expected_order: 2.0,
    }
}

fn grid_basal() -> Study {
    let error = |parts| (settled(parts).basal_c()[0] - BASAL_C).abs();
    Study {
        name: "grid, steady basal temperature",
        step_unit: "cells of a production cell",
        error_unit: "K",
        points: [1, 2, 4]
            .map(|parts| (1.0 / parts as f64, error(parts)))
            .to_vec(),
        expected_order: 2.0,
    }
}

fn step_basal() -> Study {
    let finest_c = basal_after_rise(1.0 / 64.0);
    let error = |dt_s| (basal_after_rise(dt_s) - finest_c).abs();
    Study {
        name: "step, basal temperature 16 s into a constant flux",
        step_unit: "s",
        error_unit: "K",
        points: [2.0, 1.0, 0.5, 0.25]
            .map(|dt_s| (dt_s, error(dt_s)))
            .to_vec(),
        expected_order: 2.0,
    }
}

fn body(parts: usize) -> Lattice {
    let stack = Stack::of(&Build::default(), PRODUCTION.refined(parts));
    let mut lattice = column(stack, 37.0);
    for tissue in [DERMIS, FAT, INNER] {
        lattice
            .perfusion_mut(tissue)
            .fill(JIANG[tissue].perfusion_per_s);
    }
    lattice.perfusion_changed();
    lattice
}

fn settled(parts: usize) -> Lattice {
    let mut lattice = body(parts);
    lattice.settle(&held(45.0, 37.0));
    lattice
}

/// Basal temperature 16 s after a constant flux into the skin began.
fn basal_after_rise(dt_s: f64) -> f64 {
    let mut lattice = body(1);
    let mut around = held(37.0, 37.0);
    around.front_m2k_per_w = f64::INFINITY;
    around.face_w_per_m2 = 500.0;
    let steps = (16.0 / dt_s + 0.5) as usize;
    for _ in 0..steps {
        lattice.advance(dt_s, &around);
    }
    lattice.basal_c()[0]
}
