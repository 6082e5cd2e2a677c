//! Limit profiles: exact verdicts at the boundaries, margins against an order
//! statistic, and what the built-in profiles say.

use kneadsim_plant::ArrheniusSet;
use kneadsim_sim::check::Verdict::{self, Fail, Inconclusive, Pass};
use kneadsim_sim::check::offline::{self, OwnedExposure, OwnedSample};
use kneadsim_sim::check::{Check, CheckKind, Finding, Monitors};
use kneadsim_sim::limits::{LimitKind, LimitLine, LimitProfile, Severity};
use proptest::prelude::*;

/// Width of a histogram bin, K: how much a margin may be too small.
const BIN_K: f64 = 0.02;
/// Rounding of a bin's edge, K.
const ROUNDING_K: f64 = 1e-9;
/// Ticks in one thermal step of these tests.
const STEP_TICKS: u32 = 25;

fn line(kind: LimitKind) -> LimitLine {
    let (name, source) = ("line".to_owned(), "test".to_owned());
    LimitLine {
        name,
        kind,
        severity: Severity::Fail,
        source,
    }
}

fn check(lines: Vec<LimitLine>) -> Check {
    let profile = LimitProfile {
        name: "test".to_owned(),
        lines,
    };
    Check {
        id: "skin".to_owned(),
        kind: CheckKind::Limits(profile),
        from_tick: 0,
        until_tick: None,
        may_be_vacuous: false,
    }
}

/// A sample at the end of each thermal step: `surface_c[step][column]`.
fn steps(surface_c: &[Vec<f64>]) -> Vec<OwnedSample> {
    let exposure = |surface_c: &Vec<f64>| OwnedExposure {
        step_s: 0.25,
        skin_surface_c: surface_c.clone(),
        cem43_min: surface_c.iter().map(|celsius| celsius - 40.0).collect(),
        omega: std::array::from_fn(|set| {
            surface_c
                .iter()
                .map(|celsius| (celsius - 40.0) * 10f64.powi(-(set as i32)))
                .collect()
        }),
    };
    surface_c
        .iter()
        .zip(1..)
        .map(|(surface_c, step): (_, u32)| OwnedSample {
            tick: step * STEP_TICKS,
            exposure: Some(exposure(surface_c)),
            ..OwnedSample::default()
        })
        .collect()
}

fn last_tick(samples: &[OwnedSample]) -> u32 {
    samples.last().map_or(0, |sample| sample.tick)
}

fn online(check: &Check, samples: &[OwnedSample], planned: u32) -> Vec<Finding> {
    let mut monitors = Monitors::new(std::slice::from_ref(check), planned);
    assert!(monitors.wants_field());
    for sample in samples {
        monitors.observe(sample.tick, &sample.sample());
        if let Some(exposure) = &sample.exposure {
            monitors.observe_field(sample.tick, &exposure.exposure());
        }
    }
    monitors.finish(last_tick(samples))
}

/// The only finding of a line over a history.
fn only(kind: LimitKind, surface_c: &[Vec<f64>]) -> Finding {
    let samples = steps(surface_c);
    let mut findings = online(&check(vec![line(kind)]), &samples, last_tick(&samples));
    assert_eq!(findings.len(), 1);
    findings.remove(0)
}

fn surface(at_c: f64, longest_s: f64) -> LimitKind {
    LimitKind::Surface { at_c, longest_s }
}

