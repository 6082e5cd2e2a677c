//! A leaky timer: a condition must last before it counts.

/// How long a condition has held, in milliseconds, draining while it does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Persist {
    held_ms: u32,
}

impl Persist {
    /// Nothing held yet.
    pub(crate) const ZERO: Self = Self { held_ms: 0 };

    /// Feeds one tick; `true` once the condition has held for `limit_ms`.
    pub(crate) fn update(&mut self, bad: bool, dt_ms: u32, limit_ms: u32) -> bool {
        if bad {
            self.held_ms = self.held_ms.saturating_add(dt_ms);
            if self.held_ms >= limit_ms {
                // Held at the limit, so that recovery does not take longer than the fault did.
                self.held_ms = limit_ms;
                return true;
            }
        } else {
            self.held_ms = self.held_ms.saturating_sub(dt_ms);
        }
        false
    }

    /// Forgets what was held.
    pub(crate) fn clear(&mut self) {
        self.held_ms = 0;
    }
}

/// Seconds as milliseconds; saturates, NaN and negatives become 0.
pub(crate) fn ms(seconds: f32) -> u32 {
    (seconds * 1000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_condition_counts_once_it_has_lasted_and_drains_as_fast() {
        let mut timer = Persist::ZERO;
        let mut fed = |bad, ticks: u32| (0..ticks).map(|_| timer.update(bad, 10, 50)).last();
        for (bad, ticks, counts) in [
            (true, 4, false),
            (true, 1, true),
            (true, 100, true),
            (false, 1, false),
            (true, 1, true),
            (false, 5, false),
            (true, 4, false),
            (true, 1, true),
        ] {
            assert_eq!(fed(bad, ticks), Some(counts), "{bad} for {ticks}");
        }
        timer.clear();
        assert_eq!(timer, Persist::ZERO);
        assert!(!timer.update(true, 40, 50));
    }
}
