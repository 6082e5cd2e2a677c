//! Failure bundles: everything that is needed to repeat a failed case, alone.
//!
//! `scenario.toml` (the very case, matrix resolved), `trace.csv`, one second
//! around the worst instant with every signal at every tick
//! (`around_failure.csv`; not of a device outside of this program),
//! `findings.json`, `notes.csv`, and `repeat.txt`.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use kneadsim_search::workers::Stop;
use kneadsim_sim::check::{Finding, Verdict};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Recording, TICKS_PER_S};
use kneadsim_sim::trace::{Column, Trace};
use kneadsim_sim::{Bench, InProcess, Spec};
use serde_json::json;

use crate::engine::guarded;
use crate::result::{CaseResult, seconds};
use crate::whole::fill_whole;
use crate::{mistakes, results_json, traces, version};

/// The very case, as a scenario file.
pub const SCENARIO: &str = "scenario.toml";
/// How to repeat it.
pub const REPEAT: &str = "repeat.txt";
/// What makes a folder recognisable as a bundle.
const FINDINGS: &str = "findings.json";

/// Writes a bundle.
///
/// # Errors
/// What the file system says.
pub fn write(result: &CaseResult, trace: &Trace, folder: &Path, stop: &Stop) -> io::Result<()> {
    // Run again here it would be another firmware.
    let around = match result.device {
        Some(_) => None,
        None => worst_tick(result).and_then(|tick| around(&result.case.spec, tick, stop)),
    };
    let fill = |into: &Path| write_files(result, trace, around.as_ref(), into, folder);
    if folder.exists() && is_inside(&result.case.source, folder) {
        // What runs is the bundle itself: its scenario must not go away, not even for a moment.
        return fill(folder);
    }
    // Half a bundle repeats nothing, and on a full disk it takes the room of the reports.
    fill_whole(folder, fill)
}

/// Writes into a folder the bundle that will be in a place.
fn write_files(
    result: &CaseResult,
    trace: &Trace,
    around: Option<&Trace>,
    folder: &Path,
    place: &Path,
) -> io::Result<()> {
    fs::write(folder.join(SCENARIO), &result.case.lowered)?;
    traces::write_file(trace, &folder.join("trace.csv"))?;
    if let Some(around) = around {
        traces::write_file(around, &folder.join("around_failure.csv"))?;
    }
    let mut notes = csv::Writer::from_path(folder.join("notes.csv"))?;
    notes.write_record(["time_s", "note"])?;
    for note in &trace.notes {
        notes.write_record([seconds(note.tick).to_string(), note.text.clone()])?;
    }
    notes.flush()?;
    fs::write(folder.join(FINDINGS), findings(result))?;
    fs::write(folder.join(REPEAT), repeat(result, place))
}

/// Removes the bundle of an earlier run of a case that holds now, unless it is what runs.
pub fn remove_stale(folder: &Path, source: &Path) {
    if !is_inside(source, folder)
        && folder.join(FINDINGS).is_file()
        && folder.join(REPEAT).is_file()
    {
        let _ = fs::remove_dir_all(folder);
    }
}

/// Whether a file is in a folder; also where that cannot be told.
fn is_inside(file: &Path, folder: &Path) -> bool {
    match (fs::canonicalize(folder), fs::canonicalize(file)) {
        (Ok(folder), Ok(file)) => file.starts_with(folder),
        _ => true,
    }
}

/// The worst instant of the worst finding; the end of a run that broke off.
fn worst_tick(result: &CaseResult) -> Option<u32> {
    if result.broken_off.is_some() {
        return Some(result.ticks);
    }
    worst(result).and_then(|f| f.worst_tick)
}

/// The first failed finding, else the first undecided one.
pub fn worst(result: &CaseResult) -> Option<&Finding> {
    let first = |verdict| {
        result
            .findings
            .iter()
            .find(|f| f.verdict == verdict && f.worst_tick.is_some())
    };
    first(Verdict::Fail).or_else(|| first(Verdict::Inconclusive))
}

