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
use kneadsim_sim::spec::Spec;

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
    /// What is allowed but most likely not meant.
    pub warnings: Vec<Mistake>,
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
