//! Times a 30-minute session of the bare field on every vector width: `cargo run --release -p
//! kneadsim-plant --example field_speed [SESSIONS]`. Prints the least processor time of some
//! sessions per width, taken in turns, and what came out.

use kneadsim_plant::{Build, Conditions, Field, Grid, Loads, TICK_S, Vectors};
use std::time::Instant;

fn main() {
    let sessions: usize = std::env::args()
        .nth(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(5);
    let columns = Build {
        grid: Grid::Column,
        ..Build::default()
    };
    for (name, build) in [("field", Build::default()), ("column", columns)] {
        let mut least_ms: Vec<f64> = Vectors::all().map(|_| f64::INFINITY).collect();
        for _ in 0..sessions {
            for (least_ms, vectors) in least_ms.iter_mut().zip(Vectors::all()) {
                *least_ms = least_ms.min(session(name, &build, vectors));
            }
        }
        for (least_ms, vectors) in least_ms.iter().zip(Vectors::all()) {
            println!(
                "{name} on {}: least of {sessions} {least_ms:.1} ms, {:.0} times real time",
                vectors.name(),
                1.8e6 / least_ms
            );
        }
    }
}

/// Milliseconds of processor time so far; of the wall where the system does not say.
fn now_ms(start: Instant) -> f64 {
    let of_this_thread = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran_ns = of_this_thread.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    ran_ns.map_or_else(|| start.elapsed().as_secs_f64() * 1.0e3, |ns| ns * 1.0e-6)
}

fn session(name: &str, build: &Build, vectors: Vectors) -> f64 {
    let conditions = Conditions::default();
    let mut field = Field::new(build, &conditions);
    field.set_vectors(vectors);
    let dt_s = f64::from(build.thermal_step_ticks) * TICK_S;
    let steps = (1800.0 / dt_s) as u32;
    let start = Instant::now();
    let start_ms = now_ms(start);
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
    let elapsed_ms = now_ms(start) - start_ms;
    let stats = field.stats();
    let moved_j = field.ledger().heater_j.abs() + field.ledger().air_j.abs();
    println!(
        "{name} on {}: {elapsed_ms:.1} ms, basal {:.3} degC, CEM43 {:.4} min, balance {:.1e} of {moved_j:.0} J",
        vectors.name(),
        stats.basal_max_c,
        stats.cem43_max_min,
        field.unexplained_j(),
    );
    elapsed_ms
}
