//! Checks over traces short enough to work out by hand.

mod check_samples;

use check_samples::{agreed, check, fault_active, label, not, samples, samples_of_x, x, y};
use kneadsim_sim::check::Verdict::{self, Fail, Inconclusive, Pass};
use kneadsim_sim::check::{Check, CheckKind};
use kneadsim_sim::formula::Relation::{self, Equal, Greater, GreaterEqual, Less, LessEqual};
use kneadsim_sim::formula::{Atom, Formula, Term};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// What a row expects: verdict, margin, worst tick, time left (s).
type Want = (Verdict, Option<f64>, Option<u32>, Option<f64>);

/// Runs rows of (name, check, values of x, last tick as planned, expectation).
fn hold(rows: Vec<(&str, Check, &[f64], u32, Want)>) {
    for (name, check, values, last_tick, want) in rows {
        let finding = agreed(&check, &samples_of_x(values), last_tick);
        let got = (
            finding.verdict,
            finding.margin,
            finding.worst_tick,
            finding.time_left_s,
        );
        assert_eq!(got, want, "{name}: {finding:?}");
    }
}

fn always(relation: Relation, number: f64) -> Check {
    check(CheckKind::Always(x(relation, number)))
}

fn eventually(before_tick: Option<u32>) -> Check {
    check(CheckKind::Eventually {
        formula: x(Greater, 5.0),
        before_tick,
    })
}

fn respond(within_ticks: u32) -> Check {
    // x rises above 5: within the budget it must be below 2.
    check(CheckKind::Respond {
        trigger: x(Greater, 5.0),
        within_ticks,
        then: x(Less, 2.0),
    })
}

fn after(delay_ticks: u32) -> Check {
    check(CheckKind::AfterAlways {
        trigger: x(Greater, 5.0),
        delay_ticks,
        always: x(Less, 2.0),
    })
}

fn stays(for_ticks: u32, before_tick: Option<u32>) -> Check {
    check(CheckKind::Stays {
        formula: x(Greater, 5.0),
        for_ticks,
        before_tick,
    })
}

fn window(from_tick: u32, until_tick: u32, check: Check) -> Check {
    Check {
        from_tick,
        until_tick: Some(until_tick),
        ..check
    }
}

fn may_be_vacuous(check: Check) -> Check {
    Check {
        may_be_vacuous: true,
        ..check
    }
}

#[test]
#[rustfmt::skip]
fn always_and_never_give_the_worst_sample() {
    let t = [1.0, 4.0, 2.0, 3.0];
    hold(vec![
        ("kept", always(Less, 5.0), &t, 3, (Pass, Some(1.0), Some(1), None)),
        ("broken at equality", always(Less, 4.0), &t, 3, (Fail, Some(0.0), Some(1), None)),
        ("kept at equality", always(LessEqual, 4.0), &t, 3, (Pass, Some(0.0), Some(1), None)),
        ("broken", always(Less, 3.0), &t, 3, (Fail, Some(-1.0), Some(1), None)),
        ("never at equality", check(CheckKind::Never(x(GreaterEqual, 4.0))), &t, 3, (Fail, Some(0.0), Some(1), None)),
        ("never beyond equality", check(CheckKind::Never(x(Greater, 4.0))), &t, 3, (Pass, Some(0.0), Some(1), None)),
        ("a tie goes to the first", always(Less, 9.0), &[2.0, 3.0, 3.0], 2, (Pass, Some(6.0), Some(1), None)),
        (
            "a break at equality is worse than a bare pass",
            check(CheckKind::Always(Formula::Or(vec![x(LessEqual, 3.0), x(Greater, 4.0)]))),
            &[3.0, 4.0],
            1,
            (Fail, Some(0.0), Some(1), None),
        ),
    ]);
}

#[test]
#[rustfmt::skip]
fn windows_include_both_ends() {
    let t = [9.0, 1.0, 2.0, 3.0, 9.0];
    hold(vec![
        ("inside", window(1, 3, always(Less, 5.0)), &t, 4, (Pass, Some(2.0), Some(3), None)),
        ("first counts", window(0, 3, always(Less, 5.0)), &t, 4, (Fail, Some(-4.0), Some(0), None)),
        ("last counts", window(1, 4, always(Less, 5.0)), &t, 4, (Fail, Some(-4.0), Some(4), None)),
        ("one tick", window(2, 2, always(Less, 5.0)), &t, 4, (Pass, Some(3.0), Some(2), None)),
        ("empty", window(3, 2, always(Less, 5.0)), &t, 4, (Inconclusive, None, None, None)),
        ("beyond the run", window(3, 6, always(Less, 99.0)), &t, 4, (Inconclusive, Some(90.0), Some(4), None)),
        ("after the run", window(5, 6, always(Less, 5.0)), &t, 4, (Inconclusive, None, None, None)),
        ("after the run, vacuous allowed", may_be_vacuous(window(5, 6, always(Less, 5.0))), &t, 4, (Pass, None, None, None)),
    ]);
}

