//! Which film temperature is wanted: level, steps over the session, derating, slew.

use crate::config::Config;
use crate::guard::derate_k;
use crate::numbers::{limit, slew};

/// No goal is below this, degC.
const GOAL_MIN_C: f32 = 25.0;

/// Heat levels, in the order of the heat button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeatLevel {
    /// `heat_target_c`.
    #[default]
    High,
    /// One step below.
    Middle,
    /// Two steps below.
    Low,
    /// No heat; the relay stays open.
    None,
}

impl HeatLevel {
    /// What follows at the next press of the heat button.
    pub const fn next(self) -> HeatLevel {
        match self {
            HeatLevel::High => HeatLevel::Middle,
            HeatLevel::Middle => HeatLevel::Low,
            HeatLevel::Low => HeatLevel::None,
            HeatLevel::None => HeatLevel::High,
        }
    }

    /// Film temperature of the level, degC; no heat has the lowest.
    fn target_c(self, config: &Config) -> f32 {
        match self {
            HeatLevel::High => config.heat_target_c,
            HeatLevel::Middle => config.heat_target_c - config.heat_level_step_k,
            HeatLevel::Low => config.heat_target_c - 2.0 * config.heat_level_step_k,
            HeatLevel::None => GOAL_MIN_C,
        }
    }
}

/// The goal of the set-point now, degC. Low-temperature burns
/// come from long contact, so it steps down over the session and with dose.
pub(crate) fn goal_c(
    config: &Config,
    level: HeatLevel,
    elapsed_s: f32,
    dose_min: f32,
    nodes_rest: bool,
) -> f32 {
    let mut goal_c = level.target_c(config);
    // The steps are for the highest level; lower levels are below them already.
    let mut ceiling_c = config.heat_target_c;
    if elapsed_s >= config.setpoint_step1_after_s {
        ceiling_c -= config.setpoint_step1_drop_k;
    }
    if elapsed_s >= config.setpoint_step2_after_s {
        ceiling_c -= config.setpoint_step2_drop_k;
    }
    // A node that rests stops the blood flow under it, and touches closely.
    if nodes_rest && ceiling_c > config.heat_target_c - config.nodes_rest_drop_k {
        ceiling_c = config.heat_target_c - config.nodes_rest_drop_k;
    }
    ceiling_c -= derate_k(config, dose_min);
    if goal_c > ceiling_c {
        goal_c = ceiling_c;
    }
    limit(goal_c, GOAL_MIN_C, config.heat_target_c)
}

/// Where the set-point starts: below its goal, so that the first approach cannot overshoot it.
pub(crate) fn start_c(config: &Config, goal_c: f32) -> f32 {
    goal_c - config.setpoint_approach_k
}

/// Moves the set-point on, once the hottest film has come near.
pub(crate) fn advance_c(
    config: &Config,
    current_c: f32,
    goal_c: f32,
    film_max_c: f32,
    dt_s: f32,
) -> f32 {
    let step_k = config.setpoint_slew_k_per_s * dt_s;
    if goal_c > current_c && film_max_c < current_c - config.holding_band_k {
        return current_c;
    }
    limit(slew(current_c, goal_c, step_k), 0.0, config.heat_target_c)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn the_goal_steps_down_with_time_and_for_nodes_that_rest() {
        let product = Config {
            setpoint_step1_drop_k: 2.0,
            ..Config::default()
        };
        let shallow = Config {
            nodes_rest_drop_k: 2.0,
            ..product
        };
        for (config, level, elapsed_s, nodes_rest, want_c) in [
            (&product, HeatLevel::High, 0.0, false, 45.0),
            (&product, HeatLevel::High, 599.9, false, 45.0),
            (&product, HeatLevel::High, 600.0, false, 43.0),
            (&product, HeatLevel::High, 1_199.9, false, 43.0),
            (&product, HeatLevel::High, 1_200.0, false, 41.5),
            (&product, HeatLevel::Middle, 599.9, false, 42.5),
            (&product, HeatLevel::Middle, 600.0, false, 42.5),
            (&product, HeatLevel::Middle, 1_200.0, false, 41.5),
            (&product, HeatLevel::Low, 1_200.0, false, 40.0),
            (&product, HeatLevel::None, 0.0, false, 25.0),
            (&product, HeatLevel::High, 0.0, true, 41.0),
            (&product, HeatLevel::High, 1_200.0, true, 41.0),
            (&product, HeatLevel::Low, 0.0, true, 40.0),
            // Nodes that rest never make it warmer than the steps have made it.
            (&shallow, HeatLevel::High, 0.0, true, 43.0),
            (&shallow, HeatLevel::High, 1_200.0, true, 41.5),
        ] {
            let got_c = goal_c(config, level, elapsed_s, 0.0, nodes_rest);
            assert_eq!(got_c, want_c, "{level:?} at {elapsed_s} s, {nodes_rest}");
        }
    }

    #[test]
    fn the_set_point_rises_once_the_hottest_film_is_in_its_band_and_falls_at_once() {
        let config = Config {
            holding_band_k: 1.0,
            setpoint_slew_k_per_s: 0.1,
            ..Config::default()
        };
        for (current_c, goal_c, film_max_c, want_c) in [
            (43.5, 45.0, 42.4, 43.5),
            (43.5, 45.0, 42.5, 43.6),
            (43.5, 45.0, 44.0, 43.6),
            (44.95, 45.0, 44.5, 45.0),
            (45.0, 43.0, 30.0, 44.9),
            (43.05, 43.0, 43.0, 43.0),
        ] {
            let got_c = advance_c(&config, current_c, goal_c, film_max_c, 1.0);
            assert!((got_c - want_c).abs() < 1e-5, "{current_c}: {got_c}");
        }
    }
}
