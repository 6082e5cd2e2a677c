//! Traces: what is recorded, and what a digest sees.

use kneadsim_sim::fault::FaultKind;
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::Recording;
use kneadsim_sim::trace::{Digest, NOTES_MAX, Note, Recorder, Remark, Trace};
use proptest::prelude::*;

fn recorded(every_ticks: u32, ticks: u32) -> Trace {
    let signals = vec![Signal::FilmUpper, Signal::Mode];
    let mut recorder = Recorder::new(
        &Recording {
            every_ticks,
            signals,
        },
        100,
    );
    for tick in 0..=ticks {
        let mut row = vec![0.0; Signal::COUNT];
        row[Signal::FilmUpper as usize] = f64::from(tick) * 0.5;
        row[Signal::Mode as usize] = f64::from(tick % 3);
        recorder.record(tick, &row);
    }
    let remark = Remark::Fault {
        kind: FaultKind::NtcOpen,
        target: 0,
        begins: true,
    };
    recorder.note(3, remark);
    recorder.into_trace()
}

#[test]
fn a_row_is_kept_at_every_multiple_of_the_interval() {
    let trace = recorded(4, 10);
    assert_eq!(trace.ticks, [0, 4, 8]);
    let film = trace.column("film_upper_c").expect("the column");
    assert_eq!(
        (film.unit.as_str(), film.values.as_slice()),
        ("degC", &[0.0, 2.0, 4.0][..])
    );
    assert_eq!(
        trace.column("mode").expect("the column").values,
        [0.0, 1.0, 2.0]
    );
    assert_eq!(
        trace.notes,
        [Note {
            tick: 3,
            text: "fault ntc_open on upper begins".to_owned()
        }]
    );
}

#[test]
fn without_an_interval_only_notes_are_kept() {
    let trace = recorded(0, 10);
    assert!(trace.ticks.is_empty() && trace.columns.iter().all(|c| c.values.is_empty()));
    assert_eq!(trace.notes.len(), 1);
}

#[test]
fn notes_are_bounded_and_the_last_one_says_so() {
    let mut recorder = Recorder::new(
        &Recording {
            every_ticks: 0,
            signals: Vec::new(),
        },
        100,
    );
    for tick in 0..NOTES_MAX as u32 + 5 {
        recorder.note(tick, Remark::Configured);
    }
    let notes = recorder.trace().notes;
    assert_eq!(notes.len(), NOTES_MAX + 1);
    assert_eq!(
        notes[NOTES_MAX],
        Note {
            tick: 10_004,
            text: "5 more notes left out".to_owned()
        }
    );
}

#[test]
fn a_digest_is_xxh3_of_the_little_endian_bytes() {
    // Published test vector: XXH3-128 of the empty input.
    assert_eq!(
        Digest::hex(Digest::new().finish()),
        "99aa06d3014798d86001c324468d497f"
    );
    let mut numbers = Digest::new();
    numbers.write_u32(0x0403_0201);
    numbers.write_f64(1.0);
    let mut bytes = Digest::new();
    bytes.write_bytes(&[1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    assert_eq!(numbers.finish(), bytes.finish());
    assert_eq!(
        numbers.finish(),
        xxhash_rust::xxh3::xxh3_128(&[1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
    );
}

#[test]
fn equal_numbers_have_equal_digests_whatever_their_bits() {
    let of = |value: f64| {
        let mut digest = Digest::new();
        digest.write_f64(value);
        digest.finish()
    };
    assert_eq!(of(-0.0), of(0.0));
    assert_eq!(of(-f64::NAN), of(f64::NAN));
    assert_eq!(of(f64::from_bits(0x7ff0_0000_0000_0001)), of(f64::NAN));
    assert_ne!(of(f64::NAN), of(f64::INFINITY));
    assert_ne!(of(1.0), of(1.0 + f64::EPSILON));
}

#[test]
fn every_part_of_a_trace_is_in_its_digest() {
    let base = recorded(4, 10);
    assert_eq!(base.digest(), recorded(4, 10).digest());
    type Change = (&'static str, fn(&mut Trace));
    let changes: [Change; 8] = [
        ("interval", |trace| trace.every_ticks = 5),
        ("tick", |trace| trace.ticks[1] = 5),
        ("value", |trace| trace.columns[0].values[2] += 1e-12),
        ("name", |trace| trace.columns[0].name.push('x')),
        ("unit", |trace| trace.columns[0].unit.clear()),
        ("order", |trace| trace.columns.swap(0, 1)),
        ("note's tick", |trace| trace.notes[0].tick = 4),
        ("note's text", |trace| trace.notes[0].text.push('!')),
    ];
    for (name, change) in changes {
        let mut changed = base.clone();
        change(&mut changed);
        assert_ne!(changed.digest(), base.digest(), "{name}");
    }
}

proptest! {
    #[test]
    fn many_numbers_at_once_digest_as_one_by_one(values in prop::collection::vec(any::<f64>(), 0..200)) {
        let mut at_once = Digest::new();
        at_once.write_f64s(&values);
        let mut one_by_one = Digest::new();
        values.iter().for_each(|value| one_by_one.write_f64(*value));
        prop_assert_eq!(at_once.finish(), one_by_one.finish());
    }
}
