//! Every requirement of docs/safety.md has a case, and every case has a requirement that exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kneadsim_cli::args::ChooseArguments;
use kneadsim_cli::choose::choose;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository is there")
}

/// An id is capitals, a dash and digits: `BURN-03`.
fn is_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(word, number)| {
        word.len() >= 2
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
    })
}

/// Ids in the first column of the page's tables.
fn listed(page: &str) -> Vec<String> {
    page.lines()
        .filter_map(|line| line.trim().strip_prefix('|')?.split('|').next())
        .map(|cell| cell.trim().trim_matches(['`', '*']).to_string())
        .filter(|cell| is_id(cell))
        .collect()
}

/// Requirement -> names of the cases that state it; and cases without any.
fn stated() -> (BTreeMap<String, Vec<String>>, Vec<String>) {
    let arguments = ChooseArguments {
        paths: vec![root().join("scenarios")],
        filter: Vec::new(),
        tag: Vec::new(),
        json: false,
    };
    let chosen = choose(&arguments);
    let mistakes: Vec<String> = chosen.mistakes.iter().map(|m| m.to_string()).collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    assert!(!chosen.cases.is_empty(), "no scenario was found");
    let mut stated: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut without = Vec::new();
    for case in &chosen.cases {
        if case.requirements.is_empty() {
            without.push(case.name.clone());
        }
        for id in &case.requirements {
            stated
                .entry(id.clone())
                .or_default()
                .push(case.name.clone());
        }
    }
    (stated, without)
}

#[test]
fn every_requirement_has_a_case_and_every_case_a_requirement() {
    let page = fs::read_to_string(root().join("docs/safety.md")).expect("docs/safety.md is there");
    let rows = listed(&page);
    let ids: BTreeSet<&String> = rows.iter().collect();
    assert!(!ids.is_empty(), "docs/safety.md lists no requirement");
    let (stated, without) = stated();
    let untested: Vec<_> = ids
        .iter()
        .filter(|id| !stated.contains_key(id.as_str()))
        .collect();
    assert!(
        untested.is_empty(),
        "requirements without a case: {untested:?}"
    );
    let unknown: Vec<_> = stated.iter().filter(|(id, _)| !ids.contains(id)).collect();
    assert!(
        unknown.is_empty(),
        "cases with a requirement that docs/safety.md does not list: {unknown:#?}"
    );
    assert!(
        without.is_empty(),
        "cases without a requirement: {without:#?}"
    );
}

#[test]
fn ids_are_read_from_the_first_column_only() {
    let page = "| ID | text |\n|---|---|\n| BURN-03 | see SENS-01 |\n| `MOT-1` | x |\nBURN-09 in prose\n| note | BURN-04 |\n";
    assert_eq!(listed(page), ["BURN-03", "MOT-1"]);
}
