//! Offline evaluation: every definition written out over the whole record.
//!
//! The reference for the online monitors, and the evaluation of a trace that
//! was recorded at every tick. It costs samples times window; it shares with
//! the monitors only the comparison of two numbers and the wording.

mod limits;

use super::level::{Instant, Level, Truth};
use super::program::TICK_S;
use super::report::{Outcome, Reason, Span, finding};
use super::{Check, CheckKind, Finding, Sample};
use crate::formula::{Formula, Source, Term};

/// A sample that owns its numbers; see [`Sample`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnedSample {
    /// Tick at whose end it was taken.
    pub tick: u32,
    /// All signals.
    pub signals: Vec<f64>,
    /// Derived columns.
    pub derived: Vec<f64>,
    /// The field, where a thermal step ended with this tick.
    pub exposure: Option<OwnedExposure>,
}

/// An exposure that owns its numbers; see [`super::Exposure`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnedExposure {
    /// Length of the step, s.
    pub step_s: f64,
    /// Skin surface, degC.
    pub skin_surface_c: Vec<f64>,
    /// CEM43, min.
    pub cem43_min: Vec<f64>,
    /// Arrhenius damage in the order of [`kneadsim_plant::ArrheniusSet::ALL`].
    pub omega: [Vec<f64>; 4],
}

impl OwnedSample {
    /// The borrowed form.
    pub fn sample(&self) -> Sample<'_> {
        Sample {
            signals: &self.signals,
            derived: &self.derived,
        }
    }
}

impl OwnedExposure {
    /// The borrowed form.
    pub fn exposure(&self) -> super::Exposure<'_> {
        super::Exposure {
            step_s: self.step_s,
            skin_surface_c: &self.skin_surface_c,
            cem43_min: &self.cem43_min,
            omega: std::array::from_fn(|set| self.omega[set].as_slice()),
            greatest: super::Greatest::UNKNOWN,
        }
    }
}

/// The findings of one check over samples of every tick, ascending; the run was
/// planned to end with tick `last_tick` and ended with the last sample.
///
/// Equal to the online monitors, save that the kelvin margin of a surface line
/// is exact here.
pub fn evaluate(check: &Check, samples: &[OwnedSample], last_tick: u32) -> Vec<Finding> {
    let record = Record {
        check,
        span: Span::of(check, last_tick),
        done: samples.last().map_or(0, |sample| sample.tick),
        samples,
    };
    match &check.kind {
        CheckKind::Limits(profile) => record.limits(profile),
        CheckKind::Always(_)
        | CheckKind::Never(_)
        | CheckKind::Eventually { .. }
        | CheckKind::Respond { .. }
        | CheckKind::AfterAlways { .. }
        | CheckKind::Stays { .. }
        | CheckKind::AtEnd(_) => vec![finding(check, &record.outcome(), record.done)],
    }
}

struct Record<'a> {
    check: &'a Check,
    span: Span,
    done: u32,
    samples: &'a [OwnedSample],
}

