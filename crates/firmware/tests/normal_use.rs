//! Situations that are not dangerous must not trip, and the programs must do what they say.

mod stand_in;

use kneadsim_firmware::io::{FaultCode, Mode, button};
use stand_in::Unit;

/// Runs a whole session, calling `weather` each second; nothing may latch.
fn session(name: &str, mut unit: Unit, modes: usize, weather: impl Fn(&mut Unit, f64)) -> Unit {
    unit.start(modes);
    while unit.time_s < 1_190.0 {
        let second = unit.time_s.floor();
        weather(&mut unit, second);
        unit.run_s(1.0);
        assert_eq!(
            unit.fault(),
            FaultCode::None,
            "{name} at {second} s, film {:.2}",
            unit.zones[0].film_c
        );
    }
    assert!(
        matches!(unit.mode(), Mode::Warming | Mode::Holding),
        "{name}: {:?}",
        unit.mode()
    );
    unit
}

#[test]
fn nothing_that_is_not_dangerous_trips() {
    session("a room of 23 degC", Unit::at(23.0), 0, |_, _| {});
    let cold = session("a room of 5 degC", Unit::at(5.0), 1, |_, _| {});
    assert!(cold.zones[0].film_c > 40.0);
    session(
        "nobody there in a room of 5 degC",
        Unit::at(5.0),
        0,
        |u, _| {
            for zone in &mut u.zones {
                (zone.body_c, zone.pad_body_w_per_k) = (5.0, 0.20);
            }
        },
    );
    session("a room of 40 degC", Unit::at(40.0), 0, |_, _| {});
    let mut weak = Unit::at(23.0);
    (weak.open_circuit_v, weak.source_ohm) = (9.3, 0.12);
    session("a low battery", weak, 0, |_, _| {});
    session("a fan on and off", Unit::at(23.0), 1, |u, s| {
        for zone in &mut u.zones {
            zone.film_room_w_per_k = if (s as u32 / 60).is_multiple_of(2) {
                0.055
            } else {
                0.11
            };
        }
    });
    session("a blanket on and off", Unit::at(23.0), 1, |u, s| {
        for zone in &mut u.zones {
            zone.film_room_w_per_k = if (s as u32 / 90).is_multiple_of(2) {
                0.055
            } else {
                0.015
            };
        }
    });
    session(
        "a user who leaves and comes back cold",
        Unit::at(23.0),
        0,
        |u, s| {
            let away = (s as u32 / 120) % 2 == 1;
            for zone in &mut u.zones {
                (zone.body_c, zone.pad_body_w_per_k) =
                    if away { (23.0, 0.15) } else { (31.0, 0.45) };
            }
        },
    );
    session(
        "kneading that moves the contact",
        Unit::at(23.0),
        0,
        |_, _| {},
    );
    let mut uneven = Unit::at(23.0);
    uneven.zones[0].resistance_ohm = 13.2;
    uneven.zones[1].resistance_ohm = 10.8;
    uneven.zones[1].pad_body_w_per_k = 0.25;
    session(
        "zones of unequal resistance and contact",
        uneven,
        0,
        |_, _| {},
    );
    let mut reference = Unit::at(23.0);
    reference.reference_error = -0.02;
    session("a reference 2 % low", reference, 0, |_, _| {});
    let mut worn = Unit::at(23.0);
    worn.motor.load_nm = 0.022;
    session("a worn gear", worn, 0, |_, _| {});
    session(
        "a supply that dips for a tenth of a second",
        Unit::at(23.0),
        0,
        |u, s| {
            u.open_circuit_v = if (s as u32).is_multiple_of(5) {
                7.5
            } else {
                12.0
            };
            u.run_s(0.1);
            u.open_circuit_v = 12.0;
        },
    );
}

#[test]
fn contact_that_moves_the_film_by_half_a_kelvin_every_two_seconds_does_not_trip() {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    for tick in 0..60_000u32 {
        let phase = f64::from(tick) * 0.01 * std::f64::consts::PI;
        for zone in &mut unit.zones {
            zone.film_c += 0.5 * std::f64::consts::PI * phase.cos() * 0.01;
        }
        unit.tick();
        assert_eq!(unit.fault(), FaultCode::None);
    }
}

#[test]
fn a_second_session_on_a_warm_pad_starts_without_a_trip() {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    unit.run_s(300.0);
    unit.press(button::POWER);
    assert_eq!(unit.mode(), Mode::Off);
    unit.run_s(20.0);
    unit.start(0);
    unit.run_s(300.0);
    assert_eq!(unit.mode(), Mode::Holding, "{:?}", unit.fault());
}

#[test]
fn an_empty_battery_sheds_the_motors_and_then_ends_the_session_in_order() {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    unit.run_s(60.0);
    unit.open_circuit_v = 8.45;
    unit.run_s(5.0);
    assert_eq!(unit.out.motor_duty, [0; 2]);
    assert!(matches!(unit.mode(), Mode::Warming | Mode::Holding));
    unit.open_circuit_v = 7.5;
    unit.run_s(5.0);
    assert_eq!(
        (unit.mode(), unit.fault()),
        (Mode::Cooling, FaultCode::None)
    );
    unit.open_circuit_v = 12.0;
    unit.run_s(61.0);
    assert_eq!(unit.mode(), Mode::Off);
}

