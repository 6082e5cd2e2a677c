//! What is known of each mutant, kept in a file of three columns: name, outcome, who caught it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Does not compile.
    Unviable,
    /// A test of the firmware failed.
    Unit,
    /// A scenario failed.
    Pack,
    /// The firmware's tests passed.
    Missed,
    /// The firmware's tests and the scenarios passed.
    Survived,
}

impl Outcome {
    const ALL: [(&'static str, Outcome); 5] = [
        ("unviable", Outcome::Unviable),
        ("unit", Outcome::Unit),
        ("pack", Outcome::Pack),
        ("missed", Outcome::Missed),
        ("survived", Outcome::Survived),
    ];

    /// As in the file.
    pub fn name(self) -> &'static str {
        Outcome::ALL
            .iter()
            .find(|(_, o)| *o == self)
            .map_or("", |(name, _)| name)
    }
}

/// The table, written out after every result.
pub struct Table {
    path: PathBuf,
    rows: Mutex<BTreeMap<String, (Outcome, String)>>,
}

impl Table {
    /// Reads it; an absent file is an empty table.
    pub fn open(path: &Path) -> Result<Table, String> {
        let mut rows = BTreeMap::new();
        for line in fs::read_to_string(path).unwrap_or_default().lines().skip(1) {
            let mut columns = line.split('\t');
            let (Some(name), Some(outcome), by) = (columns.next(), columns.next(), columns.next())
            else {
                return Err(format!("{}: `{line}`", path.display()));
            };
            let known = Outcome::ALL.iter().find(|(label, _)| *label == outcome);
            let Some((_, outcome)) = known else {
                return Err(format!("{}: no outcome `{outcome}`", path.display()));
            };
            rows.insert(name.to_string(), (*outcome, by.unwrap_or("").to_string()));
        }
        Ok(Table {
            path: path.to_path_buf(),
            rows: Mutex::new(rows),
        })
    }

    /// What is known of a mutant.
    pub fn get(&self, name: &str) -> Option<(Outcome, String)> {
        self.rows.lock().ok()?.get(name).cloned()
    }

    /// Takes a result down and saves.
    pub fn set(&self, name: &str, outcome: Outcome, by: &str) -> Result<(), String> {
        let mut rows = self.rows.lock().map_err(|e| e.to_string())?;
        rows.insert(name.to_string(), (outcome, by.to_string()));
        let mut text = String::from("mutant\toutcome\tby\n");
        for (name, (outcome, by)) in &*rows {
            text.push_str(&format!("{name}\t{}\t{by}\n", outcome.name()));
        }
        fs::write(&self.path, text).map_err(|e| format!("{}: {e}", self.path.display()))
    }
}
