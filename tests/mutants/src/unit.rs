//! The firmware's own tests against every mutant.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::list::{self, Mutant};
use crate::switch::UNVIABLE;
use crate::table::{Outcome, Table};
use crate::work;

/// Proves a property of the linked image, which has switches in it here.
const NOT_HERE: [&str; 2] = ["no_panic", "step"];
/// The slow ones last; what is not named comes before them.
const LAST: [&str; 4] = ["exploration", "session_limits", "warm_up", "properties"];

/// Runs the tests for every mutant that the table does not know yet.
pub fn unit(list: &Path, tree: &Path, table: &Path) -> Result<(), String> {
    let mutants = list::read(list)?;
    let table = Table::open(table)?;
    for number in unviable(tree)? {
        if let Some(mutant) = mutants.get(number) {
            table.set(&mutant.name, Outcome::Unviable, "")?;
        }
    }
    let tests = build(tree)?;
    let folder = tree.join("crates/firmware");
    let untouched = usize::MAX >> 33;
    for test in &tests {
        let (code, said) = work::run(test, &[], &folder, untouched)?;
        if code != Some(0) {
            return Err(format!("fails without any mutant: {}\n{said}", test.display()));
        }
    }
    let known = |m: &Mutant| table.get(&m.name).is_some();
    let open: Vec<(usize, &Mutant)> =
        mutants.iter().enumerate().filter(|(_, m)| !known(m)).collect();
    println!("{} mutants, {} to run", mutants.len(), open.len());
    work::each(open, |(number, mutant)| {
        let by = caught_by(&tests, &folder, number)?;
        match by {
            Some(by) => table.set(&mutant.name, Outcome::Unit, &by),
            None => {
                println!("missed: {}", mutant.name);
                table.set(&mutant.name, Outcome::Missed, "")
            }
        }
    })
}

fn caught_by(tests: &[PathBuf], folder: &Path, number: usize) -> Result<Option<String>, String> {
    for test in tests {
        let (code, said) = work::run(test, &["--test-threads=1"], folder, number)?;
        if code == Some(0) {
            continue;
        }
        let failed = said.lines().find_map(|line| {
            line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
        });
        let program = stem(test);
        return Ok(Some(match failed {
            Some(name) => format!("{program}: {name}"),
            None => format!("{program}: no end"),
        }));
    }
    Ok(None)
}

/// Numbers of the mutants that do not compile.
pub fn unviable(tree: &Path) -> Result<BTreeSet<usize>, String> {
    let text = fs::read_to_string(tree.join(UNVIABLE)).map_err(|e| e.to_string())?;
    Ok(text.lines().filter_map(|line| line.parse().ok()).collect())
}

/// Builds the tests once; their programs, the quick ones first.
fn build(tree: &Path) -> Result<Vec<PathBuf>, String> {
    let output = Command::new("cargo")
        .current_dir(tree)
        .args(["test", "--locked", "--no-run", "-p", "kneadsim-firmware"])
        .args(["--lib", "--tests", "--message-format", "json"])
        .env("RUSTFLAGS", "--cap-lints=allow")
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "2")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut programs = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
        if let Some(program) = message["executable"].as_str() {
            programs.push(PathBuf::from(program));
        }
    }
    programs.retain(|program| !NOT_HERE.contains(&stem(program).as_str()));
    programs.sort_by_key(|program| {
        let name = stem(program);
        let last = LAST.iter().position(|slow| *slow == name);
        (last.map_or(0, |n| n + 1), name != "kneadsim_firmware", name)
    });
    Ok(programs)
}

/// A program's name without the build's hash.
fn stem(program: &Path) -> String {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    name.rsplit_once('-').map_or(name.to_string(), |(name, _)| name.to_string())
}
