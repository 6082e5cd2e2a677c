//! A trace as text: `time_s`, then one column per signal, `name[unit]`.
//!
//! Numbers are written so that reading them gives the same bits back; what is
//! not a number is an empty cell. Labels (mode, fault code) stay numbers.
//! Reading is strict: a file that somebody else wrote either is such a table
//! or has a mistake with its row and column. Notes are not part of the table.

use std::io::{self, Write};

use thiserror::Error;

use super::{Column, Trace};
use crate::excerpt::shorten;
use crate::spec::TICKS_PER_S;
use crate::validate::LONGEST_TICKS;

/// The first column.
const TIME: &str = "time_s";
/// Columns that a table may have beside the time.
const COLUMNS_MAX: usize = 1024;
/// Longest name or unit, bytes.
const NAME_MAX_BYTES: usize = 128;
/// How far a written time may be from a tick's own, s: what a table with three decimals rounds away.
const TIME_TOLERANCE_S: f64 = 0.000_5;

/// What is wrong with a table, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("row {row}, column {column}: {message}")]
pub struct CsvMistake {
    /// Line of the text, from 1.
    pub row: usize,
    /// Cell of the line, from 1.
    pub column: usize,
    /// What is wrong and what is allowed.
    pub message: String,
}

/// Time of a row: the end of its tick, s.
pub fn row_time_s(tick: u32) -> f64 {
    (f64::from(tick) + 1.0) / f64::from(TICKS_PER_S)
}

