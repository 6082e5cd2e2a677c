//! Every fault at the pins, what it latches as, and how soon.

mod stand_in;

use kneadsim_firmware::io::{FaultCode, Mode, ResetCause, button};
use kneadsim_firmware::{BitTarget, Record, State};
use stand_in::Unit;

/// Which part of a session the fault strikes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum When {
    /// Before power is pressed.
    Off,
    /// Film half warm, full power.
    Warming,
    /// Film in its band.
    Holding,
}

/// Breaks something.
type Inject = fn(&mut Unit);

struct Row {
    name: &'static str,
    when: When,
    inject: Inject,
    within_s: f64,
    code: FaultCode,
}

/// Heater path and other dangers, s.
const HEATER_PATH_S: f64 = 5.0;
/// A sensor that leaves the film as slowly as the film could cool has no fixed
/// budget but that skin stays safe; the film gains 2 K in this time.
const SENSOR_ASTRAY_S: f64 = 12.0;
/// Sensor open or short, s.
const SENSOR_LOST_S: f64 = 0.5;

fn unit_at(when: When) -> Unit {
    let mut unit = Unit::at(23.0);
    match when {
        When::Off => unit.run_s(1.0),
        When::Warming => {
            unit.start(0);
            unit.run_s(20.0);
            assert_eq!(unit.mode(), Mode::Warming);
        }
        When::Holding => {
            unit.start(0);
            unit.run_s(180.0);
            assert_eq!(unit.mode(), Mode::Holding);
        }
    }
    unit
}

