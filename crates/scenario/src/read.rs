//! Reading one key of a table as what it must be; mistakes are reported at the value.

use crate::bounds::LIST_MAX;
use crate::document::{Node, Table, Value};
use crate::mistake::Reporter;
use crate::quantity;

/// A text that says something.
pub(crate) fn text<'a>(
    table: &'a Table,
    key: &str,
    reporter: &mut Reporter,
) -> Option<(&'a str, &'a Node)> {
    let node = table.node(key)?;
    match &node.value {
        Value::Text(text) if text.trim().is_empty() => {
            reporter.mistake(node.place, format!("`{key}` is empty"));
            None
        }
        Value::Text(text) => Some((text, node)),
        Value::Number(_)
        | Value::Whole(_)
        | Value::Flag(_)
        | Value::Date
        | Value::List(_)
        | Value::Table(_) => {
            reporter.mistake(
                node.place,
                format!("`{key}` must be a text, not {}", node.kind()),
            );
            None
        }
    }
}

/// `true` or `false`; the default where the key is absent or wrong.
pub(crate) fn flag(table: &Table, key: &str, default: bool, reporter: &mut Reporter) -> bool {
    match table.node(key) {
        None => default,
        Some(Node {
            value: Value::Flag(flag),
            ..
        }) => *flag,
        Some(node) => {
            reporter.mistake(
                node.place,
                format!("`{key}` must be true or false, not {}", node.kind()),
            );
            default
        }
    }
}

/// Ticks.
pub(crate) fn duration(table: &Table, key: &str, reporter: &mut Reporter) -> Option<u32> {
    quantity::duration(table.node(key)?, key, reporter)
}

/// Ticks, or a default where the key is absent; nothing where it is wrong.
pub(crate) fn duration_or(
    table: &Table,
    key: &str,
    default: u32,
    reporter: &mut Reporter,
) -> Option<u32> {
    match table.node(key) {
        None => Some(default),
        Some(node) => quantity::duration(node, key, reporter),
    }
}

/// A table within the table.
pub(crate) fn inner<'a>(
    table: &'a Table,
    key: &str,
    reporter: &mut Reporter,
) -> Option<(&'a Table, &'a Node)> {
    let node = table.node(key)?;
    if node.table().is_none() {
        reporter.mistake(
            node.place,
            format!("`{key}` must be a table like {{ … }}, not {}", node.kind()),
        );
    }
    node.table().map(|t| (t, node))
}

/// The tables of a `[[key]]`; more than `most` are a mistake.
pub(crate) fn tables<'a>(
    table: &'a Table,
    key: &str,
    most: usize,
    reporter: &mut Reporter,
) -> Vec<(&'a Table, &'a Node)> {
    let Some(entry) = table.get(key) else {
        return Vec::new();
    };
    let node = &entry.node;
    let Value::List(items) = &node.value else {
        reporter.mistake(
            entry.key_place,
            format!("`{key}` is a list: write [[{key}]]"),
        );
        return Vec::new();
    };
    if items.len() > most {
        reporter.mistake(
            items[most].place,
            format!("{} [[{key}]], allowed {most}", items.len()),
        );
    }
    let mut found = Vec::new();
    for item in items.iter().take(most) {
        match item.table() {
            Some(inner) => found.push((inner, item)),
            None => reporter.mistake(
                item.place,
                format!("`{key}` is a list of tables, this is {}", item.kind()),
            ),
        }
    }
    found
}

/// A list of texts.
pub(crate) fn texts<'a>(
    table: &'a Table,
    key: &str,
    reporter: &mut Reporter,
) -> Vec<(&'a str, &'a Node)> {
    let Some(node) = table.node(key) else {
        return Vec::new();
    };
    let Value::List(items) = &node.value else {
        reporter.mistake(
            node.place,
            format!("`{key}` must be a list of texts, not {}", node.kind()),
        );
        return Vec::new();
    };
    if items.len() > LIST_MAX {
        reporter.mistake(
            node.place,
            format!("`{key}` has {} texts, allowed {LIST_MAX}", items.len()),
        );
    }
    let mut found: Vec<(&str, &Node)> = Vec::new();
    for item in items.iter().take(LIST_MAX) {
        match &item.value {
            Value::Text(text) if text.trim().is_empty() => {
                reporter.mistake(item.place, format!("a text of `{key}` is empty"))
            }
            Value::Text(text) if found.iter().any(|(f, _)| f == text) => {
                reporter.mistake(
                    item.place,
                    format!("`{key}` names \"{}\" twice", quantity::shorten(text)),
                );
            }
            Value::Text(text) => found.push((text, item)),
            Value::Number(_)
            | Value::Whole(_)
            | Value::Flag(_)
            | Value::Date
            | Value::List(_)
            | Value::Table(_) => {
                reporter.mistake(
                    item.place,
                    format!("`{key}` must be a list of texts, this is {}", item.kind()),
                );
            }
        }
    }
    found
}