#[test]
#[rustfmt::skip]
fn a_surface_line_is_broken_by_more_time_than_it_allows_and_by_no_less() {
    let one = |hot: usize, cool: usize| -> Vec<Vec<f64>> {
        (0..hot).map(|_| vec![43.0]).chain((0..cool).map(|_| vec![42.0])).collect()
    };
    // Name, line, history, verdict, time left, worst tick.
    type Row = (&'static str, LimitKind, Vec<Vec<f64>>, Verdict, f64, u32);
    let rows: [Row; 7] = [
        ("exactly the allowed time", surface(43.0, 1.0), one(4, 4), Pass, 0.0, 100),
        ("one step more", surface(43.0, 1.0), one(5, 3), Fail, -0.25, 125),
        ("just under the line", surface(43.0 + 1e-12, 1.0), one(8, 0), Pass, 1.0, 25),
        ("a line between steps", surface(43.0, 1.1), one(5, 0), Fail, -0.15, 125),
        ("no time allowed, touched once", surface(43.0, 0.0), one(1, 3), Fail, -0.25, 25),
        ("no time allowed, not touched", surface(43.5, 0.0), one(1, 3), Pass, 0.0, 25),
        ("in total, not in a row", surface(43.0, 0.5), vec![vec![43.0], vec![42.0], vec![44.0], vec![42.0], vec![43.0]], Fail, -0.25, 125),
    ];
    for (name, kind, history, verdict, time_left_s, worst_tick) in rows {
        let finding = only(kind, &history);
        assert_eq!(finding.verdict, verdict, "{name}: {finding:?}");
        assert!((finding.time_left_s.expect("time") - time_left_s).abs() < 1e-9, "{name}: {finding:?}");
        assert_eq!(finding.worst_tick, Some(worst_tick), "{name}");
        assert_eq!(finding.unit, "K");
    }
}

#[test]
fn two_points_do_not_share_their_time() {
    let turns = [
        vec![43.0, 30.0],
        vec![30.0, 43.0],
        vec![43.0, 30.0],
        vec![30.0, 43.0],
    ];
    assert_eq!(only(surface(43.0, 0.5), &turns).verdict, Pass);
    assert_eq!(only(surface(43.0, 0.25), &turns).verdict, Fail);
}

#[test]
#[rustfmt::skip]
fn the_kelvin_margin_is_the_shift_that_the_history_could_have_had() {
    let ramp: Vec<Vec<f64>> = [40.0, 41.0, 42.0, 43.0, 44.0].iter().map(|c| vec![*c]).collect();
    // Held for more than 0.5 s (so for 3 steps) in total: 42 degC.
    let rows = [
        ("kept", surface(45.0, 0.5), 3.0, BIN_K),
        ("broken", surface(41.5, 0.5), -0.5, BIN_K),
        ("at the line", surface(42.0, 0.5), 0.0, BIN_K),
        ("no time allowed: the maximum, exactly", surface(45.0, 0.0), 1.0, 0.0),
        ("allowed for longer than the run", surface(30.0, 1.25), f64::INFINITY, 0.0),
    ];
    for (name, kind, exact, slack) in rows {
        let margin = only(kind, &ramp).margin.expect("a margin");
        assert!(margin <= exact + ROUNDING_K && margin >= exact - slack - ROUNDING_K, "{name}: {margin}");
    }
}

#[test]
fn outside_the_histogram_the_margin_errs_on_the_hot_side() {
    let cold = vec![vec![30.0]; 8];
    let finding = only(surface(43.0, 1.0), &cold);
    assert_eq!((finding.verdict, finding.margin), (Pass, Some(13.0)));
    let mixed: Vec<Vec<f64>> = (0..8)
        .map(|n| vec![if n == 0 { 41.0 } else { 30.0 }])
        .collect();
    assert_eq!(only(surface(43.0, 1.0), &mixed).margin, Some(7.0));
    let burning: Vec<Vec<f64>> = (0..8).map(|n| vec![80.0 + f64::from(n)]).collect();
    assert_eq!(only(surface(43.0, 1.0), &burning).margin, Some(43.0 - 87.0));
}

#[test]
#[rustfmt::skip]
fn dose_lines_compare_the_largest_column() {
    let history = [vec![41.0, 40.5], vec![42.0, 41.0], vec![42.0, 43.0]];
    let omega = |set, below| LimitKind::Arrhenius { set, below };
    let rows = [
        ("kept", LimitKind::Cem43 { below_min: 5.0 }, Pass, 2.0, 75, "min"),
        ("at the limit", LimitKind::Cem43 { below_min: 3.0 }, Fail, 0.0, 75, "min"),
        ("first crossing", LimitKind::Cem43 { below_min: 2.0 }, Fail, -1.0, 50, "min"),
        ("the set's own column", omega(ArrheniusSet::ALL[1], 0.5), Pass, 0.2, 75, "1"),
        ("another set", omega(ArrheniusSet::ALL[0], 0.5), Fail, -2.5, 25, "1"),
    ];
    for (name, kind, verdict, margin, worst_tick, unit) in rows {
        let finding = only(kind, &history);
        assert_eq!((finding.verdict, finding.worst_tick), (verdict, Some(worst_tick)), "{name}");
        assert!((finding.margin.expect("a margin") - margin).abs() < 1e-12, "{name}");
        assert_eq!((finding.unit.as_str(), finding.time_left_s), (unit, None), "{name}");
    }
}

#[test]
fn a_broken_warning_passes_with_the_warning_set() {
    let warn = |below_min| LimitLine {
        severity: Severity::Warn,
        ..line(LimitKind::Cem43 { below_min })
    };
    let samples = steps(&[vec![43.0]]);
    let findings = online(&check(vec![warn(3.0), warn(4.0)]), &samples, 25);
    let got: Vec<(Verdict, bool)> = findings.iter().map(|f| (f.verdict, f.warning)).collect();
    assert_eq!(got, [(Pass, true), (Pass, false)]);
}

#[test]
fn a_nan_in_the_field_breaks_its_lines() {
    let samples = steps(&[vec![41.0, 41.0], vec![41.0, f64::NAN], vec![41.0, 41.0]]);
    let lines = vec![
        line(surface(43.0, 600.0)),
        line(surface(43.0, 0.0)),
        line(LimitKind::Cem43 { below_min: 40.0 }),
    ];
    let check = check(lines);
    let findings = online(&check, &samples, 75);
    assert_eq!(findings, offline::evaluate(&check, &samples, 75));
    for finding in findings {
        assert_eq!(
            (finding.verdict, finding.margin),
            (Fail, Some(f64::NEG_INFINITY))
        );
        assert_eq!(finding.worst_tick, Some(50));
        assert_eq!(finding.note, "a value of the field was not a number");
    }
}

#[test]
fn a_run_cut_short_or_without_a_thermal_step_is_inconclusive() {
    let check = check(vec![line(surface(43.0, 0.0))]);
    let kept = steps(&[vec![41.0]]);
    let cut = &online(&check, &kept, 1000)[0];
    assert_eq!((cut.verdict, cut.margin), (Inconclusive, Some(2.0)));
    let broken = &online(&check, &steps(&[vec![44.0]]), 1000)[0];
    assert_eq!((broken.verdict, broken.margin), (Fail, Some(-1.0)));
    let none = &Monitors::new(std::slice::from_ref(&check), 10).finish(10)[0];
    assert_eq!((none.verdict, none.margin), (Inconclusive, None));
    assert_eq!(none.note, "no sample lies in the check's window");
}

#[test]
fn every_built_in_line_names_its_source_and_mark() {
    assert_eq!(LimitProfile::builtin("no such"), None);
    for name in LimitProfile::builtin_names() {
        let profile = LimitProfile::builtin(name).expect("a built-in");
        assert_eq!(profile.name, *name);
        let mut names: Vec<&str> = profile
            .lines
            .iter()
            .map(|line| line.name.as_str())
            .collect();
        for line in &profile.lines {
            let marked = ["[S]", "[M]", "[E]"]
                .iter()
                .any(|mark| line.source.contains(mark));
            assert!(marked, "{name}: {}: {}", line.name, line.source);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), profile.lines.len(), "{name}: names are unique");
    }
}

