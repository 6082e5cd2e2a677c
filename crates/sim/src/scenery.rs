//! Conditions of each tick: what the author set, events and ramps, then faults.
//!
//! Faults are wrappers: each changes what the ones before it left, in the
//! order of the specification, and when it ends the base shows through again.

use kneadsim_plant::{Conditions, Knob};

use crate::fault::{FaultKind, FaultSpec};
use crate::spec::{Action, Spec};
use crate::{board, controller};

/// Angle of a full turn, degrees.
const TURN_DEG: f64 = 360.0;
/// How far a brown-out pulls the source down, V: a 12 V unit to 4 V, where no controller runs.
const BROWN_OUT_DROP_V: f64 = 8.0;
/// What a 24 V adapter adds to a 12 V one, V.
const WRONG_ADAPTER_EXTRA_V: f64 = 12.0;
/// A cycling cut-out opens this far below its nominal temperature, K: below the
/// film's normal temperature. Estimate.
const CYCLING_OPEN_SHIFT_K: f64 = -8.0;
/// ... and closes this far above where a good part would, K: 3 K below opening for
/// the reference part (50 and 35 degC). Estimate.
const CYCLING_CLOSE_SHIFT_K: f64 = 12.0;

/// A condition on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ramp {
    knob: Knob,
    from: f64,
    to: f64,
    start_tick: u32,
    over_ticks: u32,
}

/// The author's conditions over time, and which faults are active.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenery {
    base: Conditions,
    ramps: Vec<Ramp>,
    active: Vec<bool>,
    /// The active ones, in the order of the specification.
    faults: Vec<FaultSpec>,
    /// Those of them that act in the chip, and on the switches.
    chip_faults: Vec<FaultSpec>,
    switch_faults: Vec<FaultSpec>,
    /// Until then no fault comes or goes.
    next_edge_tick: u32,
    /// The base has moved since `current` was made.
    stale: bool,
    current: Conditions,
    /// The last [`Scenery::advance`] has made `current` anew.
    moved: bool,
}

impl Scenery {
    /// At the start of a run.
    pub fn new(spec: &Spec) -> Self {
        Self {
            base: spec.conditions,
            // At most one ramp a knob: a new event on a knob replaces its ramp.
            ramps: Vec::with_capacity(Knob::ALL.len()),
            active: vec![false; spec.faults.len()],
            faults: Vec::with_capacity(spec.faults.len()),
            chip_faults: Vec::with_capacity(spec.faults.len()),
            switch_faults: Vec::with_capacity(spec.faults.len()),
            next_edge_tick: 0,
            stale: false,
            current: spec.conditions,
            moved: true,
        }
    }

    /// Takes in that the specification has one more fault, which is not there yet.
    pub fn expect(&mut self, fault: FaultSpec) {
        self.active.push(false);
        self.next_edge_tick = self.next_edge_tick.min(fault.onset_tick);
    }

    /// Conditions of the present tick.
    pub fn conditions(&self) -> &Conditions {
        &self.current
    }

    /// Whether the conditions may be others than before the last [`Scenery::advance`].
    pub fn moved(&self) -> bool {
        self.moved
    }

    /// Whether the specification's fault `index` is active now.
    pub fn fault_active(&self, index: usize) -> bool {
        self.active.get(index).copied().unwrap_or(false)
    }

    /// The active faults, in the order of the specification.
    pub fn faults(&self) -> &[FaultSpec] {
        &self.faults
    }

    /// The active faults that act in the chip.
    pub fn chip_faults(&self) -> &[FaultSpec] {
        &self.chip_faults
    }

    /// The active faults that act on the switches.
    pub fn switch_faults(&self) -> &[FaultSpec] {
        &self.switch_faults
    }

    /// Starts what an event says about conditions; other actions are not this module's.
    pub fn start(&mut self, action: &Action, tick: u32) {
        let Action::Set {
            knob,
            value,
            over_ticks,
        } = *action
        else {
            return;
        };
        self.stale = true;
        self.ramps.retain(|ramp| ramp.knob != knob);
        if over_ticks == 0 {
            knob.set(&mut self.base, value);
        } else {
            let from = knob.get(&self.base);
            self.ramps.push(Ramp {
                knob,
                from,
                to: value,
                start_tick: tick,
                over_ticks,
            });
        }
    }

    /// Moves on to a tick: ramps, then faults. Returns whether a fault came or
    /// went. At most ticks nothing changes, and nothing is done.
    #[inline]
    pub fn advance(&mut self, spec: &Spec, tick: u32) -> bool {
        self.moved = false;
        let rests = tick < self.next_edge_tick && self.ramps.is_empty() && !self.stale;
        !rests && self.change(spec, tick)
    }

