//! The motor on a stiff bus: currents, speeds, sticking and energy.

use kneadsim_plant::motor::{DcMotor, HEAT_TICKS, Hold, MotorEnergy, SUBSTEPS};
use kneadsim_plant::oracles::motor::motor_oracles;
use kneadsim_plant::{Build, Motor};

const FREE: Hold = Hold {
    duty: 1.0,
    locked: false,
    load_scale: 1.0,
    body_share: 1.0,
};

fn kneading() -> Motor {
    Build::default().motors[0]
}

fn tick(motor: &mut DcMotor, hold: &Hold, bus_v: f64) -> MotorEnergy {
    motor.begin_tick(hold);
    for _ in 0..SUBSTEPS {
        let response = motor.respond(bus_v);
        motor.accept(&response);
    }
    motor.end_tick(25.0, 25.0)
}

/// Mean current in A and output speed in turns a minute over 10 s after 2 s of running up.
fn settled(build: &Motor, hold: &Hold, bus_v: f64) -> (f64, f64) {
    let mut motor = DcMotor::new(build, 25.0);
    let (mut current_a, mut rpm) = (0.0, 0.0);
    for count in 0..1200 {
        tick(&mut motor, hold, bus_v);
        if count >= 200 {
            current_a += motor.state().current_a / 1000.0;
            rpm += motor.state().output_rpm() / 1000.0;
        }
    }
    (current_a, rpm)
}

#[test]
fn every_motor_oracle_holds() {
    for row in motor_oracles() {
        assert!(row.holds(), "{row:?}");
    }
}

#[test]
fn the_kneading_motor_runs_as_its_class_does() {
    let bare = Motor {
        load_nm: 0.0,
        ..kneading()
    };
    let hold = |duty, locked| Hold {
        duty,
        locked,
        ..FREE
    };
    let worn = Hold {
        load_scale: 1.5,
        ..FREE
    };
    // Name, motor, hold, bus V, least and greatest current A, least and greatest rpm.
    let rows = [
        ("no load: 0.25 A", bare, FREE, 12.0, 0.23, 0.27, 68.0, 70.0),
        (
            "kneading at full voltage",
            kneading(),
            FREE,
            12.0,
            0.6,
            1.5,
            60.0,
            68.0,
        ),
        (
            "kneading at 60 % duty",
            kneading(),
            hold(0.6, false),
            12.0,
            0.6,
            1.5,
            33.0,
            40.0,
        ),
        (
            "kneading on an empty pack",
            kneading(),
            FREE,
            9.0,
            0.6,
            1.5,
            44.0,
            52.0,
        ),
        (
            "worn gear draws half as much again",
            kneading(),
            worn,
            12.0,
            1.2,
            1.4,
            60.0,
            68.0,
        ),
        (
            "backwards",
            kneading(),
            hold(-1.0, false),
            12.0,
            -1.5,
            -0.6,
            -68.0,
            -60.0,
        ),
        (
            "open bridge",
            kneading(),
            hold(0.0, false),
            12.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ),
        (
            "too weak to start sticks",
            kneading(),
            hold(0.1, false),
            12.0,
            0.8,
            0.93,
            0.0,
            0.0,
        ),
    ];
    for (name, build, hold, bus_v, least_a, most_a, least_rpm, most_rpm) in rows {
        let (current_a, rpm) = settled(&build, &hold, bus_v);
        assert!(
            least_a <= current_a && current_a <= most_a,
            "{name}: {current_a} A"
        );
        assert!(least_rpm <= rpm && rpm <= most_rpm, "{name}: {rpm} rpm");
    }
}

#[test]
fn a_locked_rotor_draws_the_stall_current() {
    let mut motor = DcMotor::new(&kneading(), 25.0);
    for _ in 0..2 {
        tick(
            &mut motor,
            &Hold {
                locked: true,
                ..FREE
            },
            12.0,
        );
    }
    let current_a = motor.state().current_a;
    assert!((current_a - 9.2).abs() < 0.05, "{current_a} A");
    assert_eq!(motor.state().speed_rad_s, 0.0);
}

#[test]
fn a_spinning_rotor_never_feeds_the_bus() {
    let mut motor = DcMotor::new(&kneading(), 25.0);
    for _ in 0..100 {
        tick(&mut motor, &FREE, 12.0);
    }
    for duty in [0.2, 0.0, -0.3, 0.05, -1.0, 1.0] {
        for _ in 0..10 {
            let energy = tick(&mut motor, &Hold { duty, ..FREE }, 12.0);
            assert!(energy.supply_j >= 0.0, "duty {duty}: {energy:?}");
            assert!(energy.body_work_j >= 0.0, "duty {duty}: {energy:?}");
            assert!(motor.state().current_a * duty >= 0.0, "duty {duty}");
        }
    }
}

