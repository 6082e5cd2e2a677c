//! Formulas compiled for evaluation at every tick: flat, without allocation.
//!
//! A formula becomes a postfix list over a stack whose depth is known when it
//! is compiled. Each `integral` has its own running sum, started when the
//! program is made, so a program must see every sample of its window.

use super::Sample;
use super::level::{Level, judge};
use crate::formula::{Atom, Formula, Relation, Source, Term};
use crate::signal::{Rate, Signal};
use crate::spec::TICKS_PER_S;

/// Length of a tick, s.
pub(crate) const TICK_S: f64 = 1.0 / TICKS_PER_S as f64;

#[derive(Clone, Copy, Debug)]
enum Operand {
    Constant(f64),
    Signal(u32),
    Derived(u32),
    /// Steps `start..end` of the arithmetic.
    Computed(u32, u32),
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Constant(f64),
    Signal(u32),
    Derived(u32),
    Add,
    Subtract,
    Multiply,
    Absolute,
    Integrate(u32),
}

#[derive(Clone, Copy, Debug)]
struct Comparison {
    left: Operand,
    right: Operand,
    relation: Relation,
    discrete: bool,
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Compare(u32),
    Not,
    And,
    Or,
    True,
    False,
}

/// One signal against one number, or the negation of that: what most expectations are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Single {
    /// Index of the signal.
    pub signal: u32,
    /// How they are compared, signal on the left.
    pub relation: Relation,
    number: f64,
    discrete: bool,
    /// The negation is meant.
    pub negated: bool,
}

/// A compiled formula with its running integrals.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The whole formula, where it is one signal against one number.
    single: Option<Single>,
    ops: Box<[Op]>,
    comparisons: Box<[Comparison]>,
    arithmetic: Arithmetic,
    levels: Box<[Level]>,
}

#[derive(Clone, Debug)]
struct Arithmetic {
    steps: Box<[Step]>,
    integrals: Box<[f64]>,
    numbers: Box<[f64]>,
}

impl Program {
    /// Compiles a formula; `negated` compiles its negation.
    pub fn new(formula: &Formula, negated: bool) -> Program {
        let mut build = Build::default();
        build.formula(formula);
        if negated {
            build.ops.push(Op::Not);
        }
        let level_depth = depth(build.ops.iter().map(|op| match op {
            Op::Compare(_) | Op::True | Op::False => 1,
            Op::Not => 0,
            Op::And | Op::Or => -1,
        }));
        let number_depth = depth(build.steps.iter().map(|step| match step {
            Step::Constant(_) | Step::Signal(_) | Step::Derived(_) => 1,
            Step::Absolute | Step::Integrate(_) => 0,
            Step::Add | Step::Subtract | Step::Multiply => -1,
        }));
        Program {
            single: Single::of(&build.ops, &build.comparisons),
            ops: build.ops.into(),
            comparisons: build.comparisons.into(),
            arithmetic: Arithmetic {
                steps: build.steps.into(),
                integrals: vec![0.0; build.integrals as usize].into(),
                numbers: vec![0.0; number_depth].into(),
            },
            levels: vec![Level::TRUE; level_depth].into(),
        }
    }

    /// The whole formula, where it is one signal against one number.
    pub fn single(&self) -> Option<&Single> {
        self.single.as_ref()
    }

    /// Whether samples must be seen although nobody asks for the level.
    pub fn has_memory(&self) -> bool {
        !self.arithmetic.integrals.is_empty()
    }

    /// Whether the level changes at thermal steps only.
    pub fn moves_at_steps_only(&self) -> bool {
        let signal_rests = |index: u32| Signal::ALL[index as usize].rate() == Rate::ThermalStep;
        let operand_rests = |operand: &Operand| match operand {
            // What is computed is judged by its steps.
            Operand::Constant(_) | Operand::Computed(..) => true,
            Operand::Signal(index) => signal_rests(*index),
            Operand::Derived(_) => false,
        };
        let compared = self.comparisons.iter();
        compared
            .flat_map(|comparison| [&comparison.left, &comparison.right])
            .all(operand_rests)
            && self.arithmetic.steps.iter().all(|step| match step {
                Step::Constant(_)
                | Step::Add
                | Step::Subtract
                | Step::Multiply
                | Step::Absolute => true,
                Step::Signal(index) => signal_rests(*index),
                Step::Derived(_) | Step::Integrate(_) => false,
            })
    }

