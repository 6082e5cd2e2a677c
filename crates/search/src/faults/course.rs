//! One run, watched at every tick: who noticed what, what was powered, how hot it got.
//!
//! The bench is stepped here and not handed to [`kneadsim_sim::run`], because times
//! to detection and to the safe state are wanted to the tick and nothing else of a
//! trace is. Judges nothing.

use std::sync::Arc;

use kneadsim_firmware::io::{FaultCode, Mode, Status};
use kneadsim_plant::{ArrheniusSet, MOTORS, Plant};
use kneadsim_sim::check::Finding;
use kneadsim_sim::fault::{FaultKind, FaultSpec};
use kneadsim_sim::run::ENERGY_TOLERANCE;
use kneadsim_sim::{Bench, Device, Spec};

use super::demand::Hazard;
use super::script::Script;

/// A mode that the sound unit would not have counts from this long on, ticks: session
/// and rest end a little apart where a fault costs a moment.
const APART_TICKS: u32 = 100;
/// A motor that has not been driven for this long is off, ticks; a blocked one rests
/// for 2 s and more between two tries.
const MOTOR_OFF_TICKS: u32 = 100;
/// Conducting by so much of full power more than commanded is beyond it: the finest
/// that the firmware's own band of 12 % could be asked to see, and more than a
/// probe or the wave on the power takes [E].
const OVERDRIVEN_SHARE: f64 = 0.05;

/// Who noticed a fault first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detection {
    /// The firmware latched this.
    Fault(FaultCode),
    /// The firmware went to a mode that the sound unit would not have been in.
    Mode(Mode),
    /// A cut-out opened.
    CutoutOpened,
    /// The hardware watchdog reset the chip.
    Watchdog,
    /// Nobody.
    Nothing,
}

/// The largest of what was there, from the run's start on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peaks {
    /// Hottest film, degC.
    pub film_c: f64,
    /// Hottest skin surface, degC.
    pub skin_c: f64,
    /// Tick at whose end it was.
    pub skin_tick: u32,
    /// Largest dose, CEM43 min.
    pub cem43_min: f64,
    /// Largest Arrhenius damage of the two sets that the consumer profile limits.
    pub omega: f64,
    /// Hottest winding, degC.
    pub winding_c: f64,
    /// Battery pack, degC (the room on an adapter).
    pub pack_c: f64,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Who noticed first, and at which tick; the tick may lie before the row's own
    /// fault, where an earlier one was noticed.
    pub detection: Detection,
    /// When; the run's last tick where nobody noticed.
    pub detected_tick: u32,
    /// From when on what must stop was there, if it ever was.
    pub shows_tick: Option<u32>,
    /// From when on it was gone.
    pub safe_tick: Option<u32>,
    /// The films were heated in a session between the fault and its detection.
    pub heated_unnoticed: bool,
    /// Extremes.
    pub peaks: Peaks,
    /// Limit lines.
    pub findings: Vec<Finding>,
    /// The energy balance closes.
    pub energy_closes: bool,
    /// What the firmware reported last.
    pub ended: Status,
    /// Ticks done.
    pub ticks: u32,
    /// Digest over everything that happened.
    pub digest: u128,
}

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The user's script with the sound unit's modes.
    pub script: &'a Script,
    /// The row's own fault.
    pub fault: FaultSpec,
    /// What must stop.
    pub hazard: Hazard,
    /// It is asked for up to the first press of the power button after the fault, and
    /// not after it has shown.
    pub is_asked_at_once: bool,
    /// First tick at which anything is out of order.
    pub first_tick: u32,
}

/// A run up to the tick of its row's fault; copies of it go on.
#[derive(Clone, Debug)]
pub struct Beginning<'a, D> {
    bench: Bench<D>,
    watcher: Watcher<'a>,
}

