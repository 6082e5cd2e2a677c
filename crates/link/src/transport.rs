//! Who carries the bytes.

use std::time::Duration;

/// The other end is not there any more, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Gone(pub String);

/// A two-way stream of bytes that never blocks for longer than it is told.
pub trait Transport: Send {
    /// Sends all of the bytes.
    ///
    /// # Errors
    /// When the other end is gone, or takes nothing for too long.
    fn send(&mut self, bytes: &[u8]) -> Result<(), Gone>;

    /// Takes what is there, waiting for at most `wait`; 0 bytes: nothing came.
    ///
    /// # Errors
    /// When the other end is gone.
    fn receive(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, Gone>;

    /// Puts the calling thread where talking to the device is quickest.
    fn come_beside(&self) {}
}
