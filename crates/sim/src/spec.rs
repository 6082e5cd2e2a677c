//! What will happen in one run: plain numbers, no text but labels.
//!
//! If a `Spec` passes [`Spec::validate`], it runs. The scenario crate makes one
//! from a file; campaigns, the viewer and tests build it directly.

use kneadsim_firmware::Config;
use kneadsim_plant::{Build, Conditions, Knob};

use crate::check::Check;
use crate::fault::{FaultKind, FaultSpec};
use crate::signal::Signal;

/// Ticks in one second.
pub const TICKS_PER_S: u32 = 100;

/// The board between plant and chip: tolerances and noise of what measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Board {
    /// Thermistor resistance at 25 degC relative to 10 k, per zone.
    pub ntc_r25_factor: [f64; 2],
    /// Thermistor beta relative to 3950 K, per zone.
    pub ntc_beta_factor: [f64; 2],
    /// Pull-up resistor relative to 10 k, per zone.
    pub pull_up_factor: [f64; 2],
    /// Thermistor lag behind the film, s.
    pub ntc_lag_s: f64,
    /// Converter noise, counts rms.
    pub noise_counts_rms: f64,
    /// Gain of the current shunts relative to nominal.
    pub shunt_factor: f64,
    /// Time from the coil command to the relay's contact, ticks.
    pub relay_delay_ticks: u32,
    /// Supply below which the controller is held in reset, V.
    pub brown_out_v: f64,
    /// Time without a kick after which the hardware watchdog resets, ticks.
    pub watchdog_ticks: u32,
    /// Ticks that the controller needs from the release of reset to its first step.
    pub boot_ticks: u32,
}

impl Default for Board {
    /// Reference board; all figures are engineering estimates.
    fn default() -> Self {
        Self {
            ntc_r25_factor: [1.0; 2],
            ntc_beta_factor: [1.0; 2],
            pull_up_factor: [1.0; 2],
            ntc_lag_s: 5.0,
            noise_counts_rms: 0.7,
            shunt_factor: 1.0,
            relay_delay_ticks: 1,
            brown_out_v: 6.5,
            watchdog_ticks: 10,
            boot_ticks: 3,
        }
    }
}

/// A button of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// Power.
    Power,
    /// Massage program.
    Mode,
    /// Heat level.
    Heat,
    /// Massage intensity.
    Intensity,
    /// Session length.
    Time,
}

impl Button {
    /// All buttons.
    pub const ALL: [Button; 5] = [
        Button::Power,
        Button::Mode,
        Button::Heat,
        Button::Intensity,
        Button::Time,
    ];

    /// Name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Button::Power => "power",
            Button::Mode => "mode",
            Button::Heat => "heat",
            Button::Intensity => "intensity",
            Button::Time => "time",
        }
    }

    /// Bit in the firmware's inputs.
    pub fn bit(self) -> u8 {
        use kneadsim_firmware::io::button;
        match self {
            Button::Power => button::POWER,
            Button::Mode => button::MODE,
            Button::Heat => button::HEAT,
            Button::Intensity => button::INTENSITY,
            Button::Time => button::TIME,
        }
    }
}

/// Something that the author lets happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Hold a button down for some ticks.
    Press {
        /// Which.
        button: Button,
        /// How long, ticks.
        hold_ticks: u32,
    },
    /// Move a condition to a value, at once or as a straight ramp.
    Set {
        /// Which condition.
        knob: Knob,
        /// Final value, in the knob's unit.
        value: f64,
        /// Ramp, ticks; 0 = step.
        over_ticks: u32,
    },
    /// Give the firmware a whole new configuration at this tick's boundary.
    Configure(Box<Config>),
}

/// An action at a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When, ticks from the start.
    pub at_tick: u32,
    /// What.
    pub action: Action,
}

/// A boolean column that a formula asks for beyond the fixed table:
/// 1 while such an injected fault is active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived {
    /// Kind of fault (`fault.ntc_open`).
    pub kind: FaultKind,
    /// Only on this target (`fault.ntc_open.upper`), or on any.
    pub target: Option<u8>,
}

/// What the trace keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// One row every so many ticks; 0 = keep no trace.
    pub every_ticks: u32,
    /// Which signals, in column order.
    pub signals: Vec<Signal>,
}

/// Everything that one run needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Name of the case, for reports.
    pub name: String,
    /// Seed of all randomness.
    pub seed: u64,
    /// Length, ticks.
    pub duration_ticks: u32,
    /// The massager and the body.
    pub build: Build,
    /// Conditions at the start.
    pub conditions: Conditions,
    /// The board.
    pub board: Board,
    /// The firmware's configuration.
    pub firmware: Config,
    /// Events, ascending in time.
    pub events: Vec<Event>,
    /// Injected faults.
    pub faults: Vec<FaultSpec>,
    /// Fault columns that formulas refer to.
    pub derived: Vec<Derived>,
    /// Checks.
    pub checks: Vec<Check>,
    /// Trace.
    pub recording: Recording,
}

impl Default for Spec {
    /// The reference product on the reference user for one minute, with no
    /// events, no faults, no checks and no trace.
    fn default() -> Self {
        Self {
            name: "reference".to_owned(),
            seed: 0,
            duration_ticks: 60 * TICKS_PER_S,
            build: Build::default(),
            conditions: Conditions::default(),
            board: Board::default(),
            firmware: Config::default(),
            events: Vec::new(),
            faults: Vec::new(),
            derived: Vec::new(),
            checks: Vec::new(),
            recording: Recording {
                every_ticks: 0,
                signals: Vec::new(),
            },
        }
    }
}

impl Spec {
    /// Adds a short press of a button (100 ms), keeping events in order of time.
    pub fn press(&mut self, at_s: f64, button: Button) -> &mut Self {
        let at_tick = libm::round(at_s * f64::from(TICKS_PER_S)) as u32;
        let hold_ticks = TICKS_PER_S / 10;
        self.events.push(Event {
            at_tick,
            action: Action::Press { button, hold_ticks },
        });
        self.events.sort_by_key(|event| event.at_tick);
        self
    }

    /// Adds a lasting fault with the catalogue's own number.
    pub fn fault(&mut self, at_s: f64, kind: FaultKind, target: u8) -> &mut Self {
        let onset_tick = libm::round(at_s * f64::from(TICKS_PER_S)) as u32;
        self.faults
            .push(FaultSpec::lasting(kind, target, onset_tick));
        self
    }
}
