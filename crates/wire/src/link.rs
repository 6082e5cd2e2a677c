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

/// What bytes completed.
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

    /// Takes bytes up to the first zero among them; gives how many, and what they
    /// completed. Empty frames (zero after zero) say nothing: a sender may begin
    /// with a zero to close whatever was before.
    pub fn take(&mut self, bytes: &[u8]) -> (usize, Option<Event<'_>>) {
        let zero = bytes.iter().position(|byte| *byte == 0);
        let part = zero.and_then(|at| bytes.get(..at)).unwrap_or(bytes);
        let end = self.used + part.len();
        match self.frame.get_mut(self.used..end) {
            Some(place) => {
                place.copy_from_slice(part);
                self.used = end;
            }
            None => self.overflown = true,
        }
        match zero {
            None => (part.len(), None),
            Some(_) => (part.len() + 1, self.close()),
        }
    }

    fn close(&mut self) -> Option<Event<'_>> {
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
