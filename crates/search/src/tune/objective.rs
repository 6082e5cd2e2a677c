//! Objectives: a number of each session, from its trace, and what is made of all.
//!
//! A trace has a row at every thermal step; rows with NaN (a set-point while nothing
//! heats) count as not there.

use kneadsim_sim::formula::{Formula, Term};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::trace::Trace;
use kneadsim_sim::trace::csv::row_time_s;

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// A number.
    Number(Term),
    /// Something that holds or not.
    Truth(Formula),
}

/// What is taken of it, within the objective's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// A number's greatest value.
    Max,
    /// A number's smallest value.
    Min,
    /// A number's last value.
    End,
    /// A number's mean over time.
    Mean,
    /// The root of the mean square of a number.
    Rms,
    /// How far a number strays from its mean: its standard deviation over time.
    Spread,
    /// A number's integral over time.
    Integral,
    /// When it first holds, s after the window's start; the window's length where it never does.
    First,
    /// How long it holds in all, s.
    Time,
    /// How often it begins to hold.
    Count,
}

impl Take {
    /// All: first those of numbers, then those of what holds or not.
    pub const ALL: [Take; 10] = [
        Take::Max,
        Take::Min,
        Take::End,
        Take::Mean,
        Take::Rms,
        Take::Spread,
        Take::Integral,
        Take::First,
        Take::Time,
        Take::Count,
    ];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Take::Max => "max",
            Take::Min => "min",
            Take::End => "end",
            Take::Mean => "mean",
            Take::Rms => "rms",
            Take::Spread => "spread",
            Take::Integral => "integral",
            Take::First => "first",
            Take::Time => "time",
            Take::Count => "count",
        }
    }

    /// Whether it is taken of what holds or not.
    pub fn of_truth(self) -> bool {
        matches!(self, Take::First | Take::Time | Take::Count)
    }

    /// Unit of what is taken of a number in this unit.
    pub fn unit(self, of: &str) -> String {
        match (self, of) {
            // A difference of temperatures.
            (Take::Spread, "degC") => "K".to_owned(),
            (Take::First | Take::Time, _) => "s".to_owned(),
            (Take::Count, _) => "1".to_owned(),
            (Take::Integral, "W") => "J".to_owned(),
            (Take::Integral, "1") => "s".to_owned(),
            (Take::Integral, unit) => format!("{unit} s"),
            (_, unit) => unit.to_owned(),
        }
    }
}

/// What is made of the numbers of all sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Their mean.
    Mean,
    /// The worst of them.
    Worst,
}

impl Over {
    /// All.
    pub const ALL: [Over; 2] = [Over::Mean, Over::Worst];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Over::Mean => "mean",
            Over::Worst => "worst",
        }
    }
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Less.
    Min,
    /// More.
    Max,
}

impl Goal {
    /// All.
    pub const ALL: [Goal; 2] = [Goal::Min, Goal::Max];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Goal::Min => "min",
            Goal::Max => "max",
        }
    }

    /// What makes less better.
    pub fn sign(self) -> f64 {
        match self {
            Goal::Min => 1.0,
            Goal::Max => -1.0,
        }
    }
}

/// An objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// Its name.
    pub name: String,
    /// What is looked at.
    pub of: Quantity,
    /// The same as written.
    pub text: String,
    /// What is taken of it.
    pub take: Take,
    /// Start of the window, s.
    pub from_s: f64,
    /// End of the window, s; the run's end if none.
    pub until_s: Option<f64>,
    /// What is made of all sessions.
    pub over: Over,
    /// Which way is better.
    pub goal: Goal,
    /// Its unit.
    pub unit: String,
    /// For each base, of training and then held out, whether its sessions count.
    pub bases: Vec<bool>,
}

impl Objective {
    /// Signals that it looks at.
    pub fn signals(&self) -> Vec<Signal> {
        match &self.of {
            Quantity::Number(term) => term.signals(),
            Quantity::Truth(formula) => formula.signals(),
        }
    }

    /// The number of a session, from a trace that has the signals; none where the window
    /// holds no value.
    pub fn of(&self, trace: &Trace) -> Option<f64> {
        let rows = self.rows(trace);
        let values = rows.iter().map(|r| r.value);
        let span_s: f64 = rows.iter().map(|r| r.step_s).sum();
        let weighed = |f: fn(f64) -> f64| rows.iter().map(|r| f(r.value) * r.step_s).sum::<f64>();
        match self.take {
            Take::Max => values.reduce(f64::max),
            Take::Min => values.reduce(f64::min),
            Take::End => rows.last().map(|r| r.value),
            Take::Mean => (span_s > 0.0).then(|| weighed(|v| v) / span_s),
            Take::Rms => (span_s > 0.0).then(|| (weighed(|v| v * v) / span_s).sqrt()),
            Take::Spread => (span_s > 0.0).then(|| {
                let mean = weighed(|v| v) / span_s;
                let square = |r: &Row| (r.value - mean) * (r.value - mean) * r.step_s;
                (rows.iter().map(square).sum::<f64>() / span_s).sqrt()
            }),
            Take::Integral | Take::Time => (!rows.is_empty()).then(|| weighed(|v| v)),
            Take::First => {
                let end_s = rows.last()?.time_s;
                let first = rows.iter().find(|r| r.value != 0.0);
                Some(first.map_or(end_s, |r| r.time_s) - self.from_s)
            }
            Take::Count => {
                let mut before = 0.0;
                let begins = |r: &&Row| {
                    let begins = r.value != 0.0 && before == 0.0;
                    before = r.value;
                    begins
                };
                Some(rows.iter().filter(begins).count() as f64)
            }
        }
    }

    /// The rows of the window: a number, or 1 where it holds and 0 where it does not.
    fn rows(&self, trace: &Trace) -> Vec<Row> {
        let signals = self.signals();
        let columns: Vec<_> = signals.iter().map(|s| trace.column(s.name())).collect();
        let mut before_s = 0.0;
        let mut rows = Vec::new();
        for (index, tick) in trace.ticks.iter().enumerate() {
            let time_s = row_time_s(*tick);
            let step_s = time_s - before_s;
            before_s = time_s;
            if time_s < self.from_s || self.until_s.is_some_and(|until| time_s > until) {
                continue;
            }
            let at = |signal: Signal| {
                let column = signals.iter().position(|s| *s == signal);
                let values = column.and_then(|c| columns[c]).map(|c| &c.values);
                values.and_then(|v| v.get(index)).map_or(f64::NAN, |v| *v)
            };
            let value = match &self.of {
                Quantity::Number(term) => term.value(&at),
                Quantity::Truth(formula) => f64::from(formula.holds(&at) == Some(true)),
            };
            if !value.is_nan() {
                rows.push(Row {
                    time_s,
                    step_s,
                    value,
                });
            }
        }
        rows
    }
}

struct Row {
    /// At the end of the row's tick, s.
    time_s: f64,
    /// Since the row before, s.
    step_s: f64,
    value: f64,
}
