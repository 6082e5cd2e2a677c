//! Files as they are in the world: a million rows, pipes, devices, links that lead out, files that go away.

#[path = "bounded/mod.rs"]
mod bounded;

use std::fs;
use std::process::Command;

use bounded::{answer, folder, kneadsim, many, with};

#[test]
fn a_million_rows_are_read_and_one_more_is_refused() {
    let path = folder("rows");
    let rows = |n| {
        let row = |i| format!("{}.{:02},ambient_c,2{}\n", i / 100, i % 100, i % 10);
        format!("time_s,signal,value\n{}", many(n, row))
    };
    let text = with("duration = \"3h\"", "[timeline]\ncsv = \"rows.csv\"\n");
    fs::write(path.join("a.toml"), text).expect("a file");
    for (name, csv, code, said) in [
        ("a million", rows(1_000_000), 0, ""),
        (
            "one more",
            rows(1_000_001),
            2,
            "rows.csv:1000002:1: more than 1000000 rows",
        ),
        (
            "a million mistakes",
            format!(
                "time_s,signal,value\n{}",
                "0,ambiant_c,5\n".repeat(1_000_000)
            ),
            2,
            "rows.csv:2:3: unknown condition",
        ),
        (
            "one row of 30 MB",
            format!("time_s,signal,value\n{}", "x".repeat(30_000_000)),
            2,
            "the row is longer than 256 bytes",
        ),
        (
            "too many bytes",
            "x".repeat(34_000_000),
            2,
            "is larger than 33554432 bytes",
        ),
    ] {
        fs::write(path.join("rows.csv"), csv).expect("a file");
        let (got, errors) = answer(&path, &["check", "a.toml"]);
        let start: String = errors.chars().take(600).collect();
        assert_eq!(got, Some(code), "{name}: {start}");
        assert!(errors.contains(said), "{name}: {start}");
    }
    let _ = fs::remove_dir_all(path);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_or_goes_away_or_leads_out_is_a_sentence_and_no_hang() {
    use std::os::unix::fs::symlink;
    let path = folder("files");
    let here = |name: &str| path.join("scenarios").join(name);
    let fifo = Command::new("mkfifo")
        .arg(here("pipe"))
        .status()
        .expect("mkfifo");
    assert!(fifo.success());
    fs::create_dir(here("folder.csv")).expect("a folder");
    fs::write(path.join("secret.toml"), "heater.power_w = 8\n").expect("a file");
    symlink("/dev/zero", here("zero.toml")).expect("a link");
    symlink(path.join("secret.toml"), here("link.toml")).expect("a link");
    symlink("vanished", here("dangling.toml")).expect("a link");
    symlink("loop.toml", here("loop.toml")).expect("a link");
    let base = |file: &str| format!("[product]\nbase = \"{file}\"\n");
    let csv = |file: &str| format!("[timeline]\ncsv = \"{file}\"\n");
    let limits = |file: &str| format!("[[expect]]\nid = \"l\"\nlimits = \"{file}\"\n");
    for (more, said) in [
        (base("pipe"), "the file \"pipe\" is not a file"),
        (csv("pipe"), "the file \"pipe\" is not a file"),
        (csv("folder.csv"), "the file \"folder.csv\" is not a file"),
        (base("../secret.toml"), "leaves the scenario root folder"),
        (
            base("folder.csv/../../secret.toml"),
            "leaves the scenario root folder",
        ),
        (base("link.toml"), "leaves the scenario root folder"),
        (base("zero.toml"), "leaves the scenario root folder"),
        (
            limits("../../../../../../etc/passwd.toml"),
            "`limits`: the file",
        ),
        (
            limits("/etc/x.toml"),
            "must be relative to the scenario's folder",
        ),
        (
            csv("/dev/zero"),
            "must be relative to the scenario's folder",
        ),
        (csv("vanished.csv"), "does not exist"),
        (csv("dangling.toml"), "does not exist"),
        (csv("loop.toml"), "cannot be read"),
        (csv("a\\u0000b"), "cannot be read"),
        (csv(&"x".repeat(5000)), "cannot be read"),
        (base("a.toml"), "is based on itself"),
    ] {
        fs::write(here("a.toml"), with("duration = \"5s\"", &more)).expect("a file");
        let (code, errors) = answer(&path, &["check", "scenarios/a.toml"]);
        assert_eq!(code, Some(2), "{more}{errors}");
        let base_of_a_scenario = more.contains("\"a.toml\"");
        assert!(
            base_of_a_scenario || errors.contains(said),
            "{more}{errors}"
        );
    }
    // Found in a folder, or named: each is told, and the good file still runs.
    fs::write(here("a.toml"), with("duration = \"1s\"", "")).expect("a file");
    for (arguments, said) in [
        (
            &["run", "scenarios"][..],
            "dangling.toml:1:1: the file does not exist",
        ),
        (
            &["run", "scenarios"],
            "zero.toml:1:1: the file is not a file",
        ),
        (
            &["run", "scenarios"],
            "loop.toml:1:1: the file cannot be read",
        ),
        (
            &["run", "scenarios/a.toml", "scenarios/pipe"],
            "pipe:1:1: the file is not a file",
        ),
        (
            &["run", "scenarios/a.toml", "/dev/zero"],
            "/dev/zero:1:1: the file is not a file",
        ),
        (
            &["run", "scenarios/a.toml", "vanished"],
            "vanished:1:1: cannot be read",
        ),
    ] {
        let output = kneadsim(&path, arguments);
        let (out, errors) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {errors}");
        assert!(errors.contains(said), "{arguments:?} {errors}");
        assert!(out.contains("1 PASS"), "{arguments:?} {out}");
    }
    let _ = fs::remove_dir_all(path);
}

/// An administrator reads everything: then there is nothing to refuse.
#[cfg(unix)]
#[test]
fn a_file_without_permission_is_a_mistake() {
    use std::os::unix::fs::PermissionsExt;
    let path = folder("permission");
    let file = path.join("a.toml");
    fs::write(&file, with("duration = \"1s\"", "")).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("permissions");
    let readable = fs::read(&file).is_ok();
    let (code, errors) = answer(&path, &["check", "a.toml"]);
    let told = errors.contains("a.toml:1:1: the file may not be read");
    assert_eq!(
        (code, told),
        (Some(if readable { 0 } else { 2 }), !readable),
        "{errors}"
    );
    let _ = fs::remove_dir_all(path);
}
