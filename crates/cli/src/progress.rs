//! How far many runs are: a bar on a terminal, a line now and then elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::console::complain;
use crate::words;

/// Between two lines where there is no terminal.
const EVERY: Duration = Duration::from_secs(30);

/// Counts cases, or rows, or what it is told that they are.
pub struct Progress {
    bar: ProgressBar,
    noun: &'static str,
    begun: Instant,
    told: Instant,
    before: usize,
    done: usize,
    all: usize,
}

impl Progress {
    /// Of so many of a noun, of which so many were done before.
    pub fn new(noun: &'static str, before: usize, all: usize) -> Progress {
        let style = ProgressStyle::with_template(
            "{bar:32} {pos} of {len} {msg}, {per_sec}, {elapsed} gone, {eta} left",
        )
        .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(all as u64)
            .with_style(style)
            .with_message(format!("{noun}s"))
            .with_position(before as u64);
        bar.reset_eta();
        let now = Instant::now();
        Progress {
            bar,
            noun,
            begun: now,
            told: now,
            before,
            done: before,
            all,
        }
    }

    /// So many more than were expected.
    pub fn expect(&mut self, more: usize) {
        self.all = self.done + more;
        self.bar.set_length(self.all as u64);
    }

    /// One more.
    pub fn one(&mut self) {
        self.done += 1;
        if !self.bar.is_hidden() {
            self.bar.inc(1);
        } else if self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            let rate = (self.done - self.before) as f64 / self.begun.elapsed().as_secs_f64();
            let left = Duration::from_secs_f64((self.all - self.done) as f64 / rate.max(1e-9));
            complain(&format!(
                "{} of {}, {rate:.1} a second, {} left",
                self.done,
                words::count(self.all, self.noun),
                words::wall(left)
            ));
        }
    }

    /// Takes the bar away; says what was done since the start and in which time.
    pub fn end(self) -> (usize, Duration) {
        self.bar.finish_and_clear();
        (self.done - self.before, self.begun.elapsed())
    }
}