const ROWS: &[Row] = &[
    Row {
        name: "an open sensor",
        when: When::Holding,
        inject: |u| u.zones[0].forced_counts = Some(4095),
        within_s: SENSOR_LOST_S,
        code: FaultCode::NtcOpen,
    },
    Row {
        name: "an open sensor while off",
        when: When::Off,
        inject: |u| u.zones[1].forced_counts = Some(4095),
        within_s: SENSOR_LOST_S,
        code: FaultCode::NtcOpen,
    },
    Row {
        name: "a shorted sensor",
        when: When::Warming,
        inject: |u| u.zones[1].forced_counts = Some(0),
        within_s: SENSOR_LOST_S,
        code: FaultCode::NtcShort,
    },
    Row {
        name: "a stuck code",
        when: When::Holding,
        inject: |u| u.zones[0].forced_counts = Some(1241),
        within_s: HEATER_PATH_S,
        code: FaultCode::NtcStuck,
    },
    Row {
        name: "a reading 2 K lower at once",
        when: When::Holding,
        inject: |u| u.zones[0].offset_k = -2.0,
        within_s: HEATER_PATH_S,
        code: FaultCode::NtcJump,
    },
    Row {
        name: "a reading 5 K lower at once",
        when: When::Warming,
        inject: |u| u.zones[1].offset_k = -5.0,
        within_s: HEATER_PATH_S,
        code: FaultCode::NtcJump,
    },
    Row {
        name: "a sensor fallen into the air, quick",
        when: When::Holding,
        inject: |u| {
            u.zones[0].detached_c = Some(25.0);
            u.zones[0].sensor_lag_s = 20.0
        },
        within_s: HEATER_PATH_S,
        code: FaultCode::NoRise,
    },
    Row {
        name: "a sensor fallen into the air while warming",
        when: When::Warming,
        inject: |u| {
            u.zones[0].detached_c = Some(23.0);
            u.zones[0].sensor_lag_s = 40.0
        },
        within_s: HEATER_PATH_S,
        code: FaultCode::NoRise,
    },
    Row {
        name: "a sensor fallen into the air, slow",
        when: When::Holding,
        inject: |u| {
            u.zones[1].detached_c = Some(25.0);
            u.zones[1].sensor_lag_s = 60.0
        },
        within_s: SENSOR_ASTRAY_S,
        code: FaultCode::NoRise,
    },
    Row {
        name: "a film above the trip",
        when: When::Holding,
        inject: |u| u.zones[1].film_c = 60.0,
        within_s: HEATER_PATH_S,
        code: FaultCode::OverTemperature,
    },
    Row {
        name: "a shorted MOSFET",
        when: When::Holding,
        inject: |u| u.zones[0].mosfet_leak = 1.0,
        within_s: HEATER_PATH_S,
        code: FaultCode::HeaterCurrentWrong,
    },
    Row {
        name: "a MOSFET that conducts 60 %",
        when: When::Holding,
        inject: |u| u.zones[0].mosfet_leak = 0.6,
        within_s: HEATER_PATH_S,
        code: FaultCode::HeaterCurrentWrong,
    },
    Row {
        name: "a cracked film",
        when: When::Holding,
        inject: |u| u.zones[0].resistance_ohm *= 1.3,
        within_s: HEATER_PATH_S,
        code: FaultCode::HeaterCurrentWrong,
    },
    Row {
        name: "a cracked film at full power",
        when: When::Warming,
        inject: |u| u.zones[1].resistance_ohm *= 1.3,
        within_s: HEATER_PATH_S,
        code: FaultCode::HeaterCurrentWrong,
    },
    Row {
        name: "a film shorted by a fifth",
        when: When::Holding,
        inject: |u| u.zones[1].resistance_ohm *= 0.8,
        within_s: HEATER_PATH_S,
        code: FaultCode::HeaterCurrentWrong,
    },
    Row {
        name: "a zone without current while cold",
        when: When::Warming,
        inject: |u| u.zones[1].cutout_open = true,
        within_s: HEATER_PATH_S,
        code: FaultCode::HeaterCurrentWrong,
    },
    Row {
        name: "both zones without current",
        when: When::Holding,
        inject: |u| {
            u.zones[0].cutout_open = true;
            u.zones[1].cutout_open = true
        },
        within_s: HEATER_PATH_S,
        code: FaultCode::HeaterCurrentWrong,
    },
    Row {
        name: "a reference 10 % low",
        when: When::Holding,
        inject: |u| u.reference_error = -0.1,
        within_s: SENSOR_LOST_S,
        code: FaultCode::AdcReference,
    },
    Row {
        name: "a reference 10 % high",
        when: When::Off,
        inject: |u| u.reference_error = 0.1,
        within_s: SENSOR_LOST_S,
        code: FaultCode::AdcReference,
    },
    Row {
        name: "a chip clock at double speed",
        when: When::Holding,
        inject: |u| u.rtc_rate = 0.5,
        within_s: 1.0,
        code: FaultCode::Clock,
    },
    Row {
        name: "a chip clock at half speed",
        when: When::Off,
        inject: |u| u.rtc_rate = 2.0,
        within_s: 1.0,
        code: FaultCode::Clock,
    },
    Row {
        name: "a 24 V adapter",
        when: When::Off,
        inject: |u| u.open_circuit_v = 24.0,
        within_s: 0.2,
        code: FaultCode::SupplyHigh,
    },
    Row {
        name: "a broken supply sense",
        when: When::Holding,
        inject: |u| u.open_circuit_v = 2.0,
        within_s: 3.0,
        code: FaultCode::SupplyLow,
    },
    Row {
        name: "a hot battery pack",
        when: When::Holding,
        inject: |u| u.pack_counts = 900,
        within_s: 2.0,
        code: FaultCode::PackHot,
    },
    Row {
        name: "an unreadable battery pack sensor",
        when: When::Holding,
        inject: |u| u.pack_counts = 4095,
        within_s: 2.0,
        code: FaultCode::PackHot,
    },
    Row {
        name: "a lost encoder",
        when: When::Holding,
        inject: |u| u.motor.encoder_works = false,
        within_s: 2.0,
        code: FaultCode::EncoderLost,
    },
    Row {
        name: "a motor driver always on in a session",
        when: When::Holding,
        inject: |u| u.motor.always_on = true,
        within_s: 2.0,
        code: FaultCode::MotorCurrentWrong,
    },
    Row {
        name: "a motor driver always on while off",
        when: When::Off,
        inject: |u| u.motor.always_on = true,
        within_s: 2.0,
        code: FaultCode::MotorCurrentWrong,
    },
    Row {
        name: "a vibration driver always on",
        when: When::Holding,
        inject: |u| u.vibration_always_on = true,
        within_s: 2.0,
        code: FaultCode::MotorCurrentWrong,
    },
    Row {
        name: "a broken motor wire",
        when: When::Holding,
        inject: |u| u.motor.wire_broken = true,
        within_s: 2.0,
        code: FaultCode::MotorCurrentWrong,
    },
    Row {
        name: "a flipped bit in the set-point",
        when: When::Holding,
        inject: |u| u.state.flip_bit(BitTarget::Setpoint, 20),
        within_s: 0.02,
        code: FaultCode::MemoryCorrupt,
    },
    Row {
        name: "a flipped bit in the session timer",
        when: When::Warming,
        inject: |u| u.state.flip_bit(BitTarget::SessionTimer, 50),
        within_s: 0.02,
        code: FaultCode::MemoryCorrupt,
    },
    Row {
        name: "a flipped bit in the latch while off",
        when: When::Off,
        inject: |u| u.state.flip_bit(BitTarget::Latch, 3),
        within_s: 0.02,
        code: FaultCode::MemoryCorrupt,
    },
    Row {
        name: "a flipped bit in the dose",
        when: When::Holding,
        inject: |u| u.state.flip_bit(BitTarget::DoseEstimate, 31),
        within_s: 0.02,
        code: FaultCode::MemoryCorrupt,
    },
    Row {
        name: "a flipped bit in the use",
        when: When::Off,
        inject: |u| u.state.flip_bit(BitTarget::Use, 0),
        within_s: 0.02,
        code: FaultCode::MemoryCorrupt,
    },
    Row {
        name: "an invalid configuration",
        when: When::Holding,
        inject: |u| u.config.heat_target_c = f32::NAN,
        within_s: 0.02,
        code: FaultCode::Internal,
    },
];

