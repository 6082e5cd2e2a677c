//! A device behind a TCP port.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use crate::transport::{Gone, Transport};

/// How long a connection may take.
const CONNECT_WAIT: Duration = Duration::from_secs(3);
/// How long a peer that takes no bytes is waited for.
const SEND_WAIT: Duration = Duration::from_secs(2);

/// The connection.
#[derive(Debug)]
pub struct Tcp {
    stream: TcpStream,
    /// What the stream is set to wait for.
    waits: Option<Duration>,
}

impl Tcp {
    /// Connects to `host:port`.
    ///
    /// # Errors
    /// When nobody answers there.
    pub fn connect(place: &str) -> Result<Tcp, Gone> {
        let gone = |error| Gone(format!("no connection to {place}: {error}"));
        let mut last = None;
        for address in place.to_socket_addrs().map_err(gone)? {
            match TcpStream::connect_timeout(&address, CONNECT_WAIT) {
                Ok(stream) => {
                    // Small frames in turn: waiting to gather them would cost 40 ms each.
                    stream.set_nodelay(true).map_err(gone)?;
                    stream.set_write_timeout(Some(SEND_WAIT)).map_err(gone)?;
                    return Ok(Tcp {
                        stream,
                        waits: None,
                    });
                }
                Err(error) => last = Some(error),
            }
        }
        Err(match last {
            Some(error) => gone(error),
            None => Gone(format!("{place} has no address")),
        })
    }
}

impl Transport for Tcp {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        self.stream
            .write_all(bytes)
            .map_err(|error| Gone(format!("the connection broke: {error}")))
    }

    fn receive(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, Gone> {
        // Zero would mean to wait for ever.
        let wait = wait.max(Duration::from_millis(1));
        if self.waits != Some(wait) {
            self.stream
                .set_read_timeout(Some(wait))
                .map_err(|error| Gone(format!("the connection cannot be set up: {error}")))?;
            self.waits = Some(wait);
        }
        match self.stream.read(into) {
            Ok(0) => Err(Gone("the other end closed the connection".to_owned())),
            Ok(count) => Ok(count),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => Ok(0),
                _ => Err(Gone(format!("the connection broke: {error}"))),
            },
        }
    }
}
