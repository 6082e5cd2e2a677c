//! `kneadsim tune`: a search for better parameters, its trial on what was held out,
//! what may be claimed of the one that the trial chose, and what others need to take part.

pub mod arguments;
mod bridge;
mod configuration;
mod journal;
mod json;
mod patch;
mod picture;
mod report;
mod sessions;
mod tables;
mod text;
mod trials;
mod verdict;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kneadsim_scenario::{TuneFile, TuneOverrides, load_tune};
use kneadsim_search::tune::{Candidate, Ended, Session, search};
use kneadsim_search::workers::Stop;

use crate::console::{Console, complain, say};
use crate::engine::quiet_panics;
use crate::exit::Exit;
use crate::interrupt::listen_for_interrupts;
use crate::mistakes;
use crate::progress::Progress;
use crate::whole::usable;
use arguments::{Overrides, TuneArguments, TuneCommand};
use journal::{Asked, Done, Journal, Phase};
use kneadsim_scenario::root_of;
use sessions::Source;
use verdict::{Tried, Verdicts};

/// Does what was asked for.
pub fn tune(arguments: &TuneArguments, console: Console) -> Exit {
    match (&arguments.command, &arguments.file) {
        (Some(TuneCommand::Ask(which)), _) => bridge::ask(which, console),
        (Some(TuneCommand::Tell(which)), _) => bridge::tell(which, console),
        (Some(TuneCommand::Evaluate(arguments)), _) => bridge::evaluate(arguments, console),
        (None, Some(file)) => run(file, arguments, console),
        (None, None) => wrong("which tuning file? kneadsim tune FILE"),
    }
}

/// A tuning file, read, and where its results go.
struct Opened {
    file: TuneFile,
    path: PathBuf,
    out: PathBuf,
}

/// Reads the file; complains about its mistakes.
fn open(path: &Path, other: &Overrides, console: Console) -> Result<Opened, Exit> {
    let overrides = TuneOverrides {
        budget: other.budget.map(|b| b as usize),
        seed: other.seed,
    };
    let file = load_tune(path, &root_of(path), overrides).map_err(|found| {
        for mistake in &found {
            complain(&mistakes::render(mistake, console.colour_errors));
        }
        Exit::WrongInput
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.trim_end_matches(".toml").trim_end_matches(".tune");
    let out = other
        .out
        .clone()
        .unwrap_or_else(|| Path::new("out/tune").join(stem));
    Ok(Opened {
        file,
        path: path.to_path_buf(),
        out,
    })
}

fn wrong(problem: &str) -> Exit {
    complain(&format!("error: {problem}"));
    Exit::WrongInput
}

fn run(file: &Path, arguments: &TuneArguments, console: Console) -> Exit {
    let opened = match open(file, &arguments.other, console) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    if let Err(problem) = usable(&opened.out) {
        return wrong(&problem);
    }
    if arguments.fresh {
        let path = journal::path(&opened.out);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return wrong(&format!("cannot remove {}: {error}", path.display()));
            }
            Ok(()) | Err(_) => {}
        }
    }
    let problem = &opened.file.problem;
    let journal = match Journal::open(&opened.out, problem, opened.file.fingerprint) {
        Ok(journal) => journal,
        Err(why) => return wrong(&why),
    };
    let stop = Arc::new(Stop::default());
    listen_for_interrupts(&stop);
    quiet_panics();
    let mut ran = Run {
        source: Source {
            problem,
            training: &opened.file.training,
            held_out: &opened.file.held_out,
            jobs: arguments.jobs,
        },
        progress: Progress::new("session", 0, problem.budget),
        journal,
        stop: &stop,
        unwritten: None,
    };
    let before = ran.journal.before();
    let mut history = Vec::new();
    let ended = ran.search(&mut |candidates, sessions| {
        history.push((candidates.len(), sessions));
    });
    let verdicts = (!ended.stopped)
        .then(|| ran.try_on_held_out(&ended))
        .flatten()
        .and_then(|verdicts| ran.claim(&ended, verdicts));
    let _ = std::panic::take_hook();
    let (sessions, wall) = ran.progress.end();
    if let Some(problem) = ran.unwritten {
        return wrong(&problem);
    }
    say(&text::ran(sessions, wall, before));
    let Some(verdicts) = verdicts else {
        complain(&format!(
            "stopped after {} of {} sessions of the search; the same command goes on from there",
            ended.sessions, problem.budget
        ));
        return Exit::Interrupted;
    };
    finish(&opened, &ended, &verdicts, &history, console)
}

