//! Online state of `after ... within ... then`.
//!
//! A budget's margin is the best level of the response from the trigger's edge
//! to the budget's end; budgets overlap. Because a later budget has seen only
//! a part of what an earlier one has, the bests never grow from the oldest to
//! the newest budget: equal ones are kept as one group, so that a sample costs
//! amortised constant time and memory is bounded by the edges of one budget.

use super::Check;
use super::level::{Instant, Level, Truth, keep_worst};
use super::report::{Outcome, Reason, Span};
use super::ring::Ring;

/// Edges in the window so far, with their budgets.
#[derive(Clone, Debug)]
pub(crate) struct Respond {
    within: u32,
    armed: bool,
    trigger_unknown: bool,
    edges: u64,
    pending: Ring<u32>,
    groups: Ring<Group>,
    /// Oldest edge without a response.
    waiting: Option<u32>,
    slowest: Option<u32>,
    worst: Option<Instant>,
    worst_trigger: u32,
}

/// Neighbouring budgets with the same best sample.
#[derive(Clone, Copy, Debug)]
struct Group {
    best: Instant,
    edges: u32,
}

impl Respond {
    /// For a budget of `within` ticks in a run that ends at `last_tick`.
    pub fn new(within: u32, last_tick: u32) -> Self {
        // A rising edge needs a sample below before it: one edge every two ticks.
        let capacity = within.min(last_tick) as usize / 2 + 2;
        let best = Level::FALSE.at(0);
        Self {
            within,
            armed: true,
            trigger_unknown: false,
            edges: 0,
            pending: Ring::new(capacity, 0),
            groups: Ring::new(capacity, Group { best, edges: 0 }),
            waiting: None,
            slowest: None,
            worst: None,
            worst_trigger: 0,
        }
    }

    /// The next sample of the window.
    #[inline]
    pub fn observe(&mut self, tick: u32, trigger: Truth, then: Level) {
        self.trigger_unknown |= trigger == Truth::Unknown;
        let holds = trigger == Truth::True;
        let edge = holds && self.armed;
        self.armed = !holds;
        if edge {
            self.edges += 1;
            self.pending.push_back(tick);
            self.waiting = self.waiting.or(Some(tick));
        }
        if self.pending.front().is_some() {
            self.raise(then.at(tick), u32::from(edge));
            self.expire(tick);
        }
    }

    /// Raises the bests that this sample exceeds; `edges` start with it.
    fn raise(&mut self, now: Instant, mut edges: u32) {
        while let Some(group) = self.groups.back()
            && group.best.worse_than(now)
        {
            edges += group.edges;
            self.groups.pop_back();
        }
        if edges > 0 {
            self.groups.push_back(Group { best: now, edges });
        }
        if now.holds
            && let Some(edge) = self.waiting.take()
        {
            self.slowest = self.slowest.max(Some(now.tick - edge));
        }
    }

    fn expire(&mut self, tick: u32) {
        while let Some(edge) = self.pending.front().copied() {
            if tick - edge < self.within {
                return;
            }
            self.pending.pop_front();
            if let Some(group) = self.groups.front_mut() {
                let best = group.best;
                group.edges -= 1;
                let empty = group.edges == 0;
                self.take(best, edge);
                if empty {
                    self.groups.pop_front();
                }
            }
            if self.waiting == Some(edge) {
                self.waiting = self.pending.front().copied();
            }
        }
    }

    fn take(&mut self, best: Instant, edge: u32) {
        let before = self.worst;
        keep_worst(&mut self.worst, best);
        if self.worst != before {
            self.worst_trigger = edge;
        }
    }

    /// How it stands when the run has ended.
    pub fn outcome(&self, check: &Check, span: Span, done: u32) -> Outcome {
        let mut rest = self.clone();
        rest.close();
        let outcome = if rest.worst.is_some_and(|worst| !worst.holds) {
            return Outcome {
                trigger_tick: Some(rest.worst_trigger),
                ..Outcome::settled(false, rest.worst)
            };
        } else if done < span.end {
            Outcome::open(Reason::RunEnded, rest.worst)
        } else if let Some(edge) = rest.waiting {
            Outcome::open(Reason::BudgetOpen(edge), rest.worst)
        } else if self.edges > 0 {
            Outcome::settled(true, rest.worst)
        } else if self.trigger_unknown {
            Outcome::vacuous(Reason::TriggerUnknown, check)
        } else {
            Outcome::vacuous(Reason::NoTrigger, check)
        };
        Outcome {
            trigger_tick: rest.worst.map(|_| rest.worst_trigger),
            time_left_ticks: self.slowest.map(|slowest| self.within - slowest),
            ..outcome
        }
    }

    /// Counts budgets that have had their response although they are not over;
    /// those without one stay open.
    fn close(&mut self) {
        while let Some(edge) = self.pending.front().copied() {
            let Some(group) = self.groups.front_mut() else {
                return;
            };
            let best = group.best;
            group.edges -= 1;
            let empty = group.edges == 0;
            if best.holds {
                self.take(best, edge);
            }
            if empty {
                self.groups.pop_front();
            }
            self.pending.pop_front();
        }
    }
}
