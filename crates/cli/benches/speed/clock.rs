//! Times of alternatives that are run in turn.

use rustix::time::{ClockId, clock_gettime};
use std::time::Instant;

/// Which time counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Time that this process has spent on a processor.
    Process,
    /// Time that the user waits.
    Wall,
}

/// Times of one alternative, ms, one per round.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// The median.
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// The least: what other work on the machine bent least.
    pub fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Median of the rounds' ratios of this to another alternative.
    pub fn over(&self, other: &Times) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(a, b)| a / b).collect())
    }

    /// Median, and in brackets the least and the greatest.
    pub fn spread(&self) -> String {
        let greatest = self.0.iter().copied().fold(0.0, f64::max);
        format!(
            "{} ({} to {})",
            short(self.median()),
            short(self.least()),
            short(greatest)
        )
    }
}

/// A number with three digits that count.
pub fn short(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$}")
}

/// Runs every alternative once a round, in turn, and times it.
pub fn in_turn(clock: Clock, rounds: usize, work: &mut [Box<dyn FnMut() + '_>]) -> Vec<Times> {
    let mut times = vec![Times::default(); work.len()];
    for _ in 0..rounds {
        for (work, times) in work.iter_mut().zip(&mut times) {
            let (wall, process_ms) = (Instant::now(), process_ms());
            work();
            times.0.push(match clock {
                Clock::Process => self::process_ms() - process_ms,
                Clock::Wall => wall.elapsed().as_secs_f64() * 1.0e3,
            });
        }
    }
    times
}

fn process_ms() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 * 1.0e3 + now.tv_nsec as f64 * 1.0e-6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        0.5 * (values[middle - 1] + values[middle])
    } else {
        values[middle]
    }
}
