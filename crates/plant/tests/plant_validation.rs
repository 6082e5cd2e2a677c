//! What a build may be, and what its mistakes are told as.

use kneadsim_plant::{Build, Grid, Heater, Motor, Source};

fn problems(build: &Build) -> Vec<String> {
    match build.validate() {
        Ok(()) => Vec::new(),
        Err(error) => error.problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_reference_product_is_valid_on_every_allowed_grid() {
    assert_eq!(problems(&Build::default()), Vec::<String>::new());
    for (columns_x, columns_y) in [(4, 4), (16, 24), (64, 64)] {
        let grid = Grid::Field {
            columns_x,
            columns_y,
        };
        assert_eq!(
            problems(&Build {
                grid,
                ..Build::default()
            }),
            Vec::<String>::new()
        );
    }
    assert_eq!(
        problems(&Build {
            grid: Grid::Column,
            ..Build::default()
        }),
        Vec::<String>::new()
    );
}

#[test]
fn every_mistake_is_named_with_its_value_and_what_is_allowed() {
    let change = |change: fn(&mut Build)| {
        let mut build = Build::default();
        change(&mut build);
        build
    };
    let rows = [
        (
            change(|b| b.heaters[0].power_w = 4000.0),
            "`heater.upper.power_w` is 4000, allowed 0 to 250",
        ),
        (
            change(|b| b.motors[1].gear = 0.0),
            "`motor.vibration.gear` is 0, allowed 0.1 to 10000",
        ),
        (
            change(|b| b.motors[0].inertia_kg_m2 = f64::NAN),
            "`motor.kneading.inertia_kg_m2` is NaN, allowed 0.000000001 to 1",
        ),
        (
            change(|b| b.thermal_step_ticks = 0),
            "`thermal_step_ticks` is 0, allowed 1 to 100",
        ),
        (
            change(|b| {
                b.grid = Grid::Field {
                    columns_x: 3,
                    columns_y: 24,
                }
            }),
            "`grid.columns_x` is 3, allowed 4 to 64",
        ),
        (
            change(|b| b.cutouts[1].close_c = 55.0),
            "`cutout.lower.close_c` is 55, allowed -50 to 50",
        ),
        (
            change(|b| b.heaters[1].ntc.x_m = 0.3),
            "`heater.lower.ntc.x_m` is 0.3, allowed 0 to 0.2",
        ),
        (
            change(|b| b.heaters[0].area.y1_m = 0.4),
            "`heater.upper.area.y1_m` is 0.4, allowed 0.185 to 0.3",
        ),
        (
            change(|b| b.heaters[1].area.y1_m = 0.2),
            "`heater.lower.area` is over heater.upper.area, allowed apart from it",
        ),
        (
            change(|b| b.kneading.centres[1].x_m = 0.18),
            "`kneading.centres[1].x_m` is 0.18, allowed 0.035 to 0.165",
        ),
        (
            change(|b| {
                b.supply.source = Source::Adapter {
                    emf_v: 12.0,
                    resistance_ohm: 0.0,
                    limit_a: 3.0,
                }
            }),
            "`supply.resistance_ohm` is 0, allowed 0.001 to 100",
        ),
        (
            change(|b| {
                b.pad.film_sheet_w_per_k = 0.1;
                b.pad.film_j_per_m2_k = 100.0;
            }),
            "`thermal_step_ticks` is 25, allowed at most 3 for this grid and these sheet conductances",
        ),
    ];
    for (build, expected) in rows {
        let got = problems(&build);
        assert_eq!(got.len(), 1, "{got:?}");
        assert!(
            got[0].starts_with(expected) || got[0] == expected,
            "{got:?}, not {expected}"
        );
    }
}

#[test]
fn all_mistakes_come_at_once() {
    let good = Build::default();
    let bad = Build {
        thermal_step_ticks: 1000,
        heaters: good.heaters.map(|heater| Heater {
            unevenness: -1.0,
            ..heater
        }),
        motors: good.motors.map(|motor| Motor {
            load_ripple: 2.0,
            ..motor
        }),
        ..good
    };
    let error = bad.validate().expect_err("five mistakes");
    assert_eq!(error.problems.len(), 5);
    assert_eq!(error.to_string().lines().count(), 5);
}
