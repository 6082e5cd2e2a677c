//! Properties of the checks over random formulas, windows and traces.

mod check_samples;

use check_samples::{LABEL, X, Y, online, samples};
use kneadsim_sim::check::offline::{self, OwnedSample};
use kneadsim_sim::check::{Check, CheckKind, Finding, Monitors, Sample, Verdict};
use kneadsim_sim::formula::{Atom, Formula, Relation, Source, Term};
use kneadsim_sim::signal::{Rate, Signal};
use proptest::prelude::*;
use proptest::sample::select;

/// Values on a coarse grid, so that ties and equalities are common.
fn grid() -> impl Strategy<Value = f64> + Clone {
    (-4i8..=4).prop_map(|n| f64::from(n) * 0.5)
}

/// The grid with what breaks arithmetic: NaN, infinities, negative zero.
fn wild() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        12 => grid(),
        1 => select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0]),
    ]
}

fn trace(value: impl Strategy<Value = f64> + Clone) -> impl Strategy<Value = Vec<OwnedSample>> {
    let row = (value.clone(), value, 0u8..3, 0u8..2)
        .prop_map(|(x, y, label, fault)| [x, y, f64::from(label), f64::from(fault)]);
    prop::collection::vec(row, 1..40).prop_map(|rows| samples(&rows))
}

fn relation() -> impl Strategy<Value = Relation> + Clone {
    select(Relation::ALL.to_vec())
}

/// `x` or `y` against a number: slope 1 in the signals.
fn plain_atom() -> impl Strategy<Value = Formula> + Clone {
    (select(vec![X, Y]), relation(), grid())
        .prop_map(|(signal, relation, number)| Atom::of_signal(signal, relation, number).into())
}

fn term() -> impl Strategy<Value = Term> + Clone {
    let leaf = prop_oneof![
        grid().prop_map(Term::Constant),
        select(vec![X, Y]).prop_map(Term::signal),
        Just(Term::Value(Source::Derived(0))),
        Just(Term::Value(Source::Derived(7))),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let pair = (
            inner.clone().prop_map(Box::new),
            inner.clone().prop_map(Box::new),
        );
        prop_oneof![
            pair.clone().prop_map(|(a, b)| Term::Sum(a, b)),
            pair.clone().prop_map(|(a, b)| Term::Difference(a, b)),
            pair.prop_map(|(a, b)| Term::Product(a, b)),
            inner.clone().prop_map(|a| Term::Absolute(Box::new(a))),
            inner.prop_map(|a| Term::Integral(Box::new(a), 0)),
        ]
    })
}

fn any_atom() -> impl Strategy<Value = Formula> + Clone {
    let arithmetic = (term(), relation(), term()).prop_map(|(left, relation, right)| {
        let text = format!("{left:?} {} {right:?}", relation.symbol());
        Formula::Atom(Atom {
            left,
            relation,
            right,
            text,
            unit: "1".to_owned(),
            discrete: false,
        })
    });
    let label = (relation(), 0u8..3).prop_map(|(relation, number)| {
        Formula::Atom(Atom::of_signal(LABEL, relation, f64::from(number)))
    });
    prop_oneof![3 => plain_atom(), 2 => arithmetic, 1 => label]
}

fn formula_of(
    atom: impl Strategy<Value = Formula> + 'static,
) -> impl Strategy<Value = Formula> + Clone {
    let atom = atom.boxed();
    atom.prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|f| Formula::Not(Box::new(f))),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Formula::And),
            prop::collection::vec(inner, 0..4).prop_map(Formula::Or),
        ]
    })
}

/// Formulas that contain at least one comparison and no negation.
fn positive(
    atom: impl Strategy<Value = Formula> + 'static,
) -> impl Strategy<Value = Formula> + Clone {
    atom.boxed().prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Formula::And),
            prop::collection::vec(inner, 1..4).prop_map(Formula::Or),
        ]
    })
}

fn short() -> impl Strategy<Value = u32> + Clone {
    prop_oneof![Just(0u32), 1u32..6, 6u32..45]
}

