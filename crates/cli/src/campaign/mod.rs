//! `kneadsim campaign`: many cases of some scenarios under sampled tolerances,
//! users and surroundings; resumable, in shards, with a report.

pub mod arguments;
mod journal;
mod merge;
mod parquet;
mod picture;
mod report;
mod run;
mod shards;
mod text;
mod worst;

use std::path::{Path, PathBuf};

use kneadsim_scenario::{CampaignFile, load_campaign};
use kneadsim_search::campaign::{Ending, Summary};

use crate::console::{Console, complain, say};
use crate::exit::Exit;
use crate::mistakes;
use crate::whole::usable;
use arguments::{CampaignArguments, CampaignCommand, Which};
use journal::Origin;
use kneadsim_scenario::root_of;

/// Does what was asked for.
pub fn campaign(arguments: &CampaignArguments, console: Console) -> Exit {
    match &arguments.command {
        CampaignCommand::Run(arguments) => run::run(arguments, console),
        CampaignCommand::Merge(arguments) => found(&arguments.which, &arguments.from, console),
        CampaignCommand::Report(which) => found(which, &[], console),
    }
}

/// A campaign, read, and where its results go.
struct Opened {
    file: CampaignFile,
    path: PathBuf,
    out: PathBuf,
}

impl Opened {
    fn origin(&self) -> Origin {
        Origin {
            fingerprint: self.file.fingerprint,
            cases: self.file.campaign.cases(),
        }
    }
}

/// Reads the file; complains about its mistakes.
fn open(which: &Which, console: Console) -> Result<Opened, Exit> {
    let path = &which.file;
    let root = root_of(path);
    let file = load_campaign(path, &root, which.samples).map_err(|found| {
        for mistake in &found {
            complain(&mistakes::render(mistake, console.colour_errors));
        }
        Exit::WrongInput
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.trim_end_matches(".toml").trim_end_matches(".campaign");
    let out = which
        .out
        .clone()
        .unwrap_or_else(|| Path::new("out/campaign").join(stem));
    Ok(Opened {
        file,
        path: path.clone(),
        out,
    })
}

/// Finishes with the shards in some folders; the results' own where none is named.
fn found(which: &Which, folders: &[PathBuf], console: Console) -> Exit {
    let opened = match open(which, console) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let own = [opened.out.clone()];
    let folders = if folders.is_empty() { &own } else { folders };
    match merge::find(folders) {
        Ok(shards) => finish(opened, &shards, console),
        Err(problems) => {
            for problem in problems {
                complain(&format!("error: {problem}"));
            }
            Exit::WrongInput
        }
    }
}

/// Puts complete shards together and writes everything that is made of them.
fn finish(mut opened: Opened, shards: &[PathBuf], console: Console) -> Exit {
    if let Err(problem) = usable(&opened.out) {
        complain(&format!("error: {problem}"));
        return Exit::WrongInput;
    }
    let origin = opened.origin();
    let mut summary = Summary::new(&opened.file.campaign);
    let merged = merge::merge(shards, &opened.out, &opened.file.campaign, &origin, |row| {
        summary.take(row);
    });
    if let Err(problems) = merged {
        for problem in problems {
            complain(&format!("error: {problem}"));
        }
        return Exit::WrongInput;
    }
    let influences = summary.influences(&opened.file.campaign);
    let worst = worst::write(&mut opened, summary.worst());
    let mut problems: Vec<String> = worst.iter().filter_map(|w| w.problem.clone()).collect();
    problems.extend(report::write(&opened, &summary, &influences, &worst));
    say(&text::summary(&opened, &summary, &influences, console));
    for problem in &problems {
        complain(&format!("error: {problem}"));
    }
    exit_of(&summary, !problems.is_empty())
}

/// The exit code of what was found; the order is that of the documentation.
fn exit_of(summary: &Summary, problems: bool) -> Exit {
    let endings = summary.all().endings;
    let has = |ending: Ending| endings[ending as usize] > 0;
    if problems {
        Exit::WrongInput
    } else if has(Ending::Error) {
        Exit::Lost
    } else if has(Ending::Fail) || has(Ending::Inconclusive) {
        Exit::Failed
    } else {
        Exit::Held
    }
}
