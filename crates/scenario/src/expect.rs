//! `[[expect]]`: what must hold.

use kneadsim_sim::check::{Check, CheckKind};
use kneadsim_sim::fault::FaultKind;
use kneadsim_sim::limits::LimitProfile;
use kneadsim_sim::spec::{Derived, TICKS_PER_S};

use crate::bounds::{EXPECTATIONS_MAX, WINDOWS_MAX_TICKS};
use crate::document::{Node, Table};
use crate::files::Files;
use crate::formula::{self, Scope};
use crate::keys::{self, EXPECT};
use crate::mistake::Reporter;
use crate::profile;
use crate::quantity::{listed, shorten, show_duration};
use crate::read;

/// A shape: the keys that make it, those that may be added, and how it is shown.
struct Shape {
    needs: &'static [&'static str],
    may: &'static [&'static str],
}

const SHAPES: [Shape; 8] = [
    Shape {
        needs: &["always"],
        may: &["limits"],
    },
    Shape {
        needs: &["never"],
        may: &[],
    },
    Shape {
        needs: &["eventually"],
        may: &["before"],
    },
    Shape {
        needs: &["after", "within", "then"],
        may: &["may_be_vacuous"],
    },
    Shape {
        needs: &["after", "always"],
        may: &["delay", "may_be_vacuous"],
    },
    Shape {
        needs: &["stays", "for"],
        may: &["before"],
    },
    Shape {
        needs: &["at_end"],
        may: &[],
    },
    Shape {
        needs: &["limits"],
        may: &[],
    },
];

/// Keys that every shape may have.
const EVERYWHERE: [&str; 3] = ["id", "from", "until"];
/// Keys of which exactly one shape's own must be there.
const SHAPING: [&str; 10] = [
    "always",
    "never",
    "eventually",
    "after",
    "within",
    "then",
    "stays",
    "for",
    "at_end",
    "limits",
];

/// Expectations of a file.
#[derive(Default)]
pub(crate) struct Expectations {
    /// As the bench wants them.
    pub checks: Vec<Check>,
    /// Fault columns that their formulas ask for.
    pub derived: Vec<Derived>,
    /// Limit profile of each `[[expect]]` that has one.
    pub profiles: Vec<Option<LimitProfile>>,
}

/// Reads all expectations.
pub(crate) fn read(
    root: &Table,
    faults: &[(FaultKind, u8)],
    duration_ticks: u32,
    files: &Files<'_>,
    reporter: &mut Reporter,
) -> Expectations {
    let mut found = Expectations::default();
    let mut ids: Vec<&str> = Vec::new();
    for (table, node) in read::tables(root, "expect", EXPECTATIONS_MAX, reporter) {
        keys::check(node, table, EXPECT, &[], reporter);
        let id = read::text(table, "id", reporter);
        if let Some((id, id_node)) = id {
            if ids.contains(&id) {
                reporter.mistake(
                    id_node.place,
                    format!("two expectations have the id \"{}\"", shorten(id)),
                );
            }
            ids.push(id);
        }
        let mut one = One {
            table,
            node,
            faults,
            duration_ticks,
            reporter,
        };
        let profile = one.read(id.map_or("", |(id, _)| id), files, &mut found);
        found.profiles.push(profile);
        windows_in_bounds(&found.checks, table, node, reporter);
    }
    found
}

/// Reports the expectation that makes the monitors' memory too large.
fn windows_in_bounds(checks: &[Check], table: &Table, node: &Node, reporter: &mut Reporter) {
    let window = |check: &Check| match &check.kind {
        CheckKind::Respond { within_ticks, .. } => *within_ticks,
        CheckKind::Stays { for_ticks, .. } => *for_ticks,
        CheckKind::Always(_)
        | CheckKind::Never(_)
        | CheckKind::Eventually { .. }
        | CheckKind::AfterAlways { .. }
        | CheckKind::AtEnd(_)
        | CheckKind::Limits(_) => 0,
    };
    let together: u64 = checks.iter().map(|c| u64::from(window(c))).sum();
    let last = checks.last().map_or(0, |c| u64::from(window(c)));
    if together > WINDOWS_MAX_TICKS && together - last <= WINDOWS_MAX_TICKS {
        let at = table.node("within").or(table.node("for")).unwrap_or(node);
        let h = |ticks: u64| ticks as f64 / (3600.0 * f64::from(TICKS_PER_S));
        reporter.mistake(
            at.place,
            format!(
                "`for` and `within` of all expectations come to {} h here, allowed {} h together",
                h(together),
                h(WINDOWS_MAX_TICKS)
            ),
        );
    }
}

struct One<'a, 'r> {
    table: &'a Table,
    node: &'a Node,
    faults: &'a [(FaultKind, u8)],
    duration_ticks: u32,
    reporter: &'r mut Reporter,
}

