//! A queue of fixed capacity, and the sliding minimum on top of it.
//!
//! The capacity is part of the value: a clone has the same one, so a forked
//! run allocates no more than the first.

use super::level::Instant;

/// A double-ended queue that never grows.
#[derive(Clone, Debug)]
pub(crate) struct Ring<T> {
    slots: Box<[T]>,
    head: usize,
    len: usize,
}

impl<T: Copy> Ring<T> {
    /// An empty queue of a capacity; `blank` fills unused slots and is never seen.
    pub fn new(capacity: usize, blank: T) -> Self {
        Self {
            slots: vec![blank; capacity].into(),
            head: 0,
            len: 0,
        }
    }

    /// The oldest item.
    #[inline]
    pub fn front(&self) -> Option<&T> {
        if self.len == 0 {
            None
        } else {
            Some(&self.slots[self.head])
        }
    }

    /// The oldest item.
    #[inline]
    pub fn front_mut(&mut self) -> Option<&mut T> {
        if self.len == 0 {
            None
        } else {
            Some(&mut self.slots[self.head])
        }
    }

    /// The newest item.
    #[inline]
    pub fn back(&self) -> Option<&T> {
        if self.len == 0 {
            None
        } else {
            Some(&self.slots[self.place(self.len - 1)])
        }
    }

    /// Appends.
    ///
    /// # Panics
    /// When full: the owner's bound on the number of items was wrong.
    #[inline]
    pub fn push_back(&mut self, item: T) {
        assert!(self.len < self.slots.len(), "a bounded queue is full");
        let place = self.place(self.len);
        self.slots[place] = item;
        self.len += 1;
    }

    /// Drops the oldest item.
    #[inline]
    pub fn pop_front(&mut self) {
        if self.len > 0 {
            self.head = self.place(1);
            self.len -= 1;
        }
    }

    /// Drops the newest item.
    #[inline]
    pub fn pop_back(&mut self) {
        self.len = self.len.saturating_sub(1);
    }

    /// Slot of the item at an index below the capacity.
    #[inline]
    fn place(&self, index: usize) -> usize {
        let place = self.head + index;
        if place >= self.slots.len() {
            place - self.slots.len()
        } else {
            place
        }
    }
}

/// The worst instant of the last `ticks + 1` samples, by the monotone queue of
/// Lemire (2006): each item is the worst from its own tick on, so the oldest
/// is the worst of the window.
#[derive(Clone, Debug)]
pub(crate) struct SlidingWorst {
    ticks: u32,
    candidates: Ring<Instant>,
}

impl SlidingWorst {
    /// For windows of `ticks + 1` samples.
    pub fn new(ticks: u32) -> Self {
        let blank = Instant {
            holds: false,
            margin: 0.0,
            unknown: false,
            atom: 0,
            tick: 0,
        };
        Self {
            ticks,
            candidates: Ring::new(ticks as usize + 1, blank),
        }
    }

    /// Takes the next sample and says the worst of the window that ends with it;
    /// of equals the earliest.
    #[inline]
    pub fn next(&mut self, now: Instant) -> Instant {
        while self
            .candidates
            .back()
            .is_some_and(|newest| now.worse_than(*newest))
        {
            self.candidates.pop_back();
        }
        while self
            .candidates
            .front()
            .is_some_and(|oldest| now.tick - oldest.tick > self.ticks)
        {
            self.candidates.pop_front();
        }
        self.candidates.push_back(now);
        self.candidates.front().copied().unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_wraps_and_keeps_its_order() {
        let mut ring = Ring::new(3, 0);
        for item in 1..=20 {
            if item > 3 {
                ring.pop_front();
            }
            ring.push_back(item);
            assert_eq!(
                (ring.front(), ring.back()),
                (Some(&(item - 2).max(1)), Some(&item))
            );
        }
        ring.pop_back();
        assert_eq!(ring.back(), Some(&19));
    }

    #[test]
    #[should_panic(expected = "a bounded queue is full")]
    fn a_full_queue_does_not_grow() {
        let mut ring = Ring::new(1, 0);
        ring.push_back(1);
        ring.push_back(2);
    }

    #[test]
    fn the_sliding_worst_is_the_minimum_of_the_last_samples() {
        let margins = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0];
        let mut sliding = SlidingWorst::new(2);
        let got: Vec<(f64, u32)> = margins
            .iter()
            .zip(0..)
            .map(|(&margin, tick)| {
                let worst = sliding.next(Instant {
                    holds: true,
                    margin,
                    unknown: false,
                    atom: 0,
                    tick,
                });
                (worst.margin, worst.tick)
            })
            .collect();
        let want = [
            (3.0, 0),
            (1.0, 1),
            (1.0, 1),
            (1.0, 1),
            (1.0, 3),
            (1.0, 3),
            (2.0, 6),
            (2.0, 6),
            (2.0, 6),
            (3.0, 9),
        ];
        assert_eq!(got, want);
    }
}
