//! The rows of the table as plain data, and those that the base cannot show.
//!
//! Row *n* is the same whatever filter chose it. A fault that the product or the
//! grid does not have is listed with the reason, never dropped.

use kneadsim_plant::ZONES;
use kneadsim_sim::Spec;
use kneadsim_sim::check::{Check, CheckKind};
use kneadsim_sim::fault::{CATALOGUE, CatalogueRow, FaultKind, FaultSpec};
use kneadsim_sim::limits::LimitProfile;
use kneadsim_sim::spec::{Recording, TICKS_PER_S};
use kneadsim_sim::validate::Part;

use super::demand::lasts_ticks;
use super::script::{Instant, Script, State};

/// What the rows share.
#[derive(Clone, Debug)]
pub struct Base {
    /// Product, user, environment, firmware's configuration, seed.
    pub spec: Spec,
    /// Skin's limits.
    pub limits: Vec<LimitProfile>,
}

/// Which rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Each row again after each latent fault of the catalogue.
    pub is_after_latent: bool,
}

/// A fault that was there before, unnoticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latent {
    /// Kind.
    pub kind: FaultKind,
    /// Index into the kind's targets.
    pub target: u8,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// Kind.
    pub kind: FaultKind,
    /// Index into the kind's targets.
    pub target: u8,
    /// The kind's number; 0 where it takes none.
    pub value: f64,
    /// When it comes.
    pub instant: Instant,
    /// What came before it.
    pub latent: Option<Latent>,
}

/// A fault that the base cannot show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplicable {
    /// Kind.
    pub kind: FaultKind,
    /// Index into the kind's targets.
    pub target: u8,
    /// Rows that are not there because of it.
    pub rows: usize,
    /// Why.
    pub reason: String,
}

/// Every row of the table, and what is not in it. Rows that begin alike (the same
/// instant after the same latent fault) stand together, each group in the order of the
/// catalogue.
pub fn cases(base: &Base, script: &Script, wanted: Wanted) -> (Vec<Case>, Vec<NotApplicable>) {
    let latents = latents(wanted);
    let mut faults = Vec::new();
    let mut absent = Vec::new();
    for row in CATALOGUE {
        for target in 0..row.targets.names().len() {
            let target = target as u8;
            let values = values(row);
            match realisable(base, row.kind, target, values[0]) {
                Ok(()) => faults.extend(values.iter().map(|value| (row.kind, target, *value))),
                Err(reason) => absent.push(NotApplicable {
                    kind: row.kind,
                    target,
                    rows: values.len() * script.instants.len() * latents.len(),
                    reason,
                }),
            }
        }
    }
    let mut rows = Vec::new();
    for latent in &latents {
        for instant in &script.instants {
            // A fault after itself is no second fault.
            let other = |kind, target| latent.is_none_or(|l| (l.kind, l.target) != (kind, target));
            let chosen = faults
                .iter()
                .filter(|(kind, target, _)| other(*kind, *target));
            rows.extend(chosen.map(|(kind, target, value)| Case {
                kind: *kind,
                target: *target,
                value: *value,
                instant: *instant,
                latent: *latent,
            }));
        }
    }
    (rows, absent)
}

fn latents(wanted: Wanted) -> Vec<Option<Latent>> {
    let mut all = vec![None];
    if wanted.is_after_latent {
        for row in CATALOGUE.iter().filter(|row| row.latent) {
            let targets = 0..row.targets.names().len();
            all.extend(targets.map(|target| {
                Some(Latent {
                    kind: row.kind,
                    target: target as u8,
                })
            }));
        }
    }
    all
}

/// The usual value and both ends of the range.
fn values(row: &CatalogueRow) -> Vec<f64> {
    let Some(parameter) = row.parameter else {
        return vec![0.0];
    };
    let mut values = vec![parameter.default];
    for end in [parameter.min, parameter.max] {
        if !values.contains(&end) {
            values.push(end);
        }
    }
    values
}

fn realisable(base: &Base, kind: FaultKind, target: u8, value: f64) -> Result<(), String> {
    let mut spec = base.spec.clone();
    spec.faults = vec![lasting(kind, target, value, 0)];
    let Err(problems) = spec.validate() else {
        return Ok(());
    };
    let own = problems.into_iter().find(|p| p.part == Part::Fault(0));
    own.map_or(Ok(()), |problem| Err(problem.message))
}

