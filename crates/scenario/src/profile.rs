//! Limit profiles: by name, from a TOML file, or written into the scenario.

use kneadsim_plant::ArrheniusSet;
use kneadsim_sim::limits::{LimitKind, LimitLine, LimitProfile, Severity};
use kneadsim_sim::spec::TICKS_PER_S;

use crate::bounds::{LIMIT_LINES_MAX, TEXT_MAX_BYTES};
use crate::document::{self, Node, Table, Value};
use crate::files::Files;
use crate::keys::{self, LIMIT_LINE, LIMITS};
use crate::mistake::{Place, Reporter};
use crate::quantity::{self, listed, shorten, show_number};
use crate::read;
use crate::settings;
use crate::suggest::did_you_mean;

/// Reads the value of `limits`.
pub(crate) fn read(
    node: &Node,
    files: &Files<'_>,
    reporter: &mut Reporter,
) -> Option<LimitProfile> {
    match &node.value {
        Value::Table(table) => profile(table, node, reporter),
        Value::Text(name) if name.ends_with(".toml") => {
            let file = match files.read(reporter.path(node.place.file), name, TEXT_MAX_BYTES) {
                Ok(file) => file,
                Err(why) => {
                    reporter.mistake(
                        node.place,
                        format!("`limits`: the file \"{}\" {why}", shorten(name)),
                    );
                    return None;
                }
            };
            let id = reporter.add_source(&file.shown, file.text);
            let table = document::parse(id, reporter);
            let place = Place {
                file: id,
                start: 0,
                end: 0,
            };
            profile(
                &table,
                &Node {
                    place,
                    value: Value::Table(Table::default()),
                },
                reporter,
            )
        }
        Value::Text(name) => {
            let found = LimitProfile::builtin(name);
            if found.is_none() {
                let names = keys::limit_profiles();
                let hint = did_you_mean(name, names.iter().copied());
                let hint = if hint.is_empty() {
                    format!(", allowed {} or a file `….toml`", listed(&names))
                } else {
                    hint
                };
                reporter.mistake(
                    node.place,
                    format!("unknown limit profile \"{}\"{hint}", shorten(name)),
                );
            }
            found
        }
        Value::Number(_) | Value::Whole(_) | Value::Flag(_) | Value::Date | Value::List(_) => {
            reporter.mistake(
                node.place,
                format!(
                    "`limits` must be the name of a limit profile, not {}",
                    node.kind()
                ),
            );
            None
        }
    }
}

fn profile(table: &Table, node: &Node, reporter: &mut Reporter) -> Option<LimitProfile> {
    let before = reporter.count();
    keys::check(node, table, LIMITS, &[], reporter);
    let name = read::text(table, "name", reporter).map(|(t, _)| t.to_owned());
    let mut lines: Vec<LimitLine> = Vec::new();
    for (inner, line_node) in read::tables(table, "line", LIMIT_LINES_MAX, reporter) {
        let Some(line) = line(inner, line_node, reporter) else {
            continue;
        };
        if lines.iter().any(|l| l.name == line.name) {
            let place = inner.node("name").map_or(line_node.place, |n| n.place);
            reporter.mistake(
                place,
                format!("two lines are called \"{}\"", shorten(&line.name)),
            );
        }
        lines.push(line);
    }
    if reporter.count() > before {
        return None;
    }
    if lines.is_empty() {
        reporter.mistake(node.place, "the limit profile has no [[line]]");
        return None;
    }
    Some(LimitProfile { name: name?, lines })
}

fn line(table: &Table, node: &Node, reporter: &mut Reporter) -> Option<LimitLine> {
    keys::check(node, table, LIMIT_LINE, &[], reporter);
    let name = read::text(table, "name", reporter).map(|(t, _)| t.to_owned());
    let source = read::text(table, "source", reporter).map(|(t, _)| t.to_owned());
    let severity = match table.node("severity") {
        None => Some(Severity::Fail),
        Some(n) => settings::choice(n, "severity", &keys::severities(), reporter).map(|s| {
            if s == "warn" {
                Severity::Warn
            } else {
                Severity::Fail
            }
        }),
    };
    let shapes: Vec<&str> = ["surface_c", "cem43_min", "arrhenius"]
        .into_iter()
        .filter(|k| table.get(k).is_some())
        .collect();
    if shapes.len() != 1 {
        reporter.missing(
            node.place,
            "a line has exactly one of `surface_c`, `cem43_min`, `arrhenius`",
        );
        return None;
    }
    for (key, wants) in [("longest", "surface_c"), ("below", "arrhenius")] {
        match (table.get(key), shapes[0] == wants) {
            (Some(entry), false) => {
                reporter.mistake(entry.key_place, format!("`{key}` goes with `{wants}`"))
            }
            (None, true) => reporter.missing(
                node.place,
                format!("`{key}` is missing: it goes with `{wants}`"),
            ),
            (Some(_), true) | (None, false) => {}
        }
    }
    let kind = match shapes[0] {
        "surface_c" => {
            let at_c = number(table, "surface_c", "degC", 0.0, 100.0, reporter);
            let longest = read::duration(table, "longest", reporter);
            at_c.zip(longest).map(|(at_c, ticks)| LimitKind::Surface {
                at_c,
                longest_s: f64::from(ticks) / f64::from(TICKS_PER_S),
            })
        }
        "cem43_min" => number(table, "cem43_min", "min", 1e-3, 1e5, reporter)
            .map(|below_min| LimitKind::Cem43 { below_min }),
        _ => {
            let set = table
                .node("arrhenius")
                .and_then(|n| settings::choice(n, "arrhenius", &keys::arrhenius_sets(), reporter));
            let set = set.and_then(|name| ArrheniusSet::ALL.into_iter().find(|s| s.name() == name));
            let below = number(table, "below", "1", 1e-6, 1e6, reporter);
            set.zip(below)
                .map(|(set, below)| LimitKind::Arrhenius { set, below })
        }
    };
    Some(LimitLine {
        name: name?,
        kind: kind?,
        severity: severity?,
        source: source?,
    })
}

fn number(
    table: &Table,
    key: &str,
    unit: &str,
    min: f64,
    max: f64,
    reporter: &mut Reporter,
) -> Option<f64> {
    let node = table.node(key)?;
    let value = quantity::number(node, key, unit, reporter)?;
    if value >= min && value <= max {
        return Some(value);
    }
    let message = format!(
        "`{key}` is {}, allowed {} to {}",
        show_number(value),
        show_number(min),
        show_number(max)
    );
    reporter.mistake(node.place, message);
    None
}
