//! Online monitors: one state per check, fed every tick, in bounded memory.
//!
//! Everything is allocated when the monitors are made (limit profiles at the
//! first thermal step, when the number of columns is known); `observe` never
//! allocates. A clone carries its state on independently.

use std::sync::Arc;

use super::field::FieldMonitor;
use super::level::{Instant, Truth, keep_best, keep_worst};
use super::program::Program;
use super::quiet::Quiet;
use super::report::{Outcome, Reason, Span, finding};
use super::respond::Respond;
use super::ring::SlidingWorst;
use super::{Check, CheckKind, Exposure, Finding, Sample};

/// The online monitors of a run's checks.
#[derive(Clone, Debug)]
pub struct Monitors {
    checks: Arc<[Check]>,
    monitors: Box<[Monitor]>,
    /// Of each monitor, the samples that it need not see.
    quiets: Box<[Quiet]>,
    /// Those whose samples may change between thermal steps too.
    moving: Box<[usize]>,
    /// The next tick at which a window begins.
    next_start: u32,
}

#[derive(Clone, Debug)]
struct Monitor {
    span: Span,
    seen: bool,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Worst {
        program: Program,
        worst: Option<Instant>,
    },
    Best {
        program: Program,
        best: Option<Instant>,
        first: Option<u32>,
    },
    AtEnd {
        program: Program,
        last: Option<Instant>,
    },
    Respond {
        trigger: Program,
        then: Program,
        respond: Box<Respond>,
    },
    After {
        trigger: Program,
        always: Program,
        delay: u32,
        after: After,
    },
    Stays {
        program: Program,
        stays: Stays,
    },
    Field(Box<FieldMonitor>),
}

#[derive(Clone, Copy, Debug, Default)]
struct After {
    trigger_tick: Option<u32>,
    trigger_unknown: bool,
    worst: Option<Instant>,
}

#[derive(Clone, Debug)]
struct Stays {
    for_ticks: u32,
    /// None where the window is too short for any stretch.
    sliding: Option<SlidingWorst>,
    first_sample: Option<u32>,
    best: Option<Instant>,
    first: Option<u32>,
}

impl Monitors {
    /// Monitors for a run that is planned to end with tick `last_tick`.
    pub fn new(checks: &[Check], last_tick: u32) -> Monitors {
        let monitors: Box<[Monitor]> = checks
            .iter()
            .map(|check| Monitor::new(check, last_tick))
            .collect();
        let moving = 0..monitors.len();
        Monitors {
            checks: checks.into(),
            quiets: monitors.iter().map(Monitor::quiet).collect(),
            moving: moving
                .filter(|index| !monitors[*index].rests_between_steps())
                .collect(),
            monitors,
            next_start: 0,
        }
    }

    /// Takes the sample of a tick: of every tick, in ascending order.
    pub fn observe(&mut self, tick: u32, sample: &Sample<'_>) {
        if tick >= self.next_start {
            self.next_start = self.first_start_after(tick);
        }
        for index in 0..self.monitors.len() {
            self.look(index, tick, sample);
        }
    }

    /// Takes the sample of a tick in which no thermal step ended, so that the
    /// signals of that rate are those of the tick before: monitors that look at
    /// nothing else, and have, are left alone. The findings are the same.
    #[inline]
    pub fn observe_between_steps(&mut self, tick: u32, sample: &Sample<'_>) {
        if tick >= self.next_start {
            self.observe(tick, sample);
            return;
        }
        for place in 0..self.moving.len() {
            self.look(self.moving[place], tick, sample);
        }
    }

    #[inline]
    fn look(&mut self, index: usize, tick: u32, sample: &Sample<'_>) {
        let quiet = &mut self.quiets[index];
        if quiet.covers(sample) {
            return;
        }
        let monitor = &mut self.monitors[index];
        if monitor.span.contains(tick) {
            monitor.observe(tick, sample);
            quiet.take(sample);
        }
    }

    fn first_start_after(&self, tick: u32) -> u32 {
        let starts = self.monitors.iter().map(|monitor| monitor.span.from);
        starts.filter(|from| *from > tick).min().unwrap_or(u32::MAX)
    }