    #[inline(never)]
    fn change(&mut self, spec: &Spec, tick: u32) -> bool {
        let changed = tick >= self.next_edge_tick && self.follow_faults(spec, tick);
        if !self.ramps.is_empty() {
            self.follow_ramps(tick);
            self.stale = true;
        }
        if changed || self.stale {
            self.stale = false;
            self.moved = true;
            self.current = self.base;
            for fault in &self.faults {
                apply(fault, &mut self.current);
            }
        }
        changed
    }

    fn follow_faults(&mut self, spec: &Spec, tick: u32) -> bool {
        let mut changed = false;
        self.faults.clear();
        self.chip_faults.clear();
        self.switch_faults.clear();
        self.next_edge_tick = u32::MAX;
        for (fault, active) in spec.faults.iter().zip(&mut self.active) {
            let now = fault.active(tick);
            changed |= now != *active;
            *active = now;
            if now {
                self.faults.push(*fault);
                if controller::concerns(fault.kind) {
                    self.chip_faults.push(*fault);
                }
                if board::concerns(fault.kind) {
                    self.switch_faults.push(*fault);
                }
            }
            self.next_edge_tick = self.next_edge_tick.min(fault.next_edge(tick));
        }
        changed
    }

    fn follow_ramps(&mut self, tick: u32) {
        for ramp in &self.ramps {
            let share = f64::from(tick - ramp.start_tick) / f64::from(ramp.over_ticks);
            let value = if share >= 1.0 {
                ramp.to
            } else {
                ramp.from + (ramp.to - ramp.from) * share
            };
            ramp.knob.set(&mut self.base, value);
        }
        self.ramps
            .retain(|ramp| tick - ramp.start_tick < ramp.over_ticks);
    }
}

/// What a fault does to the plant's conditions. Faults of the electronics and
/// of the controller do nothing here; they are listed so that a new kind cannot be forgotten.
fn apply(fault: &FaultSpec, conditions: &mut Conditions) {
    let at = usize::from(fault.target);
    match fault.kind {
        FaultKind::FilmCrack => conditions.film_crack[at] = fault.value,
        FaultKind::FilmShort => conditions.film_short[at] = fault.value,
        FaultKind::Fold => conditions.fold[at] = 1.0,
        FaultKind::Adapter24V => conditions.supply_extra_v += WRONG_ADAPTER_EXTRA_V,
        FaultKind::BrownOut => conditions.supply_extra_v -= BROWN_OUT_DROP_V,
        FaultKind::Blanket => conditions.blanket_m2k_per_w += fault.value,
        FaultKind::BareSkin => {
            conditions.clothing_m2k_per_w = 0.0;
            conditions.clothing_j_per_m2_k = 0.0;
        }
        FaultKind::LowPerfusion => conditions.perfusion_scale *= fault.value,
        FaultKind::RoomTemperature => conditions.ambient_c = fault.value,
        FaultKind::UserAway => conditions.contact = 0.0,
        FaultKind::Fan => conditions.air_w_per_m2_k = fault.value,
        FaultKind::RotorLocked => conditions.rotor_locked[at] = 1.0,
        FaultKind::WornGear => conditions.load_scale[at] *= fault.value,
        FaultKind::NodeParked => {
            conditions.nodes_parked = 1.0;
            conditions.parked_angle_rad = fault.value / TURN_DEG * core::f64::consts::TAU;
        }
        FaultKind::BatteryLow => conditions.supply_extra_v -= fault.value,
        FaultKind::Sag => conditions.supply_extra_ohm += fault.value,
        FaultKind::Unplugged => conditions.supply_connected = 0.0,
        FaultKind::PackHot => conditions.pack_heat_w += fault.value,
        FaultKind::CutoutWelded => conditions.cutout_welded[at] = 1.0,
        FaultKind::CutoutDrift => conditions.cutout_shift_k[at] += fault.value,
        FaultKind::CutoutCycling => {
            conditions.cutout_shift_k[at] += CYCLING_OPEN_SHIFT_K;
            conditions.cutout_close_shift_k[at] += CYCLING_CLOSE_SHIFT_K;
        }
        FaultKind::MosfetShort
        | FaultKind::MosfetPartial
        | FaultKind::MosfetOpen
        | FaultKind::PwmStuckOn
        | FaultKind::PwmStuckOff
        | FaultKind::RelayWelded
        | FaultKind::RelayOpen
        | FaultKind::NtcOpen
        | FaultKind::NtcShort
        | FaultKind::NtcDetached
        | FaultKind::NtcSlow
        | FaultKind::NtcOffset
        | FaultKind::NtcWrongPart
        | FaultKind::NtcWet
        | FaultKind::AdcReference
        | FaultKind::AdcMux
        | FaultKind::AdcStuck
        | FaultKind::Hang
        | FaultKind::TaskSkipped
        | FaultKind::Clock
        | FaultKind::BitFlip
        | FaultKind::ResetLoop
        | FaultKind::ButtonMash
        | FaultKind::DriverOn
        | FaultKind::EncoderLost => {}
    }
}
