//! The rows of a case's timeline, read once for all cases that have the same.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Loader;
use crate::bounds::TIMELINE_MAX_BYTES;
use crate::document::Table;
use crate::keys::{self, TIMELINE};
use crate::mistake::Place;
use crate::quantity::shorten;
use crate::read;
use crate::timeline::{self, Row, RowsText};

impl Loader<'_> {
    pub(super) fn timeline_place(&self, root: &Table) -> Place {
        root.get("timeline").map_or(
            Place {
                file: 0,
                start: 0,
                end: 0,
            },
            |e| e.key_place,
        )
    }

    pub(super) fn timeline(
        &mut self,
        root: &Table,
        duration_ticks: u32,
    ) -> (Option<Arc<Vec<Row>>>, bool) {
        let Some((table, node)) = read::inner(root, "timeline", &mut self.reporter) else {
            return (None, false);
        };
        keys::check(node, table, TIMELINE, &[], &mut self.reporter);
        let interpolate = read::flag(table, "interpolate", false, &mut self.reporter);
        let rows = match (table.node("csv"), table.node("rows")) {
            (Some(_), Some(rows)) => {
                self.reporter
                    .mistake(rows.place, "a timeline has `csv` or `rows`, not both");
                None
            }
            (None, None) => {
                self.reporter
                    .missing(node.place, "a timeline needs `csv` or `rows`");
                None
            }
            (Some(_), None) => self.csv_rows(table, duration_ticks),
            (None, Some(_)) => self.inline_rows(table, duration_ticks),
        };
        (rows, interpolate)
    }

    fn csv_rows(&mut self, table: &Table, duration_ticks: u32) -> Option<Arc<Vec<Row>>> {
        let (reference, node) = read::text(table, "csv", &mut self.reporter)?;
        let from = self.reporter.path(node.place.file).to_path_buf();
        let key = (
            from.parent().unwrap_or(Path::new("")).join(reference),
            0,
            duration_ticks,
        );
        if let Some(known) = self.rows.get(&key) {
            return known.clone();
        }
        let rows = match self.files.read(&from, reference, TIMELINE_MAX_BYTES) {
            Ok(read) => {
                let id = self.reporter.add_source(&read.shown, read.text.clone());
                let whole = Place {
                    file: id,
                    start: 0,
                    end: 0,
                };
                let text = RowsText {
                    text: &read.text,
                    file: id,
                    offset: Some(0),
                    whole,
                };
                timeline::parse(&text, duration_ticks, &mut self.reporter).map(Arc::new)
            }
            Err(why) => {
                self.reporter.mistake(
                    node.place,
                    format!("`csv`: the file \"{}\" {why}", shorten(reference)),
                );
                None
            }
        };
        self.rows.insert(key, rows.clone());
        rows
    }

    fn inline_rows(&mut self, table: &Table, duration_ticks: u32) -> Option<Arc<Vec<Row>>> {
        let (text, node) = read::text(table, "rows", &mut self.reporter)?;
        let key = (PathBuf::new(), node.place.start, duration_ticks);
        if let Some(known) = self.rows.get(&key) {
            return known.clone();
        }
        // The text stands in the file as it is if it has no escapes; the quotes' newline is not part of it.
        let written = self.reporter.slice(node.place);
        let offset = written.find(text).map(|at| node.place.start + at);
        let rows = RowsText {
            text,
            file: node.place.file,
            offset,
            whole: node.place,
        };
        let rows = timeline::parse(&rows, duration_ticks, &mut self.reporter).map(Arc::new);
        self.rows.insert(key, rows.clone());
        rows
    }
}
