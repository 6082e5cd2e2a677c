//! `faults.md`: the table's summary and its worst rows on a page; no clock in it, so it
//! can be compared.

use std::fmt::Write;

use super::Report;
use super::sections::{self, Section};
use crate::markdown::cell;

/// The whole page.
pub fn document(report: &Report) -> String {
    let mut s = String::new();
    let _ = writeln!(s, "# kneadsim: {}\n", sections::headline(report));
    let _ = writeln!(s, "Of {}: {}.\n", cell(&report.of), cell(&report.about));
    let _ = writeln!(s, "{}", sections::counts(report));
    for section in sections::summary(report) {
        write_section(&mut s, &section);
    }
    write_section(&mut s, &sections::worst(report, sections::MOST_ROWS));
    s
}

fn write_section(s: &mut String, section: &Section) {
    let _ = writeln!(s, "\n## {}\n\n{}\n", section.title, section.text);
    let names: Vec<&str> = section.header.iter().map(|(name, _)| *name).collect();
    let lines: Vec<&str> = section
        .header
        .iter()
        .map(|(_, number)| if *number { "---:" } else { "---" })
        .collect();
    let _ = writeln!(s, "| {} |\n|{}|", names.join(" | "), lines.join("|"));
    for row in &section.rows {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        let _ = writeln!(s, "| {} |", cells.join(" | "));
    }
}
