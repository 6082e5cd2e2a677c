//! Holds the shape of the project: who may depend on whom, and what must be absent where.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Crates and their levels; an arrow goes from a higher to a lower level.
const LEVELS: &[(&str, u8)] = &[
    ("kneadsim-firmware", 0),
    ("kneadsim-plant", 0),
    ("kneadsim-sim", 1),
    ("kneadsim-hpsm", 1),
    ("kneadsim-wire", 1),
    ("kneadsim-search", 2),
    ("kneadsim-link", 2),
    ("kneadsim-chip", 2),
    ("kneadsim-scenario", 3),
    ("kneadsim-cli", 4),
    ("kneadsim-viewer", 4),
];

/// Level 2 and above; what is below reads no clock, opens no file, prints nothing.
const QUIET: [&str; 5] = ["firmware", "plant", "sim", "hpsm", "wire"];

/// Longer files are the ones that newcomers find hardest.
const LONGEST_LINES: usize = 450;

/// Longer files, each with its reason.
const LONGER: &[(&str, &str)] = &[(
    "crates/firmware/tests/faults.rs",
    "one test per fault and state, read as a table",
)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository is there")
}

/// Folder name and parsed manifest of every crate.
fn manifests() -> BTreeMap<String, toml::Table> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root().join("crates"))
        .expect("crates/ is there")
        .flatten()
    {
        if let Ok(text) = fs::read_to_string(entry.path().join("Cargo.toml")) {
            let name = entry.file_name().to_string_lossy().into_owned();
            found.insert(name, text.parse().expect("a manifest is TOML"));
        }
    }
    assert!(found.len() >= 5, "only {} crates found", found.len());
    found
}

fn package(manifest: &toml::Table) -> &str {
    manifest["package"]["name"]
        .as_str()
        .expect("a package has a name")
}

/// Names of dependencies of every kind, also those of one target only.
fn dependencies(manifest: &toml::Table) -> Vec<String> {
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(|t| t.as_table()) {
        tables.extend(targets.values().filter_map(|t| t.as_table()));
    }
    let mut names = Vec::new();
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let listed = table
                .get(kind)
                .and_then(|t| t.as_table())
                .into_iter()
                .flatten();
            // A renamed dependency is known by its package.
            names.extend(listed.map(|(key, value)| {
                value
                    .get("package")
                    .and_then(|p| p.as_str())
                    .unwrap_or(key)
                    .to_string()
            }));
        }
    }
    names
}

fn level(name: &str) -> Option<u8> {
    LEVELS.iter().find(|(n, _)| *n == name).map(|(_, l)| *l)
}

/// Every Rust file below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            sources(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
    found.sort();
}

/// Lines of the shipped part of a file: comments and test modules do not count.
fn code(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut skipped: Option<i64> = None;
    let mut pending = false;
    for (number, line) in text.lines().enumerate() {
        let bare = line.split("//").next().unwrap_or_default();
        let depth = bare.matches('{').count() as i64 - bare.matches('}').count() as i64;
        if let Some(open) = &mut skipped {
            *open += depth;
            if *open <= 0 {
                skipped = None;
            }
            continue;
        }
        if bare.trim_start().starts_with("#[cfg(test)]") {
            pending = true;
            continue;
        }
        if pending && bare.trim_start().starts_with("mod ") {
            pending = false;
            if depth > 0 {
                skipped = Some(depth);
            }
            continue;
        }
        pending = pending && bare.trim().is_empty();
        lines.push((number + 1, bare.to_string()));
    }
    lines
}

/// Every place in a crate's shipped code where a text stands.
fn places(crate_folder: &str, words: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    sources(
        &root().join("crates").join(crate_folder).join("src"),
        &mut files,
    );
    assert!(!files.is_empty(), "{crate_folder} has no source");
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source can be read");
        for (number, line) in code(&text) {
            if let Some(word) = words.iter().find(|w| line.contains(**w)) {
                found.push(format!("{}:{number}: `{word}`", file.display()));
            }
        }
    }
    found
}

