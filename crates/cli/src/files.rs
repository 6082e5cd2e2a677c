//! Which files are scenarios.
//!
//! A file named on the command line is one. In a folder, every `*.toml` is
//! one, except below folders called `products`, `limits` and `firmware` (data that
//! scenarios refer to), and except `*.campaign.toml` and `*.tune.toml`, which name
//! scenarios and are `check`ed beside them. The
//! content is not asked: a scenario that forgot its `schema` line is an error,
//! not a file that is silently skipped. Hidden folders are skipped.

use std::path::{Path, PathBuf};

use kneadsim_scenario::{Mistake, root_of};

use crate::mistakes::whole_file;

/// Folders of data beside scenarios.
const DATA_FOLDERS: [&str; 3] = ["products", "limits", "firmware"];
/// Endings of TOML files that are not scenarios.
const OTHER_ENDINGS: [(&str, Other); 2] = [
    (".campaign.toml", Other::Campaign),
    (".tune.toml", Other::Tune),
];
/// Deeper folders are refused: nobody nests scenarios like that, loops of links do.
const DEEPEST: usize = 32;

/// A file that names scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// For `campaign run`.
    Campaign,
    /// For `tune`.
    Tune,
}

impl Other {
    /// What a file is by its name; none for a scenario.
    pub fn of(path: &Path) -> Option<Other> {
        let name = path.file_name()?.to_string_lossy();
        let known = OTHER_ENDINGS.iter().find(|(end, _)| name.ends_with(end));
        known.map(|(_, other)| *other)
    }

    fn command(self) -> &'static str {
        match self {
            Other::Campaign => "campaign run",
            Other::Tune => "tune",
        }
    }
}

/// A scenario file and the folder that its references may not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file, as reached from what the user typed.
    pub path: PathBuf,
    /// Its root.
    pub root: PathBuf,
}

/// Finds scenario files in the order of their paths, without doubles, and what could not be read.
pub fn find(paths: &[PathBuf]) -> (Vec<Found>, Vec<Mistake>) {
    let (mut found, mut mistakes) = find_all(paths);
    found.retain(|file| match Other::of(&file.path) {
        Some(other) if paths.contains(&file.path) => {
            let shown = file.path.display();
            let message = format!("is no scenario: kneadsim {} {shown}", other.command());
            mistakes.push(whole_file(&file.path, &message));
            false
        }
        other => other.is_none(),
    });
    (found, mistakes)
}

/// Finds the files that name scenarios in the same way.
pub fn find_others(paths: &[PathBuf]) -> Vec<(Found, Other)> {
    let (found, _) = find_all(paths);
    let each = found.into_iter();
    each.filter_map(|file| Some((Other::of(&file.path)?, file)))
        .map(|(other, file)| (file, other))
        .collect()
}

fn find_all(paths: &[PathBuf]) -> (Vec<Found>, Vec<Mistake>) {
    let mut found = Vec::new();
    let mut mistakes = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Err(error) => mistakes.push(whole_file(path, &format!("cannot be read: {error}"))),
            Ok(meta) if meta.is_dir() => walk(path, 0, &mut found, &mut mistakes),
            Ok(_) => found.push(path.clone()),
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|path| seen.insert(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    let found = found
        .into_iter()
        .map(|path| Found {
            root: root_of(&path),
            path,
        })
        .collect();
    (found, mistakes)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, mistakes: &mut Vec<Mistake>) {
    if depth > DEEPEST {
        mistakes.push(whole_file(
            folder,
            &format!("is nested more than {DEEPEST} folders deep"),
        ));
        return;
    }
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            mistakes.push(whole_file(folder, &format!("cannot be read: {error}")));
            return;
        }
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // A link to a folder is not followed: it could lead round in circles.
        let link = path.symlink_metadata().is_ok_and(|m| m.is_symlink());
        if path.is_dir() {
            if !link && !name.starts_with('.') && !DATA_FOLDERS.contains(&name.as_str()) {
                walk(&path, depth + 1, found, mistakes);
            }
        } else if name.ends_with(".toml") && !name.starts_with('.') {
            found.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_scenarios_in_order_and_leaves_data_out() {
        let folder = std::env::temp_dir().join(format!("kneadsim-files-{}", std::process::id()));
        for name in [
            "scenarios/b.toml",
            "scenarios/a.toml",
            "scenarios/fault/c.toml",
            "scenarios/products/neck.toml",
            "scenarios/limits/own.toml",
            "scenarios/many.campaign.toml",
            "scenarios/gain.tune.toml",
            "scenarios/.hidden/d.toml",
            "scenarios/notes.txt",
        ] {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let root = folder.join("scenarios");
        let (found, mistakes) = find(&[root.clone(), root.join("a.toml")]);
        let names: Vec<String> = found
            .iter()
            .map(|f| {
                f.path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        assert_eq!(names, ["a.toml", "b.toml", "fault/c.toml"]);
        assert!(found.iter().all(|f| f.root == root));
        assert!(mistakes.is_empty());
        let (_, mistakes) = find(&[folder.join("nowhere")]);
        assert_eq!(mistakes.len(), 1);
        let (found, mistakes) = find(&[root.join("many.campaign.toml")]);
        assert!(found.is_empty());
        assert!(mistakes[0].message.contains("kneadsim campaign run"));
        let others = find_others(&[root.clone(), root.join("many.campaign.toml")]);
        let kinds: Vec<Other> = others.iter().map(|(_, other)| *other).collect();
        assert_eq!(kinds, [Other::Tune, Other::Campaign]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
