//! A formula's tree to the bench's formula: names, labels, units.

use kneadsim_sim::formula::{Atom, Formula, Relation, Term};
use kneadsim_sim::signal::Scale;

use super::syntax::{Part, Tree};
use super::terms::{Side, Sort, constant, finite, has_signal, is_constant};
use super::{Scope, Text};
use crate::mistake::Reporter;
use crate::quantity::{convert, listed, shorten, units_like};

/// Resolves a tree that must be true or false.
pub(super) fn formula(
    tree: &Tree,
    text: &Text<'_>,
    scope: &mut Scope<'_>,
    reporter: &mut Reporter,
) -> Option<Formula> {
    Resolver {
        text,
        scope,
        reporter,
    }
    .truth(tree)
}

/// Resolves a tree that must be a number of signals; gives its unit too.
pub(super) fn number(
    tree: &Tree,
    text: &Text<'_>,
    scope: &mut Scope<'_>,
    reporter: &mut Reporter,
) -> Option<(Term, String)> {
    let mut resolver = Resolver {
        text,
        scope,
        reporter,
    };
    let side = resolver.measure(tree)?;
    if !has_signal(&side.term) || !finite(&side.term) {
        return resolver.wrong(tree, "this is no number of any signal");
    }
    let unit = match side.sort {
        Sort::Measure(unit) => unit,
        Sort::Bare | Sort::Labels(_) => "1".to_owned(),
    };
    Some((side.term, unit))
}

/// Resolves one formula and reports its mistakes.
pub(super) struct Resolver<'a, 'b> {
    pub text: &'a Text<'a>,
    pub scope: &'a mut Scope<'b>,
    pub reporter: &'a mut Reporter,
}

impl Resolver<'_, '_> {
    pub(super) fn wrong<T>(&mut self, tree: &Tree, message: impl Into<String>) -> Option<T> {
        self.reporter
            .mistake(self.text.place(tree.start, tree.end), message);
        None
    }

    pub(super) fn written(&self, start: usize, end: usize) -> String {
        self.text
            .text
            .get(start..end)
            .unwrap_or("")
            .trim()
            .to_owned()
    }

    fn truth(&mut self, tree: &Tree) -> Option<Formula> {
        match &tree.part {
            Part::And(parts) => self.every(parts).map(Formula::And),
            Part::Or(parts) => self.every(parts).map(Formula::Or),
            Part::Not(inner) => self.truth(inner).map(|f| Formula::Not(Box::new(f))),
            Part::Compare(first, rest) => self.chain(first, rest),
            Part::Name(name) => self.flag(tree, name),
            Part::Number(..)
            | Part::Negative(_)
            | Part::Sum(..)
            | Part::Difference(..)
            | Part::Product(..)
            | Part::Call(..) => {
                let written = shorten(&self.written(tree.start, tree.end));
                self.wrong(
                    tree,
                    format!(
                        "`{written}` is a number: compare it with something, like `{written} < 50`"
                    ),
                )
            }
        }
    }

    /// All parts, with the mistakes of all of them.
    fn every(&mut self, parts: &[Tree]) -> Option<Vec<Formula>> {
        let made: Vec<Option<Formula>> = parts.iter().map(|p| self.truth(p)).collect();
        made.into_iter().collect()
    }

    /// A boolean signal or a fault on its own.
    fn flag(&mut self, tree: &Tree, name: &str) -> Option<Formula> {
        if matches!(name, "true" | "false") {
            return self.wrong(
                tree,
                format!("`{name}` compares no signal: it says nothing about the run"),
            );
        }
        let side = self.name(tree, name, None)?;
        if side.sort != Sort::Labels(Scale::Boolean) {
            let example = match &side.sort {
                Sort::Labels(scale) => {
                    format!("`{name} == {}`", scale.labels().first().map_or("", |l| l.0))
                }
                Sort::Measure(_) | Sort::Bare => format!("`{name} < 50`"),
            };
            return self.wrong(
                tree,
                format!("`{name}` is not true or false: compare it with something, like {example}"),
            );
        }
        Some(Formula::Atom(Atom {
            left: side.term,
            relation: Relation::Equal,
            right: Term::Constant(1.0),
            text: name.to_owned(),
            unit: "1".into(),
            discrete: true,
        }))
    }

    fn chain(&mut self, first: &Tree, rest: &[(Relation, Tree)]) -> Option<Formula> {
        let mut atoms = Vec::new();
        let mut left = first;
        let mut sound = true;
        for (relation, right) in rest {
            match self.compare(left, *relation, right) {
                Some(atom) => atoms.push(Formula::Atom(atom)),
                None => sound = false,
            }
            left = right;
        }
        if !sound {
            return None;
        }
        if atoms.len() == 1 {
            atoms.pop()
        } else {
            Some(Formula::And(atoms))
        }
    }

