//! `kneadsim faults` as a user sees it: exit codes, reports, what is not applicable, Ctrl-C.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// An empty folder of its own for each test, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("kneadsim-faults-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kneadsim"));
        command.arg("faults").args(arguments).current_dir(&self.0);
        command
    }

    fn faults(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("it runs")
    }

    /// A scenario with these lines of `[firmware]`, and more below.
    fn scenario(&self, name: &str, firmware: &str, more: &str) {
        let text = format!(
            "schema = 1\nname = \"n\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n\
             [run]\nduration = \"10s\"\n[user]\nprofile = \"elderly\"\n\
             [firmware]\nsession_short_s = 150\nsession_default_s = 200\nsession_long_s = 240\n\
             use_max_s = 240\nrest_s = 120\n{firmware}\n\
             [[expect]]\nid = \"safe\"\nlimits = \"consumer\"\n{more}"
        );
        fs::write(self.0.join(name), text).expect("a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

#[test]
fn rows_that_hold_end_with_0_and_are_in_every_report() {
    let at = Folder::new("held");
    at.scenario("short.toml", "", "");
    let filter = ["--filter", "holding/ntc_open", "--out", "o"];
    let held = at.faults(&[&["short.toml"], &filter[..]].concat());
    assert_eq!(code(&held), 0, "{}{}", out(&held), err(&held));
    assert!(
        out(&held).contains("single faults: 8 rows, none failed"),
        "{}",
        out(&held)
    );
    for line in out(&held).lines() {
        assert!(line.chars().count() <= 130, "{line}");
    }
    let csv = at.read("o/faults.csv");
    assert_eq!(csv.lines().count(), 9);
    for name in ["o/faults.csv", "o/faults.html", "o/faults.md"] {
        let text = at.read(name);
        assert!(
            text.contains("ntc_open") || text.contains("ntc\\_open"),
            "{name}"
        );
        assert!(text.contains("PASS"), "{name}");
    }
    let json = at.faults(&[&["short.toml", "--json"], &filter[..]].concat());
    let json: Value = serde_json::from_str(&out(&json)).expect("JSON and nothing else");
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), &json["pass"]), (8, &Value::from(8)));
    for row in rows {
        assert_eq!(row["detected_by"], "ntc_open", "{row}");
        let after_s = row["detected_after_s"].as_f64().expect("a time");
        assert!((0.05..=0.15).contains(&after_s), "{row}");
    }
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let at = Folder::new("threads");
    at.scenario("short.toml", "", "");
    for jobs in ["1", "2"] {
        let arguments = [
            "short.toml",
            "--filter",
            "holding/adc_ref",
            "--filter",
            "off/mosfet_open",
            "--barriers",
            "--jobs",
            jobs,
            "--out",
            jobs,
        ];
        assert_eq!(code(&at.faults(&arguments)), 0);
    }
    for name in ["faults.csv", "faults.md"] {
        let text = at.read(&format!("1/{name}"));
        assert!(text.lines().count() > 18, "{text}");
        assert_eq!(text, at.read(&format!("2/{name}")), "{name}");
    }
}

#[test]
fn a_firmware_that_notices_nothing_fails_where_a_sound_one_holds() {
    let at = Folder::new("broken");
    at.scenario("sound.toml", "", "");
    // A trip far too high: 24 V on a 12 V unit.
    at.scenario("broken.toml", "supply_high_v = 30", "");
    let filters = ["--filter", "*ing/adapter_24v*", "--out", "o"];
    let sound = at.faults(&[&["sound.toml"], &filters[..]].concat());
    assert_eq!(code(&sound), 0, "{}", out(&sound));
    let broken = at.faults(&[&["broken.toml"], &filters[..]].concat());
    assert_eq!(code(&broken), 1, "{}{}", out(&broken), err(&broken));
    let csv = at.read("o/faults.csv");
    for row in csv.lines().filter(|line| line.contains("holding/")) {
        assert!(row.contains(",FAIL,never safe,"), "{row}");
    }
    assert!(csv.matches(",FAIL,").count() >= 8, "{csv}");
    assert!(at.read("o/faults.md").contains("## What failed"));
}