/// Runs what rows share up to the tick of their faults.
///
/// # Errors
/// What makes the specification or the device unfit.
pub fn begin<D: Device>(spec: Spec, device: D, look: Look<'_>) -> Result<Beginning<'_, D>, String> {
    let mut bench = Bench::new(Arc::new(spec), device).map_err(|lost| lost.reason)?;
    let mut watcher = Watcher::new(look);
    while bench.tick() < look.fault.onset_tick && !bench.done() {
        bench.step().map_err(|lost| lost.to_string())?;
        watcher.look(&bench);
    }
    Ok(Beginning { bench, watcher })
}

/// Goes on with the row's fault to the end; nothing where `stop` said so.
///
/// # Errors
/// A fault that the bench cannot show; a device that is lost.
pub fn go_on<'a, D: Device>(
    beginning: Beginning<'a, D>,
    look: Look<'a>,
    stop: &dyn Fn() -> bool,
) -> Result<Option<Course>, String> {
    let Beginning {
        mut bench,
        mut watcher,
    } = beginning;
    bench.add_fault(look.fault)?;
    watcher.look = look;
    while !bench.done() {
        bench.step().map_err(|lost| lost.to_string())?;
        watcher.look(&bench);
        if bench.tick().is_multiple_of(1_000) && stop() {
            return Ok(None);
        }
    }
    let last_tick = bench.tick().saturating_sub(1);
    let (detection, detected_tick) = watcher.detected.unwrap_or((Detection::Nothing, last_tick));
    Ok(Some(Course {
        detection,
        detected_tick,
        shows_tick: watcher.shows_tick,
        safe_tick: watcher.safe_tick(last_tick),
        heated_unnoticed: watcher.heated_unnoticed,
        peaks: watcher.peaks,
        findings: bench.findings(),
        energy_closes: bench.energy().residual_relative.abs() < ENERGY_TOLERANCE,
        ended: bench.pins().status,
        ticks: bench.tick(),
        digest: bench.digest(),
    }))
}

#[derive(Clone, Debug)]
struct Watcher<'a> {
    look: Look<'a>,
    /// Who noticed first.
    detected: Option<(Detection, u32)>,
    /// Since when the mode is another than the sound unit's.
    apart_since: Option<(u32, Mode)>,
    shows_tick: Option<u32>,
    /// The last tick at which what must stop was there, up to when that is asked.
    hazard_tick: Option<u32>,
    /// No later tick is asked: the user has pressed again, or the motor has rested.
    is_settled: bool,
    press_tick: Option<u32>,
    heated_unnoticed: bool,
    peaks: Peaks,
}

impl<'a> Watcher<'a> {
    fn new(look: Look<'a>) -> Self {
        Self {
            look,
            detected: None,
            apart_since: None,
            shows_tick: None,
            hazard_tick: None,
            is_settled: false,
            press_tick: None,
            heated_unnoticed: false,
            peaks: Peaks {
                film_c: f64::NEG_INFINITY,
                skin_c: f64::NEG_INFINITY,
                skin_tick: 0,
                cem43_min: 0.0,
                omega: 0.0,
                winding_c: f64::NEG_INFINITY,
                pack_c: f64::NEG_INFINITY,
            },
        }
    }

    fn look<D: Device>(&mut self, bench: &Bench<D>) {
        let tick = bench.tick() - 1;
        if bench.plant().thermal_stepped() {
            self.peak(bench.plant(), tick);
        }
        if tick < self.look.first_tick {
            return;
        }
        if self.detected.is_none() {
            self.detect(bench, tick);
        }
        if tick < self.look.fault.onset_tick {
            return;
        }
        let in_session = matches!(bench.pins().status.mode, Mode::Warming | Mode::Holding);
        let heated = bench.plant().electrical().heater_w.iter().any(|w| *w > 0.0);
        self.heated_unnoticed |= self.detected.is_none() && in_session && heated;
        if !self.is_settled {
            self.follow_hazard(bench, tick);
        }
    }

    fn detect<D: Device>(&mut self, bench: &Bench<D>, tick: u32) {
        let status = bench.pins().status;
        let cutout_open = bench.plant().cutout_closed().contains(&false);
        let found = if status.fault != FaultCode::None {
            Some(Detection::Fault(status.fault))
        } else if bench.watchdog_resets() > 0 {
            Some(Detection::Watchdog)
        } else if cutout_open {
            Some(Detection::CutoutOpened)
        } else {
            None
        };
        if let Some(found) = found {
            self.detected = Some((found, tick));
            return;
        }
        let known = tick < self.look.script.known_ticks();
        if !known || same(status.mode, self.look.script.mode_at(tick)) {
            self.apart_since = None;
            return;
        }
        let (since, mode) = *self.apart_since.get_or_insert((tick, status.mode));
        if tick - since >= APART_TICKS {
            self.detected = Some((Detection::Mode(mode), since));
        }
    }

