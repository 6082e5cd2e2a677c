//! The stories of films, of the self-test, and of nodes that press one spot.

use kneadsim_firmware::Config;
use kneadsim_firmware::io::button;

use crate::stand_in::Unit;
use crate::tales::{changed, configured, heat, intensity, mode, power, tale, up, with};
use crate::teller::Tale;

/// All of them.
pub fn heat_tales() -> Vec<Tale> {
    let mut tales = films();
    tales.extend(starts());
    tales.extend(nodes());
    tales
}

fn films() -> Vec<Tale> {
    vec![
        with(
            tale(
                "a cut-out that opens hot and closes again",
                Unit::at(41.0),
                &[],
                &[6.0, 14.0, 40.0],
            ),
            &[
                (5.0, |unit| unit.zones[0].cutout_open = true),
                (20.0, |unit| unit.zones[0].cutout_open = false),
            ],
        ),
        with(
            tale("a film that cracks", Unit::at(30.0), &[], &[5.0, 12.0]),
            &[(4.0, |unit| unit.zones[1].resistance_ohm = 16.0)],
        ),
        with(
            tale(
                "a thermistor that comes off",
                Unit::at(30.0),
                &[],
                &[10.0, 30.0],
            ),
            &[(8.0, |unit| unit.zones[0].detached_c = Some(25.0))],
        ),
        with(
            tale(
                "a thermistor that sticks",
                Unit::at(30.0),
                &[],
                &[6.0, 12.0],
            ),
            &[(5.0, |unit| unit.zones[1].forced_counts = Some(1700))],
        ),
        with(
            tale("a reading that jumps", Unit::at(30.0), &[], &[6.0, 8.0]),
            &[(5.0, |unit| unit.zones[1].offset_k = 1.6)],
        ),
        with(
            tale(
                "a MOSFET that shorts while no heat is asked for",
                Unit::at(30.0),
                &[heat, heat, heat],
                &[3.0, 5.0],
            ),
            &[(2.0, |unit| {
                unit.zones[0].mosfet_leak = 1.0;
                unit.relay_welded = true;
            })],
        ),
        with(
            tale(
                "a film that warms by itself",
                Unit::at(44.0),
                &[],
                &[8.0, 30.0],
            ),
            &[(0.0, |unit| {
                unit.buttons = 0;
                unit.zones[0].body_c = 52.0;
                unit.zones[0].pad_body_w_per_k = 2.0;
            })],
        ),
        with(
            tale(
                "a film above the trip",
                Unit::at(41.0),
                &[],
                &[4.0, 16.0, 30.0],
            ),
            &[
                (3.0, |unit| unit.zones[0].forced_counts = Some(1143)),
                (4.0, |unit| unit.zones[0].forced_counts = None),
                (15.0, |unit| {
                    unit.zones.iter_mut().for_each(|zone| {
                        zone.film_c = 35.0;
                        zone.pad_c = 35.0;
                        zone.ntc_c = 35.0;
                    });
                    unit.buttons = button::POWER | button::MODE | button::TIME;
                }),
                (28.0, up),
            ],
        ),
    ]
}

