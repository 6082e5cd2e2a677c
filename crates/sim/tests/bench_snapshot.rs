//! A copy of the bench is a snapshot: run on, it ends as the original does.

use std::sync::Arc;

use kneadsim_plant::{Grid, Knob};
use kneadsim_sim::fault::FaultKind;
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Action, Button, Spec, TICKS_PER_S};
use kneadsim_sim::{Bench, Continue, InProcess, run};

fn session(grid: Grid) -> Spec {
    let mut spec = Spec {
        duration_ticks: 90 * TICKS_PER_S,
        seed: 11,
        ..Spec::default()
    };
    spec.build.grid = grid;
    spec.press(1.0, Button::Power);
    spec.fault(60.0, FaultKind::NtcOpen, 0);
    spec
}

const GRIDS: [Grid; 2] = [
    Grid::Column,
    Grid::Field {
        columns_x: 16,
        columns_y: 24,
    },
];

#[test]
fn a_restored_snapshot_ends_with_the_same_digest() {
    for grid in GRIDS {
        let spec = session(grid);
        let whole = run(&spec, InProcess::new(), &mut |_| Continue::Yes);
        let mut bench = Bench::new(Arc::new(spec), InProcess::new()).expect("the spec runs");
        // Not at a thermal step, not at a second: in the middle of everything.
        bench.run_until(4_217).expect("in process");
        let snapshot = bench.clone();
        bench.run_until(u32::MAX).expect("in process");
        let mut restored = snapshot;
        assert_eq!(restored.tick(), 4_217);
        restored.run_until(u32::MAX).expect("in process");
        assert_eq!(bench.digest(), whole.digest);
        assert_eq!(restored.digest(), whole.digest);
        assert_eq!(restored.trace(), bench.trace());
    }
}

#[test]
fn a_fork_with_another_room_differs_and_the_original_does_not() {
    let spec = session(Grid::Column);
    let whole = run(&spec, InProcess::new(), &mut |_| Continue::Yes);
    let mut bench = Bench::new(Arc::new(spec), InProcess::new()).expect("the spec runs");
    bench.run_until(3_000).expect("in process");
    let mut fork = bench.clone();
    fork.intervene(&Action::Set {
        knob: Knob::AmbientC,
        value: 5.0,
        over_ticks: 0,
    })
    .expect("conditions are the plant's");
    fork.run_until(u32::MAX).expect("in process");
    bench.run_until(u32::MAX).expect("in process");
    assert_eq!(bench.digest(), whole.digest);
    assert_ne!(fork.digest(), whole.digest);
    assert_eq!(fork.signals()[Signal::Ambient as usize], 5.0);
}

#[test]
fn the_seed_moves_the_noise_and_so_the_digest() {
    let spec = session(Grid::Column);
    let other = Spec {
        seed: spec.seed + 1,
        ..spec.clone()
    };
    let digest = |spec: &Spec| run(spec, InProcess::new(), &mut |_| Continue::Yes).digest;
    assert_eq!(digest(&spec), digest(&spec));
    assert_ne!(digest(&spec), digest(&other));
}

#[test]
fn a_fault_added_to_a_shared_beginning_ends_as_if_it_had_been_there_from_the_start() {
    for grid in GRIDS {
        for (kind, at_tick) in [
            (FaultKind::MosfetShort, 4_217),
            (FaultKind::LowPerfusion, 4_300),
            (FaultKind::Hang, 5_000),
        ] {
            let alone = session(grid);
            let mut spec = alone.clone();
            spec.fault(f64::from(at_tick) / 100.0, kind, 0);
            let added = spec.faults[1];
            let whole = run(&spec, InProcess::new(), &mut |_| Continue::Yes);
            let mut bench = Bench::new(Arc::new(alone), InProcess::new()).expect("the spec runs");
            bench.run_until(4_217).expect("in process");
            bench.add_fault(added).expect("it is to come");
            bench.run_until(u32::MAX).expect("in process");
            assert_eq!(bench.digest(), whole.digest, "{kind:?}");
            assert!(bench.add_fault(added).is_err(), "its onset has passed");
        }
    }
}
