//! What valid scenarios become, and that a case's lowered text becomes the same.

use std::path::{Path, PathBuf};

use kneadsim_plant::{Grid, Knob, Source};
use kneadsim_scenario::{Case, load, load_text, template};
use kneadsim_sim::check::CheckKind;
use kneadsim_sim::formula::Formula;
use kneadsim_sim::limits::LimitKind;
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Action, Button};

const HEAD: &str = "schema = 1\nname = \"n\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n";
const EXPECT: &str = "[[expect]]\nid = \"e\"\nalways = \"skin_surface_max_c < 43\"\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")
}

fn cases(text: &str) -> Vec<Case> {
    let loaded = load_text(text, &folder().join("a.toml"), &folder());
    match loaded {
        Ok(cases) => {
            cases.iter().for_each(reads_back);
            cases
        }
        Err(mistakes) => panic!(
            "{text}\n{}",
            mistakes
                .iter()
                .map(|m| format!("{m}\n"))
                .collect::<String>()
        ),
    }
}

/// Every case that these tests make is also checked for this.
fn reads_back(case: &Case) {
    let nowhere = Path::new("/nowhere/lowered.toml");
    let again = load_text(&case.lowered, nowhere, Path::new("/nowhere"));
    let again = again.unwrap_or_else(|m| panic!("{}\n{}", case.lowered, m[0]));
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].spec, case.spec, "{}", case.lowered);
    assert_eq!(again[0].lowered, case.lowered);
    assert_eq!((&again[0].title, &again[0].tags), (&case.title, &case.tags));
}