/// Every kind of check without a trigger.
fn plain_kind(
    formula: impl Strategy<Value = Formula> + Clone + 'static,
) -> impl Strategy<Value = CheckKind> {
    let deadline = || prop::option::of(short());
    prop_oneof![
        formula.clone().prop_map(CheckKind::Always),
        formula.clone().prop_map(CheckKind::Never),
        (formula.clone(), deadline()).prop_map(|(formula, before_tick)| CheckKind::Eventually {
            formula,
            before_tick
        }),
        (formula.clone(), short(), deadline()).prop_map(|(formula, for_ticks, before_tick)| {
            CheckKind::Stays {
                formula,
                for_ticks,
                before_tick,
            }
        }),
        formula.prop_map(CheckKind::AtEnd),
    ]
}

fn any_kind(
    formula: impl Strategy<Value = Formula> + Clone + 'static,
) -> impl Strategy<Value = CheckKind> {
    let parts = (formula.clone(), short(), formula.clone());
    prop_oneof![
        5 => plain_kind(formula),
        2 => parts.clone().prop_map(|(trigger, within_ticks, then)| {
            CheckKind::Respond { trigger, within_ticks, then }
        }),
        1 => parts.prop_map(|(trigger, delay_ticks, always)| {
            CheckKind::AfterAlways { trigger, delay_ticks, always }
        }),
    ]
}

fn check_of(kind: impl Strategy<Value = CheckKind>) -> impl Strategy<Value = Check> {
    let from = prop_oneof![2 => Just(0u32), 1 => short()];
    (kind, from, prop::option::of(short()), any::<bool>()).prop_map(
        |(kind, from_tick, until_tick, may_be_vacuous)| {
            let id = "check".to_owned();
            Check {
                id,
                kind,
                from_tick,
                until_tick,
                may_be_vacuous,
            }
        },
    )
}

fn whole(kind: CheckKind) -> Check {
    check_samples::check(kind)
}

fn one(findings: Vec<Finding>) -> Finding {
    findings.into_iter().next().expect("one finding")
}

fn last_tick(trace: &[OwnedSample]) -> u32 {
    trace.last().map_or(0, |sample| sample.tick)
}

/// The check with all its ticks moved later.
fn shifted(check: &Check, by: u32) -> Check {
    let mut check = check.clone();
    check.from_tick += by;
    check.until_tick = check.until_tick.map(|tick| tick + by);
    match &mut check.kind {
        CheckKind::Eventually { before_tick, .. } | CheckKind::Stays { before_tick, .. } => {
            *before_tick = before_tick.map(|tick| tick + by);
        }
        CheckKind::Always(_)
        | CheckKind::Never(_)
        | CheckKind::Respond { .. }
        | CheckKind::AfterAlways { .. }
        | CheckKind::AtEnd(_)
        | CheckKind::Limits(_) => {}
    }
    check
}

/// A signal that moves at thermal steps only.
const SLOW: Signal = Signal::FilmMax;

/// `y`, the slow signal or a label against a number.
fn atom_with_slow() -> impl Strategy<Value = Formula> + Clone {
    (select(vec![SLOW, SLOW, Y, LABEL]), relation(), grid())
        .prop_map(|(signal, relation, number)| Atom::of_signal(signal, relation, number).into())
}

