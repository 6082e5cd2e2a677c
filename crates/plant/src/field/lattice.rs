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
//! no source term, and scaled by row (see [`super::uniform`]). Layout: what the
//! sweep runs through is `[block][row][lane]`, so that one block of columns is
//! one piece of memory that stays in the nearest cache; what others write is
//! `[row][column]`. Columns are padded to whole blocks; the padding has no area.
//!
//! Not here: what heats, presses or perfuses (see [`crate::field`]).

use super::factor;
use super::kernel::{self, Crossed, Sweep};
use super::uniform::Uniform;
use crate::aligned::Aligned;
use crate::lanes::{FEW, Lanes, MANY, Machine, Plain};
use crate::stack::Stack;

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
    /// Capacity per row times its scale, J/m2, and the sum of all capacities.
    kept_j_per_m2: Vec<f64>,
    whole_j_per_m2_k: f64,
    /// Step and conductance from clothing to skin that the body was eliminated for.
    factored_for: Option<(f64, f64)>,
    uniform: Uniform,
    area_m2: Aligned,
    whole_area_m2: f64,
    metabolic_w_per_m2: f64,
    /// `[block][row][lane]`: pad, clothing, body; relative to the blood, scaled.
    temperatures_k: Aligned,
    /// `[pad row][column]`, W/m2.
    heat_w_per_m2: Aligned,
    contact_w_per_m2_k: Aligned,
    /// `[tissue][column]`, 1/s.
    perfusion_per_s: Aligned,
    /// `[block][body row][lane]`: inverse of the eliminated diagonal, scaled.
    inverse: Aligned,
    /// From the clothing's node through the skin into the body, W/m2K.
    through_skin: Aligned,
    faces: Faces,
    scratch: Aligned,
    flows: Flows,
}

/// Temperatures between cells, per column, degC, and the flux into the body.
#[derive(Clone, Debug)]
pub(super) struct Faces {
    pub film_c: Aligned,
    pub cover_c: Aligned,
    pub skin_c: Aligned,
    pub basal_c: Aligned,
    pub body_w_per_m2: Aligned,
}

impl Lattice {
    /// A lattice at one temperature, with one column per area, no heat, and the
    /// stack's basal perfusion.
    pub fn new(stack: Stack, area_m2: &[f64], contact_m2k_per_w: f64, start_c: f64) -> Lattice {
        let columns = area_m2.len();
        let lanes = if columns <= FEW { FEW } else { MANY };
        let blocks = columns.div_ceil(lanes);
        let stride = blocks * lanes;
        let rows = stack.pad.len() + 1 + stack.body.len();
        let mut padded_area_m2 = Aligned::new(0.0, stride);
        padded_area_m2[..columns].copy_from_slice(area_m2);
        let perfusion = stack.tissues.iter().map(|tissue| tissue.perfusion_per_s);
        let perfusion_per_s = perfusion
            .flat_map(|w| core::iter::repeat_n(w, stride))
            .collect();
        let metabolic = stack.body.iter().map(|row| row.metabolic_w_per_m2);
        let uniform = Uniform::new(&stack);
        let pad = stack.pad.iter().map(|row| (row.capacity_j_per_m2_k, 1.0));
        let body = stack.body.iter().zip(&uniform.body);
        let body = body.map(|(row, of)| (row.capacity_j_per_m2_k, of.scale));
        // No clothing yet.
        let capacities: Vec<(f64, f64)> = pad.chain([(0.0, 1.0)]).chain(body).collect();
        let face = || Aligned::new(start_c, stride);
        let mut lattice = Lattice {
            columns,
            lanes,
            blocks,
            blood_c: 0.0,
            clothing_j_per_m2_k: 0.0,
            factored_for: None,
            kept_j_per_m2: capacities.iter().map(|(j, scale)| j * scale).collect(),
            whole_j_per_m2_k: capacities.iter().map(|(j, _)| j).sum(),
            uniform,
            whole_area_m2: area_m2.iter().sum(),
            area_m2: padded_area_m2,
            metabolic_w_per_m2: metabolic.sum(),
            temperatures_k: Aligned::new(0.0, rows * stride),
            heat_w_per_m2: Aligned::new(0.0, stack.pad.len() * stride),
            contact_w_per_m2_k: Aligned::new(1.0 / contact_m2k_per_w, stride),
            perfusion_per_s,
            inverse: Aligned::new(0.0, stack.body.len() * stride),
            through_skin: Aligned::new(0.0, stride),
            faces: Faces {
                film_c: face(),
                cover_c: face(),
                skin_c: face(),
                basal_c: face(),
                body_w_per_m2: Aligned::new(0.0, stride),
            },
            scratch: Aligned::new(0.0, 2 * rows * lanes),
            flows: Flows::default(),
            stack,
        };
        for row in 0..rows {
            lattice.set_row_c(row, start_c);
        }
        lattice
    }

