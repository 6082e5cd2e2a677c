//! The dangerous limits, looked at before the supervisor, in every state.
//!
//! Order is importance: the first finding of a tick is the one that latches.

use crate::State;
use crate::adopted::Adopted;
use crate::clock::Elapsed;
use crate::config::Config;
use crate::echo::{Echo, Heard, Wave};
use crate::io::{FaultCode, Inputs, ZONES};
use crate::numbers::per_s;
use crate::persist::Persist;
use crate::plausibility::{Driven, ZoneChecks, zones_apart_k};
use crate::sensors::{FilmSensor, Reading};
use crate::supervisor::Phase;

/// Band gap channel at a right reference, counts.
const REFERENCE_COUNTS: u16 = 1489;
/// 5 %: two and a half times the tolerated 2 %, half of the 10 % to be found.
const REFERENCE_BAND_COUNTS: u16 = 74;

/// Running checks that belong to no other part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limits {
    zones: [ZoneLimits; ZONES],
    lower_next: bool,
    zones_found: Option<FaultCode>,
    reference_found: Option<FaultCode>,
    supply_found: Option<FaultCode>,
    reference: Persist,
    supply_high: Persist,
    supply_implausible: Persist,
    pack: Persist,
    apart: Persist,
}

impl Limits {
    /// Nothing seen yet.
    pub(crate) const fn new() -> Self {
        Self {
            zones: [ZoneLimits::new(); ZONES],
            lower_next: false,
            zones_found: None,
            reference_found: None,
            supply_found: None,
            reference: Persist::ZERO,
            supply_high: Persist::ZERO,
            supply_implausible: Persist::ZERO,
            pack: Persist::ZERO,
            apart: Persist::ZERO,
        }
    }

    fn supply(
        &mut self,
        config: &Config,
        supply_v: f32,
        pack: Reading,
        in_session: bool,
        dt_ms: u32,
    ) -> Option<FaultCode> {
        // An unreadable pack sensor cannot show that the pack is cool.
        let pack_bad = match pack {
            Reading::Valid(pack_c) => pack_c > config.pack_max_c,
            Reading::Open | Reading::Short => true,
        };
        let high = self
            .supply_high
            .update(supply_v > config.supply_high_v, dt_ms, 50);
        let implausible = in_session && supply_v < config.supply_implausible_v;
        let implausible = self.supply_implausible.update(implausible, dt_ms, 2_000);
        let pack_hot = self.pack.update(pack_bad, dt_ms, 1_000);
        if high {
            Some(FaultCode::SupplyHigh)
        } else if implausible {
            Some(FaultCode::SupplyLow)
        } else if pack_hot {
            Some(FaultCode::PackHot)
        } else {
            None
        }
    }
}

/// What is watched of one zone.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ZoneLimits {
    checks: ZoneChecks,
    echo: Echo,
    /// Time and heat since the last look.
    since_ms: u32,
    heat_j: f32,
    /// What the last look found, and whether the sensor does not hear its heater.
    found: Option<FaultCode>,
    silent: bool,
}

/// What a zone's checks must know beside its sensor.
#[derive(Clone, Copy, Debug)]
struct ZoneLook {
    raw_counts: u16,
    /// A set-point is being regulated.
    regulated: bool,
    cutout_open: bool,
    wave: Option<Wave>,
}

impl ZoneLimits {
    const fn new() -> Self {
        Self {
            checks: ZoneChecks::new(),
            echo: Echo::new(),
            since_ms: 0,
            heat_j: 0.0,
            found: None,
            silent: false,
        }
    }

    /// One tick: its code and its heat.
    fn take(&mut self, raw_counts: u16, power_w: f32, dt_ms: u32) {
        self.checks.note(raw_counts);
        self.since_ms = self.since_ms.saturating_add(dt_ms);
        self.heat_j += power_w * (dt_ms as f32 * 0.001);
    }

    /// Looks at the zone after one or more ticks.
    #[inline(always)]
    fn look(&mut self, config: &Adopted, film: &FilmSensor, seen: ZoneLook) {
        let dt_ms = core::mem::take(&mut self.since_ms);
        let heat_j = core::mem::take(&mut self.heat_j);
        let power_w = heat_j * per_s(dt_ms);
        let heard = Heard {
            power_w,
            slope_k_per_s: film.slope_k_per_s,
            cutout_open: seen.cutout_open,
        };
        let wave = seen.wave.filter(|_| seen.regulated);
        self.silent = self.echo.missing(config, wave, heard, dt_ms as f32 * 0.001);
        let driven = Driven {
            heated: seen.regulated && !seen.cutout_open,
            power_w,
        };
        self.found = self
            .checks
            .check(config, film, seen.raw_counts, driven, dt_ms);
    }
}

