//! A case as text: one file that needs no other and reads back to the same specification.

use kneadsim_firmware::Config;
use kneadsim_sim::fault::FaultSpec;
use kneadsim_sim::limits::{LimitKind, LimitProfile, Severity};
use kneadsim_sim::spec::{Action, Event, TICKS_PER_S};

use crate::Case;
use crate::document::{Node, Table, Value};
use crate::quantity::show_duration;
use crate::settings::{self, Draft, SECTIONS, Setting, SettingValue};
use crate::timeline::{self, Row};

/// How inline rows are opened and closed in lowered text.
const ROWS_OPEN: &str = "\nrows = '''\n";
const ROWS_CLOSE: &str = "'''\n";

/// What a case's text is made from.
pub(crate) struct Lowered<'a> {
    pub case: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub requirements: &'a [String],
    pub tags: &'a [String],
    pub draft: &'a Draft,
    /// Events of the file itself.
    pub events: &'a [Event],
    pub rows: &'a [Row],
    pub interpolate: bool,
    pub faults: &'a [FaultSpec],
    /// The tree, for the expectations.
    pub root: &'a Table,
    /// Limit profile of each expectation.
    pub profiles: &'a [Option<LimitProfile>],
}

/// The whole text.
pub(crate) fn lowered(of: &Lowered<'_>) -> String {
    let mut out =
        String::from("# Lowered by kneadsim: one case, needs no other file.\nschema = 1\n");
    line(&mut out, "name", &quoted(of.title));
    line(&mut out, "case", &quoted(of.case));
    line(&mut out, "description", &quoted(of.description));
    line(&mut out, "requirements", &quoted_list(of.requirements));
    line(&mut out, "tags", &quoted_list(of.tags));
    sections(&mut out, of.draft);
    let mut present = of.draft.firmware;
    for event in of.events {
        show_event(&mut out, event, &mut present);
    }
    if !of.rows.is_empty() {
        out.push_str(&format!("\n[timeline]\ninterpolate = {}", of.interpolate));
        out.push_str(ROWS_OPEN);
        out.push_str(&timeline::show(of.rows));
        out.push_str(ROWS_CLOSE);
    }
    for fault in of.faults {
        show_fault(&mut out, fault);
    }
    expectations(&mut out, of.root, of.profiles);
    out
}

/// A lowered case with events and faults that came while it ran: `events` ascending in
/// time, each before the case's own at the same tick, `faults` behind its own.
pub(crate) fn with_more(case: &Case, events: &[Event], faults: &[FaultSpec]) -> String {
    let mut text = case.lowered.clone();
    let mut broken = String::new();
    for fault in faults {
        show_fault(&mut broken, fault);
    }
    let place = first_of(&text, &["\n[[expect]]\n"]);
    text.insert_str(place, &broken);
    if events.is_empty() {
        return text;
    }
    // A configuration is what differs from the one before: the case's own events are
    // written anew among the others.
    let mut all: Vec<&Event> = events.iter().chain(&case.events).collect();
    all.sort_by_key(|event| event.at_tick);
    let mut present = case.spec.firmware;
    let mut written = String::new();
    for event in all {
        show_event(&mut written, event, &mut present);
    }
    let rest = ["\n[timeline]\n", "\n[[fault]]\n", "\n[[expect]]\n"];
    let end = first_of(&text, &rest);
    let start = first_of(&text, &["\n[[event]]\n"]).min(end);
    text.replace_range(start..end, &written);
    text
}

/// Where the first of some lines is, else the end. No text in a lowered file spans
/// lines but a timeline's rows, which come after the events.
fn first_of(text: &str, lines: &[&str]) -> usize {
    let places = lines.iter().filter_map(|line| text.find(line));
    places.min().unwrap_or(text.len())
}

/// Fields of a configuration that differ from the firmware's own, as a firmware file.
pub(crate) fn firmware_file(config: &Config) -> String {
    let own = Config::default();
    let fields = Config::FIELDS.iter();
    let changed = fields.filter(|f| config.get(f.name) != own.get(f.name));
    changed
        .map(|f| {
            let value = config.get(f.name).unwrap_or(f.default);
            let (was, unit) = (f.default, f.unit);
            format!("{} = {value:?}  # was {was:?} {unit}\n", f.name)
        })
        .collect()
}

/// Bytes of a timeline that is written into a lowered file: not counted as its size.
pub(crate) fn inline_rows_bytes(text: &str) -> usize {
    let Some(open) = text.find(ROWS_OPEN) else {
        return 0;
    };
    let from = open + ROWS_OPEN.len();
    text[from..]
        .find(ROWS_CLOSE)
        .map_or(0, |length| length.min(crate::bounds::TIMELINE_MAX_BYTES))
}

fn line(out: &mut String, key: &str, value: &str) {
    out.push_str(&format!("{key} = {value}\n"));
}

/// Settings that differ from what the file would have without them.
fn sections(out: &mut String, draft: &Draft) {
    let (mut draft, mut reference) = (draft.clone(), Draft::default());
    let chosen: Vec<(&Setting, SettingValue)> = settings::all()
        .iter()
        .filter(|r| r.rank == 0)
        .filter_map(|r| r.get_from(&mut draft).map(|v| (r, v)))
        .collect();
    for (row, value) in &chosen {
        row.set(&mut reference, value);
    }
    for (section, _) in SECTIONS {
        let mut lines = Vec::new();
        for row in settings::all()
            .iter()
            .filter(|r| r.section() == section && r.rank != 1)
        {
            let Some(value) = row.get_from(&mut draft) else {
                continue;
            };
            let always = matches!(
                row.path.as_str(),
                "run.duration"
                    | "run.seed"
                    | "user.site"
                    | "user.profile"
                    | "environment.ambient_c"
            );
            if always || row.rank == 0 || row.get_from(&mut reference).as_ref() != Some(&value) {
                lines.push(format!("{} = {}\n", row.key(), settings::show(row, &value)));
            }
        }
        if !lines.is_empty() {
            out.push_str(&format!("\n[{section}]\n"));
            out.push_str(&lines.concat());
        }
    }
}

