//! Peak memory of a run, with and without its trace, for sessions of several lengths.
//!
//! Each run is a process of its own: this benchmark starts itself as `kneadsim`
//! and has it say its peak (VmHWM of Linux) when it is done.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::Asked;
use crate::clock::short;
use crate::program::empty_folder;
use crate::table::{Table, Wanted};

/// First argument of a child.
pub const AS_CHILD: &str = "--as-kneadsim";
/// A run of 30 minutes with its trace is to stay below this, MB.
const WANTED_MB: f64 = 64.0;
/// What a longer session without a trace may differ by, MB: less than a byte in 100 ticks.
const CONSTANT_MB: f64 = 1.0;
/// Starts the line with the peak.
const PEAK: &str = "peak memory, kB: ";

/// Peaks for 10 min, 30 min and 2 h.
pub fn measure(_: &Asked) -> Table {
    let mut table = Table::new("Peak memory of `kneadsim run` with one scenario on the field grid");
    for (kind, every) in [("with its trace", "100ms"), ("without a trace", "0s")] {
        let mut first_mb = None;
        for length in ["10min", "30min", "2h"] {
            let Some(peak_mb) = peak_mb(length, every) else {
                table.row(
                    format!("memory, {length}, {kind}"),
                    "this system does not say",
                    Wanted::Nothing,
                );
                continue;
            };
            let more_mb = peak_mb - *first_mb.get_or_insert(peak_mb);
            let wanted = match (every, length) {
                ("0s", "30min" | "2h") => Wanted::This(
                    format!("{CONSTANT_MB} MB more than 10min at most"),
                    more_mb <= CONSTANT_MB,
                ),
                ("100ms", "30min") => {
                    Wanted::This(format!("below {WANTED_MB} MB"), peak_mb < WANTED_MB)
                }
                (_, _) => Wanted::Nothing,
            };
            table.row(
                format!("memory, {length}, {kind}"),
                format!("{} MB", short(peak_mb)),
                wanted,
            );
        }
    }
    table
}

/// The program with the arguments after [`AS_CHILD`], then its peak on the standard error.
pub fn child() -> ExitCode {
    // The program reads its arguments itself, the first one after its name.
    let code = kneadsim_cli::main_with(std::env::args().skip(1));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    if let Some(kilobytes) = peak.and_then(|text| text.trim().strip_suffix(" kB")) {
        eprintln!("{PEAK}{kilobytes}");
    }
    code
}

fn peak_mb(length: &str, trace_every: &str) -> Option<f64> {
    let folder = empty_folder("memory");
    let scenario = folder.join("session.toml");
    let text = include_str!("session.toml")
        .replace("\"30min\"", &format!("\"{length}\""))
        .replace(
            "trace_every = \"100ms\"",
            &format!("trace_every = \"{trace_every}\""),
        );
    std::fs::write(&scenario, text).expect("a scenario can be written");
    let mut command = Command::new(std::env::current_exe().expect("this program has a file"));
    command.arg(AS_CHILD).arg("run").arg(&scenario);
    command.arg("--out").arg(folder.join("out"));
    if trace_every != "0s" {
        command.arg("--trace");
    }
    let done = command
        .current_dir(Path::new(&folder))
        .output()
        .expect("this program starts");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "the run of {length} fails:\n{said}");
    let peak = said.lines().find_map(|line| line.strip_prefix(PEAK))?;
    peak.parse::<f64>()
        .ok()
        .map(|kilobytes| kilobytes * 1.024e-3)
}
