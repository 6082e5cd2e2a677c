//! One column of the model as a stack of cells, from the back foam to the core.
//!
//! A stack has two parts that meet at the contact: the pad (from the air
//! behind it outwards to the face of its cover) and the body (from the skin
//! inwards). Clothing stays with the body when it leaves the pad, so it is the
//! body's outermost row; it is live and therefore not part of the stack.
//!
//! Oracles build stacks of their own (slabs, semi-infinite bodies) and run them
//! through the same solver.

use crate::build::{Build, Pad};
use crate::tissue::{Tissue, layers_of};

/// Which layer a cell belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Foam behind the film.
    Foam,
    /// Heater film.
    Film,
    /// Cover between film and clothing.
    Cover,
    /// Clothing on the body.
    Clothing,
    /// Tissue, counted from the skin inwards; see [`Stack::body_names`].
    Tissue(usize),
}

/// How finely each layer is cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells {
    /// Cells of the foam.
    pub foam: usize,
    /// Cells of the cover.
    pub cover: usize,
    /// Cells of each tissue layer from the skin inwards.
    pub tissue: [usize; 4],
    /// Growth of cell thickness from one tissue cell to the next deeper one,
    /// per layer.
    pub growth: [f64; 4],
}

impl Cells {
    /// Each cell cut into `parts`, with the same grading from end to end.
    pub fn refined(self, parts: usize) -> Cells {
        Cells {
            foam: self.foam * parts,
            cover: self.cover * parts,
            tissue: self.tissue.map(|count| count * parts),
            growth: self
                .growth
                .map(|growth| libm::pow(growth, 1.0 / parts as f64)),
        }
    }
}

/// Cells of the runs that give verdicts: 28 with film and clothing, fine at
/// the skin. The refinement study shows what is left of the error.
pub const PRODUCTION: Cells = Cells {
    foam: 2,
    cover: 2,
    tissue: [1, 6, 9, 6],
    // Chosen so that neighbouring layers meet with similar cells.
    growth: [1.0, 1.2, 1.1, 1.25],
};

/// A row of pad cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PadRow {
    /// Layer.
    pub layer: Layer,
    /// Heat capacity, J/m2K.
    pub capacity_j_per_m2_k: f64,
    /// From the cell's node to either of its faces, m2K/W.
    pub half_m2k_per_w: f64,
    /// In-plane conductance (k times thickness), W/K.
    pub sheet_w_per_k: f64,
    /// Thickness, m; used for drawing only.
    pub thickness_m: f64,
}

/// A row of tissue cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyRow {
    /// Index of its tissue layer.
    pub tissue: usize,
    /// Depth of the cell's centre below the skin, m.
    pub depth_m: f64,
    /// Thickness, m.
    pub thickness_m: f64,
    /// Heat capacity, J/m2K.
    pub capacity_j_per_m2_k: f64,
    /// From the cell's node to either of its faces, m2K/W.
    pub half_m2k_per_w: f64,
    /// In-plane conductance (k times thickness), W/K.
    pub sheet_w_per_k: f64,
    /// Metabolic heat, W/m2.
    pub metabolic_w_per_m2: f64,
}

/// What bounds the body at its deep end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deep {
    /// Held at the temperature of core and blood.
    Core,
    /// No heat flows.
    Insulated,
}

/// A whole column: pad, body, deep end.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// From the back outwards.
    pub pad: Vec<PadRow>,
    /// From the skin inwards.
    pub body: Vec<BodyRow>,
    /// Tissue layers from the skin inwards.
    pub tissues: Vec<Tissue>,
    /// Deep end.
    pub deep: Deep,
}

impl Stack {
    /// Names of the tissue layers of a body, from the skin inwards.
    pub const fn body_names() -> [&'static str; 4] {
        ["epidermis", "dermis", "fat", "inner"]
    }

    /// The stack of a build.
    pub fn of(build: &Build, cells: Cells) -> Stack {
        let tissues = layers_of(build.body.site, build.body.profile);
        Stack {
            pad: pad_rows(&build.pad, cells),
            body: graded_body(&tissues, &cells.tissue, &cells.growth),
            tissues: tissues.to_vec(),
            deep: Deep::Core,
        }
    }

    /// A body alone, behind a pad that nothing couples to it: for slabs.
    pub fn bare(tissues: &[Tissue], cells: &[usize], growth: &[f64], deep: Deep) -> Stack {
        let lone = PadRow {
            layer: Layer::Film,
            capacity_j_per_m2_k: 1.0,
            half_m2k_per_w: 0.0,
            sheet_w_per_k: 0.0,
            thickness_m: 0.0,
        };
        Stack {
            pad: vec![lone],
            body: graded_body(tissues, cells, growth),
            tissues: tissues.to_vec(),
            deep,
        }
    }

