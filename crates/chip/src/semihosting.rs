//! Two files of the emulator's host, as a port: `to_chip` and `from_chip` in its working folder.
//!
//! The bench makes them named pipes. A call costs a trap into the emulator
//! instead of an interrupt a byte, as its UART would.

use core::ffi::CStr;

use cortex_m_semihosting::debug::{self, EXIT_SUCCESS};
use cortex_m_semihosting::{nr, syscall};

use crate::Port;

/// The two files.
pub struct Files {
    input: usize,
    output: usize,
}

impl Files {
    /// Opens them; each open waits for the bench to open its end.
    pub fn open() -> Files {
        Files {
            input: open(c"to_chip", nr::open::R_BINARY),
            output: open(c"from_chip", nr::open::W_TRUNC_BINARY),
        }
    }
}

fn open(name: &CStr, mode: usize) -> usize {
    // SAFETY: the call reads the name of the given length, which outlives it.
    let handle = unsafe { syscall!(OPEN, name.as_ptr(), mode, name.count_bytes()) };
    if handle == usize::MAX {
        debug::exit(debug::EXIT_FAILURE);
    }
    handle
}

impl Port for Files {
    fn read(&mut self, into: &mut [u8]) -> usize {
        // SAFETY: the call writes at most the given length into the slice. It
        // gives the number of bytes that it has not read.
        let left = unsafe { syscall!(READ, self.input, into.as_mut_ptr(), into.len()) };
        into.len().saturating_sub(left)
    }

    fn write(&mut self, bytes: &[u8]) {
        // SAFETY: the call reads the slice. It gives the number of bytes not written.
        let left = unsafe { syscall!(WRITE, self.output, bytes.as_ptr(), bytes.len()) };
        if left != 0 {
            self.end();
        }
    }

    fn end(&mut self) -> ! {
        debug::exit(EXIT_SUCCESS);
        loop {
            cortex_m::asm::wfi();
        }
    }
}
