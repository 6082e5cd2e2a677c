//! What one tick of the firmware costs on the host, and whether it still does the same.
//!
//! The inputs of a 30-minute session are recorded once on the stand-in unit and
//! then replayed, so that only `step` is timed. The digest is over every output
//! of the replay: a change that is meant to be faster only must not move it.
//!
//! `cargo bench -p kneadsim-firmware --bench step`; a number after `--` is how
//! many replays are timed (one is enough to count instructions).

#[path = "../tests/stand_in/mod.rs"]
mod stand_in;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::hint::black_box;
use std::time::Instant;

use kneadsim_firmware::io::button;
use kneadsim_firmware::{Config, Inputs, Outputs, Record, ResetCause, State, step};
use stand_in::Unit;

/// Half a minute before and after the longest session.
const TICKS: usize = 186_000;
/// Replays that are timed. The fastest replay of each piece counts, so that
/// other programs on the machine do not.
const ROUNDS: usize = 20;
/// A piece, ticks: about a fifth of a millisecond.
const PIECE: usize = 1_000;

/// A session of 30 minutes at full heat, with the program changed on the way.
fn recorded() -> Vec<Inputs> {
    let mut unit = Unit::at(23.0);
    let mut inputs = Vec::with_capacity(TICKS);
    for tick in 0..TICKS {
        unit.buttons = match tick {
            100..110 | 140..150 => button::TIME,
            200..210 => button::POWER,
            40_000..40_010 | 80_000..80_010 | 120_000..120_010 => button::MODE,
            _ => 0,
        };
        let seen = unit.inputs();
        inputs.push(seen);
        unit.out = step(&unit.config, &mut unit.state, &seen);
        unit.surroundings();
    }
    inputs
}

fn booted(config: &Config) -> State {
    State::boot(config, ResetCause::PowerOn, Record::blank())
}

fn digest(config: &Config, inputs: &[Inputs]) -> u64 {
    let mut state = booted(config);
    let mut hasher = DefaultHasher::new();
    for seen in inputs {
        let out: Outputs = step(config, &mut state, seen);
        format!("{out:?}").hash(&mut hasher);
    }
    hasher.finish()
}

fn main() {
    let config = Config::default();
    let inputs = recorded();
    println!("outputs {:016x}", digest(&config, &inputs));
    let rounds = std::env::args().find_map(|a| a.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS);
    let mut best_ns = vec![u128::MAX; TICKS.div_ceil(PIECE)];
    for _ in 0..rounds {
        let mut state = booted(&config);
        for (piece, best_ns) in inputs.chunks(PIECE).zip(&mut best_ns) {
            let start = Instant::now();
            for seen in piece {
                black_box(step(black_box(&config), &mut state, black_box(seen)));
            }
            *best_ns = start.elapsed().as_nanos().min(*best_ns);
        }
    }
    if rounds > 0 {
        let ns = best_ns.iter().sum::<u128>() as f64 / TICKS as f64;
        println!("step {ns:.1} ns a tick, the fastest of {rounds} rounds of {TICKS} ticks");
    }
    println!("state {} bytes", size_of::<State>());
}