fn one(text: &str) -> Case {
    let mut cases = cases(text);
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

fn with(text: &str) -> Case {
    one(&format!("{HEAD}{EXPECT}{text}"))
}

fn expecting(text: &str) -> Case {
    one(&format!("{HEAD}{text}"))
}

#[test]
fn the_agreed_example_gives_nine_cases() {
    let file = folder().join("fault/ntc_open.toml");
    let cases = load(&file, &folder()).unwrap_or_else(|m| panic!("{}", m[0]));
    cases.iter().for_each(reads_back);
    assert_eq!(cases.len(), 9);
    let names: Vec<&str> = cases.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(
        names[0],
        "fault/ntc_open[user.site=neck,environment.ambient_c=5]"
    );
    assert_eq!(
        names[8],
        "fault/ntc_open[user.site=waist,environment.ambient_c=40]"
    );
    let spec = &cases[4].spec;
    assert_eq!(spec.conditions.ambient_c, 23.0);
    assert_eq!(spec.build.body.site.name(), "upper_back");
    assert_eq!(spec.duration_ticks, 180_000);
    assert_eq!(spec.events.len(), 2 + 4);
    assert_eq!(spec.faults.len(), 1);
    assert_eq!(spec.checks.len(), 5);
    assert_eq!(spec.derived.len(), 1);
    assert_eq!(
        cases[4].values,
        [
            ("user.site".into(), "upper_back".into()),
            ("environment.ambient_c".into(), "23".into())
        ]
    );
    assert!(cases[4].warnings.is_empty());
}

#[test]
fn the_template_is_valid_whatever_the_name() {
    for name in ["A session", "with \"quotes\" and \\", "", "two\nlines"] {
        let case = one(&template(name));
        assert!(!case.title.is_empty());
    }
}

#[test]
fn units_are_converted_to_the_keys_unit() {
    let case = with(
        "[product]\nheater.power_w = \"0.014 kW\"\npad.width_m = \"200 mm\"\n[environment]\nambient_c = \"41 degF\"\n[user]\npressure_kpa = \"3000 Pa\"",
    );
    assert_eq!(case.spec.build.heaters.map(|h| h.power_w), [14.0, 14.0]);
    assert_eq!(case.spec.build.pad.width_m, 0.2);
    assert!((case.spec.conditions.ambient_c - 5.0).abs() < 1e-12);
    assert_eq!(case.spec.conditions.pressure_kpa, 3.0);
}

#[test]
fn the_specific_key_wins_wherever_it_stands() {
    let case = with(
        "[product]\nheater.upper.power_w = 10\nheater.power_w = 14\n[user]\nclothing_m2k_per_w = 0.02\nclothing = \"sweater\"",
    );
    assert_eq!(case.spec.build.heaters.map(|h| h.power_w), [10.0, 14.0]);
    assert_eq!(case.spec.conditions.clothing_m2k_per_w, 0.02);
    assert_eq!(case.spec.conditions.clothing_j_per_m2_k, 400.0);
}

#[test]
fn a_product_file_comes_first_and_the_file_wins() {
    let case = with("[product]\nbase = \"products/neck.toml\"\nheater.upper.power_w = 9");
    assert_eq!(case.spec.build.heaters.map(|h| h.power_w), [9.0, 8.0]);
    assert_eq!(case.spec.build.pad.height_m, 0.2);
    assert!(!case.lowered.contains("base ="));
}

#[test]
fn a_pack_has_keys_of_its_own() {
    let case = with(
        "[product.supply]\nsource = \"pack\"\ncharge = \"40 %\"\n[[fault]]\nkind = \"pack_hot\"\nat = \"5s\"",
    );
    let Source::Pack { charge, .. } = case.spec.build.supply.source else {
        panic!("an adapter")
    };
    assert_eq!(charge, 0.4);
}

#[test]
fn the_run_is_made_as_it_says() {
    let case = with(
        "[run]\nduration = \"1min 30s\"\nseed = 7\ngrid = \"column\"\ntrace_every = \"0s\"\ntrace_signals = [\"mode\", \"time_s\"]\nthermal_step = \"500ms\"",
    );
    let spec = &case.spec;
    assert_eq!(
        (spec.duration_ticks, spec.seed, spec.build.grid),
        (9000, 7, Grid::Column)
    );
    assert_eq!(
        (spec.recording.every_ticks, spec.build.thermal_step_ticks),
        (0, 50)
    );
    assert_eq!(spec.recording.signals, [Signal::Mode, Signal::Time]);
}

#[test]
fn events_become_presses_sets_and_configurations() {
    let case = with(
        "[[event]]\nat = \"1s\"\npress = \"power\"\nrepeat = { every = \"2s\", times = 3 }\n\
         [[event]]\nat = \"2s\"\nset = { ambient_c = 5.0, clothing = \"bare\", film_crack.upper = 0.3 }\nover = \"1min\"\n\
         [[event]]\nat = \"10s\"\nconfigure = { heat_target_c = 42 }\n\
         [[event]]\nat = \"20s\"\nconfigure = { setpoint_slew_k_per_s = 0.2 }",
    );
    let at: Vec<u32> = case.spec.events.iter().map(|e| e.at_tick).collect();
    assert_eq!(at, [100, 200, 200, 200, 200, 300, 500, 1000, 2000]);
    assert_eq!(
        case.spec.events[0].action,
        Action::Press {
            button: Button::Power,
            hold_ticks: 10
        }
    );
    assert_eq!(
        case.spec.events[1].action,
        Action::Set {
            knob: Knob::AmbientC,
            value: 5.0,
            over_ticks: 6000
        }
    );
    let Action::Configure(last) = &case.spec.events[8].action else {
        panic!("not a configuration")
    };
    assert_eq!(
        (last.heat_target_c, last.setpoint_slew_k_per_s),
        (42.0, 0.2)
    );
}

#[test]
fn a_timeline_steps_or_draws_straight_lines() {
    let step = with("[timeline]\ncsv = \"room.csv\"").spec.events;
    let line = with("[timeline]\ncsv = \"room.csv\"\ninterpolate = true")
        .spec
        .events;
    let set = |value, over_ticks| Action::Set {
        knob: Knob::AmbientC,
        value,
        over_ticks,
    };
    assert_eq!(
        step.iter().map(|e| e.at_tick).collect::<Vec<_>>(),
        [0, 500, 6050, 12_000]
    );
    assert_eq!(step[2].action, set(5.0, 0));
    assert_eq!(
        line.iter().map(|e| e.at_tick).collect::<Vec<_>>(),
        [0, 0, 500, 6050]
    );
    assert_eq!(line[1].action, set(5.0, 6050));
    assert_eq!(line[3].action, set(30.0, 5950));
}

#[test]
fn faults_have_targets_numbers_and_repetition() {
    let case = with(
        "[[fault]]\nkind = \"mosfet_partial\"\ntarget = \"lower\"\nat = \"5s\"\nshare = \"40 %\"\n\
         [[fault]]\nkind = \"ntc_open\"\ntarget = \"upper\"\nat = \"5s\"\nfor = \"10s\"\nrepeat = { every = \"1s\", duty = 0.25 }\n\
         [[fault]]\nkind = \"task_skipped\"\ntarget = \"guard\"\nat = \"5s\"\nfor = \"forever\"",
    );
    let faults = &case.spec.faults;
    assert_eq!((faults[0].target, faults[0].value), (1, 0.4));
    assert_eq!(faults[1].duration_ticks, Some(1000));
    assert_eq!(
        faults[1].repeat.map(|r| (r.every_ticks, r.on_ticks)),
        Some((100, 25))
    );
    assert_eq!(faults[2].duration_ticks, None);
}

#[test]
fn every_shape_of_expectation_is_understood() {
    for (text, want) in [
        ("always = \"film_upper_c < 50\"", "Always"),
        ("never = \"film_upper_c >= 50 degC\"", "Never"),
        ("eventually = \"film_upper_c > 43\"", "Eventually"),
        (
            "eventually = \"film_upper_c > 43\"\nbefore = \"5min\"",
            "Eventually",
        ),
        (
            "after = \"relay_closed\"\nwithin = \"500ms\"\nthen = \"heater_power_w > 1\"",
            "Respond",
        ),
        (
            "after = \"mode == latched\"\nalways = \"heater_power_w == 0\"\ndelay = \"20ms\"\nmay_be_vacuous = true",
            "AfterAlways",
        ),
        (
            "stays = \"40 < film_upper_c < 46\"\nfor = \"5min\"\nbefore = \"20min\"",
            "Stays",
        ),
        ("at_end = \"integral(heater_power_w) <= 20 kJ\"", "AtEnd"),
        (
            "limits = \"threshold\"\nfrom = \"1min\"\nuntil = \"10min\"",
            "Limits",
        ),
        ("limits = \"limits.toml\"", "Limits"),
    ] {
        let case = expecting(&format!("[[expect]]\nid = \"e\"\n{text}"));
        let kind = format!("{:?}", case.spec.checks[0].kind);
        assert!(kind.starts_with(want), "{text}: {kind}");
    }
}

#[test]
fn a_limits_file_becomes_its_lines() {
    let case = expecting("[[expect]]\nid = \"e\"\nlimits = \"limits.toml\"");
    let CheckKind::Limits(profile) = &case.spec.checks[0].kind else {
        panic!("no limits")
    };
    assert_eq!(profile.name, "house limits");
    assert_eq!(
        profile.lines[0].kind,
        LimitKind::Surface {
            at_c: 41.0,
            longest_s: 600.0
        }
    );
    assert_eq!(profile.lines.len(), 3);
}

#[test]
fn formulas_are_accepted_as_engineers_write_them() {
    for text in [
        "film_upper_c < 50 and film_lower_c < 50",
        "not (mode == latched or mode == off)",
        "abs(film_upper_c - film_lower_c) < 5 K",
        "heater_upper_power_w + heater_lower_power_w <= 24.5 W",
        "2 * heater_upper_power_w < 30",
        "relay_closed == false or not cutout_upper_closed",
        "relay_closed == relay_commanded",
        "fault_code != ntc_open",
        "film_upper_c > film_lower_c - 3",
        "-5 < kneading_angle_deg",
        "session_left_s <= 20 min",
        "film_upper_c < 122 degF",
        "40 <= film_upper_c <= 46 or heater_power_w == 0",
        "integral(relay_closed) < 30 s",
        "film_upper_c<50and mode==off",
        "fault.ntc_open and fault.ntc_open.upper",
    ] {
        let case = expecting(&format!(
            "[[fault]]\nkind = \"ntc_open\"\ntarget = \"upper\"\nat = \"5s\"\n[[expect]]\nid = \"e\"\nalways = \"{text}\""
        ));
        let CheckKind::Always(formula) = &case.spec.checks[0].kind else {
            panic!("{text}")
        };
        assert!(atoms(formula) > 0, "{text}");
    }
}

fn atoms(formula: &Formula) -> usize {
    match formula {
        Formula::Atom(atom) => {
            assert!(!atom.text.is_empty() && !atom.unit.is_empty());
            1
        }
        Formula::Not(inner) => atoms(inner),
        Formula::And(parts) | Formula::Or(parts) => parts.iter().map(atoms).sum(),
    }
}

#[test]
fn the_deciding_comparison_keeps_the_authors_words() {
    let case = expecting(
        "[[expect]]\nid = \"e\"\nalways = \"40 < film_upper_c  < 46 degC and relay_closed\"",
    );
    let CheckKind::Always(Formula::And(parts)) = &case.spec.checks[0].kind else {
        panic!("not an and")
    };
    let text = |f: &Formula| match f {
        Formula::Atom(a) => format!("{} [{}]", a.text, a.unit),
        other => panic!("{other:?}"),
    };
    let Formula::And(chain) = &parts[0] else {
        panic!("not a chain")
    };
    assert_eq!(text(&chain[0]), "40 < film_upper_c [degC]");
    assert_eq!(text(&chain[1]), "film_upper_c  < 46 degC [degC]");
    assert_eq!(text(&parts[1]), "relay_closed [1]");
}

#[test]
fn a_matrix_reaches_faults_events_products_and_settings() {
    let cases = cases(&format!(
        "{HEAD}{EXPECT}[[event]]\nat = \"1s\"\npress = \"power\"\n[[fault]]\nkind = \"ntc_open\"\n[matrix]\n\
         \"fault.0.target\" = [\"upper\", \"lower\"]\nfault.0.at = [\"5s\"]\n\"event.0.at\" = [\"1s\", \"2s\", \"3s\"]\n\
         \"product.base\" = [\"products/neck.toml\"]\n\"firmware.heat_target_c\" = [41, 42.5]"
    ));
    assert_eq!(cases.len(), 12);
    let targets: Vec<u8> = cases.iter().map(|c| c.spec.faults[0].target).collect();
    assert_eq!(targets, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    assert_eq!(cases[11].spec.events[0].at_tick, 300);
    assert_eq!(cases[11].spec.firmware.heat_target_c, 42.5);
    assert!(
        cases[11].name.ends_with("firmware.heat_target_c=42.5]"),
        "{}",
        cases[11].name
    );
}

#[test]
fn a_scenario_without_requirements_is_warned_of() {
    let text = format!("schema = 1\nname = \"n\"\ndescription = \"d\"\n{EXPECT}");
    let case = one(&text);
    assert_eq!(case.warnings.len(), 1);
    assert!(case.warnings[0].message.contains("requirements"));
}

#[test]
fn a_file_that_cannot_be_read_is_a_mistake() {
    for (path, want) in [
        ("nothing.toml", "the file does not exist"),
        ("products", "the file is not a file"),
    ] {
        let mistakes = load(&folder().join(path), &folder()).expect_err(path);
        assert_eq!(mistakes[0].message, want);
    }
}
