//! GitHub annotations: `::error file=...,line=...::text`. GitHub shows ten of a step.

use crate::console::{Console, one_line};
use crate::render;
use crate::report::Report;
use crate::result::CaseVerdict;

/// GitHub drops what goes beyond.
const MOST: usize = 10;

/// At most ten lines: mistakes first, then what broke off, then what failed.
pub fn lines(report: &Report) -> Vec<String> {
    let mistakes = report.mistakes.iter().map(|m| {
        let place = format!(
            "file={},line={},col={}",
            property(&slashes(&m.file.display().to_string())),
            m.line,
            m.column
        );
        format!("::error {place}::{}", data(&m.message))
    });
    let mut bad: Vec<_> = report
        .results
        .iter()
        .filter(|r| r.verdict != CaseVerdict::Pass)
        .collect();
    bad.sort_by_key(|r| std::cmp::Reverse(r.verdict));
    let cases = bad.into_iter().map(|result| {
        let level = if result.verdict == CaseVerdict::Inconclusive {
            "warning"
        } else {
            "error"
        };
        let what = match (
            &result.broken_off,
            result.to_look_at().max_by_key(|f| f.verdict),
        ) {
            (Some(reason), _) => one_line(reason),
            (None, Some(finding)) => render::finding(finding, Console::plain()),
            (None, None) => String::new(),
        };
        let title = property(&format!("{} {}", result.verdict.word(), result.case.name));
        let place = format!("file={},line=1,title={title}", property(&result.source()));
        format!("::{level} {place}::{}", data(&what))
    });
    mistakes.chain(cases).take(MOST).collect()
}

fn slashes(path: &str) -> String {
    path.replace('\\', "/")
}

/// Escapes as GitHub's own toolkit does.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_break_out_of_an_annotation() {
        assert_eq!(data("50 %\n::error::x"), "50 %25%0A::error::x");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
