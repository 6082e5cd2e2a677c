//! Counts of the table and the survivors, for `docs/mutants.md`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::list;
use crate::table::{Outcome, Table};

/// Prints counts per file and in total, then every mutant that nothing caught.
pub fn report(list: &Path, table: &Path) -> Result<(), String> {
    let mutants = list::read(list)?;
    let table = Table::open(table)?;
    let mut files: BTreeMap<&str, [usize; 6]> = BTreeMap::new();
    let mut total = [0; 6];
    let mut left = Vec::new();
    for mutant in &mutants {
        let outcome = table.get(&mutant.name).map(|(outcome, _)| outcome);
        let column = match outcome {
            Some(Outcome::Unviable) => 0,
            Some(Outcome::Unit) => 1,
            Some(Outcome::Pack) => 2,
            Some(Outcome::Survived) => 3,
            Some(Outcome::Missed) => 4,
            None => 5,
        };
        if matches!(outcome, Some(Outcome::Survived | Outcome::Missed)) {
            left.push(&mutant.name);
        }
        let file = mutant.file.rsplit('/').next().unwrap_or_default();
        files.entry(file).or_default()[column] += 1;
        total[column] += 1;
    }
    println!(
        "| file | does not compile | by its tests | by the pack | by nothing | missed by its tests, pack not run | not run |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (file, counts) in files.iter().chain([(&"all", &total)]) {
        let cells: Vec<String> = counts.iter().map(usize::to_string).collect();
        println!("| {file} | {} |", cells.join(" | "));
    }
    let [unviable, unit, pack, ..] = total;
    let viable = mutants.len() - unviable;
    let share = 100.0 * (unit + pack) as f64 / viable.max(1) as f64;
    println!(
        "\n{viable} of {} compile, {share:.1} % of them caught\n",
        mutants.len()
    );
    for name in left {
        println!("- {name}");
    }
    Ok(())
}
