//! The part of a specification that settings change, before it is complete.

use kneadsim_firmware::Config;
use kneadsim_plant::{Build, Conditions};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Board, TICKS_PER_S};

/// Everything that a [`crate::settings::Setting`] can reach.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The massager and the body.
    pub build: Build,
    /// Conditions at the start.
    pub conditions: Conditions,
    /// The board.
    pub board: Board,
    /// The firmware's configuration.
    pub firmware: Config,
    /// Seed of all randomness.
    pub seed: u64,
    /// Length of the run, ticks.
    pub duration_ticks: u32,
    /// Ticks between rows of the trace; 0 = no trace.
    pub trace_every_ticks: u32,
    /// Columns of the trace.
    pub trace_signals: Vec<Signal>,
}

/// Signals that a trace has unless the scenario names others: what is needed
/// to see who heated what, how warm the skin got, and why the firmware stopped.
pub const TRACE_DEFAULT: [Signal; 20] = [
    Signal::FilmUpper,
    Signal::FilmLower,
    Signal::FilmMax,
    Signal::SkinSurfaceMax,
    Signal::BasalMax,
    Signal::Cem43Max,
    Signal::OmegaDiller,
    Signal::ReadUpper,
    Signal::ReadLower,
    Signal::SetpointUpper,
    Signal::HeaterUpperPower,
    Signal::HeaterLowerPower,
    Signal::RelayClosed,
    Signal::KneadingSpeed,
    Signal::KneadingCurrent,
    Signal::KneadingWinding,
    Signal::SupplyVoltage,
    Signal::Mode,
    Signal::FaultCode,
    Signal::Ambient,
];

impl Default for Draft {
    /// The reference product on an adult's upper back in a T-shirt, in a room
    /// of 23 degC, for 30 minutes.
    fn default() -> Self {
        Self {
            build: Build::default(),
            conditions: Conditions::default(),
            board: Board::default(),
            firmware: Config::default(),
            seed: 1,
            duration_ticks: 30 * 60 * TICKS_PER_S,
            trace_every_ticks: TICKS_PER_S / 10,
            trace_signals: TRACE_DEFAULT.to_vec(),
        }
    }
}
