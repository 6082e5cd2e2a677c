//! The heat equation on a lattice of columns: one implicit time step.
//!
//! Time: SDIRK2 (gamma = 1 - 1/sqrt 2), L-stable and of second order; both
//! stages share one matrix. Space: finite volumes in flux form. Each column is
//! solved by elimination from both ends, from the back of the pad outwards and
//! from the core outwards, which meet at the contact: cover, clothing, skin.
//! The pad's factors are the same for all columns; the body's are kept until
//! its perfusion changes; only the three meeting rows are new in each step.
//!
//! Temperatures are kept relative to the blood, so that perfusion and core need
//! no source term. Layout: `[row][column]`, columns contiguous and padded to
//! whole blocks of lanes; the padding has no area.
//!
//! Not here: what heats, presses or perfuses (see [`crate::field`]).

use super::kernel::{self, Sweep};
use super::uniform::Uniform;
use crate::stack::Stack;

/// Columns that the kernel works on at once in a field.
pub const FIELD_LANES: usize = 16;
/// The same where there are few columns.
pub const FEW_LANES: usize = 2;

/// Rows that are summed at once: the reference stack has four times as many.
const ROWS_AT_ONCE: usize = 7;

/// What surrounds the columns during one step; the same for all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surroundings {
    /// Air, degC.
    pub ambient_c: f64,
    /// From the back of the pad to the air, m2K/W.
    pub back_m2k_per_w: f64,
    /// From an open cover or body to the air, m2K/W.
    pub front_m2k_per_w: f64,
    /// Share of the faces that touch, 0 to 1; the rest is open to the air.
    pub contact: f64,
    /// Clothing, m2K/W.
    pub clothing_m2k_per_w: f64,
    /// Clothing, J/m2K.
    pub clothing_j_per_m2_k: f64,
    /// Blood and core, degC.
    pub blood_c: f64,
    /// Heat put into the clothing, or into the skin's face where it is bare, W/m2.
    pub face_w_per_m2: f64,
}

/// Heat that entered through each boundary since the start, J; negative where it left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flows {
    /// From the air behind the pad.
    pub back_j: f64,
    /// From the air to open faces.
    pub front_j: f64,
    /// From the core.
    pub core_j: f64,
    /// From the blood.
    pub blood_j: f64,
    /// Metabolism.
    pub metabolic_j: f64,
    /// Put into the body's face.
    pub face_j: f64,
    /// Brought by a change of clothing.
    pub clothing_j: f64,
}

/// Columns of cells and their temperatures.
#[derive(Clone, Debug)]
pub struct Lattice {
    pub(super) stack: Stack,
    pub(super) columns: usize,
    lanes: usize,
    blocks: usize,
    blood_c: f64,
    clothing_j_per_m2_k: f64,
    factored_for_s: f64,
    uniform: Uniform,
    area_m2: Vec<f64>,
    whole_area_m2: f64,
    metabolic_w_per_m2: f64,
    basal_row: usize,
    /// `[row][column]`: pad, clothing, body; relative to the blood.
    temperatures_k: Vec<f64>,
    /// `[pad row][column]`, W/m2.
    heat_w_per_m2: Vec<f64>,
    contact_m2k_per_w: Vec<f64>,
    /// `[tissue][column]`, 1/s.
    perfusion_per_s: Vec<f64>,
    /// `[body row][column]`; row 0 holds what the skin loses inwards instead.
    inverse: Vec<f64>,
    /// Scratch of the elimination.
    loss: Vec<f64>,
    faces: Faces,
    scratch: Vec<f64>,
    flows: Flows,
}

/// Temperatures between cells, per column, degC, and the flux into the body.
#[derive(Clone, Debug)]
pub(super) struct Faces {
    pub film_c: Vec<f64>,
    pub cover_c: Vec<f64>,
    pub skin_c: Vec<f64>,
    pub basal_c: Vec<f64>,
    pub body_w_per_m2: Vec<f64>,
}

