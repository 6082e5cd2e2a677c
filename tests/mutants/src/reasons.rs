//! Why a mutant may live, kept in a file of four columns: file, mutant, line, reason.
//!
//! The line is as it stands in the source, with what the mutant replaces between
//! `«` and `»`, so that a row is found again when lines have moved.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::list::Mutant;

/// File, mutant and marked line.
type Key = (String, String, String);

/// The reasons, and the sources that they are about.
pub struct Reasons {
    rows: BTreeMap<Key, String>,
    sources: BTreeMap<String, String>,
}

impl Reasons {
    /// Reads the file and the sources of the listed mutants.
    pub fn read(path: &Path, repository: &Path, mutants: &[Mutant]) -> Result<Reasons, String> {
        let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut rows = BTreeMap::new();
        for row in text.lines().skip(1) {
            let columns: Vec<&str> = row.split('\t').collect();
            let [file, mutant, line, reason] = columns.as_slice() else {
                return Err(format!("{}: `{row}`", path.display()));
            };
            let key = (file.to_string(), mutant.to_string(), line.to_string());
            if rows.insert(key, reason.to_string()).is_some() {
                return Err(format!("{}: twice `{row}`", path.display()));
            }
        }
        let mut sources = BTreeMap::new();
        for mutant in mutants {
            if !sources.contains_key(&mutant.file) {
                let path = repository.join(&mutant.file);
                let text =
                    fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
                sources.insert(mutant.file.clone(), text);
            }
        }
        Ok(Reasons { rows, sources })
    }

    /// Why this one may live.
    pub fn get(&self, mutant: &Mutant) -> Option<&str> {
        self.rows.get(&self.key(mutant)).map(String::as_str)
    }

    /// File, mutant and marked line.
    pub fn key(&self, mutant: &Mutant) -> Key {
        let file = mutant.file.rsplit('/').next().unwrap_or_default();
        let what = mutant.name.splitn(4, ':').nth(3).unwrap_or_default();
        let text = self.sources.get(&mutant.file).map_or("", String::as_str);
        let line = marked(text, mutant);
        (file.to_string(), what.trim().to_string(), line)
    }

    /// Rows that are about none of these.
    pub fn unused(&self, mutants: &[Mutant]) -> Vec<String> {
        let used: BTreeSet<Key> = mutants.iter().map(|m| self.key(m)).collect();
        let rows = self.rows.keys().filter(|key| !used.contains(*key));
        rows.map(|(file, mutant, line)| format!("{file}: {mutant}: {line}"))
            .collect()
    }
}

/// The mutant's line with what it replaces between marks.
fn marked(text: &str, mutant: &Mutant) -> String {
    let line = text.lines().nth(mutant.start.0 - 1).unwrap_or_default();
    let letters: Vec<char> = line.chars().collect();
    let from = (mutant.start.1 - 1).min(letters.len());
    let to = if mutant.end.0 == mutant.start.0 {
        (mutant.end.1 - 1).clamp(from, letters.len())
    } else {
        letters.len()
    };
    let part = |letters: &[char]| letters.iter().collect::<String>();
    let (before, after) = (part(&letters[..from]), part(&letters[to..]));
    format!(
        "{}«{}»{}",
        before.trim_start(),
        part(&letters[from..to]),
        after.trim_end()
    )
}
