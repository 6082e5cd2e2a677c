//! The data of one case's picture: a few signals, thinned so that no peak is lost.
//!
//! Each line keeps the smallest and the largest value of every bucket, so a
//! spike of one row is as visible as in the full trace.

use kneadsim_sim::trace::{Column, Note, Trace};

use crate::result::{instant_s, seconds};

/// Points along the time axis.
const BUCKETS: usize = 280;
/// More notes than these are left out of the picture.
const MOST_NOTES: usize = 12;

/// One line of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Signal name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Time (s) and value; a gap where the value is NaN.
    pub points: Vec<(f64, f64)>,
}

/// Lines and marks of one case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plot {
    /// Lines, in the order of [`SIGNALS`].
    pub lines: Vec<Line>,
    /// Things that happened: time (s) and text.
    pub notes: Vec<(f64, String)>,
    /// Notes that were left out.
    pub notes_left_out: usize,
    /// End of the time axis, s.
    pub end_s: f64,
}

/// Signals that a picture shows if the trace has them.
pub const SIGNALS: [&str; 13] = [
    "film_upper_c",
    "film_lower_c",
    "read_upper_c",
    "read_lower_c",
    "setpoint_upper_c",
    "skin_surface_max_c",
    "basal_max_c",
    "heater_upper_power_w",
    "heater_lower_power_w",
    "heater_upper_duty",
    "heater_lower_duty",
    "kneading_winding_c",
    "vibration_winding_c",
];

/// Thins a trace to its picture.
pub fn plot(trace: &Trace) -> Plot {
    let times: Vec<f64> = trace.ticks.iter().map(|t| instant_s(*t)).collect();
    let lines = SIGNALS
        .iter()
        .filter_map(|name| trace.column(name))
        .map(|column| Line {
            name: column.name.clone(),
            unit: column.unit.clone(),
            points: thin(&times, column),
        })
        .collect();
    let notes = trace.notes.iter().take(MOST_NOTES).map(mark).collect();
    Plot {
        lines,
        notes,
        notes_left_out: trace.notes.len().saturating_sub(MOST_NOTES),
        end_s: times.last().copied().unwrap_or(0.0),
    }
}

fn mark(note: &Note) -> (f64, String) {
    (seconds(note.tick), note.text.clone())
}

fn thin(times: &[f64], column: &Column) -> Vec<(f64, f64)> {
    let rows = times.len().min(column.values.len());
    let per_bucket = rows.div_ceil(BUCKETS).max(1);
    let mut points = Vec::with_capacity(2 * BUCKETS);
    for start in (0..rows).step_by(per_bucket) {
        let range = start..(start + per_bucket).min(rows);
        let finite = || range.clone().filter(|i| column.values[*i].is_finite());
        let by_value = |a: &usize, b: &usize| column.values[*a].total_cmp(&column.values[*b]);
        let (Some(low), Some(high)) = (finite().min_by(by_value), finite().max_by(by_value)) else {
            points.push((times[start], f64::NAN));
            continue;
        };
        points.push((times[low.min(high)], column.values[low.min(high)]));
        if low != high {
            points.push((times[low.max(high)], column.values[low.max(high)]));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_of_one_row_survives_the_thinning() {
        let rows = 18_000;
        let mut values = vec![40.0; rows];
        values[7_777] = 55.0;
        values[9_999] = 12.0;
        values[300..500].fill(f64::NAN);
        let column = Column {
            name: "film_upper_c".into(),
            unit: "degC".into(),
            values,
        };
        let trace = Trace {
            every_ticks: 10,
            ticks: (0..rows as u32).map(|i| i * 10).collect(),
            columns: vec![column],
            notes: Vec::new(),
        };
        let plot = plot(&trace);
        let points = &plot.lines[0].points;
        assert!(points.len() <= 2 * BUCKETS);
        assert!(points.contains(&(777.71, 55.0)));
        assert!(points.contains(&(999.91, 12.0)));
        assert!(
            points.iter().any(|(_, v)| v.is_nan()),
            "the gap stays a gap"
        );
        assert!(points.windows(2).all(|w| w[0].0 <= w[1].0));
    }
}
