//! `[matrix]`: one case for every combination of values.
//!
//! A combination is put into the file's tree in place of what stands there,
//! so that a value is checked exactly like one written by hand, and its
//! mistakes stand at the value in the list.

use std::collections::BTreeSet;

use crate::bounds::{CASES_MAX, LIST_MAX as LINES_MAX};
use crate::document::{Entry, Node, Table, Value};
use crate::mistake::{Place, Reporter};
use crate::quantity::shorten;
use crate::settings;
use crate::suggest::did_you_mean;

/// Paths of files that a scenario names.
const FILES: [&str; 3] = ["product.base", "firmware.base", "timeline.csv"];

/// One line of the matrix.
pub(crate) struct Dimension {
    /// Path as written.
    pub path: String,
    key_place: Place,
    values: Vec<Node>,
}

/// Reads the matrix; its mistakes leave an empty one.
pub(crate) fn read(root: &Table, reporter: &mut Reporter) -> Vec<Dimension> {
    let Some(entry) = root.get("matrix") else {
        return Vec::new();
    };
    let Some(table) = entry.node.table() else {
        reporter.mistake(
            entry.node.place,
            format!("`matrix` must be a table, not {}", entry.node.kind()),
        );
        return Vec::new();
    };
    let before = reporter.count();
    let mut dimensions = Vec::new();
    for (path, entry) in table.leaves() {
        collect(&path, entry, root, &mut dimensions, reporter);
    }
    if reporter.count() > before {
        return Vec::new();
    }
    let cases = dimensions.iter().try_fold(1_u128, |n, d: &Dimension| {
        n.checked_mul(d.values.len() as u128)
    });
    if cases.is_none_or(|n| n > CASES_MAX as u128) {
        let shown = cases.map_or("far too many".to_owned(), |n| n.to_string());
        reporter.mistake(
            entry.key_place,
            format!("the matrix gives {shown} cases, allowed {CASES_MAX}"),
        );
        return Vec::new();
    }
    dimensions
}

/// Takes one line in, or reports what is wrong with it.
fn collect(
    path: &str,
    entry: &Entry,
    root: &Table,
    dimensions: &mut Vec<Dimension>,
    reporter: &mut Reporter,
) {
    if reporter.full() {
        return;
    }
    if let Err(message) = known(path, root) {
        reporter.mistake(entry.key_place, message);
        return;
    }
    if dimensions.len() >= LINES_MAX {
        reporter.mistake(
            entry.key_place,
            format!("the matrix has more than {LINES_MAX} lines"),
        );
        return;
    }
    if dimensions.iter().any(|d| d.path == path) {
        reporter.mistake(
            entry.key_place,
            format!("the matrix has `{}` twice", shorten(path)),
        );
        return;
    }
    let Value::List(values) = &entry.node.value else {
        reporter.mistake(
            entry.node.place,
            format!(
                "`{}` must be a list of values, not {}",
                shorten(path),
                entry.node.kind()
            ),
        );
        return;
    };
    if values.is_empty() {
        reporter.mistake(
            entry.node.place,
            format!(
                "`{}` has no values: the matrix gives no case",
                shorten(path)
            ),
        );
        return;
    }
    let mut seen = BTreeSet::new();
    let twice: Vec<Place> = values
        .iter()
        .map(|value| value.place)
        .filter(|place| !seen.insert(reporter.slice(*place)))
        .collect();
    for place in twice {
        let written = shorten(reporter.slice(place));
        let message = format!(
            "`{}` has {written} twice: two cases with one name",
            shorten(path)
        );
        reporter.mistake(place, message);
    }
    dimensions.push(Dimension {
        path: path.to_owned(),
        key_place: entry.key_place,
        values: values.clone(),
    });
}

