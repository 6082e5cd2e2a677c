//! Coefficients that are kept while the winding stays near the temperature they
//! were made for: what that costs in truth.

use kneadsim_plant::motor::{DcMotor, Hold, SUBSTEPS, WINDING_STEP_K};
use kneadsim_plant::{Build, Motor};

/// The winding after a minute at a duty, degC, and the energy taken, J.
fn minute(build: &Motor, hold: &Hold) -> (f64, f64) {
    let mut motor = DcMotor::new(build, 25.0);
    let mut supply_j = 0.0;
    for _ in 0..6000 {
        motor.begin_tick(hold);
        for _ in 0..SUBSTEPS {
            let response = motor.respond(12.0);
            motor.accept(&response);
        }
        supply_j += motor.end_tick(25.0, 25.0).supply_j;
    }
    (motor.state().winding_c, supply_j)
}

#[test]
fn kept_coefficients_are_off_by_less_than_their_step_of_temperature() {
    // A wear that differs from tick to tick in its last bits renews them at every tick.
    for (name, duty, locked) in [("running", 0.8, false), ("locked at a third", 0.3, true)] {
        let hold = |scale| Hold {
            duty,
            locked,
            load_scale: scale,
            body_share: 1.0,
        };
        let build = Build::default().motors[0];
        let (kept_c, kept_j) = minute(&build, &hold(1.0));
        let mut motor = DcMotor::new(&build, 25.0);
        let mut renewed_j = 0.0;
        for tick in 0..6000 {
            motor.begin_tick(&hold(if tick % 2 == 0 {
                1.0
            } else {
                1.0 + f64::EPSILON
            }));
            for _ in 0..SUBSTEPS {
                let response = motor.respond(12.0);
                motor.accept(&response);
            }
            renewed_j += motor.end_tick(25.0, 25.0).supply_j;
        }
        let renewed_c = motor.state().winding_c;
        // Copper changes its resistance by 0.393 % a kelvin.
        let share = 0.00393 * WINDING_STEP_K;
        assert!(
            (kept_j / renewed_j - 1.0).abs() < share,
            "{name}: {kept_j} {renewed_j}"
        );
        let rise_k = renewed_c - 25.0;
        assert!(
            (kept_c - renewed_c).abs() < 2.0 * share * rise_k,
            "{name}: {kept_c} {renewed_c}"
        );
        assert!(rise_k > 1.0, "{name} did nothing");
    }
}
