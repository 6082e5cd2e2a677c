//! Runs abreast have the outcomes of runs alone, bit for bit.

use std::sync::Arc;

use kneadsim_firmware::Config;
use kneadsim_firmware::io::{Inputs, Outputs};
use kneadsim_plant::{Grid, Knob, Source, Vectors};
use kneadsim_sim::fault::{CATALOGUE, FaultSpec, Repeat, Targets};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Action, Button, Event, Recording};
use kneadsim_sim::{
    Abreast, Boot, Continue, Device, InProcess, Injection, Outcome, Spec, run, run_many,
};
use proptest::prelude::*;

const LANES: [usize; 6] = [1, 2, 3, 4, 8, 16];

/// All that an outcome says, numbers as bits.
fn said(outcome: &Outcome) -> (String, u128, Vec<u64>) {
    let words = format!(
        "{:?} {:?} {:?} {:?} {:?} {} {} {}",
        outcome.findings,
        outcome.ended,
        outcome.trace.ticks,
        outcome.trace.notes,
        outcome.lost,
        outcome.ticks_done,
        outcome.watchdog_resets,
        outcome.stopped,
    );
    let energy = &outcome.energy;
    let joules = [energy.put_in_j, energy.out_j, energy.stored_j];
    let columns = outcome.trace.columns.iter();
    let numbers = columns.flat_map(|column| column.values.iter().copied());
    let bits = joules
        .into_iter()
        .chain(numbers)
        .map(f64::to_bits)
        .collect();
    (words, outcome.digest, bits)
}

/// Every way to run them abreast gives what each gives alone.
fn check(specs: &[Arc<Spec>]) {
    let alone: Vec<_> = specs
        .iter()
        .map(|spec| said(&run(spec, InProcess::new(), &mut |_| Continue::Yes)))
        .collect();
    for vectors in Vectors::all() {
        for runs in LANES {
            let abreast = Abreast { runs, vectors };
            let device = |_| InProcess::new();
            let outcomes = run_many(specs, abreast, device, &mut |_, _| Continue::Yes);
            for (place, (alone, outcome)) in alone.iter().zip(&outcomes).enumerate() {
                let outcome = outcome.as_ref().map(said);
                let name = format!("run {place}, {runs} abreast on {}", vectors.name());
                assert_eq!(outcome.as_ref(), Some(alone), "{name}");
            }
            assert_eq!(outcomes.len(), specs.len());
        }
    }
}

/// A column session that is switched on after a second, with every signal on record.
fn session(seed: u64, duration_ticks: u32) -> Spec {
    let mut spec = Spec {
        seed,
        duration_ticks,
        recording: Recording {
            every_ticks: 50,
            signals: Signal::ALL.to_vec(),
        },
        ..Spec::default()
    };
    spec.build.grid = Grid::Column;
    spec.press(1.0, Button::Power);
    spec
}

const PACK: Source = Source::Pack {
    capacity_ah: 2.6,
    resistance_ohm: 0.12,
    charge: 0.9,
    heat_j_per_k: 150.0,
    to_ambient_k_per_w: 8.0,
};

/// A fault of the catalogue with a value from its range.
fn fault() -> impl Strategy<Value = FaultSpec> {
    let kind = prop::sample::select(CATALOGUE);
    let time = (0_u32..3_000, prop::option::of(1_u32..2_000), any::<bool>());
    (kind, 0_u8..2, 0.0..1.0_f64, time).prop_map(|(row, target, share, time)| {
        let (onset_tick, duration_ticks, repeats) = time;
        let value = row
            .parameter
            .map_or(0.0, |p| p.min + (p.max - p.min) * share);
        FaultSpec {
            kind: row.kind,
            target: match row.targets {
                Targets::Product => 0,
                Targets::Zone | Targets::Motor | Targets::Task | Targets::Variable => target,
            },
            value: if row.kind.name() == "bit_flip" {
                value.floor()
            } else {
                value
            },
            onset_tick,
            duration_ticks,
            repeat: repeats.then_some(Repeat {
                every_ticks: 90,
                on_ticks: 40,
            }),
        }
    })
}

/// An event: a press, or a condition that moves to a value of its range.
fn event() -> impl Strategy<Value = Event> {
    let press = prop::sample::select(&Button::ALL[..]).prop_map(|button| Action::Press {
        button,
        hold_ticks: 10,
    });
    let set = (prop::sample::select(Knob::ALL), 0.0..1.0_f64, 0_u32..500).prop_map(
        |(knob, share, over_ticks)| {
            let (min, max) = knob.range();
            Action::Set {
                knob,
                value: min + (max - min) * share,
                over_ticks,
            }
        },
    );
    (0_u32..3_000, prop_oneof![press, set]).prop_map(|(at_tick, action)| Event { at_tick, action })
}

