//! Everything the firmware remembers from tick to tick, and the tasks that change it.

use crate::adopted::Adopted;
use crate::buttons::Buttons;
use crate::clock::{Clock, Elapsed};
use crate::config::Config;
use crate::drive::Drive;
use crate::echo::Wave;
use crate::guard::SkinEstimate;
use crate::heater::{Allowance, Heater};
use crate::io::{FaultCode, Inputs, Mode, Record, ResetCause, Status, Telemetry, ZONES};
use crate::limits::Limits;
use crate::motors::Motors;
use crate::numbers::limit;
use crate::program::Segment;
use crate::rail::Rail;
use crate::redundant::Redundant;
use crate::sensors::Sensors;
use crate::session::{Session, Settings, Use};
use crate::setpoint::{HeatLevel, advance_c, goal_c, start_c};
use crate::supervisor::{Cooling, Latched, Phase, SHED_MS};
use crate::trip::Trip;

/// Resets by the watchdog without a quiet minute that latch.
const RESETS_MAX: u8 = 3;
/// A run this long without a reset forgets the earlier ones.
const QUIET_MS: u32 = 60_000;
/// Dose below this film temperature is nothing: 4^-5 of a minute per minute.
const DOSE_FROM_C: f32 = 38.0;

/// The firmware's whole memory: plain data of a fixed size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    pub(crate) config: Adopted,
    pub(crate) phase: Phase,
    pub(crate) fault: Redundant,
    pub(crate) setpoint_c: Redundant,
    pub(crate) session_left_ms: Redundant,
    pub(crate) dose_min: Redundant,
    pub(crate) usage: Use,
    pub(crate) settings: Settings,
    pub(crate) buttons: Buttons,
    pub(crate) sensors: Sensors,
    pub(crate) trip: Trip,
    pub(crate) limits: Limits,
    pub(crate) rail: Rail,
    pub(crate) heater: Heater,
    pub(crate) motors: Motors,
    pub(crate) last_drive: Drive,
    pub(crate) cause_present: bool,
    pub(crate) boots: u8,
    /// What the board was last given to keep.
    pub(crate) record: Record,
    /// What was last told, and the status it was told with.
    pub(crate) telemetry: Telemetry,
    pub(crate) told: Option<Status>,
    /// What the program asked of the motors last.
    pub(crate) asked: Option<Segment>,
    clock: Clock,
    skin: SkinEstimate,
    awake_ms: u32,
}

/// A redundant variable whose memory can be hit by a bit flip, for fault injection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitTarget {
    /// The regulator's set-point.
    Setpoint,
    /// What is left of the session.
    SessionTimer,
    /// The latched fault.
    Latch,
    /// The skin dose estimate.
    DoseEstimate,
    /// Use not yet rested off.
    Use,
}