    /// Takes the field of a thermal step that ended with a tick: of every step, in ascending order.
    pub fn observe_field(&mut self, tick: u32, exposure: &Exposure<'_>) {
        for monitor in &mut self.monitors {
            if let State::Field(field) = &mut monitor.state
                && monitor.span.contains(tick)
            {
                field.observe(tick, exposure);
            }
        }
    }

    /// Whether any check needs [`Monitors::observe_field`].
    pub fn wants_field(&self) -> bool {
        self.monitors
            .iter()
            .any(|monitor| matches!(monitor.state, State::Field(_)))
    }

    /// The findings of a run whose last tick was `last_tick_done`, in the order of
    /// the checks. May be asked at any time; the monitors can go on afterwards.
    pub fn finish(&self, last_tick_done: u32) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (check, monitor) in self.checks.iter().zip(&self.monitors) {
            monitor.finish(check, last_tick_done, &mut findings);
        }
        findings
    }
}

impl Monitor {
    fn new(check: &Check, last_tick: u32) -> Monitor {
        let span = Span::of(check, last_tick);
        let state = match &check.kind {
            CheckKind::Always(formula) => State::Worst {
                program: Program::new(formula, false),
                worst: None,
            },
            CheckKind::Never(formula) => State::Worst {
                program: Program::new(formula, true),
                worst: None,
            },
            CheckKind::Eventually { formula, .. } => State::Best {
                program: Program::new(formula, false),
                best: None,
                first: None,
            },
            CheckKind::Respond {
                trigger,
                within_ticks,
                then,
            } => State::Respond {
                trigger: Program::new(trigger, false),
                then: Program::new(then, false),
                respond: Box::new(Respond::new(*within_ticks, last_tick)),
            },
            CheckKind::AfterAlways {
                trigger,
                delay_ticks,
                always,
            } => State::After {
                trigger: Program::new(trigger, false),
                always: Program::new(always, false),
                delay: *delay_ticks,
                after: After::default(),
            },
            CheckKind::Stays {
                formula, for_ticks, ..
            } => State::Stays {
                program: Program::new(formula, false),
                stays: Stays::new(*for_ticks, span),
            },
            CheckKind::AtEnd(formula) => State::AtEnd {
                program: Program::new(formula, false),
                last: None,
            },
            CheckKind::Limits(profile) => State::Field(Box::new(FieldMonitor::new(profile))),
        };
        Monitor {
            span,
            seen: false,
            state,
        }
    }

    /// Whether a sample equal to the one before changes nothing, and what this
    /// looks at moves at thermal steps only.
    fn rests_between_steps(&self) -> bool {
        match &self.state {
            State::Worst { program, .. } | State::Best { program, .. } => {
                program.moves_at_steps_only()
            }
            State::Field(_) => true,
            State::AtEnd { .. }
            | State::Respond { .. }
            | State::After { .. }
            | State::Stays { .. } => false,
        }
    }

    /// Samples that need not be seen, when none has been yet.
    fn quiet(&self) -> Quiet {
        match &self.state {
            State::Worst { program, .. } => Quiet::for_worst(program.single()),
            State::Best { program, .. } => Quiet::for_best(program.single()),
            State::AtEnd { .. }
            | State::Respond { .. }
            | State::After { .. }
            | State::Stays { .. }
            | State::Field(_) => Quiet::NEVER,
        }
    }

    fn observe(&mut self, tick: u32, sample: &Sample<'_>) {
        self.seen = true;
        match &mut self.state {
            State::Worst { program, worst } => {
                // At most ticks nothing is worse than before, and a glance tells.
                if let (Some(known), Some((holds, margin))) = (&worst, program.glance(sample))
                    && holds == known.holds
                    && margin >= known.margin
                {
                    return;
                }
                keep_worst(worst, program.level(sample).at(tick));
            }
            State::Best {
                program,
                best,
                first,
            } => {
                let now = program.level(sample).at(tick);
                keep_best(best, now);
                if now.holds && first.is_none() {
                    *first = Some(tick);
                }
            }
            State::AtEnd { program, last } => {
                if tick == self.span.end || program.has_memory() {
                    let level = program.level(sample);
                    if tick == self.span.end {
                        *last = Some(level.at(tick));
                    }
                }
            }
            State::Respond {
                trigger,
                then,
                respond,
            } => {
                let truth = trigger.level(sample).truth;
                respond.observe(tick, truth, then.level(sample));
            }
            State::After {
                trigger,
                always,
                delay,
                after,
            } => {
                let truth = trigger.level(sample).truth;
                after.observe(tick, truth, *delay, always.level(sample).at(tick));
            }
            State::Stays { program, stays } => stays.observe(program.level(sample).at(tick)),
            State::Field(_) => {}
        }
    }

