//! Mutants that no switch can express, such as one of a constant: a build each.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::list::{self, Mutant};
use crate::switch::{APART, copy};
use crate::table::{Outcome, Table};

/// Tests that are built for each: the quick and the broad ones.
const TESTS: [&str; 7] = [
    "--lib",
    "--test",
    "stories",
    "--test",
    "faults",
    "--test",
    "normal_use",
];

/// Builds and tests each of them in a copy of the repository beside the switched one.
pub fn apart(list: &Path, repository: &Path, tree: &Path, table: &Path) -> Result<(), String> {
    let mutants = list::read(list)?;
    let table = Table::open(table)?;
    let names = fs::read_to_string(tree.join(APART)).map_err(|e| e.to_string())?;
    let plain = tree.with_extension("apart");
    copy(repository, &plain, true)?;
    for name in names.lines() {
        let Some(mutant) = mutants.iter().find(|m| m.name == name) else {
            continue;
        };
        if table.get(name).is_some() {
            continue;
        }
        let path = plain.join(&mutant.file);
        let whole = fs::read_to_string(repository.join(&mutant.file)).map_err(|e| e.to_string())?;
        fs::write(&path, mutated(&whole, mutant)).map_err(|e| e.to_string())?;
        let outcome = test(&plain)?;
        println!("{}: {name}", outcome.name());
        let by = if outcome == Outcome::Unit {
            "a build of its own"
        } else {
            ""
        };
        table.set(name, outcome, by)?;
        fs::write(&path, whole).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// The text with the mutant's span replaced.
fn mutated(text: &str, mutant: &Mutant) -> String {
    let offset = |(line, column): (usize, usize)| {
        let before: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let rest = text[before..].char_indices().nth(column - 1);
        before + rest.map_or(0, |(at, _)| at)
    };
    let (start, end) = (offset(mutant.start), offset(mutant.end));
    format!("{}{}{}", &text[..start], mutant.replacement, &text[end..])
}

fn test(tree: &Path) -> Result<Outcome, String> {
    let cargo = |args: &[&str]| {
        Command::new("cargo")
            .current_dir(tree)
            .args(["test", "--locked", "-p", "kneadsim-firmware"])
            .args(TESTS)
            .args(args)
            .stdin(Stdio::null())
            .output()
            .map(|output| output.status.success())
            .map_err(|e| e.to_string())
    };
    if !cargo(&["--no-run"])? {
        return Ok(Outcome::Unviable);
    }
    Ok(if cargo(&[])? {
        Outcome::Missed
    } else {
        Outcome::Unit
    })
}