impl BitTarget {
    /// Every target with its label.
    pub const ALL: [(&'static str, BitTarget); 5] = [
        ("setpoint", BitTarget::Setpoint),
        ("session_timer", BitTarget::SessionTimer),
        ("latch", BitTarget::Latch),
        ("dose_estimate", BitTarget::DoseEstimate),
        ("use", BitTarget::Use),
    ];
}

impl State {
    /// The memory after a reset, from what the board kept.
    ///
    /// A kept latch stays latched, a damaged record latches, no session
    /// resumes. An invalid `config` latches `Internal` on the defaults.
    pub fn boot(config: &Config, cause: ResetCause, record: Record) -> State {
        let (config, config_fault) = if config.is_valid() {
            (Adopted::new(config), None)
        } else {
            (Adopted::new(&Config::default()), Some(FaultCode::Internal))
        };
        let intact = record.is_intact();
        let counted = match cause {
            ResetCause::PowerOn | ResetCause::BrownOut => 0,
            ResetCause::Watchdog | ResetCause::External => 1,
        };
        let boots = if intact {
            record.boots.saturating_add(counted)
        } else {
            0
        };
        let kept = if intact {
            FaultCode::from_number(record.fault)
        } else {
            Some(FaultCode::RecordCorrupt)
        };
        let kept = kept.filter(|code| *code != FaultCode::None);
        let looping = (boots >= RESETS_MAX).then_some(FaultCode::ResetLoop);
        let fault = kept.or(looping).or(config_fault);

        let mut usage = Use::restore(&record);
        if !intact {
            // The past is unknown: take the worst.
            usage = Use::restore(&Record::blank());
            usage.exhaust(&config);
        }
        let exhausted = usage.left_ms(&config) == 0;
        let phase = if fault.is_some() {
            Phase::Latched(Latched::default())
        } else if exhausted {
            Phase::Cooling(Cooling::Rest)
        } else {
            Phase::Off
        };
        let buttons = match cause {
            ResetCause::PowerOn => Buttons::RELEASED,
            ResetCause::BrownOut | ResetCause::Watchdog | ResetCause::External => Buttons::HELD,
        };
        let dose_min = if intact {
            f32::from(record.dose_centi_min) * 0.01
        } else {
            0.0
        };
        let warm_share = usage.used_ms.get_or(0) as f32 / (config.use_max_s * 1000.0);
        State {
            config,
            phase,
            fault: Redundant::new(fault.unwrap_or(FaultCode::None) as u32),
            setpoint_c: Redundant::from_f32(0.0),
            session_left_ms: Redundant::new(0),
            dose_min: Redundant::from_f32(dose_min),
            usage,
            settings: Settings::default(),
            buttons,
            sensors: Sensors::new(),
            trip: Trip::at(config.trip_c),
            limits: Limits::new(),
            rail: Rail::new(config.heater_resistance_ohm),
            heater: Heater::new(),
            motors: Motors::new(&config, warm_share),
            last_drive: Drive::NONE,
            cause_present: false,
            boots,
            record: Record::blank(),
            telemetry: Telemetry::default(),
            told: None,
            asked: None,
            clock: Clock::default(),
            skin: SkinEstimate::new(),
            awake_ms: 0,
        }
    }

    /// The supervisor's mode.
    pub fn mode(&self) -> Mode {
        self.phase.mode()
    }

    /// The latched fault, or [`FaultCode::None`].
    pub fn fault(&self) -> FaultCode {
        fault_of(&self.fault)
    }

    /// What the buttons have chosen.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Flips one bit of *one* of a variable's two copies, as a particle or a
    /// stray write would: `bit` 0 to 31 hits the value, 32 to 63 its
    /// complement (modulo 64). The next tick must latch `MemoryCorrupt`.
    pub fn flip_bit(&mut self, target: BitTarget, bit: u8) {
        match target {
            BitTarget::Setpoint => self.setpoint_c.flip(bit),
            BitTarget::SessionTimer => self.session_left_ms.flip(bit),
            BitTarget::Latch => self.fault.flip(bit),
            BitTarget::DoseEstimate => self.dose_min.flip(bit),
            BitTarget::Use => self.usage.used_ms.flip(bit),
        }
    }

    /// Takes over a changed configuration as a whole, between two ticks;
    /// whether the state now works with `config`. One that is not valid latches
    /// `Internal`, again and again until it is mended.
    pub fn adopt(&mut self, config: &Config) -> bool {
        // The kept one is valid, so it holds no NaN: the same bits are equal.
        if config.same_bits(&self.config) || *config == *self.config {
            return true;
        }
        let is_valid = config.is_valid();
        if is_valid {
            self.config = Adopted::new(config);
            self.trip = Trip::at(config.trip_c);
        } else {
            self.latch(FaultCode::Internal);
        }
        is_valid
    }

    /// Start of a tick: takes the clocks, as words: halfwords are read across stores under way.
    pub(crate) fn begin(&mut self, tick: u32, rtc_ms: u32) -> Elapsed {
        let elapsed = self.clock.advance(tick, rtc_ms);
        self.awake_ms = self.awake_ms.saturating_add(elapsed.ms);
        if self.boots != 0 && self.awake_ms >= QUIET_MS && self.fault() == FaultCode::None {
            self.boots = 0;
        }
        elapsed
    }

