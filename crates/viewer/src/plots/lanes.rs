//! What was when: modes, faults, the relay, how expectations stood.

use kneadsim_firmware::{FaultCode, Mode};
use kneadsim_plant::TICK_S;
use kneadsim_sim::signal::Signal;

use crate::session::{Record, Standing};

/// A stretch of time in which something was the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// From, s.
    pub from_s: f64,
    /// Until, s.
    pub until_s: f64,
    /// What it was.
    pub label: &'static str,
}

/// Modes that the firmware reported.
pub fn modes(record: &Record) -> Vec<Span> {
    spans(record, Signal::Mode, &|value| {
        Mode::ALL
            .get(value as usize)
            .map_or("?", |mode| mode.name())
    })
}

/// Faults that the firmware has latched.
pub fn faults(record: &Record) -> Vec<Span> {
    let all = spans(record, Signal::FaultCode, &|value| {
        FaultCode::ALL
            .get(value as usize)
            .map_or("?", |code| code.name())
    });
    all.into_iter().filter(|s| s.label != "none").collect()
}

/// When the series relay's contact was closed.
pub fn relay(record: &Record) -> Vec<Span> {
    let all = spans(record, Signal::RelayClosed, &|value| {
        if value > 0.5 { "closed" } else { "open" }
    });
    all.into_iter().filter(|s| s.label == "closed").collect()
}

/// How an expectation stood, by its changes (ticks), until `until_s`.
pub fn standings(changes: &[(u32, Standing)], until_s: f64) -> Vec<Span> {
    let begins = |tick: u32| f64::from(tick) * TICK_S;
    let ends = changes.iter().skip(1).map(|(tick, _)| begins(*tick));
    changes
        .iter()
        .zip(ends.chain([until_s]))
        .map(|((tick, standing), end_s)| Span {
            from_s: begins(*tick).min(end_s),
            until_s: end_s,
            label: standing.word(),
        })
        .collect()
}

fn spans(record: &Record, signal: Signal, name: &dyn Fn(f64) -> &'static str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for [time_s, value] in record.series(signal) {
        let label = name(value);
        match spans.last_mut() {
            Some(last) if last.label == label => last.until_s = time_s,
            Some(last) => {
                last.until_s = time_s;
                spans.push(Span {
                    from_s: time_s,
                    until_s: time_s,
                    label,
                });
            }
            None => spans.push(Span {
                from_s: 0.0,
                until_s: time_s,
                label,
            }),
        }
    }
    spans
}
