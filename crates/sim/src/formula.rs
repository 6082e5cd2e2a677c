//! Formulas over signals: what an expectation says at one instant.
//!
//! Plain data. The text form belongs to the scenario crate; evaluation with
//! margins is in [`crate::check`].

use crate::signal::{Scale, Signal};

/// Where an operand's value comes from in a sample.
///
/// A sample is the fixed table of [`Signal`]s, then one column for each
/// [`Derived`] of the run's specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A signal of the fixed table.
    Signal(Signal),
    /// Index into [`crate::spec::Spec::derived`]: 0 or 1 while such a fault is active.
    Derived(u16),
}

/// A number made of signals.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A constant.
    Constant(f64),
    /// A signal's value now.
    Value(Source),
    /// `a + b`.
    Sum(Box<Term>, Box<Term>),
    /// `a - b`.
    Difference(Box<Term>, Box<Term>),
    /// `a * b`, at most one of them not constant.
    Product(Box<Term>, Box<Term>),
    /// `abs(a)`.
    Absolute(Box<Term>),
    /// `integral(a)`: the sum of `a` times the tick (s) since the start of the check's window.
    /// The number is a slot, unique within one check, counted from 0.
    Integral(Box<Term>, u16),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

/// One comparison of two terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// Left side.
    pub left: Term,
    /// Comparison.
    pub relation: Relation,
    /// Right side.
    pub right: Term,
    /// The text as the author wrote it: reported as the part that decided.
    pub text: String,
    /// Unit of the margin (that of the left side).
    pub unit: String,
    /// Both sides are labels or booleans: the margin is plus or minus infinity.
    pub discrete: bool,
}

/// A truth value over one sample.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A comparison.
    Atom(Atom),
    /// Negation.
    Not(Box<Formula>),
    /// All of these.
    And(Vec<Formula>),
    /// Any of these.
    Or(Vec<Formula>),
}

impl Relation {
    /// All relations.
    pub const ALL: [Relation; 6] = [
        Relation::Less,
        Relation::LessEqual,
        Relation::Greater,
        Relation::GreaterEqual,
        Relation::Equal,
        Relation::NotEqual,
    ];

    /// Whether it is so.
    pub fn between(self, a: f64, b: f64) -> bool {
        match self {
            Relation::Less => a < b,
            Relation::LessEqual => a <= b,
            Relation::Greater => a > b,
            Relation::GreaterEqual => a >= b,
            Relation::Equal => a == b,
            Relation::NotEqual => a != b,
        }
    }

    /// As written in formulas.
    pub fn symbol(self) -> &'static str {
        match self {
            Relation::Less => "<",
            Relation::LessEqual => "<=",
            Relation::Greater => ">",
            Relation::GreaterEqual => ">=",
            Relation::Equal => "==",
            Relation::NotEqual => "!=",
        }
    }
}

impl Term {
    /// A signal's value.
    pub fn signal(signal: Signal) -> Term {
        Term::Value(Source::Signal(signal))
    }

    /// The value where `at` gives the signals'; NaN where it holds an integral or a
    /// fault's column, which are no signals of one instant.
    pub fn value(&self, at: &dyn Fn(Signal) -> f64) -> f64 {
        match self {
            Term::Constant(value) => *value,
            Term::Value(Source::Signal(signal)) => at(*signal),
            Term::Value(Source::Derived(_)) | Term::Integral(..) => f64::NAN,
            Term::Sum(a, b) => a.value(at) + b.value(at),
            Term::Difference(a, b) => a.value(at) - b.value(at),
            Term::Product(a, b) => a.value(at) * b.value(at),
            Term::Absolute(a) => a.value(at).abs(),
        }
    }

    /// Whether [`Term::value`] can give it.
    pub fn of_one_instant(&self) -> bool {
        match self {
            Term::Constant(_) | Term::Value(Source::Signal(_)) => true,
            Term::Value(Source::Derived(_)) | Term::Integral(..) => false,
            Term::Sum(a, b) | Term::Difference(a, b) | Term::Product(a, b) => {
                a.of_one_instant() && b.of_one_instant()
            }
            Term::Absolute(a) => a.of_one_instant(),
        }
    }

    /// Every signal that the term looks at, as often as it does.
    pub fn signals(&self) -> Vec<Signal> {
        let mut signals = Vec::new();
        self.collect_signals(&mut signals);
        signals
    }

    fn collect_signals(&self, signals: &mut Vec<Signal>) {
        match self {
            Term::Constant(_) | Term::Value(Source::Derived(_)) => {}
            Term::Value(Source::Signal(signal)) => signals.push(*signal),
            Term::Sum(a, b) | Term::Difference(a, b) | Term::Product(a, b) => {
                a.collect_signals(signals);
                b.collect_signals(signals);
            }
            Term::Absolute(a) | Term::Integral(a, _) => a.collect_signals(signals),
        }
    }
}

impl Atom {
    /// A comparison of a signal with a number, worded and scaled by the signal's own table entry.
    pub fn of_signal(signal: Signal, relation: Relation, number: f64) -> Atom {
        Atom {
            left: Term::signal(signal),
            relation,
            right: Term::Constant(number),
            text: format!("{} {} {number}", signal.name(), relation.symbol()),
            unit: signal.unit().to_owned(),
            discrete: match signal.scale() {
                Scale::Number => false,
                Scale::Boolean | Scale::Mode | Scale::FaultCode => true,
            },
        }
    }
}

impl From<Atom> for Formula {
    fn from(atom: Atom) -> Formula {
        Formula::Atom(atom)
    }
}

impl Formula {
    /// All comparisons in the order of the text.
    pub fn atoms(&self) -> Vec<&Atom> {
        let mut atoms = Vec::new();
        self.collect_atoms(&mut atoms);
        atoms
    }

    /// Whether it holds where `at` gives the signals' values; none where one that
    /// decides is NaN.
    pub fn holds(&self, at: &dyn Fn(Signal) -> f64) -> Option<bool> {
        match self {
            Formula::Atom(atom) => {
                let (a, b) = (atom.left.value(at), atom.right.value(at));
                let known = !a.is_nan() && !b.is_nan();
                known.then(|| atom.relation.between(a, b))
            }
            Formula::Not(inner) => inner.holds(at).map(|holds| !holds),
            Formula::And(parts) => one_decides(parts, false, at),
            Formula::Or(parts) => one_decides(parts, true, at),
        }
    }

    /// Whether [`Formula::holds`] can know it.
    pub fn of_one_instant(&self) -> bool {
        let sides = |a: &&Atom| a.left.of_one_instant() && a.right.of_one_instant();
        self.atoms().iter().all(sides)
    }

    /// Every signal that the formula looks at, as often as it does.
    pub fn signals(&self) -> Vec<Signal> {
        let mut signals = Vec::new();
        for atom in self.atoms() {
            atom.left.collect_signals(&mut signals);
            atom.right.collect_signals(&mut signals);
        }
        signals
    }

    fn collect_atoms<'a>(&'a self, atoms: &mut Vec<&'a Atom>) {
        match self {
            Formula::Atom(atom) => atoms.push(atom),
            Formula::Not(inner) => inner.collect_atoms(atoms),
            Formula::And(parts) | Formula::Or(parts) => {
                parts.iter().for_each(|part| part.collect_atoms(atoms));
            }
        }
    }
}

/// `decisive` where any part is; unknown where one is unknown and none decides.
fn one_decides(parts: &[Formula], decisive: bool, at: &dyn Fn(Signal) -> f64) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part.holds(at) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}
