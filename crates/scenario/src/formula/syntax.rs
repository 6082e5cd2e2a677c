//! Formula text to a tree: precedence climbing over a short list of tokens.
//!
//! Loosest first: `or`, `and`, `not`, comparisons (which chain), `+ -`, `*`,
//! sign, and names, numbers with units, calls and parentheses.

use kneadsim_sim::formula::Relation;

use super::Text;
use super::tokens::{Failure, Lexed, Token, shown, tokens};
use crate::bounds::{FORMULA_MAX_BYTES, FORMULA_MAX_DEPTH};
use crate::mistake::Reporter;

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