#[test]
#[rustfmt::skip]
fn a_run_that_ends_early_settles_only_what_is_settled() {
    hold(vec![
        ("always, kept so far", always(Less, 5.0), &[1.0, 2.0], 9, (Inconclusive, Some(3.0), Some(1), None)),
        ("always, broken", always(Less, 2.0), &[1.0, 2.0], 9, (Fail, Some(0.0), Some(1), None)),
        ("window was over", window(0, 1, always(Less, 5.0)), &[1.0, 2.0], 9, (Pass, Some(3.0), Some(1), None)),
        ("eventually, seen", eventually(None), &[1.0, 7.0], 9, (Pass, Some(2.0), Some(1), Some(0.08))),
        ("eventually, not seen", eventually(None), &[1.0, 2.0], 9, (Inconclusive, Some(-3.0), Some(1), None)),
        ("at end", check(CheckKind::AtEnd(x(Less, 5.0))), &[1.0, 2.0], 9, (Inconclusive, None, None, None)),
        ("window not reached", window(4, 5, always(Less, 5.0)), &[1.0], 9, (Inconclusive, None, None, None)),
        (
            "not reached is not vacuous when the run was cut short",
            may_be_vacuous(window(4, 5, always(Less, 5.0))),
            &[1.0],
            9,
            (Inconclusive, None, None, None),
        ),
        ("no trigger in a window that was over", may_be_vacuous(window(0, 1, respond(1))), &[1.0, 1.0, 1.0], 9, (Pass, None, None, None)),
        ("no trigger so far is not vacuous when the run was cut short", may_be_vacuous(respond(1)), &[1.0, 1.0], 9, (Inconclusive, None, None, None)),
        ("respond, kept so far", respond(1), &[6.0, 1.0, 0.0], 9, (Inconclusive, Some(1.0), Some(1), Some(0.0))),
        ("after, kept so far", after(0), &[1.0, 2.0], 9, (Inconclusive, None, None, None)),
        ("stays, seen", stays(1, None), &[6.0, 7.0], 9, (Pass, Some(1.0), Some(0), Some(0.08))),
        ("stays, not seen", stays(2, None), &[6.0, 7.0], 9, (Inconclusive, None, None, None)),
    ]);
}

#[test]
#[rustfmt::skip]
fn eventually_gives_the_best_sample_and_the_time_left() {
    let t = [1.0, 6.0, 8.0, 2.0];
    hold(vec![
        ("by the run's end", eventually(None), &t, 3, (Pass, Some(3.0), Some(2), Some(0.02))),
        ("deadline inclusive", eventually(Some(1)), &t, 3, (Pass, Some(1.0), Some(1), Some(0.0))),
        ("a tick late", eventually(Some(0)), &t, 3, (Fail, Some(-4.0), Some(0), None)),
        ("equality is not above", eventually(None), &[5.0, 1.0], 1, (Fail, Some(0.0), Some(0), None)),
        ("deadline after the run, seen", eventually(Some(9)), &t, 3, (Pass, Some(3.0), Some(2), Some(0.08))),
        ("deadline after the run, not seen", eventually(Some(9)), &[1.0], 0, (Inconclusive, Some(-4.0), Some(0), None)),
        ("the window's end comes first", window(2, 2, eventually(Some(3))), &t, 3, (Pass, Some(3.0), Some(2), Some(0.0))),
        ("deadline before the window", window(2, 3, eventually(Some(1))), &t, 3, (Inconclusive, None, None, None)),
    ]);
}

