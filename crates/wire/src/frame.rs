//! One message as one frame of bytes, and back.
//!
//! `COBS(sequence (u16, low byte first) | message (postcard) | CRC-16 (low byte first)) 0`.
//! The CRC is CRC-16/IBM-3740 (polynomial 0x1021, start 0xFFFF) over all before it.

use crc::{CRC_16_IBM_3740, Crc};
use serde::{Deserialize, Serialize};

/// Longest frame, bytes, with its closing zero.
pub const FRAME_MAX: usize = 128;
/// Longest content: COBS adds one byte to each 254, and the zero ends it.
const CONTENT_MAX: usize = FRAME_MAX - 2;
/// Sequence number and CRC.
const SHORTEST: usize = 4;

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
    let mut content = [0; CONTENT_MAX];
    let (head, rest) = content.split_at_mut(2);
    head.copy_from_slice(&sequence.to_le_bytes());
    let room = rest.len() - 2;
    let room = rest.get_mut(..room).ok_or(FrameError::TooLong)?;
    let used = postcard::to_slice(message, room)
        .map_err(|_| FrameError::TooLong)?
        .len();
    let end = 2 + used;
    let crc = CRC.checksum(content.get(..end).ok_or(FrameError::TooLong)?);
    let place = content.get_mut(end..end + 2).ok_or(FrameError::TooLong)?;
    place.copy_from_slice(&crc.to_le_bytes());
    let content = content.get(..end + 2).ok_or(FrameError::TooLong)?;
    let used = cobs::try_encode(content, frame).map_err(|_| FrameError::TooLong)?;
    let close = frame.get_mut(used).ok_or(FrameError::TooLong)?;
    *close = 0;
    frame.get(..=used).ok_or(FrameError::TooLong)
}

/// Reads a frame without its closing zero, in place; gives sequence number and message.
///
/// # Errors
/// What is wrong with it.
pub fn decode<'a, M: Deserialize<'a>>(frame: &'a mut [u8]) -> Result<(u16, M), FrameError> {
    if frame.len() >= FRAME_MAX {
        return Err(FrameError::TooLong);
    }
    let used = match cobs::decode_in_place(frame) {
        Ok(used) => used,
        Err(_) => return Err(FrameError::Truncated),
    };
    let content = frame.get(..used).ok_or(FrameError::Truncated)?;
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
