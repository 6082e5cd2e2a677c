//! The regulator: a set-point and a film temperature make a duty per zone.
//!
//! Works in shares of rated power, so that gains do not change with the supply
//! (duty goes with the inverse of the supply squared). Far below the set-point
//! the output saturates at full power; the lead-compensated film temperature
//! makes it back off one sensor lag early, and the integral, held at the
//! expected holding power while saturated, takes over without a bump.

use crate::adopted::Adopted;
use crate::clock::Elapsed;
use crate::config::Config;
use crate::echo::Wave;
use crate::io::{DUTY_FULL, ZONES};
use crate::numbers::{limit, ramp};
use crate::rail::Rail;
use crate::sensors::Sensors;

/// The relay's contact takes up to 15 ms; heat waits for two ticks more.
const RELAY_SETTLE_MS: u32 = 40;
/// What may be drawn beyond the supply's limit until the next decision: noise of the shunts
/// must not make one in every tick (estimate).
const OVERDRAWN_MAX_A: f32 = 0.1;

/// The regulator's memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Heater {
    /// Duties for this tick.
    pub(crate) duty: [u16; ZONES],
    /// Relay command for this tick.
    pub(crate) relay_closed: bool,
    integral_share: [f32; ZONES],
    relay_ms: u32,
    /// What was decided last, and the current that it asks for, A.
    decided: [u16; ZONES],
    decided_a: f32,
}

/// What else bounds the regulator this tick.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// The film is in its band: power is capped.
    pub(crate) holding: bool,
    /// Current that the supply has left for heat, A.
    pub(crate) current_a: f32,
    /// The wave that each zone's power carries, once it does.
    pub(crate) waves: [Option<Wave>; ZONES],
}

impl Heater {
    /// Off.
    pub(crate) const fn new() -> Self {
        Self {
            duty: [0; ZONES],
            relay_closed: false,
            integral_share: [0.0; ZONES],
            relay_ms: 0,
            decided: [0; ZONES],
            decided_a: 0.0,
        }
    }

    /// No heat: duties zero, relay open, integral back to its hand-over value.
    pub(crate) fn off(&mut self, config: &Config) {
        *self = Self {
            integral_share: [config.hold_share; ZONES],
            ..Self::new()
        };
    }

    /// Whether it is time to decide what the zones get. Films move over seconds, so that is at
    /// the slow pace, and at once when the relay has settled or the motors take more of the
    /// supply than was left to heat.
    pub(crate) fn is_due(&self, current_a: f32, elapsed: &Elapsed) -> bool {
        let settles = self.relay_ms < RELAY_SETTLE_MS;
        let overdrawn = self.decided_a > current_a + OVERDRAWN_MAX_A;
        elapsed.slow_ms.is_some() || settles || overdrawn
    }

    /// One tick of what was decided, but for what a zone must not get now.
    pub(crate) fn drive(
        &mut self,
        config: &Config,
        sensors: &Sensors,
        rail: &mut Rail,
        dt_ms: u32,
    ) {
        self.relay_closed = true;
        self.relay_ms = self.relay_ms.saturating_add(dt_ms);
        if self.relay_ms < RELAY_SETTLE_MS {
            self.duty = [0; ZONES];
            return;
        }
        let zones = self.duty.iter_mut().zip(self.decided);
        for ((duty, decided), (film, path)) in zones.zip(sensors.film.iter().zip(&rail.paths)) {
            let heatable = !path.open && film.valid_c().is_some();
            *duty = if heatable { decided } else { 0 };
        }
        rail.probe(config, &mut self.duty, dt_ms);
    }

    /// Decides what the zones get towards the set-point, `dt_ms` after the integral moved last.
    pub(crate) fn decide(
        &mut self,
        config: &Adopted,
        sensors: &Sensors,
        rail: &Rail,
        setpoint_c: f32,
        allowance: Allowance,
        dt_ms: u32,
    ) {
        let supply_v = limit(sensors.supply_smooth_v, config.supply_implausible_v, 40.0);
        let mut asked_a = 0.0;
        let mut duties = [0.0f32; ZONES];
        let zones = self
            .integral_share
            .iter_mut()
            .zip(&sensors.film)
            .zip(&rail.paths)
            .zip(allowance.waves);
        for ((((integral, film), path), wave), duty) in zones.zip(&mut duties) {
            if path.open || film.valid_c().is_none() {
                continue;
            }
            let full_a = path.current_a(DUTY_FULL, supply_v);
            let available = supply_v * full_a * config.share_per_w;
            let cap = if allowance.holding {
                config.hold_share_max
            } else {
                1.0
            };
            let most = if available < cap { available } else { cap };
            let error_k = setpoint_c - film.film_c(config);
            let share = pi(config, integral, error_k, most, dt_ms as f32 * 0.001);
            let share = wave.map_or(share, |wave| wave.on(config, share, available));
            *duty = limit(share / available, 0.0, 1.0);
            asked_a += *duty * full_a;
        }
        // A sagging supply gets relief before the session has to end.
        let sag = 0.3 + 0.7 * ramp(supply_v, config.supply_low_v, config.supply_shed_v);
        let given_a = limit(allowance.current_a, 0.0, 20.0);
        let scale = if asked_a > given_a {
            shared(given_a, asked_a)
        } else {
            1.0
        } * sag;
        self.decided_a = asked_a * scale;
        for (out, duty) in self.decided.iter_mut().zip(duties) {
            *out = limit(
                duty * scale * f32::from(DUTY_FULL),
                0.0,
                f32::from(DUTY_FULL),
            ) as u16;
        }
    }
}

