//! Can the film behave as its thermistor says? Open, short, stuck, jump, disagreement, rise.
//!
//! The rise check is judged by energy: the reading is compared with that of the
//! slowest film the product can have (largest capacity, largest losses) given
//! the power really put in. So a weak supply or a cold room does not trip it,
//! and a sensor that has come off does: it cools while the film is driven.

use crate::adopted::Adopted;
use crate::config::Config;
use crate::io::{FaultCode, ZONES};
use crate::numbers::{lag_share, limit};
use crate::persist::Persist;
use crate::sensors::{FilmSensor, Reading};

/// Looks in a block of the jump check, 40 ms apart; two blocks must stand off,
/// so a disturbance shorter than 80 ms passes.
const JUMP_BLOCK_LOOKS: u8 = 2;
/// Losses are credited from the temperature that the film had undriven, at
/// most this, degC: a warm pad may stand in a room of ordinary temperature.
const LOSS_FROM_MAX_C: f32 = 20.0;
/// The slowest plausible sensor lag on the film, s: 1.6 times nominal (estimate).
pub(crate) const SENSOR_LAG_SLOWEST_S: f32 = 8.0;
/// A deficit is forgiven with this time constant, s (estimate).
const DEFICIT_LEAK_S: f32 = 30.0;
/// The undriven film must have had this long to turn downwards, ms: two sensor lags.
const OFF_SETTLE_MS: u32 = 10_000;
/// Below this an undriven film can be warmed by the body or a hot room, degC.
const BODY_WARMS_TO_C: f32 = 43.0;

/// What the checks must know beside the sensor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Driven {
    /// The heating part of a session is on for this zone.
    pub(crate) heated: bool,
    /// Power really put in since the last look, W.
    pub(crate) power_w: f32,
}

/// One zone's running checks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ZoneChecks {
    open: Persist,
    short: Persist,
    stuck_counts: u16,
    moved: bool,
    stuck_ms: u32,
    block_sum_c: f32,
    block_looks: u8,
    block_means_c: [f32; 3],
    blocks: u8,
    slope_min_k_per_s: f32,
    deficit_k: f32,
    loss_from_c: f32,
    off_ms: u32,
    off_lowest_c: f32,
}

impl ZoneChecks {
    /// Nothing seen yet.
    pub(crate) const fn new() -> Self {
        Self {
            open: Persist::ZERO,
            short: Persist::ZERO,
            stuck_counts: 0,
            moved: false,
            stuck_ms: 0,
            block_sum_c: 0.0,
            block_looks: 0,
            block_means_c: [0.0; 3],
            blocks: 0,
            slope_min_k_per_s: 0.0,
            deficit_k: 0.0,
            loss_from_c: LOSS_FROM_MAX_C,
            off_ms: 0,
            off_lowest_c: f32::MAX,
        }
    }

    /// One look; the most direct finding wins.
    pub(crate) fn check(
        &mut self,
        config: &Adopted,
        sensor: &FilmSensor,
        raw_counts: u16,
        driven: Driven,
        dt_ms: u32,
    ) -> Option<FaultCode> {
        let lost_ms = config.ntc_lost_ms;
        let open = self
            .open
            .update(sensor.reading == Reading::Open, dt_ms, lost_ms);
        let short = self
            .short
            .update(sensor.reading == Reading::Short, dt_ms, lost_ms);
        let stuck = self.stuck(config, raw_counts, driven.heated, dt_ms);
        if open {
            return Some(FaultCode::NtcOpen);
        }
        if short {
            return Some(FaultCode::NtcShort);
        }
        let Reading::Valid(_) = sensor.reading else {
            return None;
        };
        if self.jump(config, sensor) {
            Some(FaultCode::NtcJump)
        } else if stuck {
            Some(FaultCode::NtcStuck)
        } else if self.lags(config, sensor, driven, dt_ms) {
            Some(FaultCode::NoRise)
        } else if self.rises_when_off(config, sensor, driven, dt_ms) {
            Some(FaultCode::RiseWhenOff)
        } else {
            None
        }
    }

    /// A code between two looks: one that moves only then is not stuck.
    pub(crate) fn note(&mut self, raw_counts: u16) {
        self.moved |= raw_counts != self.stuck_counts;
    }

    fn stuck(&mut self, config: &Adopted, raw_counts: u16, heated: bool, dt_ms: u32) -> bool {
        self.note(raw_counts);
        if !heated || self.moved {
            self.stuck_ms = 0;
            self.stuck_counts = raw_counts;
            self.moved = false;
        } else {
            self.stuck_ms = self.stuck_ms.saturating_add(dt_ms);
        }
        self.stuck_ms >= config.ntc_stuck_ms
    }

