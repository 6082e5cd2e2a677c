//! The firmware core as an image for a Cortex-M4F: bytes in, [`Responder`], bytes out.
//!
//! It ticks when it is asked to, so that what it computes does not depend on the
//! emulator's clock. Who carries the bytes is behind [`Port`]: the files of the
//! emulator's semihosting, or the first UART of the board.
#![no_std]
#![no_main]

#[cfg_attr(not(feature = "measure"), path = "unmeasured.rs")]
mod measure;
#[cfg(not(feature = "uart"))]
mod semihosting;
#[cfg(feature = "uart")]
mod uart;

use core::mem::MaybeUninit;
use core::panic::PanicInfo;

use cortex_m_rt::entry;
use kneadsim_wire::Responder;
use measure::{Meter, Moment};

/// A two-way stream of bytes.
trait Port {
    /// Waits for bytes and takes what is there; 0 when there will be no more.
    fn read(&mut self, into: &mut [u8]) -> usize;
    /// Sends all of the bytes.
    fn write(&mut self, bytes: &[u8]);
    /// There is nobody any more.
    fn end(&mut self) -> !;
}

#[entry]
fn main() -> ! {
    // Not on the stack: what is kept is a figure of its own.
    static mut RESPONDER: MaybeUninit<Responder> = MaybeUninit::uninit();
    #[cfg(not(feature = "uart"))]
    let mut port = semihosting::Files::open();
    #[cfg(feature = "uart")]
    let mut port = uart::Uart::first();
    let responder = start(RESPONDER);
    let mut buffer = [0; 256];
    let mut meter = Meter::start();
    loop {
        let count = port.read(&mut buffer);
        if count == 0 {
            meter.say();
            port.end();
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        meter.hear(bytes);
        let mut since = Moment::now();
        responder.take(bytes, |answer| {
            meter.answered(since, answer);
            port.write(answer);
            since = Moment::now();
        });
    }
}

// A function of its own: what it builds on the stack is not there afterwards.
#[inline(never)]
fn start(place: &mut MaybeUninit<Responder>) -> &mut Responder {
    place.write(Responder::new(
        "mps2-an386",
        concat!("kneadsim-firmware ", env!("CARGO_PKG_VERSION")),
    ))
}

/// The core cannot panic (a test of the firmware proves it by linking); what is
/// around it would stop here, and the watchdog would bite.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {
        cortex_m::asm::wfi();
    }
}
