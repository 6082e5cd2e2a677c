//! Traces as CSV files, and where two traces differ.
//!
//! The form of the table is that of [`kneadsim_sim::trace::csv`].

use std::io;
use std::path::Path;

use kneadsim_sim::trace::{Trace, csv};

use crate::result::instant_s;
use crate::whole::write_whole;

/// Writes a whole trace to a file, making its folder.
///
/// # Errors
/// What the file system says.
pub fn write_file(trace: &Trace, path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    write_whole(path, |out| csv::write(trace, out))
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
                    shown(x),
                    shown(y)
                ));
            }
        }
    }
    (a.notes != b.notes).then(|| "the notes differ".to_string())
}

fn shown(value: Option<&f64>) -> String {
    value
        .filter(|v| !v.is_nan())
        .map_or_else(|| "not a number".to_string(), f64::to_string)
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
    fn the_first_difference_names_signal_and_time() {
        let a = trace(vec![1.0, 2.0, f64::NAN]);
        assert_eq!(first_difference(&a, &a.clone()), None);
        let difference = first_difference(&a, &trace(vec![1.0, 2.5, f64::NAN])).unwrap();
        assert_eq!(difference, "at 0.21 s `film_upper_c` is 2 and 2.5");
        assert!(first_difference(&a, &trace(vec![1.0])).is_some());
    }
}
