//! Conduction from column to column within a layer: explicit, conservative.
//!
//! In-plane time constants are minutes (a film of 1.5e-4 W/K and 600 J/m2K on
//! cells of 12.5 mm: 10 min), so that an explicit step of the thermal step's
//! length is exact enough; tissue, slower still, takes one step a second. The
//! pad's rim and the tissue's are insulated: an estimate that makes the rim a
//! little too warm.

use super::lattice::Lattice;
use super::raster::Raster;
use crate::build::{Build, TICK_S};
use crate::stack::{PRODUCTION, Stack};

/// Longest explicit step at which lateral conduction is stable, s.
///
/// Forward Euler needs step * D * 4 (1/dx2 + 1/dy2) <= 2 with the greatest
/// in-plane diffusivity D = sheet / capacity of any row. [`crate::Field`] cuts
/// its lateral steps below this bound by itself; the bound says when that
/// starts to cost time. Infinite where columns do not touch.
pub fn explicit_step_limit_s(build: &Build) -> f64 {
    let raster = Raster::new(build);
    let stack = Stack::of(build, PRODUCTION);
    row_rates(&stack, &raster).fold(f64::INFINITY, |limit_s, rate| limit_s.min(1.0 / rate))
}

/// In-plane exchange of a lattice over a raster.
#[derive(Clone, Debug)]
pub(super) struct Lateral {
    cells_x: usize,
    per_dx2: f64,
    per_dy2: f64,
    /// Pad and tissue rows: lattice row and diffusivity, m2/s.
    pad: Vec<(usize, f64)>,
    body: Vec<(usize, f64)>,
    fastest_per_s: f64,
    change: Vec<f64>,
    flux: Vec<f64>,
}

impl Lateral {
    pub fn new(stack: &Stack, raster: &Raster) -> Lateral {
        let skin_row = stack.pad.len() + 1;
        let pad = stack.pad.iter().enumerate();
        let body = stack.body.iter().enumerate();
        Lateral {
            cells_x: raster.cells_x,
            per_dx2: 1.0 / (raster.dx_m * raster.dx_m),
            per_dy2: 1.0 / (raster.dy_m * raster.dy_m),
            pad: pad
                .map(|(index, row)| (index, row.sheet_w_per_k / row.capacity_j_per_m2_k))
                .collect(),
            body: body
                .map(|(index, row)| {
                    let diffusivity = row.sheet_w_per_k / row.capacity_j_per_m2_k;
                    (skin_row + index, diffusivity)
                })
                .collect(),
            fastest_per_s: row_rates(stack, raster).fold(TICK_S, f64::max),
            change: vec![0.0; raster.columns()],
            flux: vec![0.0; raster.cells_x + 1],
        }
    }

    /// Exchange within the pad's layers over a time.
    pub fn pad(&mut self, lattice: &mut Lattice, dt_s: f64) {
        let rows = core::mem::take(&mut self.pad);
        self.exchange(lattice, &rows, dt_s);
        self.pad = rows;
    }

    /// Exchange within the tissue's layers over a time.
    pub fn body(&mut self, lattice: &mut Lattice, dt_s: f64) {
        let rows = core::mem::take(&mut self.body);
        self.exchange(lattice, &rows, dt_s);
        self.body = rows;
    }

    fn exchange(&mut self, lattice: &mut Lattice, rows: &[(usize, f64)], dt_s: f64) {
        // Half of the bound keeps the explicit step free of oscillation too.
        let parts = (2.0 * dt_s * self.fastest_per_s).ceil().max(1.0);
        let part_s = dt_s / parts;
        for _ in 0..parts as usize {
            for (row, diffusivity) in rows {
                let cells = &mut lattice.row_k_mut(*row)[..self.change.len()];
                self.exchange_row(cells, diffusivity * part_s);
            }
        }
    }

    /// Every flux leaves one column and enters its neighbour.
    fn exchange_row(&mut self, cells: &mut [f64], reach_m2: f64) {
        let nx = self.cells_x;
        let (share_x, share_y) = (reach_m2 * self.per_dx2, reach_m2 * self.per_dy2);
        for (line, change) in cells.chunks_exact(nx).zip(self.change.chunks_exact_mut(nx)) {
            // Entries 0 and nx stay 0: the rim.
            let inner = &mut self.flux[1..nx];
            for ((flux, left), right) in inner.iter_mut().zip(&line[..nx - 1]).zip(&line[1..]) {
                *flux = share_x * (right - left);
            }
            let pairs = self.flux[1..].iter().zip(&self.flux[..nx]);
            for (change, (right, left)) in change.iter_mut().zip(pairs) {
                *change = right - left;
            }
        }
        for start in (nx..cells.len()).step_by(nx) {
            let (before, line) = cells.split_at(start);
            let before = &before[start - nx..];
            let (change_before, change) = self.change.split_at_mut(start);
            let change_before = &mut change_before[start - nx..];
            for i in 0..nx {
                let flux = share_y * (line[i] - before[i]);
                change_before[i] += flux;
                change[i] -= flux;
            }
        }
        for (cell, change) in cells.iter_mut().zip(&self.change) {
            *cell += change;
        }
    }
}

/// Rate bound 2 D (1/dx2 + 1/dy2) of every row, 1/s.
fn row_rates(stack: &Stack, raster: &Raster) -> impl Iterator<Item = f64> {
    let per_m2 = if raster.is_connected() {
        2.0 / (raster.dx_m * raster.dx_m) + 2.0 / (raster.dy_m * raster.dy_m)
    } else {
        0.0
    };
    let pad = stack
        .pad
        .iter()
        .map(|row| row.sheet_w_per_k / row.capacity_j_per_m2_k);
    let body = stack
        .body
        .iter()
        .map(|row| row.sheet_w_per_k / row.capacity_j_per_m2_k);
    pad.chain(body)
        .map(move |d| d * per_m2)
        .collect::<Vec<f64>>()
        .into_iter()
}
