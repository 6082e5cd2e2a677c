//! Formulas: read, monitored online, and evaluated by their definitions.

use std::collections::BTreeMap;

use kneadsim_scenario::load_texts;
use kneadsim_sim::check::offline::{self, OwnedSample};
use kneadsim_sim::check::{Check, Finding, Monitors};
use kneadsim_sim::signal::Signal;

use super::texts::{ends_or_runs, lossy};

/// Samples of a run at most: definitions cost samples times window.
const SAMPLES_MAX: usize = 32;
/// Values that make ties, equalities, labels, and what breaks arithmetic.
const VALUES: [f64; 16] = [
    0.0,
    1.0,
    2.0,
    3.0,
    4.0,
    -1.0,
    0.5,
    -0.0,
    25.0,
    43.0,
    50.0,
    1e300,
    -1e300,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

/// Two lines with a formula each, then bytes: shape, two times, window, then the signals.
pub fn formula(data: &[u8]) {
    let mut parts = data.splitn(3, |b| *b == b'\n');
    let first = lossy(parts.next().unwrap_or_default());
    let second = lossy(parts.next().unwrap_or_default());
    let rest = parts.next().unwrap_or_default();
    let byte = |index: usize| rest.get(index).copied().unwrap_or(0);
    let main = format!(
        "schema = 1\nname = \"n\"\ndescription = \"d\"\n[run]\nduration = \"2s\"\ngrid = \"column\"\n\
         [[fault]]\nkind = \"ntc_open\"\ntarget = \"upper\"\nat = \"100ms\"\n\
         [[expect]]\nid = \"e\"\n{}",
        shape(
            &quoted(&first),
            &quoted(&second),
            byte(0),
            byte(1),
            byte(2),
            byte(3)
        )
    );
    let files = BTreeMap::from([("a.toml".to_owned(), main)]);
    ends_or_runs(&files, 2);
    let Ok(cases) = load_texts("a.toml", &files) else {
        return;
    };
    let rows = rest.get(5..).unwrap_or_default();
    for case in &cases {
        let samples = samples(
            &rows[..rows.len().min(SAMPLES_MAX)],
            case.spec.derived.len(),
        );
        let last_tick = samples.len().saturating_sub(1) as u32 + u32::from(byte(4) % 3);
        for check in &case.spec.checks {
            let online = online(check, &samples, last_tick);
            let offline = offline::evaluate(check, &samples, last_tick);
            assert_eq!(
                online, offline,
                "online and offline of {check:?} over {samples:?}"
            );
        }
    }
}

/// An expectation of some shape. Times are up to 310 ms of the run's two seconds.
fn shape(a: &str, b: &str, shape: u8, time: u8, other_time: u8, window: u8) -> String {
    let ms = |byte: u8| u32::from(byte % 32) * 10;
    let (time, other) = (ms(time), ms(other_time));
    let body = match shape % 8 {
        0 => format!("always = {a}"),
        1 => format!("never = {a}"),
        2 => format!("eventually = {a}"),
        3 => format!("eventually = {a}\nbefore = \"{time}ms\""),
        4 => format!("after = {a}\nthen = {b}\nwithin = \"{time}ms\"\nmay_be_vacuous = true"),
        5 => format!("after = {a}\nalways = {b}\ndelay = \"{time}ms\""),
        6 => format!(
            "stays = {a}\nfor = \"{}ms\"\nbefore = \"{other}ms\"",
            time.max(10)
        ),
        _ => format!("at_end = {a}"),
    };
    let window = match window % 4 {
        0 => String::new(),
        1 => format!("from = \"{other}ms\"\n"),
        2 => format!("until = \"{}ms\"\n", other),
        _ => format!(
            "from = \"{}ms\"\nuntil = \"{}ms\"\n",
            other.min(time),
            other.max(time)
        ),
    };
    format!("{body}\n{window}")
}

/// A sample for each byte; every signal gets its own value from it.
fn samples(bytes: &[u8], derived: usize) -> Vec<OwnedSample> {
    let value = |byte: u8, index: usize| {
        let mixed = usize::from(byte) + index * usize::from(byte / 16);
        VALUES[mixed % VALUES.len()]
    };
    bytes
        .iter()
        .zip(0..)
        .map(|(byte, tick)| OwnedSample {
            tick,
            signals: (0..Signal::COUNT).map(|i| value(*byte, i)).collect(),
            derived: (0..derived)
                .map(|i| f64::from(byte >> (i % 8) & 1))
                .collect(),
            exposure: None,
        })
        .collect()
}

fn online(check: &Check, samples: &[OwnedSample], last_tick: u32) -> Vec<Finding> {
    let mut monitors = Monitors::new(std::slice::from_ref(check), last_tick);
    for sample in samples {
        monitors.observe(sample.tick, &sample.sample());
    }
    monitors.finish(samples.last().map_or(0, |sample| sample.tick))
}

/// As a literal string where that can hold it, so that mistakes have places inside the formula.
fn quoted(text: &str) -> String {
    if !text
        .chars()
        .any(|c| c == '\'' || (c.is_control() && c != '\t'))
    {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
