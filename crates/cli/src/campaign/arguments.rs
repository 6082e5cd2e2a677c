//! Arguments of `kneadsim campaign`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::shards::Wanted;

/// `kneadsim campaign`.
#[derive(Args, Clone, Debug)]
pub struct CampaignArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: CampaignCommand,
}

/// What to do with a campaign.
#[derive(Subcommand, Clone, Debug)]
pub enum CampaignCommand {
    /// Run all cases, or one shard of them; goes on where a run was stopped.
    Run(RunCampaign),
    /// Put the results of all shards together and report.
    Merge(MergeCampaign),
    /// Report once more on results that are complete.
    Report(Which),
}

/// Which campaign, and where its results go.
#[derive(Args, Clone, Debug)]
pub struct Which {
    /// The campaign file, `*.campaign.toml`.
    pub file: PathBuf,
    /// Folder of the results; default out/campaign/NAME.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// So many samples in place of the file's; the same for all shards, merge and report.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub samples: Option<u32>,
}

/// `kneadsim campaign run`.
#[derive(Args, Clone, Debug)]
pub struct RunCampaign {
    /// Which campaign.
    #[command(flatten)]
    pub which: Which,
    /// Run only part i of N, or the part that the cluster's job array says
    /// (Slurm, AWS Batch); `auto/N` where it does not tell how many there are
    /// (Kubernetes indexed jobs, HyperQueue).
    #[arg(long, value_name = "i/N|auto|auto/N")]
    pub shard: Option<Wanted>,
    /// Cases run at the same time; 0 = one per processor.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Run this case alone, show it, and write its scenario and its trace.
    #[arg(long, value_name = "CASE", conflicts_with = "shard")]
    pub case: Option<usize>,
    /// Throw away what an earlier run left in the folder.
    #[arg(long)]
    pub fresh: bool,
}

/// `kneadsim campaign merge`.
#[derive(Args, Clone, Debug)]
pub struct MergeCampaign {
    /// Which campaign.
    #[command(flatten)]
    pub which: Which,
    /// Folders with shards; default the results' own folder. Repeat it for more.
    #[arg(long, value_name = "DIR")]
    pub from: Vec<PathBuf>,
}
