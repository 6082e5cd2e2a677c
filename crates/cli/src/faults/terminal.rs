//! The table on a terminal: counts, the summary's short parts, where the rest is.

use std::fmt::Write;
use std::path::Path;

use kneadsim_search::faults::{Row, Verdict};

use super::sections::{self, Section};
use super::{Report, phrases};
use crate::columns::{table, wrap};
use crate::console::{Console, Tone};
use crate::words;

/// Failed and worst rows on a terminal.
const MOST_ROWS: usize = 20;

/// Everything that is printed.
pub fn document(report: &Report, written: Option<&Path>, console: Console) -> String {
    let mut s = String::new();
    let tone = if report.count(Verdict::Fail) == 0 {
        Tone::Good
    } else {
        Tone::Bad
    };
    let _ = writeln!(s, "{}", console.paint(tone, &sections::headline(report)));
    let _ = writeln!(s, "of {}: {}\n", report.of, report.about);
    let rows: Vec<Vec<String>> = report.rows.iter().take(MOST_ROWS).map(cells).collect();
    if !rows.is_empty() {
        s.push_str(&table(&HEADER, &rows, console.width));
        if report.rows.len() > MOST_ROWS {
            let more = words::count(report.rows.len() - MOST_ROWS, "more row");
            let _ = writeln!(s, "{}", console.paint(Tone::Faint, &more));
        }
    }
    let short = sections::defence(report).into_iter();
    for section in short.chain(sections::absent(report)) {
        write_section(&mut s, &section, console);
    }
    s.push('\n');
    for line in wrap(&sections::counts(report), console.width) {
        let _ = writeln!(s, "{line}");
    }
    let speed = report.simulated_s() / report.wall.as_secs_f64().max(1e-9);
    let _ = writeln!(
        s,
        "{}, {} real time",
        words::wall(report.wall),
        words::speed(speed)
    );
    if let Some(out) = written {
        let _ = writeln!(
            s,
            "{0}/faults.csv, {0}/faults.md, {0}/faults.html",
            out.display()
        );
    }
    s
}

const HEADER: [&str; 7] = [
    "verdict",
    "skin",
    "left",
    "winding",
    "safe after",
    "noticed by",
    "row",
];

fn cells(row: &Row) -> Vec<String> {
    let left = row
        .nearest
        .as_ref()
        .map_or(f64::INFINITY, |n| n.kelvin_left);
    let why = phrases::reasons(row);
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(" ({why})")
    };
    vec![
        phrases::verdict(row.verdict).to_owned(),
        format!("{} degC", phrases::celsius(row.peaks.skin_c)),
        format!("{} K", phrases::kelvin(left)),
        format!("{:.0} degC", row.peaks.winding_c),
        phrases::safe(row),
        phrases::noticed(row),
        format!("{}{why}", row.case.name()),
    ]
}

fn write_section(s: &mut String, section: &Section, console: Console) {
    let _ = writeln!(s, "\n{}", console.paint(Tone::Strong, &section.title));
    for line in wrap(&section.text, console.width) {
        let _ = writeln!(s, "{line}");
    }
    let header: Vec<&str> = section.header.iter().map(|(name, _)| *name).collect();
    s.push_str(&table(&header, &section.rows, console.width));
}
