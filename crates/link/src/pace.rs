//! Real time for a device that cannot wait: a question every 10 ms of the wall
//! clock, and what the link was late with.
//!
//! A question waits for its time; its answer counts until the next one is due. A
//! tick without an answer is missed: the pins stay as they were, without a kick
//! of the watchdog, as on a board whose firmware is late. Time that the bench
//! itself loses by more than a tick is not caught up: the device would see its
//! ticks come faster than its hardware ever gives them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use kneadsim_firmware::io::Outputs;

/// Time of a tick on the wall.
pub(crate) const TICK: Duration = Duration::from_millis(10);
/// Questions whose answers are still waited for; older ones are too old to be of use.
const WAITED_FOR: usize = 64;

/// How far a quantity goes, microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Half of the values are at most this.
    pub median_us: u64,
    /// 99 % of them.
    pub p99_us: u64,
    /// 99.9 % of them.
    pub p999_us: u64,
    /// All of them.
    pub most_us: u64,
}

/// How a run kept real time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeliness {
    /// Questions asked.
    pub asked: u64,
    /// Questions without an answer before the next one was due.
    pub missed: u64,
    /// From a question to its answer.
    pub latency: Spread,
    /// How far the time between two questions was from 10 ms.
    pub jitter: Spread,
    /// How late at most a question was asked, or an answer was after the end of
    /// its tick, microseconds.
    pub slip_us: u64,
    /// When that was, ticks since the start of the run.
    pub slip_tick: u32,
}

/// A question on its way.
#[derive(Clone, Copy, Debug)]
struct Asked {
    sequence: u16,
    at: Instant,
    /// When the next question is due.
    end: Instant,
    /// It counts as missed already.
    is_missed: bool,
}

/// The clock of one run.
#[derive(Debug)]
pub(crate) struct Pace {
    /// When the present tick began by schedule; none before the first.
    due: Option<Instant>,
    tick: u32,
    asked: VecDeque<Asked>,
    /// The oldest question since which nothing has been answered.
    unanswered: Option<Asked>,
    /// What the device drove last: a board keeps its pins where an answer is late.
    pub(crate) pins: Outputs,
    /// The last question was asked then, in the tick before this one.
    before: Option<(u32, Instant)>,
    latency: Histogram<u32>,
    jitter: Histogram<u32>,
    timeliness: Timeliness,
}

impl Pace {
    pub(crate) fn new() -> Pace {
        Pace {
            due: None,
            tick: 0,
            asked: VecDeque::with_capacity(WAITED_FOR),
            unanswered: None,
            pins: Outputs::default(),
            before: None,
            latency: histogram(),
            jitter: histogram(),
            timeliness: Timeliness::default(),
        }
    }

    /// Sleeps until the next tick's time.
    pub(crate) fn wait_for_tick(&mut self) {
        let Some(before) = self.due else {
            self.due = Some(Instant::now());
            return;
        };
        let due = before + TICK;
        self.tick += 1;
        if let Some(left) = due.checked_duration_since(Instant::now()) {
            std::thread::sleep(left);
        }
        let now = Instant::now();
        let late = now.saturating_duration_since(due);
        self.slipped(late);
        self.due = Some(if late > TICK { now } else { due });
    }

    /// When the next tick is due.
    pub(crate) fn end(&self) -> Instant {
        self.due.unwrap_or_else(Instant::now) + TICK
    }

    /// The device starts again: its pins are off, and what it was asked before is void.
    pub(crate) fn boot(&mut self) {
        self.await_no_more();
        self.asked.clear();
        self.pins = Outputs::default();
    }

    pub(crate) fn ask(&mut self, sequence: u16) {
        let at = Instant::now();
        self.timeliness.asked += 1;
        if let Some((tick, before)) = self.before
            && tick + 1 == self.tick
        {
            let period = at.saturating_duration_since(before);
            record(&mut self.jitter, period.abs_diff(TICK));
        }
        self.before = Some((self.tick, at));
        if self.asked.len() == WAITED_FOR {
            self.asked.pop_front();
        }
        let end = self.end();
        let question = Asked {
            sequence,
            at,
            end,
            is_missed: false,
        };
        self.unanswered.get_or_insert(question);
        self.asked.push_back(question);
    }

