//! The hard stop and the rest, against every way around them that fingers can find.

mod stand_in;

use kneadsim_firmware::io::{FaultCode, Mode, ResetCause, button};
use stand_in::Unit;

/// Use allowed before a rest, s; a tick of rounding is not use.
const USE_MAX_S: f64 = 1_800.0;

/// What is pressed (or unplugged) at a tick.
type Fingers = fn(&mut Unit, u32);

fn in_use(unit: &Unit) -> bool {
    matches!(unit.mode(), Mode::Warming | Mode::Holding)
}

/// Runs for an hour, calling `fingers` each tick; seconds in use before 25 minutes of rest.
fn use_in_an_hour(fingers: impl Fn(&mut Unit, u32)) -> f64 {
    let mut unit = Unit::at(23.0);
    let mut used_s = 0.0;
    for tick in 0..330_000u32 {
        fingers(&mut unit, tick);
        unit.tick();
        assert_eq!(unit.fault(), FaultCode::None, "at {:.1} s", unit.time_s);
        used_s += if in_use(&unit) { 0.01 } else { 0.0 };
    }
    used_s
}

#[test]
fn no_pressing_of_buttons_gets_more_than_half_an_hour_of_use_without_the_rest() {
    let rows: [(&str, Fingers); 5] = [
        ("power mashed five times a second", |u, t| {
            u.buttons = if t % 20 < 10 { button::POWER } else { 0 }
        }),
        ("power pressed every 7 s", |u, t| {
            u.buttons = if t % 700 < 10 { button::POWER } else { 0 }
        }),
        ("sessions back to back", |u, t| {
            let press = !in_use(u) && t % 100 < 10;
            u.buttons = if press { button::POWER } else { 0 };
        }),
        ("time pressed all along", |u, t| {
            let press = !in_use(u) && t % 100 < 10;
            u.buttons = if press {
                button::POWER
            } else if t % 50 < 10 {
                button::TIME
            } else {
                0
            };
        }),
        ("unplugged every 20 s", |u, t| {
            if t % 2_000 == 1_999 {
                u.reset(ResetCause::PowerOn);
            }
            let press = !in_use(u) && t % 100 < 10;
            u.buttons = if press { button::POWER } else { 0 };
        }),
    ];
    for (name, fingers) in rows {
        let used_s = use_in_an_hour(fingers);
        println!("{name}: {used_s:.2} s of use");
        assert!(used_s <= USE_MAX_S + 0.05, "{name}: {used_s:.2} s");
    }
}

#[test]
fn a_session_ends_at_its_time_and_the_rest_must_be_complete() {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    unit.run_s(1_200.0);
    assert_eq!(unit.mode(), Mode::Cooling);
    assert!(unit.all_off());
    for _ in 0..1_000 {
        unit.press(button::POWER);
        assert_eq!(unit.mode(), Mode::Cooling);
    }
    unit.reset(ResetCause::PowerOn);
    unit.run_s(1.0);
    assert_eq!(unit.mode(), Mode::Cooling, "unplugging is no rest");
    unit.run_s(1_700.0);
    assert_eq!(unit.mode(), Mode::Off);
    unit.start(0);
    assert!(in_use(&unit));
}

#[test]
fn a_brown_out_ends_the_session_without_resuming_it() {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    unit.run_s(100.0);
    unit.buttons = button::POWER;
    unit.run_s(0.01);
    unit.reset(ResetCause::BrownOut);
    unit.run_s(5.0);
    assert_eq!(unit.mode(), Mode::Off, "also with the button still held");
    assert!(unit.out.record.used_s >= 100);
}

#[test]
fn the_dose_survives_a_reset() {
    let mut unit = Unit::at(23.0);
    unit.start(0);
    unit.run_s(400.0);
    let before = unit.out.telemetry.dose_centi_min;
    assert!(before > 100);
    unit.reset(ResetCause::PowerOn);
    unit.run_s(0.05);
    assert!(unit.out.telemetry.dose_centi_min + 1 >= before);
}

#[test]
fn the_choices_of_length_are_15_20_and_30_minutes() {
    for (presses, want_s) in [(0, 1_200), (1, 1_800), (2, 900)] {
        let mut unit = Unit::at(23.0);
        for _ in 0..presses {
            unit.press(button::TIME);
        }
        unit.start(0);
        let left_s = i32::from(unit.out.telemetry.session_left_s);
        assert!((left_s - want_s).abs() <= 1, "{presses}: {left_s}");
    }
}
