//! Runs HPSM-1 and prints its time, like the programs in C that `tests/hpsm/run`
//! puts beside it: `cargo run --release -p kneadsim-hpsm --example hpsm -- [LANES [REPETITIONS
//! [VECTORS [FIRST_RUN]]]]`.
//!
//! Process time, median over the repetitions; the first run -1 is the nominal one in
//! every lane. Prints milliseconds per session, then what the first lane gave.

use kneadsim_hpsm::{Batch, TICKS, Variation};
use kneadsim_plant::Vectors;
use std::io::Write as _;

use rustix::time::{ClockId, clock_gettime};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, default: i64| -> i64 {
        arguments.get(index).map_or(default, |text| {
            text.parse().expect("a whole number is wanted here")
        })
    };
    let repetitions = number(1, 5).max(1) as usize;
    let first = number(3, -1);
    let widest = Vectors::widest();
    let vectors = match arguments.get(2).map(String::as_str) {
        None | Some("widest") => widest,
        Some(name) => Vectors::all()
            .find(|vectors| vectors.name() == name)
            .expect("this processor lacks these vector instructions"),
    };
    match number(0, 1) {
        1 => time::<1>(repetitions, vectors, first),
        2 => time::<2>(repetitions, vectors, first),
        4 => time::<4>(repetitions, vectors, first),
        8 => time::<8>(repetitions, vectors, first),
        16 => time::<16>(repetitions, vectors, first),
        24 => time::<24>(repetitions, vectors, first),
        32 => time::<32>(repetitions, vectors, first),
        lanes => panic!("{lanes} lanes are not built in: 1, 2, 4, 8, 16, 24 or 32"),
    }
}

fn time<const L: usize>(repetitions: usize, vectors: Vectors, first: i64) {
    let variations = core::array::from_fn(|l| match u64::try_from(first) {
        Ok(run) => Variation::of_run(run + l as u64),
        Err(_) => Variation::NOMINAL,
    });
    let mut times_ms = Vec::new();
    let mut last = None;
    for _ in 0..repetitions {
        let start_ms = process_ms();
        let mut batch = Batch::<L>::new(&variations);
        batch.set_vectors(vectors);
        batch.run(TICKS);
        times_ms.push((process_ms() - start_ms) / L as f64);
        last = Some(batch.outputs(0));
    }
    times_ms.sort_by(f64::total_cmp);
    let mut report = std::io::stdout();
    // A reader that has seen enough is no mistake.
    let _ = writeln!(
        report,
        "lanes={L} vectors={} ms/session={:.4} (min {:.4} max {:.4})",
        vectors.name(),
        times_ms[repetitions / 2],
        times_ms[0],
        times_ms[repetitions - 1],
    );
    let Some(out) = last else { return };
    let _ = writeln!(
        report,
        "  out peak_film={:.5} peak_basal={:.5} end_film={:.5} end_basal={:.5} cem43={:.6} \
         omega={:.6e} e_heat={:.2} peak_wind={:.5} e_motor={:.3} mean_absw={:.5} locks={}",
        out.peak_film_c,
        out.peak_basal_c,
        out.end_film_c,
        out.end_basal_c,
        out.cem43_min,
        out.omega,
        out.heater_j,
        out.peak_winding_c,
        out.copper_j,
        out.mean_speed_rad_s,
        out.lockouts,
    );
}

/// Time that this process has spent on a processor, ms.
fn process_ms() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 * 1.0e3 + now.tv_nsec as f64 * 1.0e-6
}
