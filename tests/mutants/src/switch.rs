//! Writes the copy of the repository with every mutant in it, and finds those that do not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::list::{self, Mutant};
use crate::rewrite::{ACTIVE, MARK, rewrite};
use crate::sites;

/// Kept in the tree: numbers of mutants that do not compile, one a line.
pub const UNVIABLE: &str = "unviable.txt";
/// Kept in the tree: names of mutants that no switch can express, such as one
/// of a constant: each of them wants a build of its own.
pub const APART: &str = "apart.txt";

/// Test that runs the stories against many mutants in one process.
pub const INSIDE: &str = "inside";

/// Copies, switches, and compiles until only mutants that compile are left.
pub fn switch(list: &Path, repository: &Path, tree: &Path) -> Result<(), String> {
    let mutants = list::read(list)?;
    copy(repository, tree, false)?;
    put(
        &tree.join(format!("crates/firmware/tests/{INSIDE}.rs")),
        include_str!("../inside.rs"),
    )?;
    let mut unviable = BTreeSet::new();
    let mut apart;
    loop {
        apart = write(&mutants, repository, tree, &unviable)?;
        let complaints = compile(tree)?;
        match complaints {
            None => break,
            Some(found) => unviable.extend(found),
        }
        println!(
            "{} of {} do not compile so far",
            unviable.len(),
            mutants.len()
        );
    }
    let lines: Vec<String> = unviable.iter().map(usize::to_string).collect();
    put(&tree.join(UNVIABLE), &lines.join("\n"))?;
    let names: Vec<&str> = apart
        .iter()
        .map(|number| mutants[*number].name.as_str())
        .collect();
    put(&tree.join(APART), &names.join("\n"))?;
    println!(
        "{} mutants, {} do not compile, {} want a build of their own",
        mutants.len(),
        unviable.len(),
        apart.len()
    );
    Ok(())
}

/// Every file that git knows or would take, with or without the firmware's sources.
pub fn copy(repository: &Path, tree: &Path, firmware: bool) -> Result<(), String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args(["ls-files", "-co", "--exclude-standard"])
        .output()
        .map_err(|e| e.to_string())?;
    for path in String::from_utf8_lossy(&output.stdout).lines() {
        let from = repository.join(path);
        let parent = Path::new(path).parent();
        let ours = parent == Some(Path::new("crates/firmware/src")) && !firmware;
        if ours || !from.is_file() {
            continue;
        }
        let bytes = fs::read(&from).map_err(|e| format!("{path}: {e}"))?;
        let to = tree.join(path);
        if fs::read(&to).is_ok_and(|old| old == bytes) {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(tree)).map_err(|e| e.to_string())?;
        fs::copy(&from, &to).map_err(|e| format!("{path}: {e}"))?;
    }
    Ok(())
}

/// Writes the firmware's sources; the mutants that no switch can express.
fn write(
    mutants: &[Mutant],
    repository: &Path,
    tree: &Path,
    unviable: &BTreeSet<usize>,
) -> Result<BTreeSet<usize>, String> {
    let mut by_file: BTreeMap<&str, Vec<(usize, &Mutant)>> = BTreeMap::new();
    for (number, mutant) in mutants.iter().enumerate() {
        by_file
            .entry(&mutant.file)
            .or_default()
            .push((number, mutant));
    }
    let mut left = BTreeSet::new();
    let sources = repository.join("crates/firmware/src");
    for entry in fs::read_dir(&sources).map_err(|e| e.to_string())?.flatten() {
        let name = format!(
            "crates/firmware/src/{}",
            entry.file_name().to_string_lossy()
        );
        // Folders beside them hold tests.
        if entry.path().is_dir() {
            continue;
        }
        let text = fs::read_to_string(entry.path()).map_err(|e| e.to_string())?;
        let here = by_file.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        let (edits, unplaced) = sites::find(&text, here, unviable)?;
        left.extend(unplaced);
        let mut switched = rewrite(&text, edits).replace("#![warn(missing_docs)]", "");
        if name.ends_with("/lib.rs") {
            switched.push_str(ACTIVE);
        } else if switched.contains("std::sync::LazyLock") {
            switched.push_str("\nextern crate std;\n");
        }
        put(&tree.join(&name), &switched)?;
    }
    Ok(left)
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(|e| e.to_string())?;
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

/// `None` when it compiles; else the mutants that the compiler complains of.
fn compile(tree: &Path) -> Result<Option<BTreeSet<usize>>, String> {
    let output = Command::new("cargo")
        .current_dir(tree)
        .args([
            "check",
            "--locked",
            "-p",
            "kneadsim-firmware",
            "--message-format",
            "json",
        ])
        .env("RUSTFLAGS", "--cap-lints=allow")
        .output()
        .map_err(|e| e.to_string())?;
    if output.status.success() {
        return Ok(None);
    }
    let mut found = BTreeSet::new();
    let mut others = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let message = &message["message"];
        if message["level"] != "error" {
            continue;
        }
        let marked = numbers(tree, message);
        if marked.is_empty() {
            others.push(message["rendered"].as_str().unwrap_or_default().to_string());
        }
        found.extend(marked);
    }
    if found.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("does not compile: {}\n{said}", others.join("\n")));
    }
    Ok(Some(found))
}

/// Numbers at the ends of the lines that a message points at.
fn numbers(tree: &Path, message: &Value) -> Vec<usize> {
    let mut found = Vec::new();
    for span in message["spans"].as_array().into_iter().flatten() {
        let path = tree.join(span["file_name"].as_str().unwrap_or_default());
        let line = span["line_start"].as_u64().unwrap_or_default() as usize;
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        let line = text.lines().nth(line.saturating_sub(1)).unwrap_or("");
        if let Some((_, number)) = line.rsplit_once(MARK)
            && let Ok(number) = number.trim().parse()
        {
            found.push(number);
        }
    }
    found
}
