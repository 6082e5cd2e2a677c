//! Some twenty short stories of the whole firmware, told in numbers that are on record.
//!
//! A row of the record is one moment of one story: what has been driven so far
//! in sums, and what the firmware believes. A change of the firmware that moves
//! any of them shows in the record's diff, to be looked at and blessed with
//! `KNEADSIM_BLESS=1 cargo test -p kneadsim-firmware --test stories`. Whether a
//! number is right is for the other tests: these say that nothing has changed.

mod heat_tales;
#[path = "../stand_in/mod.rs"]
mod stand_in;
mod tales;
mod teller;

use std::fs;
use std::path::Path;

const RECORD: &str = "tests/stories/record.txt";

#[test]
fn every_story_goes_as_on_record() {
    let mut told = String::new();
    teller::tell(&tales::tales(), |row| {
        told.push_str(&row);
        told.push('\n');
        true
    });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(RECORD);
    if std::env::var_os("KNEADSIM_BLESS").is_some() {
        fs::write(&path, &told).expect("the record can be written");
    }
    let record = fs::read_to_string(&path).expect("the record can be read");
    for (told, record) in told.lines().zip(record.lines()) {
        assert_eq!(told, record);
    }
    assert_eq!(told.lines().count(), record.lines().count());
}
