//! Golden summaries: a dozen cases, each on a line that a person can read in a diff.
//!
//! The digest covers every signal and every pin of the chip, so a difference
//! anywhere shows. The file was written by a release build (`KNEADSIM_BLESS=1
//! cargo test --release -p kneadsim-cli --test golden`); that the tests, a debug
//! build, agree with it is the proof that both have the same bits.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kneadsim_sim::{Continue, InProcess, run};

/// One of each kind, short ones.
const CASES: &[&str] = &[
    "fault/bit_flip[fault.0.bit=20]",
    "fault/brown_out",
    "fault/clock[fault.0.factor=2.0]",
    "fault/latch_survives_reset",
    "fault/regulator_frozen",
    "fault/task_skipped",
    "motor/encoder_lost",
    "motor/rotor_locked",
    "normal/buttons",
    "normal/deep_tissue[user.site=neck]",
    "normal/warm_up[product.heater.resistance_factor=1.0,user.clothing=t_shirt]",
    "normal/warm_up_battery[product.supply.charge=0.15]",
    "supply/adapter_24v",
    "supply/pack_hot",
    "supply/unplugged",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository is there")
}

fn summary_of(name: &str) -> String {
    let scenarios = root().join("scenarios");
    let file = name.split('[').next().unwrap_or(name);
    let path = scenarios.join(format!("{file}.toml"));
    let cases = kneadsim_scenario::load(&path, &scenarios)
        .unwrap_or_else(|mistakes| panic!("{name}: {mistakes:?}"));
    let case = cases
        .iter()
        .find(|case| case.name == name)
        .unwrap_or_else(|| panic!("no case {name}"));
    let outcome = run(&case.spec, InProcess::new(), &mut |_| Continue::Yes);
    let peak = |signal: &str| {
        outcome
            .trace
            .column(signal)
            .unwrap_or_else(|| panic!("{signal} is recorded by default"))
            .values
            .iter()
            .copied()
            .fold(f64::MIN, f64::max)
    };
    format!(
        "{name}\n    {:?}, ends {} / {}; film up to {:.2} degC, skin up to {:.2} degC, {:.4} CEM43 min\n    {:032x}\n",
        outcome.verdict(),
        outcome.ended.mode.name(),
        outcome.ended.fault.name(),
        peak("film_max_c"),
        peak("skin_surface_max_c"),
        peak("cem43_max_min"),
        outcome.digest,
    )
}

#[test]
fn a_dozen_cases_end_as_on_record() {
    let mut got = String::new();
    for name in CASES {
        let _ = writeln!(got, "{}", summary_of(name));
    }
    let path = root().join("tests/golden/summary.txt");
    if std::env::var_os("KNEADSIM_BLESS").is_some() {
        std::fs::write(&path, &got).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden file is there");
    for (got, golden) in got.split("\n\n").zip(golden.split("\n\n")) {
        assert_eq!(got, golden, "a run differs from tests/golden/summary.txt");
    }
    assert_eq!(got.len(), golden.len());
}