/// Steps of so many ticks each, in which the slow signal stays as it is.
fn stepped_trace() -> impl Strategy<Value = (Vec<OwnedSample>, Vec<bool>)> {
    let ticks = prop::collection::vec((wild(), 0u8..3), 1..6);
    prop::collection::vec((wild(), ticks), 1..8).prop_map(|steps| {
        let (mut rows, mut slow, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (value, ticks) in steps {
            for (place, (y, label)) in ticks.into_iter().enumerate() {
                rows.push([0.0, y, f64::from(label), 0.0]);
                slow.push(value);
                ends.push(place == 0);
            }
        }
        let mut trace = samples(&rows);
        for (sample, value) in trace.iter_mut().zip(slow) {
            sample.signals[SLOW as usize] = value;
        }
        (trace, ends)
    })
}

/// Every threshold raised.
fn loosened(formula: &Formula, by: f64) -> Formula {
    match formula {
        Formula::Atom(atom) => Formula::Atom(Atom {
            right: Term::Sum(Box::new(atom.right.clone()), Box::new(Term::Constant(by))),
            ..atom.clone()
        }),
        Formula::Not(inner) => Formula::Not(Box::new(loosened(inner, by))),
        Formula::And(parts) => Formula::And(parts.iter().map(|p| loosened(p, by)).collect()),
        Formula::Or(parts) => Formula::Or(parts.iter().map(|p| loosened(p, by)).collect()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn monitors_equal_the_definitions(
        check in check_of(any_kind(formula_of(any_atom()))),
        trace in trace(wild()),
        missing in prop_oneof![Just(0u32), 1u32..30],
    ) {
        let planned = last_tick(&trace) + missing;
        prop_assert_eq!(online(&check, &trace, planned), offline::evaluate(&check, &trace, planned));
    }

    /// What need not be looked at between thermal steps, or holds no news, is left
    /// alone: also in a copy, whatever the original is shown afterwards.
    #[test]
    fn monitors_that_rest_equal_the_definitions(
        check in prop_oneof![
            check_of(any_kind(atom_with_slow())),
            check_of(any_kind(formula_of(atom_with_slow()))),
        ],
        (trace, steps) in stepped_trace(),
        missing in prop_oneof![Just(0u32), 1u32..30],
        fork_at in 0usize..20,
    ) {
        prop_assert_eq!((SLOW.rate(), Y.rate()), (Rate::ThermalStep, Rate::Tick));
        let planned = last_tick(&trace) + missing;
        let mut monitors = Monitors::new(std::slice::from_ref(&check), planned);
        for (place, (sample, step)) in trace.iter().zip(&steps).enumerate() {
            if place == fork_at {
                let mut other = monitors.clone();
                std::mem::swap(&mut monitors, &mut other);
                let strange = vec![f64::NAN; Signal::COUNT];
                other.observe(sample.tick, &Sample { signals: &strange, derived: &[] });
            }
            if *step {
                monitors.observe(sample.tick, &sample.sample());
            } else {
                monitors.observe_between_steps(sample.tick, &sample.sample());
            }
        }
        prop_assert_eq!(
            monitors.finish(last_tick(&trace)),
            offline::evaluate(&check, &trace, planned)
        );
    }

    /// Dense triggers, so that budgets overlap and stretches break.
    #[test]
    fn monitors_equal_the_definitions_for_simple_triggers(
        check in check_of(any_kind(plain_atom())),
        trace in trace(grid()),
        missing in prop_oneof![Just(0u32), 1u32..30],
    ) {
        let planned = last_tick(&trace) + missing;
        prop_assert_eq!(online(&check, &trace, planned), offline::evaluate(&check, &trace, planned));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn not_always_is_eventually_not(formula in formula_of(plain_atom()), trace in trace(grid())) {
        let planned = last_tick(&trace);
        let negated = Formula::Not(Box::new(formula.clone()));
        let always = one(online(&whole(CheckKind::Always(formula)), &trace, planned));
        let kind = CheckKind::Eventually { formula: negated, before_tick: None };
        let eventually = one(online(&whole(kind), &trace, planned));
        prop_assert_eq!(always.verdict == Verdict::Pass, eventually.verdict == Verdict::Fail);
        prop_assert_eq!(always.margin.map(|margin| 0.0 - margin), eventually.margin);
        prop_assert_eq!(always.worst_tick, eventually.worst_tick);
        prop_assert_eq!(always.decided_by, eventually.decided_by);
    }

    #[test]
    fn never_is_always_not(formula in formula_of(any_atom()), trace in trace(wild())) {
        let planned = last_tick(&trace);
        let negated = Formula::Not(Box::new(formula.clone()));
        prop_assert_eq!(
            online(&whole(CheckKind::Never(formula)), &trace, planned),
            online(&whole(CheckKind::Always(negated)), &trace, planned)
        );
    }

    #[test]
    fn a_looser_threshold_never_costs_margin(
        formula in positive(
            (select(vec![X, Y]), select(vec![Relation::Less, Relation::LessEqual]), grid())
                .prop_map(|(signal, relation, number)| {
                    Formula::Atom(Atom::of_signal(signal, relation, number))
                }),
        ),
        by in 0u8..4,
        for_ticks in 0u32..4,
        trace in trace(grid()),
    ) {
        let planned = last_tick(&trace);
        let kinds = |formula: Formula| [
            CheckKind::Always(formula.clone()),
            CheckKind::Eventually { formula: formula.clone(), before_tick: None },
            CheckKind::Stays { formula: formula.clone(), for_ticks, before_tick: None },
            CheckKind::AtEnd(formula),
        ];
        let looser = loosened(&formula, f64::from(by) * 0.5);
        for (tight, loose) in kinds(formula).into_iter().zip(kinds(looser)) {
            let tight = one(online(&whole(tight), &trace, planned));
            let loose = one(online(&whole(loose), &trace, planned));
            prop_assert!(loose.margin >= tight.margin, "{loose:?} {tight:?}");
            prop_assert!(loose.verdict <= tight.verdict, "{loose:?} {tight:?}");
        }
    }

    #[test]
    fn a_disturbance_smaller_than_the_margin_changes_no_verdict(
        kind in plain_kind(formula_of(plain_atom())),
        trace in trace(grid()),
        signs in prop::collection::vec(any::<(bool, bool)>(), 40),
    ) {
        let planned = last_tick(&trace);
        let check = whole(kind);
        let before = one(online(&check, &trace, planned));
        let margin = before.margin.unwrap_or(0.0).abs().min(10.0);
        let mut disturbed = trace.clone();
        for (sample, (x, y)) in disturbed.iter_mut().zip(signs) {
            sample.signals[X as usize] += if x { 0.9 * margin } else { -0.9 * margin };
            sample.signals[Y as usize] += if y { 0.9 * margin } else { -0.9 * margin };
        }
        let after = one(online(&check, &disturbed, planned));
        prop_assert_eq!(before.verdict, after.verdict, "{:?} {:?}", before, after);
    }

    #[test]
    fn a_check_moved_with_its_trace_finds_the_same(
        check in check_of(any_kind(formula_of(any_atom()))),
        trace in trace(wild()),
        before in prop::collection::vec(wild(), 1..20),
        missing in 0u32..3,
    ) {
        let by = before.len() as u32;
        let planned = last_tick(&trace) + missing;
        let rows: Vec<[f64; 4]> = before.iter().map(|value| [*value; 4]).collect();
        let mut later = samples(&rows);
        later.extend(trace.iter().cloned().map(|mut sample| {
            sample.tick += by;
            sample
        }));
        let first = one(online(&check, &trace, planned));
        let second = one(online(&shifted(&check, by), &later, planned + by));
        prop_assert_eq!(first.verdict, second.verdict);
        prop_assert_eq!(first.margin, second.margin);
        prop_assert_eq!(first.worst_tick.map(|tick| tick + by), second.worst_tick);
        prop_assert_eq!(first.time_left_s, second.time_left_s);
        prop_assert_eq!(first.decided_by, second.decided_by);
    }

    #[test]
    fn a_forked_monitor_goes_on_by_itself(
        checks in prop::collection::vec(check_of(any_kind(formula_of(any_atom()))), 1..4),
        trace in trace(wild()),
        other in wild(),
        at in 0usize..40,
    ) {
        let planned = last_tick(&trace);
        let at = at.min(trace.len());
        let mut straight = Monitors::new(&checks, planned);
        trace.iter().for_each(|sample| straight.observe(sample.tick, &sample.sample()));

        let mut first = Monitors::new(&checks, planned);
        trace[..at].iter().for_each(|sample| first.observe(sample.tick, &sample.sample()));
        let mut fork = first.clone();
        for sample in &trace[at..] {
            let mut changed = sample.clone();
            changed.signals[X as usize] = other;
            first.observe(sample.tick, &changed.sample());
            fork.observe(sample.tick, &sample.sample());
        }
        prop_assert_eq!(fork.finish(planned), straight.finish(planned));
    }
}
