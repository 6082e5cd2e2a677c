//! A tick of the whole bench allocates nothing: board, faults, device, plant,
//! checks, trace and digest, over a session with events and faults.

use std::alloc::System;
use std::sync::Arc;

use kneadsim_plant::{Grid, Knob};
use kneadsim_sim::check::{Check, CheckKind};
use kneadsim_sim::fault::{FaultKind, Repeat};
use kneadsim_sim::formula::{Atom, Formula, Relation};
use kneadsim_sim::limits::LimitProfile;
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Action, Button, Event, Recording, Spec, TICKS_PER_S};
use kneadsim_sim::{Bench, InProcess};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Two minutes with presses, a ramp, a new configuration, faults that come, go
/// and repeat, a brown-out with its reset, and in the end a latched fault.
fn session(grid: Grid) -> Spec {
    let mut spec = Spec {
        duration_ticks: 120 * TICKS_PER_S,
        seed: 3,
        ..Spec::default()
    };
    spec.build.grid = grid;
    spec.press(1.0, Button::Power).press(3.0, Button::Mode);
    let configuration = Action::Configure(Box::new(spec.firmware));
    let ramp = Action::Set {
        knob: Knob::AmbientC,
        value: 15.0,
        over_ticks: 1000,
    };
    for (at_tick, action) in [(2_000, ramp), (2_500, configuration)] {
        spec.events.push(Event { at_tick, action });
    }
    spec.press(40.0, Button::Intensity);
    spec.fault(20.0, FaultKind::Sag, 0);
    spec.fault(30.0, FaultKind::Blanket, 0);
    spec.fault(50.0, FaultKind::BrownOut, 0);
    spec.fault(90.0, FaultKind::NtcOpen, 0);
    spec.faults[0].repeat = Some(Repeat {
        every_ticks: 30,
        on_ticks: 10,
    });
    spec.faults[1].duration_ticks = Some(1_500);
    spec.faults[2].duration_ticks = Some(20);
    spec.recording = Recording {
        every_ticks: 10,
        signals: Signal::ALL[..16].to_vec(),
    };
    spec.checks = checks();
    spec
}

fn checks() -> Vec<Check> {
    let holds = |signal, relation, number| Formula::from(Atom::of_signal(signal, relation, number));
    let kinds = [
        CheckKind::Always(holds(Signal::SkinSurfaceMax, Relation::Less, 43.0)),
        CheckKind::Respond {
            trigger: holds(Signal::FaultCode, Relation::Greater, 0.0),
            within_ticks: 50,
            then: holds(Signal::HeaterPower, Relation::Equal, 0.0),
        },
        CheckKind::Stays {
            formula: holds(Signal::SupplyVoltage, Relation::Greater, 10.0),
            for_ticks: 500,
            before_tick: None,
        },
        CheckKind::Limits(LimitProfile::builtin("consumer").expect("a built-in profile")),
    ];
    let check = |kind| Check {
        id: "check".to_owned(),
        kind,
        from_tick: 0,
        until_tick: None,
        may_be_vacuous: true,
    };
    kinds.into_iter().map(check).collect()
}

/// Allocations of the whole session after its first second, in which the
/// monitors learn how many columns there are.
fn allocations(spec: &Arc<Spec>) -> usize {
    let mut bench = Bench::new(Arc::clone(spec), InProcess::new()).expect("it boots");
    bench.run_until(TICKS_PER_S).expect("in process");
    let region = Region::new(ALLOCATOR);
    bench.run_until(u32::MAX).expect("in process");
    let change = region.change();
    let trace = bench.trace();
    assert_eq!(trace.ticks.len(), 1200);
    let noted = |words: &str| trace.notes.iter().any(|note| note.text.contains(words));
    for words in [
        "ambient_c goes to 15",
        "reconfigured",
        "sag on product",
        "blanket on product ends",
    ] {
        assert!(noted(words), "no note says {words}");
    }
    assert!(noted("fault ntc_open"), "the firmware did not latch");
    change.allocations + change.reallocations
}

// One test alone in this file: the counter is the whole process's. The test
// harness' own thread may allocate beside one run, but not beside all.
#[test]
fn no_tick_of_a_session_with_events_and_faults_allocates() {
    for grid in [Grid::Column, Spec::default().build.grid] {
        let spec = Arc::new(session(grid));
        let fewest = (0..5).map(|_| allocations(&spec)).min();
        assert_eq!(fewest, Some(0), "{grid:?}");
    }
}
