//! Sections that consist of settings: `run`, `product`, `user`, `environment`, `firmware`.
//!
//! Values are collected first and applied in the order of their rank, so that
//! `heater.upper.power_w` wins over `heater.power_w` wherever it stands.

use std::collections::BTreeMap;

use crate::bounds::{BASE_FILES_MAX, TEXT_MAX_BYTES};
use crate::document::{self, Node, Table, Value};
use crate::files::Files;
use crate::keys;
use crate::mistake::{Place, Reporter};
use crate::quantity::shorten;
use crate::settings::{self, Draft, SECTIONS, Setting};
use crate::suggest::nearest;

/// Files that sections are based on, read so far, by their true path.
pub(crate) type BaseCache = BTreeMap<std::path::PathBuf, (u32, Table)>;

/// Where each setting was written, by its path.
#[derive(Default)]
pub(crate) struct Placed(BTreeMap<String, Place>);

struct Leaf<'a> {
    row: &'static Setting,
    name: String,
    node: &'a Node,
}

/// Sections that may be based on a file, and what such a file is called.
pub(crate) const BASED: [(&str, &str); 2] =
    [("product", "product file"), ("firmware", FIRMWARE_FILE)];
/// What a file of the firmware's configuration is called.
pub(crate) const FIRMWARE_FILE: &str = "firmware file";
/// Keys that such a file may have beside settings.
const BASE_FILE_KEYS: [&str; 3] = ["base", "name", "description"];

impl Placed {
    /// The place to blame for a field of a section: the setting itself, one
    /// that includes it, one within it, or the fallback.
    pub fn blame(&self, path: &str, fallback: Place) -> Place {
        let path = path.replace("[0]", ".left").replace("[1]", ".right");
        if let Some(place) = self.0.get(&path) {
            return *place;
        }
        let both = path.replace(".upper.", ".").replace(".lower.", ".");
        if let Some(place) = self.0.get(&both) {
            return *place;
        }
        let within = self
            .0
            .iter()
            .find(|(p, _)| p.starts_with(&format!("{path}.")));
        within.map_or(fallback, |(_, place)| *place)
    }

    /// The place of the first setting whose last name is in this text.
    pub fn blame_word(&self, section: &str, text: &str, fallback: Place) -> Place {
        let words: Vec<&str> = text
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .collect();
        let named = |path: &str| {
            path.strip_prefix(section)
                .and_then(|p| p.strip_prefix('.'))
                .is_some_and(|p| words.contains(&p))
        };
        self.0
            .iter()
            .find(|(p, _)| named(p))
            .map_or(fallback, |(_, place)| *place)
    }
}

/// Applies every section of a scenario to the draft.
pub(crate) fn apply(
    root: &Table,
    draft: &mut Draft,
    files: &Files<'_>,
    cache: &mut BaseCache,
    reporter: &mut Reporter,
) -> Placed {
    let mut placed = Placed::default();
    for (section, _) in SECTIONS {
        let Some(entry) = root.get(section) else {
            continue;
        };
        let Some(table) = entry.node.table() else {
            reporter.mistake(
                entry.node.place,
                format!("`{section}` must be a table, not {}", entry.node.kind()),
            );
            continue;
        };
        let based = BASED.iter().find(|(name, _)| *name == section);
        if let Some((_, called)) = based {
            let chain = base_files(table, called, entry.key_place.file, files, cache, reporter);
            // The most basic one first.
            for parsed in chain.iter().rev() {
                apply_table(
                    section,
                    parsed,
                    draft,
                    &mut placed,
                    &BASE_FILE_KEYS,
                    reporter,
                );
            }
        }
        let extra = &["base"][..usize::from(based.is_some())];
        apply_table(section, table, draft, &mut placed, extra, reporter);
    }
    placed
}

/// Applies a firmware file to a draft.
pub(crate) fn apply_firmware_file(table: &Table, draft: &mut Draft, reporter: &mut Reporter) {
    let mut placed = Placed::default();
    apply_table(
        "firmware",
        table,
        draft,
        &mut placed,
        &BASE_FILE_KEYS,
        reporter,
    );
}

