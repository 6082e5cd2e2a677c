//! Arguments of `kneadsim tune`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `kneadsim tune`.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct TuneArguments {
    /// Somebody else's search, or somebody else's sessions.
    #[command(subcommand)]
    pub command: Option<TuneCommand>,
    /// The tuning file, `*.tune.toml`: searches, tries the result on what was held
    /// out, and reports; goes on where a run was stopped.
    #[arg(required = true)]
    pub file: Option<PathBuf>,
    /// Where results go, and what overrides the file.
    #[command(flatten)]
    pub other: Overrides,
    /// Sessions run at the same time; 0 = one per processor.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Throw away what an earlier run left in the folder.
    #[arg(long)]
    pub fresh: bool,
}

/// Where results go, and what overrides the file.
#[derive(Args, Clone, Debug)]
pub struct Overrides {
    /// Folder of the results; default out/tune/NAME.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// So many sessions in place of the file's.
    #[arg(long, value_name = "SESSIONS", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub budget: Option<u32>,
    /// This seed in place of the file's.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// A tuning file with its overrides.
#[derive(Args, Clone, Debug)]
pub struct TuneFileArguments {
    /// The tuning file, `*.tune.toml`.
    pub file: PathBuf,
    /// Where results go, and what overrides the file.
    #[command(flatten)]
    pub other: Overrides,
}

/// Parts of a tuning, for other programs.
#[derive(Subcommand, Clone, Debug)]
pub enum TuneCommand {
    /// Print the next candidates of the search as JSON lines: sessions are run elsewhere.
    Ask(TuneFileArguments),
    /// Read what candidates gave, as JSON lines, and keep it for the next `ask`.
    Tell(TuneFileArguments),
    /// Read candidates as JSON lines on the standard input, run their sessions, and print
    /// what they gave: the search is elsewhere (Optuna, for instance).
    Evaluate(EvaluateTune),
}

/// `kneadsim tune evaluate`.
#[derive(Args, Clone, Debug)]
pub struct EvaluateTune {
    /// The tuning file, `*.tune.toml`.
    pub file: PathBuf,
    /// This seed in place of the file's: of the samples.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Sessions run at the same time; 0 = one per processor.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
}
