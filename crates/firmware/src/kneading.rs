//! The kneading motor: soft start, speed loop, reversal, stall, lost encoder.
//!
//! Speeds are of the massage nodes, rpm, with the sign of the direction. The
//! loop never drives against the rotation: to reverse, the target runs down to
//! zero, the rotor nearly stops, a dead time passes, then it starts the other
//! way. A blocked rotor is cut after `stall_time_s`, rests, and is tried again
//! `stall_retries` times.

use crate::adopted::Adopted;
use crate::io::FaultCode;
use crate::numbers::{lag_share, limit, per_s, slew};
use crate::persist::{Persist, ms};

/// Speed filter: one count more or less per tick at 20 rpm is 25 %, this leaves 3 %.
const SPEED_LAG_S: f32 = 0.08;
/// Smoothing of the load: a node's turn at 20 rpm (estimate).
const LOAD_LAG_S: f32 = 3.0;
/// Slower than this counts as standing, rpm.
const STANDING_RPM: f32 = 2.0;
/// Driven harder than this a free rotor turns (estimate).
const DRIVEN_DUTY: f32 = 0.08;
/// Driven harder than this even a loaded rotor turns (estimate).
const SURELY_DRIVEN_DUTY: f32 = 0.25;
/// A blocked rotor draws at least this share of `duty * V / R` (winding up to 150 degC).
const LOCKED_SHARE: f32 = 0.6;
/// No counts for this long with a current that a turning rotor has: the encoder is lost.
const ENCODER_LOST_MS: u32 = 600;
/// A run this long forgives one stall.
const GOOD_RUN_MS: u32 = 20_000;
/// After the drive stops, this long until the current must be gone.
const COAST_MS: u32 = 500;

/// What the motor sees this tick.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MotorInputs {
    /// Counter of the encoder.
    pub(crate) encoder_counts: u16,
    /// Winding current, smoothed, A; the driver's own when undriven.
    pub(crate) current_a: f32,
    /// Supply, V, at least 1.
    pub(crate) supply_v: f32,
    /// Time since the last tick, s.
    pub(crate) dt_s: f32,
    /// The same, ms.
    pub(crate) dt_ms: u32,
}

/// The motor's controller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kneading {
    /// Measured speed, rpm.
    pub(crate) speed_rpm: f32,
    /// Duty for this tick, -1 to 1.
    pub(crate) duty: f32,
    /// How long the nodes have pressed one spot: the motor stands, or it turns
    /// with less than any load, as with a sheared pin.
    pub(crate) still_ms: u32,
    load_a: f32,
    target_rpm: f32,
    integral: f32,
    duty_cap: f32,
    dead_ms: u32,
    pub(crate) blocked_ms: u32,
    pub(crate) uncounted_ms: u32,
    pub(crate) rest_ms: u32,
    good_ms: u32,
    off_ms: u32,
    stalls: u8,
    last_encoder: Option<u16>,
    pub(crate) off_current: Persist,
    pub(crate) excess: Persist,
}

impl Kneading {
    /// At rest.
    pub(crate) const fn new() -> Self {
        Self {
            speed_rpm: 0.0,
            duty: 0.0,
            still_ms: 0,
            load_a: 0.0,
            target_rpm: 0.0,
            integral: 0.0,
            duty_cap: 1.0,
            dead_ms: 0,
            blocked_ms: 0,
            uncounted_ms: 0,
            rest_ms: 0,
            good_ms: 0,
            off_ms: 0,
            stalls: 0,
            last_encoder: None,
            off_current: Persist::ZERO,
            excess: Persist::ZERO,
        }
    }

    /// Stops the drive at once.
    pub(crate) fn stop(&mut self) {
        self.duty = 0.0;
        self.target_rpm = 0.0;
        self.integral = 0.0;
        self.blocked_ms = 0;
        self.uncounted_ms = 0;
        self.dead_ms = 0;
    }