/// The files that `base` names, one based on the next.
pub(crate) fn base_files(
    table: &Table,
    called: &str,
    file: u32,
    files: &Files<'_>,
    cache: &mut BaseCache,
    reporter: &mut Reporter,
) -> Vec<Table> {
    let mut chain: Vec<(u32, Table)> = Vec::new();
    let mut next = table.node("base").cloned();
    let mut from = file;
    while let Some(node) = next.take() {
        let Value::Text(reference) = &node.value else {
            reporter.mistake(
                node.place,
                format!("`base` must be the path of a {called}, not {}", node.kind()),
            );
            break;
        };
        let short = shorten(reference);
        let read = match files.read(reporter.path(from), reference, TEXT_MAX_BYTES) {
            Ok(read) => read,
            Err(why) => {
                reporter.mistake(node.place, format!("`base`: the file \"{short}\" {why}"));
                break;
            }
        };
        if !cache.contains_key(&read.canonical) {
            let id = reporter.add_source(&read.shown, read.text);
            let parsed = document::parse(id, reporter);
            cache.insert(read.canonical.clone(), (id, parsed));
        }
        let Some((id, parsed)) = cache.get(&read.canonical).cloned() else {
            break;
        };
        if chain.iter().any(|(known, _)| *known == id) {
            reporter.mistake(
                node.place,
                format!("`base`: the file \"{short}\" is based on itself"),
            );
            break;
        }
        next = parsed.node("base").cloned();
        from = id;
        chain.push((id, parsed));
        if next.is_some() && chain.len() >= BASE_FILES_MAX {
            reporter.mistake(
                node.place,
                format!("more than {BASE_FILES_MAX} {called}s are based on each other"),
            );
            break;
        }
    }
    chain.into_iter().map(|(_, parsed)| parsed).collect()
}

fn apply_table(
    section: &str,
    table: &Table,
    draft: &mut Draft,
    placed: &mut Placed,
    extra: &[&str],
    reporter: &mut Reporter,
) {
    let mut leaves = Vec::new();
    for entry in &table.entries {
        if extra.contains(&entry.key.as_str()) {
            continue;
        }
        collect(section, section, entry, extra, &mut leaves, reporter);
    }
    leaves.sort_by_key(|leaf| leaf.row.rank);
    for leaf in leaves {
        let Some(value) = settings::read(leaf.row, leaf.node, &leaf.name, reporter) else {
            continue;
        };
        placed.0.insert(leaf.row.path.clone(), leaf.node.place);
        if !leaf.row.set(draft, &value) {
            let why = if section == "run" {
                "the grid is `column`"
            } else {
                "the supply has another `source`"
            };
            reporter.mistake(
                leaf.node.place,
                format!("`{}` does not apply: {why}", leaf.name),
            );
        }
    }
}

fn collect<'a>(
    section: &str,
    above: &str,
    entry: &'a document::Entry,
    extra: &[&str],
    leaves: &mut Vec<Leaf<'a>>,
    reporter: &mut Reporter,
) {
    let path = format!("{above}.{}", entry.key);
    if let Some(row) = settings::find(&path) {
        leaves.push(Leaf {
            row,
            name: row.key().to_owned(),
            node: &entry.node,
        });
        return;
    }
    if settings::is_group(&path) {
        match entry.node.table() {
            Some(table) => {
                for inner in &table.entries {
                    collect(section, &path, inner, &[], leaves, reporter);
                }
            }
            None => {
                let children = settings::children(&path);
                let example = children.first().copied().unwrap_or("");
                let key = path
                    .strip_prefix(section)
                    .unwrap_or(&path)
                    .trim_start_matches('.');
                reporter.mistake(
                    entry.node.place,
                    format!(
                        "`{key}` must be a table with keys like `{example}`, not {}",
                        entry.node.kind()
                    ),
                );
            }
        }
        return;
    }
    if reporter.full() {
        reporter.mistake(entry.key_place, "unknown key");
        return;
    }
    let siblings = settings::children(above);
    let known: Vec<&str> = siblings
        .iter()
        .copied()
        .chain(extra.iter().copied())
        .collect();
    if nearest(&entry.key, known.iter().copied()).is_none() {
        // The right name in the wrong place is a common mistake.
        let elsewhere = settings::all()
            .iter()
            .find(|r| r.path.rsplit('.').next() == Some(entry.key.as_str()));
        if let Some(row) = elsewhere {
            let name = shorten(&entry.key);
            let message = if row.section() == section {
                format!("unknown key `{name}`, did you mean `{}`?", row.key())
            } else if row.key() == entry.key {
                format!("`{name}` belongs in [{}], not here", row.section())
            } else {
                format!(
                    "unknown key `{name}`, did you mean `{}` in [{}]?",
                    row.key(),
                    row.section()
                )
            };
            reporter.mistake(entry.key_place, message);
            return;
        }
    }
    keys::unknown(entry.key_place, &entry.key, known.into_iter(), reporter);
}
