//! The firmware's own tests against every mutant.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use serde_json::Value;

use crate::list::{self, Mutant};
use crate::reasons::Reasons;
use crate::switch::{APART, INSIDE, UNVIABLE};
use crate::table::{Outcome, Table};
use crate::work;

/// Proves a property of the linked image, which has switches in it here.
const NOT_HERE: [&str; 2] = ["no_panic", "step"];
/// Mutants in one process: one that never ends takes those after it along, to the other tests.
const STORIES_AT_ONCE: usize = 10;

/// Longest test that is run, s, from `MUTANTS_TEST_MAX_S`: a first pass with
/// the quick ones, a second with all for those that it missed.
fn longest_s() -> f64 {
    let asked = std::env::var("MUTANTS_TEST_MAX_S").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(f64::MAX)
}

/// Longest test that is run of a mutant that may live for a reason, s.
const QUICK_S: f64 = 0.2;

/// Kept in the tree: the processor time of each test, measured once.
const TIMES: &str = "times.tsv";
/// The firmware's unit tests are so quick that they run all at once.
const UNIT_TESTS: &str = "kneadsim_firmware";

/// One test of one program, or all of it, with its processor time.
#[derive(Clone, Debug)]
struct Test {
    program: PathBuf,
    name: String,
    seconds: f64,
}

/// Runs the tests for every mutant that the table does not know yet, and for
/// those that a pass with fewer tests has missed. One that may live for a reason
/// meets the quick tests only, which try the reason.
pub fn unit(
    list: &Path,
    repository: &Path,
    tree: &Path,
    table: &Path,
    reasons: &Path,
) -> Result<(), String> {
    let mutants = list::read(list)?;
    let table = Table::open(table)?;
    let reasons = Reasons::read(reasons, repository, &mutants)?;
    for number in unviable(tree)? {
        if let Some(mutant) = mutants.get(number) {
            table.set(&mutant.name, Outcome::Unviable, "")?;
        }
    }
    let folder = tree.join("crates/firmware");
    let (inside, programs): (Vec<PathBuf>, Vec<PathBuf>) = build(tree)?
        .into_iter()
        .partition(|program| stem(program) == INSIDE);
    let apart = fs::read_to_string(tree.join(APART)).map_err(|e| e.to_string())?;
    if let [inside] = inside.as_slice() {
        stories(inside, &folder, &mutants, &table, &apart)?;
    }
    let all = tests(&programs, &folder, &tree.join(TIMES))?;
    let longest_s = longest_s();
    // The quick ones come first: a mutant meets this many.
    let count = |m: &Mutant| {
        let most_s = if reasons.get(m).is_some() {
            longest_s.min(QUICK_S)
        } else {
            longest_s
        };
        all.iter().take_while(|t| t.seconds <= most_s).count()
    };
    let passed = |count: usize| format!("{count} of {} tests", all.len());
    let known = |m: &Mutant| match table.get(&m.name) {
        Some((Outcome::Missed, by)) => by == passed(count(m)) || by == passed(all.len()),
        Some(_) => true,
        None => apart.lines().any(|name| name == m.name),
    };
    let open: Vec<(usize, &Mutant)> = mutants
        .iter()
        .enumerate()
        .filter(|(_, m)| !known(m))
        .collect();
    println!(
        "{} mutants, {} to run against {}",
        mutants.len(),
        open.len(),
        passed(all.len())
    );
    let luck = Mutex::new(BTreeMap::new());
    work::each(open, |(number, mutant)| {
        let first = luck
            .lock()
            .map_err(|e| e.to_string())?
            .get(&mutant.file)
            .cloned();
        let count = count(mutant);
        for index in order(count, first.unwrap_or_default()) {
            let Some(test) = all.get(index) else {
                continue;
            };
            let args: &[&str] = if test.name.is_empty() {
                &[]
            } else {
                &["--exact", &test.name]
            };
            let cpu_s = 20.0 * test.seconds + 2.0;
            let (code, said) = work::run(&test.program, args, &folder, number, cpu_s)?;
            if code == Some(0) {
                continue;
            }
            let mut luck = luck.lock().map_err(|e| e.to_string())?;
            let lucky: &mut Vec<usize> = luck.entry(mutant.file.clone()).or_default();
            lucky.retain(|other| *other != index);
            lucky.insert(0, index);
            let failed = |line: &str| {
                let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
                Some(name.to_string())
            };
            let name = said.lines().find_map(failed).unwrap_or(test.name.clone());
            let by = format!("{}: {name}", stem(&test.program));
            return table.set(&mutant.name, Outcome::Unit, &by);
        }
        println!("missed: {}", mutant.name);
        table.set(&mutant.name, Outcome::Missed, &passed(count))
    })
}

