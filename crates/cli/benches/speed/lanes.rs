//! Sessions on the column grid abreast on one core: every lane count on every
//! instruction set, beside one after another.

use std::hint::black_box;
use std::sync::Arc;

use kneadsim_plant::{Grid, Vectors};
use kneadsim_sim::{Abreast, Bench, Continue, InProcess, Spec, run_many};

use crate::Asked;
use crate::clock::{Clock, in_turn, short};
use crate::session;
use crate::table::{Table, Wanted};

/// Sessions in a measurement: a multiple of every lane count but three.
const SESSIONS: usize = 16;
/// Lane counts.
const LANES: [usize; 6] = [1, 2, 3, 4, 8, 16];
/// Times the sessions per second of one after another: wanted with AVX2 and with less.
const WANTED: f64 = 4.0;
const WANTED_LEAST: f64 = 3.0;

/// Sessions that differ in seed, room and the time at which they are switched on.
fn specs() -> Vec<Arc<Spec>> {
    let spec = session::spec(Grid::Column);
    let specs = (0..SESSIONS).map(|index| {
        let mut spec = spec.clone();
        spec.seed = index as u64;
        spec.conditions.ambient_c += 0.5 * index as f64 - 4.0;
        for event in &mut spec.events {
            event.at_tick += 137 * index as u32;
        }
        Arc::new(spec)
    });
    specs.collect()
}

/// All lane counts and instruction sets in turn.
pub fn measure(asked: &Asked) -> Table {
    let specs = specs();
    let mut work: Vec<Box<dyn FnMut() + '_>> = Vec::new();
    for vectors in Vectors::all() {
        let specs = &specs;
        work.push(Box::new(move || one_by_one(specs, vectors)));
        for runs in LANES {
            work.push(Box::new(move || {
                let abreast = Abreast { runs, vectors };
                let device = |_| InProcess::new();
                black_box(run_many(specs, abreast, device, &mut |_, _| Continue::Yes));
            }));
        }
    }
    let times = in_turn(Clock::Process, asked.rounds, &mut work);
    let mut table = Table::new(
        "Sessions of 30 min on the column grid abreast, one core: sessions per second of \
         process time, median (in the best round)",
    );
    for (vectors, times) in Vectors::all().zip(times.chunks(1 + LANES.len())) {
        let name = vectors.name();
        let wanted = if name == "least" {
            WANTED_LEAST
        } else {
            WANTED
        };
        let per_s = |ms: f64| short(SESSIONS as f64 * 1.0e3 / ms);
        let alone = &times[0];
        let measured = format!("{} /s ({})", per_s(alone.median()), per_s(alone.least()));
        table.row(
            format!("{name}, one after another"),
            measured,
            Wanted::Nothing,
        );
        for (runs, times) in LANES.iter().zip(&times[1..]) {
            let faster = alone.over(times);
            table.row(
                format!("{name}, {runs} abreast"),
                format!(
                    "{} /s ({}), {faster:.2} times ({:.2})",
                    per_s(times.median()),
                    per_s(times.least()),
                    alone.least() / times.least(),
                ),
                Wanted::This(format!("{wanted} times"), faster >= wanted),
            );
        }
    }
    table
}

fn one_by_one(specs: &[Arc<Spec>], vectors: Vectors) {
    for spec in specs {
        let mut bench = Bench::new(Arc::clone(spec), InProcess::new()).expect("the spec runs");
        bench.set_vectors(vectors);
        bench.run_until(spec.duration_ticks).expect("in process");
        black_box((bench.digest(), bench.findings(), bench.into_trace()));
    }
}
