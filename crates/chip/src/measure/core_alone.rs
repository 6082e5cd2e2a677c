//! The core without the protocol, counted: it hears what the responder hears.
//!
//! It keeps its default parameters and knows of no faults inside the chip.

use core::hint::black_box;

use kneadsim_firmware::{Config, ResetCause, State, step};
use kneadsim_wire::{Event, Link, ToDevice, decode};

use super::{Moment, Spent};

/// The core.
pub struct Core {
    link: Link,
    config: Config,
    state: Option<State>,
    /// What measuring nothing takes, instructions.
    idle: u32,
    boots: Spent,
    ticks: Spent,
}

impl Core {
    pub fn new(idle: u32) -> Core {
        Core {
            link: Link::new(),
            config: Config::default(),
            state: None,
            idle,
            boots: Spent::on("core_boot"),
            ticks: Spent::on("core_tick"),
        }
    }

    #[inline(never)]
    pub fn hear(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (taken, event) = self.link.take(rest);
            rest = &rest[taken..];
            let Some(Event::Frame(frame)) = event else {
                continue;
            };
            match decode::<ToDevice>(frame) {
                Ok((_, ToDevice::Boot { record, .. })) => {
                    let record = (&record).into();
                    let before = Moment::now();
                    let state = State::boot(&self.config, ResetCause::PowerOn, record);
                    self.boots
                        .add(before.instructions().saturating_sub(self.idle));
                    self.state = Some(state);
                }
                Ok((_, ToDevice::Tick(inputs))) => {
                    if let Some(state) = &mut self.state {
                        let inputs = (&inputs).into();
                        let before = Moment::now();
                        let outputs = step(&self.config, state, &inputs);
                        self.ticks
                            .add(before.instructions().saturating_sub(self.idle));
                        black_box(outputs);
                    }
                }
                Ok(_) | Err(_) => {}
            }
        }
    }

    pub fn say(&self) {
        self.boots.say();
        self.ticks.say();
    }
}
