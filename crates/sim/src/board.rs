//! The switching half of the board: from the chip's pins to true switch states.
//!
//! PWM outputs, MOSFETs, the series relay's contact and the motor bridges,
//! each with its own ways to fail. Without a running controller the pins'
//! pull-downs switch everything off.

use kneadsim_firmware::io::{DUTY_FULL, Outputs, ZONES};
use kneadsim_plant::Drive;

use crate::fault::{FaultKind, FaultSpec};
use crate::spec::Board;

/// State of the switching half.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    contact_closed: bool,
    /// Ticks for which the coil has asked for the other state.
    coil_ticks: u32,
}

impl Switches {
    /// Whether the relay's contact is closed, faults included, as of the last [`Switches::drive`].
    pub fn contact_closed(&self) -> bool {
        self.contact_closed
    }

    /// What the plant gets for this tick. `outputs` are the pins as they are now:
    /// all off when the controller is without power or in reset. Written where the plant
    /// reads it: copied, it would be read back while still on its way to memory.
    #[inline]
    pub fn drive(
        &mut self,
        board: &Board,
        outputs: &Outputs,
        logic_on: bool,
        faults: &[FaultSpec],
        drive: &mut Drive,
    ) {
        let relay_closed = self.follow_coil(board, outputs.relay_closed);
        *drive = commanded(outputs, relay_closed, logic_on);
        if !faults.is_empty() {
            break_switches(faults, drive);
        }
        self.contact_closed = drive.relay_closed;
    }

    /// The contact follows the coil after its delay.
    fn follow_coil(&mut self, board: &Board, coil: bool) -> bool {
        if coil == self.contact_closed {
            self.coil_ticks = 0;
            return self.contact_closed;
        }
        self.coil_ticks += 1;
        if self.coil_ticks > board.relay_delay_ticks {
            self.coil_ticks = 0;
            return coil;
        }
        self.contact_closed
    }
}

/// Switch states as the pins command them, with the relay's contact as it is.
#[inline(always)]
pub(crate) fn commanded(outputs: &Outputs, relay_closed: bool, logic_on: bool) -> Drive {
    const PER_COUNT: f64 = 1.0 / DUTY_FULL as f64;
    // Else both pairs are loaded as one, which must wait until the two stores that the chip
    // has just made are in the cache.
    let heater_duty = core::hint::black_box(outputs.heater_duty);
    Drive {
        heater_on: heater_duty.map(|duty| (f64::from(duty) * PER_COUNT).min(1.0)),
        relay_closed,
        motor_duty: outputs
            .motor_duty
            .map(|duty| (f64::from(duty) * PER_COUNT).clamp(-1.0, 1.0)),
        logic_on,
    }
}

/// Whether a fault acts on the switches: the others need not be looked at here.
pub(crate) fn concerns(kind: FaultKind) -> bool {
    [
        FaultKind::PwmStuckOn,
        FaultKind::PwmStuckOff,
        FaultKind::MosfetShort,
        FaultKind::MosfetPartial,
        FaultKind::MosfetOpen,
        FaultKind::RelayWelded,
        FaultKind::RelayOpen,
        FaultKind::DriverOn,
    ]
    .contains(&kind)
}

/// What faults make of it.
#[inline(never)]
fn break_switches(faults: &[FaultSpec], drive: &mut Drive) {
    // The PWM pin comes before the MOSFET: a shorted MOSFET does not care what the pin does.
    for fault in faults {
        stick_pin(fault, drive);
    }
    for fault in faults {
        break_switch(fault, drive);
    }
}

fn stick_pin(fault: &FaultSpec, drive: &mut Drive) {
    let at = usize::from(fault.target);
    if at < ZONES {
        if fault.kind == FaultKind::PwmStuckOn {
            drive.heater_on[at] = 1.0;
        } else if fault.kind == FaultKind::PwmStuckOff {
            drive.heater_on[at] = 0.0;
        }
    }
}

