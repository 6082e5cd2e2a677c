//! What the user typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use kneadsim_link::Address;

use crate::campaign::arguments::CampaignArguments;
use crate::exit::EXIT_CODES;
use crate::tune::arguments::TuneArguments;
use crate::version;

/// Runs the firmware of a heated massager against a simulated body, heater,
/// motors and supply, and says with margins whether anybody gets burned.
#[derive(Debug, Parser)]
#[command(name = "kneadsim", version = version::LONG, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// No colours, also on a terminal (the environment variable NO_COLOR does the same).
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run scenarios and report a verdict with its margin for every case.
    #[command(after_help = EXIT_CODES)]
    Run(RunArguments),
    /// Make the single-fault table: every fault in every state, judged, worst first.
    #[command(after_help = EXIT_CODES)]
    Faults(FaultsArguments),
    /// Read scenarios and report every mistake, without running anything.
    #[command(after_help = EXIT_CODES)]
    Check(ChooseArguments),
    /// List the cases that `run` would run.
    #[command(after_help = EXIT_CODES)]
    List(ListArguments),
    /// Run scenarios many times under sampled tolerances, users and surroundings.
    Campaign(CampaignArguments),
    /// Tune parameters of the firmware towards objectives, without losing a margin.
    #[command(after_help = EXIT_CODES)]
    Tune(TuneArguments),
    /// List every signal that expectations and traces can use.
    Signals(JsonArgument),
    /// Print the JSON Schema of scenario, campaign or tuning files, for editors.
    Schema {
        /// Which files.
        #[arg(value_enum, default_value_t = SchemaOf::Scenario)]
        of: SchemaOf,
    },
    /// Compare the solvers with closed-form results and write docs/verification.md.
    Verify(VerifyArguments),
    /// Be a device: the firmware core behind standard input and output, a TCP
    /// port or a serial port.
    Device(DeviceArguments),
    /// Write a commented scenario to start from.
    New(NewArguments),
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

/// Files that have a schema.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaOf {
    /// `*.toml`
    Scenario,
    /// `*.campaign.toml`
    Campaign,
    /// `*.tune.toml`
    Tune,
}

/// Which cases.
#[derive(Args, Clone, Debug)]
pub struct ChooseArguments {
    /// Scenario files, or folders to search.
    #[arg(default_value = "scenarios")]
    pub paths: Vec<PathBuf>,
    /// Only cases whose name contains this text, or matches it as a pattern with * and ?.
    /// Repeat it to add more.
    #[arg(long, value_name = "TEXT")]
    pub filter: Vec<String>,
    /// Only cases with this tag. Repeat it to add more.
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Print JSON on the standard output, and nothing else.
    #[arg(long)]
    pub json: bool,
}

/// `kneadsim run`.
#[derive(Args, Clone, Debug)]
pub struct RunArguments {
    /// Which cases.
    #[command(flatten)]
    pub choose: ChooseArguments,
    /// Cases run at the same time; 0 = one per processor.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Folder for reports, traces and failure bundles.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,
    /// Write one trace per case to DIR/traces, as CSV.
    #[arg(long)]
    pub trace: bool,
    /// Run every case twice; it fails unless both runs agree to the last bit.
    #[arg(long)]
    pub twice: bool,
    /// Configuration of the firmware in place of its defaults: a file with keys of
    /// [firmware], as `tune` writes it. What a scenario says itself stays.
    #[arg(long, value_name = "FILE")]
    pub firmware: Option<PathBuf>,
    /// Run on this device instead of the firmware core in this program:
    /// qemu:IMAGE, exec:COMMAND, tcp:[HOST:]PORT or serial:PATH[@BAUD].
    #[arg(long, value_name = "DEVICE")]
    pub device: Option<Address>,
    /// How long a device may take for one answer before it is asked again, ms;
    /// after three more times it is lost.
    #[arg(long, value_name = "MS", default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub answer_ms: u64,
    /// Run in real time, a question every 10 ms of the wall clock, for boards that
    /// cannot wait; in place of as fast as the device answers.
    #[arg(long, requires = "device")]
    pub pace: bool,
    /// With --pace: a case whose questions or answers were later than this, ms, is
    /// DEGRADED, whatever its expectations came to.
    #[arg(long, value_name = "MS", default_value_t = 5, requires = "pace", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub slip_ms: u32,
}

/// `kneadsim faults`.
#[derive(Args, Clone, Debug)]
pub struct FaultsArguments {
    /// Scenario whose product, user, environment, firmware and limits the rows share; its
    /// events, faults and expectations are not taken. Without one: the reference product
    /// on an elderly user.
    pub scenario: Option<PathBuf>,
    /// Which case of the scenario's matrix: part of its name, or a pattern with * and ?.
    #[arg(long, value_name = "TEXT", requires = "scenario")]
    pub case: Option<String>,
    /// Each row again after each latent fault of the catalogue.
    #[arg(long)]
    pub latent: bool,
    /// Rows of a single fault again with the firmware's protection, the cut-outs and the
    /// series relay out of order, to see what stands between fault and burn.
    #[arg(long)]
    pub barriers: bool,
    /// Only rows whose name contains this text, or matches it as a pattern with * and ?.
    /// Repeat it to add more.
    #[arg(long, value_name = "TEXT")]
    pub filter: Vec<String>,
    /// The whole field with its hot spots in place of one column per zone: some three
    /// times slower, and shows faults that a column cannot.
    #[arg(long)]
    pub field: bool,
    /// Rows run at the same time; 0 = one per processor.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Folder for faults.csv, faults.md and faults.html.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,
    /// Print faults.md on the standard output in place of the short form.
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Print JSON on the standard output, and nothing else.
    #[arg(long)]
    pub json: bool,
}

/// `kneadsim list`.
#[derive(Args, Clone, Debug)]
pub struct ListArguments {
    /// Which cases.
    #[command(flatten)]
    pub choose: ChooseArguments,
    /// List the faults that a scenario can inject instead.
    #[arg(long)]
    pub faults: bool,
}

/// A command that prints a table.
#[derive(Args, Clone, Debug)]
pub struct JsonArgument {
    /// Print JSON on the standard output, and nothing else.
    #[arg(long)]
    pub json: bool,
}

/// `kneadsim verify`.
#[derive(Args, Clone, Debug)]
pub struct VerifyArguments {
    /// Where the record goes.
    #[arg(long, value_name = "FILE", default_value = "docs/verification.md")]
    pub out: PathBuf,
    /// Write nothing; fail if the record differs from what was computed now.
    #[arg(long)]
    pub check: bool,
}

/// `kneadsim device`.
#[derive(Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("place").required(true))]
pub struct DeviceArguments {
    /// Read questions on standard input and answer on standard output.
    #[arg(long, group = "place")]
    pub stdio: bool,
    /// Listen on this port, on this machine alone unless a host is given.
    #[arg(long, value_name = "[HOST:]PORT", group = "place")]
    pub tcp: Option<String>,
    /// Answer on this serial port.
    #[arg(long, value_name = "PATH[@BAUD]", group = "place")]
    pub serial: Option<String>,
}

/// `kneadsim new`.
#[derive(Args, Clone, Debug)]
pub struct NewArguments {
    /// Name of the scenario; also its file name, unless it ends in .toml.
    pub name: String,
    /// Folder for the new file.
    #[arg(long, value_name = "DIR", default_value = "scenarios")]
    pub dir: PathBuf,
}
