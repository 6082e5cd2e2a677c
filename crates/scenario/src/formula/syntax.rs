//! Formula text to a tree: precedence climbing over a short list of tokens.
//!
//! Loosest first: `or`, `and`, `not`, comparisons (which chain), `+ -`, `*`,
//! sign, and names, numbers with units, calls and parentheses.

use kneadsim_sim::formula::Relation;

use super::Text;
use crate::bounds::{FORMULA_MAX_BYTES, FORMULA_MAX_DEPTH, FORMULA_MAX_PARTS};
use crate::mistake::Reporter;
use crate::quantity::{shorten, split_number};

/// A part of a formula with its bytes.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub start: usize,
    pub end: usize,
    pub part: Part,
}

/// What a part is.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Number(f64, Option<String>),
    Name(String),
    Negative(Box<Tree>),
    Sum(Box<Tree>, Box<Tree>),
    Difference(Box<Tree>, Box<Tree>),
    Product(Box<Tree>, Box<Tree>),
    Call(String, Box<Tree>),
    /// First operand, then relations with their operands.
    Compare(Box<Tree>, Vec<(Relation, Tree)>),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    /// A unit directly after a number, when it is not a name of this language.
    Word(String),
    Symbol(&'static str),
    End,
}

struct Lexed {
    token: Token,
    start: usize,
    end: usize,
}

const SYMBOLS: [&str; 12] = [
    "<=", ">=", "==", "!=", "<", ">", "(", ")", "+", "-", "*", "=",
];

/// Reads the text; the first syntax error is reported.
pub(super) fn parse(text: &Text<'_>, reporter: &mut Reporter) -> Option<Tree> {
    if text.text.len() > FORMULA_MAX_BYTES {
        reporter.mistake(
            text.place(0, text.text.len()),
            format!("the formula is longer than {FORMULA_MAX_BYTES} bytes"),
        );
        return None;
    }
    let outcome = tokens(text.text).and_then(|tokens| {
        let mut parser = Parser { tokens, at: 0 };
        let tree = parser.any(0)?;
        match parser.peek() {
            Lexed {
                token: Token::End, ..
            } => Ok(tree),
            other => Err((
                other.start,
                other.end,
                format!("{} is not expected here", shown(&other.token)),
            )),
        }
    });
    match outcome {
        Ok(tree) => Some(tree),
        Err((start, end, message)) => {
            reporter.mistake(text.place(start, end), message);
            None
        }
    }
}

type Failure = (usize, usize, String);

