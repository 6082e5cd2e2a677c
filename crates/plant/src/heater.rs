//! The heater zones as the supply sees them: a conductance each.
//!
//! Not for: where the power lands on the film; uneven density, folds and the
//! neighbourhood of a crack are the field's.

use crate::build::Heater;

/// Temperature at which nominal power is given, degC.
const REFERENCE_C: f64 = 25.0;
/// Least share of a film's length that carries current however much is
/// shorted: the bus bars' own resistance. Estimate.
const LEAST_LENGTH: f64 = 0.02;
/// Least of the temperature factor: no film loses its resistance.
const LEAST_TEMPCO_FACTOR: f64 = 0.1;

/// Conductance of a zone that is fully switched on, S.
///
/// `crack` is the share of the film's width that is cut, `short` the share of
/// its length that is bridged, both 0 to 1; values beyond are limited.
#[must_use]
pub fn conductance_s(heater: &Heater, film_c: f64, crack: f64, short: f64) -> f64 {
    let nominal_s = heater.power_w / (heater.nominal_v * heater.nominal_v);
    let tempco = (1.0 + heater.tempco_per_k * (film_c - REFERENCE_C)).max(LEAST_TEMPCO_FACTOR);
    let width = 1.0 - crack.clamp(0.0, 1.0);
    let length = (1.0 - short.clamp(0.0, 1.0)).max(LEAST_LENGTH);
    nominal_s * width / (heater.resistance_factor * tempco * length)
}

/// What a zone's conductance depends on while it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Film {
    /// Mean temperature, degC.
    pub film_c: f64,
    /// Share of the width that is cut.
    pub crack: f64,
    /// Share of the length that is bridged.
    pub short: f64,
}

/// A zone's conductance, worked out anew only when its film has changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct ZoneConductance {
    known: Option<(Film, f64)>,
}

impl ZoneConductance {
    /// See [`conductance_s`].
    #[inline]
    pub fn conductance_s(&mut self, heater: &Heater, film: Film) -> f64 {
        match self.known {
            Some((known, siemens)) if known == film => siemens,
            Some(_) | None => {
                let siemens = conductance_s(heater, film.film_c, film.crack, film.short);
                self.known = Some((film, siemens));
                siemens
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Build;

    #[test]
    fn a_zone_draws_what_its_resistance_says() {
        let nominal = Build::default().heaters[0];
        let warm = Heater {
            tempco_per_k: 0.002,
            ..nominal
        };
        let weak = Heater {
            resistance_factor: 1.1,
            ..nominal
        };
        let rows = [
            ("nominal", nominal, 45.0, 0.0, 0.0, 12.0),
            ("ten per cent more ohms", weak, 45.0, 0.0, 0.0, 12.0 / 1.1),
            ("cold PTC film", warm, 25.0, 0.0, 0.0, 12.0),
            ("warm PTC film", warm, 75.0, 0.0, 0.0, 12.0 / 1.1),
            ("a quarter cut", nominal, 45.0, 0.25, 0.0, 9.0),
            ("cut through", nominal, 45.0, 1.0, 0.0, 0.0),
            ("a fifth shorted", nominal, 45.0, 0.0, 0.2, 15.0),
            ("all shorted", nominal, 45.0, 0.0, 1.0, 600.0),
        ];
        for (name, heater, film_c, crack, short, expected_w) in rows {
            let power_w = 144.0 * conductance_s(&heater, film_c, crack, short);
            assert!((power_w - expected_w).abs() < 1e-9, "{name}: {power_w}");
        }
    }
}
