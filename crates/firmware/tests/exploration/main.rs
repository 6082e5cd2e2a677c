//! No path to heat with a latched fault, without a self-test, past the limits, or without a press.
//!
//! Bounded exploration of the real firmware in a closed loop with the stand-in
//! unit: from every class of states everything in `acts` is tried, breadth
//! first, and `watch` looks at every tick. Sessions are seconds long here, so
//! that limits of time are a few acts away, and the set-point starts lower, so
//! that a film comes into its band within them; all other parameters are the
//! product's.
//!
//! `cargo test -p kneadsim-firmware --test exploration -- --nocapture` prints
//! how many states and edges were seen.

mod acts;
#[path = "../stand_in/mod.rs"]
mod stand_in;
mod walk;
mod watch;

use acts::Defect;
use kneadsim_firmware::Config;
use kneadsim_firmware::io::{DUTY_FULL, Mode, Record, button};
use walk::explore;
use watch::Claim;

/// Classes whose acts are all tried: as many as a debug build leaves in half a minute.
const EXPANDED_MAX: usize = 10_000;

/// Sessions of 5, 8 and 12 s, a minute of use, ten seconds of rest.
fn hurried() -> Config {
    let config = Config {
        session_short_s: 5.0,
        session_default_s: 8.0,
        session_long_s: 12.0,
        use_max_s: 60.0,
        use_min_s: 1.0,
        rest_s: 10.0,
        supply_rest_s: 2.0,
        setpoint_approach_k: 1.5,
        ..Config::default()
    };
    assert_eq!(config.validate(), Ok(()));
    config
}

#[test]
fn no_path_leads_to_heat_that_must_not_be() {
    let mut found = explore(hurried(), &hurried(), EXPANDED_MAX, Defect::NONE);
    println!(
        "{} states, {} edges, {} states with every act tried",
        found.states, found.edges, found.expanded
    );
    // The control: a false claim is refuted, by a path that is right.
    let heats = found.refuted.remove(&Claim::NothingEverHeats);
    assert!(heats.is_some(), "nothing heats on any path");
    assert!(found.refuted.is_empty(), "{:#?}", found.refuted);
    for mode in Mode::ALL {
        assert!(found.modes.contains(&mode), "{mode:?} was never entered");
    }
}

#[test]
fn a_unit_with_a_guard_removed_is_caught() {
    let drives = |outputs| Defect {
        outputs,
        ..Defect::NONE
    };
    let sees = |inputs| Defect {
        inputs,
        ..Defect::NONE
    };
    let rows: [(&str, Claim, Defect); 5] = [
        (
            "the relay stays closed when a fault is latched",
            Claim::LatchedDrivesNothing,
            drives(|out| out.relay_closed |= out.status.mode == Mode::Latched),
        ),
        (
            "the board keeps nothing, so that a reset forgets the latch",
            Claim::LatchStays,
            drives(|out| out.record = Record::blank()),
        ),
        (
            "a zone is driven before the self-test",
            Claim::HeatNeedsASelfTest,
            drives(|out| {
                if out.status.mode == Mode::Off {
                    out.heater_duty = [DUTY_FULL, 0];
                }
            }),
        ),
        (
            "the self-test drives the zones all the time",
            Claim::SelfTestIsBrief,
            drives(|out| {
                if out.status.mode == Mode::SelfTest {
                    out.heater_duty = [DUTY_FULL; 2];
                    out.relay_closed = true;
                }
            }),
        ),
        (
            "the unit starts by itself: a crossed trace reads as a press of power",
            Claim::StartNeedsAPress,
            sees(|seen| {
                if seen.tick % 60 >= 50 {
                    seen.buttons |= button::POWER;
                }
            }),
        ),
    ];
    for (what, claim, defect) in rows {
        let found = explore(hurried(), &hurried(), 60, defect);
        assert!(found.refuted.contains_key(&claim), "{what}");
    }
}

#[test]
fn a_unit_that_allows_more_time_than_is_claimed_of_it_is_caught() {
    let longer_session = Config {
        session_long_s: 14.0,
        ..hurried()
    };
    let longer_use = Config {
        use_max_s: 61.0,
        ..hurried()
    };
    for (what, claim, config) in [
        ("a longer session", Claim::SessionEnds, longer_session),
        ("more use without a rest", Claim::UseIsLimited, longer_use),
    ] {
        assert_eq!(config.validate(), Ok(()), "{what}");
        let found = explore(config, &hurried(), 1_500, Defect::NONE);
        assert!(found.refuted.contains_key(&claim), "{what}");
        let same = explore(config, &config, 1_500, Defect::NONE);
        assert!(!same.refuted.contains_key(&claim), "{what}");
    }
}