    /// The formula's level at the next sample.
    #[inline]
    pub fn level(&mut self, sample: &Sample<'_>) -> Level {
        if let Some(single) = &self.single {
            let value = sample.signal(single.signal as usize);
            let level = Level::compare(value, single.relation, single.number, single.discrete, 0);
            return if single.negated { level.not() } else { level };
        }
        self.run(sample)
    }

    /// Whether the formula holds and its margin, quickly: of one signal against
    /// one number, where both are numbers.
    #[inline]
    pub fn glance(&self, sample: &Sample<'_>) -> Option<(bool, f64)> {
        let single = self.single.as_ref()?;
        let value = sample.signal(single.signal as usize);
        let (holds, margin) = judge(value, single.relation, single.number, single.discrete)?;
        Some(if single.negated {
            (!holds, 0.0 - margin)
        } else {
            (holds, margin)
        })
    }

    fn run(&mut self, sample: &Sample<'_>) -> Level {
        let mut top = 0;
        for index in 0..self.ops.len() {
            match self.ops[index] {
                Op::Compare(comparison) => {
                    self.levels[top] = self.compare(comparison, sample);
                    top += 1;
                }
                Op::Not => self.levels[top - 1] = self.levels[top - 1].not(),
                Op::And => {
                    self.levels[top - 2] = self.levels[top - 2].and(self.levels[top - 1]);
                    top -= 1;
                }
                Op::Or => {
                    self.levels[top - 2] = self.levels[top - 2].or(self.levels[top - 1]);
                    top -= 1;
                }
                Op::True => {
                    self.levels[top] = Level::TRUE;
                    top += 1;
                }
                Op::False => {
                    self.levels[top] = Level::FALSE;
                    top += 1;
                }
            }
        }
        self.levels[0]
    }

    #[inline]
    fn compare(&mut self, index: u32, sample: &Sample<'_>) -> Level {
        let Comparison {
            left,
            right,
            relation,
            discrete,
        } = self.comparisons[index as usize];
        let left = self.arithmetic.operand(left, sample);
        let right = self.arithmetic.operand(right, sample);
        Level::compare(left, relation, right, discrete, index)
    }
}

impl Single {
    fn of(ops: &[Op], comparisons: &[Comparison]) -> Option<Single> {
        let negated = match ops {
            [Op::Compare(0)] => false,
            [Op::Compare(0), Op::Not] => true,
            _ => return None,
        };
        match comparisons {
            [
                Comparison {
                    left: Operand::Signal(signal),
                    right: Operand::Constant(number),
                    relation,
                    discrete,
                },
            ] => Some(Single {
                signal: *signal,
                relation: *relation,
                number: *number,
                discrete: *discrete,
                negated,
            }),
            _ => None,
        }
    }
}

impl Arithmetic {
    #[inline]
    fn operand(&mut self, operand: Operand, sample: &Sample<'_>) -> f64 {
        match operand {
            Operand::Constant(value) => value,
            Operand::Signal(index) => sample.signal(index as usize),
            Operand::Derived(index) => sample.derived(index as usize),
            Operand::Computed(start, end) => self.compute(start as usize, end as usize, sample),
        }
    }