impl State {
    /// Whether every redundant copy is intact.
    pub(crate) fn memory_intact(&self) -> bool {
        let agreeing = self.fault.agreeing()
            & self.setpoint_c.agreeing()
            & self.session_left_ms.agreeing()
            & self.dose_min.agreeing()
            & self.usage.used_ms.agreeing()
            & self.usage.rest_ms.agreeing();
        agreeing == u32::MAX
    }

    /// The first dangerous finding of this tick. Every check goes on, so that one
    /// finding does not stop another's clock, and what a slower check found stands until it
    /// looks again.
    pub(crate) fn find_danger(&mut self, inputs: &Inputs, elapsed: &Elapsed) -> Option<FaultCode> {
        let dt_ms = elapsed.ms;
        let over = self.trip.check(inputs.ntc_counts);
        let supply_v = self.sensors.supply_v;
        let currents_a = self.rail.currents_a(&self.last_drive, supply_v);
        let rail = if let Phase::SelfTest(_) = self.phase {
            // The test drives and judges the rail itself.
            None
        } else {
            let (drive, sensors) = (&self.last_drive, &self.sensors);
            self.rail
                .check(&self.config, drive, currents_a, sensors, dt_ms)
        };
        let [upper_w, lower_w] = self.rail.power_w(currents_a, supply_v);
        let [upper_counts, lower_counts] = inputs.ntc_counts;
        let [upper, lower] = &mut self.limits.zones;
        upper.take(upper_counts, upper_w, dt_ms);
        lower.take(lower_counts, lower_w, dt_ms);
        if let Some(look_ms) = elapsed.look_ms {
            self.look(inputs, look_ms);
        }
        let dose = self.dose_min.f32_or(f32::MAX) >= self.config.dose_limit_min;

        let clock = elapsed.wrong.then_some(FaultCode::Clock);
        // A shorted sensor also reads hot: the trip acts, the reading gives it its name.
        let shorted = self
            .sensors
            .film
            .iter()
            .any(|film| film.reading == Reading::Short);
        let hot = if shorted {
            FaultCode::NtcShort
        } else {
            FaultCode::OverTemperature
        };
        let over = over.then_some(hot);
        let dose = dose.then_some(FaultCode::DoseLimit);
        let seen = &self.limits;
        let meter = clock.or(seen.reference_found);
        let slower = seen.supply_found.or(seen.zones_found);
        meter.or(over).or(rail).or(slower).or(dose)
    }

    /// A look at the converter's reference, the supply and one of the zones.
    #[inline(always)]
    fn look(&mut self, inputs: &Inputs, dt_ms: u32) {
        let in_session = self.phase.session().is_some();
        let limits = &mut self.limits;
        let off_band = inputs.reference_counts.abs_diff(REFERENCE_COUNTS) > REFERENCE_BAND_COUNTS;
        let reference = limits.reference.update(off_band, dt_ms, 50);
        limits.reference_found = reference.then_some(FaultCode::AdcReference);
        let (supply_v, pack) = (self.sensors.supply_v, self.sensors.pack);
        limits.supply_found = limits.supply(&self.config, supply_v, pack, in_session, dt_ms);
        self.look_at_a_zone(inputs, in_session, dt_ms);
    }

