//! Replays the kept corpus of the fuzz targets, and holds that the targets, their dictionary and their corpus belong together.

#[path = "fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// The corpus is read by every clone: it stays small.
const CORPUS_MAX_BYTES: u64 = 200_000;
/// Inputs kept for a target at least: fewer replay nothing.
const INPUTS_MIN: usize = 5;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.sort();
    files
}

#[test]
fn everything_that_the_fuzzers_kept_still_holds() {
    let mut bytes = 0;
    let mut failed = Vec::new();
    for target in fuzz::TARGETS {
        let inputs = files(&folder().join("corpus").join(target));
        assert!(
            inputs.len() >= INPUTS_MIN,
            "{target}: {} inputs",
            inputs.len()
        );
        for input in inputs {
            let data = fs::read(&input).expect("an input can be read");
            bytes += data.len() as u64;
            if catch_unwind(|| fuzz::call(target, &data)).is_err() {
                failed.push(input);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(bytes <= CORPUS_MAX_BYTES, "the corpus has {bytes} bytes");
}

#[test]
fn every_target_is_built_and_every_built_target_is_known() {
    let mut built: Vec<String> = files(&folder().join("targets"))
        .iter()
        .filter_map(|f| Some(f.file_stem()?.to_str()?.to_owned()))
        .collect();
    built.sort();
    let mut known = fuzz::TARGETS.map(str::to_owned).to_vec();
    known.sort();
    assert_eq!(built, known);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("a manifest");
    for target in known {
        assert!(
            manifest.contains(&format!("name = \"{target}\"")),
            "{target}"
        );
    }
}

#[test]
fn the_dictionary_has_the_words_of_the_format() {
    let text = fuzz::dictionary();
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines {
        let word = line.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
        let plain = |w: &str| !w.is_empty() && w.bytes().all(|b| (b' '..=b'~').contains(&b));
        assert!(word.is_some_and(plain), "{line}");
    }
    for word in [
        "film_upper_c",
        "film_upper_c[degC]",
        "product.heater.upper.power_w",
        "power_w",
        "ntc_open",
        "heat_target_c",
        "requirements",
        "may_be_vacuous",
    ] {
        assert!(lines.contains(&format!("\"{word}\"").as_str()), "{word}");
    }
}
