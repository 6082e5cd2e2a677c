//! A tick in which nothing changes its piece: the bus and both motors on straight courses.
//!
//! While source, logic and motors stay on their pieces, the backward Euler
//! substep of [`super::DcMotor::respond`] is linear in currents, speeds and bus
//! voltage, and the voltage at which all currents agree is known beforehand: no
//! search, and one division a tick. The answer is that of [`crate::bus::solve`]
//! to rounding (a test compares them). Where a piece ends within the tick,
//! [`travel`] says None, nothing has moved, and the search does the tick.

use super::SUBSTEPS;
use crate::build::MOTORS;
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

/// A whole tick of bus and motors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BusTravel {
    /// Sums over the substeps: bus voltage, V, and its square, V2.
    pub volts: f64,
    /// Of its square, V2.
    pub square_v2: f64,
    /// Of the source's current, A.
    pub source_a: f64,
    /// Of its square, A2.
    pub square_a2: f64,
    /// Each motor.
    pub motors: [Travel; MOTORS],
}

impl Course {
    /// Open bridge, no current, no motion.
    pub const RESTING: Course = Course {
        duty: 0.0,
        current_a: 0.0,
        speed_rad_s: 0.0,
        current_by_current: 0.0,
        current_by_speed: 0.0,
        current_more: 0.0,
        current_by_bus: 0.0,
        speed_by_speed: 0.0,
        speed_by_current: 0.0,
        speed_more: 0.0,
        speed_by_bus: 0.0,
    };
}

/// Follows the courses for one tick of [`SUBSTEPS`]; `heater_s` is the
/// conductance of all heaters that are on, `logic_a` what the logic draws.
/// None where source, logic or a motor leaves its piece on the way.
#[inline]
#[must_use]
pub fn travel(
    terminal: &Terminal,
    heater_s: f64,
    logic_a: f64,
    courses: &[Course; MOTORS],
) -> Option<BusTravel> {
    let [a, b] = courses;
    let source_s = terminal.plain_s();
    // At the bus voltage v the source gives g (E - v) and the loads take
    // G v + logic + sum of duty times current, current = known + slope times v.
    let slope_s = source_s + heater_s + a.duty * a.current_by_bus + b.duty * b.current_by_bus;
    let per_s = 1.0 / slope_s;
    let [a_per, b_per] = [a.duty * per_s, b.duty * per_s];
    let still_v = (terminal.open_v * source_s - logic_a) * per_s
        - a_per * a.current_more
        - b_per * b.current_more;
    let [a_ohm, b_ohm] = [a_per * a.current_by_current, b_per * b.current_by_current];
    let [a_vs, b_vs] = [a_per * a.current_by_speed, b_per * b.current_by_speed];
    let mut current_a = courses.map(|course| course.current_a);
    let mut speed_rad_s = courses.map(|course| course.speed_rad_s);
    let mut sums = BusTravel::default();
    let (mut lowest_v, mut highest_v) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut least = [f64::INFINITY; MOTORS];
    for _ in 0..SUBSTEPS {
        let bus_v = still_v
            - (a_ohm * current_a[0] + a_vs * speed_rad_s[0])
            - (b_ohm * current_a[1] + b_vs * speed_rad_s[1]);
        let source_a = (terminal.open_v - bus_v) * source_s;
        lowest_v = lesser(lowest_v, bus_v);
        highest_v = -lesser(-highest_v, -bus_v);
        sums.volts += bus_v;
        sums.square_v2 += bus_v * bus_v;
        sums.source_a += source_a;
        sums.square_a2 += source_a * source_a;
        for motor in 0..MOTORS {
            let course = &courses[motor];
            let sum = &mut sums.motors[motor];
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
    for (motor, sum) in sums.motors.iter_mut().enumerate() {
        (sum.current_a, sum.speed_rad_s) = (current_a[motor], speed_rad_s[motor]);
    }
    // Beyond the knee the source folds; above its own voltage it gives nothing.
    let on_line = lowest_v >= LOGIC_DROP_OUT_V
        && lowest_v >= terminal.knee_at_v()
        && highest_v <= terminal.open_v;
    let turning = |motor: usize| courses[motor].duty == 0.0 || least[motor] > 0.0;
    (on_line && turning(0) && turning(1)).then_some(sums)
}

/// The lesser of two; what is not a number as the second stays one.
#[inline(always)]
fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
