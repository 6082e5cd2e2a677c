//! The heater rail: is the current what was driven?
//!
//! One shunt carries both zones, so the zones are told apart in time: once a
//! second one zone is measured alone for a single tick (the other off, the
//! measured one at least half on), the zones in turn. That finds a cracked or
//! shorted film at any duty and costs a hundredth of the power for a moment.
//! Beside it the whole current is watched every tick for more than was driven.
//!
//! A zone that loses *all* its current while its film is hot has a bimetal
//! cut-out at work: a safe condition. The zone rests and is probed for its
//! return; it latches when cut-outs open `cutout_cycles_max` times in a
//! session, when both zones are gone at once, or when the film was too cold
//! for a cut-out to open (then the path is broken).

use crate::config::Config;
use crate::drive::Drive;
use crate::io::{DUTY_FULL, FaultCode, PER_DUTY, ZONES};
use crate::numbers::limit;
use crate::persist::{Persist, ms};
use crate::sensors::Sensors;

/// Duty of the probed zone, at least: half on gives 250 counts of current.
const PROBE_DUTY_MIN: u16 = DUTY_FULL / 2;
/// A suspicious probe is repeated after this long.
const PROBE_AGAIN_MS: u32 = 200;
/// Probes in a row that must agree.
const PROBES_TO_BELIEVE: u8 = 3;
/// Share of the expected current below which a zone counts as open.
const OPEN_SHARE: f32 = 0.15;
/// After the last drive: one tick of delay and up to 15 ms of relay contact.
const SETTLE_MS: u32 = 50;

/// What is known of one zone's path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ZonePath {
    /// Conductance learned at the self-test per step of the duty, S.
    siemens_per_duty: f32,
    /// The path carries nothing: cut-out open.
    pub(crate) open: bool,
    suspicions: u8,
}

/// The rail and its running checks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rail {
    /// The zones' paths.
    pub(crate) paths: [ZonePath; ZONES],
    idle_ms: u32,
    expected_before_a: f32,
    off_current: Persist,
    over_current: Persist,
    probe_in_ms: u32,
    probe_lower: bool,
    probing: bool,
    openings: u8,
}

impl Rail {
    /// Nothing learned yet.
    pub(crate) fn new(nominal_ohm: f32) -> Self {
        let path = ZonePath {
            siemens_per_duty: siemens_per_duty(nominal_ohm),
            open: false,
            suspicions: 0,
        };
        Self {
            paths: [path; ZONES],
            idle_ms: 0,
            expected_before_a: 0.0,
            off_current: Persist::ZERO,
            over_current: Persist::ZERO,
            probe_in_ms: 0,
            probe_lower: false,
            probing: false,
            openings: 0,
        }
    }

    /// Starts a session with what the self-test learned.
    pub(crate) fn learn(&mut self, ohm: [f32; ZONES], open: [bool; ZONES]) {
        for (path, (ohm, open)) in self.paths.iter_mut().zip(ohm.into_iter().zip(open)) {
            *path = ZonePath {
                siemens_per_duty: siemens_per_duty(ohm),
                open,
                suspicions: 0,
            };
        }
        self.openings = 0;
        self.probing = false;
    }

    /// Current that a drive puts through each zone, A. Also through an open path: a
    /// cut-out may close between two probes.
    pub(crate) fn currents_a(&self, drive: &Drive, supply_v: f32) -> [f32; ZONES] {
        let [upper, lower] = &self.paths;
        let [upper_duty, lower_duty] = drive.heater_duty;
        if !drive.relay_closed {
            return [0.0; ZONES];
        }
        [
            upper.current_a(upper_duty, supply_v),
            lower.current_a(lower_duty, supply_v),
        ]
    }

    /// Power of such currents, W: nothing in an open path.
    pub(crate) fn power_w(&self, currents_a: [f32; ZONES], supply_v: f32) -> [f32; ZONES] {
        let [upper, lower] = &self.paths;
        let [upper_a, lower_a] = currents_a;
        let power_w = |path: &ZonePath, current_a: f32| {
            if path.open { 0.0 } else { supply_v * current_a }
        };
        [power_w(upper, upper_a), power_w(lower, lower_a)]
    }

    /// Turns this tick's duties into a probe when one is due.
    pub(crate) fn probe(&mut self, config: &Config, duties: &mut [u16; ZONES], dt_ms: u32) {
        self.probing = false;
        self.probe_in_ms = self.probe_in_ms.saturating_sub(dt_ms);
        if self.probe_in_ms > 0 {
            return;
        }
        self.probe_in_ms = ms(config.heater_probe_s);
        self.probing = true;
        let [upper, lower] = *duties;
        *duties = if self.probe_lower {
            [
                0,
                if lower > PROBE_DUTY_MIN {
                    lower
                } else {
                    PROBE_DUTY_MIN
                },
            ]
        } else {
            [
                if upper > PROBE_DUTY_MIN {
                    upper
                } else {
                    PROBE_DUTY_MIN
                },
                0,
            ]
        };
    }

