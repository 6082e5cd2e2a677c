//! A tick in which nothing changes its piece: the bus and both motors on straight courses.
//!
//! While source, logic and motors stay on their pieces, the backward Euler
//! substep of [`super::DcMotor::respond`] is linear in currents, speeds and bus
//! voltage, and the voltage at which all currents agree is known beforehand: no
//! search, and one division a tick. The answer is that of [`crate::bus::solve`]
//! to rounding (a test compares them). Where a piece ends within the tick,
//! [`travel`] says None, nothing has moved, and the search does the tick.

use super::SUBSTEPS;
use crate::supply::{LOGIC_DROP_OUT_V, Terminal};

/// How a motor's current and speed follow from substep to substep, in the
/// bridge's direction: linear in both and in the bus voltage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Course {
    /// Share of the bus voltage at the winding, 0 to 1.
    pub duty: f64,
    /// Current at the start, A.
    pub current_a: f64,
    /// Rotor speed at the start, rad/s.
    pub speed_rad_s: f64,
    /// New current by old current.
    pub current_by_current: f64,
    /// New current by old speed, As/rad.
    pub current_by_speed: f64,
    /// New current at rest without voltage, A: what the load's torque adds.
    pub current_more: f64,
    /// New current by bus voltage, S.
    pub current_by_bus: f64,
    /// New speed by old speed.
    pub speed_by_speed: f64,
    /// New speed by old current, rad/As.
    pub speed_by_current: f64,
    /// New speed at rest without voltage, rad/s: what the load's torque takes.
    pub speed_more: f64,
    /// New speed by bus voltage, rad/Vs.
    pub speed_by_bus: f64,
}

/// Where a motor came to in a tick, and sums over its substeps, in the
/// bridge's direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Travel {
    /// Current at the end, A.
    pub current_a: f64,
    /// Rotor speed at the end, rad/s.
    pub speed_rad_s: f64,
    /// Of currents, A.
    pub current_sum_a: f64,
    /// Of their squares, A2.
    pub square_a2: f64,
    /// Of the squares of their steps, A2.
    pub steps_a2: f64,
    /// Of speeds, rad/s.
    pub speed_sum: f64,
    /// Of their squares, rad2/s2.
    pub square_speed: f64,
    /// Of the squares of their steps, rad2/s2.
    pub steps_speed: f64,
    /// Of bus voltage times current, VA.
    pub volt_amperes: f64,
}

/// A whole tick of the bus and `N` motors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BusTravel<const N: usize> {
    /// Sum of the bus voltage over the substeps, V.
    pub volts: f64,
    /// Of its square, V2.
    pub square_v2: f64,
    /// Of the source's current, A.
    pub source_a: f64,
    /// Of its square, A2.
    pub square_a2: f64,
    /// Each motor.
    pub motors: [Travel; N],
}

/// Follows the courses for one tick of [`SUBSTEPS`]; `heater_s` is the
/// conductance of all heaters that are on, `logic_a` what the logic draws.
/// None where source, logic or a motor leaves its piece on the way.
#[inline(always)]
#[must_use]
pub fn travel<const N: usize>(
    terminal: &Terminal,
    heater_s: f64,
    logic_a: f64,
    courses: &[Course; N],
) -> Option<BusTravel<N>> {
    let source_s = terminal.plain_s();
    // At the bus voltage E - d the source gives g d and the loads take
    // G (E - d) + logic + sum of duty times current, current = known + slope times
    // voltage. So d is linear in currents and speeds at the substep's start.
    let mut slope_s = source_s + heater_s;
    let mut load_a = heater_s * terminal.open_v + logic_a;
    for course in courses {
        let bus_s = course.duty * course.current_by_bus;
        slope_s += bus_s;
        load_a += course.duty * course.current_more + bus_s * terminal.open_v;
    }
    let per_s = 1.0 / slope_s;
    let still_v = load_a * per_s;
    let by_current_ohm = courses.map(|c| c.duty * per_s * c.current_by_current);
    let by_speed_vs = courses.map(|c| c.duty * per_s * c.current_by_speed);
    let mut current_a = courses.map(|course| course.current_a);
    let mut speed_rad_s = courses.map(|course| course.speed_rad_s);
    let mut motors = [Travel::default(); N];
    let mut least = [f64::INFINITY; N];
    let (mut drop_v, mut square_drop_v2) = (0.0, 0.0);
    let (mut least_v, mut most_v) = (f64::INFINITY, f64::NEG_INFINITY);
    for _ in 0..SUBSTEPS {
        let mut lost_v = still_v;
        for motor in 0..N {
            lost_v +=
                by_current_ohm[motor] * current_a[motor] + by_speed_vs[motor] * speed_rad_s[motor];
        }
        let bus_v = terminal.open_v - lost_v;
        drop_v += lost_v;
        square_drop_v2 += lost_v * lost_v;
        least_v = if least_v < lost_v { least_v } else { lost_v };
        most_v = if most_v > lost_v { most_v } else { lost_v };
        for motor in 0..N {
            let course = &courses[motor];
            let sum = &mut motors[motor];
            let (from_a, from_speed) = (current_a[motor], speed_rad_s[motor]);
            let to_a = (course.current_by_current * from_a + course.current_by_speed * from_speed)
                + (course.current_more + course.current_by_bus * bus_v);
            let to_speed = (course.speed_by_speed * from_speed + course.speed_by_current * from_a)
                + (course.speed_more + course.speed_by_bus * bus_v);
            let (more_a, more_speed) = (to_a - from_a, to_speed - from_speed);
            least[motor] = lesser(lesser(least[motor], to_a), to_speed);
            sum.current_sum_a += to_a;
            sum.square_a2 += to_a * to_a;
            sum.steps_a2 += more_a * more_a;
            sum.speed_sum += to_speed;
            sum.square_speed += to_speed * to_speed;
            sum.steps_speed += more_speed * more_speed;
            sum.volt_amperes += bus_v * to_a;
            (current_a[motor], speed_rad_s[motor]) = (to_a, to_speed);
        }
    }
    for motor in 0..N {
        motors[motor].current_a = current_a[motor];
        motors[motor].speed_rad_s = speed_rad_s[motor];
    }
    // Beyond the knee the source folds; above its own voltage it gives nothing.
    let on_line = terminal.open_v - most_v >= LOGIC_DROP_OUT_V
        && most_v <= terminal.knee_v()
        && least_v >= 0.0;
    let turning = least.iter().all(|value| *value > 0.0);
    let steps = SUBSTEPS as f64;
    (on_line && turning).then_some(BusTravel {
        volts: steps * terminal.open_v - drop_v,
        square_v2: terminal.open_v * (steps * terminal.open_v - 2.0 * drop_v) + square_drop_v2,
        source_a: source_s * drop_v,
        square_a2: source_s * source_s * square_drop_v2,
        motors,
    })
}

/// The lesser of two; what is not a number as the second stays one.
#[inline(always)]
fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
