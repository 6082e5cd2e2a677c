//! What crosses the chip's pins: raw counts in, drive values out.
//!
//! This is the whole seam between the firmware and everything else. No
//! physical units cross it inwards: the chip sees counts, and it is the
//! firmware's business to make temperatures of them. The one exception
//! outwards is [`Telemetry`], which observers may read and no hardware acts on.

/// Heater zones; index 0 is the upper zone, 1 the lower.
pub const ZONES: usize = 2;
/// Motors; index 0 is the kneading gear motor, 1 the vibration motor.
pub const MOTORS: usize = 2;
/// One firmware tick in milliseconds of the chip's own clock.
pub const TICK_MS: u32 = 10;
/// Largest code of the 12-bit converter.
pub const ADC_MAX_COUNTS: u16 = 4095;
/// Heater and motor duty that means "fully on".
pub const DUTY_FULL: u16 = 10_000;
/// Share of full that one step of a duty is.
pub(crate) const PER_DUTY: f32 = 1.0 / DUTY_FULL as f32;

/// Bits of [`Inputs::buttons`].
pub mod button {
    /// Switches a session on and off.
    pub const POWER: u8 = 1 << 0;
    /// Steps through the massage programs.
    pub const MODE: u8 = 1 << 1;
    /// Steps through the heat levels, the last of which is "no heat".
    pub const HEAT: u8 = 1 << 2;
    /// Steps through the massage intensities.
    pub const INTENSITY: u8 = 1 << 3;
    /// Steps through the session lengths.
    pub const TIME: u8 = 1 << 4;
}

/// Everything the chip can know at one tick.
///
/// Analog scales, which are wiring and so part of the contract:
///
/// | field | full scale 4095 counts is |
/// |---|---|
/// | `ntc_counts`, `pack_ntc_counts` | divider ratio 1 (10 k pull-up to the sensor rail): open = 4095, short = 0 |
/// | `heater_current_counts` | 8.19 A of the heater rail (2 mA a count), mean over the last tick |
/// | `motor_current_counts` | 16.38 A of that motor's driver (4 mA a count), mean over the last tick |
/// | `supply_counts` | 32.76 V (8 mV a count) |
/// | `reference_counts` | the 1.200 V band gap seen through the 3.300 V reference: nominal 1489 |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Ticks of the chip's own timer since power-on; wraps.
    pub tick: u32,
    /// Milliseconds of a second, independent oscillator (RTC); wraps at 65 536.
    pub rtc_ms: u16,
    /// Film thermistor of each zone, in a divider: cold is high, hot is low.
    pub ntc_counts: [u16; ZONES],
    /// Current of the whole heater rail, behind the series relay.
    pub heater_current_counts: u16,
    /// Current of each motor driver (magnitude).
    pub motor_current_counts: [u16; MOTORS],
    /// Supply voltage at the board's input.
    pub supply_counts: u16,
    /// Band-gap channel: tells a wrong converter reference.
    pub reference_counts: u16,
    /// Battery pack thermistor; on adapter units a fixed 10 k resistor (2048).
    pub pack_ntc_counts: u16,
    /// Quadrature counter of the kneading motor's shaft, signed direction, wraps.
    pub encoder_counts: u16,
    /// Pressed buttons, see [`button`]; already debounced by nobody.
    pub buttons: u8,
}

/// Everything the chip drives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// PWM duty of each heater zone's MOSFET, 0 to [`DUTY_FULL`].
    pub heater_duty: [u16; ZONES],
    /// Series relay of the heater rail: `true` closes it.
    pub relay_closed: bool,
    /// Bridge duty of each motor, -[`DUTY_FULL`] to [`DUTY_FULL`]; the sign is the direction.
    pub motor_duty: [i16; MOTORS],
    /// Indicator bits: 0 power, 1 heat, 2 massage, 3 fault.
    pub leds: u8,
    /// Sounder on.
    pub buzzer: bool,
    /// Pulse to the hardware watchdog; only when every task of the tick has run.
    pub watchdog_kick: bool,
    /// Mode and fault, for indicators and observers.
    pub status: Status,
    /// What the board must keep through a loss of power.
    pub record: Record,
    /// Figures for observers; no hardware acts on them.
    pub telemetry: Telemetry,
}

