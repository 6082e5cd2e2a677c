//! A device on a serial port.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use serial2::SerialPort;

use crate::transport::{Gone, Transport};

/// Rate where none is given, bits a second.
pub(crate) const BAUD: u32 = 460_800;
/// How long a port that takes no bytes is waited for.
const SEND_WAIT: Duration = Duration::from_secs(2);

/// The open port: 8 bits, no parity, one stop bit, no flow control.
#[derive(Debug)]
pub struct Serial {
    port: SerialPort,
}

impl Serial {
    /// Opens a port.
    ///
    /// # Errors
    /// When it cannot be opened or set.
    pub fn open(path: &Path, baud: u32) -> Result<Serial, Gone> {
        Serial::over(open(path, baud).map_err(|error| Gone(error.to_string()))?)
    }

    /// Over a port that is open.
    ///
    /// # Errors
    /// When it cannot be set.
    pub fn over(mut port: SerialPort) -> Result<Serial, Gone> {
        port.set_write_timeout(SEND_WAIT)
            .map_err(|error| Gone(format!("the port cannot be set up: {error}")))?;
        // What came before we did is nobody's answer.
        let _ = port.discard_buffers();
        Ok(Serial { port })
    }
}

/// Opens a port; an error names it.
pub(crate) fn open(path: &Path, baud: u32) -> io::Result<SerialPort> {
    SerialPort::open(path, baud).map_err(|error| {
        let text = format!("{} at {baud} baud: {error}", path.display());
        io::Error::new(error.kind(), text)
    })
}

impl Transport for Serial {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        self.port
            .write_all(bytes)
            .map_err(|error| Gone(format!("the port takes no bytes: {error}")))
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, Gone> {
        self.port
            .set_read_timeout(wait.max(Duration::from_millis(1)))
            .map_err(|error| Gone(format!("the port cannot be set up: {error}")))?;
        match self.port.read(into) {
            Ok(0) => Err(Gone("the port was closed".to_owned())),
            Ok(count) => Ok(count),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => Ok(0),
                _ => Err(Gone(format!("the port broke: {error}"))),
            },
        }
    }
}
