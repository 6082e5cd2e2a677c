//! Text of an expectation to a formula over signals.
//!
//! Two steps: [`syntax`] reads names, numbers and operators into a tree with
//! places; [`meaning`] resolves names and units and refuses what cannot be
//! compared. Both report every mistake at its column inside the text.

mod meaning;
mod syntax;
mod terms;
mod tokens;

use kneadsim_sim::fault::FaultKind;
use kneadsim_sim::formula::{Formula, Term};
use kneadsim_sim::spec::Derived;

use crate::document::{Node, Value};
use crate::mistake::{Place, Reporter};

/// The injected faults that a formula may ask for, and the columns asked for so far.
pub(crate) struct Scope<'a> {
    /// Kinds and targets in the file.
    pub faults: &'a [(FaultKind, u8)],
    /// Fault columns of the run.
    pub derived: &'a mut Vec<Derived>,
    /// Integrals of the check so far.
    pub integrals: u16,
}

/// Where the characters of a formula stand in the file.
pub(crate) struct Text<'a> {
    /// The formula.
    pub text: &'a str,
    whole: Place,
    /// First byte inside the quotes, where the text stands in the file as it is.
    offset: Option<usize>,
}

impl Text<'_> {
    /// The place of some bytes of the formula.
    pub fn place(&self, start: usize, end: usize) -> Place {
        match self.offset {
            Some(offset) => Place {
                file: self.whole.file,
                start: offset + start,
                end: offset + end,
            },
            None => self.whole,
        }
    }
}

/// Reads the formula in a value.
pub(crate) fn parse(
    node: &Node,
    name: &str,
    scope: &mut Scope<'_>,
    reporter: &mut Reporter,
) -> Option<Formula> {
    let text = within(node, name, "\"film_upper_c < 50\"", reporter)?;
    let tree = syntax::parse(&text, reporter)?;
    meaning::formula(&tree, &text, scope, reporter)
}

/// Reads the number in a value, `abs(film_upper_c - setpoint_upper_c)`, with its unit.
pub(crate) fn parse_number(
    node: &Node,
    name: &str,
    scope: &mut Scope<'_>,
    reporter: &mut Reporter,
) -> Option<(Term, String)> {
    let text = within(node, name, "\"film_upper_c - 40\"", reporter)?;
    let tree = syntax::parse(&text, reporter)?;
    meaning::number(&tree, &text, scope, reporter)
}

/// The text in a value, and where it stands.
fn within<'a>(node: &'a Node, name: &str, like: &str, reporter: &mut Reporter) -> Option<Text<'a>> {
    let Value::Text(text) = &node.value else {
        let kind = node.kind();
        let message = format!("`{name}` must be a formula in quotes, like {like}, not {kind}");
        reporter.mistake(node.place, message);
        return None;
    };
    let offset = inside_quotes(reporter.slice(node.place), text).map(|o| node.place.start + o);
    Some(Text {
        text,
        whole: node.place,
        offset,
    })
}

/// Bytes between the start of a value as written and its text, where the file has the text as
/// it is. With escapes it differs: then the whole value is the place.
fn inside_quotes(written: &str, text: &str) -> Option<usize> {
    ["\"\"\"", "'''", "\"", "'"].into_iter().find_map(|quote| {
        let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
        // A line break right after three quotes is not part of the text.
        let body = match quote.len() {
            3 => inner
                .strip_prefix("\r\n")
                .or_else(|| inner.strip_prefix('\n'))
                .unwrap_or(inner),
            _ => inner,
        };
        (body == text).then_some(quote.len() + inner.len() - body.len())
    })
}
