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
    Report(ReportCampaign),
}

/// `kneadsim campaign run`.
#[derive(Args, Clone, Debug)]
pub struct RunCampaign {
    /// The campaign file, `*.campaign.toml`.
    pub file: PathBuf,
    /// Run only part i of N, or the part that the cluster's job array says
    /// (Slurm, AWS Batch); `auto/N` where it does not tell how many there are
    /// (Kubernetes indexed jobs, HyperQueue).
    #[arg(long, value_name = "i/N|auto|auto/N")]
    pub shard: Option<Wanted>,
    /// Cases run at the same time; 0 = one per processor.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Folder of the results; default out/campaign/NAME.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// So many samples in place of the file's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub samples: Option<u32>,
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
    /// The campaign file, `*.campaign.toml`.
    pub file: PathBuf,
    /// Folders with shards; default the results' own folder. Repeat it for more.
    #[arg(long, value_name = "DIR")]
    pub from: Vec<PathBuf>,
    /// Folder of the results; default out/campaign/NAME.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// So many samples in place of the file's, as the shards were run.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub samples: Option<u32>,
}

/// `kneadsim campaign report`.
#[derive(Args, Clone, Debug)]
pub struct ReportCampaign {
    /// The campaign file, `*.campaign.toml`.
    pub file: PathBuf,
    /// Folder of the results; default out/campaign/NAME.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// So many samples in place of the file's, as it was run.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub samples: Option<u32>,
}
