//! Every message as bytes, held against the record in `vectors.txt`.
//!
//! Who implements the protocol elsewhere checks against that file. A change of
//! it is a new protocol number. `KNEADSIM_BLESS=1 cargo test -p kneadsim-wire
//! --test golden_vectors` writes it anew.

mod vectors;

use std::fmt::Write as _;

use kneadsim_wire::{FRAME_MAX, FromDevice, ToDevice, decode, encode};
use vectors::{answers, hex, questions};

const RECORD: &str = include_str!("vectors.txt");

#[test]
fn every_message_is_the_bytes_on_record_and_comes_back_from_them() {
    let mut text = String::from(
        "# Frames of protocol 1, hexadecimal, with their closing zero: direction, sequence, name, bytes.\n",
    );
    for (name, sequence, message) in questions() {
        let mut frame = [0; FRAME_MAX];
        let bytes = encode(sequence, &message, &mut frame)
            .expect("it fits")
            .to_vec();
        writeln!(text, "to   {sequence:5} {name:32} {}", hex(&bytes)).expect("a string");
        let mut frame = bytes[..bytes.len() - 1].to_vec();
        assert_eq!(
            decode::<ToDevice>(&mut frame),
            Ok((sequence, message)),
            "{name}"
        );
    }
    for (name, sequence, message) in answers() {
        let mut frame = [0; FRAME_MAX];
        let bytes = encode(sequence, &message, &mut frame)
            .expect("it fits")
            .to_vec();
        writeln!(text, "from {sequence:5} {name:32} {}", hex(&bytes)).expect("a string");
        let mut frame = bytes[..bytes.len() - 1].to_vec();
        assert_eq!(
            decode::<FromDevice>(&mut frame),
            Ok((sequence, message)),
            "{name}"
        );
    }
    if std::env::var_os("KNEADSIM_BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.txt");
        std::fs::write(path, &text).expect("the record can be written");
        return;
    }
    for (got, kept) in text.lines().zip(RECORD.lines()) {
        assert_eq!(got, kept);
    }
    assert_eq!(text.lines().count(), RECORD.lines().count());
}

#[test]
fn the_longest_messages_fit_a_frame() {
    use kneadsim_wire::{Inputs, Outputs};
    // COBS, sequence, variant, CRC, zero.
    let around = 1 + 2 + 1 + 2 + 1;
    assert!(Inputs::SCHEMA.longest() + around <= FRAME_MAX);
    assert!(Outputs::SCHEMA.longest() + around <= FRAME_MAX);
}
