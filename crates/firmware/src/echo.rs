//! Does each thermistor hear its own heater? The answer to a sensor that lies plausibly.
//!
//! A thermistor that hangs in a warm room, is badly glued, or is read through
//! the wrong channel shows temperatures that a film can have, so no range and
//! no rise check finds it. But it does not follow the film. While a film is
//! held, its power carries a small square wave, the zones in antiphase, and
//! the reading must move with the zone's own wave: power and slope are
//! multiplied with the wave and with its quarter shift over whole periods, and
//! their quotient is the response at that frequency. Drift, noise and the
//! regulator's own reactions drop out, because the power really driven is
//! what the slope is compared with.
//!
//! Limit: half of what the slowest plausible film with the slowest plausible
//! thermistor answers, in the direction in which a film answers. All figures
//! here are estimates, checked on the bench; to be replaced by a measurement.

use crate::config::Config;
use crate::plausibility::SENSOR_LAG_SLOWEST_S;

/// One period of the wave, ms: fast against the film's losses, slow against the thermistor.
const PERIOD_MS: u32 = 8_000;
/// The same as an angular frequency, rad/s.
const OMEGA_PER_S: f32 = core::f32::consts::TAU / 8.0;
/// Whole periods in a block.
const BLOCK_MS: u32 = 2 * PERIOD_MS;
/// Blocks in a row without an echo that are believed; a user who moves spoils one or two.
const BLOCKS_TO_BELIEVE: u8 = 3;
/// ... and with a cut-out open: the block in which it opened may be one of them.
const BLOCKS_BEFORE_CUTOUT: u8 = 2;
/// The wave starts this late in a session, so that it takes nothing from the warm-up.
const START_MS: u32 = 6 * BLOCK_MS;
/// With less than this share of the wave on the power nothing is concluded:
/// noise of the converter would be heard for an answer, or hide one.
const WAVE_SHARE_MIN: f32 = 0.8;
/// Film, thermistor and slope filter turn the slope behind the power by this
/// angle: 97 degrees at nominal lag, 88 to 103 at 3 to 8 s.
const TURN_COS: f32 = -0.122;
const TURN_SIN: f32 = 0.993;

/// Where in the wave a session stands; `None` before it starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wave {
    in_phase: f32,
    quarter: f32,
    block: u32,
}

impl Wave {
    /// At a session's age.
    pub(crate) fn at(elapsed_ms: u32) -> Option<Wave> {
        let since_ms = elapsed_ms.checked_sub(START_MS)?;
        let quarters = (since_ms % PERIOD_MS) / (PERIOD_MS / 4);
        let (in_phase, quarter) = match quarters {
            0 => (1.0, 1.0),
            1 => (1.0, -1.0),
            2 => (-1.0, -1.0),
            _ => (-1.0, 1.0),
        };
        Some(Wave {
            in_phase,
            quarter,
            block: since_ms / BLOCK_MS,
        })
    }

    /// The other zone's wave.
    pub(crate) fn opposed(self) -> Wave {
        Wave {
            in_phase: -self.in_phase,
            quarter: -self.quarter,
            ..self
        }
    }

    /// A zone's share of rated power with the wave on it; the mean stays. Room
    /// is made below what the supply gives, so that a zone that is always on is
    /// tested too; a film that needs less than the wave is not heated on purpose.
    pub(crate) fn on(self, config: &Config, share: f32, available: f32) -> f32 {
        let wave = config.echo_share;
        if share < wave || available < 2.0 * wave {
            return share;
        }
        let room = if share > available - wave {
            available - wave
        } else {
            share
        };
        room + self.in_phase * wave
    }
}

/// What one zone did in a tick.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    /// Power really put in, W.
    pub(crate) power_w: f32,
    /// Slope of the reading, K/s.
    pub(crate) slope_k_per_s: f32,
    /// Its cut-out is open.
    pub(crate) cutout_open: bool,
}

/// One zone's running correlation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Echo {
    block: u32,
    power: [f32; 2],
    slope: [f32; 2],
    weight_s: f32,
    cut: bool,
    silent_blocks: u8,
}

impl Echo {
    /// Nothing heard or missed yet.
    pub(crate) const fn new() -> Self {
        Self {
            block: 0,
            power: [0.0; 2],
            slope: [0.0; 2],
            weight_s: 0.0,
            cut: false,
            silent_blocks: 0,
        }
    }

