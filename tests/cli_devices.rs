//! Devices outside of the program: the same scenarios, the same bits; and devices that are none.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use kneadsim_link::serve;
use serial2::SerialPort;

/// Self-test and its faults, resets, hangs and flipped bits: what a link can get wrong.
const SCENARIOS: [&str; 4] = [
    "scenarios/fault/in_self_test.toml",
    "scenarios/states/brown_out.toml",
    "scenarios/states/hang.toml",
    "scenarios/states/bit_flip.toml",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository is there")
}

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kneadsim"));
    command
        .current_dir(root())
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY");
    command
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("kneadsim-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a folder");
    path
}

/// Verdict and digest of each case.
fn results(
    name: &str,
    scenarios: &[&str],
    device: Option<&str>,
) -> BTreeMap<String, (String, String)> {
    let out = folder(name);
    let mut command = binary();
    command.arg("run").args(scenarios).arg("--json");
    command.arg("--out").arg(&out);
    if let Some(device) = device {
        command.args(["--device", device]);
    }
    let ran = command.output().expect("it runs");
    let text = String::from_utf8_lossy(&ran.stdout);
    let errors = String::from_utf8_lossy(&ran.stderr);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|_| {
        panic!("{name}: no JSON: {text} {errors}");
    });
    assert_eq!(ran.status.code(), Some(0), "{name}: {errors}");
    let _ = fs::remove_dir_all(&out);
    let cases = value["cases"].as_array().expect("cases");
    cases
        .iter()
        .map(|case| {
            let field = |key: &str| case[key].as_str().expect(key).to_owned();
            (field("name"), (field("verdict"), field("digest")))
        })
        .collect()
}

/// Ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn every_kind_of_device_gives_the_bits_of_the_core_in_process() {
    let wanted = results("in-process", &SCENARIOS, None);
    // A system call or two more for each tick: the short cases.
    let short = &SCENARIOS[..1];
    let wanted_short = results("in-process-short", short, None);
    assert!(wanted_short.len() >= 40, "{} cases", wanted_short.len());

    let exec = format!("exec:{} device --stdio", env!("CARGO_BIN_EXE_kneadsim"));
    assert_eq!(results("exec", &SCENARIOS, Some(&exec)), wanted);

    let mut server = binary()
        .args(["device", "--tcp", "0"])
        .stderr(Stdio::piped())
        .spawn()
        .map(Server)
        .expect("it listens");
    let mut line = String::new();
    let errors = server.0.stderr.take().expect("piped");
    BufReader::new(errors).read_line(&mut line).expect("a line");
    let place = line
        .strip_prefix("listening on ")
        .and_then(|rest| rest.split(';').next())
        .expect("an address");
    assert!(place.starts_with("127.0.0.1:"), "{place}");
    let tcp = format!("tcp:{place}");
    assert_eq!(results("tcp", short, Some(&tcp)), wanted_short);

    let (near, far) = SerialPort::pair().expect("a pseudo-terminal");
    let path = rustix::termios::ttyname(&far, Vec::new()).expect("it has a name");
    let path = path.into_string().expect("a plain name");
    // Serves until the test ends.
    std::thread::spawn(move || serve::port(near));
    let serial = format!("serial:{path}");
    assert_eq!(results("serial", short, Some(&serial)), wanted_short);
}

/// Runs two cases of 6 s on a device.
fn on(name: &str, device: &str, more: &[&str]) -> (Output, PathBuf) {
    let out = folder(name);
    let ran = binary()
        .args(["run", SCENARIOS[0]])
        .args(["--filter", "*kind=mosfet_short,*at=500ms*"])
        .args(["--filter", "*kind=mosfet_partial,*at=500ms*"])
        .args(["--device", device, "--answer-ms", "50", "--out"])
        .arg(&out)
        .args(more)
        .output()
        .expect("it runs");
    (ran, out)
}

fn script(folder: &Path, text: &str) -> String {
    let path = folder.join("device.sh");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    format!("exec:{}", path.display())
}

#[test]
fn a_device_that_is_none_is_lost_with_its_reason_and_soon() {
    let scripts = folder("devices");
    for (name, device, why) in [
        (
            "missing",
            "exec:/no/such/firmware".to_owned(),
            "does not start",
        ),
        (
            "ends",
            "exec:false".to_owned(),
            "the process ended (exit status: 1)",
        ),
        ("echo", "exec:cat".to_owned(), "no valid answer within"),
        ("silent", "exec:sleep 60".to_owned(), "no answer within"),
        ("floods", "exec:yes".to_owned(), "it floods"),
        ("port", "tcp:1".to_owned(), "no connection to 127.0.0.1:1"),
        (
            "serial",
            "serial:/no/such/port".to_owned(),
            "/no/such/port at 460800 baud",
        ),
        (
            "words",
            script(&scripts, "echo 'no board: check the cable' >&2; exit 7"),
            "exit status: 7); it said: no board: check the cable",
        ),
    ] {
        let start = Instant::now();
        let (ran, out) = on(name, &device, &[]);
        let text = String::from_utf8_lossy(&ran.stdout);
        assert_eq!(ran.status.code(), Some(4), "{name}: {text}");
        assert!(text.contains("LOST"), "{name}: {text}");
        assert!(text.contains(why), "{name}: {text}");
        // The greeting may take five seconds, for each of the two cases.
        assert!(start.elapsed() < Duration::from_secs(15), "{name}");
        let _ = fs::remove_dir_all(out);
    }
    let _ = fs::remove_dir_all(&scripts);
}

#[test]
fn a_device_that_dies_in_mid_session_is_lost_there_and_the_next_case_starts_another() {
    let scripts = folder("dying");
    let kneadsim = env!("CARGO_BIN_EXE_kneadsim");
    // About 25 bytes a tick.
    let device = script(
        &scripts,
        &format!("dd bs=1 count=6000 status=none | {kneadsim} device --stdio"),
    );
    let (ran, out) = on("dies", &device, &["--trace"]);
    let text = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(4), "{text}");
    assert!(text.contains("device lost at 2."), "{text}");
    let lost = text.lines().filter(|line| line.starts_with("LOST")).count();
    assert_eq!(lost, 2, "{text}");
    assert!(text.contains(&format!("connected {lost} times")), "{text}");
    // What was done up to there is kept, with the command that repeats it.
    let traces: Vec<_> = fs::read_dir(out.join("traces"))
        .expect("traces")
        .flatten()
        .collect();
    assert_eq!(traces.len(), lost);
    for trace in traces {
        let rows = fs::read_to_string(trace.path())
            .expect("a trace")
            .lines()
            .count();
        assert!(rows > 10, "{rows} rows");
    }
    let bundle = fs::read_dir(out.join("failures"))
        .expect("bundles")
        .flatten()
        .next()
        .expect("a bundle");
    let repeat = fs::read_to_string(bundle.path().join("repeat.txt")).expect("how to repeat it");
    assert!(repeat.contains("--device exec:"), "{repeat}");
    let _ = (fs::remove_dir_all(out), fs::remove_dir_all(scripts));
}

#[test]
fn a_wrong_address_is_refused_with_what_is_allowed() {
    for device in ["board", "usb:1", "tcp:host:port", "serial:@9"] {
        let (ran, out) = on("address", device, &[]);
        let errors = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{device}: {errors}");
        assert!(errors.contains("allowed are qemu:IMAGE"), "{errors}");
        let _ = fs::remove_dir_all(out);
    }
    let ran = binary().arg("device").output().expect("it runs");
    assert_eq!(ran.status.code(), Some(2));
}
