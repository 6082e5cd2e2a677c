//! Going back, doing things by hand, and going on: always the run that it would have been.

use std::sync::Arc;

use kneadsim_plant::{Grid, Knob};
use kneadsim_sim::Bench;
use kneadsim_sim::device::InProcess;
use kneadsim_sim::fault::{FaultKind, FaultSpec};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Action, Button, Spec};
use kneadsim_viewer::session::{ROW_TICKS, Session, Standing, What, fault_now};

fn spec(seconds: u32) -> Spec {
    let mut spec = Spec {
        duration_ticks: seconds * 100,
        seed: 5,
        ..Spec::default()
    };
    spec.build.grid = Grid::Column;
    spec.press(1.0, Button::Power);
    spec
}

fn straight(spec: &Spec, tick: u32) -> u128 {
    let mut bench = Bench::new(Arc::new(spec.clone()), InProcess::new()).expect("it runs");
    bench.run_until(tick).expect("in process");
    bench.digest()
}

fn fault(kind: FaultKind) -> FaultSpec {
    FaultSpec::lasting(kind, 0, 0)
}

fn break_sensor(session: &mut Session) {
    let fault = fault(FaultKind::NtcOpen);
    session.act(fault_now(session, fault)).expect("it breaks");
}

#[test]
fn the_state_at_any_time_is_that_of_a_run_straight_to_it() {
    let spec = spec(600);
    let mut session = Session::new(&spec).expect("it runs");
    for tick in [0, 1, 4_321, 60_000, 2_999, 3_000, 3_001, 59_999, 10, 45_678] {
        session.go_to(tick);
        assert_eq!(session.tick(), tick);
        assert_eq!(session.bench().digest(), straight(&spec, tick), "{tick}");
    }
    assert_eq!(session.furthest_tick(), 60_000);
}

#[test]
fn what_is_done_by_hand_is_as_if_the_scenario_had_said_so() {
    let spec = spec(300);
    let mut session = Session::new(&spec).expect("it runs");
    session.go_to(6_000);
    let ambient = Action::Set {
        knob: Knob::AmbientC,
        value: 12.0,
        over_ticks: 500,
    };
    session.act(What::Do(ambient.clone())).expect("it moves");
    session.go_to(12_345);
    break_sensor(&mut session);
    let mut hotter = *session.firmware();
    hotter.heat_target_c = 44.0;
    let configure = Action::Configure(Box::new(hotter));
    session
        .act(What::Do(configure.clone()))
        .expect("it takes it");
    session.go_to(30_000);

    let mut said = spec.clone();
    for (at_tick, action) in [(6_000, ambient), (12_345, configure)] {
        said.events
            .push(kneadsim_sim::spec::Event { at_tick, action });
    }
    said.fault(123.45, FaultKind::NtcOpen, 0);
    let whole = straight(&said, 30_000);
    assert_eq!(session.bench().digest(), whole);
    assert_ne!(whole, straight(&spec, 30_000));

    // What was done in a tick shows when one comes back to it.
    session.go_to(12_345);
    assert_eq!(session.firmware().heat_target_c, 44.0);
    session.go_to(6_000);
    assert_eq!(session.condition(Knob::AmbientC), 12.0);

    // Back before, between and behind what was done, and on again.
    for tick in [5_999, 6_000, 6_001, 12_345, 12_346, 0, 20_000] {
        session.go_to(tick);
        assert_eq!(session.bench().digest(), straight(&said, tick), "{tick}");
        session.go_to(30_000);
        assert_eq!(session.bench().digest(), whole, "by {tick}");
        assert_eq!(session.firmware().heat_target_c, 44.0);
    }
    session.go_to(100);
    assert_eq!(
        session.firmware().heat_target_c,
        spec.firmware.heat_target_c
    );
}

#[test]
fn what_is_done_in_the_past_makes_another_future() {
    let spec = spec(300);
    let mut session = Session::new(&spec).expect("it runs");
    session.go_to(20_000);
    break_sensor(&mut session);
    session.go_to(30_000);
    session.go_to(10_000);
    assert_eq!(session.furthest_tick(), 30_000);
    let off = Action::Press {
        button: Button::Power,
        hold_ticks: 10,
    };
    session.act(What::Do(off.clone())).expect("it is pressed");
    assert_eq!(session.furthest_tick(), 10_000);
    assert_eq!(session.deeds().len(), 1);
    session.go_to(30_000);
    let mut said = spec.clone();
    said.events.push(kneadsim_sim::spec::Event {
        at_tick: 10_000,
        action: off,
    });
    assert_eq!(session.bench().digest(), straight(&said, 30_000));
}

#[test]
fn a_copy_goes_its_own_way() {
    let mut session = Session::new(&spec(120)).expect("it runs");
    session.go_to(6_000);
    let mut other = session.clone();
    break_sensor(&mut other);
    other.go_to(9_000);
    session.go_to(9_000);
    assert_ne!(session.bench().digest(), other.bench().digest());
    assert_eq!(session.bench().digest(), straight(&spec(120), 9_000));
}

