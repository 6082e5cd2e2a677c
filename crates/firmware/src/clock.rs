//! Time as the chip sees it: its own ticks, checked against the second oscillator.

use crate::io::TICK_MS;

/// Longest gap between two steps that is taken as elapsed time; the watchdog bites before a longer one.
const GAP_MAX_TICKS: u32 = 10;
/// Comparison window. Clocks wrong by a factor of two show after one window:
/// at most 0.6 s of true time at half speed.
const WINDOW_MS: u32 = 300;
/// Ticks and milliseconds start anywhere inside their period, so a window may be off by this much.
const QUANTISATION_MS: u32 = 30;

/// What moves over seconds is worked out this often: dose, set-point, windings, telemetry.
const SLOW_MS: u32 = 100;
/// The motors' controllers work this often: a rotor takes 40 ms and more to follow.
const MOTOR_MS: u32 = 20;
/// One zone is looked at this often, between two works on the motors.
const LOOK_MS: u32 = 20;

/// What has passed since the last step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Elapsed {
    /// Milliseconds of the chip's clock, 10 to 100.
    pub(crate) ms: u32,
    /// The same in seconds.
    pub(crate) s: f32,
    /// The clocks disagree, or the tick counter jumped.
    pub(crate) wrong: bool,
    /// In a step in which the motors' work is due: milliseconds since it was done last.
    pub(crate) motor_ms: Option<u32>,
    /// In a step in which a zone is due to be looked at: milliseconds since the last look at
    /// the other one.
    pub(crate) look_ms: Option<u32>,
    /// In a step in which the slow work is due, one of the motors': milliseconds
    /// since it was done last.
    pub(crate) slow_ms: Option<u32>,
}

#[cfg(test)]
impl Elapsed {
    /// A tick in which nothing but what every tick does is due.
    pub(crate) const TICK: Elapsed = Elapsed {
        ms: TICK_MS,
        s: TICK_MS as f32 * 0.001,
        wrong: false,
        motor_ms: None,
        look_ms: None,
        slow_ms: None,
    };
}

/// Both counters as last seen and the running comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Ticks, and milliseconds of the second oscillator modulo 65 536.
    last: Option<(u32, u32)>,
    window_ms: u32,
    window_rtc_ms: u32,
    wrong: bool,
    motor_ms: u32,
    look_ms: u32,
    slow_ms: u32,
}

impl Clock {
    /// Takes one step's counters, the second oscillator's modulo 65 536.
    pub(crate) fn advance(&mut self, now_tick: u32, now_rtc_ms: u32) -> Elapsed {
        let Some((tick, rtc_ms)) = self.last.replace((now_tick, now_rtc_ms)) else {
            // The motors' and the slow work are due at once after a start.
            self.motor_ms = MOTOR_MS - TICK_MS;
            self.slow_ms = SLOW_MS - TICK_MS;
            return self.elapsed(1, false);
        };
        let ticks = now_tick.wrapping_sub(tick);
        if ticks == 0 || ticks > GAP_MAX_TICKS {
            self.wrong = true;
            self.window_ms = 0;
            self.window_rtc_ms = 0;
            return self.elapsed(1, true);
        }
        // It wraps at 16 bits.
        let rtc_step_ms = now_rtc_ms.wrapping_sub(rtc_ms) & u32::from(u16::MAX);
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
        self.motor_ms = self.motor_ms.saturating_add(ms);
        let motor_is_due = self.motor_ms >= MOTOR_MS;
        self.look_ms = self.look_ms.saturating_add(ms);
        let look_is_due = self.look_ms >= LOOK_MS;
        let slow_is_due = motor_is_due && self.slow_ms >= SLOW_MS;
        Elapsed {
            ms,
            s: ms as f32 * 0.001,
            wrong,
            motor_ms: motor_is_due.then(|| core::mem::take(&mut self.motor_ms)),
            look_ms: look_is_due.then(|| core::mem::take(&mut self.look_ms)),
            slow_ms: slow_is_due.then(|| core::mem::take(&mut self.slow_ms)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advance(clock: &mut Clock, tick: u32, rtc_ms: u16) -> Elapsed {
        clock.advance(tick, u32::from(rtc_ms))
    }

    /// A clock that has seen its first tick.
    fn started() -> Clock {
        let mut clock = Clock::default();
        let first = advance(&mut clock, 0, 0);
        assert_eq!((first.motor_ms, first.slow_ms), (Some(20), Some(100)));
        clock
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
            let got = advance(&mut started(), ticks, rtc_ms);
            assert_eq!((got.ms, got.wrong), (ms, wrong), "{ticks}");
            assert_eq!(got.s, ms as f32 * 0.001, "{ticks}");
        }
    }

    #[test]
    fn work_is_due_at_its_pace_and_misses_no_time() {
        // Ticks from step to step: every one, some left out, and the longest gap; then how
        // often motors, a zone and the slow work are due, ms.
        for (step_ticks, due_ms) in [
            (1, [20, 20, 100]),
            (2, [20, 20, 100]),
            (3, [30, 30, 120]),
            (7, [70, 70, 140]),
            (10, [100, 100, 100]),
        ] {
            let mut clock = started();
            let mut done_ms = [0; 3];
            for step in 1..=60u32 {
                let ticks = step * step_ticks;
                let elapsed = advance(&mut clock, ticks, (ticks * 10) as u16);
                // A look came 10 ms before the first tick for all that it knows.
                let begun_ms = [0, 10, 0];
                let works = [elapsed.motor_ms, elapsed.look_ms, elapsed.slow_ms];
                for work in 0..3 {
                    let Some(ms) = works[work] else {
                        continue;
                    };
                    let is_first_look = work == 1 && done_ms[work] == 0;
                    let want_ms = if is_first_look && step_ticks > 1 {
                        due_ms[work] + begun_ms[work]
                    } else {
                        due_ms[work]
                    };
                    assert_eq!(ms, want_ms, "{step_ticks} at {step}");
                    done_ms[work] += ms;
                    assert_eq!(
                        done_ms[work],
                        ticks * 10 + begun_ms[work],
                        "{step_ticks} at {step}"
                    );
                }
                let both = elapsed.motor_ms.is_some() && elapsed.look_ms.is_some();
                assert_eq!(both, step_ticks > 1, "the load is spread");
            }
            assert!(done_ms.iter().all(|ms| *ms > 500), "{step_ticks}");
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
                is_wrong = advance(&mut clock, u32::from(tick), (rtc_ms * tick) / 30).wrong;
                assert_eq!(is_wrong, wrong && tick == 30, "{rtc_ms} at {tick}");
            }
            // Stays until a window is right again.
            assert_eq!(advance(&mut clock, 31, rtc_ms + 10).wrong, is_wrong);
        }
    }

    #[test]
    fn a_second_oscillator_that_comes_in_bursts_is_not_wrong() {
        let mut clock = started();
        for tick in 1..=300u16 {
            let rtc_ms = tick / 10 * 100;
            assert!(
                !advance(&mut clock, u32::from(tick), rtc_ms).wrong,
                "{tick}"
            );
        }
    }

    #[test]
    fn a_chip_at_a_quarter_of_its_speed_is_found_before_its_window_is_full() {
        let mut clock = started();
        let found = (1..=30u16).find(|tick| advance(&mut clock, u32::from(*tick), tick * 40).wrong);
        assert_eq!(found, Some(15));
    }
}
