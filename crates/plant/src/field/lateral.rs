//! Conduction from column to column within a layer: explicit, conservative.
//!
//! In-plane time constants are minutes (a film of 1.5e-4 W/K and 600 J/m2K on
//! cells of 12.5 mm: 10 min). The pad's exchange is a heat source that is renewed
//! once a second, or sooner where a sheet conducts so well that the second is
//! more than half of the explicit bound; a balance of sources has no error of
//! splitting in the steady state. Tissue, slower still and without heat sources
//! of its own, exchanges its heat at once, every two seconds. The pad's rim and the
//! tissue's are insulated: an estimate that makes the rim a little too warm.

use super::lattice::Lattice;
use super::raster::Raster;
use crate::build::{Build, Grid};
use crate::lanes::MANY;
use crate::stack::{PRODUCTION, Stack};

/// Longest explicit step at which lateral conduction is stable, s.
///
/// Forward Euler needs step * D * 4 (1/dx2 + 1/dy2) <= 2 with the greatest
/// in-plane diffusivity D = sheet / capacity of any row. A build whose thermal
/// step is longer is refused ([`Build::validate`]). Infinite where columns do not
/// touch; not a number where the pad has no size.
pub fn explicit_step_limit_s(build: &Build) -> f64 {
    let Grid::Field {
        columns_x,
        columns_y,
    } = build.grid
    else {
        return f64::INFINITY;
    };
    let per_dx = columns_x as f64 / build.pad.width_m;
    let per_dy = columns_y as f64 / build.pad.height_m;
    let stack = Stack::of(build, PRODUCTION);
    let pad = stack.pad.iter();
    let body = stack.body.iter();
    let diffusivities = pad
        .map(|row| row.sheet_w_per_k / row.capacity_j_per_m2_k)
        .chain(body.map(|row| row.sheet_w_per_k / row.capacity_j_per_m2_k));
    let fastest_m2_per_s = diffusivities.fold(0.0, f64::max);
    0.5 / (fastest_m2_per_s * (per_dx * per_dx + per_dy * per_dy))
}

/// In-plane exchange of a lattice over a raster.
#[derive(Clone, Debug)]
pub(super) struct Lateral {
    columns: usize,
    cells_x: usize,
    per_dx2: f64,
    per_dy2: f64,
    pad: Vec<Sheet>,
    body: Vec<Sheet>,
    /// 1 where a column has a left or right neighbour, 0 at the rim.
    has_left: Vec<f64>,
    has_right: Vec<f64>,
    /// One row of cells between two lines that repeat its first and last one.
    cells: Vec<f64>,
    change_k: Vec<f64>,
    /// `[pad row][column]`: heat from the neighbours.
    pad_w_per_m2: Vec<f64>,
}

/// One lattice row in the plane.
#[derive(Clone, Copy, Debug)]
struct Sheet {
    row: usize,
    capacity_j_per_m2_k: f64,
    diffusivity_m2_per_s: f64,
}

impl Lateral {
    pub fn new(stack: &Stack, raster: &Raster) -> Lateral {
        let skin_row = stack.pad.len() + 1;
        let sheet = |row, capacity_j_per_m2_k, sheet_w_per_k| Sheet {
            row,
            capacity_j_per_m2_k,
            diffusivity_m2_per_s: sheet_w_per_k / capacity_j_per_m2_k,
        };
        let pad = stack.pad.iter().enumerate();
        let body = stack.body.iter().enumerate();
        let columns = raster.columns();
        let neighbour = |is_rim: bool| if is_rim { 0.0 } else { 1.0 };
        let padded = columns.next_multiple_of(MANY);
        Lateral {
            columns,
            cells_x: raster.cells_x,
            per_dx2: 1.0 / (raster.dx_m * raster.dx_m),
            per_dy2: 1.0 / (raster.dy_m * raster.dy_m),
            pad: pad
                .map(|(index, row)| sheet(index, row.capacity_j_per_m2_k, row.sheet_w_per_k))
                .collect(),
            body: body
                .map(|(index, row)| {
                    sheet(skin_row + index, row.capacity_j_per_m2_k, row.sheet_w_per_k)
                })
                .collect(),
            has_left: (0..columns)
                .map(|column| neighbour(column % raster.cells_x == 0))
                .collect(),
            has_right: (1..=columns)
                .map(|next| neighbour(next % raster.cells_x == 0))
                .collect(),
            cells: vec![0.0; padded + 2 * raster.cells_x],
            change_k: vec![0.0; columns],
            pad_w_per_m2: vec![0.0; stack.pad.len() * columns],
        }
    }

    /// Longest time for which the pad's exchange may be held constant, s: half of
    /// the bound of an explicit step, so that nothing oscillates.
    pub fn pad_period_s(&self) -> f64 {
        0.5 / self.fastest_per_s(&self.pad)
    }

