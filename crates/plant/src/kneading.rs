//! The two nodes: where they press, and what pressure does to the contact.

use crate::build::{Kneading, Pad, Place};
use crate::field::raster::Raster;

/// Pressure up to which a contact is as resistive as at a light touch, kPa [E]:
/// a body leaning on the pad.
pub const LIGHT_KPA: f64 = 2.0;
/// Pressure at which the contact has its best conductance, kPa [E]: the lightest
/// node of the usual range (20 N over 10 cm2).
pub const PRESSED_KPA: f64 = 20.0;

/// Contact conductance at a pressure, W/m2K: linear in the pressure (the usual
/// law of solid contacts) between a light touch and a node, constant beyond.
pub fn contact_w_per_m2_k(pad: &Pad, pressure_kpa: f64) -> f64 {
    let light = 1.0 / pad.contact_light_m2k_per_w;
    let pressed = 1.0 / pad.contact_node_m2k_per_w;
    let share = (pressure_kpa - LIGHT_KPA) / (PRESSED_KPA - LIGHT_KPA);
    light + (pressed - light) * share.clamp(0.0, 1.0)
}

impl Kneading {
    /// Where the two nodes are at an output angle. The second turns mirrored.
    pub fn nodes(&self, angle_rad: f64) -> [Place; 2] {
        let (sin, cos) = (libm::sin(angle_rad), libm::cos(angle_rad));
        core::array::from_fn(|node| {
            let mirror = if node == 0 { 1.0 } else { -1.0 };
            Place {
                x_m: self.centres[node].x_m + mirror * self.radius_m * cos,
                y_m: self.centres[node].y_m + self.radius_m * sin,
            }
        })
    }
}

/// What the nodes press now.
#[derive(Clone, Debug)]
pub struct Pressed {
    /// Angle and force that this holds for, as bits.
    placed_for: (u64, u64),
    added_kpa: Vec<f64>,
    cells: Vec<usize>,
    columns: Vec<Touch>,
    whole_kpa: f64,
    coverage: Vec<f64>,
}

/// One raster cell under a node, as its column feels it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touch {
    /// Column that the cell belongs to.
    pub column: usize,
    /// Share of the column that the cell is.
    pub share: f64,
    /// Pressure on the cell beyond the body's own, kPa.
    pub added_kpa: f64,
}

impl Pressed {
    /// Nothing pressed yet.
    pub fn new(raster: &Raster) -> Pressed {
        let count = raster.cells_x * raster.cells_y;
        Pressed {
            placed_for: (0, 0),
            added_kpa: vec![0.0; count],
            cells: Vec::with_capacity(count),
            columns: Vec::with_capacity(count),
            whole_kpa: 0.0,
            coverage: Vec::with_capacity(count),
        }
    }

    /// Places both nodes at an output angle. Each
    /// spreads its force over a disc whose rim is softened to a cell's width,
    /// so that the pressed area moves smoothly and the force is always whole.
    pub fn place(&mut self, kneading: &Kneading, raster: &Raster, angle_rad: f64, force_n: f64) {
        let placed_for = (angle_rad.to_bits(), force_n.to_bits());
        if self.placed_for == placed_for {
            return;
        }
        self.placed_for = placed_for;
        for cell in self.cells.drain(..) {
            self.added_kpa[cell] = 0.0;
        }
        self.columns.clear();
        self.whole_kpa = 0.0;
        // A force that is not a number presses nothing.
        let is_pressing = force_n > 0.0;
        if !is_pressing {
            return;
        }
        for node in kneading.nodes(angle_rad) {
            self.press(
                kneading.node_radius_m,
                raster,
                (node.x_m, node.y_m),
                force_n,
            );
        }
        for cell in &self.cells {
            let added_kpa = self.added_kpa[*cell];
            self.whole_kpa += added_kpa;
            if let Some((column, share)) = raster.column_of_cell(*cell) {
                self.columns.push(Touch {
                    column,
                    share,
                    added_kpa,
                });
            }
        }
    }

    /// Pressed cells that belong to a column.
    pub fn columns(&self) -> &[Touch] {
        &self.columns
    }

    /// The same in runs of cells of one column, in the same order: what each adds
    /// to its column can be summed without a look at the column's place in between.
    #[inline(always)]
    pub fn runs(&self) -> impl Iterator<Item = (usize, &[Touch])> {
        let runs = self.columns.chunk_by(|a, b| a.column == b.column);
        runs.map(|run| (run[0].column, run))
    }

    /// Added pressure of all cells together, kPa, also of those beside the columns.
    pub fn whole_kpa(&self) -> f64 {
        self.whole_kpa
    }

