//! Several mutants at once, each in processes of its own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// Does the work for every item, on as many threads as `MUTANTS_JOBS` says (or the machine has).
pub fn each<T: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> Result<(), String> + Sync,
) -> Result<(), String> {
    let asked = std::env::var("MUTANTS_JOBS")
        .ok()
        .and_then(|n| n.parse().ok());
    let threads = asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let queue = Mutex::new(items.into_iter());
    let failed = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some(item) = queue.lock().ok().and_then(|mut queue| queue.next()) else {
                        return;
                    };
                    if let Err(what) = work(item)
                        && let Ok(mut failed) = failed.lock()
                    {
                        *failed = Some(what);
                        return;
                    }
                }
            });
        }
    });
    failed.into_inner().ok().flatten().map_or(Ok(()), Err)
}

/// Runs a program with a mutant chosen; its exit code and what it wrote. One
/// that uses more processor time than `cpu_max_s` is in an endless loop.
pub fn run(
    program: &Path,
    args: &[&str],
    folder: &Path,
    mutant: usize,
    cpu_max_s: f64,
) -> Result<(Option<i32>, String), String> {
    let output = Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -t {}; exec \"$0\" \"$@\"", cpu_max_s.ceil()),
        ])
        .arg(program)
        .args(args)
        .current_dir(folder)
        .env("KNEADSIM_MUTANT", mutant.to_string())
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{}: {e}", program.display()))?;
    Ok((
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    ))
}

/// Runs a program for several mutants that it chooses itself; what it wrote.
pub fn listen(
    program: &Path,
    args: &[&str],
    folder: &Path,
    mutants: &str,
) -> Result<String, String> {
    let output = Command::new("sh")
        .args(["-c", "ulimit -t 20; exec \"$0\" \"$@\""])
        .arg(program)
        .args(args)
        .current_dir(folder)
        .env("MUTANTS", mutants)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{}: {e}", program.display()))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Processor time of all processes that have ended, s: what a busy machine does not stretch.
pub fn children_cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in brackets: user and system time of children are fields 14 and 15, in 10 ms.
    let fields = stat
        .rsplit_once(')')
        .map_or("", |(_, rest)| rest)
        .split_whitespace();
    let ticks: f64 = fields
        .skip(13)
        .take(2)
        .filter_map(|f| f.parse::<f64>().ok())
        .sum();
    ticks * 0.01
}
