//! The messages of protocol 1.
//!
//! The order of members and of variants is the order on the wire: nothing is
//! ever taken out or put between, a change is a new protocol number.

use kneadsim_firmware::{Config, io};
use serde::{Deserialize, Serialize};

use crate::schema::{Kind, Member, Schema, Wired};

/// Number of this protocol.
pub const PROTOCOL: u8 = 1;
/// Longest text in a hello, bytes.
pub const TEXT_MAX: usize = 32;
/// Bit of [`Hello::abilities`]: takes the parameters of the reference core.
pub const ABILITY_CONFIG: u8 = 1 << 0;
/// ... flips bits and skips tasks on request.
pub const ABILITY_INJECT: u8 = 1 << 1;
/// ... starts from the record that the board kept.
pub const ABILITY_BOOT_RECORD: u8 = 1 << 2;

macro_rules! structures {
    ($($(#[doc = $doc:literal])* $name:ident, $c:literal { $($member:ident: $type:ty, $text:literal;)* })*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name {
                $(#[doc = $text] pub $member: $type,)*
            }

            impl $name {
                /// Its members, in the order in which they are sent.
                pub const SCHEMA: Schema = Schema {
                    name: $c,
                    doc: concat!($($doc),*),
                    members: &[$(Member {
                        name: stringify!($member),
                        kind: <$type as Wired>::KIND,
                        doc: $text,
                    },)*],
                };
            }

            impl Wired for $name {
                const KIND: Kind = Kind::Struct(&$name::SCHEMA);
            }
        )*
    };
}

/// Structures that have the firmware's members: both ways.
macro_rules! mirrored {
    ($($name:ident { $($member:ident),* })*) => {
        $(
            impl From<&io::$name> for $name {
                fn from(from: &io::$name) -> Self {
                    Self { $($member: from.$member,)* }
                }
            }

            impl From<&$name> for io::$name {
                fn from(from: &$name) -> Self {
                    Self { $($member: from.$member,)* }
                }
            }
        )*
    };
}

structures! {
    /// What the chip sees at one tick.
    Inputs, "inputs" {
        tick: u32, "Ticks of 10 ms of the chip's own timer since power-on; wraps.";
        rtc_ms: u16, "Milliseconds of a second, independent oscillator; wraps.";
        ntc_counts: [u16; 2], "Film thermistors, upper and lower zone: 4095 times the divider's ratio, 10 k pull-up; cold is high.";
        heater_current_counts: u16, "Current of the heater rail, 2 mA a count.";
        motor_current_counts: [u16; 2], "Current of the kneading and the vibration motor's driver, 4 mA a count.";
        supply_counts: u16, "Supply, 8 mV a count.";
        reference_counts: u16, "The 1.200 V band gap through the 3.300 V reference: 1489 is right.";
        pack_ntc_counts: u16, "Battery pack thermistor; 2048 on adapter units.";
        encoder_counts: u16, "Quadrature counter of the kneading motor's shaft; wraps.";
        buttons: u8, "Buttons that are down: bit 0 power, 1 mode, 2 heat, 3 intensity, 4 time.";
    }

    /// What the board keeps through a loss of power.
    Record, "record" {
        fault: u8, "Latched fault; 0 none.";
        used_s: u16, "Use not yet rested off, s.";
        rest_s: u16, "Rest still owed, s.";
        dose_centi_min: u16, "Skin dose estimate, hundredths of a CEM43 minute.";
        boots: u8, "Boots that were not followed by a quiet minute.";
        check: u16, "The firmware's own check over the others.";
    }

    /// Figures for observers; no hardware acts on them. All zero where a firmware has none.
    Telemetry, "telemetry" {
        film_centi_c: [i16; 2], "Film as read, hundredths of a degC; -32768 if not valid.";
        setpoint_centi_c: [i16; 2], "Set-point, hundredths of a degC; -32768 when not heating.";
        dose_centi_min: u16, "Skin dose estimate, hundredths of a CEM43 minute.";
        winding_centi_c: [i16; 2], "Estimated windings, hundredths of a degC.";
        session_left_s: u16, "Session time left, s.";
        rest_left_s: u16, "Rest still owed, s.";
    }

    /// What the chip drives.
    Outputs, "outputs" {
        heater_duty: [u16; 2], "Duty of each zone's MOSFET, 0 to 10000.";
        relay_closed: bool, "The heater rail's series relay is to be closed.";
        motor_duty: [i16; 2], "Duty of each motor's bridge, -10000 to 10000.";
        leds: u8, "Indicators: bit 0 power, 1 heat, 2 massage, 3 fault.";
        buzzer: bool, "Sounder on.";
        watchdog_kick: bool, "Pulse to the watchdog: only when every task of the tick has run.";
        mode: u8, "0 off, 1 self-test, 2 warming, 3 holding, 4 cooling, 5 latched.";
        fault: u8, "Number of the latched fault; 0 none.";
        record: Record, "What the board must keep.";
        telemetry: Telemetry, "For observers.";
    }
}

/// From the bench to the device. Each is answered by one [`FromDevice`] with the
/// same sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToDevice {
    /// Who are you? Answered by a hello, whatever `protocol` is.
    Hello {
        /// Protocol that the bench speaks.
        protocol: u8,
    },
    /// Start again. Answered by done.
    Boot {
        /// 0 power-on, 1 brown-out, 2 watchdog, 3 external.
        cause: u8,
        /// What the board kept.
        record: Record,
    },
    /// One tick. Answered by outputs.
    Tick(Inputs),
    /// A parameter of the reference core, by its place in `Config::FIELDS`.
    /// Takes effect with the next boot or adopt. Answered by done.
    Set {
        /// Place of the parameter.
        index: u8,
        /// Its value.
        value: f32,
    },
    /// Adopt what was set, as a whole, between two ticks. Answered by done.
    Adopt {
        /// Hash that the configuration must have then.
        config_hash: u32,
    },
    /// From the next tick on flip a bit or skip tasks. Answered by done.
    Inject {
        /// 0 flip a bit, 1 skip tasks.
        what: u8,
        /// Variable of the flip in the order of `BitTarget::ALL`, or set of tasks.
        target: u8,
        /// Bit, 0 to 63.
        bit: u8,
    },
}

