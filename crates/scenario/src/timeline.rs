//! `[timeline]`: recorded changes, one a row: `time_s,signal,value`.
//!
//! The text is read row by row; a mistake's line and column are those of the
//! CSV file. Rows become the same actions as events.

use kneadsim_plant::Knob;
use kneadsim_sim::spec::{Action, Button, Event, TICKS_PER_S};

use crate::bounds::{TIMELINE_MAX_MISTAKES, TIMELINE_MAX_ROWS, TIMELINE_ROW_MAX_BYTES};
use crate::events::{HOLD_DEFAULT_TICKS, out_of_range};
use crate::keys;
use crate::mistake::{Place, Reporter};
use crate::quantity::{listed, shorten, show_duration, split_number};
use crate::suggest::did_you_mean;

/// What one row does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RowAction {
    /// A condition has this value.
    Set(Knob, f64),
    /// A button is pressed.
    Press(Button),
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Row {
    /// Nearest tick.
    pub tick: u32,
    /// What it does.
    pub action: RowAction,
}

/// The first line.
pub(crate) const HEADER: &str = "time_s,signal,value";

/// A field of a row with its bytes in the text.
struct Field<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

/// Where the text stands in its file.
pub(crate) struct RowsText<'a> {
    /// The rows.
    pub text: &'a str,
    /// File.
    pub file: u32,
    /// First byte in the file, where the text stands there as it is.
    pub offset: Option<usize>,
    /// Place for everything, otherwise.
    pub whole: Place,
}

impl RowsText<'_> {
    fn place(&self, start: usize, end: usize) -> Place {
        match self.offset {
            Some(offset) => Place {
                file: self.file,
                start: offset + start,
                end: offset + end,
            },
            None => self.whole,
        }
    }
}

/// Reads the rows; nothing if there was a mistake.
pub(crate) fn parse(
    rows_text: &RowsText<'_>,
    duration_ticks: u32,
    reporter: &mut Reporter,
) -> Option<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    let mut mistakes = 0;
    let mut header_seen = false;
    let mut last_s = f64::NEG_INFINITY;
    let mut at = 0;
    for line in rows_text.text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        // A spreadsheet's byte order mark stands before the first line.
        let mark = if start == 0 && line.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let line = line[mark..].trim_end_matches(['\n', '\r']);
        let start = start + mark;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if mistakes >= TIMELINE_MAX_MISTAKES {
            return None;
        }
        let mut wrong = |from: usize, to: usize, message: String| {
            mistakes += 1;
            reporter.mistake(rows_text.place(from, to), message);
        };
        if line.len() > TIMELINE_ROW_MAX_BYTES {
            wrong(
                start,
                start + line.len(),
                format!("the row is longer than {TIMELINE_ROW_MAX_BYTES} bytes"),
            );
            continue;
        }
        if !header_seen {
            header_seen = true;
            let names: Vec<&str> = line.split(',').map(unquote).collect();
            if names.join(",") != HEADER {
                wrong(
                    start,
                    start + line.len(),
                    format!("the first row must be `{HEADER}`"),
                );
            }
            continue;
        }
        if rows.len() >= TIMELINE_MAX_ROWS {
            wrong(
                start,
                start + line.len(),
                format!("more than {TIMELINE_MAX_ROWS} rows"),
            );
            return None;
        }
        match row(line, start, &mut last_s, duration_ticks) {
            Ok(row) => rows.push(row),
            Err((from, to, message)) => wrong(from, to, message),
        }
    }
    if !header_seen {
        reporter.mistake(
            rows_text.place(0, 0),
            format!("the timeline is empty: the first row must be `{HEADER}`"),
        );
        return None;
    }
    (mistakes == 0).then_some(rows)
}

type Failure = (usize, usize, String);

