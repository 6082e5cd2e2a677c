//! `kneadsim run` as a user sees it: lines, exit codes, files, bundles.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

/// An empty folder of its own for each test, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kneadsim-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn kneadsim(&self, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("kneadsim").expect("the binary is built");
        command
            .current_dir(&self.0)
            .env_remove("GITHUB_ACTIONS")
            .env_remove("GITHUB_STEP_SUMMARY");
        command.args(arguments).output().expect("it runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

/// A short case on the column grid; `expect` is its one expectation.
fn scenario(expect: &str, more: &str) -> String {
    format!(
        "schema = 1\nname = \"short\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\ntags = [\"quick\"]\n\
         [run]\nduration = \"20s\"\ngrid = \"column\"\n[[event]]\nat = \"1s\"\npress = \"power\"\n\
         [[expect]]\nid = \"the expectation\"\n{expect}\n{more}"
    )
}

const HOLDS: &str = "always = \"skin_surface_max_c < 43\"";
const FAILS: &str = "always = \"film_upper_c < 30\"";
const UNDECIDED: &str = "after = \"mode == latched\"\nalways = \"heater_power_w == 0\"";

#[test]
fn every_outcome_has_its_exit_code() {
    for (name, files, arguments, expected) in [
        (
            "held",
            vec![("scenarios/a.toml", scenario(HOLDS, ""))],
            vec!["run"],
            0,
        ),
        (
            "failed",
            vec![("scenarios/a.toml", scenario(FAILS, ""))],
            vec!["run"],
            1,
        ),
        (
            "undecided",
            vec![("scenarios/a.toml", scenario(UNDECIDED, ""))],
            vec!["run"],
            1,
        ),
        (
            "broken",
            vec![("scenarios/a.toml", "schema = = 1".to_string())],
            vec!["run"],
            2,
        ),
        ("absent", vec![], vec!["run", "nowhere.toml"], 2),
        ("misspelt", vec![], vec!["run", "--filtr", "x"], 2),
        (
            "empty",
            vec![("scenarios/notes.txt", String::new())],
            vec!["run"],
            3,
        ),
        (
            "filtered",
            vec![("scenarios/a.toml", scenario(HOLDS, ""))],
            vec!["run", "--filter", "zzz"],
            3,
        ),
        (
            "untagged",
            vec![("scenarios/a.toml", scenario(HOLDS, ""))],
            vec!["run", "--tag", "zzz"],
            3,
        ),
        (
            "tagged",
            vec![("scenarios/a.toml", scenario(HOLDS, ""))],
            vec!["run", "--tag", "quick"],
            0,
        ),
    ] {
        let folder = Folder::new(&format!("exit-{name}"));
        for (path, content) in files {
            folder.write(path, &content);
        }
        let output = folder.kneadsim(&arguments);
        assert_eq!(
            code(&output),
            expected,
            "{name}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
    }
}

#[test]
fn a_line_per_case_names_verdict_margin_time_and_digest_within_120_columns() {
    let folder = Folder::new("lines");
    folder.write("scenarios/a.toml", &scenario(HOLDS, "[matrix]\n\"user.site\" = [\"neck\", \"waist\"]\n\"environment.ambient_c\" = [5.0, 23.0]\n"));
    folder.write("scenarios/b.toml", &scenario(FAILS, ""));
    let output = folder.kneadsim(&["run", "--jobs", "2"]);
    let out = text(&output.stdout);
    assert!(!out.contains('\x1b'), "no colours into a pipe");
    let lines: Vec<&str> = out.lines().collect();
    let passes: Vec<&&str> = lines.iter().filter(|l| l.starts_with("PASS ")).collect();
    assert_eq!(passes.len(), 4, "{out}");
    assert!(
        passes[0].contains("a[user.site=neck") || passes[0].contains("a[neck"),
        "{out}"
    );
    let fail = lines
        .iter()
        .find(|l| l.starts_with("FAIL "))
        .expect("a failed case");
    for part in ["-", " K ", "film_upper_c < 30", "20s"] {
        assert!(fail.contains(part), "no `{part}` in {fail}");
    }
    assert!(
        lines
            .iter()
            .all(|l| l.chars().count() <= 120 || l.contains("repeat:")),
        "{out}"
    );
    let digest = fail.split_whitespace().last().expect("a digest");
    assert!(
        digest.len() == 12 && digest.chars().all(|c| c.is_ascii_hexdigit()),
        "{fail}"
    );
    assert!(out.contains("5 cases: 4 PASS, 1 FAIL"), "{out}");
    assert!(out.contains("energy balance closes within"), "{out}");
    assert!(text(&output.stderr).is_empty(), "{}", text(&output.stderr));
}

#[test]
fn order_digests_and_verdicts_do_not_depend_on_the_number_of_jobs() {
    let folder = Folder::new("jobs");
    folder.write(
        "scenarios/a.toml",
        &scenario(
            HOLDS,
            "[matrix]\n\"environment.ambient_c\" = [5, 15, 23, 30, 40]\n",
        ),
    );
    let names = |jobs: &str| -> Vec<(String, String)> {
        let output = folder.kneadsim(&["run", "--json", "--jobs", jobs]);
        let value: Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
        let case = |c: &Value| (c["name"].to_string(), c["digest"].to_string());
        value["cases"]
            .as_array()
            .expect("cases")
            .iter()
            .map(case)
            .collect()
    };
    let alone = names("1");
    assert_eq!(alone.len(), 5);
    assert_eq!(alone, names("4"));
}

#[test]
fn json_on_the_standard_output_is_one_document_also_when_things_go_wrong() {
    let folder = Folder::new("json");
    folder.write("scenarios/a.toml", &scenario(FAILS, ""));
    folder.write("scenarios/broken.toml", "schema = 1\nexpects = 3\n");
    let output = folder.kneadsim(&["run", "--json"]);
    assert_eq!(code(&output), 2);
    let value: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(value["exit_code"], 2);
    assert_eq!(value["cases"][0]["verdict"], "FAIL");
    assert_eq!(value["cases"][0]["digest"].as_str().map(str::len), Some(32));
    assert!(
        value["cases"][0]["findings"][0]["margin"]
            .as_f64()
            .expect("a margin")
            < 0.0
    );
    assert!(!value["mistakes"].as_array().expect("mistakes").is_empty());
    let errors = text(&output.stderr);
    assert!(errors.contains("broken.toml:2:1: "), "{errors}");
    assert!(errors.contains("^^^"), "{errors}");
}

#[test]
fn a_failed_case_leaves_a_bundle_that_repeats_it_to_the_last_bit() {
    let folder = Folder::new("bundle");
    folder.write(
        "scenarios/a.toml",
        &scenario(
            FAILS,
            "[matrix]\n\"environment.ambient_c\" = [25.0, -5.0]\n",
        ),
    );
    let output = folder.kneadsim(&["run", "--json"]);
    let first: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let failed = &first["cases"][0];
    let bundle = PathBuf::from(failed["bundle"].as_str().expect("a bundle"));
    for file in [
        "scenario.toml",
        "trace.csv",
        "around_failure.csv",
        "findings.json",
        "notes.csv",
        "repeat.txt",
    ] {
        assert!(folder.0.join(&bundle).join(file).is_file(), "no {file}");
    }
    let around = folder.read(bundle.join("around_failure.csv").to_str().expect("a path"));
    let times: Vec<f64> = around
        .lines()
        .skip(1)
        .map(|l| {
            l.split(',')
                .next()
                .unwrap_or_default()
                .parse()
                .expect("a time")
        })
        .collect();
    let worst = failed["tightest"]["worst_at_s"]
        .as_f64()
        .expect("an instant");
    assert!(
        times.first().is_some_and(|t| *t <= worst) && times.last().is_some_and(|t| *t >= worst)
    );
    assert!(
        times.windows(2).all(|w| (w[1] - w[0] - 0.01).abs() < 1e-9),
        "every tick"
    );

    let repeat = folder.read(bundle.join("repeat.txt").to_str().expect("a path"));
    let command = repeat
        .lines()
        .next()
        .expect("a command")
        .strip_prefix("kneadsim ")
        .expect("kneadsim");
    let mut arguments: Vec<&str> = command.split(' ').collect();
    arguments.push("--json");
    let again: Value = serde_json::from_slice(&folder.kneadsim(&arguments).stdout).expect("JSON");
    assert_eq!(again["cases"][0]["digest"], failed["digest"]);
    assert_eq!(
        again["cases"][0]["bundle"], failed["bundle"],
        "the bundle keeps its place"
    );
}

#[test]
fn a_bundle_that_cannot_be_written_leaves_nothing_and_the_reports_are_there() {
    let folder = Folder::new("half-bundle");
    folder.write("scenarios/a.toml", &scenario(FAILS, ""));
    folder.write("out/failures/a", "a file where the bundle should be");
    let output = folder.kneadsim(&["run"]);
    let errors = text(&output.stderr);
    assert_eq!(code(&output), 2, "{errors}");
    assert!(errors.contains("cannot write out/failures/a"), "{errors}");
    let beside = std::fs::read_dir(folder.0.join("out/failures")).expect("a folder");
    assert_eq!(beside.count(), 1, "half a bundle stays");
    for name in ["junit.xml", "summary.md", "results.json", "report.html"] {
        assert!(folder.0.join("out").join(name).is_file(), "no {name}");
    }
}

#[test]
fn what_to_type_next_survives_a_shell_also_with_spaces_in_paths() {
    let folder = Folder::new("spaces");
    folder.write("scenarios/a.toml", &scenario(FAILS, ""));
    let out = text(&folder.kneadsim(&["run", "--out", "my out"]).stdout);
    let line = "repeat: kneadsim run 'my out/failures/a/scenario.toml'";
    assert!(out.contains(line), "{out}");
    for (file, quote) in [("report.html", "&#39;"), ("junit.xml", "&apos;")] {
        let report = folder.read(&format!("my out/{file}"));
        let command = format!("kneadsim run {quote}my out/failures/a/scenario.toml{quote}");
        assert!(report.contains(&command), "{file}: {report}");
    }
}

#[test]
fn a_case_that_did_not_hold_tells_the_fault_in_which_the_firmware_ended() {
    let folder = Folder::new("latched");
    let weak = "[product]\nheater.power_w = 8.0\n";
    folder.write(
        "scenarios/a.toml",
        &scenario("eventually = \"film_upper_c > 30\"", weak),
    );
    folder.write("scenarios/b.toml", &scenario(HOLDS, weak));
    folder.write("scenarios/c.toml", &scenario(FAILS, ""));
    let out = text(&folder.kneadsim(&["run"]).stdout);
    let line = "the firmware ended in mode latched, fault heater_resistance since 0:01.";
    assert_eq!(out.matches(line).count(), 1, "{out}");
    assert_eq!(out.matches("the firmware ended").count(), 1, "{out}");
    let html = folder.read("out/report.html");
    assert!(
        html.contains("<p>The firmware ended in mode latched"),
        "{html}"
    );
}

#[test]
fn a_bundle_goes_when_its_case_holds_again() {
    let folder = Folder::new("stale");
    folder.write("scenarios/a.toml", &scenario(FAILS, ""));
    folder.kneadsim(&["run"]);
    assert!(folder.0.join("out/failures/a").is_dir());
    folder.write("scenarios/a.toml", &scenario(HOLDS, ""));
    assert_eq!(code(&folder.kneadsim(&["run"])), 0);
    assert!(!folder.0.join("out/failures/a").exists());
}

#[test]
fn traces_describe_themselves() {
    let folder = Folder::new("trace");
    folder.write("scenarios/a.toml", &scenario(HOLDS, ""));
    assert_eq!(code(&folder.kneadsim(&["run", "--trace"])), 0);
    let csv = folder.read("out/traces/a.csv");
    let header = csv.lines().next().expect("a header");
    assert!(header.starts_with("time_s,"), "{header}");
    assert!(header.contains("film_upper_c[degC]"), "{header}");
    let columns = header.split(',').count();
    assert!(csv.lines().count() > 10 && csv.lines().all(|l| l.split(',').count() == columns));
}

#[test]
fn two_runs_of_each_case_agree() {
    let folder = Folder::new("twice");
    folder.write("scenarios/a.toml", &scenario(HOLDS, ""));
    assert_eq!(code(&folder.kneadsim(&["run", "--twice"])), 0);
}

#[test]
fn reports_are_written_and_stand_alone() {
    let folder = Folder::new("reports");
    folder.write("scenarios/a.toml", &scenario(HOLDS, ""));
    folder.write("scenarios/b.toml", &scenario(FAILS, ""));
    folder.kneadsim(&["run", "--out", "deep/results"]);
    let html = folder.read("deep/results/report.html");
    for part in [
        "<svg",
        "temperature, \u{b0}C",
        "time, s",
        "BURN-01",
        "film_upper_c &lt; 30",
    ] {
        assert!(html.contains(part), "no `{part}`");
    }
    let foreign = html.replace("http://www.w3.org/2000/svg", "");
    assert!(
        !foreign.contains("http://") && !foreign.contains("https://"),
        "nothing from elsewhere"
    );
    let summary = folder.read("deep/results/summary.md");
    for part in [
        "# kneadsim: 1 case did not hold",
        "| FAIL | b |",
        "| BURN-01 | 2 | FAIL |",
    ] {
        assert!(summary.contains(part), "no `{part}` in {summary}");
    }
    let json: Value =
        serde_json::from_str(&folder.read("deep/results/results.json")).expect("JSON");
    assert_eq!(json["counts"]["fail"], 1);
}

#[test]
fn github_gets_annotations_and_a_summary() {
    let folder = Folder::new("github");
    for i in 0..12 {
        folder.write(&format!("scenarios/f{i:02}.toml"), &scenario(FAILS, ""));
    }
    folder.write("page.md", "before\n");
    let output = Command::cargo_bin("kneadsim")
        .expect("the binary")
        .current_dir(&folder.0)
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", folder.0.join("page.md"))
        .arg("run")
        .output()
        .expect("it runs");
    let both = text(&output.stdout) + &text(&output.stderr);
    let annotations: Vec<&str> = both
        .lines()
        .filter(|l| l.starts_with("::error file=scenarios/f"))
        .collect();
    assert_eq!(annotations.len(), 10, "{both}");
    let page = folder.read("page.md");
    assert!(
        page.starts_with("before\n# kneadsim: 12 cases did not hold"),
        "{page}"
    );
}

#[test]
fn the_files_reached_by_two_paths_run_once() {
    let folder = Folder::new("doubles");
    folder.write("scenarios/a.toml", &scenario(HOLDS, ""));
    let output = folder.kneadsim(&["run", "scenarios", "scenarios/a.toml", "./scenarios"]);
    assert!(
        text(&output.stdout).contains("1 case: 1 PASS"),
        "{}",
        text(&output.stdout)
    );
    assert!(Path::new(&folder.0).join("out/junit.xml").is_file());
}
