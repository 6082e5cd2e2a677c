//! Where a device is, as a user writes it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::process::Process;
use crate::qemu::Qemu;
use crate::remote::{Patience, Remote};
use crate::serial::{BAUD, Serial};
use crate::tcp::Tcp;

/// A device's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// An image for the chip, run in QEMU.
    Qemu(PathBuf),
    /// A command that talks over its standard input and output.
    Exec(Vec<String>),
    /// `host:port`.
    Tcp(String),
    /// A serial port and its rate.
    Serial(PathBuf, u32),
}

/// What is wrong with an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}`: {what}; allowed are qemu:IMAGE, exec:COMMAND, tcp:[HOST:]PORT and serial:PATH[@BAUD]"
)]
pub struct AddressError {
    text: String,
    what: String,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |what: &str| AddressError {
            text: text.to_owned(),
            what: what.to_owned(),
        };
        let Some((kind, rest)) = text.split_once(':') else {
            return Err(wrong(
                "a device is named by its kind, a colon and its place",
            ));
        };
        match kind {
            "qemu" if rest.is_empty() => Err(wrong("no image is given")),
            "qemu" => Ok(Address::Qemu(rest.into())),
            "exec" => {
                let words: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
                if words.is_empty() {
                    return Err(wrong("no command is given"));
                }
                Ok(Address::Exec(words))
            }
            "tcp" => place(rest).map(Address::Tcp).map_err(|what| wrong(&what)),
            "serial" => {
                let (path, baud) = rest.rsplit_once('@').unwrap_or((rest, ""));
                let baud = match baud {
                    "" => BAUD,
                    baud => baud
                        .parse()
                        .ok()
                        .filter(|baud| (1_200..=12_000_000).contains(baud))
                        .ok_or_else(|| wrong("a rate is 1200 to 12000000 baud"))?,
                };
                if path.is_empty() {
                    return Err(wrong("no port is given"));
                }
                Ok(Address::Serial(path.into(), baud))
            }
            _ => Err(wrong(&format!("there is no kind of device `{kind}`"))),
        }
    }
}

/// `[HOST:]PORT` with this machine as the host where none is given.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn place(text: &str) -> Result<String, String> {
    let (host, port) = text.rsplit_once(':').unwrap_or(("127.0.0.1", text));
    match port.parse::<u16>() {
        Ok(_) if host.is_empty() => Err("no host is given".to_owned()),
        Ok(port) => Ok(format!("{host}:{port}")),
        Err(_) => Err(format!("`{port}` is no port, 0 to 65535")),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Qemu(image) => write!(f, "qemu:{}", image.display()),
            Address::Exec(words) => write!(f, "exec:{}", words.join(" ")),
            Address::Tcp(place) => write!(f, "tcp:{place}"),
            Address::Serial(path, baud) => write!(f, "serial:{}@{baud}", path.display()),
        }
    }
}

impl Address {
    /// Whether any number of such devices can be had at the same time.
    pub fn is_plural(&self) -> bool {
        matches!(self, Address::Exec(_) | Address::Qemu(_))
    }

    /// Connects and asks who is there.
    ///
    /// # Errors
    /// A reason when nobody answers, or in another protocol.
    pub fn connect(&self, patience: Patience) -> Result<Remote, String> {
        let transport: Box<dyn crate::Transport> = match self {
            Address::Qemu(image) => Box::new(Qemu::start(image).map_err(|gone| gone.0)?),
            Address::Exec(words) => Box::new(Process::start(words).map_err(|gone| gone.0)?),
            Address::Tcp(place) => Box::new(Tcp::connect(place).map_err(|gone| gone.0)?),
            Address::Serial(path, baud) => {
                Box::new(Serial::open(path, *baud).map_err(|gone| gone.0)?)
            }
        };
        Remote::greet(transport, patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written_back() {
        for (text, back) in [
            ("qemu:target/chip.elf", "qemu:target/chip.elf"),
            ("exec:./firmware --fast", "exec:./firmware --fast"),
            ("tcp:4000", "tcp:127.0.0.1:4000"),
            ("tcp:board.local:4000", "tcp:board.local:4000"),
            ("tcp:[::1]:4000", "tcp:[::1]:4000"),
            ("serial:/dev/ttyACM0", "serial:/dev/ttyACM0@460800"),
            ("serial:/dev/ttyACM0@921600", "serial:/dev/ttyACM0@921600"),
        ] {
            let address: Address = text.parse().expect(text);
            assert_eq!(address.to_string(), back);
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_what_is_allowed() {
        for (text, what) in [
            ("board", "named by its kind"),
            ("usb:1", "no kind of device `usb`"),
            ("exec: ", "no command"),
            ("qemu:", "no image is given"),
            ("tcp:host:port", "`port` is no port"),
            ("tcp:70000", "`70000` is no port"),
            ("serial:@9600", "no port is given"),
            ("serial:/dev/x@fast", "1200 to 12000000"),
        ] {
            let error = text.parse::<Address>().expect_err(text).to_string();
            assert!(error.contains(what), "{error}");
            assert!(error.contains("allowed are qemu:IMAGE"), "{error}");
        }
    }
}
