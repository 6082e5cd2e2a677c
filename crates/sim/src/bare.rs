//! The bare loop: plant and firmware in lockstep, with nothing between them.
//!
//! What a run costs without noise, faults, checks, trace and digest: the
//! firmware sees ideal counts (nominal parts, no lag), the switches follow it
//! at once, and nobody looks. For measuring what a bench adds; not for verdicts.

use std::sync::Arc;

use kneadsim_firmware::io::{Outputs, Record, ResetCause, TICK_MS, ZONES};
use kneadsim_plant::{Plant, Vectors};

use crate::analog::ideal_inputs;
use crate::board::commanded;
use crate::device::{Boot, Device, DeviceLost};
use crate::spec::{Action, Spec};
use crate::thermistor::{Divider, Thermistor};

/// Plant and firmware of one run.
#[derive(Clone, Debug)]
pub struct BareLoop<D> {
    spec: Arc<Spec>,
    device: D,
    plant: Plant,
    dividers: [Divider; ZONES],
    pins: Outputs,
    tick: u32,
    next_event: usize,
    buttons: u8,
    release_tick: u32,
}

impl<D: Device> BareLoop<D> {
    /// Of a specification: its build, its conditions at the start, its
    /// firmware's configuration, and the presses among its events.
    ///
    /// # Errors
    /// When the plant cannot be built or the device does not boot.
    pub fn new(spec: Arc<Spec>, mut device: D) -> Result<Self, DeviceLost> {
        let lost = |reason| DeviceLost { tick: 0, reason };
        let plant = Plant::new(&spec.build, &spec.conditions)
            .map_err(|e| lost(format!("the plant cannot be built: {e}")))?;
        let boot = Boot {
            config: spec.firmware,
            cause: ResetCause::PowerOn,
            record: Record::blank(),
        };
        device.boot(&boot).map_err(lost)?;
        Ok(Self {
            spec,
            device,
            plant,
            dividers: [Divider::new(Thermistor::default()); ZONES],
            pins: Outputs::default(),
            tick: 0,
            next_event: 0,
            buttons: 0,
            release_tick: 0,
        })
    }

    /// Chooses the vector instructions; the results are the same on all.
    pub fn set_vectors(&mut self, vectors: Vectors) {
        self.plant.set_vectors(vectors);
    }

    /// The plant.
    pub fn plant(&self) -> &Plant {
        &self.plant
    }

    /// The chip's pins as of the last tick.
    pub fn pins(&self) -> &Outputs {
        &self.pins
    }

    /// Runs up to a tick (exclusive).
    ///
    /// # Errors
    /// When the device is lost; what was done up to there stays.
    pub fn run_until(&mut self, tick: u32) -> Result<(), DeviceLost> {
        while self.tick < tick {
            self.step()?;
        }
        Ok(())
    }

    /// One tick.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn step(&mut self) -> Result<(), DeviceLost> {
        let tick = self.tick;
        self.press(tick);
        let mut inputs = ideal_inputs(&self.plant, &mut self.dividers, tick);
        inputs.tick = tick;
        inputs.rtc_ms = (u64::from(tick) * u64::from(TICK_MS)) as u16;
        inputs.buttons = self.buttons;
        self.pins = self
            .device
            .exchange(&inputs)
            .map_err(|reason| DeviceLost { tick, reason })?;
        let drive = commanded(&self.pins, self.pins.relay_closed, true);
        self.plant.tick(&drive, &self.spec.conditions);
        self.tick += 1;
        Ok(())
    }

    fn press(&mut self, tick: u32) {
        if tick >= self.release_tick {
            self.buttons = 0;
        }
        while let Some(event) = self.spec.events.get(self.next_event)
            && event.at_tick <= tick
        {
            if let Action::Press { button, hold_ticks } = &event.action {
                self.buttons |= button.bit();
                self.release_tick = tick.saturating_add(*hold_ticks);
            }
            self.next_event += 1;
        }
    }
}