    fn compare(&mut self, left: &Tree, relation: Relation, right: &Tree) -> Option<Atom> {
        // A name that is no signal may be a label of the other side.
        let scale = self.scale_of(left).or_else(|| self.scale_of(right));
        let (a, b) = (self.side(left, scale), self.side(right, scale));
        let (mut a, mut b) = (a?, b?);
        let whole = Tree {
            start: left.start,
            end: right.end,
            part: Part::Name(String::new()),
        };
        if !has_signal(&a.term) && !has_signal(&b.term) {
            return self.wrong(
                &whole,
                "this compares no signal: it says nothing about the run",
            );
        }
        if !finite(&a.term) || !finite(&b.term) {
            return self.wrong(&whole, "a number in this is too large to be reckoned with");
        }
        let text = self.written(left.start, right.end);
        let labels = match (&a.sort, &b.sort) {
            (Sort::Labels(x), Sort::Labels(y)) if x != y => {
                return self.wrong(
                    &whole,
                    "the two sides have different labels and can never be compared",
                );
            }
            (Sort::Labels(scale), _) | (_, Sort::Labels(scale)) => Some(*scale),
            (Sort::Measure(_) | Sort::Bare, Sort::Measure(_) | Sort::Bare) => None,
        };
        if let Some(scale) = labels {
            return self.compare_labels(&whole, (left, a), relation, (right, b), scale, text);
        }
        let unit = match (&a.sort, &b.sort) {
            (Sort::Measure(x), Sort::Measure(y)) if x == y => x.clone(),
            (Sort::Measure(x), Sort::Measure(y)) => {
                let (x, y) = (x.clone(), y.clone());
                if let (true, Some(v)) = (
                    is_constant(&b.term),
                    constant(&b.term)
                        .and_then(|v| convert(v, &y, &x))
                        .filter(|v| v.is_finite()),
                ) {
                    b.term = Term::Constant(v);
                    x
                } else if let (true, Some(v)) = (
                    is_constant(&a.term),
                    constant(&a.term)
                        .and_then(|v| convert(v, &x, &y))
                        .filter(|v| v.is_finite()),
                ) {
                    a.term = Term::Constant(v);
                    y
                } else {
                    return self.units_differ(left, &x, right, &y);
                }
            }
            (Sort::Measure(x), _) | (_, Sort::Measure(x)) => x.clone(),
            (Sort::Bare | Sort::Labels(_), Sort::Bare | Sort::Labels(_)) => "1".into(),
        };
        Some(Atom {
            left: a.term,
            relation,
            right: b.term,
            text,
            unit,
            discrete: false,
        })
    }

    fn units_differ<T>(&mut self, left: &Tree, x: &str, right: &Tree, y: &str) -> Option<T> {
        let (a, b) = (
            shorten(&self.written(left.start, left.end)),
            shorten(&self.written(right.start, right.end)),
        );
        let whole = Tree {
            start: left.start,
            end: right.end,
            part: Part::Name(String::new()),
        };
        let number = |tree: &Tree| matches!(tree.part, Part::Number(..));
        if number(left) == number(right) {
            return self.wrong(
                &whole,
                format!("`{a}` is in {x} and `{b}` in {y}: they cannot be compared"),
            );
        }
        let (number, unit, other, wanted) = if number(right) {
            (right, y, a, x)
        } else {
            (left, x, b, y)
        };
        let allowed = units_like(wanted);
        let allowed = if allowed.is_empty() {
            format!("`{wanted}`")
        } else {
            listed(&allowed)
        };
        self.wrong(
            number,
            format!(
                "`{other}` is in {wanted}, not in `{}`; allowed {allowed}",
                shorten(unit)
            ),
        )
    }

    fn compare_labels(
        &mut self,
        whole: &Tree,
        (left, a): (&Tree, Side),
        relation: Relation,
        (right, b): (&Tree, Side),
        scale: Scale,
        text: String,
    ) -> Option<Atom> {
        if !matches!(relation, Relation::Equal | Relation::NotEqual) {
            return self.wrong(
                whole,
                "labels and true/false have no order: only `==` and `!=`",
            );
        }
        for (tree, side) in [(left, &a), (right, &b)] {
            match &side.sort {
                Sort::Labels(_) => {}
                Sort::Bare
                    if scale == Scale::Boolean
                        && matches!(constant(&side.term), Some(v) if v == 0.0 || v == 1.0) => {}
                Sort::Bare | Sort::Measure(_) => {
                    let labels = scale.labels();
                    let names: Vec<&str> = labels.iter().map(|l| l.0).collect();
                    return self.wrong(
                        tree,
                        format!("compare with a label, allowed {}", listed(&names)),
                    );
                }
            }
        }
        Some(Atom {
            left: a.term,
            relation,
            right: b.term,
            text,
            unit: "1".into(),
            discrete: true,
        })
    }
}
