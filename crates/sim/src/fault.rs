//! The catalogue of faults that can be injected, as data.
//!
//! Names, targets and value ranges are what scenario files use. Budgets (time
//! from fault to power removed) are engineering estimates, see docs/safety.md.

/// What a fault sits on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    /// The product as a whole.
    Product,
    /// A heater zone: `upper` or `lower`.
    Zone,
    /// A motor: `kneading` or `vibration`.
    Motor,
    /// A task of the firmware's tick, by name.
    Task,
    /// A variable of the firmware, by name.
    Variable,
}

/// The number that a fault takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Key in scenario files, with its unit.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Value when none is given.
    pub default: f64,
}

/// One row of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CatalogueRow {
    /// Kind.
    pub kind: FaultKind,
    /// Group, as in docs/safety.md.
    pub group: &'static str,
    /// What it sits on.
    pub targets: Targets,
    /// Its number, if it takes one.
    pub parameter: Option<Parameter>,
    /// Harmless alone and invisible in use: matters with a second fault.
    pub latent: bool,
    /// One sentence.
    pub meaning: &'static str,
}

macro_rules! catalogue {
    ($($variant:ident $name:literal $group:literal $targets:ident $latent:literal
       $(($pname:literal $punit:literal $pmin:literal .. $pmax:literal = $pdefault:literal))? $doc:literal;)*) => {
        /// Kind of a fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FaultKind { $(#[doc = $doc] $variant,)* }

        impl FaultKind {
            /// Name in scenario files.
            pub fn name(self) -> &'static str { match self { $(FaultKind::$variant => $name,)* } }
        }

        /// Every fault that can be injected.
        pub const CATALOGUE: &[CatalogueRow] = &[$(CatalogueRow {
            kind: FaultKind::$variant,
            group: $group,
            targets: Targets::$targets,
            parameter: catalogue!(@parameter $($pname $punit $pmin $pmax $pdefault)?),
            latent: $latent,
            meaning: $doc,
        },)*];
    };
    (@parameter $n:literal $u:literal $a:literal $b:literal $d:literal) => {
        Some(Parameter { name: $n, unit: $u, min: $a, max: $b, default: $d })
    };
    (@parameter) => { None };
}

