//! Signals of one tick, read off plant, chip and board.
//!
//! A signal is worked out when somebody looks: [`View::value`] reads one off the
//! state as it is, and [`Readings`] keeps a table of those that the run's checks
//! watch at every tick, that the trace records at its rows, and that the digest
//! covers at thermal steps. What nobody watches costs nothing.

use kneadsim_firmware::io::{DUTY_FULL, Mode};
use kneadsim_plant::{ArrheniusSet, EnergyBalance, Plant};

use crate::analog::Analog;
use crate::board::Switches;
use crate::check::Check;
use crate::controller::Controller;
use crate::fault::FaultSpec;
use crate::scenery::Scenery;
use crate::signal::{Rate, Signal};
use crate::spec::{Derived, Spec, TICKS_PER_S};

/// Signals that the digest covers: all but the two of the energy balance at the
/// end of the table, which add up every cell of the field and follow from the rest.
pub const DIGESTED: usize = Signal::EnergyPutIn as usize;

/// From so many on, signals are taken down faster all together than one by one
/// (measured).
const MANY: usize = 12;

const _: () = assert!(
    Signal::EnergyResidual as usize == DIGESTED + 1 && Signal::COUNT == DIGESTED + 2,
    "the energy balance ends the table"
);

/// The parts of a bench at the end of a tick.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The tick.
    pub tick: u32,
    /// The massager and the body.
    pub plant: &'a Plant,
    /// Conditions and faults.
    pub scenery: &'a Scenery,
    /// The chip.
    pub controller: &'a Controller,
    /// The switching half of the board.
    pub switches: &'a Switches,
    /// The measuring half.
    pub analog: &'a Analog,
}

/// The signals that a run looks at, and its derived columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Readings {
    /// One value per [`Signal`]; what is not watched is NaN or old.
    signals: [f64; Signal::COUNT],
    derived: Vec<f64>,
    watched: Box<[Signal]>,
    watched_at_steps: Box<[Signal]>,
    recorded: Box<[Signal]>,
}

impl Readings {
    /// For the checks and the trace of a run.
    pub fn new(spec: &Spec) -> Self {
        let mut watched: Vec<Signal> = spec.checks.iter().flat_map(Check::signals).collect();
        watched.sort_unstable();
        watched.dedup();
        let (watched, at_steps): (Vec<Signal>, Vec<Signal>) = watched
            .into_iter()
            .partition(|signal| signal.rate() == Rate::Tick);
        Self {
            // No comparison with a NaN holds: a signal that was forgotten shows.
            signals: [f64::NAN; Signal::COUNT],
            derived: vec![0.0; spec.derived.len()],
            watched: watched.into(),
            watched_at_steps: at_steps.into(),
            recorded: spec.recording.signals.as_slice().into(),
        }
    }

    /// The table, by [`Signal`] as index: good for what was asked for in this tick.
    pub fn signals(&self) -> &[f64] {
        &self.signals
    }

    /// The derived columns' values.
    pub fn derived(&self) -> &[f64] {
        &self.derived
    }

    /// Takes down which faults are active; to be called when that changes.
    pub fn take_faults(&mut self, derived: &[Derived], faults: &[FaultSpec]) {
        for (column, derived) in self.derived.iter_mut().zip(derived) {
            let active = faults.iter().any(|f| {
                f.kind == derived.kind && derived.target.is_none_or(|target| target == f.target)
            });
            *column = f64::from(u8::from(active));
        }
    }

    /// Takes down what the checks watch; to be called at every tick.
    #[inline]
    pub fn watch(&mut self, view: &View<'_>) {
        for signal in &self.watched {
            self.signals[*signal as usize] = view.value(*signal);
        }
        if view.plant.thermal_stepped() || view.tick == 0 {
            for signal in &self.watched_at_steps {
                self.signals[*signal as usize] = view.value(*signal);
            }
        }
    }

    /// Takes down what the trace records; to be called at its rows.
    pub fn take_recorded(&mut self, view: &View<'_>) {
        let together = self.recorded.len() >= MANY;
        if together {
            view.take_all(&mut self.signals);
        }
        for signal in &self.recorded {
            if !together || *signal as usize >= DIGESTED {
                self.signals[*signal as usize] = view.value(*signal);
            }
        }
    }

    /// Takes down and gives what the digest covers.
    pub fn take_digested(&mut self, view: &View<'_>) -> &[f64] {
        view.take_all(&mut self.signals);
        &self.signals[..DIGESTED]
    }
}

impl View<'_> {
    /// Every signal, by [`Signal`] as index.
    pub fn all(&self) -> [f64; Signal::COUNT] {
        core::array::from_fn(|index| self.value(Signal::ALL[index]))
    }

    /// Adds up the whole field; kept apart so that the other signals pay nothing for it.
    #[cold]
    #[inline(never)]
    fn energy(&self) -> EnergyBalance {
        self.plant.energy_at_step()
    }
}