impl Record<'_> {
    /// The samples of the window.
    fn window(&self) -> &[OwnedSample] {
        let start = self
            .samples
            .partition_point(|sample| sample.tick < self.span.from);
        let end = self
            .samples
            .partition_point(|sample| sample.tick <= self.span.end);
        &self.samples[start.min(end)..end]
    }

    /// A formula's level at every sample of the window.
    fn levels(&self, formula: &Formula) -> Vec<(u32, Level)> {
        let window = self.window();
        (0..window.len())
            .map(|index| (window[index].tick, level(formula, &window[..=index])))
            .collect()
    }

    fn instants(&self, formula: &Formula) -> Vec<Instant> {
        self.levels(formula)
            .into_iter()
            .map(|(tick, level)| level.at(tick))
            .collect()
    }

    fn vacuous(&self, reason: Reason) -> Outcome {
        Outcome::vacuous(reason, self.check)
    }

    fn outcome(&self) -> Outcome {
        let ended_early = self.done < self.span.end;
        if self.span.never_reached() || (self.window().is_empty() && !ended_early) {
            return self.vacuous(Reason::NeverReached);
        }
        match &self.check.kind {
            CheckKind::Always(formula) => self.everywhere(&self.instants(formula)),
            CheckKind::Never(formula) => {
                let negated: Vec<Instant> = self
                    .levels(formula)
                    .into_iter()
                    .map(|(tick, level)| level.not().at(tick))
                    .collect();
                self.everywhere(&negated)
            }
            CheckKind::Eventually { formula, .. } => {
                let instants = self.instants(formula);
                let first = instants
                    .iter()
                    .find(|instant| instant.holds)
                    .map(|i| i.tick);
                self.somewhere(best(&instants), first)
            }
            CheckKind::Respond {
                trigger,
                within_ticks,
                then,
            } => self.respond(&self.levels(trigger), *within_ticks, &self.instants(then)),
            CheckKind::AfterAlways {
                trigger,
                delay_ticks,
                always,
            } => self.after(&self.levels(trigger), *delay_ticks, &self.instants(always)),
            CheckKind::Stays {
                formula, for_ticks, ..
            } => self.stays(&self.instants(formula), *for_ticks),
            CheckKind::AtEnd(formula) => match self.instants(formula).last() {
                Some(last) if last.tick == self.span.end => {
                    Outcome::settled(last.holds, Some(*last))
                }
                Some(_) | None if ended_early => Outcome::open(Reason::RunEnded, None),
                Some(_) | None => self.vacuous(Reason::NeverReached),
            },
            CheckKind::Limits(_) => self.vacuous(Reason::NeverReached),
        }
    }

    fn everywhere(&self, instants: &[Instant]) -> Outcome {
        let worst = worst(instants);
        if instants.iter().any(|instant| !instant.holds) {
            Outcome::settled(false, worst)
        } else if self.done < self.span.end {
            Outcome::open(Reason::RunEnded, worst)
        } else {
            Outcome::settled(true, worst)
        }
    }

    fn somewhere(&self, best: Option<Instant>, first: Option<u32>) -> Outcome {
        let time_left_ticks = first.map(|tick| self.span.end - tick);
        let outcome = if first.is_some() {
            Outcome::settled(true, best)
        } else if self.done < self.span.end {
            Outcome::open(Reason::RunEnded, best)
        } else {
            Outcome::settled(false, best)
        };
        Outcome {
            time_left_ticks,
            ..outcome
        }
    }

    fn respond(&self, triggers: &[(u32, Level)], within: u32, then: &[Instant]) -> Outcome {
        let holds = |index: usize| triggers[index].1.truth == Truth::True;
        let edges: Vec<usize> = (0..triggers.len())
            .filter(|&index| holds(index) && (index == 0 || !holds(index - 1)))
            .collect();
        // Best instant and the edge's tick, of the edges that are answered or over.
        let mut judged: Vec<(Instant, u32)> = Vec::new();
        let mut open = None;
        let mut slowest = None;
        for &edge in &edges {
            let start = triggers[edge].0;
            let budget: Vec<Instant> = then[edge..]
                .iter()
                .copied()
                .take_while(|i| i.tick - start <= within)
                .collect();
            let over = budget
                .last()
                .is_some_and(|last| last.tick - start == within);
            let answer = budget.iter().find(|instant| instant.holds);
            if let Some(answer) = answer {
                slowest = slowest.max(Some(answer.tick - start));
            } else if !over {
                open = open.or(Some(start));
                continue;
            }
            judged.extend(best(&budget).map(|instant| (instant, start)));
        }
        let bests: Vec<Instant> = judged.iter().map(|(instant, _)| *instant).collect();
        let worst = worst(&bests);
        let trigger_tick = judged
            .iter()
            .find(|(instant, _)| Some(*instant) == worst)
            .map(|j| j.1);
        let outcome = if worst.is_some_and(|worst| !worst.holds) {
            slowest = None;
            Outcome::settled(false, worst)
        } else if self.done < self.span.end {
            Outcome::open(Reason::RunEnded, worst)
        } else if let Some(edge) = open {
            Outcome::open(Reason::BudgetOpen(edge), worst)
        } else if edges.is_empty() {
            return self.vacuous(no_trigger(triggers));
        } else {
            Outcome::settled(true, worst)
        };
        Outcome {
            trigger_tick,
            time_left_ticks: slowest.map(|slowest| within - slowest),
            ..outcome
        }
    }

    fn after(&self, triggers: &[(u32, Level)], delay: u32, always: &[Instant]) -> Outcome {
        let trigger_tick = triggers
            .iter()
            .find(|(_, level)| level.truth == Truth::True)
            .map(|(tick, _)| *tick);
        let demanded: Vec<Instant> = always
            .iter()
            .copied()
            .filter(|now| trigger_tick.is_some_and(|at| now.tick >= at && now.tick - at >= delay))
            .collect();
        let outcome = if demanded.is_empty() && self.done >= self.span.end {
            match trigger_tick {
                Some(_) => Outcome::open(Reason::WithinGrace, None),
                None => self.vacuous(no_trigger(triggers)),
            }
        } else {
            self.everywhere(&demanded)
        };
        Outcome {
            trigger_tick,
            ..outcome
        }
    }

    fn stays(&self, instants: &[Instant], for_ticks: u32) -> Outcome {
        let stretches: Vec<(Instant, u32)> = (0..instants.len())
            .filter_map(|start| {
                let end = start.checked_add(for_ticks as usize)?;
                let stretch = instants.get(start..=end)?;
                Some((worst(stretch)?, stretch.last()?.tick))
            })
            .collect();
        if stretches.is_empty() && self.done >= self.span.end {
            return Outcome::open(Reason::TooShort, None);
        }
        let worsts: Vec<Instant> = stretches.iter().map(|(worst, _)| *worst).collect();
        let first = stretches
            .iter()
            .find(|(worst, _)| worst.holds)
            .map(|(_, end)| *end);
        self.somewhere(best(&worsts), first)
    }
}

