//! Makes a [`Trace`] while a run goes on.

use super::{Column, Note, Trace};
use crate::signal::Signal;
use crate::spec::Recording;

/// Most notes that a trace keeps: a controller in a reset loop makes a few per
/// tick, and nobody reads beyond this.
pub const NOTES_MAX: usize = 10_000;

/// Records rows and notes of one run.
#[derive(Clone, Debug)]
pub struct Recorder {
    signals: Box<[Signal]>,
    trace: Trace,
    notes_left_out: u32,
    last_note_tick: u32,
}

impl Recorder {
    /// A recorder for what the specification asks for.
    pub fn new(recording: &Recording) -> Recorder {
        let columns = recording.signals.iter().map(|signal| Column {
            name: signal.name().to_owned(),
            unit: signal.unit().to_owned(),
            values: Vec::new(),
        });
        Recorder {
            signals: recording.signals.as_slice().into(),
            trace: Trace {
                every_ticks: recording.every_ticks,
                columns: columns.collect(),
                ..Trace::default()
            },
            notes_left_out: 0,
            last_note_tick: 0,
        }
    }

    /// Whether a row is taken at a tick.
    #[inline]
    pub fn wants(&self, tick: u32) -> bool {
        self.trace.every_ticks != 0 && tick.is_multiple_of(self.trace.every_ticks)
    }

    /// Takes the signals of a tick; keeps a row at every tick that is a multiple
    /// of the trace's interval, and none if the interval is 0.
    ///
    /// # Panics
    /// If `signals` is shorter than the table of signals.
    pub fn record(&mut self, tick: u32, signals: &[f64]) {
        if !self.wants(tick) {
            return;
        }
        self.trace.ticks.push(tick);
        for (column, signal) in self.trace.columns.iter_mut().zip(&self.signals) {
            column.values.push(signals[*signal as usize]);
        }
    }

    /// Notes that something happened; kept even where no rows are. Ticks ascend.
    pub fn note(&mut self, tick: u32, text: String) {
        self.last_note_tick = tick;
        if self.trace.notes.len() < NOTES_MAX {
            self.trace.notes.push(Note { tick, text });
        } else {
            self.notes_left_out += 1;
        }
    }

    /// What was recorded so far.
    pub fn trace(&self) -> Trace {
        self.clone().into_trace()
    }

    /// What was recorded.
    pub fn into_trace(mut self) -> Trace {
        if self.notes_left_out > 0 {
            self.trace.notes.push(Note {
                tick: self.last_note_tick,
                text: format!("{} more notes left out", self.notes_left_out),
            });
        }
        self.trace
    }
}
