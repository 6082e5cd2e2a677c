//! One row of the table: run, judged, and run again with barriers out of order.

use kneadsim_sim::check::{Finding, Verdict as Held};
use kneadsim_sim::spec::TICKS_PER_S;
use kneadsim_sim::{InProcess, Spec, Unprotected};

use super::barriers::{self, Barriers};
use super::cases::{Base, Case, Latent};
use super::course::{Beginning, Course, Detection, Look, Peaks, begin, go_on};
use super::demand::{Demand, Hazard, demand, is_of_the_product};
use super::script::{Instant, Script, State};

/// Hottest winding, degC: MOT-02, class E.
pub const WINDING_MAX_C: f64 = 120.0;
/// Hottest battery pack, degC: SUP-04.
pub const PACK_MAX_C: f64 = 65.0;

/// Everything that rows are made from.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What they share.
    pub base: Base,
    /// The user's script.
    pub script: Script,
    /// Run rows without a latent fault again with barriers out of order.
    pub with_barriers: bool,
}

/// Verdict of a row, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Everything that is demanded held.
    Pass,
    /// A warning line of a limit profile broke.
    Warning,
    /// Something that is demanded did not hold.
    Fail,
}

/// Why a row failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A line of a limit profile broke; or it could not be decided.
    Skin,
    /// A winding got too hot.
    Winding,
    /// The pack got too hot.
    Pack,
    /// What must stop did not stop in time.
    Late,
    /// What must stop did not stop at all.
    NeverSafe,
    /// It should have been noticed in time and was not.
    Unnoticed,
    /// A session heated although the start should have found the fault.
    HeatedAfterStart,
    /// The energy balance does not close: the run proves nothing.
    Energy,
}

/// The limit line that a row came nearest to.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// The line, in words.
    pub line: String,
    /// How much hotter the whole history could have been, K; negative is broken.
    pub kelvin_left: f64,
}

/// A row's outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Place in the table's own order.
    pub number: usize,
    /// What was run.
    pub case: Case,
    /// What is demanded of it; only limits where a latent fault came first.
    pub demand: Demand,
    /// Verdict.
    pub verdict: Verdict,
    /// Why it failed.
    pub reasons: Vec<Reason>,
    /// Who noticed first.
    pub detection: Detection,
    /// From the fault to that, s; negative where an earlier fault was noticed already.
    pub detected_s: Option<f64>,
    /// From when what must stop first shows to when it is gone, s.
    pub safe_s: Option<f64>,
    /// What must stop showed at all.
    pub shows: bool,
    /// Extremes.
    pub peaks: Peaks,
    /// The tightest line of all that fail.
    pub nearest: Option<Nearest>,
    /// Simulated time of all its runs, ticks.
    pub ticks: u64,
    /// Digest of the run with all barriers.
    pub digest: u128,
    /// With barriers out of order.
    pub barriers: Option<Barriers>,
}

impl Row {
    /// Noticed by nobody and harmless: a latent fault in waiting. Only faults of the
    /// product are: a blanket need not be noticed.
    pub fn is_hidden(&self) -> bool {
        self.detection == Detection::Nothing
            && self.verdict != Verdict::Fail
            && is_of_the_product(self.case.kind)
    }

    /// How near the row is to harm, K: skin's tightest line or a winding's limit.
    pub fn nearness_k(&self) -> f64 {
        let skin = self
            .nearest
            .as_ref()
            .map_or(f64::INFINITY, |n| n.kelvin_left);
        skin.min(WINDING_MAX_C - self.peaks.winding_c)
    }

    /// Order of the report: what failed first, then by nearness.
    pub fn worse(&self, other: &Row) -> core::cmp::Ordering {
        let by_verdict = other.verdict.cmp(&self.verdict);
        let by_nearness = self.nearness_k().total_cmp(&other.nearness_k());
        by_verdict
            .then(by_nearness)
            .then(self.number.cmp(&other.number))
    }
}

