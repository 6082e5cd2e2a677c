//! What may change while time goes by: surroundings, user, and broken parts.
//!
//! Every field is a plain number, so that events and ramps can move it. The
//! bench computes the conditions of each tick (base, then events, then
//! faults) and hands them to [`crate::Plant::tick`].

use crate::build::{MOTORS, ZONES};

/// The live state of surroundings, user and parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Air around the pad, degC.
    pub ambient_c: f64,
    /// Heat transfer from pad, clothing or bare skin to the air, W/m2K (8: still room, estimate).
    pub air_w_per_m2_k: f64,
    /// Blanket over everything, m2K/W (0.3: a blanket; 0 none).
    pub blanket_m2k_per_w: f64,
    /// 1 the body lies on the pad, 0 it is away; between, a share of the pad is touched lightly.
    pub contact: f64,
    /// Mean pressure of the body on the pad, kPa.
    pub pressure_kpa: f64,
    /// Clothing between cover and skin, m2K/W (T-shirt 0.0124, bare 0).
    pub clothing_m2k_per_w: f64,
    /// Clothing heat capacity, J/m2K (T-shirt 208, bare 0).
    pub clothing_j_per_m2_k: f64,
    /// Scale on all skin and fat perfusion (1 normal).
    pub perfusion_scale: f64,
    /// Body core and arterial blood, degC.
    pub core_c: f64,
    /// Share of the film's width that a crack has cut, per zone: the rest carries the current.
    pub film_crack: [f64; ZONES],
    /// Share of the film's length that is shorted, per zone: the rest gets more power.
    pub film_short: [f64; ZONES],
    /// Local density doubling along a fold, per zone: 0 flat, 1 folded once.
    pub fold: [f64; ZONES],
    /// Open-circuit voltage added to the source's own, V (a 24 V adapter: +12).
    pub supply_extra_v: f64,
    /// Resistance added in series with the source (worn plug, weak cells), ohm.
    pub supply_extra_ohm: f64,
    /// 1 connected, 0 unplugged.
    pub supply_connected: f64,
    /// Heat put into the battery pack from a failing cell, W.
    pub pack_heat_w: f64,
    /// 1: contacts welded, the cut-out never opens, per zone.
    pub cutout_welded: [f64; ZONES],
    /// Shift of the cut-out's opening and closing temperature, K, per zone.
    pub cutout_shift_k: [f64; ZONES],
    /// Further shift of the closing temperature alone, K, per zone (a part that resets close by cycles).
    pub cutout_close_shift_k: [f64; ZONES],
    /// 1: rotor blocked, per motor.
    pub rotor_locked: [f64; MOTORS],
    /// Scale on friction and load (worn gear: 1.5 or more), per motor.
    pub load_scale: [f64; MOTORS],
    /// 1: a sheared pin, the nodes stand still on one spot while the motor runs.
    pub nodes_parked: f64,
    /// Output angle at which the nodes stand when parked, rad.
    pub parked_angle_rad: f64,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            ambient_c: 23.0,
            air_w_per_m2_k: 8.0,
            blanket_m2k_per_w: 0.0,
            contact: 1.0,
            pressure_kpa: 2.0,
            clothing_m2k_per_w: 0.0124,
            clothing_j_per_m2_k: 208.0,
            perfusion_scale: 1.0,
            core_c: 37.0,
            film_crack: [0.0; ZONES],
            film_short: [0.0; ZONES],
            fold: [0.0; ZONES],
            supply_extra_v: 0.0,
            supply_extra_ohm: 0.0,
            supply_connected: 1.0,
            pack_heat_w: 0.0,
            cutout_welded: [0.0; ZONES],
            cutout_shift_k: [0.0; ZONES],
            cutout_close_shift_k: [0.0; ZONES],
            rotor_locked: [0.0; MOTORS],
            load_scale: [1.0; MOTORS],
            nodes_parked: 0.0,
            parked_angle_rad: 0.0,
        }
    }
}

/// What the electronics do to the plant during one tick, after all faults of
/// the electronics: true switch states, not commands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Drive {
    /// Share of the tick (or of full conductance) that each zone's MOSFET conducts, 0 to 1.
    pub heater_on: [f64; ZONES],
    /// Series relay contact of the heater rail.
    pub relay_closed: bool,
    /// Bridge duty of each motor, -1 to 1; the sign is the direction.
    pub motor_duty: [f64; MOTORS],
    /// The logic is powered and draws its current.
    pub logic_on: bool,
}
