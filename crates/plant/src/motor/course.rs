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

/// A figure of a motor's current (A) and the same of its rotor's speed (rad/s),
/// side by side as they are worked out: one vector instruction for both.
pub type Pair = [f64; 2];
/// Place of the current in a [`Pair`].
pub const CURRENT: usize = 0;
/// Place of the speed in a [`Pair`].
pub const SPEED: usize = 1;

/// How a motor's current and speed follow from substep to substep, in the
/// bridge's direction: linear in both and in the bus voltage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Course {
    /// Share of the bus voltage at the winding, 0 to 1.
    pub duty: f64,
    /// At the start.
    pub from: Pair,
    /// New by old current.
    pub by_current: Pair,
    /// New by old speed.
    pub by_speed: Pair,
    /// New at rest without voltage: what the load's torque adds and takes.
    pub more: Pair,
    /// New by bus voltage.
    pub by_bus: Pair,
}

/// Where a motor came to in a tick, and sums over its substeps, in the
/// bridge's direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Travel {
    /// At the end.
    pub to: Pair,
    /// Sum.
    pub sum: Pair,
    /// Sum of the squares.
    pub squares: Pair,
    /// Sum of the squares of the steps.
    pub step_squares: Pair,
    /// Sum of bus voltage times current, VA.
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
        let bus_s = course.duty * course.by_bus[CURRENT];
        slope_s += bus_s;
        load_a += course.duty * course.more[CURRENT] + bus_s * terminal.open_v;
    }
    let per_s = 1.0 / slope_s;
    let still_v = load_a * per_s;
    // Voltage lost by a motor's current and by its speed.
    let lost_by = courses.map(|c| {
        let volts_per_a = c.duty * per_s;
        [
            volts_per_a * c.by_current[CURRENT],
            volts_per_a * c.by_speed[CURRENT],
        ]
    });
    let mut at = courses.map(|course| course.from);
    let mut motors = [Travel::default(); N];
    let mut least = [[f64::INFINITY; 2]; N];
    let (mut drop_v, mut square_drop_v2) = (0.0, 0.0);
    let (mut least_v, mut most_v) = (f64::INFINITY, f64::NEG_INFINITY);
    for _ in 0..SUBSTEPS {
        let mut lost_v = still_v;
        for motor in 0..N {
            let [by_current, by_speed] = times(lost_by[motor], at[motor]);
            lost_v += by_current + by_speed;
        }
        let bus_v = terminal.open_v - lost_v;
        drop_v += lost_v;
        square_drop_v2 += lost_v * lost_v;
        least_v = lesser(least_v, lost_v);
        most_v = if most_v > lost_v { most_v } else { lost_v };
        for motor in 0..N {
            let course = &courses[motor];
            let sum = &mut motors[motor];
            let from = at[motor];
            let kept = plus(
                times(course.by_current, [from[CURRENT]; 2]),
                times(course.by_speed, [from[SPEED]; 2]),
            );
            let given = plus(course.more, times(course.by_bus, [bus_v; 2]));
            let to = plus(kept, given);
            let step = [to[CURRENT] - from[CURRENT], to[SPEED] - from[SPEED]];
            least[motor] = [0, 1].map(|place| lesser(least[motor][place], to[place]));
            sum.sum = plus(sum.sum, to);
            sum.squares = plus(sum.squares, times(to, to));
            sum.step_squares = plus(sum.step_squares, times(step, step));
            sum.volt_amperes += bus_v * to[CURRENT];
            at[motor] = to;
        }
    }
    for motor in 0..N {
        motors[motor].to = at[motor];
    }
    // Beyond the knee the source folds; above its own voltage it gives nothing.
    let on_line = terminal.open_v - most_v >= LOGIC_DROP_OUT_V
        && most_v <= terminal.knee_v()
        && least_v >= 0.0;
    let turning = least.as_flattened().iter().all(|value| *value > 0.0);
    let steps = SUBSTEPS as f64;
    (on_line && turning).then_some(BusTravel {
        volts: steps * terminal.open_v - drop_v,
        square_v2: terminal.open_v * (steps * terminal.open_v - 2.0 * drop_v) + square_drop_v2,
        source_a: source_s * drop_v,
        square_a2: source_s * source_s * square_drop_v2,
        motors,
    })
}

#[inline(always)]
fn plus(a: Pair, b: Pair) -> Pair {
    [a[0] + b[0], a[1] + b[1]]
}

#[inline(always)]
fn times(a: Pair, b: Pair) -> Pair {
    [a[0] * b[0], a[1] * b[1]]
}

/// The lesser of two; what is not a number as the second stays one.
#[inline(always)]
fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