#[test]
#[rustfmt::skip]
fn respond_gives_the_worst_edge_and_the_smallest_budget_left() {
    hold(vec![
        ("at the budget's end", respond(2), &[0.0, 6.0, 6.0, 1.0, 9.0], 3, (Pass, Some(1.0), Some(3), Some(0.0))),
        ("a tick late", respond(1), &[0.0, 6.0, 6.0, 1.0], 3, (Fail, Some(-4.0), Some(1), None)),
        ("true at the first sample is an edge", respond(1), &[6.0, 1.0], 1, (Pass, Some(1.0), Some(1), Some(0.0))),
        ("no edge", respond(1), &[1.0, 5.0], 1, (Inconclusive, None, None, None)),
        ("no edge, allowed", may_be_vacuous(respond(1)), &[1.0, 5.0], 1, (Pass, None, None, None)),
        ("budget not over", respond(2), &[1.0, 6.0, 6.0], 2, (Inconclusive, None, None, None)),
        ("budget over exactly", respond(2), &[1.0, 6.0, 6.0, 7.0], 3, (Fail, Some(-4.0), Some(1), None)),
        ("answered before the end", respond(5), &[1.0, 6.0, 0.0], 2, (Pass, Some(2.0), Some(2), Some(0.04))),
        (
            "the best answer of the budget, not the first",
            respond(3),
            &[6.0, 1.0, 0.0, 1.0, -9.0],
            4,
            (Pass, Some(2.0), Some(2), Some(0.02)),
        ),
        (
            "overlapping budgets: the second edge has only the later samples",
            respond(3),
            &[6.0, -1.0, 6.0, 1.0, 3.0, 3.0],
            5,
            (Pass, Some(1.0), Some(3), Some(0.02)),
        ),
        (
            "one failed edge fails all, an open one does not hide it",
            respond(1),
            &[6.0, 6.0, 0.0, 6.0],
            3,
            (Fail, Some(-4.0), Some(0), None),
        ),
        ("an open edge after an answered one", respond(1), &[6.0, 1.0, 6.0], 2, (Inconclusive, Some(1.0), Some(1), Some(0.0))),
        (
            "an answer at the edge itself",
            check(CheckKind::Respond { trigger: x(Greater, 5.0), within_ticks: 0, then: x(Greater, 5.5) }),
            &[0.0, 6.0],
            1,
            (Pass, Some(0.5), Some(1), Some(0.0)),
        ),
        ("answers after the window do not count", window(0, 2, respond(3)), &[0.0, 6.0, 6.0, 0.0], 3, (Inconclusive, None, None, None)),
        (
            "triggers before the window do not count, a trigger that lasts into it does",
            window(1, 2, respond(1)),
            &[6.0, 6.0, 0.0],
            2,
            (Pass, Some(2.0), Some(2), Some(0.0)),
        ),
    ]);
}

#[test]
#[rustfmt::skip]
fn after_always_counts_from_the_first_trigger_and_the_grace() {
    hold(vec![
        ("kept after the grace", after(2), &[6.0, 6.0, 1.0, 0.0], 3, (Pass, Some(1.0), Some(2), None)),
        ("grace is one tick short", after(1), &[6.0, 6.0, 1.0, 0.0], 3, (Fail, Some(-4.0), Some(1), None)),
        ("broken much later", after(1), &[6.0, 1.0, 1.0, 3.0], 3, (Fail, Some(-1.0), Some(3), None)),
        ("before the trigger nothing is asked", after(1), &[4.0, 6.0, 1.0], 2, (Pass, Some(1.0), Some(2), None)),
        ("ended within the grace", after(3), &[1.0, 6.0, 9.0], 2, (Inconclusive, None, None, None)),
        ("within the grace is not vacuous", may_be_vacuous(after(3)), &[1.0, 6.0, 9.0], 2, (Inconclusive, None, None, None)),
        ("no trigger", after(0), &[1.0, 1.0], 1, (Inconclusive, None, None, None)),
        ("no trigger, allowed", may_be_vacuous(after(0)), &[1.0, 1.0], 1, (Pass, None, None, None)),
        ("a second trigger does not restart the grace", after(1), &[6.0, 1.0, 6.0], 2, (Fail, Some(-4.0), Some(2), None)),
    ]);
}

#[test]
#[rustfmt::skip]
fn stays_wants_an_unbroken_stretch_of_ticks_plus_one_samples() {
    hold(vec![
        ("long enough", stays(2, None), &[0.0, 6.0, 7.0, 8.0, 0.0], 4, (Pass, Some(1.0), Some(1), Some(0.01))),
        ("one sample short", stays(3, None), &[0.0, 6.0, 7.0, 8.0, 0.0], 4, (Fail, Some(-5.0), Some(0), None)),
        ("a gap breaks it", stays(2, None), &[6.0, 6.0, 5.0, 6.0, 6.0], 4, (Fail, Some(0.0), Some(2), None)),
        ("ends at the deadline", stays(1, Some(2)), &[0.0, 6.0, 7.0, 8.0], 3, (Pass, Some(1.0), Some(1), Some(0.0))),
        ("ends after the deadline", stays(1, Some(1)), &[0.0, 6.0, 7.0, 8.0], 3, (Fail, Some(-5.0), Some(0), None)),
        ("no time at all is one sample", stays(0, None), &[0.0, 6.0], 1, (Pass, Some(1.0), Some(1), Some(0.0))),
        ("longer than the window", stays(5, None), &[6.0, 6.0], 1, (Inconclusive, None, None, None)),
        ("the best stretch gives the margin", stays(1, None), &[6.0, 6.0, 8.0, 9.0], 3, (Pass, Some(3.0), Some(2), Some(0.02))),
    ]);
}

