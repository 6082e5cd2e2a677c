//! The configuration as the core has adopted it: as given, and what follows from it.
//!
//! A division costs a small core as much as a dozen sums, so what the
//! configuration alone decides is divided and rounded once, when it is adopted,
//! and not in every tick. Only a valid configuration gets here, so that no
//! divisor is zero.

use core::ops::Deref;

use crate::config::Config;
use crate::persist::ms;

/// A valid configuration and the figures that follow from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Adopted {
    given: Config,
    /// `ntc_lost_s`, ms.
    pub(crate) ntc_lost_ms: u32,
    /// `ntc_stuck_s`, ms.
    pub(crate) ntc_stuck_ms: u32,
    /// `nodes_rest_s`, ms.
    pub(crate) nodes_rest_ms: u32,
    /// `stall_time_s`, ms.
    pub(crate) stall_time_ms: u32,
    /// `reversal_dead_s`, ms.
    pub(crate) reversal_dead_ms: u32,
    /// `use_max_s`, ms.
    pub(crate) use_max_ms: u32,
    /// `rest_s`, ms.
    pub(crate) rest_ms: u32,
    /// Share of rated power per watt of a zone.
    pub(crate) share_per_w: f32,
    /// Kelvin per joule of the slowest plausible film.
    pub(crate) film_k_per_j: f32,
    /// Kneading winding at 25 degC, A/V.
    pub(crate) motor_a_per_v: f32,
    /// Vibration winding, A/V.
    pub(crate) vibration_a_per_v: f32,
    /// Back-EMF per node speed, V/rpm.
    pub(crate) motor_v_per_rpm: f32,
    /// Node speed of one encoder count a second, rpm s.
    pub(crate) rpm_per_count_hz: f32,
}

impl Adopted {
    /// Of a configuration that has been validated.
    pub(crate) fn new(given: &Config) -> Self {
        Self {
            given: *given,
            ntc_lost_ms: ms(given.ntc_lost_s),
            ntc_stuck_ms: ms(given.ntc_stuck_s),
            nodes_rest_ms: ms(given.nodes_rest_s),
            stall_time_ms: ms(given.stall_time_s),
            reversal_dead_ms: ms(given.reversal_dead_s),
            use_max_ms: ms(given.use_max_s),
            rest_ms: ms(given.rest_s),
            share_per_w: 1.0 / given.heater_rated_w,
            film_k_per_j: 1.0 / given.film_capacity_max_j_per_k,
            motor_a_per_v: 1.0 / given.motor_resistance_ohm,
            vibration_a_per_v: 1.0 / given.vibration_resistance_ohm,
            motor_v_per_rpm: given.motor_k_v_s * given.motor_gear * (core::f32::consts::TAU / 60.0),
            rpm_per_count_hz: 60.0 / (given.encoder_counts_per_turn * given.motor_gear),
        }
    }
}

/// Most of the core only reads the parameters themselves.
impl Deref for Adopted {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.given
    }
}
