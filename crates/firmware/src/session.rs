//! A session's choices and clocks, and the account of use that outlives it.
//!
//! Use adds up over sessions, resets and power cuts; only an uninterrupted
//! rest clears it. So no pressing of buttons gets more than `use_max_s` of
//! heat or massage without the rest. A power cut counts as no rest at all.

use crate::adopted::Adopted;
use crate::config::Config;
use crate::io::{Record, button};
use crate::persist::ms;
use crate::program::Program;
use crate::redundant::Redundant;
use crate::setpoint::HeatLevel;

/// How strong the massage is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intensity {
    /// Three quarters of the program's speeds.
    Gentle,
    /// The program's speeds.
    #[default]
    Normal,
    /// A quarter more.
    Strong,
}

impl Intensity {
    /// Factor on speeds and vibration.
    pub const fn factor(self) -> f32 {
        match self {
            Intensity::Gentle => 0.75,
            Intensity::Normal => 1.0,
            Intensity::Strong => 1.25,
        }
    }

    const fn next(self) -> Intensity {
        match self {
            Intensity::Gentle => Intensity::Normal,
            Intensity::Normal => Intensity::Strong,
            Intensity::Strong => Intensity::Gentle,
        }
    }
}

/// Session lengths, in the order of the time button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// `session_short_s`.
    Short,
    /// `session_default_s`.
    #[default]
    Default,
    /// `session_long_s`.
    Long,
}

impl Length {
    const fn next(self) -> Length {
        match self {
            Length::Short => Length::Default,
            Length::Default => Length::Long,
            Length::Long => Length::Short,
        }
    }

    /// In milliseconds.
    pub(crate) fn ms(self, config: &Config) -> u32 {
        match self {
            Length::Short => ms(config.session_short_s),
            Length::Default => ms(config.session_default_s),
            Length::Long => ms(config.session_long_s),
        }
    }
}

/// What the buttons have chosen; kept from session to session, not through a reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Heat level.
    pub heat: HeatLevel,
    /// Massage program.
    pub program: Program,
    /// Massage strength.
    pub intensity: Intensity,
    /// Session length.
    pub length: Length,
}

impl Settings {
    /// Applies pressed buttons.
    pub(crate) fn press(&mut self, pressed: u8) {
        if pressed & button::MODE != 0 {
            self.program = self.program.next();
        }
        if pressed & button::HEAT != 0 {
            self.heat = self.heat.next();
        }
        if pressed & button::INTENSITY != 0 {
            self.intensity = self.intensity.next();
        }
        if pressed & button::TIME != 0 {
            self.length = self.length.next();
        }
    }
}

/// A running session's own clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Since the session began.
    pub(crate) elapsed_ms: u32,
    /// How long the supply has been too low for motors.
    pub(crate) shed_ms: u32,
    /// How long the supply has been too low to go on.
    pub(crate) low_ms: u32,
}

/// The account of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// Milliseconds of use not yet rested off.
    pub(crate) used_ms: Redundant,
    /// Milliseconds of rest until use is forgotten.
    pub(crate) rest_ms: Redundant,
}

impl Use {
    /// From the record: no time is taken to have passed while the power was off.
    pub(crate) fn restore(record: &Record) -> Self {
        Self {
            used_ms: Redundant::new(u32::from(record.used_s).saturating_mul(1000)),
            rest_ms: Redundant::new(u32::from(record.rest_s).saturating_mul(1000)),
        }
    }

    /// Use is exhausted and the full rest due: a session ended by its timer, or an unknown past.
    pub(crate) fn exhaust(&mut self, config: &Adopted) {
        let used_ms = config.use_max_ms;
        if self.used_ms.get_or(u32::MAX) < used_ms {
            self.used_ms = Redundant::new(used_ms);
        }
        self.rest_ms = Redundant::new(config.rest_ms);
    }

    /// One tick of use.
    pub(crate) fn spend(&mut self, config: &Adopted, dt_ms: u32) {
        self.used_ms = Redundant::new(self.used_ms.get_or(u32::MAX).saturating_add(dt_ms));
        self.rest_ms = Redundant::new(config.rest_ms);
    }

    /// One tick of rest; `true` in the tick in which a rest becomes complete.
    pub(crate) fn rest(&mut self, dt_ms: u32) -> bool {
        let rest_ms = self.rest_ms.get_or(u32::MAX);
        let left_ms = rest_ms.saturating_sub(dt_ms);
        self.rest_ms = Redundant::new(left_ms);
        if left_ms == 0 {
            self.used_ms = Redundant::new(0);
        }
        rest_ms > 0 && left_ms == 0
    }

    /// Use left before a rest is due, ms.
    pub(crate) fn left_ms(&self, config: &Adopted) -> u32 {
        config
            .use_max_ms
            .saturating_sub(self.used_ms.get_or(u32::MAX))
    }
}
