//! `[[event]]`: what the user and the surroundings do.

use kneadsim_firmware::Config;
use kneadsim_plant::Knob;
use kneadsim_sim::spec::{Action, Button, Event};

use crate::bounds::EVENTS_MAX;
use crate::document::{Node, Table};
use crate::keys::{self, EVENT, PRESS_REPEAT};
use crate::mistake::{Place, Reporter};
use crate::quantity::{self, show_duration, show_number};
use crate::read;
use crate::settings::{self, CLOTHING, Draft, SettingValue};

/// How long a press is unless said otherwise, ticks (100 ms).
pub(crate) const HOLD_DEFAULT_TICKS: u32 = 10;

/// Events of a file.
#[derive(Default)]
pub(crate) struct Events {
    /// As the bench wants them, in order of time.
    pub events: Vec<Event>,
    /// Where each stands.
    pub places: Vec<Place>,
}

/// Reads all events; `draft` has the configuration at the start.
pub(crate) fn read(root: &Table, draft: &Draft, reporter: &mut Reporter) -> Events {
    let mut found = Events::default();
    let mut before: Option<u32> = None;
    let mut present = draft.clone();
    for (table, node) in read::tables(root, "event", EVENTS_MAX, reporter) {
        keys::check(node, table, EVENT, &[], reporter);
        let at = read::duration(table, "at", reporter);
        let at_place = table.node("at").map_or(node.place, |n| n.place);
        if let Some(at) = at {
            if before.is_some_and(|b| at < b) {
                let last = show_duration(before.unwrap_or(0));
                reporter.mistake(
                    at_place,
                    format!(
                        "`at` is {}, earlier than the event before it at {last}",
                        show_duration(at)
                    ),
                );
            }
            if at >= draft.duration_ticks {
                let end = show_duration(draft.duration_ticks);
                reporter.mistake(
                    at_place,
                    format!("`at` is {}, the run ends at {end}", show_duration(at)),
                );
            }
            before = Some(before.unwrap_or(0).max(at));
        }
        let shapes: Vec<&str> = ["press", "set", "configure"]
            .into_iter()
            .filter(|k| table.get(k).is_some())
            .collect();
        if shapes.len() != 1 {
            let message = match shapes.as_slice() {
                [] => "an event needs one of `press`, `set`, `configure`".to_owned(),
                several => format!(
                    "an event has only one of `press`, `set`, `configure`, this has {}",
                    several.len()
                ),
            };
            reporter.missing(node.place, message);
            continue;
        }
        for (key, wants) in [("hold", "press"), ("repeat", "press"), ("over", "set")] {
            if let Some(entry) = table.get(key)
                && shapes != [wants]
            {
                reporter.mistake(entry.key_place, format!("`{key}` goes with `{wants}`"));
            }
        }
        let mut actions = Vec::new();
        match shapes[0] {
            "press" => press(table, at.unwrap_or(0), &mut actions, reporter),
            "set" => set(table, at.unwrap_or(0), &mut actions, reporter),
            _ => configure(table, at.unwrap_or(0), &mut present, &mut actions, reporter),
        }
        if at.is_none() {
            continue;
        }
        if found.events.len() + actions.len() > EVENTS_MAX {
            reporter.mistake(
                node.place,
                format!("more than {EVENTS_MAX} events, repetitions counted"),
            );
            break;
        }
        found.places.extend(actions.iter().map(|_| node.place));
        found.events.extend(actions);
    }
    sort(&mut found);
    found
}

/// Repeated presses reach over later events: a stable sort puts all in order.
fn sort(events: &mut Events) {
    let mut order: Vec<usize> = (0..events.events.len()).collect();
    order.sort_by_key(|i| events.events[*i].at_tick);
    events.places = order.iter().map(|i| events.places[*i]).collect();
    events.events = order.iter().map(|i| events.events[*i].clone()).collect();
}

fn press(table: &Table, at_tick: u32, actions: &mut Vec<Event>, reporter: &mut Reporter) {
    let button = table
        .node("press")
        .and_then(|n| settings::choice(n, "press", &keys::buttons(), reporter));
    let button = button.and_then(|name| Button::ALL.into_iter().find(|b| b.name() == name));
    let hold = read::duration_or(table, "hold", HOLD_DEFAULT_TICKS, reporter);
    if let (Some(0), Some(n)) = (hold, table.node("hold")) {
        reporter.mistake(n.place, "`hold` is 0s: the button would never be down");
    }
    let (every, times) = match read::inner(table, "repeat", reporter) {
        None => (0, 1),
        Some((inner, node)) => match press_repeat(inner, node, hold, reporter) {
            Some(pair) => pair,
            None => return,
        },
    };
    let (Some(button), Some(hold_ticks)) = (button, hold) else {
        return;
    };
    for index in 0..times {
        let at_tick = at_tick.saturating_add(index.saturating_mul(every));
        actions.push(Event {
            at_tick,
            action: Action::Press { button, hold_ticks },
        });
    }
}