#[test]
fn a_coasting_rotor_comes_to_rest_and_stays() {
    let mut motor = DcMotor::new(&kneading(), 25.0);
    for _ in 0..200 {
        tick(&mut motor, &FREE, 12.0);
    }
    assert!(motor.state().speed_rad_s > 600.0);
    for _ in 0..100 {
        tick(&mut motor, &Hold { duty: 0.0, ..FREE }, 12.0);
    }
    let angle_rad = motor.state().output_angle_rad;
    assert_eq!(motor.state().speed_rad_s, 0.0);
    tick(&mut motor, &Hold { duty: 0.0, ..FREE }, 12.0);
    assert_eq!(motor.state().output_angle_rad, angle_rad);
}

#[test]
fn energy_closes_in_every_tick_of_a_rough_ride() {
    let holds = [
        FREE,
        Hold { duty: -0.8, ..FREE },
        Hold {
            locked: true,
            ..FREE
        },
        Hold { duty: 0.0, ..FREE },
        Hold {
            load_scale: 3.0,
            ..FREE
        },
        Hold {
            load_scale: 0.3,
            body_share: 0.4,
            ..FREE
        },
        Hold { duty: 0.02, ..FREE },
    ];
    for build in Build::default().motors {
        let mut motor = DcMotor::new(&build, 25.0);
        for count in 0..2000 {
            let before_j = motor.stored_j();
            let bus_v = 6.0 + f64::from(count % 17);
            let energy = tick(
                &mut motor,
                &holds[(count / 13) as usize % holds.len()],
                bus_v,
            );
            let change_j = motor.stored_j() - before_j;
            let residual_j = energy.supply_j
                - energy.body_work_j
                - energy.to_ambient_j
                - energy.to_foam_j
                - change_j;
            // Rounding of a stored energy of about 10 kJ.
            assert!(residual_j.abs() < 1e-10, "tick {count}: {residual_j} J");
        }
    }
}

#[test]
fn the_encoder_counts_turns_of_the_rotor() {
    let mut motor = DcMotor::new(&kneading(), 25.0);
    for _ in 0..500 {
        tick(&mut motor, &FREE, 12.0);
    }
    let state = motor.state();
    let turns = state.output_angle_rad * 100.0 / core::f64::consts::TAU;
    assert!(turns > 300.0);
    assert!((state.encoder_counts - 12.0 * turns).abs() < 1e-6 * turns);
}

#[test]
fn wear_adds_friction_and_no_work_on_the_body() {
    // Work per rad of the output: load 1 Nm, half of it lost in the gear; the
    // ripple averages out over whole turns.
    let work_nm = |hold: &Hold| {
        let mut motor = DcMotor::new(&kneading(), 25.0);
        let mut work_j = 0.0;
        for _ in 0..3000 {
            work_j += tick(&mut motor, hold, 12.0).body_work_j;
        }
        work_j / motor.state().output_angle_rad
    };
    let rows = [
        ("new", FREE, 0.5),
        (
            "worn",
            Hold {
                load_scale: 1.5,
                ..FREE
            },
            0.5,
        ),
        (
            "half the load",
            Hold {
                load_scale: 0.5,
                ..FREE
            },
            0.25,
        ),
        (
            "half the body",
            Hold {
                body_share: 0.5,
                ..FREE
            },
            0.25,
        ),
        (
            "nothing to knead",
            Hold {
                body_share: 0.0,
                ..FREE
            },
            0.0,
        ),
    ];
    for (name, hold, expected_nm) in rows {
        let got_nm = work_nm(&hold);
        assert!((got_nm - expected_nm).abs() < 0.01, "{name}: {got_nm} Nm");
    }
}

#[test]
fn the_case_heats_foam_and_air_through_its_two_paths() {
    let mut motor = DcMotor::new(&kneading(), 65.0);
    let (mut to_foam_j, mut to_ambient_j) = (0.0, 0.0);
    for _ in 0..HEAT_TICKS {
        let energy = tick(&mut motor, &Hold { duty: 0.0, ..FREE }, 0.0);
        to_foam_j += energy.to_foam_j;
        to_ambient_j += energy.to_ambient_j;
    }
    // 40 K over 8 K/W for 50 ms, 40 % into the foam; the case cools by 3 mK meanwhile.
    assert!((to_foam_j - 0.4 * 0.25).abs() < 2e-5, "{to_foam_j} J");
    assert!((to_ambient_j - 0.6 * 0.25).abs() < 2e-5, "{to_ambient_j} J");
}
