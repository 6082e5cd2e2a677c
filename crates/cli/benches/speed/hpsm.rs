//! HPSM-1 on every count of lanes and every vector instruction set.
//!
//! `tests/hpsm/run` runs it beside the programs in C and Python.

use std::hint::black_box;

use kneadsim_hpsm::workload::HEATER_EVERY_TICKS;
use kneadsim_hpsm::{Batch, PlantSession, TICKS, Variation};
use kneadsim_plant::Vectors;

use crate::Asked;
use crate::clock::{Clock, in_turn, short};
use crate::table::{Table, Wanted};

/// Times every combination in turn.
pub fn measure(asked: &Asked) -> Table {
    let mut names = Vec::new();
    let mut work: Vec<Box<dyn FnMut()>> = Vec::new();
    for vectors in Vectors::all() {
        let lanes: [(usize, Box<dyn FnMut()>); 6] = [
            (1, Box::new(move || session::<1>(vectors))),
            (2, Box::new(move || session::<2>(vectors))),
            (4, Box::new(move || session::<4>(vectors))),
            (8, Box::new(move || session::<8>(vectors))),
            (16, Box::new(move || session::<16>(vectors))),
            (32, Box::new(move || session::<32>(vectors))),
        ];
        for (lanes, batch) in lanes {
            names.push((format!("{}, {lanes} lanes", vectors.name()), lanes));
            work.push(batch);
        }
        names.push((format!("{}, the plant's own solvers", vectors.name()), 1));
        work.push(Box::new(move || plant_way(vectors)));
    }
    let times = in_turn(Clock::Process, asked.rounds, &mut work);
    let mut table = Table::new("HPSM-1, one core: ms of process time for all lanes of a batch");
    for ((name, lanes), times) in names.iter().zip(&times) {
        let per_second = 1.0e3 * *lanes as f64 / times.median();
        table.row(
            format!("hpsm, {name}"),
            format!("{} ms, {} sessions/s", times.spread(), short(per_second)),
            Wanted::Nothing,
        );
    }
    table
}

fn session<const L: usize>(vectors: Vectors) {
    let variations = core::array::from_fn(|l| Variation::of_run(l as u64));
    let mut batch = Batch::<L>::new(&variations);
    batch.set_vectors(vectors);
    batch.run(TICKS);
    black_box(batch.outputs(L - 1));
}

fn plant_way(vectors: Vectors) {
    let mut session = PlantSession::new(&Variation::of_run(0));
    session.set_vectors(vectors);
    session.run(TICKS / HEATER_EVERY_TICKS);
    black_box(session.outputs());
}
