//! The monitors run in the memory they were made with.
//!
//! A binary of its own, with one test: the counter sees every thread.

mod check_samples;

use std::alloc::System;

use check_samples::{X, Y, check, fault_active, label, not, x, y};
use kneadsim_sim::check::{Check, CheckKind, Exposure, Greatest, Monitors, Sample};
use kneadsim_sim::formula::{Atom, Formula, Relation, Term};
use kneadsim_sim::limits::LimitProfile;
use kneadsim_sim::signal::Signal;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn every_kind() -> Vec<Check> {
    let both = || {
        Formula::And(vec![
            x(Relation::Less, 50.0),
            not(y(Relation::Greater, 14.0)),
        ])
    };
    let sum = Term::Sum(Box::new(Term::signal(X)), Box::new(Term::signal(Y)));
    let integral = Formula::Atom(Atom {
        left: Term::Integral(Box::new(sum), 0),
        relation: Relation::LessEqual,
        right: Term::Constant(1e9),
        text: "integral".to_owned(),
        unit: "1".to_owned(),
        discrete: false,
    });
    let profile = LimitProfile::builtin("consumer").expect("a built-in");
    let kinds = [
        CheckKind::Always(both()),
        CheckKind::Never(Formula::Or(vec![
            fault_active(),
            label(Relation::Equal, 9.0),
        ])),
        CheckKind::Eventually {
            formula: both(),
            before_tick: None,
        },
        CheckKind::Respond {
            trigger: x(Relation::Greater, 25.0),
            within_ticks: 500,
            then: y(Relation::Less, 12.0),
        },
        CheckKind::AfterAlways {
            trigger: fault_active(),
            delay_ticks: 10,
            always: both(),
        },
        CheckKind::Stays {
            formula: both(),
            for_ticks: 3000,
            before_tick: None,
        },
        CheckKind::AtEnd(integral),
        CheckKind::Limits(profile),
    ];
    kinds.into_iter().map(check).collect()
}

/// Drives the monitors with signals that trigger, respond and order their
/// windows in every way: slow waves and a trigger at every second tick.
fn drive(monitors: &mut Monitors, from: u32, to: u32) {
    let mut signals = [0.0; Signal::COUNT];
    let mut surface_c = [0.0; 64];
    let dose = [0.0; 64];
    for tick in from..to {
        signals[X as usize] =
            if tick % 2 == 0 { 20.0 } else { 30.0 } + f64::from(tick % 997) * 0.01;
        signals[Y as usize] = 13.0 - f64::from(tick % 701) * 0.002;
        let derived = [f64::from(u8::from(tick > 5000))];
        monitors.observe(
            tick,
            &Sample {
                signals: &signals,
                derived: &derived,
            },
        );
        if tick % 25 == 0 {
            for (celsius, column) in surface_c.iter_mut().zip(0..) {
                *celsius = 33.0 + f64::from((tick / 25 + column) % 90) * 0.1;
            }
            let omega = [&dose[..]; 4];
            let cem43_min = &dose[..];
            let skin_surface_c = &surface_c[..];
            let exposure = Exposure {
                step_s: 0.25,
                skin_surface_c,
                cem43_min,
                omega,
                greatest: Greatest::UNKNOWN,
            };
            monitors.observe_field(tick, &exposure);
        }
    }
}

/// Fewest allocations of several runs of the same monitors: the test harness'
/// own thread may allocate beside one of them, but not beside all.
fn allocations(monitors: &Monitors, from: u32, to: u32) -> usize {
    let runs = (0..8).map(|_| {
        let mut monitors = monitors.clone();
        let region = Region::new(ALLOCATOR);
        drive(&mut monitors, from, to);
        let change = region.change();
        change.allocations + change.reallocations
    });
    runs.min().unwrap_or(usize::MAX)
}

#[test]
fn observing_allocates_only_at_the_first_thermal_step() {
    let mut monitors = Monitors::new(&every_kind(), 30_000);
    assert!(allocations(&monitors, 0, 30) > 0, "the counter counts");
    drive(&mut monitors, 0, 30);
    assert_eq!(allocations(&monitors, 30, 10_000), 0);
    drive(&mut monitors, 30, 10_000);
    assert_eq!(
        allocations(&monitors, 10_000, 30_001),
        0,
        "later, with full queues"
    );
    drive(&mut monitors, 10_000, 30_001);
    assert_eq!(monitors.finish(30_000).len(), 7 + 7);
}