/// Makes of one table of signals the question for one of them and the answer to
/// nearly all: without a jump for each, which costs more than most signals do.
macro_rules! signals {
    (|$view:ident| { $($part:stmt;)* } $($signal:ident => $value:expr,)*) => {
        impl View<'_> {
            /// One signal.
            pub fn value(&self, signal: Signal) -> f64 {
                let $view = self;
                $($part)*
                match signal {
                    $(Signal::$signal => $value,)*
                    Signal::EnergyPutIn => self.energy().put_in_j,
                    Signal::EnergyResidual => self.energy().residual_relative,
                }
            }

            /// Writes every signal but those of the energy balance.
            fn take_all(&self, table: &mut [f64; Signal::COUNT]) {
                let $view = self;
                $($part)*
                $(table[Signal::$signal as usize] = $value;)*
            }
        }
    };
}

signals! {
    |view| {
        let pins = view.controller.pins();
        let telemetry = &pins.telemetry;
        let electrical = view.plant.electrical();
        let [kneading, vibration] = [view.plant.motor(0), view.plant.motor(1)];
        let conditions = view.scenery.conditions();
        let stats = view.plant.field().stats();
    }
    Time => f64::from(view.tick + 1) / f64::from(TICKS_PER_S),
    FilmUpper => view.plant.ntc_film_c()[0],
    FilmLower => view.plant.ntc_film_c()[1],
    FilmUpperMean => stats.zone_film_mean_c[0],
    FilmLowerMean => stats.zone_film_mean_c[1],
    FilmMax => stats.film_max_c,
    CoverMax => stats.cover_max_c,
    SkinSurfaceMax => stats.skin_surface_max_c,
    SkinSurfaceMean => stats.skin_surface_mean_c,
    BasalMax => stats.basal_max_c,
    HotspotX => stats.basal_max_place.x_m * 1000.0,
    HotspotY => stats.basal_max_place.y_m * 1000.0,
    BodyHeat => stats.body_heat_w_per_m2,
    Cem43Max => stats.cem43_max_min,
    OmegaHenriques => stats.omega_max[ArrheniusSet::Henriques as usize],
    OmegaWeaverStoll => stats.omega_max[ArrheniusSet::WeaverStoll as usize],
    OmegaTakata => stats.omega_max[ArrheniusSet::Takata as usize],
    OmegaDiller => stats.omega_max[ArrheniusSet::Diller as usize],
    NtcUpper => view.analog.bead_c()[0],
    NtcLower => view.analog.bead_c()[1],
    NtcUpperCounts => f64::from(view.analog.ntc_counts()[0]),
    NtcLowerCounts => f64::from(view.analog.ntc_counts()[1]),
    ReadUpper => centi(telemetry.film_centi_c[0]),
    ReadLower => centi(telemetry.film_centi_c[1]),
    SetpointUpper => centi(telemetry.setpoint_centi_c[0]),
    SetpointLower => centi(telemetry.setpoint_centi_c[1]),
    FirmwareDose => f64::from(telemetry.dose_centi_min) / 100.0,
    HeaterUpperDuty => duty(pins.heater_duty[0]),
    HeaterLowerDuty => duty(pins.heater_duty[1]),
    HeaterUpperPower => electrical.heater_w[0],
    HeaterLowerPower => electrical.heater_w[1],
    HeaterPower => electrical.heater_w[0] + electrical.heater_w[1],
    RelayCommanded => flag(pins.relay_closed),
    RelayClosed => flag(view.switches.contact_closed()),
    CutoutUpperClosed => flag(view.plant.cutout_closed()[0]),
    CutoutLowerClosed => flag(view.plant.cutout_closed()[1]),
    KneadingDuty => duty(pins.motor_duty[0]),
    KneadingCurrent => kneading.current_a,
    KneadingPower => electrical.motor_w[0],
    KneadingSpeed => kneading.output_rpm(),
    KneadingAngle => full_turn_deg(kneading.output_angle_rad),
    KneadingWinding => kneading.winding_c,
    KneadingCase => kneading.case_c,
    VibrationDuty => duty(pins.motor_duty[1]),
    VibrationCurrent => vibration.current_a,
    VibrationPower => electrical.motor_w[1],
    VibrationWinding => vibration.winding_c,
    VibrationCase => vibration.case_c,
    SupplyVoltage => electrical.bus_v,
    SupplyCurrent => electrical.source_a,
    PackCharge => electrical.charge,
    PackTemperature => electrical.pack_c,
    DeviceRunning => flag(view.controller.executing()),
    Resets => f64::from(view.controller.resets().0),
    WatchdogResets => f64::from(view.controller.resets().1),
    Mode => f64::from(pins.status.mode as u8),
    SessionRunning => flag(matches!(pins.status.mode, Mode::Warming | Mode::Holding)),
    FaultCode => f64::from(pins.status.fault as u8),
    Buzzer => flag(pins.buzzer),
    Leds => f64::from(pins.leds),
    SessionLeft => f64::from(telemetry.session_left_s),
    RestLeft => f64::from(telemetry.rest_left_s),
    Ambient => conditions.ambient_c,
    Contact => conditions.contact,
}

fn duty(duty: impl Into<f64>) -> f64 {
    duty.into() / f64::from(DUTY_FULL)
}

fn flag(flag: bool) -> f64 {
    f64::from(u8::from(flag))
}

/// Hundredths of a degree; the smallest number says "not valid".
fn centi(value: i16) -> f64 {
    if value == i16::MIN {
        f64::NAN
    } else {
        f64::from(value) / 100.0
    }
}

fn full_turn_deg(angle_rad: f64) -> f64 {
    let turns = angle_rad / core::f64::consts::TAU;
    (turns - libm::floor(turns)) * 360.0
}