    /// One tick: measures, checks the last tick's drive, then decides this tick's.
    pub(crate) fn update(
        &mut self,
        config: &Adopted,
        m: &MotorInputs,
        demand_rpm: f32,
    ) -> Option<FaultCode> {
        let counts = self.measure(config, m);
        self.follow_nodes(config, m);
        let fault = self.check(config, m, counts);
        self.rest_ms = self.rest_ms.saturating_sub(m.dt_ms);
        if self.rest_ms > 0 || fault.is_some() {
            self.stop();
            return fault;
        }
        self.aim(config, m, demand_rpm);
        self.control(config, m);
        None
    }

    /// Signed counts of this tick.
    fn measure(&mut self, config: &Adopted, m: &MotorInputs) -> i16 {
        let last = self
            .last_encoder
            .replace(m.encoder_counts)
            .unwrap_or(m.encoder_counts);
        let counts = m.encoder_counts.wrapping_sub(last).cast_signed();
        // Ten times any real speed: a wild counter must not wind the filter up.
        let raw_rpm = limit(
            f32::from(counts) * config.rpm_per_count_hz * per_s(m.dt_ms),
            -800.0,
            800.0,
        );
        self.speed_rpm += (raw_rpm - self.speed_rpm) * lag_share(m.dt_ms, SPEED_LAG_S);
        counts
    }

    /// Do the nodes move? Judged by the mean current over a turn, which a
    /// spinning rotor alone does not draw.
    fn follow_nodes(&mut self, config: &Adopted, m: &MotorInputs) {
        let turning = self.speed_rpm.abs() > STANDING_RPM;
        if turning && self.duty != 0.0 {
            self.load_a += (m.current_a - self.load_a) * lag_share(m.dt_ms, LOAD_LAG_S);
        }
        self.still_ms = if turning && self.load_a > config.kneading_load_min_a {
            0
        } else {
            self.still_ms.saturating_add(m.dt_ms)
        };
    }

    /// Judges what the last tick's duty led to.
    fn check(&mut self, config: &Adopted, m: &MotorInputs, counts: i16) -> Option<FaultCode> {
        let duty = self.duty.abs();
        self.off_ms = if duty > 0.0 {
            0
        } else {
            self.off_ms.saturating_add(m.dt_ms)
        };
        let coasted = self.off_ms >= COAST_MS;
        let off_bad = coasted && m.current_a > config.motor_off_max_a;
        if self.off_current.update(off_bad, m.dt_ms, 300) {
            return Some(FaultCode::MotorCurrentWrong);
        }
        let locked_a = duty * m.supply_v * config.motor_a_per_v;
        let back_a = self.speed_rpm.abs() * config.motor_v_per_rpm * config.motor_a_per_v;
        let excess_bad =
            duty > 0.0 && m.current_a - (locked_a - back_a) > config.motor_excess_max_a;
        if self.excess.update(excess_bad, m.dt_ms, 500) {
            return Some(FaultCode::MotorCurrentWrong);
        }

        let still = duty > DRIVEN_DUTY && (counts == 0 || self.speed_rpm.abs() < STANDING_RPM);
        let locked = m.current_a >= LOCKED_SHARE * locked_a;
        if duty > 0.0 && !still {
            self.good_ms = self.good_ms.saturating_add(m.dt_ms);
            if self.good_ms >= GOOD_RUN_MS {
                self.good_ms = 0;
                self.stalls = self.stalls.saturating_sub(1);
            }
        }
        // Counted apart: a soft start stands still at low current before the rotor breaks away.
        let blocked = still && locked && m.current_a >= config.stall_current_a;
        self.blocked_ms = if blocked {
            self.blocked_ms.saturating_add(m.dt_ms)
        } else {
            0
        };
        if self.blocked_ms >= config.stall_time_ms {
            return self.stalled(config);
        }
        let uncounted = still && !locked && duty > SURELY_DRIVEN_DUTY;
        self.uncounted_ms = if uncounted {
            self.uncounted_ms.saturating_add(m.dt_ms)
        } else {
            0
        };
        if self.uncounted_ms >= ENCODER_LOST_MS {
            let turning = m.current_a >= 0.1;
            return Some(if turning {
                FaultCode::EncoderLost
            } else {
                FaultCode::MotorCurrentWrong
            });
        }
        None
    }