#[test]
fn the_record_has_a_row_for_each_thermal_step_and_is_bounded() {
    let spec = spec(6 * 3_600);
    let mut session = Session::new(&spec).expect("it runs");
    session.go_to(3_000);
    session.go_to(500);
    session.go_to(3_000);
    let ticks: Vec<u32> = session.record().rows().iter().map(|r| r.tick).collect();
    let want: Vec<u32> = (1..=3_000 / ROW_TICKS).map(|i| i * ROW_TICKS).collect();
    assert_eq!(ticks, want);
    let last = session.record().series(Signal::FilmUpper).last();
    let now = session.bench().signals()[Signal::FilmUpper as usize];
    assert_eq!(last, Some([30.0, now]));
    session.go_to(spec.duration_ticks);
    let rows = session.record().rows();
    assert!(rows.len() < 16_384, "{}", rows.len());
    assert!(rows.windows(2).all(|w| w[0].tick < w[1].tick));
}

#[test]
fn what_cannot_be_done_says_why_and_changes_nothing() {
    let mut session = Session::new(&spec(60)).expect("it runs");
    session.go_to(1_000);
    let crack = fault(FaultKind::FilmCrack);
    let why = session.act(fault_now(&session, crack));
    assert!(why.is_err_and(|why| why.contains("field")));
    assert!(session.deeds().is_empty());
    session.go_to(6_000);
    assert_eq!(session.bench().digest(), straight(&spec(60), 6_000));
    let late = fault_now(&session, fault(FaultKind::NtcOpen));
    assert_eq!(session.act(late), Err("the run is over".to_owned()));
}

#[test]
fn of_what_a_slider_passes_while_time_stands_only_the_last_counts() {
    let spec = spec(120);
    let mut session = Session::new(&spec).expect("it runs");
    session.go_to(4_321);
    break_sensor(&mut session);
    let room = |value: f64| Action::Set {
        knob: Knob::AmbientC,
        value,
        over_ticks: 0,
    };
    let target = |value: f32| {
        let mut config = spec.firmware;
        config.heat_target_c = value;
        Action::Configure(Box::new(config))
    };
    let before_c = session.condition(Knob::AmbientC);
    for value in [20.0, 12.0, 5.0] {
        session.act(What::Do(room(value))).expect("it moves");
        // A slider stays where it was put although time stands.
        assert_eq!(session.condition(Knob::AmbientC), value);
    }
    assert_eq!(session.bench().conditions().ambient_c, before_c);
    for value in [45.0, 44.0, 43.5] {
        session.act(What::Do(target(value))).expect("it moves");
    }
    assert_eq!(session.deeds().len(), 3, "{:?}", session.deeds());
    assert_eq!(session.firmware().heat_target_c, 43.5);
    session.go_to(9_000);

    let mut said = spec.clone();
    said.fault(43.21, FaultKind::NtcOpen, 0);
    for action in [room(5.0), target(43.5)] {
        said.events.push(kneadsim_sim::spec::Event {
            at_tick: 4_321,
            action,
        });
    }
    assert_eq!(session.bench().digest(), straight(&said, 9_000));
    // One tick later it is another deed.
    session.act(What::Do(room(6.0))).expect("it moves");
    session.step();
    session.act(What::Do(room(7.0))).expect("it moves");
    assert_eq!(session.deeds().len(), 5);
}

#[test]
fn expectations_stand_as_they_did_when_they_were_broken() {
    let text = "film_upper_c < 30";
    let case = kneadsim_scenario::load_text(
        &format!(
            "schema = 1\nname = \"n\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n\
             [run]\nduration = \"2min\"\ngrid = \"column\"\n[[event]]\nat = \"1s\"\npress = \"power\"\n\
             [[expect]]\nid = \"cold\"\nalways = \"{text}\"\n"
        ),
        std::path::Path::new("/nowhere/n.toml"),
        std::path::Path::new("/nowhere"),
    );
    let mut session = Session::new(&case.expect("a case")[0].spec).expect("it runs");
    session.go_to(12_000);
    let [(first, Standing::Open), (broken, Standing::Broken)] = session.standings().changes(0)[..]
    else {
        panic!("{:?}", session.standings());
    };
    assert_eq!(first, ROW_TICKS);
    // The row in which the film is first seen to be too hot.
    let seen = session.record().series(Signal::FilmUpper);
    let hot = seen
        .into_iter()
        .find(|[_, c]| *c >= 30.0)
        .expect("it warms");
    assert_eq!(f64::from(broken) * 0.01, hot[0]);
    // Another present forgets what it has not seen.
    session.go_to(500);
    break_sensor(&mut session);
    assert_eq!(session.standings().changes(0).len(), 1);
}