fn spec() -> impl Strategy<Value = Arc<Spec>> {
    let ends = (1_u32..3_500, any::<u64>(), any::<bool>());
    let acts = (
        prop::collection::vec(fault(), 0..3),
        prop::collection::vec(event(), 0..6),
    );
    (ends, acts, prop::sample::select(vec![1_u32, 10, 25])).prop_filter_map(
        "cannot be run",
        |((duration_ticks, seed, is_pack), (faults, events), thermal_step_ticks)| {
            let mut spec = session(seed, duration_ticks);
            spec.build.thermal_step_ticks = thermal_step_ticks;
            if is_pack {
                spec.build.supply.source = PACK;
            }
            spec.faults = faults;
            spec.events.extend(events);
            spec.events.sort_by_key(|event| event.at_tick);
            spec.validate().is_ok().then(|| Arc::new(spec))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn runs_of_any_kind_end_abreast_as_they_end_alone(specs in prop::collection::vec(spec(), 1..20)) {
        check(&specs);
    }
}

#[test]
fn sessions_with_working_motors_end_abreast_as_they_end_alone() {
    let specs = (0..11).map(|seed| {
        // Ten seconds of self-test, then the motors' programs.
        let mut spec = session(seed, 6_000 + 777 * seed as u32);
        spec.conditions.ambient_c = 15.0 + seed as f64;
        spec.conditions.load_scale[0] = 1.0 + 0.2 * (seed % 3) as f64;
        if seed % 4 == 1 {
            spec.build.supply.source = PACK;
        }
        for _ in 0..seed % 3 {
            spec.press(30.0, Button::Mode);
        }
        Arc::new(spec)
    });
    let specs: Vec<_> = specs.collect();
    let turns = |spec: &Spec| {
        let outcome = run(spec, InProcess::new(), &mut |_| Continue::Yes);
        let column = outcome.trace.column("kneading_speed_rpm");
        column.is_some_and(|column| column.values.iter().any(|rpm| rpm.abs() > 5.0))
    };
    assert!(specs.iter().any(|spec| turns(spec)), "no motor turns");
    check(&specs);
}

#[test]
fn a_no_of_the_observer_stops_all_and_leaves_out_what_did_not_begin() {
    let specs: Vec<_> = (0..5).map(|seed| Arc::new(session(seed, 900))).collect();
    let abreast = Abreast {
        runs: 2,
        vectors: Vectors::widest(),
    };
    let outcomes = run_many(&specs, abreast, |_| InProcess::new(), &mut |place, at| {
        if place == 1 && at.tick == 300 {
            Continue::No
        } else {
            Continue::Yes
        }
    });
    for (place, outcome) in outcomes.iter().enumerate() {
        let done = outcome.as_ref().map(|o| (o.ticks_done, o.stopped));
        let expected = (place < 2).then_some((300, true));
        assert_eq!(done, expected, "run {place}");
    }
    let mut asked = 0;
    let alone = run(&specs[0], InProcess::new(), &mut |_| {
        asked += 1;
        if asked == 3 {
            Continue::No
        } else {
            Continue::Yes
        }
    });
    assert_eq!(outcomes[0].as_ref().map(said), Some(said(&alone)));
}

/// A core that is unplugged at some tick.
struct Unplugged {
    core: InProcess,
    at_tick: Option<u32>,
    boots_to_lose: u32,
}

impl Device for Unplugged {
    fn boot(&mut self, boot: &Boot) -> Result<(), String> {
        if self.boots_to_lose > 0 {
            self.boots_to_lose -= 1;
            return Err("not there".to_owned());
        }
        self.core.boot(boot)
    }

    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        if self.at_tick.is_some_and(|at_tick| inputs.tick >= at_tick) {
            return Err("unplugged".to_owned());
        }
        self.core.exchange(inputs)
    }

    fn configure(&mut self, config: &Config) -> Result<(), String> {
        self.core.configure(config)
    }

    fn inject(&mut self, injection: &Injection) -> Result<(), String> {
        self.core.inject(injection)
    }
}

#[test]
fn a_device_that_is_lost_ends_its_own_run_and_no_other() {
    let specs: Vec<_> = (0..6).map(|seed| Arc::new(session(seed, 1_200))).collect();
    let device = |place| Unplugged {
        core: InProcess::new(),
        at_tick: [None, Some(250), None, Some(250), Some(733), None][place],
        boots_to_lose: u32::from(place == 5),
    };
    let alone: Vec<_> = (0..specs.len())
        .map(|place| said(&run(&specs[place], device(place), &mut |_| Continue::Yes)))
        .collect();
    for runs in LANES {
        let abreast = Abreast {
            runs,
            vectors: Vectors::widest(),
        };
        let outcomes = run_many(&specs, abreast, device, &mut |_, _| Continue::Yes);
        for (place, outcome) in outcomes.iter().enumerate() {
            let outcome = outcome.as_ref().map(said);
            assert_eq!(
                outcome.as_ref(),
                Some(&alone[place]),
                "run {place} of {runs} abreast"
            );
        }
    }
}