#[test]
#[rustfmt::skip]
fn the_built_in_profiles_judge_steady_contact_as_their_figures_say() {
    // Surface held at a temperature for some seconds: which surface lines break.
    let rows: [(&str, f64, u32, &[&str]); 9] = [
        ("consumer", 42.9, 1800, &[]),
        ("consumer", 43.0, 600, &[]),
        ("consumer", 43.0, 601, &["surface beyond 10 min"]),
        ("consumer", 48.0, 61, &["surface beyond 1 min"]),
        ("consumer", 51.0, 1, &["surface at any time"]),
        ("applied-part-10min", 41.0, 1, &["above 41 to be disclosed"]),
        ("applied-part-10min", 43.0, 601, &["contact of 10 min or more", "above 41 to be disclosed"]),
        ("threshold", 46.58, 1801, &["30 min"]),
        ("threshold", 51.0, 61, &["1 min"]),
    ];
    for (name, celsius, seconds, expected) in rows {
        let mut samples = steps(&vec![vec![celsius]; seconds as usize * 4]);
        for exposure in samples.iter_mut().filter_map(|sample| sample.exposure.as_mut()) {
            exposure.cem43_min = vec![0.0];
            exposure.omega = std::array::from_fn(|_| vec![0.0]);
        }
        let check = check(LimitProfile::builtin(name).expect("a built-in").lines);
        let broken: Vec<String> = online(&check, &samples, last_tick(&samples))
            .into_iter()
            .filter(|finding| finding.verdict == Fail || finding.warning)
            .map(|finding| finding.id)
            .collect();
        let expected: Vec<String> = expected.iter().map(|line| format!("skin: {line}")).collect();
        assert_eq!(broken, expected, "{name} at {celsius} degC for {seconds} s");
    }
}