/// What a search needs to run sessions.
struct Run<'a> {
    source: Source<'a>,
    progress: Progress,
    journal: Journal,
    stop: &'a Stop,
    unwritten: Option<String>,
}

impl Run<'_> {
    fn search(&mut self, each: &mut dyn FnMut(&[Candidate], usize)) -> Ended {
        let problem = self.source.problem;
        let mut run = |sessions: &[Session<'_>]| {
            let asked: Vec<Asked<'_>> = sessions
                .iter()
                .map(|s| Asked {
                    phase: Phase::Search,
                    candidate: s.candidate,
                    values: s.values,
                    case: s.case,
                })
                .collect();
            self.sessions(&asked)
        };
        search(problem, &mut run, each)
    }

    /// Sessions that are kept, then those that are not; none when it was stopped.
    fn sessions(&mut self, asked: &[Asked<'_>]) -> Option<Vec<Done>> {
        let problem = self.source.problem;
        let mut done = match self.journal.known(asked, problem) {
            Ok(done) => done,
            Err(why) => {
                self.unwritten = Some(why);
                return None;
            }
        };
        let rest = &asked[done.len()..];
        let (stop, journal) = (self.stop, &mut self.journal);
        let (progress, unwritten) = (&mut self.progress, &mut self.unwritten);
        self.source.run(rest, stop, |index, result| {
            if unwritten.is_some() {
                return;
            }
            match journal.add(&rest[index], &result, problem.objectives.len()) {
                Ok(()) => {
                    progress.one();
                    done.push(result);
                }
                Err(error) => {
                    *unwritten = Some(format!("cannot write the sessions: {error}"));
                    stop.now();
                }
            }
        });
        (done.len() == asked.len()).then_some(done)
    }

    /// Tries the present parameters and the first of the front on what was held out;
    /// none when it was stopped.
    fn try_on_held_out(&mut self, ended: &Ended) -> Option<Verdicts> {
        let problem = self.source.problem;
        let recommended = verdict::in_order(problem, ended);
        let first = recommended.iter().take(problem.validate);
        let candidates: Vec<usize> = std::iter::once(&0).chain(first).copied().collect();
        let tried = self.tried(ended, Phase::HeldOut, &candidates)?;
        Some(Verdicts::new(problem, tried, recommended.len()))
    }

    /// Runs the one that the trial chose, if any, and the present parameters on samples
    /// that chose nothing; none when it was stopped.
    fn claim(&mut self, ended: &Ended, verdicts: Verdicts) -> Option<Verdicts> {
        let Some(chosen) = verdicts.chosen() else {
            return Some(verdicts);
        };
        let candidates = [0, verdicts.trial.tried[chosen].candidate];
        let tried = self.tried(ended, Phase::Claim, &candidates)?;
        Some(verdicts.with_claim(self.source.problem, tried))
    }

    /// Every session of a phase for each of some candidates.
    fn tried(&mut self, ended: &Ended, phase: Phase, candidates: &[usize]) -> Option<Vec<Tried>> {
        let problem = self.source.problem;
        let campaign = phase.campaign(problem);
        self.progress.expect(campaign.cases() * candidates.len());
        let mut tried = Vec::new();
        for candidate in candidates {
            let values = &ended.candidates[*candidate].values;
            let asked: Vec<Asked<'_>> = (0..campaign.cases())
                .map(|case| Asked {
                    phase,
                    candidate: *candidate,
                    values,
                    case,
                })
                .collect();
            let done = self.sessions(&asked)?;
            tried.push(Tried::new(problem, campaign, *candidate, done));
        }
        Some(tried)
    }
}

fn finish(
    opened: &Opened,
    ended: &Ended,
    verdicts: &Verdicts,
    history: &[(usize, usize)],
    console: Console,
) -> Exit {
    let problems = report::write(opened, ended, verdicts, history);
    say(&text::summary(opened, ended, verdicts, console));
    for problem in &problems {
        complain(&format!("error: {problem}"));
    }
    if !problems.is_empty() {
        Exit::WrongInput
    } else if verdicts.recommended().is_none() {
        Exit::Failed
    } else {
        Exit::Held
    }
}