#[test]
fn every_crate_depends_only_on_crates_of_a_lower_level() {
    let mut wrong = Vec::new();
    for manifest in manifests().values() {
        let name = package(manifest);
        let Some(own) = level(name) else {
            wrong.push(format!("{name} has no level"));
            continue;
        };
        for dependency in dependencies(manifest) {
            if dependency == name || !dependency.starts_with("kneadsim-") {
                continue;
            }
            match level(&dependency) {
                Some(other) if other < own => {}
                Some(_) | None => wrong.push(format!("{name} -> {dependency}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn firmware_and_plant_know_nothing_of_each_other_and_wire_only_the_firmware() {
    for (folder, allowed) in [
        ("firmware", &[][..]),
        ("plant", &[]),
        ("wire", &["kneadsim-firmware"]),
    ] {
        let Some(manifest) = manifests().remove(folder) else {
            continue;
        };
        let own: Vec<String> = dependencies(&manifest)
            .into_iter()
            .filter(|d| d.starts_with("kneadsim-"))
            .collect();
        assert!(
            own.iter().all(|d| allowed.contains(&d.as_str())),
            "{folder}: {own:?}"
        );
    }
}

#[test]
fn the_firmware_ships_without_dependencies() {
    let manifests = manifests();
    let listed = manifests["firmware"]
        .get("dependencies")
        .and_then(|d| d.as_table());
    let needed: Vec<&String> = listed
        .into_iter()
        .flatten()
        .filter(|(name, value)| {
            let optional = value.get("optional").and_then(|o| o.as_bool()) == Some(true);
            !(optional && name.as_str() == "serde")
        })
        .map(|(name, _)| name)
        .collect();
    assert!(needed.is_empty(), "{needed:?}");
    let text = fs::read_to_string(root().join("crates/firmware/src/lib.rs")).expect("lib.rs");
    for line in ["#![no_std]", "#![forbid(unsafe_code)]"] {
        assert!(text.contains(line), "firmware/src/lib.rs lacks {line}");
    }
}

#[test]
fn only_the_scenario_crate_knows_toml() {
    for (folder, manifest) in manifests() {
        let shipped = manifest.get("dependencies").and_then(|d| d.as_table());
        let knows = shipped.is_some_and(|d| d.keys().any(|k| k.starts_with("toml")));
        assert!(!knows || folder == "scenario", "{folder} depends on toml");
        let places = places(&folder, &["toml::"]);
        assert!(places.is_empty() || folder == "scenario", "{places:#?}");
    }
}

#[test]
fn the_lower_levels_read_no_clock_open_no_file_start_no_thread_and_print_nothing() {
    let words = [
        "std::time",
        "std::fs",
        "std::thread",
        "std::env",
        "std::net",
        "std::process",
        "println!",
        "eprintln!",
        "print!",
        "dbg!",
        "Instant::now",
        "SystemTime",
    ];
    let found: Vec<String> = QUIET.iter().flat_map(|c| places(c, &words)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_that_decides_a_verdict_depends_on_platform_arithmetic_or_hash_order() {
    let words = [
        "mul_add",
        "HashMap",
        "HashSet",
        "RandomState",
        ".exp()",
        ".ln()",
        ".sin()",
        ".cos()",
        ".tan()",
        ".powf(",
        ".powi(",
        ".log10()",
        ".log2()",
        ".exp2()",
        ".exp_m1()",
        ".ln_1p()",
        ".sinh()",
        ".cosh()",
        ".tanh()",
        ".atan2(",
        ".cbrt()",
        ".hypot(",
        "StdRng",
        "SmallRng",
    ];
    let found: Vec<String> = QUIET.iter().flat_map(|c| places(c, &words)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn wall_time_is_read_by_programs_only() {
    for folder in manifests()
        .into_keys()
        .filter(|f| !matches!(f.as_str(), "cli" | "viewer" | "link"))
    {
        let found = places(&folder, &["Instant::now", "SystemTime", "std::time"]);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn every_file_says_what_it_is_for_and_stays_short() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    sources(&root().join("tests"), &mut files);
    let mut wrong = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).expect("a source can be read");
        if !text.starts_with("//!") {
            wrong.push(format!("{}: does not start with `//!`", file.display()));
        }
        let lines = text.lines().count();
        let excused = LONGER.iter().any(|(path, _)| file.ends_with(path));
        if lines > LONGEST_LINES && !excused {
            wrong.push(format!(
                "{}: {lines} lines, at most {LONGEST_LINES}",
                file.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_test_is_switched_off_and_no_file_is_called_after_nothing() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    sources(&root().join("tests"), &mut files);
    let switch = ["#[ig", "nore"].concat();
    let mut wrong = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).expect("a source can be read");
        if text.contains(&switch) {
            wrong.push(format!("{}: a switched-off test", file.display()));
        }
        let stem = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if [
            "utils", "util", "common", "helper", "helpers", "manager", "misc",
        ]
        .contains(&stem.as_str())
        {
            wrong.push(format!("{}: a name that says nothing", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_scan_sees_code_and_passes_over_comments_and_test_modules() {
    let text = "use a;\n// std::fs\n#[cfg(test)]\nmod tests {\n    fn f() { std::fs::x(); }\n}\nfn g() {}\n";
    let seen: Vec<usize> = code(text)
        .into_iter()
        .filter(|(_, l)| !l.is_empty())
        .map(|(n, _)| n)
        .collect();
    assert_eq!(seen, [1, 7]);
}
