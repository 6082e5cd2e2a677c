//! The dose guard: a conservative estimate of skin dose from the film, and what it takes back.
//!
//! Low-temperature burns come from long contact, so temperature alone is no
//! limit. The estimate assumes a thin path and low blood flow: skin follows
//! the film to `dose_skin_share` of its rise over `dose_skin_base_c` (estimate;
//! a film at 45 degC through cover and shirt gives 40.2 degC skin in a healthy
//! adult and 42.9 without perfusion, this assumes 43.7). Dose is CEM43: minutes
//! at 43 degC, doubling per kelvin above, quartering per kelvin below.

use crate::config::Config;
use crate::numbers::{exp2, lag_share, ramp};

/// Cumulative minutes at 43 degC that one second at the given skin temperature adds.
pub fn cem43_min_per_s(skin_c: f32) -> f32 {
    let above_k = skin_c - 43.0;
    let rate = if above_k >= 0.0 {
        exp2(above_k)
    } else {
        exp2(2.0 * above_k)
    };
    rate * (1.0 / 60.0)
}

/// The assumed skin under the hotter zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SkinEstimate {
    skin_c: Option<f32>,
}

impl SkinEstimate {
    /// Nothing known yet.
    pub(crate) const fn new() -> Self {
        Self { skin_c: None }
    }

    /// Follows the hotter film for a while; the dose it adds, CEM43 minutes.
    pub(crate) fn dose_min(&mut self, config: &Config, film_max_c: f32, dt_ms: u32) -> f32 {
        let base_c = config.dose_skin_base_c;
        let goal_c = base_c + config.dose_skin_share * (film_max_c - base_c);
        let from_c = self.skin_c.unwrap_or(goal_c);
        let skin_c = from_c + (goal_c - from_c) * lag_share(dt_ms, config.dose_skin_lag_s);
        self.skin_c = Some(skin_c);
        cem43_min_per_s(skin_c) * (dt_ms as f32 * 0.001)
    }
}

/// How far the set-point is taken down at a dose, K.
pub(crate) fn derate_k(config: &Config, dose_min: f32) -> f32 {
    config.dose_derate_k
        * ramp(
            dose_min,
            config.dose_derate_from_min,
            config.dose_derate_full_min,
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dose_rates_are_those_of_cem43() {
        for (skin_c, minutes_per_minute) in [
            (43.0, 1.0),
            (45.0, 4.0),
            (47.0, 16.0),
            (42.0, 0.25),
            (41.0, 0.0625),
        ] {
            let got = cem43_min_per_s(skin_c) * 60.0;
            assert!(
                (got / minutes_per_minute - 1.0).abs() < 1e-4,
                "{skin_c}: {got}"
            );
        }
    }

    #[test]
    fn derating_is_complete_before_the_limit() {
        let config = Config::default();
        assert_eq!(derate_k(&config, 0.0), 0.0);
        assert_eq!(
            derate_k(&config, config.dose_limit_min),
            config.dose_derate_k
        );
    }
}