catalogue! {
    MosfetShort "mosfet_short" "heater path" Zone false "The zone's MOSFET conducts all the time.";
    MosfetPartial "mosfet_partial" "heater path" Zone false ("share" "1" 0.3 .. 0.7 = 0.5) "The zone's MOSFET conducts this share of full power whatever is commanded.";
    MosfetOpen "mosfet_open" "heater path" Zone false "The zone's MOSFET never conducts.";
    PwmStuckOn "pwm_stuck_on" "heater path" Zone false "The zone's PWM output is stuck at 100 %.";
    PwmStuckOff "pwm_stuck_off" "heater path" Zone false "The zone's PWM output is stuck at 0.";
    RelayWelded "relay_welded" "heater path" Product true "The series relay's contact does not open.";
    RelayOpen "relay_open" "heater path" Product false "The series relay's contact does not close.";
    FilmCrack "film_crack" "heater path" Zone false ("share" "1" 0.05 .. 0.9 = 0.4) "A crack cuts this share of the film's width; the rest carries the current.";
    FilmShort "film_short" "heater path" Zone false ("share" "1" 0.05 .. 0.6 = 0.2) "This share of the film's length is shorted; the rest gets more power.";
    Fold "fold" "heater path" Zone false "The pad is folded: a strip of the zone has double density.";
    Adapter24V "adapter_24v" "heater path" Product false "A 24 V adapter is plugged into the 12 V unit.";

    NtcOpen "ntc_open" "ntc" Zone false "The thermistor's wire is broken.";
    NtcShort "ntc_short" "ntc" Zone false "The thermistor is shorted.";
    NtcDetached "ntc_detached" "ntc" Zone false ("lag_s" "s" 5.0 .. 120.0 = 30.0) "The thermistor has come off the film and hangs in air.";
    NtcSlow "ntc_slow" "ntc" Zone false ("lag_s" "s" 5.0 .. 300.0 = 60.0) "The thermistor is badly coupled and follows the film slowly.";
    NtcOffset "ntc_offset" "ntc" Zone false ("offset_k" "K" -10.0 .. 10.0 = -5.0) "The thermistor reads off by this many kelvin.";
    NtcWrongPart "ntc_wrong_part" "ntc" Zone false "A B3435 part is fitted in place of B3950.";
    NtcWet "ntc_wet" "ntc" Zone false ("parallel_ohm" "ohm" 1000.0 .. 1000000.0 = 50000.0) "Moisture puts a resistance in parallel with the thermistor.";

    AdcReference "adc_reference" "adc" Product false ("deviation" "1" -0.2 .. 0.2 = -0.1) "The converter's reference is off by this share.";
    AdcMux "adc_mux" "adc" Zone false "The multiplexer gives this zone's channel the other zone's thermistor.";
    AdcStuck "adc_stuck" "adc" Zone false "The converter keeps giving the code of the fault's onset for this zone.";

    Hang "hang" "controller" Product false "The controller stops executing; its outputs stay as they are until the watchdog resets it.";
    TaskSkipped "task_skipped" "controller" Task false "One task of the tick does not run.";
    Clock "clock" "controller" Product false ("factor" "1" 0.25 .. 4.0 = 0.5) "The controller's clock runs at this multiple of its rate.";
    BitFlip "bit_flip" "controller" Variable false ("bit" "1" 0.0 .. 31.0 = 20.0) "One bit of one copy of a safety variable flips at the onset.";
    ResetLoop "reset_loop" "controller" Product false ("period_s" "s" 0.05 .. 60.0 = 1.0) "The controller is reset again and again.";
    BrownOut "brown_out" "controller" Product false "The supply dips below the brown-out level.";

    Blanket "blanket" "use" Product false ("m2k_per_w" "m2K/W" 0.0 .. 2.0 = 0.3) "Pad and user are covered by a blanket.";
    BareSkin "bare_skin" "use" Product false "No clothing between cover and skin.";
    LowPerfusion "low_perfusion" "use" Product false ("scale" "1" 0.0 .. 1.0 = 0.3) "Skin and fat perfusion is this share of normal.";
    RoomTemperature "room_temperature" "use" Product false ("ambient_c" "degC" -10.0 .. 50.0 = 40.0) "The room has this temperature.";
    ButtonMash "button_mash" "use" Product false ("period_s" "s" 0.04 .. 10.0 = 0.3) "The power button is pressed again and again.";
    UserAway "user_away" "use" Product false "The user has left the pad.";
    Fan "fan" "use" Product false ("w_per_m2_k" "W/m2K" 1.0 .. 60.0 = 25.0) "A fan blows over the pad: heat transfer to the air has this value.";

    RotorLocked "rotor_locked" "motor" Motor false "The rotor is blocked.";
    DriverOn "driver_on" "motor" Motor false "The motor's driver is on all the time.";
    EncoderLost "encoder_lost" "motor" Motor false "The encoder gives no more counts.";
    WornGear "worn_gear" "motor" Motor false ("load_scale" "1" 1.0 .. 5.0 = 1.5) "Friction and load are this many times the normal.";
    NodeParked "node_parked" "motor" Product false ("angle_deg" "deg" 0.0 .. 360.0 = 90.0) "The nodes stand still on one spot while the motor turns.";

    BatteryLow "battery_low" "supply" Product false ("drop_v" "V" 0.0 .. 8.0 = 2.5) "The source's voltage is lower by this much.";
    Sag "sag" "supply" Product false ("ohm" "ohm" 0.0 .. 10.0 = 0.6) "This resistance is in series with the source.";
    Unplugged "unplugged" "supply" Product false "The supply is unplugged.";
    PackHot "pack_hot" "supply" Product false ("heat_w" "W" 0.0 .. 200.0 = 30.0) "A failing cell heats the battery pack with this power.";

    CutoutWelded "cutout_welded" "cut-out" Zone true "The cut-out's contacts are welded.";
    CutoutDrift "cutout_drift" "cut-out" Zone false ("shift_k" "K" -25.0 .. 25.0 = -8.0) "The cut-out opens and closes this many kelvin off.";
    CutoutCycling "cutout_cycling" "cut-out" Zone false "The cut-out opens too low and resets close by: it cycles.";
}

