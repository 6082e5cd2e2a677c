//! The stories: a unit, what happens to it, and when it is looked at. Sessions, motors, supply.

use kneadsim_firmware::Config;
use kneadsim_firmware::io::{ResetCause, button};

use crate::heat_tales;
use crate::stand_in::Unit;
use crate::teller::{Tale, Turn};

pub fn power(unit: &mut Unit) {
    unit.buttons = button::POWER;
}
pub fn mode(unit: &mut Unit) {
    unit.buttons = button::MODE;
}
pub fn heat(unit: &mut Unit) {
    unit.buttons = button::HEAT;
}
fn time(unit: &mut Unit) {
    unit.buttons = button::TIME;
}
pub fn intensity(unit: &mut Unit) {
    unit.buttons = button::INTENSITY;
}
pub fn up(unit: &mut Unit) {
    unit.buttons = 0;
}

/// Power at half a second, after `presses` before it, each 0.1 s down and 0.1 s up.
fn start(presses: &[fn(&mut Unit)]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut at = 0.5;
    for press in presses.iter().chain([&(power as fn(&mut Unit))]) {
        turns.push((at, *press));
        turns.push((at + 0.1, up));
        at += 0.2;
    }
    turns
}

pub fn tale(name: &'static str, unit: Unit, presses: &[fn(&mut Unit)], rows: &[f64]) -> Tale {
    Tale {
        name,
        unit,
        turns: start(presses),
        rows: rows.to_vec(),
    }
}

/// A row of a story with things that happen.
pub fn with(mut tale: Tale, turns: &[Turn]) -> Tale {
    tale.turns.extend_from_slice(turns);
    tale
}

pub fn configured(t_c: f64, change: fn(&mut Config)) -> Unit {
    let mut config = Config::default();
    change(&mut config);
    assert_eq!(config.validate(), Ok(()));
    Unit::with(config, t_c)
}

pub fn changed(t_c: f64, change: fn(&mut Unit)) -> Unit {
    let mut unit = Unit::at(t_c);
    change(&mut unit);
    unit
}

/// Every story, in the order of the record.
pub fn tales() -> Vec<Tale> {
    let mut tales = sessions();
    tales.extend(motors());
    tales.extend(supplies_and_limits());
    tales.extend(heat_tales::heat_tales());
    tales
}

fn sessions() -> Vec<Tale> {
    vec![
        tale(
            "deep tissue at full heat, from the cold",
            Unit::at(23.0),
            &[],
            &[0.9, 5.0, 40.0, 90.0, 130.0, 170.0],
        ),
        tale(
            "swedish, strong, middle heat, with zones that differ",
            changed(23.0, |unit| {
                unit.zones[1].resistance_ohm = 12.9;
                unit.zones[0].body_c = 32.0;
            }),
            &[mode, heat, intensity],
            &[20.0, 60.0],
        ),
        tale(
            "shiatsu, gentle, low heat",
            Unit::at(28.0),
            &[mode, mode, heat, heat, intensity, intensity],
            &[10.0, 35.0],
        ),
        tale(
            "vibration alone without heat",
            Unit::at(23.0),
            &[mode, mode, mode, heat, heat, heat],
            &[5.0, 15.0],
        ),
        with(
            tale(
                "short sessions with the time button, ended and begun again",
                configured(30.0, |config| {
                    config.session_short_s = 5.0;
                    config.session_default_s = 8.0;
                    config.session_long_s = 12.0;
                    config.use_max_s = 60.0;
                    config.use_min_s = 2.0;
                    config.rest_s = 10.0;
                }),
                &[time],
                &[4.0, 8.0, 14.0, 30.0, 45.0],
            ),
            &[
                (3.0, time),
                (3.1, up),
                (5.5, power),
                (5.6, up),
                (7.0, power),
                (7.1, up),
                (28.0, power),
                (28.1, up),
            ],
        ),
        with(
            tale(
                "steps of the set-point and a dose that takes it down",
                configured(40.0, |config| {
                    config.setpoint_step1_after_s = 60.0;
                    config.setpoint_step2_after_s = 80.0;
                    config.dose_derate_from_min = 0.5;
                    config.dose_derate_full_min = 1.5;
                    config.dose_limit_min = 2.4;
                    config.dose_skin_lag_s = 5.0;
                    config.dose_skin_share = 1.0;
                }),
                &[],
                &[30.0, 70.0, 120.0],
            ),
            &[],
        ),
        with(
            tale(
                "resets of every kind",
                Unit::at(30.0),
                &[],
                &[3.0, 5.0, 8.0, 12.0],
            ),
            &[
                (2.5, |unit| unit.reset(ResetCause::BrownOut)),
                (4.0, power),
                (4.1, up),
                (5.5, |unit| unit.reset(ResetCause::Watchdog)),
                (6.0, |unit| unit.reset(ResetCause::External)),
                (7.0, power),
                (7.1, up),
                (9.0, |unit| unit.reset(ResetCause::Watchdog)),
            ],
        ),
    ]
}

