//! The table of everything that a scenario can set.
//!
//! One source for the parser, "did you mean", the JSON Schema and the key
//! reference in the documentation. A row knows its path, what may be written,
//! and how to read and change the value in a [`Draft`].

mod bench;
mod machine;
mod product;
mod value;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kneadsim_plant::Knob;
use kneadsim_sim::signal::Signal;

pub use crate::draft::Draft;
#[cfg(test)]
use value::refuse;
pub use value::{CLOTHING, SettingValue};
pub(crate) use value::{choice, decimal, describe_kind, read, show};

/// What may be written for a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number in a unit, `1` for a pure number.
    Number {
        /// Unit of the bare number.
        unit: &'static str,
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
    },
    /// A whole number.
    Whole {
        /// Least value.
        min: u64,
        /// Greatest value.
        max: u64,
    },
    /// One of some names.
    Choice(Vec<&'static str>),
    /// A length of time, in ticks.
    Duration {
        /// Least, ticks.
        min_ticks: u32,
        /// Greatest, ticks.
        max_ticks: u32,
    },
    /// A list of signal names.
    Signals,
}

/// How a row reaches its value.
#[derive(Clone, Copy)]
pub(crate) enum Access {
    /// A number, for the zone, motor or centre of that index.
    Number(fn(&mut Draft, usize) -> Option<&mut f64>, usize),
    /// The same number of both zones.
    BothZones(fn(&mut Draft, usize) -> Option<&mut f64>),
    /// A count of ticks.
    Ticks(fn(&mut Draft) -> &mut u32),
    /// A starting condition.
    Knob(Knob),
    /// A field of the firmware's configuration.
    Firmware(&'static str),
    /// Columns of the field, across (0) or along (1).
    Columns(usize),
    /// `field` or `column`.
    Grid,
    /// Adapter or pack.
    Source,
    /// Body site.
    Site,
    /// User profile.
    Profile,
    /// Named clothing.
    Clothing,
    /// Seed.
    Seed,
    /// Trace columns.
    TraceSignals,
}

/// One row of the table.
#[derive(Clone)]
pub struct Setting {
    /// Whole path, `product.heater.upper.power_w`.
    pub path: String,
    /// What may be written.
    pub kind: Kind,
    /// What it is, one sentence.
    pub doc: String,
    /// Settings of a lower rank are applied first, so that the specific wins:
    /// 0 chooses a whole set, 1 sets both zones, 2 sets one thing.
    pub rank: u8,
    pub(crate) access: Access,
}

impl Setting {
    /// Reads the value; `None` where the draft has no such thing (the charge of an adapter).
    pub fn get(&self, draft: &Draft) -> Option<SettingValue> {
        value::get(self.access, &mut draft.clone())
    }

    /// The same without a copy of the draft, which stays as it is.
    pub(crate) fn get_from(&self, draft: &mut Draft) -> Option<SettingValue> {
        value::get(self.access, draft)
    }

    /// Puts a value in; it has been checked against the kind. False where the
    /// draft has no such thing.
    pub fn set(&self, draft: &mut Draft, value: &SettingValue) -> bool {
        value::set(self.access, draft, value)
    }

    /// The path without its section.
    pub fn key(&self) -> &str {
        self.path
            .split_once('.')
            .map_or(self.path.as_str(), |(_, key)| key)
    }

    /// The section, `product`.
    pub fn section(&self) -> &str {
        self.path.split_once('.').map_or("", |(section, _)| section)
    }

