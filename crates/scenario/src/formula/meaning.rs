//! A formula's tree to the bench's formula: names, labels, units.

use kneadsim_sim::fault::{CATALOGUE, FaultKind};
use kneadsim_sim::formula::{Atom, Formula, Relation, Source, Term};
use kneadsim_sim::signal::{Scale, Signal};
use kneadsim_sim::spec::Derived;

use super::syntax::{Part, Tree};
use super::{Scope, Text};
use crate::mistake::Reporter;
use crate::quantity::{convert, listed, shorten, units_like};
use crate::suggest::did_you_mean;

/// What a side of a comparison is.
#[derive(Clone, Debug, PartialEq)]
enum Sort {
    /// A number in this unit.
    Measure(String),
    /// A number without a unit: takes that of the other side.
    Bare,
    /// A labelled or boolean signal.
    Labels(Scale),
}

struct Side {
    term: Term,
    sort: Sort,
}

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

struct Resolver<'a, 'b> {
    text: &'a Text<'a>,
    scope: &'a mut Scope<'b>,
    reporter: &'a mut Reporter,
}

impl Resolver<'_, '_> {
    fn wrong<T>(&mut self, tree: &Tree, message: impl Into<String>) -> Option<T> {
        self.reporter
            .mistake(self.text.place(tree.start, tree.end), message);
        None
    }

