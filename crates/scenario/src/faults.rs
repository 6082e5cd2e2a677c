//! `[[fault]]`: what breaks.

use kneadsim_sim::fault::{FaultKind, FaultSpec, Parameter, Repeat};

use crate::bounds::FAULTS_MAX;
use crate::document::{Node, Table, Value};
use crate::keys::{self, FAULT, FAULT_REPEAT};
use crate::mistake::{Place, Reporter};
use crate::quantity::{self, listed, shorten, show_number};
use crate::read;
use crate::settings;
use crate::suggest::did_you_mean;

/// Faults of a file.
#[derive(Default)]
pub(crate) struct Faults {
    /// As the bench wants them.
    pub specs: Vec<FaultSpec>,
    /// Where each stands: the value of `kind`.
    pub places: Vec<Place>,
    /// Kinds and targets named, also those of faults with other mistakes.
    pub named: Vec<(FaultKind, u8)>,
}

/// Reads all faults.
pub(crate) fn read(root: &Table, duration_ticks: u32, reporter: &mut Reporter) -> Faults {
    let mut faults = Faults::default();
    for (table, node) in read::tables(root, "fault", FAULTS_MAX, reporter) {
        one(table, node, duration_ticks, &mut faults, reporter);
    }
    faults
}

fn one(
    table: &Table,
    node: &Node,
    duration_ticks: u32,
    faults: &mut Faults,
    reporter: &mut Reporter,
) {
    let kind = table.node("kind").and_then(|n| {
        let name = settings::choice(n, "kind", &keys::fault_kinds(), reporter)?;
        FaultKind::from_name(name)
    });
    let parameter = kind.and_then(|k| k.row().parameter);
    match kind {
        Some(kind) => check_keys(table, node, kind, parameter, reporter),
        // Without a kind no one knows its number's name: only what is required is checked.
        None => {
            let known: Vec<&str> = table.entries.iter().map(|e| e.key.as_str()).collect();
            keys::check(node, table, FAULT, &known, reporter);
        }
    }
    let target = kind.and_then(|k| target(table, node, k, reporter));
    let onset = read::duration(table, "at", reporter);
    if let (Some(at), Some(n)) = (onset, table.node("at"))
        && at >= duration_ticks
    {
        let end = quantity::show_duration(duration_ticks);
        reporter.mistake(
            n.place,
            format!(
                "`at` is {}, the run ends at {end}",
                quantity::show_duration(at)
            ),
        );
    }
    let length = match table.node("for") {
        None => Some(None),
        Some(Node {
            value: Value::Text(t),
            ..
        }) if t == "forever" => Some(None),
        Some(n) => quantity::duration(n, "for", reporter).map(Some),
    };
    if let (Some(Some(0)), Some(n)) = (length, table.node("for")) {
        reporter.mistake(n.place, "`for` is 0s: the fault would never be there");
    }
    let repeat = match read::inner(table, "repeat", reporter) {
        None => Some(None),
        Some((inner, n)) => repeat(inner, n, reporter).map(Some),
    };
    let value = match parameter {
        None => Some(0.0),
        Some(p) => match table.node(p.name) {
            None => Some(p.default),
            Some(n) => number(n, &p, reporter),
        },
    };
    if let (Some(kind), Some(target)) = (kind, target) {
        faults.named.push((kind, target));
        if let (Some(value), Some(onset_tick), Some(duration), Some(repeat)) =
            (value, onset, length, repeat)
        {
            faults.specs.push(FaultSpec {
                kind,
                target,
                value,
                onset_tick,
                duration_ticks: duration,
                repeat,
            });
            faults
                .places
                .push(table.node("kind").map_or(node.place, |n| n.place));
        }
    }
}

fn check_keys(
    table: &Table,
    node: &Node,
    kind: FaultKind,
    parameter: Option<Parameter>,
    reporter: &mut Reporter,
) {
    let extra: Vec<&str> = parameter.iter().map(|p| p.name).collect();
    let others = kneadsim_sim::fault::CATALOGUE
        .iter()
        .filter_map(|r| r.parameter)
        .map(|p| p.name);
    let foreign: Vec<&str> = others.filter(|n| !extra.contains(n)).collect();
    for entry in table
        .entries
        .iter()
        .filter(|e| foreign.contains(&e.key.as_str()))
    {
        let takes = parameter.map_or("no number".to_owned(), |p| format!("`{}`", p.name));
        let message = format!(
            "fault `{}` has no `{}`, it takes {takes}",
            kind.name(),
            entry.key
        );
        reporter.mistake(entry.key_place, message);
    }
    let allowed: Vec<&str> = table
        .entries
        .iter()
        .map(|e| e.key.as_str())
        .filter(|k| foreign.contains(k))
        .collect();
    let allowed: Vec<&str> = extra.iter().copied().chain(allowed).collect();
    keys::check(node, table, FAULT, &allowed, reporter);
}

fn target(table: &Table, node: &Node, kind: FaultKind, reporter: &mut Reporter) -> Option<u8> {
    let names = kind.row().targets.names();
    let Some(n) = table.node("target") else {
        if names.len() == 1 {
            return Some(0);
        }
        reporter.missing(
            node.place,
            format!(
                "`target` is missing: fault `{}` sits on one of {}",
                kind.name(),
                listed(&names)
            ),
        );
        return None;
    };
    let Value::Text(text) = &n.value else {
        reporter.mistake(
            n.place,
            format!(
                "`target` must be one of {}, not {}",
                listed(&names),
                n.kind()
            ),
        );
        return None;
    };
    let found = names.iter().position(|name| name == text);
    if found.is_none() {
        let hint = did_you_mean(text, names.iter().copied());
        let hint = if hint.is_empty() {
            format!(", allowed {}", listed(&names))
        } else {
            hint
        };
        let message = format!(
            "fault `{}` has no target \"{}\"{hint}",
            kind.name(),
            shorten(text)
        );
        reporter.mistake_with(n.place, message, format!("allowed: {}", listed(&names)));
    }
    found.map(|index| index as u8)
}

fn number(node: &Node, p: &Parameter, reporter: &mut Reporter) -> Option<f64> {
    let value = quantity::number(node, p.name, p.unit, reporter)?;
    if value >= p.min && value <= p.max {
        return Some(value);
    }
    let range = format!("{} to {}", show_number(p.min), show_number(p.max));
    reporter.mistake(
        node.place,
        format!("`{}` is {}, allowed {range}", p.name, show_number(value)),
    );
    None
}

fn repeat(table: &Table, node: &Node, reporter: &mut Reporter) -> Option<Repeat> {
    keys::check(node, table, FAULT_REPEAT, &[], reporter);
    let every = read::duration(table, "every", reporter);
    let duty = table.node("duty").and_then(|n| {
        let duty = quantity::number(n, "duty", "1", reporter)?;
        if duty > 0.0 && duty <= 1.0 {
            return Some(duty);
        }
        reporter.mistake(
            n.place,
            format!("`duty` is {}, allowed above 0 to 1", show_number(duty)),
        );
        None
    });
    let (every_ticks, duty) = (every?, duty?);
    if every_ticks < 2 {
        let place = table.node("every").map_or(node.place, |n| n.place);
        reporter.mistake(place, "`every` is shorter than 20ms, two ticks");
        return None;
    }
    let on_ticks = (f64::from(every_ticks) * duty).round().max(1.0) as u32;
    Some(Repeat {
        every_ticks,
        on_ticks,
    })
}
