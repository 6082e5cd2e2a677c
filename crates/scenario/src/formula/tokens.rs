//! Formula text to tokens with their bytes.

use crate::bounds::FORMULA_MAX_PARTS;
use crate::quantity::{shorten, split_number};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Word(String),
    Symbol(&'static str),
    End,
}

pub(super) struct Lexed {
    pub token: Token,
    pub start: usize,
    pub end: usize,
}

const SYMBOLS: [&str; 12] = [
    "<=", ">=", "==", "!=", "<", ">", "(", ")", "+", "-", "*", "=",
];

/// Bytes and message of a syntax error.
pub(super) type Failure = (usize, usize, String);

pub(super) fn tokens(text: &str) -> Result<Vec<Lexed>, Failure> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if found.len() >= FORMULA_MAX_PARTS {
            return Err((
                at,
                text.len(),
                format!("the formula has more than {FORMULA_MAX_PARTS} parts"),
            ));
        }
        let rest = &text[at..];
        let (token, length) = if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let Some((value, _)) = split_number(rest) else {
                return Err((at, at + 1, "the number is not finite".into()));
            };
            (Token::Number(value), number_length(rest))
        } else if first.is_alphabetic() || first == '_' || first == '%' || first == '°' {
            let length = rest
                .char_indices()
                .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '%' | '°')))
                .map_or(rest.len(), |(i, _)| i);
            (Token::Word(rest[..length].to_owned()), length)
        } else if let Some(symbol) = SYMBOLS.iter().find(|s| rest.starts_with(**s)) {
            if *symbol == "=" {
                return Err((
                    at,
                    at + 1,
                    "`=` is not a comparison, did you mean `==`?".into(),
                ));
            }
            (Token::Symbol(symbol), symbol.len())
        } else {
            let hint = match first {
                '&' => ", did you mean `and`?",
                '|' => ", did you mean `or`?",
                '!' => ", did you mean `not`?",
                '\u{2264}' => ", did you mean `<=`?",
                '\u{2265}' => ", did you mean `>=`?",
                '\u{2260}' => ", did you mean `!=`?",
                '\'' | '"' => ": labels and numbers stand without quotes",
                '/' => ": there is no division, multiply the other side",
                _ => "",
            };
            let shown = match first {
                '\'' | '"' => first.to_string(),
                _ => first.escape_debug().to_string(),
            };
            return Err((
                at,
                at + first.len_utf8(),
                format!("`{shown}` is not part of a formula{hint}"),
            ));
        };
        found.push(Lexed {
            token,
            start: at,
            end: at + length,
        });
        at += length;
    }
    found.push(Lexed {
        token: Token::End,
        start: text.len(),
        end: text.len(),
    });
    Ok(found)
}

/// Bytes of the number at the start of the text.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes
            .get(at)
            .is_some_and(|b| b.is_ascii_digit() || *b == b'_')
        {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let after = digits(end + 1 + sign);
        if after > end + 1 + sign {
            end = after;
        }
    }
    end
}

pub(super) fn shown(token: &Token) -> String {
    match token {
        Token::Number(value) => format!("the number {value}"),
        Token::Word(word) => format!("`{}`", shorten(word)),
        Token::Symbol(symbol) => format!("`{symbol}`"),
        Token::End => "the end".into(),
    }
}
