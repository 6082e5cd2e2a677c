//! Every number that tunes the firmware, in one table.
//!
//! All values are `f32` in the unit that the name's suffix says. Where a value
//! is not the product's own figure it is an engineering estimate, to be
//! replaced by measurement on the unit. A configuration is validated as a
//! whole and replaced as a whole, at a tick boundary.

use core::fmt;

/// One line of the table, for tools that list, set or tune parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Name as in [`Config`] and in scenario files.
    pub name: &'static str,
    /// Unit, or "1" for a share or count.
    pub unit: &'static str,
    /// Value in [`Config::default`].
    pub default: f32,
    /// Smallest allowed value.
    pub min: f32,
    /// Largest allowed value.
    pub max: f32,
    /// What it does, one sentence.
    pub doc: &'static str,
}

/// Why a value or a whole configuration was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConfigError {
    /// There is no field of this name.
    Unknown,
    /// A value outside its field's range, or not a number.
    OutOfRange {
        /// The field, with the allowed range.
        field: &'static Field,
        /// The value that was given.
        was: f32,
    },
    /// Two fields that do not go together.
    Relation {
        /// The rule that must hold, over field names.
        rule: &'static str,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(f, "unknown field"),
            Self::OutOfRange { field, was } => write!(
                f,
                "`{}` is {was}, allowed {} to {} {}",
                field.name, field.min, field.max, field.unit
            ),
            Self::Relation { rule } => write!(f, "needed: {rule}"),
        }
    }
}

impl core::error::Error for ConfigError {}

macro_rules! config_table {
    ($($name:ident = $default:literal in $min:literal ..= $max:literal [$unit:literal] $doc:literal;)*) => {
        /// Every parameter of the firmware. Changed by [`Config::set`] or field by field, then validated.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Config {
            $(#[doc = $doc] pub $name: f32,)*
        }

        impl Config {
            /// The table that the type is made from, in the order of the fields.
            pub const FIELDS: &'static [Field] = &[
                $(Field {
                    name: stringify!($name), unit: $unit, default: $default,
                    min: $min, max: $max, doc: $doc,
                },)*
            ];

            /// The value of the named field.
            pub fn get(&self, name: &str) -> Option<f32> {
                $(if name == stringify!($name) { return Some(self.$name); })*
                None
            }

            /// Sets the named field if the value is in its range. Relations
            /// between fields are left to [`Config::validate`], so that two
            /// related fields can be set one after the other.
            pub fn set(&mut self, name: &str, value: f32) -> Result<(), ConfigError> {
                let place = Self::FIELDS.iter().position(|f| f.name == name).ok_or(ConfigError::Unknown)?;
                if !self.set_at(place, value) {
                    return Err(ConfigError::OutOfRange { field: &Self::FIELDS[place], was: value });
                }
                Ok(())
            }

            /// Shows every value, in the order of [`Config::FIELDS`]: an array of
            /// them would be the largest thing on a chip's stack.
            pub fn each(&self, mut show: impl FnMut(f32)) {
                $(show(self.$name);)*
            }

            /// Sets the field at a place of [`Config::FIELDS`], as [`Config::set`]
            /// does; false where there is none, or the value is out of its range.
            /// Needs no names and no sentences, which would cost a chip 8 KiB.
            pub fn set_at(&mut self, place: usize, value: f32) -> bool {
                if !in_range(place, value) {
                    return false;
                }
                let mut at = 0;
                $(
                    if at == place { self.$name = value; }
                    at += 1;
                )*
                let _ = at;
                true
            }

            /// Whether every bit is the same: what [`Config`]'s `==` says of two
            /// valid configurations, without a branch per field.
            pub(crate) fn same_bits(&self, other: &Self) -> bool {
                let mut differing = 0;
                $(differing |= self.$name.to_bits() ^ other.$name.to_bits();)*
                differing == 0
            }
        }

        /// Smallest and largest value of each field, in their order.
        const RANGES: [(f32, f32); Config::FIELDS.len()] = [$(($min, $max)),*];

        impl Default for Config {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }
    };
}

/// A NaN is in no range.
fn in_range(place: usize, was: f32) -> bool {
    RANGES
        .get(place)
        .is_some_and(|(min, max)| was >= *min && was <= *max)
}

