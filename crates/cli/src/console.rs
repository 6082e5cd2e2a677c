//! The terminal: colours, width, and output that survives a closed pipe.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// What a piece of text means; never told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It held.
    Good,
    /// It did not hold.
    Bad,
    /// Undecided, or to be looked at.
    Doubtful,
    /// Broke off.
    Broken,
    /// Less important.
    Faint,
    /// More important.
    Strong,
}

/// Where text goes and how it may look.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// Colours on the standard output.
    pub colour: bool,
    /// Colours on the standard error.
    pub colour_errors: bool,
    /// Columns that a line may take.
    pub width: usize,
}

impl Console {
    /// Looks at the environment.
    pub fn new(no_color: bool) -> Self {
        let wanted = !no_color
            && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
            && std::env::var_os("TERM").is_none_or(|v| v != "dumb");
        Self {
            colour: wanted && std::io::stdout().is_terminal(),
            colour_errors: wanted && std::io::stderr().is_terminal(),
            width: width(),
        }
    }

    /// A console for files and tests.
    pub fn plain() -> Self {
        Self {
            colour: false,
            colour_errors: false,
            width: USUAL_WIDTH,
        }
    }

    /// Text in its tone, for the standard output.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_string();
        }
        format!("\x1b[{}m{text}\x1b[0m", code(tone))
    }
}

/// Columns where the terminal does not say, and at most for a table to be read in.
const USUAL_WIDTH: usize = 120;
/// Columns below which lines wrap rather than lose more of what they say.
const LEAST_WIDTH: usize = 60;

/// Columns of the terminal; files and pipes always get the usual width.
fn width() -> usize {
    let columns = ::terminal::Term::stdout().size_checked().map(|(_, c)| c);
    columns.map_or(USUAL_WIDTH, |c| {
        usize::from(c).clamp(LEAST_WIDTH, USUAL_WIDTH)
    })
}

/// Blue, vermillion, amber and purple stay apart for every kind of colour vision
/// (after Okabe and Ito's palette, in the terminal's 256 colours).
fn code(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "38;5;32",
        Tone::Bad => "1;38;5;202",
        Tone::Doubtful => "1;38;5;178",
        Tone::Broken => "1;38;5;175",
        Tone::Faint => "2",
        Tone::Strong => "1",
    }
}

/// Whether text for the standard output was lost, other than to a reader that went away.
static LOST: AtomicBool = AtomicBool::new(false);

/// Prints to the standard output. A reader that has gone away (`| head`) is
/// not an error: the rest of the text is dropped. A full disk is one, told once.
pub fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) else {
        return;
    };
    if error.kind() != std::io::ErrorKind::BrokenPipe && !LOST.swap(true, Ordering::Relaxed) {
        complain(&format!("error: cannot write the standard output: {error}"));
    }
}

/// Whether some of what [`say`] was given is lost although somebody wanted it.
pub fn output_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Prints a line to the standard error, or nowhere if that is closed.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Shortens text to `width` characters by cutting its middle.
pub fn fit(text: &str, width: usize) -> String {
    let count = text.chars().count();
    if count <= width {
        return text.to_string();
    }
    if width < 5 {
        return text.chars().take(width).collect();
    }
    let tail = (width - 1) / 2;
    let head = width - 1 - tail;
    let first: String = text.chars().take(head).collect();
    let last: String = text.chars().skip(count - tail).collect();
    format!("{first}\u{2026}{last}")
}

/// Makes text from a file safe to print on one line: nothing that moves the cursor or turns the
/// direction of writing.
pub fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { ' ' } else { visible(c) };
    text.chars().map(shown).collect()
}

/// A character that stays where it is, as many bytes long: control characters of both sets
/// (U+009B begins an escape sequence as ESC does) and marks that turn the direction of
/// writing, which make a line look like another, are replaced. Tabs stay.
pub fn visible(c: char) -> char {
    match c {
        '\t' => c,
        '\u{61c}' => '\u{bf}',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_ascii_control() => '?',
        c if c.is_control() => '\u{bf}',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_lose_their_middle_and_keep_their_width() {
        for (text, width, expected) in [
            ("short", 10, "short"),
            ("exactly ten", 11, "exactly ten"),
            ("abcdefghij", 7, "abc\u{2026}hij"),
            ("abcdefghij", 8, "abcd\u{2026}hij"),
            (
                "\u{e4}\u{f6}\u{fc}\u{e4}\u{f6}\u{fc}\u{e4}\u{f6}",
                5,
                "\u{e4}\u{f6}\u{2026}\u{e4}\u{f6}",
            ),
            ("abcdef", 3, "abc"),
        ] {
            assert_eq!(fit(text, width), expected);
            assert!(fit(text, width).chars().count() <= width);
        }
    }

    #[test]
    fn escape_sequences_of_a_file_do_not_reach_the_terminal() {
        assert_eq!(one_line("a\x1b[31mb\nc"), "a [31mb c");
        assert_eq!(one_line("a\u{9b}31mb\u{202e}c"), "a 31mb\u{fffd}c");
    }

    #[test]
    fn what_replaces_a_character_is_as_many_bytes_long() {
        for c in ('\0'..='\u{2100}').filter(|c| visible(*c) != *c) {
            assert_eq!(visible(c).len_utf8(), c.len_utf8(), "{c:?}");
            assert!(!visible(c).is_control());
        }
        assert_eq!(visible('\u{9b}'), '\u{bf}');
        assert_eq!(visible('\u{e4}'), '\u{e4}');
    }
}
