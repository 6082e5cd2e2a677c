//! From a file's text to its cases: every mistake at once, or specifications that run.

mod refused;
mod rows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kneadsim_firmware::Config;
use kneadsim_sim::spec::{Event, Recording, Spec};

use crate::Case;
use crate::bounds::{
    LOWERED_MAX_BYTES_OF_ALL_CASES, TEXT_MAX_BYTES, TIMELINE_MAX_BYTES,
    TIMELINE_MAX_ROWS_OF_ALL_CASES,
};
use crate::document::{self, Node, Table, Value};
use crate::events::{self, Events};
use crate::expect;
use crate::faults;
use crate::files::{Files, read_text};
use crate::head;
use crate::keys::{self, TOP};
use crate::matrix::{self, Dimension};
use crate::mistake::{Mistake, Place, Reporter};
use crate::render::{self, Lowered};
use crate::section::{self, BaseCache};
use crate::settings::Draft;
use crate::timeline::{self, Row};

/// Reads a scenario file; what it does not say of the firmware's configuration is as in `firmware`.
pub(crate) fn load(path: &Path, root: &Path, firmware: &Config) -> Result<Vec<Case>, Vec<Mistake>> {
    match read_text(path, TEXT_MAX_BYTES + TIMELINE_MAX_BYTES) {
        Ok(text) => lower(&text, path, root, Files::folder(root), firmware),
        Err(why) => Err(unreadable(path, &why)),
    }
}

/// Reads a scenario's text as if it were in a file.
pub(crate) fn load_text(text: &str, file: &Path, root: &Path) -> Result<Vec<Case>, Vec<Mistake>> {
    lower(text, file, root, Files::folder(root), &Config::default())
}

/// Reads one of some texts.
pub(crate) fn load_among(
    main: &str,
    texts: &BTreeMap<String, String>,
) -> Result<Vec<Case>, Vec<Mistake>> {
    let file = Path::new(main);
    match texts.get(main) {
        Some(text) => {
            let firmware = Config::default();
            lower(text, file, Path::new(""), Files::Texts(texts), &firmware)
        }
        None => Err(unreadable(file, "does not exist")),
    }
}

pub(crate) fn unreadable(path: &Path, why: &str) -> Vec<Mistake> {
    vec![Mistake {
        file: path.to_path_buf(),
        line: 1,
        column: 1,
        span: 0..0,
        message: format!("the file {why}"),
        help: None,
    }]
}

fn lower(
    text: &str,
    file: &Path,
    root: &Path,
    files: Files<'_>,
    firmware: &Config,
) -> Result<Vec<Case>, Vec<Mistake>> {
    let (mut loader, tree, dimensions) = Loader::new(text, file, root, files)?;
    loader.firmware = *firmware;
    let mut cases = Vec::new();
    // A few cases that have every value once find every mistake of a single value; of a
    // matrix of one line they are all there is.
    let few = matrix::diagonal(&dimensions);
    loader.cases(&tree, &dimensions, few, &mut cases);
    let count = matrix::count(&dimensions);
    if loader.reporter.count() == 0 && cases.len() != count {
        cases.clear();
        let all = (0..count).map(|number| matrix::choices(&dimensions, number));
        loader.cases(&tree, &dimensions, all, &mut cases);
    }
    if loader.reporter.count() > 0 {
        Err(loader.reporter.take_mistakes())
    } else {
        Ok(cases)
    }
}