    /// One tick; `true` once the reading does not follow the zone's power. A
    /// cut-out that opens on a silent thermistor confirms it at once.
    pub(crate) fn missing(
        &mut self,
        config: &Config,
        wave: Option<Wave>,
        heard: Heard,
        dt_s: f32,
    ) -> bool {
        let Some(wave) = wave else {
            *self = Self::new();
            return false;
        };
        if wave.block != self.block {
            self.close_block(config);
            self.block = wave.block;
        }
        let [power_in, power_quarter] = &mut self.power;
        let [slope_in, slope_quarter] = &mut self.slope;
        *power_in += heard.power_w * wave.in_phase * dt_s;
        *power_quarter += heard.power_w * wave.quarter * dt_s;
        *slope_in += heard.slope_k_per_s * wave.in_phase * dt_s;
        *slope_quarter += heard.slope_k_per_s * wave.quarter * dt_s;
        self.weight_s += dt_s;
        self.cut |= heard.cutout_open;
        let enough = if heard.cutout_open {
            BLOCKS_BEFORE_CUTOUT
        } else {
            BLOCKS_TO_BELIEVE
        };
        self.silent_blocks >= enough
    }

    fn close_block(&mut self, config: &Config) {
        let [p, q] = self.power;
        let [m, n] = self.slope;
        let wave_j2 = p * p + q * q;
        let least_j = WAVE_SHARE_MIN * config.echo_share * config.heater_rated_w * self.weight_s;
        let whole = !self.cut && self.weight_s > 0.9 * BLOCK_MS as f32 * 0.001;
        if whole && wave_j2 > least_j * least_j {
            // (m + jn) / (p + jq), turned forward by the expected angle: its real part.
            let real = (m * p + n * q) / wave_j2;
            let imaginary = (n * p - m * q) / wave_j2;
            let answer = real * TURN_COS - imaginary * TURN_SIN;
            self.silent_blocks = if answer < answer_min(config) {
                self.silent_blocks.saturating_add(1)
            } else {
                0
            };
        }
        let silent_blocks = self.silent_blocks;
        *self = Self {
            silent_blocks,
            ..Self::new()
        };
    }
}