#[test]
fn what_the_product_does_not_have_is_listed_with_the_reason() {
    let at = Folder::new("absent");
    at.scenario("short.toml", "", "");
    let arguments = ["short.toml", "--filter", "off/fan", "--json"];
    let json: Value = serde_json::from_str(&out(&at.faults(&arguments))).expect("JSON");
    let absent = json["not_applicable"].as_array().expect("a list");
    for (fault, why) in [
        ("film_crack", "grid = \"field\""),
        ("node_parked", "grid = \"field\""),
        ("encoder_lost", "needs an encoder"),
        ("pack_hot", "needs a battery pack"),
    ] {
        let listed = absent.iter().find(|a| a["fault"] == fault);
        let reason = listed.map(|a| a["reason"].as_str().unwrap_or_default().to_owned());
        assert!(
            reason.is_some_and(|r| r.contains(why)),
            "{fault}: {absent:?}"
        );
    }
    let arguments = [
        "short.toml",
        "--filter",
        "off/film_short",
        "--field",
        "--json",
    ];
    let json: Value = serde_json::from_str(&out(&at.faults(&arguments))).expect("JSON");
    assert_eq!(json["rows"].as_array().map(Vec::len), Some(18));
    let absent = json["not_applicable"].as_array().expect("a list");
    assert!(
        absent.iter().all(|a| a["fault"] != "film_short"),
        "{absent:?}"
    );
}

#[test]
fn latent_faults_come_first_and_barriers_say_what_is_enough() {
    let at = Folder::new("latent");
    at.scenario("short.toml", "", "");
    let arguments = [
        "short.toml",
        "--filter",
        "*holding/mosfet_short[[]upper*",
        "--filter",
        "holding/mosfet_short[upper",
        "--latent",
        "--barriers",
        "--json",
    ];
    let json: Value = serde_json::from_str(&out(&at.faults(&arguments))).expect("JSON");
    let rows = json["rows"].as_array().expect("rows");
    let of = |after: &str| {
        rows.iter()
            .filter(|row| row["after"].as_str().unwrap_or_default() == after)
            .collect::<Vec<_>>()
    };
    for after in [
        "",
        "relay_welded",
        "cutout_welded.upper",
        "cutout_welded.lower",
    ] {
        assert_eq!(of(after).len(), 4, "{after}");
    }
    for row in of("") {
        assert_eq!(row["barriers_enough"], "cut-out, or relay", "{row}");
        assert_eq!(row["lines_of_defence"], 2, "{row}");
    }
    for row in of("relay_welded") {
        // The relay cannot take the power; the cut-out must, and the skin is hotter for it.
        assert_eq!(row["barriers_enough"], Value::Null);
        assert_eq!(row["detected_by"], "heater_current_wrong", "{row}");
        assert!(
            row["skin_max_c"].as_f64() > of("")[0]["skin_max_c"].as_f64(),
            "{row}"
        );
    }
}

#[test]
fn wrong_input_is_told_with_its_place_and_ends_with_2_and_nothing_with_3() {
    let at = Folder::new("wrong");
    at.scenario("short.toml", "", "");
    at.scenario(
        "matrix.toml",
        "",
        "[matrix]\n\"user.site\" = [\"neck\", \"calf\"]\n",
    );
    // No film warms as fast as this one is said to at the least.
    at.scenario("trips.toml", "film_capacity_max_j_per_k = 5", "");
    fs::write(at.0.join("broken.toml"), "schema = 1\nnmae = 3\n").expect("a file");
    for (arguments, expected, told) in [
        (&["absent.toml"][..], 2, "absent.toml"),
        (&["broken.toml"], 2, "broken.toml:2:1"),
        (&["matrix.toml"], 2, "--case leaves 2 of 2 cases"),
        (
            &["matrix.toml", "--case", "elbow"],
            2,
            "--case leaves none of 2",
        ),
        (&["trips.toml"], 2, "trips by itself"),
        (&["--case", "x"], 2, "SCENARIO"),
        (
            &["short.toml", "--filter", "no such row"],
            3,
            "leaves none of",
        ),
        (
            &["short.toml", "--filter", "off/fan", "--out", "short.toml"],
            2,
            "not a folder",
        ),
    ] {
        let output = at.faults(arguments);
        let both = out(&output) + &err(&output);
        assert_eq!(code(&output), expected, "{arguments:?}: {both}");
        assert!(both.contains(told), "{arguments:?}: {both}");
        assert!(!both.contains("panicked"), "{arguments:?}: {both}");
    }
    let one = ["matrix.toml", "--case", "calf", "--filter", "off/fan"];
    let output = at.faults(&one);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(
        out(&output).contains("elderly on the calf"),
        "{}",
        out(&output)
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_finished_and_ends_with_130() {
    let at = Folder::new("interrupt");
    let child = at
        .command(&["--latent", "--jobs", "1", "--out", "o"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // Long enough for some rows, far from long enough for all.
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(6) {
        std::thread::park_timeout(Duration::from_millis(50));
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .expect("kill")
            .success()
    );
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{}", err(&output));
    assert!(
        out(&output).contains("interrupted with"),
        "{}",
        out(&output)
    );
    let rows = at.read("o/faults.csv").lines().count() - 1;
    assert!((1..10_000).contains(&rows), "{rows}");
    assert!(at.read("o/faults.md").contains("interrupted with"));
}
