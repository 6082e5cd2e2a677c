//! Makes a [`Trace`] while a run goes on.

use super::{Column, Note, Remark, Trace};
use crate::signal::Signal;
use crate::spec::Recording;

/// Most notes that a trace keeps: a controller in a reset loop makes a few per
/// tick, and nobody reads beyond this.
pub const NOTES_MAX: usize = 10_000;

/// Notes for which room is made beforehand.
const NOTES_AT_ONCE: usize = 64;
/// Rows for which room is made beforehand: a session of 30 minutes at 10 Hz and
/// much more. A longer trace grows by doubling.
const ROWS_AT_ONCE: usize = 1 << 16;

/// Records rows and notes of one run.
///
/// Nothing is allocated at a row or a note up to the lengths that the recorder
/// was made for.
#[derive(Clone, Debug)]
pub struct Recorder {
    signals: Box<[Signal]>,
    every_ticks: u32,
    /// The next tick at which a row is taken.
    row_tick: u32,
    ticks: Vec<u32>,
    /// One per signal, all as long as `ticks`.
    columns: Vec<Vec<f64>>,
    remarks: Vec<(u32, Remark)>,
    left_out: u32,
    last_remark_tick: u32,
}

impl Recorder {
    /// A recorder for what the specification asks for, over so many ticks.
    pub fn new(recording: &Recording, duration_ticks: u32) -> Recorder {
        let rows = match recording.every_ticks {
            0 => 0,
            every => (duration_ticks.div_ceil(every) as usize).min(ROWS_AT_ONCE),
        };
        let columns = recording.signals.iter();
        Recorder {
            signals: recording.signals.as_slice().into(),
            every_ticks: recording.every_ticks,
            row_tick: 0,
            ticks: Vec::with_capacity(rows),
            columns: columns.map(|_| Vec::with_capacity(rows)).collect(),
            remarks: Vec::with_capacity(NOTES_AT_ONCE),
            left_out: 0,
            last_remark_tick: 0,
        }
    }

    /// Whether a row is taken at a tick: at every multiple of the interval, and
    /// never if the interval is 0.
    #[inline]
    pub fn wants(&self, tick: u32) -> bool {
        tick == self.row_tick && self.every_ticks != 0
    }

    /// Takes the signals of a tick, if the recorder wants them. Ticks ascend by one.
    ///
    /// # Panics
    /// If `signals` is shorter than the table of signals.
    pub fn record(&mut self, tick: u32, signals: &[f64]) {
        if !self.wants(tick) {
            return;
        }
        self.row_tick = tick.saturating_add(self.every_ticks);
        self.ticks.push(tick);
        for (column, signal) in self.columns.iter_mut().zip(&self.signals) {
            column.push(signals[*signal as usize]);
        }
    }

    /// Notes that something happened; kept even where no rows are. Ticks ascend.
    pub fn note(&mut self, tick: u32, remark: Remark) {
        self.last_remark_tick = tick;
        if self.remarks.len() < NOTES_MAX {
            self.remarks.push((tick, remark));
        } else {
            self.left_out += 1;
        }
    }

    /// What was recorded so far.
    pub fn trace(&self) -> Trace {
        self.clone().into_trace()
    }

    /// What was recorded.
    pub fn into_trace(mut self) -> Trace {
        if self.left_out > 0 {
            self.remarks
                .push((self.last_remark_tick, Remark::LeftOut(self.left_out)));
        }
        let columns = self.signals.iter().zip(self.columns);
        let notes = self.remarks.iter();
        Trace {
            every_ticks: self.every_ticks,
            ticks: self.ticks,
            columns: columns
                .map(|(signal, values)| Column {
                    name: signal.name().to_owned(),
                    unit: signal.unit().to_owned(),
                    values,
                })
                .collect(),
            notes: notes
                .map(|(tick, remark)| Note {
                    tick: *tick,
                    text: remark.to_string(),
                })
                .collect(),
        }
    }
}
