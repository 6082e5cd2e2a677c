//! `[[vary]]` and `[[correlate]]`: how values are spread, and which go together.

use kneadsim_search::vary::{Correlation, DIMENSIONS_MAX, Distribution, Variable};

use crate::bounds::LIST_MAX;
use crate::campaign::keys::{CORRELATE, NORMAL, RANGE, TRIANGULAR, VARY};
use crate::document::{Node, Table, Value};
use crate::keys;
use crate::matrix;
use crate::mistake::Reporter;
use crate::quantity::{self, shorten};
use crate::read;
use crate::settings::{self, Kind};
use crate::suggest::did_you_mean;
use crate::variation::{Column, Written};

/// The spreads that a `[[vary]]` can have.
const SPREADS: [&str; 5] = ["normal", "uniform", "log_uniform", "triangular", "among"];

/// Reads every `[[vary]]`.
pub(crate) fn read(root: &Table, reporter: &mut Reporter) -> (Vec<Variable>, Vec<Column>) {
    let (mut variables, mut columns) = (Vec::new(), Vec::<Column>::new());
    for (table, node) in read::tables(root, "vary", DIMENSIONS_MAX, reporter) {
        keys::check(node, table, VARY, &[], reporter);
        let Some((key, key_node)) = read::text(table, "key", reporter) else {
            continue;
        };
        if columns.iter().any(|c| c.key == key) {
            let message = format!("`{}` varies twice", shorten(key));
            reporter.mistake(key_node.place, message);
            continue;
        }
        // Faults and events are the scenarios' own: whether they are there is seen later.
        let own = ["fault.", "event."]
            .iter()
            .any(|list| key.starts_with(list));
        if let (Err(message), false) = (matrix::known(key, &Table::default()), own) {
            let message = message.replace("cannot be in the matrix", "cannot vary");
            reporter.mistake(key_node.place, message);
            continue;
        }
        let mut column = Column {
            key: key.to_owned(),
            written: Written::of(key),
            choices: Vec::new(),
            place: key_node.place,
        };
        if let Some(distribution) = spread(table, node, &mut column, reporter) {
            variables.push(Variable {
                key: key.to_owned(),
                unit: unit_of(key).to_owned(),
                distribution,
            });
            columns.push(column);
        }
    }
    (variables, columns)
}

/// Unit of a key's numbers, `s` for durations.
fn unit_of(key: &str) -> &'static str {
    match settings::find(key).map(|s| &s.kind) {
        Some(Kind::Number { unit, .. }) => unit,
        Some(Kind::Whole { .. } | Kind::Choice(_) | Kind::Signals) => "1",
        Some(Kind::Duration { .. }) => "s",
        None if Written::of(key) == Written::Duration => "s",
        // Numbers of faults and conditions have their unit in the name.
        None => "1",
    }
}

fn spread(
    table: &Table,
    node: &Node,
    column: &mut Column,
    reporter: &mut Reporter,
) -> Option<Distribution> {
    let named: Vec<&str> = SPREADS
        .into_iter()
        .filter(|s| table.get(s).is_some())
        .collect();
    let [name] = named[..] else {
        let spreads = quantity::listed(&SPREADS);
        let message = match named.len() {
            0 => format!(
                "`{}` has no spread, allowed: {spreads}",
                shorten(&column.key)
            ),
            _ => format!(
                "`{}` has {} spreads, allowed one",
                shorten(&column.key),
                named.len()
            ),
        };
        reporter.mistake(node.place, message);
        return None;
    };
    if name == "among" {
        return among(table, column, reporter);
    }
    if let Some(entry) = table.get("weights") {
        reporter.mistake(entry.key_place, "`weights` belongs to `among`");
    }
    if matches!(
        settings::find(&column.key).map(|s| &s.kind),
        Some(Kind::Choice(_) | Kind::Signals)
    ) {
        let message = format!(
            "`{}` is one of some names: use `among`",
            shorten(&column.key)
        );
        reporter.mistake(node.place, message);
        return None;
    }
    let (inner, inner_node) = read::inner(table, name, reporter)?;
    let rows = match name {
        "normal" => NORMAL,
        "triangular" => TRIANGULAR,
        _ => RANGE,
    };
    keys::check(inner_node, inner, rows, &[], reporter);
    let mut get = |key: &str| number(inner, key, column, reporter);
    let distribution = match name {
        "normal" => {
            let (mean, sd, min, max) = (get("mean"), get("sd"), get("min"), get("max"));
            Distribution::Normal {
                mean: mean?,
                sd: sd?,
                min: min?,
                max: max?,
            }
        }
        "triangular" => {
            let (min, mode, max) = (get("min"), get("mode"), get("max"));
            Distribution::Triangular {
                min: min?,
                mode: mode?,
                max: max?,
            }
        }
        "log_uniform" => {
            let (min, max) = (get("min"), get("max"));
            Distribution::LogUniform {
                min: min?,
                max: max?,
            }
        }
        _ => {
            let (min, max) = (get("min"), get("max"));
            Distribution::Uniform {
                min: min?,
                max: max?,
            }
        }
    };
    match refuse(&distribution) {
        None => Some(distribution),
        Some(why) => {
            reporter.mistake(inner_node.place, format!("`{name}`: {why}"));
            None
        }
    }
}

