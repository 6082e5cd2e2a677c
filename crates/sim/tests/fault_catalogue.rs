//! Every fault of the catalogue does something, or is refused; none is swallowed.

use kneadsim_plant::{Grid, Source};
use kneadsim_sim::fault::{CATALOGUE, FaultKind, Repeat};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Button, Spec, TICKS_PER_S};
use kneadsim_sim::validate::Part;
use kneadsim_sim::{Bench, Continue, InProcess, run};
use std::sync::Arc;

const FIELD: Grid = Grid::Field {
    columns_x: 8,
    columns_y: 12,
};

/// A session of 90 s of the Swedish program, which uses both motors; the fault,
/// if any, comes after 30 s.
fn session(pack: bool) -> Spec {
    let mut spec = Spec {
        duration_ticks: 90 * TICKS_PER_S,
        seed: 5,
        ..Spec::default()
    };
    spec.build.grid = FIELD;
    if pack {
        spec.build.supply.source = Source::Pack {
            capacity_ah: 2.6,
            resistance_ohm: 0.12,
            charge: 0.8,
            heat_j_per_k: 120.0,
            to_ambient_k_per_w: 6.0,
        };
    }
    spec.press(1.0, Button::Power).press(2.0, Button::Mode);
    spec
}

fn needs_pack(kind: FaultKind) -> bool {
    [FaultKind::PackHot, FaultKind::BatteryLow].contains(&kind)
}

fn digest(spec: &Spec) -> u128 {
    let outcome = run(spec, InProcess::new(), &mut |_| Continue::Yes);
    assert_eq!(outcome.lost, None, "{}", spec.name);
    outcome.digest
}

#[test]
fn every_fault_that_is_not_latent_changes_the_run() {
    let normal = [digest(&session(false)), digest(&session(true))];
    for row in CATALOGUE.iter().filter(|row| !row.latent) {
        for target in 0..row.targets.names().len() as u8 {
            let pack = needs_pack(row.kind);
            let mut spec = session(pack);
            spec.fault(30.0, row.kind, target);
            if row.kind == FaultKind::EncoderLost && target == 1 {
                assert!(
                    spec.validate().is_err(),
                    "the vibration motor has no encoder"
                );
                continue;
            }
            assert_ne!(
                digest(&spec),
                normal[usize::from(pack)],
                "{} on {} changes nothing",
                row.kind.name(),
                row.targets.names()[usize::from(target)]
            );
        }
    }
}

#[test]
fn latent_faults_show_when_the_other_path_is_needed() {
    // A welded relay keeps feeding a shorted MOSFET after the firmware has latched.
    let mut spec = session(false);
    spec.fault(25.0, FaultKind::MosfetShort, 0);
    let power = |spec: &Spec| {
        let mut bench = Bench::new(Arc::new(spec.clone()), InProcess::new()).expect("it runs");
        bench.run_until(u32::MAX).expect("in process");
        bench.signals()[Signal::HeaterUpperPower as usize]
    };
    assert_eq!(power(&spec), 0.0);
    spec.fault(20.0, FaultKind::RelayWelded, 0);
    assert!(power(&spec) > 5.0);
}

#[test]
fn a_welded_cut_out_never_opens() {
    let mut spec = session(false);
    spec.duration_ticks = 240 * TICKS_PER_S;
    spec.fault(20.0, FaultKind::RelayWelded, 0)
        .fault(25.0, FaultKind::MosfetShort, 0);
    let cutout = |spec: &Spec| {
        let mut bench = Bench::new(Arc::new(spec.clone()), InProcess::new()).expect("it runs");
        bench.run_until(u32::MAX).expect("in process");
        bench.signals()[Signal::CutoutUpperClosed as usize]
    };
    assert_eq!(cutout(&spec), 0.0, "a good one opens");
    spec.fault(0.0, FaultKind::CutoutWelded, 0);
    assert_eq!(cutout(&spec), 1.0);
}

#[test]
fn faults_that_cannot_be_realised_are_refused_with_a_reason() {
    let column = |spec: &mut Spec| spec.build.grid = Grid::Column;
    type Change = fn(&mut Spec);
    let unchanged: Change = |_| {};
    let rows: [(FaultKind, u8, Option<f64>, Change, &str); 9] = [
        (FaultKind::Fold, 0, None, column, "use grid = \"field\""),
        (
            FaultKind::FilmCrack,
            0,
            None,
            column,
            "use grid = \"field\"",
        ),
        (
            FaultKind::NodeParked,
            0,
            None,
            column,
            "use grid = \"field\"",
        ),
        (
            FaultKind::PackHot,
            0,
            None,
            unchanged,
            "needs a battery pack",
        ),
        (
            FaultKind::Adapter24V,
            0,
            None,
            |s| *s = session(true),
            "needs an adapter",
        ),
        (
            FaultKind::EncoderLost,
            1,
            None,
            unchanged,
            "needs an encoder",
        ),
        (FaultKind::NtcOpen, 2, None, unchanged, "no such target"),
        (
            FaultKind::MosfetPartial,
            0,
            Some(0.9),
            unchanged,
            "allowed 0.3 to 0.7",
        ),
        (FaultKind::BitFlip, 0, Some(1.5), unchanged, "whole numbers"),
    ];
    for (kind, target, value, change, reason) in rows {
        let mut spec = session(false);
        change(&mut spec);
        spec.fault(30.0, kind, target);
        if let Some(value) = value {
            spec.faults[0].value = value;
        }
        let problems = spec.validate().expect_err(kind.name());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].part, Part::Fault(0));
        assert!(
            problems[0].message.contains(reason),
            "{}",
            problems[0].message
        );
        // ... and running it anyway is not a pass.
        let outcome = run(&spec, InProcess::new(), &mut |_| Continue::Yes);
        assert!(outcome.lost.is_some());
    }
}

#[test]
fn a_fault_comes_and_goes_as_it_says() {
    let mut spec = session(false);
    spec.fault(30.0, FaultKind::NtcWet, 0);
    let fault = &mut spec.faults[0];
    fault.duration_ticks = Some(250);
    fault.repeat = Some(Repeat {
        every_ticks: 100,
        on_ticks: 30,
    });
    let active: Vec<bool> = [2999, 3000, 3029, 3030, 3100, 3199, 3249, 3250, 3300]
        .map(|t| fault.active(t))
        .to_vec();
    assert_eq!(
        active,
        [false, true, true, false, true, false, false, false, false]
    );
}
