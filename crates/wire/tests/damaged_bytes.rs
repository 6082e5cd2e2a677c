//! Whatever arrives: nothing panics, nothing damaged is taken for a message, and
//! the next whole frame is understood.

use kneadsim_firmware::{Config, State, step};
use kneadsim_wire::{
    Event, FRAME_MAX, FrameError, FromDevice, Inputs, Link, Outputs, Record, Refusal, Responder,
    ToDevice, config_hash, decode, encode,
};
use proptest::prelude::*;

fn frame(sequence: u16, message: &ToDevice) -> Vec<u8> {
    let mut frame = [0; FRAME_MAX];
    encode(sequence, message, &mut frame)
        .expect("it fits")
        .to_vec()
}

fn tick(tick: u32) -> ToDevice {
    ToDevice::Tick(Inputs {
        tick,
        rtc_ms: tick.wrapping_mul(10) as u16,
        ntc_counts: [2048; 2],
        supply_counts: 1500,
        reference_counts: 1489,
        pack_ntc_counts: 2048,
        ..Inputs::default()
    })
}

const BOOT: ToDevice = ToDevice::Boot {
    cause: 0,
    record: Record {
        fault: 0,
        used_s: 0,
        rest_s: 0,
        dose_centi_min: 0,
        boots: 0,
        check: 12606,
    },
};

/// The answers to some bytes.
fn answers(responder: &mut Responder, bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    responder.take(bytes, |answer| all.push(answer.to_vec()));
    all
}

fn said(answer: &[u8]) -> (u16, String) {
    let mut frame = answer[..answer.len() - 1].to_vec();
    let (sequence, message) = decode::<FromDevice>(&mut frame).expect("an answer");
    (sequence, format!("{message:?}"))
}

proptest! {
    #[test]
    fn any_bytes_are_survived_and_a_whole_frame_behind_them_is_understood(
        noise in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let mut link = Link::new();
        for byte in &noise {
            if let (_, Some(Event::Frame(frame))) = link.take(&[*byte]) {
                let _ = decode::<ToDevice>(&mut frame.to_vec());
                let _ = decode::<FromDevice>(frame);
            }
        }
        let mut responder = Responder::new("test", "1");
        answers(&mut responder, &noise);
        answers(&mut responder, &[0]);
        let got = answers(&mut responder, &frame(7, &ToDevice::Hello { protocol: 1 }));
        prop_assert_eq!(got.len(), 1);
        prop_assert_eq!(said(&got[0]).0, 7);
    }

    #[test]
    fn pieces_of_any_size_say_the_same(
        bytes in prop::collection::vec(prop_oneof![2 => Just(0u8), 30 => any::<u8>()], 0..600),
        cuts in prop::collection::vec(1usize..200, 1..20),
    ) {
        let events = |pieces: &mut dyn Iterator<Item = usize>| {
            let mut link = Link::new();
            let mut events = Vec::new();
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let piece = &rest[..pieces.next().expect("endless").min(rest.len())];
                let (taken, event) = link.take(piece);
                prop_assert!(taken > 0);
                events.extend(event.map(|event| match event {
                    Event::Frame(frame) => Ok(frame.to_vec()),
                    Event::Dropped(why) => Err(why),
                }));
                rest = &rest[taken..];
            }
            Ok(events)
        };
        prop_assert_eq!(
            events(&mut cuts.iter().copied().cycle())?,
            events(&mut core::iter::repeat(1))?
        );
    }

    #[test]
    fn frames_are_what_a_library_makes_of_the_content(sequence in any::<u16>(), number in any::<u32>()) {
        let bytes = frame(sequence, &tick(number));
        let (zero, body) = bytes.split_last().expect("a frame");
        prop_assert_eq!(*zero, 0);
        let content = cobs::decode_vec(body).expect("COBS");
        prop_assert_eq!(&content[..2], &sequence.to_le_bytes());
        prop_assert_eq!(cobs::encode_vec(&content), body);
    }

    #[test]
    fn a_changed_byte_is_never_taken_for_a_message(
        sequence in any::<u16>(), number in any::<u32>(), at in any::<prop::sample::Index>(), with in 1u8..,
    ) {
        let mut bytes = frame(sequence, &tick(number));
        bytes.pop();
        let at = at.index(bytes.len());
        bytes[at] ^= with;
        prop_assert!(decode::<ToDevice>(&mut bytes).is_err());
    }

    #[test]
    fn a_frame_cut_short_is_never_taken_for_a_message(
        sequence in any::<u16>(), number in any::<u32>(), at in any::<prop::sample::Index>(),
    ) {
        let mut bytes = frame(sequence, &tick(number));
        bytes.pop();
        bytes.truncate(at.index(bytes.len()));
        prop_assert!(decode::<ToDevice>(&mut bytes).is_err());
    }
}

#[test]
fn what_is_wrong_has_a_name() {
    let whole = frame(1, &tick(5));
    let body = &whole[..whole.len() - 1];
    let corrupted = {
        let mut bytes = body.to_vec();
        bytes[3] ^= 0x10;
        bytes
    };
    let rows: [(&str, Vec<u8>, FrameError); 4] = [
        ("two bytes", body[..2].to_vec(), FrameError::Truncated),
        ("a bit flipped", corrupted, FrameError::Corrupted),
        (
            "longer than any",
            vec![1; FRAME_MAX + 1],
            FrameError::TooLong,
        ),
        (
            "an answer where a question belongs",
            answer_frame(),
            FrameError::Malformed,
        ),
    ];
    for (name, mut bytes, error) in rows {
        assert_eq!(decode::<ToDevice>(&mut bytes), Err(error), "{name}");
    }
    let mut link = Link::new();
    let dropped = core::iter::repeat_n(1, FRAME_MAX + 1)
        .chain([0])
        .filter_map(|byte| {
            link.take(&[byte])
                .1
                .map(|event| event == Event::Dropped(FrameError::TooLong))
        })
        .collect::<Vec<_>>();
    assert_eq!(dropped, [true]);
}