/// Path relative to the root, without the extension, with `/`.
fn case_name(file: &Path, root: &Path) -> String {
    let relative = match file.strip_prefix(root) {
        Ok(relative) => relative.to_path_buf(),
        Err(_) => match (file.canonicalize(), root.canonicalize()) {
            (Ok(f), Ok(r)) => f
                .strip_prefix(&r)
                .map(Path::to_path_buf)
                .unwrap_or_else(|_| stem(file)),
            _ => stem(file),
        },
    };
    let parts: Vec<String> = relative
        .with_extension("")
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

fn stem(file: &Path) -> PathBuf {
    file.file_name().map_or_else(PathBuf::new, PathBuf::from)
}

/// Timeline rows read so far: by file or by place, and length of the run.
type RowsCache = BTreeMap<(PathBuf, usize, u32), Option<Arc<Vec<Row>>>>;

/// A scenario's file while its cases are made: what was read beside it is kept.
#[derive(Clone)]
pub(crate) struct Loader<'a> {
    files: Files<'a>,
    bases: BaseCache,
    firmware: Config,
    rows: RowsCache,
    file: PathBuf,
    text_bytes: usize,
    name: String,
    pub reporter: Reporter,
}

/// Whether a case comes with its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// It does: for showing and repeating it.
    Lowered,
    /// It does not: one of many, made to run.
    None,
}

/// Place 0 of the first source: the file as a whole.
pub(crate) const WHOLE: Place = Place {
    file: 0,
    start: 0,
    end: 0,
};

impl<'a> Loader<'a> {
    /// Takes a scenario's text: its tree without the matrix, and the matrix.
    /// Their mistakes are with the reporter.
    ///
    /// # Errors
    /// When the text is too long to be looked at.
    pub fn new(
        text: &str,
        file: &Path,
        root: &Path,
        files: Files<'a>,
    ) -> Result<(Self, Table, Vec<Dimension>), Vec<Mistake>> {
        let mut reporter = Reporter::default();
        if text.len() - render::inline_rows_bytes(text) > TEXT_MAX_BYTES {
            reporter.add_source(file, String::new());
            let message = format!(
                "the file has {} bytes, allowed {TEXT_MAX_BYTES}",
                text.len()
            );
            reporter.mistake(WHOLE, message);
            return Err(reporter.take_mistakes());
        }
        let id = reporter.add_source(file, text.to_owned());
        let mut tree = document::parse(id, &mut reporter);
        let dimensions = matrix::read(&tree, &mut reporter);
        // Read: each case has a copy of what is left.
        tree.entries.retain(|entry| entry.key != "matrix");
        let loader = Loader {
            files,
            bases: BaseCache::new(),
            firmware: Config::default(),
            rows: BTreeMap::new(),
            file: file.to_path_buf(),
            text_bytes: text.len(),
            name: case_name(file, root),
            reporter,
        };
        Ok((loader, tree, dimensions))
    }

    /// Name of a case of the file.
    pub fn name_with(&self, values: &[(String, String)]) -> String {
        name_with(&self.name, values)
    }

    /// Some combinations; goes on after a mistake, since each may have its own, but not after
    /// more than a file's cases may be together.
    fn cases(
        &mut self,
        tree: &Table,
        dimensions: &[Dimension],
        combinations: impl IntoIterator<Item = Vec<usize>>,
        cases: &mut Vec<Case>,
    ) {
        let (mut bytes, mut rows) = (0, 0);
        for chosen in combinations {
            self.reporter.take_warnings();
            let (tree, values) = matrix::put_in(tree, dimensions, &chosen, &self.reporter);
            let Some((case, timeline_rows)) = self.case(&tree, values, Text::Lowered) else {
                // It costs as much as its text, and nobody reads more than are shown.
                bytes += self.text_bytes;
                if self.reporter.full() || bytes > LOWERED_MAX_BYTES_OF_ALL_CASES {
                    return;
                }
                continue;
            };
            rows += timeline_rows;
            bytes += case.lowered.len() - render::inline_rows_bytes(&case.lowered);
            cases.push(case);
            if bytes > LOWERED_MAX_BYTES_OF_ALL_CASES || rows > TIMELINE_MAX_ROWS_OF_ALL_CASES {
                let what = "all cases of the matrix together are too big: fewer cases, events or timeline rows";
                self.reporter.mistake(WHOLE, what);
                return;
            }
        }
    }

