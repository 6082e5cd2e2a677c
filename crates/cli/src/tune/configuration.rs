//! The tuned parameters as a file of the firmware's configuration.

use std::fmt::Write;

use kneadsim_search::tune::Problem;

use super::Opened;
use crate::version;

/// The text of the file, for `[firmware] base` and `run --firmware`.
pub fn text(opened: &Opened, values: &[f64]) -> String {
    let problem = &opened.file.problem;
    let mut s = String::new();
    let _ = writeln!(
        s,
        "# {}\n# Tuned by kneadsim {} from {}, seed {}, {} sessions.",
        opened.file.title.replace(char::is_control, " "),
        version::LONG,
        opened
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .replace(char::is_control, " "),
        problem.seed,
        problem.budget
    );
    for (index, value) in values.iter().enumerate() {
        let key = field(problem, index);
        let unit = &problem.parameters[index].unit;
        let unit = if unit == "1" { "" } else { unit };
        let line = format!("{key} = {}", decimal(*value));
        let was = format!("was {} {unit}", problem.present[index]);
        let _ = writeln!(s, "{line:<36} # {}", was.trim_end());
    }
    s
}

/// Name of a parameter in the firmware.
pub fn field(problem: &Problem, index: usize) -> &str {
    let key = &problem.parameters[index].key;
    key.strip_prefix("firmware.").unwrap_or(key)
}

/// A number that TOML and Rust read as one with a fraction.
pub fn decimal(value: f64) -> String {
    let text = value.to_string();
    if text.contains(['.', 'e']) {
        text
    } else {
        format!("{text}.0")
    }
}
