//! What all columns of a lattice share in one step: capacities over the step,
//! links between cells, and the pad's elimination.
//!
//! Body rows are scaled: a row's temperature is `scale` times what the lattice
//! keeps, and its equation is multiplied by `scale`, with scales such that every
//! link between body rows becomes exactly one in both directions. The matrix
//! stays symmetric and the sweep saves a third of its multiplications.

use super::lattice::Surroundings;
use crate::stack::{Deep, Stack};
use crate::tissue::BLOOD_J_PER_M3_K;

/// The diagonal coefficient of the SDIRK2 scheme, 1 - 1/sqrt 2.
pub const GAMMA: f64 = 1.0 - core::f64::consts::FRAC_1_SQRT_2;

/// The second stage starts from the old temperature carried on along the first
/// stage's slope, T + (1 - gamma)/gamma (Y - T): this share of Y, the rest of T.
pub const REACH: f64 = (1.0 - GAMMA) / GAMMA;

/// Coefficients of one step, all in W/m2K unless said otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Uniform {
    /// Rows of the pad from the back outwards.
    pub pad: Vec<PadCoefficients>,
    /// What the outermost pad row loses, the contact apart.
    pub pad_loss: f64,
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
    /// Clothing's capacity over gamma times the step, in both stages.
    pub clothing: Storage,
    /// From the clothing to the first skin cell.
    pub skin_link: f64,
    /// Heat into the clothing's node, W/m2.
    pub face_w_per_m2: f64,
    /// Rows of the body from the skin inwards.
    pub body: Vec<BodyCoefficients>,
    /// Whether any body row has metabolic heat.
    pub has_metabolism: bool,
    /// From the last body row to the core; 0 where it is insulated.
    pub core_link: f64,
    /// First body row of each tissue, and the number of rows at the end.
    pub tissue_start: Vec<usize>,
    /// Row above the basal face, and the share of it in that face's temperature.
    pub basal_above: usize,
    pub basal_share: f64,
    /// For what the above was prepared.
    prepared: Option<(f64, Surroundings)>,
}

/// Capacity over gamma times the step, as it multiplies what a stage starts from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Storage {
    /// In the first stage, times the old temperature.
    pub whole: f64,
    /// In the second stage, times the old temperature.
    pub old: f64,
    /// In the second stage, times the first stage's result.
    pub first: f64,
}

impl Storage {
    fn new(whole: f64) -> Storage {
        Storage {
            whole,
            old: whole * (1.0 - REACH),
            first: whole * REACH,
        }
    }
}

/// One pad row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PadCoefficients {
    pub storage: Storage,
    /// To the next row outwards; 0 at the outermost.
    pub link: f64,
    /// Inverse of the eliminated diagonal, m2K/W; 0 at the outermost.
    pub inverse: f64,
    /// Share of the next row outwards in this one's temperature.
    pub share: f64,
}

/// One body row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BodyCoefficients {
    /// Temperature in K over what the lattice keeps.
    pub scale: f64,
    /// One over the square of it.
    pub per_scale2: f64,
    /// Scaled twice, as row and temperature.
    pub storage: Storage,
    /// The same, not scaled.
    pub capacity: f64,
    /// To the row above (towards the skin), not scaled; of row 0 unused.
    pub link_above: f64,
    /// Metabolic heat, W/m2, scaled.
    pub metabolic: f64,
    /// Heat capacity of the blood in the row, J/m2K, not scaled.
    pub blood: f64,
    /// The same for what the lattice keeps.
    pub blood_scaled: f64,
}