    fn written(&self, start: usize, end: usize) -> String {
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
                    constant(&b.term).and_then(|v| convert(v, &y, &x)),
                ) {
                    b.term = Term::Constant(v);
                    x
                } else if let (true, Some(v)) = (
                    is_constant(&a.term),
                    constant(&a.term).and_then(|v| convert(v, &x, &y)),
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

    /// The labels that a side brings, if it is such a signal's name.
    fn scale_of(&self, tree: &Tree) -> Option<Scale> {
        let Part::Name(name) = &tree.part else {
            return None;
        };
        if name.starts_with("fault.") {
            return Some(Scale::Boolean);
        }
        Signal::from_name(name)
            .map(Signal::scale)
            .filter(|s| *s != Scale::Number)
    }

    fn side(&mut self, tree: &Tree, scale: Option<Scale>) -> Option<Side> {
        match &tree.part {
            Part::Number(value, unit) => Some(Side {
                term: Term::Constant(*value),
                sort: unit.clone().map_or(Sort::Bare, Sort::Measure),
            }),
            Part::Name(name) => self.name(tree, name, scale),
            Part::Negative(inner) => {
                let side = self.measure(inner)?;
                let term = match side.term {
                    Term::Constant(v) => Term::Constant(-v),
                    other => Term::Difference(Box::new(Term::Constant(0.0)), Box::new(other)),
                };
                Some(Side {
                    term,
                    sort: side.sort,
                })
            }
            Part::Sum(a, b) => self.sum(a, b, Term::Sum, false),
            Part::Difference(a, b) => self.sum(a, b, Term::Difference, true),
            Part::Product(a, b) => self.product(tree, a, b),
            Part::Call(name, inner) => self.call(tree, name, inner),
            Part::Compare(..) | Part::Not(_) | Part::And(_) | Part::Or(_) => self.wrong(
                tree,
                "a truth value cannot be compared or added: join it with `and`, `or`, `not`",
            ),
        }
    }

    /// A side that must be a number.
    fn measure(&mut self, tree: &Tree) -> Option<Side> {
        let side = self.side(tree, None)?;
        if let Sort::Labels(_) = side.sort {
            let written = shorten(&self.written(tree.start, tree.end));
            return self.wrong(
                tree,
                format!("`{written}` is a label or true/false: it cannot be reckoned with"),
            );
        }
        Some(side)
    }

    fn sum(
        &mut self,
        a: &Tree,
        b: &Tree,
        make: fn(Box<Term>, Box<Term>) -> Term,
        minus: bool,
    ) -> Option<Side> {
        let (left, right) = (self.measure(a), self.measure(b));
        let (left, mut right) = (left?, right?);
        let sort = match (&left.sort, &right.sort) {
            (Sort::Bare, other) | (other, Sort::Bare) => other.clone(),
            (Sort::Measure(x), Sort::Measure(y)) if x == "degC" && y == "degC" && minus => {
                Sort::Measure("K".into())
            }
            (Sort::Measure(x), Sort::Measure(y)) if x == y => Sort::Measure(x.clone()),
            (Sort::Measure(x), Sort::Measure(y)) if x == "degC" && y == "K" => {
                Sort::Measure(x.clone())
            }
            (Sort::Measure(x), Sort::Measure(y)) => match constant(&right.term)
                .and_then(|v| convert(v, y, x))
            {
                Some(v) => {
                    right.term = Term::Constant(v);
                    Sort::Measure(x.clone())
                }
                None => {
                    let (x, y) = (x.clone(), y.clone());
                    let whole = Tree {
                        start: a.start,
                        end: b.end,
                        part: Part::Name(String::new()),
                    };
                    return self.wrong(&whole, format!("{x} and {} cannot be added", shorten(&y)));
                }
            },
            (Sort::Labels(_), _) | (_, Sort::Labels(_)) => return None,
        };
        Some(Side {
            term: fold(make(Box::new(left.term), Box::new(right.term))),
            sort,
        })
    }

    fn product(&mut self, tree: &Tree, a: &Tree, b: &Tree) -> Option<Side> {
        let (left, right) = (self.measure(a), self.measure(b));
        let (left, right) = (left?, right?);
        if has_signal(&left.term) && has_signal(&right.term) {
            return self.wrong(
                tree,
                "two signals cannot be multiplied: one of the two must be a number",
            );
        }
        let sort = match (left.sort, right.sort) {
            (Sort::Bare, other) | (other, Sort::Bare) => other,
            (Sort::Measure(x), Sort::Measure(y)) if x == "1" => Sort::Measure(y),
            (Sort::Measure(x), Sort::Measure(y)) if y == "1" => Sort::Measure(x),
            (Sort::Measure(_) | Sort::Labels(_), Sort::Measure(_) | Sort::Labels(_)) => {
                return self.wrong(tree, "only one of two factors may have a unit");
            }
        };
        Some(Side {
            term: fold(Term::Product(Box::new(left.term), Box::new(right.term))),
            sort,
        })
    }

    fn call(&mut self, tree: &Tree, name: &str, inner: &Tree) -> Option<Side> {
        match name {
            "abs" => {
                let side = self.measure(inner)?;
                Some(Side {
                    term: fold(Term::Absolute(Box::new(side.term))),
                    sort: side.sort,
                })
            }
            "integral" => {
                let boolean = self.scale_of(inner) == Some(Scale::Boolean);
                let side = if boolean {
                    self.side(inner, None)?
                } else {
                    self.measure(inner)?
                };
                if !has_signal(&side.term) {
                    return self.wrong(inner, "this integral has no signal in it");
                }
                if has_integral(&side.term) {
                    return self.wrong(inner, "an integral cannot be inside an integral");
                }
                let unit = match &side.sort {
                    Sort::Measure(unit) => integral_unit(unit),
                    Sort::Bare | Sort::Labels(_) => "s".into(),
                };
                let slot = self.scope.integrals;
                self.scope.integrals = slot.saturating_add(1);
                Some(Side {
                    term: Term::Integral(Box::new(side.term), slot),
                    sort: Sort::Measure(unit),
                })
            }
            _ => {
                let hint = did_you_mean(name, ["abs", "integral"]);
                let hint = if hint.is_empty() {
                    ", allowed `abs`, `integral`".to_owned()
                } else {
                    hint
                };
                self.wrong(tree, format!("unknown function `{}`{hint}", shorten(name)))
            }
        }
    }

    fn name(&mut self, tree: &Tree, name: &str, scale: Option<Scale>) -> Option<Side> {
        if let Some(signal) = Signal::from_name(name) {
            let sort = match signal.scale() {
                Scale::Number => Sort::Measure(signal.unit().to_owned()),
                scale @ (Scale::Boolean | Scale::Mode | Scale::FaultCode) => Sort::Labels(scale),
            };
            return Some(Side {
                term: Term::Value(Source::Signal(signal)),
                sort,
            });
        }
        if let Some(fault) = name.strip_prefix("fault.") {
            return self.fault(tree, fault);
        }
        let Some(scale) = scale else {
            let labels = [Scale::Mode, Scale::FaultCode]
                .into_iter()
                .flat_map(Scale::labels);
            if labels.into_iter().any(|l| l.0 == name) {
                return self.wrong(
                    tree,
                    format!("`{name}` is a label: compare `mode` or `fault_code` with it"),
                );
            }
            let hint = did_you_mean(name, Signal::ALL.iter().map(|s| s.name()));
            return self.wrong(tree, format!("unknown signal `{}`{hint}", shorten(name)));
        };
        let labels = scale.labels();
        if let Some(label) = labels.iter().find(|l| l.0 == name) {
            return Some(Side {
                term: Term::Constant(label.1),
                sort: Sort::Labels(scale),
            });
        }
        let names: Vec<&str> = labels.iter().map(|l| l.0).collect();
        let hint = did_you_mean(name, names.iter().copied());
        let place = self.text.place(tree.start, tree.end);
        self.reporter.mistake_with(
            place,
            format!("unknown label `{}`{hint}", shorten(name)),
            format!("allowed: {}", listed(&names)),
        );
        None
    }

    /// `fault.ntc_open` or `fault.ntc_open.upper`.
    fn fault(&mut self, tree: &Tree, fault: &str) -> Option<Side> {
        let (kind_name, target_name) = match fault.split_once('.') {
            Some((kind, target)) => (kind, Some(target)),
            None => (fault, None),
        };
        let Some(kind) = FaultKind::from_name(kind_name) else {
            let hint = did_you_mean(kind_name, CATALOGUE.iter().map(|r| r.kind.name()));
            return self.wrong(
                tree,
                format!("unknown fault `{}`{hint}", shorten(kind_name)),
            );
        };
        let target = match target_name {
            None => None,
            Some(wanted) => {
                let names = kind.row().targets.names();
                match names.iter().position(|n| *n == wanted) {
                    Some(index) => Some(index as u8),
                    None => {
                        return self.wrong(
                            tree,
                            format!(
                                "fault `{kind_name}` has no target `{}`, allowed {}",
                                shorten(wanted),
                                listed(&names)
                            ),
                        );
                    }
                }
            }
        };
        if !self
            .scope
            .faults
            .iter()
            .any(|(k, t)| *k == kind && target.is_none_or(|wanted| wanted == *t))
        {
            let place = self.text.place(tree.start, tree.end);
            self.reporter
                .missing(place, format!("no [[fault]] of this file is `{fault}`"));
            return None;
        }
        let derived = Derived { kind, target };
        let index = match self.scope.derived.iter().position(|d| *d == derived) {
            Some(index) => index,
            None => {
                self.scope.derived.push(derived);
                self.scope.derived.len() - 1
            }
        };
        Some(Side {
            term: Term::Value(Source::Derived(index as u16)),
            sort: Sort::Labels(Scale::Boolean),
        })
    }
}

/// Unit of the integral over time in seconds.
fn integral_unit(unit: &str) -> String {
    match unit {
        "W" => "J".into(),
        "W/m2" => "J/m2".into(),
        "A" => "As".into(),
        "1" => "s".into(),
        other => format!("{other} s"),
    }
}

/// Constants are reckoned at once.
fn fold(term: Term) -> Term {
    let value = match &term {
        Term::Sum(a, b) => constant(a).zip(constant(b)).map(|(a, b)| a + b),
        Term::Difference(a, b) => constant(a).zip(constant(b)).map(|(a, b)| a - b),
        Term::Product(a, b) => constant(a).zip(constant(b)).map(|(a, b)| a * b),
        Term::Absolute(a) => constant(a).map(f64::abs),
        Term::Constant(_) | Term::Value(_) | Term::Integral(..) => None,
    };
    match value {
        Some(v) if v.is_finite() => Term::Constant(v),
        _ => term,
    }
}

fn constant(term: &Term) -> Option<f64> {
    match term {
        Term::Constant(v) => Some(*v),
        _ => None,
    }
}

fn is_constant(term: &Term) -> bool {
    constant(term).is_some()
}

fn has_signal(term: &Term) -> bool {
    match term {
        Term::Constant(_) => false,
        Term::Value(_) => true,
        Term::Sum(a, b) | Term::Difference(a, b) | Term::Product(a, b) => {
            has_signal(a) || has_signal(b)
        }
        Term::Absolute(a) | Term::Integral(a, _) => has_signal(a),
    }
}

fn has_integral(term: &Term) -> bool {
    match term {
        Term::Constant(_) | Term::Value(_) => false,
        Term::Sum(a, b) | Term::Difference(a, b) | Term::Product(a, b) => {
            has_integral(a) || has_integral(b)
        }
        Term::Absolute(a) => has_integral(a),
        Term::Integral(..) => true,
    }
}
