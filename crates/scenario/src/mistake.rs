//! What an author got wrong, and where.
//!
//! Every mistake of a file is collected before anything is returned. Lines and
//! columns count from 1; columns count characters, not bytes.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Mistakes reported for one load; what goes beyond is counted in a last line.
const MISTAKES_MAX: usize = 100;

/// One mistake (or warning) in a file that the author wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file, as the caller named it.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Bytes of the file's text that it is about.
    pub span: Range<usize>,
    /// What is wrong, and where it helps, what is allowed.
    pub message: String,
    /// What else to know: allowed names, or how to write it.
    pub help: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file.display(),
            self.line,
            self.column,
            self.message
        )
    }
}

impl std::error::Error for Mistake {}

/// Bytes of one of the files of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Which file, as [`Reporter::add_source`] numbered it.
    pub file: u32,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

#[derive(Clone)]
struct SourceText {
    path: PathBuf,
    text: String,
    line_starts: Vec<usize>,
}

/// Collects mistakes and knows the texts they are in.
#[derive(Clone, Default)]
pub(crate) struct Reporter {
    sources: Vec<SourceText>,
    mistakes: Vec<Mistake>,
    warnings: Vec<Mistake>,
    seen: BTreeSet<(Place, String)>,
    left_out: usize,
    /// Lines with a syntax error, and whether what is absent may be a
    /// consequence of one: such follow-up mistakes are not reported.
    broken_lines: BTreeSet<(u32, usize)>,
    /// The start of a list without an end: what follows in its file is not what it seems.
    unclosed: Option<Place>,
}

impl Reporter {
    /// Takes a file's text and numbers it; one that is there already keeps its number.
    pub fn add_source(&mut self, path: &Path, text: String) -> u32 {
        let known = |s: &SourceText| s.path == path && s.text == text;
        if let Some(number) = self.sources.iter().position(known) {
            return number as u32;
        }
        let mut line_starts = vec![0];
        line_starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(i, _)| i + 1),
        );
        self.sources.push(SourceText {
            path: path.to_path_buf(),
            text,
            line_starts,
        });
        (self.sources.len() - 1) as u32
    }

    /// The text of a file.
    pub fn text(&self, file: u32) -> &str {
        self.sources
            .get(file as usize)
            .map_or("", |s| s.text.as_str())
    }

    /// The text of a place.
    pub fn slice(&self, place: Place) -> &str {
        self.text(place.file)
            .get(place.start..place.end)
            .unwrap_or("")
    }

    /// The path of a file.
    pub fn path(&self, file: u32) -> &Path {
        self.sources
            .get(file as usize)
            .map_or(Path::new(""), |s| s.path.as_path())
    }

    /// Reports a mistake.
    pub fn mistake(&mut self, place: Place, message: impl Into<String>) {
        self.add(place, message.into(), None);
    }

    /// Reports a mistake with help.
    pub fn mistake_with(
        &mut self,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(place, message.into(), Some(help.into()));
    }

    /// Reports that something is not there, unless a syntax error may have swallowed it.
    pub fn missing(&mut self, place: Place, message: impl Into<String>) {
        if self.broken_lines.is_empty() {
            self.add(place, message.into(), None);
        }
    }

    /// Reports a syntax error: other mistakes on its line are not reported.
    pub fn syntax(&mut self, place: Place, message: impl Into<String>) {
        self.add(place, message.into(), None);
        let line = self.line(place);
        self.broken_lines.insert((place.file, line));
    }

    /// Reports a list without an end: nothing that follows it is reported.
    pub fn unclosed(&mut self, place: Place, message: impl Into<String>) {
        self.syntax(place, message);
        self.unclosed = Some(place);
    }

    /// Notes something that is allowed but most likely not meant.
    pub fn warning(&mut self, place: Place, message: impl Into<String>) {
        let made = self.make(place, message.into(), None);
        if !self.warnings.contains(&made) && self.warnings.len() < MISTAKES_MAX {
            self.warnings.push(made);
        }
    }

    /// Mistakes reported so far.
    pub fn count(&self) -> usize {
        self.mistakes.len() + self.left_out
    }

    /// Whether further mistakes are only counted: nobody reads their suggestions.
    pub fn full(&self) -> bool {
        self.mistakes.len() >= MISTAKES_MAX
    }

    /// Takes the warnings noted since the last call.
    pub fn take_warnings(&mut self) -> Vec<Mistake> {
        std::mem::take(&mut self.warnings)
    }

    /// Takes all mistakes, in the order of files and lines; it is as if there had been none.
    pub fn take_mistakes(&mut self) -> Vec<Mistake> {
        let order: Vec<PathBuf> = self.sources.iter().map(|s| s.path.clone()).collect();
        self.mistakes.sort_by_key(|m| {
            (
                order.iter().position(|p| *p == m.file),
                m.span.start,
                m.span.end,
            )
        });
        if self.left_out > 0
            && let Some(last) = self.mistakes.last().cloned()
        {
            let message = format!("and {} more mistakes", self.left_out);
            self.mistakes.push(Mistake {
                message,
                help: None,
                ..last
            });
        }
        self.left_out = 0;
        self.seen.clear();
        std::mem::take(&mut self.mistakes)
    }

    fn add(&mut self, place: Place, message: String, help: Option<String>) {
        if !self.broken_lines.is_empty()
            && self.broken_lines.contains(&(place.file, self.line(place)))
        {
            return;
        }
        let swallowed = |open: Place| open.file == place.file && place.start > open.start;
        if self.unclosed.is_some_and(swallowed) {
            return;
        }
        if !self.seen.insert((place, message.clone())) {
            return;
        }
        if self.mistakes.len() >= MISTAKES_MAX {
            self.left_out += 1;
            return;
        }
        let made = self.make(place, message, help);
        self.mistakes.push(made);
    }

    fn make(&self, place: Place, message: String, help: Option<String>) -> Mistake {
        let (line, column) = self.position(place);
        Mistake {
            file: self.path(place.file).to_path_buf(),
            line,
            column,
            span: place.start..place.end,
            message,
            help,
        }
    }

    fn line(&self, place: Place) -> usize {
        let Some(source) = self.sources.get(place.file as usize) else {
            return 1;
        };
        let start = place.start.min(source.text.len());
        source.line_starts.partition_point(|s| *s <= start).max(1)
    }

    /// Line and column. Costs a look at all of the line: only for what is shown.
    fn position(&self, place: Place) -> (usize, usize) {
        let Some(source) = self.sources.get(place.file as usize) else {
            return (1, 1);
        };
        let start = place.start.min(source.text.len());
        let line = self.line(place);
        let line_start = source.line_starts[line - 1];
        let column = match source.text.get(line_start..start) {
            Some(before) => before.chars().count() + 1,
            None => start - line_start + 1,
        };
        (line, column)
    }
}