#[test]
fn every_fault_latches_by_its_name_in_time_and_switches_everything_off() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let mut unit = unit_at(row.when);
        (row.inject)(&mut unit);
        let from_s = unit.time_s;
        while unit.mode() != Mode::Latched && unit.time_s - from_s < 60.0 {
            unit.tick();
        }
        let took_s = unit.time_s - from_s;
        println!(
            "{:45} {:?}: {:?} after {took_s:.2} s",
            row.name,
            row.when,
            unit.fault()
        );
        if unit.fault() != row.code || took_s > row.within_s || !unit.all_off() {
            wrong.push(format!(
                "{} ({:?}): {:?} after {took_s:.2} s",
                row.name,
                row.when,
                unit.fault()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_intermittent_sensor_latches_at_its_first_break() {
    let mut unit = unit_at(When::Holding);
    let from_s = unit.time_s;
    while unit.mode() != Mode::Latched {
        unit.zones[0].forced_counts = ((unit.time_s - from_s) % 1.0 < 0.5).then_some(4095);
        unit.tick();
        assert!(unit.time_s - from_s < SENSOR_LOST_S);
    }
    assert_eq!(unit.fault(), FaultCode::NtcOpen);
}

#[test]
fn faults_of_the_switch_off_path_are_found_before_any_heat() {
    let rows: [(&str, Inject, FaultCode); 7] = [
        (
            "relay welded",
            |u| u.relay_welded = true,
            FaultCode::RelayWelded,
        ),
        (
            "MOSFET shorted",
            |u| u.zones[1].mosfet_leak = 1.0,
            FaultCode::MosfetShorted,
        ),
        (
            "MOSFET half on",
            |u| u.zones[0].mosfet_leak = 0.3,
            FaultCode::MosfetShorted,
        ),
        (
            "heater 20 % high",
            |u| u.zones[0].resistance_ohm *= 1.2,
            FaultCode::HeaterResistance,
        ),
        (
            "heater 20 % low",
            |u| u.zones[1].resistance_ohm *= 0.8,
            FaultCode::HeaterResistance,
        ),
        (
            "cold zone without current",
            |u| u.zones[1].cutout_open = true,
            FaultCode::HeaterResistance,
        ),
        (
            "one sensor 5 K off",
            |u| u.zones[0].offset_k = -5.0,
            FaultCode::ZonesDisagree,
        ),
    ];
    for (name, inject, code) in rows {
        let mut unit = Unit::at(23.0);
        inject(&mut unit);
        if code == FaultCode::ZonesDisagree {
            unit.zones[0].ntc_c = 23.0;
        }
        unit.start(0);
        assert_eq!(unit.fault(), code, "{name}");
        assert!(unit.zones.iter().all(|z| z.film_c < 24.0), "{name}");
    }
}

#[test]
fn the_24_v_adapter_never_gets_the_relay_closed() {
    let mut unit = Unit::at(23.0);
    unit.open_circuit_v = 24.0;
    unit.supply_v = 24.0;
    unit.buttons = button::POWER;
    for _ in 0..100 {
        unit.tick();
        assert!(!unit.out.relay_closed);
    }
    assert_eq!(unit.fault(), FaultCode::SupplyHigh);
}

#[test]
fn a_film_that_warms_undriven_latches() {
    let mut unit = Unit::at(23.0);
    for zone in &mut unit.zones {
        (zone.film_c, zone.ntc_c) = (44.0, 44.0);
    }
    let from_s = unit.time_s;
    while unit.mode() != Mode::Latched {
        for zone in &mut unit.zones {
            zone.film_c = 44.0 + 0.1 * (unit.time_s - from_s);
        }
        unit.tick();
        assert!(unit.time_s - from_s < 40.0);
    }
    assert_eq!(unit.fault(), FaultCode::RiseWhenOff);
}

#[test]
fn current_with_nothing_driven_latches_while_heat_is_not_asked_for() {
    let mut unit = Unit::at(23.0);
    for _ in 0..3 {
        unit.press(button::HEAT);
    }
    unit.start(0);
    assert_eq!(unit.mode(), Mode::Holding);
    unit.relay_welded = true;
    unit.zones[0].mosfet_leak = 0.5;
    assert!(unit.seconds_to_latch(HEATER_PATH_S) < 0.3);
    assert_eq!(unit.fault(), FaultCode::HeaterCurrentWhenOff);
}

#[test]
fn zones_that_drift_apart_in_a_session_latch() {
    let mut unit = unit_at(When::Holding);
    let from_s = unit.time_s;
    while unit.mode() != Mode::Latched {
        // Slow enough for every other check: 0.04 K/s upwards would be a film left without losses.
        unit.zones[0].offset_k = -0.1 * (unit.time_s - from_s);
        unit.zones[0].film_c = unit.zones[0].film_c.min(45.0);
        unit.tick();
        assert!(unit.time_s - from_s < 200.0);
    }
    assert!(
        matches!(unit.fault(), FaultCode::ZonesDisagree | FaultCode::NoRise),
        "{:?}",
        unit.fault()
    );
}

#[test]
fn a_cut_out_that_opens_hot_rests_its_zone_and_cycling_latches() {
    let mut unit = unit_at(When::Holding);
    unit.zones[0].cutout_open = true;
    unit.run_s(10.0);
    assert_eq!(unit.mode(), Mode::Holding);
    assert!(unit.zones[1].film_c > 43.0);
    for _ in 0..2 {
        unit.zones[0].cutout_open = false;
        unit.run_s(60.0);
        assert_ne!(unit.mode(), Mode::Latched, "{:?}", unit.fault());
        unit.zones[0].cutout_open = true;
        unit.run_s(10.0);
    }
    assert_eq!(unit.fault(), FaultCode::HeaterCurrentWrong);
}

#[test]
fn a_blocked_rotor_loses_power_within_half_a_second_each_time_and_then_latches() {
    let mut unit = unit_at(When::Holding);
    unit.run_s(5.0);
    unit.motor.locked = true;
    let from_s = unit.time_s;
    while unit.out.motor_duty[0] != 0 {
        unit.tick();
    }
    let cut_s = unit.time_s - from_s;
    assert!(cut_s < 0.5, "cut after {cut_s:.2} s");
    let (mut driven_s, mut longest_s, mut tries) = (0.0f64, 0.0f64, 0);
    while unit.mode() != Mode::Latched {
        unit.tick();
        if unit.out.motor_duty[0] != 0 {
            tries += usize::from(driven_s == 0.0);
            driven_s += 0.01;
            longest_s = longest_s.max(driven_s);
        } else {
            driven_s = 0.0;
        }
        assert!(unit.time_s - from_s < 30.0);
    }
    println!("stall: cut after {cut_s:.2} s, longest drive {longest_s:.2} s, {tries} tries");
    assert_eq!(unit.fault(), FaultCode::MotorStall);
    assert_eq!(tries, 3, "three retries");
    assert!(longest_s < 1.0);
}

#[test]
fn a_stall_clears_when_the_rotor_comes_free() {
    let mut unit = unit_at(When::Holding);
    unit.motor.locked = true;
    unit.run_s(2.0);
    unit.motor.locked = false;
    unit.run_s(60.0);
    assert_eq!(unit.mode(), Mode::Holding, "{:?}", unit.fault());
    assert!(unit.node_rpm().abs() > 10.0);
}

#[test]
fn a_blocked_vibration_motor_latches_after_its_retries() {
    let mut unit = Unit::at(23.0);
    unit.vibration_locked = true;
    unit.start(3);
    unit.seconds_to_latch(60.0);
    assert_eq!(unit.fault(), FaultCode::MotorStall);
}

#[test]
fn a_winding_that_gets_hot_rests_and_above_the_limit_latches() {
    let mut unit = unit_at(When::Holding);
    // A worn gear: the rest keeps the estimate below the limit.
    unit.motor.load_nm = 0.036;
    let mut hottest_centi = 0;
    for _ in 0..90_000 {
        unit.tick();
        hottest_centi = hottest_centi.max(unit.out.telemetry.winding_centi_c[0]);
    }
    assert_ne!(unit.mode(), Mode::Latched, "{:?}", unit.fault());
    println!(
        "worn gear: winding estimate at most {} centi-degC",
        hottest_centi
    );
}

#[test]
fn a_blocked_rotor_with_its_driver_on_latches_by_the_winding() {
    let mut unit = unit_at(When::Holding);
    unit.motor.locked = true;
    unit.motor.always_on = true;
    let took_s = unit.seconds_to_latch(1.0);
    println!(
        "blocked and driven on: {:?} after {took_s:.2} s",
        unit.fault()
    );
    assert_eq!(unit.fault(), FaultCode::WindingHot);
}

#[test]
fn a_sensor_slow_from_the_start_latches_before_the_film_is_hot() {
    for lag_s in [40.0, 60.0] {
        let mut unit = Unit::at(23.0);
        for zone in &mut unit.zones {
            zone.sensor_lag_s = lag_s;
        }
        unit.start(0);
        let took_s = unit.seconds_to_latch(60.0);
        println!(
            "lag {lag_s} s: {:?} after {took_s:.1} s, film {:.1} degC",
            unit.fault(),
            unit.zones[0].film_c
        );
        assert_eq!(unit.fault(), FaultCode::NoRise);
        assert!(unit.zones[0].film_c < 43.0);
    }
}

#[test]
fn a_wet_sensor_on_one_zone_is_found_at_the_start_or_leaves_the_film_colder() {
    // 50 kohm across the thermistor reads warmer than it is: never the dangerous side.
    let mut unit = Unit::at(23.0);
    unit.zones[0].b_k = 3950.0;
    unit.zones[0].r25_ohm = 10_000.0 * 50_000.0 / 60_000.0;
    unit.start(0);
    unit.run_s(200.0);
    let found = unit.fault() == FaultCode::ZonesDisagree;
    assert!(
        found || unit.zones[0].film_c < 45.0,
        "{:?} {}",
        unit.fault(),
        unit.zones[0].film_c
    );
}

#[test]
fn a_dose_above_the_limit_latches() {
    let mut record = Record::blank();
    record.dose_centi_min = 3600;
    let mut unit = Unit::at(23.0);
    unit.state = State::boot(&unit.config, ResetCause::PowerOn, record.sealed());
    unit.run_s(0.1);
    assert_eq!(unit.fault(), FaultCode::DoseLimit);
}

#[test]
fn three_watchdog_resets_without_a_quiet_minute_latch() {
    let mut unit = Unit::at(23.0);
    for expected in [FaultCode::None, FaultCode::None, FaultCode::ResetLoop] {
        unit.run_s(5.0);
        unit.reset(ResetCause::Watchdog);
        unit.run_s(0.1);
        assert_eq!(unit.fault(), expected);
    }
    let mut unit = Unit::at(23.0);
    for _ in 0..5 {
        unit.run_s(61.0);
        unit.reset(ResetCause::Watchdog);
    }
    assert_eq!(unit.fault(), FaultCode::None);
}

#[test]
fn a_damaged_record_latches() {
    let mut record = Record::blank();
    record.used_s = 5;
    let mut unit = Unit::at(23.0);
    unit.state = State::boot(&unit.config, ResetCause::PowerOn, record);
    unit.run_s(0.1);
    assert_eq!(unit.fault(), FaultCode::RecordCorrupt);
}

#[test]
fn a_latch_survives_every_reset_and_the_power_button() {
    for cause in [
        ResetCause::PowerOn,
        ResetCause::BrownOut,
        ResetCause::Watchdog,
        ResetCause::External,
    ] {
        let mut unit = unit_at(When::Warming);
        unit.zones[0].forced_counts = Some(4095);
        unit.run_s(1.0);
        unit.zones[0].forced_counts = None;
        unit.reset(cause);
        for _ in 0..20 {
            unit.press(button::POWER);
            assert_eq!(
                (unit.mode(), unit.fault()),
                (Mode::Latched, FaultCode::NtcOpen)
            );
            assert!(unit.all_off());
        }
    }
}

#[test]
fn the_service_gesture_clears_a_latch_only_when_cool_and_the_cause_is_gone() {
    let gesture = button::POWER | button::MODE | button::TIME;
    let mut unit = unit_at(When::Holding);
    unit.zones[0].forced_counts = Some(4095);
    unit.run_s(1.0);
    unit.buttons = gesture;
    unit.run_s(15.0);
    assert_eq!(unit.mode(), Mode::Latched, "the cause is present");
    unit.buttons = 0;
    unit.zones[0].forced_counts = None;
    unit.run_s(1.0);
    unit.buttons = gesture;
    unit.run_s(9.0);
    assert_eq!(unit.mode(), Mode::Latched, "not long enough, or too warm");
    unit.buttons = 0;
    unit.run_s(120.0);
    unit.buttons = gesture;
    unit.run_s(10.5);
    assert_eq!(unit.mode(), Mode::Off);
    unit.run_s(5.0);
    assert_eq!(
        unit.mode(),
        Mode::Off,
        "the held power button starts nothing"
    );
    unit.buttons = 0;
    unit.start(0);
    assert_eq!(unit.mode(), Mode::Warming);
}