/// The stories first, against all mutants that the table does not know, in a few processes.
fn stories(
    program: &Path,
    folder: &Path,
    mutants: &[Mutant],
    table: &Table,
    apart: &str,
) -> Result<(), String> {
    let open =
        |m: &Mutant| table.get(&m.name).is_none() && !apart.lines().any(|name| name == m.name);
    let numbers: Vec<usize> = (0..mutants.len()).filter(|n| open(&mutants[*n])).collect();
    let parts: Vec<&[usize]> = numbers.chunks(STORIES_AT_ONCE).collect();
    println!("{} mutants against the stories", numbers.len());
    work::each(parts, |part| {
        let list: Vec<String> = part.iter().map(usize::to_string).collect();
        let said = work::listen(program, &["--nocapture"], folder, &list.join(" "))?;
        for line in said.lines() {
            let mut columns = line.split('\t');
            if let (Some("caught"), Some(number), Some(by)) =
                (columns.next(), columns.next(), columns.next())
                && let Some(mutant) = number.parse().ok().and_then(|n: usize| mutants.get(n))
            {
                table.set(&mutant.name, Outcome::Unit, by)?;
            }
        }
        Ok(())
    })
}

/// Those that caught the file's other mutants first, the latest before all; then the quick before the slow.
fn order(count: usize, first: Vec<usize>) -> Vec<usize> {
    let rest = (0..count).filter(|index| !first.contains(index));
    let lucky = first.iter().copied().filter(|index| *index < count);
    lucky.chain(rest).collect()
}

/// Every test with the time it takes without a mutant, the quick ones first.
fn tests(programs: &[PathBuf], folder: &Path, times: &Path) -> Result<Vec<Test>, String> {
    let none = usize::MAX >> 33;
    let mut known = fs::read_to_string(times).unwrap_or_default();
    let mut tests = Vec::new();
    for program in programs {
        let (_, listed) = work::run(program, &["--list"], folder, none, 60.0)?;
        let names = listed
            .lines()
            .filter_map(|line| line.strip_suffix(": test"));
        let names: Vec<&str> = if stem(program) == UNIT_TESTS {
            vec![""]
        } else {
            names.collect()
        };
        for name in names {
            let label = format!("{}: {name}", stem(program));
            let measured = known.lines().find_map(|line| {
                let (test, seconds) = line.split_once('\t')?;
                (test == label).then(|| seconds.parse().ok())?
            });
            if let Some(seconds) = measured {
                tests.push(Test {
                    program: program.clone(),
                    name: name.to_string(),
                    seconds,
                });
                continue;
            }
            let before_s = work::children_cpu_s();
            let args: &[&str] = if name.is_empty() {
                &[]
            } else {
                &["--exact", name]
            };
            let (code, said) = work::run(program, args, folder, none, 600.0)?;
            if code != Some(0) {
                return Err(format!("{name} fails without any mutant\n{said}"));
            }
            let seconds = work::children_cpu_s() - before_s;
            tests.push(Test {
                program: program.clone(),
                name: name.to_string(),
                seconds,
            });
            known.push_str(&format!("{label}\t{seconds:.2}\n"));
            fs::write(times, &known).map_err(|e| e.to_string())?;
        }
    }
    tests.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    for test in &tests {
        println!(
            "{:6.2} s {}: {}",
            test.seconds,
            stem(&test.program),
            test.name
        );
    }
    Ok(tests)
}

/// Numbers of the mutants that do not compile.
pub fn unviable(tree: &Path) -> Result<BTreeSet<usize>, String> {
    let text = fs::read_to_string(tree.join(UNVIABLE)).map_err(|e| e.to_string())?;
    Ok(text.lines().filter_map(|line| line.parse().ok()).collect())
}

/// Builds the tests once; their programs, the quick ones first.
fn build(tree: &Path) -> Result<Vec<PathBuf>, String> {
    let output = Command::new("cargo")
        .current_dir(tree)
        .args([
            "test",
            "--locked",
            "--no-run",
            "-p",
            "kneadsim-firmware",
            "--all-features",
        ])
        .args(["--lib", "--tests", "--message-format", "json"])
        .env("RUSTFLAGS", "--cap-lints=allow")
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "2")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut programs = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
        if let Some(program) = message["executable"].as_str() {
            programs.push(PathBuf::from(program));
        }
    }
    programs.retain(|program| !NOT_HERE.contains(&stem(program).as_str()));
    Ok(programs)
}

/// A program's name without the build's hash.
fn stem(program: &Path) -> String {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    name.rsplit_once('-')
        .map_or(name.to_string(), |(name, _)| name.to_string())
}
