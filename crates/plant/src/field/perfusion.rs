//! Blood flow per column: dilation by warmth, occlusion by pressure, and the
//! rush of blood after a release.
//!
//! What is averaged under a moving node is the *flow*, not the pressure: a node
//! that passes for an eighth of each turn stops the flow for an eighth of the
//! time, though its mean pressure would stop it altogether. A node that stays
//! stops it within some seconds. All [E].

use super::lattice::Lattice;
use super::raster::Raster;
use crate::body::Profile;
use crate::exponential::exp;
use crate::kneading::Pressed;
use crate::tissue::{
    DEEP_PERFUSION_PER_S, DERMIS, DILATION_FALL_S, DILATION_RISE_S, FAT, INNER, dilation,
    open_share,
};

/// Time over which a column's flow follows the pressure on it, s [E].
const PRESSURE_LAG_S: f64 = 5.0;
/// Open share below which tissue counts as ischaemic, [E].
const ISCHAEMIC_BELOW: f64 = 0.5;
/// Longest rush after a release, s [E from S]; a shorter occlusion is followed
/// by a rush of its own length.
const RUSH_S: f64 = 60.0;
/// Flow during the rush as a multiple, [E from S].
const RUSH: f64 = 2.0;

/// State of the blood flow in every column.
#[derive(Clone, Debug)]
pub(super) struct Perfusion {
    basal_dermis_per_s: f64,
    cap: f64,
    /// Multiple of the basal dermal flow.
    dilation: Vec<f64>,
    /// Share of the flow that pressure leaves, over the last seconds.
    open: Vec<f64>,
    /// Ischaemia not yet made good, s.
    debt_s: Vec<f64>,
}

impl Perfusion {
    /// Flow that has been in balance with one skin temperature for long.
    pub fn new(profile: Profile, basal_dermis_per_s: f64, columns: usize, skin_c: f64) -> Self {
        let cap = profile.dilation_cap();
        Perfusion {
            basal_dermis_per_s,
            cap,
            dilation: vec![dilation(skin_c, cap); columns],
            open: vec![1.0; columns],
            debt_s: vec![0.0; columns],
        }
    }

    /// Lets the pressure act for a time.
    #[inline(always)]
    pub fn press(&mut self, raster: &Raster, body_kpa: f64, pressed: &Pressed, dt_s: f64) {
        let follow = 1.0 - exp(-dt_s / PRESSURE_LAG_S);
        let body_open = open_share(body_kpa);
        for open in &mut self.open {
            *open += follow * (body_open - *open);
        }
        for (cell, added_kpa) in pressed.cells() {
            if let Some((column, share)) = raster.column_of_cell(cell) {
                let under_node = open_share(body_kpa + added_kpa);
                self.open[column] += follow * share * (under_node - body_open);
            }
        }
    }

    /// Lets dilation and ischaemia follow for a time.
    #[inline(always)]
    pub fn follow(&mut self, skin_c: &[f64], dt_s: f64) {
        let rise = 1.0 - exp(-dt_s / DILATION_RISE_S);
        let fall = 1.0 - exp(-dt_s / DILATION_FALL_S);
        for (now, skin_c) in self.dilation.iter_mut().zip(skin_c) {
            let gap = dilation(*skin_c, self.cap) - *now;
            *now += gap * if gap > 0.0 { rise } else { fall };
        }
        for (debt_s, open) in self.debt_s.iter_mut().zip(&self.open) {
            let change_s = if *open < ISCHAEMIC_BELOW { dt_s } else { -dt_s };
            *debt_s = (*debt_s + change_s).clamp(0.0, RUSH_S);
        }
    }

    /// Writes the flow of every column into the lattice.
    #[inline(always)]
    pub fn write(&self, lattice: &mut Lattice, scale: f64) {
        for (column, w) in lattice.perfusion_mut(DERMIS).iter_mut().enumerate() {
            // Spare lanes repeat the last column.
            let column = column.min(self.open.len() - 1);
            *w = self.basal_dermis_per_s * self.dilation[column] * self.flow(column) * scale;
        }
        for (column, w) in lattice.perfusion_mut(FAT).iter_mut().enumerate() {
            let column = column.min(self.open.len() - 1);
            *w = DEEP_PERFUSION_PER_S * self.flow(column) * scale;
        }
        lattice.perfusion_mut(INNER).fill(DEEP_PERFUSION_PER_S);
        lattice.perfusion_changed();
    }

    /// Multiple of the basal dermal flow in a column, all effects together.
    pub fn multiple(&self, column: usize) -> f64 {
        self.dilation[column] * self.flow(column)
    }

    fn flow(&self, column: usize) -> f64 {
        let is_rushing = self.debt_s[column] > 0.0 && self.open[column] >= ISCHAEMIC_BELOW;
        self.open[column] * if is_rushing { RUSH } else { 1.0 }
    }
}
