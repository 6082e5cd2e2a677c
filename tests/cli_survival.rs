//! What goes wrong around a run: panics, lost devices, Ctrl-C, closed pipes, full or forbidden folders.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use kneadsim_cli::engine::{Plan, Stop, run_all};
use kneadsim_firmware::io::{Inputs, Outputs};
use kneadsim_sim::{Boot, Device, InProcess, Injection};

const SHORT: &str = "schema = 1\nname = \"short\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n\
    [run]\nduration = \"5s\"\ngrid = \"column\"\n[[expect]]\nid = \"safe\"\nalways = \"skin_surface_max_c < 43\"\n";

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("kneadsim-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(path.join("scenarios")).expect("a folder");
    path
}

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kneadsim"));
    command
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY");
    command
}

/// What a device does at some tick of its life.
#[derive(Clone, Copy)]
enum Trouble {
    None,
    Panics,
    StopsAnswering,
    /// Answers differently in every run of the process.
    Drifts(u32),
}

#[derive(Clone)]
struct Troubled {
    inner: InProcess,
    trouble: Trouble,
    ticks: u32,
}

impl Device for Troubled {
    fn boot(&mut self, boot: &Boot) -> Result<(), String> {
        self.inner.boot(boot)
    }

    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        self.ticks += 1;
        let mut outputs = self.inner.exchange(inputs)?;
        match self.trouble {
            Trouble::Panics if self.ticks == 150 => panic!("a bug at tick {}", self.ticks),
            Trouble::StopsAnswering if self.ticks == 150 => return Err("no answer".to_string()),
            Trouble::Drifts(run) if self.ticks == 150 => outputs.leds ^= run as u8,
            Trouble::None | Trouble::Panics | Trouble::StopsAnswering | Trouble::Drifts(_) => {}
        }
        Ok(outputs)
    }

    fn configure(&mut self, config: &kneadsim_firmware::Config) -> Result<(), String> {
        self.inner.configure(config)
    }

    fn inject(&mut self, injection: &Injection) -> Result<(), String> {
        self.inner.inject(injection)
    }
}

