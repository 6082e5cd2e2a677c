//! Colours for values: perceptually uniform, and in order of lightness also for
//! colour-blind eyes ("inferno" of matplotlib, by the crate `colorous`).

use std::sync::LazyLock;

/// A range of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Darkest.
    pub low: f64,
    /// Lightest.
    pub high: f64,
}

impl Scale {
    /// What these values span; a little where they are all one.
    pub fn fitted(values: &[f64]) -> Scale {
        let finite = values.iter().copied().filter(|v| v.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
        if !low.is_finite() {
            return Scale {
                low: 0.0,
                high: 1.0,
            };
        }
        let least = 1e-3 * low.abs().max(high.abs()).max(1e-3);
        Scale {
            low,
            high: high.max(low + least),
        }
    }

    /// Where a value is, 0 to 1; beyond the range at its end.
    pub fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Round numbers of the range for a legend, five or so.
    pub fn marks(&self) -> Vec<f64> {
        let span = self.high - self.low;
        let rough = 10.0_f64.powf((span / 5.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * rough)
            .find(|step| span / step <= 6.0)
            .unwrap_or(10.0 * rough);
        let first = (self.low / step - 1e-9).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        (first..=last).map(|i| i as f64 * step).collect()
    }
}

/// Steps between the ends of the range: more than eight bits of a colour can show.
const STEPS: usize = 1023;

/// Colour of a share of the range, sRGB.
pub fn colour(share: f64) -> [u8; 3] {
    static COLOURS: LazyLock<Vec<[u8; 3]>> = LazyLock::new(|| {
        let share = |step: usize| step as f64 / STEPS as f64;
        // The darkest eighth is nearly black, and nothing would be seen on it.
        let of = |share: f64| colorous::INFERNO.eval_continuous(0.12 + 0.86 * share);
        let each = (0..=STEPS).map(|step| of(share(step)));
        each.map(|c| [c.r, c.g, c.b]).collect()
    });
    if share.is_nan() {
        return [128, 128, 128];
    }
    COLOURS[(share.clamp(0.0, 1.0) * STEPS as f64).round() as usize]
}
