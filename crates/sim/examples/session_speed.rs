//! What a bench adds to the bare loop, in one run: `cargo run --release -p
//! kneadsim-sim --example session_speed [ROUNDS]`.
//!
//! A session of 30 minutes, three ways by turns: the bare loop (plant and
//! firmware), the bench, and the bench with the consumer limits, expectations,
//! two faults and a 10 Hz trace of 16 signals. Prints medians of the time that
//! each had a processor for (where Linux tells; else of elapsed time), and the
//! median of the ratios within a round.

use std::sync::Arc;
use std::time::Instant;

use kneadsim_plant::Grid;
use kneadsim_sim::check::{Check, CheckKind};
use kneadsim_sim::fault::FaultKind;
use kneadsim_sim::formula::{Atom, Formula, Relation};
use kneadsim_sim::limits::LimitProfile;
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Button, Recording, Spec, TICKS_PER_S};
use kneadsim_sim::{BareLoop, Bench, InProcess};

/// Half an hour, ticks.
const SESSION_TICKS: u32 = 1800 * TICKS_PER_S;

const SIGNALS: [Signal; 16] = [
    Signal::FilmUpper,
    Signal::FilmLower,
    Signal::FilmMax,
    Signal::SkinSurfaceMax,
    Signal::BasalMax,
    Signal::Cem43Max,
    Signal::NtcUpper,
    Signal::ReadUpper,
    Signal::HeaterUpperDuty,
    Signal::HeaterPower,
    Signal::KneadingCurrent,
    Signal::KneadingSpeed,
    Signal::KneadingWinding,
    Signal::SupplyVoltage,
    Signal::Mode,
    Signal::FaultCode,
];

fn main() {
    let rounds = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(9);
    let field = Spec::default().build.grid;
    for (name, grid) in [("column", Grid::Column), ("field", field)] {
        let bench = Arc::new(session(grid));
        let full = Arc::new(with_everything(session(grid)));
        let mut times_ms = [const { Vec::new() }; 3];
        let mut more = [const { Vec::new() }; 2];
        for _ in 0..rounds {
            let round_ms = [
                timed_ms(|| bare(&bench)),
                timed_ms(|| benched(&bench)),
                timed_ms(|| benched(&full)),
            ];
            for (all, one) in times_ms.iter_mut().zip(round_ms) {
                all.push(one);
            }
            for (all, one) in more.iter_mut().zip(&round_ms[1..]) {
                all.push((one / round_ms[0] - 1.0) * 100.0);
            }
        }
        let [bare_ms, bench_ms, full_ms] = times_ms.map(median);
        let [bench_more, full_more] = more.map(median);
        println!(
            "{name}: bare loop {bare_ms:.1} ms ({:.0} times real time); bench {bench_ms:.1} ms, \
             {bench_more:+.1} %; with faults, checks and trace {full_ms:.1} ms ({:.0} times), \
             {full_more:+.1} %",
            1.8e6 / bare_ms,
            1.8e6 / full_ms,
        );
    }
}

/// A session of the deep-tissue program with heat.
fn session(grid: Grid) -> Spec {
    let mut spec = Spec {
        duration_ticks: SESSION_TICKS,
        seed: 1,
        ..Spec::default()
    };
    spec.build.grid = grid;
    // Twenty minutes are set; the time button makes them thirty.
    spec.press(1.0, Button::Power).press(2.0, Button::Time);
    spec
}

fn with_everything(mut spec: Spec) -> Spec {
    let always = |signal, relation, number| {
        CheckKind::Always(Formula::from(Atom::of_signal(signal, relation, number)))
    };
    let kinds = [
        CheckKind::Limits(LimitProfile::builtin("consumer").expect("a built-in profile")),
        always(Signal::SkinSurfaceMax, Relation::Less, 43.0),
        always(Signal::KneadingWinding, Relation::Less, 130.0),
        CheckKind::Respond {
            trigger: Atom::of_signal(Signal::FaultCode, Relation::Greater, 0.0).into(),
            within_ticks: 50,
            then: Atom::of_signal(Signal::HeaterPower, Relation::Equal, 0.0).into(),
        },
    ];
    spec.checks = kinds
        .into_iter()
        .map(|kind| Check {
            id: "check".to_owned(),
            kind,
            from_tick: 0,
            until_tick: None,
            may_be_vacuous: true,
        })
        .collect();
    spec.recording = Recording {
        every_ticks: 10,
        signals: SIGNALS.to_vec(),
    };
    // Faults that the session goes on with, so that the work stays the same.
    spec.fault(60.0, FaultKind::NtcOffset, 0);
    spec.fault(120.0, FaultKind::WornGear, 0);
    spec.faults[0].value = 0.1;
    spec.faults[1].value = 1.0;
    spec
}

fn bare(spec: &Arc<Spec>) {
    let mut bare = BareLoop::new(Arc::clone(spec), InProcess::new()).expect("it boots");
    bare.run_until(SESSION_TICKS).expect("in process");
    let film_c = bare.plant().ntc_film_c()[0];
    assert!(film_c > 35.0, "the film is at {film_c} degC: nothing ran");
}

fn benched(spec: &Arc<Spec>) {
    let mut bench = Bench::new(Arc::clone(spec), InProcess::new()).expect("it boots");
    bench.run_until(SESSION_TICKS).expect("in process");
    let film_c = bench.plant().ntc_film_c()[0];
    assert!(film_c > 35.0, "the film is at {film_c} degC: nothing ran");
}

fn timed_ms(work: impl FnOnce()) -> f64 {
    let start = (Instant::now(), on_processor_ns());
    work();
    match (start.1, on_processor_ns()) {
        (Some(before), Some(after)) => (after - before) as f64 * 1.0e-6,
        _ => start.0.elapsed().as_secs_f64() * 1.0e3,
    }
}

/// Time that this process has had a processor for, ns.
fn on_processor_ns() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn median(mut times_ms: Vec<f64>) -> f64 {
    times_ms.sort_by(f64::total_cmp);
    times_ms[times_ms.len() / 2]
}
