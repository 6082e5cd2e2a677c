//! What thermal oracles share: one lattice column, ways to hold its faces, and
//! reading temperatures between cells.

use super::{OracleRow, Tolerance};
use crate::field::lattice::{Lattice, Surroundings};
use crate::stack::Stack;

/// Thermal step of the runs that give verdicts, s.
pub const STEP_S: f64 = 0.25;
/// Allowed error of steady temperatures, K.
pub const STEADY: Tolerance = Tolerance::Absolute(0.01);
/// Allowed error of fluxes.
pub const FLUX: Tolerance = Tolerance::Relative(0.005);
/// Allowed error of temperatures under way, K.
pub const TRANSIENT: Tolerance = Tolerance::Absolute(0.02);
/// Where the closed forms come from.
pub const CLOSED: &str = "closed form, 30 digits [C]";

/// A row of this group of oracles.
pub fn row(
    group: &'static str,
    name: impl Into<String>,
    unit: &'static str,
    (expected, got): (f64, f64),
    tolerance: Tolerance,
) -> OracleRow {
    OracleRow {
        group,
        name: name.into(),
        unit,
        expected,
        got,
        tolerance,
        source: CLOSED,
    }
}

/// One column of a stack at one temperature.
pub fn column(stack: Stack, start_c: f64) -> Lattice {
    const LIGHT_M2K_PER_W: f64 = 0.005;
    Lattice::new(stack, &[1.0], LIGHT_M2K_PER_W, start_c)
}

/// A bare face behind a resistance to surroundings at one temperature.
pub fn behind(resistance_m2k_per_w: f64, ambient_c: f64, blood_c: f64) -> Surroundings {
    Surroundings {
        ambient_c,
        back_m2k_per_w: 1.0,
        front_m2k_per_w: resistance_m2k_per_w,
        contact: 0.0,
        clothing_m2k_per_w: 0.0,
        clothing_j_per_m2_k: 0.0,
        blood_c,
        face_w_per_m2: 0.0,
    }
}

/// A face held at a temperature: a resistance too small to matter.
pub fn held(face_c: f64, blood_c: f64) -> Surroundings {
    behind(1.0e-12, face_c, blood_c)
}

/// Advances by a whole number of production steps.
pub fn run(lattice: &mut Lattice, around: &Surroundings, duration_s: f64) {
    let steps = (duration_s / STEP_S + 0.5) as usize;
    for _ in 0..steps {
        lattice.advance(STEP_S, around);
    }
}

/// Temperature at a depth below the skin, degC: the parabola through the three
/// nearest nodes of a body of uniform conductivity.
pub fn at_depth_c(lattice: &Lattice, depth_m: f64) -> f64 {
    let skin_row = lattice.clothing_row() + 1;
    let cells = lattice.stack().body.iter().enumerate();
    let mut nodes = vec![(0.0, lattice.skin_c()[0])];
    nodes.extend(cells.map(|(row, cell)| (cell.depth_m, lattice.cell_c(skin_row + row, 0))));
    let after = nodes.iter().position(|node| node.0 >= depth_m).unwrap_or(2);
    let first = after.saturating_sub(1).min(nodes.len() - 3);
    let [a, b, c] = [nodes[first], nodes[first + 1], nodes[first + 2]];
    let share = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| {
        p.1 * (depth_m - q.0) * (depth_m - r.0) / ((p.0 - q.0) * (p.0 - r.0))
    };
    share(a, b, c) + share(b, a, c) + share(c, a, b)
}

/// Temperature at the outer face of a tissue layer, degC, by continuity of flux.
pub fn layer_face_c(lattice: &Lattice, tissue: usize) -> f64 {
    let row = lattice.stack().rows_above(tissue);
    let skin_row = lattice.clothing_row() + 1;
    let body = &lattice.stack().body;
    let (above, below) = (&body[row - 1], &body[row]);
    let above_c = lattice.cell_c(skin_row + row - 1, 0);
    let below_c = lattice.cell_c(skin_row + row, 0);
    let share = below.half_m2k_per_w / (above.half_m2k_per_w + below.half_m2k_per_w);
    below_c + share * (above_c - below_c)
}
