//! What all columns of a lattice share in one step: capacities over the step,
//! links between cells, and the pad's elimination.

use super::lattice::Surroundings;
use crate::stack::{Deep, Stack};
use crate::tissue::BLOOD_J_PER_M3_K;

/// The diagonal coefficient of the SDIRK2 scheme, 1 - 1/sqrt 2.
pub const GAMMA: f64 = 1.0 - core::f64::consts::FRAC_1_SQRT_2;

/// Coefficients of one step, all in W/m2K unless said otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Uniform {
    /// Capacity over gamma times the step, per pad row.
    pub pad_capacity: Vec<f64>,
    /// From each pad row to the next one outwards.
    pub pad_link: Vec<f64>,
    /// Inverse of the eliminated diagonal; the last row holds its loss instead.
    pub pad_inverse: Vec<f64>,
    /// Film's row in the pad.
    pub film_row: usize,
    /// From the innermost pad row to the air behind.
    pub back: f64,
    /// From the open cover to the air.
    pub pad_air: f64,
    /// From open clothing to the air.
    pub clothing_air: f64,
    /// Ambient relative to the blood, K.
    pub ambient_k: f64,
    /// Share of the faces that touch.
    pub contact: f64,
    /// From the outermost pad node to its face, m2K/W.
    pub pad_half: f64,
    /// From the clothing's node to either face, m2K/W.
    pub clothing_half: f64,
    /// Clothing's capacity over gamma times the step.
    pub clothing_capacity: f64,
    /// From the clothing to the first skin cell.
    pub skin_link: f64,
    /// Heat into the clothing's node, W/m2.
    pub face_w_per_m2: f64,
    /// Capacity over gamma times the step, per body row.
    pub body_capacity: Vec<f64>,
    /// From each body row to the next one inwards.
    pub body_link: Vec<f64>,
    /// From the last body row to the core; 0 where it is insulated.
    pub core_link: f64,
    /// Metabolic heat per body row, W/m2.
    pub metabolic: Vec<f64>,
    /// Blood heat capacity in each body row, J/m2K.
    pub blood: Vec<f64>,
    /// First body row of each tissue, and the number of rows at the end.
    pub tissue_start: Vec<usize>,
    /// Conductances from the cells on both sides of the basal face to that face.
    pub basal: [f64; 2],
    dt_s: f64,
}

impl Uniform {
    /// The part that does not change in a run.
    pub fn new(stack: &Stack) -> Uniform {
        let between = |a: f64, b: f64| 1.0 / (a + b);
        let pad_pairs = stack.pad.windows(2);
        let body_pairs = stack.body.windows(2);
        let last = stack.body.len() - 1;
        let basal_row = stack.rows_above(1).min(last);
        let mut tissue_start: Vec<usize> = (0..stack.tissues.len())
            .map(|tissue| stack.rows_above(tissue))
            .collect();
        tissue_start.push(stack.body.len());
        Uniform {
            pad_capacity: vec![0.0; stack.pad.len()],
            pad_link: pad_pairs
                .map(|pair| between(pair[0].half_m2k_per_w, pair[1].half_m2k_per_w))
                .collect(),
            pad_inverse: vec![0.0; stack.pad.len()],
            film_row: stack.film_row(),
            pad_half: stack.pad[stack.pad.len() - 1].half_m2k_per_w,
            body_capacity: vec![0.0; stack.body.len()],
            body_link: body_pairs
                .map(|pair| between(pair[0].half_m2k_per_w, pair[1].half_m2k_per_w))
                .collect(),
            core_link: match stack.deep {
                Deep::Core => 1.0 / stack.body[last].half_m2k_per_w,
                Deep::Insulated => 0.0,
            },
            metabolic: stack
                .body
                .iter()
                .map(|row| row.metabolic_w_per_m2)
                .collect(),
            blood: stack
                .body
                .iter()
                .map(|row| BLOOD_J_PER_M3_K * row.thickness_m)
                .collect(),
            tissue_start,
            basal: [
                1.0 / stack.body[basal_row.max(1) - 1].half_m2k_per_w,
                1.0 / stack.body[basal_row].half_m2k_per_w,
            ],
            ..Uniform::default()
        }
    }

    /// Coefficients for one step in these surroundings.
    pub fn prepare(&mut self, stack: &Stack, dt_s: f64, around: &Surroundings) {
        let per_stage_s = GAMMA * dt_s;
        if self.dt_s != dt_s {
            for (storage, row) in self.pad_capacity.iter_mut().zip(&stack.pad) {
                *storage = row.capacity_j_per_m2_k / per_stage_s;
            }
            for (storage, row) in self.body_capacity.iter_mut().zip(&stack.body) {
                *storage = row.capacity_j_per_m2_k / per_stage_s;
            }
            self.dt_s = dt_s;
        }
        let open = 1.0 - around.contact;
        self.contact = around.contact;
        self.ambient_k = around.ambient_c - around.blood_c;
        self.back = 1.0 / (stack.pad[0].half_m2k_per_w + around.back_m2k_per_w);
        self.pad_air = open / (self.pad_half + around.front_m2k_per_w);
        self.clothing_half = around.clothing_m2k_per_w / 2.0;
        self.clothing_air = open / (self.clothing_half + around.front_m2k_per_w);
        self.clothing_capacity = around.clothing_j_per_m2_k / per_stage_s;
        self.skin_link = 1.0 / (self.clothing_half + stack.body[0].half_m2k_per_w);
        self.face_w_per_m2 = around.face_w_per_m2;
        self.eliminate_pad();
    }

    /// From the back outwards: each row's loss is its storage and, in series
    /// with the link, what the row behind it loses. Sums of positive numbers
    /// only, so that nothing cancels.
    fn eliminate_pad(&mut self) {
        let last = self.pad_capacity.len() - 1;
        let mut loss = self.back;
        for row in 0..=last {
            loss += self.pad_capacity[row];
            if row == last {
                self.pad_inverse[row] = loss + self.pad_air;
                return;
            }
            let link = self.pad_link[row];
            self.pad_inverse[row] = 1.0 / (loss + link);
            loss *= link * self.pad_inverse[row];
        }
    }
}
