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
    /// 1 where a column has a right neighbour, 0 at the rim.
    has_right: Vec<f64>,
    flux: Vec<f64>,
    next: Vec<f64>,
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
            has_right: (1..=raster.columns())
                .map(|next| if next % raster.cells_x == 0 { 0.0 } else { 1.0 })
                .collect(),
            flux: vec![0.0; raster.columns() + 1],
            next: vec![0.0; raster.columns()],
        }
    }

    /// Exchange within the pad's layers over a time.
    #[inline(always)]
    pub fn pad(&mut self, lattice: &mut Lattice, dt_s: f64) {
        let rows = core::mem::take(&mut self.pad);
        self.exchange(lattice, &rows, dt_s);
        self.pad = rows;
    }

    /// Exchange within the tissue's layers over a time.
    #[inline(always)]
    pub fn body(&mut self, lattice: &mut Lattice, dt_s: f64) {
        let rows = core::mem::take(&mut self.body);
        self.exchange(lattice, &rows, dt_s);
        self.body = rows;
    }

    #[inline(always)]
    fn exchange(&mut self, lattice: &mut Lattice, rows: &[(usize, f64)], dt_s: f64) {
        // Half of the bound keeps the explicit step free of oscillation too.
        let parts = (2.0 * dt_s * self.fastest_per_s).ceil().max(1.0);
        let part_s = dt_s / parts;
        for _ in 0..parts as usize {
            for (row, diffusivity) in rows {
                let cells = &mut lattice.row_k_mut(*row)[..self.next.len()];
                self.exchange_row(cells, diffusivity * part_s);
            }
        }
    }

    /// Every flux leaves one column and enters its neighbour: both compute it
    /// by the same expression.
    #[inline(always)]
    fn exchange_row(&mut self, cells: &mut [f64], reach_m2: f64) {
        let (nx, last) = (self.cells_x, cells.len() - self.cells_x);
        let (share_x, share_y) = (reach_m2 * self.per_dx2, reach_m2 * self.per_dy2);
        // Flux into each column from its right neighbour; entry 0 is the rim.
        let pairs = cells[..cells.len() - 1].iter().zip(&cells[1..]);
        let inner = self.flux[1..].iter_mut().zip(&self.has_right);
        for ((flux, has_right), (left, right)) in inner.zip(pairs) {
            *flux = share_x * has_right * (right - left);
        }
        // The rim's missing neighbour is the line itself: no flux.
        let lines = [
            (0..nx, 0..nx, nx..2 * nx),
            (nx..last, 0..last - nx, 2 * nx..cells.len()),
            (last..cells.len(), last - nx..last, last..cells.len()),
        ];
        for (here, before, after) in lines {
            let fluxes = self.flux[here.clone()]
                .iter()
                .zip(&self.flux[here.start + 1..here.end + 1]);
            let across = cells[before].iter().zip(&cells[after]).zip(fluxes);
            let next = self.next[here.clone()].iter_mut().zip(&cells[here]);
            for ((next, cell), ((before, after), (left, right))) in next.zip(across) {
                let along = share_y * (after - cell) - share_y * (cell - before);
                *next = cell + ((right - left) + along);
            }
        }
        cells.copy_from_slice(&self.next);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Grid;
    use crate::{Conditions, Field, Loads};

    #[test]
    fn the_bound_falls_with_the_square_of_the_columns() {
        let limit_s = |columns_x, columns_y| {
            explicit_step_limit_s(&Build {
                grid: Grid::Field {
                    columns_x,
                    columns_y,
                },
                ..Build::default()
            })
        };
        assert!((limit_s(16, 24) / limit_s(32, 48) - 4.0).abs() < 1.0e-9);
        assert!(limit_s(16, 24) > 50.0, "{}", limit_s(16, 24));
        let lone = Build {
            grid: Grid::Column,
            ..Build::default()
        };
        assert_eq!(explicit_step_limit_s(&lone), f64::INFINITY);
    }

    #[test]
    fn a_field_beyond_the_bound_takes_shorter_lateral_steps_and_stays_stable() {
        let mut build = Build::default();
        // An aluminium sheet in the film: 0.1 mm at 200 W/mK.
        build.pad.film_sheet_w_per_k = 0.02 * 10.0;
        assert!(explicit_step_limit_s(&build) < 0.25);
        let conditions = Conditions::default();
        let mut field = Field::new(&build, &conditions);
        let loads = Loads {
            heater_w: [12.0, 0.0],
            ..Loads::default()
        };
        for _ in 0..400 {
            field.step(&loads, &conditions);
        }
        // From the heated upper zone down: an unstable step would zigzag.
        let (nx, _) = field.columns();
        let down: Vec<f64> = (0..18).rev().map(|y| field.film_c()[y * nx + 8]).collect();
        assert!(down.windows(2).all(|pair| pair[1] < pair[0]), "{down:?}");
        assert!(field.stats().film_max_c < 60.0);
        assert!(field.unexplained_j().abs() < 1.0e-8);
    }
}
