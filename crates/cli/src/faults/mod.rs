//! `kneadsim faults`: the single-fault table, from the command line to reports and an exit code.
//!
//! What rows mean and how they are judged is in `docs/single-faults.md` and
//! `kneadsim_search::faults`; here they are chosen, run on threads and shown.

mod base;
mod csv;
mod html;
mod json;
mod markdown;
mod phrases;
mod sections;
mod terminal;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kneadsim_search::faults::{
    Beginnings, Case, NotApplicable, Plan, Row, Script, Verdict, Wanted, cases,
};
use kneadsim_search::workers::{Stop, in_order};

use crate::args::FaultsArguments;
use crate::choose::matches;
use crate::console::{Console, complain, say};
use crate::engine::{guarded, quiet_panics};
use crate::exit::Exit;
use crate::interrupt::listen_for_interrupts;
use crate::mistakes;
use crate::progress::Progress;
use crate::whole::{usable, write_files};

/// A whole table.
#[derive(Debug)]
pub struct Report {
    /// What it is of, in a few words.
    pub of: String,
    /// What the rows share, in a sentence.
    pub about: String,
    /// Finished rows, worst first.
    pub rows: Vec<Row>,
    /// Rows that were to run.
    pub planned: usize,
    /// Faults that the base cannot show.
    pub absent: Vec<NotApplicable>,
    /// States that the sound unit never was in, by name.
    pub not_reached: Vec<&'static str>,
    /// Rows that broke off, with the reason.
    pub broken: Vec<String>,
    /// Stopped before its end.
    pub interrupted: bool,
    /// Wall time.
    pub wall: Duration,
}

impl Report {
    /// Rows with this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|r| r.verdict == verdict).count()
    }

    /// Simulated time of all runs, s.
    pub fn simulated_s(&self) -> f64 {
        let ticks: u64 = self.rows.iter().map(|row| row.ticks).sum();
        ticks as f64 / f64::from(kneadsim_sim::spec::TICKS_PER_S)
    }

    /// How the program ends; the order is that of docs/ci.md.
    fn exit(&self, unwritten: bool) -> Exit {
        if self.interrupted {
            Exit::Interrupted
        } else if unwritten {
            Exit::WrongInput
        } else if !self.broken.is_empty() {
            Exit::Lost
        } else if self.count(Verdict::Fail) > 0 {
            Exit::Failed
        } else if self.rows.is_empty() {
            Exit::NothingMatched
        } else {
            Exit::Held
        }
    }
}

/// Makes the table that was asked for.
pub fn run(arguments: &FaultsArguments, console: Console) -> Exit {
    let chosen = match base::choose(arguments) {
        Ok(chosen) => chosen,
        Err(mistakes) => {
            for mistake in &mistakes {
                complain(&mistakes::render(mistake, console.colour_errors));
            }
            return Exit::WrongInput;
        }
    };
    let script = match Script::new(&chosen.base.spec) {
        Ok(script) => script,
        Err(reason) => {
            complain(&format!("error: {}: {reason}", chosen.of));
            return Exit::WrongInput;
        }
    };
    let wanted = Wanted {
        is_after_latent: arguments.latent,
    };
    let (all, absent) = cases(&chosen.base, &script, wanted);
    let chosen_rows: Vec<(usize, Case)> = all
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, case)| is_wanted(case, &arguments.filter))
        .collect();
    let not_reached = script.not_reached.iter().map(|state| state.name());
    let mut report = Report {
        of: chosen.of,
        about: chosen.about,
        rows: Vec::new(),
        planned: chosen_rows.len(),
        absent,
        not_reached: not_reached.collect(),
        broken: Vec::new(),
        interrupted: false,
        wall: Duration::ZERO,
    };
    if chosen_rows.is_empty() {
        complain(&format!(
            "nothing to run: --filter leaves none of {}",
            crate::words::count(all.len(), "row")
        ));
        say_result(&report, None, arguments, console);
        return Exit::NothingMatched;
    }
    let out = usable(&arguments.out);
    let stop = Arc::new(Stop::default());
    listen_for_interrupts(&stop);
    quiet_panics();
    let plan = Plan {
        base: chosen.base,
        script,
        with_barriers: arguments.barriers,
    };
    let start = Instant::now();
    run_rows(&plan, &chosen_rows, arguments.jobs, &stop, &mut report);
    let _ = std::panic::take_hook();
    report.wall = start.elapsed();
    report.interrupted = stop.wanted();
    report.rows.sort_by(Row::worse);
    let unwritten = match out {
        Ok(()) => write(&report, &arguments.out),
        Err(problem) => vec![problem],
    };
    let written = unwritten.is_empty().then_some(arguments.out.as_path());
    say_result(&report, written, arguments, console);
    for problem in report.broken.iter().chain(&unwritten) {
        complain(&format!("error: {problem}"));
    }
    report.exit(!unwritten.is_empty())
}

fn is_wanted(case: &Case, filters: &[String]) -> bool {
    let name = case.name();
    filters.is_empty() || filters.iter().any(|filter| matches(filter, &name))
}

fn run_rows(plan: &Plan, rows: &[(usize, Case)], jobs: usize, stop: &Stop, report: &mut Report) {
    let mut progress = Progress::new("row", 0, rows.len());
    in_order(
        rows.len(),
        jobs,
        stop,
        Beginnings::default,
        |beginnings, at| {
            let (number, case) = rows[at];
            let wanted = || stop.wanted();
            let ran = guarded(|| plan.run(beginnings, number, case, &wanted)).and_then(|ran| ran);
            ran.transpose()
        },
        |at, ran| {
            progress.one();
            match ran {
                Ok(row) => report.rows.push(row),
                Err(reason) => report
                    .broken
                    .push(format!("{}: {reason}", rows[at].1.name())),
            }
        },
    );
    progress.end();
}

fn say_result(
    report: &Report,
    written: Option<&Path>,
    arguments: &FaultsArguments,
    console: Console,
) {
    if arguments.json {
        say(&format!("{}\n", json::document(report)));
    } else if arguments.markdown {
        say(&markdown::document(report));
    } else {
        say(&terminal::document(report, written, console));
    }
}

/// Writes the reports; gives what went wrong.
fn write(report: &Report, out: &Path) -> Vec<String> {
    let csv = csv::document(report).map_err(|error| error.to_string());
    let files = [
        ("faults.csv", csv),
        ("faults.md", Ok(markdown::document(report).into_bytes())),
        ("faults.html", Ok(html::document(report).into_bytes())),
    ];
    write_files(out, files)
}