impl Lattice {
    /// A lattice at one temperature, with one column per area, no heat, and the
    /// stack's basal perfusion.
    pub fn new(stack: Stack, area_m2: &[f64], contact_m2k_per_w: f64, start_c: f64) -> Lattice {
        let columns = area_m2.len();
        let lanes = if columns <= FEW_LANES {
            FEW_LANES
        } else {
            FIELD_LANES
        };
        let blocks = columns.div_ceil(lanes);
        let stride = blocks * lanes;
        let rows = stack.pad.len() + 1 + stack.body.len();
        let mut padded_area_m2 = area_m2.to_vec();
        padded_area_m2.resize(stride, 0.0);
        let perfusion = stack.tissues.iter().map(|tissue| tissue.perfusion_per_s);
        let perfusion_per_s = perfusion
            .flat_map(|w| core::iter::repeat_n(w, stride))
            .collect();
        let metabolic = stack.body.iter().map(|row| row.metabolic_w_per_m2);
        let face = || vec![start_c; stride];
        Lattice {
            columns,
            lanes,
            blocks,
            blood_c: 0.0,
            clothing_j_per_m2_k: 0.0,
            factored_for_s: 0.0,
            uniform: Uniform::new(&stack),
            whole_area_m2: area_m2.iter().sum(),
            area_m2: padded_area_m2,
            metabolic_w_per_m2: metabolic.sum(),
            basal_row: stack.rows_above(1).min(stack.body.len() - 1),
            temperatures_k: vec![start_c; rows * stride],
            heat_w_per_m2: vec![0.0; stack.pad.len() * stride],
            contact_m2k_per_w: vec![contact_m2k_per_w; stride],
            perfusion_per_s,
            inverse: vec![0.0; stack.body.len() * stride],
            loss: vec![0.0; stride],
            faces: Faces {
                film_c: face(),
                cover_c: face(),
                skin_c: face(),
                basal_c: face(),
                body_w_per_m2: vec![0.0; stride],
            },
            scratch: vec![0.0; 2 * rows * lanes],
            flows: Flows::default(),
            stack,
        }
    }

    /// Advances by one step; returns nothing and allocates nothing.
    #[inline(always)]
    pub fn advance(&mut self, dt_s: f64, around: &Surroundings) {
        self.follow_blood(around.blood_c);
        self.follow_clothing(around.clothing_j_per_m2_k);
        self.uniform.prepare(&self.stack, dt_s, around);
        if self.factored_for_s != dt_s {
            self.factor(dt_s);
        }
        let sweep = Sweep {
            uniform: &self.uniform,
            blocks: self.blocks,
            basal_row: self.basal_row,
            blood_c: self.blood_c,
            area_m2: &self.area_m2,
            heat_w_per_m2: &self.heat_w_per_m2,
            contact_m2k_per_w: &self.contact_m2k_per_w,
            perfusion_per_s: &self.perfusion_per_s,
            inverse: &self.inverse,
        };
        let crossed = if self.lanes == FEW_LANES {
            kernel::run::<FEW_LANES>(
                &sweep,
                &mut self.temperatures_k,
                &mut self.faces,
                &mut self.scratch,
            )
        } else {
            kernel::run::<FIELD_LANES>(
                &sweep,
                &mut self.temperatures_k,
                &mut self.faces,
                &mut self.scratch,
            )
        };
        self.flows.back_j += dt_s * crossed.back_w;
        self.flows.front_j += dt_s * crossed.front_w;
        self.flows.core_j += dt_s * crossed.core_w;
        self.flows.blood_j += dt_s * crossed.blood_w;
        self.flows.metabolic_j += dt_s * self.metabolic_w_per_m2 * self.whole_area_m2;
        self.flows.face_j += dt_s * around.face_w_per_m2 * self.whole_area_m2;
    }