    /// One case; nothing if there is any mistake. Also the rows of its timeline.
    pub fn case(
        &mut self,
        root: &Table,
        values: Vec<(String, String)>,
        text: Text,
    ) -> Option<(Case, usize)> {
        let place = WHOLE;
        let top = Node {
            place,
            value: Value::Flag(true),
        };
        keys::check(&top, root, TOP, &[], &mut self.reporter);
        let head = head::read(root, &mut self.reporter);
        let mut draft = Draft {
            firmware: self.firmware,
            ..Draft::default()
        };
        let placed = section::apply(
            root,
            &mut draft,
            &self.files,
            &mut self.bases,
            &mut self.reporter,
        );
        let faults = faults::read(root, draft.duration_ticks, &mut self.reporter);
        let events = events::read(root, &draft, &mut self.reporter);
        let (rows, interpolate) = self.timeline(root, draft.duration_ticks);
        let expectations = expect::read(
            root,
            &faults.named,
            draft.duration_ticks,
            &self.files,
            &mut self.reporter,
        );
        if let Some(entry) = root.get("expect")
            && matches!(&entry.node.value, Value::List(items) if items.is_empty())
        {
            self.reporter.missing(entry.key_place, NO_EXPECTATION);
        }

        let case_name = head.case.unwrap_or_else(|| name_with(&self.name, &values));
        let timeline_events =
            timeline::events(rows.as_deref().map_or(&[], |r| r.as_slice()), interpolate);
        let (all, places) = merge(&events, &timeline_events, self.timeline_place(root));
        let spec = Spec {
            name: case_name.clone(),
            seed: draft.seed,
            duration_ticks: draft.duration_ticks,
            build: draft.build,
            conditions: draft.conditions,
            board: draft.board,
            firmware: draft.firmware,
            events: all,
            faults: faults.specs.clone(),
            derived: expectations.derived.clone(),
            checks: expectations.checks.clone(),
            recording: Recording {
                every_ticks: draft.trace_every_ticks,
                signals: draft.trace_signals.clone(),
            },
        };
        self.validate(&spec, root, &placed, &faults, &places);
        if self.reporter.count() > 0 {
            return None;
        }
        let (title, description) = (head.title?, head.description?);
        if head.requirements.is_empty() {
            self.reporter
                .warning(place, "no `requirements`: nobody sees what this checks");
        }
        let rows = rows.unwrap_or_default();
        let lowered = || {
            render::lowered(&Lowered {
                case: &case_name,
                title: &title,
                description: &description,
                requirements: &head.requirements,
                tags: &head.tags,
                draft: &draft,
                events: &events.events,
                rows: &rows,
                interpolate,
                faults: &faults.specs,
                root,
                profiles: &expectations.profiles,
            })
        };
        let lowered = match text {
            Text::Lowered => lowered(),
            Text::None => String::new(),
        };
        let case = Case {
            name: case_name,
            spec,
            title,
            description,
            source: self.file.clone(),
            requirements: head.requirements,
            tags: head.tags,
            values,
            lowered,
            events: events.events,
            warnings: self.reporter.take_warnings(),
        };
        Some((case, rows.len()))
    }
}

const NO_EXPECTATION: &str = "no [[expect]]: a scenario that expects nothing proves nothing";

/// `fault/ntc_open[user.site=neck,environment.ambient_c=5]`.
fn name_with(name: &str, values: &[(String, String)]) -> String {
    if values.is_empty() {
        return name.to_owned();
    }
    let pairs: Vec<String> = values.iter().map(|(k, v)| format!("{k}={v}")).collect();
    format!("{name}[{}]", pairs.join(","))
}

/// Events and timeline in one order of time; at the same tick the file's own come first.
fn merge(own: &Events, timeline: &[Event], timeline_place: Place) -> (Vec<Event>, Vec<Place>) {
    let mut all: Vec<(Event, Place)> = own
        .events
        .iter()
        .cloned()
        .zip(own.places.iter().copied())
        .collect();
    all.extend(timeline.iter().map(|e| (e.clone(), timeline_place)));
    all.sort_by_key(|(event, _)| event.at_tick);
    all.into_iter().unzip()
}
