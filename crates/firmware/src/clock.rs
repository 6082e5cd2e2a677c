//! Time as the chip sees it: its own ticks, checked against the second oscillator.

use crate::io::{Inputs, TICK_MS};

/// Longest gap between two steps that is taken as elapsed time; the watchdog bites before a longer one.
const GAP_MAX_TICKS: u32 = 10;
/// Comparison window. Clocks wrong by a factor of two show after one window:
/// at most 0.6 s of true time at half speed.
const WINDOW_MS: u32 = 300;
/// Ticks and milliseconds start anywhere inside their period, so a window may be off by this much.
const QUANTISATION_MS: u32 = 30;

/// What moves over seconds is worked out this often: dose, set-point, windings, telemetry.
const SLOW_MS: u32 = 100;

/// What has passed since the last step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Elapsed {
    /// Milliseconds of the chip's clock, 10 to 100.
    pub(crate) ms: u32,
    /// The same in seconds.
    pub(crate) s: f32,
    /// The clocks disagree, or the tick counter jumped.
    pub(crate) wrong: bool,
    /// In a step in which the slow work is due: milliseconds since it was done last.
    pub(crate) slow_ms: Option<u32>,
}

/// Both counters as last seen and the running comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    last: Option<(u32, u16)>,
    window_ms: u32,
    window_rtc_ms: u32,
    wrong: bool,
    slow_ms: u32,
}

impl Clock {
    /// Takes one step's counters.
    pub(crate) fn advance(&mut self, inputs: &Inputs) -> Elapsed {
        let Some((tick, rtc_ms)) = self.last.replace((inputs.tick, inputs.rtc_ms)) else {
            // The slow work is due at once after a start.
            self.slow_ms = SLOW_MS - TICK_MS;
            return self.elapsed(1, false);
        };
        let ticks = inputs.tick.wrapping_sub(tick);
        if ticks == 0 || ticks > GAP_MAX_TICKS {
            self.wrong = true;
            self.window_ms = 0;
            self.window_rtc_ms = 0;
            return self.elapsed(1, true);
        }
        let rtc_step_ms = u32::from(inputs.rtc_ms.wrapping_sub(rtc_ms));
        self.window_ms = self.window_ms.saturating_add(ticks.saturating_mul(TICK_MS));
        self.window_rtc_ms = self.window_rtc_ms.saturating_add(rtc_step_ms);
        if self.window_ms >= WINDOW_MS || self.window_rtc_ms >= 2 * WINDOW_MS {
            // A fifth: far from the factor of two to be found, far above any pair of crystals.
            let allowed_ms = self.window_ms / 5 + QUANTISATION_MS;
            self.wrong = self.window_ms.abs_diff(self.window_rtc_ms) > allowed_ms;
            self.window_ms = 0;
            self.window_rtc_ms = 0;
        }
        self.elapsed(ticks, self.wrong)
    }

    fn elapsed(&mut self, ticks: u32, wrong: bool) -> Elapsed {
        let ms = ticks.saturating_mul(TICK_MS);
        self.slow_ms = self.slow_ms.saturating_add(ms);
        let is_due = self.slow_ms >= SLOW_MS;
        Elapsed {
            ms,
            s: ms as f32 * 0.001,
            wrong,
            slow_ms: is_due.then(|| core::mem::take(&mut self.slow_ms)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that has seen its first tick.
    fn started() -> Clock {
        let mut clock = Clock::default();
        assert_eq!(clock.advance(&at(0, 0)).slow_ms, Some(100));
        clock
    }

    fn at(tick: u32, rtc_ms: u16) -> Inputs {
        Inputs {
            tick,
            rtc_ms,
            ..Inputs::default()
        }
    }

    #[test]
    fn a_gap_of_up_to_ten_ticks_is_time_and_any_other_step_is_wrong() {
        for (ticks, ms, wrong) in [
            (0, 10, true),
            (1, 10, false),
            (7, 70, false),
            (10, 100, false),
            (11, 10, true),
            (12, 10, true),
            (u32::MAX, 10, true),
        ] {
            let rtc_ms = if ticks <= 10 { ticks as u16 * 10 } else { 0 };
            let got = started().advance(&at(ticks, rtc_ms));
            assert_eq!((got.ms, got.wrong), (ms, wrong), "{ticks}");
            assert_eq!(got.s, ms as f32 * 0.001, "{ticks}");
        }
    }

    #[test]
    fn the_slow_work_is_due_every_tenth_of_a_second_and_misses_no_time() {
        // Ticks from step to step: every one, some left out, and the longest gap.
        for (step_ticks, due_ms) in [(1, 100), (2, 100), (3, 120), (7, 140), (10, 100)] {
            let mut clock = started();
            let mut done_ms = 0;
            for step in 1..=60u32 {
                let ticks = step * step_ticks;
                let rtc_ms = (ticks * 10) as u16;
                let Some(ms) = clock.advance(&at(ticks, rtc_ms)).slow_ms else {
                    continue;
                };
                assert_eq!(ms, due_ms, "{step_ticks} at {step}");
                done_ms += ms;
                assert_eq!(done_ms, ticks * 10, "{step_ticks} at {step}");
            }
            assert!(done_ms > 500, "{step_ticks}");
        }
    }

    #[test]
    fn the_oscillators_may_differ_by_a_fifth_and_the_quantisation_over_a_window() {
        // Milliseconds of the second oscillator over 300 ms of the first.
        for (rtc_ms, wrong) in [
            (300, false),
            (390, false),
            (391, true),
            (210, false),
            (209, true),
        ] {
            let mut clock = started();
            let mut is_wrong = false;
            for tick in 1..=30u16 {
                is_wrong = clock
                    .advance(&at(u32::from(tick), (rtc_ms * tick) / 30))
                    .wrong;
                assert_eq!(is_wrong, wrong && tick == 30, "{rtc_ms} at {tick}");
            }
            // Stays until a window is right again.
            assert_eq!(clock.advance(&at(31, rtc_ms + 10)).wrong, is_wrong);
        }
    }

    #[test]
    fn a_second_oscillator_that_comes_in_bursts_is_not_wrong() {
        let mut clock = started();
        for tick in 1..=300u16 {
            let rtc_ms = tick / 10 * 100;
            assert!(!clock.advance(&at(u32::from(tick), rtc_ms)).wrong, "{tick}");
        }
    }

    #[test]
    fn a_chip_at_a_quarter_of_its_speed_is_found_before_its_window_is_full() {
        let mut clock = started();
        let found = (1..=30u16).find(|tick| clock.advance(&at(u32::from(*tick), tick * 40)).wrong);
        assert_eq!(found, Some(15));
    }
}
