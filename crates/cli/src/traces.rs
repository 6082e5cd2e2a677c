//! Traces as CSV: `time_s`, then one column per signal, `name[unit]`.
//!
//! Numbers are written so that reading them gives the same bits back; what is
//! not a number is an empty cell. Labels (mode, fault code) stay numbers, as
//! `kneadsim signals` lists them.

use std::io::{self, Write};
use std::path::Path;

use kneadsim_sim::trace::Trace;

use crate::result::instant_s;

/// Writes a whole trace to a file, making its folder.
///
/// # Errors
/// What the file system says.
pub fn write_file(trace: &Trace, path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = io::BufWriter::new(std::fs::File::create(path)?);
    write(trace, &mut file)?;
    file.flush()
}

/// Writes a whole trace.
///
/// # Errors
/// What the writer says.
pub fn write(trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    // A trace may hold the time signal too: once is enough.
    let columns: Vec<_> = trace
        .columns
        .iter()
        .filter(|c| c.name != "time_s")
        .collect();
    let header = columns.iter().map(|c| format!("{}[{}]", c.name, c.unit));
    csv.write_record(std::iter::once("time_s".to_string()).chain(header))?;
    let mut cells = Vec::with_capacity(columns.len() + 1);
    for (row, tick) in trace.ticks.iter().enumerate() {
        cells.clear();
        cells.push(instant_s(*tick).to_string());
        cells.extend(columns.iter().map(|c| cell(c.values.get(row).copied())));
        csv.write_record(&cells)?;
    }
    csv.flush()
}

fn cell(value: Option<f64>) -> String {
    value
        .filter(|v| !v.is_nan())
        .map(|v| v.to_string())
        .unwrap_or_default()
}

/// The first difference of two traces, in words; none if they are the same to the last bit.
pub fn first_difference(a: &Trace, b: &Trace) -> Option<String> {
    for row in 0..a.ticks.len().max(b.ticks.len()) {
        if a.ticks.get(row) != b.ticks.get(row) {
            return Some(format!("row {row} is at another tick or missing"));
        }
        for (one, two) in a.columns.iter().zip(&b.columns) {
            let (x, y) = (one.values.get(row), two.values.get(row));
            if x.map(|v| v.to_bits()) != y.map(|v| v.to_bits()) {
                return Some(format!(
                    "at {} s `{}` is {} and {}",
                    instant_s(a.ticks[row]),
                    one.name,
                    cell(x.copied()),
                    cell(y.copied())
                ));
            }
        }
    }
    (a.notes != b.notes).then(|| "the notes differ".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kneadsim_sim::trace::Column;

    fn trace(values: Vec<f64>) -> Trace {
        Trace {
            every_ticks: 10,
            ticks: (1..=values.len() as u32).map(|i| i * 10).collect(),
            columns: vec![Column {
                name: "film_upper_c".into(),
                unit: "degC".into(),
                values,
            }],
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_csv_describes_itself_and_gives_the_same_bits_back() {
        let values = vec![0.1 + 0.2, f64::NAN, -1e-300, 45.0];
        let mut text = Vec::new();
        write(&trace(values.clone()), &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("time_s,film_upper_c[degC]"));
        for (line, value) in lines.zip(values) {
            let cell = line.split_once(',').unwrap().1;
            if value.is_nan() {
                assert!(cell.is_empty());
            } else {
                assert_eq!(cell.parse::<f64>().unwrap().to_bits(), value.to_bits());
            }
        }
    }

    #[test]
    fn the_first_difference_names_signal_and_time() {
        let a = trace(vec![1.0, 2.0, f64::NAN]);
        assert_eq!(first_difference(&a, &a.clone()), None);
        let difference = first_difference(&a, &trace(vec![1.0, 2.5, f64::NAN])).unwrap();
        assert_eq!(difference, "at 0.21 s `film_upper_c` is 2 and 2.5");
        assert!(first_difference(&a, &trace(vec![1.0])).is_some());
    }
}