fn press_repeat(
    table: &Table,
    node: &Node,
    hold: Option<u32>,
    reporter: &mut Reporter,
) -> Option<(u32, u32)> {
    keys::check(node, table, PRESS_REPEAT, &[], reporter);
    let every = read::duration(table, "every", reporter);
    let times = table.node("times").and_then(|n| match n.value {
        crate::document::Value::Whole(v) if (1..=EVENTS_MAX as i64).contains(&v) => Some(v as u32),
        _ => {
            reporter.mistake(
                n.place,
                format!("`times` must be a whole number, 1 to {EVENTS_MAX}"),
            );
            None
        }
    });
    let every = every?;
    if let Some(hold) = hold
        && every <= hold
    {
        let place = table.node("every").map_or(node.place, |n| n.place);
        reporter.mistake(
            place,
            format!(
                "`every` is {}, not longer than the press of {}",
                show_duration(every),
                show_duration(hold)
            ),
        );
        return None;
    }
    Some((every, times?))
}

fn set(table: &Table, at_tick: u32, actions: &mut Vec<Event>, reporter: &mut Reporter) {
    let Some((knobs, node)) = read::inner(table, "set", reporter) else {
        return;
    };
    let over = read::duration_or(table, "over", 0, reporter);
    if knobs.entries.is_empty() {
        reporter.mistake(node.place, "`set` is empty");
    }
    for (name, key_place, node) in flat(knobs) {
        for (knob, value) in knob_values(&name, key_place, node, reporter) {
            if let Some(over_ticks) = over {
                actions.push(Event {
                    at_tick,
                    action: Action::Set {
                        knob,
                        value,
                        over_ticks,
                    },
                });
            }
        }
    }
}

/// Entries of a table, inner tables' keys joined with dots (`film_crack.upper`).
fn flat(table: &Table) -> Vec<(String, Place, &Node)> {
    let mut found = Vec::new();
    for entry in &table.entries {
        match entry.node.table() {
            Some(inner) => {
                for e in &inner.entries {
                    found.push((format!("{}.{}", entry.key, e.key), e.key_place, &e.node));
                }
            }
            None => found.push((entry.key.clone(), entry.key_place, &entry.node)),
        }
    }
    found
}

fn knob_values(
    name: &str,
    key_place: Place,
    node: &Node,
    reporter: &mut Reporter,
) -> Vec<(Knob, f64)> {
    if name == "clothing" {
        let names: Vec<&'static str> = CLOTHING.iter().map(|c| c.0).collect();
        let chosen = settings::choice(node, name, &names, reporter);
        let found = CLOTHING.iter().find(|c| Some(c.0) == chosen);
        return found.map_or(Vec::new(), |c| {
            vec![(Knob::ClothingM2kPerW, c.1), (Knob::ClothingJPerM2K, c.2)]
        });
    }
    let Some(knob) = Knob::from_name(name) else {
        match settings::all()
            .iter()
            .find(|r| !r.live() && (r.key() == name || r.path == name))
        {
            Some(row) => reporter.mistake(
                key_place,
                format!(
                    "`{name}` cannot change during a run: it belongs in [{}]",
                    row.section()
                ),
            ),
            None => keys::unknown(
                key_place,
                name,
                Knob::ALL.iter().map(|k| k.name()).chain(["clothing"]),
                reporter,
            ),
        }
        return Vec::new();
    };
    let Some(value) = quantity::number(node, name, knob.unit(), reporter) else {
        return Vec::new();
    };
    match out_of_range(knob, value) {
        Some(why) => {
            reporter.mistake(node.place, why);
            Vec::new()
        }
        None => vec![(knob, value)],
    }
}

/// Why a knob cannot have a value.
pub(crate) fn out_of_range(knob: Knob, value: f64) -> Option<String> {
    let (min, max) = knob.range();
    let inside = value >= min && value <= max;
    let message = || {
        format!(
            "`{}` is {}, allowed {} to {}",
            knob.name(),
            show_number(value),
            show_number(min),
            show_number(max)
        )
    };
    (!inside).then(message)
}

fn configure(
    table: &Table,
    at_tick: u32,
    present: &mut Draft,
    actions: &mut Vec<Event>,
    reporter: &mut Reporter,
) {
    let Some((fields, node)) = read::inner(table, "configure", reporter) else {
        return;
    };
    if fields.entries.is_empty() {
        reporter.mistake(node.place, "`configure` is empty");
    }
    let before = reporter.count();
    for entry in &fields.entries {
        let Some(row) = settings::find(&format!("firmware.{}", entry.key)) else {
            keys::unknown(
                entry.key_place,
                &entry.key,
                Config::FIELDS.iter().map(|f| f.name),
                reporter,
            );
            continue;
        };
        if let Some(value @ SettingValue::Number(_)) =
            settings::read(row, &entry.node, &entry.key, reporter)
        {
            row.set(present, &value);
        }
    }
    if reporter.count() > before {
        return;
    }
    if let Err(error) = present.firmware.validate() {
        reporter.mistake(
            node.place,
            format!("the firmware refuses this configuration: {error}"),
        );
    }
    actions.push(Event {
        at_tick,
        action: Action::Configure(Box::new(present.firmware)),
    });
}
