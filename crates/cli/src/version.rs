//! Which program this is.

/// Version from the manifest.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Commit that it was built from, where known.
pub const COMMIT: Option<&str> = option_env!("KNEADSIM_COMMIT");

/// What `--version` says after the name: version, and commit where known.
pub const LONG: &str = env!("KNEADSIM_VERSION");