/// What is wrong with numbers that are each allowed.
fn refuse(distribution: &Distribution) -> Option<String> {
    let (min, max) = distribution.range()?;
    let show = quantity::show_number;
    if min >= max {
        return Some(format!(
            "`min` {} is not below `max` {}",
            show(min),
            show(max)
        ));
    }
    match distribution {
        Distribution::Normal { sd, .. } if *sd <= 0.0 => {
            Some(format!("`sd` is {}, allowed above 0", show(*sd)))
        }
        Distribution::Normal { mean, sd, .. }
            if (mean - min).max(max - mean) < -30.0 * sd
                || min - mean > 30.0 * sd
                || mean - max > 30.0 * sd =>
        {
            Some("the limits are more than 30 standard deviations from the mean".to_owned())
        }
        Distribution::LogUniform { .. } if min <= 0.0 => {
            Some(format!("`min` is {}, allowed above 0", show(min)))
        }
        Distribution::Triangular { mode, .. } if !(min..=max).contains(mode) => Some(format!(
            "`mode` {} is not between `min` {} and `max` {}",
            show(*mode),
            show(min),
            show(max)
        )),
        _ => None,
    }
}

/// A number in the key's unit; a spread in kelvin where the key is in degC.
fn number(table: &Table, key: &str, column: &Column, reporter: &mut Reporter) -> Option<f64> {
    let node = table.node(key)?;
    match column.written {
        Written::Duration => {
            quantity::duration(node, key, reporter).map(|ticks| f64::from(ticks) / 100.0)
        }
        Written::Number | Written::Whole => {
            let unit = match unit_of(&column.key) {
                "degC" if key == "sd" => "K",
                unit => unit,
            };
            quantity::number(node, key, unit, reporter)
        }
    }
}

fn among(table: &Table, column: &mut Column, reporter: &mut Reporter) -> Option<Distribution> {
    let node = table.node("among")?;
    let Value::List(items) = &node.value else {
        let message = format!("`among` must be a list of values, not {}", node.kind());
        reporter.mistake(node.place, message);
        return None;
    };
    if items.is_empty() || items.len() > LIST_MAX {
        let message = format!(
            "`among` has {} values, allowed 1 to {LIST_MAX}",
            items.len()
        );
        reporter.mistake(node.place, message);
        return None;
    }
    let mut names = Vec::new();
    for item in items {
        let name = match &item.value {
            Value::Text(text) => text.clone(),
            Value::Number(_) | Value::Whole(_) | Value::Flag(_) => {
                reporter.slice(item.place).to_owned()
            }
            Value::Date | Value::List(_) | Value::Table(_) => {
                let message = format!(
                    "a value of `among` must be a number or a text, this is {}",
                    item.kind()
                );
                reporter.mistake(item.place, message);
                return None;
            }
        };
        if names.contains(&name) {
            reporter.mistake(item.place, format!("`among` has {} twice", shorten(&name)));
            return None;
        }
        names.push(name);
    }
    let numbers = items.iter().map(|item| match item.value {
        Value::Number(v) => Some(v),
        Value::Whole(v) => Some(v as f64),
        _ => None,
    });
    let numbers: Option<Vec<f64>> = numbers.collect();
    column.choices = items.iter().map(|item| item.value.clone()).collect();
    let weights = match table.node("weights") {
        None => vec![1.0; names.len()],
        Some(node) => weights(node, names.len(), reporter)?,
    };
    Some(Distribution::Among {
        names,
        numbers,
        weights,
    })
}

fn weights(node: &Node, count: usize, reporter: &mut Reporter) -> Option<Vec<f64>> {
    let numbers = match &node.value {
        Value::List(items) => items
            .iter()
            .map(|item| match item.value {
                Value::Number(v) if v >= 0.0 && v.is_finite() => Some(v),
                Value::Whole(v) if v >= 0 => Some(v as f64),
                _ => None,
            })
            .collect::<Option<Vec<f64>>>(),
        _ => None,
    };
    match numbers {
        Some(numbers) if numbers.len() == count && numbers.iter().sum::<f64>() > 0.0 => {
            Some(numbers)
        }
        _ => {
            let message = format!(
                "`weights` must be {count} numbers, as many as `among` has, none negative and not all 0"
            );
            reporter.mistake(node.place, message);
            None
        }
    }
}

/// Reads every `[[correlate]]` of these variables.
pub(crate) fn correlations(
    root: &Table,
    variables: &[Variable],
    reporter: &mut Reporter,
) -> Vec<Correlation> {
    let mut found = Vec::<Correlation>::new();
    for (table, node) in read::tables(root, "correlate", LIST_MAX, reporter) {
        keys::check(node, table, CORRELATE, &[], reporter);
        let names = read::texts(table, "keys", reporter);
        let rho = table
            .node("rho")
            .and_then(|n| quantity::number(n, "rho", "1", reporter));
        let mut places = Vec::new();
        for (name, name_node) in &names {
            match variables.iter().position(|v| v.key == *name) {
                Some(index) => places.push(index),
                None => {
                    let hint = did_you_mean(name, variables.iter().map(|v| v.key.as_str()));
                    let message = format!("`{}` does not vary{hint}", shorten(name));
                    reporter.mistake(name_node.place, message);
                }
            }
        }
        let (Some(rho), &[one, other]) = (rho, places.as_slice()) else {
            if places.len() == names.len() && names.len() != 2 && table.node("keys").is_some() {
                let message = format!("`keys` has {} keys, allowed 2", names.len());
                reporter.mistake(node.place, message);
            }
            continue;
        };
        let same = |c: &Correlation| {
            (c.one.min(c.other), c.one.max(c.other)) == (one.min(other), one.max(other))
        };
        if !(rho > -1.0 && rho < 1.0) {
            let message = format!(
                "`rho` is {}, allowed between -1 and 1",
                quantity::show_number(rho)
            );
            reporter.mistake(node.place, message);
        } else if found.iter().any(same) {
            reporter.mistake(node.place, "this pair is correlated twice");
        } else {
            found.push(Correlation { one, other, rho });
        }
    }
    found
}
