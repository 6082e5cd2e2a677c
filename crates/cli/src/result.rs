//! What one case came to: the only thing that the reporters read.

use std::path::PathBuf;
use std::time::Duration;

use kneadsim_firmware::Status;
use kneadsim_link::Timeliness;
use kneadsim_plant::EnergyBalance;
use kneadsim_scenario::Case;
use kneadsim_sim::Outcome;
use kneadsim_sim::check::{Finding, Verdict};
use kneadsim_sim::run::ENERGY_FINDING;
use kneadsim_sim::spec::TICKS_PER_S;
use kneadsim_sim::trace::csv::row_time_s;

use crate::coverage::{self, Onset};
use crate::plot::Plot;
use crate::room::{self, Room};
use crate::words;

/// Outcome of a case as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseVerdict {
    /// Everything held.
    Pass,
    /// Something could not be decided, nothing failed.
    Inconclusive,
    /// Something did not hold.
    Fail,
    /// Real time was not kept: whatever was found is no evidence.
    Degraded,
    /// The device stopped answering.
    Lost,
    /// The program itself failed in this case.
    Error,
}

impl CaseVerdict {
    /// All, from best to worst.
    pub const ALL: [CaseVerdict; 6] = [
        CaseVerdict::Pass,
        CaseVerdict::Inconclusive,
        CaseVerdict::Fail,
        CaseVerdict::Degraded,
        CaseVerdict::Lost,
        CaseVerdict::Error,
    ];

    /// The word that stands in every report.
    pub fn word(self) -> &'static str {
        match self {
            CaseVerdict::Pass => "PASS",
            CaseVerdict::Inconclusive => "INCONCLUSIVE",
            CaseVerdict::Fail => "FAIL",
            CaseVerdict::Degraded => "DEGRADED",
            CaseVerdict::Lost => "LOST",
            CaseVerdict::Error => "ERROR",
        }
    }
}

/// One case, done.
#[derive(Debug)]
pub struct CaseResult {
    /// The case.
    pub case: Case,
    /// Folder-safe name, unique in this run.
    pub slug: String,
    /// Outcome.
    pub verdict: CaseVerdict,
    /// Every finding, in the file's order.
    pub findings: Vec<Finding>,
    /// How much room each finding leaves, in the same order.
    pub rooms: Vec<Room>,
    /// In which mode each fault came.
    pub onsets: Vec<Onset>,
    /// Index into `findings` of the smallest margin.
    pub tightest: Option<usize>,
    /// Digest of the run; none when it broke off.
    pub digest: Option<u128>,
    /// Energy balance; none when it broke off.
    pub energy: Option<EnergyBalance>,
    /// Mode and fault that the firmware reported last; none when it broke off.
    pub ended: Option<Status>,
    /// Resets by the watchdog.
    pub watchdog_resets: u32,
    /// Simulated time, ticks.
    pub ticks: u32,
    /// The device it ran on; none is the core in this program.
    pub device: Option<String>,
    /// Time on the wall.
    pub wall: Duration,
    /// How it kept real time, and how late it may have been, ms.
    pub timeliness: Option<(Timeliness, u32)>,
    /// Why it was degraded, lost or broke off.
    pub broken_off: Option<String>,
    /// Data for its picture.
    pub plot: Option<Plot>,
    /// Failure bundle.
    pub bundle: Option<PathBuf>,
    /// What could not be written.
    pub unwritten: Vec<String>,
}

impl CaseResult {
    /// A result without findings yet: a pass until something says otherwise.
    pub fn new(case: Case, slug: String, wall: Duration) -> Self {
        Self {
            case,
            slug,
            verdict: CaseVerdict::Pass,
            findings: Vec::new(),
            rooms: Vec::new(),
            onsets: Vec::new(),
            tightest: None,
            digest: None,
            energy: None,
            ended: None,
            watchdog_resets: 0,
            ticks: 0,
            device: None,
            wall,
            timeliness: None,
            broken_off: None,
            plot: None,
            bundle: None,
            unwritten: Vec::new(),
        }
    }

    /// Takes over what the bench found.
    pub fn take(&mut self, outcome: &Outcome) {
        self.verdict = match (&outcome.lost, outcome.verdict()) {
            (Some(lost), _) => {
                self.broken_off = Some(lost.to_string());
                CaseVerdict::Lost
            }
            (None, Verdict::Pass) => CaseVerdict::Pass,
            (None, Verdict::Inconclusive) => CaseVerdict::Inconclusive,
            (None, Verdict::Fail) => CaseVerdict::Fail,
        };
        self.findings = outcome.findings.clone();
        self.rooms = room::of_run(&self.case.spec, outcome);
        self.onsets = coverage::onsets(&self.case.spec, outcome);
        self.tightest = most_telling(outcome);
        self.digest = Some(outcome.digest);
        self.energy = Some(outcome.energy);
        self.ended = Some(outcome.ended);
        self.watchdog_resets = outcome.watchdog_resets;
        self.ticks = outcome.ticks_done;
    }

    /// Takes over how real time was kept; beyond the limit the case is degraded.
    pub fn take_timeliness(&mut self, timeliness: Timeliness, limit_ms: u32) {
        self.timeliness = Some((timeliness, limit_ms));
        if timeliness.slip_us > u64::from(limit_ms) * 1000 && self.verdict < CaseVerdict::Degraded {
            self.verdict = CaseVerdict::Degraded;
            self.broken_off = Some(format!(
                "real time was not kept: {} late at {}, allowed {limit_ms} ms",
                words::milliseconds(timeliness.slip_us),
                words::instant(timeliness.slip_tick),
            ));
        }
    }