    /// Renews the heat that the pad's rows get from their neighbours for a time.
    #[inline(always)]
    pub fn renew_pad(&mut self, lattice: &Lattice, period_s: f64) {
        let parts = self.parts(&self.pad, period_s);
        let part_s = period_s / parts;
        for index in 0..self.pad.len() {
            let sheet = self.pad[index];
            let w_per_m2_k = sheet.capacity_j_per_m2_k / period_s;
            lattice.read_row(sheet.row, &mut self.cells[self.cells_x..]);
            let sources = index * self.columns..(index + 1) * self.columns;
            self.pad_w_per_m2[sources.clone()].fill(0.0);
            for _ in 0..parts as usize {
                self.exchange(sheet.diffusivity_m2_per_s * part_s);
                let heat = self.pad_w_per_m2[sources.clone()].iter_mut();
                for (heat, change_k) in heat.zip(&self.change_k) {
                    *heat += w_per_m2_k * change_k;
                }
            }
        }
    }

    /// Heat that a pad row gets from its neighbours, W/m2 per column.
    #[inline(always)]
    pub fn pad_w_per_m2(&self, row: usize) -> &[f64] {
        &self.pad_w_per_m2[row * self.columns..][..self.columns]
    }

    /// Exchanges heat within the tissue's layers over a time.
    #[inline(always)]
    pub fn exchange_body(&mut self, lattice: &mut Lattice, period_s: f64) {
        let parts = self.parts(&self.body, period_s);
        let part_s = period_s / parts;
        for index in 0..self.body.len() {
            let sheet = self.body[index];
            lattice.read_row(sheet.row, &mut self.cells[self.cells_x..]);
            for _ in 0..parts as usize {
                self.exchange(sheet.diffusivity_m2_per_s * part_s);
            }
            lattice.write_row(sheet.row, &self.cells[self.cells_x..]);
        }
    }

    /// Explicit steps into which a period is cut, each at most half of the bound.
    fn parts(&self, sheets: &[Sheet], period_s: f64) -> f64 {
        (2.0 * period_s * self.fastest_per_s(sheets))
            .ceil()
            .max(1.0)
    }

    fn fastest_per_s(&self, sheets: &[Sheet]) -> f64 {
        let per_m2 = 2.0 * (self.per_dx2 + self.per_dy2);
        let rates = sheets
            .iter()
            .map(|sheet| sheet.diffusivity_m2_per_s * per_m2);
        rates.fold(0.0, f64::max)
    }

    /// One explicit step of the row in `cells`. Every flux leaves one column and
    /// enters its neighbour: both compute it by the same expression. The rim's
    /// missing neighbour across is masked, along it is the line itself.
    #[inline(always)]
    fn exchange(&mut self, reach_m2: f64) {
        let (nx, count) = (self.cells_x, self.columns);
        let (share_x, share_y) = (reach_m2 * self.per_dx2, reach_m2 * self.per_dy2);
        self.cells.copy_within(nx..2 * nx, 0);
        self.cells.copy_within(count..count + nx, count + nx);
        let cells = &self.cells[..];
        let (before, after) = (&cells[..count], &cells[2 * nx..][..count]);
        let (left, right) = (&cells[nx - 1..][..count], &cells[nx + 1..][..count]);
        let here = &cells[nx..][..count];
        let (has_left, has_right) = (&self.has_left[..count], &self.has_right[..count]);
        let change_k = &mut self.change_k[..count];
        for i in 0..count {
            let across = has_right[i] * (right[i] - here[i]) - has_left[i] * (here[i] - left[i]);
            let along = (after[i] - here[i]) - (here[i] - before[i]);
            change_k[i] = share_x * across + share_y * along;
        }
        for (cell, change_k) in self.cells[nx..].iter_mut().zip(&self.change_k) {
            *cell += change_k;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn a_checkerboard_dies_out_below_the_bound_and_grows_above_it() {
        let build = Build {
            grid: Grid::Field {
                columns_x: 40,
                columns_y: 60,
            },
            ..Build::default()
        };
        let stack = Stack::of(&build, PRODUCTION);
        let mut lateral = Lateral::new(&stack, &Raster::new(&build));
        // The foam spreads heat fastest.
        let foam_m2_per_s = lateral.pad[0].diffusivity_m2_per_s;
        for (of_the_bound, grows) in [(0.95, false), (1.05, true)] {
            let nx = lateral.cells_x;
            for column in 0..lateral.columns {
                let odd = (column % nx + column / nx) % 2;
                lateral.cells[nx + column] = if odd == 0 { 1.0 } else { -1.0 };
            }
            let step_s = of_the_bound * explicit_step_limit_s(&build);
            for _ in 0..300 {
                lateral.exchange(foam_m2_per_s * step_s);
            }
            let greatest_k = lateral
                .cells
                .iter()
                .fold(0.0_f64, |top, t| top.max(t.abs()));
            assert_eq!(greatest_k > 1.0, grows, "{of_the_bound}: {greatest_k}");
        }
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
