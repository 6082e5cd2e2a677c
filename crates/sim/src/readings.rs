//! Signals of one tick, gathered from plant, chip and board.

use kneadsim_firmware::io::{DUTY_FULL, Mode, ZONES};
use kneadsim_plant::{ArrheniusSet, Plant};

use crate::board::Switches;
use crate::controller::Controller;
use crate::scenery::Scenery;
use crate::signal::Signal;
use crate::spec::{Derived, Spec, TICKS_PER_S};

/// One value per [`Signal`], then one per derived column.
#[derive(Clone, Debug, PartialEq)]
pub struct Readings {
    signals: Vec<f64>,
    derived: Vec<f64>,
}

impl Readings {
    /// Empty readings.
    pub fn new(derived: &[Derived]) -> Self {
        Self {
            signals: vec![0.0; Signal::COUNT],
            derived: vec![0.0; derived.len()],
        }
    }

    /// The fixed table's values.
    pub fn signals(&self) -> &[f64] {
        &self.signals
    }

    /// The derived columns' values.
    pub fn derived(&self) -> &[f64] {
        &self.derived
    }

    /// Takes everything down at the end of a tick.
    #[expect(
        clippy::too_many_arguments,
        reason = "this is the one place where all parts meet"
    )]
    pub fn fill(
        &mut self,
        tick: u32,
        plant: &Plant,
        scenery: &Scenery,
        spec: &Spec,
        controller: &Controller,
        switches: &Switches,
        bead_c: [f64; ZONES],
        ntc_counts: [u16; ZONES],
    ) {
        self.set(Signal::Time, f64::from(tick + 1) / f64::from(TICKS_PER_S));
        if plant.thermal_stepped() || tick == 0 {
            self.fill_thermal(plant, spec);
        }
        self.fill_electrical(plant);
        self.fill_motors(plant);
        self.fill_chip(controller, switches);
        self.set(Signal::NtcUpper, bead_c[0]);
        self.set(Signal::NtcLower, bead_c[1]);
        self.set(Signal::NtcUpperCounts, f64::from(ntc_counts[0]));
        self.set(Signal::NtcLowerCounts, f64::from(ntc_counts[1]));
        self.set(Signal::Ambient, scenery.conditions().ambient_c);
        self.set(Signal::Contact, scenery.conditions().contact);
        for (column, derived) in self.derived.iter_mut().zip(&spec.derived) {
            let active = scenery.active_faults(spec).any(|f| {
                f.kind == derived.kind && derived.target.is_none_or(|target| target == f.target)
            });
            *column = f64::from(u8::from(active));
        }
    }

    fn set(&mut self, signal: Signal, value: f64) {
        // Signals are numbered in the order of the table that sizes this vector.
        self.signals[signal as usize] = value;
    }

    fn set_flag(&mut self, signal: Signal, flag: bool) {
        self.set(signal, f64::from(u8::from(flag)));
    }

    fn fill_thermal(&mut self, plant: &Plant, spec: &Spec) {
        let stats = plant.field().stats();
        self.set(
            Signal::FilmUpper,
            plant.field().film_at(spec.build.heaters[0].ntc),
        );
        self.set(
            Signal::FilmLower,
            plant.field().film_at(spec.build.heaters[1].ntc),
        );
        self.set(Signal::FilmUpperMean, stats.zone_film_mean_c[0]);
        self.set(Signal::FilmLowerMean, stats.zone_film_mean_c[1]);
        self.set(Signal::FilmMax, stats.film_max_c);
        self.set(Signal::CoverMax, stats.cover_max_c);
        self.set(Signal::SkinSurfaceMax, stats.skin_surface_max_c);
        self.set(Signal::SkinSurfaceMean, stats.skin_surface_mean_c);
        self.set(Signal::BasalMax, stats.basal_max_c);
        self.set(Signal::HotspotX, stats.basal_max_place.x_m * 1000.0);
        self.set(Signal::HotspotY, stats.basal_max_place.y_m * 1000.0);
        self.set(Signal::BodyHeat, stats.body_heat_w_per_m2);
        self.set(Signal::Cem43Max, stats.cem43_max_min);
        let omega = |set: ArrheniusSet| stats.omega_max[set as usize];
        let omegas = [
            (Signal::OmegaHenriques, omega(ArrheniusSet::Henriques)),
            (Signal::OmegaWeaverStoll, omega(ArrheniusSet::WeaverStoll)),
            (Signal::OmegaTakata, omega(ArrheniusSet::Takata)),
            (Signal::OmegaDiller, omega(ArrheniusSet::Diller)),
        ];
        for (signal, value) in omegas {
            self.set(signal, value);
        }
        let energy = plant.energy();
        self.set(Signal::EnergyPutIn, energy.put_in_j);
        self.set(Signal::EnergyResidual, energy.residual_relative);
    }

    fn fill_electrical(&mut self, plant: &Plant) {
        let electrical = plant.electrical();
        self.set(Signal::HeaterUpperPower, electrical.heater_w[0]);
        self.set(Signal::HeaterLowerPower, electrical.heater_w[1]);
        self.set(
            Signal::HeaterPower,
            electrical.heater_w[0] + electrical.heater_w[1],
        );
        self.set(Signal::SupplyVoltage, electrical.bus_v);
        self.set(Signal::SupplyCurrent, electrical.source_a);
        self.set(Signal::PackCharge, electrical.charge);
        self.set(Signal::PackTemperature, electrical.pack_c);
        let closed = plant.cutout_closed();
        self.set_flag(Signal::CutoutUpperClosed, closed[0]);
        self.set_flag(Signal::CutoutLowerClosed, closed[1]);
    }

    fn fill_motors(&mut self, plant: &Plant) {
        let kneading = plant.motor(0);
        self.set(Signal::KneadingCurrent, kneading.current_a);
        self.set(Signal::KneadingPower, plant.electrical().motor_w[0]);
        self.set(Signal::KneadingSpeed, kneading.output_rpm());
        self.set(
            Signal::KneadingAngle,
            full_turn_deg(kneading.output_angle_rad),
        );
        self.set(Signal::KneadingWinding, kneading.winding_c);
        self.set(Signal::KneadingCase, kneading.case_c);
        let vibration = plant.motor(1);
        self.set(Signal::VibrationCurrent, vibration.current_a);
        self.set(Signal::VibrationPower, plant.electrical().motor_w[1]);
        self.set(Signal::VibrationWinding, vibration.winding_c);
        self.set(Signal::VibrationCase, vibration.case_c);
    }

    fn fill_chip(&mut self, controller: &Controller, switches: &Switches) {
        let pins = controller.pins();
        let full = f64::from(DUTY_FULL);
        self.set(
            Signal::HeaterUpperDuty,
            f64::from(pins.heater_duty[0]) / full,
        );
        self.set(
            Signal::HeaterLowerDuty,
            f64::from(pins.heater_duty[1]) / full,
        );
        self.set(Signal::KneadingDuty, f64::from(pins.motor_duty[0]) / full);
        self.set(Signal::VibrationDuty, f64::from(pins.motor_duty[1]) / full);
        self.set_flag(Signal::RelayCommanded, pins.relay_closed);
        self.set_flag(Signal::RelayClosed, switches.contact_closed());
        let telemetry = &pins.telemetry;
        self.set(Signal::ReadUpper, centi(telemetry.film_centi_c[0]));
        self.set(Signal::ReadLower, centi(telemetry.film_centi_c[1]));
        self.set(Signal::SetpointUpper, centi(telemetry.setpoint_centi_c[0]));
        self.set(Signal::SetpointLower, centi(telemetry.setpoint_centi_c[1]));
        self.set(
            Signal::FirmwareDose,
            f64::from(telemetry.dose_centi_min) / 100.0,
        );
        self.set(Signal::SessionLeft, f64::from(telemetry.session_left_s));
        self.set(Signal::RestLeft, f64::from(telemetry.rest_left_s));
        self.set(Signal::Mode, f64::from(pins.status.mode as u8));
        let running = matches!(pins.status.mode, Mode::Warming | Mode::Holding);
        self.set_flag(Signal::SessionRunning, running);
        self.set(Signal::FaultCode, f64::from(pins.status.fault as u8));
        self.set_flag(Signal::Buzzer, pins.buzzer);
        self.set(Signal::Leds, f64::from(pins.leds));
        self.set_flag(Signal::DeviceRunning, controller.executing());
        let (resets, watchdog_resets) = controller.resets();
        self.set(Signal::Resets, f64::from(resets));
        self.set(Signal::WatchdogResets, f64::from(watchdog_resets));
    }
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
