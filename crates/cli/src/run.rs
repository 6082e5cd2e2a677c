//! `kneadsim run`: from the command line to verdicts, reports and an exit code.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use kneadsim_firmware::Config;
use kneadsim_link::Patience;
use kneadsim_scenario::{Case, Mistake, load_firmware};
use kneadsim_search::workers::Stop;
use kneadsim_sim::InProcess;
use kneadsim_sim::check::{Finding, Verdict};

use crate::args::RunArguments;
use crate::choose::{Chosen, choose, slugs};
use crate::console::{Console, complain, say};
use crate::devices::Pool;
use crate::engine::{Plan, Ran, quiet_panics, run_all};
use crate::exit::Exit;
use crate::interrupt::listen_for_interrupts;
use crate::plot::plot;
use crate::report::{self, Report};
use crate::result::{CaseResult, CaseVerdict};
use crate::whole::usable;
use crate::{bundle, mistakes, render, traces};
use kneadsim_scenario::root_of;

/// Bundles and traces that could not be written are named up to this many.
const UNWRITTEN_SHOWN: usize = 8;

/// Runs what was asked for.
pub fn run(arguments: &RunArguments, console: Console) -> Exit {
    let firmware = match &arguments.firmware {
        None => Config::default(),
        Some(path) => match load_firmware(path, &root_of(path)) {
            Ok(firmware) => firmware,
            Err(found) => {
                for mistake in &found {
                    complain(&mistakes::render(mistake, console.colour_errors));
                }
                return Exit::WrongInput;
            }
        },
    };
    let chosen = choose(&arguments.choose, &firmware);
    for mistake in &chosen.mistakes {
        complain(&mistakes::render(mistake, console.colour_errors));
    }
    if chosen.cases.is_empty() && chosen.mistakes.is_empty() {
        complain(&chosen.nothing(&arguments.choose.paths, "run"));
        if arguments.choose.json {
            say(&format!(
                "{}\n",
                report::json(&Report::empty(Exit::NothingMatched))
            ));
        }
        return Exit::NothingMatched;
    }
    let Chosen {
        cases, mistakes, ..
    } = chosen;
    let stop = Arc::new(Stop::default());
    listen_for_interrupts(&stop);
    quiet_panics();
    let out = usable(&arguments.out);
    let pool = arguments.device.as_ref().map(|address| {
        Pool::new(
            address.clone(),
            Patience {
                answer: Duration::from_millis(arguments.answer_ms),
                ..Patience::default()
            },
            arguments.pace,
        )
    });
    let start = Instant::now();
    let results = run_and_show(
        arguments,
        console,
        &cases,
        out.is_ok().then_some(&arguments.out),
        &stop,
        pool.as_ref(),
    );
    let _ = std::panic::take_hook();
    let mut report = Report {
        interrupted: stop.wanted(),
        planned: cases.len(),
        wall: start.elapsed(),
        mistakes,
        results,
        exit: Exit::Held,
    };
    let mut unwritten: Vec<String> = report
        .results
        .iter()
        .flat_map(|r| r.unwritten.clone())
        .collect();
    unwritten.truncate(UNWRITTEN_SHOWN);
    let mut written = None;
    match out {
        Ok(()) => {
            // The reports are written also where a bundle was not: they tell most.
            report.exit = exit_code(&report, !unwritten.is_empty());
            let problems = report::write(&report, &arguments.out);
            if problems.is_empty() {
                written = Some(arguments.out.as_path());
            }
            unwritten.extend(problems);
        }
        Err(problem) => unwritten.push(problem),
    }
    report.exit = exit_code(&report, !unwritten.is_empty());
    if arguments.choose.json {
        say(&format!("{}\n", report::json(&report)));
    } else {
        say(&render::summary(&report, written, console));
        if let Some(pool) = &pool {
            say(&format!("{pool}\n"));
        }
    }
    report::tell_github(&report);
    for problem in unwritten {
        complain(&format!("error: {problem}"));
    }
    report.exit
}

