//! Winding temperature from current: two thermal nodes, as the motor has.
//!
//! A sensor on the case cannot see a blocked rotor (120 degC winding at a case
//! of 26 degC), so the winding is computed. Constants are those of an RS-555
//! class motor: 4 K/W winding to housing, 8 K/W housing to ambient, 8 and
//! 92 J/K (estimates, to be replaced by a warm-up measurement).

use crate::numbers::limit;

/// Thermal and electrical constants of one motor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MotorThermal {
    /// Winding resistance at 25 degC, ohm.
    pub(crate) resistance_ohm: f32,
    /// Winding to housing, W/K.
    pub(crate) winding_housing_w_per_k: f32,
    /// Housing to ambient, W/K.
    pub(crate) housing_ambient_w_per_k: f32,
    /// Winding, K/J.
    pub(crate) winding_k_per_j: f32,
    /// Housing, K/J.
    pub(crate) housing_k_per_j: f32,
    /// Share of the shaft's power that friction of bearings and gear turns into heat of the housing.
    pub(crate) friction_share: f32,
}

/// Copper, per kelvin of the 25 degC value.
const COPPER_PER_K: f32 = 0.003_93;

/// Both nodes, degC.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Winding {
    /// The copper.
    pub(crate) winding_c: f32,
    /// The housing.
    pub(crate) housing_c: f32,
}

impl Winding {
    /// Both nodes at one temperature.
    pub(crate) const fn at(t_c: f32) -> Self {
        Self {
            winding_c: t_c,
            housing_c: t_c,
        }
    }

    /// One tick with the given current and voltage over the winding's terminals.
    /// What the copper does not take is shaft power, and a gear gives a good
    /// part of it to the housing: a worn one cooks the motor at a current that
    /// the copper alone would stand. The step is far below the fastest
    /// time constant (29 s against at most 0.1 s), so explicit Euler holds.
    pub(crate) fn update(
        &mut self,
        motor: &MotorThermal,
        current_a: f32,
        terminal_v: f32,
        ambient_c: f32,
        dt_s: f32,
    ) {
        let ohm = motor.resistance_ohm * (1.0 + COPPER_PER_K * (self.winding_c - 25.0));
        let heat_w = current_a * current_a * ohm;
        let shaft_w = limit(terminal_v * current_a - heat_w, 0.0, 100.0);
        let to_housing_w = (self.winding_c - self.housing_c) * motor.winding_housing_w_per_k;
        let to_ambient_w = (self.housing_c - ambient_c) * motor.housing_ambient_w_per_k;
        let winding_c = self.winding_c + dt_s * (heat_w - to_housing_w) * motor.winding_k_per_j;
        let housing_c = self.housing_c
            + dt_s
                * (to_housing_w + motor.friction_share * shaft_w - to_ambient_w)
                * motor.housing_k_per_j;
        self.winding_c = limit(winding_c, -50.0, 320.0);
        self.housing_c = limit(housing_c, -50.0, 320.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_rotor_at_12_v_reaches_120_degc_in_9_6_s() {
        let motor = MotorThermal {
            resistance_ohm: 12.0 / 9.2,
            winding_housing_w_per_k: 1.0 / 4.0,
            housing_ambient_w_per_k: 1.0 / 8.0,
            winding_k_per_j: 1.0 / 8.0,
            housing_k_per_j: 1.0 / 92.0,
            friction_share: 0.6,
        };
        let mut winding = Winding::at(25.0);
        let mut t_s = 0.0f32;
        while winding.winding_c < 120.0 {
            let ohm = motor.resistance_ohm * (1.0 + COPPER_PER_K * (winding.winding_c - 25.0));
            winding.update(&motor, 12.0 / ohm, 12.0, 25.0, 0.01);
            t_s += 0.01;
        }
        assert!((t_s - 9.602).abs() < 0.096, "{t_s}");
        assert!((winding.housing_c - 26.0).abs() < 3.0);
    }

    #[test]
    fn friction_of_a_worn_gear_warms_winding_and_housing_beyond_the_copper_loss() {
        let motor = |friction_share| MotorThermal {
            resistance_ohm: 12.0 / 9.2,
            winding_housing_w_per_k: 1.0 / 4.0,
            housing_ambient_w_per_k: 1.0 / 8.0,
            winding_k_per_j: 1.0 / 8.0,
            housing_k_per_j: 1.0 / 92.0,
            friction_share,
        };
        let after_half_an_hour_c = |friction_share| {
            let mut winding = Winding::at(40.0);
            for _ in 0..180_000 {
                winding.update(&motor(friction_share), 2.0, 6.5, 40.0, 0.01);
            }
            winding.winding_c
        };
        // 2 A at 6.5 V: 6.5 W of shaft power, 3.9 W of it over 8 K/W for 2.2 time constants.
        let more_k = after_half_an_hour_c(0.6) - after_half_an_hour_c(0.0);
        assert!((15.0..32.0).contains(&more_k), "{more_k}");
    }
}