impl One<'_, '_> {
    fn read(
        &mut self,
        id: &str,
        files: &Files<'_>,
        found: &mut Expectations,
    ) -> Option<LimitProfile> {
        let shape = self.shape()?;
        let from = self.time("from", 0);
        let until = self.optional_time("until");
        if let (Some(from), Some(Some(until)), Some(n)) = (from, until, self.table.node("until"))
            && until < from
        {
            let message = format!(
                "`until` is {}, before `from` at {}",
                show_duration(until),
                show_duration(from)
            );
            self.reporter.mistake(n.place, message);
        }
        let may_be_vacuous = read::flag(self.table, "may_be_vacuous", false, self.reporter);
        let kind = if shape.needs == ["limits"] {
            None
        } else {
            Some(self.kind(shape, &mut found.derived))
        };
        let profile = self
            .table
            .node("limits")
            .map(|n| profile::read(n, files, self.reporter));
        let (from_tick, until_tick) = (from?, until?);
        let check = |kind| Check {
            id: id.to_owned(),
            kind,
            from_tick,
            until_tick,
            may_be_vacuous,
        };
        if let Some(kind) = kind.flatten() {
            found.checks.push(check(kind));
        }
        let profile = profile.flatten();
        if let Some(profile) = &profile {
            found.checks.push(check(CheckKind::Limits(profile.clone())));
        }
        profile
    }

    /// The one shape that fits the keys.
    fn shape(&mut self) -> Option<&'static Shape> {
        let has = |key: &&str| self.table.get(key).is_some();
        let present: Vec<&str> = SHAPING.into_iter().filter(has).collect();
        // `limits` joins `always`, but makes a shape of its own where it is alone.
        let complete = |shape: &&Shape| shape.needs.iter().all(has);
        let uses = |shape: &Shape| {
            present
                .iter()
                .all(|k| shape.needs.contains(k) || shape.may.contains(k))
        };
        let Some(shape) = SHAPES.iter().find(|s| complete(s) && uses(s)) else {
            let message = match present.as_slice() {
                [] => "the expectation says nothing".to_owned(),
                some => format!("{} do not make an expectation", listed(some)),
            };
            self.reporter.missing(
                self.node.place,
                format!("{message}; allowed are {}", shapes_in_words()),
            );
            return None;
        };
        for key in ["before", "delay", "may_be_vacuous"] {
            if let Some(entry) = self.table.get(key)
                && !shape.may.contains(&key)
            {
                let with: Vec<String> = SHAPES
                    .iter()
                    .filter(|s| s.may.contains(&key))
                    .map(shown)
                    .collect();
                self.reporter.mistake(
                    entry.key_place,
                    format!(
                        "`{key}` does not go with {}, only with {}",
                        shown(shape),
                        with.join(" or ")
                    ),
                );
            }
        }
        Some(shape)
    }

    fn kind(&mut self, shape: &Shape, derived: &mut Vec<Derived>) -> Option<CheckKind> {
        let mut scope = Scope {
            faults: self.faults,
            derived,
            integrals: 0,
        };
        let mut formula = |key: &str, reporter: &mut Reporter| {
            formula::parse(self.table.node(key)?, key, &mut scope, reporter)
        };
        match shape.needs {
            ["always"] => formula("always", self.reporter).map(CheckKind::Always),
            ["never"] => formula("never", self.reporter).map(CheckKind::Never),
            ["at_end"] => formula("at_end", self.reporter).map(CheckKind::AtEnd),
            ["eventually"] => {
                let formula = formula("eventually", self.reporter);
                let before_tick = self.optional_time("before");
                Some(CheckKind::Eventually {
                    formula: formula?,
                    before_tick: before_tick?,
                })
            }
            ["after", "within", "then"] => {
                let trigger = formula("after", self.reporter);
                let then = formula("then", self.reporter);
                let within = self.time("within", 0);
                Some(CheckKind::Respond {
                    trigger: trigger?,
                    within_ticks: within?,
                    then: then?,
                })
            }
            ["after", "always"] => {
                let trigger = formula("after", self.reporter);
                let always = formula("always", self.reporter);
                let delay = self.time("delay", 0);
                Some(CheckKind::AfterAlways {
                    trigger: trigger?,
                    delay_ticks: delay?,
                    always: always?,
                })
            }
            _ => {
                let formula = formula("stays", self.reporter);
                let length = self.time("for", 0);
                if let (Some(0), Some(n)) = (length, self.table.node("for")) {
                    self.reporter.mistake(
                        n.place,
                        "`for` is 0s: use `eventually` for a single instant",
                    );
                }
                let before_tick = self.optional_time("before");
                Some(CheckKind::Stays {
                    formula: formula?,
                    for_ticks: length?,
                    before_tick: before_tick?,
                })
            }
        }
    }

    /// A time that must be within the run.
    fn time(&mut self, key: &str, default: u32) -> Option<u32> {
        self.optional_time(key).map(|t| t.unwrap_or(default))
    }

    fn optional_time(&mut self, key: &str) -> Option<Option<u32>> {
        let Some(node) = self.table.node(key) else {
            return Some(None);
        };
        let ticks = read::duration(self.table, key, self.reporter)?;
        if ticks > self.duration_ticks {
            let end = show_duration(self.duration_ticks);
            self.reporter.mistake(
                node.place,
                format!("`{key}` is {}, the run ends at {end}", show_duration(ticks)),
            );
            return None;
        }
        Some(Some(ticks))
    }
}

fn shown(shape: &Shape) -> String {
    shape
        .needs
        .iter()
        .map(|k| format!("`{k}`"))
        .collect::<Vec<_>>()
        .join(" + ")
}

/// The shapes, as the help and the documentation list them.
pub(crate) fn shapes_in_words() -> String {
    SHAPES.iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// Each shape's keys: those it needs, those it may have.
pub(crate) fn shape_keys() -> impl Iterator<Item = (&'static [&'static str], Vec<&'static str>)> {
    SHAPES
        .iter()
        .map(|s| (s.needs, s.may.iter().chain(&EVERYWHERE).copied().collect()))
}