    pub(crate) fn sense(&mut self, inputs: &Inputs, elapsed: &Elapsed) {
        self.sensors.update(&self.config, inputs, elapsed);
    }

    /// The dangerous limits and the dose, in every state.
    pub(crate) fn guard(&mut self, inputs: &Inputs, elapsed: &Elapsed) {
        if !self.memory_intact() {
            self.repair_memory();
        }
        let danger = self.find_danger(inputs, elapsed);
        self.cause_present = danger.is_some();
        if let Some(code) = danger {
            self.latch(code);
        }
        if let Some(slow_ms) = elapsed.slow_ms {
            self.add_dose(slow_ms);
        }
        let latched = self.mode() == Mode::Latched;
        if latched == self.fault.holds(FaultCode::None as u32) {
            self.fault = Redundant::new(FaultCode::Internal as u32);
            if !latched {
                self.go(Phase::Latched(Latched::default()));
            }
        }
    }

    /// Latches `MemoryCorrupt` and gives every variable its safe value, so
    /// that a later reset or the service gesture starts from a known past.
    fn repair_memory(&mut self) {
        self.latch(FaultCode::MemoryCorrupt);
        self.fault = Redundant::new(FaultCode::MemoryCorrupt as u32);
        self.setpoint_c = Redundant::from_f32(0.0);
        self.session_left_ms = Redundant::new(0);
        self.dose_min = Redundant::from_f32(self.dose_min.f32_or(self.config.dose_derate_full_min));
        self.usage = Use {
            used_ms: Redundant::new(0),
            rest_ms: Redundant::new(0),
        };
        self.usage.exhaust(&self.config);
    }

    fn add_dose(&mut self, dt_ms: u32) {
        let mut film_max_c = 0.0f32;
        for film in &self.sensors.film {
            let film_c = film.valid_c().unwrap_or(0.0);
            if film_c > film_max_c {
                film_max_c = film_c;
            }
        }
        if film_max_c > DOSE_FROM_C {
            let added_min = self.skin.dose_min(&self.config, film_max_c, dt_ms);
            let dose_min = limit(self.dose_min.f32_or(f32::MAX) + added_min, 0.0, 600.0);
            self.dose_min = Redundant::from_f32(dose_min);
        } else {
            self.skin = SkinEstimate::new();
        }
    }

    /// The heater task: what was decided is driven in every tick.
    pub(crate) fn heat(&mut self, elapsed: &Elapsed) {
        let session = match self.phase.session() {
            Some(session) if self.settings.heat != HeatLevel::None => *session,
            Some(_) | None => {
                self.setpoint_c = Redundant::from_f32(0.0);
                self.heater.off(&self.config);
                return;
            }
        };
        let current_a = self.config.supply_current_max_a - self.motors.supply_a(&self.sensors);
        if self.heater.is_due(current_a, elapsed) {
            self.decide_heat(session, current_a, elapsed);
        }
        let (sensors, rail) = (&self.sensors, &mut self.rail);
        self.heater.drive(&self.config, sensors, rail, elapsed.ms);
    }

    /// Set-point, then regulator.
    #[inline(never)]
    fn decide_heat(&mut self, session: Session, current_a: f32, elapsed: &Elapsed) {
        let config = &self.config;
        let mut setpoint_c = self.setpoint_c.f32_or(0.0);
        let starts = setpoint_c <= 0.0;
        if let Some(dt_ms) = elapsed.slow_ms.or(starts.then_some(elapsed.ms)) {
            let goal_c = goal_c(
                config,
                self.settings.heat,
                session.elapsed_ms as f32 * 0.001,
                self.dose_min.f32_or(f32::MAX),
                self.motors.nodes_rest(config),
            );
            setpoint_c = if starts {
                start_c(config, goal_c)
            } else {
                let film_max_c = self.sensors.film_max_c();
                advance_c(config, setpoint_c, goal_c, film_max_c, dt_ms as f32 * 0.001)
            };
            self.setpoint_c = Redundant::from_f32(setpoint_c);
        }
        let allowance = Allowance {
            holding: self.mode() == Mode::Holding,
            current_a,
            waves: self.waves(),
        };
        self.heater.decide(
            config,
            &self.sensors,
            &self.rail,
            setpoint_c,
            allowance,
            elapsed.slow_ms.unwrap_or(0),
        );
    }