    /// Goes to the steady state of these surroundings and the present heat, and
    /// forgets the heat that it took to get there.
    pub fn settle(&mut self, around: &Surroundings) {
        let flows = self.flows;
        // The scheme is L-stable: one step much longer than every time constant
        // leaves the steady state.
        const LONG_S: f64 = 1.0e13;
        self.advance(LONG_S, around);
        self.flows = flows;
    }

    /// States the pad's faces after its rows were set by hand; the body keeps
    /// what [`Lattice::settle`] found.
    pub fn settle_faces(&mut self, pad_c: f64, skin_c: f64) {
        self.faces.film_c.fill(pad_c);
        self.faces.cover_c.fill(pad_c);
        self.faces.skin_c.fill(skin_c);
        self.flows = Flows::default();
    }

    /// Makes a change of perfusion count from the next step on.
    pub fn perfusion_changed(&mut self) {
        self.factored_for_s = 0.0;
    }

    /// Perfusion of one tissue layer, per column, 1/s.
    pub fn perfusion_mut(&mut self, tissue: usize) -> &mut [f64] {
        let stride = self.stride();
        &mut self.perfusion_per_s[tissue * stride..][..stride]
    }

    /// Heat into one pad row, per column, W/m2.
    pub fn heat_mut(&mut self, pad_row: usize) -> &mut [f64] {
        let stride = self.stride();
        &mut self.heat_w_per_m2[pad_row * stride..][..self.columns]
    }

    /// Contact resistance, per column, m2K/W.
    pub fn contact_mut(&mut self) -> &mut [f64] {
        &mut self.contact_m2k_per_w
    }

    /// Sets one row (pad, clothing, body) of every column to one temperature.
    pub fn set_row_c(&mut self, row: usize, temperature_c: f64) {
        let relative_k = temperature_c - self.blood_c;
        self.row_k_mut(row).fill(relative_k);
    }

    /// Temperature of one cell, degC.
    pub fn cell_c(&self, row: usize, column: usize) -> f64 {
        self.temperatures_k[row * self.stride() + column] + self.blood_c
    }

    /// Rows in order: pad, clothing, body.
    pub fn rows(&self) -> usize {
        self.stack.pad.len() + 1 + self.stack.body.len()
    }

    /// Row of the clothing; the skin's follows.
    pub fn clothing_row(&self) -> usize {
        self.stack.pad.len()
    }

    /// One row's temperatures relative to the blood, with the padding.
    pub fn row_k_mut(&mut self, row: usize) -> &mut [f64] {
        let stride = self.stride();
        &mut self.temperatures_k[row * stride..][..stride]
    }

    /// The stack that every column has.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// Film temperature per column, degC.
    pub fn film_c(&self) -> &[f64] {
        &self.faces.film_c[..self.columns]
    }

    /// Outer face of the cover per column, degC.
    pub fn cover_c(&self) -> &[f64] {
        &self.faces.cover_c[..self.columns]
    }

    /// Outer face of the skin per column, degC.
    pub fn skin_c(&self) -> &[f64] {
        &self.faces.skin_c[..self.columns]
    }

    /// Face between first and second tissue layer per column, degC.
    pub fn basal_c(&self) -> &[f64] {
        &self.faces.basal_c[..self.columns]
    }

    /// Flux into the skin per column at the end of the step, W/m2.
    pub fn body_w_per_m2(&self) -> &[f64] {
        &self.faces.body_w_per_m2[..self.columns]
    }