fn show_event(out: &mut String, event: &Event, present: &mut Config) {
    out.push_str("\n[[event]]\n");
    line(out, "at", &time(event.at_tick));
    match &event.action {
        Action::Press { button, hold_ticks } => {
            line(out, "press", &quoted(button.name()));
            line(out, "hold", &time(*hold_ticks));
        }
        Action::Set {
            knob,
            value,
            over_ticks,
        } => {
            line(out, "set", &format!("{{ {} = {value:?} }}", knob.name()));
            line(out, "over", &time(*over_ticks));
        }
        Action::Configure(config) => {
            let changed = Config::FIELDS
                .iter()
                .filter(|f| config.get(f.name) != present.get(f.name));
            let mut pairs: Vec<String> = changed
                .map(|f| format!("{} = {:?}", f.name, config.get(f.name).unwrap_or(f.default)))
                .collect();
            if pairs.is_empty() {
                // Configured to what it is: any field says so.
                pairs.extend(Config::FIELDS.first().map(|f| {
                    format!("{} = {:?}", f.name, config.get(f.name).unwrap_or(f.default))
                }));
            }
            line(out, "configure", &format!("{{ {} }}", pairs.join(", ")));
            *present = **config;
        }
    }
}

fn show_fault(out: &mut String, fault: &FaultSpec) {
    let row = fault.kind.row();
    out.push_str("\n[[fault]]\n");
    line(out, "kind", &quoted(fault.kind.name()));
    if let Some(target) = row.targets.names().get(usize::from(fault.target)) {
        line(out, "target", &quoted(target));
    }
    line(out, "at", &time(fault.onset_tick));
    if let Some(ticks) = fault.duration_ticks {
        line(out, "for", &time(ticks));
    }
    if let Some(repeat) = fault.repeat {
        let duty = f64::from(repeat.on_ticks) / f64::from(repeat.every_ticks);
        line(
            out,
            "repeat",
            &format!(
                "{{ every = {}, duty = {duty:?} }}",
                time(repeat.every_ticks)
            ),
        );
    }
    if let Some(parameter) = row.parameter {
        line(out, parameter.name, &format!("{:?}", fault.value));
    }
}

fn expectations(out: &mut String, root: &Table, profiles: &[Option<LimitProfile>]) {
    let Some(Node {
        value: Value::List(items),
        ..
    }) = root.node("expect")
    else {
        return;
    };
    for (item, profile) in items.iter().zip(profiles) {
        let Some(table) = item.table() else { continue };
        out.push_str("\n[[expect]]\n");
        for entry in &table.entries {
            let value = match (entry.key.as_str(), profile, &entry.node.value) {
                // The name of a profile that comes with the program is enough.
                ("limits", Some(profile), Value::Text(name))
                    if *name != profile.name || name.ends_with(".toml") =>
                {
                    show_profile(profile)
                }
                ("limits", Some(profile), Value::Table(_)) => show_profile(profile),
                _ => show_value(&entry.node),
            };
            line(out, &entry.key, &value);
        }
    }
}

fn show_profile(profile: &LimitProfile) -> String {
    let lines: Vec<String> = profile
        .lines
        .iter()
        .map(|l| {
            let kind = match l.kind {
                LimitKind::Surface { at_c, longest_s } => {
                    let ticks = (longest_s * f64::from(TICKS_PER_S)).round() as u32;
                    format!("surface_c = {at_c:?}, longest = {}", time(ticks))
                }
                LimitKind::Cem43 { below_min } => format!("cem43_min = {below_min:?}"),
                LimitKind::Arrhenius { set, below } => {
                    format!("arrhenius = {}, below = {below:?}", quoted(set.name()))
                }
            };
            let severity = match l.severity {
                Severity::Fail => "fail",
                Severity::Warn => "warn",
            };
            format!(
                "{{ name = {}, {kind}, severity = \"{severity}\", source = {} }}",
                quoted(&l.name),
                quoted(&l.source)
            )
        })
        .collect();
    format!(
        "{{ name = {}, line = [{}] }}",
        quoted(&profile.name),
        lines.join(", ")
    )
}

fn show_value(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => quoted(text),
        Value::Number(v) => format!("{v:?}"),
        Value::Whole(v) => v.to_string(),
        Value::Flag(v) => v.to_string(),
        Value::List(items) => format!(
            "[{}]",
            items.iter().map(show_value).collect::<Vec<_>>().join(", ")
        ),
        Value::Table(table) => {
            let pairs: Vec<String> = table
                .entries
                .iter()
                .map(|e| format!("{} = {}", quoted(&e.key), show_value(&e.node)))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        // No expectation takes a date: it was refused.
        Value::Date => String::from("\"\""),
    }
}

fn time(ticks: u32) -> String {
    quoted(&show_duration(ticks))
}

fn quoted_list(texts: &[String]) -> String {
    format!(
        "[{}]",
        texts
            .iter()
            .map(|t| quoted(t))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

/// A basic string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
