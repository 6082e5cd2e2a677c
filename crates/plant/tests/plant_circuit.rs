//! Supply, heaters and motors on one bus: sag, folding, energy, and no input
//! that breaks them.

use kneadsim_plant::circuit::{Circuit, Surroundings};
use kneadsim_plant::{Build, Conditions, Drive, Source};
use proptest::prelude::*;

const AROUND: Surroundings = Surroundings {
    film_c: [45.0; 2],
    foam_c: [30.0; 2],
    cutout_closed: [true; 2],
    nodes_press: 1.0,
};
const ALL_ON: Drive = Drive {
    heater_on: [1.0; 2],
    relay_closed: true,
    motor_duty: [0.6, 0.5],
    logic_on: true,
};
const PACK: Source = Source::Pack {
    capacity_ah: 2.6,
    resistance_ohm: 0.12,
    charge: 0.9,
    heat_j_per_k: 150.0,
    to_ambient_k_per_w: 8.0,
};

fn build(source: Source) -> Build {
    let mut build = Build::default();
    build.supply.source = source;
    build
}

fn stiff(emf_v: f64) -> Source {
    Source::Adapter {
        emf_v,
        resistance_ohm: 0.001,
        limit_a: 100.0,
    }
}

fn adapter() -> Source {
    Build::default().supply.source
}

#[test]
fn the_bus_is_where_source_and_loads_agree() {
    let stalled = Conditions {
        rotor_locked: [1.0, 0.0],
        ..Conditions::default()
    };
    let unplugged = Conditions {
        supply_connected: 0.0,
        ..Conditions::default()
    };
    let wrong = Conditions {
        supply_extra_v: 12.0,
        ..Conditions::default()
    };
    let worn = Conditions {
        supply_extra_ohm: 1000.0,
        ..Conditions::default()
    };
    let normal = Conditions::default();
    let heat = Drive {
        motor_duty: [0.0; 2],
        logic_on: false,
        ..ALL_ON
    };
    let stall = Drive {
        heater_on: [0.0; 2],
        motor_duty: [1.0, 0.0],
        logic_on: false,
        ..ALL_ON
    };
    let logic = Drive {
        logic_on: true,
        ..Drive::default()
    };
    // 24 W on 6 ohm behind 0.15 ohm.
    let sag_v = 12.0 * 6.0 / 6.15;
    // Cold winding on the fold line: 12 - 0.15 I - 10 (I - 3.6) = 12/9.2 I, winding at 23 degC.
    let winding_ohm = 12.0 / 9.2 * (1.0 - 2.0 * 0.00393);
    let fold_a = 48.0 / (10.15 + winding_ohm);
    let rows = [
        ("no load", adapter(), normal, Drive::default(), 12.0, 0.0),
        ("both heaters", adapter(), normal, heat, sag_v, sag_v / 6.0),
        (
            "24 V adapter folds",
            adapter(),
            wrong,
            heat,
            60.0 * 6.0 / 16.15,
            60.0 / 16.15,
        ),
        (
            "stall on a stiff supply",
            stiff(12.0),
            normal_locked(),
            stall,
            12.0,
            12.0 / winding_ohm,
        ),
        (
            "stall folds the adapter",
            adapter(),
            stalled,
            stall,
            fold_a * winding_ohm,
            fold_a,
        ),
        ("unplugged", adapter(), unplugged, ALL_ON, 0.0, 0.0),
        (
            "worn plug starves the logic",
            adapter(),
            worn,
            logic,
            12.0 / 11.0015,
            0.01 * 12.0 / 11.0015,
        ),
    ];
    for (name, source, conditions, drive, bus_v, source_a) in rows {
        let mut circuit = Circuit::new(&build(source), &conditions);
        for _ in 0..2 {
            circuit.tick(&drive, &conditions, &AROUND);
        }
        let got = circuit.electrical();
        assert!(
            (got.bus_v - bus_v).abs() < 0.02,
            "{name}: {} V, not {bus_v}",
            got.bus_v
        );
        assert!(
            (got.source_a - source_a).abs() < 0.02,
            "{name}: {} A, not {source_a}",
            got.source_a
        );
    }
}

fn normal_locked() -> Conditions {
    Conditions {
        rotor_locked: [1.0, 0.0],
        ..Conditions::default()
    }
}