/// Whether a path may stand in the matrix.
pub(crate) fn known(path: &str, root: &Table) -> Result<(), String> {
    let short = shorten(path);
    if settings::find(path).is_some() || FILES.contains(&path) {
        return Ok(());
    }
    for list in ["fault", "event"] {
        let Some(rest) = path.strip_prefix(list).and_then(|r| r.strip_prefix('.')) else {
            continue;
        };
        let Some((index, _)) = rest.split_once('.') else {
            continue;
        };
        let count = match root.node(list).map(|n| &n.value) {
            Some(Value::List(items)) => items.len(),
            _ => 0,
        };
        return match index.parse::<usize>() {
            Ok(i) if i < count => Ok(()),
            _ => Err(format!(
                "`{short}`: the file has {count} [[{list}]], counted from 0"
            )),
        };
    }
    let hint = did_you_mean(
        path,
        settings::all().iter().map(|r| r.path.as_str()).chain(FILES),
    );
    Err(format!("`{short}` cannot be in the matrix{hint}"))
}

/// Number of cases.
pub(crate) fn count(dimensions: &[Dimension]) -> usize {
    dimensions.iter().map(|d| d.values.len()).product()
}

/// Choices of the case of this number: the last line of the matrix turns fastest.
pub(crate) fn choices(dimensions: &[Dimension], case: usize) -> Vec<usize> {
    let mut rest = case;
    let mut chosen: Vec<usize> = dimensions
        .iter()
        .rev()
        .map(|d| {
            let length = d.values.len().max(1);
            let index = rest % length;
            rest /= length;
            index
        })
        .collect();
    chosen.reverse();
    chosen
}

/// A few combinations that together have every value of every line.
pub(crate) fn diagonal(dimensions: &[Dimension]) -> Vec<Vec<usize>> {
    let longest = dimensions.iter().map(|d| d.values.len()).max().unwrap_or(1);
    (0..longest)
        .map(|i| {
            dimensions
                .iter()
                .map(|d| i.min(d.values.len() - 1))
                .collect()
        })
        .collect()
}

/// The file's tree with a combination put in, and the values as written.
pub(crate) fn put_in(
    root: &Table,
    dimensions: &[Dimension],
    chosen: &[usize],
    reporter: &Reporter,
) -> (Table, Vec<(String, String)>) {
    let mut tree = root.clone();
    let mut values = Vec::new();
    for (dimension, index) in dimensions.iter().zip(chosen) {
        let node = &dimension.values[*index];
        let names: Vec<&str> = dimension.path.split('.').collect();
        put(&mut tree, &names, dimension.key_place, node);
        let written = match &node.value {
            Value::Text(text) => text.clone(),
            _ => reporter.slice(node.place).to_owned(),
        };
        values.push((dimension.path.clone(), written));
    }
    (tree, values)
}

/// Puts a value where a path says, in place of what stands there.
pub(crate) fn put_at(tree: &mut Table, path: &str, node: &Node) {
    let names: Vec<&str> = path.split('.').collect();
    put(tree, &names, node.place, node);
}

fn put(table: &mut Table, names: &[&str], key_place: Place, node: &Node) {
    let [name, rest @ ..] = names else { return };
    let position = table.entries.iter().position(|e| e.key == *name);
    let index = position.unwrap_or_else(|| {
        let empty = Node {
            place: key_place,
            value: Value::Table(Table::default()),
        };
        table.entries.push(Entry {
            key: (*name).to_owned(),
            key_place,
            node: empty,
        });
        table.entries.len() - 1
    });
    let entry = &mut table.entries[index];
    if rest.is_empty() {
        entry.key_place = key_place;
        entry.node = node.clone();
        return;
    }
    match &mut entry.node.value {
        Value::Table(inner) => put(inner, rest, key_place, node),
        Value::List(items) => {
            let item = rest[0].parse::<usize>().ok().and_then(|i| items.get_mut(i));
            if let Some(Node {
                value: Value::Table(inner),
                ..
            }) = item
            {
                put(inner, &rest[1..], key_place, node);
            }
        }
        // Not a table: its own mistake is reported when it is read.
        Value::Text(_) | Value::Number(_) | Value::Whole(_) | Value::Flag(_) | Value::Date => {}
    }
}