fn row(line: &str, start: usize, last_s: &mut f64, duration_ticks: u32) -> Result<Row, Failure> {
    let mut fields = Vec::with_capacity(3);
    let mut at = start;
    for text in line.split(',') {
        let (from, to) = (
            at + (text.len() - text.trim_start().len()),
            at + text.trim_end().len(),
        );
        fields.push(Field {
            text: unquote(text),
            start: from.min(to),
            end: to,
        });
        at += text.len() + 1;
    }
    let [time, signal, value] = fields.as_slice() else {
        return Err((
            start,
            start + line.len(),
            format!(
                "the row has {} values, it needs 3: `{HEADER}`",
                fields.len()
            ),
        ));
    };
    let time_s =
        plain_number(time).map_err(|why| (time.start, time.end, format!("`time_s` {why}")))?;
    let end_s = f64::from(duration_ticks) / f64::from(TICKS_PER_S);
    if time_s < 0.0 || time_s >= end_s {
        let end = show_duration(duration_ticks);
        return Err((
            time.start,
            time.end,
            format!("`time_s` is {time_s}, the run goes from 0 to {end}"),
        ));
    }
    if time_s < *last_s {
        return Err((
            time.start,
            time.end,
            format!("`time_s` is {time_s}, earlier than the row before it at {last_s}"),
        ));
    }
    *last_s = time_s;
    let tick = (time_s * f64::from(TICKS_PER_S)).round() as u32;
    if signal.text == "press" {
        let Some(button) = Button::ALL.into_iter().find(|b| b.name() == value.text) else {
            let names = keys::buttons();
            let hint = did_you_mean(value.text, names.iter().copied());
            let hint = if hint.is_empty() {
                format!(", allowed {}", listed(&names))
            } else {
                hint
            };
            return Err((
                value.start,
                value.end,
                format!("unknown button `{}`{hint}", shorten(value.text)),
            ));
        };
        return Ok(Row {
            tick,
            action: RowAction::Press(button),
        });
    }
    let Some(knob) = Knob::from_name(signal.text) else {
        let hint = did_you_mean(
            signal.text,
            Knob::ALL.iter().map(|k| k.name()).chain(["press"]),
        );
        return Err((
            signal.start,
            signal.end,
            format!("unknown condition `{}`{hint}", shorten(signal.text)),
        ));
    };
    let number = plain_number(value)
        .map_err(|why| (value.start, value.end, format!("`{}` {why}", knob.name())))?;
    match out_of_range(knob, number) {
        Some(why) => Err((value.start, value.end, why)),
        None => Ok(Row {
            tick,
            action: RowAction::Set(knob, number),
        }),
    }
}

fn plain_number(field: &Field<'_>) -> Result<f64, String> {
    match split_number(field.text) {
        Some((value, "")) => Ok(value),
        _ => Err(format!("is `{}`, not a number", shorten(field.text))),
    }
}

fn unquote(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .unwrap_or(text)
}

/// Rows to events: steps, or straight lines from row to row of the same condition.
pub(crate) fn events(rows: &[Row], interpolate: bool) -> Vec<Event> {
    let mut last = vec![None; Knob::ALL.len()];
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let event = match row.action {
            RowAction::Press(button) => Event {
                at_tick: row.tick,
                action: Action::Press {
                    button,
                    hold_ticks: HOLD_DEFAULT_TICKS,
                },
            },
            RowAction::Set(knob, value) => {
                let before = Knob::ALL
                    .iter()
                    .position(|k| *k == knob)
                    .and_then(|i| last[i].replace(row.tick));
                let at_tick = if interpolate {
                    before.unwrap_or(row.tick)
                } else {
                    row.tick
                };
                Event {
                    at_tick,
                    action: Action::Set {
                        knob,
                        value,
                        over_ticks: row.tick - at_tick,
                    },
                }
            }
        };
        events.push(event);
    }
    events
}

/// The rows as text that reads back the same.
pub(crate) fn show(rows: &[Row]) -> String {
    let mut text = String::with_capacity(rows.len() * 24 + 32);
    text.push_str(HEADER);
    text.push('\n');
    for row in rows {
        let (whole, hundredths) = (row.tick / TICKS_PER_S, row.tick % TICKS_PER_S);
        let (name, value) = match row.action {
            RowAction::Press(button) => ("press", button.name().to_owned()),
            RowAction::Set(knob, value) => (knob.name(), format!("{value:?}")),
        };
        text.push_str(&format!("{whole}.{hundredths:02},{name},{value}\n"));
    }
    text
}
