//! The seam under test: what the bench exchanges with a firmware.
//!
//! The in-process core is one implementation. A child process, an emulator
//! and a board on a serial port are others; a scenario does not know which.

use kneadsim_firmware::io::{Inputs, Outputs, Record, ResetCause};
use kneadsim_firmware::{BitTarget, Config, State, TaskMask, step_adopted, step_unprotected};

/// How a device starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boot {
    /// Its configuration.
    pub config: Config,
    /// Why it starts.
    pub cause: ResetCause,
    /// What the board kept for it.
    pub record: Record,
}

/// A fault inside the chip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Injection {
    /// Flip one bit of one copy of a variable, now.
    FlipBit {
        /// Which variable.
        target: BitTarget,
        /// Which bit.
        bit: u8,
    },
    /// From now on skip these tasks of each tick.
    SkipTasks(TaskMask),
}

/// A device that does not answer any more, or cannot do what is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("device lost at {:.2} s: {reason}", f64::from(*tick) * 0.01)]
pub struct DeviceLost {
    /// When, ticks.
    pub tick: u32,
    /// Why.
    pub reason: String,
}

/// A firmware under test.
pub trait Device {
    /// Resets the device.
    ///
    /// # Errors
    /// A reason when the device does not answer; the bench adds the time.
    fn boot(&mut self, boot: &Boot) -> Result<(), String>;

    /// A tick of the bench begins, whether or not the chip is asked in it. A
    /// device in real time waits here for its time on the wall.
    fn wait_for_tick(&mut self) {}

    /// One tick: counts in, drive values out.
    ///
    /// # Errors
    /// A reason when the device does not answer; the bench adds the time.
    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String>;

    /// Replaces the configuration as a whole, between two ticks.
    ///
    /// # Errors
    /// A reason when the device does not answer or cannot do it.
    fn configure(&mut self, config: &Config) -> Result<(), String>;

    /// Injects a fault inside the chip.
    ///
    /// # Errors
    /// A reason when the device cannot realise it: it is refused, never ignored.
    fn inject(&mut self, injection: &Injection) -> Result<(), String>;
}

/// A device that is lent: the same one can do one run after another.
impl<D: Device + ?Sized> Device for &mut D {
    fn boot(&mut self, boot: &Boot) -> Result<(), String> {
        (**self).boot(boot)
    }

    fn wait_for_tick(&mut self) {
        (**self).wait_for_tick();
    }

    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        (**self).exchange(inputs)
    }

    fn configure(&mut self, config: &Config) -> Result<(), String> {
        (**self).configure(config)
    }

    fn inject(&mut self, injection: &Injection) -> Result<(), String> {
        (**self).inject(injection)
    }
}

/// The firmware core, linked in; with its protection, or with checks that look and
/// do not act.
///
/// Which of both is a matter of the type, so that nothing can switch the protection
/// off in the middle of a run, and a protected tick pays nothing for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Core<const PROTECTED: bool> {
    config: Config,
    state: State,
    /// The state works with this configuration: it need not be compared again.
    is_adopted: bool,
    skip: TaskMask,
}

/// The firmware core as it ships.
pub type InProcess = Core<true>;

/// The core without its own protection: to see what stands behind it. What still
/// goes on is in `docs/single-faults.md`.
pub type Unprotected = Core<false>;

impl<const PROTECTED: bool> Default for Core<PROTECTED> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const PROTECTED: bool> Core<PROTECTED> {
    /// A device before its first boot.
    pub fn new() -> Self {
        let config = Config::default();
        let state = State::boot(&config, ResetCause::PowerOn, Record::blank());
        Self {
            config,
            state,
            is_adopted: false,
            skip: TaskMask::NONE,
        }
    }

    /// The core's state, for viewers and tests.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The core's configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }
}

impl<const PROTECTED: bool> Device for Core<PROTECTED> {
    fn boot(&mut self, boot: &Boot) -> Result<(), String> {
        self.config = boot.config;
        self.state = State::boot(&boot.config, boot.cause, boot.record);
        self.is_adopted = false;
        Ok(())
    }

    // Inlined, the result of a device that cannot be lost is no union to be copied piecewise;
    // always, or the compiler's mood changes a tick's time by a twentieth.
    #[inline(always)]
    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        if !self.is_adopted {
            self.is_adopted = self.state.adopt(&self.config);
        }
        Ok(if PROTECTED {
            step_adopted(&mut self.state, inputs, self.skip)
        } else {
            step_unprotected(&mut self.state, inputs, self.skip)
        })
    }

    fn configure(&mut self, config: &Config) -> Result<(), String> {
        self.config = *config;
        self.is_adopted = false;
        Ok(())
    }

    fn inject(&mut self, injection: &Injection) -> Result<(), String> {
        match *injection {
            Injection::FlipBit { target, bit } => self.state.flip_bit(target, bit),
            Injection::SkipTasks(mask) => self.skip = mask,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kneadsim_firmware::step;

    use super::*;

    #[test]
    fn a_configuration_that_is_compared_once_does_what_one_compared_every_tick_does() {
        let given = Config::default();
        let boot = Boot {
            config: given,
            cause: ResetCause::PowerOn,
            record: Record::blank(),
        };
        let hotter = Config {
            trip_c: given.trip_c + 2.0,
            ..given
        };
        let broken = Config {
            trip_c: f32::NAN,
            ..given
        };
        let mut device = InProcess::new();
        device.boot(&boot).expect("in process");
        let mut state = State::boot(&boot.config, boot.cause, boot.record);
        let mut config = boot.config;
        for tick in 0..600u32 {
            let next = match tick {
                100 => Some(hotter),
                200 | 450 => Some(broken),
                300 => Some(given),
                _ => None,
            };
            if let Some(next) = next {
                config = next;
                device.configure(&next).expect("in process");
            }
            let inputs = Inputs {
                tick,
                rtc_ms: (tick * 10) as u16,
                ntc_counts: [2_048, 2_048],
                supply_counts: 1_500,
                reference_counts: 1_489,
                pack_ntc_counts: 2_048,
                ..Inputs::default()
            };
            let want = step(&config, &mut state, &inputs);
            assert_eq!(device.exchange(&inputs), Ok(want), "tick {tick}");
            assert_eq!(device.state(), &state, "tick {tick}");
        }
        assert_ne!(state.fault(), kneadsim_firmware::FaultCode::None);
    }
}