    /// The wave on each zone's power, in antiphase.
    pub(crate) fn waves(&self) -> [Option<Wave>; ZONES] {
        let wave = self.phase.session().and_then(|s| Wave::at(s.elapsed_ms));
        [wave, wave.map(Wave::opposed)]
    }

    /// In a session, with a supply that bears it.
    #[inline(always)]
    fn may_massage(&self) -> bool {
        self.phase.session().is_some_and(|s| s.shed_ms < SHED_MS)
    }

    /// What the program asks of the motors now; nothing outside of a session or of a weak supply's.
    #[inline(always)]
    pub(crate) fn demand(&self) -> Option<Segment> {
        match self.phase.session() {
            Some(session) if session.shed_ms < SHED_MS => {
                let segment = self.settings.program.at(session.elapsed_ms);
                let factor = self.settings.intensity.factor();
                Some(Segment {
                    speed_rpm: segment.speed_rpm * factor,
                    vibration_duty: limit(segment.vibration_duty * factor, 0.0, 1.0),
                    ..segment
                })
            }
            Some(_) | None => None,
        }
    }

    /// The motor task: the program's segment, then both controllers, every second tick.
    pub(crate) fn massage(&mut self, inputs: &Inputs, elapsed: &Elapsed) {
        if let Some(code) = self.run_motors(inputs, elapsed) {
            self.cause_present = true;
            self.latch(code);
        }
    }

    /// Both controllers, when they are due; what they find.
    #[inline(always)]
    pub(crate) fn run_motors(&mut self, inputs: &Inputs, elapsed: &Elapsed) -> Option<FaultCode> {
        let dt_ms = elapsed.motor_ms?;
        // A program's stretches last seconds; that it ends shows at once.
        if elapsed.slow_ms.is_some() || self.asked.is_some() != self.may_massage() {
            self.asked = self.demand();
        }
        self.motors.update(
            &self.config,
            &self.sensors,
            inputs.encoder_counts,
            self.asked,
            dt_ms,
            elapsed.slow_ms,
        )
    }
}

/// The fault that a latch holds; a number that is none reads as `Internal`.
fn fault_of(latch: &Redundant) -> FaultCode {
    let number = latch.get_or(FaultCode::MemoryCorrupt as u32);
    u8::try_from(number)
        .ok()
        .and_then(FaultCode::from_number)
        .unwrap_or(FaultCode::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    fn booted(record: Record) -> State {
        State::boot(&Config::default(), ResetCause::PowerOn, record)
    }

    fn fault_after_a_tick(state: &mut State) -> (Mode, FaultCode) {
        let config = Config::default();
        let out = crate::step(&config, state, &Inputs::default());
        (out.status.mode, out.status.fault)
    }

    #[test]
    fn a_fault_without_a_latch_or_a_latch_without_a_fault_cannot_be_and_latches() {
        let internal = (Mode::Latched, FaultCode::Internal);
        let mut state = booted(Record::blank());
        state.fault = Redundant::new(FaultCode::PackHot as u32);
        assert_eq!(fault_after_a_tick(&mut state), internal);

        let mut state = booted(Record::blank());
        let mut latched = Latched::default();
        latched.since_ms = 5_000;
        state.phase = Phase::Latched(latched);
        assert_eq!(fault_after_a_tick(&mut state), internal);
        latched.since_ms = 5_010;
        assert_eq!(state.phase, Phase::Latched(latched), "its clock goes on");
    }
}
