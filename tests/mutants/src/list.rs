//! The list of mutants, as `cargo mutants --list --json` writes it.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// What kind of change a mutant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Genre {
    /// A function's body gives way to a value.
    FnValue,
    /// Another operator between two operands.
    Binary,
    /// `!` or `-` is left out.
    Unary,
    /// A match arm never matches.
    Arm,
    /// A match arm's guard is always true or always false.
    Guard,
    /// A field of a struct expression comes from the base in place of its own value.
    Field,
}

/// One mutant. Its number is its place in the list.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// As `cargo mutants` prints it.
    pub name: String,
    /// Path in the repository.
    pub file: String,
    pub genre: Genre,
    /// Line and column of its span's start, both from 1.
    pub start: (usize, usize),
    /// ... and of its end.
    pub end: (usize, usize),
    /// What stands there instead.
    pub replacement: String,
}

/// Reads the list.
pub fn read(path: &Path) -> Result<Vec<Mutant>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let items: Vec<Value> = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    items.iter().map(mutant).collect()
}

fn mutant(item: &Value) -> Result<Mutant, String> {
    let text = |key: &str| item[key].as_str().unwrap_or_default().to_string();
    let genre = match item["genre"].as_str() {
        Some("FnValue") => Genre::FnValue,
        Some("BinaryOperator") => Genre::Binary,
        Some("UnaryOperator") => Genre::Unary,
        Some("MatchArm") => Genre::Arm,
        Some("MatchArmGuard") => Genre::Guard,
        Some("StructField") => Genre::Field,
        other => return Err(format!("a mutant of an unknown genre: {other:?}")),
    };
    let place = |which: &str| {
        let place = &item["span"][which];
        let number = |key: &str| place[key].as_u64().unwrap_or_default() as usize;
        (number("line"), number("column"))
    };
    Ok(Mutant {
        name: text("name"),
        file: text("file"),
        genre,
        start: place("start"),
        end: place("end"),
        replacement: text("replacement"),
    })
}