    fn stalled(&mut self, config: &Adopted) -> Option<FaultCode> {
        self.blocked_ms = 0;
        self.good_ms = 0;
        self.rest_ms = ms(config.stall_rest_s);
        if f32::from(self.stalls) >= config.stall_retries {
            return Some(FaultCode::MotorStall);
        }
        self.stalls = self.stalls.saturating_add(1);
        None
    }

    /// Moves the target towards the demand, through standstill when it reverses.
    fn aim(&mut self, config: &Adopted, m: &MotorInputs, demand_rpm: f32) {
        let step_rpm = config.speed_slew_rpm_per_s * m.dt_s;
        let reversing = demand_rpm * self.target_rpm < 0.0;
        let goal_rpm = if reversing { 0.0 } else { demand_rpm };
        if self.target_rpm != 0.0 {
            self.target_rpm = slew(self.target_rpm, goal_rpm, step_rpm);
            self.dead_ms = 0;
            return;
        }
        // Standing: the direction is free once the rotor has nearly stopped for the dead time.
        let stopped = self.speed_rpm.abs() < STANDING_RPM;
        self.dead_ms = if stopped {
            self.dead_ms.saturating_add(m.dt_ms)
        } else {
            0
        };
        if demand_rpm != 0.0 && self.dead_ms >= config.reversal_dead_ms {
            self.target_rpm = slew(0.0, demand_rpm, step_rpm);
        }
    }

