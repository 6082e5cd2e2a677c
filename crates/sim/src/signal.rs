//! Every signal that a run produces: name, unit, rate and meaning, in one table.
//!
//! The table is what scenario formulas refer to, what the trace's columns are
//! called, and what `kneadsim signals` prints.

use kneadsim_firmware::io::{FaultCode, Mode};

/// How often a signal can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Every tick of 10 ms.
    Tick,
    /// Every thermal step (0.25 s unless the scenario says otherwise).
    ThermalStep,
}

/// How a signal's numbers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// A measurement: differences are margins in the signal's unit.
    Number,
    /// 0 or 1.
    Boolean,
    /// A label of the firmware's mode.
    Mode,
    /// A label of the firmware's fault code.
    FaultCode,
}

impl Scale {
    /// The labels that a formula may compare with, with their numbers.
    pub fn labels(self) -> Vec<(&'static str, f64)> {
        match self {
            Scale::Number => Vec::new(),
            Scale::Boolean => vec![("false", 0.0), ("true", 1.0)],
            Scale::Mode => Mode::ALL
                .iter()
                .map(|m| (m.name(), *m as u8 as f64))
                .collect(),
            Scale::FaultCode => FaultCode::ALL
                .iter()
                .map(|c| (c.name(), *c as u8 as f64))
                .collect(),
        }
    }
}

macro_rules! signals {
    ($($variant:ident $name:literal $unit:literal $rate:ident $scale:ident $doc:literal;)*) => {
        /// One signal of the fixed table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Signal { $(#[doc = $doc] $variant,)* }

        impl Signal {
            /// All signals, in table order.
            pub const ALL: &'static [Signal] = &[$(Signal::$variant,)*];
            /// How many there are.
            pub const COUNT: usize = Signal::ALL.len();
            /// Name in formulas and trace columns.
            pub fn name(self) -> &'static str { match self { $(Signal::$variant => $name,)* } }
            /// Unit, `1` for pure numbers.
            pub fn unit(self) -> &'static str { match self { $(Signal::$variant => $unit,)* } }
            /// Rate of change.
            pub fn rate(self) -> Rate { match self { $(Signal::$variant => Rate::$rate,)* } }
            /// How its numbers are read.
            pub fn scale(self) -> Scale { match self { $(Signal::$variant => Scale::$scale,)* } }
            /// Meaning, one sentence.
            pub fn meaning(self) -> &'static str { match self { $(Signal::$variant => $doc,)* } }
        }
    };
}