    /// An answer has come; false where nobody waits for it any more.
    pub(crate) fn answered(&mut self, sequence: u16) -> bool {
        let Some(place) = self.asked.iter().position(|q| q.sequence == sequence) else {
            return false;
        };
        let now = Instant::now();
        let question = self.asked[place];
        record(
            &mut self.latency,
            now.saturating_duration_since(question.at),
        );
        if now > question.end && !question.is_missed {
            self.timeliness.missed += 1;
        }
        // What was asked before and never answered was late up to now.
        self.await_no_more();
        self.asked.drain(..=place);
        self.unanswered = self.asked.front().copied();
        true
    }

    /// How long a question has been without any answer.
    pub(crate) fn silent(&self) -> Duration {
        self.unanswered
            .map_or(Duration::ZERO, |question| question.at.elapsed())
    }

    fn await_no_more(&mut self) {
        if let Some(oldest) = self.unanswered.take() {
            self.slipped(Instant::now().saturating_duration_since(oldest.end));
        }
    }

    /// The tick is over without an answer to its question.
    pub(crate) fn missed(&mut self) {
        self.timeliness.missed += 1;
        if let Some(question) = self.asked.back_mut() {
            question.is_missed = true;
        }
    }

    fn slipped(&mut self, late: Duration) {
        let late_us = micros(late);
        if late_us > self.timeliness.slip_us {
            self.timeliness.slip_us = late_us;
            self.timeliness.slip_tick = self.tick;
        }
    }

    /// What is to be said of the run, at its end.
    pub(crate) fn finish(mut self) -> Timeliness {
        self.await_no_more();
        self.timeliness.latency = spread(&self.latency);
        self.timeliness.jitter = spread(&self.jitter);
        self.timeliness
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// From 1 us to a minute, within 1 %: its size does not grow with the run.
fn histogram() -> Histogram<u32> {
    const LOWEST: u64 = 1;
    const HIGHEST: u64 = 60_000_000;
    Histogram::new_with_bounds(LOWEST, HIGHEST, 2).expect("1 us to 60 s in two digits")
}

fn record(histogram: &mut Histogram<u32>, time: Duration) {
    histogram.saturating_record(micros(time));
}

fn spread(histogram: &Histogram<u32>) -> Spread {
    Spread {
        median_us: histogram.value_at_quantile(0.5),
        p99_us: histogram.value_at_quantile(0.99),
        p999_us: histogram.value_at_quantile(0.999),
        most_us: histogram.max(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_its_tick_is_no_slip() {
        let mut pace = Pace::new();
        for sequence in 0..5 {
            pace.wait_for_tick();
            pace.ask(sequence);
            assert!(pace.answered(sequence));
        }
        let time = pace.finish();
        assert_eq!((time.asked, time.missed), (5, 0));
        assert!(time.latency.most_us < 10_000, "{time:?}");
    }

    #[test]
    fn five_ticks_take_five_times_ten_milliseconds() {
        let mut pace = Pace::new();
        let start = Instant::now();
        for _ in 0..=5 {
            pace.wait_for_tick();
        }
        assert!(start.elapsed() >= 5 * TICK);
    }

    #[test]
    fn lost_time_is_a_slip_and_is_not_caught_up() {
        let mut pace = Pace::new();
        pace.wait_for_tick();
        std::thread::sleep(5 * TICK);
        pace.wait_for_tick();
        let start = Instant::now();
        pace.wait_for_tick();
        assert!(start.elapsed() >= TICK / 2, "the next tick waits again");
        let time = pace.finish();
        assert!(time.slip_us >= 40_000, "{time:?}");
        assert_eq!(time.slip_tick, 1);
    }

    #[test]
    fn an_answer_after_its_tick_is_a_slip_and_still_counts() {
        let mut pace = Pace::new();
        pace.wait_for_tick();
        pace.ask(7);
        std::thread::sleep(3 * TICK);
        pace.missed();
        assert!(pace.answered(7));
        assert!(!pace.answered(7), "but once");
        let time = pace.finish();
        assert!(
            time.slip_us >= 20_000 && time.latency.most_us >= 29_000,
            "{time:?}"
        );
    }

    #[test]
    fn what_is_never_answered_is_a_slip_up_to_the_end() {
        let mut pace = Pace::new();
        pace.wait_for_tick();
        pace.ask(7);
        std::thread::sleep(3 * TICK);
        assert!(pace.finish().slip_us >= 20_000);
    }
}