/// From the device to the bench.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromDevice<'a> {
    /// Who I am.
    #[serde(borrow)]
    Hello(Hello<'a>),
    /// It is done.
    Done,
    /// What is driven from now on.
    Outputs(Outputs),
    /// It cannot be done; nothing has changed.
    Refused(Refusal),
}

/// Who a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello<'a> {
    /// Protocol that it speaks.
    pub protocol: u8,
    /// What it can do: see the `ABILITY_` bits.
    pub abilities: u8,
    /// [`config_hash`] of what it would boot with; 0 where it has none.
    pub config_hash: u32,
    /// Kind of device, at most [`TEXT_MAX`] bytes.
    pub device: &'a str,
    /// Name and version of its firmware, at most [`TEXT_MAX`] bytes.
    pub firmware: &'a str,
}

/// Why a device refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// It has no such ability.
    Unable,
    /// A number is out of its range.
    OutOfRange,
    /// A tick came before any boot.
    NotBooted,
    /// The configuration that was set does not have the hash, or is not valid.
    BadConfig,
}

/// FNV-1a over the bits of every parameter, in the order of `Config::FIELDS`.
pub fn config_hash(config: &Config) -> u32 {
    let mut hash = 0x811C_9DC5u32;
    config.each(|value| hash = hash_more(hash, value));
    hash
}

// A call for each value, not its body.
#[inline(never)]
fn hash_more(hash: u32, value: f32) -> u32 {
    let mut hash = hash;
    for byte in value.to_bits().to_le_bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash
}

mirrored! {
    Inputs { tick, rtc_ms, ntc_counts, heater_current_counts, motor_current_counts, supply_counts, reference_counts, pack_ntc_counts, encoder_counts, buttons }
    Record { fault, used_s, rest_s, dose_centi_min, boots, check }
    Telemetry { film_centi_c, setpoint_centi_c, dose_centi_min, winding_centi_c, session_left_s, rest_left_s }
}

impl From<&io::Outputs> for Outputs {
    fn from(from: &io::Outputs) -> Self {
        Self {
            heater_duty: from.heater_duty,
            relay_closed: from.relay_closed,
            motor_duty: from.motor_duty,
            leds: from.leds,
            buzzer: from.buzzer,
            watchdog_kick: from.watchdog_kick,
            mode: from.status.mode as u8,
            fault: from.status.fault as u8,
            record: Record::from(&from.record),
            telemetry: Telemetry::from(&from.telemetry),
        }
    }
}

/// What a device drives or reports that there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// The duty of a heater zone.
    HeaterDuty(u16),
    /// The duty of a motor.
    MotorDuty(i16),
    /// The number of a mode.
    Mode(u8),
    /// The number of a fault.
    Fault(u8),
}

impl core::fmt::Display for Impossible {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let full = io::DUTY_FULL;
        match self {
            Impossible::HeaterDuty(duty) => {
                write!(
                    f,
                    "it drives a heater zone with duty {duty}, allowed 0 to {full}"
                )
            }
            Impossible::MotorDuty(duty) => {
                write!(
                    f,
                    "it drives a motor with duty {duty}, allowed -{full} to {full}"
                )
            }
            Impossible::Mode(number) => write!(f, "it reports mode {number}, which there is not"),
            Impossible::Fault(number) => write!(f, "it reports fault {number}, which there is not"),
        }
    }
}

impl core::error::Error for Impossible {}

impl Outputs {
    /// As the bench takes them.
    ///
    /// # Errors
    /// A mode, fault or duty that there is not.
    pub fn checked(&self) -> Result<io::Outputs, Impossible> {
        let full = io::DUTY_FULL;
        for duty in self.heater_duty {
            if duty > full {
                return Err(Impossible::HeaterDuty(duty));
            }
        }
        for duty in self.motor_duty {
            if duty.unsigned_abs() > full {
                return Err(Impossible::MotorDuty(duty));
            }
        }
        let mode = io::Mode::ALL
            .get(usize::from(self.mode))
            .copied()
            .ok_or(Impossible::Mode(self.mode))?;
        let fault = io::FaultCode::from_number(self.fault).ok_or(Impossible::Fault(self.fault))?;
        Ok(io::Outputs {
            heater_duty: self.heater_duty,
            relay_closed: self.relay_closed,
            motor_duty: self.motor_duty,
            leds: self.leds,
            buzzer: self.buzzer,
            watchdog_kick: self.watchdog_kick,
            status: io::Status { mode, fault },
            record: io::Record::from(&self.record),
            telemetry: io::Telemetry::from(&self.telemetry),
        })
    }
}
