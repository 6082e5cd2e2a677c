//! Can the film behave as its thermistor says? Open, short, stuck, jump, disagreement, rise.
//!
//! The rise check is judged by energy: the reading is compared with that of the
//! slowest film the product can have (largest capacity, largest losses) given
//! the power really put in. So a weak supply or a cold room does not trip it,
//! and a sensor that has come off does: it cools while the film is driven.

use crate::config::Config;
use crate::io::{FaultCode, ZONES};
use crate::numbers::{lag_share, limit};
use crate::persist::{Persist, ms};
use crate::sensors::{FilmSensor, Reading};

/// Ticks in a block of the jump check; two blocks must stand off, so a
/// disturbance shorter than 80 ms passes.
const JUMP_BLOCK_TICKS: u8 = 8;
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
    /// Power really put in over the last tick, W.
    pub(crate) power_w: f32,
}

/// One zone's running checks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ZoneChecks {
    open: Persist,
    short: Persist,
    stuck_counts: u16,
    stuck_ms: u32,
    block_sum_c: f32,
    block_ticks: u8,
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
            stuck_ms: 0,
            block_sum_c: 0.0,
            block_ticks: 0,
            block_means_c: [0.0; 3],
            blocks: 0,
            slope_min_k_per_s: 0.0,
            deficit_k: 0.0,
            loss_from_c: LOSS_FROM_MAX_C,
            off_ms: 0,
            off_lowest_c: f32::MAX,
        }
    }

    /// One tick; the most direct finding wins.
    pub(crate) fn check(
        &mut self,
        config: &Config,
        sensor: &FilmSensor,
        raw_counts: u16,
        driven: Driven,
        dt_ms: u32,
    ) -> Option<FaultCode> {
        let lost_ms = ms(config.ntc_lost_s);
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
        let dt_s = dt_ms as f32 * 0.001;
        if self.jump(config, sensor) {
            Some(FaultCode::NtcJump)
        } else if stuck {
            Some(FaultCode::NtcStuck)
        } else if self.lags(config, sensor, driven, dt_s) {
            Some(FaultCode::NoRise)
        } else if self.rises_when_off(config, sensor, driven, dt_ms) {
            Some(FaultCode::RiseWhenOff)
        } else {
            None
        }
    }

    fn stuck(&mut self, config: &Config, raw_counts: u16, heated: bool, dt_ms: u32) -> bool {
        if !heated || raw_counts != self.stuck_counts {
            self.stuck_ms = 0;
            self.stuck_counts = raw_counts;
        } else {
            self.stuck_ms = self.stuck_ms.saturating_add(dt_ms);
        }
        self.stuck_ms >= ms(config.ntc_stuck_s)
    }

    /// A level shift: the last two block means both stand off the one before them.
    fn jump(&mut self, config: &Config, sensor: &FilmSensor) -> bool {
        self.block_sum_c += sensor.median_c;
        self.block_ticks = self.block_ticks.saturating_add(1);
        if self.block_ticks < JUMP_BLOCK_TICKS {
            return false;
        }
        let mean_c = self.block_sum_c / f32::from(JUMP_BLOCK_TICKS);
        self.block_sum_c = 0.0;
        self.block_ticks = 0;
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
    fn lags(&mut self, config: &Config, sensor: &FilmSensor, driven: Driven, dt_s: f32) -> bool {
        if !driven.heated {
            self.deficit_k = 0.0;
            self.loss_from_c = limit(sensor.smooth_c, -40.0, LOSS_FROM_MAX_C);
            self.slope_min_k_per_s = limit(sensor.slope_k_per_s, -1.0, 0.0);
            return false;
        }
        let over_k = limit(sensor.smooth_c - self.loss_from_c, 0.0, 100.0);
        let film_slope = (driven.power_w - config.film_loss_max_w_per_k * over_k)
            / config.film_capacity_max_j_per_k;
        self.slope_min_k_per_s +=
            (film_slope - self.slope_min_k_per_s) * lag_share(dt_s, SENSOR_LAG_SLOWEST_S);
        let behind = limit(self.slope_min_k_per_s - sensor.slope_k_per_s, 0.0, 10.0);
        self.deficit_k += behind * dt_s - self.deficit_k * lag_share(dt_s, DEFICIT_LEAK_S);
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
