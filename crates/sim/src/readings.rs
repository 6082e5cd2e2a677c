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
    signals: Vec<f64>,
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
            signals: vec![f64::NAN; Signal::COUNT],
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
        for signal in &self.recorded {
            self.signals[*signal as usize] = view.value(*signal);
        }
    }

    /// Takes down and gives what the digest covers.
    pub fn take_digested(&mut self, view: &View<'_>) -> &[f64] {
        let digested = self.signals.iter_mut().zip(Signal::ALL).take(DIGESTED);
        for (value, signal) in digested {
            *value = view.value(*signal);
        }
        &self.signals[..DIGESTED]
    }
}

impl View<'_> {
    /// Every signal, by [`Signal`] as index.
    pub fn all(&self) -> [f64; Signal::COUNT] {
        core::array::from_fn(|index| self.value(Signal::ALL[index]))
    }

    /// One signal.
    pub fn value(&self, signal: Signal) -> f64 {
        let pins = self.controller.pins();
        let telemetry = &pins.telemetry;
        let electrical = self.plant.electrical();
        let [kneading, vibration] = [self.plant.motor(0), self.plant.motor(1)];
        let conditions = self.scenery.conditions();
        let stats = self.plant.field().stats();
        match signal {
            Signal::Time => f64::from(self.tick + 1) / f64::from(TICKS_PER_S),
            Signal::FilmUpper => self.plant.ntc_film_c()[0],
            Signal::FilmLower => self.plant.ntc_film_c()[1],
            Signal::FilmUpperMean => stats.zone_film_mean_c[0],
            Signal::FilmLowerMean => stats.zone_film_mean_c[1],
            Signal::FilmMax => stats.film_max_c,
            Signal::CoverMax => stats.cover_max_c,
            Signal::SkinSurfaceMax => stats.skin_surface_max_c,
            Signal::SkinSurfaceMean => stats.skin_surface_mean_c,
            Signal::BasalMax => stats.basal_max_c,
            Signal::HotspotX => stats.basal_max_place.x_m * 1000.0,
            Signal::HotspotY => stats.basal_max_place.y_m * 1000.0,
            Signal::BodyHeat => stats.body_heat_w_per_m2,
            Signal::Cem43Max => stats.cem43_max_min,
            Signal::OmegaHenriques => stats.omega_max[ArrheniusSet::Henriques as usize],
            Signal::OmegaWeaverStoll => stats.omega_max[ArrheniusSet::WeaverStoll as usize],
            Signal::OmegaTakata => stats.omega_max[ArrheniusSet::Takata as usize],
            Signal::OmegaDiller => stats.omega_max[ArrheniusSet::Diller as usize],
            Signal::NtcUpper => self.analog.bead_c()[0],
            Signal::NtcLower => self.analog.bead_c()[1],
            Signal::NtcUpperCounts => f64::from(self.analog.ntc_counts()[0]),
            Signal::NtcLowerCounts => f64::from(self.analog.ntc_counts()[1]),
            Signal::ReadUpper => centi(telemetry.film_centi_c[0]),
            Signal::ReadLower => centi(telemetry.film_centi_c[1]),
            Signal::SetpointUpper => centi(telemetry.setpoint_centi_c[0]),
            Signal::SetpointLower => centi(telemetry.setpoint_centi_c[1]),
            Signal::FirmwareDose => f64::from(telemetry.dose_centi_min) / 100.0,
            Signal::HeaterUpperDuty => duty(pins.heater_duty[0]),
            Signal::HeaterLowerDuty => duty(pins.heater_duty[1]),
            Signal::HeaterUpperPower => electrical.heater_w[0],
            Signal::HeaterLowerPower => electrical.heater_w[1],
            Signal::HeaterPower => electrical.heater_w[0] + electrical.heater_w[1],
            Signal::RelayCommanded => flag(pins.relay_closed),
            Signal::RelayClosed => flag(self.switches.contact_closed()),
            Signal::CutoutUpperClosed => flag(self.plant.cutout_closed()[0]),
            Signal::CutoutLowerClosed => flag(self.plant.cutout_closed()[1]),
            Signal::KneadingDuty => duty(pins.motor_duty[0]),
            Signal::KneadingCurrent => kneading.current_a,
            Signal::KneadingPower => electrical.motor_w[0],
            Signal::KneadingSpeed => kneading.output_rpm(),
            Signal::KneadingAngle => full_turn_deg(kneading.output_angle_rad),
            Signal::KneadingWinding => kneading.winding_c,
            Signal::KneadingCase => kneading.case_c,
            Signal::VibrationDuty => duty(pins.motor_duty[1]),
            Signal::VibrationCurrent => vibration.current_a,
            Signal::VibrationPower => electrical.motor_w[1],
            Signal::VibrationWinding => vibration.winding_c,
            Signal::VibrationCase => vibration.case_c,
            Signal::SupplyVoltage => electrical.bus_v,
            Signal::SupplyCurrent => electrical.source_a,
            Signal::PackCharge => electrical.charge,
            Signal::PackTemperature => electrical.pack_c,
            Signal::DeviceRunning => flag(self.controller.executing()),
            Signal::Resets => f64::from(self.controller.resets().0),
            Signal::WatchdogResets => f64::from(self.controller.resets().1),
            Signal::Mode => f64::from(pins.status.mode as u8),
            Signal::SessionRunning => {
                flag(matches!(pins.status.mode, Mode::Warming | Mode::Holding))
            }
            Signal::FaultCode => f64::from(pins.status.fault as u8),
            Signal::Buzzer => flag(pins.buzzer),
            Signal::Leds => f64::from(pins.leds),
            Signal::SessionLeft => f64::from(telemetry.session_left_s),
            Signal::RestLeft => f64::from(telemetry.rest_left_s),
            Signal::Ambient => conditions.ambient_c,
            Signal::Contact => conditions.contact,
            Signal::EnergyPutIn => self.energy().put_in_j,
            Signal::EnergyResidual => self.energy().residual_relative,
        }
    }

    /// Adds up the whole field; kept apart so that the other signals pay nothing for it.
    #[cold]
    #[inline(never)]
    fn energy(&self) -> EnergyBalance {
        self.plant.energy_at_step()
    }
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
