//! Motor oracles: thermal nodes against their two exponentials, locked rotor
//! against the adiabatic run-away, through the production motor at its tick.

use crate::build::{Build, Motor, TICK_S};
use crate::motor::{DcMotor, Hold, SUBSTEPS};
use crate::oracles::{OracleRow, Tolerance};

/// Start and ambient of all rows, degC.
const START_C: f64 = 25.0;
const GROUP: &str = "motor";
const SOURCE: &str = "closed form, evaluated with 30 digits";

/// All motor rows.
#[must_use]
pub fn motor_oracles() -> Vec<OracleRow> {
    let mut rows = Vec::new();
    for (power_w, time_s, expected) in [
        (4.0, 60.0, 39.163_391_9),
        (4.0, 900.0, 61.727_272_4),
        (8.0, 1800.0, 113.653_249),
    ] {
        rows.push(OracleRow {
            group: GROUP,
            name: format!("winding after {time_s} s at {power_w} W"),
            unit: "degC",
            expected,
            got: heated_winding_c(power_w, time_s),
            tolerance: Tolerance::Relative(1e-3),
            source: SOURCE,
        });
    }
    let (fast_s, slow_s) = time_constants_s();
    for (name, expected, got) in [
        ("fast time constant of the two nodes", 29.342_528_8, fast_s),
        ("slow time constant of the two nodes", 802.657_477, slow_s),
    ] {
        rows.push(OracleRow {
            group: GROUP,
            name: name.into(),
            unit: "s",
            expected,
            got,
            tolerance: Tolerance::Relative(1e-3),
            source: SOURCE,
        });
    }
    for (reached_c, expected) in [(120.0, 9.602), (130.0, 11.067)] {
        rows.push(OracleRow {
            group: GROUP,
            name: format!("locked rotor at 12 V: winding at {reached_c} degC"),
            unit: "s",
            expected,
            got: locked_until_s(reached_c),
            tolerance: Tolerance::Relative(1e-2),
            source: SOURCE,
        });
    }
    rows
}

/// The reference motor with all heat to ambient, as the closed forms have it.
fn reference() -> Motor {
    Motor {
        into_pad: 0.0,
        ..Build::default().motors[0]
    }
}

fn locked(duty: f64) -> Hold {
    Hold {
        duty,
        locked: true,
        load_scale: 1.0,
        body_share: 1.0,
    }
}

/// Drives one tick from a stiff bus.
fn tick(motor: &mut DcMotor, hold: &Hold, bus_v: f64) {
    motor.begin_tick(hold);
    for _ in 0..SUBSTEPS {
        let response = motor.respond(bus_v);
        motor.accept(&response);
    }
    motor.end_tick(START_C, START_C);
}

/// Winding temperature after `time_s` with a constant `power_w` in it: a locked
/// rotor whose resistance does not change with temperature, at the bus voltage
/// that gives this power.
fn heated_winding_c(power_w: f64, time_s: f64) -> f64 {
    let build = Motor {
        tempco_per_k: 0.0,
        ..reference()
    };
    let mut motor = DcMotor::new(&build, START_C);
    let bus_v = (power_w * build.resistance_ohm).sqrt();
    for _ in 0..ticks(time_s) {
        tick(&mut motor, &locked(1.0), bus_v);
    }
    motor.state().winding_c
}

/// Time constants seen in a free decay: the two weighted sums of winding and
/// case in which a single exponential lives are followed over 1000 ticks.
fn time_constants_s() -> (f64, f64) {
    let build = reference();
    let between = 1.0 / build.winding_to_case_k_per_w;
    let outer = 1.0 / build.case_to_ambient_k_per_w;
    let (winding, case) = (build.winding_j_per_k, build.case_j_per_k);
    let trace = between / winding + (between + outer) / case;
    let product = between * outer / (winding * case);
    let spread = (trace * trace - 4.0 * product).sqrt();
    let decay = |rate: f64| {
        // Left eigenvector: weights (1, x) for which the weighted sum decays alone.
        let weight = (between / winding - rate) * case / between;
        let mut motor = DcMotor::new(&build, START_C + 50.0);
        let sum = |motor: &DcMotor| {
            let state = motor.state();
            (state.winding_c - START_C) + weight * (state.case_c - START_C)
        };
        let before = sum(&motor);
        for _ in 0..1000 {
            tick(&mut motor, &locked(0.0), 0.0);
        }
        1000.0 * TICK_S / libm::log(before / sum(&motor))
    };
    (decay(0.5 * (trace + spread)), decay(0.5 * (trace - spread)))
}

/// Time until the winding of a locked rotor on a stiff 12 V reaches `reached_c`, s.
fn locked_until_s(reached_c: f64) -> f64 {
    let mut motor = DcMotor::new(&reference(), START_C);
    for tick_count in 0..ticks(60.0) {
        let before_c = motor.state().winding_c;
        tick(&mut motor, &locked(1.0), 12.0);
        let after_c = motor.state().winding_c;
        if after_c >= reached_c {
            let part = (reached_c - before_c) / (after_c - before_c);
            return (tick_count as f64 + part) * TICK_S;
        }
    }
    f64::NAN
}

fn ticks(time_s: f64) -> u64 {
    (time_s / TICK_S).round() as u64
}
