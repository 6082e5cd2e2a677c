//! The whole state at one instant: firmware, chip, board, plant, checks, trace.
//!
//! `Bench` is `Clone`: a copy is a snapshot, and running the copy on ends with
//! the same digest as running the original on. Nothing of a run is anywhere else.

use std::sync::Arc;

use kneadsim_firmware::io::{Outputs, ZONES};
use kneadsim_plant::{ArrheniusSet, Conditions, EnergyBalance, Plant};

use crate::analog::Analog;
use crate::board::Switches;
use crate::check::{Exposure, Finding, Monitors, Sample};
use crate::controller::Controller;
use crate::device::{Device, DeviceLost};
use crate::readings::Readings;
use crate::scenery::Scenery;
use crate::spec::{Action, Spec};
use crate::trace::{Digest, Recorder, Trace};

/// One run, at one instant.
#[derive(Clone, Debug)]
pub struct Bench<D> {
    spec: Arc<Spec>,
    device: D,
    tick: u32,
    next_event: usize,
    scenery: Scenery,
    controller: Controller,
    analog: Analog,
    switches: Switches,
    plant: Plant,
    readings: Readings,
    monitors: Monitors,
    recorder: Recorder,
    digest: Digest,
    reported: (
        kneadsim_firmware::io::Mode,
        kneadsim_firmware::io::FaultCode,
    ),
}

impl<D: Device> Bench<D> {
    /// Sets a run up and boots the device.
    ///
    /// # Errors
    /// When the specification cannot be run (all reasons in one text; call
    /// [`Spec::validate`] first for them one by one), or the device does not boot.
    pub fn new(spec: Arc<Spec>, mut device: D) -> Result<Self, DeviceLost> {
        let lost = |reason| DeviceLost { tick: 0, reason };
        if let Err(problems) = spec.validate() {
            let all: Vec<String> = problems.iter().map(|p| p.message.clone()).collect();
            return Err(lost(format!(
                "the specification cannot be run: {}",
                all.join("; ")
            )));
        }
        let plant = Plant::new(&spec.build, &spec.conditions)
            .map_err(|e| lost(format!("the plant cannot be built: {e}")))?;
        let mut controller = Controller::new(&spec.firmware);
        controller.power_on(&mut device).map_err(lost)?;
        Ok(Self {
            device,
            tick: 0,
            next_event: 0,
            scenery: Scenery::new(&spec),
            controller,
            analog: Analog::new(&spec.build, &plant, spec.seed),
            switches: Switches::default(),
            plant,
            readings: Readings::new(&spec.derived),
            monitors: Monitors::new(&spec.checks, spec.duration_ticks.saturating_sub(1)),
            recorder: Recorder::new(&spec.recording),
            digest: Digest::new(),
            reported: Default::default(),
            spec,
        })
    }

    /// Ticks done.
    pub fn tick(&self) -> u32 {
        self.tick
    }

    /// What runs.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The device under test.
    pub fn device(&self) -> &D {
        &self.device
    }

    /// The plant, for viewers.
    pub fn plant(&self) -> &Plant {
        &self.plant
    }

    /// Conditions of the last tick.
    pub fn conditions(&self) -> &Conditions {
        self.scenery.conditions()
    }

    /// The chip's pins as of the last tick.
    pub fn pins(&self) -> &Outputs {
        self.controller.pins()
    }

    /// Signals of the last tick, by [`crate::signal::Signal`] as index.
    pub fn signals(&self) -> &[f64] {
        self.readings.signals()
    }

    /// The trace so far.
    pub fn trace(&self) -> Trace {
        self.recorder.trace()
    }

    /// Digest over everything that happened so far.
    pub fn digest(&self) -> u128 {
        self.digest.finish()
    }

    /// Energy balance so far.
    pub fn energy(&self) -> EnergyBalance {
        self.plant.energy()
    }

    /// What the checks say of the run so far.
    pub fn findings(&self) -> Vec<Finding> {
        self.monitors.finish(self.tick.saturating_sub(1))
    }

    /// Whether the run is over.
    pub fn done(&self) -> bool {
        self.tick >= self.spec.duration_ticks
    }

    /// Changes what runs from here on: the way a snapshot is forked. Events and
    /// faults of the past have no effect; checks and trace go on as they were.
    ///
    /// # Errors
    /// When the device does not take the action.
    pub fn intervene(&mut self, action: &Action) -> Result<(), DeviceLost> {
        let tick = self.tick;
        self.recorder.note(tick, describe(action));
        self.scenery.start(action, tick);
        self.controller
            .start(action, tick, &mut self.device)
            .map_err(|reason| DeviceLost { tick, reason })
    }

