//! The supervisor: which mode the unit is in, and why it changes.
//!
//! Decides; it measures and drives nothing. The dangerous limits are looked at
//! before this match, in every state (`limits.rs`); what is driven follows from
//! the state afterwards (`lib.rs`).

use crate::clock::Elapsed;
use crate::io::{FaultCode, Mode, button};
use crate::persist::ms;
use crate::selftest::{Progress, SELF_TEST_MS, SelfTest};
use crate::session::Session;
use crate::{State, redundant::Redundant};

/// The supervisor's state. Each owns what only it needs.
///
/// Transitions (`Boot` is the start of the chip):
///
/// ```text
/// Boot     --nothing owed-->                           Off
/// Boot     --use exhausted-->                          Cooling
/// Boot     --kept latch, bad record, reset loop-->     Latched
/// Off      --power-->                                  SelfTest
/// Off      --power, use exhausted-->                   Cooling
/// Off      --fault-->                                  Latched
/// SelfTest --passed-->                                 Warming
/// SelfTest --power, supply low-->                      Off
/// SelfTest --fault-->                                  Latched
/// Warming  --film in its band, or no heat asked-->     Holding
/// Warming  --power-->                                  Off
/// Warming  --time, use exhausted, supply low-->        Cooling
/// Warming  --fault-->                                  Latched
/// Holding  --film far below, heat asked again-->       Warming
/// Holding  --power-->                                  Off
/// Holding  --time, use exhausted, supply low-->        Cooling
/// Holding  --fault-->                                  Latched
/// Cooling  --rested-->                                 Off
/// Cooling  --fault-->                                  Latched
/// Latched  --service gesture-->                        Off
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
// A tag of its own, with the numbers of `Mode`: the mode is asked for all the time.
#[repr(u8)]
pub(crate) enum Phase {
    /// Nothing driven; rest counts.
    Off,
    /// The switch-off path is being proved.
    SelfTest(SelfTest),
    /// Session running, film below its band.
    Warming(Session),
    /// Session running, film in its band.
    Holding(Session),
    /// Session over, rest enforced.
    Cooling(Cooling),
    /// A fault is latched.
    Latched(Latched),
}

/// Why and how long the unit cools.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cooling {
    /// Until the account of use is cleared.
    Rest,
    /// After low supply: milliseconds to go, counted only while the supply is back.
    Supply {
        /// To go.
        left_ms: u32,
    },
}

/// A latched unit's clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Latched {
    /// Since the latch, for the buzzer.
    pub(crate) since_ms: u32,
    /// How long the service gesture has been held.
    held_ms: u32,
}

/// Every transition that the code may make; `State::go` refuses others.
pub const TRANSITIONS: [(Mode, Mode); 17] = [
    (Mode::Off, Mode::SelfTest),
    (Mode::Off, Mode::Cooling),
    (Mode::Off, Mode::Latched),
    (Mode::SelfTest, Mode::Warming),
    (Mode::SelfTest, Mode::Off),
    (Mode::SelfTest, Mode::Latched),
    (Mode::Warming, Mode::Holding),
    (Mode::Warming, Mode::Off),
    (Mode::Warming, Mode::Cooling),
    (Mode::Warming, Mode::Latched),
    (Mode::Holding, Mode::Warming),
    (Mode::Holding, Mode::Off),
    (Mode::Holding, Mode::Cooling),
    (Mode::Holding, Mode::Latched),
    (Mode::Cooling, Mode::Off),
    (Mode::Cooling, Mode::Latched),
    (Mode::Latched, Mode::Off),
];

/// Modes that the chip can start in.
pub const BOOT_MODES: [Mode; 3] = [Mode::Off, Mode::Cooling, Mode::Latched];

/// Held for ten seconds: all three.
const SERVICE_GESTURE: u8 = button::POWER | button::MODE | button::TIME;
const SERVICE_GESTURE_MS: u32 = 10_000;
/// Every zone must have cooled below this before a latch can be cleared, degC.
const SERVICE_FILM_MAX_C: f32 = 40.0;
/// Supply below `supply_shed_v` for this long sheds the motors.
pub(crate) const SHED_MS: u32 = 1_000;
/// Supply below `supply_low_v` for this long ends the session.
const LOW_MS: u32 = 3_000;

