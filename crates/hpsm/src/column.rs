//! The column of 48 cells, cut by the plant's stack of layers, and its coefficients.
//!
//! Cell 0 is the film, 1 to 5 the cover, the rest tissue from the skin inwards.
//! Link `j` lies between the cells `j - 1` and `j`; link 6 holds the contact, the
//! last one leads to the core. Only the first links and the dermis' perfusion
//! differ from one variation to another, so that the rest is kept once for all
//! lanes of a batch.

use crate::workload::{AMBIENT_C, CORE_C, Variation};
use kneadsim_plant::stack::{Deep, Layer, PadRow, Stack};
use kneadsim_plant::tissue::{BLOOD_J_PER_M3_K, Tissue};

/// Cells of the column.
pub const CELLS: usize = 48;
/// First cell of the skin.
pub const SKIN: usize = 6;
/// Cells of the dermis, whose vessels dilate.
pub const DERMIS: core::ops::Range<usize> = 8..24;
/// Links that differ from one variation to another: 1 up to here.
pub const LAST_VARIED_LINK: usize = SKIN;

/// Cover: cells, thickness of one in m, conductivity in W/mK, capacity in J/m3K.
const COVER_CELLS: usize = 5;
const COVER_CELL_M: f64 = 0.4e-3;
const COVER_W_PER_M_K: f64 = 0.06;
const COVER_J_PER_M3_K: f64 = 0.4e6;
/// Film, J/m2K.
const FILM_J_PER_M2_K: f64 = 1500.0;
/// Contact between cover and skin, W/m2K.
const CONTACT_W_PER_M2_K: f64 = 200.0;
/// Tissue starts at this at the skin and at the core's temperature at the deep end, degC.
const SKIN_START_C: f64 = 34.0;

/// Cells of epidermis, dermis, fat and muscle.
const TISSUE_CELLS: [usize; 4] = [2, 16, 12, 12];

fn tissues(perfusion: f64) -> [Tissue; 4] {
    let layer = |mm: f64, k: f64, rho_c: f64, perfusion_per_s: f64, metabolic: f64| Tissue {
        thickness_m: mm * 1.0e-3,
        k_w_per_m_k: k,
        rho_c_j_per_m3_k: rho_c,
        perfusion_per_s,
        metabolic_w_per_m3: metabolic,
    };
    [
        layer(0.08, 0.235, 1200.0 * 3590.0, 0.0, 0.0),
        layer(2.0, 0.445, 1200.0 * 3300.0, 0.001_25 * perfusion, 200.0),
        layer(10.0, 0.185, 1000.0 * 2674.0, 0.000_5, 180.0),
        layer(20.0, 0.51, 1085.0 * 3800.0, 0.002_7, 500.0),
    ]
}

/// The workload's layers as a stack of the plant.
#[must_use]
pub fn stack(variation: &Variation) -> Stack {
    let film = PadRow {
        layer: Layer::Film,
        capacity_j_per_m2_k: FILM_J_PER_M2_K,
        half_m2k_per_w: 0.0,
        sheet_w_per_k: 0.0,
        thickness_m: 0.0,
    };
    let cover_w_per_m_k = COVER_W_PER_M_K * variation.fabric_conductivity;
    let cover = PadRow {
        layer: Layer::Cover,
        capacity_j_per_m2_k: COVER_J_PER_M3_K * COVER_CELL_M,
        half_m2k_per_w: COVER_CELL_M / (2.0 * cover_w_per_m_k),
        sheet_w_per_k: cover_w_per_m_k * COVER_CELL_M,
        thickness_m: COVER_CELL_M,
    };
    let mut pad = vec![film];
    pad.extend([cover; COVER_CELLS]);
    let layers = tissues(variation.perfusion);
    Stack {
        pad,
        ..Stack::bare(&layers, &TISSUE_CELLS, &[1.0; 4], Deep::Core)
    }
}

/// The same with a tissue layer for each cell of the dermis, so that each has its own
/// perfusion; the dermis is then the layers 1 to 16.
#[must_use]
pub fn stack_of_thin_dermis(variation: &Variation) -> Stack {
    let [epidermis, dermis, fat, muscle] = tissues(variation.perfusion);
    let slice = Tissue {
        thickness_m: dermis.thickness_m / TISSUE_CELLS[1] as f64,
        ..dermis
    };
    let mut layers = vec![epidermis];
    layers.extend(vec![slice; TISSUE_CELLS[1]]);
    layers.extend([fat, muscle]);
    let mut cells = vec![TISSUE_CELLS[0]];
    cells.extend(vec![1; TISSUE_CELLS[1]]);
    cells.extend([TISSUE_CELLS[2], TISSUE_CELLS[3]]);
    Stack {
        pad: stack(variation).pad,
        ..Stack::bare(&layers, &cells, &vec![1.0; layers.len()], Deep::Core)
    }
}

/// Resistance of the contact, m2K/W.
#[must_use]
pub fn contact_m2k_per_w(variation: &Variation) -> f64 {
    1.0 / (CONTACT_W_PER_M2_K * variation.contact)
}

/// Coefficients of the column of one variation.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Capacity per cell, J/m2K.
    pub capacity_j_per_m2_k: [f64; CELLS],
    /// Conductance per link, W/m2K; link 0 does not exist.
    pub link_w_per_m2_k: [f64; CELLS + 1],
    /// Heat given to the blood per cell at basal perfusion, W/m2K.
    pub blood_w_per_m2_k: [f64; CELLS],
    /// Metabolic heat per cell, W/m2.
    pub metabolic_w_per_m2: [f64; CELLS],
    /// Start per cell relative to the core, K.
    pub start_k: [f64; CELLS],
    /// Share of the outer of the two cells next to the basal face in its temperature.
    pub basal_share: f64,
}