    /// Advances by one step, on instructions that every processor has.
    pub fn advance(&mut self, dt_s: f64, around: &Surroundings) {
        self.advance_on(Plain, dt_s, around);
    }

    /// Advances by one step; allocates nothing.
    #[inline(always)]
    pub(super) fn advance_on<M: Machine>(&mut self, machine: M, dt_s: f64, around: &Surroundings) {
        self.follow_blood(around.blood_c);
        self.follow_clothing(around.clothing_j_per_m2_k);
        self.uniform.prepare(&self.stack, dt_s, around);
        let (many, few) = (machine.many(), machine.few());
        let crossed = match (self.lanes == FEW, self.uniform.has_metabolism) {
            (true, false) => self.sweep::<M::Few, FEW, false>(few, dt_s),
            (true, true) => self.sweep::<M::Few, FEW, true>(few, dt_s),
            (false, false) => self.sweep::<M::Many, MANY, false>(many, dt_s),
            (false, true) => self.sweep::<M::Many, MANY, true>(many, dt_s),
        };
        self.flows.back_j += dt_s * crossed.back_w;
        self.flows.front_j += dt_s * crossed.front_w;
        self.flows.core_j += dt_s * crossed.core_w;
        self.flows.blood_j += dt_s * crossed.blood_w;
        self.flows.metabolic_j += dt_s * self.metabolic_w_per_m2 * self.whole_area_m2;
        self.flows.face_j += dt_s * around.face_w_per_m2 * self.whole_area_m2;
    }

