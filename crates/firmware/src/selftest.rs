//! The start-up test of the switch-off path, before any heat: 0.34 s.
//!
//! | steps | driven | must be |
//! |---|---|---|
//! | 0-9 | nothing | supply and sensors settled, motors without current, zones alike |
//! | 10-14 | both MOSFETs, relay open | no current, or the relay is welded |
//! | 15-17 | nothing | |
//! | 18-24 | relay closed, MOSFETs off | no current, or a MOSFET is shorted |
//! | 25-28 | upper zone | its resistance in its band |
//! | 29-32 | lower zone | its resistance in its band |
//!
//! A current seen at step n belongs to the drive of step n-1. A zone without
//! any current and a film still warm has its cut-out open from the last
//! session: it starts resting. Cold, it is a broken path.

use crate::config::Config;
use crate::drive::Drive;
use crate::io::{DUTY_FULL, FaultCode, MOTORS, ZONES};
use crate::plausibility::{start_apart_max_k, zones_apart_k};
use crate::sensors::Sensors;

/// A film warmer than this can have its cut-out still open, degC: a 50 degC
/// bimetal closes again at about two thirds of that, less tolerance (estimate).
const CUTOUT_MAY_BE_OPEN_ABOVE_C: f32 = 30.0;

/// Length of the whole test: what an aborted one counts as use.
pub(crate) const SELF_TEST_MS: u32 = 340;

/// Where the test stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SelfTest {
    step: u8,
    sum_a: f32,
    sum_v: f32,
    samples: u8,
    learned: Learned,
}

/// What the test found out about the zones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Learned {
    /// Resistance of each zone, ohm.
    pub(crate) ohm: [f32; ZONES],
    /// Zones whose cut-out is open.
    pub(crate) open: [bool; ZONES],
}

/// What a step of the test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Progress {
    /// Not done.
    Running(SelfTest),
    /// The path works.
    Passed(Learned),
    /// It does not.
    Failed(FaultCode),
}

impl Learned {
    /// Two whole zones of nominal resistance.
    pub(crate) fn nominal(config: &Config) -> Self {
        Self {
            ohm: [config.heater_resistance_ohm; ZONES],
            open: [false; ZONES],
        }
    }
}

impl SelfTest {
    /// The test's beginning.
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            step: 0,
            sum_a: 0.0,
            sum_v: 0.0,
            samples: 0,
            learned: Learned::nominal(config),
        }
    }

    /// What the present step drives.
    pub(crate) fn drive(&self) -> Drive {
        let (heater_duty, relay_closed) = match self.step {
            10..=14 => ([DUTY_FULL, DUTY_FULL], false),
            18..=24 => ([0, 0], true),
            25..=28 => ([DUTY_FULL, 0], true),
            29..=33 => ([0, DUTY_FULL], true),
            0..=9 | 15..=17 | 34..=u8::MAX => ([0, 0], false),
        };
        Drive {
            heater_duty,
            relay_closed,
            motor_duty: [0; MOTORS],
        }
    }

    /// Takes this tick's measurements and moves one step on.
    pub(crate) fn advance(mut self, config: &Config, sensors: &Sensors) -> Progress {
        self.step = self.step.saturating_add(1);
        match self.step {
            9 => {
                if let Some(code) = at_rest(config, sensors) {
                    return Progress::Failed(code);
                }
            }
            12..=15 | 22..=25 | 27..=29 | 31..=33 => self.sample(sensors),
            _ => {}
        }
        let [upper_film, lower_film] = &sensors.film;
        match self.step {
            15 if self.mean_a() > config.heater_off_max_a => {
                return Progress::Failed(FaultCode::RelayWelded);
            }
            25 if self.mean_a() > config.heater_off_max_a => {
                return Progress::Failed(FaultCode::MosfetShorted);
            }
            29 => match self.zone(config, upper_film.smooth_c) {
                Some((ohm, open)) => {
                    let [_, lower_ohm] = self.learned.ohm;
                    self.learned = Learned {
                        ohm: [ohm, lower_ohm],
                        open: [open, false],
                    };
                }
                None => return Progress::Failed(FaultCode::HeaterResistance),
            },
            33 => match self.zone(config, lower_film.smooth_c) {
                Some((ohm, open)) => {
                    let ([upper_ohm, _], [upper_open, _]) = (self.learned.ohm, self.learned.open);
                    self.learned = Learned {
                        ohm: [upper_ohm, ohm],
                        open: [upper_open, open],
                    };
                    return Progress::Passed(self.learned);
                }
                None => return Progress::Failed(FaultCode::HeaterResistance),
            },
            _ => {}
        }
        if matches!(self.step, 15 | 25 | 29) {
            self.sum_a = 0.0;
            self.sum_v = 0.0;
            self.samples = 0;
        }
        Progress::Running(self)
    }

    fn sample(&mut self, sensors: &Sensors) {
        self.sum_a += sensors.heater_a;
        self.sum_v += sensors.supply_v;
        self.samples = self.samples.saturating_add(1);
    }

    fn mean_a(&self) -> f32 {
        if self.samples == 0 {
            0.0
        } else {
            self.sum_a / f32::from(self.samples)
        }
    }

    /// Resistance from the sums and whether the cut-out is open; `None` when out of band.
    fn zone(&self, config: &Config, film_c: f32) -> Option<(f32, bool)> {
        if self.mean_a() < config.heater_off_max_a {
            let warm = film_c > CUTOUT_MAY_BE_OPEN_ABOVE_C;
            return warm.then_some((config.heater_resistance_ohm, true));
        }
        let ohm = self.sum_v / self.sum_a;
        let off = (ohm / config.heater_resistance_ohm - 1.0).abs();
        (off <= config.heater_tolerance).then_some((ohm, false))
    }
}

