//! Rows of the single-fault table: what they are, and that they are what they say.

use kneadsim_firmware::FaultCode;
use kneadsim_plant::{Grid, Profile};
use kneadsim_search::faults::{
    Base, Beginnings, Case, Detection, Plan, Row, Script, State, Verdict, Wanted, cases,
};
use kneadsim_sim::fault::{CATALOGUE, FaultKind};
use kneadsim_sim::limits::LimitProfile;
use kneadsim_sim::{Continue, InProcess, Spec, run};

fn base() -> Base {
    let mut spec = Spec {
        seed: 3,
        ..Spec::default()
    };
    spec.build.grid = Grid::Column;
    // An adult's blood flow keeps the skin of a column below every line.
    spec.build.body.profile = Profile::Elderly;
    // Short sessions and rests: the same states in a tenth of the time.
    for (field, value) in [
        ("session_short_s", 150.0),
        ("session_default_s", 200.0),
        ("session_long_s", 240.0),
        ("use_max_s", 240.0),
        ("rest_s", 120.0),
    ] {
        spec.firmware.set(field, value).expect("in its range");
    }
    Base {
        spec,
        limits: LimitProfile::builtin("consumer").into_iter().collect(),
    }
}

fn plan(with_barriers: bool) -> (Plan, Vec<Case>) {
    let base = base();
    let script = Script::new(&base.spec).expect("the sound unit runs");
    let wanted = Wanted {
        is_after_latent: true,
    };
    let (rows, _) = cases(&base, &script, wanted);
    let plan = Plan {
        base,
        script,
        with_barriers,
    };
    (plan, rows)
}

fn row(plan: &Plan, rows: &[Case], chosen: impl Fn(&Case) -> bool) -> Row {
    let number = rows.iter().position(chosen).expect("there is such a row");
    plan.run(&mut Beginnings::default(), number, rows[number], &|| false)
        .expect("it runs")
        .expect("nobody stops it")
}

#[test]
fn every_fault_of_the_catalogue_is_in_the_table_or_listed_with_the_reason() {
    let base = base();
    let script = Script::new(&base.spec).expect("the sound unit runs");
    let (rows, absent) = cases(&base, &script, Wanted::default());
    for row in CATALOGUE {
        for target in 0..row.targets.names().len() {
            let here = |kind, at| kind == row.kind && usize::from(at) == target;
            let shown = rows.iter().filter(|c| here(c.kind, c.target)).count();
            let listed = absent.iter().find(|a| here(a.kind, a.target));
            let instants = script.instants.len();
            let values = if row.parameter.is_some() {
                2..=3
            } else {
                1..=1
            };
            match listed {
                None => assert!(values.contains(&(shown / instants)), "{}", row.kind.name()),
                Some(absent) => {
                    assert_eq!(shown, 0, "{}", row.kind.name());
                    assert!(
                        values.contains(&(absent.rows / instants)) && !absent.reason.is_empty()
                    );
                }
            }
        }
    }
    let names: std::collections::BTreeSet<String> = rows.iter().map(Case::name).collect();
    assert_eq!(names.len(), rows.len(), "no two rows have one name");
    for state in State::ALL {
        let count = script.instants.iter().filter(|i| i.state == state).count();
        assert!(count >= 3, "{state:?}: {count}");
    }
}

#[test]
fn a_fault_comes_in_the_state_that_its_row_says() {
    let (plan, _) = plan(false);
    for instant in &plan.script.instants {
        let mode = plan.script.mode_at(instant.tick).name();
        let is_so = match instant.state {
            State::Latched => true,
            // Steps of the set-point leave the band for moments.
            State::Holding => ["holding", "warming"].contains(&mode),
            state => state.name() == mode,
        };
        assert!(is_so, "{instant:?} in {mode}");
        assert!(plan.script.length_ticks(*instant) >= instant.tick + 180_000);
    }
}

#[test]
fn a_row_is_the_run_of_its_specification_to_the_last_bit() {
    let (plan, rows) = plan(false);
    let mut beginnings = Beginnings::default();
    for number in (0..rows.len()).step_by(rows.len() / 12) {
        let case = rows[number];
        let row = plan
            .run(&mut beginnings, number, case, &|| false)
            .expect("it runs")
            .expect("nobody stops it");
        let spec = case.spec(&plan.base, &plan.script, Default::default());
        let whole = run(&spec, InProcess::new(), &mut |_| Continue::Yes);
        assert_eq!(row.digest, whole.digest, "{}", case.name());
    }
}

#[test]
fn times_are_those_of_the_fault_and_the_firmware() {
    let (plan, rows) = plan(false);
    let of = |kind, state| {
        row(&plan, &rows, move |c: &Case| {
            c.kind == kind && c.instant.state == state && c.latent.is_none()
        })
    };
    // The converter's open code must last 0.1 s by looks 40 ms apart, and the first look
    // counts the time since the one before it.
    let open = of(FaultKind::NtcOpen, State::Holding);
    assert_eq!(open.detection, Detection::Fault(FaultCode::NtcOpen));
    assert!(open.detected_s.is_some_and(|s| (0.08..=0.15).contains(&s)));
    assert!(open.safe_s.is_some_and(|s| (0.07..=0.15).contains(&s)));
    // The watchdog bites 100 ms after the last kick.
    let hang = of(FaultKind::Hang, State::Warming);
    assert_eq!(hang.detection, Detection::Watchdog);
    assert_eq!(hang.detected_s, Some(0.1));
    // A MOSFET that shorts while the unit is off is found by the next self-test.
    let short = of(FaultKind::MosfetShort, State::Off);
    assert_eq!(short.detection, Detection::Fault(FaultCode::MosfetShorted));
    assert!(short.detected_s.is_some_and(|s| (2.5..=3.0).contains(&s)));
    // Latched before: noticed already, safe all along.
    let latched = of(FaultKind::MosfetShort, State::Latched);
    assert!(latched.detected_s.is_some_and(|s| s < 0.0) && !latched.shows);
    for row in [open, hang, short, latched] {
        assert_eq!(row.verdict, Verdict::Pass, "{}", row.case.name());
    }
    let welded = of(FaultKind::CutoutWelded, State::Holding);
    assert!(welded.is_hidden() && welded.detection == Detection::Nothing);
}

#[test]
fn barriers_are_those_that_one_can_reason_out() {
    let (short, _) = plan(true);
    let mut long = base();
    long.spec.firmware = Spec::default().firmware;
    let long = Plan {
        script: Script::new(&long.spec).expect("the sound unit runs"),
        base: long,
        with_barriers: true,
    };
    for (plan, kind, words, lines) in [
        // The firmware opens the relay; where that is welded or nobody asks for it, the
        // cut-out opens; where that is welded too, skin burns.
        (
            &long,
            FaultKind::MosfetShort,
            "cut-out, or firmware + relay",
            Some(2),
        ),
        // A session that is over soon opens the relay before skin burns.
        (&short, FaultKind::MosfetShort, "cut-out, or relay", Some(2)),
        (&short, FaultKind::Fan, "none needed", None),
        (&short, FaultKind::BitFlip, "none needed", None),
    ] {
        let (rows, _) = cases(&plan.base, &plan.script, Wanted::default());
        let row = row(plan, &rows, |c: &Case| {
            c.kind == kind && c.instant.state == State::Holding
        });
        let barriers = row.barriers.expect("asked for");
        assert_eq!(barriers.words(), words, "{}", row.case.name());
        assert_eq!(barriers.lines(), lines, "{}", row.case.name());
        assert_eq!(barriers.indispensable(), 0, "{}", row.case.name());
    }
}
