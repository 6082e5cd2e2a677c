//! Runs the program within bounds of memory and time, for the tests of what a user may write.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Address space that reading any file may take, KiB.
const MEMORY_MAX_KIB: u64 = 1_000_000;
/// What takes longer counts as a hang. An answer takes well below two seconds on an idle
/// machine; this leaves room for a busy one and for a build without optimisation.
const HANG: Duration = Duration::from_secs(120);

/// Top of a scenario.
pub const HEAD: &str =
    "schema = 1\nname = \"n\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n";
/// An expectation that holds.
pub const EXPECT: &str = "[[expect]]\nid = \"safe\"\nalways = \"skin_surface_max_c < 43\"\n";

/// A fresh folder with a folder `scenarios` in it.
pub fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("kneadsim-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(path.join("scenarios")).expect("a folder");
    path
}

/// Runs the program in a folder within bounds of memory and time.
pub fn kneadsim(folder: &Path, arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_kneadsim");
    let mut child = Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -v {MEMORY_MAX_KIB}; exec \"$0\" \"$@\""),
            program,
        ])
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .stdout(fs::File::create(folder.join("stdout")).expect("a file"))
        .stderr(fs::File::create(folder.join("stderr")).expect("a file"))
        .stdin(Stdio::null())
        .spawn()
        .expect("it starts");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if start.elapsed() > HANG {
            let _ = child.kill();
            panic!("{arguments:?} hangs");
        }
        std::thread::park_timeout(Duration::from_millis(5));
    };
    Output {
        status,
        stdout: fs::read(folder.join("stdout")).expect("its output"),
        stderr: fs::read(folder.join("stderr")).expect("its errors"),
    }
}

/// Exit code and what was said on the standard error.
pub fn answer(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = kneadsim(folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!errors.contains("panicked"), "{arguments:?}: {errors}");
    (output.status.code(), errors)
}

/// Many lines.
pub fn many(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// A scenario with these lines of `[run]`, and more below its expectation.
pub fn with(run: &str, more: &str) -> String {
    format!("{HEAD}[run]\n{run}\ngrid = \"column\"\n{EXPECT}{more}")
}
