//! The C header is what the tables say, compiles without a warning, and a device
//! built on it answers with the very bytes that Rust would send.

mod vectors;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kneadsim_wire::{
    ABILITY_BOOT_RECORD, Event, FRAME_MAX, FromDevice, Hello, Inputs, Link, Outputs, PROTOCOL,
    Record, Refusal, Telemetry, ToDevice, encode, header,
};
use vectors::{hex, questions};

const KEPT: &str = include_str!("../c/kneadsim_wire.h");

#[test]
fn the_header_on_record_is_what_the_tables_say() {
    let mut text = String::new();
    header::write(&mut text).expect("a string");
    if std::env::var_os("KNEADSIM_BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/c/kneadsim_wire.h");
        std::fs::write(path, &text).expect("the header can be written");
        return;
    }
    for (at, (got, kept)) in text.lines().zip(KEPT.lines()).enumerate() {
        assert_eq!(got, kept, "line {}", at + 1);
    }
    assert_eq!(text, KEPT);
}

/// Compiles the device in C, strictly.
fn peer() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c_peer");
    let compiled = Command::new("cc")
        .args([
            "-std=c99",
            "-O2",
            "-Wall",
            "-Wextra",
            "-Wconversion",
            "-pedantic",
            "-Werror",
        ])
        .arg("-I")
        .arg(here.join("c"))
        .arg(here.join("tests/c_peer.c"))
        .arg("-o")
        .arg(&program)
        .output()
        .expect("a C compiler (cc) is needed");
    assert!(
        compiled.status.success(),
        "{}",
        String::from_utf8_lossy(&compiled.stderr)
    );
    program
}

/// What the device in C drives; see `c_peer.c`.
fn driven(seen: &Inputs, kept: Record) -> Outputs {
    Outputs {
        heater_duty: seen.ntc_counts,
        relay_closed: seen.buttons & 1 != 0,
        motor_duty: seen
            .motor_current_counts
            .map(|counts| (-i32::from(counts)) as i16),
        leds: seen.buttons,
        buzzer: seen.buttons & 2 != 0,
        watchdog_kick: seen.buttons & 4 != 0,
        mode: (seen.rtc_ms >> 8) as u8,
        fault: seen.rtc_ms as u8,
        record: kept,
        telemetry: Telemetry {
            film_centi_c: [seen.supply_counts as i16; 2],
            setpoint_centi_c: [(seen.tick >> 16) as i16; 2],
            dose_centi_min: seen.reference_counts,
            winding_centi_c: [seen.tick as i16; 2],
            session_left_s: seen.pack_ntc_counts,
            rest_left_s: seen.encoder_counts,
        },
    }
}

#[test]
fn a_device_in_c_answers_every_message_with_the_bytes_that_rust_would_send() {
    let mut kept = Record::default();
    let (mut sent, mut wanted) = (Vec::new(), Vec::new());
    let mut names = Vec::new();
    let mut frame = [0; FRAME_MAX];
    for (name, sequence, message) in questions() {
        // Noise before each frame, closed by a zero, must not matter.
        sent.extend_from_slice(&[0x55, 0xAA, 0]);
        sent.extend_from_slice(encode(sequence, &message, &mut frame).expect("it fits"));
        let answer = match message {
            ToDevice::Hello { .. } => FromDevice::Hello(Hello {
                protocol: PROTOCOL,
                abilities: ABILITY_BOOT_RECORD,
                config_hash: 0,
                device: "test",
                firmware: "c 1",
            }),
            ToDevice::Boot { cause, record } => {
                kept = record;
                kept.boots += cause;
                FromDevice::Done
            }
            ToDevice::Tick(inputs) => FromDevice::Outputs(driven(&inputs, kept)),
            ToDevice::Set { .. } | ToDevice::Adopt { .. } | ToDevice::Inject { .. } => {
                FromDevice::Refused(Refusal::Unable)
            }
        };
        wanted.push(
            encode(sequence, &answer, &mut frame)
                .expect("it fits")
                .to_vec(),
        );
        names.push(name);
    }
    // The last one again: the same answer, and nothing is carried out twice.
    let (_, sequence, message) = questions().pop().expect("there are some");
    sent.extend_from_slice(encode(sequence, &message, &mut frame).expect("it fits"));
    wanted.push(wanted.last().expect("there are some").clone());
    names.push("the same again");

    let mut child = Command::new(peer())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the device runs");
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(&sent)
        .expect("it reads");
    let mut got = Vec::new();
    let mut out = child.stdout.take().expect("piped");
    out.read_to_end(&mut got).expect("it answers");
    assert!(child.wait().expect("it ends").success());

    let mut link = Link::new();
    let mut answers = Vec::new();
    for byte in got {
        if let (_, Some(Event::Frame(frame))) = link.take(&[byte]) {
            let mut whole = frame.to_vec();
            whole.push(0);
            answers.push(whole);
        }
    }
    for ((name, wanted), got) in names.iter().zip(&wanted).zip(&answers) {
        assert_eq!(hex(got), hex(wanted), "{name}");
    }
    assert_eq!(answers.len(), wanted.len());
}
