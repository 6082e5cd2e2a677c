//! Reading, checking, showing and storing a setting's value.

use kneadsim_plant::body::{Profile, Site};
use kneadsim_plant::{Grid, Knob, Source};
use kneadsim_sim::signal::Signal;

use super::{Access, Draft, Kind, Setting, machine, signal_names};
use crate::document::{Node, Value};
use crate::mistake::Reporter;
use crate::quantity;
use crate::suggest::{did_you_mean, nearest};

/// Clothing by name: m2K/W and J/m2K. T-shirt from the product sheet's contact
/// path; the sweater is an estimate (about 0.2 clo over the contact).
pub const CLOTHING: [(&str, f64, f64); 3] = [
    ("bare", 0.0, 0.0),
    ("t_shirt", 0.0124, 208.0),
    ("sweater", 0.03, 400.0),
];

/// A setting's value.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// In the key's unit.
    Number(f64),
    /// Whole.
    Whole(u64),
    /// Name chosen.
    Choice(&'static str),
    /// Ticks.
    Ticks(u32),
    /// Signals.
    Signals(Vec<Signal>),
}

/// Reads a value as the row wants it; mistakes are reported under `name`.
pub(crate) fn read(
    row: &Setting,
    node: &Node,
    name: &str,
    reporter: &mut Reporter,
) -> Option<SettingValue> {
    let value = match &row.kind {
        Kind::Number { unit, .. } => {
            SettingValue::Number(quantity::number(node, name, unit, reporter)?)
        }
        Kind::Whole { .. } => match node.value {
            Value::Whole(v) if v >= 0 => SettingValue::Whole(v as u64),
            _ => {
                reporter.mistake(
                    node.place,
                    format!("`{name}` must be {}", describe_kind(&row.kind)),
                );
                return None;
            }
        },
        Kind::Choice(names) => SettingValue::Choice(choice(node, name, names, reporter)?),
        Kind::Duration { .. } => SettingValue::Ticks(quantity::duration(node, name, reporter)?),
        Kind::Signals => SettingValue::Signals(signals(node, name, reporter)?),
    };
    if let Some(why) = refuse(row, &value) {
        reporter.mistake(node.place, format!("`{name}` {why}"));
        return None;
    }
    Some(value)
}

/// Why a value is out of the row's range, as the rest of a sentence.
pub(crate) fn refuse(row: &Setting, value: &SettingValue) -> Option<String> {
    let out = match (&row.kind, value) {
        (Kind::Number { min, max, .. }, SettingValue::Number(v)) if !(v >= min && v <= max) => {
            quantity::show_number(*v)
        }
        (Kind::Whole { min, max }, SettingValue::Whole(v)) if v < min || v > max => v.to_string(),
        (
            Kind::Duration {
                min_ticks,
                max_ticks,
            },
            SettingValue::Ticks(v),
        ) if v < min_ticks || v > max_ticks => quantity::show_duration(*v),
        _ => return None,
    };
    Some(format!("is {out}, allowed {}", range_of(&row.kind)))
}

/// "0 to 250".
fn range_of(kind: &Kind) -> String {
    match kind {
        Kind::Number { min, max, .. } => format!(
            "{} to {}",
            quantity::show_number(*min),
            quantity::show_number(*max)
        ),
        Kind::Whole { min, max } => format!("{min} to {max}"),
        Kind::Duration {
            min_ticks,
            max_ticks,
        } => {
            format!(
                "{} to {}",
                quantity::show_duration(*min_ticks),
                quantity::show_duration(*max_ticks)
            )
        }
        Kind::Choice(names) => quantity::listed(names),
        Kind::Signals => "names of signals".into(),
    }
}

/// What may be written, in words.
pub(crate) fn describe_kind(kind: &Kind) -> String {
    match kind {
        Kind::Number { .. } => format!("a number, {}", range_of(kind)),
        Kind::Whole { .. } => format!("a whole number, {}", range_of(kind)),
        Kind::Duration { .. } => format!("a duration, {}", range_of(kind)),
        Kind::Choice(_) => format!("one of {}", range_of(kind)),
        Kind::Signals => "a list of signal names".into(),
    }
}

