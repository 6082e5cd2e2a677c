//! Firmware in C behind `--device exec:`: the example pad, naive and safe, on the scenarios for
//! any firmware. The safe one passes them all, the naive one breaks what it is written to break.
//!
//! The same firmware as an image for the chip is `tests/devices/run`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the naive pad breaks: case, and the expectations that fail, without the limit lines of skin.
const NAIVE_BREAKS: [(&str, &[&str]); 9] = [
    ("asleep_frail", &[]),
    ("forgotten_trip", &["no heat after the power cycle"]),
    (
        "mosfet_short",
        &[
            "a film above 50 degC is off within 5 s",
            "power goes in five seconds and stays away",
        ],
    ),
    (
        "ntc_detached[fault.0.at=0s]",
        &["a film above 50 degC is off within 5 s"],
    ),
    (
        "ntc_detached[fault.0.at=4min]",
        &["a film above 50 degC is off within 5 s"],
    ),
    (
        "ntc_open",
        &[
            "a film above 50 degC is off within 5 s",
            "power goes in half a second and stays away",
        ],
    ),
    (
        "pwm_stuck_on",
        &[
            "a film above 50 degC is off within 5 s",
            "power goes in five seconds and stays away",
        ],
    ),
    (
        "rotor_locked",
        &["off a second later", "off for good after a minute"],
    ),
    (
        "session_after_session",
        &["half an hour of heat in the first hour"],
    ),
];

/// Of these, where skin stays within the profile all the same.
const NAIVE_SKIN_HOLDS: [&str; 2] = ["forgotten_trip", "rotor_locked"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository is there")
}

/// Runs the script that builds; what it says.
fn build(script: &mut Command) -> String {
    let ran = script
        // Images are not this test's.
        .env("ARM_CC", "no-such-compiler")
        .output()
        .expect("the script runs");
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{errors}");
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// Builds the programs into a folder of this test's own, which is given back.
fn built(name: &str) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let script = root().join("crates/wire/examples/heated_pad/build");
    let said = build(Command::new(script).arg(&out));
    assert!(said.contains("skipped: pad_safe.elf"), "{said}");
    out
}

/// The first C file of the document, made a firmware by the steps that stand there.
fn built_as_documented() -> PathBuf {
    let text = fs::read_to_string(root().join("docs/bring-your-own-firmware.md"))
        .expect("the document is there");
    let (_, below) = text.split_once("\n```c\n").expect("a C file");
    let (listing, _) = below.split_once("```").expect("its end");
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own_copy");
    let _ = fs::remove_dir_all(&copy);
    fs::create_dir_all(&copy).expect("a folder");
    let example = root().join("crates/wire/examples/heated_pad");
    let header = root().join("crates/wire/c/kneadsim_wire.h");
    let files = fs::read_dir(example).expect("the example is there");
    let files = files.map(|entry| entry.expect("an entry").path());
    for file in files.chain([header]) {
        fs::copy(&file, copy.join(file.file_name().expect("a name"))).expect("a copy");
    }
    fs::write(copy.join("my_pad.c"), listing).expect("a file");
    let script = copy.join("build");
    let lines = fs::read_to_string(&script).expect("the script");
    let added = lines.replacen("firmware=(\n", "firmware=(\n  \"my_pad\"\n", 1);
    assert_ne!(lines, added);
    fs::write(&script, added).expect("the script can be written");
    build(Command::new(script).env_remove("CARGO_TARGET_DIR"));
    copy.join("target/heated_pad/my_pad")
}

/// Case -> ids of the findings that failed, of every case that ran.
fn failed(program: &Path, more: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let name = program
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let out = program.with_extension("out");
    let _ = fs::remove_dir_all(&out);
    let ran = Command::new(env!("CARGO_BIN_EXE_kneadsim"))
        .current_dir(root())
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .args(["run", "scenarios/any_firmware", "--json"])
        .args(more)
        .arg("--device")
        .arg(format!("exec:{}", program.display()))
        .arg("--out")
        .arg(&out)
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&ran.stdout);
    let errors = String::from_utf8_lossy(&ran.stderr);
    let value: serde_json::Value =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{name}: no JSON: {text} {errors}"));
    let cases = value["cases"].as_array().expect("cases");
    let mut all = BTreeMap::new();
    for case in cases {
        let case_name = case["name"].as_str().expect("a name");
        assert!(case["broken_off"].is_null(), "{name}: {case_name}: {case}");
        let findings = case["findings"].as_array().expect("findings");
        let ids: BTreeSet<String> = findings
            .iter()
            .filter(|finding| finding["verdict"] == "FAIL")
            .map(|finding| finding["id"].as_str().expect("an id").to_owned())
            .collect();
        let passed = case["verdict"] == "PASS";
        assert_eq!(passed, ids.is_empty(), "{name}: {case_name}");
        let short = case_name
            .strip_prefix("any_firmware/")
            .expect("of the folder");
        all.insert(short.to_owned(), ids);
    }
    let wanted = i32::from(all.values().any(|ids| !ids.is_empty()));
    assert_eq!(ran.status.code(), Some(wanted), "{name}: {errors}");
    all
}

#[test]
fn the_safe_pad_passes_what_any_firmware_must() {
    let all = failed(&built("own_safe").join("pad_safe"), &[]);
    let broken: Vec<_> = all.iter().filter(|(_, ids)| !ids.is_empty()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(all.len() > NAIVE_BREAKS.len(), "only {} cases", all.len());
}

#[test]
fn the_naive_pad_breaks_what_it_is_written_to_break_and_nothing_else() {
    let all = failed(&built("own_naive").join("pad_naive"), &[]);
    let skin = |id: &str| id.starts_with("skin stays safe: ");
    let mut got = BTreeMap::new();
    for (case, ids) in all.iter().filter(|(_, ids)| !ids.is_empty()) {
        let burned = ids.iter().any(|id| skin(id));
        assert_eq!(
            burned,
            !NAIVE_SKIN_HOLDS.contains(&case.as_str()),
            "{case}: {ids:?}"
        );
        let others: BTreeSet<&str> = ids
            .iter()
            .map(String::as_str)
            .filter(|id| !skin(id))
            .collect();
        got.insert(case.as_str(), others);
    }
    let wanted: BTreeMap<&str, BTreeSet<&str>> = NAIVE_BREAKS
        .iter()
        .map(|(case, ids)| (*case, ids.iter().copied().collect()))
        .collect();
    assert_eq!(got, wanted);
}

#[test]
fn a_firmware_that_does_nothing_burns_nobody_and_warms_nobody() {
    let all = failed(
        &built("own_template").join("pad_template"),
        &["--tag", "normal"],
    );
    for (case, ids) in &all {
        assert!(!ids.is_empty(), "{case}");
        assert!(
            !ids.iter().any(|id| id.starts_with("skin stays safe")),
            "{case}: {ids:?}"
        );
    }
    assert!(all.len() >= 4, "only {} cases", all.len());
}

#[test]
fn the_thermostat_of_the_document_is_built_as_it_says_and_judged_as_it_says() {
    let program = built_as_documented();
    let all = failed(
        &program,
        &["--filter", "*session[*t_shirt*", "--filter", "*ntc_short"],
    );
    let ids: Vec<&str> = all["session[user.clothing=t_shirt]"]
        .iter()
        .map(String::as_str)
        .collect();
    assert_eq!(ids, ["no overshoot", "over by itself"]);
    assert!(all["ntc_short"].is_empty(), "{all:?}");
}