fn no_trigger(triggers: &[(u32, Level)]) -> Reason {
    if triggers
        .iter()
        .any(|(_, level)| level.truth == Truth::Unknown)
    {
        Reason::TriggerUnknown
    } else {
        Reason::NoTrigger
    }
}

/// The worst; of equals the earliest.
fn worst(instants: &[Instant]) -> Option<Instant> {
    instants
        .iter()
        .copied()
        .reduce(|worst, now| if now.worse_than(worst) { now } else { worst })
}

/// The best; of equals the earliest.
fn best(instants: &[Instant]) -> Option<Instant> {
    instants
        .iter()
        .copied()
        .reduce(|best, now| if best.worse_than(now) { now } else { best })
}

/// A formula at the last of the samples since the window's start.
fn level(formula: &Formula, history: &[OwnedSample]) -> Level {
    let mut atom = 0;
    level_from(formula, history, &mut atom)
}

fn level_from(formula: &Formula, history: &[OwnedSample], atom: &mut u32) -> Level {
    match formula {
        Formula::Atom(comparison) => {
            let index = *atom;
            *atom += 1;
            let left = value(&comparison.left, history);
            let right = value(&comparison.right, history);
            Level::compare(left, comparison.relation, right, comparison.discrete, index)
        }
        Formula::Not(inner) => level_from(inner, history, atom).not(),
        Formula::And(parts) => {
            let levels: Vec<Level> = parts.iter().map(|p| level_from(p, history, atom)).collect();
            levels.into_iter().reduce(Level::and).unwrap_or(Level::TRUE)
        }
        Formula::Or(parts) => {
            let levels: Vec<Level> = parts.iter().map(|p| level_from(p, history, atom)).collect();
            levels.into_iter().reduce(Level::or).unwrap_or(Level::FALSE)
        }
    }
}

fn value(term: &Term, history: &[OwnedSample]) -> f64 {
    let Some(now) = history.last() else {
        return f64::NAN;
    };
    match term {
        Term::Constant(value) => *value,
        Term::Value(Source::Signal(signal)) => now.sample().signal(*signal as usize),
        Term::Value(Source::Derived(index)) => now.sample().derived(usize::from(*index)),
        Term::Sum(a, b) => value(a, history) + value(b, history),
        Term::Difference(a, b) => value(a, history) - value(b, history),
        Term::Product(a, b) => value(a, history) * value(b, history),
        Term::Absolute(a) => value(a, history).abs(),
        Term::Integral(a, _) => {
            (1..=history.len()).fold(0.0, |sum, end| sum + value(a, &history[..end]) * TICK_S)
        }
    }
}
