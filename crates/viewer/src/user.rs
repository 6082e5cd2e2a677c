//! Another user on the same pad: what cannot change while a run goes on.

use kneadsim_scenario::{Case, load_text, root_of};

/// The case with another setting of a path, `user.site`, from its start.
///
/// # Errors
/// Why there is no such case, one line each.
pub fn with(case: &Case, path: &str, name: &str) -> Result<Case, Vec<String>> {
    // As a campaign puts values in: checked as if written by hand.
    let text = format!("{}\n[matrix]\n\"{path}\" = [\"{name}\"]\n", case.lowered);
    let cases = load_text(&text, &case.source, &root_of(&case.source));
    let cases = cases.map_err(|m| m.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let first = cases.into_iter().next();
    first.ok_or_else(|| vec!["no case".to_owned()])
}
