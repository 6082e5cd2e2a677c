//! The keys of everything that is not a setting: the top of a file, events,
//! faults, expectations, timelines, limit files.
//!
//! The parser refuses what is not here, and the JSON Schema and the key
//! reference are made from it.

use kneadsim_sim::fault::CATALOGUE;
use kneadsim_sim::limits::LimitProfile;
use kneadsim_sim::spec::Button;

use crate::document::{Node, Table};
use crate::mistake::Reporter;
use crate::quantity::{listed, shorten};
use crate::suggest::{did_you_mean, nearest};

/// What may be written for a key.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Any text.
    Text,
    /// The number 1.
    One,
    /// A number.
    Number,
    /// A whole number.
    Whole,
    /// `true` or `false`.
    Flag,
    /// `"5s"`.
    Duration,
    /// `"5s"` or `"forever"`.
    DurationOrForever,
    /// A formula.
    Formula,
    /// A list of texts.
    Texts,
    /// One of some names.
    Choice(fn() -> Vec<&'static str>),
    /// A table with keys of its own.
    Table(&'static [Key]),
    /// A list of such tables (`[[line]]`).
    Tables(&'static [Key]),
    /// A section of settings.
    Section,
    /// Knobs with their final values.
    Knobs,
    /// Fields of the firmware's configuration.
    FirmwareFields,
    /// Paths with lists of values.
    Matrix,
    /// Paths with a value each.
    Settings,
    /// A list of values of any kind.
    Values,
    /// A list of numbers.
    Numbers,
    /// A number or a text with its unit, of the key that varies.
    OfKey,
    /// Name of a limit profile, path of a limits file, or the profile itself.
    Limits,
}

/// One key.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub name: &'static str,
    pub form: Form,
    pub required: bool,
    pub doc: &'static str,
}

const fn key(name: &'static str, form: Form, doc: &'static str) -> Key {
    Key {
        name,
        form,
        required: false,
        doc,
    }
}

const fn required(name: &'static str, form: Form, doc: &'static str) -> Key {
    Key {
        name,
        form,
        required: true,
        doc,
    }
}

/// Top of a scenario file.
pub(crate) const TOP: &[Key] = &[
    required("schema", Form::One, "Version of this format: 1."),
    required("name", Form::Text, "One line: the situation."),
    required(
        "description",
        Form::Text,
        "What happens and what must come of it.",
    ),
    key(
        "requirements",
        Form::Texts,
        "Rows of docs/safety.md that this checks, like \"BURN-03\".",
    ),
    key("tags", Form::Texts, "Words to select cases by."),
    key(
        "case",
        Form::Text,
        "Name of the case; written by the program into lowered files.",
    ),
    key("run", Form::Section, "How the run is made."),
    key(
        "product",
        Form::Section,
        "How the massager differs from the reference product, or from the file that `base` names.",
    ),
    key("user", Form::Section, "Who lies on it, and how."),
    key("environment", Form::Section, "The surroundings."),
    key(
        "firmware",
        Form::Section,
        "Overrides of the firmware's configuration, or of the file that `base` names.",
    ),
    key(
        "event",
        Form::Tables(EVENT),
        "What the user or the surroundings do, in order of time.",
    ),
    key(
        "timeline",
        Form::Table(TIMELINE),
        "The same, recorded: a CSV file.",
    ),
    key("fault", Form::Tables(FAULT), "What breaks."),
    required("expect", Form::Tables(EXPECT), "What must hold."),
    key(
        "matrix",
        Form::Matrix,
        "The file is run once for every combination of these values.",
    ),
];

/// `[[event]]`
pub(crate) const EVENT: &[Key] = &[
    required("at", Form::Duration, "When, from the start of the run."),
    key("press", Form::Choice(buttons), "Press a button."),
    key(
        "hold",
        Form::Duration,
        "How long the button is down; default \"100ms\".",
    ),
    key(
        "repeat",
        Form::Table(PRESS_REPEAT),
        "Press again and again.",
    ),
    key(
        "set",
        Form::Knobs,
        "Move conditions to values, at once or over a time.",
    ),
    key(
        "over",
        Form::Duration,
        "Length of the straight ramp of `set`; default \"0s\", a step.",
    ),
    key(
        "configure",
        Form::FirmwareFields,
        "Give the firmware a new configuration: the present one with these overrides.",
    ),
];

/// `repeat` of a press.
pub(crate) const PRESS_REPEAT: &[Key] = &[
    required("every", Form::Duration, "Time between presses."),
    required(
        "times",
        Form::Whole,
        "Presses in all, the first one counted.",
    ),
];

/// `[timeline]`
pub(crate) const TIMELINE: &[Key] = &[
    key(
        "csv",
        Form::Text,
        "CSV file beside the scenario, header `time_s,signal,value`.",
    ),
    key("rows", Form::Text, "The same text written here."),
    key(
        "interpolate",
        Form::Flag,
        "Straight lines between the rows of a signal instead of steps; default false.",
    ),
];

/// `[[fault]]`; beside these, the kind's own number by its name.
pub(crate) const FAULT: &[Key] = &[
    required("kind", Form::Choice(fault_kinds), "Which fault."),
    key(
        "target",
        Form::Text,
        "What it sits on; may be left out for faults of the whole product.",
    ),
    required("at", Form::Duration, "Onset, from the start of the run."),
    key(
        "for",
        Form::DurationOrForever,
        "How long; default \"forever\".",
    ),
    key(
        "repeat",
        Form::Table(FAULT_REPEAT),
        "On and off again within that time.",
    ),
];

/// `repeat` of a fault.
pub(crate) const FAULT_REPEAT: &[Key] = &[
    required("every", Form::Duration, "Period."),
    required(
        "duty",
        Form::Number,
        "Share of the period in which the fault is there, above 0 to 1.",
    ),
];

/// `[[expect]]`
pub(crate) const EXPECT: &[Key] = &[
    required(
        "id",
        Form::Text,
        "Name of the expectation, unique in the file.",
    ),
    key(
        "always",
        Form::Formula,
        "Holds at every sample; with `after`, from the trigger to the end.",
    ),
    key("never", Form::Formula, "Holds at no sample."),
    key(
        "eventually",
        Form::Formula,
        "Holds at some sample, not later than `before`.",
    ),
    key(
        "before",
        Form::Duration,
        "Deadline of `eventually` and `stays`, from the start of the run.",
    ),
    key("after", Form::Formula, "Trigger."),
    key("within", Form::Duration, "Time from the trigger to `then`."),
    key(
        "then",
        Form::Formula,
        "Response that must come within the time.",
    ),
    key(
        "delay",
        Form::Duration,
        "Grace between the trigger and `always`; default \"0s\".",
    ),
    key(
        "stays",
        Form::Formula,
        "Holds somewhere for a stretch without a gap.",
    ),
    key("for", Form::Duration, "Length of that stretch."),
    key("at_end", Form::Formula, "Holds at the last sample."),
    key(
        "limits",
        Form::Limits,
        "Every line of a limit profile is kept.",
    ),
    key(
        "from",
        Form::Duration,
        "Start of the window that counts; default the start of the run.",
    ),
    key(
        "until",
        Form::Duration,
        "End of the window that counts; default the end of the run.",
    ),
    key(
        "may_be_vacuous",
        Form::Flag,
        "A trigger that never comes is a pass; default false.",
    ),
];

/// A limits file, or `limits = { ... }`.
pub(crate) const LIMITS: &[Key] = &[
    required("name", Form::Text, "Name of the profile."),
    required("line", Form::Tables(LIMIT_LINE), "One limit each."),
];

/// `[[line]]` of a limits file.
pub(crate) const LIMIT_LINE: &[Key] = &[
    required("name", Form::Text, "Short name, unique in the file."),
    key(
        "surface_c",
        Form::Number,
        "Skin surface temperature; with `longest`.",
    ),
    key(
        "longest",
        Form::Duration,
        "Longest total time at or above it; \"0s\" is never.",
    ),
    key(
        "cem43_min",
        Form::Number,
        "Thermal dose of the basal layer stays below this, CEM43 minutes.",
    ),
    key(
        "arrhenius",
        Form::Choice(arrhenius_sets),
        "Constants of the Arrhenius damage; with `below`.",
    ),
    key("below", Form::Number, "Damage stays below this."),
    key(
        "severity",
        Form::Choice(severities),
        "`fail` (default) or `warn`.",
    ),
    required(
        "source",
        Form::Text,
        "Where the figure comes from, and how sure it is.",
    ),
];

/// Names of the buttons.
pub(crate) fn buttons() -> Vec<&'static str> {
    Button::ALL.iter().map(|b| b.name()).collect()
}

