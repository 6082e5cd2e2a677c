//! The firmware core as an image for a Cortex-M4F: bytes in, [`Responder`], bytes out.
//!
//! It ticks when it is asked to, so that what it computes does not depend on the
//! emulator's clock. Who carries the bytes is behind [`Port`]: the files of the
//! emulator's semihosting, or the first UART of the board.
#![no_std]
#![no_main]

#[cfg(not(feature = "uart"))]
mod semihosting;
#[cfg(feature = "uart")]
mod uart;

use core::panic::PanicInfo;

use cortex_m_rt::entry;
use kneadsim_wire::Responder;

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
    #[cfg(not(feature = "uart"))]
    let mut port = semihosting::Files::open();
    #[cfg(feature = "uart")]
    let mut port = uart::Uart::first();
    let mut responder = Responder::new(
        "mps2-an386",
        concat!("kneadsim-firmware ", env!("CARGO_PKG_VERSION")),
    );
    let mut buffer = [0; 256];
    loop {
        let count = port.read(&mut buffer);
        if count == 0 {
            port.end();
        }
        for byte in buffer.iter().take(count) {
            if let Some(answer) = responder.take(*byte) {
                port.write(answer);
            }
        }
    }
}

/// The core cannot panic (a test of the firmware proves it by linking); what is
/// around it would stop here, and the watchdog would bite.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {
        cortex_m::asm::wfi();
    }
}
