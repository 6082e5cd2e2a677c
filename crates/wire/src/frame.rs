//! One message as one frame of bytes, and back.
//!
//! `COBS(sequence (u16, low byte first) | message (postcard) | CRC-16 (low byte first)) 0`.
//! The CRC is CRC-16/IBM-3740 (polynomial 0x1021, start 0xFFFF) over all before it.

use crc::{CRC_16_IBM_3740, Crc};
use serde::{Deserialize, Serialize};

/// Longest frame, bytes, with its closing zero.
pub const FRAME_MAX: usize = 128;
/// Sequence number and CRC.
const SHORTEST: usize = 4;

// COBS is written here, six lines each way in place: the library's needs a second
// buffer to write into, and its reader keeps bounds checks, whose panic would be
// linked into the chip. Tests hold it against that library.
const CRC: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// Longer than [`FRAME_MAX`], or the room given for it.
    TooLong,
    /// Not COBS, or too short to be anything.
    Truncated,
    /// The CRC does not agree.
    Corrupted,
    /// The bytes arrived whole, but are no message of this protocol.
    Malformed,
}

impl core::fmt::Display for FrameError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            FrameError::TooLong => "a frame is too long",
            FrameError::Truncated => "a frame is cut short",
            FrameError::Corrupted => "a frame's CRC is wrong",
            FrameError::Malformed => "a frame holds no message of this protocol",
        })
    }
}

impl core::error::Error for FrameError {}

/// Writes a message as a frame; gives the bytes used, the closing zero among them.
///
/// # Errors
/// [`FrameError::TooLong`]: the message, with texts at their longest, always
/// fits [`FRAME_MAX`].
pub fn encode<'a, M: Serialize>(
    sequence: u16,
    message: &M,
    frame: &'a mut [u8; FRAME_MAX],
) -> Result<&'a [u8], FrameError> {
    // The content leaves room before it for the first code, and after it for the zero.
    let content = frame.get_mut(1..FRAME_MAX - 1).ok_or(FrameError::TooLong)?;
    let (head, rest) = content
        .split_first_chunk_mut::<2>()
        .ok_or(FrameError::TooLong)?;
    *head = sequence.to_le_bytes();
    let (room, _) = rest
        .split_last_chunk_mut::<2>()
        .ok_or(FrameError::TooLong)?;
    let used = match postcard::to_slice(message, room) {
        Ok(written) => 2 + written.len(),
        Err(_) => return Err(FrameError::TooLong),
    };
    let crc = CRC.checksum(content.get(..used).ok_or(FrameError::TooLong)?);
    let place = content.get_mut(used..).ok_or(FrameError::TooLong)?;
    *place.first_chunk_mut::<2>().ok_or(FrameError::TooLong)? = crc.to_le_bytes();
    stuff(frame, used + 4).ok_or(FrameError::TooLong)
}

/// Makes a frame of what stands between its first and its last byte: COBS, in
/// place. Each zero gives way to the distance of the next one, the first byte is
/// the distance of the first, and the last is the closing zero. A frame is
/// shorter than 254 bytes, so that no distance needs a code of its own.
fn stuff(frame: &mut [u8; FRAME_MAX], end: usize) -> Option<&[u8]> {
    let frame = frame.get_mut(..end)?;
    let (last, before) = frame.split_last_mut()?;
    *last = 0;
    *before.first_mut()? = 0;
    let mut distance = 1u8;
    for byte in before.iter_mut().rev() {
        if *byte == 0 {
            *byte = distance;
            distance = 0;
        }
        distance = distance.wrapping_add(1);
    }
    Some(frame)
}

/// Reads a frame without its closing zero, in place; gives sequence number and message.
///
/// # Errors
/// What is wrong with it.
pub fn decode<'a, M: Deserialize<'a>>(frame: &'a mut [u8]) -> Result<(u16, M), FrameError> {
    if frame.len() >= FRAME_MAX {
        return Err(FrameError::TooLong);
    }
    let content = unstuff(frame).ok_or(FrameError::Truncated)?;
    if content.len() < SHORTEST {
        return Err(FrameError::Truncated);
    }
    let (body, crc) = content
        .split_last_chunk::<2>()
        .ok_or(FrameError::Truncated)?;
    if CRC.checksum(body) != u16::from_le_bytes(*crc) {
        return Err(FrameError::Corrupted);
    }
    let (sequence, message) = body.split_first_chunk::<2>().ok_or(FrameError::Truncated)?;
    match postcard::take_from_bytes::<M>(message) {
        Ok((message, [])) => Ok((u16::from_le_bytes(*sequence), message)),
        Ok(_) | Err(_) => Err(FrameError::Malformed),
    }
}

/// The content of a frame without its closing zero, in place.
fn unstuff(frame: &mut [u8]) -> Option<&[u8]> {
    let end = frame.len();
    let mut at = 0;
    while at < end {
        let distance = core::mem::take(frame.get_mut(at)?);
        // A zero leads nowhere: it would be read for ever.
        if distance == 0 {
            return None;
        }
        at += usize::from(distance);
    }
    if at == end { frame.get(1..) } else { None }
}