config_table! {
    // Heat: what is asked for
    heat_target_c = 45.0 in 36.0..=46.0 ["degC"] "Film set-point of the highest heat level.";
    heat_level_step_k = 2.5 in 0.5..=4.0 ["K"] "How much lower each further heat level is.";
    setpoint_approach_k = 1.081 in 0.0..=5.0 ["K"] "The set-point starts this far below its goal.";
    setpoint_slew_k_per_s = 0.09291 in 0.01..=1.0 ["K/s"] "How fast the set-point moves.";
    setpoint_step1_after_s = 600.0 in 60.0..=1800.0 ["s"] "Session time of the first step down.";
    setpoint_step1_drop_k = 2.007 in 0.0..=5.0 ["K"] "Size of the first step down.";
    setpoint_step2_after_s = 1200.0 in 60.0..=1800.0 ["s"] "Session time of the second step down.";
    setpoint_step2_drop_k = 1.5 in 0.0..=5.0 ["K"] "Size of the second step down, beyond the first.";
    nodes_rest_drop_k = 4.0 in 0.0..=8.0 ["K"] "How much lower the highest set-point is while the nodes press one spot.";
    nodes_rest_s = 180.0 in 5.0..=600.0 ["s"] "Nodes that stand, or turn without load, for this long press one spot.";
    // Heat: the regulator
    kp_per_k = 0.30 in 0.0..=5.0 ["1/K"] "Proportional gain, in shares of rated power.";
    ki_per_k_s = 0.015 in 0.0..=1.0 ["1/(K s)"] "Integral gain, in shares of rated power.";
    integral_band_k = 0.8063 in 0.05..=5.0 ["K"] "The integral only moves inside this error.";
    hold_share = 0.2822 in 0.0..=1.0 ["1"] "Integral at hand-over: share of rated power that first holds the film.";
    hold_share_max = 0.80 in 0.2..=1.0 ["1"] "Largest share of rated power once the film is in its band.";
    sensor_lag_s = 5.235 in 0.0..=20.0 ["s"] "Lag of the film thermistor, undone by lead compensation.";
    heater_rated_w = 12.0 in 1.0..=60.0 ["W"] "Rated power of a zone.";
    heater_resistance_ohm = 12.0 in 1.0..=100.0 ["ohm"] "Nominal resistance of a zone.";
    holding_band_k = 1.855 in 0.2..=5.0 ["K"] "Holding begins this close below the set-point.";
    holding_leave_k = 3.0 in 0.5..=10.0 ["K"] "Warming resumes this far below the set-point.";
    // Heat: trips and plausibility
    trip_c = 48.0 in 40.0..=60.0 ["degC"] "Over-temperature trip on raw sensor codes.";
    ntc_open_c = -22.0 in -40.0..=-10.0 ["degC"] "A reading colder than this is an open sensor.";
    ntc_short_c = 100.0 in 70.0..=120.0 ["degC"] "A reading hotter than this is a shorted sensor.";
    ntc_lost_s = 0.1 in 0.02..=0.4 ["s"] "Open or short must last this long.";
    ntc_jump_k = 1.0 in 0.3..=20.0 ["K"] "Largest change of the reading within 0.16 s.";
    ntc_stuck_s = 3.0 in 0.5..=3600.0 ["s"] "A heated zone's code must move within this time (noise moves a healthy one).";
    zones_cold_max_k = 4.0 in 1.0..=30.0 ["K"] "Largest difference of the zones at a cold start.";
    zones_warm_max_k = 10.0 in 2.0..=40.0 ["K"] "Largest difference of the zones otherwise.";
    film_capacity_max_j_per_k = 30.0 in 5.0..=300.0 ["J/K"] "Heat capacity of the slowest plausible film.";
    film_loss_max_w_per_k = 0.50 in 0.0..=5.0 ["W/K"] "Losses of the slowest plausible film, above the temperature it started from.";
    rise_deficit_max_k = 0.9 in 0.3..=20.0 ["K"] "How far a reading may fall behind the slowest plausible film.";
    echo_share = 0.0756 in 0.02..=0.2 ["1"] "Square wave on the power of a held film, share of rated power: its thermistor must follow.";
    rise_when_off_k = 2.0 in 0.5..=20.0 ["K"] "Rise that an undriven film above 43 degC may show.";
    // Heater rail
    heater_tolerance = 0.15 in 0.02..=0.5 ["1"] "Band of a zone's resistance at the self-test, around nominal.";
    heater_match_tolerance = 0.12 in 0.03..=0.5 ["1"] "Band of a zone's resistance in use, around the self-test's.";
    heater_off_max_a = 0.12 in 0.02..=1.0 ["A"] "Rail current that counts as none.";
    heater_probe_s = 1.0 in 0.2..=2.0 ["s"] "A zone is measured alone this often, zones in turn.";
    cutout_plausible_c = 40.0 in 20.0..=60.0 ["degC"] "A zone that loses its current at a film above this has a cut-out at work.";
    cutout_cycles_max = 3.0 in 1.0..=50.0 ["1"] "Openings of cut-outs in a session that latch.";
    // Dose guard
    dose_skin_share = 0.88 in 0.5..=1.0 ["1"] "Assumed skin rise over dose_skin_base_c, share of the film's (thin path, low flow).";
    dose_skin_base_c = 34.0 in 30.0..=37.0 ["degC"] "Assumed skin temperature without heat.";
    dose_skin_lag_s = 60.0 in 0.0..=300.0 ["s"] "Assumed lag from film to skin.";
    dose_derate_from_min = 18.0 in 0.5..=100.0 ["CEM43 min"] "Estimated dose where the set-point begins to fall.";
    dose_derate_full_min = 28.0 in 1.0..=150.0 ["CEM43 min"] "Estimated dose where it has fallen by dose_derate_k.";
    dose_derate_k = 6.0 in 1.0..=15.0 ["K"] "Largest derating.";
    dose_limit_min = 36.0 in 2.0..=200.0 ["CEM43 min"] "Estimated dose that latches.";
    // Session
    session_short_s = 900.0 in 5.0..=1800.0 ["s"] "Shortest session.";
    session_default_s = 1200.0 in 5.0..=1800.0 ["s"] "Session length without a choice.";
    session_long_s = 1800.0 in 5.0..=1800.0 ["s"] "Longest session.";
    use_max_s = 1800.0 in 60.0..=1800.0 ["s"] "Use, over any number of sessions, after which a full rest is due.";
    use_min_s = 30.0 in 1.0..=600.0 ["s"] "No session starts with less use left than this.";
    rest_s = 1800.0 in 10.0..=7200.0 ["s"] "Uninterrupted rest that earns new use.";
    supply_rest_s = 60.0 in 1.0..=600.0 ["s"] "Cooling after a session ended by low supply.";
    // Supply
    supply_high_v = 15.0 in 13.0..=30.0 ["V"] "Supply above this latches.";
    supply_shed_v = 8.6 in 6.0..=12.0 ["V"] "Below this for 1 s the motors are shed.";
    supply_low_v = 8.0 in 5.5..=11.0 ["V"] "Below this for 3 s the session ends in order.";
    supply_implausible_v = 4.5 in 1.0..=6.0 ["V"] "The chip cannot run below this: the sense line is broken.";
    supply_current_max_a = 2.8 in 0.5..=10.0 ["A"] "Total current that heat and motors may ask for.";
    pack_max_c = 55.0 in 40.0..=70.0 ["degC"] "Battery pack limit.";
    // Kneading motor and vibration motor
    motor_k_v_s = 0.016 in 0.002..=0.1 ["V s"] "Motor constant, V per rad/s and Nm per A.";
    motor_resistance_ohm = 1.3 in 0.2..=20.0 ["ohm"] "Winding resistance of the kneading motor at 25 degC.";
    motor_gear = 100.0 in 10.0..=300.0 ["1"] "Gear ratio, rotor to node.";
    encoder_counts_per_turn = 12.0 in 4.0..=64.0 ["1"] "Encoder counts per turn of the rotor.";
    speed_kp_per_rpm = 0.010 in 0.0..=0.2 ["1/rpm"] "Proportional gain of the speed loop, in duty.";
    speed_ki_per_rpm_s = 0.040 in 0.0..=1.0 ["1/(rpm s)"] "Integral gain of the speed loop, in duty.";
    speed_slew_rpm_per_s = 20.0 in 2.0..=200.0 ["rpm/s"] "Soft start and soft stop.";
    reversal_dead_s = 0.3 in 0.05..=3.0 ["s"] "Rest between directions, after the rotor has nearly stopped.";
    motor_current_max_a = 3.0 in 0.5..=10.0 ["A"] "Duty is cut back above this current.";
    stall_current_a = 2.0 in 0.2..=8.0 ["A"] "Least current of a blocked rotor.";
    stall_time_s = 0.3 in 0.1..=0.45 ["s"] "No counts at stall current for this long is a stall.";
    stall_rest_s = 2.5 in 2.0..=30.0 ["s"] "Rest before a retry.";
    stall_retries = 3.0 in 0.0..=10.0 ["1"] "Retries before the stall latches.";
    motor_off_max_a = 0.1 in 0.04..=2.0 ["A"] "Motor current that counts as none.";
    kneading_load_min_a = 0.58 in 0.0..=5.0 ["A"] "Winding current below which the nodes do not move with the motor, or nobody is there.";
    motor_excess_max_a = 2.5 in 0.5..=10.0 ["A"] "Motor current above what duty and speed explain.";
    vibration_resistance_ohm = 6.0 in 1.0..=50.0 ["ohm"] "Winding resistance of the vibration motor.";
    winding_limit_c = 115.0 in 80.0..=180.0 ["degC"] "Estimated winding temperature that latches.";
    winding_rest_below_k = 15.0 in 3.0..=40.0 ["K"] "Motors rest from this far below the limit.";
    winding_start_c = 40.0 in 0.0..=60.0 ["degC"] "Assumed surroundings of the motors.";
    duty_window_share = 1.0 in 0.05..=1.0 ["1"] "Motor time allowed in any 10 minutes (S3).";
}