#[test]
#[rustfmt::skip]
fn at_end_looks_at_the_last_sample_alone() {
    let kind = || check(CheckKind::AtEnd(x(Less, 5.0)));
    hold(vec![
        ("kept", kind(), &[9.0, 9.0, 1.0], 2, (Pass, Some(4.0), Some(2), None)),
        ("broken at equality", kind(), &[1.0, 1.0, 5.0], 2, (Fail, Some(0.0), Some(2), None)),
        ("the window's end", window(0, 1, kind()), &[9.0, 1.0, 9.0], 2, (Pass, Some(4.0), Some(1), None)),
    ]);
}

#[test]
#[rustfmt::skip]
fn a_nan_is_never_a_pass() {
    let t = [1.0, NAN, 1.0];
    hold(vec![
        ("always", always(Less, 5.0), &t, 2, (Fail, Some(-INF), Some(1), None)),
        ("always not", check(CheckKind::Always(not(x(Greater, 5.0)))), &t, 2, (Fail, Some(-INF), Some(1), None)),
        ("never", check(CheckKind::Never(x(Greater, 5.0))), &t, 2, (Fail, Some(-INF), Some(1), None)),
        ("never not", check(CheckKind::Never(not(x(Less, 5.0)))), &t, 2, (Fail, Some(-INF), Some(1), None)),
        ("eventually", eventually(None), &[NAN, NAN], 1, (Fail, Some(-INF), Some(0), None)),
        ("eventually elsewhere", eventually(None), &[NAN, 6.0], 1, (Pass, Some(1.0), Some(1), Some(0.0))),
        ("at end", check(CheckKind::AtEnd(x(Less, 5.0))), &[1.0, NAN], 1, (Fail, Some(-INF), Some(1), None)),
        ("stays", stays(1, None), &[6.0, NAN, 6.0], 2, (Fail, Some(-INF), Some(1), None)),
        ("a response", respond(1), &[6.0, NAN, 1.0], 2, (Fail, Some(-4.0), Some(0), None)),
        ("a trigger that could not be told is not vacuous", may_be_vacuous(respond(1)), &t, 2, (Inconclusive, None, None, None)),
        ("nor for what follows it", may_be_vacuous(after(1)), &t, 2, (Inconclusive, None, None, None)),
        (
            "an alternative that holds without it",
            check(CheckKind::Always(Formula::Or(vec![x(Less, 5.0), y(Less, 1.0)]))),
            &t,
            2,
            (Pass, Some(1.0), Some(1), None),
        ),
    ]);
    let finding = agreed(&always(Less, 5.0), &samples_of_x(&t), 2);
    assert_eq!(finding.note, "a compared value was not a number");
}

