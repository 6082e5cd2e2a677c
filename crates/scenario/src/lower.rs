//! From a file's text to its cases: every mistake at once, or specifications that run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use kneadsim_sim::spec::{Event, Recording, Spec};
use kneadsim_sim::validate::Part;

use crate::Case;
use crate::bounds::{
    LOWERED_MAX_BYTES_OF_ALL_CASES, TEXT_MAX_BYTES, TIMELINE_MAX_BYTES,
    TIMELINE_MAX_ROWS_OF_ALL_CASES,
};
use crate::document::{self, Node, Table, Value};
use crate::events::{self, Events};
use crate::expect;
use crate::faults::{self, Faults};
use crate::files::{Files, read_text};
use crate::head;
use crate::keys::{self, TIMELINE, TOP};
use crate::matrix;
use crate::mistake::{Mistake, Place, Reporter};
use crate::quantity::shorten;
use crate::read;
use crate::render::{self, Lowered};
use crate::section::{self, Placed, ProductCache};
use crate::settings::Draft;
use crate::timeline::{self, Row, RowsText};

/// Reads a scenario file.
pub(crate) fn load(path: &Path, root: &Path) -> Result<Vec<Case>, Vec<Mistake>> {
    match read_text(path, TEXT_MAX_BYTES + TIMELINE_MAX_BYTES) {
        Ok(text) => load_text(&text, path, root),
        Err(why) => Err(unreadable(path, &why)),
    }
}

/// Reads a scenario's text as if it were in a file.
pub(crate) fn load_text(text: &str, file: &Path, root: &Path) -> Result<Vec<Case>, Vec<Mistake>> {
    lower(text, file, root, Files::Folder(root.to_path_buf()))
}

/// Reads one of some texts.
pub(crate) fn load_among(
    main: &str,
    texts: &BTreeMap<String, String>,
) -> Result<Vec<Case>, Vec<Mistake>> {
    let file = Path::new(main);
    match texts.get(main) {
        Some(text) => lower(text, file, Path::new(""), Files::Texts(texts)),
        None => Err(unreadable(file, "does not exist")),
    }
}

