//! Every case of the pack on the column grid, abreast: as it ends alone, bit for bit.
//!
//! A release build tries every lane count on every instruction set with every case;
//! a debug build, which is several times slower, tries each of them with a share.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use kneadsim_plant::{Grid, Vectors};
use kneadsim_sim::{Abreast, Continue, InProcess, Outcome, Spec, run, run_many};

const LANES: [usize; 6] = [1, 2, 3, 4, 8, 16];

fn scenarios() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    root.canonicalize().expect("the pack is there")
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files_below(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
}

/// The pack's cases with the grid of one column per zone, where they run on it.
fn column_cases() -> Vec<Arc<Spec>> {
    let root = scenarios();
    let mut files = Vec::new();
    files_below(&root, &mut files);
    files.sort();
    let mut specs = Vec::new();
    for file in files {
        // Parts that scenarios take in are no scenarios.
        let cases = kneadsim_scenario::load(&file, &root).unwrap_or_default();
        for mut case in cases {
            case.spec.build.grid = Grid::Column;
            if case.spec.validate().is_ok() {
                specs.push(Arc::new(case.spec));
            }
        }
    }
    specs
}

fn said(outcome: &Outcome) -> (u128, String, u128, [u64; 3]) {
    let energy = &outcome.energy;
    (
        outcome.digest,
        format!("{:?} {:?}", outcome.findings, outcome.ended),
        outcome.trace.digest(),
        [energy.put_in_j, energy.out_j, energy.stored_j].map(f64::to_bits),
    )
}

/// Runs them abreast in each of these ways and compares.
fn check(specs: &[Arc<Spec>], ways: &[Abreast]) {
    let alone: Vec<_> = specs
        .iter()
        .map(|spec| said(&run(spec, InProcess::new(), &mut |_| Continue::Yes)))
        .collect();
    for (turn, abreast) in ways.iter().enumerate() {
        let (mut specs, mut alone) = (specs.to_vec(), alone.clone());
        if cfg!(debug_assertions) {
            let is_its = |index: &usize| index % ways.len() == turn;
            specs = (0..specs.len())
                .filter(is_its)
                .map(|i| Arc::clone(&specs[i]))
                .collect();
            alone = (0..alone.len())
                .filter(is_its)
                .map(|i| alone[i].clone())
                .collect();
        }
        let device = |_| InProcess::new();
        let outcomes = run_many(&specs, *abreast, device, &mut |_, _| Continue::Yes);
        for ((spec, alone), outcome) in specs.iter().zip(&alone).zip(&outcomes) {
            let (runs, on) = (abreast.runs, abreast.vectors.name());
            let outcome = outcome.as_ref().map(said);
            assert_eq!(
                outcome.as_ref(),
                Some(alone),
                "{}, {runs} abreast on {on}",
                spec.name
            );
        }
    }
}

#[test]
fn the_pack_on_columns_ends_abreast_as_it_ends_alone() {
    let specs = column_cases();
    assert!(specs.len() > 500, "{} cases run on columns", specs.len());
    let ways: Vec<Abreast> = Vectors::all()
        .flat_map(|vectors| LANES.map(|runs| Abreast { runs, vectors }))
        .collect();
    thread::scope(|scope| {
        for part in specs.chunks(specs.len().div_ceil(4)) {
            scope.spawn(|| check(part, &ways));
        }
    });
}
