//! Peak memory of a run: bounded with its trace, the same for any length without one.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Peak of a run with its trace, kB: a session of half an hour stays below.
const WITH_TRACE_KB: u64 = 64_000;
/// What a run of two hours may need more than one of ten minutes, kB: less than
/// a single signal of a 10 Hz trace would add.
const LONGER_KB: u64 = 500;

/// Highest resident memory of `kneadsim run` over a session of a length, kB.
fn peak_kb(length: &str, trace_every: &str) -> u64 {
    let folder = std::env::temp_dir().join(format!(
        "kneadsim-memory-{length}-{trace_every}-{}",
        std::process::id()
    ));
    fs::create_dir_all(&folder).expect("a folder");
    let text = format!(
        "schema = 1\nname = \"m\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n\
         [run]\nduration = \"{length}\"\ngrid = \"column\"\ntrace_every = \"{trace_every}\"\n\
         [[event]]\nat = \"1s\"\npress = \"power\"\n\
         [[expect]]\nid = \"skin\"\nlimits = \"consumer\"\n"
    );
    let scenario = folder.join("session.toml");
    fs::write(&scenario, text).expect("a scenario");
    let mut child = Command::new(env!("CARGO_BIN_EXE_kneadsim"))
        .arg("run")
        .arg(&scenario)
        .arg("--out")
        .arg(folder.join("out"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kb = 0;
    let code = loop {
        // The kernel keeps the peak: the last look before the end is near it.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        if let Some(found) = line.and_then(|line| line.trim().strip_suffix(" kB")) {
            peak_kb = found.trim().parse().expect("a number of kB");
        }
        if let Some(code) = child.try_wait().expect("the child can be waited for") {
            break code;
        }
        sleep(Duration::from_millis(2));
    };
    assert!(code.success(), "{length}: {code}");
    fs::remove_dir_all(&folder).expect("the folder goes");
    assert!(peak_kb > 1000, "{length}: {peak_kb} kB is no peak");
    peak_kb
}

#[test]
fn half_an_hour_with_its_trace_is_far_below_the_bound() {
    let peak_kb = peak_kb("30min", "100ms");
    assert!(peak_kb < WITH_TRACE_KB, "{peak_kb} kB");
}

#[test]
fn without_a_trace_memory_does_not_grow_with_the_session() {
    let (short_kb, long_kb) = (peak_kb("10min", "0s"), peak_kb("2h", "0s"));
    assert!(
        long_kb < short_kb + LONGER_KB,
        "{short_kb} kB for 10 min, {long_kb} kB for 2 h"
    );
}