    /// Checks this tick's current against the drive of the last one and the currents it puts
    /// through the zones ([`Rail::currents_a`]).
    pub(crate) fn check(
        &mut self,
        config: &Config,
        drive: &Drive,
        currents_a: [f32; ZONES],
        sensors: &Sensors,
        dt_ms: u32,
    ) -> Option<FaultCode> {
        let probed = core::mem::replace(&mut self.probing, false);
        let [upper_a, lower_a] = currents_a;
        let expected_a = upper_a + lower_a;
        let before_a = core::mem::replace(&mut self.expected_before_a, expected_a);
        let most_a = if before_a > expected_a {
            before_a
        } else {
            expected_a
        };
        self.idle_ms = if drive.heats() {
            0
        } else {
            self.idle_ms.saturating_add(dt_ms)
        };

        let idle = self.idle_ms >= SETTLE_MS;
        let off_bad = idle && sensors.heater_a > config.heater_off_max_a;
        if self.off_current.update(off_bad, dt_ms, 100) {
            return Some(FaultCode::HeaterCurrentWhenOff);
        }
        // A tenth beyond the learned resistance: warm film, sense errors.
        let over_bad = !idle && sensors.heater_a > most_a * 1.1 + config.heater_off_max_a;
        if self.over_current.update(over_bad, dt_ms, 200) {
            return Some(FaultCode::HeaterCurrentWrong);
        }
        if probed && drive.relay_closed {
            self.judge_probe(config, drive, sensors)
        } else {
            None
        }
    }

    fn judge_probe(
        &mut self,
        config: &Config,
        drive: &Drive,
        sensors: &Sensors,
    ) -> Option<FaultCode> {
        let [upper, lower] = &mut self.paths;
        let [upper_duty, lower_duty] = drive.heater_duty;
        let [upper_film, lower_film] = &sensors.film;
        let (path, other_open, duty, film) = if self.probe_lower {
            (lower, upper.open, lower_duty, lower_film)
        } else {
            (upper, lower.open, upper_duty, upper_film)
        };
        let expected_a = path.current_a(duty, sensors.supply_v);
        let share = sensors.heater_a / expected_a;
        let gone = share < OPEN_SHARE;
        let matches = (share - 1.0).abs() <= config.heater_match_tolerance;
        let as_known = if path.open { gone } else { matches };
        if as_known {
            path.suspicions = 0;
            self.probe_lower = !self.probe_lower;
            return None;
        }
        path.suspicions = path.suspicions.saturating_add(1);
        self.probe_in_ms = PROBE_AGAIN_MS;
        if path.suspicions < PROBES_TO_BELIEVE {
            return None;
        }
        path.suspicions = 0;
        self.probe_lower = !self.probe_lower;
        if path.open && matches {
            path.open = false;
            return None;
        }
        if !gone {
            return Some(FaultCode::HeaterCurrentWrong);
        }
        path.open = true;
        self.openings = self.openings.saturating_add(1);
        let hot = film
            .valid_c()
            .is_some_and(|film_c| film_c >= config.cutout_plausible_c);
        let cycling = f32::from(self.openings) >= config.cutout_cycles_max;
        if !hot || cycling || other_open {
            Some(FaultCode::HeaterCurrentWrong)
        } else {
            None
        }
    }
}

/// Of a zone's resistance, which is at least 1 ohm.
fn siemens_per_duty(ohm: f32) -> f32 {
    PER_DUTY / limit(ohm, 1.0, 1000.0)
}

