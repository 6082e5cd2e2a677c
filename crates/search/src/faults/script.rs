//! What the user does in every row, and when the sound unit is in which state.
//!
//! One script for all rows: the longest session at the highest heat, a short
//! break near its end (so that every fault of the session meets a self-test
//! with a warm film), the rest of the use, the whole rest, and a start with a
//! cold film. When states come is not assumed but looked up in a run of the
//! sound unit, so that any product and configuration has its own instants.

use std::sync::Arc;

use kneadsim_firmware::io::Mode;
use kneadsim_sim::fault::FaultKind;
use kneadsim_sim::fault::FaultSpec;
use kneadsim_sim::spec::{Button, Event, TICKS_PER_S};
use kneadsim_sim::{Bench, InProcess, Spec};

/// When the chip surely has booted, s.
const BOOTED_S: f64 = 0.5;
/// When the session's length is chosen, s.
const CHOOSE_S: f64 = 1.0;
/// When the unit is switched on, s.
const ON_S: f64 = 3.0;
/// Use that is left for after the break, s, where the configuration has room for it.
const LEFT_S: f64 = 60.0;
/// Length of the break, s.
const BREAK_S: f64 = 10.0;
/// From the end of the rest to the last start, s: the clocks may be a little apart.
const AFTER_REST_S: f64 = 15.0;
/// After the last start the run goes on for at least this long, s: self-test and three probes of each zone.
const LAST_S: f64 = 30.0;
/// The user stays on the pad for this long after the session, s [E].
const STAYS_S: f64 = 600.0;
/// What a fault does is watched for at least this long, s: as long as the longest use [E].
const WATCHED_S: f64 = 1800.0;
/// Length of the trip that makes a latched unit: an open thermistor, upper zone, s.
const TRIP_S: f64 = 1.0;

/// State of the unit when a fault comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Off: before the first start, and in the break with a warm film.
    Off,
    /// In the self-test of the first start.
    SelfTest,
    /// Session, film below its band.
    Warming,
    /// Session, film in its band.
    Holding,
    /// Session over, rest enforced.
    Cooling,
    /// After an earlier trip.
    Latched,
}

impl State {
    /// Every state, in the order of a session.
    pub const ALL: [State; 6] = [
        State::Off,
        State::SelfTest,
        State::Warming,
        State::Holding,
        State::Cooling,
        State::Latched,
    ];

    /// Name, that of the firmware's mode.
    pub fn name(self) -> &'static str {
        match self {
            State::Off => Mode::Off.name(),
            State::SelfTest => Mode::SelfTest.name(),
            State::Warming => Mode::Warming.name(),
            State::Holding => Mode::Holding.name(),
            State::Cooling => Mode::Cooling.name(),
            State::Latched => Mode::Latched.name(),
        }
    }
}

/// When a fault comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// In which state of the sound unit.
    pub state: State,
    /// Tick.
    pub tick: u32,
}

/// The user's script for a base, and what the sound unit does in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Presses.
    pub events: Vec<Event>,
    /// The sound unit's modes: from which tick on.
    pub modes: Vec<(u32, Mode)>,
    /// Instants at which faults come, by state and time.
    pub instants: Vec<Instant>,
    /// States that the sound unit never was in.
    pub not_reached: Vec<State>,
    /// When the unit trips in rows of the latched state.
    pub trip_tick: u32,
    /// First tick of the first session: the relay has closed, the self-test is over.
    pub session_tick: u32,
    /// The session's use is over.
    use_end_s: f64,
    /// The last start.
    restart_s: f64,
}

impl Script {
    /// Works the script out and runs the sound unit through it.
    ///
    /// # Errors
    /// Why the sound unit cannot be run, or that it trips by itself.
    pub fn new(base: &Spec) -> Result<Script, String> {
        let config = &base.firmware;
        let use_s = f64::from(config.session_long_s.min(config.use_max_s));
        let left_s = LEFT_S
            .max(1.5 * f64::from(config.use_min_s))
            .min(0.5 * use_s);
        let break_s = ON_S + use_s - left_s;
        let use_end_s = ON_S + use_s + BREAK_S;
        let restart_s = use_end_s + f64::from(config.rest_s) + AFTER_REST_S;
        let mut spec = Spec {
            events: Vec::new(),
            faults: Vec::new(),
            checks: Vec::new(),
            derived: Vec::new(),
            duration_ticks: ticks(restart_s + LAST_S),
            ..base.clone()
        };
        spec.press(CHOOSE_S, Button::Time)
            .press(ON_S, Button::Power)
            .press(break_s, Button::Power)
            .press(break_s + BREAK_S, Button::Power)
            .press(restart_s, Button::Power);
        let events = spec.events.clone();
        let modes = modes_of(spec)?;
        let mut script = Script {
            events,
            modes,
            instants: Vec::new(),
            not_reached: Vec::new(),
            trip_tick: 0,
            session_tick: 0,
            use_end_s,
            restart_s,
        };
        script.place(ticks(break_s));
        Ok(script)
    }