impl Phase {
    /// As reported.
    pub(crate) const fn mode(&self) -> Mode {
        match self {
            Phase::Off => Mode::Off,
            Phase::SelfTest(_) => Mode::SelfTest,
            Phase::Warming(_) => Mode::Warming,
            Phase::Holding(_) => Mode::Holding,
            Phase::Cooling(_) => Mode::Cooling,
            Phase::Latched(_) => Mode::Latched,
        }
    }

    /// The session, in the two states that have one.
    pub(crate) const fn session(&self) -> Option<&Session> {
        match self {
            Phase::Warming(session) | Phase::Holding(session) => Some(session),
            Phase::Off | Phase::SelfTest(_) | Phase::Cooling(_) | Phase::Latched(_) => None,
        }
    }
}

impl State {
    /// The one place where the state changes. A transition that the table does
    /// not have is a bug, and a bug latches.
    pub(crate) fn go(&mut self, to: Phase) {
        let step = (self.phase.mode(), to.mode());
        if TRANSITIONS.contains(&step) {
            self.phase = to;
        } else {
            self.fault = Redundant::new(FaultCode::Internal as u32);
            self.phase = Phase::Latched(Latched::default());
        }
    }

    /// Latches a fault; the first one stays.
    pub(crate) fn latch(&mut self, code: FaultCode) {
        if let Phase::Latched(_) = self.phase {
            return;
        }
        self.fault = Redundant::new(code as u32);
        self.session_left_ms = Redundant::new(0);
        self.go(Phase::Latched(Latched::default()));
    }

    /// One tick of the supervisor.
    pub(crate) fn supervise(&mut self, raw_buttons: u8, elapsed: &Elapsed) {
        let dt_ms = elapsed.ms;
        let pressed = self.buttons.update(raw_buttons, dt_ms);
        let power = pressed & button::POWER != 0;
        match self.phase {
            Phase::Off => {
                self.rest(dt_ms);
                self.settings.press(pressed);
                if power {
                    self.start();
                }
            }
            Phase::SelfTest(test) => {
                let low = self.sensors.supply_smooth_v < self.config.supply_low_v;
                if power || low {
                    // The test heats for a moment: mashing must not get that for nothing.
                    self.usage.spend(&self.config, SELF_TEST_MS);
                    self.go(Phase::Off);
                    return;
                }
                match test.advance(&self.config, &self.sensors) {
                    Progress::Running(test) => self.phase = Phase::SelfTest(test),
                    Progress::Failed(code) => self.latch(code),
                    Progress::Passed(learned) => {
                        self.rail.learn(learned.ohm, learned.open);
                        self.heater.off(&self.config);
                        self.setpoint_c = Redundant::from_f32(0.0);
                        let left_ms = shorter(
                            self.settings.length.ms(&self.config),
                            self.usage.left_ms(&self.config),
                        );
                        self.session_left_ms = Redundant::new(left_ms);
                        self.go(Phase::Warming(Session::default()));
                    }
                }
            }
            Phase::Warming(session) | Phase::Holding(session) => {
                // A button acts at once; time and film move slowly.
                if elapsed.slow_ms.is_some() || pressed != 0 {
                    self.run_session(session, pressed, elapsed.slow_ms.unwrap_or(0));
                }
            }
            Phase::Cooling(Cooling::Rest) => {
                self.rest(dt_ms);
                if self.usage.rest_ms.get_or(u32::MAX) == 0 {
                    self.go(Phase::Off);
                }
            }
            Phase::Cooling(Cooling::Supply { left_ms }) => {
                self.rest(dt_ms);
                let back = self.sensors.supply_smooth_v > self.config.supply_shed_v;
                let left_ms = if back {
                    left_ms.saturating_sub(dt_ms)
                } else {
                    left_ms
                };
                self.phase = Phase::Cooling(Cooling::Supply { left_ms });
                if left_ms == 0 {
                    self.go(Phase::Off);
                }
            }
            Phase::Latched(latched) => {
                self.rest(dt_ms);
                self.stay_latched(latched, dt_ms);
            }
        }
    }

    fn start(&mut self) {
        if self.sensors.supply_smooth_v < self.config.supply_low_v {
            return;
        }
        if self.usage.left_ms(&self.config) < ms(self.config.use_min_s) {
            self.usage.exhaust(&self.config);
            self.go(Phase::Cooling(Cooling::Rest));
        } else {
            self.go(Phase::SelfTest(SelfTest::new(&self.config)));
        }
    }

