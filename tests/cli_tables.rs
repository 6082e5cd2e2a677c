//! The commands that run nothing: check, list, signals, schema, new, completions; and verify.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("kneadsim-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a folder");
    path
}

fn kneadsim(at: &PathBuf, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kneadsim"))
        .args(arguments)
        .current_dir(at)
        .output()
        .expect("it runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn the_help_documents_every_exit_code() {
    let at = folder("help");
    let help = out(&kneadsim(&at, &["run", "--help"]));
    for line in [
        "0  everything held",
        "1  an expectation failed",
        "2  the input was wrong",
        "3  nothing matched",
        "4  a device was lost",
        "130  interrupted",
    ] {
        assert!(help.contains(line), "no `{line}` in {help}");
    }
    let version = out(&kneadsim(&at, &["--version"]));
    assert!(
        version.starts_with(concat!("kneadsim ", env!("CARGO_PKG_VERSION"))),
        "{version}"
    );
    let _ = fs::remove_dir_all(at);
}

#[test]
fn signals_and_faults_are_listed_whole_within_120_columns() {
    let at = folder("signals");
    let listed: Value =
        serde_json::from_str(&out(&kneadsim(&at, &["signals", "--json"]))).expect("JSON");
    assert_eq!(
        listed.as_array().map(Vec::len),
        Some(kneadsim_sim::signal::Signal::COUNT)
    );
    let text = out(&kneadsim(&at, &["signals"]));
    for signal in kneadsim_sim::signal::Signal::ALL {
        assert!(text.contains(signal.name()), "{}", signal.name());
    }
    let faults = out(&kneadsim(&at, &["list", "--faults"]));
    for row in kneadsim_sim::fault::CATALOGUE {
        assert!(faults.contains(row.kind.name()), "{}", row.kind.name());
    }
    for line in text.lines().chain(faults.lines()) {
        assert!(line.chars().count() <= 120, "{line}");
    }
    let _ = fs::remove_dir_all(at);
}

#[test]
fn the_schema_is_a_json_schema() {
    let at = folder("schema");
    let schema: Value = serde_json::from_str(&out(&kneadsim(&at, &["schema"]))).expect("JSON");
    assert!(
        schema["$schema"].is_string() && schema["properties"]["expect"].is_object(),
        "{schema}"
    );
    let _ = fs::remove_dir_all(at);
}

#[test]
fn a_new_scenario_is_right_and_is_never_written_over_another() {
    let at = folder("new");
    assert_eq!(kneadsim(&at, &["new", "my_first"]).status.code(), Some(0));
    let check = kneadsim(&at, &["check", "scenarios/my_first.toml"]);
    assert_eq!(check.status.code(), Some(0), "{}", err(&check));
    fs::write(at.join("scenarios/my_first.toml"), "mine").expect("a file");
    let again = kneadsim(&at, &["new", "my_first"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(err(&again).contains("is there already"), "{}", err(&again));
    assert_eq!(
        fs::read_to_string(at.join("scenarios/my_first.toml")).expect("a file"),
        "mine"
    );
    for (name, expected, told) in [
        ("", 2, "hidden"),
        (".toml", 2, "hidden"),
        ("fault/", 2, "hidden"),
        ("a b", 0, "kneadsim run 'scenarios/a b.toml'"),
    ] {
        let new = kneadsim(&at, &["new", name]);
        let both = out(&new) + &err(&new);
        assert_eq!(new.status.code(), Some(expected), "{name}: {both}");
        assert!(both.contains(told), "{name}: {both}");
    }
    let _ = fs::remove_dir_all(at);
}

#[test]
fn check_reports_every_mistake_of_every_file_with_its_place() {
    let at = folder("check");
    fs::create_dir_all(at.join("scenarios")).expect("a folder");
    fs::write(
        at.join("scenarios/a.toml"),
        "schema = 1\nnmae = \"x\"\nexpects = 3\n",
    )
    .expect("a file");
    fs::write(at.join("scenarios/b.toml"), "schema = [[\n").expect("a file");
    let check = kneadsim(&at, &["check"]);
    assert_eq!(check.status.code(), Some(2));
    let errors = err(&check);
    for place in [
        "scenarios/a.toml:2:1: ",
        "scenarios/a.toml:3:1: ",
        "scenarios/b.toml:1:",
    ] {
        assert!(errors.contains(place), "no `{place}` in {errors}");
    }
    assert!(
        errors.contains("3 | expects = 3") && errors.contains("^^^^^^^"),
        "{errors}"
    );
    assert!(!at.join("out").exists(), "nothing is written");
    let json: Value =
        serde_json::from_str(&out(&kneadsim(&at, &["check", "--json"]))).expect("JSON");
    assert!(
        json["mistakes"].as_array().is_some_and(|m| m.len() >= 3),
        "{json}"
    );
    let _ = fs::remove_dir_all(at);
}

#[test]
fn list_shows_the_cases_of_a_matrix() {
    let at = folder("list");
    fs::create_dir_all(at.join("scenarios/fault")).expect("a folder");
    let text = "schema = 1\nname = \"n\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n[run]\nduration = \"10s\"\n\
        [[expect]]\nid = \"a\"\nalways = \"skin_surface_max_c < 43\"\n[matrix]\n\"user.site\" = [\"neck\", \"calf\"]\n";
    fs::write(at.join("scenarios/fault/m.toml"), text).expect("a file");
    let listed = kneadsim(&at, &["list"]);
    assert_eq!(listed.status.code(), Some(0), "{}", err(&listed));
    assert!(
        out(&listed).contains("fault/m[user.site=calf]") && out(&listed).contains("2 cases"),
        "{}",
        out(&listed)
    );
    let one = out(&kneadsim(&at, &["list", "--filter", "*calf*", "--json"]));
    let json: Value = serde_json::from_str(&one).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(1));
    for command in ["list", "check", "run"] {
        let none = kneadsim(&at, &[command, "--filter", "nothing like it"]);
        assert_eq!(none.status.code(), Some(3));
        let told = format!("nothing to {command}: --filter and --tag leave none of 2 cases");
        assert!(err(&none).contains(&told), "{}", err(&none));
    }
    let _ = fs::remove_dir_all(at);
}

#[test]
fn every_shell_gets_its_completions() {
    let at = folder("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = out(&kneadsim(&at, &["completions", shell]));
        assert!(
            script.contains("kneadsim") && script.contains("twice"),
            "{shell}"
        );
    }
    let _ = fs::remove_dir_all(at);
}

#[test]
fn verify_holds_writes_its_record_and_notices_a_changed_one() {
    let at = folder("verify");
    let first = kneadsim(&at, &["verify", "--out", "docs/verification.md"]);
    assert_eq!(first.status.code(), Some(0), "{}", out(&first));
    let record = fs::read_to_string(at.join("docs/verification.md")).expect("a record");
    assert!(
        record.lines().filter(|l| l.starts_with("| ok |")).count() > 10,
        "{record}"
    );
    assert_eq!(
        kneadsim(&at, &["verify", "--check", "--out", "docs/verification.md"])
            .status
            .code(),
        Some(0)
    );
    fs::write(at.join("docs/verification.md"), record + "x").expect("a file");
    assert_eq!(
        kneadsim(&at, &["verify", "--check", "--out", "docs/verification.md"])
            .status
            .code(),
        Some(1)
    );
    let _ = fs::remove_dir_all(at);
}
