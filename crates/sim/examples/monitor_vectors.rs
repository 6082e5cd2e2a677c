//! Random checks over random traces with the monitors' margins, as JSON lines.
//!
//! For `tests/rtamt/compare.py`, which computes the same margins with rtamt, an
//! independent temporal-logic library. Formulas are printed in rtamt's syntax;
//! two signals stand for all: `x` and `y`.
//!
//! Usage: `cargo run --example monitor_vectors -- [COUNT] [SEED]`

use kneadsim_sim::check::{Check, CheckKind, Finding, Monitors, Sample, Verdict};
use kneadsim_sim::formula::{Atom, Formula, Relation, Term};
use kneadsim_sim::signal::Signal;

const X: Signal = Signal::Ambient;
const Y: Signal = Signal::SupplyVoltage;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |fallback: u64| match arguments.next() {
        Some(text) => text.parse().expect("COUNT and SEED are whole numbers"),
        None => fallback,
    };
    let count = number(800);
    let mut random = Random(number(1));
    for id in 0..count {
        println!("{}", vector(id, &mut random));
    }
}

/// One check, its trace and its finding.
fn vector(id: u64, random: &mut Random) -> String {
    let length = 2 + random.below(60);
    let rows: Vec<[f64; 2]> = (0..length)
        .map(|_| [random.value(), random.value()])
        .collect();
    // rtamt wants two samples at least.
    let from = if random.below(3) == 0 {
        random.below(length - 1)
    } else {
        0
    };
    let until = if random.below(3) == 0 {
        Some(from + 1 + random.below(length - from - 1))
    } else {
        None
    };
    let end = until.unwrap_or(length - 1);
    let formula = random.formula(3);
    let trigger = random.formula(1);
    let ticks = random.below(9);
    let then = formula.clone();
    let (name, kind) = match random.below(7) {
        0 => ("always", CheckKind::Always(then)),
        1 => ("never", CheckKind::Never(then)),
        2 => (
            "eventually",
            CheckKind::Eventually {
                formula: then,
                before_tick: None,
            },
        ),
        3 => {
            let trigger = trigger.clone();
            (
                "respond",
                CheckKind::Respond {
                    trigger,
                    within_ticks: ticks,
                    then,
                },
            )
        }
        4 => {
            let trigger = trigger.clone();
            (
                "after",
                CheckKind::AfterAlways {
                    trigger,
                    delay_ticks: ticks,
                    always: then,
                },
            )
        }
        5 => (
            "stays",
            CheckKind::Stays {
                formula: then,
                for_ticks: ticks,
                before_tick: None,
            },
        ),
        _ => ("at_end", CheckKind::AtEnd(then)),
    };
    let check = Check {
        id: name.to_owned(),
        kind,
        from_tick: from,
        until_tick: until,
        may_be_vacuous: false,
    };
    let finding = finding(&check, &rows);
    let verdict = match finding.verdict {
        Verdict::Pass => "pass",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Fail => "fail",
    };
    let margin = finding
        .margin
        .map_or("null".to_owned(), |margin| format!("{margin:?}"));
    let column = |index: usize| -> String {
        let values: Vec<String> = rows.iter().map(|row| format!("{:?}", row[index])).collect();
        values.join(",")
    };
    format!(
        "{{\"id\":{id},\"kind\":\"{name}\",\"formula\":\"{}\",\"trigger\":\"{}\",\"ticks\":{ticks},\
         \"from\":{from},\"end\":{end},\"verdict\":\"{verdict}\",\"margin\":{margin},\
         \"x\":[{}],\"y\":[{}]}}",
        formula_text(&formula),
        formula_text(&trigger),
        column(0),
        column(1),
    )
}

fn finding(check: &Check, rows: &[[f64; 2]]) -> Finding {
    let last_tick = rows.len() as u32 - 1;
    let mut monitors = Monitors::new(std::slice::from_ref(check), last_tick);
    let mut signals = [0.0; Signal::COUNT];
    for ([x, y], tick) in rows.iter().zip(0..) {
        signals[X as usize] = *x;
        signals[Y as usize] = *y;
        monitors.observe(
            tick,
            &Sample {
                signals: &signals,
                derived: &[],
            },
        );
    }
    monitors.finish(last_tick).remove(0)
}