    /// A level shift: the last two block means both stand off the one before them.
    fn jump(&mut self, config: &Config, sensor: &FilmSensor) -> bool {
        self.block_sum_c += sensor.median_c;
        self.block_looks = self.block_looks.saturating_add(1);
        if self.block_looks < JUMP_BLOCK_LOOKS {
            return false;
        }
        let mean_c = self.block_sum_c * (1.0 / JUMP_BLOCK_LOOKS as f32);
        self.block_sum_c = 0.0;
        self.block_looks = 0;
        let [_, before_c, last_c] = self.block_means_c;
        self.block_means_c = [before_c, last_c, mean_c];
        self.blocks = self.blocks.saturating_add(1);
        // The block in the middle may hold the step itself; the outer two show it in full.
        let [oldest_c, middle_c, newest_c] = self.block_means_c;
        let shift_k = newest_c - oldest_c;
        let half_way = (middle_c - oldest_c).abs() > 0.1 * shift_k.abs();
        self.blocks >= 3 && shift_k.abs() > config.ntc_jump_k && half_way
    }

    /// Compares with the slowest plausible film.
    fn lags(&mut self, config: &Adopted, sensor: &FilmSensor, driven: Driven, dt_ms: u32) -> bool {
        if !driven.heated {
            self.deficit_k = 0.0;
            self.loss_from_c = limit(sensor.smooth_c, -40.0, LOSS_FROM_MAX_C);
            self.slope_min_k_per_s = limit(sensor.slope_k_per_s, -1.0, 0.0);
            return false;
        }
        let over_k = limit(sensor.smooth_c - self.loss_from_c, 0.0, 100.0);
        let film_slope =
            (driven.power_w - config.film_loss_max_w_per_k * over_k) * config.film_k_per_j;
        let dt_s = dt_ms as f32 * 0.001;
        self.slope_min_k_per_s +=
            (film_slope - self.slope_min_k_per_s) * lag_share(dt_ms, SENSOR_LAG_SLOWEST_S);
        let behind = limit(self.slope_min_k_per_s - sensor.slope_k_per_s, 0.0, 10.0);
        self.deficit_k += behind * dt_s - self.deficit_k * lag_share(dt_ms, DEFICIT_LEAK_S);
        self.deficit_k > config.rise_deficit_max_k
    }

    fn rises_when_off(
        &mut self,
        config: &Config,
        sensor: &FilmSensor,
        driven: Driven,
        dt_ms: u32,
    ) -> bool {
        if driven.heated {
            self.off_ms = 0;
            self.off_lowest_c = f32::MAX;
            return false;
        }
        self.off_ms = self.off_ms.saturating_add(dt_ms);
        if self.off_ms < OFF_SETTLE_MS {
            return false;
        }
        if sensor.smooth_c < self.off_lowest_c {
            self.off_lowest_c = sensor.smooth_c;
        }
        sensor.smooth_c > BODY_WARMS_TO_C
            && sensor.smooth_c - self.off_lowest_c > config.rise_when_off_k
    }
}

/// Difference of the zones' readings, K; `None` when one cannot be read.
pub(crate) fn zones_apart_k(film: &[FilmSensor; ZONES]) -> Option<f32> {
    let [upper, lower] = film;
    Some((upper.valid_c()? - lower.valid_c()?).abs())
}

