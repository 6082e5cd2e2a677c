//! What is tuned, and the unit interval that an optimiser sees of it.

/// How a parameter's range is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences are equal steps.
    Linear,
    /// Equal ratios are equal steps.
    Log,
}

impl Scale {
    /// All.
    pub const ALL: [Scale; 2] = [Scale::Linear, Scale::Log];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Scale::Linear => "linear",
            Scale::Log => "log",
        }
    }
}

/// A parameter that is tuned.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Path in a scenario, `firmware.kp_per_k`.
    pub key: String,
    /// Its unit.
    pub unit: String,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// How the range is measured.
    pub scale: Scale,
    /// Only whole numbers.
    pub whole: bool,
}

/// Digits that a value keeps: what is written into a file is what was run.
const DIGITS: i32 = 4;

impl Parameter {
    /// The value at a place of the unit interval, to four significant digits.
    pub fn value(&self, place: f64) -> f64 {
        let place = place.clamp(0.0, 1.0);
        let value = match self.scale {
            Scale::Linear => self.min + (self.max - self.min) * place,
            Scale::Log => {
                let (low, high) = (libm::log(self.min), libm::log(self.max));
                libm::exp(low + (high - low) * place)
            }
        };
        let value = if self.whole {
            value.round()
        } else {
            rounded(value)
        };
        value.clamp(self.min, self.max)
    }

    /// The place of a value, within the range.
    pub fn place(&self, value: f64) -> f64 {
        let value = value.clamp(self.min, self.max);
        let place = match self.scale {
            Scale::Linear => (value - self.min) / (self.max - self.min),
            Scale::Log => {
                let low = libm::log(self.min);
                (libm::log(value) - low) / (libm::log(self.max) - low)
            }
        };
        place.clamp(0.0, 1.0)
    }
}

/// To [`DIGITS`] significant digits, by way of text: the same on any machine, and the
/// shortest number that reads back as itself.
fn rounded(value: f64) -> f64 {
    let text = format!("{value:.*e}", DIGITS as usize - 1);
    text.parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(scale: Scale, whole: bool) -> Parameter {
        Parameter {
            key: "firmware.kp_per_k".into(),
            unit: "1/K".into(),
            min: 0.01,
            max: 10.0,
            scale,
            whole,
        }
    }

    #[test]
    fn values_have_four_digits_and_stay_in_the_range() {
        let log = parameter(Scale::Log, false);
        // 0.01 * 1000^0.5
        assert_eq!(log.value(0.5), 0.3162);
        assert_eq!(log.value(-1.0), 0.01);
        assert_eq!(log.value(2.0), 10.0);
        let linear = parameter(Scale::Linear, false);
        assert_eq!(linear.value(0.123_456_789), 1.243);
        assert_eq!(parameter(Scale::Linear, true).value(0.3), 3.0);
    }

    #[test]
    fn a_value_and_its_place_go_together() {
        for scale in Scale::ALL {
            let p = parameter(scale, false);
            for value in [0.01, 0.0123, 0.5, 9.999, 10.0] {
                assert_eq!(p.value(p.place(value)), value, "{scale:?}");
            }
        }
    }
}
