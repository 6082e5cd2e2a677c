//! Text to a tree whose every key and value knows its place.
//!
//! The only file that knows the TOML crate. The tree is owned, in the order of
//! the file, and no deeper than [`DEPTH_MAX`].

use toml::de::{DeTable, DeValue};

use crate::mistake::{Place, Reporter};

/// Deepest nesting of tables and arrays.
pub(crate) const DEPTH_MAX: usize = 32;

/// Syntax errors that are looked at for a list without an end: each costs a look at the whole tree.
const ERRORS_LOOKED_AT: usize = 100;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub place: Place,
    pub value: Value,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(f64),
    /// A whole number, also as such.
    Whole(i64),
    Flag(bool),
    Date,
    List(Vec<Node>),
    Table(Table),
}

/// A table in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: String,
    pub key_place: Place,
    pub node: Node,
}

impl Table {
    /// Looks a key up.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.key == key)
    }

    /// Every value that is no table, with its path: keys may be quoted
    /// (`"user.site"`) or dotted, and those of inner tables are joined.
    pub fn leaves(&self) -> Vec<(String, &Entry)> {
        let mut found = Vec::new();
        for entry in &self.entries {
            match entry.node.table() {
                Some(inner) => found.extend(
                    inner
                        .leaves()
                        .into_iter()
                        .map(|(path, leaf)| (format!("{}.{path}", entry.key), leaf)),
                ),
                None => found.push((entry.key.clone(), entry)),
            }
        }
        found
    }

    /// Looks a key's value up.
    pub fn node(&self, key: &str) -> Option<&Node> {
        self.get(key).map(|e| &e.node)
    }
}

impl Node {
    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a text",
            Value::Number(_) | Value::Whole(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::Date => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// Its table, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(t) => Some(t),
            _ => None,
        }
    }
}

/// Parses a file's text; syntax errors are reported and what could be read is returned.
pub(crate) fn parse(file: u32, reporter: &mut Reporter) -> Table {
    let text = reporter.text(file).to_owned();
    let (root, errors) = DeTable::parse_recoverable(&text);
    // The text after a list without an end is read as part of it: that one mistake tells all.
    let unclosed = errors
        .iter()
        .take(ERRORS_LOOKED_AT)
        .find_map(|e| unclosed_list(root.get_ref(), &text, e));
    if let Some(open) = unclosed {
        let place = Place {
            file,
            start: open,
            end: open + 1,
        };
        reporter.unclosed(
            place,
            "this `[` has no `]`: what follows is read as its list",
        );
    }
    for error in errors {
        let mut span = error.span().unwrap_or(0..0);
        span.start = span.start.min(text.len());
        span.end = span.end.clamp(span.start, text.len());
        let place = Place {
            file,
            start: span.start,
            end: span.end,
        };
        if error.message() == "duplicate key" {
            let message = format!("duplicate key `{}`", reporter.slice(place));
            reporter.mistake(place, message);
        } else {
            let message = match error.message() {
                m if m.starts_with("string values must be quoted") => {
                    match reporter.slice(place).trim() {
                        "" => "the value is missing",
                        _ => "a text must be in quotes",
                    }
                }
                m => m,
            };
            reporter.syntax(place, message);
        }
    }
    own_table(file, root.get_ref(), 0, reporter)
}

/// Where the list starts that an error is in, if the error is a line that cannot be meant
/// as an item: a `[header]` or a `key = value`.
fn unclosed_list(root: &DeTable<'_>, text: &str, error: &toml::de::Error) -> Option<usize> {
    let at = error.span()?.start;
    let line_start = text.get(..at)?.rfind('\n')? + 1;
    let line = text.get(line_start..)?.lines().next()?.trim();
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let inner = line.trim_start_matches('[');
    let rest = inner.trim_start_matches(bare).trim_start();
    let named = inner.starts_with(|c: char| c.is_ascii_alphabetic());
    let header = inner.len() < line.len() && rest.starts_with(']');
    let pair = inner.len() == line.len() && rest.starts_with('=');
    if !named || !(header || pair) {
        return None;
    }
    root.iter()
        .filter_map(|(_, value)| list_around(value, line_start))
        .max()
}

/// The start of the innermost list that begins before a byte and reaches it.
fn list_around(value: &toml::Spanned<DeValue<'_>>, at: usize) -> Option<usize> {
    let span = value.span();
    let within = match value.get_ref() {
        DeValue::Array(items) => items.iter().filter_map(|v| list_around(v, at)).max(),
        DeValue::Table(table) => table.iter().filter_map(|(_, v)| list_around(v, at)).max(),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => None,
    };
    let own = matches!(value.get_ref(), DeValue::Array(_)) && span.start < at && span.end > at;
    within.or(own.then_some(span.start))
}

fn own_table(file: u32, table: &DeTable<'_>, depth: usize, reporter: &mut Reporter) -> Table {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table.iter() {
        let span = key.span();
        let key_place = Place {
            file,
            start: span.start,
            end: span.end,
        };
        if let Some(node) = own(file, value, key_place, depth + 1, reporter) {
            entries.push(Entry {
                key: key.get_ref().to_string(),
                key_place,
                node,
            });
        }
    }
    entries.sort_by_key(|e| e.key_place.start);
    Table { entries }
}

fn own(
    file: u32,
    value: &toml::Spanned<DeValue<'_>>,
    key_place: Place,
    depth: usize,
    reporter: &mut Reporter,
) -> Option<Node> {
    let span = value.span();
    let place = Place {
        file,
        start: span.start,
        end: span.end,
    };
    if depth > DEPTH_MAX {
        reporter.mistake(key_place, format!("nested deeper than {DEPTH_MAX} levels"));
        return None;
    }
    let value = match value.get_ref() {
        DeValue::String(s) => Value::Text(s.to_string()),
        DeValue::Boolean(b) => Value::Flag(*b),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Integer(i) => match i64::from_str_radix(i.as_str(), i.radix()) {
            Ok(whole) => Value::Whole(whole),
            Err(_) => {
                reporter.mistake(place, "the number does not fit in 64 bits");
                return None;
            }
        },
        DeValue::Float(f) => match f.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Number(number),
            Ok(number) if number.is_nan() => {
                reporter.mistake(place, "nan is not a number that can be used");
                return None;
            }
            _ => {
                reporter.mistake(place, "the number is not finite");
                return None;
            }
        },
        DeValue::Array(items) => {
            let mut nodes = Vec::with_capacity(items.len());
            for item in items.iter() {
                // An array of tables has its items' places, a plain one too.
                nodes.extend(own(file, item, key_place, depth + 1, reporter));
            }
            Value::List(nodes)
        }
        DeValue::Table(table) => Value::Table(own_table(file, table, depth, reporter)),
    };
    Some(Node { place, value })
}
