//! The stories against many mutants in one process; copied beside the switched firmware's tests.
//!
//! `MUTANTS` in the environment names the numbers; a line per caught one is printed.

#[path = "stories/heat_tales.rs"]
mod heat_tales;
#[path = "stand_in/mod.rs"]
mod stand_in;
#[path = "stories/tales.rs"]
mod tales;
#[path = "stories/teller.rs"]
mod teller;

use std::panic;

use kneadsim_firmware::mutants::choose;

/// Stands for no mutant.
const NONE: u32 = u32::MAX - 1;

#[test]
fn stories() {
    let numbers = std::env::var("MUTANTS").unwrap_or_default();
    let record = include_str!("stories/record.txt");
    choose(NONE);
    let tales = tales::tales();
    panic::set_hook(Box::new(|_| {}));
    for number in numbers.split_whitespace() {
        choose(number.parse().expect("a number"));
        let told = panic::catch_unwind(|| differs(&tales, record));
        choose(NONE);
        match told {
            Ok(None) => {}
            Ok(Some(tale)) => println!("\ncaught\t{number}\tstories: {tale}"),
            Err(_) => println!("\ncaught\t{number}\tstories: a panic"),
        }
    }
}

/// The story whose row is the first that is not as on record.
fn differs(tales: &[teller::Tale], record: &str) -> Option<String> {
    let mut rows = record.lines();
    let mut tale = String::new();
    let mut found = None;
    teller::tell(tales, |row| {
        if !row.starts_with(' ') {
            tale.clone_from(&row);
        }
        let same = rows.next() == Some(row.as_str());
        if !same {
            found = Some(tale.clone());
        }
        same
    });
    found
}
