//! What goes wrong around a run: panics, lost devices, Ctrl-C, closed pipes, full or forbidden folders.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use kneadsim_cli::devices::Timed;
use kneadsim_cli::engine::{Plan, run_all};
use kneadsim_firmware::io::{Inputs, Outputs};
use kneadsim_search::workers::Stop;
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

impl Timed for Troubled {}

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
        Ok(Troubled {
            inner: InProcess::new(),
            trouble: trouble(n),
            ticks: 0,
        })
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
    let results = run_all(&[], plan, || Ok(InProcess::new()), |_, ran| ran, |_| {});
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

/// Every write of a file stops at this many bytes, as on a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_under_the_output_folder_leaves_no_half_file_and_is_not_a_success() {
    let path = folder("quota");
    fs::write(path.join("scenarios/a.toml"), SHORT).expect("a file");
    let failing = SHORT.replace("< 43", "< 3");
    fs::write(path.join("scenarios/b.toml"), failing).expect("a file");
    // In blocks of 512 bytes; without the trap the system ends the program.
    let script = "trap '' XFSZ; ulimit -f 2; exec \"$0\" run --trace";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_kneadsim")])
        .current_dir(&path)
        .output()
        .expect("it runs");
    let (out, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(output.status.code(), Some(2), "{out}{errors}");
    assert!(out.contains("2 cases: 1 PASS, 1 FAIL"), "{out}");
    for file in ["traces/a.csv", "failures/b", "results.json", "report.html"] {
        let told = format!("cannot write out/{file}");
        assert!(errors.contains(&told), "{told} in {errors}");
        assert!(!path.join("out").join(file).exists(), "{file}");
    }
    assert_eq!(left_over(&path.join("out")), Vec::<PathBuf>::new());
    let _ = fs::remove_dir_all(path);
}

/// Hidden files below a folder: what a run writes before it puts it in its place.
fn left_over(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with('.') {
            found.push(entry.path());
        } else if entry.path().is_dir() {
            found.extend(left_over(&entry.path()));
        }
    }
    found
}

#[test]
fn runs_into_one_folder_at_once_do_not_break_each_other() {
    let path = folder("together");
    for (name, text) in [("a", SHORT.to_owned()), ("b", SHORT.replace("< 43", "< 3"))] {
        let many = format!("{text}[matrix]\n\"run.seed\" = [1, 2, 3, 4, 5]\n");
        fs::write(path.join(format!("scenarios/{name}.toml")), many).expect("a file");
    }
    for round in 0..4 {
        let start = || {
            let mut command = binary();
            command.args(["run", "--trace"]).current_dir(&path);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("it starts")
        };
        let children = [start(), start(), start()];
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "round {round}: {errors}");
            assert!(errors.is_empty(), "round {round}: {errors}");
        }
        let results = fs::read_to_string(path.join("out/results.json")).expect("results");
        let whole = serde_json::from_str::<serde_json::Value>(&results);
        assert!(whole.is_ok(), "round {round}: {whole:?}");
        for file in ["scenario.toml", "trace.csv", "findings.json", "repeat.txt"] {
            let bundle = path.join("out/failures/b-run.seed=3").join(file);
            assert!(bundle.is_file(), "round {round}: {}", bundle.display());
        }
        assert_eq!(left_over(&path.join("out")), Vec::<PathBuf>::new());
    }
    let _ = fs::remove_dir_all(path);
}

/// `kneadsim run | head -1`, and the same with the errors in the pipe too.
#[test]
fn a_reader_that_goes_away_in_mid_run_changes_no_result() {
    let path = folder("head");
    let many = format!("{SHORT}[matrix]\n\"run.seed\" = [1, 2, 3, 4, 5, 6]\n");
    fs::write(path.join("scenarios/a.toml"), many).expect("a file");
    fs::write(path.join("scenarios/b.toml"), "schema = 2\n").expect("a file");
    let script = "{ \"$0\" run \"$1\"; echo $? >code; } 2>&1 | head -1 >line";
    for (file, code) in [("scenarios/a.toml", "0\n"), ("scenarios", "2\n")] {
        let status = Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_kneadsim"), file])
            .current_dir(&path)
            .status()
            .expect("sh");
        assert!(status.success());
        let read = |name: &str| fs::read_to_string(path.join(name)).expect("it was written");
        assert_eq!(read("code"), code, "{file}: {}", read("line"));
        assert!(read("out/junit.xml").contains("run.seed=6"));
    }
    let _ = fs::remove_dir_all(path);
}

/// Where not even the administrator may make a folder.
#[cfg(target_os = "linux")]
#[test]
fn an_output_folder_that_nobody_may_make_is_an_error() {
    let path = folder("forbidden");
    fs::write(path.join("scenarios/a.toml"), SHORT).expect("a file");
    let output = binary()
        .args(["run", "--out", "/proc/kneadsim/out"])
        .current_dir(&path)
        .output()
        .expect("it runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("cannot write to /proc/kneadsim/out"),
        "{errors}"
    );
    let _ = fs::remove_dir_all(path);
}

/// Ctrl-C as a terminal sends it, and a cancelled job: finished cases are kept and reported.
#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_is_finished() {
    for signal in ["INT", "TERM"] {
        interrupted(signal);
    }
}

#[cfg(unix)]
fn interrupted(signal: &str) {
    let path = folder(&format!("interrupt-{signal}"));
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
        .args(["-c", &format!("kill -{signal} {}", child.id())])
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
    for report in ["junit.xml", "summary.md", "report.html", "results.json"] {
        let text = fs::read_to_string(path.join("out").join(report)).expect("a report");
        assert!(text.contains("BURN-01"), "{report} lacks the finished case");
    }
    assert_eq!(left_over(&path.join("out")), Vec::<PathBuf>::new());
    let _ = fs::remove_dir_all(path);
}