    /// Index of the film's row in the pad.
    pub fn film_row(&self) -> usize {
        let film = self.pad.iter().position(|row| row.layer == Layer::Film);
        film.expect("every stack has a film row")
    }

    /// Rows of body cells above the given face of a tissue layer.
    pub fn rows_above(&self, tissue: usize) -> usize {
        self.body.iter().filter(|row| row.tissue < tissue).count()
    }
}

/// Conductivity of the foam, W/mK [E]: turns its resistance into a thickness.
const FOAM_W_PER_M_K: f64 = 0.04;
/// Thickness of the film and the cover for drawing, m [E].
const FILM_M: f64 = 0.3e-3;
const COVER_M: f64 = 3.0e-3;

fn pad_rows(pad: &Pad, cells: Cells) -> Vec<PadRow> {
    let foam_m = pad.foam_m2k_per_w * FOAM_W_PER_M_K;
    let foam = PadRow {
        layer: Layer::Foam,
        capacity_j_per_m2_k: pad.foam_j_per_m2_k,
        half_m2k_per_w: pad.foam_m2k_per_w / 2.0,
        sheet_w_per_k: FOAM_W_PER_M_K * foam_m,
        thickness_m: foam_m,
    };
    let film = PadRow {
        layer: Layer::Film,
        capacity_j_per_m2_k: pad.film_j_per_m2_k,
        half_m2k_per_w: 0.0,
        sheet_w_per_k: pad.film_sheet_w_per_k,
        thickness_m: FILM_M,
    };
    let cover = PadRow {
        layer: Layer::Cover,
        capacity_j_per_m2_k: pad.cover_j_per_m2_k,
        half_m2k_per_w: pad.cover_m2k_per_w / 2.0,
        sheet_w_per_k: pad.cover_sheet_w_per_k,
        thickness_m: COVER_M,
    };
    let mut rows = cut(foam, cells.foam);
    rows.push(film);
    rows.extend(cut(cover, cells.cover));
    rows
}

fn cut(whole: PadRow, count: usize) -> Vec<PadRow> {
    let share = 1.0 / count as f64;
    let part = PadRow {
        layer: whole.layer,
        capacity_j_per_m2_k: whole.capacity_j_per_m2_k * share,
        half_m2k_per_w: whole.half_m2k_per_w * share,
        sheet_w_per_k: whole.sheet_w_per_k * share,
        thickness_m: whole.thickness_m * share,
    };
    vec![part; count]
}

fn graded_body(tissues: &[Tissue], cells: &[usize], growth: &[f64]) -> Vec<BodyRow> {
    let mut rows = Vec::new();
    let mut top_m = 0.0;
    for (index, tissue) in tissues.iter().enumerate() {
        let mut whole = 0.0;
        let mut weight = 1.0;
        for _ in 0..cells[index] {
            whole += weight;
            weight *= growth[index];
        }
        let mut thickness_m = tissue.thickness_m / whole;
        for _ in 0..cells[index] {
            rows.push(BodyRow {
                tissue: index,
                depth_m: top_m + thickness_m / 2.0,
                thickness_m,
                capacity_j_per_m2_k: tissue.rho_c_j_per_m3_k * thickness_m,
                half_m2k_per_w: thickness_m / (2.0 * tissue.k_w_per_m_k),
                sheet_w_per_k: tissue.k_w_per_m_k * thickness_m,
                metabolic_w_per_m2: tissue.metabolic_w_per_m3 * thickness_m,
            });
            top_m += thickness_m;
            thickness_m *= growth[index];
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_production_stack_is_at_least_24_cells_deep_and_as_thick_as_the_body() {
        let stack = Stack::of(&Build::default(), PRODUCTION);
        // One more row than these is the clothing.
        assert!(stack.pad.len() + stack.body.len() + 1 >= 24);
        let depth_m: f64 = stack.body.iter().map(|row| row.thickness_m).sum();
        assert!((depth_m - 42.08e-3).abs() < 1.0e-12, "{depth_m}");
    }

    #[test]
    fn tissue_cells_never_grow_more_than_twofold_below_the_epidermis() {
        let stack = Stack::of(&Build::default(), PRODUCTION);
        for pair in stack.body[1..].windows(2) {
            let ratio = pair[1].thickness_m / pair[0].thickness_m;
            assert!((0.5..=2.0).contains(&ratio), "{ratio}");
        }
    }
}
