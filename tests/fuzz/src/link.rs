//! Bytes from a link, in whatever state.

use kneadsim_wire::{Event, FRAME_MAX, FromDevice, Link, Responder, ToDevice, decode, encode};

/// The bytes as they reach a device and as they reach the bench. Every frame of
/// the device is a whole answer, and after a zero it understands a greeting.
pub fn link(data: &[u8]) {
    let mut bench = Link::new();
    for byte in data {
        if let Some(Event::Frame(frame)) = bench.take(*byte)
            && let Ok((sequence, message)) = decode::<FromDevice>(&mut frame.to_vec())
        {
            same_again(sequence, &message);
        }
    }
    let mut device = Responder::new("fuzz", "1");
    for byte in data {
        if let Some(frame) = device.take(*byte) {
            answer(frame);
        }
    }
    if let Some(frame) = device.take(0) {
        answer(frame);
    }
    let mut frame = [0; FRAME_MAX];
    let hello = encode(1, &ToDevice::Hello { protocol: 1 }, &mut frame).expect("it fits");
    let mut answers = Vec::new();
    for byte in hello {
        answers.extend(device.take(*byte).map(answer));
    }
    assert_eq!(answers, [1], "a greeting is answered");
}

/// An answer's sequence number.
fn answer(frame: &[u8]) -> u16 {
    let (zero, body) = frame.split_last().expect("no frame is empty");
    assert_eq!(*zero, 0);
    assert!(frame.len() <= FRAME_MAX && !body.contains(&0));
    let mut body = body.to_vec();
    let (sequence, message) = decode::<FromDevice>(&mut body).expect("an answer");
    same_again(sequence, &message);
    sequence
}

/// What was understood says the same when it is said again.
fn same_again(sequence: u16, message: &FromDevice<'_>) {
    let mut frame = [0; FRAME_MAX];
    // Texts of a stranger may be longer than any of ours.
    if let Ok(bytes) = encode(sequence, message, &mut frame) {
        let mut body = bytes[..bytes.len() - 1].to_vec();
        assert_eq!(decode::<FromDevice>(&mut body), Ok((sequence, *message)));
    }
}
