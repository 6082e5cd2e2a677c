//! The core without its own protection: nothing acts on a fault, all else goes on as it did.

mod stand_in;

use kneadsim_firmware::io::{Mode, Outputs};
use kneadsim_firmware::{BitTarget, FaultCode, State, TaskMask, step_unprotected};
use stand_in::Unit;

fn tick(unit: &mut Unit) {
    let inputs = unit.inputs();
    unit.out = step_unprotected(&mut unit.state, &inputs, TaskMask::NONE);
    unit.surroundings();
}

fn run_s(unit: &mut Unit, seconds: u32) {
    (0..seconds * 100).for_each(|_| tick(unit));
}

/// In a session, the film in its band.
fn holding() -> Unit {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    unit.run_s(200.0);
    assert_eq!(unit.mode(), Mode::Holding);
    unit
}

fn drive(out: &Outputs) -> ([u16; 2], bool, [i16; 2], Mode, bool) {
    (
        out.heater_duty,
        out.relay_closed,
        out.motor_duty,
        out.status.mode,
        out.watchdog_kick,
    )
}

#[test]
fn a_sound_unit_does_the_same_with_and_without_protection_through_a_whole_session() {
    let mut with = Unit::at(23.0);
    with.buttons = kneadsim_firmware::io::button::POWER;
    let mut without = with.clone();
    let mut heated = 0;
    for n in 0..130_000 {
        if n == 10 {
            with.buttons = 0;
            without.buttons = 0;
        }
        with.tick();
        tick(&mut without);
        assert_eq!(drive(&with.out), drive(&without.out), "tick {n}");
        heated += u32::from(with.out.relay_closed);
    }
    assert!(heated > 110_000, "{heated}");
    assert_eq!(with.mode(), Mode::Cooling);
}

#[test]
fn what_latches_a_protected_unit_leaves_an_unprotected_one_in_its_session() {
    type Break = fn(&mut Unit);
    let rows: [(&str, Break); 13] = [
        ("open thermistor", |u| u.zones[0].forced_counts = Some(4095)),
        ("shorted thermistor", |u| u.zones[1].forced_counts = Some(0)),
        ("stuck code", |u| u.zones[0].forced_counts = Some(1_250)),
        ("jump", |u| u.zones[0].offset_k = 2.5),
        ("detached", |u| u.zones[0].detached_c = Some(23.0)),
        ("hot film", |u| u.zones[1].film_c = 60.0),
        ("MOSFET shorted", |u| u.zones[0].mosfet_leak = 1.0),
        ("film cracked", |u| u.zones[0].resistance_ohm = 20.0),
        ("reference off", |u| u.reference_error = 0.1),
        ("clock off", |u| u.rtc_rate = 2.0),
        ("24 V", |u| u.open_circuit_v = 24.0),
        ("pack hot", |u| u.pack_counts = 400),
        ("rotor locked", |u| u.motor.locked = true),
    ];
    let sound = holding();
    for (what, spoil) in rows {
        let mut with = sound.clone();
        spoil(&mut with);
        let mut without = with.clone();
        with.run_s(40.0);
        run_s(&mut without, 40);
        assert_eq!(with.mode(), Mode::Latched, "{what}");
        assert!(with.all_off(), "{what}");
        let running = matches!(without.mode(), Mode::Holding | Mode::Warming);
        assert!(running && without.out.relay_closed, "{what}");
        assert_eq!(without.fault(), FaultCode::None, "{what}");
    }
}

#[test]
fn an_open_thermistor_is_taken_for_a_cold_film_and_heated() {
    let mut unit = holding();
    unit.zones[0].forced_counts = Some(4095);
    run_s(&mut unit, 60);
    assert!(unit.zones[0].film_c > 55.0, "{}", unit.zones[0].film_c);
    assert!(unit.out.heater_duty[0] > 7_000, "{:?}", unit.out);
}

#[test]
fn a_shorted_thermistor_is_taken_for_a_hot_film() {
    let mut unit = holding();
    unit.zones[0].forced_counts = Some(0);
    run_s(&mut unit, 2);
    let [shorted_centi_c, other_centi_c] = unit.out.telemetry.film_centi_c;
    // Hotter than the 100 degC from which a protected core calls it a short.
    assert!(shorted_centi_c > 10_000, "{shorted_centi_c}");
    assert!((4_000..4_600).contains(&other_centi_c), "{other_centi_c}");
    assert_eq!(unit.out.heater_duty[0], 0);
    assert_eq!(unit.mode(), Mode::Holding);
}

#[test]
fn a_self_test_that_fails_starts_the_session_all_the_same() {
    let mut with = Unit::at(23.0);
    with.relay_welded = true;
    let mut without = with.clone();
    with.start(0);
    assert_eq!(with.fault(), FaultCode::RelayWelded);
    run_s(&mut without, 1);
    without.buttons = kneadsim_firmware::io::button::POWER;
    run_s(&mut without, 1);
    assert_eq!(without.mode(), Mode::Warming);
}

#[test]
fn a_locked_rotor_is_driven_on_and_a_flipped_bit_is_believed() {
    let mut unit = holding();
    unit.motor.locked = true;
    run_s(&mut unit, 5);
    // Not in the program's own pauses, where a turning rotor is not driven either.
    let mut turning = holding();
    run_s(&mut turning, 5);
    let driven = |unit: &mut Unit| {
        let ticks = (0..6_000).filter(|_| {
            tick(unit);
            unit.out.motor_duty[0] != 0
        });
        ticks.count()
    };
    let (locked, free) = (driven(&mut unit), driven(&mut turning));
    assert!(free > 4_000 && locked + 100 > free, "{locked} of {free}");

    let mut unit = holding();
    let before_c = unit.out.telemetry.setpoint_centi_c[0];
    // A bit of the mantissa: 45 becomes 41.
    unit.state.flip_bit(BitTarget::Setpoint, 20);
    for _ in 0..11 {
        tick(&mut unit);
    }
    let after_c = unit.out.telemetry.setpoint_centi_c[0];
    assert!(before_c - after_c > 300, "{before_c} {after_c}");
}

#[test]
fn a_kept_latch_or_a_damaged_record_does_not_outlive_the_boot() {
    let mut latched = holding();
    latched.zones[0].forced_counts = Some(4095);
    latched.run_s(1.0);
    let record = latched.out.record;
    assert_ne!(record.fault, 0);
    for check in [record.check, record.check ^ 1] {
        let mut unit = Unit::at(23.0);
        let kept = kneadsim_firmware::Record { check, ..record };
        unit.state = State::boot(&unit.config, kneadsim_firmware::ResetCause::External, kept);
        assert_eq!(unit.state.mode(), Mode::Latched);
        tick(&mut unit);
        assert_ne!(unit.mode(), Mode::Latched);
    }
}