/// One of some names.
pub(crate) fn choice(
    node: &Node,
    name: &str,
    names: &[&'static str],
    reporter: &mut Reporter,
) -> Option<&'static str> {
    let Value::Text(text) = &node.value else {
        reporter.mistake(
            node.place,
            format!(
                "`{name}` must be one of {}, not {}",
                quantity::listed(names),
                node.kind()
            ),
        );
        return None;
    };
    if let Some(found) = names.iter().find(|n| *n == text) {
        return Some(found);
    }
    let hint = did_you_mean(text, names.iter().copied());
    reporter.mistake_with(
        node.place,
        format!(
            "`{name}` is \"{}\"{}",
            quantity::shorten(text),
            if hint.is_empty() {
                format!(", allowed {}", quantity::listed(names))
            } else {
                hint
            }
        ),
        format!("allowed: {}", quantity::listed(names)),
    );
    None
}

fn signals(node: &Node, name: &str, reporter: &mut Reporter) -> Option<Vec<Signal>> {
    let Value::List(items) = &node.value else {
        reporter.mistake(
            node.place,
            format!(
                "`{name}` must be a list of signal names, not {}",
                node.kind()
            ),
        );
        return None;
    };
    let mut found = Vec::new();
    let before = reporter.count();
    for item in items {
        let Value::Text(text) = &item.value else {
            reporter.mistake(
                item.place,
                format!("a signal's name must be a text, not {}", item.kind()),
            );
            continue;
        };
        match Signal::from_name(text) {
            Some(signal) if found.contains(&signal) => {
                reporter.mistake(item.place, format!("signal `{text}` is named twice"))
            }
            Some(signal) => found.push(signal),
            None => {
                let hint = nearest(text, signal_names())
                    .map_or(String::new(), |n| format!(", did you mean `{n}`?"));
                reporter.mistake(
                    item.place,
                    format!("unknown signal `{}`{hint}", quantity::shorten(text)),
                );
            }
        }
    }
    (reporter.count() == before).then_some(found)
}

/// The value as it is written in a file.
pub(crate) fn show(row: &Setting, value: &SettingValue) -> String {
    match value {
        SettingValue::Number(v) => match row.access {
            // The firmware computes in f32: its shortest text is enough and reads better.
            Access::Firmware(_) => format!("{:?}", *v as f32),
            _ => format!("{v:?}"),
        },
        SettingValue::Whole(v) => v.to_string(),
        SettingValue::Choice(name) => format!("\"{name}\""),
        SettingValue::Ticks(v) => format!("\"{}\"", quantity::show_duration(*v)),
        SettingValue::Signals(list) => {
            let names: Vec<String> = list.iter().map(|s| format!("\"{}\"", s.name())).collect();
            format!("[{}]", names.join(", "))
        }
    }
}

/// The number that the shortest text of an `f32` says: 0.1, not 0.10000000149.
/// Going back to `f32` gives the same bits.
pub(crate) fn decimal(value: f32) -> f64 {
    format!("{value:?}").parse().unwrap_or(f64::from(value))
}

