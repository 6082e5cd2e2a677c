//! The whole state at one instant: firmware, chip, board, plant, checks, trace.
//!
//! `Bench` is `Clone`: a copy is a snapshot, and running the copy on ends with
//! the same digest as running the original on. Nothing of a run is anywhere else.

use std::sync::Arc;

use kneadsim_firmware::Status;
use kneadsim_firmware::io::Outputs;
use kneadsim_plant::{ArrheniusSet, Conditions, Drive, EnergyBalance, Plant, Seated, Vectors};

use crate::analog::Analog;
use crate::board::Switches;
use crate::check::{Exposure, Finding, Greatest, Monitors, Sample};
use crate::controller::Controller;
use crate::device::{Device, DeviceLost};
use crate::fault::FaultSpec;
use crate::readings::{Readings, View};
use crate::scenery::Scenery;
use crate::signal::Signal;
use crate::spec::{Action, Spec};
use crate::trace::{Digest, Recorder, Remark, Trace};

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
    reported: Status,
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
            analog: Analog::new(&spec.build, &spec.board, &plant, spec.seed),
            switches: Switches::default(),
            plant,
            readings: Readings::new(&spec),
            monitors: Monitors::new(&spec.checks, spec.duration_ticks.saturating_sub(1)),
            recorder: Recorder::new(&spec.recording, spec.duration_ticks),
            digest: Digest::new(),
            reported: Status::default(),
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

    /// Chooses the vector instructions; the results are the same on all.
    pub fn set_vectors(&mut self, vectors: Vectors) {
        self.plant.set_vectors(vectors);
    }

    /// Conditions of the last tick.
    pub fn conditions(&self) -> &Conditions {
        self.scenery.conditions()
    }

    /// The chip's pins as of the last tick.
    pub fn pins(&self) -> &Outputs {
        self.controller.pins()
    }

    /// Resets by the watchdog so far.
    pub fn watchdog_resets(&self) -> u32 {
        self.controller.resets().1
    }

    /// Signals of the last tick, by [`crate::signal::Signal`] as index; worked
    /// out now, for viewers.
    pub fn signals(&self) -> [f64; Signal::COUNT] {
        View {
            tick: self.tick.saturating_sub(1),
            plant: &self.plant,
            scenery: &self.scenery,
            controller: &self.controller,
            switches: &self.switches,
            analog: &self.analog,
        }
        .all()
    }

    /// The trace so far.
    pub fn trace(&self) -> Trace {
        self.recorder.trace()
    }

    /// The trace, when the run is over.
    pub fn into_trace(self) -> Trace {
        self.recorder.into_trace()
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
        self.recorder.note(tick, action.into());
        self.scenery.start(action, tick);
        self.controller
            .start(action, tick, &mut self.device)
            .map_err(|reason| DeviceLost { tick, reason })
    }

    /// Adds a fault to come, last in order: a beginning that many runs share is run
    /// once, and each goes on from a copy of it as if the fault had been there from
    /// the start.
    ///
    /// # Errors
    /// When its onset has passed, or the product or the grid cannot show it.
    pub fn add_fault(&mut self, fault: FaultSpec) -> Result<(), String> {
        if fault.onset_tick < self.tick {
            return Err(format!(
                "the fault comes at tick {}, and tick {} has come",
                fault.onset_tick, self.tick
            ));
        }
        let mut spec = Spec::clone(&self.spec);
        spec.faults.push(fault);
        if let Err(problems) = spec.validate() {
            let all: Vec<String> = problems.into_iter().map(|p| p.message).collect();
            return Err(all.join("; "));
        }
        self.spec = Arc::new(spec);
        self.scenery.expect(fault);
        Ok(())
    }

    /// Goes on without the device: what it last drove stays until the watchdog
    /// bites; then the pins' pull-downs switch everything off, as on the board.
    pub fn outlive_device(&mut self) {
        self.recorder.note(self.tick, Remark::DeviceLost);
        self.controller.lose_device();
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
        let mut drive = Drive::default();
        self.begin_tick(&mut drive)?;
        self.plant.tick(&drive, self.scenery.conditions());
        self.end_tick();
        Ok(())
    }

    /// A tick up to the switches: how they drive the plant.
    #[inline(always)]
    pub(crate) fn begin_tick(&mut self, drive: &mut Drive) -> Result<(), DeviceLost> {
        let tick = self.tick;
        while self.event_is_due() {
            let spec = Arc::clone(&self.spec);
            self.intervene(&spec.events[self.next_event].action)?;
            self.next_event += 1;
        }
        if self.scenery.advance(&self.spec, tick) {
            self.analog.rewire(&self.spec.board, self.scenery.faults());
            self.readings
                .take_faults(&self.spec.derived, self.scenery.faults());
            self.note_faults(tick);
        }
        let board = &self.spec.board;
        let mut inputs = self.analog.sample(&self.plant);
        self.controller
            .tick(
                tick,
                board,
                &mut inputs,
                self.plant.electrical().bus_v,
                self.scenery.chip_faults(),
                &mut self.device,
            )
            .map_err(|reason| DeviceLost { tick, reason })?;
        self.switches.drive(
            board,
            self.controller.pins(),
            self.controller.powered(),
            self.scenery.switch_faults(),
            drive,
        );
        Ok(())
    }

    /// The rest of a tick, once the plant has moved.
    #[inline(always)]
    pub(crate) fn end_tick(&mut self) {
        let tick = self.tick;
        self.analog.follow(&self.plant, self.scenery.conditions());
        self.note_status(tick);
        self.observe(tick);
        self.tick += 1;
    }

    /// The plant as it sits in a batch, driven like this.
    #[inline(always)]
    pub(crate) fn seated<'a>(&'a mut self, drive: &'a Drive) -> Seated<'a> {
        Seated {
            plant: &mut self.plant,
            drive,
            conditions: self.scenery.conditions(),
            conditions_moved: self.scenery.moved(),
        }
    }

    fn event_is_due(&self) -> bool {
        let next = self.spec.events.get(self.next_event);
        next.is_some_and(|event| event.at_tick <= self.tick)
    }

    fn observe(&mut self, tick: u32) {
        let view = View {
            tick,
            plant: &self.plant,
            scenery: &self.scenery,
            controller: &self.controller,
            switches: &self.switches,
            analog: &self.analog,
        };
        self.readings.watch(&view);
        let sample = Sample {
            signals: self.readings.signals(),
            derived: self.readings.derived(),
        };
        if self.plant.thermal_stepped() || tick == 0 {
            self.monitors.observe(tick, &sample);
        } else {
            self.monitors.observe_between_steps(tick, &sample);
        }
        if self.recorder.wants(tick) {
            self.readings.take_recorded(&view);
            self.recorder.record(tick, self.readings.signals());
        }
        self.digest.write_u64s(&pins_word(&self.controller));
        if self.plant.thermal_stepped() {
            // Every signal at every thermal step: a difference anywhere shows within 0.25 s.
            self.digest.write_f64s(self.readings.take_digested(&view));
            if self.monitors.wants_field() {
                let field = self.plant.field();
                let (dose, stats) = (field.dose(), field.stats());
                self.monitors.observe_field(
                    tick,
                    &Exposure {
                        step_s: f64::from(self.spec.build.thermal_step_ticks)
                            * kneadsim_plant::TICK_S,
                        skin_surface_c: field.skin_surface_c(),
                        cem43_min: dose.cem43_min(),
                        omega: core::array::from_fn(|i| dose.omega(ArrheniusSet::ALL[i])),
                        greatest: Greatest {
                            skin_surface_c: stats.skin_surface_max_c,
                            cem43_min: stats.cem43_max_min,
                            omega: stats.omega_max,
                        },
                    },
                );
            }
        }
    }

    fn note_faults(&mut self, tick: u32) {
        for (index, fault) in self.spec.faults.iter().enumerate() {
            let before = tick > 0 && fault.active(tick - 1);
            let begins = self.scenery.fault_active(index);
            // A fault that repeats fast would flood the trace: its first edge is enough.
            let repeated = fault.repeat.is_some() && tick != fault.onset_tick;
            if begins != before && !repeated {
                let remark = Remark::Fault {
                    kind: fault.kind,
                    target: fault.target,
                    begins,
                };
                self.recorder.note(tick, remark);
            }
        }
    }

    fn note_status(&mut self, tick: u32) {
        let status = self.controller.pins().status;
        if status != self.reported {
            self.reported = status;
            self.recorder.note(tick, Remark::Status(status));
        }
    }
}

