//! The core with nothing around it, to see what it takes of a chip: never run.
//!
//! What it reads and drives are plain words of memory, so that no driver, no
//! protocol and no emulator is counted with it.
#![no_std]
#![no_main]

use core::mem::MaybeUninit;
use core::panic::PanicInfo;
use core::ptr::{read_volatile, write_volatile};

use cortex_m_rt::entry;
use kneadsim_firmware::{Config, Inputs, Outputs, Record, ResetCause, State, step};

const INPUTS: *const Inputs = 0x4000_0000 as *const Inputs;
const OUTPUTS: *mut Outputs = 0x4000_1000 as *mut Outputs;
const CAUSE: *const u32 = 0x4000_2000 as *const u32;
const RECORD: *const Record = 0x4000_3000 as *const Record;

#[entry]
fn main() -> ! {
    static mut CONFIG: MaybeUninit<Config> = MaybeUninit::uninit();
    static mut STATE: MaybeUninit<State> = MaybeUninit::uninit();
    let config = CONFIG.write(Config::default());
    // SAFETY: the addresses stand for aligned registers; this image is never run.
    let (cause, record) = unsafe { (read_volatile(CAUSE), read_volatile(RECORD)) };
    let cause = match cause {
        0 => ResetCause::PowerOn,
        1 => ResetCause::BrownOut,
        2 => ResetCause::Watchdog,
        _ => ResetCause::External,
    };
    let state = STATE.write(State::boot(config, cause, record));
    loop {
        // SAFETY: as above.
        let inputs = unsafe { read_volatile(INPUTS) };
        let outputs = step(config, state, &inputs);
        // SAFETY: as above.
        unsafe { write_volatile(OUTPUTS, outputs) };
    }
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {
        cortex_m::asm::nop();
    }
}