/// Names of the faults.
pub(crate) fn fault_kinds() -> Vec<&'static str> {
    CATALOGUE.iter().map(|r| r.kind.name()).collect()
}

/// Names of the Arrhenius sets.
pub(crate) fn arrhenius_sets() -> Vec<&'static str> {
    kneadsim_plant::ArrheniusSet::ALL
        .iter()
        .map(|s| s.name())
        .collect()
}

/// Names of the limit profiles that come with the program.
pub(crate) fn limit_profiles() -> Vec<&'static str> {
    LimitProfile::builtin_names().to_vec()
}

/// What a broken limit means.
pub(crate) fn severities() -> Vec<&'static str> {
    vec!["fail", "warn"]
}

/// Reports keys that are not in the table and required ones that are absent.
/// `extra` are keys that are allowed besides.
pub(crate) fn check(
    node: &Node,
    table: &Table,
    keys: &[Key],
    extra: &[&str],
    reporter: &mut Reporter,
) {
    for entry in &table.entries {
        let name = entry.key.as_str();
        if keys.iter().any(|k| k.name == name) || extra.contains(&name) {
            continue;
        }
        unknown(
            entry.key_place,
            name,
            keys.iter().map(|k| k.name).chain(extra.iter().copied()),
            reporter,
        );
    }
    let is_known = |name: &str| keys.iter().any(|k| k.name == name) || extra.contains(&name);
    for key in keys
        .iter()
        .filter(|k| k.required && table.get(k.name).is_none())
    {
        // A misspelt key has its mistake: it is not missing as well.
        let misspelt = table.entries.iter().filter(|e| !is_known(&e.key)).take(20);
        let names = || keys.iter().map(|k| k.name).chain(extra.iter().copied());
        if misspelt
            .into_iter()
            .any(|e| nearest(&e.key, names()) == Some(key.name))
        {
            continue;
        }
        reporter.missing(
            node.place,
            format!("`{}` is missing: {}", key.name, lower_first(key.doc)),
        );
    }
}

/// Reports a key that nothing knows.
pub(crate) fn unknown<'a>(
    place: crate::mistake::Place,
    name: &str,
    allowed: impl Iterator<Item = &'a str>,
    reporter: &mut Reporter,
) {
    if reporter.full() {
        reporter.mistake(place, format!("unknown key `{}`", shorten(name)));
        return;
    }
    let allowed: Vec<&str> = allowed.collect();
    let hint = did_you_mean(name, allowed.iter().copied());
    let help = if allowed.len() <= 40 {
        format!("allowed here: {}", listed(&allowed))
    } else {
        "see docs/scenario-format.md".into()
    };
    reporter.mistake_with(
        place,
        format!("unknown key `{}`{hint}", shorten(name)),
        help,
    );
}

fn lower_first(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
