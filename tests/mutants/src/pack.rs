//! Scenarios against the mutants that the firmware's tests let pass.

use std::fs;
use std::path::Path;

use crate::list;
use crate::table::{Outcome, Table};
use crate::work;

/// A run that uses more processor time than this does not end, s.
const CPU_MAX_S: f64 = 600.0;

/// Runs the scenario files that `cases` lists, in its order, until one fails.
pub fn pack(list: &Path, tree: &Path, table: &Path, cases: &Path) -> Result<(), String> {
    let mutants = list::read(list)?;
    let table = Table::open(table)?;
    let cases = fs::read_to_string(cases).map_err(|e| format!("{}: {e}", cases.display()))?;
    let cases: Vec<&str> = cases.lines().filter(|line| !line.is_empty()).collect();
    let program = tree.join("target/release/kneadsim");
    let open: Vec<(usize, &list::Mutant)> = mutants
        .iter()
        .enumerate()
        .filter(|(_, m)| {
            table
                .get(&m.name)
                .is_some_and(|(o, _)| o == Outcome::Missed)
        })
        .collect();
    println!(
        "{} mutants to run against {} files",
        open.len(),
        cases.len()
    );
    work::each(open, |(number, mutant)| {
        for case in &cases {
            let (code, _) = work::run(&program, &["run", case], tree, number, CPU_MAX_S)?;
            if code != Some(0) {
                return table.set(&mutant.name, Outcome::Pack, case);
            }
        }
        println!("survived: {}", mutant.name);
        table.set(&mutant.name, Outcome::Survived, "")
    })
}