    /// The zones take turns: what is looked for lasts 80 ms and more.
    fn look_at_a_zone(&mut self, inputs: &Inputs, in_session: bool, dt_ms: u32) {
        let config = &self.config;
        let regulated = in_session && self.setpoint_c.f32_or(0.0) > 0.0 && self.heater.relay_closed;
        let [upper_wave, lower_wave] = self.waves();
        let [upper_counts, lower_counts] = inputs.ntc_counts;
        let [upper_film, lower_film] = &self.sensors.film;
        let [upper_path, lower_path] = &self.rail.paths;
        let limits = &mut self.limits;
        let [upper, lower] = &mut limits.zones;
        let (zone, film, path, raw_counts, wave) = if limits.lower_next {
            (
                &mut *lower,
                lower_film,
                lower_path,
                lower_counts,
                lower_wave,
            )
        } else {
            (
                &mut *upper,
                upper_film,
                upper_path,
                upper_counts,
                upper_wave,
            )
        };
        let seen = ZoneLook {
            raw_counts,
            regulated,
            cutout_open: path.open,
            wave,
        };
        zone.look(config, film, seen);
        limits.lower_next = !limits.lower_next;
        let found = upper.found.or(lower.found);
        let silent = (upper.silent || lower.silent).then_some(FaultCode::NoRise);

        let comparable = regulated && !upper_path.open && !lower_path.open;
        let apart = zones_apart_k(&self.sensors.film).is_some_and(|k| k > config.zones_warm_max_k);
        let apart = limits.apart.update(comparable && apart, dt_ms, 2_000);
        let apart = apart.then_some(FaultCode::ZonesDisagree);
        limits.zones_found = found.or(silent).or(apart);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{Record, ResetCause};
    use crate::sensors::Sensors;
    use crate::session::Session;

    const TICK_MS: u32 = 10;

    #[test]
    fn a_supply_or_a_pack_at_its_limit_is_allowed() {
        let config = Config::default();
        let pack = Reading::Valid(25.0);
        for (supply_v, pack, found) in [
            (15.0, pack, None),
            (15.1, pack, Some(FaultCode::SupplyHigh)),
            (4.5, pack, None),
            (4.4, pack, Some(FaultCode::SupplyLow)),
            (12.0, Reading::Valid(55.0), None),
            (12.0, Reading::Valid(55.1), Some(FaultCode::PackHot)),
            (12.0, Reading::Open, Some(FaultCode::PackHot)),
            (12.0, Reading::Short, Some(FaultCode::PackHot)),
        ] {
            let mut limits = Limits::new();
            let judged =
                (0..1_000).find_map(|_| limits.supply(&config, supply_v, pack, true, 2 * TICK_MS));
            assert_eq!(judged, found, "{supply_v} V, {pack:?}");
        }
    }

    /// In a session that regulates, with films that are read as this.
    fn warming(film_c: [f32; ZONES]) -> State {
        let mut state = State::boot(&Config::default(), ResetCause::PowerOn, Record::blank());
        state.phase = Phase::Warming(Session::default());
        state.setpoint_c = crate::redundant::Redundant::from_f32(45.0);
        state.heater.relay_closed = true;
        for (film, film_c) in state.sensors.film.iter_mut().zip(film_c) {
            film.reading = Reading::Valid(film_c);
            film.median_c = film_c;
            film.smooth_c = film_c;
        }
        state
    }

    /// What the zones' checks find in these ticks, and after how many.
    fn zones_found(state: &mut State, in_session: bool, ticks: u32) -> Option<(u32, FaultCode)> {
        (1..=ticks).find_map(|tick| {
            // A code that moves, so that none is stuck.
            let inputs = Inputs {
                ntc_counts: [1_800 + (tick % 2) as u16; ZONES],
                ..Inputs::default()
            };
            if tick % 2 == 0 {
                state.look_at_a_zone(&inputs, in_session, 2 * TICK_MS);
            }
            let found = state.limits.zones_found?;
            Some((tick, found))
        })
    }

    #[test]
    fn zones_more_than_10_k_apart_for_2_s_disagree_while_both_are_heated() {
        let apart = Some((200, FaultCode::ZonesDisagree));
        for (what, film_c, open, in_session, found) in [
            ("11 K", [41.0, 30.0], [false, false], true, apart),
            (
                "11 K the other way",
                [30.0, 41.0],
                [false, false],
                true,
                apart,
            ),
            ("10 K", [40.0, 30.0], [false, false], true, None),
            (
                "upper cut-out open",
                [41.0, 30.0],
                [true, false],
                true,
                None,
            ),
            (
                "lower cut-out open",
                [41.0, 30.0],
                [false, true],
                true,
                None,
            ),
            ("both cut-outs open", [41.0, 30.0], [true, true], true, None),
            ("no session", [41.0, 30.0], [false, false], false, None),
        ] {
            let mut state = warming(film_c);
            for (path, open) in state.rail.paths.iter_mut().zip(open) {
                path.open = open;
            }
            assert_eq!(zones_found(&mut state, in_session, 1_000), found, "{what}");
        }
    }

    #[test]
    fn only_whole_blocks_of_the_wave_are_judged() {
        // Silent from the middle of a block on: three whole ones begin with the next.
        let config = Adopted::new(&Config::default());
        let [film, _] = Sensors::new().film;
        let mut zone = ZoneLimits::new();
        let begun_ms = 96_000;
        let silent_ms = (begun_ms + 8_000..).step_by(40).find(|elapsed_ms| {
            for elapsed_ms in (*elapsed_ms..).step_by(10).take(4) {
                let up = elapsed_ms % 8_000 < 4_000;
                let power_w = if up { 5.0 } else { 3.0 };
                zone.take(1_800, power_w, TICK_MS);
            }
            let seen = ZoneLook {
                raw_counts: 1_800,
                regulated: true,
                cutout_open: false,
                wave: Wave::at(*elapsed_ms),
            };
            zone.look(&config, &film, seen);
            zone.silent
        });
        assert_eq!(silent_ms, Some(begun_ms + 4 * 16_000));
    }
}
