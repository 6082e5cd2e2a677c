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
use teller::Tale;

/// Stands for no mutant.
const NONE: u32 = u32::MAX - 1;

#[test]
fn stories() {
    let numbers = std::env::var("MUTANTS").unwrap_or_default();
    let record = include_str!("stories/record.txt");
    choose(NONE);
    // The thermistor's table is filled on first use, and not by a mutant for those after it.
    kneadsim_firmware::ntc::temperature_c(0);
    // The short ones first: most mutants show at once.
    let mut tales = tales::tales();
    let end = |tale: &Tale| tale.rows.last().copied().unwrap_or(0.0);
    tales.sort_by(|a, b| end(a).total_cmp(&end(b)));
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

/// The first story with a row that is not as on record.
fn differs(tales: &[Tale], record: &str) -> Option<String> {
    tales.iter().find_map(|tale| {
        let mut rows = record.lines().skip_while(|row| *row != tale.name);
        let mut same = true;
        teller::tell(std::slice::from_ref(tale), |row| {
            same = rows.next() == Some(row.as_str());
            same
        });
        (!same).then(|| tale.name.to_string())
    })
}