fn motors() -> Vec<Tale> {
    vec![
        with(
            tale(
                "a rotor that is blocked and comes free",
                Unit::at(30.0),
                &[],
                &[3.0, 9.0, 40.0],
            ),
            &[
                (3.0, |unit| unit.motor.locked = true),
                (8.0, |unit| unit.motor.locked = false),
            ],
        ),
        with(
            tale(
                "a rotor that stays blocked",
                Unit::at(30.0),
                &[],
                &[6.0, 9.0, 16.0],
            ),
            &[(2.0, |unit| unit.motor.locked = true)],
        ),
        with(
            tale(
                "a heavy load at the current limit",
                Unit::at(30.0),
                &[],
                &[5.0, 20.0],
            ),
            &[(3.0, |unit| unit.motor.load_nm = 0.055)],
        ),
        with(
            tale("an encoder that is lost", Unit::at(30.0), &[], &[4.0, 6.0]),
            &[(3.5, |unit| unit.motor.encoder_works = false)],
        ),
        with(
            tale(
                "a wire of the motor that breaks",
                Unit::at(30.0),
                &[],
                &[4.0, 6.0],
            ),
            &[(3.5, |unit| unit.motor.wire_broken = true)],
        ),
        with(
            tale("a driver that stays on", Unit::at(30.0), &[], &[4.0, 6.0]),
            &[(3.5, |unit| unit.motor.always_on = true)],
        ),
        with(
            tale(
                "a vibration motor that is blocked",
                Unit::at(30.0),
                &[mode, mode, mode],
                &[4.0, 15.0, 20.0],
            ),
            &[(2.0, |unit| unit.vibration_locked = true)],
        ),
        tale(
            "motors that rest by their duty window and their windings",
            configured(30.0, |config| {
                config.duty_window_share = 0.1;
                config.winding_start_c = 60.0;
                config.winding_limit_c = 106.0;
                config.winding_rest_below_k = 40.0;
            }),
            &[mode],
            &[10.0, 30.0, 62.0, 100.0],
        ),
    ]
}

fn supplies_and_limits() -> Vec<Tale> {
    vec![
        with(
            tale(
                "a supply that sags, sheds and ends the session",
                Unit::at(30.0),
                &[],
                &[5.0, 8.0, 14.0, 30.0],
            ),
            &[
                (3.0, |unit| unit.open_circuit_v = 8.9),
                (6.0, |unit| unit.open_circuit_v = 8.3),
                (9.0, |unit| unit.open_circuit_v = 7.5),
                (15.0, |unit| unit.open_circuit_v = 12.0),
            ],
        ),
        with(
            tale(
                "a supply that is too high",
                Unit::at(30.0),
                &[],
                &[3.0, 4.0],
            ),
            &[(3.0, |unit| unit.open_circuit_v = 15.6)],
        ),
        with(
            tale(
                "a supply line that breaks",
                Unit::at(30.0),
                &[],
                &[4.0, 7.0],
            ),
            &[(3.0, |unit| unit.open_circuit_v = 4.0)],
        ),
        with(
            tale("a pack that gets hot", Unit::at(30.0), &[], &[3.0, 5.0]),
            &[(3.0, |unit| unit.pack_counts = 900)],
        ),
        with(
            tale(
                "a reference that drifts out of its band",
                Unit::at(30.0),
                &[],
                &[2.0, 4.0],
            ),
            &[
                (1.5, |unit| unit.reference_error = 0.04),
                (2.5, |unit| unit.reference_error = 0.06),
            ],
        ),
        with(
            tale("clocks that drift apart", Unit::at(30.0), &[], &[4.0, 7.0]),
            &[
                (1.5, |unit| unit.rtc_rate = 1.18),
                (4.5, |unit| unit.rtc_rate = 1.4),
            ],
        ),
        with(
            tale("ticks that are late", Unit::at(30.0), &[], &[2.0, 4.0, 6.0]),
            &[
                (2.5, |unit| {
                    unit.tick += 5;
                }),
                (5.0, |unit| {
                    unit.tick += 10;
                }),
            ],
        ),
    ]
}