#[test]
fn lines_are_worded_as_limits() {
    let consumer = LimitProfile::builtin("consumer").expect("a built-in");
    let words: Vec<String> = consumer
        .lines
        .iter()
        .map(|line| line.kind.to_string())
        .collect();
    assert_eq!(
        words,
        [
            "basal CEM43 < 16 min",
            "basal CEM43 < 40 min",
            "basal Arrhenius damage (Weaver-Stoll 1969) < 0.53",
            "basal Arrhenius damage (Diller 1991) < 0.53",
            "skin surface < 43 degC beyond 10 min",
            "skin surface < 48 degC beyond 1 min",
            "skin surface < 51 degC at any time",
        ]
    );
}

/// Temperatures around the lines, some exactly on a bin's edge.
fn celsius() -> impl Strategy<Value = f64> {
    prop_oneof![
        34.0..46.0f64,
        (0u32..500).prop_map(|bin| 36.0 + f64::from(bin) * BIN_K),
        (0u32..5).prop_map(|kelvin| 40.0 + f64::from(kelvin)),
        74.0..78.0f64,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Offline sorts each column and takes the order statistic.
    #[test]
    fn lines_agree_with_the_order_statistic(
        history in prop::collection::vec(prop::collection::vec(celsius(), 3), 1..40),
        at_c in prop_oneof![celsius(), Just(43.0)],
        quarters in 0u32..12,
        missing in prop_oneof![Just(0u32), Just(50u32)],
        from_tick in prop_oneof![Just(0u32), 0u32..300],
    ) {
        let samples = steps(&history);
        let longest_s = f64::from(quarters) * 0.25;
        let lines = vec![
            line(surface(at_c, longest_s)),
            line(LimitKind::Cem43 { below_min: at_c - 40.0 }),
            line(LimitKind::Arrhenius { set: ArrheniusSet::ALL[3], below: 0.001 }),
        ];
        let check = Check { from_tick, ..check(lines) };
        let planned = last_tick(&samples) + missing;
        let mut online = online(&check, &samples, planned);
        let offline = offline::evaluate(&check, &samples, planned);
        if let (Some(got), Some(exact)) = (online[0].margin, offline[0].margin) {
            prop_assert!(got <= exact + ROUNDING_K, "{got} hides {exact}");
            // Below the histogram margins count from its floor, above it from the run's maximum.
            let reachable = exact.min(at_c - 36.0);
            let inside = exact.is_finite() && at_c - exact < 75.0 - BIN_K;
            prop_assert!(!inside || got >= reachable - BIN_K - ROUNDING_K, "{got} {exact}");
            prop_assert!(exact.is_finite() || got == exact, "{got} {exact}");
            let broken = online[0].verdict == Fail;
            prop_assert!(if broken { got <= 0.0 } else { got >= 0.0 }, "{got} against the verdict");
            prop_assert_eq!(online[0].kelvin_left, online[0].margin, "a surface line is in kelvin already");
            online[0].margin = offline[0].margin;
            online[0].kelvin_left = offline[0].kelvin_left;
        }
        prop_assert_eq!(online, offline);
    }
}
