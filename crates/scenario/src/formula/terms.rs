//! The sides of a comparison: names, numbers, sums, products, calls, with their units.

use kneadsim_sim::fault::{CATALOGUE, FaultKind};
use kneadsim_sim::formula::{Source, Term};
use kneadsim_sim::signal::{Scale, Signal};
use kneadsim_sim::spec::Derived;

use super::meaning::Resolver;
use super::syntax::{Part, Tree};
use crate::quantity::{convert, listed, shorten};
use crate::suggest::did_you_mean;

/// What a side of a comparison is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sort {
    /// A number in this unit.
    Measure(String),
    /// A number without a unit: takes that of the other side.
    Bare,
    /// A labelled or boolean signal.
    Labels(Scale),
}

/// A side of a comparison.
pub(super) struct Side {
    pub term: Term,
    pub sort: Sort,
}

impl Resolver<'_, '_> {
    /// The labels that a side brings, if it is such a signal's name.
    pub(super) fn scale_of(&self, tree: &Tree) -> Option<Scale> {
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

    pub(super) fn side(&mut self, tree: &Tree, scale: Option<Scale>) -> Option<Side> {
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
    pub(super) fn measure(&mut self, tree: &Tree) -> Option<Side> {
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

    pub(super) fn name(&mut self, tree: &Tree, name: &str, scale: Option<Scale>) -> Option<Side> {
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
    value.map_or(term, Term::Constant)
}

/// Whether all numbers of a term are ones that can be reckoned with.
pub(super) fn finite(term: &Term) -> bool {
    match term {
        Term::Constant(v) => v.is_finite(),
        Term::Value(_) => true,
        Term::Sum(a, b) | Term::Difference(a, b) | Term::Product(a, b) => finite(a) && finite(b),
        Term::Absolute(a) | Term::Integral(a, _) => finite(a),
    }
}

pub(super) fn constant(term: &Term) -> Option<f64> {
    match term {
        Term::Constant(v) => Some(*v),
        _ => None,
    }
}

pub(super) fn is_constant(term: &Term) -> bool {
    constant(term).is_some()
}

pub(super) fn has_signal(term: &Term) -> bool {
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