impl FaultKind {
    /// The kind's row in the catalogue.
    pub fn row(self) -> &'static CatalogueRow {
        // The macro writes the enum and the table from one list, in one order.
        &CATALOGUE[self as usize]
    }

    /// Looks a kind up by its name.
    pub fn from_name(name: &str) -> Option<FaultKind> {
        CATALOGUE
            .iter()
            .map(|row| row.kind)
            .find(|k| k.name() == name)
    }
}

impl Targets {
    /// The targets' names, by index.
    pub fn names(self) -> Vec<&'static str> {
        match self {
            Targets::Product => vec!["product"],
            Targets::Zone => vec!["upper", "lower"],
            Targets::Motor => vec!["kneading", "vibration"],
            Targets::Task => kneadsim_firmware::TaskMask::ALL
                .iter()
                .map(|(n, _)| *n)
                .collect(),
            Targets::Variable => kneadsim_firmware::BitTarget::ALL
                .iter()
                .map(|(n, _)| *n)
                .collect(),
        }
    }
}

/// On and off again while the fault lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeat {
    /// Period, ticks.
    pub every_ticks: u32,
    /// Ticks of each period in which the fault is there.
    pub on_ticks: u32,
}

/// One fault of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaultSpec {
    /// Kind.
    pub kind: FaultKind,
    /// Index into the kind's targets.
    pub target: u8,
    /// The kind's number, in its unit; ignored by kinds that take none.
    pub value: f64,
    /// First tick.
    pub onset_tick: u32,
    /// Length, ticks; none = for ever.
    pub duration_ticks: Option<u32>,
    /// On and off within that time.
    pub repeat: Option<Repeat>,
}

impl FaultSpec {
    /// From a tick on, for ever, with the catalogue's own number.
    pub fn lasting(kind: FaultKind, target: u8, onset_tick: u32) -> FaultSpec {
        FaultSpec {
            kind,
            target,
            value: kind.row().parameter.map_or(0.0, |p| p.default),
            onset_tick,
            duration_ticks: None,
            repeat: None,
        }
    }

    /// Whether the fault is there at this tick.
    pub fn active(&self, tick: u32) -> bool {
        let Some(since) = tick.checked_sub(self.onset_tick) else {
            return false;
        };
        if self.duration_ticks.is_some_and(|d| since >= d) {
            return false;
        }
        match self.repeat {
            Some(r) => since % r.every_ticks.max(1) < r.on_ticks,
            None => true,
        }
    }

    /// The first tick after this one at which [`FaultSpec::active`] may say
    /// something else; `u32::MAX` if there is none.
    pub fn next_edge(&self, tick: u32) -> u32 {
        let Some(since) = tick.checked_sub(self.onset_tick) else {
            return self.onset_tick;
        };
        let end = match self.duration_ticks {
            Some(duration) if since >= duration => return u32::MAX,
            Some(duration) => self.onset_tick.saturating_add(duration),
            None => u32::MAX,
        };
        let edge = self.repeat.map_or(u32::MAX, |repeat| {
            let every = repeat.every_ticks.max(1);
            let phase = since % every;
            let next = if phase < repeat.on_ticks.min(every) {
                repeat.on_ticks.min(every) - phase
            } else {
                every - phase
            };
            tick.saturating_add(next)
        });
        end.min(edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_changes_between_two_edges() {
        let repeats = [(2, 1), (7, 3), (10, 10), (5, 9)];
        for onset_tick in [0, 1, 13] {
            for duration_ticks in [None, Some(1), Some(20), Some(45)] {
                for repeat in [None].into_iter().chain(repeats.map(Some)) {
                    let fault = FaultSpec {
                        kind: FaultKind::Hang,
                        target: 0,
                        value: 0.0,
                        onset_tick,
                        duration_ticks,
                        repeat: repeat.map(|(every_ticks, on_ticks)| Repeat {
                            every_ticks,
                            on_ticks,
                        }),
                    };
                    for tick in 0..100 {
                        let edge = fault.next_edge(tick);
                        assert!(edge > tick, "{fault:?} at {tick}");
                        for between in tick..edge.min(100) {
                            let same = fault.active(between) == fault.active(tick);
                            assert!(same, "{fault:?} at {tick}, {between}");
                        }
                    }
                }
            }
        }
    }
}
