//! The keys of campaign files; parser and key reference are made from them.

use kneadsim_search::measure::Take;
use kneadsim_search::vary::Sampling;

use crate::keys::{Form, Key};
use crate::settings::signal_names;

pub(crate) const fn key(name: &'static str, form: Form, required: bool, doc: &'static str) -> Key {
    Key {
        name,
        form,
        required,
        doc,
    }
}

/// Top of a campaign file.
pub(crate) const CAMPAIGN: &[Key] = &[
    key("schema", Form::One, true, "Version of this format: 1."),
    key("name", Form::Text, true, "One line: what is asked."),
    key(
        "description",
        Form::Text,
        true,
        "What varies, where the spreads come from, and what must come of it.",
    ),
    key(
        "scenarios",
        Form::Texts,
        true,
        "Scenario files beside this one; every case of their matrices is a base.",
    ),
    key(
        "samples",
        Form::Whole,
        true,
        "Samples; each goes into every base. 1 to 16777216.",
    ),
    key(
        "seed",
        Form::Whole,
        false,
        "Seed of everything drawn, and of the converter's noise; default 1.",
    ),
    key(
        "sampling",
        Form::Choice(samplings),
        false,
        "How samples are spread; default `sobol`.",
    ),
    key(
        "keep_worst",
        Form::Whole,
        false,
        "Worst cases that keep a scenario of their own and a full trace; default 10, at most 1000.",
    ),
    key(
        "expect",
        Form::Texts,
        false,
        "Only expectations with these ids count, of every scenario; default all. What a nominal unit must reach need not hold for every unit.",
    ),
    key(
        "set",
        Form::Settings,
        false,
        "Values for all runs, by the paths of a matrix: `\"run.grid\" = \"column\"`.",
    ),
    key("vary", Form::Tables(VARY), true, "What varies."),
    key(
        "correlate",
        Form::Tables(CORRELATE),
        false,
        "Pairs that go together; all others are independent.",
    ),
    key(
        "measure",
        Form::Tables(MEASURE),
        false,
        "Numbers kept of each run, beside verdict and margin; default: highest skin surface, basal layer, film and windings, dose and damage at the end.",
    ),
];

/// `[[vary]]`: a key and one spread.
pub(crate) const VARY: &[Key] = &[
    key(
        "key",
        Form::Text,
        true,
        "What varies, by the paths of a matrix: `product.heater.upper.power_w`, `fault.0.at`.",
    ),
    key(
        "normal",
        Form::Table(NORMAL),
        false,
        "Normal, cut at both limits.",
    ),
    key(
        "uniform",
        Form::Table(RANGE),
        false,
        "Every value between the limits as likely.",
    ),
    key(
        "log_uniform",
        Form::Table(RANGE),
        false,
        "Every ratio as likely; limits above 0.",
    ),
    key(
        "triangular",
        Form::Table(TRIANGULAR),
        false,
        "Straight up to the likeliest value, straight down from it.",
    ),
    key("among", Form::Values, false, "One of these values."),
    key(
        "weights",
        Form::Numbers,
        false,
        "With `among`: how likely each is, relative to the others; default equally.",
    ),
    key(
        "source",
        Form::Text,
        false,
        "Where the spread comes from, and how sure it is.",
    ),
];

/// `normal`
pub(crate) const NORMAL: &[Key] = &[
    key("mean", Form::OfKey, true, "Mean before the cut."),
    key(
        "sd",
        Form::OfKey,
        true,
        "Standard deviation before the cut, above 0.",
    ),
    key("min", Form::OfKey, true, "Least value."),
    key("max", Form::OfKey, true, "Greatest value."),
];

/// `uniform`, `log_uniform`
pub(crate) const RANGE: &[Key] = &[
    key("min", Form::OfKey, true, "Least value."),
    key("max", Form::OfKey, true, "Greatest value."),
];

/// `triangular`
pub(crate) const TRIANGULAR: &[Key] = &[
    key("min", Form::OfKey, true, "Least value."),
    key("mode", Form::OfKey, true, "Likeliest value."),
    key("max", Form::OfKey, true, "Greatest value."),
];

/// `[[correlate]]`
pub(crate) const CORRELATE: &[Key] = &[
    key("keys", Form::Texts, true, "Two keys of `[[vary]]`."),
    key(
        "rho",
        Form::Number,
        true,
        "Correlation of their normal scores, between -1 and 1.",
    ),
];

/// `[[measure]]`
pub(crate) const MEASURE: &[Key] = &[
    key("name", Form::Text, true, "Name of the column, unique."),
    key("signal", Form::Choice(signals), true, "Which signal."),
    key(
        "take",
        Form::Choice(takes),
        true,
        "What of it, over the run.",
    ),
];

pub(crate) fn samplings() -> Vec<&'static str> {
    Sampling::ALL.iter().map(|s| s.name()).collect()
}

fn takes() -> Vec<&'static str> {
    Take::ALL.iter().map(|t| t.name()).collect()
}

fn signals() -> Vec<&'static str> {
    signal_names().collect()
}