/// Least slope per watt at the wave's frequency, K/(s W).
fn answer_min(config: &Config) -> f32 {
    // 1/sqrt(1 + x^2) is at least 1/(1 + x): on the cautious side, no square root.
    let heard = 1.0 / (1.0 + OMEGA_PER_S * SENSOR_LAG_SLOWEST_S);
    0.5 * heard / config.film_capacity_max_j_per_k
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;

    const TICK_S: f32 = 0.01;
    /// A turn in 8 s, the slowest thermistor's 8 s, the slowest film's 30 J/K.
    const LEAST: f32 = 0.5 / (1.0 + core::f32::consts::FRAC_PI_4 * 8.0) / 30.0;

    /// What a zone does in one block: amounts in phase and a quarter shifted.
    #[derive(Clone, Copy, Debug)]
    struct Block {
        power: [f32; 2],
        slope: [f32; 2],
        ticks: u32,
        cutout_open: bool,
    }

    /// A wave of a round size, whatever ships.
    fn config() -> Config {
        Config {
            echo_share: 0.06,
            ..Config::default()
        }
    }

    const SILENT: Block = Block {
        power: [1.0, 0.0],
        slope: [0.0, 0.0],
        ticks: 1_600,
        cutout_open: false,
    };

    /// Feeds blocks in a row; silence after each, as the next one begins.
    fn heard(blocks: &[Block]) -> Vec<bool> {
        let config = config();
        let mut echo = Echo::new();
        let mut found = Vec::new();
        for (number, block) in (0u32..).zip(blocks.iter().chain([&SILENT])) {
            for tick in 0..block.ticks {
                let wave = Wave::at(START_MS + number * BLOCK_MS + tick * 10).expect("started");
                let [power_in, power_quarter] = block.power;
                let [slope_in, slope_quarter] = block.slope;
                let heard = Heard {
                    power_w: 4.0 + power_in * wave.in_phase + power_quarter * wave.quarter,
                    slope_k_per_s: 0.01 + slope_in * wave.in_phase + slope_quarter * wave.quarter,
                    cutout_open: block.cutout_open,
                };
                let missing = echo.missing(&config, Some(wave), heard, TICK_S);
                if tick == 0 && number > 0 {
                    found.push(missing);
                }
            }
        }
        found
    }

    /// A slope that answers the power with this times the least answer, expected angle and all.
    fn answering(power: [f32; 2], times: f32) -> [f32; 2] {
        let [p, q] = power.map(|amount| amount * times * LEAST);
        // The answer's real part, turned back: (p + jq) (cos - j sin), |cos + j sin| = 1.
        [p * TURN_COS + q * TURN_SIN, q * TURN_COS - p * TURN_SIN]
    }

    #[test]
    fn a_reading_is_silent_below_half_of_the_slowest_answer_whatever_the_powers_phase() {
        for power in [[1.0, 0.0], [0.0, 1.0], [0.8, 0.9], [-0.9, 0.7], [0.6, -2.0]] {
            for (times, silent) in [(0.99, true), (1.01, false), (-1.01, true), (3.0, false)] {
                let block = Block {
                    power,
                    slope: answering(power, times),
                    ..SILENT
                };
                let found = heard(&[block; 3]);
                assert_eq!(found, [false, false, silent], "{power:?} {times}");
            }
        }
    }

    #[test]
    fn with_a_cut_out_open_two_silent_blocks_are_enough_and_the_open_one_is_not_judged() {
        let open = Block {
            cutout_open: true,
            ..SILENT
        };
        let loud = Block {
            slope: answering(SILENT.power, 3.0),
            ..SILENT
        };
        for (blocks, want) in [
            (&[SILENT, SILENT, open][..], &[false, true, false][..]),
            (&[SILENT, open, open], &[false, false, false]),
            (&[SILENT, SILENT, loud, SILENT, SILENT], &[false; 5]),
            (&[SILENT, SILENT, SILENT], &[false, false, true]),
        ] {
            assert_eq!(heard(blocks), want, "{blocks:?}");
        }
    }

    #[test]
    fn a_block_with_too_little_wave_or_time_is_not_judged() {
        // 0.8 of the wave is 0.576 W; nine tenths of a block are 14.4 s.
        for (power_w, ticks, judged) in [
            (0.58, 1_600, true),
            (0.57, 1_600, false),
            (0.05, 1_600, false),
            (0.70, 1_450, true),
            (0.70, 1_430, false),
            (0.70, 100, false),
        ] {
            let block = Block {
                power: [0.6 * power_w, 0.8 * power_w],
                ticks,
                ..SILENT
            };
            let found = heard(&[block; 3]);
            assert_eq!(found, [false, false, judged], "{power_w} W, {ticks} ticks");
        }
    }

    #[test]
    fn the_wave_needs_room_below_the_supply_and_above_nothing() {
        let config = config();
        let high = Wave::at(START_MS).expect("started");
        let low = high.opposed();
        assert_eq!((high.in_phase, high.quarter), (1.0, 1.0));
        assert_eq!((low.in_phase, low.quarter), (-1.0, -1.0));
        assert_eq!(Wave::at(START_MS - 1), None);
        for (share, available, up, down) in [
            (0.5, 1.0, 0.56, 0.44),
            // Always on: the mean makes room.
            (1.0, 1.0, 1.0, 0.88),
            (0.95, 1.0, 1.0, 0.88),
            (0.94, 1.0, 1.0, 0.88),
            (0.07, 1.0, 0.13, 0.01),
            (0.06, 1.0, 0.12, 0.0),
            // Too little to wave with.
            (0.05, 1.0, 0.05, 0.05),
            (0.1, 0.11, 0.1, 0.1),
            (0.07, 0.12, 0.12, 0.0),
        ] {
            let got = [high, low].map(|wave| wave.on(&config, share, available));
            let near = (got[0] - up).abs() < 1e-6 && (got[1] - down).abs() < 1e-6;
            assert!(near, "{share} of {available}: {got:?}");
        }
    }

    #[test]
    fn an_answer_counts_by_its_part_in_the_direction_in_which_a_film_answers() {
        // Of slopes in phase with the power, and a quarter behind it: in multiples of the
        // least answer. A film turns by 97 degrees: cos -0.122, sin 0.993.
        for ([in_phase, behind], silent) in [
            ([0.0, 1.02], false),
            ([0.0, 0.99], true),
            ([-8.4, 0.0], false),
            ([-8.0, 0.0], true),
            ([8.4, 0.0], true),
            ([4.0, 1.5], false),
            ([4.0, 1.48], true),
            ([-4.0, 0.53], false),
            ([-4.0, 0.50], true),
            ([0.0, -3.0], true),
        ] {
            for [p, q] in [[1.0, 0.0], [0.6, 0.8], [-0.8, 0.6]] {
                let block = Block {
                    power: [p, q],
                    slope: [
                        (p * in_phase + q * behind) * LEAST,
                        (q * in_phase - p * behind) * LEAST,
                    ],
                    ..SILENT
                };
                let found = heard(&[block; 3]);
                let say = format_args!("{in_phase} {behind} with {p} {q}");
                assert_eq!(found, [false, false, silent], "{say}");
            }
        }
    }

    #[test]
    fn the_wave_begins_after_96_s_and_a_block_is_two_periods_of_8_s() {
        assert_eq!(Wave::at(95_999), None);
        for (elapsed_ms, in_phase, quarter, block) in [
            (96_000, 1.0, 1.0, 0),
            (97_999, 1.0, 1.0, 0),
            (98_000, 1.0, -1.0, 0),
            (100_000, -1.0, -1.0, 0),
            (102_000, -1.0, 1.0, 0),
            (104_000, 1.0, 1.0, 0),
            (111_999, -1.0, 1.0, 0),
            (112_000, 1.0, 1.0, 1),
            (128_000, 1.0, 1.0, 2),
        ] {
            let want = Wave {
                in_phase,
                quarter,
                block,
            };
            assert_eq!(Wave::at(elapsed_ms), Some(want), "{elapsed_ms} ms");
        }
    }
}
