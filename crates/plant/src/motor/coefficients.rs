//! Coefficients of one substep that change only with winding temperature and wear.
//!
//! They cost three divisions, and the winding warms by 0.1 K/s at work: so they
//! are renewed when it is [`WINDING_STEP_K`] away from the temperature they were
//! made for. The resistance in use is then off by less than 4e-5 of itself, at
//! any load: a locked rotor warms by 0.14 K a tick and has them renewed at each.

use super::course::Pair;
use super::{Course, SUBSTEP_S};
use crate::build::Motor;

/// Change of the winding's temperature at which coefficients are renewed, K.
pub const WINDING_STEP_K: f64 = 0.01;
/// Temperature at which `Motor::resistance_ohm` is given, degC.
const RESISTANCE_REFERENCE_C: f64 = 25.0;

/// The coefficients; h is the substep.
#[derive(Clone, Copy, Debug)]
pub struct Coefficients {
    winding_c: f64,
    scale: f64,
    figures: CourseFigures,
    pub resistance_ohm: f64,
    pub viscous_nm_s: f64,
    /// L/h, ohm.
    pub inductance_per_h_ohm: f64,
    /// J/h, Nms.
    pub inertia_per_h_nm_s: f64,
    /// 1 / (R + L/h).
    pub admittance_s: f64,
    /// 1 / (J/h + B), rotor with open winding.
    pub coast: f64,
    /// 1 / (J/h + B + K^2/(R + L/h)), rotor with closed winding.
    pub driven: f64,
    /// Slope of current by terminal voltage while turning, S.
    pub turning_s: f64,
    /// Slope of speed by terminal voltage while turning, rad/Vs.
    pub turning_per_v: f64,
}

impl Coefficients {
    /// For a winding temperature and a scale on friction.
    #[inline(never)]
    pub fn of(motor: &Motor, winding_c: f64, scale: f64) -> Self {
        let rise_k = winding_c - RESISTANCE_REFERENCE_C;
        // A winding far below zero must not get a negative resistance.
        let resistance_ohm = motor.resistance_ohm * (1.0 + motor.tempco_per_k * rise_k).max(0.1);
        let inductance_per_h_ohm = motor.inductance_h / SUBSTEP_S;
        let inertia_per_h_nm_s = motor.inertia_kg_m2 / SUBSTEP_S;
        let viscous_nm_s = motor.viscous_nm_s * scale;
        let constant_nm_per_a = motor.constant_nm_per_a;
        let admittance_s = 1.0 / (resistance_ohm + inductance_per_h_ohm);
        let free = inertia_per_h_nm_s + viscous_nm_s;
        let coupling = constant_nm_per_a * constant_nm_per_a * admittance_s;
        let driven = 1.0 / (free + coupling);
        Self {
            winding_c,
            scale,
            figures: CourseFigures::of(
                constant_nm_per_a,
                admittance_s,
                driven,
                inductance_per_h_ohm,
                inertia_per_h_nm_s,
            ),
            resistance_ohm,
            viscous_nm_s,
            inductance_per_h_ohm,
            inertia_per_h_nm_s,
            admittance_s,
            coast: 1.0 / free,
            driven,
            turning_s: admittance_s * (1.0 - coupling * driven),
            turning_per_v: constant_nm_per_a * admittance_s * driven,
        }
    }

    /// Whether they still serve.
    #[inline]
    pub fn fit(&self, winding_c: f64, scale: f64) -> bool {
        (winding_c - self.winding_c).abs() <= WINDING_STEP_K && scale == self.scale
    }

    /// The course of a motor that turns against `running_nm` at a duty, from a
    /// current and a speed in the bridge's direction.
    ///
    /// From `w1 = (J/h w0 + K a - T) D` and `i1 = a - K Y w1` with
    /// `a = Y (L/h i0 + d v)`, Y the admittance, D `driven`, d the duty, v the bus.
    #[inline(always)]
    pub fn course(&self, current_a: f64, speed_rad_s: f64, duty: f64, running_nm: f64) -> Course {
        let CourseFigures {
            by_current,
            by_speed,
            back_s,
        } = self.figures();
        let speed_lost = running_nm * self.driven;
        Course {
            duty,
            from: [current_a, speed_rad_s],
            by_current,
            by_speed,
            // Taken from 0, not with its sign turned: a turned sign would become
            // a subtraction beside an addition, and that no vector instruction.
            more: [back_s * speed_lost, 0.0 - speed_lost],
            by_bus: [duty * self.turning_s, duty * self.turning_per_v],
        }
    }

    /// What of a course follows from the coefficients alone.
    #[inline(always)]
    pub fn figures(&self) -> CourseFigures {
        self.figures
    }
}

/// The part of a [`Course`] that is the same at every duty and load.
#[derive(Clone, Copy, Debug)]
pub struct CourseFigures {
    /// New by old current.
    pub by_current: Pair,
    /// New by old speed.
    pub by_speed: Pair,
    /// Current that the back-EMF takes by speed, As/rad.
    pub back_s: f64,
}

impl CourseFigures {
    fn of(
        constant_nm_per_a: f64,
        admittance_s: f64,
        driven: f64,
        inductance_per_h_ohm: f64,
        inertia_per_h_nm_s: f64,
    ) -> Self {
        let kept = admittance_s * inductance_per_h_ohm;
        let back_s = constant_nm_per_a * admittance_s;
        let speed_by_speed = inertia_per_h_nm_s * driven;
        let speed_by_current = constant_nm_per_a * driven * kept;
        Self {
            by_current: [kept - back_s * speed_by_current, speed_by_current],
            by_speed: [-(back_s * speed_by_speed), speed_by_speed],
            back_s,
        }
    }
}
