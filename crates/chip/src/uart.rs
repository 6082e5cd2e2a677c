//! The first UART of the board (CMSDK APB UART), polled.
//!
//! Register numbers: Arm's Cortex-M System Design Kit, APB UART.

use crate::Port;

const BASE: usize = 0x4000_4000;
const DATA: usize = 0x0;
const STATE: usize = 0x4;
const CONTROL: usize = 0x8;
const BAUD_DIVIDER: usize = 0x10;
/// Bits of the state register.
const TRANSMIT_FULL: u32 = 1;
const RECEIVE_FULL: u32 = 1 << 1;
/// Bits of the control register.
const ENABLE: u32 = 0b11;
/// 25 MHz over 460,800 baud.
const DIVIDER: u32 = 54;

/// The UART.
pub struct Uart;

impl Uart {
    /// Switches it on.
    pub fn first() -> Uart {
        put(BAUD_DIVIDER, DIVIDER);
        put(CONTROL, ENABLE);
        Uart
    }
}

fn get(register: usize) -> u32 {
    // SAFETY: an aligned register of a device that is there.
    unsafe { core::ptr::read_volatile((BASE + register) as *const u32) }
}

fn put(register: usize, value: u32) {
    // SAFETY: as above; nothing else uses this device.
    unsafe { core::ptr::write_volatile((BASE + register) as *mut u32, value) }
}

impl Port for Uart {
    fn read(&mut self, into: &mut [u8]) -> usize {
        while get(STATE) & RECEIVE_FULL == 0 {}
        match into.first_mut() {
            Some(place) => {
                *place = get(DATA) as u8;
                1
            }
            None => 0,
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            while get(STATE) & TRANSMIT_FULL != 0 {}
            put(DATA, u32::from(*byte));
        }
    }

    fn end(&mut self) -> ! {
        // A UART has no end.
        loop {
            cortex_m::asm::wfi();
        }
    }
}
