//! The worst cases so far, in bounded memory.

use super::Row;

/// Keeps the `most` worst rows: by verdict, then by margin, then by number.
#[derive(Clone, Debug)]
pub struct Worst {
    most: usize,
    rows: Vec<Row>,
}

impl Worst {
    /// Of so many.
    pub fn new(most: usize) -> Worst {
        Worst {
            most,
            rows: Vec::new(),
        }
    }

    /// Looks at a row.
    pub fn take(&mut self, row: &Row) {
        let at = self
            .rows
            .partition_point(|kept| kept.badness().cmp(&row.badness()).is_lt());
        if at < self.most {
            self.rows.insert(at, row.clone());
            self.rows.truncate(self.most);
        }
    }

    /// The rows, worst first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}
