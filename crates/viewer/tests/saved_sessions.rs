//! A saved session is a scenario that runs as the session did.

use std::path::Path;

use kneadsim_plant::Knob;
use kneadsim_scenario::{Case, load_firmware, load_text};
use kneadsim_sim::device::InProcess;
use kneadsim_sim::fault::{FaultKind, FaultSpec};
use kneadsim_sim::run::{Continue, run};
use kneadsim_sim::spec::{Action, Button};
use kneadsim_viewer::session::{Session, What, fault_now, scenario};

/// With its own events, faults and configuration, at the ticks at which more is done.
const TEXT: &str = r#"
schema = 1
name = "Saved"
description = "Does much by itself."
requirements = ["BURN-01"]

[run]
duration = "4min"
seed = 9
grid = "column"

[firmware]
kp_per_k = 0.4

[[event]]
at = "1s"
press = "power"

[[event]]
at = "60s"
set = { ambient_c = 10.0 }
over = "5s"

[[event]]
at = "80s"
configure = { heat_target_c = 43.0 }

[[fault]]
kind = "ntc_offset"
target = "lower"
at = "2min"
for = "20s"

[[expect]]
id = "skin stays safe"
limits = "consumer"

[[expect]]
id = "not in [[event]] or [[fault]]"
always = "skin_surface_max_c < 43"
"#;

fn case(text: &str) -> Case {
    let file = Path::new("/nowhere/saved.toml");
    let mut cases = match load_text(text, file, Path::new("/nowhere")) {
        Ok(cases) => cases,
        Err(mistakes) => panic!("{text}\n{mistakes:#?}"),
    };
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

fn fault(kind: FaultKind, target: u8, value: f64) -> FaultSpec {
    FaultSpec {
        value,
        ..FaultSpec::lasting(kind, target, 0)
    }
}

#[test]
fn a_saved_session_runs_with_the_same_digest() {
    let case = case(TEXT);
    let mut session = Session::new(&case.spec).expect("it runs");
    session.go_to(6_000);
    let warm = Action::Set {
        knob: Knob::AmbientC,
        value: 30.0,
        over_ticks: 1_000,
    };
    session.act(What::Do(warm)).expect("it moves");
    session.go_to(8_000);
    let mut config = *session.firmware();
    assert_eq!(config.heat_target_c, 45.0, "before the case's own event");
    config.ki_per_k_s = 0.012_345;
    let tuned = Action::Configure(Box::new(config));
    session.act(What::Do(tuned)).expect("it takes it");
    session.go_to(9_999);
    let mut config = *session.firmware();
    assert_eq!(config.heat_target_c, 43.0, "after it");
    config.hold_share = 0.3;
    let tuned = Action::Configure(Box::new(config));
    session.act(What::Do(tuned)).expect("it takes it");
    let offset = fault(FaultKind::NtcOffset, 0, -2.5);
    let offset = fault_now(&session, offset);
    session.act(offset).expect("it breaks");
    session.go_to(20_000);
    let off = Action::Press {
        button: Button::Power,
        hold_ticks: 12,
    };
    session.act(What::Do(off)).expect("it is pressed");
    // Gone back and forth over everything, as one does.
    session.go_to(7_000);
    session.go_to(24_000);

    let saved = self::case(&scenario(&case, &session));
    let outcome = run(&saved.spec, InProcess::new(), &mut |_| Continue::Yes);
    assert_eq!(outcome.digest, session.bench().digest());
    assert_eq!(outcome.findings[..2], session.bench().findings()[..2]);
    let untouched = run(&case.spec, InProcess::new(), &mut |_| Continue::Yes);
    assert_ne!(outcome.digest, untouched.digest);
}

#[test]
fn a_session_without_deeds_is_saved_as_it_was() {
    let case = case(TEXT);
    let session = Session::new(&case.spec).expect("it runs");
    assert_eq!(scenario(&case, &session), case.lowered);
}

#[test]
fn parameters_are_saved_as_a_firmware_file() {
    let mut config = kneadsim_firmware::Config {
        kp_per_k: 0.123_4,
        ..Default::default()
    };
    config.session_long_s = 1_234.0;
    let folder = std::env::temp_dir().join(format!("kneadsim-saved-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("tuned.toml");
    std::fs::write(&path, kneadsim_scenario::firmware_text(&config)).expect("written");
    assert_eq!(load_firmware(&path, &folder), Ok(config));
    std::fs::remove_dir_all(&folder).expect("removed");
}