/// Reads a value; the draft is only lent mutably because its slots are, nothing changes.
pub(super) fn get(access: Access, draft: &mut Draft) -> Option<SettingValue> {
    Some(match access {
        Access::Number(at, index) => SettingValue::Number(*at(draft, index)?),
        Access::BothZones(at) => {
            let (upper, lower) = (*at(draft, 0)?, *at(draft, 1)?);
            if upper.to_bits() != lower.to_bits() {
                return None;
            }
            SettingValue::Number(upper)
        }
        Access::Ticks(at) => SettingValue::Ticks(*at(draft)),
        Access::Knob(knob) => SettingValue::Number(knob.get(&draft.conditions)),
        Access::Firmware(name) => SettingValue::Number(decimal(draft.firmware.get(name)?)),
        Access::Columns(axis) => match draft.build.grid {
            Grid::Field {
                columns_x,
                columns_y,
            } => SettingValue::Whole([columns_x, columns_y][axis & 1] as u64),
            Grid::Column => return None,
        },
        Access::Grid => SettingValue::Choice(match draft.build.grid {
            Grid::Field { .. } => "field",
            Grid::Column => "column",
        }),
        Access::Source => SettingValue::Choice(match draft.build.supply.source {
            Source::Adapter { .. } => "adapter",
            Source::Pack { .. } => "pack",
        }),
        Access::Site => SettingValue::Choice(draft.build.body.site.name()),
        Access::Profile => SettingValue::Choice(draft.build.body.profile.name()),
        Access::Clothing => {
            let (r, c) = (
                draft.conditions.clothing_m2k_per_w,
                draft.conditions.clothing_j_per_m2_k,
            );
            SettingValue::Choice(CLOTHING.iter().find(|k| k.1 == r && k.2 == c)?.0)
        }
        Access::Seed => SettingValue::Whole(draft.seed),
        Access::TraceSignals => SettingValue::Signals(draft.trace_signals.clone()),
    })
}

pub(super) fn set(access: Access, draft: &mut Draft, value: &SettingValue) -> bool {
    match (access, value) {
        (Access::Number(at, index), SettingValue::Number(v)) => put(at(draft, index), *v),
        (Access::BothZones(at), SettingValue::Number(v)) => {
            put(at(draft, 0), *v) && put(at(draft, 1), *v)
        }
        (Access::Ticks(at), SettingValue::Ticks(v)) => {
            *at(draft) = *v;
            true
        }
        (Access::Knob(knob), SettingValue::Number(v)) => {
            knob.set(&mut draft.conditions, *v);
            true
        }
        (Access::Firmware(name), SettingValue::Number(v)) => {
            draft.firmware.set(name, *v as f32).is_ok()
        }
        (Access::Columns(axis), SettingValue::Whole(v)) => match &mut draft.build.grid {
            Grid::Field {
                columns_x,
                columns_y,
            } => {
                *(if axis == 0 { columns_x } else { columns_y }) = *v as usize;
                true
            }
            Grid::Column => false,
        },
        (Access::Grid, SettingValue::Choice(name)) => {
            draft.build.grid = match *name {
                "column" => Grid::Column,
                _ => Draft::default().build.grid,
            };
            true
        }
        (Access::Source, SettingValue::Choice(name)) => {
            draft.build.supply.source = if *name == "pack" {
                machine::pack()
            } else {
                machine::adapter()
            };
            true
        }
        (Access::Site, SettingValue::Choice(name)) => {
            let found = Site::ALL.into_iter().find(|s| s.name() == *name);
            found.map(|s| draft.build.body.site = s).is_some()
        }
        (Access::Profile, SettingValue::Choice(name)) => {
            let found = Profile::ALL.into_iter().find(|p| p.name() == *name);
            found.map(|p| draft.build.body.profile = p).is_some()
        }
        (Access::Clothing, SettingValue::Choice(name)) => {
            let found = CLOTHING.iter().find(|c| c.0 == *name);
            found
                .map(|c| {
                    Knob::ClothingM2kPerW.set(&mut draft.conditions, c.1);
                    Knob::ClothingJPerM2K.set(&mut draft.conditions, c.2);
                })
                .is_some()
        }
        (Access::Seed, SettingValue::Whole(v)) => {
            draft.seed = *v;
            true
        }
        (Access::TraceSignals, SettingValue::Signals(list)) => {
            draft.trace_signals = list.clone();
            true
        }
        _ => false,
    }
}

fn put(slot: Option<&mut f64>, value: f64) -> bool {
    slot.map(|s| *s = value).is_some()
}
