//! Bytes from a link, in whatever state.

use kneadsim_wire::{Event, FRAME_MAX, FromDevice, Link, Responder, ToDevice, decode, encode};

/// The bytes as they reach a device and as they reach the bench. Every frame of
/// the device is a whole answer, and after a zero it understands a greeting.
pub fn link(data: &[u8]) {
    let mut bench = Link::new();
    let mut rest = data;
    while !rest.is_empty() {
        let (taken, event) = bench.take(rest);
        rest = &rest[taken..];
        if let Some(Event::Frame(frame)) = event
            && let Ok((sequence, message)) = decode::<FromDevice>(&mut frame.to_vec())
        {
            same_again(sequence, &message);
        }
    }
    let mut device = Responder::new("fuzz", "1");
    answers(&mut device, data);
    answers(&mut device, &[0]);
    let mut frame = [0; FRAME_MAX];
    let hello = encode(1, &ToDevice::Hello { protocol: 1 }, &mut frame).expect("it fits");
    assert_eq!(answers(&mut device, hello), [1], "a greeting is answered");
}

/// The sequence numbers of what a device answers.
fn answers(device: &mut Responder, bytes: &[u8]) -> Vec<u16> {
    let mut all = Vec::new();
    device.take(bytes, |frame| all.push(answer(frame)));
    all
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