fn at_rest(config: &Config, sensors: &Sensors) -> Option<FaultCode> {
    let apart = zones_apart_k(&sensors.film);
    if apart.is_some_and(|k| k > start_apart_max_k(config, &sensors.film)) {
        return Some(FaultCode::ZonesDisagree);
    }
    let turning = sensors
        .motor_smooth_a
        .iter()
        .any(|a| *a > config.motor_off_max_a);
    if turning {
        Some(FaultCode::MotorCurrentWrong)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensors::Reading;

    /// What the current is while a step drives something.
    #[derive(Clone, Copy)]
    struct Currents {
        /// Both MOSFETs, relay open.
        welded_a: f32,
        /// Relay closed, MOSFETs off.
        shorted_a: f32,
        upper_a: f32,
        lower_a: f32,
    }

    /// Two whole zones of 12 ohm.
    const WHOLE: Currents = Currents {
        welded_a: 0.0,
        shorted_a: 0.0,
        upper_a: 1.0,
        lower_a: 1.0,
    };

    fn at_rest_with(film_c: [f32; ZONES]) -> Sensors {
        let mut sensors = Sensors::new();
        sensors.supply_v = 12.0;
        for (film, film_c) in sensors.film.iter_mut().zip(film_c) {
            film.reading = Reading::Valid(film_c);
            film.smooth_c = film_c;
        }
        sensors
    }

    /// Runs the test to its end.
    fn result(config: &Config, currents: Currents, film_c: [f32; ZONES]) -> Progress {
        let mut sensors = at_rest_with(film_c);
        let mut test = SelfTest::new(config);
        for _ in 0..34 {
            let driven = test.drive();
            sensors.heater_a = match (driven.relay_closed, driven.heater_duty) {
                (false, [0, 0]) => 0.0,
                (false, _) => currents.welded_a,
                (true, [0, 0]) => currents.shorted_a,
                (true, [_, 0]) => currents.upper_a,
                (true, _) => currents.lower_a,
            };
            match test.advance(config, &sensors) {
                Progress::Running(next) => test = next,
                Progress::Passed(learned) => return Progress::Passed(learned),
                Progress::Failed(code) => return Progress::Failed(code),
            }
        }
        Progress::Running(test)
    }

    #[test]
    fn the_test_names_what_is_wrong_and_learns_what_is_right() {
        let config = Config {
            heater_off_max_a: 0.125,
            ..Config::default()
        };
        let passed = |ohm: [f32; ZONES], open| Progress::Passed(Learned { ohm, open });
        let whole = passed([12.0; ZONES], [false; ZONES]);
        let cold = [23.0; ZONES];
        let [none_a, some_a] = [0.125, 0.126];
        for (what, currents, film_c, want) in [
            ("whole", WHOLE, cold, whole),
            (
                "currents that count as none",
                Currents {
                    welded_a: none_a,
                    shorted_a: none_a,
                    ..WHOLE
                },
                cold,
                whole,
            ),
            (
                "current with the relay open",
                Currents {
                    welded_a: some_a,
                    ..WHOLE
                },
                cold,
                Progress::Failed(FaultCode::RelayWelded),
            ),
            (
                "current with the MOSFETs off",
                Currents {
                    shorted_a: some_a,
                    ..WHOLE
                },
                cold,
                Progress::Failed(FaultCode::MosfetShorted),
            ),
            (
                "zones that differ within their band",
                Currents {
                    upper_a: 1.125,
                    lower_a: 0.9375,
                    ..WHOLE
                },
                cold,
                passed([12.0 / 1.125, 12.8], [false; ZONES]),
            ),
            (
                "a zone of 16 ohm",
                Currents {
                    lower_a: 0.75,
                    ..WHOLE
                },
                cold,
                Progress::Failed(FaultCode::HeaterResistance),
            ),
            (
                "no current through a warm film",
                Currents {
                    upper_a: 0.1,
                    ..WHOLE
                },
                [30.1, 30.0],
                passed([12.0; ZONES], [true, false]),
            ),
            (
                "no current through a film too cold for an open cut-out",
                Currents {
                    upper_a: 0.1,
                    ..WHOLE
                },
                [30.0, 30.0],
                Progress::Failed(FaultCode::HeaterResistance),
            ),
        ] {
            assert_eq!(result(&config, currents, film_c), want, "{what}");
        }
    }

    #[test]
    fn zones_and_motors_at_their_limits_are_at_rest() {
        let config = Config::default();
        for (film_c, motor_a, found) in [
            ([20.0, 24.0], [0.0, 0.1], None),
            ([24.1, 20.0], [0.0, 0.0], Some(FaultCode::ZonesDisagree)),
            ([32.0, 42.0], [0.1, 0.0], None),
            ([32.0, 42.1], [0.0, 0.0], Some(FaultCode::ZonesDisagree)),
            (
                [23.0, 23.0],
                [0.11, 0.0],
                Some(FaultCode::MotorCurrentWrong),
            ),
            (
                [23.0, 23.0],
                [0.0, 0.11],
                Some(FaultCode::MotorCurrentWrong),
            ),
        ] {
            let mut sensors = at_rest_with(film_c);
            sensors.motor_smooth_a = motor_a;
            assert_eq!(at_rest(&config, &sensors), found, "{film_c:?} {motor_a:?}");
        }
    }
}
