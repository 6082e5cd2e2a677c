//! A tick of the plant allocates nothing, thermal step or not.

use kneadsim_plant::{Build, Conditions, Drive, Grid, Plant};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

// One test alone in this file: the counter is the whole process's.
#[test]
fn no_tick_of_a_minute_allocates() {
    let drive = Drive {
        heater_on: [0.8, 1.0],
        relay_closed: true,
        motor_duty: [0.7, -0.4],
        logic_on: true,
    };
    for (name, grid) in [("field", Build::default().grid), ("column", Grid::Column)] {
        let build = Build {
            grid,
            ..Build::default()
        };
        let mut conditions = Conditions::default();
        let mut plant = Plant::new(&build, &conditions).expect("the default build is valid");
        let region = Region::new(ALLOCATOR);
        for tick in 0..6000 {
            if tick == 3000 {
                // Density, clothing, contact and blood are all renewed.
                conditions.film_crack[0] = 0.3;
                conditions.clothing_j_per_m2_k *= 2.0;
                conditions.contact = 0.5;
                conditions.core_c += 0.5;
            }
            plant.tick(&drive, &conditions);
        }
        let change = region.change();
        assert_eq!(change.allocations, 0, "{name}");
        assert_eq!(change.reallocations, 0, "{name}");
        assert!(
            plant.field().stats().film_max_c > 25.0,
            "{name}: nothing ran"
        );
    }
}
