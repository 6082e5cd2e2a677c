//! Several mutants at once, each in processes of its own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// A process that uses more processor time than this is in an endless loop, s.
const CPU_MAX_S: u32 = 60;

/// Does the work for every item, on as many threads as `MUTANTS_JOBS` says (or the machine has).
pub fn each<T: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> Result<(), String> + Sync,
) -> Result<(), String> {
    let asked = std::env::var("MUTANTS_JOBS").ok().and_then(|n| n.parse().ok());
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

/// Runs a program with a mutant chosen; whether it succeeded, and what it wrote.
pub fn run(
    program: &Path,
    args: &[&str],
    folder: &Path,
    mutant: usize,
) -> Result<(Option<i32>, String), String> {
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -t {CPU_MAX_S}; exec \"$0\" \"$@\"")])
        .arg(program)
        .args(args)
        .current_dir(folder)
        .env("KNEADSIM_MUTANT", mutant.to_string())
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{}: {e}", program.display()))?;
    Ok((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
}