/// The status word: what the supervisor is doing and why it stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Supervisor mode.
    pub mode: Mode,
    /// First latched fault, or [`FaultCode::None`].
    pub fault: FaultCode,
}

/// Supervisor mode as reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Mode {
    /// Nothing driven, waiting for the power button.
    #[default]
    Off = 0,
    /// Proving that the switch-off path works.
    SelfTest = 1,
    /// Session running, film below its set-point band.
    Warming = 2,
    /// Session running, film in its band (or heat not asked for).
    Holding = 3,
    /// Session over, rest enforced.
    Cooling = 4,
    /// A fault is latched; nothing is driven.
    Latched = 5,
}

/// Why the firmware latched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum FaultCode {
    /// No fault.
    #[default]
    None = 0,
    /// Thermistor reads open (or colder than the product can be).
    NtcOpen = 1,
    /// Thermistor reads shorted.
    NtcShort = 2,
    /// Thermistor code does not move at all.
    NtcStuck = 3,
    /// Thermistor reading moved faster than the film can.
    NtcJump = 4,
    /// The zones' temperatures disagree more than they can.
    ZonesDisagree = 5,
    /// Heater driven and the film does not warm.
    NoRise = 6,
    /// Heater not driven and the film warms.
    RiseWhenOff = 7,
    /// Film above the trip, by the path that shares nothing with the regulator.
    OverTemperature = 8,
    /// Heater current although nothing is driven.
    HeaterCurrentWhenOff = 9,
    /// Heater current does not match duty and supply.
    HeaterCurrentWrong = 10,
    /// Start-up test: the series relay does not open.
    RelayWelded = 11,
    /// Start-up test: a heater MOSFET conducts when it should not.
    MosfetShorted = 12,
    /// Start-up test: heater resistance out of its band.
    HeaterResistance = 13,
    /// Converter reference out of its band.
    AdcReference = 14,
    /// The chip's clock and the second oscillator disagree.
    Clock = 15,
    /// Two copies of a safety variable differ.
    MemoryCorrupt = 16,
    /// The kept record is damaged.
    RecordCorrupt = 17,
    /// Supply above its range.
    SupplyHigh = 18,
    /// Supply below its range for too long.
    SupplyLow = 19,
    /// Battery pack too hot.
    PackHot = 20,
    /// Motor blocked and retries used up.
    MotorStall = 21,
    /// Motor turns no encoder although it draws running current.
    EncoderLost = 22,
    /// Motor current although nothing is driven, or far above what is driven.
    MotorCurrentWrong = 23,
    /// Estimated winding temperature above its limit.
    WindingHot = 24,
    /// Conservative skin dose estimate above its limit.
    DoseLimit = 25,
    /// Too many resets in a short time.
    ResetLoop = 26,
    /// A state that cannot be: the core refuses to go on.
    Internal = 27,
}

/// What survives a loss of power. The board stores it whenever it changes and
/// hands it back at boot; `check` makes damage visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Latched fault, as [`FaultCode`] number; 0 none.
    pub fault: u8,
    /// Use not yet rested off, in seconds.
    pub used_s: u16,
    /// Rest still owed before the next session, in seconds.
    pub rest_s: u16,
    /// Conservative skin dose estimate in hundredths of a CEM43 minute.
    pub dose_centi_min: u16,
    /// Boots that were not followed by a quiet minute.
    pub boots: u8,
    /// Check over the other fields.
    pub check: u16,
}

/// Figures that the firmware believes, for traces and service tools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Telemetry {
    /// Film temperature of each zone as read, 0.01 degC; `i16::MIN` if not valid.
    pub film_centi_c: [i16; ZONES],
    /// Regulator set-point of each zone, 0.01 degC; `i16::MIN` when not heating.
    pub setpoint_centi_c: [i16; ZONES],
    /// Conservative skin dose estimate in hundredths of a CEM43 minute.
    pub dose_centi_min: u16,
    /// Estimated winding temperature of each motor, 0.01 degC.
    pub winding_centi_c: [i16; MOTORS],
    /// Session time left, seconds.
    pub session_left_s: u16,
    /// Rest still owed, seconds.
    pub rest_left_s: u16,
}