impl Plan {
    /// Runs row `number`; nothing where it was stopped before its end.
    ///
    /// # Errors
    /// What makes it unfit to run: a broken base.
    pub fn run<'a>(
        &'a self,
        beginnings: &mut Beginnings<'a>,
        number: usize,
        case: Case,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Row>, String> {
        let mut demand = demand(case.kind);
        if case.latent.is_some() {
            demand = Demand {
                hazard: demand.hazard,
                budget_s: None,
                is_noticed: false,
                is_found_at_start: false,
                requirement: "CUT-01",
            };
        }
        let Some(course) = self.course(beginnings, &case, 0, stop)? else {
            return Ok(None);
        };
        let mut row = judge(number, case, demand, &course);
        if self.with_barriers && case.latent.is_none() {
            match self.barriers(beginnings, &case, &course, &mut row.ticks, stop)? {
                Some(barriers) => row.barriers = Some(barriers),
                None => return Ok(None),
            }
        }
        Ok(Some(row))
    }

    fn course<'a>(
        &'a self,
        beginnings: &mut Beginnings<'a>,
        case: &Case,
        combination: usize,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Course>, String> {
        let demand = demand(case.kind);
        let look = Look {
            script: &self.script,
            fault: case.fault(),
            hazard: demand.hazard,
            is_asked_at_once: demand.budget_s.is_none(),
            first_tick: case.first_tick(&self.script),
        };
        let spec = || case.beginning(&self.base, &self.script, barriers::disabled(combination));
        match beginnings.of(case, combination, spec, look)? {
            Start::Protected(beginning) => go_on(beginning.clone(), look, stop),
            Start::Unprotected(beginning) => go_on(beginning.clone(), look, stop),
        }
    }

    /// With nothing left first: where that does no harm, nothing is needed, and where
    /// all together are not enough, no part of them is.
    fn barriers<'a>(
        &'a self,
        beginnings: &mut Beginnings<'a>,
        case: &Case,
        whole: &Course,
        ticks: &mut u64,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Barriers>, String> {
        let mut found = Barriers::default();
        let mut note = |combination: usize, course: &Course| {
            let harm = Harm::of(course);
            found.burns |= u8::from(harm.skin) << combination;
            found.cooks |= u8::from(harm.winding || harm.pack) << combination;
            harm.any()
        };
        if note(0, whole) {
            found.burns |= if found.burns != 0 { u8::MAX } else { 0 };
            found.cooks |= if found.cooks != 0 { u8::MAX } else { 0 };
            return Ok(Some(found));
        }
        for combination in [barriers::NONE_LEFT, 1, 2, 3, 4, 5, 6] {
            let Some(course) = self.course(beginnings, case, combination, stop)? else {
                return Ok(None);
            };
            *ticks += u64::from(course.ticks);
            if !note(combination, &course) && combination == barriers::NONE_LEFT {
                break;
            }
        }
        Ok(Some(found))
    }
}

/// Beginnings that the next rows most likely share: those of one instant after one
/// latent fault, with each combination of barriers. For a thread to keep.
#[derive(Debug, Default)]
pub struct Beginnings<'a> {
    of: Option<(Instant, Option<Latent>)>,
    known: Vec<(usize, Start<'a>)>,
}

#[derive(Debug)]
enum Start<'a> {
    Protected(Beginning<'a, InProcess>),
    Unprotected(Beginning<'a, Unprotected>),
}

impl<'a> Beginnings<'a> {
    fn of(
        &mut self,
        case: &Case,
        combination: usize,
        spec: impl Fn() -> Spec,
        look: Look<'a>,
    ) -> Result<&Start<'a>, String> {
        let of = Some((case.instant, case.latent));
        if self.of != of {
            self.known.clear();
            self.of = of;
        }
        let place = match self
            .known
            .iter()
            .position(|(known, _)| *known == combination)
        {
            Some(place) => place,
            None => {
                let start = if barriers::disabled(combination).firmware {
                    Start::Unprotected(begin(spec(), Unprotected::new(), look)?)
                } else {
                    Start::Protected(begin(spec(), InProcess::new(), look)?)
                };
                self.known.push((combination, start));
                self.known.len() - 1
            }
        };
        Ok(&self.known[place].1)
    }
}

