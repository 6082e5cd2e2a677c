//! How each expectation stood over time.

use kneadsim_sim::check::{Finding, Verdict};

/// Of one expectation, or one line of a limit profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not decided yet.
    Open,
    /// It holds.
    Holds,
    /// A warning line is broken; the verdict is not.
    Warned,
    /// It is broken.
    Broken,
}

impl Standing {
    /// Of a finding.
    pub fn of(finding: &Finding) -> Standing {
        match finding.verdict {
            Verdict::Pass if finding.warning => Standing::Warned,
            Verdict::Pass => Standing::Holds,
            Verdict::Inconclusive => Standing::Open,
            Verdict::Fail => Standing::Broken,
        }
    }

    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Holds => "holds",
            Standing::Warned => "warning",
            Standing::Broken => "BROKEN",
        }
    }
}

/// Changes of all of them, ascending in time: in the order of the run's findings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standings {
    changes: Vec<Vec<(u32, Standing)>>,
}

impl Standings {
    /// Changes of the finding with this number: since when (ticks), what.
    pub fn changes(&self, finding: usize) -> &[(u32, Standing)] {
        self.changes.get(finding).map_or(&[], Vec::as_slice)
    }

    pub(super) fn look(&mut self, tick: u32, findings: &[Finding]) {
        self.changes.resize(findings.len(), Vec::new());
        for (changes, finding) in self.changes.iter_mut().zip(findings) {
            let now = Standing::of(finding);
            if changes.last().is_none_or(|(_, last)| *last != now) {
                changes.push((tick, now));
            }
        }
    }

    pub(super) fn forget_after(&mut self, tick: u32) {
        for changes in &mut self.changes {
            changes.retain(|(since, _)| *since <= tick);
        }
    }
}