    /// Heat through the boundaries since the start.
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Heat stored above 0 degC, J.
    pub fn stored_j(&self) -> f64 {
        let stride = self.stride();
        let pad = self.stack.pad.iter().map(|row| row.capacity_j_per_m2_k);
        let body = self.stack.body.iter().map(|row| row.capacity_j_per_m2_k);
        let mut capacities = pad
            .chain(core::iter::once(self.clothing_j_per_m2_k))
            .chain(body);
        let mut stored_j = 0.0;
        let groups = self.temperatures_k.chunks_exact(ROWS_AT_ONCE * stride);
        let rest = groups.remainder().chunks_exact(stride);
        for group in groups {
            for sum in self.area_sums(group) {
                stored_j += capacities.next().map_or(0.0, |capacity| capacity * sum);
            }
        }
        for (cells, capacity) in rest.zip(capacities) {
            stored_j += capacity * self.area_mean_sum(cells);
        }
        stored_j
    }

    /// Sum of (temperature above 0 degC times area) over the columns, m2K.
    fn area_mean_sum(&self, relative_k: &[f64]) -> f64 {
        let cells = relative_k.iter().zip(&self.area_m2);
        cells.map(|(t_k, area)| (t_k + self.blood_c) * area).sum()
    }

    /// The same of several rows at once: each sum waits for its own last
    /// addition only, not for the other rows'.
    fn area_sums(&self, relative_k: &[f64]) -> [f64; ROWS_AT_ONCE] {
        let stride = self.stride();
        let rows: [&[f64]; ROWS_AT_ONCE] =
            core::array::from_fn(|row| &relative_k[row * stride..][..stride]);
        let mut sums = [0.0; ROWS_AT_ONCE];
        let areas = self.area_m2.as_chunks::<FEW_LANES>().0;
        let rows = rows.map(|cells| cells.as_chunks::<FEW_LANES>().0);
        for (block, area) in areas.iter().enumerate() {
            for (sum, cells) in sums.iter_mut().zip(rows) {
                let t_k = cells[block];
                let parts: [f64; FEW_LANES] =
                    core::array::from_fn(|lane| (t_k[lane] + self.blood_c) * area[lane]);
                for part in parts {
                    *sum += part;
                }
            }
        }
        sums
    }

    fn stride(&self) -> usize {
        self.blocks * self.lanes
    }

    fn follow_blood(&mut self, blood_c: f64) {
        if blood_c == self.blood_c {
            return;
        }
        let shift_k = self.blood_c - blood_c;
        for t_k in &mut self.temperatures_k {
            *t_k += shift_k;
        }
        self.blood_c = blood_c;
    }

    fn follow_clothing(&mut self, j_per_m2_k: f64) {
        if j_per_m2_k == self.clothing_j_per_m2_k {
            return;
        }
        let start = self.clothing_row() * self.stride();
        let cells = &self.temperatures_k[start..][..self.stride()];
        let brought_j = (j_per_m2_k - self.clothing_j_per_m2_k) * self.area_mean_sum(cells);
        self.flows.clothing_j += brought_j;
        self.clothing_j_per_m2_k = j_per_m2_k;
    }

    /// Eliminates the body from the core outwards. A row's loss is what it
    /// stores, gives to the blood and, in series with the link, what the next
    /// row loses: sums of positive numbers only, so that nothing cancels.
    #[inline(always)]
    fn factor(&mut self, dt_s: f64) {
        let stride = self.stride();
        let last = self.stack.body.len() - 1;
        self.loss.fill(self.uniform.core_link);
        for row in (0..=last).rev() {
            let tissue = self.stack.body[row].tissue;
            let perfusion = &self.perfusion_per_s[tissue * stride..][..stride];
            let (storage, blood) = (self.uniform.body_capacity[row], self.uniform.blood[row]);
            let inverse = &mut self.inverse[row * stride..][..stride];
            for (loss, w) in self.loss.iter_mut().zip(perfusion) {
                *loss += storage + blood * w;
            }
            if row == 0 {
                inverse.copy_from_slice(&self.loss);
                break;
            }
            let link = self.uniform.body_link[row - 1];
            for (value, loss) in inverse.iter_mut().zip(&mut self.loss) {
                *value = 1.0 / (*loss + link);
                *loss *= link * *value;
            }
        }
        self.factored_for_s = dt_s;
    }
}
