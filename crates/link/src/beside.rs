//! Puts a child process and the thread that talks to it on one processor.
//!
//! In lockstep only one of them ever works. On two processors each question and
//! each answer wakes one that has gone to sleep, which on an idle machine costs
//! five times as much as the switch on one. Decides nothing but speed: where the
//! system does not let us, all goes on as before.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity, sched_yield};

/// A processor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat(usize);

/// Takes the next of the processors that this program may use, in turn.
pub(crate) fn seat(child: u32) -> Option<Seat> {
    static ALLOWED: OnceLock<Vec<usize>> = OnceLock::new();
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    // Asked once, before any thread has taken its seat.
    let allowed = ALLOWED.get_or_init(|| {
        let set = sched_getaffinity(None).unwrap_or_else(|_| CpuSet::new());
        (0..CpuSet::MAX_CPU)
            .filter(|cpu| set.is_set(*cpu))
            .collect()
    });
    let turn = NEXT.fetch_add(1, Ordering::Relaxed);
    let cpu = *allowed.get(turn % allowed.len().max(1))?;
    let child = Pid::from_raw(i32::try_from(child).ok()?)?;
    sched_setaffinity(Some(child), &only(cpu)).ok()?;
    Some(Seat(cpu))
}

/// Puts the calling thread on a processor.
pub(crate) fn sit(seat: Seat) {
    let _ = sched_setaffinity(None, &only(seat.0));
}

fn only(cpu: usize) -> CpuSet {
    let mut set = CpuSet::new();
    set.set(cpu);
    set
}

/// Gives way to the child, unless others take the time that is given away: where
/// the processor has more to do, who sleeps is woken sooner than who gives way.
#[derive(Debug)]
pub(crate) struct Courtesy {
    /// Questions for which no way is given any more.
    pause: u32,
    /// How many the next pause has.
    next_pause: u32,
}

/// A child that has the processor to itself answers in some 20 us.
const TAKEN_BY_OTHERS: Duration = Duration::from_micros(200);
const SHORTEST_PAUSE: u32 = 256;
const LONGEST_PAUSE: u32 = 65_536;

impl Default for Courtesy {
    fn default() -> Self {
        Courtesy {
            pause: 0,
            next_pause: SHORTEST_PAUSE,
        }
    }
}

impl Courtesy {
    /// Gives way once; false where it does not at present.
    pub(crate) fn yields(&mut self) -> bool {
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        let start = Instant::now();
        sched_yield();
        if start.elapsed() > TAKEN_BY_OTHERS {
            self.pause = self.next_pause;
            self.next_pause = (self.next_pause * 4).min(LONGEST_PAUSE);
        } else {
            self.next_pause = (self.next_pause - self.next_pause / 64).max(SHORTEST_PAUSE);
        }
        true
    }
}