fn tokens(text: &str) -> Result<Vec<Lexed>, Failure> {
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
                '/' => ": there is no division, multiply the other side",
                _ => "",
            };
            return Err((
                at,
                at + first.len_utf8(),
                format!("`{}` is not part of a formula{hint}", first.escape_debug()),
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

struct Parser {
    tokens: Vec<Lexed>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> &Lexed {
        // The list ends with `End`, which is never passed.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn word(&self) -> Option<&str> {
        match &self.peek().token {
            Token::Word(w) => Some(w),
            Token::Number(_) | Token::Symbol(_) | Token::End => None,
        }
    }

    fn symbol(&self) -> Option<&'static str> {
        match self.peek().token {
            Token::Symbol(s) => Some(s),
            Token::Word(_) | Token::Number(_) | Token::End => None,
        }
    }

    fn any(&mut self, depth: usize) -> Result<Tree, Failure> {
        self.series(depth, "or", Part::Or, |p| p.all(depth))
    }

    fn all(&mut self, depth: usize) -> Result<Tree, Failure> {
        self.series(depth, "and", Part::And, |p| p.negation(depth))
    }

    fn series(
        &mut self,
        _depth: usize,
        joint: &str,
        make: fn(Vec<Tree>) -> Part,
        mut next: impl FnMut(&mut Self) -> Result<Tree, Failure>,
    ) -> Result<Tree, Failure> {
        let first = next(self)?;
        if self.word() != Some(joint) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.word() == Some(joint) {
            self.at += 1;
            parts.push(next(self)?);
        }
        let (start, end) = (parts[0].start, parts[parts.len() - 1].end);
        Ok(Tree {
            start,
            end,
            part: make(parts),
        })
    }

    fn negation(&mut self, depth: usize) -> Result<Tree, Failure> {
        if self.word() != Some("not") {
            return self.comparison(depth);
        }
        let start = self.peek().start;
        self.deep_enough(depth)?;
        self.at += 1;
        let inner = self.negation(depth + 1)?;
        Ok(Tree {
            start,
            end: inner.end,
            part: Part::Not(Box::new(inner)),
        })
    }

    fn comparison(&mut self, depth: usize) -> Result<Tree, Failure> {
        let first = self.sum(depth)?;
        let mut rest = Vec::new();
        while let Some(relation) = self.symbol().and_then(relation) {
            self.at += 1;
            rest.push((relation, self.sum(depth)?));
        }
        let Some((_, last)) = rest.last() else {
            return Ok(first);
        };
        Ok(Tree {
            start: first.start,
            end: last.end,
            part: Part::Compare(Box::new(first), rest),
        })
    }

    fn sum(&mut self, depth: usize) -> Result<Tree, Failure> {
        let mut left = self.product(depth)?;
        while let Some(symbol @ ("+" | "-")) = self.symbol() {
            self.at += 1;
            let right = self.product(depth)?;
            let (start, end) = (left.start, right.end);
            let (a, b) = (Box::new(left), Box::new(right));
            left = Tree {
                start,
                end,
                part: if symbol == "+" {
                    Part::Sum(a, b)
                } else {
                    Part::Difference(a, b)
                },
            };
        }
        Ok(left)
    }

    fn product(&mut self, depth: usize) -> Result<Tree, Failure> {
        let mut left = self.signed(depth)?;
        while self.symbol() == Some("*") {
            self.at += 1;
            let right = self.signed(depth)?;
            let (start, end) = (left.start, right.end);
            left = Tree {
                start,
                end,
                part: Part::Product(Box::new(left), Box::new(right)),
            };
        }
        Ok(left)
    }

    fn signed(&mut self, depth: usize) -> Result<Tree, Failure> {
        if self.symbol() != Some("-") {
            return self.primary(depth);
        }
        let start = self.peek().start;
        self.deep_enough(depth)?;
        self.at += 1;
        let inner = self.signed(depth + 1)?;
        Ok(Tree {
            start,
            end: inner.end,
            part: Part::Negative(Box::new(inner)),
        })
    }

    fn primary(&mut self, depth: usize) -> Result<Tree, Failure> {
        let Lexed { token, start, end } = self.peek();
        let (token, start, end) = (token.clone(), *start, *end);
        match token {
            Token::Number(value) => {
                self.at += 1;
                let unit = self
                    .word()
                    .filter(|w| !matches!(*w, "and" | "or" | "not"))
                    .map(str::to_owned);
                let end = if unit.is_some() { self.peek().end } else { end };
                self.at += usize::from(unit.is_some());
                Ok(Tree {
                    start,
                    end,
                    part: Part::Number(value, unit),
                })
            }
            Token::Word(word) if matches!(word.as_str(), "and" | "or" | "not") => Err((
                start,
                end,
                format!("a signal or a number is expected before `{word}`"),
            )),
            Token::Word(word) => {
                self.at += 1;
                if self.symbol() != Some("(") {
                    return Ok(Tree {
                        start,
                        end,
                        part: Part::Name(word),
                    });
                }
                let (inner, end) = self.parenthesis(depth)?;
                Ok(Tree {
                    start,
                    end,
                    part: Part::Call(word, Box::new(inner)),
                })
            }
            Token::Symbol("(") => {
                let (inner, end) = self.parenthesis(depth)?;
                Ok(Tree {
                    start,
                    end,
                    part: inner.part,
                })
            }
            Token::Symbol(_) | Token::End => Err((
                start,
                end,
                format!("a signal or a number is expected, not {}", shown(&token)),
            )),
        }
    }

    fn parenthesis(&mut self, depth: usize) -> Result<(Tree, usize), Failure> {
        self.deep_enough(depth)?;
        let open = self.peek().start;
        self.at += 1;
        let inner = self.any(depth + 1)?;
        let close = self.peek();
        if close.token != Token::Symbol(")") {
            return Err((
                open,
                open + 1,
                format!("this `(` has no `)`: {} comes first", shown(&close.token)),
            ));
        }
        let end = close.end;
        self.at += 1;
        Ok((inner, end))
    }

    fn deep_enough(&self, depth: usize) -> Result<(), Failure> {
        let at = self.peek();
        if depth < FORMULA_MAX_DEPTH {
            return Ok(());
        }
        Err((
            at.start,
            at.end,
            format!("the formula is nested deeper than {FORMULA_MAX_DEPTH} levels"),
        ))
    }
}

fn relation(symbol: &str) -> Option<Relation> {
    Some(match symbol {
        "<" => Relation::Less,
        "<=" => Relation::LessEqual,
        ">" => Relation::Greater,
        ">=" => Relation::GreaterEqual,
        "==" => Relation::Equal,
        "!=" => Relation::NotEqual,
        _ => return None,
    })
}

fn shown(token: &Token) -> String {
    match token {
        Token::Number(value) => format!("the number {value}"),
        Token::Word(word) => format!("`{}`", shorten(word)),
        Token::Symbol(symbol) => format!("`{symbol}`"),
        Token::End => "the end".into(),
    }
}