fn unreadable(path: &Path, why: &str) -> Vec<Mistake> {
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
) -> Result<Vec<Case>, Vec<Mistake>> {
    let mut reporter = Reporter::default();
    let whole = Place {
        file: 0,
        start: 0,
        end: 0,
    };
    if text.len() - render::inline_rows_bytes(text) > TEXT_MAX_BYTES {
        reporter.add_source(file, String::new());
        reporter.mistake(
            whole,
            format!(
                "the file has {} bytes, allowed {TEXT_MAX_BYTES}",
                text.len()
            ),
        );
        return Err(reporter.into_mistakes());
    }
    let id = reporter.add_source(file, text.to_owned());
    let tree = document::parse(id, &mut reporter);
    let dimensions = matrix::read(&tree, &mut reporter);
    let name = case_name(file, root);
    let mut loader = Loader {
        files,
        products: ProductCache::new(),
        rows: BTreeMap::new(),
        file,
        name,
        reporter,
    };
    // A few cases that have every value once find every mistake of a single value.
    for chosen in matrix::diagonal(&dimensions) {
        let (tree, values) = matrix::put_in(&tree, &dimensions, &chosen, &loader.reporter);
        loader.case(&tree, values);
    }
    let mut cases = Vec::new();
    let (mut bytes, mut rows) = (0, 0);
    for number in 0..matrix::count(&dimensions) {
        if loader.reporter.count() > 0 {
            break;
        }
        loader.reporter.take_warnings();
        let chosen = matrix::choices(&dimensions, number);
        let (tree, values) = matrix::put_in(&tree, &dimensions, &chosen, &loader.reporter);
        let Some((case, timeline_rows)) = loader.case(&tree, values) else {
            break;
        };
        bytes += case.lowered.len();
        rows += timeline_rows;
        cases.push(case);
        if bytes > LOWERED_MAX_BYTES_OF_ALL_CASES || rows > TIMELINE_MAX_ROWS_OF_ALL_CASES {
            let what = "all cases of the matrix together are too big: fewer cases, events or timeline rows";
            loader.reporter.mistake(whole, what);
        }
    }
    if loader.reporter.count() > 0 {
        Err(loader.reporter.into_mistakes())
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
type RowsCache = BTreeMap<(PathBuf, usize, u32), Option<Rc<Vec<Row>>>>;

struct Loader<'a> {
    files: Files<'a>,
    products: ProductCache,
    rows: RowsCache,
    file: &'a Path,
    name: String,
    reporter: Reporter,
}

impl Loader<'_> {
    /// One case; nothing if there is any mistake. Also the rows of its timeline.
    fn case(&mut self, root: &Table, values: Vec<(String, String)>) -> Option<(Case, usize)> {
        let place = Place {
            file: 0,
            start: 0,
            end: 0,
        };
        let top = Node {
            place,
            value: Value::Flag(true),
        };
        keys::check(&top, root, TOP, &[], &mut self.reporter);
        let head = head::read(root, &mut self.reporter);
        let mut draft = Draft::default();
        let placed = section::apply(
            root,
            &mut draft,
            &self.files,
            &mut self.products,
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
        let lowered = render::lowered(&Lowered {
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
        });
        let case = Case {
            name: case_name,
            spec,
            title,
            description,
            source: self.file.to_path_buf(),
            requirements: head.requirements,
            tags: head.tags,
            values,
            lowered,
            warnings: self.reporter.take_warnings(),
        };
        Some((case, rows.len()))
    }

    fn timeline_place(&self, root: &Table) -> Place {
        root.get("timeline").map_or(
            Place {
                file: 0,
                start: 0,
                end: 0,
            },
            |e| e.key_place,
        )
    }

    fn timeline(&mut self, root: &Table, duration_ticks: u32) -> (Option<Rc<Vec<Row>>>, bool) {
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

    fn csv_rows(&mut self, table: &Table, duration_ticks: u32) -> Option<Rc<Vec<Row>>> {
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
                timeline::parse(&text, duration_ticks, &mut self.reporter).map(Rc::new)
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

    fn inline_rows(&mut self, table: &Table, duration_ticks: u32) -> Option<Rc<Vec<Row>>> {
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
        let rows = timeline::parse(&rows, duration_ticks, &mut self.reporter).map(Rc::new);
        self.rows.insert(key, rows.clone());
        rows
    }

    /// What the bench still refuses, at the place that caused it.
    fn validate(
        &mut self,
        spec: &Spec,
        root: &Table,
        placed: &Placed,
        faults: &Faults,
        events: &[Place],
    ) {
        let start = Place {
            file: 0,
            start: 0,
            end: 0,
        };
        let section = |name: &str| root.get(name).map_or(start, |e| e.key_place);
        if let Err(error) = spec.build.validate() {
            for problem in error.problems {
                let path = match problem.field.as_str() {
                    "thermal_step_ticks" => "run.thermal_step".to_owned(),
                    "grid.columns_x" => "run.columns_x".to_owned(),
                    "grid.columns_y" => "run.columns_y".to_owned(),
                    field => format!("product.{field}"),
                };
                let fallback = section(path.split('.').next().unwrap_or(""));
                let place = placed.blame(&path, fallback);
                let message = match problem.field.as_str() {
                    "thermal_step_ticks" => {
                        format!(
                            "`thermal_step` is {} ticks of 10 ms, allowed {}",
                            problem.value, problem.allowed
                        )
                    }
                    _ => problem
                        .to_string()
                        .replace("[0]", ".left")
                        .replace("[1]", ".right"),
                };
                self.reporter.mistake(place, message);
            }
        }
        let Err(problems) = spec.validate() else {
            return;
        };
        for problem in problems {
            let place = match problem.part {
                Part::Run => section("run"),
                // Reported above, field by field.
                Part::Build => continue,
                Part::Board => {
                    placed.blame_word("product.board", &problem.message, section("product"))
                }
                Part::Firmware => {
                    placed.blame_word("firmware", &problem.message, section("firmware"))
                }
                Part::Event(index) => events.get(index).copied().unwrap_or(start),
                Part::Fault(index) => faults.places.get(index).copied().unwrap_or(start),
            };
            // A value that was refused while it was read has its mistake already.
            let same_place = matches!(problem.part, Part::Event(_)) && self.reporter.count() > 0;
            if !same_place {
                let message = match problem.part {
                    Part::Firmware => format!(
                        "the firmware refuses its configuration: {}",
                        problem.message
                    ),
                    Part::Run | Part::Build | Part::Board | Part::Event(_) | Part::Fault(_) => {
                        problem.message
                    }
                };
                self.reporter.mistake(place, message);
            }
        }
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