    /// Spreads a node's force: first the coverage of each cell near it, then the
    /// pressure that makes the whole of them the force.
    fn press(&mut self, radius_m: f64, raster: &Raster, at_m: (f64, f64), force_n: f64) {
        let soft_m = raster.dx_m.max(raster.dy_m);
        let reach_m = radius_m + soft_m / 2.0;
        // `as` cuts off, saturates and sends what is not a number to 0: for what
        // is not negative that is `floor`, without a call where the machine has none.
        let span = |at: f64, size: f64, count: usize| {
            let low = (at - reach_m) / size;
            let high = (at + reach_m) / size;
            let whole = (high as usize).min(count);
            let begun = usize::from(high > whole as f64);
            low as usize..(whole + begun).min(count)
        };
        let per_soft_m = 1.0 / soft_m;
        let (across, along) = (
            span(at_m.0, raster.dx_m, raster.cells_x),
            span(at_m.1, raster.dy_m, raster.cells_y),
        );
        self.coverage.clear();
        for y in along.clone() {
            let dy_m = (y as f64 + 0.5) * raster.dy_m - at_m.1;
            let dy_m2 = dy_m * dy_m;
            self.coverage.extend(across.clone().map(|x| {
                let dx_m = (x as f64 + 0.5) * raster.dx_m - at_m.0;
                let distance_m = (dx_m * dx_m + dy_m2).sqrt();
                let coverage = (reach_m - distance_m) * per_soft_m;
                coverage.clamp(0.0, 1.0)
            }));
        }
        let covered: f64 = self.coverage.iter().sum();
        if covered <= 0.0 {
            return;
        }
        let kpa = 1.0e-3 * force_n / (covered * raster.dx_m * raster.dy_m);
        for (y, shares) in along.zip(self.coverage.chunks_exact(across.len())) {
            let row = y * raster.cells_x;
            let cells = row + across.start..row + across.end;
            for (cell, (added_kpa, share)) in cells
                .clone()
                .zip(self.added_kpa[cells].iter_mut().zip(shares))
            {
                if *share > 0.0 {
                    if *added_kpa == 0.0 {
                        self.cells.push(cell);
                    }
                    *added_kpa += share * kpa;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{Build, Grid};

    #[test]
    fn contact_goes_from_light_to_pressed_and_no_further() {
        let pad = Build::default().pad;
        for (pressure_kpa, expected_m2k_per_w) in
            [(0.0, 0.005), (2.0, 0.005), (20.0, 0.001), (200.0, 0.001)]
        {
            let got = 1.0 / contact_w_per_m2_k(&pad, pressure_kpa);
            assert!(
                (got / expected_m2k_per_w - 1.0).abs() < 1.0e-12,
                "{pressure_kpa}: {got}"
            );
        }
    }

    #[test]
    fn both_nodes_press_with_their_whole_force_wherever_they_are() {
        let build = Build::default();
        let raster = Raster::new(&build);
        let mut pressed = Pressed::new(&raster);
        let cell_m2 = raster.dx_m * raster.dy_m;
        for angle in 0..50 {
            pressed.place(&build.kneading, &raster, 0.37 * f64::from(angle), 40.0);
            let columns = pressed.columns().iter();
            let force_n: f64 = columns.map(|touch| 1.0e3 * touch.added_kpa * cell_m2).sum();
            assert!((force_n - 80.0).abs() < 1.0e-9, "angle {angle}: {force_n}");
        }
    }

    #[test]
    fn runs_are_the_pressed_cells_in_their_order_column_by_column() {
        for grid in [Build::default().grid, Grid::Column] {
            let build = Build {
                grid,
                ..Build::default()
            };
            let raster = Raster::new(&build);
            let mut pressed = Pressed::new(&raster);
            for angle in 0..50 {
                pressed.place(&build.kneading, &raster, 0.37 * f64::from(angle), 40.0);
                let runs = pressed.runs().flat_map(|(column, touches)| {
                    assert!(touches.iter().all(|touch| touch.column == column));
                    touches
                });
                assert!(runs.eq(pressed.columns()), "angle {angle}");
            }
        }
    }

    #[test]
    fn nothing_presses_without_force() {
        let build = Build::default();
        let raster = Raster::new(&build);
        let mut pressed = Pressed::new(&raster);
        pressed.place(&build.kneading, &raster, 1.0, 40.0);
        assert!(pressed.columns().len() > 4);
        for force_n in [0.0, -5.0, f64::NAN] {
            pressed.place(&build.kneading, &raster, 1.0, force_n);
            assert!(pressed.columns().is_empty(), "{force_n}");
        }
    }

    #[test]
    fn the_reference_nodes_neither_meet_nor_leave_the_pad() {
        let Build { kneading, pad, .. } = Build::default();
        let reach_m = kneading.radius_m + kneading.node_radius_m;
        let [left, right] = kneading.centres;
        // They turn mirrored: nearest when both point inwards, at angle 0.
        let gap_m = right.x_m - left.x_m - 2.0 * reach_m;
        assert!(gap_m >= 0.0, "the nodes would collide by {} m", -gap_m);
        for centre in kneading.centres {
            assert!(centre.x_m - reach_m >= 0.0 && centre.x_m + reach_m <= pad.width_m);
            assert!(centre.y_m - reach_m >= 0.0 && centre.y_m + reach_m <= pad.height_m);
        }
    }

    #[test]
    fn the_nodes_turn_mirrored() {
        let build = Build::default();
        let raster = Raster::new(&build);
        let mut pressed = Pressed::new(&raster);
        pressed.place(&build.kneading, &raster, 0.8, 40.0);
        let map = pressed.columns();
        for Touch {
            column: cell,
            added_kpa: kpa,
            ..
        } in map
        {
            let (x, y) = (cell % raster.cells_x, cell / raster.cells_x);
            let mirrored = y * raster.cells_x + raster.cells_x - 1 - x;
            let other = map.iter().find(|touch| touch.column == mirrored);
            assert!(
                other.is_some_and(|found| (found.added_kpa - kpa).abs() < 1.0e-9),
                "{cell}"
            );
        }
    }
}
