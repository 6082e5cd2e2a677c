//! The keys of tuning files; parser and key reference are made from them.

use kneadsim_search::tune::{Algorithm, Goal, Over, Scale, Take};

use crate::campaign::keys::{CORRELATE, VARY, key, samplings};
use crate::keys::{Form, Key};

/// Top of a tuning file.
pub(crate) const TUNE_FILE: &[Key] = &[
    key("schema", Form::One, true, "Version of this format: 1."),
    key("name", Form::Text, true, "One line: what is tuned."),
    key(
        "description",
        Form::Text,
        true,
        "What is tuned towards what, and what must not be lost.",
    ),
    key(
        "scenarios",
        Form::Texts,
        true,
        "Scenario files beside this one, on which candidates are tried; every case of their matrices is a base.",
    ),
    key(
        "held_out",
        Form::Texts,
        false,
        "Scenario files that the search never sees: candidates are tried on them, and on fresh samples of the others.",
    ),
    key(
        "expect",
        Form::Texts,
        false,
        "Only expectations with these ids count, of every scenario; default all.",
    ),
    key(
        "may_lose_margin",
        Form::Texts,
        false,
        "Expectations that need only hold, or where they do not hold now, be no further from it. Every other one must keep, in its worst sample, the margin that it has with the present parameters.",
    ),
    key(
        "reserve_k",
        Form::Number,
        false,
        "What a candidate must have beyond the present margins in the search's own samples, K, so that it keeps them on others; default 0, at most 5.",
    ),
    key(
        "budget",
        Form::Whole,
        true,
        "Sessions that the search may run: one scenario's case with one sample is one. 1 to 10000000.",
    ),
    key(
        "samples",
        Form::Whole,
        false,
        "Samples that each candidate is tried on, the same for all; default 8.",
    ),
    key(
        "held_out_samples",
        Form::Whole,
        false,
        "Other samples on which candidates of the front are tried, and one of them is chosen; default 64.",
    ),
    key(
        "claim_samples",
        Form::Whole,
        false,
        "Others again, on which only the chosen one and the present parameters are run: what is said of the result is said of these; default 64.",
    ),
    key(
        "validate",
        Form::Whole,
        false,
        "Candidates of the front that are tried on what was held out; default 5, at most 100.",
    ),
    key(
        "seed",
        Form::Whole,
        false,
        "Seed of everything drawn; default 1.",
    ),
    key(
        "sampling",
        Form::Choice(samplings),
        false,
        "How samples are spread; default `sobol`.",
    ),
    key(
        "algorithm",
        Form::Choice(algorithms),
        false,
        "How candidates are found; default `cma_es` for one objective, `nsga2` for several.",
    ),
    key(
        "population",
        Form::Whole,
        false,
        "Candidates in a generation; default 12, 4 to 1000.",
    ),
    key(
        "racing",
        Form::Flag,
        false,
        "Candidates without hope are left before all samples are run; default `true`.",
    ),
    key(
        "set",
        Form::Settings,
        false,
        "Values for all runs, by the paths of a matrix: `\"run.grid\" = \"column\"`.",
    ),
    key("tune", Form::Tables(PARAMETER), true, "What is tuned."),
    key("objective", Form::Tables(OBJECTIVE), true, "Towards what."),
    key(
        "vary",
        Form::Tables(VARY),
        false,
        "Tolerances, users and surroundings, as in a campaign.",
    ),
    key(
        "correlate",
        Form::Tables(CORRELATE),
        false,
        "Pairs that go together; all others are independent.",
    ),
];

/// `[[tune]]`
pub(crate) const PARAMETER: &[Key] = &[
    key(
        "key",
        Form::Text,
        true,
        "A number of the firmware's configuration: `firmware.kp_per_k`.",
    ),
    key("min", Form::OfKey, true, "Least value."),
    key("max", Form::OfKey, true, "Greatest value."),
    key(
        "scale",
        Form::Choice(scales),
        false,
        "Whether equal differences or equal ratios are equal steps; default `linear`.",
    ),
];

/// `[[objective]]`
pub(crate) const OBJECTIVE: &[Key] = &[
    key("name", Form::Text, true, "Its name, unique."),
    key(
        "of",
        Form::Formula,
        true,
        "What is looked at: a number, `abs(film_upper_c - setpoint_upper_c)`, or something that holds or not, `film_upper_c > 43`.",
    ),
    key(
        "take",
        Form::Choice(takes),
        true,
        "Of a number `max`, `min`, `end`, `mean`, `rms`, `spread` (standard deviation), `integral`; of what holds or not `first` (when, s), `time` (how long, s), `count` (how often it begins).",
    ),
    key(
        "from",
        Form::Duration,
        false,
        "Start of its window; default the run's start.",
    ),
    key(
        "until",
        Form::Duration,
        false,
        "End of its window; default the run's end.",
    ),
    key(
        "over",
        Form::Choice(overs),
        false,
        "What is made of all sessions; default `mean`.",
    ),
    key(
        "goal",
        Form::Choice(goals),
        false,
        "Which way is better; default `min`.",
    ),
    key(
        "bases",
        Form::Texts,
        false,
        "Only cases whose name contains one of these texts; default all.",
    ),
];

fn algorithms() -> Vec<&'static str> {
    Algorithm::ALL.iter().map(|a| a.name()).collect()
}

fn scales() -> Vec<&'static str> {
    Scale::ALL.iter().map(|s| s.name()).collect()
}

fn takes() -> Vec<&'static str> {
    Take::ALL.iter().map(|t| t.name()).collect()
}

fn overs() -> Vec<&'static str> {
    Over::ALL.iter().map(|o| o.name()).collect()
}

fn goals() -> Vec<&'static str> {
    Goal::ALL.iter().map(|g| g.name()).collect()
}
