//! What did happen: columns of numbers that describe themselves.

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
}