fn lasting(kind: FaultKind, target: u8, value: f64, onset_tick: u32) -> FaultSpec {
    FaultSpec {
        kind,
        target,
        value,
        onset_tick,
        duration_ticks: lasts_ticks(kind),
        repeat: None,
    }
}

/// Barriers that are out of order from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disabled {
    /// The firmware's protection does not act.
    pub firmware: bool,
    /// Both cut-outs are welded.
    pub cutout: bool,
    /// The series relay's contact does not open.
    pub relay: bool,
}

impl Case {
    /// The fault's target, by name.
    pub fn target_name(&self) -> &'static str {
        let names = self.kind.row().targets.names();
        names.get(usize::from(self.target)).copied().unwrap_or("")
    }

    /// Name of the row: `holding/mosfet_short[upper,at=451.20s]`.
    pub fn name(&self) -> String {
        let at_s = f64::from(self.instant.tick) / f64::from(TICKS_PER_S);
        let number = match self.kind.row().parameter {
            Some(parameter) => format!(",{}={}", parameter.name, self.value),
            None => String::new(),
        };
        let after = match self.latent {
            Some(latent) => format!(",after={}", latent.name()),
            None => String::new(),
        };
        format!(
            "{}/{}[{}{number},at={at_s:.2}s{after}]",
            self.instant.state.name(),
            self.kind.name(),
            self.target_name()
        )
    }

    /// What runs, with some barriers out of order. The firmware's own is a matter of
    /// the device.
    pub fn spec(&self, base: &Base, script: &Script, disabled: Disabled) -> Spec {
        let mut spec = self.beginning(base, script, disabled);
        spec.faults.push(self.fault());
        spec
    }

    /// The same without the row's own fault: what rows of one instant share.
    pub fn beginning(&self, base: &Base, script: &Script, disabled: Disabled) -> Spec {
        let mut faults = Vec::new();
        if let Some(latent) = self.latent {
            faults.push(self.earlier(script, latent));
        }
        if disabled.cutout {
            for zone in 0..ZONES {
                let kind = FaultKind::CutoutWelded;
                faults.push(lasting(kind, zone as u8, 0.0, 0));
            }
        }
        if disabled.relay {
            let kind = FaultKind::RelayWelded;
            faults.push(self.earlier(script, Latent { kind, target: 0 }));
        }
        if self.instant.state == State::Latched {
            faults.push(script.trip());
        }
        Spec {
            name: self.name(),
            duration_ticks: script.length_ticks(self.instant),
            events: script.events.clone(),
            faults,
            derived: Vec::new(),
            checks: base.limits.iter().map(limit_check).collect(),
            recording: Recording {
                every_ticks: 0,
                signals: Vec::new(),
            },
            ..base.spec.clone()
        }
    }

    /// The row's own fault.
    pub fn fault(&self) -> FaultSpec {
        lasting(self.kind, self.target, self.value, self.instant.tick)
    }

    /// First tick at which something is out of order.
    pub fn first_tick(&self, script: &Script) -> u32 {
        let mut first = self.instant.tick;
        if let Some(latent) = self.latent {
            first = first.min(self.earlier(script, latent).onset_tick);
        }
        if self.instant.state == State::Latched {
            first = first.min(script.trip_tick);
        }
        first
    }

    /// A fault that was there before: from the start; a relay in a session only since
    /// that began, since a start would have found it.
    fn earlier(&self, script: &Script, latent: Latent) -> FaultSpec {
        let welded = latent.kind == FaultKind::RelayWelded;
        let in_session = self.instant.tick > script.session_tick;
        let onset_tick = if welded && in_session {
            script.session_tick
        } else {
            0
        };
        lasting(latent.kind, latent.target, 0.0, onset_tick)
    }
}

impl Latent {
    /// `cutout_welded.upper`, `relay_welded`.
    pub fn name(&self) -> String {
        let names = self.kind.row().targets.names();
        match names.get(usize::from(self.target)) {
            Some(name) if names.len() > 1 => format!("{}.{name}", self.kind.name()),
            Some(_) | None => self.kind.name().to_owned(),
        }
    }
}

fn limit_check(profile: &LimitProfile) -> Check {
    Check {
        id: profile.name.clone(),
        kind: CheckKind::Limits(profile.clone()),
        from_tick: 0,
        until_tick: None,
        may_be_vacuous: false,
    }
}