impl ZonePath {
    /// Current at a duty and supply, A.
    pub(crate) fn current_a(&self, duty: u16, supply_v: f32) -> f32 {
        supply_v * self.siemens_per_duty * f32::from(duty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MOTORS;

    /// Zones of one ohm, learned; at 1 V a full duty is 1 A.
    fn rail() -> Rail {
        let mut rail = Rail::new(12.0);
        rail.learn([1.0; ZONES], [false; ZONES]);
        rail
    }

    fn drive(upper: u16, lower: u16) -> Drive {
        Drive {
            heater_duty: [upper, lower],
            relay_closed: true,
            motor_duty: [0; MOTORS],
        }
    }

    /// At 1 V, both films hot enough for a cut-out.
    fn measured(heater_a: f32) -> Sensors {
        let mut sensors = Sensors::new();
        sensors.supply_v = 1.0;
        sensors.heater_a = heater_a;
        for film in &mut sensors.film {
            film.reading = crate::sensors::Reading::Valid(45.0);
            film.smooth_c = 45.0;
        }
        sensors
    }

    #[test]
    fn a_zone_is_measured_alone_and_at_least_half_on() {
        let config = Config::default();
        for (duties, upper, lower) in [
            ([0, 0], [5_000, 0], [0, 5_000]),
            ([100, 200], [5_000, 0], [0, 5_000]),
            ([9_000, 8_000], [9_000, 0], [0, 8_000]),
        ] {
            for (probe_lower, want) in [(false, upper), (true, lower)] {
                let mut rail = Rail {
                    probe_lower,
                    ..rail()
                };
                let mut got = duties;
                rail.probe(&config, &mut got, 10);
                assert_eq!(got, want, "{duties:?}");
                // The next one is due a second later.
                for tick in 1..=100 {
                    got = duties;
                    rail.probe(&config, &mut got, 10);
                    assert_eq!(rail.probing, tick == 100, "{tick}");
                }
            }
        }
    }

    #[test]
    fn more_current_than_is_driven_for_a_fifth_of_a_second_is_wrong() {
        let config = Config::default();
        let wrong = |code| move |tick| Some((tick, code));
        let over = wrong(FaultCode::HeaterCurrentWrong);
        let undriven = wrong(FaultCode::HeaterCurrentWhenOff);
        let most_a = 1.0 * 1.1 + config.heater_off_max_a;
        for (what, drive, heater_a, found) in [
            ("as driven", drive(5_000, 5_000), 1.0, None),
            (
                "a tenth and what counts as none more",
                drive(5_000, 5_000),
                most_a,
                None,
            ),
            ("a little beyond", drive(10_000, 0), most_a + 0.01, over(20)),
            ("half as much again", drive(0, 10_000), 1.5, over(20)),
            ("twice as much", drive(5_000, 5_000), 2.0, over(20)),
            (
                "less, which the probes judge",
                drive(5_000, 5_000),
                0.5,
                None,
            ),
            (
                "none while nothing is driven",
                drive(0, 0),
                config.heater_off_max_a,
                None,
            ),
            (
                "some while nothing is driven",
                drive(0, 0),
                0.13,
                undriven(14),
            ),
        ] {
            let mut rail = rail();
            // Driven long enough to be seen so from the first tick.
            let currents_a = rail.currents_a(&drive, 1.0);
            rail.expected_before_a = currents_a.iter().sum();
            let judged = (1..=100).find_map(|tick| {
                let code = rail.check(&config, &drive, currents_a, &measured(heater_a), 10)?;
                Some((tick, code))
            });
            assert_eq!(judged, found, "{what}");
        }
    }

    #[test]
    fn a_current_that_follows_its_drive_a_tick_late_is_as_driven() {
        let config = Config::default();
        let mut rail = rail();
        let mut last_a = 0.0;
        for tick in 0..1_000usize {
            let duty = [10_000, 5_000, 1_000][tick % 3];
            let drive = drive(duty, 0);
            let currents_a = rail.currents_a(&drive, 1.0);
            let found = rail.check(&config, &drive, currents_a, &measured(last_a), 10);
            assert_eq!(found, None, "{tick}");
            last_a = f32::from(duty) * PER_DUTY;
        }
    }

    #[test]
    fn three_probes_that_agree_open_or_close_a_path_or_find_it_wrong() {
        let config = Config::default();
        let wrong = Some(FaultCode::HeaterCurrentWrong);
        for (what, open, heater_a, found, open_then) in [
            ("whole", false, 1.0, None, false),
            ("just within its band", false, 0.89, None, false),
            ("outside its band", false, 0.87, wrong, false),
            ("above its band", false, 1.13, wrong, false),
            ("as little as counts as open", false, 0.14, None, true),
            ("a little more than that", false, 0.15, wrong, false),
            ("still open", true, 0.0, None, true),
            ("closed again", true, 1.0, None, false),
            ("come back as another zone", true, 0.5, wrong, true),
        ] {
            let mut rail = rail();
            let [upper, _] = &mut rail.paths;
            upper.open = open;
            let mut judged = None;
            for _ in 0..3 {
                assert_eq!(judged, None, "{what}");
                rail.probe_lower = false;
                judged = rail.judge_probe(&config, &drive(10_000, 0), &measured(heater_a));
            }
            let [upper, _] = rail.paths;
            assert_eq!((judged, upper.open), (found, open_then), "{what}");
        }
    }
}
