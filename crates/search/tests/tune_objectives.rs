//! What an objective takes of a trace, against rows worked out by hand.

use kneadsim_search::tune::{Goal, Objective, Over, Quantity, Take};
use kneadsim_sim::formula::{Atom, Formula, Relation, Term};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::trace::{Column, Trace};

/// A row a second.
fn trace(values: &[f64]) -> Trace {
    let signal = Signal::FilmUpper;
    Trace {
        every_ticks: 100,
        ticks: (0..values.len() as u32).map(|row| row * 100 + 99).collect(),
        columns: vec![Column {
            name: signal.name().to_owned(),
            unit: signal.unit().to_owned(),
            values: values.to_vec(),
        }],
        notes: Vec::new(),
    }
}

fn taken(take: Take, from_s: f64, until_s: Option<f64>, values: &[f64]) -> Option<f64> {
    let of = if take.of_truth() {
        Quantity::Truth(Formula::Atom(Atom::of_signal(
            Signal::FilmUpper,
            Relation::Greater,
            3.0,
        )))
    } else {
        Quantity::Number(Term::signal(Signal::FilmUpper))
    };
    let objective = Objective {
        name: "n".into(),
        of,
        text: String::new(),
        take,
        from_s,
        until_s,
        over: Over::Mean,
        goal: Goal::Min,
        unit: take.unit("degC"),
        bases: vec![true],
    };
    objective.of(&trace(values))
}

#[test]
fn every_take_gives_what_its_name_says() {
    // At 1, 2, 3, 4, 5 s.
    let values = [2.0, 4.0, 1.0, 5.0, 3.0];
    let rows = [
        (Take::Max, 5.0),
        (Take::Min, 1.0),
        (Take::End, 3.0),
        (Take::Mean, 3.0),
        (Take::Rms, 11.0_f64.sqrt()),
        (Take::Spread, 2.0_f64.sqrt()),
        (Take::Integral, 15.0),
        (Take::First, 2.0),
        (Take::Time, 2.0),
        (Take::Count, 2.0),
    ];
    for (take, wanted) in rows {
        assert_eq!(taken(take, 0.0, None, &values), Some(wanted), "{take:?}");
    }
}

#[test]
fn a_window_has_both_its_ends() {
    let values = [2.0, 4.0, 1.0, 5.0, 3.0];
    let rows = [
        (Take::Max, 4.0),
        (Take::Min, 1.0),
        (Take::End, 1.0),
        (Take::Mean, 2.5),
        (Take::Integral, 5.0),
        (Take::First, 0.0),
        (Take::Time, 1.0),
        (Take::Count, 1.0),
    ];
    for (take, wanted) in rows {
        let found = taken(take, 2.0, Some(3.0), &values);
        assert_eq!(found, Some(wanted), "{take:?}");
    }
    // What never holds is as late as the window is long.
    assert_eq!(taken(Take::First, 3.0, Some(3.5), &values), Some(0.0));
    assert_eq!(taken(Take::First, 2.5, Some(3.5), &values), Some(0.5));
    assert_eq!(taken(Take::Max, 7.0, None, &values), None);
}

#[test]
fn rows_without_a_number_are_not_there() {
    let values = [f64::NAN, 4.0, f64::NAN, 2.0];
    let rows = [
        (Take::Max, 4.0),
        (Take::End, 2.0),
        (Take::Mean, 3.0),
        (Take::Integral, 6.0),
        // An unknown comparison does not hold.
        (Take::First, 2.0),
        (Take::Time, 1.0),
    ];
    for (take, wanted) in rows {
        assert_eq!(taken(take, 0.0, None, &values), Some(wanted), "{take:?}");
    }
    assert_eq!(taken(Take::Max, 0.0, None, &[f64::NAN]), None);
    assert_eq!(taken(Take::Mean, 0.0, None, &[]), None);
}

#[test]
fn units_follow_what_is_taken() {
    let rows = [
        (Take::Max, "degC", "degC"),
        (Take::Rms, "K", "K"),
        (Take::Integral, "W", "J"),
        (Take::Integral, "K", "K s"),
        (Take::First, "1", "s"),
        (Take::Time, "1", "s"),
        (Take::Count, "1", "1"),
    ];
    for (take, of, wanted) in rows {
        assert_eq!(take.unit(of), wanted, "{take:?} of {of}");
    }
}