    fn place(&mut self, break_tick: u32) {
        let on_tick = ticks(ON_S);
        let warming = self.stretch(Mode::Warming);
        // Steps of the set-point leave the band for moments; the state is the session's.
        let holding = self
            .stretch(Mode::Holding)
            .map(|(from, _)| (from, break_tick));
        self.session_tick = warming.map_or(on_tick, |(from, _)| from);
        let (from, end) = holding.or(warming).unwrap_or((on_tick, break_tick));
        self.trip_tick = from + (end - from) / 4;
        let trip = self.trip_tick;
        let within = |stretch: Option<(u32, u32)>, shares: &[f64]| -> Vec<u32> {
            let Some((from, end)) = stretch else {
                return Vec::new();
            };
            let length = f64::from(end - from);
            shares
                .iter()
                .map(|share| from + libm::floor(length * share) as u32)
                .collect()
        };
        let rows = [
            (
                State::Off,
                // Just booted, on the way to the button, and in the break.
                vec![
                    ticks(BOOTED_S),
                    on_tick - 5,
                    break_tick + ticks(BREAK_S) / 2,
                ],
            ),
            // At rest, MOSFETs driven, relay closed, a zone measured.
            (
                State::SelfTest,
                within(self.stretch(Mode::SelfTest), &[0.1, 0.36, 0.6, 0.8]),
            ),
            (State::Warming, within(warming, &[0.02, 0.35, 0.7, 0.97])),
            (State::Holding, within(holding, &[0.01, 0.3, 0.6, 0.97])),
            // Film hot, warm, cold.
            (
                State::Cooling,
                within(self.stretch(Mode::Cooling), &[0.001, 0.03, 0.3, 0.9]),
            ),
            (
                State::Latched,
                vec![trip + ticks(2.0), trip + ticks(30.0), trip + ticks(300.0)],
            ),
        ];
        for (state, at) in rows {
            if at.is_empty() {
                self.not_reached.push(state);
            }
            let instants = at.into_iter().map(|tick| Instant { state, tick });
            self.instants.extend(instants);
        }
    }

    /// The first stretch of a mode in the sound unit's run, ticks.
    fn stretch(&self, mode: Mode) -> Option<(u32, u32)> {
        let at = self.modes.iter().position(|(_, m)| *m == mode)?;
        let end = self.modes.get(at + 1)?.0;
        Some((self.modes[at].0, end))
    }

    /// Mode of the sound unit at a tick; the last known beyond its run.
    pub fn mode_at(&self, tick: u32) -> Mode {
        let after = self.modes.partition_point(|(from, _)| *from <= tick);
        self.modes[..after].last().map_or(Mode::Off, |(_, m)| *m)
    }

    /// How far the sound unit's modes are known, ticks.
    pub fn known_ticks(&self) -> u32 {
        ticks(self.restart_s + LAST_S)
    }

    /// How long a row runs, ticks. In a session: until the user has stayed on the pad
    /// for ten minutes after it, and at least half an hour after the fault, since a
    /// hot film goes on cooking; while it cools: to the next start, and as long.
    pub fn length_ticks(&self, instant: Instant) -> u32 {
        let watched_s = f64::from(instant.tick) / f64::from(TICKS_PER_S) + WATCHED_S;
        let least_s = match instant.state {
            State::Cooling => self.restart_s + LAST_S,
            State::Off | State::SelfTest | State::Warming | State::Holding | State::Latched => {
                self.use_end_s + STAYS_S
            }
        };
        ticks(watched_s.max(least_s))
    }

    /// The first press of the power button after a tick, if any.
    pub fn power_after(&self, tick: u32) -> Option<u32> {
        // The first press chooses the length; all others are of the power button.
        let presses = self.events.iter().skip(1);
        presses.map(|event| event.at_tick).find(|at| *at > tick)
    }

    /// The fault that makes a latched unit.
    pub fn trip(&self) -> FaultSpec {
        FaultSpec {
            kind: FaultKind::NtcOpen,
            target: 0,
            value: 0.0,
            onset_tick: self.trip_tick,
            duration_ticks: Some(ticks(TRIP_S)),
            repeat: None,
        }
    }
}

fn modes_of(spec: Spec) -> Result<Vec<(u32, Mode)>, String> {
    let mut bench = Bench::new(Arc::new(spec), InProcess::new()).map_err(|lost| lost.reason)?;
    let mut modes = vec![(0, Mode::Off)];
    while !bench.done() {
        bench.step().map_err(|lost| lost.reason)?;
        let mode = bench.pins().status.mode;
        if modes.last().is_none_or(|(_, last)| *last != mode) {
            modes.push((bench.tick() - 1, mode));
        }
        if mode == Mode::Latched {
            return Err(format!(
                "the sound unit trips by itself: `{}` at {:.2} s of the script; the table needs one that does not",
                bench.pins().status.fault.name(),
                f64::from(bench.tick()) / f64::from(TICKS_PER_S)
            ));
        }
    }
    Ok(modes)
}

/// Seconds as ticks.
fn ticks(seconds: f64) -> u32 {
    libm::round(seconds * f64::from(TICKS_PER_S)) as u32
}
