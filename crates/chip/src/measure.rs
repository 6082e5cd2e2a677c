//! Counts instructions and stack inside the emulator, for `crates/chip/report`.
//!
//! The emulator gives each instruction 64 ns (`-icount shift=6`), and its SysTick
//! counts at the board's 25 MHz: 8 counts are 5 instructions. On a board the same
//! counter would count cycles, which these figures are not.

#[cfg(feature = "measure-core")]
mod core_alone;

use cortex_m::peripheral::{SYST, syst::SystClkSource};
use cortex_m_semihosting::heprintln;
use kneadsim_wire::{FRAME_MAX, FromDevice, decode};

/// Bytes below the stack's present end that are watched.
const WATCHED: usize = 16 * 1024;
/// What untouched stack holds.
const PAINT: u32 = 0xA5C3_5A3C;

unsafe extern "C" {
    /// First address above the stack, from the linker script.
    static _stack_start: u32;
}

/// A moment of the counter.
#[derive(Clone, Copy)]
pub struct Moment(u32);

impl Moment {
    #[inline(always)]
    pub fn now() -> Moment {
        Moment(SYST::get_current())
    }

    /// Instructions since then, the measuring itself among them.
    #[inline(always)]
    fn instructions(self) -> u32 {
        // It counts down, through 24 bits.
        (self.0.wrapping_sub(SYST::get_current()) & 0x00FF_FFFF) * 5 / 8
    }
}

/// What a piece of work took, instructions.
struct Spent {
    what: &'static str,
    times: u32,
    sum: u64,
    most: u32,
}

impl Spent {
    const fn on(what: &'static str) -> Spent {
        Spent {
            what,
            times: 0,
            sum: 0,
            most: 0,
        }
    }

    fn add(&mut self, count: u32) {
        self.times += 1;
        self.sum += u64::from(count);
        self.most = self.most.max(count);
    }

    /// Name, times, mean and most.
    fn say(&self) {
        let mean = self.sum / u64::from(self.times.max(1));
        heprintln!("{} {} {} {}", self.what, self.times, mean, self.most);
    }
}

/// The measuring device.
pub struct Meter {
    lowest: *mut u32,
    /// What measuring nothing takes.
    idle: u32,
    ticks: Spent,
    others: Spent,
    #[cfg(feature = "measure-core")]
    core_alone: core_alone::Core,
}

impl Meter {
    /// Starts the counter and paints the stack below the caller.
    pub fn start() -> Meter {
        if let Some(mut board) = cortex_m::Peripherals::take() {
            board.SYST.set_clock_source(SystClkSource::Core);
            board.SYST.set_reload(0x00FF_FFFF);
            board.SYST.clear_current();
            board.SYST.enable_counter();
        }
        let before = Moment::now();
        let idle = before.instructions();
        Meter {
            lowest: paint(),
            idle,
            ticks: Spent::on("tick"),
            others: Spent::on("other"),
            #[cfg(feature = "measure-core")]
            core_alone: core_alone::Core::new(idle),
        }
    }

    /// What has arrived, for the core that runs beside.
    #[inline(always)]
    pub fn hear(&mut self, bytes: &[u8]) {
        #[cfg(feature = "measure-core")]
        self.core_alone.hear(bytes);
        #[cfg(not(feature = "measure-core"))]
        let _ = bytes;
    }

    /// A message, taken up since then, has this answer.
    #[inline(always)]
    pub fn answered(&mut self, since: Moment, answer: &[u8]) {
        let count = since.instructions().saturating_sub(self.idle);
        self.note(count, answer);
    }

    #[inline(never)]
    fn note(&mut self, count: u32, answer: &[u8]) {
        let mut copy = [0; FRAME_MAX];
        let length = answer.len() - 1;
        copy[..length].copy_from_slice(&answer[..length]);
        match decode::<FromDevice>(&mut copy[..length]) {
            Ok((_, FromDevice::Outputs(_))) => self.ticks.add(count),
            Ok(_) | Err(_) => self.others.add(count),
        }
    }

    /// Says what was found.
    pub fn say(&self) {
        #[cfg(feature = "measure-core")]
        self.core_alone.say();
        #[cfg(not(feature = "measure-core"))]
        {
            self.ticks.say();
            self.others.say();
            heprintln!("stack {}", self.deepest());
        }
    }

    /// Bytes of stack that were ever used.
    #[cfg_attr(feature = "measure-core", expect(dead_code))]
    fn deepest(&self) -> usize {
        let top = &raw const _stack_start as usize;
        let mut at = self.lowest;
        // SAFETY: painted before; the scan ends at the caller's own frame at the latest.
        while unsafe { at.read_volatile() } == PAINT {
            at = at.wrapping_add(1);
        }
        top - at as usize
    }
}

/// What `paint` itself may still push, bytes.
const OWN: usize = 64;

/// Paints what is below this function's frame; gives the lowest painted word.
#[inline(never)]
fn paint() -> *mut u32 {
    let end = cortex_m::register::msp::read() as usize - OWN;
    let lowest = (end - WATCHED) as *mut u32;
    let mut at = lowest;
    while (at as usize) < end {
        // SAFETY: below the stack's end, above what is kept: the board has 4 MiB.
        unsafe { at.write_volatile(PAINT) };
        at = at.wrapping_add(1);
    }
    lowest
}
