//! Limit lines from their definition: totals and order statistics of whole columns.

use kneadsim_plant::ArrheniusSet;

use super::super::report::{Outcome, Reason, why};
use super::super::{Finding, Verdict};
use super::{OwnedExposure, Record};
use crate::limits::{LimitKind, LimitLine, LimitProfile, Severity};

impl Record<'_> {
    /// One finding per line of a profile.
    pub(super) fn limits(&self, profile: &LimitProfile) -> Vec<Finding> {
        let steps: Vec<(u32, &OwnedExposure)> = self
            .window()
            .iter()
            .filter_map(|sample| Some((sample.tick, sample.exposure.as_ref()?)))
            .collect();
        profile
            .lines
            .iter()
            .map(|line| self.limit(line, &steps))
            .collect()
    }

    fn limit(&self, line: &LimitLine, steps: &[(u32, &OwnedExposure)]) -> Finding {
        let read = match line.kind {
            LimitKind::Surface { at_c, longest_s } => surface_line(at_c, longest_s, steps),
            LimitKind::Cem43 { below_min } => {
                dose_line(below_min, steps, |exposure| &exposure.cem43_min)
            }
            LimitKind::Arrhenius { set, below } => dose_line(below, steps, |exposure| {
                ArrheniusSet::ALL
                    .iter()
                    .position(|known| *known == set)
                    .map_or(&[][..], |index| &exposure.omega[index])
            }),
        };
        let outcome = if read.broken {
            Outcome::settled(line.severity == Severity::Warn, None)
        } else if steps.is_empty() && (self.span.never_reached() || self.done >= self.span.end) {
            self.vacuous(Reason::NeverReached)
        } else if self.done < self.span.end {
            Outcome::open(Reason::RunEnded, None)
        } else {
            Outcome::settled(true, None)
        };
        let nan = read
            .nan
            .then(|| "a value of the field was not a number".to_owned());
        let notes: Vec<String> = why(outcome.reason, self.done)
            .into_iter()
            .chain(nan)
            .collect();
        Finding {
            id: format!("{}: {}", self.check.id, line.name),
            verdict: outcome.verdict,
            warning: read.broken && outcome.verdict == Verdict::Pass,
            margin: (!steps.is_empty()).then_some(read.margin),
            unit: line.kind.margin_unit().to_owned(),
            kelvin_left: (!steps.is_empty()).then(|| line.kind.kelvin_left(read.margin)),
            worst_tick: read.worst_tick,
            decided_by: line.kind.to_string(),
            time_left_s: if steps.is_empty() {
                None
            } else {
                read.time_left_s
            },
            note: notes.join("; "),
        }
    }
}

/// A line held against the steps of a window.
struct LineReading {
    broken: bool,
    nan: bool,
    margin: f64,
    worst_tick: Option<u32>,
    time_left_s: Option<f64>,
}

fn surface_line(at_c: f64, longest_s: f64, steps: &[(u32, &OwnedExposure)]) -> LineReading {
    let columns = steps
        .first()
        .map_or(0, |(_, exposure)| exposure.skin_surface_c.len());
    let step_ms = |exposure: &OwnedExposure| (exposure.step_s * 1000.0).round();
    let longest_ms = (longest_s * 1000.0).floor();
    // Total at or above the line of each column after each step.
    let mut totals = vec![0.0; columns];
    let mut largest = Vec::new();
    for (_, exposure) in steps {
        for (total, celsius) in totals.iter_mut().zip(&exposure.skin_surface_c) {
            if *celsius >= at_c {
                *total += step_ms(exposure);
            }
        }
        largest.push(totals.iter().copied().fold(0.0, f64::max));
    }
    let most_ms = largest.last().copied().unwrap_or(0.0);
    let nan_tick = steps
        .iter()
        .find(|(_, exposure)| {
            exposure
                .skin_surface_c
                .iter()
                .any(|celsius| celsius.is_nan())
        })
        .map(|(tick, _)| *tick);
    let tick_of = |index: Option<usize>| index.map(|index| steps[index].0);
    let broken_tick = tick_of(largest.iter().position(|ms| *ms > longest_ms));
    let largest_tick = tick_of(largest.iter().position(|ms| *ms == most_ms && *ms > 0.0));
    let hottest = hottest_step(steps);
    // Hottest level that some column held for more than the line allows.
    let mut held_c = f64::NEG_INFINITY;
    for column in 0..columns {
        let mut history: Vec<(f64, f64)> = steps
            .iter()
            .map(|(_, e)| (e.skin_surface_c[column], step_ms(e)))
            .collect();
        history.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut total_ms = 0.0;
        for (celsius, ms) in history {
            total_ms += ms;
            if total_ms > longest_ms {
                held_c = held_c.max(celsius);
                break;
            }
        }
    }
    LineReading {
        broken: broken_tick.is_some() || nan_tick.is_some(),
        nan: nan_tick.is_some(),
        margin: if nan_tick.is_some() {
            f64::NEG_INFINITY
        } else {
            at_c - held_c
        },
        worst_tick: nan_tick.or(broken_tick).or(largest_tick).or(hottest),
        time_left_s: Some((longest_ms - most_ms) / 1000.0),
    }
}

/// Tick of the first step that has the hottest surface.
fn hottest_step(steps: &[(u32, &OwnedExposure)]) -> Option<u32> {
    let hottest = |exposure: &OwnedExposure| {
        exposure
            .skin_surface_c
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let all = steps
        .iter()
        .map(|(_, e)| hottest(e))
        .fold(f64::NEG_INFINITY, f64::max);
    steps
        .iter()
        .find(|(_, e)| hottest(e) == all)
        .map(|(tick, _)| *tick)
}

fn dose_line<'a>(
    below: f64,
    steps: &[(u32, &'a OwnedExposure)],
    doses: impl Fn(&'a OwnedExposure) -> &'a [f64],
) -> LineReading {
    let peak = |exposure| {
        doses(exposure)
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let first = |wanted: &dyn Fn(&'a OwnedExposure) -> bool| {
        steps
            .iter()
            .find(|(_, exposure)| wanted(exposure))
            .map(|(tick, _)| *tick)
    };
    let largest = steps
        .iter()
        .map(|(_, e)| peak(e))
        .fold(f64::NEG_INFINITY, f64::max);
    let nan_tick = first(&|exposure| doses(exposure).iter().any(|dose| dose.is_nan()));
    let broken_tick = first(&|exposure| peak(exposure) >= below);
    LineReading {
        broken: nan_tick.is_some() || broken_tick.is_some(),
        nan: nan_tick.is_some(),
        margin: if nan_tick.is_some() {
            f64::NEG_INFINITY
        } else {
            below - largest
        },
        worst_tick: nan_tick
            .or(broken_tick)
            .or(first(&|exposure| peak(exposure) == largest)),
        time_left_s: None,
    }
}