    /// Feed-forward by the motor constant, PI on the speed, current limit.
    fn control(&mut self, config: &Adopted, m: &MotorInputs) {
        if self.target_rpm == 0.0 {
            self.duty = 0.0;
            self.integral = 0.0;
            return;
        }
        let sign = if self.target_rpm > 0.0 { 1.0 } else { -1.0 };
        let recovered = limit(self.duty_cap + 0.5 * m.dt_s, 0.03, 1.0);
        self.duty_cap = if m.current_a > config.motor_current_max_a {
            limit(
                self.duty.abs() * config.motor_current_max_a / m.current_a,
                0.03,
                1.0,
            )
        } else {
            recovered
        };
        // In the direction of motion, so that all below is positive.
        let error_rpm = sign * (self.target_rpm - self.speed_rpm);
        let forward = sign * self.target_rpm * config.motor_v_per_rpm / m.supply_v;
        let wanted = forward + config.speed_kp_per_rpm * error_rpm + self.integral;
        let winds_up =
            (wanted >= self.duty_cap && error_rpm > 0.0) || (wanted <= 0.0 && error_rpm < 0.0);
        if !winds_up {
            self.integral = limit(
                self.integral + config.speed_ki_per_rpm_s * error_rpm * m.dt_s,
                -0.5,
                0.8,
            );
        }
        self.duty = sign * limit(wanted, 0.0, self.duty_cap);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const AT_REST: MotorInputs = MotorInputs {
        encoder_counts: 0,
        current_a: 0.0,
        supply_v: 12.0,
        dt_s: 0.01,
        dt_ms: 10,
    };

    /// Turning at a speed, driven by a duty.
    fn turning(speed_rpm: f32, duty: f32) -> Kneading {
        Kneading {
            speed_rpm,
            duty,
            ..Kneading::new()
        }
    }

    #[test]
    fn a_good_run_of_20_s_forgives_one_stall() {
        let config = Adopted::new(&Config::default());
        for (what, duty, counts, stalls) in [
            ("driven and turning", 0.5, 5, 1),
            ("driven and standing", 0.5, 0, 2),
            ("turned while not driven", 0.0, 5, 2),
        ] {
            let mut motor = Kneading {
                stalls: 2,
                ..turning(30.0, duty)
            };
            for tick in 0..2_000 {
                assert_eq!(motor.stalls, 2, "{what}: {tick}");
                assert_eq!(
                    motor.check(&config, &AT_REST, counts).is_some(),
                    tick >= 59 && stalls == 2 && duty > 0.0,
                    "{what}"
                );
            }
            assert_eq!(motor.stalls, stalls, "{what}");
        }
    }

    #[test]
    fn a_rotor_is_blocked_when_it_stands_at_stall_current_though_it_is_driven() {
        let config = Adopted::new(&Config::default());
        for (what, duty, counts, speed_rpm, blocked) in [
            ("no counts", 0.2, 0, 20.0, true),
            ("slow", 0.2, 1, 1.9, true),
            ("slow the other way", 0.2, 1, -1.9, true),
            ("not slow", 0.2, 1, 2.0, false),
            ("hardly driven", 0.08, 0, 0.0, false),
            ("driven a little harder", 0.081, 0, 0.0, true),
        ] {
            let mut motor = turning(speed_rpm, duty);
            let m = MotorInputs {
                current_a: 2.0,
                ..AT_REST
            };
            assert_eq!(motor.check(&config, &m, counts), None, "{what}");
            assert_eq!(motor.blocked_ms > 0, blocked, "{what}");
        }
    }

    #[test]
    fn no_counts_at_little_current_are_judged_only_when_even_a_loaded_rotor_would_turn() {
        let config = Adopted::new(&Config::default());
        for (duty, found) in [
            (0.25, None),
            (-0.25, None),
            (0.251, Some(FaultCode::EncoderLost)),
        ] {
            let mut motor = turning(0.0, duty);
            let m = MotorInputs {
                current_a: 0.3,
                ..AT_REST
            };
            let judged = (0..60).find_map(|_| motor.check(&config, &m, 0));
            assert_eq!(judged, found, "{duty}");
        }
    }

    #[test]
    fn a_current_at_its_limit_is_still_allowed() {
        // One ohm and 4 V: half driven and standing explains 2 A.
        let config = Adopted::new(&Config {
            motor_resistance_ohm: 1.0,
            motor_off_max_a: 0.125,
            motor_excess_max_a: 2.5,
            stall_current_a: 8.0,
            motor_current_max_a: 9.0,
            ..Config::default()
        });
        for (what, duty, current_a, found) in [
            ("none, undriven", 0.0, 0.125, false),
            ("more than none, undriven", 0.0, 0.126, true),
            ("as much as is allowed", 0.5, 4.5, false),
            ("more than that", 0.5, 4.501, true),
        ] {
            let mut motor = turning(0.0, duty);
            let m = MotorInputs {
                current_a,
                supply_v: 4.0,
                ..AT_REST
            };
            let judged = (0..200).find_map(|_| motor.check(&config, &m, 0));
            let want = found.then_some(FaultCode::MotorCurrentWrong);
            assert_eq!(judged, want, "{what}");
        }
    }

    #[test]
    fn the_duty_is_cut_back_only_above_the_largest_current() {
        let config = Adopted::new(&Config::default());
        for (current_a, duty_cap) in [(2.9, 0.905), (3.0, 0.905), (6.0, 0.25)] {
            let mut motor = Kneading {
                target_rpm: 20.0,
                duty_cap: 0.9,
                ..turning(20.0, 0.5)
            };
            let m = MotorInputs {
                current_a,
                ..AT_REST
            };
            motor.control(&config, &m);
            assert_eq!(motor.duty_cap, duty_cap, "{current_a} A");
        }
    }

    #[test]
    fn the_dead_time_of_a_reversal_counts_only_while_the_rotor_nearly_stands() {
        let config = Adopted::new(&Config::default());
        for (speed_rpm, starts) in [(1.9, true), (-1.9, true), (2.0, false), (-2.0, false)] {
            let mut motor = turning(speed_rpm, 0.0);
            let mut started = None;
            for tick in 1..=100 {
                motor.aim(&config, &AT_REST, 20.0);
                if motor.target_rpm != 0.0 {
                    started = started.or(Some(tick));
                }
            }
            assert_eq!(started, starts.then_some(30), "{speed_rpm} rpm");
        }
    }

    #[test]
    fn a_rotor_that_is_too_fast_for_a_while_does_not_wind_the_integral_down() {
        let config = Adopted::new(&Config::default());
        let mut motor = Kneading {
            target_rpm: 20.0,
            ..turning(200.0, 0.0)
        };
        for _ in 0..500 {
            motor.control(&config, &AT_REST);
            assert_eq!(motor.duty, 0.0);
        }
        motor.speed_rpm = 20.0;
        motor.control(&config, &AT_REST);
        // What 20 rpm need: 3.35 V of 12 V.
        assert!((motor.duty - 0.279).abs() < 0.001, "{}", motor.duty);
    }
}