fn formula_text(formula: &Formula) -> String {
    let joined = |parts: &[Formula], word: &str| {
        let parts: Vec<String> = parts.iter().map(formula_text).collect();
        parts
            .into_iter()
            .reduce(|all, part| format!("({all} {word} {part})"))
    };
    match formula {
        Formula::Atom(atom) => {
            let (left, right) = (term_text(&atom.left), term_text(&atom.right));
            match atom.relation {
                // rtamt has no `!=`.
                Relation::NotEqual => format!("(not ({left} == {right}))"),
                relation => format!("({left} {} {right})", relation.symbol()),
            }
        }
        Formula::Not(inner) => format!("(not {})", formula_text(inner)),
        Formula::And(parts) => joined(parts, "and").unwrap_or_default(),
        Formula::Or(parts) => joined(parts, "or").unwrap_or_default(),
    }
}

fn term_text(term: &Term) -> String {
    match term {
        Term::Constant(value) => format!("{value:?}"),
        Term::Value(source) if *source == source_of(X) => "x".to_owned(),
        Term::Value(_) => "y".to_owned(),
        Term::Sum(a, b) => format!("({} + {})", term_text(a), term_text(b)),
        Term::Difference(a, b) => format!("({} - {})", term_text(a), term_text(b)),
        Term::Product(a, b) => format!("({} * {})", term_text(a), term_text(b)),
        Term::Absolute(a) => format!("abs({})", term_text(a)),
        Term::Integral(..) => unreachable!("no integrals are generated: rtamt has none"),
    }
}

fn source_of(signal: Signal) -> kneadsim_sim::formula::Source {
    kneadsim_sim::formula::Source::Signal(signal)
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same vectors on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u32) -> u32 {
        (self.next() % u64::from(bound)) as u32
    }

    /// -5 to 5 in steps so fine that ties do not happen.
    fn value(&mut self) -> f64 {
        (f64::from(self.below(10_000_001)) - 5_000_000.0) / 1_000_000.0
    }

    /// -5 to 5 in odd multiples of 0.005: never zero.
    fn constant(&mut self) -> f64 {
        (f64::from(self.below(1000)) - 499.5) / 100.0
    }

    fn formula(&mut self, depth: u32) -> Formula {
        let shape = if depth == 0 { 0 } else { self.below(6) };
        match shape {
            0..3 => self.atom(),
            3 => Formula::Not(Box::new(self.formula(depth - 1))),
            4 => Formula::And(self.parts(depth - 1)),
            _ => Formula::Or(self.parts(depth - 1)),
        }
    }

    fn parts(&mut self, depth: u32) -> Vec<Formula> {
        (0..1 + self.below(3))
            .map(|_| self.formula(depth))
            .collect()
    }

    fn atom(&mut self) -> Formula {
        let left = self.term(2);
        let relation = Relation::ALL[self.below(6) as usize];
        // A constant on the right even beside a signal: `x < x` would be a tie.
        let constant = Term::Constant(self.constant());
        let right = match self.below(2) {
            0 => constant,
            _ => Term::Sum(Box::new(self.term(1)), Box::new(constant)),
        };
        let (text, unit) = (String::new(), "1".to_owned());
        Formula::Atom(Atom {
            left,
            relation,
            right,
            text,
            unit,
            discrete: false,
        })
    }

    fn term(&mut self, depth: u32) -> Term {
        let shape = if depth == 0 {
            self.below(2)
        } else {
            self.below(7)
        };
        match shape {
            0 | 2 => Term::signal(X),
            1 | 3 => Term::signal(Y),
            4 => Term::Sum(
                Box::new(self.term(depth - 1)),
                Box::new(self.term(depth - 1)),
            ),
            5 => Term::Difference(
                Box::new(self.term(depth - 1)),
                Box::new(self.term(depth - 1)),
            ),
            _ => {
                let product = Term::Product(
                    Box::new(self.term(depth - 1)),
                    Box::new(Term::Constant(self.constant())),
                );
                Term::Absolute(Box::new(product))
            }
        }
    }
}
