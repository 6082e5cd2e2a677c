//! Devices outside of the program: the same scenarios, the same bits; and devices that are none.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
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

/// The reference core as a child process.
fn stdio() -> String {
    format!("exec:{} device --stdio", env!("CARGO_BIN_EXE_kneadsim"))
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

    assert_eq!(results("exec", &SCENARIOS, Some(&stdio())), wanted);

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
            "image",
            "qemu:Cargo.toml".to_owned(),
            "Cargo.toml is no program for Arm",
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

/// The first case of a run's `results.json`.
fn first_case(out: &Path) -> serde_json::Value {
    let text = fs::read_to_string(out.join("results.json")).expect("results");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    value["cases"][0].clone()
}

#[test]
fn in_real_time_a_second_takes_a_second_and_says_how_late_it_was() {
    let (ran, out) = on("in-lockstep", &stdio(), &["--trace"]);
    assert_eq!(ran.status.code(), Some(0));
    let lockstep = first_case(&out);
    assert!(lockstep["real_time"].is_null());
    let _ = fs::remove_dir_all(out);

    let start = Instant::now();
    // Also a busy machine is allowed to be late here.
    let (ran, out) = on("paced", &stdio(), &["--pace", "--slip-ms", "10000"]);
    let text = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(0), "{text}");
    assert!(start.elapsed() >= Duration::from_millis(5990));
    assert!(text.contains("real time: "), "{text}");
    let case = first_case(&out);
    let time = &case["real_time"];
    assert_eq!(time["slip_limit_us"], 10_000_000);
    assert!(time["asked"].as_u64().expect("a count") > 500, "{time}");
    assert!(
        time["latency_us"]["median"].as_u64().expect("us") > 0,
        "{time}"
    );
    if time["missed"] == 0 {
        assert_eq!(case["digest"], lockstep["digest"]);
    }
    let _ = fs::remove_dir_all(out);
}

#[test]
fn a_device_too_slow_for_real_time_is_degraded_and_never_passes() {
    let (near, far) = SerialPort::pair().expect("a pseudo-terminal");
    let path = rustix::termios::ttyname(&far, Vec::new()).expect("it has a name");
    let path = path.into_string().expect("a plain name");
    // A tenth of a second for the question of each tenth tick.
    std::thread::spawn(move || slow_board(near));
    let device = format!("serial:{path}");
    let (ran, out) = on("slow", &device, &["--pace"]);
    let text = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(4), "{text}");
    assert!(text.contains("DEGRADED"), "{text}");
    assert!(!text.contains("PASS"), "{text}");
    assert!(text.contains("real time was not kept: "), "{text}");
    assert!(text.contains("--pace --slip-ms 5"), "{text}");
    let junit = fs::read_to_string(out.join("junit.xml")).expect("a report");
    assert!(junit.contains("the run keeps real time"), "{junit}");
    let time = &first_case(&out)["real_time"];
    assert!(time["missed"].as_u64().expect("a count") > 100, "{time}");
    let _ = fs::remove_dir_all(out);
}

fn slow_board(port: SerialPort) {
    board(&port, |answers| {
        if answers.is_multiple_of(10) {
            std::thread::sleep(Duration::from_millis(100));
        }
        true
    });
}

/// The reference core on a port, for as long as `goes_on` says so of the answers so far.
fn board(port: &SerialPort, goes_on: impl Fn(u64) -> bool) {
    let mut responder = serve::responder();
    let mut buffer = [0; 512];
    let mut answers = 0u64;
    let mut open = true;
    while open && let Ok(count) = port.read(&mut buffer) {
        responder.take(&buffer[..count], |answer| {
            answers += 1;
            open = open && goes_on(answers) && port.write_all(answer).is_ok();
        });
    }
}

#[test]
fn a_board_that_is_unplugged_in_mid_session_is_lost_there() {
    let (near, far) = SerialPort::pair().expect("a pseudo-terminal");
    let path = rustix::termios::ttyname(&far, Vec::new()).expect("it has a name");
    let device = format!("serial:{}", path.into_string().expect("a plain name"));
    // Greeting, boot, three seconds; then the port itself goes away.
    let unplugged = std::thread::spawn(move || {
        board(&near, |answers| answers <= 302);
        drop((near, far));
    });
    let (ran, out) = on("unplugged", &device, &[]);
    unplugged.join().expect("the board");
    let text = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(4), "{text}");
    // The chip boots for some ticks before it is asked.
    assert!(text.contains("device lost at 3.0"), "{text}");
    assert!(text.contains("the port "), "{text}");
    // The next case looks for it in vain.
    assert_eq!(
        text.lines().filter(|l| l.starts_with("LOST")).count(),
        2,
        "{text}"
    );
    let _ = fs::remove_dir_all(out);
}

#[test]
fn a_connection_that_breaks_in_mid_session_is_lost_there_and_the_next_case_connects_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let device = format!("tcp:{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            // The first hangs up after three seconds, the second serves.
            let most = if number == 0 { 302 } else { u64::MAX };
            let _ = stream.set_nodelay(true);
            let reader = stream.try_clone().expect("the same");
            let _ = serve::stream(reader, Few { stream, left: most });
        }
    });
    let (ran, out) = on("broken", &device, &[]);
    let text = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(4), "{text}");
    assert!(text.contains("device lost at 3.0"), "{text}");
    assert!(
        text.contains("closed the connection") || text.contains("broke"),
        "{text}"
    );
    assert!(text.contains("1 PASS, 1 LOST"), "{text}");
    assert!(text.contains("connected 2 times"), "{text}");
    let _ = fs::remove_dir_all(out);
}

/// Takes so many answers and then fails.
struct Few {
    stream: TcpStream,
    left: u64,
}

impl Write for Few {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        self.left -= 1;
        self.stream.write_all(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}

#[test]
fn real_time_needs_a_device() {
    for arguments in [&["--pace"][..], &["--slip-ms", "3"]] {
        let ran = binary()
            .arg("run")
            .args(arguments)
            .output()
            .expect("it runs");
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn nobody_is_looked_for_again_and_again() {
    let start = Instant::now();
    let out = folder("absent");
    let ran = binary()
        .args([
            "run",
            SCENARIOS[0],
            "--jobs",
            "1",
            "--device",
            "exec:sleep 60",
            "--out",
        ])
        .arg(&out)
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(4), "{text}");
    let untried = "not tried again: 3 times nobody was there";
    assert_eq!(text.matches("no answer within").count(), 3, "{text}");
    assert!(text.matches(untried).count() >= 37, "{text}");
    assert!(!text.contains("energy balance"), "{text}");
    assert!(start.elapsed() < Duration::from_secs(40));
    let _ = fs::remove_dir_all(out);
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