/// Runs two cases; the first device made is in trouble.
fn with_trouble(
    twice: bool,
    trouble: impl Fn(u32) -> Trouble + Sync,
) -> Vec<kneadsim_cli::engine::Ran> {
    let path = folder(&format!("trouble-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    let file = path.join("scenarios/a.toml");
    fs::write(&file, SHORT).expect("a file");
    let mut cases = kneadsim_scenario::load(&file, &path.join("scenarios")).expect("it is right");
    cases.push(cases[0].clone());
    let _ = fs::remove_dir_all(&path);
    let (made, ticks_done, stop) = (AtomicU32::new(0), AtomicU64::new(0), Stop::default());
    let plan = Plan {
        jobs: 1,
        twice,
        stop: &stop,
        ticks_done: &ticks_done,
    };
    let device = || {
        let n = made.fetch_add(1, Ordering::Relaxed);
        Troubled {
            inner: InProcess::new(),
            trouble: trouble(n),
            ticks: 0,
        }
    };
    let mut shown = 0;
    let results = run_all(&cases, plan, device, |_, ran| ran, |_| shown += 1);
    assert_eq!(shown, results.len());
    results
}

static NEXT: AtomicU32 = AtomicU32::new(0);

#[test]
fn a_case_that_panics_is_a_result_and_the_others_go_on() {
    let results = with_trouble(false, |n| {
        if n == 0 {
            Trouble::Panics
        } else {
            Trouble::None
        }
    });
    assert_eq!(results.len(), 2);
    let message = results[0].outcome.as_ref().expect_err("it panicked");
    assert!(message.contains("a bug at tick 150"), "{message}");
    assert_eq!(results[1].outcome.as_ref().expect("it ran").ticks_done, 500);
}

#[test]
fn a_device_that_stops_answering_is_a_verdict_with_a_time() {
    let results = with_trouble(false, |n| {
        if n == 0 {
            Trouble::StopsAnswering
        } else {
            Trouble::None
        }
    });
    let lost = results[0]
        .outcome
        .as_ref()
        .expect("no panic")
        .lost
        .clone()
        .expect("it was lost");
    assert!(
        lost.reason.contains("no answer") && lost.tick > 100,
        "{lost}"
    );
    assert!(
        results[1]
            .outcome
            .as_ref()
            .expect("no panic")
            .lost
            .is_none()
    );
}

#[test]
fn a_case_that_differs_between_two_runs_fails() {
    let results = with_trouble(true, |n| Trouble::Drifts(if n == 1 { 1 } else { 0 }));
    let divergence = results[0].divergence.as_ref().expect("the runs differ");
    assert!(divergence.note.contains("digests"), "{}", divergence.note);
    assert!(results[1].divergence.is_none());
}

#[test]
fn a_stop_before_the_start_runs_nothing() {
    let stop = Stop::default();
    stop.now();
    let ticks_done = AtomicU64::new(0);
    let plan = Plan {
        jobs: 2,
        twice: false,
        stop: &stop,
        ticks_done: &ticks_done,
    };
    let results = run_all(&[], plan, InProcess::new, |_, ran| ran, |_| {});
    assert!(results.is_empty());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let path = folder("pipe");
    fs::write(path.join("scenarios/a.toml"), SHORT).expect("a file");
    for arguments in [
        &["signals"][..],
        &["list", "--faults"],
        &["schema"],
        &["run"],
        &["--help"],
    ] {
        let mut child = binary()
            .args(arguments)
            .current_dir(&path)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
        assert!(errors.is_empty(), "{arguments:?}: {errors}");
    }
    let _ = fs::remove_dir_all(path);
}

#[test]
fn an_output_folder_that_cannot_be_made_is_an_error_and_the_results_are_still_shown() {
    let path = folder("blocked");
    fs::write(path.join("scenarios/a.toml"), SHORT).expect("a file");
    fs::write(path.join("out"), "a file where the folder should be").expect("a file");
    let output = binary()
        .arg("run")
        .current_dir(&path)
        .output()
        .expect("it runs");
    let (out, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(output.status.code(), Some(2), "{out}{errors}");
    assert!(out.contains("1 case: 1 PASS"), "{out}");
    assert!(
        errors.contains("cannot write to out: it is not a folder"),
        "{errors}"
    );
    assert!(!out.contains("reports:"), "{out}");
    let _ = fs::remove_dir_all(path);
}

#[test]
fn a_run_of_nothing_but_mistakes_shows_no_empty_table_and_no_speed() {
    let path = folder("nothing");
    let output = binary()
        .args(["run", "nowhere.toml"])
        .current_dir(&path)
        .output()
        .expect("it runs");
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.contains("0 cases: nothing finished"), "{out}");
    for absent in ["margin", "real time", "-0"] {
        assert!(!out.contains(absent), "`{absent}` in {out}");
    }
    let json = fs::read_to_string(path.join("out/results.json")).expect("a report");
    assert!(!json.contains("-0.0"), "{json}");
    let _ = fs::remove_dir_all(path);
}

/// A full disk, where the system offers one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_standard_output_is_told_once_and_is_not_a_success() {
    let path = folder("full");
    fs::write(path.join("scenarios/a.toml"), SHORT).expect("a file");
    for arguments in [vec!["signals"], vec!["run"], vec!["run", "--json"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let Ok(full) = full else {
            return assert!(!Path::new("/dev/full").exists());
        };
        let output = binary()
            .args(&arguments)
            .current_dir(&path)
            .stdout(full)
            .output()
            .expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert_eq!(
            errors.matches("cannot write the standard output").count(),
            1,
            "{arguments:?}: {errors}"
        );
    }
    let _ = fs::remove_dir_all(path);
}

/// Ctrl-C as a terminal sends it: finished cases are kept and reported.
#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_is_finished() {
    let path = folder("interrupt");
    fs::write(path.join("scenarios/a.toml"), SHORT).expect("a file");
    let long = SHORT.replace("duration = \"5s\"", "duration = \"24h\"");
    fs::write(path.join("scenarios/b.toml"), long).expect("a file");
    let mut child = binary()
        .args(["run", "--jobs", "1"])
        .current_dir(&path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    // Interrupted when the first case's line is out, however slow the machine is.
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut out = String::new();
    while !out.contains("PASS  a ") {
        let line = lines.next().expect("the first case ends").expect("text");
        out.push_str(&line);
        out.push('\n');
    }
    // The shell's own `kill`: there is not everywhere a program of that name.
    let killed = Command::new("sh")
        .args(["-c", &format!("kill -INT {}", child.id())])
        .status()
        .expect("sh");
    assert!(killed.success());
    for line in lines {
        out.push_str(&line.expect("text"));
        out.push('\n');
    }
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(130), "{out}");
    assert!(
        out.contains("PASS  a ") && out.contains("interrupted: 1 case not finished"),
        "{out}"
    );
    let results = fs::read_to_string(path.join("out/results.json")).expect("results");
    assert!(results.contains("\"interrupted\": true"));
    let _ = fs::remove_dir_all(path);
}
