//! `faults.html`: one offline page with the summary, and the worst rows to be searched.

use std::fmt::Write;

use super::Report;
use super::sections::{self, Section};
use crate::html::{escape, page};
use crate::words;

/// Rows on the page, at about 500 bytes each: below 2 MB.
const MOST_ROWS: usize = 3_000;

/// The whole page.
pub fn document(report: &Report) -> String {
    let title = sections::headline(report);
    page(&title, |s| {
        let _ = write!(
            s,
            "<h1>kneadsim: {}</h1>\n<p class=\"counts\">",
            escape(&title)
        );
        let counts = sections::counts(report);
        let _ = writeln!(
            s,
            "{}</p>\n<p>Of {}: {}. Wall time {}.</p>",
            escape(&counts),
            escape(&report.of),
            escape(&report.about),
            words::wall(report.wall)
        );
        for section in sections::summary(report) {
            write_section(s, &section, "");
        }
        let worst = sections::worst(report, MOST_ROWS);
        let _ = writeln!(
            s,
            "<h2>{}</h2>\n<p>{}</p>",
            escape(&worst.title),
            escape(&worst.text)
        );
        s.push_str(
            "<p><input id=\"find\" type=\"search\" placeholder=\"find a fault, state or verdict\" \
             aria-label=\"find\"></p>\n",
        );
        table(s, &worst, " id=\"cases\"");
    })
}

fn write_section(s: &mut String, section: &Section, attributes: &str) {
    let _ = writeln!(
        s,
        "<h2>{}</h2>\n<p>{}</p>",
        escape(&section.title),
        escape(&section.text)
    );
    table(s, section, attributes);
}

fn table(s: &mut String, section: &Section, attributes: &str) {
    let _ = write!(s, "<table class=\"wide\"{attributes}>\n<thead><tr>");
    for (name, number) in &section.header {
        let class = if *number { " class=\"n\"" } else { "" };
        let _ = write!(s, "<th{class}>{}</th>", escape(name));
    }
    s.push_str("</tr></thead>\n<tbody>\n");
    for row in &section.rows {
        s.push_str("<tr>");
        for (text, (_, number)) in row.iter().zip(&section.header) {
            let class = if *number { " class=\"n\"" } else { "" };
            let _ = write!(s, "<td{class}>{}</td>", with_badge(text));
        }
        s.push_str("</tr>\n");
    }
    s.push_str("</tbody>\n</table>\n");
}

/// A verdict is a badge, what follows it is text.
fn with_badge(text: &str) -> String {
    let (word, rest) = text.split_once(": ").unwrap_or((text, ""));
    if ["PASS", "WARNING", "FAIL"].contains(&word) {
        format!(
            "<span class=\"badge {word}\">{word}</span> {}",
            escape(rest)
        )
    } else {
        escape(text)
    }
}
