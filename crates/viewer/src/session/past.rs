//! Copies of the bench to go back to: few enough for any length of run.

use kneadsim_firmware::Config;
use kneadsim_sim::Bench;
use kneadsim_sim::device::InProcess;

/// Copies at most; then every other one is dropped, and copies come half as often.
const COPIES_MAX: usize = 64;
/// Ticks between copies at first: going back costs a run of at most that long.
const FIRST_EVERY_TICKS: u32 = 1000;

/// Copies of one run, ascending in time.
#[derive(Clone, Debug)]
pub(super) struct Past {
    every_ticks: u32,
    copies: Vec<(Bench<InProcess>, Config)>,
}

impl Default for Past {
    fn default() -> Self {
        Past {
            every_ticks: FIRST_EVERY_TICKS,
            copies: Vec::new(),
        }
    }
}

impl Past {
    /// Keeps a copy where one is due.
    pub fn keep(&mut self, bench: &Bench<InProcess>, firmware: &Config) {
        let tick = bench.tick();
        let is_new = self
            .copies
            .last()
            .is_none_or(|(last, _)| last.tick() < tick);
        if !is_new || !tick.is_multiple_of(self.every_ticks) {
            return;
        }
        self.copies.push((bench.clone(), *firmware));
        if self.copies.len() > COPIES_MAX {
            self.every_ticks *= 2;
            let every = self.every_ticks;
            self.copies
                .retain(|(copy, _)| copy.tick().is_multiple_of(every));
        }
    }

    /// The last copy not after a tick.
    pub fn before(&self, tick: u32) -> (Bench<InProcess>, Config) {
        let count = self.copies.partition_point(|(copy, _)| copy.tick() <= tick);
        // The start is kept always.
        self.copies[count.saturating_sub(1)].clone()
    }

    /// Drops what was after a tick, and what a deed at that tick has changed.
    pub fn forget_after(&mut self, tick: u32) {
        self.copies.retain(|(copy, _)| copy.tick() <= tick);
    }
}
