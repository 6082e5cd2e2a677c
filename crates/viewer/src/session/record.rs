//! Every signal over time, for plots: few enough rows for any length of run.

use kneadsim_plant::TICK_S;
use kneadsim_sim::Bench;
use kneadsim_sim::device::InProcess;
use kneadsim_sim::signal::Signal;
use kneadsim_sim::trace::Trace;

/// Rows at most; then every other one is dropped, and rows come half as often.
const ROWS_MAX: usize = 16_384;

/// Every signal at the end of a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Ticks done by then.
    pub tick: u32,
    /// By [`Signal`] as index, each in its unit.
    pub values: [f64; Signal::COUNT],
}

impl Row {
    /// Of a bench now.
    pub fn of(bench: &Bench<InProcess>) -> Row {
        Row {
            tick: bench.tick(),
            values: bench.signals(),
        }
    }
}

/// Rows of one run, ascending in time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    rows: Vec<Row>,
    /// One row in so many is kept, as a power of two.
    thinned: u32,
    last_tick: u32,
}

impl Record {
    /// The rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// When the last row came, kept or not, ticks.
    pub fn last_tick(&self) -> u32 {
        self.last_tick
    }

    /// One signal over time: seconds and values.
    pub fn series(&self, signal: Signal) -> impl Iterator<Item = [f64; 2]> {
        let each = self.rows.iter();
        each.map(move |row| [f64::from(row.tick) * TICK_S, row.values[signal as usize]])
    }

    /// Of a trace. Signals that it lacks are NaN; columns that are no signals are left out.
    pub fn of_trace(trace: &Trace) -> Record {
        let columns: Vec<(usize, &[f64])> = trace
            .columns
            .iter()
            .filter_map(|c| Some((Signal::from_name(&c.name)? as usize, &c.values[..])))
            .collect();
        let step = trace.ticks.len().div_ceil(ROWS_MAX).max(1);
        let rows: Vec<Row> = (0..trace.ticks.len())
            .step_by(step)
            .map(|index| {
                let mut values = [f64::NAN; Signal::COUNT];
                for (signal, column) in &columns {
                    values[*signal] = column[index];
                }
                Row {
                    tick: trace.ticks[index] + 1,
                    values,
                }
            })
            .collect();
        Record {
            last_tick: rows.last().map_or(0, |row| row.tick),
            rows,
            thinned: 0,
        }
    }

    /// The last row not after a tick.
    pub fn at(&self, tick: u32) -> Option<&Row> {
        let count = self.rows.partition_point(|row| row.tick <= tick);
        self.rows.get(count.checked_sub(1)?)
    }

    pub(super) fn push(&mut self, row: Row) {
        self.last_tick = row.tick;
        if !(row.tick / super::ROW_TICKS).is_multiple_of(1 << self.thinned) {
            return;
        }
        self.rows.push(row);
        if self.rows.len() >= ROWS_MAX {
            self.thinned += 1;
            let thinned = self.thinned;
            self.rows
                .retain(|row| (row.tick / super::ROW_TICKS).is_multiple_of(1 << thinned));
        }
    }

    pub(super) fn forget_after(&mut self, tick: u32) {
        let count = self.rows.partition_point(|row| row.tick <= tick);
        self.rows.truncate(count);
        self.last_tick = self.last_tick.min(tick);
    }
}
