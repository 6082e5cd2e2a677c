//! The key reference of `docs/scenario-format.md`, made from the tables.

use kneadsim_plant::Knob;
use kneadsim_sim::fault::CATALOGUE;

use crate::campaign::keys::{CAMPAIGN, CORRELATE, MEASURE, NORMAL, RANGE, TRIANGULAR, VARY};
use crate::keys::{
    EVENT, EXPECT, FAULT, FAULT_REPEAT, Form, Key, LIMIT_LINE, LIMITS, PRESS_REPEAT, TIMELINE, TOP,
};
use crate::quantity::{listed, show_number};
use crate::settings::{self, Draft, Kind, SECTIONS, Setting, describe_kind, show};
use crate::tune::keys::{OBJECTIVE, PARAMETER, TUNE_FILE};

/// The reference as Markdown: what stands between the markers of the document.
pub fn reference_markdown() -> String {
    let mut out = String::new();
    let tables: [(&str, &[Key]); 9] = [
        ("Top of a scenario file", TOP),
        ("`[[event]]`", EVENT),
        ("`repeat` of a press", PRESS_REPEAT),
        ("`[timeline]`", TIMELINE),
        ("`[[fault]]`", FAULT),
        ("`repeat` of a fault", FAULT_REPEAT),
        ("`[[expect]]`", EXPECT),
        ("Limits file", LIMITS),
        ("`[[line]]` of a limits file", LIMIT_LINE),
    ];
    for (title, keys) in tables {
        table(&mut out, title, keys);
    }
    for (section, doc) in SECTIONS {
        out.push_str(&format!("### `[{section}]`\n\n{doc}\n\n| key | unit | allowed | default | meaning |\n|---|---|---|---|---|\n"));
        for row in settings::all().iter().filter(|r| r.section() == section) {
            out.push_str(&setting(row));
        }
        out.push('\n');
    }
    knobs(&mut out);
    faults(&mut out);
    out
}

/// The reference of campaign files, for `docs/campaigns.md`.
pub fn campaign_reference_markdown() -> String {
    let mut out = String::new();
    let tables: [(&str, &[Key]); 7] = [
        ("Top of a campaign file", CAMPAIGN),
        ("`[[vary]]`", VARY),
        ("`normal`", NORMAL),
        ("`uniform`, `log_uniform`", RANGE),
        ("`triangular`", TRIANGULAR),
        ("`[[correlate]]`", CORRELATE),
        ("`[[measure]]`", MEASURE),
    ];
    for (title, keys) in tables {
        table(&mut out, title, keys);
    }
    out
}

/// The reference of tuning files, for `docs/tuning.md`; what varies is as in a campaign.
pub fn tune_reference_markdown() -> String {
    let mut out = String::new();
    let tables: [(&str, &[Key]); 3] = [
        ("Top of a tuning file", TUNE_FILE),
        ("`[[tune]]`", PARAMETER),
        ("`[[objective]]`", OBJECTIVE),
    ];
    for (title, keys) in tables {
        table(&mut out, title, keys);
    }
    out
}

fn table(out: &mut String, title: &str, keys: &[Key]) {
    out.push_str(&format!(
        "### {title}\n\n| key | value | meaning |\n|---|---|---|\n"
    ));
    for key in keys {
        let needed = if key.required { " **Required.**" } else { "" };
        out.push_str(&format!(
            "| `{}` | {} | {}{needed} |\n",
            key.name,
            form(key.form),
            key.doc
        ));
    }
    out.push('\n');
}

fn form(form: Form) -> String {
    match form {
        Form::Text => "text".into(),
        Form::One => "`1`".into(),
        Form::Number => "number".into(),
        Form::Whole => "whole number".into(),
        Form::Flag => "`true`, `false`".into(),
        Form::Duration => "duration".into(),
        Form::DurationOrForever => "duration or `\"forever\"`".into(),
        Form::Formula => "formula".into(),
        Form::Texts => "list of texts".into(),
        Form::Choice(names) if names().len() > 8 => "a name, see below".into(),
        Form::Choice(names) => listed(&names()),
        Form::Table(_) => "table".into(),
        Form::Tables(_) => "list of tables".into(),
        Form::Section => "settings, see below".into(),
        Form::Knobs => "conditions, see below".into(),
        Form::FirmwareFields => "keys of `[firmware]`".into(),
        Form::Matrix => "paths with lists of values".into(),
        Form::Settings => "paths with a value each".into(),
        Form::Values => "list of values".into(),
        Form::Numbers => "list of numbers".into(),
        Form::OfKey => "number or duration, as the key has it".into(),
        Form::Limits => format!(
            "{}, a file `….toml`, or a table like a limits file",
            listed(&crate::keys::limit_profiles())
        ),
    }
}

fn setting(row: &Setting) -> String {
    let (unit, allowed) = match &row.kind {
        Kind::Number { unit, min, max } => (
            *unit,
            format!("{} to {}", show_number(*min), show_number(*max)),
        ),
        Kind::Whole { .. } | Kind::Choice(_) | Kind::Duration { .. } | Kind::Signals => {
            ("", describe_kind(&row.kind))
        }
    };
    let default = match row.get(&Draft::default()) {
        Some(crate::settings::SettingValue::Signals(list)) => format!(
            "{} signals: what the heat path, the kneading motor and the mode do",
            list.len()
        ),
        Some(value) => format!("`{}`", show(row, &value)),
        None => String::new(),
    };
    format!(
        "| `{}` | {unit} | {allowed} | {default} | {} |\n",
        row.key(),
        row.doc
    )
}

fn knobs(out: &mut String) {
    out.push_str("### Conditions: what `set` and timelines can move\n\n| name | unit | allowed | meaning |\n|---|---|---|---|\n");
    for knob in Knob::ALL {
        let (min, max) = knob.range();
        let range = format!("{} to {}", show_number(min), show_number(max));
        out.push_str(&format!(
            "| `{}` | {} | {range} | {} |\n",
            knob.name(),
            knob.unit(),
            knob.doc()
        ));
    }
    out.push_str("| `clothing` | | `bare`, `t_shirt`, `sweater` | Clothing by name; `set` only, not in timelines. |\n\n");
}

fn faults(out: &mut String) {
    out.push_str("### Faults\n\n| kind | targets | number | meaning |\n|---|---|---|---|\n");
    for row in CATALOGUE {
        let number = row.parameter.map_or(String::new(), |p| {
            format!(
                "`{}` = {} ({}; {} to {})",
                p.name,
                show_number(p.default),
                p.unit,
                show_number(p.min),
                show_number(p.max)
            )
        });
        out.push_str(&format!(
            "| `{}` | {} | {number} | {} |\n",
            row.kind.name(),
            listed(&row.targets.names()),
            row.meaning
        ));
    }
}