#[test]
fn the_self_test_takes_less_than_0_4_s() {
    let mut unit = Unit::at(23.0);
    unit.run_s(0.1);
    unit.buttons = button::POWER;
    while unit.mode() != Mode::SelfTest {
        unit.tick();
    }
    let from_s = unit.time_s;
    while unit.mode() == Mode::SelfTest {
        unit.tick();
    }
    assert_eq!(unit.mode(), Mode::Warming);
    assert!(unit.time_s - from_s < 0.4);
}

#[test]
fn deep_tissue_turns_slowly_forward_and_holds_its_speed() {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    unit.run_s(10.0);
    let mut worst_rpm = 0.0f64;
    for _ in 0..3_000 {
        unit.tick();
        worst_rpm = worst_rpm.max((unit.node_rpm() - 20.0).abs());
    }
    println!("deep tissue: at most {worst_rpm:.2} rpm off");
    assert!(worst_rpm < 1.5, "{worst_rpm}");
}

#[test]
fn swedish_reverses_and_never_drives_against_the_rotation() {
    let mut unit = Unit::at(23.0);
    unit.start(1);
    let (mut fastest, mut slowest, mut reversals, mut last_sign) = (0.0f64, 0.0f64, 0, 0.0f64);
    for _ in 0..6_000 {
        unit.tick();
        let rpm = unit.node_rpm();
        (fastest, slowest) = (fastest.max(rpm), slowest.min(rpm));
        let duty = f64::from(unit.out.motor_duty[0]);
        assert!(duty * rpm > -2.5 * 10_000.0, "duty {duty} at {rpm} rpm");
        if duty != 0.0 && duty.signum() != last_sign {
            reversals += 1;
            last_sign = duty.signum();
        }
    }
    assert!(fastest > 30.0 && slowest < -30.0, "{slowest} to {fastest}");
    assert!(reversals >= 6, "{reversals}");
}

#[test]
fn the_motor_starts_softly() {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    let mut last = 0i32;
    for _ in 0..300 {
        unit.tick();
        let duty = i32::from(unit.out.motor_duty[0]);
        assert!((duty - last).abs() < 800, "{last} to {duty}");
        last = duty;
    }
    assert!(last > 1_500);
}

#[test]
fn heat_and_massage_together_stay_within_a_3_a_adapter() {
    let mut unit = Unit::at(23.0);
    unit.zones[0].resistance_ohm = 10.8;
    unit.zones[1].resistance_ohm = 10.8;
    unit.motor.load_nm = 0.024;
    unit.start(1);
    for _ in 0..6_000 {
        unit.tick();
        let drawn_a = (unit.open_circuit_v - unit.supply_v) / unit.source_ohm;
        assert!(drawn_a < 3.2, "{drawn_a:.2} A at {:.1} s", unit.time_s);
    }
}

#[test]
fn the_set_point_steps_down_over_the_session_and_by_level() {
    let mut unit = Unit::at(23.0);
    unit.config.nodes_rest_drop_k = 0.0;
    unit.press(button::TIME);
    unit.start(4);
    unit.run_s(500.0);
    assert!(
        (unit.zones[0].film_c - 45.0).abs() < 0.6,
        "{}",
        unit.zones[0].film_c
    );
    unit.run_s(300.0);
    assert!(
        (unit.zones[0].film_c - 43.0).abs() < 0.6,
        "{}",
        unit.zones[0].film_c
    );
    unit.run_s(600.0);
    assert!(
        (unit.zones[0].film_c - 41.5).abs() < 0.6,
        "{}",
        unit.zones[0].film_c
    );
    let mut unit = Unit::at(23.0);
    unit.press(button::HEAT);
    unit.press(button::HEAT);
    unit.start(4);
    unit.run_s(300.0);
    assert!(
        (unit.zones[0].film_c - 40.0).abs() < 0.6,
        "{}",
        unit.zones[0].film_c
    );
}

#[test]
fn the_dose_guard_takes_the_set_point_down_before_its_limit() {
    let mut unit = Unit::at(23.0);
    unit.config.setpoint_step1_drop_k = 0.0;
    unit.config.setpoint_step2_drop_k = 0.0;
    unit.config.nodes_rest_drop_k = 0.0;
    unit.press(button::TIME);
    unit.start(4);
    unit.run_s(1_790.0);
    assert_eq!(unit.mode(), Mode::Holding, "{:?}", unit.fault());
    let dose_min = f64::from(unit.out.telemetry.dose_centi_min) / 100.0;
    assert!(dose_min > 18.0 && dose_min < 30.0, "{dose_min}");
    assert!(unit.zones[0].film_c < 43.5, "{}", unit.zones[0].film_c);
}
