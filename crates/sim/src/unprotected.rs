//! The firmware core without its own protection, as a device: to see what stands behind it.
//!
//! A device of its own and no mode of [`crate::InProcess`], so that nothing can
//! switch the protection off in the middle of a run, and a protected tick pays
//! nothing for it. What still goes on is in `docs/single-faults.md`.

use kneadsim_firmware::io::{Inputs, Outputs, Record, ResetCause};
use kneadsim_firmware::{Config, State, TaskMask, step_unprotected};

use crate::device::{Boot, Device, Injection};

/// The core, linked in; its checks look and do not act.
#[derive(Clone, Debug, PartialEq)]
pub struct Unprotected {
    config: Config,
    state: State,
    skip: TaskMask,
}

impl Default for Unprotected {
    fn default() -> Self {
        Self::new()
    }
}

impl Unprotected {
    /// A device before its first boot.
    pub fn new() -> Self {
        let config = Config::default();
        Self {
            config,
            state: State::boot(&config, ResetCause::PowerOn, Record::blank()),
            skip: TaskMask::NONE,
        }
    }
}

impl Device for Unprotected {
    fn boot(&mut self, boot: &Boot) -> Result<(), String> {
        self.config = boot.config;
        self.state = State::boot(&boot.config, boot.cause, boot.record);
        Ok(())
    }

    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        self.state.adopt(&self.config);
        Ok(step_unprotected(&mut self.state, inputs, self.skip))
    }

    fn configure(&mut self, config: &Config) -> Result<(), String> {
        self.config = *config;
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