fn answer_frame() -> Vec<u8> {
    let mut frame = [0; FRAME_MAX];
    let answer = FromDevice::Outputs(Outputs::default());
    let bytes = encode(1, &answer, &mut frame).expect("it fits");
    bytes[..bytes.len() - 1].to_vec()
}

#[test]
fn the_responder_drives_what_the_core_drives() {
    let config = Config::default();
    let record = kneadsim_firmware::Record::from(match &BOOT {
        ToDevice::Boot { record, .. } => record,
        _ => unreachable!("it is a boot"),
    });
    let mut state = State::boot(&config, kneadsim_firmware::ResetCause::PowerOn, record);
    let mut responder = Responder::new("test", "1");
    assert_eq!(
        said(&answers(&mut responder, &frame(0, &BOOT))[0]).1,
        "Done"
    );
    for number in 0..3_000u32 {
        let ToDevice::Tick(mut inputs) = tick(number) else {
            unreachable!("it is a tick");
        };
        inputs.buttons = u8::from((100..110).contains(&number));
        let wanted = step(&config, &mut state, &(&inputs).into());
        let got = answers(
            &mut responder,
            &frame(number as u16 + 1, &ToDevice::Tick(inputs)),
        );
        let mut bytes = got[0][..got[0].len() - 1].to_vec();
        let (_, FromDevice::Outputs(outputs)) = decode(&mut bytes).expect("an answer") else {
            panic!("outputs at {number}");
        };
        assert_eq!(outputs.checked(), Ok(wanted), "at {number}");
    }
    // No current in the self-test: it has got that far.
    assert_eq!(
        state.fault(),
        kneadsim_firmware::FaultCode::HeaterResistance
    );
}

#[test]
fn a_message_that_comes_again_is_answered_again_and_carried_out_once() {
    let mut once = Responder::new("test", "1");
    let mut twice = once.clone();
    for (sequence, message) in [(0, BOOT), (1, tick(0)), (2, tick(1)), (3, tick(2))] {
        let bytes = frame(sequence, &message);
        let wanted = answers(&mut once, &bytes);
        assert_eq!(answers(&mut twice, &bytes), wanted);
        assert_eq!(answers(&mut twice, &bytes), wanted);
    }
}

#[test]
fn what_cannot_be_done_is_refused() {
    let mut responder = Responder::new("test", "1");
    let mut sequence = 0;
    let mut ask = |message: ToDevice| {
        sequence += 1;
        said(&answers(&mut responder, &frame(sequence, &message))[0]).1
    };
    let refused = |why: Refusal| format!("Refused({why:?})");
    let flip = |target| ToDevice::Inject {
        what: 0,
        target,
        bit: 3,
    };
    let set = |index, value| ToDevice::Set { index, value };
    assert_eq!(ask(tick(0)), refused(Refusal::NotBooted));
    assert_eq!(ask(flip(0)), refused(Refusal::NotBooted));
    assert_eq!(
        ask(ToDevice::Boot {
            cause: 9,
            record: Record::default()
        }),
        refused(Refusal::OutOfRange)
    );
    assert_eq!(ask(set(0, 99.0)), refused(Refusal::OutOfRange));
    assert_eq!(ask(set(0, f32::NAN)), refused(Refusal::OutOfRange));
    assert_eq!(ask(set(200, 1.0)), refused(Refusal::OutOfRange));
    assert_eq!(ask(set(0, 44.0)), "Done");
    let wrong = config_hash(&Config::default());
    assert_eq!(
        ask(ToDevice::Adopt { config_hash: wrong }),
        refused(Refusal::BadConfig)
    );
    let mut config = Config::default();
    config.set("heat_target_c", 44.0).expect("in range");
    let right = config_hash(&config);
    assert_ne!(right, wrong);
    assert_eq!(ask(ToDevice::Adopt { config_hash: right }), "Done");
    assert_eq!(ask(BOOT), "Done");
    assert_eq!(ask(flip(0)), "Done");
    assert_eq!(ask(flip(77)), refused(Refusal::OutOfRange));
    assert_eq!(
        ask(ToDevice::Inject {
            what: 5,
            target: 0,
            bit: 0
        }),
        refused(Refusal::OutOfRange)
    );
}

#[test]
fn what_there_is_not_is_named_with_what_is_allowed() {
    let good = Outputs::default();
    assert!(good.checked().is_ok());
    for (outputs, why) in [
        (
            Outputs {
                heater_duty: [0, 10_001],
                ..good
            },
            "it drives a heater zone with duty 10001, allowed 0 to 10000",
        ),
        (
            Outputs {
                motor_duty: [-10_001, 0],
                ..good
            },
            "it drives a motor with duty -10001, allowed -10000 to 10000",
        ),
        (
            Outputs { mode: 6, ..good },
            "it reports mode 6, which there is not",
        ),
        (
            Outputs { fault: 200, ..good },
            "it reports fault 200, which there is not",
        ),
    ] {
        let error = outputs.checked().expect_err(why);
        assert_eq!(error.to_string(), why);
    }
}