#[test]
fn a_heater_needs_relay_and_cutout_and_switch() {
    let open = Surroundings {
        cutout_closed: [false, true],
        ..AROUND
    };
    let rows = [
        ("all closed", true, AROUND, [1.0, 1.0], [true, true]),
        ("relay open", false, AROUND, [1.0, 1.0], [false, false]),
        ("upper cut-out open", true, open, [1.0, 1.0], [false, true]),
        ("lower MOSFET off", true, AROUND, [1.0, 0.0], [true, false]),
        (
            "not a number is off",
            true,
            AROUND,
            [f64::NAN, 1.0],
            [false, true],
        ),
    ];
    for (name, relay_closed, around, heater_on, warm) in rows {
        let drive = Drive {
            heater_on,
            relay_closed,
            ..Drive::default()
        };
        let conditions = Conditions::default();
        let mut circuit = Circuit::new(&Build::default(), &conditions);
        let heat = circuit.tick(&drive, &conditions, &around);
        assert_eq!(heat.film_j.map(|joules| joules > 0.1), warm, "{name}");
        assert_eq!(
            circuit.electrical().heater_w.map(|watts| watts > 10.0),
            warm,
            "{name}"
        );
    }
}

#[test]
fn a_pack_runs_empty_warms_and_switches_off() {
    let conditions = Conditions::default();
    let source = Source::Pack {
        capacity_ah: 0.5,
        resistance_ohm: 0.12,
        charge: 0.5,
        heat_j_per_k: 150.0,
        to_ambient_k_per_w: 8.0,
    };
    let mut circuit = Circuit::new(&build(source), &conditions);
    let (mut warmest_c, mut empty_s) = (0.0_f64, f64::INFINITY);
    for tick in 0..60_000 {
        circuit.tick(&ALL_ON, &conditions, &AROUND);
        warmest_c = warmest_c.max(circuit.electrical().pack_c);
        if circuit.electrical().charge == 0.0 && empty_s.is_infinite() {
            empty_s = f64::from(tick) * 0.01;
        }
    }
    // 0.25 Ah at 2.1 to 2.6 A.
    assert!((346.0..428.0).contains(&empty_s), "{empty_s} s");
    assert!((23.5..30.0).contains(&warmest_c), "{warmest_c} degC");
    assert_eq!(circuit.electrical().bus_v, 0.0);
}

#[test]
fn a_worn_plug_heats_the_air_and_not_the_pack() {
    let warmed_k = |extra_ohm: f64| {
        let conditions = Conditions {
            supply_extra_ohm: extra_ohm,
            ..Conditions::default()
        };
        let mut circuit = Circuit::new(&build(PACK), &conditions);
        for _ in 0..6_000 {
            circuit.tick(&ALL_ON, &conditions, &AROUND);
        }
        circuit.electrical().pack_c - conditions.ambient_c
    };
    let (sound_k, worn_k) = (warmed_k(0.0), warmed_k(0.5));
    // Less current through the same 0.12 ohm.
    assert!(sound_k > 0.1, "{sound_k}");
    assert!(worn_k < sound_k, "{worn_k} K against {sound_k} K");
}

#[test]
fn a_sheared_pin_unloads_the_motor() {
    let drive = Drive {
        motor_duty: [1.0, 0.0],
        ..Drive::default()
    };
    let work_j = |nodes_parked: f64| {
        let conditions = Conditions {
            nodes_parked,
            ..Conditions::default()
        };
        let mut circuit = Circuit::new(&build(adapter()), &conditions);
        for _ in 0..1_000 {
            circuit.tick(&drive, &conditions, &AROUND);
        }
        circuit.ledger().body_work_j
    };
    assert!(work_j(0.0) > 10.0);
    assert_eq!(work_j(1.0), 0.0);
}

#[test]
fn a_weak_source_never_goes_below_zero_volts() {
    let mut conditions = Conditions::default();
    let mut circuit = Circuit::new(&build(adapter()), &conditions);
    let drive = Drive {
        motor_duty: [1.0, 1.0],
        ..Drive::default()
    };
    for _ in 0..50 {
        circuit.tick(&drive, &conditions, &AROUND);
    }
    // The windings' current is more than 12 mA: their diodes carry it.
    conditions.supply_extra_ohm = 1000.0;
    let mut lowest_v = f64::INFINITY;
    for _ in 0..50 {
        circuit.tick(&drive, &conditions, &AROUND);
        lowest_v = lowest_v.min(circuit.electrical().bus_v);
    }
    assert!((0.0..0.1).contains(&lowest_v), "{lowest_v} V");
}

/// What is left of the circuit's balance after `ticks` of `script`, as a share
/// of what was put in.
fn residual(
    build: &Build,
    ticks: u32,
    mut script: impl FnMut(u32, &mut Drive, &mut Conditions),
) -> f64 {
    let mut conditions = Conditions::default();
    let mut circuit = Circuit::new(build, &conditions);
    let start_j = circuit.stored_j();
    let mut pad_j = 0.0;
    let mut drive = Drive::default();
    for tick in 0..ticks {
        script(tick, &mut drive, &mut conditions);
        let heat = circuit.tick(&drive, &conditions, &AROUND);
        pad_j += heat.film_j.iter().sum::<f64>() + heat.foam_j.iter().sum::<f64>();
    }
    let ledger = circuit.ledger();
    let put_in_j = ledger.put_in_j();
    let residual_j = put_in_j - ledger.out_j() - pad_j - (circuit.stored_j() - start_j);
    residual_j.abs() / put_in_j.max(1.0)
}

