//! What did happen: columns of numbers that describe themselves.
//!
//! Plain data, its recorder, its digest, and its form as text. Files are written elsewhere.

pub mod csv;
mod digest;
mod recorder;
mod remark;

pub use digest::Digest;
pub use recorder::{NOTES_MAX, Recorder};
pub use remark::Remark;

/// One column of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Signal name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// One value per row.
    pub values: Vec<f64>,
}

/// A note in a trace: an event, a fault's onset, a mode change, a reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When, ticks.
    pub tick: u32,
    /// What, one line.
    pub text: String,
}

/// Columnar record of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Ticks between rows.
    pub every_ticks: u32,
    /// Tick at the end of which each row was taken.
    pub ticks: Vec<u32>,
    /// Columns, all as long as `ticks`.
    pub columns: Vec<Column>,
    /// Notes in order of time.
    pub notes: Vec<Note>,
}

impl Trace {
    /// Looks a column up by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
    /// Digest of everything in the trace: rows, column names and units, notes.
    pub fn digest(&self) -> u128 {
        let mut digest = Digest::new();
        digest.write_u32(self.every_ticks);
        digest.write_u64(self.ticks.len() as u64);
        self.ticks.iter().for_each(|tick| digest.write_u32(*tick));
        digest.write_u64(self.columns.len() as u64);
        for column in &self.columns {
            digest.write_text(&column.name);
            digest.write_text(&column.unit);
            digest.write_u64(column.values.len() as u64);
            digest.write_f64s(&column.values);
        }
        digest.write_u64(self.notes.len() as u64);
        for note in &self.notes {
            digest.write_u32(note.tick);
            digest.write_text(&note.text);
        }
        digest.finish()
    }
}
