//! A file of the firmware's configuration: keys of `[firmware]` without the section,
//! as tuning writes it and as `base` names it.

use std::path::Path;

use kneadsim_firmware::{Config, ConfigError};

use crate::bounds::TEXT_MAX_BYTES;
use crate::document;
use crate::files::{Files, read_text};
use crate::lower::{WHOLE, unreadable};
use crate::mistake::{Mistake, Reporter};
use crate::section::{self, BaseCache};
use crate::settings::Draft;

/// Reads a firmware file, and those that it is based on: beside it, or below `root`.
/// What it does not say has the firmware's own default.
///
/// # Errors
/// Every mistake of these files, and values that do not go together.
pub fn load_firmware(path: &Path, root: &Path) -> Result<Config, Vec<Mistake>> {
    let text = read_text(path, TEXT_MAX_BYTES).map_err(|why| unreadable(path, &why))?;
    let mut reporter = Reporter::default();
    let id = reporter.add_source(path, text);
    let table = document::parse(id, &mut reporter);
    let mut draft = Draft::default();
    let chain = section::base_files(
        &table,
        section::FIRMWARE_FILE,
        id,
        &Files::folder(root),
        &mut BaseCache::new(),
        &mut reporter,
    );
    for parsed in chain.iter().rev().chain([&table]) {
        section::apply_firmware_file(parsed, &mut draft, &mut reporter);
    }
    if let (0, Err(ConfigError::Relation { rule })) = (reporter.count(), draft.firmware.validate())
    {
        let message = format!("these values do not go together, needed: {rule}");
        reporter.mistake(WHOLE, message);
    }
    if reporter.count() > 0 {
        return Err(reporter.take_mistakes());
    }
    Ok(draft.firmware)
}