/// Writes the table.
///
/// # Errors
/// What the writer says.
pub fn write(trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    // A trace may hold the time signal too: once is enough.
    let columns: Vec<&Column> = trace.columns.iter().filter(|c| c.name != TIME).collect();
    out.write_all(TIME.as_bytes())?;
    for column in &columns {
        write!(out, ",{}[{}]", column.name, column.unit)?;
    }
    out.write_all(b"\n")?;
    for (row, tick) in trace.ticks.iter().enumerate() {
        write!(out, "{}", row_time_s(*tick))?;
        for column in &columns {
            match column.values.get(row) {
                Some(value) if !value.is_nan() => write!(out, ",{value}")?,
                Some(_) | None => out.write_all(b",")?,
            }
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Reads a table. The interval is that of its rows, and 0 where there are less than two.
/// Takes no more memory than 16 bytes for one of the text.
///
/// # Errors
/// The first mistake.
pub fn read(text: &str) -> Result<Trace, CsvMistake> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .enumerate();
    let columns = header(lines.next().map_or("", |(_, line)| line))?;
    let mut trace = Trace {
        columns,
        ..Trace::default()
    };
    let mut blank = None;
    for (index, line) in lines {
        let row = index + 1;
        if line.is_empty() {
            blank = blank.or(Some(row));
            continue;
        }
        // Only the end of the text may be blank: a hole is a lost row.
        if let Some(row) = blank {
            return Err(mistake(row, 1, "the row is empty"));
        }
        read_row(line, row, &mut trace)?;
    }
    Ok(trace)
}

fn mistake(row: usize, column: usize, message: impl Into<String>) -> CsvMistake {
    CsvMistake {
        row,
        column,
        message: message.into(),
    }
}

fn header(line: &str) -> Result<Vec<Column>, CsvMistake> {
    let mut cells = line.split(',');
    if cells.next() != Some(TIME) {
        return Err(mistake(1, 1, format!("the first column must be `{TIME}`")));
    }
    let mut columns: Vec<Column> = Vec::new();
    let mut names = std::collections::BTreeSet::new();
    for (cell, at) in cells.zip(2..) {
        if columns.len() >= COLUMNS_MAX {
            let message = format!("more than {COLUMNS_MAX} columns beside the time");
            return Err(mistake(1, at, message));
        }
        let parts = cell
            .strip_suffix(']')
            .and_then(|named| named.split_once('['))
            .filter(|(name, unit)| is_name(name) && is_name(unit));
        let Some((name, unit)) = parts else {
            let message = format!("`{}` is no `name[unit]`", shorten(cell));
            return Err(mistake(1, at, message));
        };
        if name == TIME || !names.insert(name) {
            return Err(mistake(1, at, format!("`{name}` is there twice")));
        }
        columns.push(Column {
            name: name.to_owned(),
            unit: unit.to_owned(),
            values: Vec::new(),
        });
    }
    Ok(columns)
}

fn is_name(text: &str) -> bool {
    (1..=NAME_MAX_BYTES).contains(&text.len())
        && text
            .chars()
            .all(|c| !c.is_control() && !c.is_whitespace() && !matches!(c, '[' | ']' | '"'))
}

fn read_row(line: &str, row: usize, trace: &mut Trace) -> Result<(), CsvMistake> {
    let wanted = trace.columns.len() + 1;
    let found = line.bytes().filter(|b| *b == b',').count() + 1;
    if found != wanted {
        let message = format!("the row has {found} cells, the first row has {wanted}");
        return Err(mistake(row, found.min(wanted), message));
    }
    let mut cells = line.split(',');
    let tick = tick(cells.next().unwrap_or("")).map_err(|why| mistake(row, 1, why))?;
    place(tick, trace).map_err(|why| mistake(row, 1, why))?;
    for ((column, cell), at) in trace.columns.iter_mut().zip(cells).zip(2..) {
        column
            .values
            .push(value(cell).map_err(|why| mistake(row, at, why))?);
    }
    Ok(())
}

/// The tick at whose end a time is.
fn tick(cell: &str) -> Result<u32, String> {
    let wrong = || format!("`{}` is not a time in seconds", shorten(cell));
    let time_s = number(cell).ok_or_else(wrong)?;
    let longest_s = row_time_s(LONGEST_TICKS - 1);
    // Written so that not-a-number fails too.
    if !(time_s > 0.0 && time_s <= longest_s + TIME_TOLERANCE_S) {
        return Err(format!(
            "the time is {time_s} s, allowed above 0 to {longest_s} s"
        ));
    }
    let ticks = libm::round(time_s * f64::from(TICKS_PER_S));
    if ticks < 1.0 || (ticks / f64::from(TICKS_PER_S) - time_s).abs() > TIME_TOLERANCE_S {
        let tick_s = row_time_s(0);
        return Err(format!("the time {time_s} s is no multiple of {tick_s} s"));
    }
    Ok(ticks as u32 - 1)
}

/// Appends a row's tick; all rows must be equally far apart.
fn place(tick: u32, trace: &mut Trace) -> Result<(), String> {
    if let Some(last) = trace.ticks.last() {
        let Some(step) = tick.checked_sub(*last).filter(|step| *step > 0) else {
            return Err("the time does not go on".to_owned());
        };
        if trace.ticks.len() == 1 {
            trace.every_ticks = step;
        } else if step != trace.every_ticks {
            return Err(format!(
                "the row comes {} s after the one before it, the rows above are {} s apart",
                f64::from(step) / f64::from(TICKS_PER_S),
                f64::from(trace.every_ticks) / f64::from(TICKS_PER_S)
            ));
        }
    }
    trace.ticks.push(tick);
    Ok(())
}

fn value(cell: &str) -> Result<f64, String> {
    match cell {
        "" => Ok(f64::NAN),
        "inf" => Ok(f64::INFINITY),
        "-inf" => Ok(f64::NEG_INFINITY),
        _ => number(cell).ok_or_else(|| {
            format!(
                "`{}` is not a number; what is not a number is an empty cell",
                shorten(cell)
            )
        }),
    }
}

/// A finite decimal number; the words for what is none are not numbers here.
fn number(cell: &str) -> Option<f64> {
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
    let value: f64 = cell.bytes().all(plain).then(|| cell.parse().ok())??;
    value.is_finite().then_some(value)
}
