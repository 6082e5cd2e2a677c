//! What leaves the chip at the end of a tick: drive, indicators, record, telemetry.
//!
//! Everything here is derived from the state; nothing is decided.

use crate::State;
use crate::drive::Drive;
use crate::io::{FaultCode, MOTORS, Mode, Outputs, Record, Status, Telemetry, ZONES};
use crate::numbers::centi;
use crate::supervisor::Phase;
use crate::task::TaskMask;

impl State {
    /// What follows from the state: nothing is driven but in the self-test and in a session.
    #[inline(always)]
    pub(crate) fn outputs(&mut self, ran: TaskMask, is_slow: bool) -> Outputs {
        let drive = match &self.phase {
            Phase::Off | Phase::Cooling(_) | Phase::Latched(_) => Drive::NONE,
            Phase::SelfTest(test) => test.drive(),
            Phase::Warming(_) | Phase::Holding(_) => Drive {
                heater_duty: self.heater.duty,
                relay_closed: self.heater.relay_closed,
                motor_duty: self.motors.duty,
            },
        };
        self.last_drive = drive;
        let status = Status {
            mode: self.mode(),
            fault: self.fault(),
        };
        let in_session = self.phase.session().is_some();
        let latched = status.mode == Mode::Latched;
        let moving = drive.motor_duty.iter().any(|duty| *duty != 0);
        if is_slow || self.told != Some(status) {
            self.tell(status);
        }
        Outputs {
            heater_duty: drive.heater_duty,
            relay_closed: drive.relay_closed,
            motor_duty: drive.motor_duty,
            leds: u8::from(in_session)
                | u8::from(drive.relay_closed) << 1
                | u8::from(moving) << 2
                | u8::from(latched) << 3,
            buzzer: self.sounds(),
            watchdog_kick: ran == TaskMask::EVERY,
            status,
            record: self.record,
            telemetry: self.telemetry,
        }
    }

    /// Renews what the board keeps and what is told.
    #[inline(never)]
    fn tell(&mut self, status: Status) {
        let record = self.record(status.fault);
        self.telemetry = self.telemetry(&record);
        self.told = Some(status);
    }

    /// A fault beeps a fifth of each second for a minute.
    fn sounds(&self) -> bool {
        match &self.phase {
            Phase::Latched(latched) => latched.since_ms < 60_000 && latched.since_ms % 1_000 < 200,
            Phase::Off
            | Phase::SelfTest(_)
            | Phase::Warming(_)
            | Phase::Holding(_)
            | Phase::Cooling(_) => false,
        }
    }

    /// Sealed anew only when a field has changed. A bit flip in the kept copy
    /// is mended here, or, in its check, makes the next boot latch.
    fn record(&mut self, fault: FaultCode) -> Record {
        let now = Record {
            fault: fault as u8,
            used_s: seconds_up(self.usage.used_ms.get_or(u32::MAX)),
            rest_s: seconds_up(self.usage.rest_ms.get_or(u32::MAX)),
            dose_centi_min: centi_min(self.dose_min.f32_or(f32::MAX)),
            boots: self.boots,
            check: self.record.check,
        };
        if now != self.record {
            self.record = now.sealed();
        }
        self.record
    }

    fn telemetry(&self, record: &Record) -> Telemetry {
        let [upper, lower] = &self.sensors.film;
        let film_centi_c = [upper, lower].map(|film| film.valid_c().map_or(i16::MIN, centi));
        let setpoint_c = self.setpoint_c.f32_or(0.0);
        let heating = self.phase.session().is_some() && setpoint_c > 0.0;
        let setpoint_centi_c = if heating { centi(setpoint_c) } else { i16::MIN };
        let mut winding_centi_c = [0; MOTORS];
        for (out, winding) in winding_centi_c.iter_mut().zip(&self.motors.windings) {
            *out = centi(winding.winding_c);
        }
        Telemetry {
            film_centi_c,
            setpoint_centi_c: [setpoint_centi_c; ZONES],
            dose_centi_min: record.dose_centi_min,
            winding_centi_c,
            session_left_s: seconds_up(self.session_left_ms.get_or(0)),
            rest_left_s: record.rest_s,
        }
    }
}

/// Whole seconds, rounded up: a power cut never shortens an account.
fn seconds_up(milliseconds: u32) -> u16 {
    u16::try_from(milliseconds.div_ceil(1000)).unwrap_or(u16::MAX)
}

/// Hundredths of a minute, saturating.
fn centi_min(minutes: f32) -> u16 {
    (minutes * 100.0 + 0.5) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::ResetCause;
    use crate::supervisor::Latched;

    #[test]
    fn a_fault_beeps_a_fifth_of_each_second_for_a_minute() {
        for (since_ms, sounds) in [
            (10, true),
            (190, true),
            (200, false),
            (990, false),
            (1_000, true),
            (59_190, true),
            (59_200, false),
            (60_000, false),
            (61_100, false),
        ] {
            let mut state = State::boot(
                &crate::Config::default(),
                ResetCause::PowerOn,
                Record::blank(),
            );
            let mut latched = Latched::default();
            latched.since_ms = since_ms;
            state.phase = Phase::Latched(latched);
            assert_eq!(state.sounds(), sounds, "{since_ms} ms");
        }
    }
}
