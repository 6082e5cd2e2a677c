//! Counts of the table and the survivors, for `docs/mutants.md`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::list;
use crate::reasons::Reasons;
use crate::table::{Outcome, Table};

/// Prints counts per file and in total, then every mutant that nothing caught
/// with the reason why it may live. An error: a reason that is refuted or of no use.
pub fn report(list: &Path, repository: &Path, table: &Path, reasons: &Path) -> Result<(), String> {
    let mutants = list::read(list)?;
    let table = Table::open(table)?;
    let reasons = Reasons::read(reasons, repository, &mutants)?;
    let mut files: BTreeMap<&str, [usize; 6]> = BTreeMap::new();
    let mut total = [0; 6];
    let mut tests: BTreeMap<String, usize> = BTreeMap::new();
    let mut left: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for mutant in &mutants {
        let known = table.get(&mutant.name);
        let reason = reasons.get(mutant);
        let column = match known.as_ref().map(|(outcome, _)| *outcome) {
            Some(Outcome::Unviable) => 0,
            Some(Outcome::Unit) => 1,
            Some(Outcome::Pack) => 2,
            Some(Outcome::Survived | Outcome::Missed) if reason.is_some() => 3,
            Some(Outcome::Survived | Outcome::Missed) => 4,
            None => 5,
        };
        let (file, what, line) = reasons.key(mutant);
        if column == 3 || column == 4 {
            let row = format!(
                "- {file}:{} `{}`: {what}",
                mutant.start.0,
                line.replace(['«', '»'], "")
            );
            left.entry(reason.unwrap_or("no reason known"))
                .or_default()
                .push(row);
        } else if column != 5 && reason.is_some() {
            wrong.push(format!("caught in spite of its reason: {}", mutant.name));
        }
        if let Some((Outcome::Unit, by)) = &known {
            let test = by.split(':').next().unwrap_or_default();
            *tests.entry(test.to_string()).or_default() += 1;
        }
        let file = mutant.file.rsplit('/').next().unwrap_or_default();
        files.entry(file).or_default()[column] += 1;
        total[column] += 1;
    }
    println!(
        "| file | does not compile | by its tests | by the pack | by nothing, for a reason | by nothing | not run |"
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
    println!("| caught first by | mutants |");
    println!("|---|---|");
    for (test, count) in &tests {
        println!("| `{test}` | {count} |");
    }
    for (reason, rows) in &left {
        println!("\n{reason} ({}):\n", rows.len());
        for row in rows {
            println!("{row}");
        }
    }
    wrong.extend(
        reasons
            .unused(&mutants)
            .iter()
            .map(|row| format!("a reason for no mutant: {row}")),
    );
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}
