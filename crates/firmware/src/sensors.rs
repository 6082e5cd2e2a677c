//! Raw counts to units: film temperature and its slope, currents, voltages.
//!
//! Decides nothing but whether a thermistor can be read at all. Scales are
//! those of the table at [`crate::io::Inputs`].

use crate::clock::Elapsed;
use crate::config::Config;
use crate::io::{Inputs, MOTORS, TICK_MS, ZONES};
use crate::ntc::temperature_c;
use crate::numbers::lag_share;

/// What a thermistor says this tick.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u32)]
pub enum Reading {
    /// A temperature the product can have, degC.
    Valid(f32),
    /// Colder than the product can be: broken wire.
    Open,
    /// Hotter than the product can be: wires touch.
    Short,
}

/// Tracking gains per 10 ms: alpha for the value, beta = alpha^2/2 for the
/// slope. Estimate: passes 0.3 Hz, leaves 5 mK/s of slope noise at 1 LSB rms.
const TRACK_ALPHA: f32 = 0.03;
const TRACK_BETA: f32 = TRACK_ALPHA * TRACK_ALPHA / 2.0;
const TRACK_BETA_PER_S: f32 = TRACK_BETA * 1000.0 / TICK_MS as f32;
/// Smoothing of currents and supply, s.
const SMOOTHING_S: f32 = 0.05;

/// One film thermistor, followed over time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FilmSensor {
    /// This tick's reading.
    pub(crate) reading: Reading,
    /// Median of the last three readings, degC: a single bad conversion passes unseen.
    pub(crate) median_c: f32,
    /// Smoothed reading, degC.
    pub(crate) smooth_c: f32,
    /// Slope of the smoothed reading, K/s.
    pub(crate) slope_k_per_s: f32,
    last_c: [f32; 2],
    seen: bool,
}

impl FilmSensor {
    const fn new() -> Self {
        Self {
            reading: Reading::Open,
            median_c: 0.0,
            smooth_c: 0.0,
            slope_k_per_s: 0.0,
            last_c: [0.0; 2],
            seen: false,
        }
    }

    /// Film temperature with the sensor's lag undone, degC.
    pub(crate) fn film_c(&self, config: &Config) -> f32 {
        self.smooth_c + config.sensor_lag_s * self.slope_k_per_s
    }

    /// Smoothed temperature if the sensor can be read.
    pub(crate) fn valid_c(&self) -> Option<f32> {
        match self.reading {
            Reading::Valid(_) => Some(self.smooth_c),
            Reading::Open | Reading::Short => None,
        }
    }

    fn update(&mut self, config: &Config, counts: u16, dt_s: f32) {
        let new_c = temperature_c(counts);
        if !self.seen {
            self.last_c = [new_c; 2];
        }
        let [older_c, old_c] = self.last_c;
        self.last_c = [old_c, new_c];
        let measured_c = median(older_c, old_c, new_c);
        self.median_c = measured_c;
        self.reading = classify(config, new_c);
        let Reading::Valid(_) = self.reading else {
            return;
        };
        let Reading::Valid(_) = classify(config, measured_c) else {
            return;
        };
        if !self.seen {
            self.seen = true;
            self.smooth_c = measured_c;
        }
        let predicted_c = self.smooth_c + self.slope_k_per_s * dt_s;
        let residual_k = measured_c - predicted_c;
        self.smooth_c = predicted_c + TRACK_ALPHA * residual_k;
        self.slope_k_per_s += TRACK_BETA_PER_S * residual_k;
    }
}

/// Everything measured at one tick, in units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sensors {
    /// Film thermistors.
    pub(crate) film: [FilmSensor; ZONES],
    /// Battery pack, degC.
    pub(crate) pack: Reading,
    /// Heater rail, mean over the last tick, A.
    pub(crate) heater_a: f32,
    /// Motors, mean over the last tick, A.
    pub(crate) motor_a: [f32; MOTORS],
    /// Motors, smoothed over 50 ms, A.
    pub(crate) motor_smooth_a: [f32; MOTORS],
    /// Supply, V.
    pub(crate) supply_v: f32,
    /// Supply smoothed over 50 ms, V.
    pub(crate) supply_smooth_v: f32,
    /// Band gap channel.
    pub(crate) reference_counts: u16,
    seen: bool,
}

