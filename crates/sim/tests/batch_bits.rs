//! Runs abreast have the outcomes of runs alone, bit for bit.

use std::sync::Arc;

use kneadsim_plant::{Conditions, Grid, Knob, Source, Vectors};
use kneadsim_sim::fault::{CATALOGUE, FaultSpec, Repeat};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Action, Button, Event, Recording};
use kneadsim_sim::{Abreast, Continue, InProcess, Outcome, Spec, run, run_many};
use proptest::prelude::*;

const LANES: [usize; 6] = [1, 2, 3, 4, 8, 16];

/// All that an outcome says, with its numbers as bits.
fn bits(outcome: &Outcome) -> (String, u128, Vec<u64>) {
    let words = format!(
        "{:?} {:?} {:?} {} {} {}",
        outcome.findings,
        outcome.ended,
        outcome.trace.notes(),
        outcome.ticks_done,
        outcome.watchdog_resets,
        outcome.stopped,
    );
    let energy = &outcome.energy;
    let joules = [energy.put_in_j, energy.out_j, energy.stored_j];
    let rows = (0..outcome.trace.rows()).flat_map(|row| outcome.trace.row(row).to_vec());
    let numbers = joules.into_iter().chain(rows);
    (words, outcome.digest, numbers.map(f64::to_bits).collect())
}
