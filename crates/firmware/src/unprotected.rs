//! One tick without the firmware's own protection: to see what stands behind it.
//!
//! The same core, on the host: it measures, regulates, runs sessions down, kicks
//! the watchdog; every check looks, and none of them acts. What that means for
//! each is written out in `docs/single-faults.md`. Not for a chip: an image is built
//! without this file's feature, and there is no switch in memory or configuration
//! that could turn the protection off.

use crate::State;
use crate::adopted::Adopted;
use crate::clock::Elapsed;
use crate::config::Config;
use crate::io::{FaultCode, Inputs, MOTORS, Outputs};
use crate::motors::Motors;
use crate::redundant::Redundant;
use crate::selftest::{Learned, Progress};
use crate::session::Session;
use crate::supervisor::{Phase, shorter};
use crate::task::TaskMask;
use crate::winding::Winding;

/// One tick in which no protective decision acts; the given tasks do not run.
/// On a unit that has no fault it drives what [`crate::step_adopted`] drives.
pub fn step_unprotected(state: &mut State, inputs: &Inputs, skip: TaskMask) -> Outputs {
    let elapsed = &state.begin(inputs.tick, u32::from(inputs.rtc_ms));
    let mut ran = TaskMask::NONE;
    if !skip.contains(TaskMask::SENSORS) {
        state.sense_anything(inputs, elapsed);
        ran = ran.with(TaskMask::SENSORS);
    }
    if !skip.contains(TaskMask::GUARD) {
        state.look_only(inputs, elapsed);
        ran = ran.with(TaskMask::GUARD);
    }
    state.forget_latch();
    if !skip.contains(TaskMask::SUPERVISOR) {
        state.supervise_unproved(inputs.buttons, elapsed);
        ran = ran.with(TaskMask::SUPERVISOR);
    }
    if !skip.contains(TaskMask::HEATER) {
        state.heat(elapsed);
        ran = ran.with(TaskMask::HEATER);
    }
    if !skip.contains(TaskMask::MOTOR) {
        state.massage_on(inputs, elapsed);
        ran = ran.with(TaskMask::MOTOR);
    }
    state.outputs(ran, elapsed.slow_ms.is_some())
}

impl State {
    /// No reading is called open or short: what a broken sensor says is a
    /// temperature like any other, and is regulated on.
    fn sense_anything(&mut self, inputs: &Inputs, elapsed: &Elapsed) {
        let believing = Config {
            ntc_open_c: f32::NEG_INFINITY,
            ntc_short_c: f32::INFINITY,
            ..*self.config
        };
        self.sensors.update(&believing, inputs, elapsed);
    }

    /// The checks keep their clocks and take turns as ever; what they find is
    /// dropped, no zone rests, no dose is counted, and of two copies that differ
    /// the first is believed.
    fn look_only(&mut self, inputs: &Inputs, elapsed: &Elapsed) {
        for copies in [
            &mut self.setpoint_c,
            &mut self.session_left_ms,
            &mut self.usage.used_ms,
            &mut self.usage.rest_ms,
        ] {
            copies.believe_first();
        }
        self.dose_min = Redundant::from_f32(0.0);
        let _ = self.find_danger(inputs, elapsed);
        self.cause_present = false;
        for path in &mut self.rail.paths {
            path.open = false;
        }
    }

    /// Also what a boot latched: a kept fault, a damaged record, too many resets.
    fn forget_latch(&mut self) {
        self.fault = Redundant::new(FaultCode::None as u32);
        if let Phase::Latched(_) = self.phase {
            self.phase = Phase::Off;
        }
    }

    /// A self-test that fails starts the session all the same, with zones as
    /// they should be.
    fn supervise_unproved(&mut self, raw_buttons: u8, elapsed: &Elapsed) {
        if let Phase::SelfTest(test) = self.phase
            && let Progress::Failed(_) = test.advance(&self.config, &self.sensors)
        {
            self.buttons.update(raw_buttons, elapsed.ms);
            self.begin_session_unproved();
            return;
        }
        self.supervise(raw_buttons, elapsed);
        for path in &mut self.rail.paths {
            path.open = false;
        }
    }

    /// What the supervisor does after a test that has passed. Written out once more:
    /// as one function for both it makes the chip's image longer.
    fn begin_session_unproved(&mut self) {
        let nominal = Learned::nominal(&self.config);
        self.rail.learn(nominal.ohm, nominal.open);
        self.heater.off(&self.config);
        self.setpoint_c = Redundant::from_f32(0.0);
        let left_ms = shorter(
            self.settings.length.ms(&self.config),
            self.usage.left_ms(&self.config),
        );
        self.session_left_ms = Redundant::new(left_ms);
        self.go(Phase::Warming(Session::default()));
    }

    /// Motors are driven as the program asks, whatever they do.
    fn massage_on(&mut self, inputs: &Inputs, elapsed: &Elapsed) {
        if elapsed.motor_ms.is_some() {
            forget_trouble(&mut self.motors, &self.config);
        }
        let _ = self.run_motors(inputs, elapsed);
    }
}

/// What would lead to a stall, a rest or a trip of a motor: its clocks never run out.
fn forget_trouble(motors: &mut Motors, config: &Adopted) {
    let kneading = &mut motors.kneading;
    kneading.blocked_ms = 0;
    kneading.uncounted_ms = 0;
    kneading.rest_ms = 0;
    kneading.off_current.clear();
    kneading.excess.clear();
    motors.vibration_stall.clear();
    motors.vibration_off.clear();
    motors.vibration_rest_ms = 0;
    motors.resting = [false; MOTORS];
    motors.windings = [Winding::at(config.winding_start_c); MOTORS];
}