/// Why the chip starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResetCause {
    /// Supply came up.
    #[default]
    PowerOn,
    /// Supply dipped below the brown-out level.
    BrownOut,
    /// The hardware watchdog was not kicked.
    Watchdog,
    /// Reset line or software.
    External,
}

impl Mode {
    /// Every mode, in numeric order.
    pub const ALL: [Mode; 6] = [
        Mode::Off,
        Mode::SelfTest,
        Mode::Warming,
        Mode::Holding,
        Mode::Cooling,
        Mode::Latched,
    ];

    /// The label that scenario files and reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Off => "off",
            Mode::SelfTest => "self_test",
            Mode::Warming => "warming",
            Mode::Holding => "holding",
            Mode::Cooling => "cooling",
            Mode::Latched => "latched",
        }
    }
}

impl FaultCode {
    /// Every fault code, in numeric order; the first is [`FaultCode::None`].
    pub const ALL: [FaultCode; 28] = [
        FaultCode::None,
        FaultCode::NtcOpen,
        FaultCode::NtcShort,
        FaultCode::NtcStuck,
        FaultCode::NtcJump,
        FaultCode::ZonesDisagree,
        FaultCode::NoRise,
        FaultCode::RiseWhenOff,
        FaultCode::OverTemperature,
        FaultCode::HeaterCurrentWhenOff,
        FaultCode::HeaterCurrentWrong,
        FaultCode::RelayWelded,
        FaultCode::MosfetShorted,
        FaultCode::HeaterResistance,
        FaultCode::AdcReference,
        FaultCode::Clock,
        FaultCode::MemoryCorrupt,
        FaultCode::RecordCorrupt,
        FaultCode::SupplyHigh,
        FaultCode::SupplyLow,
        FaultCode::PackHot,
        FaultCode::MotorStall,
        FaultCode::EncoderLost,
        FaultCode::MotorCurrentWrong,
        FaultCode::WindingHot,
        FaultCode::DoseLimit,
        FaultCode::ResetLoop,
        FaultCode::Internal,
    ];

    /// The label that scenario files and reports use.
    pub const fn name(self) -> &'static str {
        match self {
            FaultCode::None => "none",
            FaultCode::NtcOpen => "ntc_open",
            FaultCode::NtcShort => "ntc_short",
            FaultCode::NtcStuck => "ntc_stuck",
            FaultCode::NtcJump => "ntc_jump",
            FaultCode::ZonesDisagree => "zones_disagree",
            FaultCode::NoRise => "no_rise",
            FaultCode::RiseWhenOff => "rise_when_off",
            FaultCode::OverTemperature => "over_temperature",
            FaultCode::HeaterCurrentWhenOff => "heater_current_when_off",
            FaultCode::HeaterCurrentWrong => "heater_current_wrong",
            FaultCode::RelayWelded => "relay_welded",
            FaultCode::MosfetShorted => "mosfet_shorted",
            FaultCode::HeaterResistance => "heater_resistance",
            FaultCode::AdcReference => "adc_reference",
            FaultCode::Clock => "clock",
            FaultCode::MemoryCorrupt => "memory_corrupt",
            FaultCode::RecordCorrupt => "record_corrupt",
            FaultCode::SupplyHigh => "supply_high",
            FaultCode::SupplyLow => "supply_low",
            FaultCode::PackHot => "pack_hot",
            FaultCode::MotorStall => "motor_stall",
            FaultCode::EncoderLost => "encoder_lost",
            FaultCode::MotorCurrentWrong => "motor_current_wrong",
            FaultCode::WindingHot => "winding_hot",
            FaultCode::DoseLimit => "dose_limit",
            FaultCode::ResetLoop => "reset_loop",
            FaultCode::Internal => "internal",
        }
    }

    /// The code with this number, as kept in [`Record::fault`].
    pub fn from_number(number: u8) -> Option<FaultCode> {
        FaultCode::ALL.get(usize::from(number)).copied()
    }
}