#[test]
#[rustfmt::skip]
fn the_part_that_decided_is_named_with_its_own_unit() {
    let both = Formula::And(vec![x(Less, 10.0), y(Less, 13.0)]);
    let either = Formula::Or(vec![x(Greater, 10.0), y(Greater, 13.0)]);
    let labelled = Formula::And(vec![label(Equal, 2.0), x(Less, 10.0)]);
    type Row = (&'static str, Formula, [f64; 4], &'static str, &'static str, f64, Verdict);
    let rows: [Row; 8] = [
        ("and: the smaller", both.clone(), [8.0, 12.0, 0.0, 0.0], "supply_v < 13", "V", 1.0, Pass),
        ("and: what is broken", both.clone(), [11.0, 12.9, 0.0, 0.0], "ambient_c < 10", "degC", -1.0, Fail),
        ("and: a tie to the first", both.clone(), [9.0, 12.0, 0.0, 0.0], "ambient_c < 10", "degC", 1.0, Pass),
        ("or: the larger", either.clone(), [12.0, 14.0, 0.0, 0.0], "ambient_c > 10", "degC", 2.0, Pass),
        ("not or", not(either), [12.0, 14.0, 0.0, 0.0], "ambient_c > 10", "degC", -2.0, Fail),
        ("a label that fits leaves it to the number", labelled.clone(), [8.0, 0.0, 2.0, 0.0], "ambient_c < 10", "degC", 2.0, Pass),
        ("a label that does not fit decides", labelled, [8.0, 0.0, 3.0, 0.0], "mode == 2", "label", -INF, Fail),
        ("a derived column", not(fault_active()), [0.0, 0.0, 0.0, 1.0], "fault.ntc_open", "1", -INF, Fail),
    ];
    for (name, formula, row, decided_by, unit, margin, verdict) in rows {
        let finding = agreed(&check(CheckKind::Always(formula)), &samples(&[row]), 0);
        assert_eq!(finding.decided_by, decided_by, "{name}");
        assert_eq!((finding.unit.as_str(), finding.margin), (unit, Some(margin)), "{name}");
        assert_eq!(finding.verdict, verdict, "{name}");
    }
}

#[test]
#[rustfmt::skip]
fn at_a_margin_of_zero_the_part_that_does_not_hold_decides() {
    let strict = x(Less, 10.0);
    let lenient = y(LessEqual, 13.0);
    for parts in [vec![strict.clone(), lenient.clone()], vec![lenient, strict]] {
        let kind = CheckKind::Always(Formula::And(parts));
        let finding = agreed(&check(kind), &samples(&[[10.0, 13.0, 0.0, 0.0]]), 0);
        assert_eq!((finding.verdict, finding.margin), (Fail, Some(0.0)));
        assert_eq!(finding.decided_by, "ambient_c < 10");
    }
}

#[test]
#[rustfmt::skip]
fn arithmetic_and_integrals_are_those_of_the_window() {
    let signal = |signal| Box::new(Term::signal(signal));
    let atom = |left, limit| {
        let right = Term::Constant(limit);
        let (text, unit) = ("sum".to_owned(), "1".to_owned());
        Atom { left, relation: LessEqual, right, text, unit, discrete: false }
    };
    let (x, y) = (check_samples::X, check_samples::Y);
    let rows = [[1.0, 2.0, 0.0, 0.0], [3.0, -4.0, 0.0, 0.0], [5.0, 6.0, 0.0, 0.0]];
    let twice_y = Term::Product(Box::new(Term::Constant(2.0)), signal(y));
    let wide = Term::Absolute(Box::new(Term::Difference(signal(x), Box::new(twice_y))));
    let cases = [
        ("sum", Term::Sum(signal(x), signal(y)), 0, -1.0, 2, Fail),
        ("absolute of a difference", wide, 0, -1.0, 1, Fail),
        ("integral from the start", Term::Integral(signal(x), 0), 0, 9.91, 2, Pass),
        ("integral from the window", Term::Integral(signal(x), 0), 2, 9.95, 2, Pass),
    ];
    for (name, term, from_tick, margin, worst_tick, verdict) in cases {
        let kind = CheckKind::Always(atom(term, 10.0).into());
        let finding = agreed(&Check { from_tick, ..check(kind) }, &samples(&rows), 2);
        let got = finding.margin.expect("a margin");
        assert!((got - margin).abs() < 1e-12, "{name}: {got}");
        assert_eq!((finding.worst_tick, finding.verdict), (Some(worst_tick), verdict), "{name}");
    }
}

#[test]
#[rustfmt::skip]
fn an_integral_at_the_end_counts_every_sample() {
    let integral = Atom {
        left: Term::Integral(Box::new(Term::signal(check_samples::X)), 0),
        relation: LessEqual,
        right: Term::Constant(0.1),
        text: "integral(ambient_c) <= 0.1".to_owned(),
        unit: "degC s".to_owned(),
        discrete: false,
    };
    let kind = CheckKind::AtEnd(integral.into());
    let finding = agreed(&check(kind), &samples_of_x(&[3.0, 4.0, 5.0]), 2);
    assert_eq!(finding.verdict, Fail);
    assert!((finding.margin.expect("a margin") + 0.02).abs() < 1e-12);
}

#[test]
#[rustfmt::skip]
fn notes_say_why_nothing_was_settled() {
    let rows: [(Check, &[f64], u32, &str); 6] = [
        (always(Less, 5.0), &[1.0, 1.0], 9, "the run ended at 0.01 s, before the check's window"),
        (window(3, 2, always(Less, 5.0)), &[1.0], 0, "no sample lies in the check's window"),
        (respond(1), &[1.0], 0, "the trigger never came"),
        (respond(3), &[1.0, 6.0], 1, "the window ended within the budget of the trigger at 0.01 s"),
        (after(3), &[1.0, 6.0], 1, "the window ended within the grace after the trigger; trigger at 0.01 s"),
        (stays(3, None), &[6.0], 0, "the window is shorter than the stretch"),
    ];
    for (check, values, last_tick, note) in rows {
        assert_eq!(agreed(&check, &samples_of_x(values), last_tick).note, note);
    }
}
