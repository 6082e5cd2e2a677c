//! One explicit step of the column: conduction, blood, metabolism.
//!
//! In flux form, so that what leaves a cell enters its neighbour. A batch of
//! many lanes goes through the cells with vectors of lanes; a lone lane goes
//! through the links and then the cells with vectors of cells. Each cell's
//! arithmetic is the same in both, to the bit.

use crate::column::{CELLS, Column, DERMIS, LAST_VARIED_LINK};
use crate::workload::TICK_S;

/// Perfusion of the dermis grows by four times over these kelvins above the core.
const DILATION_K: f64 = 7.0;
const DILATION_GAIN: f64 = 4.0;

/// Temperatures of the columns of all lanes, K relative to the core.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Columns<const L: usize> {
    /// Per cell and lane.
    pub cells_k: [[f64; L]; CELLS],
    /// Tick over capacity per cell, K m2/W.
    rise: [f64; CELLS],
    /// Links of the first lane; those after the varied ones are every lane's.
    link: [f64; CELLS + 1],
    /// Links that differ from lane to lane.
    varied_link: [[f64; L]; LAST_VARIED_LINK + 1],
    /// Basal heat to the blood of a dermis cell, W/m2K, and its growth per kelvin.
    dermis: [[f64; L]; 2],
    /// Heat to the blood of the other cells, W/m2K.
    blood: [f64; CELLS],
    metabolic: [f64; CELLS],
    /// Share of the outer cell in the basal temperature.
    basal_share: f64,
}

impl<const L: usize> Columns<L> {
    /// The columns at their start.
    #[must_use]
    pub fn new(columns: &[Column; L]) -> Self {
        let first = &columns[0];
        let perfusion = |l: usize| columns[l].blood_w_per_m2_k[DERMIS.start];
        let per_lane = |of: &dyn Fn(usize) -> f64| core::array::from_fn(of);
        Self {
            cells_k: core::array::from_fn(|j| per_lane(&|l| columns[l].start_k[j])),
            rise: first.capacity_j_per_m2_k.map(|c| TICK_S / c),
            link: first.link_w_per_m2_k,
            varied_link: core::array::from_fn(|j| per_lane(&|l| columns[l].link_w_per_m2_k[j])),
            dermis: [
                per_lane(&perfusion),
                per_lane(&|l| perfusion(l) * (DILATION_GAIN / DILATION_K)),
            ],
            blood: first.blood_w_per_m2_k,
            metabolic: first.metabolic_w_per_m2,
            basal_share: first.basal_share,
        }
    }

    /// Temperature of a lane's basal face, K.
    #[inline(always)]
    pub fn basal_k(&self, l: usize) -> f64 {
        let (outer, inner) = (
            self.cells_k[DERMIS.start - 1][l],
            self.cells_k[DERMIS.start][l],
        );
        self.basal_share * outer + (1.0 - self.basal_share) * inner
    }

    /// One tick with these fluxes into the film, W/m2.
    #[inline(always)]
    pub fn step(&mut self, into_film: &[f64; L]) {
        if L == 1 {
            self.step_along_cells(into_film[0]);
        } else {
            self.step_along_lanes(into_film);
        }
    }

    /// Rows are taken out, stepped and put back: a loop that reads and writes the
    /// same array is not made vector code.
    #[inline(always)]
    fn step_along_lanes(&mut self, into_film: &[f64; L]) {
        let mut flux = *into_film;
        let mut here = self.cells_k[0];
        for j in 0..DERMIS.start {
            let next = self.cells_k[j + 1];
            let link = if j < LAST_VARIED_LINK {
                self.varied_link[j + 1]
            } else {
                [self.link[j + 1]; L]
            };
            let rise = self.rise[j];
            let (mut out, mut after) = ([0.0; L], [0.0; L]);
            for l in 0..L {
                let t = here[l];
                out[l] = link[l] * (t - next[l]);
                after[l] = t + rise * (flux[l] - out[l]);
            }
            self.cells_k[j] = after;
            (flux, here) = (out, next);
        }
        let [dermis, dermis_growth] = self.dermis;
        for j in DERMIS {
            let next = self.cells_k[j + 1];
            let (rise, link, metabolic) = (self.rise[j], self.link[j + 1], self.metabolic[j]);
            let (mut out, mut after) = ([0.0; L], [0.0; L]);
            for l in 0..L {
                let t = here[l];
                out[l] = link * (t - next[l]);
                let blood = (dermis[l] + dermis_growth[l] * dilating(t)) * t;
                after[l] = t + rise * ((flux[l] - out[l]) + (metabolic - blood));
            }
            self.cells_k[j] = after;
            (flux, here) = (out, next);
        }
        for j in DERMIS.end..CELLS {
            let next = if j + 1 < CELLS {
                self.cells_k[j + 1]
            } else {
                [0.0; L]
            };
            let (rise, link, metabolic) = (self.rise[j], self.link[j + 1], self.metabolic[j]);
            let blood = self.blood[j];
            let (mut out, mut after) = ([0.0; L], [0.0; L]);
            for l in 0..L {
                let t = here[l];
                out[l] = link * (t - next[l]);
                after[l] = t + rise * ((flux[l] - out[l]) + (metabolic - blood * t));
            }
            self.cells_k[j] = after;
            (flux, here) = (out, next);
        }
    }

    #[inline(always)]
    fn step_along_cells(&mut self, into_film: f64) {
        let mut flux = [0.0; CELLS + 1];
        let Some(t) = self.cells_k.as_flattened_mut().first_chunk_mut::<CELLS>() else {
            return;
        };
        flux[0] = into_film;
        for j in 1..CELLS {
            flux[j] = self.link[j] * (t[j - 1] - t[j]);
        }
        flux[CELLS] = self.link[CELLS] * t[CELLS - 1];
        for j in 0..DERMIS.start {
            t[j] += self.rise[j] * (flux[j] - flux[j + 1]);
        }
        let dermis = [self.dermis[0][0], self.dermis[1][0]];
        for j in DERMIS {
            let blood = (dermis[0] + dermis[1] * dilating(t[j])) * t[j];
            t[j] += self.rise[j] * ((flux[j] - flux[j + 1]) + (self.metabolic[j] - blood));
        }
        for j in DERMIS.end..CELLS {
            let blood = self.blood[j] * t[j];
            t[j] += self.rise[j] * ((flux[j] - flux[j + 1]) + (self.metabolic[j] - blood));
        }
    }
}

/// Multiple of the basal perfusion of the dermis at a temperature relative to the core.
#[must_use]
pub fn dilation(t_k: f64) -> f64 {
    1.0 + DILATION_GAIN / DILATION_K * dilating(t_k)
}

/// The kelvins above the core that dilate.
#[inline(always)]
fn dilating(t_k: f64) -> f64 {
    let t_k = if t_k < DILATION_K { t_k } else { DILATION_K };
    if t_k > 0.0 { t_k } else { 0.0 }
}