/// Apart, so that the division is a branch of its own: who asks for no more than
/// there is does not wait for it.
#[inline(never)]
fn shared(given_a: f32, asked_a: f32) -> f32 {
    given_a / asked_a
}

/// Share of rated power for an error; the integral moves only near the set-point and while it can act.
fn pi(config: &Config, integral: &mut f32, error_k: f32, most: f32, dt_s: f32) -> f32 {
    let share = config.kp_per_k * error_k + *integral;
    let near = error_k.abs() < config.integral_band_k;
    let winds_up = (share >= most && error_k > 0.0) || (share <= 0.0 && error_k < 0.0);
    if near && !winds_up {
        *integral = limit(*integral + config.ki_per_k_s * error_k * dt_s, 0.0, most);
    }
    limit(share, 0.0, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Round gains, whatever ships.
    fn round_gains() -> Config {
        Config {
            kp_per_k: 0.3,
            ki_per_k_s: 0.0075,
            integral_band_k: 0.7,
            hold_share: 0.4,
            sensor_lag_s: 5.0,
            ..Config::default()
        }
    }

    #[test]
    fn the_integral_moves_near_the_set_point_and_only_where_it_can_act() {
        // Error, K; integral; most; then the share and the integral after one second.
        for (error_k, integral, most, share, moved) in [
            (0.5, 0.4, 1.0, 0.55, 0.403_75),
            (-0.5, 0.4, 1.0, 0.25, 0.396_25),
            // Too far away, to the last bit.
            (0.7, 0.4, 1.0, 0.61, 0.4),
            (-2.0, 0.7, 1.0, 0.1, 0.7),
            // At full power, or at none, it waits, but not on the way back.
            (0.5, 0.9, 1.0, 1.0, 0.9),
            (-0.5, 1.2, 1.0, 1.0, 1.0),
            (-0.5, 0.1, 1.0, 0.0, 0.1),
            (0.5, -0.3, 1.0, 0.0, 0.0),
            (0.5, 0.7, 0.8, 0.8, 0.7),
            // At the set-point itself it comes back to what can be given.
            (0.0, 1.2, 1.0, 1.0, 1.0),
            (0.0, -0.3, 1.0, 0.0, 0.0),
        ] {
            let mut after = integral;
            let got = pi(&round_gains(), &mut after, error_k, most, 1.0);
            let near = (got - share).abs() < 1e-6 && (after - moved).abs() < 1e-6;
            assert!(near, "{error_k} K, {integral}: {got} and {after}");
        }
    }

    #[test]
    fn the_integral_does_not_wind_up_beyond_what_a_weak_supply_gives() {
        let config = Adopted::new(&round_gains());
        let mut sensors = Sensors::new();
        sensors.supply_smooth_v = 9.0;
        let mut rail = Rail::new(config.heater_resistance_ohm);
        let mut heater = Heater::new();
        heater.off(&config);
        let mut at = |film_c: f32, seconds: u32| {
            for film in &mut sensors.film {
                film.reading = crate::sensors::Reading::Valid(film_c);
                film.smooth_c = film_c;
            }
            let allowance = Allowance {
                holding: false,
                current_a: 10.0,
                waves: [None; ZONES],
            };
            // Not a tick in which a zone is measured alone.
            for tick in 1..=seconds * 100 - 10 {
                if tick % 10 == 0 {
                    heater.decide(&config, &sensors, &rail, 45.0, allowance, 100);
                }
                heater.drive(&config, &sensors, &mut rail, 10);
            }
            heater.duty
        };
        // 9 V on 12 ohm are 6.75 W, 0.5625 of what is rated.
        assert_eq!(at(44.5, 120), [DUTY_FULL; ZONES]);
        for duty in at(45.6, 1) {
            // The integral has stopped at 0.4125, where 0.15 for the error makes it all; 0.6 K
            // too much take 0.18, and a little more in the second.
            let share = f32::from(duty) * 0.5625 / f32::from(DUTY_FULL);
            assert!((0.22..0.235).contains(&share), "{share}");
        }
    }
}