/// Difference that a start allows: small while both zones are cold, larger
/// above 32 degC, where the pad has been in use and may have cooled unequally.
pub(crate) fn start_apart_max_k(config: &Config, film: &[FilmSensor; ZONES]) -> f32 {
    let cold = film.iter().all(|sensor| sensor.smooth_c < 32.0);
    if cold {
        config.zones_cold_max_k
    } else {
        config.zones_warm_max_k
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensors::Sensors;

    const OFF: Driven = Driven {
        heated: false,
        power_w: 0.0,
    };

    fn reading(t_c: f32) -> FilmSensor {
        let [mut film, _] = Sensors::new().film;
        film.reading = Reading::Valid(t_c);
        film.smooth_c = t_c;
        film
    }

    #[test]
    fn an_undriven_film_may_rise_by_two_kelvin_above_43_degc_once_it_has_turned() {
        // Held at the first while it settles, then at the second, then at the third.
        for (first_c, second_c, third_c, found) in [
            (45.0, 44.0, 45.9, false),
            (45.0, 44.0, 46.0, false),
            (45.0, 44.0, 46.1, true),
            (45.0, 40.5, 42.9, false),
            (45.0, 40.5, 43.0, false),
            (45.0, 40.5, 43.1, true),
            // What it did before it had turned does not count.
            (41.0, 44.0, 45.9, false),
            (46.0, 46.0, 46.0, false),
        ] {
            let config = Config::default();
            let mut checks = ZoneChecks::new();
            let mut seen = |t_c: f32, ticks: u32| {
                (0..ticks).any(|_| checks.rises_when_off(&config, &reading(t_c), OFF, 10))
            };
            assert!(!seen(first_c, 999), "{first_c}");
            // The first look after ten seconds counts.
            assert!(!seen(second_c, 1), "{second_c}");
            assert_eq!(seen(third_c, 1), found, "{first_c} {second_c} {third_c}");
        }
    }

    #[test]
    fn a_film_that_is_driven_again_must_settle_again() {
        let config = Config::default();
        let mut checks = ZoneChecks::new();
        let on = Driven {
            heated: true,
            power_w: 5.0,
        };
        assert!((0..2_000).all(|_| !checks.rises_when_off(&config, &reading(41.0), OFF, 10)));
        assert!(!checks.rises_when_off(&config, &reading(44.0), on, 10));
        assert!((0..2_000).all(|_| !checks.rises_when_off(&config, &reading(44.0), OFF, 10)));
    }

    #[test]
    fn a_code_that_stands_for_three_seconds_of_heating_is_stuck() {
        let adopted = Adopted::new(&Config::default());
        let mut checks = ZoneChecks::new();
        let stuck = (0..1_000u32).find(|_| checks.stuck(&adopted, 1_700, true, 10));
        assert_eq!(stuck, Some(300));
        let mut checks = ZoneChecks::new();
        assert!((0..1_000u16).all(|tick| !checks.stuck(&adopted, 1_700 + tick % 2, true, 10)));
        assert!((0..1_000).all(|_| !checks.stuck(&adopted, 1_700, false, 10)));
    }

    #[test]
    fn zones_are_compared_when_both_can_be_read() {
        let mut open = reading(33.0);
        open.reading = Reading::Open;
        for (film, apart_k) in [
            ([reading(30.0), reading(33.0)], Some(3.0)),
            ([reading(33.0), reading(30.0)], Some(3.0)),
            ([open, reading(30.0)], None),
            ([reading(30.0), open], None),
        ] {
            assert_eq!(zones_apart_k(&film), apart_k);
        }
        let config = Config::default();
        for (upper_c, lower_c, allowed_k) in
            [(31.9, 31.9, 4.0), (32.0, 20.0, 10.0), (20.0, 40.0, 10.0)]
        {
            let film = [reading(upper_c), reading(lower_c)];
            assert_eq!(
                start_apart_max_k(&config, &film),
                allowed_k,
                "{upper_c} {lower_c}"
            );
        }
    }

    #[test]
    fn a_level_that_has_moved_by_more_than_one_kelvin_is_a_jump() {
        // Means of blocks one after another; the last one decides.
        for (block_means_c, jumped) in [
            (&[25.0, 26.5, 26.5][..], true),
            (&[26.5, 25.0, 25.0], true),
            (&[25.0, 25.5, 26.5], true),
            // A Kelvin is allowed.
            (&[25.0, 26.0, 26.0], false),
            (&[26.0, 25.0, 25.0], false),
            (&[25.0, 25.5, 25.75], false),
            // It came back.
            (&[25.0, 28.0, 25.0], false),
            (&[25.0, 25.0, 28.0, 25.0], false),
            // The last block alone stands off, and the one before it by a tenth at most.
            (&[25.0, 25.0, 28.0], false),
            (&[25.0, 25.15, 27.0], false),
            (&[20.0, 21.0, 30.0], false),
            (&[20.0, 21.25, 30.0], true),
            // Too little seen yet.
            (&[25.0, 28.0], false),
        ] {
            let config = Config::default();
            let mut checks = ZoneChecks::new();
            let mut found = false;
            for mean_c in block_means_c {
                for look in 1..=JUMP_BLOCK_LOOKS {
                    let mut film = reading(*mean_c);
                    film.median_c = *mean_c;
                    found = checks.jump(&config, &film);
                    assert!(!found || look == JUMP_BLOCK_LOOKS, "{block_means_c:?}");
                }
            }
            assert_eq!(found, jumped, "{block_means_c:?}");
        }
    }

    #[test]
    fn a_reading_may_fall_behind_by_the_largest_deficit_itself() {
        let on = Driven {
            heated: true,
            power_w: 12.0,
        };
        // How far it is behind after three seconds in which it has not moved.
        let behind = |largest_k: f32| {
            let config = Adopted::new(&Config {
                rise_deficit_max_k: largest_k,
                ..Config::default()
            });
            let mut checks = ZoneChecks::new();
            let mut lags = false;
            for _ in 0..300 {
                lags = checks.lags(&config, &reading(30.0), on, 10);
            }
            (lags, checks.deficit_k)
        };
        let (_, deficit_k) = behind(20.0);
        assert!(deficit_k > 0.1, "{deficit_k}");
        for (largest_k, lags) in [(deficit_k, false), (deficit_k.next_down(), true)] {
            assert_eq!(behind(largest_k), (lags, deficit_k));
        }
    }
}