/// What the self-test meets.
fn starts() -> Vec<Tale> {
    let rows = [0.7, 0.9, 1.5];
    vec![
        tale(
            "a relay that is welded at the start",
            changed(30.0, |unit| unit.relay_welded = true),
            &[],
            &rows,
        ),
        tale(
            "a MOSFET that conducts at the start",
            changed(30.0, |unit| unit.zones[1].mosfet_leak = 0.3),
            &[],
            &rows,
        ),
        tale(
            "an upper zone at the edge of its resistance",
            changed(30.0, |unit| unit.zones[0].resistance_ohm = 13.7),
            &[],
            &rows,
        ),
        tale(
            "a lower zone beyond the edge of its resistance",
            changed(30.0, |unit| unit.zones[1].resistance_ohm = 10.0),
            &[],
            &rows,
        ),
        tale(
            "a cut-out still open on a warm film",
            changed(34.0, |unit| unit.zones[0].cutout_open = true),
            &[],
            &[1.0, 10.0],
        ),
        tale(
            "the other cut-out still open on a warm film",
            changed(34.0, |unit| unit.zones[1].cutout_open = true),
            &[],
            &[1.0, 10.0],
        ),
        tale(
            "a zone without current on a cold film",
            changed(29.0, |unit| unit.zones[1].cutout_open = true),
            &[],
            &rows,
        ),
        tale(
            "zones that disagree at the start",
            changed(25.0, |unit| unit.zones[0].offset_k = 4.5),
            &[],
            &rows,
        ),
        tale(
            "zones that disagree less on a warm pad",
            changed(33.0, |unit| unit.zones[0].offset_k = 4.5),
            &[],
            &rows,
        ),
        tale(
            "a motor that runs at the start",
            changed(30.0, |unit| unit.motor.always_on = true),
            &[],
            &rows,
        ),
        tale(
            "a supply too low to start",
            changed(30.0, |unit| unit.open_circuit_v = 7.8),
            &[],
            &rows,
        ),
        with(
            tale(
                "a self-test that is broken off, again and again",
                Unit::at(30.0),
                &[],
                &[0.9, 2.0, 3.0],
            ),
            &[
                (0.65, power),
                (0.75, up),
                (1.2, power),
                (1.25, up),
                (1.3, power),
                (1.35, up),
                (2.2, power),
                (2.3, |unit| unit.open_circuit_v = 6.0),
                (2.4, up),
            ],
        ),
    ]
}

/// Nodes that rest, films that are hard to hold, motors at narrow limits.
fn nodes() -> Vec<Tale> {
    let soon: fn(&mut Config) = |config| {
        config.nodes_rest_s = 6.0;
        config.setpoint_approach_k = 0.2;
    };
    vec![
        tale(
            "nodes that rest without a program",
            configured(41.0, soon),
            &[mode, mode, mode, mode],
            &[5.0, 9.0, 20.0],
        ),
        with(
            tale(
                "nodes that turn with and without load",
                configured(41.0, soon),
                &[],
                &[8.0, 14.0, 20.0, 30.0, 40.0],
            ),
            &[
                (9.0, |unit| unit.motor.load_nm = 0.002),
                (22.0, |unit| unit.motor.load_nm = 0.012),
                (31.0, |unit| unit.motor.load_nm = 0.0085),
            ],
        ),
        tale(
            "nodes that pause",
            configured(41.0, soon),
            &[mode, mode],
            &[6.0, 12.0, 18.0],
        ),
        with(
            tale(
                "a pad in a gale, then in the sun",
                changed(41.0, |unit| {
                    unit.zones
                        .iter_mut()
                        .for_each(|zone| zone.film_room_w_per_k = 0.35);
                    unit.room_c = 20.0;
                }),
                &[],
                &[20.0, 40.0, 60.0, 80.0, 100.0],
            ),
            &[
                (45.0, |unit| {
                    unit.zones.iter_mut().for_each(|zone| {
                        zone.film_room_w_per_k = 0.055;
                        zone.body_c = 47.5;
                    });
                }),
                (75.0, |unit| {
                    unit.zones.iter_mut().for_each(|zone| zone.body_c = 34.0)
                }),
            ],
        ),
        with(
            tale(
                "a motor at a narrow limit of excess current",
                configured(30.0, |config| {
                    config.motor_excess_max_a = 0.5;
                    config.motor_current_max_a = 2.2;
                }),
                &[],
                &[5.0, 9.0, 13.0],
            ),
            &[
                (3.0, |unit| unit.motor.load_nm = 0.025),
                (6.0, |unit| unit.motor.load_nm = 0.040),
                (9.5, |unit| unit.motor.load_nm = -0.020),
            ],
        ),
        with(
            tale(
                "an encoder that stands while the nodes turn slowly",
                Unit::at(30.0),
                &[mode, mode],
                &[4.0, 8.0],
            ),
            &[(1.2, |unit| unit.motor.encoder_works = false)],
        ),
        tale(
            "a narrow adapter shared by heat and motors",
            configured(30.0, |config| config.supply_current_max_a = 1.5),
            &[intensity],
            &[5.0, 15.0],
        ),
    ]
}