    #[inline(always)]
    fn sweep<V: Lanes<L>, const L: usize, const METABOLISM: bool>(
        &mut self,
        on: V::On,
        dt_s: f64,
    ) -> Crossed {
        if self.factored_for != Some((dt_s, self.uniform.skin_link)) {
            factor::body::<V, L>(
                on,
                &self.uniform,
                &self.perfusion_per_s,
                &mut self.inverse,
                &mut self.through_skin,
            );
            self.factored_for = Some((dt_s, self.uniform.skin_link));
        }
        let sweep = Sweep {
            uniform: &self.uniform,
            blocks: self.blocks,
            blood_c: self.blood_c,
            area_m2: &self.area_m2,
            heat_w_per_m2: &self.heat_w_per_m2,
            contact_w_per_m2_k: &self.contact_w_per_m2_k,
            through_skin: &self.through_skin,
            perfusion_per_s: &self.perfusion_per_s,
            inverse: &self.inverse,
        };
        kernel::run::<V, L, METABOLISM>(
            on,
            &sweep,
            &mut self.temperatures_k,
            &mut self.faces,
            &mut self.scratch,
        )
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
        self.factored_for = None;
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

    /// Contact conductance, per column, W/m2K.
    pub fn contact_mut(&mut self) -> &mut [f64] {
        &mut self.contact_w_per_m2_k
    }

    /// Sets one row (pad, clothing, body) of every column to one temperature.
    pub fn set_row_c(&mut self, row: usize, temperature_c: f64) {
        let kept = (temperature_c - self.blood_c) / self.scale(row);
        let (rows, lanes) = (self.rows(), self.lanes);
        for block in self.temperatures_k.chunks_exact_mut(rows * lanes) {
            block[row * lanes..][..lanes].fill(kept);
        }
    }

    /// Temperature of one cell, degC.
    pub fn cell_c(&self, row: usize, column: usize) -> f64 {
        let (block, lane) = (column / self.lanes, column % self.lanes);
        let kept = self.temperatures_k[(block * self.rows() + row) * self.lanes + lane];
        kept * self.scale(row) + self.blood_c
    }

    /// Mean over the innermost pad rows of the temperatures of some columns,
    /// weighted by their shares, degC.
    pub fn back_mean_c(&self, rows: usize, shares: &[(usize, f64)]) -> f64 {
        // A number of lanes is a power of two: no division per column.
        let (shift, low) = (self.lanes.trailing_zeros(), self.lanes - 1);
        let mut sum_k = 0.0;
        for (column, share) in shares {
            let first = (((column >> shift) * self.uniform.rows()) << shift) + (column & low);
            let cells = self.temperatures_k[first..].iter().step_by(self.lanes);
            sum_k += share * cells.take(rows).sum::<f64>();
        }
        sum_k / rows as f64 + self.blood_c
    }

    /// Copies a row's temperatures out, in the row's own scale, with the padding.
    #[inline(always)]
    pub fn read_row(&self, row: usize, cells: &mut [f64]) {
        let blocks = self.temperatures_k.as_chunks::<MANY>().0;
        let rows = blocks.chunks_exact(self.uniform.rows());
        for (block, cells) in rows.zip(cells.as_chunks_mut::<MANY>().0) {
            *cells = block[row];
        }
    }

    /// The reverse of [`Lattice::read_row`].
    #[inline(always)]
    pub fn write_row(&mut self, row: usize, cells: &[f64]) {
        let blocks = self.temperatures_k.as_chunks_mut::<MANY>().0;
        let rows = blocks.chunks_exact_mut(self.uniform.rows());
        for (block, cells) in rows.zip(cells.as_chunks::<MANY>().0) {
            block[row] = *cells;
        }
    }

    /// Rows in order: pad, clothing, body.
    pub fn rows(&self) -> usize {
        self.uniform.rows()
    }

    /// Row of the clothing; the skin's follows.
    pub fn clothing_row(&self) -> usize {
        self.stack.pad.len()
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
    #[inline(always)]
    pub(super) fn stored_on<M: Machine>(&self, machine: M) -> f64 {
        if self.lanes == FEW {
            self.stored_by_lanes::<M::Few, FEW>(machine.few())
        } else {
            self.stored_by_lanes::<M::Many, MANY>(machine.many())
        }
    }

    #[inline(always)]
    fn stored_by_lanes<V: Lanes<L>, const L: usize>(&self, on: V::On) -> f64 {
        let mut stored_j = V::splat(on, 0.0);
        let blocks = self.temperatures_k.as_chunks::<L>().0;
        let areas = self.area_m2.as_chunks::<L>().0;
        for (block, area) in blocks.chunks_exact(self.uniform.rows()).zip(areas) {
            // Two sums: each waits for its own last addition only.
            let mut sums = [V::splat(on, 0.0); 2];
            for (row, (cells, kept_j_per_m2)) in block.iter().zip(&self.kept_j_per_m2).enumerate() {
                let sum = &mut sums[row % 2];
                *sum = *sum + V::load(on, cells) * *kept_j_per_m2;
            }
            stored_j = stored_j + V::load(on, area) * (sums[0] + sums[1]);
        }
        kernel::sum(stored_j) + self.whole_j_per_m2_k * self.blood_c * self.whole_area_m2
    }

    /// Temperature of a row in K over what is kept of it.
    fn scale(&self, row: usize) -> f64 {
        match row.checked_sub(self.clothing_row() + 1) {
            Some(body_row) => self.uniform.body[body_row].scale,
            None => 1.0,
        }
    }

    fn stride(&self) -> usize {
        self.blocks * self.lanes
    }

    fn follow_blood(&mut self, blood_c: f64) {
        if blood_c == self.blood_c {
            return;
        }
        let shift_k = self.blood_c - blood_c;
        for row in 0..self.rows() {
            let kept = shift_k / self.scale(row);
            let (rows, lanes) = (self.rows(), self.lanes);
            for block in self.temperatures_k.chunks_exact_mut(rows * lanes) {
                for t_k in &mut block[row * lanes..][..lanes] {
                    *t_k += kept;
                }
            }
        }
        self.blood_c = blood_c;
    }

    fn follow_clothing(&mut self, j_per_m2_k: f64) {
        if j_per_m2_k == self.clothing_j_per_m2_k {
            return;
        }
        let row = self.clothing_row();
        let columns = self.area_m2[..self.columns].iter().enumerate();
        let sum: f64 = columns
            .map(|(column, area)| area * self.cell_c(row, column))
            .sum();
        let brought_j = (j_per_m2_k - self.clothing_j_per_m2_k) * sum;
        self.flows.clothing_j += brought_j;
        self.whole_j_per_m2_k += j_per_m2_k - self.clothing_j_per_m2_k;
        self.clothing_j_per_m2_k = j_per_m2_k;
        self.kept_j_per_m2[row] = j_per_m2_k;
    }
}