    fn finish(&self, check: &Check, done: u32, findings: &mut Vec<Finding>) {
        if let State::Field(field) = &self.state {
            field.finish(check, self.span, done, findings);
        } else {
            findings.push(finding(check, &self.outcome(check, done), done));
        }
    }

    fn outcome(&self, check: &Check, done: u32) -> Outcome {
        let span = self.span;
        let vacuous = |reason| Outcome::vacuous(reason, check);
        if span.never_reached() || (!self.seen && done >= span.end) {
            return vacuous(Reason::NeverReached);
        }
        let ended = done < span.end;
        match &self.state {
            State::Worst { worst, .. } => match worst {
                Some(instant) if !instant.holds => Outcome::settled(false, *worst),
                Some(_) | None if ended => Outcome::open(Reason::RunEnded, *worst),
                Some(_) | None => Outcome::settled(true, *worst),
            },
            State::Best { best, first, .. } => found(span, *best, *first, ended),
            State::AtEnd { last, .. } => match last {
                Some(instant) => Outcome::settled(instant.holds, *last),
                None if ended => Outcome::open(Reason::RunEnded, None),
                None => vacuous(Reason::NeverReached),
            },
            State::Respond { respond, .. } => respond.outcome(check, span, done),
            State::After { after, .. } => {
                let outcome = match after.worst {
                    Some(instant) if !instant.holds => Outcome::settled(false, after.worst),
                    Some(_) | None if ended => Outcome::open(Reason::RunEnded, after.worst),
                    Some(_) => Outcome::settled(true, after.worst),
                    None if after.trigger_tick.is_some() => {
                        Outcome::open(Reason::WithinGrace, None)
                    }
                    None if after.trigger_unknown => vacuous(Reason::TriggerUnknown),
                    None => vacuous(Reason::NoTrigger),
                };
                Outcome {
                    trigger_tick: after.trigger_tick,
                    ..outcome
                }
            }
            State::Stays { stays, .. } => match stays.best {
                None if !ended => Outcome::open(Reason::TooShort, None),
                Some(_) | None => found(span, stays.best, stays.first, ended),
            },
            State::Field(_) => Outcome::open(Reason::NeverReached, None),
        }
    }
}

/// The outcome of looking for an instant at which something holds.
fn found(span: Span, best: Option<Instant>, first: Option<u32>, ended: bool) -> Outcome {
    match first {
        Some(tick) => Outcome {
            time_left_ticks: Some(span.end - tick),
            ..Outcome::settled(true, best)
        },
        None if ended => Outcome::open(Reason::RunEnded, best),
        None => Outcome::settled(false, best),
    }
}

impl After {
    #[inline]
    fn observe(&mut self, tick: u32, trigger: Truth, delay: u32, now: Instant) {
        if self.trigger_tick.is_none() {
            self.trigger_unknown |= trigger == Truth::Unknown;
            if trigger == Truth::True {
                self.trigger_tick = Some(tick);
            }
        }
        if self
            .trigger_tick
            .is_some_and(|trigger| tick - trigger >= delay)
        {
            keep_worst(&mut self.worst, now);
        }
    }
}

impl Stays {
    fn new(for_ticks: u32, span: Span) -> Stays {
        let longest = span.end.min(span.last_tick).saturating_sub(span.from);
        let sliding = (for_ticks <= longest).then(|| SlidingWorst::new(for_ticks));
        Stays {
            for_ticks,
            sliding,
            first_sample: None,
            best: None,
            first: None,
        }
    }

    #[inline]
    fn observe(&mut self, now: Instant) {
        let Some(sliding) = &mut self.sliding else {
            return;
        };
        let worst = sliding.next(now);
        let start = *self.first_sample.get_or_insert(now.tick);
        if now.tick - start < self.for_ticks {
            return;
        }
        keep_best(&mut self.best, worst);
        if worst.holds && self.first.is_none() {
            self.first = Some(now.tick);
        }
    }
}