signals! {
    Time "time_s" "s" Tick Number "Simulated time since the start of the run, at the end of the tick.";

    FilmUpper "film_upper_c" "degC" ThermalStep Number "Film temperature at the upper zone's thermistor, where the regulator looks.";
    FilmLower "film_lower_c" "degC" ThermalStep Number "Film temperature at the lower zone's thermistor.";
    FilmUpperMean "film_upper_mean_c" "degC" ThermalStep Number "Mean film temperature of the upper zone.";
    FilmLowerMean "film_lower_mean_c" "degC" ThermalStep Number "Mean film temperature of the lower zone.";
    FilmMax "film_max_c" "degC" ThermalStep Number "Hottest film temperature anywhere.";
    CoverMax "cover_max_c" "degC" ThermalStep Number "Hottest outer face of the cover.";
    SkinSurfaceMax "skin_surface_max_c" "degC" ThermalStep Number "Hottest skin surface.";
    SkinSurfaceMean "skin_surface_mean_c" "degC" ThermalStep Number "Mean skin surface under the heater zones.";
    BasalMax "basal_max_c" "degC" ThermalStep Number "Hottest point of the basal layer, 80 um deep.";
    HotspotX "hotspot_x_mm" "mm" ThermalStep Number "Where the hottest basal point is, across the pad.";
    HotspotY "hotspot_y_mm" "mm" ThermalStep Number "Where the hottest basal point is, along the pad.";
    BodyHeat "body_heat_w_per_m2" "W/m2" ThermalStep Number "Mean heat flux into the body under the heater zones.";
    Cem43Max "cem43_max_min" "min" ThermalStep Number "Largest thermal dose of any basal point, CEM43 minutes.";
    OmegaHenriques "omega_henriques_max" "1" ThermalStep Number "Largest Arrhenius damage of any basal point, Henriques 1947.";
    OmegaWeaverStoll "omega_weaver_stoll_max" "1" ThermalStep Number "Largest Arrhenius damage of any basal point, Weaver-Stoll 1969.";
    OmegaTakata "omega_takata_max" "1" ThermalStep Number "Largest Arrhenius damage of any basal point, Takata 1974.";
    OmegaDiller "omega_diller_max" "1" ThermalStep Number "Largest Arrhenius damage of any basal point, Diller 1991.";

    NtcUpper "ntc_upper_c" "degC" Tick Number "True temperature of the upper thermistor's bead (lags the film).";
    NtcLower "ntc_lower_c" "degC" Tick Number "True temperature of the lower thermistor's bead.";
    NtcUpperCounts "ntc_upper_counts" "counts" Tick Number "Converter code of the upper thermistor as the firmware gets it.";
    NtcLowerCounts "ntc_lower_counts" "counts" Tick Number "Converter code of the lower thermistor as the firmware gets it.";
    ReadUpper "read_upper_c" "degC" Tick Number "Upper film temperature as the firmware reads it (NaN when it does not believe it).";
    ReadLower "read_lower_c" "degC" Tick Number "Lower film temperature as the firmware reads it.";
    SetpointUpper "setpoint_upper_c" "degC" Tick Number "Regulator set-point of the upper zone (NaN when not heating).";
    SetpointLower "setpoint_lower_c" "degC" Tick Number "Regulator set-point of the lower zone.";
    FirmwareDose "firmware_dose_min" "min" Tick Number "The firmware's own conservative estimate of skin dose, CEM43 minutes.";

    HeaterUpperDuty "heater_upper_duty" "1" Tick Number "Commanded duty of the upper zone, 0 to 1.";
    HeaterLowerDuty "heater_lower_duty" "1" Tick Number "Commanded duty of the lower zone, 0 to 1.";
    HeaterUpperPower "heater_upper_power_w" "W" Tick Number "Electrical power in the upper zone's film, mean of the tick.";
    HeaterLowerPower "heater_lower_power_w" "W" Tick Number "Electrical power in the lower zone's film, mean of the tick.";
    HeaterPower "heater_power_w" "W" Tick Number "Electrical power in both films, mean of the tick.";
    RelayCommanded "relay_commanded" "1" Tick Boolean "The firmware asks for the series relay to be closed.";
    RelayClosed "relay_closed" "1" Tick Boolean "The relay's contact is closed.";
    CutoutUpperClosed "cutout_upper_closed" "1" Tick Boolean "The upper cut-out conducts.";
    CutoutLowerClosed "cutout_lower_closed" "1" Tick Boolean "The lower cut-out conducts.";

    KneadingDuty "kneading_duty" "1" Tick Number "Commanded duty of the kneading motor, -1 to 1.";
    KneadingCurrent "kneading_current_a" "A" Tick Number "Winding current of the kneading motor.";
    KneadingPower "kneading_power_w" "W" Tick Number "Power that the kneading motor's driver takes from the supply.";
    KneadingSpeed "kneading_speed_rpm" "rpm" Tick Number "Output speed of the kneading gear, signed.";
    KneadingAngle "kneading_angle_deg" "deg" Tick Number "Output angle of the kneading gear, 0 to 360.";
    KneadingWinding "kneading_winding_c" "degC" Tick Number "Winding temperature of the kneading motor.";
    KneadingCase "kneading_case_c" "degC" Tick Number "Case temperature of the kneading motor.";
    VibrationDuty "vibration_duty" "1" Tick Number "Commanded duty of the vibration motor.";
    VibrationCurrent "vibration_current_a" "A" Tick Number "Winding current of the vibration motor.";
    VibrationPower "vibration_power_w" "W" Tick Number "Power that the vibration motor's driver takes from the supply.";
    VibrationWinding "vibration_winding_c" "degC" Tick Number "Winding temperature of the vibration motor.";
    VibrationCase "vibration_case_c" "degC" Tick Number "Case temperature of the vibration motor.";

    SupplyVoltage "supply_v" "V" Tick Number "Supply voltage at the board's input.";
    SupplyCurrent "supply_a" "A" Tick Number "Current taken from the supply.";
    PackCharge "pack_charge" "1" Tick Number "State of charge of the battery pack, 1 on an adapter.";
    PackTemperature "pack_c" "degC" Tick Number "Temperature of the battery pack (ambient on an adapter).";

    DeviceRunning "device_running" "1" Tick Boolean "The controller is powered, out of reset, and executing.";
    Resets "resets" "1" Tick Number "Resets of the controller since the start, of every cause.";
    WatchdogResets "watchdog_resets" "1" Tick Number "Resets by the hardware watchdog since the start.";
    Mode "mode" "label" Tick Mode "Supervisor mode that the firmware reports.";
    SessionRunning "session_running" "1" Tick Boolean "The mode is warming or holding: a session with heat or massage is on.";
    FaultCode "fault_code" "label" Tick FaultCode "Fault that the firmware has latched.";
    Buzzer "buzzer" "1" Tick Boolean "The sounder is on.";
    Leds "leds" "bits" Tick Number "Indicator bits: 1 power, 2 heat, 4 massage, 8 fault.";
    SessionLeft "session_left_s" "s" Tick Number "Session time left, as the firmware counts it.";
    RestLeft "rest_left_s" "s" Tick Number "Rest owed before the next session, as the firmware counts it.";

    Ambient "ambient_c" "degC" Tick Number "Air temperature.";
    Contact "contact" "1" Tick Number "Share of the body's contact: 1 lies on the pad, 0 is away.";
    EnergyPutIn "energy_put_in_j" "J" ThermalStep Number "Energy that the supply has given since the start.";
    EnergyResidual "energy_residual" "1" ThermalStep Number "Energy balance that does not close, relative to what was put in.";
}

impl Signal {
    /// Looks a signal up by its name.
    pub fn from_name(name: &str) -> Option<Signal> {
        Signal::ALL.iter().copied().find(|s| s.name() == name)
    }
}