    /// Whether an event can `set` it while the run goes on.
    pub fn live(&self) -> bool {
        match self.access {
            Access::Knob(_) | Access::Clothing => true,
            Access::Number(..)
            | Access::BothZones(_)
            | Access::Ticks(_)
            | Access::Firmware(_)
            | Access::Columns(_)
            | Access::Grid
            | Access::Source
            | Access::Site
            | Access::Profile
            | Access::Seed
            | Access::TraceSignals => false,
        }
    }
}

/// Sections of a scenario that consist of settings, with what they are for.
pub const SECTIONS: [(&str, &str); 5] = [
    ("run", "How the run is made."),
    (
        "product",
        "How the massager differs from the reference product.",
    ),
    ("user", "Who lies on it, and how."),
    ("environment", "The surroundings."),
    (
        "firmware",
        "Overrides of the firmware's configuration, by its own names.",
    ),
];

struct Index {
    rows: Vec<Setting>,
    by_path: BTreeMap<String, usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut rows = bench::run_rows();
    rows.extend(product::rows());
    rows.extend(bench::board_rows());
    rows.extend(bench::user_rows());
    rows.extend(bench::environment_rows());
    rows.extend(bench::firmware_rows());
    let by_path = rows
        .iter()
        .enumerate()
        .map(|(i, r)| (r.path.clone(), i))
        .collect();
    Index { rows, by_path }
});

/// Every setting, section by section.
pub fn all() -> &'static [Setting] {
    &INDEX.rows
}

/// Looks a setting up by its whole path.
pub fn find(path: &str) -> Option<&'static Setting> {
    INDEX.by_path.get(path).map(|i| &INDEX.rows[*i])
}

/// Whether some setting's path starts with this path and a dot.
pub(crate) fn is_group(path: &str) -> bool {
    let prefix = format!("{path}.");
    INDEX
        .by_path
        .range(prefix.clone()..)
        .next()
        .is_some_and(|(p, _)| p.starts_with(&prefix))
}

/// The names that may follow a path: its settings and groups.
pub(crate) fn children(path: &str) -> Vec<&'static str> {
    let prefix = format!("{path}.");
    let mut names: Vec<&'static str> = Vec::new();
    for row in all() {
        if let Some(rest) = row.path.strip_prefix(&prefix) {
            let name = rest.split('.').next().unwrap_or(rest);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Every name that a signal can have.
pub(crate) fn signal_names() -> impl Iterator<Item = &'static str> {
    Signal::ALL.iter().map(|s| s.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_allowed_and_survives_being_set_again() {
        let draft = Draft::default();
        for row in all() {
            let Some(value) = row.get(&draft) else {
                continue;
            };
            assert_eq!(refuse(row, &value), None, "{}", row.path);
            let mut again = draft.clone();
            assert!(row.set(&mut again, &value), "{}", row.path);
            assert_eq!(again.build, draft.build, "{}", row.path);
            assert_eq!(again.conditions, draft.conditions, "{}", row.path);
            assert_eq!(again.board, draft.board, "{}", row.path);
            assert_eq!(again.firmware, draft.firmware, "{}", row.path);
        }
    }

    #[test]
    fn every_row_has_a_path_of_its_own_and_says_what_it_is() {
        let mut paths: Vec<&str> = all().iter().map(|r| r.path.as_str()).collect();
        let count = paths.len();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), count);
        assert!(count > 150, "{count} rows");
        for row in all() {
            assert!(row.doc.len() > 8, "{}", row.path);
            assert!(
                SECTIONS.iter().any(|(s, _)| *s == row.section()),
                "{}",
                row.path
            );
        }
    }

    #[test]
    fn no_two_specific_rows_share_a_value() {
        // Moving one row must move no other row of rank 2.
        let before = Draft::default();
        for row in all().iter().filter(|r| r.rank == 2) {
            let Kind::Number { min, max, .. } = row.kind else {
                continue;
            };
            let Some(SettingValue::Number(old)) = row.get(&before) else {
                continue;
            };
            let mut after = before.clone();
            let new = if old == min { max } else { min };
            row.set(&mut after, &SettingValue::Number(new));
            for other in all().iter().filter(|r| r.rank == 2 && r.path != row.path) {
                assert_eq!(
                    other.get(&before),
                    other.get(&after),
                    "{} moved {}",
                    row.path,
                    other.path
                );
            }
        }
    }
}