impl Column {
    /// The column of a variation.
    #[must_use]
    pub fn of(variation: &Variation) -> Column {
        let stack = stack(variation);
        let pad = stack.pad.iter().map(|row| row.half_m2k_per_w);
        let body = stack.body.iter().map(|row| row.half_m2k_per_w);
        let halves: Vec<f64> = pad.chain(body).collect();
        let depth_m: f64 = stack.body.iter().map(|row| row.thickness_m).sum();
        let mut column = Column {
            capacity_j_per_m2_k: [0.0; CELLS],
            link_w_per_m2_k: [0.0; CELLS + 1],
            blood_w_per_m2_k: [0.0; CELLS],
            metabolic_w_per_m2: [0.0; CELLS],
            start_k: [AMBIENT_C - CORE_C; CELLS],
            basal_share: 0.0,
        };
        for (cell, row) in stack.pad.iter().enumerate() {
            column.capacity_j_per_m2_k[cell] = row.capacity_j_per_m2_k;
        }
        for (cell, row) in (SKIN..).zip(&stack.body) {
            let tissue = &stack.tissues[row.tissue];
            column.capacity_j_per_m2_k[cell] = row.capacity_j_per_m2_k;
            column.blood_w_per_m2_k[cell] =
                row.thickness_m * BLOOD_J_PER_M3_K * tissue.perfusion_per_s;
            column.metabolic_w_per_m2[cell] = row.metabolic_w_per_m2;
            let rise_k = (CORE_C - SKIN_START_C) * row.depth_m / depth_m;
            column.start_k[cell] = SKIN_START_C + rise_k - CORE_C;
        }
        for link in 1..CELLS {
            let contact = if link == SKIN {
                contact_m2k_per_w(variation)
            } else {
                0.0
            };
            column.link_w_per_m2_k[link] = 1.0 / (halves[link - 1] + halves[link] + contact);
        }
        column.link_w_per_m2_k[CELLS] = 1.0 / halves[CELLS - 1];
        let basal = DERMIS.start;
        column.basal_share = halves[basal] / (halves[basal - 1] + halves[basal]);
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stack_has_the_cells_of_the_workload() {
        let stack = stack(&Variation::NOMINAL);
        assert_eq!(stack.pad.len() + stack.body.len(), CELLS);
        assert_eq!(stack.pad.len(), SKIN);
        assert_eq!(
            SKIN + stack.rows_above(1)..SKIN + stack.rows_above(2),
            DERMIS
        );
    }

    #[test]
    fn coefficients_are_those_written_down_by_hand() {
        let column = Column::of(&Variation::NOMINAL);
        let rows = [
            (column.capacity_j_per_m2_k[1], 0.4e-3 * 0.4e6),
            (
                column.capacity_j_per_m2_k[40],
                20.0e-3 / 12.0 * 1085.0 * 3800.0,
            ),
            (column.link_w_per_m2_k[1], 2.0 * 0.06 / 0.4e-3),
            (column.link_w_per_m2_k[2], 0.06 / 0.4e-3),
            (
                column.link_w_per_m2_k[6],
                1.0 / (0.4e-3 / 0.12 + 40.0e-6 / 0.47 + 1.0 / 200.0),
            ),
            (column.link_w_per_m2_k[9], 0.445 / 125.0e-6),
            (column.link_w_per_m2_k[48], 2.0 * 0.51 * 12.0 / 20.0e-3),
            (
                column.blood_w_per_m2_k[8],
                125.0e-6 * 1060.0 * 3770.0 * 0.001_25,
            ),
            (column.metabolic_w_per_m2[47], 500.0 * 20.0e-3 / 12.0),
            (
                column.basal_share,
                0.235 / 40.0e-6 / (0.235 / 40.0e-6 + 0.445 / 125.0e-6),
            ),
        ];
        for (index, (got, expected)) in rows.iter().enumerate() {
            assert!((got / expected - 1.0).abs() < 1.0e-12, "{index}: {got}");
        }
    }

    #[test]
    fn only_the_first_links_and_the_dermis_perfusion_vary() {
        let nominal = Column::of(&Variation::NOMINAL);
        for run in 0..20 {
            let varied = Column::of(&Variation::of_run(run));
            let links = LAST_VARIED_LINK + 1..=CELLS;
            assert_eq!(
                varied.link_w_per_m2_k[links.clone()],
                nominal.link_w_per_m2_k[links]
            );
            assert_eq!(varied.capacity_j_per_m2_k, nominal.capacity_j_per_m2_k);
            assert_eq!(varied.metabolic_w_per_m2, nominal.metabolic_w_per_m2);
            assert_eq!(varied.start_k, nominal.start_k);
            assert_eq!(varied.basal_share, nominal.basal_share);
            for cell in (0..CELLS).filter(|cell| !DERMIS.contains(cell)) {
                assert_eq!(
                    varied.blood_w_per_m2_k[cell],
                    nominal.blood_w_per_m2_k[cell]
                );
            }
            let dermis = &varied.blood_w_per_m2_k[DERMIS];
            assert!(dermis.iter().all(|w| *w == dermis[0]));
        }
    }
}
