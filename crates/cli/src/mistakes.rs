//! Shows mistakes in scenario files: `file:line:column: message`, then the line with a mark.

use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use kneadsim_scenario::Mistake;
use serde_json::{Value, json};

use crate::console::{one_line, visible};

/// A longer source line is not shown.
const LONGEST_LINE_BYTES: usize = 400;
/// Files above this are not read again to show a line of them.
const LARGEST_FILE_BYTES: u64 = 4 << 20;

/// A mistake about a file as a whole.
pub fn whole_file(path: &Path, message: &str) -> Mistake {
    Mistake {
        file: path.to_path_buf(),
        line: 1,
        column: 1,
        span: 0..0,
        message: message.to_string(),
        help: None,
    }
}

/// The mistake as text, with the source line where it can be had.
pub fn render(mistake: &Mistake, colour: bool) -> String {
    let source = source(mistake);
    render_in(mistake, source.as_deref(), colour)
}

/// The mistake as text, with its line of a source.
pub fn render_in(mistake: &Mistake, source: Option<&str>, colour: bool) -> String {
    let mut text = one_line(&mistake.to_string());
    if let Some(snippet) = source.and_then(|s| line_of(s, mistake.span.clone())) {
        text.push('\n');
        text.push_str(&marked(&snippet, mistake, colour));
    } else if let Some(help) = &mistake.help {
        text.push_str(&format!("\n  help: {}", one_line(help)));
    }
    text
}

/// The mistake as JSON.
pub fn to_json(mistake: &Mistake) -> Value {
    json!({
        "file": mistake.file.display().to_string(),
        "line": mistake.line,
        "column": mistake.column,
        "message": mistake.message,
        "help": mistake.help,
    })
}

struct SourceLine {
    text: String,
    /// Byte range within the line, on character boundaries.
    mark: std::ops::Range<usize>,
}

/// The file that a mistake is in, where it can be read and the mistake is not about all of it.
fn source(mistake: &Mistake) -> Option<String> {
    if mistake.span.is_empty() && mistake.span.start == 0 {
        return None;
    }
    let meta = std::fs::metadata(&mistake.file).ok()?;
    if !meta.is_file() || meta.len() > LARGEST_FILE_BYTES {
        return None;
    }
    std::fs::read_to_string(&mistake.file).ok()
}

/// The line on which a span starts, and the part of the span on it.
fn line_of(source: &str, span: std::ops::Range<usize>) -> Option<SourceLine> {
    let mut at = span.start.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    let start = source[..at].rfind('\n').map_or(0, |i| i + 1);
    let end = source[at..].find('\n').map_or(source.len(), |i| at + i);
    let text = source[start..end].trim_end_matches('\r');
    if text.trim().is_empty() || text.len() > LONGEST_LINE_BYTES {
        return None;
    }
    let from = (at - start).min(text.len());
    let mut to = (span.end.max(span.start) - start.min(span.end)).clamp(from, text.len());
    while !text.is_char_boundary(to) {
        to += 1;
    }
    if to == from {
        to = text[from..]
            .chars()
            .next()
            .map_or(from, |c| from + c.len_utf8());
    }
    // What steers a terminal must not reach it; the same length in bytes, for the mark.
    let text = text.chars().map(visible).collect();
    Some(SourceLine {
        text,
        mark: from..to,
    })
}

fn marked(line: &SourceLine, mistake: &Mistake, colour: bool) -> String {
    let mut annotation = AnnotationKind::Primary.span(line.mark.clone());
    let help = mistake.help.as_deref().map(one_line);
    if let Some(help) = &help {
        annotation = annotation.label(help.as_str());
    }
    let snippet = Snippet::source(line.text.as_str())
        .line_start(mistake.line)
        .annotation(annotation);
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer
        .decor_style(DecorStyle::Ascii)
        .render(&[Group::with_level(Level::ERROR).element(snippet)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_do_not_fit_the_file_are_brought_into_the_line() {
        let source = "schema = 1\nname = \"\u{e4}\u{f6}\"\r\n\nlast";
        for (span, expected) in [
            (0..6, Some(("schema = 1", 0..6))),
            (0..500, Some(("schema = 1", 0..10))),
            (11..15, Some(("name = \"\u{e4}\u{f6}\"", 0..4))),
            (20..21, Some(("name = \"\u{e4}\u{f6}\"", 8..10))),
            (26..26, None),
            (27..31, Some(("last", 0..4))),
            (900..901, Some(("last", 4..4))),
        ] {
            let line = line_of(source, span.clone());
            let got = line.as_ref().map(|l| (l.text.as_str(), l.mark.clone()));
            assert_eq!(got, expected, "span {span:?}");
        }
        assert!(line_of("", 0..4).is_none());
        assert!(line_of(&"x".repeat(LONGEST_LINE_BYTES + 1), 3..4).is_none());
    }
}
