//! The product for 30 minutes on one core: the bare field, and a whole session.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use kneadsim_plant::{Build, Conditions, Field, Grid, Loads, TICK_S, Vectors};
use kneadsim_sim::{BareLoop, Bench, InProcess, Spec};

use crate::Asked;
use crate::clock::{Clock, in_turn, short};
use crate::table::{Table, Wanted};

/// What is timed, s.
const SESSION_S: f64 = 1800.0;
/// Times real time that a session of the field is to reach with and without AVX2, and
/// one of the column grid.
const FIELD_WANTED: f64 = 10_000.0;
const FIELD_WANTED_LEAST: f64 = 5_000.0;
const COLUMN_WANTED: f64 = 45_000.0;
/// What board, faults, checks and trace may cost, as a multiple of the bare loop.
const OVER_BARE_WANTED: f64 = 1.25;

/// The session that is timed, on a grid: `session.toml`.
pub fn spec(grid: Grid) -> Spec {
    let text = include_str!("session.toml");
    let cases = kneadsim_scenario::load_text(text, Path::new("session.toml"), Path::new("."));
    let case = cases.expect("session.toml is a scenario").swap_remove(0);
    let mut spec = case.spec;
    if grid == Grid::Column {
        spec.build.grid = grid;
    }
    spec
}

/// The field alone, stepped with a simple load, on every vector instruction set.
pub fn measure_field(asked: &Asked) -> Table {
    let mut names = Vec::new();
    let mut work: Vec<Box<dyn FnMut()>> = Vec::new();
    for (name, build) in grids() {
        for vectors in Vectors::all() {
            names.push(format!("field alone, {name}, {}", vectors.name()));
            work.push(Box::new(move || bare_field(&build, vectors)));
        }
    }
    let times = in_turn(Clock::Process, asked.rounds, &mut work);
    let mut table = Table::new("The thermal field alone, 30 min, one core: ms of process time");
    for (name, times) in names.iter().zip(&times) {
        let speed = SESSION_S * 1.0e3 / times.median();
        let measured = format!("{} ms, {} times real time", times.spread(), short(speed));
        table.row(name, measured, Wanted::Nothing);
    }
    table
}

/// Whole sessions with everything beside the bare loop, on every vector instruction set.
pub fn measure_session(asked: &Asked) -> Table {
    let mut names = Vec::new();
    let mut work: Vec<Box<dyn FnMut()>> = Vec::new();
    for (name, build) in grids() {
        for vectors in Vectors::all() {
            let spec = Arc::new(spec(build.grid));
            let bare_spec = Arc::clone(&spec);
            let wanted = match (build.grid, vectors.name()) {
                (Grid::Column, _) => COLUMN_WANTED,
                (Grid::Field { .. }, "least") => FIELD_WANTED_LEAST,
                (Grid::Field { .. }, _) => FIELD_WANTED,
            };
            names.push((format!("session, {name}, {}", vectors.name()), wanted));
            work.push(Box::new(move || whole(&spec, vectors)));
            work.push(Box::new(move || bare_loop(&bare_spec, vectors)));
        }
    }
    let times = in_turn(Clock::Process, asked.rounds, &mut work);
    let mut table = Table::new(
        "A whole session of 30 min (board, a fault, checks, 10 Hz trace of 16 signals) and the \
         bare loop, one core: ms of process time",
    );
    for ((name, wanted), times) in names.iter().zip(times.chunks(2)) {
        let (whole, bare) = (&times[0], &times[1]);
        let speed = SESSION_S * 1.0e3 / whole.median();
        table.row(
            name,
            format!("{} ms, {} times real time", whole.spread(), short(speed)),
            Wanted::This(format!("{} times", short(*wanted)), speed >= *wanted),
        );
        let over = whole.over(bare);
        table.row(
            format!("  over the bare loop of {} ms", short(bare.median())),
            format!("{over:.3}"),
            Wanted::This(
                format!("{OVER_BARE_WANTED} at most"),
                over <= OVER_BARE_WANTED,
            ),
        );
    }
    table
}

fn grids() -> [(&'static str, Build); 2] {
    let field = Build::default();
    let column = Build {
        grid: Grid::Column,
        ..field
    };
    [("field grid", field), ("column grid", column)]
}

fn bare_field(build: &Build, vectors: Vectors) {
    let conditions = Conditions::default();
    let mut field = Field::new(build, &conditions);
    field.set_vectors(vectors);
    let dt_s = f64::from(build.thermal_step_ticks) * TICK_S;
    for step in 0..(SESSION_S / dt_s) as u32 {
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
    black_box(field.stats().basal_max_c);
}

fn whole(spec: &Arc<Spec>, vectors: Vectors) {
    let mut bench = Bench::new(Arc::clone(spec), InProcess::default()).expect("session.toml runs");
    bench.set_vectors(vectors);
    bench
        .run_until(spec.duration_ticks)
        .expect("the firmware answers");
    black_box((bench.digest(), bench.findings(), bench.trace()));
}

fn bare_loop(spec: &Arc<Spec>, vectors: Vectors) {
    let mut bare =
        BareLoop::new(Arc::clone(spec), InProcess::default()).expect("session.toml runs");
    bare.set_vectors(vectors);
    bare.run_until(spec.duration_ticks)
        .expect("the firmware answers");
    black_box(bare.plant().field().stats().basal_max_c);
}
