//! Devices outside of this process, behind the bench's seam.
//!
//! [`Address`] says where a device is, [`Remote`] talks to it over a [`Transport`],
//! in lockstep or in real time, and [`serve`] is the other side: the firmware core behind
//! standard input and output, a TCP port or a serial port. The bytes are those
//! of `kneadsim-wire`.
//!
//! A device that is silent, dies, floods, garbles or speaks another protocol is
//! lost within a bounded wait; lost bytes are asked for again a few times and
//! counted. Clocks are read for time-outs and real time
//! only. Not for: physics, verdicts.
#![forbid(unsafe_code)]

mod address;
#[cfg(target_os = "linux")]
mod beside;
mod pace;
mod process;
mod qemu;
mod remote;
mod serial;
pub mod serve;
mod tcp;
mod transport;

pub use address::{Address, AddressError};
pub use pace::{Spread, Timeliness};
pub use process::Process;
pub use qemu::Qemu;
pub use remote::{Counters, Patience, Remote};
pub use serial::Serial;
pub use tcp::Tcp;
pub use transport::{Gone, Transport};