    fn run_session(&mut self, mut session: Session, pressed: u8, dt_ms: u32) {
        session.elapsed_ms = session.elapsed_ms.saturating_add(dt_ms);
        self.usage.spend(&self.config, dt_ms);
        self.settings.press(pressed);
        let mut left_ms = self.session_left_ms.get_or(0).saturating_sub(dt_ms);
        if pressed & button::TIME != 0 {
            left_ms = self
                .settings
                .length
                .ms(&self.config)
                .saturating_sub(session.elapsed_ms);
        }
        left_ms = shorter(left_ms, self.usage.left_ms(&self.config));
        self.session_left_ms = Redundant::new(left_ms);

        let supply_v = self.sensors.supply_smooth_v;
        session.shed_ms = below(supply_v, self.config.supply_shed_v, session.shed_ms, dt_ms);
        session.low_ms = below(supply_v, self.config.supply_low_v, session.low_ms, dt_ms);

        if left_ms == 0 {
            self.usage.exhaust(&self.config);
            self.end_session(Phase::Cooling(Cooling::Rest));
        } else if session.low_ms >= LOW_MS {
            self.end_session(Phase::Cooling(Cooling::Supply {
                left_ms: ms(self.config.supply_rest_s),
            }));
        } else if pressed & button::POWER != 0 {
            self.end_session(Phase::Off);
        } else {
            self.follow_film(session);
        }
    }

    /// Warming or holding, by the coldest zone that can be heated.
    fn follow_film(&mut self, session: Session) {
        let setpoint_c = self.setpoint_c.f32_or(0.0);
        let mut coldest_k = 0.0f32;
        for (film, path) in self.sensors.film.iter().zip(&self.rail.paths) {
            let below_k = setpoint_c - film.smooth_c;
            if !path.open && below_k > coldest_k {
                coldest_k = below_k;
            }
        }
        let heat_asked = self.settings.heat != crate::setpoint::HeatLevel::None;
        let heating = setpoint_c > 0.0;
        match self.phase {
            Phase::Warming(_)
                if !heat_asked || (heating && coldest_k < self.config.holding_band_k) =>
            {
                self.go(Phase::Holding(session));
            }
            Phase::Holding(_) if heat_asked && coldest_k > self.config.holding_leave_k => {
                self.go(Phase::Warming(session));
            }
            Phase::Warming(_) => self.phase = Phase::Warming(session),
            Phase::Holding(_) => self.phase = Phase::Holding(session),
            Phase::Off | Phase::SelfTest(_) | Phase::Cooling(_) | Phase::Latched(_) => {
                self.latch(FaultCode::Internal);
            }
        }
    }

    fn end_session(&mut self, to: Phase) {
        self.session_left_ms = Redundant::new(0);
        self.go(to);
    }

    /// A latch stays through everything but the service gesture, and that works
    /// only when the films are readable and cool and nothing is wrong any more.
    fn stay_latched(&mut self, mut latched: Latched, dt_ms: u32) {
        latched.since_ms = latched.since_ms.saturating_add(dt_ms);
        let gesture = self.buttons.held() & SERVICE_GESTURE == SERVICE_GESTURE;
        latched.held_ms = if gesture {
            latched.held_ms.saturating_add(dt_ms)
        } else {
            0
        };
        self.phase = Phase::Latched(latched);
        let cool = self
            .sensors
            .film
            .iter()
            .all(|f| f.valid_c().is_some_and(|c| c < SERVICE_FILM_MAX_C));
        let gone = !self.cause_present && !self.motors.too_hot(&self.config);
        if latched.held_ms >= SERVICE_GESTURE_MS && cool && gone {
            self.fault = Redundant::new(FaultCode::None as u32);
            self.boots = 0;
            self.go(Phase::Off);
        }
    }

    /// A tick of rest; a complete one clears use and halves the dose, which
    /// tissue takes longer to forget (estimate).
    fn rest(&mut self, dt_ms: u32) {
        if self.usage.rest(dt_ms) {
            self.dose_min = Redundant::from_f32(self.dose_min.f32_or(f32::MAX) * 0.5);
        }
    }
}

pub(crate) fn shorter(a: u32, b: u32) -> u32 {
    if a < b { a } else { b }
}

fn below(value: f32, limit: f32, so_far_ms: u32, dt_ms: u32) -> u32 {
    if value < limit {
        so_far_ms.saturating_add(dt_ms)
    } else {
        0
    }
}

#[cfg(test)]
mod tests;