fn break_switch(fault: &FaultSpec, drive: &mut Drive) {
    let at = usize::from(fault.target);
    match fault.kind {
        FaultKind::MosfetShort => drive.heater_on[at] = 1.0,
        FaultKind::MosfetPartial => drive.heater_on[at] = fault.value,
        FaultKind::MosfetOpen => drive.heater_on[at] = 0.0,
        FaultKind::RelayWelded => drive.relay_closed = true,
        FaultKind::RelayOpen => drive.relay_closed = false,
        FaultKind::DriverOn => drive.motor_duty[at] = 1.0,
        FaultKind::PwmStuckOn
        | FaultKind::PwmStuckOff
        | FaultKind::FilmCrack
        | FaultKind::FilmShort
        | FaultKind::Fold
        | FaultKind::Adapter24V
        | FaultKind::NtcOpen
        | FaultKind::NtcShort
        | FaultKind::NtcDetached
        | FaultKind::NtcSlow
        | FaultKind::NtcOffset
        | FaultKind::NtcWrongPart
        | FaultKind::NtcWet
        | FaultKind::AdcReference
        | FaultKind::AdcMux
        | FaultKind::AdcStuck
        | FaultKind::Hang
        | FaultKind::TaskSkipped
        | FaultKind::Clock
        | FaultKind::BitFlip
        | FaultKind::ResetLoop
        | FaultKind::BrownOut
        | FaultKind::Blanket
        | FaultKind::BareSkin
        | FaultKind::LowPerfusion
        | FaultKind::RoomTemperature
        | FaultKind::ButtonMash
        | FaultKind::UserAway
        | FaultKind::Fan
        | FaultKind::RotorLocked
        | FaultKind::EncoderLost
        | FaultKind::WornGear
        | FaultKind::NodeParked
        | FaultKind::BatteryLow
        | FaultKind::Sag
        | FaultKind::Unplugged
        | FaultKind::PackHot
        | FaultKind::CutoutWelded
        | FaultKind::CutoutDrift
        | FaultKind::CutoutCycling => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(kind: FaultKind, value: f64) -> FaultSpec {
        FaultSpec {
            kind,
            target: 0,
            value,
            onset_tick: 0,
            duration_ticks: None,
            repeat: None,
        }
    }

    fn commanded(duty: u16, relay_closed: bool) -> Outputs {
        Outputs {
            heater_duty: [duty; ZONES],
            relay_closed,
            ..Outputs::default()
        }
    }

    fn driven(outputs: &Outputs, faults: &[FaultSpec]) -> Drive {
        let mut drive = Drive::default();
        Switches::default().drive(&Board::default(), outputs, true, faults, &mut drive);
        drive
    }

    #[test]
    fn the_contact_follows_the_coil_after_its_delay() {
        let board = Board {
            relay_delay_ticks: 2,
            ..Board::default()
        };
        let mut switches = Switches::default();
        let closed: Vec<bool> = (0..5)
            .map(|_| {
                let mut drive = Drive::default();
                switches.drive(&board, &commanded(0, true), true, &[], &mut drive);
                drive.relay_closed
            })
            .collect();
        assert_eq!(closed, [false, false, true, true, true]);
    }

    #[test]
    fn switch_faults_override_what_is_commanded() {
        let rows: [(FaultKind, f64, u16, f64); 6] = [
            (FaultKind::MosfetShort, 0.0, 0, 1.0),
            (FaultKind::MosfetPartial, 0.4, 0, 0.4),
            (FaultKind::MosfetPartial, 0.4, DUTY_FULL, 0.4),
            (FaultKind::MosfetOpen, 0.0, DUTY_FULL, 0.0),
            (FaultKind::PwmStuckOn, 0.0, 0, 1.0),
            (FaultKind::PwmStuckOff, 0.0, DUTY_FULL, 0.0),
        ];
        for (kind, value, duty, expected) in rows {
            let faults = [fault(kind, value)];
            let drive = driven(&commanded(duty, true), &faults);
            assert_eq!(drive.heater_on[0], expected, "{}", kind.name());
            assert_eq!(drive.heater_on[1], f64::from(duty) / f64::from(DUTY_FULL));
        }
    }

    #[test]
    fn a_shorted_mosfet_wins_over_a_pin_stuck_off() {
        let faults = [
            fault(FaultKind::MosfetShort, 0.0),
            fault(FaultKind::PwmStuckOff, 0.0),
        ];
        let drive = driven(&commanded(0, false), &faults);
        assert_eq!(drive.heater_on[0], 1.0);
    }
}
