//! Frames out of a stream of bytes that comes in pieces and may be damaged.

use crate::frame::{FRAME_MAX, FrameError};

/// Collects bytes until a frame is whole.
#[derive(Clone, Debug)]
pub struct Link {
    frame: [u8; FRAME_MAX],
    used: usize,
    /// The frame has outgrown its room: what comes is dropped up to the next zero.
    overflown: bool,
}

/// What a byte completed.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A frame, without its closing zero, for [`crate::decode`].
    Frame(&'a mut [u8]),
    /// Bytes that cannot be a frame were dropped.
    Dropped(FrameError),
}

impl Default for Link {
    fn default() -> Self {
        Self::new()
    }
}

impl Link {
    /// Nothing seen yet.
    pub const fn new() -> Self {
        Self {
            frame: [0; FRAME_MAX],
            used: 0,
            overflown: false,
        }
    }

    /// Takes one byte. Empty frames (zero after zero) say nothing: a sender may
    /// begin with a zero to close whatever was before.
    pub fn take(&mut self, byte: u8) -> Option<Event<'_>> {
        if byte != 0 {
            match self.frame.get_mut(self.used) {
                Some(place) => {
                    *place = byte;
                    self.used += 1;
                }
                None => self.overflown = true,
            }
            return None;
        }
        let used = core::mem::take(&mut self.used);
        if core::mem::take(&mut self.overflown) {
            return Some(Event::Dropped(FrameError::TooLong));
        }
        if used == 0 {
            return None;
        }
        self.frame.get_mut(..used).map(Event::Frame)
    }

    /// Forgets a frame that was begun, as after a silence.
    pub fn clear(&mut self) {
        self.used = 0;
        self.overflown = false;
    }
}