    /// Runs up to a tick (exclusive), or to the end of the run if that comes first.
    ///
    /// # Errors
    /// When the device is lost; what was done up to there stays.
    pub fn run_until(&mut self, tick: u32) -> Result<(), DeviceLost> {
        while self.tick < tick && !self.done() {
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
        let spec = Arc::clone(&self.spec);
        while let Some(event) = spec
            .events
            .get(self.next_event)
            .filter(|e| e.at_tick <= tick)
        {
            self.intervene(&event.action)?;
            self.next_event += 1;
        }
        if self.scenery.advance(&spec, tick) {
            self.note_faults(tick);
        }
        let scenery = &self.scenery;
        let inputs = self.analog.sample(
            &spec.build,
            &spec.board,
            &self.plant,
            scenery.active_faults(&spec),
        );
        self.controller
            .tick(
                tick,
                &spec.board,
                inputs,
                self.plant.electrical().bus_v,
                scenery.active_faults(&spec),
                &mut self.device,
            )
            .map_err(|reason| DeviceLost { tick, reason })?;
        let drive = self.switches.drive(
            &spec.board,
            self.controller.pins(),
            self.controller.powered(),
            scenery.active_faults(&spec),
        );
        self.plant.tick(&drive, scenery.conditions());
        self.analog.follow(
            &spec.build,
            &spec.board,
            &self.plant,
            scenery.conditions(),
            scenery.active_faults(&spec),
        );
        self.readings.fill(
            tick,
            &self.plant,
            scenery,
            &spec,
            &self.controller,
            &self.switches,
            self.analog.bead_c(),
            inputs.ntc_counts,
        );
        self.note_status(tick);
        self.observe(tick);
        self.tick += 1;
        Ok(())
    }

    fn observe(&mut self, tick: u32) {
        let sample = Sample {
            signals: self.readings.signals(),
            derived: self.readings.derived(),
        };
        self.monitors.observe(tick, &sample);
        self.recorder.record(tick, self.readings.signals());
        self.digest_pins();
        if self.plant.thermal_stepped() {
            if self.monitors.wants_field() {
                let dose = self.plant.field().dose();
                self.monitors.observe_field(
                    tick,
                    &Exposure {
                        step_s: f64::from(self.spec.build.thermal_step_ticks)
                            * kneadsim_plant::TICK_S,
                        skin_surface_c: self.plant.field().skin_surface_c(),
                        cem43_min: dose.cem43_min(),
                        omega: core::array::from_fn(|i| dose.omega(ArrheniusSet::ALL[i])),
                    },
                );
            }
            // Every signal at every thermal step: a difference anywhere shows within 0.25 s.
            for value in self.readings.signals() {
                self.digest.write_f64(*value);
            }
        }
    }

    /// What the chip drives, every tick.
    fn digest_pins(&mut self) {
        let pins = self.controller.pins();
        let mut bytes = [0_u8; 16];
        for zone in 0..ZONES {
            bytes[2 * zone..2 * zone + 2].copy_from_slice(&pins.heater_duty[zone].to_le_bytes());
        }
        bytes[4..6].copy_from_slice(&pins.motor_duty[0].to_le_bytes());
        bytes[6..8].copy_from_slice(&pins.motor_duty[1].to_le_bytes());
        bytes[8] = u8::from(pins.relay_closed)
            | u8::from(pins.buzzer) << 1
            | u8::from(pins.watchdog_kick) << 2
            | u8::from(self.controller.executing()) << 3;
        bytes[9] = pins.leds;
        bytes[10] = pins.status.mode as u8;
        bytes[11] = pins.status.fault as u8;
        bytes[12..14].copy_from_slice(&pins.telemetry.session_left_s.to_le_bytes());
        bytes[14..16].copy_from_slice(&pins.telemetry.dose_centi_min.to_le_bytes());
        self.digest.write_bytes(&bytes);
    }

    fn note_faults(&mut self, tick: u32) {
        let spec = Arc::clone(&self.spec);
        for (index, fault) in spec.faults.iter().enumerate() {
            let edge = match (
                self.scenery.fault_active(index),
                fault.active(tick.wrapping_sub(1)),
            ) {
                (true, false) => "begins",
                (true, true) if tick == 0 => "begins",
                (false, true) if tick > 0 => "ends",
                (true, true) | (false, false) | (false, true) => continue,
            };
            // A fault that repeats fast would flood the trace: its first edge is enough.
            if fault.repeat.is_some() && tick != fault.onset_tick {
                continue;
            }
            let targets = fault.kind.row().targets.names();
            let target = targets
                .get(usize::from(fault.target))
                .copied()
                .unwrap_or("product");
            self.recorder.note(
                tick,
                format!("fault {} on {target} {edge}", fault.kind.name()),
            );
        }
    }

    fn note_status(&mut self, tick: u32) {
        let status = self.controller.pins().status;
        let now = (status.mode, status.fault);
        if now != self.reported {
            self.reported = now;
            self.recorder.note(
                tick,
                format!("mode {}, fault {}", now.0.name(), now.1.name()),
            );
        }
    }
}

fn describe(action: &Action) -> String {
    match action {
        Action::Press { button, .. } => format!("button {} pressed", button.name()),
        Action::Set {
            knob,
            value,
            over_ticks: 0,
        } => {
            format!("{} set to {value} {}", knob.name(), knob.unit())
        }
        Action::Set {
            knob,
            value,
            over_ticks,
        } => format!(
            "{} goes to {value} {} over {} s",
            knob.name(),
            knob.unit(),
            f64::from(*over_ticks) / f64::from(crate::spec::TICKS_PER_S)
        ),
        Action::Configure(_) => "firmware reconfigured".to_owned(),
    }
}
