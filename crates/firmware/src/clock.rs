//! Time as the chip sees it: its own ticks, checked against the second oscillator.

use crate::io::{Inputs, TICK_MS};

/// Longest gap between two steps that is taken as elapsed time; the watchdog bites before a longer one.
const GAP_MAX_TICKS: u32 = 10;
/// Comparison window. Clocks wrong by a factor of two show after one window:
/// at most 0.6 s of true time at half speed.
const WINDOW_MS: u32 = 300;
/// Ticks and milliseconds start anywhere inside their period, so a window may be off by this much.
const QUANTISATION_MS: u32 = 30;

/// What has passed since the last step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Elapsed {
    /// Milliseconds of the chip's clock, 10 to 100.
    pub(crate) ms: u32,
    /// The same in seconds.
    pub(crate) s: f32,
    /// The clocks disagree, or the tick counter jumped.
    pub(crate) wrong: bool,
}

/// Both counters as last seen and the running comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    last: Option<(u32, u16)>,
    window_ms: u32,
    window_rtc_ms: u32,
    wrong: bool,
}

impl Clock {
    /// Takes one step's counters.
    pub(crate) fn advance(&mut self, inputs: &Inputs) -> Elapsed {
        let Some((tick, rtc_ms)) = self.last.replace((inputs.tick, inputs.rtc_ms)) else {
            return elapsed(1, false);
        };
        let ticks = inputs.tick.wrapping_sub(tick);
        if ticks == 0 || ticks > GAP_MAX_TICKS {
            self.wrong = true;
            self.window_ms = 0;
            self.window_rtc_ms = 0;
            return elapsed(1, true);
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
        elapsed(ticks, self.wrong)
    }
}

fn elapsed(ticks: u32, wrong: bool) -> Elapsed {
    let ms = ticks.saturating_mul(TICK_MS);
    Elapsed {
        ms,
        s: ms as f32 * 0.001,
        wrong,
    }
}