impl Uniform {
    /// The part that does not change in a run.
    pub fn new(stack: &Stack) -> Uniform {
        let between = |a: f64, b: f64| 1.0 / (a + b);
        let last = stack.body.len() - 1;
        let basal_row = stack.rows_above(1).min(last);
        let basal_above = basal_row.max(1) - 1;
        let to_face = [basal_above, basal_row].map(|row| 1.0 / stack.body[row].half_m2k_per_w);
        let mut tissue_start: Vec<usize> = (0..stack.tissues.len())
            .map(|tissue| stack.rows_above(tissue))
            .collect();
        tissue_start.push(stack.body.len());
        let mut pad = vec![PadCoefficients::default(); stack.pad.len()];
        for (row, pair) in stack.pad.windows(2).enumerate() {
            pad[row].link = between(pair[0].half_m2k_per_w, pair[1].half_m2k_per_w);
        }
        let mut body: Vec<BodyCoefficients> = Vec::with_capacity(stack.body.len());
        for (row, cell) in stack.body.iter().enumerate() {
            let mut coefficients = BodyCoefficients {
                scale: 1.0,
                ..BodyCoefficients::default()
            };
            if let Some(above) = body.last() {
                let link = between(stack.body[row - 1].half_m2k_per_w, cell.half_m2k_per_w);
                coefficients.link_above = link;
                coefficients.scale = 1.0 / (link * above.scale);
            }
            let scale = coefficients.scale;
            coefficients.per_scale2 = 1.0 / (scale * scale);
            coefficients.metabolic = cell.metabolic_w_per_m2 * scale;
            coefficients.blood = BLOOD_J_PER_M3_K * cell.thickness_m;
            coefficients.blood_scaled = coefficients.blood * scale;
            body.push(coefficients);
        }
        Uniform {
            pad,
            film_row: stack.film_row(),
            pad_half: stack.pad[stack.pad.len() - 1].half_m2k_per_w,
            has_metabolism: stack.body.iter().any(|row| row.metabolic_w_per_m2 != 0.0),
            body,
            core_link: match stack.deep {
                Deep::Core => 1.0 / stack.body[last].half_m2k_per_w,
                Deep::Insulated => 0.0,
            },
            tissue_start,
            basal_above,
            basal_share: to_face[0] / (to_face[0] + to_face[1]),
            ..Uniform::default()
        }
    }

    /// Rows in all: pad, clothing, body.
    pub fn rows(&self) -> usize {
        self.pad.len() + 1 + self.body.len()
    }

    /// Coefficients for one step in these surroundings; nothing to do where
    /// neither has changed.
    #[inline]
    pub fn prepare(&mut self, stack: &Stack, dt_s: f64, around: &Surroundings) {
        if self.prepared != Some((dt_s, *around)) {
            self.prepare_anew(stack, dt_s, around);
        }
    }

    fn prepare_anew(&mut self, stack: &Stack, dt_s: f64, around: &Surroundings) {
        let per_stage_s = GAMMA * dt_s;
        for (row, cell) in self.pad.iter_mut().zip(&stack.pad) {
            row.storage = Storage::new(cell.capacity_j_per_m2_k / per_stage_s);
        }
        for (row, cell) in self.body.iter_mut().zip(&stack.body) {
            row.capacity = cell.capacity_j_per_m2_k / per_stage_s;
            row.storage = Storage::new(row.capacity / row.per_scale2);
        }
        let open = 1.0 - around.contact;
        self.contact = around.contact;
        self.ambient_k = around.ambient_c - around.blood_c;
        self.back = 1.0 / (stack.pad[0].half_m2k_per_w + around.back_m2k_per_w);
        self.pad_air = open / (self.pad_half + around.front_m2k_per_w);
        self.clothing_half = around.clothing_m2k_per_w / 2.0;
        self.clothing_air = open / (self.clothing_half + around.front_m2k_per_w);
        self.clothing = Storage::new(around.clothing_j_per_m2_k / per_stage_s);
        self.skin_link = 1.0 / (self.clothing_half + stack.body[0].half_m2k_per_w);
        self.face_w_per_m2 = around.face_w_per_m2;
        self.eliminate_pad();
        self.prepared = Some((dt_s, *around));
    }

    /// From the back outwards: each row's loss is its storage and, in series
    /// with the link, what the row behind it loses. Sums of positive numbers
    /// only, so that nothing cancels.
    fn eliminate_pad(&mut self) {
        let last = self.pad.len() - 1;
        let mut loss = self.back;
        for (index, row) in self.pad.iter_mut().enumerate() {
            loss += row.storage.whole;
            if index == last {
                break;
            }
            row.inverse = 1.0 / (loss + row.link);
            row.share = row.link * row.inverse;
            loss *= row.share;
        }
        self.pad_loss = loss + self.pad_air;
    }
}