impl Config {
    /// Whether every value is in range and the values go together.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if let Some((place, was)) = self.out_of_range() {
            let field = &Self::FIELDS[place];
            return Err(ConfigError::OutOfRange { field, was });
        }
        for (holds, rule) in self.rules() {
            if !holds {
                return Err(ConfigError::Relation { rule });
            }
        }
        Ok(())
    }

    /// Whether [`Config::validate`] finds nothing: without its words, which a
    /// chip need not keep.
    pub fn is_valid(&self) -> bool {
        self.out_of_range().is_none() && self.rules().iter().all(|(holds, _)| *holds)
    }

    /// The first value that is not in its range, with its place in the table.
    fn out_of_range(&self) -> Option<(usize, f32)> {
        let mut found = None;
        let mut place = 0;
        self.each(|value| {
            if found.is_none() && !in_range(place, value) {
                found = Some((place, value));
            }
            place += 1;
        });
        found
    }

    fn rules(&self) -> [(bool, &'static str); 15] {
        [
            (
                self.heat_target_c + 2.0 <= self.trip_c,
                "heat_target_c + 2 <= trip_c",
            ),
            (
                self.setpoint_step1_after_s <= self.setpoint_step2_after_s,
                "setpoint_step1_after_s <= setpoint_step2_after_s",
            ),
            (
                self.holding_band_k < self.holding_leave_k,
                "holding_band_k < holding_leave_k",
            ),
            (
                self.zones_cold_max_k <= self.zones_warm_max_k,
                "zones_cold_max_k <= zones_warm_max_k",
            ),
            (
                self.dose_derate_from_min < self.dose_derate_full_min,
                "dose_derate_from_min < dose_derate_full_min",
            ),
            (
                self.dose_derate_full_min < self.dose_limit_min,
                "dose_derate_full_min < dose_limit_min",
            ),
            (
                self.session_short_s <= self.session_default_s,
                "session_short_s <= session_default_s",
            ),
            (
                self.session_default_s <= self.session_long_s,
                "session_default_s <= session_long_s",
            ),
            (
                self.session_long_s <= self.use_max_s,
                "session_long_s <= use_max_s",
            ),
            (self.use_min_s < self.use_max_s, "use_min_s < use_max_s"),
            (
                self.supply_implausible_v < self.supply_low_v,
                "supply_implausible_v < supply_low_v",
            ),
            (
                self.supply_low_v < self.supply_shed_v,
                "supply_low_v < supply_shed_v",
            ),
            (
                self.motor_off_max_a < self.stall_current_a,
                "motor_off_max_a < stall_current_a",
            ),
            (
                self.stall_current_a < self.motor_current_max_a,
                "stall_current_a < motor_current_max_a",
            ),
            (
                self.winding_start_c + 45.0 < self.winding_limit_c,
                "winding_start_c + 45 < winding_limit_c",
            ),
        ]
    }
}
