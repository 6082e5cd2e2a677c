//! Scenarios and recorded traces from files; what is wrong with one is words to show.

use std::path::Path;

use kneadsim_scenario::{Case, load, root_of};
use kneadsim_sim::trace::csv;

use crate::session::{Record, Session};

/// A recorded trace is at most this long.
const TRACE_MAX_BYTES: u64 = 1 << 30;

/// What is looked at.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Nothing was opened yet.
    Nothing,
    /// A bench that runs.
    Live(Box<Live>),
    /// A trace of a run that was.
    Recorded(Recorded),
    /// Why there is nothing to see, one line each.
    Broken(Vec<String>),
}

/// A case and its bench.
#[derive(Clone, Debug)]
pub struct Live {
    /// The case.
    pub case: Case,
    /// Its bench.
    pub session: Session,
}

/// A trace and where in it we are.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its file.
    pub name: String,
    /// What it has; signals that it lacks are NaN.
    pub record: Record,
    /// Now, ticks.
    pub tick: u32,
}

/// Opens a scenario (of a matrix the case whose name contains `case`, else the first)
/// or a trace (`*.csv`).
pub fn open(path: &Path, case: Option<&str>) -> Shown {
    let opened = if path.extension().is_some_and(|e| e == "csv") {
        trace(path).map(Shown::Recorded)
    } else {
        scenario(path, case).map(|live| Shown::Live(Box::new(live)))
    };
    opened.unwrap_or_else(Shown::Broken)
}

fn scenario(path: &Path, case: Option<&str>) -> Result<Live, Vec<String>> {
    let cases = load(path, &root_of(path))
        .map_err(|mistakes| -> Vec<String> { mistakes.iter().map(|m| m.to_string()).collect() })?;
    let names: Vec<String> = cases.iter().map(|c| c.name.clone()).collect();
    let mut wanted = cases
        .into_iter()
        .filter(|c| case.is_none_or(|part| c.name.contains(part)));
    let Some(case) = wanted.next() else {
        let first = format!("no case of {} is called so; there are", path.display());
        return Err([vec![first], names].concat());
    };
    let session = Session::new(&case.spec).map_err(|why| vec![why])?;
    Ok(Live { case, session })
}

fn trace(path: &Path) -> Result<Recorded, Vec<String>> {
    let wrong = |why: String| vec![format!("{}: {why}", path.display())];
    let bytes = std::fs::metadata(path).map_err(|e| wrong(e.to_string()))?;
    if bytes.len() > TRACE_MAX_BYTES {
        return Err(wrong("is larger than 1 GiB".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    let trace = csv::read(&text).map_err(|m| wrong(m.to_string()))?;
    let record = Record::of_trace(&trace);
    if record.rows().is_empty() {
        return Err(wrong("has no rows".to_owned()));
    }
    Ok(Recorded {
        name: path.display().to_string(),
        record,
        tick: 0,
    })
}