    fn compute(&mut self, start: usize, end: usize, sample: &Sample<'_>) -> f64 {
        let numbers = &mut self.numbers;
        let mut top = 0;
        for step in &self.steps[start..end] {
            match *step {
                Step::Constant(value) => {
                    numbers[top] = value;
                    top += 1;
                }
                Step::Signal(index) => {
                    numbers[top] = sample.signal(index as usize);
                    top += 1;
                }
                Step::Derived(index) => {
                    numbers[top] = sample.derived(index as usize);
                    top += 1;
                }
                Step::Add => {
                    numbers[top - 2] += numbers[top - 1];
                    top -= 1;
                }
                Step::Subtract => {
                    numbers[top - 2] -= numbers[top - 1];
                    top -= 1;
                }
                Step::Multiply => {
                    numbers[top - 2] *= numbers[top - 1];
                    top -= 1;
                }
                Step::Absolute => numbers[top - 1] = numbers[top - 1].abs(),
                Step::Integrate(slot) => {
                    let integral = &mut self.integrals[slot as usize];
                    *integral += numbers[top - 1] * TICK_S;
                    numbers[top - 1] = *integral;
                }
            }
        }
        numbers[0]
    }
}

/// Deepest stack of a postfix list, from each item's growth of the stack.
fn depth(growth: impl Iterator<Item = isize>) -> usize {
    let (mut now, mut deepest) = (0isize, 0isize);
    for change in growth {
        now += change;
        deepest = deepest.max(now);
    }
    deepest.unsigned_abs()
}

#[derive(Default)]
struct Build {
    ops: Vec<Op>,
    comparisons: Vec<Comparison>,
    steps: Vec<Step>,
    integrals: u32,
}

impl Build {
    fn formula(&mut self, formula: &Formula) {
        match formula {
            Formula::Atom(atom) => self.atom(atom),
            Formula::Not(inner) => {
                self.formula(inner);
                self.ops.push(Op::Not);
            }
            Formula::And(parts) => self.fold(parts, Op::And, Op::True),
            Formula::Or(parts) => self.fold(parts, Op::Or, Op::False),
        }
    }

    fn fold(&mut self, parts: &[Formula], join: Op, empty: Op) {
        let Some((first, rest)) = parts.split_first() else {
            self.ops.push(empty);
            return;
        };
        self.formula(first);
        for part in rest {
            self.formula(part);
            self.ops.push(join);
        }
    }

    fn atom(&mut self, atom: &Atom) {
        let left = self.operand(&atom.left);
        let right = self.operand(&atom.right);
        self.ops.push(Op::Compare(self.comparisons.len() as u32));
        let Atom {
            relation, discrete, ..
        } = *atom;
        self.comparisons.push(Comparison {
            left,
            right,
            relation,
            discrete,
        });
    }

    fn operand(&mut self, term: &Term) -> Operand {
        match term {
            Term::Constant(value) => Operand::Constant(*value),
            Term::Value(Source::Signal(signal)) => Operand::Signal(*signal as u32),
            Term::Value(Source::Derived(index)) => Operand::Derived(u32::from(*index)),
            Term::Sum(..)
            | Term::Difference(..)
            | Term::Product(..)
            | Term::Absolute(_)
            | Term::Integral(..) => {
                let start = self.steps.len() as u32;
                self.term(term);
                Operand::Computed(start, self.steps.len() as u32)
            }
        }
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Constant(value) => self.steps.push(Step::Constant(*value)),
            Term::Value(Source::Signal(signal)) => self.steps.push(Step::Signal(*signal as u32)),
            Term::Value(Source::Derived(index)) => {
                self.steps.push(Step::Derived(u32::from(*index)));
            }
            Term::Sum(a, b) => self.binary(a, b, Step::Add),
            Term::Difference(a, b) => self.binary(a, b, Step::Subtract),
            Term::Product(a, b) => self.binary(a, b, Step::Multiply),
            Term::Absolute(a) => {
                self.term(a);
                self.steps.push(Step::Absolute);
            }
            // The author's slot number is not needed: each place in the text
            // has a sum of its own.
            Term::Integral(a, _) => {
                self.term(a);
                self.steps.push(Step::Integrate(self.integrals));
                self.integrals += 1;
            }
        }
    }

    fn binary(&mut self, a: &Term, b: &Term, step: Step) {
        self.term(a);
        self.term(b);
        self.steps.push(step);
    }
}