/// What came to harm.
struct Harm {
    skin: bool,
    winding: bool,
    pack: bool,
}

impl Harm {
    fn of(course: &Course) -> Harm {
        Harm {
            // An undecided line is no pass.
            skin: course.findings.iter().any(|f| f.verdict != Held::Pass),
            winding: course.peaks.winding_c.is_nan() || course.peaks.winding_c >= WINDING_MAX_C,
            pack: course.peaks.pack_c.is_nan() || course.peaks.pack_c >= PACK_MAX_C,
        }
    }

    fn any(&self) -> bool {
        self.skin || self.winding || self.pack
    }
}

fn judge(number: usize, case: Case, demand: Demand, course: &Course) -> Row {
    let onset = f64::from(case.instant.tick);
    let rate = f64::from(TICKS_PER_S);
    let noticed = course.detection != Detection::Nothing;
    // At the end of the tick in which it is noticed.
    let detected_s = noticed.then(|| (f64::from(course.detected_tick) + 1.0 - onset) / rate);
    let safe_s = match (course.shows_tick, course.safe_tick) {
        (Some(shows), Some(safe)) => Some(f64::from(safe - shows) / rate),
        (Some(_) | None, Some(_) | None) => None,
    };
    let harm = Harm::of(course);
    let mut reasons = Vec::new();
    let mut hold = |holds: bool, reason| {
        if !holds {
            reasons.push(reason);
        }
    };
    hold(!harm.skin, Reason::Skin);
    hold(!harm.winding, Reason::Winding);
    hold(!harm.pack, Reason::Pack);
    let demanded = demand.hazard != Hazard::None && case.latent.is_none();
    if demanded && course.shows_tick.is_some() {
        hold(safe_s.is_some(), Reason::NeverSafe);
        let in_time = match (safe_s, demand.budget_s) {
            (Some(safe_s), Some(budget_s)) => safe_s <= budget_s,
            (Some(_) | None, Some(_) | None) => true,
        };
        hold(in_time, Reason::Late);
    }
    if demand.is_noticed {
        let in_time = match (detected_s, demand.budget_s) {
            (Some(detected_s), Some(budget_s)) => detected_s <= budget_s,
            (Some(_), None) => true,
            (None, _) => false,
        };
        hold(in_time, Reason::Unnoticed);
    }
    if demand.is_found_at_start && case.instant.state == State::Off {
        hold(!course.heated_unnoticed, Reason::HeatedAfterStart);
    }
    hold(course.energy_closes, Reason::Energy);
    let warned = course.findings.iter().any(|f| f.warning);
    let verdict = if !reasons.is_empty() {
        Verdict::Fail
    } else if warned {
        Verdict::Warning
    } else {
        Verdict::Pass
    };
    Row {
        number,
        case,
        demand,
        verdict,
        reasons,
        detection: course.detection,
        detected_s,
        safe_s,
        shows: course.shows_tick.is_some(),
        peaks: course.peaks,
        nearest: nearest(&course.findings),
        ticks: u64::from(course.ticks),
        digest: course.digest,
        barriers: None,
    }
}

/// The line with least left; what could not be compared counts as broken.
fn nearest(findings: &[Finding]) -> Option<Nearest> {
    let of = |finding: &Finding| Nearest {
        line: finding.decided_by.clone(),
        kelvin_left: finding.kelvin_left.unwrap_or(f64::NEG_INFINITY),
    };
    findings
        .iter()
        .map(of)
        .min_by(|a, b| a.kelvin_left.total_cmp(&b.kelvin_left))
}
