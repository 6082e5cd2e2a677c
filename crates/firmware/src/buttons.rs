//! Buttons: stable for 30 ms, then an edge.

/// A level must stand this long.
const STABLE_MS: u32 = 30;

/// Debounced levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Buttons {
    held: u8,
    candidate: u8,
    candidate_ms: u32,
}

impl Buttons {
    /// Nothing held: a button down at power-on is a press.
    pub(crate) const RELEASED: Self = Self {
        held: 0,
        candidate: 0,
        candidate_ms: 0,
    };
    /// Everything held: after a reset a button that is still down must first be let go.
    pub(crate) const HELD: Self = Self {
        held: u8::MAX,
        candidate: u8::MAX,
        candidate_ms: 0,
    };

    /// Takes one tick; the buttons newly pressed. Buttons bounce one at a time,
    /// so the whole set is debounced together.
    pub(crate) fn update(&mut self, raw: u8, dt_ms: u32) -> u8 {
        if raw != self.candidate {
            self.candidate = raw;
            self.candidate_ms = 0;
        }
        self.candidate_ms = self.candidate_ms.saturating_add(dt_ms);
        if self.candidate_ms < STABLE_MS {
            return 0;
        }
        let pressed = self.candidate & !self.held;
        self.held = self.candidate;
        pressed
    }

    /// The buttons held now.
    pub(crate) const fn held(&self) -> u8 {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounce_makes_one_press_and_a_short_touch_none() {
        let mut buttons = Buttons::RELEASED;
        let mut presses = 0;
        for raw in [1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0] {
            presses += buttons.update(raw, 10);
        }
        assert_eq!(presses, 1);
        for raw in [1, 1, 0, 0, 0, 0] {
            assert_eq!(buttons.update(raw, 10), 0);
        }
    }

    #[test]
    fn a_level_counts_from_its_third_tick() {
        let mut buttons = Buttons::RELEASED;
        let pressed = [
            buttons.update(5, 10),
            buttons.update(5, 10),
            buttons.update(5, 10),
        ];
        assert_eq!(pressed, [0, 0, 5]);
        assert_eq!(buttons.held(), 5);
        // A second button beside the first is pressed alone.
        let pressed = [7, 7, 7].map(|raw| buttons.update(raw, 10));
        assert_eq!(pressed, [0, 0, 2]);
    }
}
