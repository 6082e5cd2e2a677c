//! `kneadsim campaign`: many cases of some scenarios under sampled tolerances,
//! users and surroundings; resumable, in shards, with a report.

pub mod arguments;
mod journal;
mod merge;
mod parquet;
mod picture;
mod progress;
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
use crate::files::root_of;
use crate::mistakes;
use crate::whole::usable;
use arguments::{CampaignArguments, CampaignCommand, MergeCampaign, ReportCampaign};
use journal::Origin;

/// Does what was asked for.
pub fn campaign(arguments: &CampaignArguments, console: Console) -> Exit {
    match &arguments.command {
        CampaignCommand::Run(arguments) => run::run(arguments, console),
        CampaignCommand::Merge(arguments) => merge_shards(arguments, console),
        CampaignCommand::Report(arguments) => report_again(arguments, console),
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
fn open(
    path: &Path,
    samples: Option<u32>,
    out: Option<&PathBuf>,
    console: Console,
) -> Result<Opened, Exit> {
    let root = root_of(path);
    let file = load_campaign(path, &root, samples).map_err(|found| {
        for mistake in &found {
            complain(&mistakes::render(mistake, console.colour_errors));
        }
        Exit::WrongInput
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.trim_end_matches(".toml").trim_end_matches(".campaign");
    let out = out
        .cloned()
        .unwrap_or_else(|| Path::new("out/campaign").join(stem));
    Ok(Opened {
        file,
        path: path.to_path_buf(),
        out,
    })
}

fn merge_shards(arguments: &MergeCampaign, console: Console) -> Exit {
    match open(
        &arguments.file,
        arguments.samples,
        arguments.out.as_ref(),
        console,
    ) {
        Ok(opened) => {
            let own = [opened.out.clone()];
            let from = if arguments.from.is_empty() {
                &own[..]
            } else {
                &arguments.from
            };
            found(opened, from, console)
        }
        Err(exit) => exit,
    }
}

fn report_again(arguments: &ReportCampaign, console: Console) -> Exit {
    match open(
        &arguments.file,
        arguments.samples,
        arguments.out.as_ref(),
        console,
    ) {
        Ok(opened) => {
            let own = [opened.out.clone()];
            found(opened, &own, console)
        }
        Err(exit) => exit,
    }
}

/// Finishes with the shards in some folders.
fn found(opened: Opened, folders: &[PathBuf], console: Console) -> Exit {
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
    let worst = worst::write(&mut opened, summary.worst());
    let mut problems: Vec<String> = worst.iter().filter_map(|w| w.problem.clone()).collect();
    problems.extend(report::write(&opened, &summary, &worst));
    say(&text::summary(&opened, &summary, console));
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
