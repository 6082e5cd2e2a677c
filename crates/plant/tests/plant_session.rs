//! The whole plant over a session: energy, copies, and what a user would see.

use kneadsim_plant::{Build, Conditions, Drive, Grid, Plant, Source};

const PACK: Source = Source::Pack {
    capacity_ah: 2.6,
    resistance_ohm: 0.12,
    charge: 0.95,
    heat_j_per_k: 150.0,
    to_ambient_k_per_w: 8.0,
};

fn column() -> Build {
    Build {
        grid: Grid::Column,
        ..Build::default()
    }
}

fn with_pack(build: Build) -> Build {
    let mut build = build;
    build.supply.source = PACK;
    build
}

fn plant(build: &Build, conditions: &Conditions) -> Plant {
    Plant::new(build, conditions).expect("a valid build")
}

/// Heat to 45 degC by hand, knead to and fro, lock the rotor now and then,
/// take the body away and put a blanket on.
fn everything(tick: u32, plant: &Plant, drive: &mut Drive, conditions: &mut Conditions) {
    let second = tick / 100;
    let cold = plant
        .field()
        .stats()
        .zone_film_mean_c
        .map(|film_c| film_c < 45.0);
    *drive = Drive {
        heater_on: cold.map(|cold| if cold { 1.0 } else { 0.1 }),
        relay_closed: true,
        motor_duty: [if second % 40 < 20 { 0.7 } else { -0.6 }, 0.5],
        logic_on: true,
    };
    conditions.rotor_locked[0] = if second % 120 < 2 { 1.0 } else { 0.0 };
    conditions.contact = if (600..700).contains(&second) {
        0.0
    } else {
        1.0
    };
    conditions.blanket_m2k_per_w = if second > 900 { 0.3 } else { 0.0 };
    conditions.pack_heat_w = if second > 1200 { 10.0 } else { 0.0 };
    conditions.film_short[0] = if second > 1500 { 0.2 } else { 0.0 };
}

#[test]
fn energy_closes_over_half_an_hour_of_everything() {
    let rows = [
        ("field on the adapter", Build::default(), 180_000),
        ("field on a pack", with_pack(Build::default()), 60_000),
        ("columns on the adapter", column(), 180_000),
        ("columns on a pack", with_pack(column()), 180_000),
        (
            "a thermal step of one tick",
            Build {
                thermal_step_ticks: 1,
                ..column()
            },
            60_000,
        ),
    ];
    for (name, build, ticks) in rows {
        let mut conditions = Conditions::default();
        let mut plant = plant(&build, &conditions);
        let mut drive = Drive::default();
        for tick in 0..ticks {
            everything(tick, &plant, &mut drive, &mut conditions);
            plant.tick(&drive, &conditions);
        }
        let energy = plant.energy();
        assert!(energy.put_in_j > 1.0e4, "{name}: {energy:?}");
        assert!(energy.residual_relative < 1e-9, "{name}: {energy:?}");
    }
}

#[test]
fn energy_closes_within_a_thermal_step_too() {
    let conditions = Conditions::default();
    let mut plant = plant(&column(), &conditions);
    let drive = Drive {
        heater_on: [1.0; 2],
        relay_closed: true,
        motor_duty: [1.0, 1.0],
        logic_on: true,
    };
    for tick in 1..200_u64 {
        plant.tick(&drive, &conditions);
        assert_eq!(plant.tick_count(), tick);
        assert_eq!(plant.thermal_stepped(), tick % 25 == 0);
        let energy = plant.energy();
        assert!(energy.residual_j.abs() < 1e-6, "tick {tick}: {energy:?}");
    }
}

#[test]
fn a_copy_goes_on_exactly_as_the_original() {
    let mut conditions = Conditions::default();
    let mut original = plant(&column(), &conditions);
    let mut drive = Drive::default();
    for tick in 0..3_333 {
        everything(tick, &original, &mut drive, &mut conditions);
        original.tick(&drive, &conditions);
    }
    let mut copy = original.clone();
    for tick in 3_333..9_999 {
        everything(tick, &original, &mut drive, &mut conditions);
        original.tick(&drive, &conditions);
        copy.tick(&drive, &conditions);
        assert_eq!(original.electrical(), copy.electrical());
        assert_eq!(original.field().basal_c(), copy.field().basal_c());
    }
    assert_eq!(original.energy(), copy.energy());
}

