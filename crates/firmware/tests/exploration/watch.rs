//! What must hold in every tick, kept apart from what the firmware believes.
//!
//! Reads pins, buttons and the status word, and counts by itself: use, rest,
//! presses, self-tests. The firmware's own accounts are not asked.

use kneadsim_firmware::Config;
use kneadsim_firmware::io::{FaultCode, Mode, ResetCause, button};

use crate::stand_in::Unit;

/// A claim about every path, and what it was refuted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// No pin drives heat or motors while a fault is latched.
    LatchedDrivesNothing,
    /// Outside the self-test no heat without one that ran to its end for this session.
    HeatNeedsASelfTest,
    /// The self-test itself heats for no longer than its two measurements.
    SelfTestIsBrief,
    /// No session is longer than the longest.
    SessionEnds,
    /// No more use than allowed between two complete rests.
    UseIsLimited,
    /// No self-test and no heat but by a press of power since the start or the last session.
    StartNeedsAPress,
    /// A latched fault stays until the service gesture has been held.
    LatchStays,
    /// Nothing heats at all: false, so that the exploration must refute it.
    NothingEverHeats,
}

/// Longest that the self-test drives a zone: steps 25 to 33.
const SELF_TEST_HEAT_TICKS: u32 = 9;
/// The whole test.
const SELF_TEST_TICKS: u32 = 34;
/// Ticks that the service gesture takes.
const GESTURE_TICKS: u32 = 1_000;
const GESTURE: u8 = button::POWER | button::MODE | button::TIME;
/// Ticks until a press counts as one, and until a button let go does.
const DEBOUNCE_TICKS: u32 = 3;

/// Counters of one path.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    session_max_ticks: u32,
    use_max_ticks: u32,
    rest_ticks: u32,
    /// Claims that this path has refuted.
    pub refuted: Vec<Claim>,
    mode: Mode,
    /// Ticks of the present self-test.
    test_ticks: u32,
    test_heat_ticks: u32,
    /// A self-test ran to its end for the present session.
    pub tested: bool,
    session_ticks: u32,
    used_ticks: u32,
    rested_ticks: u32,
    power_seen_up: bool,
    power_down_ticks: u32,
    /// Power was pressed and no self-test has used it up.
    pub pressed: bool,
    gesture_ticks: u32,
    /// Since the gesture was last held for long enough.
    gesture_let_go_ticks: u32,
    latched: bool,
}

impl Watch {
    /// Over a unit that is switched on with this much use to rest off.
    pub fn new(config: &Config, used_s: u16) -> Self {
        let ticks = |seconds: f32| (seconds * 100.0) as u32;
        Watch {
            session_max_ticks: ticks(config.session_long_s),
            use_max_ticks: ticks(config.use_max_s),
            rest_ticks: ticks(config.rest_s),
            refuted: Vec::new(),
            mode: Mode::Off,
            test_ticks: 0,
            test_heat_ticks: 0,
            tested: false,
            session_ticks: 0,
            used_ticks: u32::from(used_s) * 100,
            rested_ticks: 0,
            power_seen_up: true,
            power_down_ticks: 0,
            pressed: false,
            gesture_ticks: 0,
            gesture_let_go_ticks: u32::MAX,
            latched: false,
        }
    }

    /// The chip starts again: nothing is proved any more, no press counts any
    /// more, and but for a power-on a button that is down must first go up.
    pub fn reset(&mut self, cause: ResetCause) {
        self.mode = Mode::Off;
        self.test_ticks = 0;
        self.tested = false;
        self.pressed = false;
        self.power_down_ticks = 0;
        self.gesture_ticks = 0;
        self.gesture_let_go_ticks = u32::MAX;
        self.power_seen_up = match cause {
            ResetCause::PowerOn => true,
            ResetCause::BrownOut | ResetCause::Watchdog | ResetCause::External => false,
        };
    }

    /// One tick.
    pub fn see(&mut self, unit: &Unit, buttons: u8) {
        self.buttons(buttons);
        let mode = unit.mode();
        if mode == Mode::SelfTest && self.mode != Mode::SelfTest {
            self.claim(Claim::StartNeedsAPress, self.pressed);
            self.pressed = false;
            self.test_ticks = 0;
            self.test_heat_ticks = 0;
        }
        let in_session = matches!(mode, Mode::Warming | Mode::Holding);
        let was_in_session = matches!(self.mode, Mode::Warming | Mode::Holding);
        if in_session && !was_in_session {
            self.tested = self.mode == Mode::SelfTest && self.test_ticks + 1 >= SELF_TEST_TICKS;
            self.session_ticks = 0;
        }
        if !in_session {
            self.tested = false;
        }
        if mode == Mode::SelfTest {
            self.test_ticks += 1;
        }
        // While a task does not run time is not counted: the watchdog bounds it.
        if unit.out.watchdog_kick {
            self.accounts(in_session);
        }
        self.latch(unit);
        self.mode = mode;
        self.pins(unit);
    }

    fn buttons(&mut self, buttons: u8) {
        if buttons & button::POWER == 0 {
            self.power_seen_up = true;
            self.power_down_ticks = 0;
        } else {
            self.power_down_ticks += 1;
            if self.power_seen_up && self.power_down_ticks == DEBOUNCE_TICKS {
                self.pressed = true;
            }
        }
        self.gesture_ticks = if buttons & GESTURE == GESTURE {
            self.gesture_ticks + 1
        } else {
            0
        };
        self.gesture_let_go_ticks = if self.gesture_ticks >= GESTURE_TICKS {
            0
        } else {
            self.gesture_let_go_ticks.saturating_add(1)
        };
    }

    fn accounts(&mut self, in_session: bool) {
        if in_session {
            self.session_ticks += 1;
            self.used_ticks += 1;
            self.rested_ticks = 0;
        } else {
            self.rested_ticks += 1;
            if self.rested_ticks >= self.rest_ticks {
                self.used_ticks = 0;
            }
        }
        self.claim(
            Claim::SessionEnds,
            self.session_ticks <= self.session_max_ticks,
        );
        self.claim(Claim::UseIsLimited, self.used_ticks <= self.use_max_ticks);
    }

    fn latch(&mut self, unit: &Unit) {
        let latched = unit.mode() == Mode::Latched;
        if self.latched && !latched {
            self.claim(
                Claim::LatchStays,
                self.gesture_let_go_ticks < DEBOUNCE_TICKS,
            );
        }
        self.latched = latched;
    }

    fn pins(&mut self, unit: &Unit) {
        let out = &unit.out;
        let driven = out.heater_duty != [0; 2];
        let heats = driven && out.relay_closed;
        let bad = unit.mode() == Mode::Latched || unit.fault() != FaultCode::None;
        self.claim(Claim::LatchedDrivesNothing, !bad || unit.all_off());
        if unit.mode() == Mode::SelfTest {
            if heats {
                self.test_heat_ticks += 1;
            }
            let brief = self.test_heat_ticks <= SELF_TEST_HEAT_TICKS;
            self.claim(Claim::SelfTestIsBrief, brief);
        } else {
            let anything = driven || out.relay_closed;
            self.claim(Claim::HeatNeedsASelfTest, !anything || self.tested);
        }
        self.claim(Claim::NothingEverHeats, !heats);
    }

    fn claim(&mut self, claim: Claim, holds: bool) {
        if !holds && !self.refuted.contains(&claim) {
            self.refuted.push(claim);
        }
    }
}
