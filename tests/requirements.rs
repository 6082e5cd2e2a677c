//! Every requirement of docs/safety.md has a case, every case has a requirement that
//! exists, and docs/coverage.md, which a run of all scenarios wrote, shows no gap: every
//! fault held in every state, and no expectation with more room than it should have.
//!
//! That the page is what a run writes now is compared where the scenarios are run (`.ci/run`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kneadsim_cli::args::ChooseArguments;
use kneadsim_cli::choose::choose;
use kneadsim_cli::room::file_of;
use kneadsim_firmware::Config;
use kneadsim_sim::fault::CATALOGUE;

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
    let chosen = choose(&arguments, &Config::default());
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

fn coverage() -> String {
    fs::read_to_string(root().join("docs/coverage.md")).expect("docs/coverage.md is there")
}

/// Cells of the rows below a page's heading, without the table's own two head lines.
fn rows<'a>(page: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let below = page.split_once(&format!("\n## {heading}\n"));
    let section = below.map_or("", |(_, below)| below);
    let section = section.split_once("\n## ").map_or(section, |(s, _)| s);
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .skip(1)
        .map(|line| line.split(" | ").map(str::trim).collect())
        .collect()
}

#[test]
fn the_coverage_page_tells_of_the_scenarios_that_are_there() {
    let arguments = ChooseArguments {
        paths: vec![root().join("scenarios")],
        filter: Vec::new(),
        tag: Vec::new(),
        json: false,
    };
    let cases = choose(&arguments, &Config::default()).cases;
    let files: BTreeSet<&str> = cases.iter().map(|case| file_of(&case.name)).collect();
    let counted = format!("\n{} files, {} cases, ", files.len(), cases.len());
    assert!(
        coverage().contains(&counted),
        "docs/coverage.md is not of these scenarios:{counted}; see its head"
    );
    let safety = fs::read_to_string(root().join("docs/safety.md")).expect("docs/safety.md");
    let page = coverage();
    let on_page: Vec<&str> = rows(&page, "Requirements").iter().map(|r| r[0]).collect();
    let mut ids = listed(&safety);
    ids.sort();
    assert_eq!(on_page, ids);
}

#[test]
fn every_fault_of_the_catalogue_came_while_warming_while_holding_and_while_cooling() {
    let page = coverage();
    let table = rows(&page, "Faults");
    let mut gaps = Vec::new();
    for row in CATALOGUE {
        let name = row.kind.name().replace('_', "\\_");
        let found = table.iter().find(|cells| cells[0] == name);
        for (column, state) in [(1, "warming"), (2, "holding"), (3, "cooling")] {
            let cases = found.and_then(|cells| cells.get(column)?.parse::<u32>().ok());
            if cases.unwrap_or(0) == 0 {
                gaps.push(format!("{} while {state}", row.kind.name()));
            }
        }
    }
    assert!(gaps.is_empty(), "no case held: {gaps:#?}");
}

#[test]
fn no_expectation_keeps_more_than_half_of_its_limits_range() {
    let page = coverage();
    let loose = rows(&page, "Expectations with room");
    assert!(page.contains("\n## Expectations with room\n"));
    assert!(loose.is_empty(), "to be tightened: {loose:#?}");
}

#[test]
fn ids_are_read_from_the_first_column_only() {
    let page = "| ID | text |\n|---|---|\n| BURN-03 | see SENS-01 |\n| `MOT-1` | x |\nBURN-09 in prose\n| note | BURN-04 |\n";
    assert_eq!(listed(page), ["BURN-03", "MOT-1"]);
}
