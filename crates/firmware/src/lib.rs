//! The control core of a heated massager: a total function of (config, state, inputs).
//!
//! [`step`] is all there is: no I/O, no clock, no randomness, no allocation, no
//! panic. It runs on the chip and, unmodified, against a simulated body. It
//! knows counts and pins (`io`), never what is behind them.
//!
//! Order of a tick: memory, sensors, dangerous limits, supervisor, heater,
//! motors, and then the outputs, which are derived from the supervisor's state.
#![no_std]
#![forbid(unsafe_code)]

mod adopted;
mod buttons;
mod clock;
pub mod config;
mod drive;
mod echo;
pub mod guard;
mod heater;
pub mod io;
mod kneading;
mod limits;
mod motors;
pub mod ntc;
mod numbers;
mod persist;
mod plausibility;
pub mod program;
mod rail;
mod record;
pub mod redundant;
mod report;
mod selftest;
mod sensors;
pub mod session;
pub mod setpoint;
mod state;
pub mod supervisor;
pub mod task;
mod trip;
#[cfg(feature = "unprotected")]
mod unprotected;
mod winding;

pub use config::{Config, ConfigError, Field};
pub use io::{FaultCode, Inputs, Mode, Outputs, Record, ResetCause, Status, Telemetry};
pub use state::{BitTarget, State};
pub use task::TaskMask;
#[cfg(feature = "unprotected")]
pub use unprotected::step_unprotected;

/// One tick: everything the chip does between two edges of its timer.
pub fn step(config: &Config, state: &mut State, inputs: &Inputs) -> Outputs {
    step_skipping(config, state, inputs, TaskMask::NONE)
}

/// One tick in which the given tasks do not run (fault injection): what they
/// would have decided stays as it was, and the watchdog is not kicked.
#[inline]
pub fn step_skipping(
    config: &Config,
    state: &mut State,
    inputs: &Inputs,
    skip: TaskMask,
) -> Outputs {
    state.adopt(config);
    step_adopted(state, inputs, skip)
}

/// The same with the configuration that the state has adopted last
/// ([`State::adopt`]): for callers who know that it has not changed, and so
/// need not have it compared in every tick.
// Its end is inlined, so that the outputs are written where the caller keeps
// them, and not put together, copied and read back while still on their way.
#[inline(always)]
pub fn step_adopted(state: &mut State, inputs: &Inputs, skip: TaskMask) -> Outputs {
    let (ran, is_slow) = run_tasks(state, inputs, skip);
    state.outputs(ran, is_slow)
}

/// The tasks that ran, and whether the slow work was due.
fn run_tasks(state: &mut State, inputs: &Inputs, skip: TaskMask) -> (TaskMask, bool) {
    let elapsed = &state.begin(inputs.tick, u32::from(inputs.rtc_ms));
    let mut ran = TaskMask::NONE;
    if !skip.contains(TaskMask::SENSORS) {
        state.sense(inputs, elapsed);
        ran = ran.with(TaskMask::SENSORS);
    }
    if !skip.contains(TaskMask::GUARD) {
        state.guard(inputs, elapsed);
        ran = ran.with(TaskMask::GUARD);
    }
    if !skip.contains(TaskMask::SUPERVISOR) {
        state.supervise(inputs.buttons, elapsed);
        ran = ran.with(TaskMask::SUPERVISOR);
    }
    if !skip.contains(TaskMask::HEATER) {
        state.heat(elapsed);
        ran = ran.with(TaskMask::HEATER);
    }
    if !skip.contains(TaskMask::MOTOR) {
        state.massage(inputs, elapsed);
        ran = ran.with(TaskMask::MOTOR);
    }
    (ran, elapsed.slow_ms.is_some())
}