    /// Simulated time, s.
    pub fn simulated_s(&self) -> f64 {
        seconds(self.ticks)
    }

    /// Simulated time over wall time.
    pub fn real_time_factor(&self) -> f64 {
        self.simulated_s() / self.wall.as_secs_f64().max(1e-9)
    }

    /// The finding with the smallest margin.
    pub fn tightest(&self) -> Option<&Finding> {
        self.tightest.and_then(|i| self.findings.get(i))
    }

    /// Findings that are not a plain pass. What the loss of the device left
    /// undecided is not among them: the loss says it all.
    pub fn to_look_at(&self) -> impl Iterator<Item = &Finding> {
        let lost = self.verdict == CaseVerdict::Lost;
        self.findings
            .iter()
            .filter(|f| f.verdict != Verdict::Pass || f.warning)
            .filter(move |f| !(lost && f.verdict == Verdict::Inconclusive))
    }

    /// The digest's 32 hexadecimal digits.
    pub fn digest_hex(&self) -> Option<String> {
        self.digest.map(|d| format!("{d:032x}"))
    }

    /// Where the case comes from, with forward slashes.
    pub fn source(&self) -> String {
        self.case.source.display().to_string().replace('\\', "/")
    }
}

/// Index of the finding with the smallest margin; where labels alone made the
/// case fail, margins of what held would mislead: then the first such finding.
fn most_telling(outcome: &Outcome) -> Option<usize> {
    let findings = &outcome.findings;
    let worst = findings.iter().map(|f| f.verdict).max()?;
    let tightest = outcome.tightest();
    match tightest {
        Some(t) if t.verdict == worst => findings.iter().position(|f| std::ptr::eq(f, t)),
        Some(_) | None if worst == Verdict::Pass => None,
        Some(_) | None => findings.iter().position(|f| f.verdict == worst),
    }
}

/// The instant at which a tick's sample is taken, s: the tick's end, as the signal `time_s` has it.
pub fn instant_s(tick: u32) -> f64 {
    row_time_s(tick)
}

/// Ticks in seconds.
pub fn seconds(ticks: u32) -> f64 {
    f64::from(ticks) / f64::from(TICKS_PER_S)
}

/// The word for one finding.
pub fn finding_word(finding: &Finding) -> &'static str {
    match (finding.verdict, finding.warning) {
        (Verdict::Pass, true) => "WARNING",
        (Verdict::Pass, false) => "PASS",
        (Verdict::Inconclusive, _) => "INCONCLUSIVE",
        (Verdict::Fail, _) => "FAIL",
    }
}

/// The smallest margin of each unit over many cases, in the order of units' names:
/// kelvin and watts cannot be compared with each other. Limit lines of dose and damage
/// count as kelvin: how much hotter the whole history could have been.
pub fn tightest_by_unit(results: &[CaseResult]) -> Vec<(&CaseResult, &Finding)> {
    let mut best: std::collections::BTreeMap<&str, (f64, &CaseResult, &Finding)> =
        Default::default();
    for result in results {
        for finding in &result.findings {
            let Some(margin) = finding.margin.filter(|m| m.is_finite()) else {
                continue;
            };
            let held = finding.verdict == Verdict::Pass;
            // Every run closes its balance, and `== 0` holds with margin 0: neither is near a limit.
            if held && (finding.id == ENERGY_FINDING || margin == 0.0) {
                continue;
            }
            let (near, unit) = words::on_common_scale(finding).unwrap_or((margin, &finding.unit));
            if best.get(unit).is_none_or(|(nearest, ..)| near < *nearest) {
                best.insert(unit, (near, result, finding));
            }
        }
    }
    best.into_values()
        .map(|(_, result, finding)| (result, finding))
        .collect()
}

/// How near a case came to a limit, comparable between units; infinite where nothing says.
pub fn nearness(result: &CaseResult) -> f64 {
    result
        .tightest()
        .and_then(kneadsim_sim::run::nearness)
        .unwrap_or(f64::INFINITY)
}

/// One row of requirement coverage.
#[derive(Debug)]
pub struct RequirementRow<'a> {
    /// Requirement id.
    pub id: &'a str,
    /// How many cases state it.
    pub cases: usize,
    /// The worst outcome of them.
    pub verdict: CaseVerdict,
    /// The case with the smallest tightest margin, by outcome first.
    pub worst: &'a CaseResult,
}

/// Requirements that the cases state, by id.
pub fn requirements(results: &[CaseResult]) -> Vec<RequirementRow<'_>> {
    let mut rows: std::collections::BTreeMap<&str, RequirementRow> = Default::default();
    for result in results {
        for id in &result.case.requirements {
            let row = rows.entry(id).or_insert(RequirementRow {
                id,
                cases: 0,
                verdict: result.verdict,
                worst: result,
            });
            row.cases += 1;
            let key = |r: &CaseResult| (std::cmp::Reverse(r.verdict), nearness(r));
            if key(result) < key(row.worst) {
                row.worst = result;
            }
            row.verdict = row.verdict.max(result.verdict);
        }
    }
    rows.into_values().collect()
}
