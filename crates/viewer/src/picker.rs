//! Choosing a scenario or a trace from folders, without a window.

use std::path::{Path, PathBuf};

use kneadsim_scenario::{load, root_of};

/// Entries of a folder that are listed at most.
const ENTRIES_MAX: usize = 2_000;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A scenario, `*.toml`.
    Scenario,
    /// A recorded trace, `*.csv`.
    Trace,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

/// What is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The file.
    pub path: PathBuf,
    /// Of a matrix, this case.
    pub case: Option<String>,
}

/// Where we look and what is there.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    /// It is shown.
    pub is_open: bool,
    /// What is chosen goes behind the present run.
    pub is_behind: bool,
    /// Only names with this in it.
    pub filter: String,
    folder: PathBuf,
    entries: Vec<Entry>,
    /// Cases of a matrix to choose from.
    cases: Option<(PathBuf, Vec<String>)>,
    /// Why the last choice could not be taken, one line each.
    said: Vec<String>,
}

impl Picker {
    /// Opens at the folder where it was last, first at `folder`.
    pub fn open(&mut self, folder: &Path) {
        self.is_open = true;
        self.cases = None;
        if self.folder.as_os_str().is_empty() {
            self.enter(folder);
        } else {
            self.enter(&self.folder.clone());
        }
    }

    /// The folder whose entries are listed.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Entries with the filter's text in their name: folders, then scenarios, then traces.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        let wanted = self.filter.to_lowercase();
        let each = self.entries.iter();
        each.filter(move |entry| entry.name.to_lowercase().contains(&wanted))
    }

    /// Cases of the matrix that was chosen.
    pub fn cases(&self) -> &[String] {
        self.cases.as_ref().map_or(&[], |(_, names)| names)
    }

    /// Why the last choice could not be taken.
    pub fn said(&self) -> &[String] {
        &self.said
    }

    /// Lists a folder.
    pub fn enter(&mut self, folder: &Path) {
        self.cases = None;
        self.said.clear();
        self.filter.clear();
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
        match list(&folder) {
            Ok((entries, is_whole)) => {
                self.entries = entries;
                if !is_whole {
                    let what = format!("only {ENTRIES_MAX} entries are listed");
                    self.said = vec![what];
                }
            }
            Err(error) => {
                self.entries = Vec::new();
                self.said = vec![format!("{}: {error}", folder.display())];
            }
        }
        self.folder = folder;
    }

    /// The folder above.
    pub fn leave(&mut self) {
        if let Some(above) = self.folder.parent().map(Path::to_path_buf) {
            self.enter(&above);
        }
    }

    /// Takes an entry: a folder is entered, a file is to be opened; of a matrix with
    /// several cases they are listed first.
    pub fn take(&mut self, entry: &Entry) -> Option<Choice> {
        let path = self.folder.join(&entry.name);
        self.said.clear();
        match entry.kind {
            Kind::Folder => {
                self.enter(&path);
                None
            }
            Kind::Trace => Some(Choice { path, case: None }),
            Kind::Scenario => match load(&path, &root_of(&path)) {
                Ok(cases) if cases.len() > 1 => {
                    let names = cases.into_iter().map(|c| c.name).collect();
                    self.cases = Some((path, names));
                    None
                }
                Ok(_) => Some(Choice { path, case: None }),
                Err(mistakes) => {
                    self.said = mistakes.iter().map(ToString::to_string).collect();
                    None
                }
            },
        }
    }

    /// Takes a case of the matrix.
    pub fn take_case(&mut self, name: &str) -> Option<Choice> {
        let (path, _) = self.cases.take()?;
        Some(Choice {
            path,
            case: Some(name.to_owned()),
        })
    }

    /// Back from the cases to the folder.
    pub fn leave_cases(&mut self) {
        self.cases = None;
    }
}

/// What is in a folder, and whether that is all of it.
fn list(folder: &Path) -> std::io::Result<(Vec<Entry>, bool)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        // Links are followed.
        let is_folder = entry.path().is_dir();
        if let Some(kind) = kind_of(&name, is_folder) {
            found.push(Entry { kind, name });
        }
    }
    found.sort();
    let is_whole = found.len() <= ENTRIES_MAX;
    found.truncate(ENTRIES_MAX);
    Ok((found, is_whole))
}

fn kind_of(name: &str, is_folder: bool) -> Option<Kind> {
    if name.starts_with('.') {
        return None;
    }
    if is_folder {
        return Some(Kind::Folder);
    }
    let is_other = name.ends_with(".campaign.toml") || name.ends_with(".tune.toml");
    match name.rsplit_once('.')? {
        (_, "toml") if !is_other => Some(Kind::Scenario),
        (_, "csv") => Some(Kind::Trace),
        _ => None,
    }
}
