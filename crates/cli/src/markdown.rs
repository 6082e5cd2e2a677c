//! `summary.md`: the run on one page, for CI.

use std::fmt::Write;

use crate::report::Report;
use crate::result::{CaseResult, CaseVerdict, requirements, tightest_by_unit};
use crate::{version, words};

/// What GitHub takes for the summary of a step.
pub const STEP_SUMMARY_BYTES: usize = 1 << 20;
/// Cases that the table of what did not hold shows.
const MOST_ROWS: usize = 100;

/// The whole page.
pub fn document(report: &Report) -> String {
    let mut s = String::new();
    let _ = writeln!(s, "# kneadsim: {}\n", headline(report));
    let counts: Vec<String> = CaseVerdict::ALL
        .iter()
        .map(|v| format!("{} {}", report.count(*v), v.word()))
        .collect();
    let _ = writeln!(
        s,
        "{}: {}.",
        words::count(report.results.len(), "case"),
        counts.join(", ")
    );
    let _ = writeln!(
        s,
        "Simulated {:.1} h in {} ({} real time). Version {}.",
        report.simulated_s() / 3600.0,
        words::wall(report.wall),
        words::speed(report.real_time_factor()),
        version::LONG
    );
    if let Some((result, residual)) = report.worst_energy() {
        let _ = writeln!(
            s,
            "Energy balance closes within {residual:.1e}, worst in {}.",
            cell(&result.case.name)
        );
    }
    mistakes(&mut s, report);
    not_held(&mut s, report);
    tightest(&mut s, report);
    coverage(&mut s, report);
    s
}

/// One sentence about the run.
pub fn headline(report: &Report) -> String {
    let bad = report.results.len() - report.count(CaseVerdict::Pass);
    if report.interrupted {
        let open = report.planned - report.results.len();
        format!(
            "interrupted with {} open, {} not held",
            words::count(open, "case"),
            words::count(bad, "case")
        )
    } else if !report.mistakes.is_empty() {
        format!(
            "{} in scenario files, {} not held",
            words::count(report.mistakes.len(), "mistake"),
            words::count(bad, "case")
        )
    } else if report.results.is_empty() {
        "nothing ran".to_string()
    } else if bad == 0 {
        "everything held".to_string()
    } else {
        format!("{} did not hold", words::count(bad, "case"))
    }
}

/// Cuts a page at a line so that it is no longer than `bytes`.
pub fn within(text: &str, bytes: usize) -> String {
    const END: &str = "\n\n(cut here, see summary.md)\n";
    if text.len() <= bytes {
        return text.to_string();
    }
    let mut end = bytes.saturating_sub(END.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').unwrap_or(end);
    format!("{}{END}", &text[..end])
}

fn mistakes(s: &mut String, report: &Report) {
    if report.mistakes.is_empty() {
        return;
    }
    s.push_str("\n## Mistakes in scenario files\n\n");
    for mistake in report.mistakes.iter().take(MOST_ROWS) {
        let _ = writeln!(s, "- {}", cell(&mistake.to_string()));
    }
}

fn not_held(s: &mut String, report: &Report) {
    let bad: Vec<&CaseResult> = report
        .results
        .iter()
        .filter(|r| r.verdict != CaseVerdict::Pass)
        .collect();
    if bad.is_empty() {
        return;
    }
    s.push_str("\n## Not held\n\n| verdict | case | expectation | margin | at | decided by |\n|---|---|---|---:|---:|---|\n");
    for result in bad.iter().take(MOST_ROWS) {
        if let Some(reason) = &result.broken_off {
            let _ = writeln!(
                s,
                "| {} | {} | {} | | | |",
                result.verdict.word(),
                cell(&result.case.name),
                cell(reason)
            );
        }
        for finding in result.to_look_at() {
            let _ = writeln!(
                s,
                "| {} | {} | {} | {} | {} | {} |",
                crate::result::finding_word(finding),
                cell(&result.case.name),
                cell(&finding.id),
                words::margin_in_full(finding),
                finding.worst_tick.map(words::instant).unwrap_or_default(),
                cell(&finding.decided_by)
            );
        }
    }
    if bad.len() > MOST_ROWS {
        let _ = writeln!(s, "\n{} more, see results.json.", bad.len() - MOST_ROWS);
    }
}

fn tightest(s: &mut String, report: &Report) {
    let rows = tightest_by_unit(&report.results);
    if rows.is_empty() {
        return;
    }
    s.push_str("\n## Tightest margins\n\n| margin | at | case | expectation | decided by |\n|---:|---:|---|---|---|\n");
    for (result, finding) in rows {
        let _ = writeln!(
            s,
            "| {} | {} | {} | {} | {} |",
            words::margin_in_full(finding),
            finding.worst_tick.map(words::instant).unwrap_or_default(),
            cell(&result.case.name),
            cell(&finding.id),
            cell(&finding.decided_by)
        );
    }
}

fn coverage(s: &mut String, report: &Report) {
    let rows = requirements(&report.results);
    if rows.is_empty() {
        return;
    }
    s.push_str("\n## Requirements\n\n| requirement | cases | verdict | worst margin | in |\n|---|---:|---|---:|---|\n");
    for row in rows {
        let _ = writeln!(
            s,
            "| {} | {} | {} | {} | {} |",
            cell(row.id),
            row.cases,
            row.verdict.word(),
            row.worst
                .tightest()
                .map(words::margin_to_compare)
                .unwrap_or_default(),
            cell(&row.worst.case.name)
        );
    }
}

/// Text that cannot break a table or become markup.
pub fn cell(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => {
                safe.push('\\');
                safe.push(c);
            }
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_the_table() {
        assert_eq!(cell("a|b\n<c> x_y"), "a\\|b &lt;c&gt; x\\_y");
    }

    #[test]
    fn a_page_is_cut_at_a_line_within_its_bytes() {
        let page = "one line of text\n".repeat(100);
        let cut = within(&page, 500);
        assert!(cut.len() <= 500 && cut.ends_with("see summary.md)\n"));
        assert!(cut.contains("one line of text\n\n(cut"), "{cut}");
        assert_eq!(within("short", 500), "short");
    }
}
