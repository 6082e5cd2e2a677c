//! Winding and case of a motor as two heat capacities.
//!
//! Backward Euler over [`HEAT_TICKS`]; what flows out is computed from the temperatures
//! at the end, so that the nodes' energy balance is exact. The case gives its
//! heat through two parallel paths whose conductances add up to
//! `1 / case_to_ambient_k_per_w`: the share `into_pad` into the foam behind the
//! pad, the rest to ambient.

use crate::build::{Motor, TICK_S};

/// Ticks between two steps of the nodes. The faster one has a time constant of half a
/// minute; the winding of a locked rotor warms by 0.7 K from one step to the next.
pub const HEAT_TICKS: u32 = 5;
/// The same, s.
const HEAT_S: f64 = HEAT_TICKS as f64 * TICK_S;

/// The two nodes with their coefficients for one step.
#[derive(Clone, Copy, Debug)]
pub struct ThermalNodes {
    /// Winding temperature, degC.
    pub winding_c: f64,
    /// Case temperature, degC.
    pub case_c: f64,
    pub(super) winding_j_per_k: f64,
    pub(super) case_j_per_k: f64,
    pub(super) between_j_per_k: f64,
    pub(super) to_ambient_j_per_k: f64,
    pub(super) to_foam_j_per_k: f64,
    /// Diagonals of the 2 x 2 system.
    pub(super) winding_sum_j_per_k: f64,
    pub(super) case_sum_j_per_k: f64,
    pub(super) inverse_determinant: f64,
}

/// Heat that left the case in one step, J.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CaseFlow {
    /// To ambient.
    pub to_ambient_j: f64,
    /// Into the pad's foam.
    pub to_foam_j: f64,
}

impl ThermalNodes {
    /// Both nodes at `start_c` degC.
    #[must_use]
    pub fn new(build: &Motor, start_c: f64) -> Self {
        let between_j_per_k = HEAT_S / build.winding_to_case_k_per_w;
        let out_j_per_k = HEAT_S / build.case_to_ambient_k_per_w;
        let winding_sum_j_per_k = build.winding_j_per_k + between_j_per_k;
        let case_sum_j_per_k = build.case_j_per_k + between_j_per_k + out_j_per_k;
        Self {
            winding_c: start_c,
            case_c: start_c,
            winding_j_per_k: build.winding_j_per_k,
            case_j_per_k: build.case_j_per_k,
            between_j_per_k,
            to_ambient_j_per_k: out_j_per_k * (1.0 - build.into_pad),
            to_foam_j_per_k: out_j_per_k * build.into_pad,
            winding_sum_j_per_k,
            case_sum_j_per_k,
            inverse_determinant: 1.0
                / (winding_sum_j_per_k * case_sum_j_per_k - between_j_per_k * between_j_per_k),
        }
    }

    /// One step with `winding_j` and `case_j` of heat from inside.
    #[inline(always)]
    pub fn step(&mut self, winding_j: f64, case_j: f64, ambient_c: f64, foam_c: f64) -> CaseFlow {
        let into_winding_j = self.winding_j_per_k * self.winding_c + winding_j;
        let into_case_j = self.case_j_per_k * self.case_c
            + case_j
            + self.to_ambient_j_per_k * ambient_c
            + self.to_foam_j_per_k * foam_c;
        self.winding_c = (into_winding_j * self.case_sum_j_per_k
            + into_case_j * self.between_j_per_k)
            * self.inverse_determinant;
        self.case_c = (into_case_j * self.winding_sum_j_per_k
            + into_winding_j * self.between_j_per_k)
            * self.inverse_determinant;
        CaseFlow {
            to_ambient_j: self.to_ambient_j_per_k * (self.case_c - ambient_c),
            to_foam_j: self.to_foam_j_per_k * (self.case_c - foam_c),
        }
    }

    /// Heat in both nodes (from 0 degC), J.
    #[must_use]
    pub fn stored_j(&self) -> f64 {
        self.winding_j_per_k * self.winding_c + self.case_j_per_k * self.case_c
    }
}