#[test]
fn a_stuck_heater_is_stopped_by_its_cutout_unless_it_is_welded() {
    let drive = Drive {
        heater_on: [1.0; 2],
        relay_closed: true,
        ..Drive::default()
    };
    for (name, welded, stays_closed) in [
        ("sound", [0.0; 2], [false; 2]),
        ("lower welded", [0.0, 1.0], [false, true]),
    ] {
        let conditions = Conditions {
            cutout_welded: welded,
            ..Conditions::default()
        };
        let mut plant = plant(&column(), &conditions);
        for _ in 0..15_000 {
            plant.tick(&drive, &conditions);
        }
        assert_eq!(plant.cutout_closed(), stays_closed, "{name}");
        let hot = plant.electrical().heater_w.map(|watts| watts > 10.0);
        assert_eq!(hot, stays_closed, "{name}");
    }
}

#[test]
fn nodes_press_fully_forwards_and_fold_away_otherwise() {
    let conditions = Conditions::default();
    let locked = Conditions {
        rotor_locked: [1.0, 0.0],
        ..conditions
    };
    let rows = [
        ("at rest", 0.0, conditions, 20.0),
        ("forwards", 0.7, conditions, 40.0),
        ("backwards", -0.7, conditions, 20.0),
        ("stuck on the way forwards", 0.7, locked, 40.0),
    ];
    for (name, duty, conditions, expected_n) in rows {
        let mut plant = plant(&column(), &conditions);
        let drive = Drive {
            motor_duty: [duty, 0.0],
            ..Drive::default()
        };
        for _ in 0..500 {
            plant.tick(&drive, &conditions);
        }
        assert!((plant.node_force_n() - expected_n).abs() < 0.01, "{name}");
    }
}

#[test]
fn motor_heat_reaches_the_foam() {
    let conditions = Conditions {
        contact: 0.0,
        ..Conditions::default()
    };
    let place = Build::default().motors[0].place;
    let foam_c = |duty: f64| {
        let mut plant = plant(&Build::default(), &conditions);
        let drive = Drive {
            motor_duty: [duty, 0.0],
            ..Drive::default()
        };
        for _ in 0..60_000 {
            plant.tick(&drive, &conditions);
        }
        plant.field().foam_mean_c(place)
    };
    let warmer_k = foam_c(0.8) - foam_c(0.0);
    assert!((0.5..20.0).contains(&warmer_k), "{warmer_k} K");
}

#[test]
fn folded_nodes_do_half_the_work_per_turn() {
    let conditions = Conditions::default();
    let work_j_per_rad = |duty: f64| {
        let mut plant = plant(&column(), &conditions);
        let drive = Drive {
            motor_duty: [duty, 0.0],
            ..Drive::default()
        };
        let out = |plant: &Plant| {
            let energy = plant.energy();
            assert!(energy.residual_relative < 1e-9, "{energy:?}");
            (
                plant.circuit_ledger().body_work_j,
                plant.motor(0).output_angle_rad,
            )
        };
        for _ in 0..500 {
            plant.tick(&drive, &conditions);
        }
        let (before_j, before_rad) = out(&plant);
        for _ in 0..6_000 {
            plant.tick(&drive, &conditions);
        }
        let (after_j, after_rad) = out(&plant);
        (after_j - before_j) / (after_rad - before_rad).abs()
    };
    let (pressing_nm, folded_nm) = (work_j_per_rad(0.6), work_j_per_rad(-0.6));
    assert!((pressing_nm - 0.5).abs() < 0.02, "{pressing_nm} Nm");
    assert!((folded_nm - 0.25).abs() < 0.02, "{folded_nm} Nm");
}

#[test]
fn the_work_of_the_nodes_becomes_heat_of_the_pad_and_stays_in_the_balance() {
    let drive = Drive {
        motor_duty: [0.5, 0.0],
        ..Drive::default()
    };
    // 0.5 Nm at some 30 turns a minute; a sheared pin leaves none of it.
    for (name, nodes_parked, heat_w) in [("kneading", 0.0, 1.0..2.5), ("sheared", 1.0, 0.0..0.01)] {
        let conditions = Conditions {
            nodes_parked,
            ..Conditions::default()
        };
        let mut plant = plant(&Build::default(), &conditions);
        for _ in 0..60_000 {
            plant.tick(&drive, &conditions);
        }
        let mean_w = plant.field().ledger().nodes_j / 600.0;
        assert!(heat_w.contains(&mean_w), "{name}: {mean_w} W");
        let energy = plant.energy();
        assert!(energy.residual_relative < 1e-9, "{name}: {energy:?}");
    }
}

#[test]
fn a_wrong_build_is_refused() {
    let build = Build {
        thermal_step_ticks: 0,
        ..Build::default()
    };
    let error = Plant::new(&build, &Conditions::default()).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "`thermal_step_ticks` is 0, allowed 1 to 100"
    );
}
