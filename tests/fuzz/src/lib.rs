//! What must hold for any bytes that a user may write.
//!
//! One function per kind of input. libFuzzer calls them with what it finds
//! (`targets/`), `cargo test` with the kept corpus (`tests/fuzz_corpus.rs`
//! includes this file). Each asserts more than that nothing panics: mistakes
//! have places inside their text and can be shown, a valid file lowers to one
//! that reads back the same and runs, monitors agree with the definitions, a
//! table reads back to the last bit.

mod dictionary;
mod formula;
mod link;
mod texts;

use std::collections::BTreeMap;

use kneadsim_sim::trace::csv;

pub use dictionary::dictionary;
pub use formula::formula;
pub use link::link;
use texts::{ends_or_runs, lossy};

/// The names of all targets.
pub const TARGETS: [&str; 8] = [
    "scenario", "formula", "timeline", "trace", "product", "limits", "config", "link",
];

/// Calls a target by its name.
///
/// # Panics
/// When there is none of that name, and whenever the target found something.
pub fn call(target: &str, data: &[u8]) {
    match target {
        "scenario" => scenario(data),
        "formula" => formula(data),
        "timeline" => timeline(data),
        "trace" => trace(data),
        "product" => product(data),
        "limits" => limits(data),
        "config" => config(data),
        "link" => link(data),
        _ => panic!("no target is called {target}"),
    }
}

/// What the other targets put their input into.
const AROUND: &str = "schema = 1\nname = \"n\"\ndescription = \"d\"\n[run]\nduration = \"5s\"\ngrid = \"column\"\n\
    [[event]]\nat = \"0s\"\npress = \"power\"\n";
const EXPECT: &str = "[[expect]]\nid = \"safe\"\nalways = \"skin_surface_max_c < 43\"\n";

/// A scenario file; lines `=== name` begin the files beside it.
pub fn scenario(data: &[u8]) {
    let text = lossy(data);
    let mut files = BTreeMap::new();
    let mut name = "a.toml".to_owned();
    let mut content = String::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("=== ") {
            Some(next) => {
                files.insert(
                    std::mem::replace(&mut name, next.trim().to_owned()),
                    content,
                );
                content = String::new();
            }
            None => content.push_str(line),
        }
    }
    files.insert(name, content);
    ends_or_runs(&files, 26);
}

/// The rows of a timeline, as steps and as straight lines.
pub fn timeline(data: &[u8]) {
    for interpolate in [false, true] {
        let main = format!(
            "{AROUND}{EXPECT}[timeline]\ncsv = \"rows.csv\"\ninterpolate = {interpolate}\n"
        );
        ends_or_runs(&beside(main, "rows.csv", lossy(data)), 26);
    }
}

/// A product file.
pub fn product(data: &[u8]) {
    let main = format!("{AROUND}{EXPECT}[product]\nbase = \"product.toml\"\n");
    ends_or_runs(&beside(main, "product.toml", lossy(data)), 51);
}

/// A limits file.
pub fn limits(data: &[u8]) {
    let main = format!("{AROUND}[[expect]]\nid = \"kept\"\nlimits = \"limits.toml\"\n");
    ends_or_runs(&beside(main, "limits.toml", lossy(data)), 51);
}

/// The firmware's configuration: the first line is given during the run, the rest at its start.
pub fn config(data: &[u8]) {
    let text = lossy(data);
    let (given, start) = text.split_once('\n').unwrap_or(("", &text));
    let main = format!(
        "{AROUND}[[event]]\nat = \"1s\"\nconfigure = {{ {given} }}\n{EXPECT}[firmware]\n{start}\n"
    );
    ends_or_runs(&BTreeMap::from([("a.toml".to_owned(), main)]), 300);
}

/// A trace as a table.
pub fn trace(data: &[u8]) {
    let text = lossy(data);
    let read = match csv::read(&text) {
        Ok(read) => read,
        Err(mistake) => {
            let lines = text.split('\n').count();
            assert!((1..=lines).contains(&mistake.row), "{mistake}");
            assert!(
                mistake.column >= 1 && mistake.message.len() < 2000,
                "{mistake}"
            );
            return;
        }
    };
    let mut written = Vec::new();
    csv::write(&read, &mut written).expect("memory takes everything");
    let again = csv::read(&lossy(&written)).expect("it was written");
    assert_eq!(
        (again.every_ticks, &again.ticks),
        (read.every_ticks, &read.ticks)
    );
    for (a, b) in again.columns.iter().zip(&read.columns) {
        assert_eq!((&a.name, &a.unit), (&b.name, &b.unit));
        let bits = |values: &[f64]| -> Vec<u64> {
            values
                .iter()
                .map(|v| if v.is_nan() { 0 } else { v.to_bits() })
                .collect()
        };
        assert_eq!(bits(&a.values), bits(&b.values), "{}", a.name);
    }
}

fn beside(main: String, name: &str, text: String) -> BTreeMap<String, String> {
    BTreeMap::from([("a.toml".to_owned(), main), (name.to_owned(), text)])
}
