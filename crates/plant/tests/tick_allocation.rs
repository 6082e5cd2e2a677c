//! A tick of the plant allocates nothing, thermal step or not.

use kneadsim_plant::{Build, Conditions, Drive, Grid, Plant};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations of a minute in which density, clothing, contact and blood are
/// all renewed.
fn allocations_of_a_minute(build: &Build) -> usize {
    let drive = Drive {
        heater_on: [0.8, 1.0],
        relay_closed: true,
        motor_duty: [0.7, -0.4],
        logic_on: true,
    };
    let mut conditions = Conditions::default();
    let mut plant = Plant::new(build, &conditions).expect("the default build is valid");
    let region = Region::new(ALLOCATOR);
    for tick in 0..6000 {
        if tick == 3000 {
            conditions.film_crack[0] = 0.3;
            conditions.clothing_j_per_m2_k *= 2.0;
            conditions.contact = 0.5;
            conditions.core_c += 0.5;
        }
        plant.tick(&drive, &conditions);
    }
    let change = region.change();
    assert!(plant.field().stats().film_max_c > 25.0, "nothing ran");
    change.allocations + change.reallocations
}

// One test alone in this file: the counter is the whole process's. The test
// harness' own thread may allocate beside one run, but not beside all.
#[test]
fn no_tick_of_a_minute_allocates() {
    for (name, grid) in [("field", Build::default().grid), ("column", Grid::Column)] {
        let build = Build {
            grid,
            ..Build::default()
        };
        let fewest = (0..5).map(|_| allocations_of_a_minute(&build)).min();
        assert_eq!(fewest, Some(0), "{name}");
    }
}
