//! Mutants that no switch can express, such as one of a constant: a build each.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::list::{self, Mutant};
use crate::reasons::Reasons;
use crate::switch::{APART, copy};
use crate::table::{Outcome, Table};

/// Tests that are built for each, until one fails: the quick and the broad ones.
const TESTS: [&[&str]; 3] = [
    &["--lib", "--test", "contract"],
    &["--test", "stories"],
    &["--test", "faults", "--test", "normal_use"],
];

/// Builds and tests each of them in a copy of the repository beside the switched
/// one; one that may live for a reason meets only the first tests.
pub fn apart(
    list: &Path,
    repository: &Path,
    tree: &Path,
    table: &Path,
    reasons: &Path,
) -> Result<(), String> {
    let mutants = list::read(list)?;
    let table = Table::open(table)?;
    let reasons = Reasons::read(reasons, repository, &mutants)?;
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
        let few = reasons.get(mutant).is_some();
        let (outcome, by) = test(&plain, if few { &TESTS[..1] } else { &TESTS })?;
        println!("{}: {name}", outcome.name());
        let by = &by;
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

/// What the tests say, and which of them failed.
fn test(tree: &Path, tests: &[&[&str]]) -> Result<(Outcome, String), String> {
    let cargo = |args: &[&str], more: &[&str]| {
        Command::new("cargo")
            .current_dir(tree)
            .args([
                "test",
                "--locked",
                "-p",
                "kneadsim-firmware",
                "--all-features",
            ])
            .args(args)
            .args(more)
            .stdin(Stdio::null())
            .output()
            .map_err(|e| e.to_string())
    };
    for args in tests {
        if !cargo(args, &["--no-run"])?.status.success() {
            return Ok((Outcome::Unviable, String::new()));
        }
        let output = cargo(args, &[])?;
        if output.status.success() {
            continue;
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = said.lines().find_map(|line| {
            let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
            Some(name.to_string())
        });
        let name = failed.unwrap_or_default();
        return Ok((Outcome::Unit, format!("a build of its own: {name}")));
    }
    Ok((Outcome::Missed, String::new()))
}
