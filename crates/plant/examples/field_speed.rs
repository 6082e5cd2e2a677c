//! Times a 30-minute session of the bare field on every vector width: `cargo run --release -p
//! kneadsim-plant --example field_speed`. Prints milliseconds and what came out.

use kneadsim_plant::{Build, Conditions, Field, Grid, Loads, TICK_S, Vectors};
use std::time::Instant;

fn main() {
    let columns = Build {
        grid: Grid::Column,
        ..Build::default()
    };
    for (name, build) in [("field", Build::default()), ("column", columns)] {
        for vectors in Vectors::all() {
            let mut times_ms: Vec<f64> = (0..5).map(|_| session(name, &build, vectors)).collect();
            times_ms.sort_by(f64::total_cmp);
            let median_ms = times_ms[2];
            println!(
                "{name} on {}: median {median_ms:.1} ms, {:.0} times real time",
                vectors.name(),
                1.8e6 / median_ms
            );
        }
    }
}

fn session(name: &str, build: &Build, vectors: Vectors) -> f64 {
    let conditions = Conditions::default();
    let mut field = Field::new(build, &conditions);
    field.set_vectors(vectors);
    let dt_s = f64::from(build.thermal_step_ticks) * TICK_S;
    let steps = (1800.0 / dt_s) as u32;
    let start = Instant::now();
    for step in 0..steps {
        let heat = |zone: usize| {
            if field.stats().zone_film_mean_c[zone] < 45.0 {
                12.0
            } else {
                0.0
            }
        };
        let loads = Loads {
            heater_w: [heat(0), heat(1)],
            motor_w: [1.0, 0.5],
            node_angle_rad: 2.5 * dt_s * f64::from(step),
            node_force_n: 40.0,
            node_w: 1.5,
        };
        field.step(&loads, &conditions);
    }
    let elapsed_ms = start.elapsed().as_secs_f64() * 1.0e3;
    let stats = field.stats();
    let moved_j = field.ledger().heater_j.abs() + field.ledger().air_j.abs();
    println!(
        "{name}: {elapsed_ms:.1} ms, basal {:.3} degC, CEM43 {:.4} min, balance {:.1e} of {moved_j:.0} J",
        stats.basal_max_c,
        stats.cem43_max_min,
        field.unexplained_j(),
    );
    elapsed_ms
}
