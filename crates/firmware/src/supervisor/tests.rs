//! Tests of the supervisor at its limits of time and temperature.

use super::*;
use crate::config::Config;
use crate::io::{Record, ResetCause};
use crate::sensors::Reading;
use crate::setpoint::HeatLevel;
use crate::winding::Winding;

fn booted() -> State {
    let config = Config::default();
    let mut state = State::boot(&config, ResetCause::PowerOn, Record::blank());
    state.sensors.supply_smooth_v = 12.0;
    for film in &mut state.sensors.film {
        film.reading = Reading::Valid(30.0);
        film.smooth_c = 30.0;
    }
    state
}

#[test]
fn the_time_left_is_set_by_the_time_button_and_else_only_runs_down() {
    // 100 s into a session of 20 minutes; the next length is 30 minutes.
    for (what, pressed, left_ms, want_ms) in [
        ("nothing pressed", 0, 5_000, 4_990),
        ("another button", button::INTENSITY, 5_000, 4_990),
        ("time", button::TIME, 5_000, 1_699_990),
        ("time with its last tick", button::TIME, 10, 1_699_990),
        (
            "time with another",
            button::TIME | button::MODE,
            10,
            1_699_990,
        ),
    ] {
        let mut state = booted();
        let session = Session {
            elapsed_ms: 100_000,
            ..Session::default()
        };
        state.phase = Phase::Holding(session);
        state.session_left_ms = Redundant::new(left_ms);
        state.run_session(session, pressed, 10);
        assert_eq!(state.session_left_ms.get_or(0), want_ms, "{what}");
        assert!(state.phase.session().is_some(), "{what}");
    }
}

#[test]
fn a_session_warms_until_its_coldest_film_has_come_near_the_set_point() {
    for (what, heat, setpoint_c, mode) in [
        ("far below", HeatLevel::High, 43.5, Mode::Warming),
        ("near", HeatLevel::High, 30.5, Mode::Holding),
        ("no set-point yet", HeatLevel::High, 0.0, Mode::Warming),
        ("no heat asked for", HeatLevel::None, 0.0, Mode::Holding),
    ] {
        let mut state = booted();
        state.phase = Phase::Warming(Session::default());
        state.session_left_ms = Redundant::new(5_000);
        state.settings.heat = heat;
        state.setpoint_c = Redundant::from_f32(setpoint_c);
        state.run_session(Session::default(), 0, 10);
        assert_eq!(state.mode(), mode, "{what}");
    }
}

#[test]
fn a_start_needs_the_least_use_that_is_worth_it() {
    for (used_ms, mode) in [
        (0, Mode::SelfTest),
        (1_770_000, Mode::SelfTest),
        (1_770_010, Mode::Cooling),
        (1_800_000, Mode::Cooling),
    ] {
        let mut state = booted();
        state.usage.used_ms = Redundant::new(used_ms);
        state.start();
        assert_eq!(state.mode(), mode, "{used_ms} ms used");
    }
}

#[test]
fn after_low_supply_the_unit_cools_for_as_long_as_the_supply_is_back() {
    for (supply_v, mode) in [
        (12.0, Mode::Off),
        (8.7, Mode::Off),
        (8.5, Mode::Cooling),
        (6.0, Mode::Cooling),
    ] {
        let mut state = booted();
        state.phase = Phase::Cooling(Cooling::Supply { left_ms: 1_000 });
        state.sensors.supply_smooth_v = supply_v;
        for tick in 1..100 {
            state.supervise(0, &Elapsed::TICK);
            assert_eq!(state.mode(), Mode::Cooling, "{supply_v} V: {tick}");
        }
        state.supervise(0, &Elapsed::TICK);
        assert_eq!(state.mode(), mode, "{supply_v} V");
    }
}

#[test]
fn the_service_gesture_clears_a_latch_only_with_all_three_buttons_cool_films_and_nothing_wrong() {
    let all = button::POWER | button::MODE | button::TIME;
    for (what, buttons, film_c, winding_c, cause_present, mode) in [
        ("as it should be", all, 39.9, 60.0, false, Mode::Off),
        (
            "with one more button",
            all | button::HEAT,
            39.9,
            60.0,
            false,
            Mode::Off,
        ),
        (
            "without power",
            button::MODE | button::TIME,
            39.9,
            60.0,
            false,
            Mode::Latched,
        ),
        (
            "without mode",
            button::POWER | button::TIME,
            39.9,
            60.0,
            false,
            Mode::Latched,
        ),
        (
            "without time",
            button::POWER | button::MODE,
            39.9,
            60.0,
            false,
            Mode::Latched,
        ),
        ("at 40 degC", all, 40.0, 60.0, false, Mode::Latched),
        ("with the cause there", all, 39.9, 60.0, true, Mode::Latched),
        ("with a hot winding", all, 39.9, 116.0, false, Mode::Latched),
    ] {
        let mut state = booted();
        state.latch(FaultCode::PackHot);
        state.cause_present = cause_present;
        let [kneading, _] = &mut state.motors.windings;
        *kneading = Winding::at(winding_c);
        for film in &mut state.sensors.film {
            film.smooth_c = film_c;
        }
        for _ in 0..999 {
            state.supervise(buttons, &Elapsed::TICK);
            assert_eq!(state.mode(), Mode::Latched, "{what}");
        }
        for _ in 0..10 {
            state.supervise(buttons, &Elapsed::TICK);
        }
        assert_eq!(state.mode(), mode, "{what}");
    }
}