fn run_and_show(
    arguments: &RunArguments,
    console: Console,
    cases: &[Case],
    out: Option<&PathBuf>,
    stop: &Stop,
    pool: Option<&Pool>,
) -> Vec<CaseResult> {
    let slugs = slugs(cases);
    let layout = render::Layout::of(cases, console.width);
    let ticks_done = AtomicU64::new(0);
    let runs = if arguments.twice { 2 } else { 1 };
    let ticks: u64 = cases.iter().map(|c| u64::from(c.spec.duration_ticks)).sum();
    let bar = progress_bar(ticks * runs);
    let done = std::sync::atomic::AtomicBool::new(false);
    let plan = Plan {
        // A single device does one case at a time.
        jobs: match pool {
            Some(pool) if !pool.is_plural() => 1,
            Some(_) | None => arguments.jobs,
        },
        twice: arguments.twice,
        stop,
        ticks_done: &ticks_done,
    };
    let finish = |index: usize, ran: Ran| {
        finished(
            arguments,
            &cases[index],
            &slugs[index],
            ran,
            out.map(PathBuf::as_path),
            stop,
        )
    };
    if !arguments.choose.json && !cases.is_empty() {
        say(&render::header(&layout, console));
    }
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !bar.is_hidden() && !done.load(Ordering::Relaxed) {
                bar.set_position(ticks_done.load(Ordering::Relaxed));
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let show = |result: &CaseResult| {
            if !arguments.choose.json {
                bar.suspend(|| say(&render::case(result, &layout, console)));
            }
        };
        let results = match pool {
            None => run_all(cases, plan, || Ok(InProcess::new()), finish, show),
            Some(pool) => run_all(cases, plan, || pool.lend(), finish, show),
        };
        done.store(true, Ordering::Relaxed);
        bar.finish_and_clear();
        results
    })
}

/// Hidden by itself where the standard error is not a terminal.
fn progress_bar(ticks: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {percent:>3} % of simulated time, {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(ticks).with_style(style)
}

/// Makes a case's result and writes its files, on the case's thread.
fn finished(
    arguments: &RunArguments,
    case: &Case,
    slug: &str,
    ran: Ran,
    out: Option<&Path>,
    stop: &Stop,
) -> CaseResult {
    let mut result = CaseResult::new(case.clone(), slug.to_string(), ran.wall);
    result.device = arguments.device.as_ref().map(ToString::to_string);
    let trace = match ran.outcome {
        Err(message) => {
            result.verdict = CaseVerdict::Error;
            result.broken_off = Some(format!("internal error: {message}"));
            None
        }
        Ok(outcome) => {
            result.take(&outcome);
            Some(outcome.trace)
        }
    };
    if let Some(divergence) = ran.divergence {
        result.findings.push(divergence);
        result.verdict = result.verdict.max(CaseVerdict::Fail);
    }
    if let Some(timeliness) = ran.timeliness {
        result.take_timeliness(timeliness, arguments.slip_ms);
    }
    if case.spec.checks.is_empty() {
        result.findings.push(no_expectation());
        result.verdict = result.verdict.max(CaseVerdict::Inconclusive);
    }
    let empty = Default::default();
    let trace = trace.as_ref().unwrap_or(&empty);
    result.plot = Some(plot(trace));
    let Some(out) = out else { return result };
    if arguments.trace {
        let path = out.join("traces").join(format!("{slug}.csv"));
        if let Err(error) = traces::write_file(trace, &path) {
            result
                .unwritten
                .push(format!("cannot write {}: {error}", path.display()));
        }
    }
    let folder = out.join("failures").join(slug);
    if result.verdict == CaseVerdict::Pass {
        bundle::remove_stale(&folder, &case.source);
    } else {
        match bundle::write(&result, trace, &folder, stop) {
            Ok(()) => result.bundle = Some(folder),
            Err(error) => {
                result
                    .unwritten
                    .push(format!("cannot write {}: {error}", folder.display()));
            }
        }
    }
    result
}

fn no_expectation() -> Finding {
    Finding {
        id: "no expectation".to_string(),
        verdict: Verdict::Inconclusive,
        warning: false,
        margin: None,
        unit: "1".to_string(),
        kelvin_left: None,
        worst_tick: None,
        decided_by: String::new(),
        time_left_s: None,
        note: "the file expects nothing, so nothing was shown".to_string(),
    }
}

/// Which of the exit codes applies; the order is that of the documentation.
fn exit_code(report: &Report, unwritten: bool) -> Exit {
    let has = |verdict| report.results.iter().any(|r| r.verdict == verdict);
    if report.interrupted {
        Exit::Interrupted
    } else if !report.mistakes.is_empty() || unwritten {
        Exit::WrongInput
    } else if [CaseVerdict::Degraded, CaseVerdict::Lost, CaseVerdict::Error]
        .into_iter()
        .any(has)
    {
        Exit::Lost
    } else if has(CaseVerdict::Fail) || has(CaseVerdict::Inconclusive) {
        Exit::Failed
    } else if report.results.is_empty() {
        Exit::NothingMatched
    } else {
        Exit::Held
    }
}

/// Exit code for input that was only read.
pub fn exit_of_reading(cases: &[Case], mistakes: &[Mistake]) -> Exit {
    if !mistakes.is_empty() {
        Exit::WrongInput
    } else if cases.is_empty() {
        Exit::NothingMatched
    } else {
        Exit::Held
    }
}
