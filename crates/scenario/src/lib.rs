//! Scenario text to specifications that run.
//!
//! What the author wrote (TOML, units, names, files beside it) comes in; plain
//! [`Spec`]s go out, one a case, or every mistake of the file at once with its
//! line, column and a fix. This crate runs nothing and prints nothing. The
//! format is described in `docs/scenario-format.md`.

mod bounds;
mod campaign;
mod document;
mod draft;
mod events;
mod expect;
mod faults;
mod files;
mod firmware_file;
mod formula;
mod head;
mod keys;
mod lower;
mod matrix;
mod mistake;
mod profile;
mod quantity;
mod read;
mod reference;
mod render;
mod schema;
mod section;
pub mod settings;
mod suggest;
mod template;
mod timeline;
mod tune;
mod variation;
mod vary;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kneadsim_firmware::Config;
use kneadsim_sim::fault::FaultSpec;
use kneadsim_sim::spec::{Event, Spec};

pub use campaign::{CampaignFile, load_campaign};
pub use firmware_file::load_firmware;
pub use mistake::Mistake;
pub use reference::{campaign_reference_markdown, reference_markdown, tune_reference_markdown};
pub use schema::{campaign_schema, schema, tune_schema};
pub use template::template;
pub use tune::{TuneFile, TuneOverrides, load_tune};
pub use variation::Variation;

/// One run of a scenario file: the file itself, or one combination of its matrix.
#[derive(Clone, Debug)]
pub struct Case {
    /// Path below the root without extension, and the matrix values:
    /// `fault/ntc_open[user.site=neck,environment.ambient_c=5]`.
    pub name: String,
    /// What will happen.
    pub spec: Spec,
    /// The file's `name`.
    pub title: String,
    /// The file's `description`.
    pub description: String,
    /// The file.
    pub source: PathBuf,
    /// Requirements that it checks.
    pub requirements: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Matrix values, as written, in the order of the file.
    pub values: Vec<(String, String)>,
    /// Exactly this case as a scenario file that needs no other; loading it
    /// gives the same specification.
    pub lowered: String,
    /// Events of the file itself; those of its timeline are in the specification only.
    pub events: Vec<Event>,
    /// What is allowed but most likely not meant.
    pub warnings: Vec<Mistake>,
}

impl Case {
    /// The case as one file, with events and faults that were added while it ran.
    /// `events` ascend in time; each comes before the case's own at the same tick, and
    /// `faults` come behind its own. Loading it gives a specification that runs as the
    /// run did to which they were added.
    pub fn text_with(&self, events: &[Event], faults: &[FaultSpec]) -> String {
        render::with_more(self, events, faults)
    }
}

/// The folder that a file's references may not leave: the nearest above it that is
/// called `scenarios`, else the file's own.
pub fn root_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let parent = absolute.parent().map(Path::to_path_buf).unwrap_or_default();
    parent
        .ancestors()
        .find(|a| a.file_name().is_some_and(|n| n == "scenarios"))
        .map(Path::to_path_buf)
        .unwrap_or(parent)
}

/// What differs from the firmware's own configuration, as the text of a firmware file.
pub fn firmware_text(config: &Config) -> String {
    render::firmware_file(config)
}

/// Reads a scenario file. Case names are relative to `root`, and no file
/// outside `root` is read.
///
/// # Errors
/// Every mistake of the file and of the files it names.
pub fn load(path: &Path, root: &Path) -> Result<Vec<Case>, Vec<Mistake>> {
    lower::load(path, root, &Config::default())
}

/// The same with another configuration of the firmware below what the scenario says of it.
///
/// # Errors
/// Every mistake of the file and of the files it names.
pub fn load_on(path: &Path, root: &Path, firmware: &Config) -> Result<Vec<Case>, Vec<Mistake>> {
    lower::load(path, root, firmware)
}

/// Reads a scenario's text as if it were the file `file`.
///
/// # Errors
/// Every mistake of the text and of the files it names.
pub fn load_text(text: &str, file: &Path, root: &Path) -> Result<Vec<Case>, Vec<Mistake>> {
    lower::load_text(text, file, root)
}

/// Reads a scenario whose files are all in memory: an editor's, or an
/// archive's. `texts` holds each by its path below the root, with `/`; `main`
/// is one of them. No other file is read.
///
/// # Errors
/// Every mistake of the text and of the texts it names.
pub fn load_texts(main: &str, texts: &BTreeMap<String, String>) -> Result<Vec<Case>, Vec<Mistake>> {
    lower::load_among(main, texts)
}
