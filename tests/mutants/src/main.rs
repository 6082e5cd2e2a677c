//! Mutation tests of the firmware in minutes: every mutant in one build, switched at run time.
//!
//! `cargo mutants` says which mutants there are; it would build each of them
//! apart. Here all of them are put into one copy of the sources, each behind a
//! number that an environment variable chooses, so that there is one build and
//! then one run of the tests per mutant. What each run said is kept in a table,
//! and a second call goes on where the first one ended.
//!
//! ```text
//! mutants switch LIST.json REPOSITORY TREE     writes the sources with switches
//! mutants unit   LIST.json REPOSITORY TREE TABLE REASONS         runs the firmware's tests per mutant
//! mutants apart  LIST.json REPOSITORY TREE TABLE REASONS         tests those that want a build of their own
//! mutants pack   LIST.json REPOSITORY TREE TABLE REASONS CASES   runs scenarios per mutant that the tests missed
//! mutants report LIST.json REPOSITORY TABLE REASONS              counts, and names the survivors
//! ```

mod apart;
mod list;
mod pack;
mod reasons;
mod report;
mod rewrite;
mod sites;
mod switch;
mod table;
mod unit;
mod work;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["switch", list, repository, tree] => {
            switch::switch(Path::new(list), Path::new(repository), Path::new(tree))
        }
        ["unit", list, repository, tree, table, reasons] => unit::unit(
            Path::new(list),
            Path::new(repository),
            Path::new(tree),
            Path::new(table),
            Path::new(reasons),
        ),
        ["apart", list, repository, tree, table, reasons] => apart::apart(
            Path::new(list),
            Path::new(repository),
            Path::new(tree),
            Path::new(table),
            Path::new(reasons),
        ),
        ["pack", list, repository, tree, table, reasons, cases] => pack::pack(
            Path::new(list),
            Path::new(repository),
            Path::new(tree),
            Path::new(table),
            Path::new(reasons),
            Path::new(cases),
        ),
        ["report", list, repository, table, reasons] => report::report(
            Path::new(list),
            Path::new(repository),
            Path::new(table),
            Path::new(reasons),
        ),
        _ => Err("usage: see tests/mutants/README.md".to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("mutants: {what}");
            ExitCode::FAILURE
        }
    }
}
