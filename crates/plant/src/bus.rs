//! The one voltage at which source, heaters, motors and logic agree.
//!
//! All currents are continuous, piecewise linear and monotone in the bus
//! voltage, so there is exactly one answer; Newton's method on the pieces,
//! kept inside a bracket, reaches it to rounding in two or three looks.

use crate::build::MOTORS;
use crate::motor::{DcMotor, Response};
use crate::supply::{LOGIC_DROP_OUT_V, Terminal};

/// Current mismatch at which the voltage counts as found, share of the
/// currents (at least of 1 A). Small against the 1e-6 of the energy balance.
const MISMATCH: f64 = 1.0e-11;
/// Looks before the bracket alone is trusted; halving 60 V this often reaches rounding.
const LOOKS_MAX: usize = 64;

/// The bus in one substep.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BusPoint {
    /// Voltage at the board's input, V.
    pub bus_v: f64,
    /// Current out of the source, A.
    pub source_a: f64,
    /// Current into the logic, A.
    pub logic_a: f64,
    /// What each motor does at this voltage.
    pub motors: [Response; MOTORS],
}

/// Finds the voltage, starting from `guess_v`. `heater_s` is the conductance of
/// all heaters that are on, `logic_a` what the logic draws above drop-out.
#[inline]
#[must_use]
pub fn solve(
    terminal: &Terminal,
    heater_s: f64,
    logic_a: f64,
    motors: &[DcMotor; MOTORS],
    guess_v: f64,
) -> BusPoint {
    let (mut below_v, mut above_v) = (0.0, terminal.open_v);
    let mut bus_v = guess_v.clamp(below_v, above_v);
    let mut look = 0;
    loop {
        let (source_a, source_s) = terminal.current_a(bus_v);
        let (logic_now_a, logic_s) = logic_current_a(logic_a, bus_v);
        let mut motors_now = [motors[0].respond(bus_v), motors[1].respond(bus_v)];
        let load_a =
            heater_s * bus_v + logic_now_a + motors_now[0].supply_a + motors_now[1].supply_a;
        let surplus_a = source_a - load_a;
        look += 1;
        let found = surplus_a.abs() <= MISMATCH * (1.0 + load_a);
        // A bus at 0 V that a winding still pulls down: the bridge's diodes
        // carry what the source cannot, at no power.
        let clamped = bus_v <= 0.0 && surplus_a <= 0.0;
        if found || clamped || look >= LOOKS_MAX {
            return BusPoint {
                bus_v,
                source_a,
                logic_a: logic_now_a,
                motors: motors_now,
            };
        }
        let slope_s =
            source_s + heater_s + logic_s + motors_now[0].supply_s + motors_now[1].supply_s;
        let newton_v = (bus_v + surplus_a / slope_s).max(0.0);
        // Where nothing changes its piece on the way, Newton's step is exact.
        let (newton_a, newton_s) = terminal.current_a(newton_v);
        let (newton_logic_a, newton_logic_s) = logic_current_a(logic_a, newton_v);
        if newton_v > 0.0
            && newton_s == source_s
            && newton_logic_s == logic_s
            && motors[0].follow(&mut motors_now[0], newton_v - bus_v)
            && motors[1].follow(&mut motors_now[1], newton_v - bus_v)
        {
            return BusPoint {
                bus_v: newton_v,
                source_a: newton_a,
                logic_a: newton_logic_a,
                motors: motors_now,
            };
        }
        if surplus_a > 0.0 {
            below_v = bus_v;
        } else {
            above_v = bus_v;
        }
        bus_v = if newton_v == 0.0 || (newton_v > below_v && newton_v < above_v) {
            newton_v
        } else {
            0.5 * (below_v + above_v)
        };
    }
}

/// Current of the logic at `bus_v` in A, and its slope in S.
#[inline]
fn logic_current_a(logic_a: f64, bus_v: f64) -> (f64, f64) {
    if bus_v < LOGIC_DROP_OUT_V {
        let siemens = logic_a * (1.0 / LOGIC_DROP_OUT_V);
        (siemens * bus_v, siemens)
    } else {
        (logic_a, 0.0)
    }
}
