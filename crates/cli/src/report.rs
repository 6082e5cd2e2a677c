//! A whole run, and the files that tell about it.

use std::path::Path;
use std::time::Duration;

use kneadsim_scenario::Mistake;

use crate::exit::Exit;
use crate::result::{CaseResult, CaseVerdict};
use crate::whole::write_files;
use crate::{annotations, coverage, html, junit, markdown, results_json};

/// A whole run.
#[derive(Debug)]
pub struct Report {
    /// Stopped before its end.
    pub interrupted: bool,
    /// Cases that were to run.
    pub planned: usize,
    /// Wall time of all.
    pub wall: Duration,
    /// Mistakes in files that could not run.
    pub mistakes: Vec<Mistake>,
    /// Results of the finished cases, in order.
    pub results: Vec<CaseResult>,
    /// How the program will end.
    pub exit: Exit,
}

impl Report {
    /// A run of nothing.
    pub fn empty(exit: Exit) -> Self {
        Self {
            interrupted: false,
            planned: 0,
            wall: Duration::ZERO,
            mistakes: Vec::new(),
            results: Vec::new(),
            exit,
        }
    }

    /// How many cases came out like this.
    pub fn count(&self, verdict: CaseVerdict) -> usize {
        self.results.iter().filter(|r| r.verdict == verdict).count()
    }

    /// Simulated time of all cases, s.
    pub fn simulated_s(&self) -> f64 {
        // Not `sum`: of nothing it is minus zero.
        let each = self.results.iter().map(CaseResult::simulated_s);
        each.fold(0.0, |total, s| total + s)
    }

    /// Simulated time over wall time, all threads together.
    pub fn real_time_factor(&self) -> f64 {
        self.simulated_s() / self.wall.as_secs_f64().max(1e-9)
    }

    /// The case whose energy balance closes worst, with that residual.
    pub fn worst_energy(&self) -> Option<(&CaseResult, f64)> {
        self.results
            .iter()
            .filter_map(|r| r.energy.as_ref().map(|e| (r, e.residual_relative.abs())))
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// The run as JSON text.
pub fn json(report: &Report) -> String {
    results_json::document(report)
}

/// Writes `junit.xml`, `summary.md`, `coverage.md`, `results.json` and `report.html`; gives what went wrong.
pub fn write(report: &Report, out: &Path) -> Vec<String> {
    let files = [
        ("junit.xml", junit::document(report)),
        ("summary.md", Ok(markdown::document(report))),
        ("coverage.md", Ok(coverage::document(report))),
        ("results.json", Ok(json(report) + "\n")),
        ("report.html", Ok(html::document(report))),
    ];
    write_files(out, files)
}

/// Annotations and the step's summary, where GitHub Actions runs this.
pub fn tell_github(report: &Report) {
    let on = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    if on("GITHUB_ACTIONS").as_deref() == Some("true") {
        for line in annotations::lines(report) {
            // GitHub reads both streams; the standard output may have to stay pure JSON.
            crate::console::complain(&line);
        }
    }
    if let Some(path) = on("GITHUB_STEP_SUMMARY") {
        let text = markdown::within(&markdown::document(report), markdown::STEP_SUMMARY_BYTES);
        let appended = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
        if let Err(error) = appended {
            crate::console::complain(&format!("warning: cannot write {path}: {error}"));
        }
    }
}