/// What the chip drives, as it goes into the digest at every tick.
#[inline]
fn pins_word(controller: &Controller) -> [u64; 2] {
    let pins = controller.pins();
    let [upper, lower] = pins.heater_duty.map(u64::from);
    let [kneading, vibration] = pins.motor_duty.map(|duty| u64::from(duty.cast_unsigned()));
    let flags = u64::from(pins.relay_closed)
        | u64::from(pins.buzzer) << 1
        | u64::from(pins.watchdog_kick) << 2
        | u64::from(controller.executing()) << 3;
    [
        upper | lower << 16 | kneading << 32 | vibration << 48,
        flags
            | u64::from(pins.leds) << 8
            | u64::from(pins.status.mode as u8) << 16
            | u64::from(pins.status.fault as u8) << 24
            | u64::from(pins.telemetry.session_left_s) << 32
            | u64::from(pins.telemetry.dose_centi_min) << 48,
    ]
}

#[cfg(test)]
mod tests {
    use kneadsim_plant::Grid;

    use super::*;
    use crate::device::InProcess;
    use crate::readings::DIGESTED;
    use crate::spec::Button;

    #[test]
    fn signals_taken_down_together_are_those_asked_for_one_by_one() {
        let mut spec = Spec {
            duration_ticks: 6_000,
            ..Spec::default()
        };
        spec.build.grid = Grid::Column;
        spec.press(1.0, Button::Power);
        let step_ticks = spec.build.thermal_step_ticks;
        let mut bench = Bench::new(Arc::new(spec), InProcess::new()).expect("the spec runs");
        for steps in [1, 7, 40, 200] {
            bench.run_until(steps * step_ticks).expect("in process");
            let together = bench.readings.signals()[..DIGESTED].iter();
            let one_by_one = bench.signals();
            for ((together, one), signal) in together.zip(one_by_one).zip(Signal::ALL) {
                assert_eq!(together.to_bits(), one.to_bits(), "{}", signal.name());
            }
        }
    }
}
