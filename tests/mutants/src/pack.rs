//! Scenarios against the mutants that the firmware's tests let pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::list::{self, Mutant};
use crate::reasons::Reasons;
use crate::table::{Outcome, Table};
use crate::work;

/// A run that uses more processor time than this does not end, s.
const CPU_MAX_S: f64 = 600.0;

/// Runs the scenario files that `cases` lists until one fails: first those that
/// caught other mutants of the same source file, then the rest in their order.
/// One that may live for a reason is left alone.
pub fn pack(
    list: &Path,
    repository: &Path,
    tree: &Path,
    table: &Path,
    reasons: &Path,
    cases: &Path,
) -> Result<(), String> {
    let mutants = list::read(list)?;
    let table = Table::open(table)?;
    let reasons = Reasons::read(reasons, repository, &mutants)?;
    let cases = fs::read_to_string(cases).map_err(|e| format!("{}: {e}", cases.display()))?;
    let cases: Vec<&str> = cases.lines().filter(|line| !line.is_empty()).collect();
    let target = std::env::var("CARGO_TARGET_DIR").map_or(tree.join("target"), PathBuf::from);
    let program = target.join("release/kneadsim");
    let missed = |m: &Mutant| {
        reasons.get(m).is_none()
            && table
                .get(&m.name)
                .is_some_and(|(outcome, _)| outcome == Outcome::Missed)
    };
    let open: Vec<(usize, &Mutant)> = mutants
        .iter()
        .enumerate()
        .filter(|(_, m)| missed(m))
        .collect();
    println!("{} mutants against {} files", open.len(), cases.len());
    let luck: Mutex<BTreeMap<&str, Vec<&str>>> = Mutex::new(BTreeMap::new());
    work::each(open, |(number, mutant)| {
        let first = luck.lock().map_err(|e| e.to_string())?;
        let first = first.get(mutant.file.as_str()).cloned().unwrap_or_default();
        let rest = cases.iter().copied().filter(|case| !first.contains(case));
        let out = tree.join(format!("out/mutant-{number}"));
        let out_text = out.to_string_lossy();
        for case in first.iter().copied().chain(rest) {
            let args = ["run", case, "--jobs", "1", "--out", &out_text];
            let (code, _) = work::run(&program, &args, tree, number, CPU_MAX_S)?;
            if code == Some(0) {
                continue;
            }
            fs::remove_dir_all(&out).ok();
            let mut luck = luck.lock().map_err(|e| e.to_string())?;
            let lucky = luck.entry(mutant.file.as_str()).or_default();
            lucky.retain(|other| *other != case);
            lucky.insert(0, case);
            println!("caught: {} by {case}", mutant.name);
            return table.set(&mutant.name, Outcome::Pack, case);
        }
        fs::remove_dir_all(&out).ok();
        println!("survived: {}", mutant.name);
        table.set(&mutant.name, Outcome::Survived, "")
    })
}
