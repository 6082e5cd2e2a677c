//! The tuned parameters as a patch for the firmware's defaults.

use std::fmt::Write;

use kneadsim_search::tune::Problem;

use super::configuration::{decimal, field};

/// The firmware's table, as this program was built with it.
const SOURCE: &str = include_str!("../../../firmware/src/config.rs");
/// Its place in the project.
const PLACE: &str = "crates/firmware/src/config.rs";
/// Lines around a change.
const CONTEXT: usize = 3;

/// A unified diff that `git apply` takes; none where the defaults are these values.
pub fn text(problem: &Problem, values: &[f64]) -> Option<String> {
    let old: Vec<&str> = SOURCE.lines().collect();
    let new: Vec<String> = old
        .iter()
        .map(|line| changed(line, problem, values))
        .collect();
    let differs: Vec<usize> = (0..old.len()).filter(|i| old[*i] != new[*i]).collect();
    let mut s = String::new();
    let mut at = 0;
    while at < differs.len() {
        // Changes whose surroundings touch make one hunk.
        let mut last = at;
        while last + 1 < differs.len() && differs[last + 1] - differs[last] <= 2 * CONTEXT {
            last += 1;
        }
        let from = differs[at].saturating_sub(CONTEXT);
        let until = (differs[last] + CONTEXT + 1).min(old.len());
        hunk(&mut s, &old, &new, from..until);
        at = last + 1;
    }
    (!s.is_empty()).then(|| format!("--- a/{PLACE}\n+++ b/{PLACE}\n{s}"))
}

fn hunk(s: &mut String, old: &[&str], new: &[String], lines: std::ops::Range<usize>) {
    let (first, count) = (lines.start + 1, lines.len());
    let _ = writeln!(s, "@@ -{first},{count} +{first},{count} @@");
    let mut at = lines.start;
    while at < lines.end {
        if old[at] == new[at] {
            let _ = writeln!(s, " {}", old[at]);
            at += 1;
            continue;
        }
        let until = (at..lines.end).find(|i| old[*i] == new[*i]);
        let until = until.unwrap_or(lines.end);
        for line in &old[at..until] {
            let _ = writeln!(s, "-{line}");
        }
        for line in &new[at..until] {
            let _ = writeln!(s, "+{line}");
        }
        at = until;
    }
}

/// A line of the table with the new default, or the line as it is.
fn changed(line: &str, problem: &Problem, values: &[f64]) -> String {
    for (index, value) in values.iter().enumerate() {
        let head = format!("    {} = ", field(problem, index));
        let Some(rest) = line.strip_prefix(&head) else {
            continue;
        };
        let Some((default, rest)) = rest.split_once(" in ") else {
            continue;
        };
        if default.parse() != Ok(*value) {
            return format!("{head}{} in {rest}", decimal(*value));
        }
    }
    line.to_owned()
}