impl Sensors {
    /// Nothing measured yet.
    pub(crate) const fn new() -> Self {
        Self {
            film: [FilmSensor::new(); ZONES],
            pack: Reading::Valid(25.0),
            heater_a: 0.0,
            motor_a: [0.0; MOTORS],
            motor_smooth_a: [0.0; MOTORS],
            supply_v: 0.0,
            supply_smooth_v: 0.0,
            reference_counts: 0,
            seen: false,
        }
    }

    /// The hotter film, smoothed, degC.
    pub(crate) fn film_max_c(&self) -> f32 {
        let [upper, lower] = &self.film;
        if upper.smooth_c > lower.smooth_c {
            upper.smooth_c
        } else {
            lower.smooth_c
        }
    }

    /// Takes one tick's counts.
    pub(crate) fn update(&mut self, config: &Config, inputs: &Inputs, elapsed: &Elapsed) {
        for (film, counts) in self.film.iter_mut().zip(inputs.ntc_counts) {
            film.update(config, counts, elapsed.s);
        }
        // A pack warms over minutes.
        if elapsed.slow_ms.is_some() {
            self.pack = classify(config, temperature_c(inputs.pack_ntc_counts));
        }
        self.heater_a = f32::from(inputs.heater_current_counts) * 0.002;
        self.supply_v = f32::from(inputs.supply_counts) * 0.008;
        let share = if self.seen {
            lag_share(elapsed.ms, SMOOTHING_S)
        } else {
            1.0
        };
        self.supply_smooth_v += (self.supply_v - self.supply_smooth_v) * share;
        let motors = self.motor_a.iter_mut().zip(&mut self.motor_smooth_a);
        for ((now, smooth), counts) in motors.zip(inputs.motor_current_counts) {
            *now = f32::from(counts) * 0.004;
            *smooth += (*now - *smooth) * share;
        }
        self.reference_counts = inputs.reference_counts;
        self.seen = true;
    }
}

fn classify(config: &Config, t_c: f32) -> Reading {
    if t_c > config.ntc_short_c {
        Reading::Short
    } else if t_c >= config.ntc_open_c {
        Reading::Valid(t_c)
    } else {
        // Also a NaN, which is a sensor fault by choice.
        Reading::Open
    }
}

/// The middle one of three: of the temperatures, which is that of the codes,
/// since the table only falls.
fn median(a: f32, b: f32, c: f32) -> f32 {
    let low = if a < b { a } else { b };
    let high = if a < b { b } else { a };
    let held = if c < high { c } else { high };
    if low < held { held } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_reading_is_valid_from_the_open_limit_to_the_short_limit() {
        for (t_c, want) in [
            (-22.1, Reading::Open),
            (-22.0, Reading::Valid(-22.0)),
            (100.0, Reading::Valid(100.0)),
            (100.1, Reading::Short),
            (f32::INFINITY, Reading::Short),
            (f32::NEG_INFINITY, Reading::Open),
            (f32::NAN, Reading::Open),
        ] {
            assert_eq!(classify(&Config::default(), t_c), want, "{t_c}");
        }
    }

    #[test]
    fn the_slope_of_a_steady_rise_is_found_within_three_seconds_and_without_ringing() {
        let config = Config::default();
        let mut film = FilmSensor::new();
        for _ in 0..100 {
            film.update(&config, 2_048, 0.01);
        }
        assert_eq!(film.slope_k_per_s, 0.0);
        // A code less per tick: 2.2 K/s.
        for tick in 1..=400u16 {
            let counts = 2_048 - tick;
            film.update(&config, counts, 0.01);
            let rise_k_per_s = temperature_c(counts - 50) - temperature_c(counts + 50);
            let share = film.slope_k_per_s / rise_k_per_s;
            assert!((0.0..1.1).contains(&share), "{tick}: {share}");
            assert!(tick < 300 || share > 0.95, "{tick}: {share}");
        }
    }
}
