//! Runs numbered work on several threads and hands the results back in order.
//!
//! What runs decides nothing about the results: work number *n* gives the same
//! on any thread. Once stopped, no new number is begun.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// Threads at most: more than any machine has processors only cost memory.
const JOBS_MAX: usize = 1024;

/// Says to stop, from any thread.
#[derive(Debug, Default)]
pub struct Stop(AtomicBool);

impl Stop {
    /// Stop as soon as possible.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether to stop.
    pub fn wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Threads for a wish: 0 is one per processor.
pub fn threads(jobs: usize) -> usize {
    match jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n.min(JOBS_MAX),
    }
}

/// Works on the numbers `0..count`. Each thread makes itself a `tool` (a cache, a
/// parsed file) and keeps it; `work` gives nothing where it was stopped in the
/// middle. `each` gets the results on the calling thread, in the order of their
/// numbers, as soon as all before are there; after a stop, what finished behind
/// a gap comes too, still in order.
///
/// # Panics
/// When the system gives not a single thread, or `tool` or `work` panics.
pub fn in_order<T, R: Send>(
    count: usize,
    jobs: usize,
    stop: &Stop,
    tool: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, usize) -> Option<R> + Sync,
    mut each: impl FnMut(usize, R),
) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for thread in 0..threads(jobs).clamp(1, count.max(1)) {
            let sender = sender.clone();
            let (next, tool, work) = (&next, &tool, &work);
            let body = move || {
                let mut tool = tool();
                while !stop.wanted() {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let done = work(&mut tool, number);
                    if sender.send((number, done)).is_err() {
                        break;
                    }
                }
            };
            let started = std::thread::Builder::new().spawn_scoped(scope, body);
            // Where the system gives no more threads, those that there are do the work.
            if let Err(error) = started {
                assert!(thread > 0, "the system gives no thread: {error}");
                break;
            }
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut shown = 0;
        for (number, done) in receiver {
            waiting.insert(number, done);
            while let Some(done) = waiting.remove(&shown) {
                if let Some(result) = done {
                    each(shown, result);
                }
                shown += 1;
            }
        }
        for (number, done) in waiting {
            if let Some(result) = done {
                each(number, result);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        for jobs in [1, 2, 7] {
            let mut seen = Vec::new();
            let work = |calls: &mut usize, n: usize| {
                *calls += 1;
                std::thread::yield_now();
                Some(n * n)
            };
            in_order(
                100,
                jobs,
                &Stop::default(),
                || 0,
                work,
                |n, r| seen.push((n, r)),
            );
            let wanted: Vec<_> = (0..100).map(|n| (n, n * n)).collect();
            assert_eq!(seen, wanted, "{jobs} threads");
        }
    }

    #[test]
    fn after_a_stop_nothing_new_begins_and_what_finished_is_handed_over() {
        let stop = Stop::default();
        let mut seen = Vec::new();
        let work = |_: &mut (), n: usize| {
            if n == 10 {
                stop.now();
                return None;
            }
            Some(n)
        };
        in_order(1_000, 3, &stop, || (), work, |n, _| seen.push(n));
        assert!(seen.is_sorted(), "{seen:?}");
        assert!(!seen.contains(&10), "{seen:?}");
        assert!((0..10).all(|n| seen.contains(&n)), "{seen:?}");
        assert!(seen.len() < 20, "{seen:?}");
    }

    #[test]
    fn no_work_is_no_mistake() {
        in_order(
            0,
            0,
            &Stop::default(),
            || (),
            |_, _| Some(()),
            |_, _| panic!("nothing was done"),
        );
    }
}
