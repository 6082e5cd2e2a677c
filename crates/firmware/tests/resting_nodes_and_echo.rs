//! Sensors that lie plausibly are found by their missing echo, nodes that press
//! one spot get less heat, and aborted starts count as use.

mod stand_in;

use kneadsim_firmware::FaultCode;
use kneadsim_firmware::io::{Mode, button};
use stand_in::Unit;

/// Three blocks of 16 s, the begun one, and the fall of the reading.
const ECHO_MISSED_S: f64 = 100.0;

fn holding(modes: usize) -> Unit {
    let mut unit = Unit::at(23.0);
    unit.start(modes);
    unit.run_s(240.0);
    assert_eq!(unit.mode(), Mode::Holding, "{:?}", unit.fault());
    unit
}

#[test]
fn a_sensor_that_does_not_follow_its_heater_latches_however_plausible_it_reads() {
    type Inject = fn(&mut Unit);
    let rows: [(&str, Inject); 3] = [
        ("in air of 42 degC", |u| {
            u.zones[0].detached_c = Some(42.0);
            u.zones[0].sensor_lag_s = 30.0;
        }),
        ("in air of 44 degC", |u| {
            u.zones[1].detached_c = Some(44.0);
            u.zones[1].sensor_lag_s = 60.0;
        }),
        ("come loose while the film is held", |u| {
            u.zones[0].sensor_lag_s = 120.0;
        }),
    ];
    for (name, inject) in rows {
        let mut unit = holding(0);
        inject(&mut unit);
        let took_s = unit.seconds_to_latch(ECHO_MISSED_S);
        println!("{name}: {:?} after {took_s:.1} s", unit.fault());
        assert_eq!(unit.fault(), FaultCode::NoRise, "{name}");
        assert!(unit.all_off(), "{name}");
    }
}

#[test]
fn a_good_sensor_is_heard_over_its_whole_tolerance() {
    for lag_s in [3.0, 5.0, 8.0] {
        let mut unit = Unit::at(23.0);
        for zone in &mut unit.zones {
            zone.sensor_lag_s = lag_s;
        }
        unit.start(0);
        unit.run_s(900.0);
        assert_eq!(unit.mode(), Mode::Holding, "{lag_s}: {:?}", unit.fault());
    }
}

#[test]
fn heat_alone_steps_down_because_the_nodes_press_one_spot() {
    let moving = holding(0);
    assert!(moving.zones[0].film_c > 44.4, "{}", moving.zones[0].film_c);
    for modes in [3, 4] {
        let mut unit = holding(modes);
        unit.run_s(60.0);
        let film_c = unit.zones[0].film_c;
        assert!((film_c - 41.0).abs() < 0.6, "{modes}: {film_c}");
        assert_eq!(unit.fault(), FaultCode::None);
    }
}

#[test]
fn nodes_that_turn_without_load_count_as_resting() {
    let mut unit = holding(0);
    unit.motor.load_nm = 0.006;
    unit.run_s(300.0);
    let film_c = unit.zones[0].film_c;
    assert!((film_c - 41.0).abs() < 0.6, "{film_c}");
    assert_eq!(unit.fault(), FaultCode::None);
}

#[test]
fn starts_broken_off_in_the_self_test_count_as_use() {
    let mut unit = Unit::at(23.0);
    unit.run_s(0.5);
    for _ in 0..6 {
        unit.press(button::POWER);
    }
    let used_s = unit.out.record.used_s;
    assert!(used_s >= 1, "{used_s}");
    assert!(unit.out.record.rest_s > 1_700);
}
