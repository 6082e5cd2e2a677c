//! Blood flow per column: dilation by warmth, occlusion by pressure, and the
//! rush of blood after a release.
//!
//! What is averaged under a moving node is the *flow*, not the pressure: a node
//! that passes for an eighth of each turn stops the flow for an eighth of the
//! time, though its mean pressure would stop it altogether. A node that stays
//! stops it within some seconds. All [E].

use super::lattice::Lattice;
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
    /// Share of the way to the pressure now that the flow goes in a step.
    follow_share: f64,
    /// Multiple of the basal dermal flow.
    dilation: Vec<f64>,
    /// Share of the flow that pressure leaves, over the last seconds.
    open: Vec<f64>,
    /// Ischaemia not yet made good, s.
    debt_s: Vec<f64>,
}

impl Perfusion {
    /// Flow that has been in balance with one skin temperature for long; pressure
    /// will act in steps of `dt_s`.
    pub fn new(
        profile: Profile,
        basal_dermis_per_s: f64,
        columns: usize,
        skin_c: f64,
        dt_s: f64,
    ) -> Self {
        let cap = profile.dilation_cap();
        Perfusion {
            basal_dermis_per_s,
            cap,
            follow_share: 1.0 - exp(-dt_s / PRESSURE_LAG_S),
            dilation: vec![dilation(skin_c, cap); columns],
            open: vec![1.0; columns],
            debt_s: vec![0.0; columns],
        }
    }

    /// Lets the pressure act for a step.
    #[inline(always)]
    pub fn press(&mut self, body_kpa: f64, pressed: &Pressed) {
        let follow = self.follow_share;
        let body_open = open_share(body_kpa);
        for open in &mut self.open {
            *open += follow * (body_open - *open);
        }
        for (column, touches) in pressed.runs() {
            let mut sum = self.open[column];
            for touch in touches {
                let under_node = open_share(body_kpa + touch.added_kpa);
                sum += follow * touch.share * (under_node - body_open);
            }
            self.open[column] = sum;
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
        let basal_per_s = self.basal_dermis_per_s * scale;
        let dermis = lattice.perfusion_mut(DERMIS).iter_mut();
        let columns = self.open.iter().zip(&self.debt_s);
        for (w, ((open, debt_s), dilation)) in dermis.zip(columns.zip(&self.dilation)) {
            *w = basal_per_s * dilation * flow(*open, *debt_s);
        }
        let deep_per_s = DEEP_PERFUSION_PER_S * scale;
        let fat = lattice.perfusion_mut(FAT).iter_mut();
        for (w, (open, debt_s)) in fat.zip(self.open.iter().zip(&self.debt_s)) {
            *w = deep_per_s * flow(*open, *debt_s);
        }
        lattice.perfusion_mut(INNER).fill(DEEP_PERFUSION_PER_S);
        lattice.perfusion_changed();
    }

    /// Multiple of the basal dermal flow in a column, all effects together.
    pub fn multiple(&self, column: usize) -> f64 {
        self.dilation[column] * flow(self.open[column], self.debt_s[column])
    }
}

/// Multiple of the flow that pressure leaves, with the rush after a release.
#[inline(always)]
fn flow(open: f64, debt_s: f64) -> f64 {
    let is_rushing = (debt_s > 0.0) & (open >= ISCHAEMIC_BELOW);
    open * if is_rushing { RUSH } else { 1.0 }
}
