//! A whole run, from specification to outcome.

use std::sync::Arc;

use kneadsim_firmware::Status;
use kneadsim_plant::EnergyBalance;

use crate::bench::Bench;
use crate::check::{Finding, Verdict};
use crate::device::{Device, DeviceLost};
use crate::spec::{Spec, TICKS_PER_S};
use crate::trace::Trace;

/// The energy balance closes within this share of what was put in.
pub const ENERGY_TOLERANCE: f64 = 1.0e-6;
/// Name of the finding that every run has.
pub const ENERGY_FINDING: &str = "energy balance";

/// How long the board is watched after its device was lost: watchdog, relay and
/// the motors' run-down.
const AFTERMATH_TICKS: u32 = 2 * TICKS_PER_S;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Ticks done.
    pub tick: u32,
    /// Ticks in all.
    pub last_tick: u32,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continue {
    /// Go on.
    Yes,
    /// Stop here and keep what was done.
    No,
}

/// What a run gave.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// One per expectation and limit line, then the energy balance.
    pub findings: Vec<Finding>,
    /// Recorded signals and notes.
    pub trace: Trace,
    /// Digest over everything that happened.
    pub digest: u128,
    /// Energy balance.
    pub energy: EnergyBalance,
    /// Ticks done.
    pub ticks_done: u32,
    /// Mode and fault that the firmware reported last.
    pub ended: Status,
    /// Resets by the watchdog: a firmware that does not kick it may look like one
    /// that does nothing.
    pub watchdog_resets: u32,
    /// The device was lost.
    pub lost: Option<DeviceLost>,
    /// The observer stopped the run.
    pub stopped: bool,
}

impl Outcome {
    /// Of a run whose device was not there at its start.
    pub fn never_began(lost: DeviceLost) -> Outcome {
        Outcome {
            findings: Vec::new(),
            trace: Trace::default(),
            digest: 0,
            energy: EnergyBalance::new(0.0, 0.0, 0.0),
            ticks_done: 0,
            ended: Status::default(),
            watchdog_resets: 0,
            lost: Some(lost),
            stopped: false,
        }
    }

    /// The worst of the findings; a lost device is a failure, a stopped run is
    /// inconclusive at best.
    pub fn verdict(&self) -> Verdict {
        if self.lost.is_some() {
            return Verdict::Fail;
        }
        let floor = if self.stopped {
            Verdict::Inconclusive
        } else {
            Verdict::Pass
        };
        self.findings
            .iter()
            .map(|f| f.verdict)
            .max()
            .unwrap_or(Verdict::Inconclusive)
            .max(floor)
    }

    /// The finding nearest to its limit, on a scale of kelvins: a limit line by how
    /// much hotter the whole history could have been, anything else by its finite
    /// margin and what one unit of it weighs (see [`unit_weight`]).
    /// Findings that did not pass come first. Exact comparisons (`== 0`) that
    /// held have margin 0 and say nothing about nearness: they are left out.
    pub fn tightest(&self) -> Option<&Finding> {
        self.findings
            .iter()
            .filter(|f| f.id != ENERGY_FINDING || f.verdict != Verdict::Pass)
            .filter_map(|f| {
                let margin = f.margin.filter(|m| m.is_finite())?;
                let exact = margin == 0.0 && f.verdict == Verdict::Pass;
                (!exact).then_some((f, nearness(f)?))
            })
            .min_by(|(a, a_near), (b, b_near)| {
                b.verdict.cmp(&a.verdict).then(a_near.total_cmp(b_near))
            })
            .map(|(finding, _)| finding)
    }
}

/// How near a finding is to its limit, on a scale of kelvins that compares units;
/// `None` where nothing was compared.
pub fn nearness(finding: &Finding) -> Option<f64> {
    let weighed = finding.margin.map(|m| m * unit_weight(&finding.unit));
    finding.kelvin_left.or(weighed)
}

/// How much one unit of a margin weighs against one kelvin when the tightest
/// margin of a run is looked for. Estimates: they order a list, they decide nothing.
pub fn unit_weight(unit: &str) -> f64 {
    match unit {
        "degC" | "K" => 1.0,
        "min" => 0.2,
        "s" => 0.05,
        "W" | "A" | "V" => 0.5,
        "rpm" => 0.1,
        "W/m2" => 0.02,
        "J" => 1.0e-3,
        "counts" | "mm" | "deg" => 0.05,
        // Pure numbers: shares, duties.
        _ => 5.0,
    }
}

/// Runs a specification on a device to its end, to the device's loss, or until
/// the observer says no. The observer is asked about once a simulated second.
pub fn run<D: Device>(
    spec: &Spec,
    device: D,
    observer: &mut dyn FnMut(Progress) -> Continue,
) -> Outcome {
    let mut bench = match Bench::new(Arc::new(spec.clone()), device) {
        Ok(bench) => bench,
        Err(lost) => return Outcome::never_began(lost),
    };
    let mut lost = None;
    let mut stopped = false;
    while !bench.done() {
        if let Err(reason) = bench.run_until(bench.tick() + TICKS_PER_S) {
            lost = Some(reason);
            aftermath(&mut bench);
            break;
        }
        let progress = Progress {
            tick: bench.tick(),
            last_tick: spec.duration_ticks,
        };
        if observer(progress) == Continue::No && !bench.done() {
            stopped = true;
            break;
        }
    }
    finish(bench, lost, stopped)
}

/// Watches the board for a while after its device was lost.
pub(crate) fn aftermath<D: Device>(bench: &mut Bench<D>) {
    bench.outlive_device();
    // Nobody is asked any more, so nobody can be lost.
    let _ = bench.run_until(bench.tick() + AFTERMATH_TICKS);
}

pub(crate) fn finish<D: Device>(
    bench: Bench<D>,
    lost: Option<DeviceLost>,
    stopped: bool,
) -> Outcome {
    let energy = bench.energy();
    let mut findings = bench.findings();
    findings.push(energy_finding(&energy, bench.tick()));
    Outcome {
        findings,
        digest: bench.digest(),
        energy,
        ticks_done: bench.tick(),
        ended: bench.pins().status,
        watchdog_resets: bench.watchdog_resets(),
        trace: bench.into_trace(),
        lost,
        stopped,
    }
}

fn energy_finding(energy: &EnergyBalance, ticks: u32) -> Finding {
    let margin = ENERGY_TOLERANCE - energy.residual_relative.abs();
    // A NaN residual is a broken plant, not a pass.
    let closes = margin > 0.0;
    Finding {
        id: ENERGY_FINDING.to_owned(),
        verdict: if closes { Verdict::Pass } else { Verdict::Fail },
        warning: false,
        margin: Some(margin),
        unit: "1".to_owned(),
        kelvin_left: None,
        worst_tick: Some(ticks.saturating_sub(1)),
        decided_by: format!("abs(energy_residual) < {ENERGY_TOLERANCE:e}"),
        time_left_s: None,
        note: format!(
            "put in {:.3} J, given off {:.3} J, stored {:.3} J, residual {:.3e}",
            energy.put_in_j, energy.out_j, energy.stored_j, energy.residual_relative
        ),
    }
}