/// Runs the case again up to half a second past an instant and keeps that
/// second whole. None if the case cannot be run again, or nobody waits for it any more.
fn around(spec: &Spec, tick: u32, stop: &Stop) -> Option<Trace> {
    let half = TICKS_PER_S / 2;
    let first = tick.saturating_sub(half);
    let silent = Spec {
        recording: Recording {
            every_ticks: 0,
            signals: Vec::new(),
        },
        ..spec.clone()
    };
    let mut columns: Vec<Column> = Signal::ALL
        .iter()
        .map(|s| Column {
            name: s.name().into(),
            unit: s.unit().into(),
            values: Vec::new(),
        })
        .collect();
    let mut ticks = Vec::new();
    guarded(|| {
        let mut bench = Bench::new(Arc::new(silent), InProcess::new()).ok()?;
        while bench.tick() < first && !bench.done() {
            if stop.wanted() {
                return None;
            }
            let next = bench.tick().saturating_add(TICKS_PER_S);
            bench.run_until(next.min(first)).ok()?;
        }
        while bench.tick() <= tick.saturating_add(half) && !bench.done() {
            ticks.push(bench.tick());
            if bench.step().is_err() {
                ticks.pop();
                break;
            }
            for (column, value) in columns.iter_mut().zip(bench.signals()) {
                column.values.push(value);
            }
        }
        Some(())
    })
    .ok()
    .flatten()?;
    Some(Trace {
        every_ticks: 1,
        ticks,
        columns,
        notes: Vec::new(),
    })
}

fn findings(result: &CaseResult) -> String {
    let value = json!({
        "case": result.case.name,
        "source": result.source(),
        "requirements": result.case.requirements,
        "verdict": result.verdict.word(),
        "broken_off": result.broken_off,
        "seed": result.case.spec.seed,
        "digest": result.digest_hex(),
        "kneadsim": { "version": version::VERSION, "commit": version::COMMIT },
        "findings": result.findings.iter().map(results_json::finding).collect::<Vec<_>>(),
        "warnings": result.case.warnings.iter().map(mistakes::to_json).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn repeat(result: &CaseResult, folder: &Path) -> String {
    let path = arguments(result, &folder.join(SCENARIO));
    let mut text = format!("kneadsim run {path}\n\nfrom the sources:\n");
    if let Some(commit) = version::COMMIT {
        text.push_str(&format!("git checkout {commit}\n"));
    }
    text.push_str(&format!("cargo run --release -- run {path}\n\n"));
    text.push_str(&format!("case     {}\n", result.case.name));
    text.push_str(&format!("source   {}\n", result.source()));
    text.push_str(&format!("verdict  {}\n", result.verdict.word()));
    text.push_str(&format!("seed     {}\n", result.case.spec.seed));
    text.push_str(&format!(
        "digest   {}\n",
        result.digest_hex().unwrap_or_default()
    ));
    text.push_str(&format!("version  {}\n", version::LONG));
    text
}

/// What follows `kneadsim run` to run a scenario file on the result's device.
pub fn arguments(result: &CaseResult, scenario: &Path) -> String {
    let path = quoted(scenario);
    match &result.device {
        Some(device) => {
            let device = quoted(Path::new(device));
            let pace = result.timeliness.map_or(String::new(), |(_, limit_ms)| {
                format!(" --pace --slip-ms {limit_ms}")
            });
            format!("--device {device}{pace} {path}")
        }
        None => path,
    }
}

/// A path as a POSIX shell takes it.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-=+,@%:".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_a_shell() {
        for (path, expected) in [
            (
                "out/failures/a-b=c/scenario.toml",
                "out/failures/a-b=c/scenario.toml",
            ),
            ("my out/x", "'my out/x'"),
            ("it's", "'it'\\''s'"),
        ] {
            assert_eq!(quoted(Path::new(path)), expected);
        }
    }
}
