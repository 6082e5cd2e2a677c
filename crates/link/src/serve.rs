//! The firmware core as a device: behind standard input and output, a TCP port or a serial port.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use kneadsim_wire::Responder;
use serial2::SerialPort;

use crate::address::place;

/// The in-process core behind the protocol.
pub fn responder() -> Responder {
    Responder::new(
        "host",
        concat!("kneadsim-firmware ", env!("CARGO_PKG_VERSION")),
    )
}

/// Answers until the input ends.
///
/// # Errors
/// When bytes cannot be read or written.
pub fn stream(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    answer(
        |buffer| input.read(buffer),
        |bytes| output.write_all(bytes).and_then(|()| output.flush()),
    )
}

fn answer(
    mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut responder = responder();
    let mut buffer = [0; 4096];
    loop {
        let count = match read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) => match error.kind() {
                // A serial port waits for bytes in rounds.
                io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => continue,
                _ => return Err(error),
            },
        };
        let mut sent = Ok(());
        responder.take(&buffer[..count], |answer| {
            if sent.is_ok() {
                sent = write(answer);
            }
        });
        sent?;
    }
}

/// Listens on `[HOST:]PORT`, on this machine alone where no host is given;
/// port 0 takes a free one. `ready` is told the address.
///
/// # Errors
/// When nothing can be heard there.
pub fn listen(at: &str, ready: impl FnOnce(std::net::SocketAddr)) -> io::Result<TcpListener> {
    let place = place(at).map_err(|what| io::Error::new(io::ErrorKind::InvalidInput, what))?;
    let listener = TcpListener::bind(&place)?;
    ready(listener.local_addr()?);
    Ok(listener)
}

/// Serves connections, one thread each, each with a core of its own.
///
/// # Errors
/// When the listener fails.
pub fn connections(listener: &TcpListener) -> io::Result<()> {
    for connection in listener.incoming() {
        let connection = connection?;
        std::thread::spawn(move || {
            // A connection that breaks is over; the next one starts afresh.
            let _ = one(connection);
        });
    }
    Ok(())
}

fn one(connection: TcpStream) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let output = connection.try_clone()?;
    stream(connection, output)
}

/// Serves a serial port until it breaks.
///
/// # Errors
/// When it cannot be opened, or breaks.
pub fn serial(path: &Path, baud: u32) -> io::Result<()> {
    port(crate::serial::open(path, baud)?)
}

/// The same over a port that is open.
///
/// # Errors
/// When it breaks.
pub fn port(mut port: SerialPort) -> io::Result<()> {
    port.set_read_timeout(Duration::from_secs(3600))?;
    answer(|buffer| port.read(buffer), |bytes| port.write_all(bytes))
}