    fn follow_hazard<D: Device>(&mut self, bench: &Bench<D>, tick: u32) {
        if self.look.is_asked_at_once && self.press_tick.is_none() {
            self.press_tick = self.look.script.power_after(self.look.fault.onset_tick);
        }
        if self.is_there(bench) {
            if self.shows_tick.is_none() {
                self.shows_tick = Some(tick);
                if !self.look.is_asked_at_once {
                    self.press_tick = self.look.script.power_after(tick);
                }
            }
            self.hazard_tick = Some(tick);
        }
        self.is_settled = match self.look.hazard {
            Hazard::MotorDriven => self
                .hazard_tick
                .is_some_and(|t| tick - t >= MOTOR_OFF_TICKS),
            Hazard::None | Hazard::AnyHeat | Hazard::ZoneOverdriven => {
                self.press_tick.is_some_and(|press| tick + 1 >= press)
            }
        };
    }

    /// Whether what must stop is there.
    fn is_there<D: Device>(&self, bench: &Bench<D>) -> bool {
        let at = usize::from(self.look.fault.target);
        let pins = bench.pins();
        let electrical = bench.plant().electrical();
        let full = f64::from(kneadsim_firmware::io::DUTY_FULL);
        match self.look.hazard {
            Hazard::None => false,
            Hazard::AnyHeat => pins.relay_closed || electrical.heater_w.iter().any(|w| *w > 0.0),
            Hazard::ZoneOverdriven => {
                let conducts = if self.look.fault.kind == FaultKind::MosfetPartial {
                    self.look.fault.value
                } else {
                    1.0
                };
                let duty = pins
                    .heater_duty
                    .get(at)
                    .map_or(0.0, |d| f64::from(*d) / full);
                let powered = electrical.heater_w.get(at).is_some_and(|w| *w > 0.0);
                powered && conducts > duty + OVERDRIVEN_SHARE
            }
            Hazard::MotorDriven => pins.motor_duty.get(at).is_some_and(|d| *d != 0),
        }
    }

    /// From when on what must stop was gone; nothing where it was there to the end.
    fn safe_tick(&self, last_tick: u32) -> Option<u32> {
        let hazard_tick = self.hazard_tick?;
        let to_the_press = self
            .press_tick
            .is_some_and(|press| hazard_tick + 1 >= press);
        let to_the_end = hazard_tick >= last_tick;
        let motor = self.look.hazard == Hazard::MotorDriven;
        let never = to_the_end || (to_the_press && !motor);
        (!never).then_some(hazard_tick + 1)
    }

    fn peak(&mut self, plant: &Plant, tick: u32) {
        let stats = plant.field().stats();
        let peaks = &mut self.peaks;
        peaks.film_c = peaks.film_c.max(stats.film_max_c);
        if stats.skin_surface_max_c > peaks.skin_c {
            peaks.skin_c = stats.skin_surface_max_c;
            peaks.skin_tick = tick;
        }
        peaks.cem43_min = peaks.cem43_min.max(stats.cem43_max_min);
        for set in [ArrheniusSet::WeaverStoll, ArrheniusSet::Diller] {
            peaks.omega = peaks.omega.max(stats.omega_max[set as usize]);
        }
        for motor in 0..MOTORS {
            peaks.winding_c = peaks.winding_c.max(plant.motor(motor).winding_c);
        }
        peaks.pack_c = peaks.pack_c.max(plant.electrical().pack_c);
    }
}

/// A session is one state here: a film that leaves its band is no detection.
fn same(mode: Mode, sound: Mode) -> bool {
    let session = |mode| matches!(mode, Mode::Warming | Mode::Holding);
    mode == sound || (session(mode) && session(sound))
}
