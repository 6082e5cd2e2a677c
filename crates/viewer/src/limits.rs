//! Lines of the limit profiles that a run is held to.

use kneadsim_sim::check::{Check, CheckKind};
use kneadsim_sim::limits::LimitKind;

/// Each value once, with its words, of the lines for which `value` has one.
pub fn lines(checks: &[Check], value: impl Fn(LimitKind) -> Option<f64>) -> Vec<(f64, String)> {
    let mut found: Vec<(f64, String)> = Vec::new();
    for check in checks {
        let CheckKind::Limits(profile) = &check.kind else {
            continue;
        };
        for line in &profile.lines {
            if let Some(value) = value(line.kind)
                && !found.iter().any(|(known, _)| *known == value)
            {
                found.push((value, line.kind.to_string()));
            }
        }
    }
    found
}