#[test]
fn energy_closes_over_half_an_hour_of_everything() {
    for (name, source) in [
        ("adapter", adapter()),
        ("pack", PACK),
        ("stiff", stiff(12.0)),
    ] {
        let share = residual(&build(source), 180_000, |tick, drive, conditions| {
            let second = tick / 100;
            *drive = ALL_ON;
            drive.motor_duty[0] = if second % 20 < 10 { 0.7 } else { -0.9 };
            drive.heater_on = [f64::from(tick % 11) / 10.0, 1.0];
            conditions.rotor_locked[0] = if second % 61 < 3 { 1.0 } else { 0.0 };
            conditions.supply_extra_v = if second % 97 < 5 { 12.0 } else { 0.0 };
            conditions.supply_connected = if second % 301 < 2 { 0.0 } else { 1.0 };
            conditions.pack_heat_w = if second > 1500 { 5.0 } else { 0.0 };
            conditions.load_scale[0] = if second > 1200 { 1.5 } else { 1.0 };
        });
        assert!(share < 1e-10, "{name}: {share}");
    }
}

#[test]
fn a_copy_goes_on_exactly_as_the_original() {
    let conditions = Conditions::default();
    let mut circuit = Circuit::new(&Build::default(), &conditions);
    for _ in 0..333 {
        circuit.tick(&ALL_ON, &conditions, &AROUND);
    }
    let mut copy = circuit.clone();
    for _ in 0..333 {
        assert_eq!(
            circuit.tick(&ALL_ON, &conditions, &AROUND),
            copy.tick(&ALL_ON, &conditions, &AROUND)
        );
        assert_eq!(circuit.electrical(), copy.electrical());
        assert_eq!(circuit.motor(0), copy.motor(0));
    }
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -1.5..1.5_f64,
        1 => Just(0.0),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(-1e300),
    ]
}

prop_compose! {
    fn any_drive()(
        heater_on in [any_number(), any_number()],
        relay_closed: bool,
        motor_duty in [any_number(), any_number()],
        logic_on: bool,
    ) -> Drive {
        Drive { heater_on, relay_closed, motor_duty, logic_on }
    }
}

prop_compose! {
    fn any_fault()(
        locked in 0.0..1.0_f64,
        connected in 0.0..4.0_f64,
        extra_v in -30.0..30.0_f64,
        extra_ohm in prop_oneof![Just(0.0), 0.0..1000.0_f64],
        short in 0.0..0.95_f64,
        load_scale in 0.0..20.0_f64,
        parked in 0.0..1.0_f64,
    ) -> Conditions {
        Conditions {
            rotor_locked: [locked; 2],
            supply_connected: connected.min(1.0),
            supply_extra_v: extra_v,
            supply_extra_ohm: extra_ohm,
            film_short: [short; 2],
            load_scale: [load_scale; 2],
            nodes_parked: parked,
            ..Conditions::default()
        }
    }
}

proptest! {
    #[test]
    fn no_drive_and_no_fault_breaks_the_circuit(
        pack: bool,
        script in prop::collection::vec((any_drive(), any_fault(), 1..20_u32), 1..12),
    ) {
        let build = build(if pack { PACK } else { adapter() });
        let mut circuit = Circuit::new(&build, &Conditions::default());
        let start_j = circuit.stored_j();
        let mut pad_j = 0.0;
        for (drive, conditions, ticks) in &script {
            for _ in 0..*ticks {
                let heat = circuit.tick(drive, conditions, &AROUND);
                pad_j += heat.film_j.iter().sum::<f64>() + heat.foam_j.iter().sum::<f64>();
                let got = *circuit.electrical();
                prop_assert!((0.0..=60.0).contains(&got.bus_v), "{:?}", got);
                prop_assert!(got.source_a >= 0.0 && got.source_a < 1000.0, "{:?}", got);
                for zone in 0..2 {
                    prop_assert!(got.heater_w[zone] >= 0.0, "{:?}", got);
                    prop_assert!(got.motor_a[zone] >= 0.0 && got.motor_w[zone] >= 0.0, "{:?}", got);
                    let motor = circuit.motor(zone);
                    prop_assert!(motor.current_a.abs() < 100.0, "{:?}", motor);
                    prop_assert!(motor.speed_rad_s.abs() < 5000.0, "{:?}", motor);
                    prop_assert!(motor.winding_c > 0.0 && motor.winding_c < 1000.0, "{:?}", motor);
                }
            }
        }
        let ledger = circuit.ledger();
        let residual_j =
            ledger.put_in_j() - ledger.out_j() - pad_j - (circuit.stored_j() - start_j);
        prop_assert!(residual_j.abs() <= 1e-9 * ledger.put_in_j().max(1.0), "{}", residual_j);
    }
}
