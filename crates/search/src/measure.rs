//! Numbers that sum a run up, from its trace alone.
//!
//! A trace at every thermal step has the exact extremes of all thermal signals;
//! signals that change at every tick are looked at as often as the trace keeps
//! them. Rows with NaN (a reading that the firmware does not believe) count as
//! not there.

use kneadsim_sim::signal::Signal;
use kneadsim_sim::trace::Trace;
use kneadsim_sim::trace::csv::row_time_s;

/// A value and when it was there, s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At {
    /// In the signal's unit.
    pub value: f64,
    /// At the end of the tick, s.
    pub time_s: f64,
}

/// What is taken of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// The greatest value.
    Max,
    /// The smallest value.
    Min,
    /// The last value.
    End,
    /// The mean over time.
    Mean,
    /// The integral over time, in the signal's unit times seconds.
    Integral,
}

impl Take {
    /// All.
    pub const ALL: [Take; 5] = [Take::Max, Take::Min, Take::End, Take::Mean, Take::Integral];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Take::Max => "max",
            Take::Min => "min",
            Take::End => "end",
            Take::Mean => "mean",
            Take::Integral => "integral",
        }
    }
}

/// A number of a run that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Name of its column.
    pub name: String,
    /// Of which signal.
    pub signal: Signal,
    /// What of it.
    pub take: Take,
}

impl Measure {
    /// The number, from a trace that has the signal.
    pub fn of(&self, trace: &Trace) -> Option<f64> {
        let found = match self.take {
            Take::Max => greatest(trace, self.signal),
            Take::Min => smallest(trace, self.signal),
            Take::End => at_end(trace, self.signal),
            Take::Mean => {
                let end = at_end(trace, self.signal)?;
                return Some(integral(trace, self.signal) / end.time_s);
            }
            Take::Integral => {
                at_end(trace, self.signal)?;
                return Some(integral(trace, self.signal));
            }
        };
        found.map(|at| at.value)
    }

    /// Its unit.
    pub fn unit(&self) -> String {
        match (self.take, self.signal.unit()) {
            (Take::Integral, "W") => "J".to_owned(),
            (Take::Integral, "1") => "s".to_owned(),
            (Take::Integral, unit) => format!("{unit} s"),
            (_, unit) => unit.to_owned(),
        }
    }
}

/// Samples of one signal in order of time; none where the trace has no such column.
pub fn samples(trace: &Trace, signal: Signal) -> impl Iterator<Item = At> {
    let column = trace.column(signal.name());
    let values = column.map_or(&[][..], |c| &c.values);
    trace
        .ticks
        .iter()
        .zip(values)
        .filter(|(_, value)| !value.is_nan())
        .map(|(tick, value)| At {
            value: *value,
            time_s: row_time_s(*tick),
        })
}

/// The greatest value, the first time it was reached.
pub fn greatest(trace: &Trace, signal: Signal) -> Option<At> {
    samples(trace, signal).reduce(|best, now| if now.value > best.value { now } else { best })
}

/// The smallest value, the first time it was reached.
pub fn smallest(trace: &Trace, signal: Signal) -> Option<At> {
    samples(trace, signal).reduce(|best, now| if now.value < best.value { now } else { best })
}

/// The last value.
pub fn at_end(trace: &Trace, signal: Signal) -> Option<At> {
    samples(trace, signal).last()
}

/// Integral over time, in the signal's unit times seconds: each sample counts for
/// the time since the one before.
pub fn integral(trace: &Trace, signal: Signal) -> f64 {
    let mut before_s = 0.0;
    samples(trace, signal)
        .map(|at| {
            let step_s = at.time_s - before_s;
            before_s = at.time_s;
            at.value * step_s
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kneadsim_sim::trace::Column;

    fn trace(values: &[f64]) -> Trace {
        let signal = Signal::SkinSurfaceMax;
        Trace {
            every_ticks: 100,
            ticks: (0..values.len() as u32).map(|row| row * 100 + 99).collect(),
            columns: vec![Column {
                name: signal.name().to_owned(),
                unit: signal.unit().to_owned(),
                values: values.to_vec(),
            }],
            notes: Vec::new(),
        }
    }

    #[test]
    fn extremes_come_with_the_first_time_at_which_they_were_there() {
        let trace = trace(&[3.0, 7.0, f64::NAN, 7.0, 1.0]);
        let at = |value, time_s| Some(At { value, time_s });
        let signal = Signal::SkinSurfaceMax;
        assert_eq!(greatest(&trace, signal), at(7.0, 2.0));
        assert_eq!(smallest(&trace, signal), at(1.0, 5.0));
        assert_eq!(at_end(&trace, signal), at(1.0, 5.0));
        assert_eq!(greatest(&trace, Signal::BasalMax), None);
    }

    #[test]
    fn an_integral_over_a_gap_holds_the_value_behind_it() {
        // 3 for 1 s, 7 for 1 s, 7 for the 2 s up to the next sample, 1 for 1 s.
        let trace = trace(&[3.0, 7.0, f64::NAN, 7.0, 1.0]);
        assert_eq!(integral(&trace, Signal::SkinSurfaceMax), 25.0);
        assert_eq!(integral(&trace, Signal::BasalMax), 0.0);
    }
}
