//! Values of a signal at which a check certainly stays as it is.
//!
//! Most expectations compare one signal with one number and keep the worst or
//! the best instant so far. Truth and margin of such a comparison go with the
//! signal: once a value has been seen, no value on its harmless side can be
//! worse (or better) than what is kept, and the check need not look. Where
//! there is no such side (`==`, `!=`), the value seen last is the only one.

use super::Sample;
use super::program::Single;
use crate::formula::Relation;

/// Which values are no news once one has been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harmless {
    Below,
    Above,
    Itself,
}

/// The values of one signal that are no news, ends included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quiet {
    signal: u32,
    harmless: Option<Harmless>,
    low: f64,
    high: f64,
}

impl Quiet {
    /// No value is quiet: the check must see every sample.
    pub const NEVER: Quiet = Quiet {
        signal: 0,
        harmless: None,
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
    };

    /// For a check that keeps the worst instant of a comparison.
    pub fn for_worst(single: Option<&Single>) -> Quiet {
        Quiet::new(single, true)
    }

    /// For a check that keeps the best instant of a comparison, and the first at
    /// which it holds.
    pub fn for_best(single: Option<&Single>) -> Quiet {
        Quiet::new(single, false)
    }

    fn new(single: Option<&Single>, better_is_harmless: bool) -> Quiet {
        let Some(single) = single else {
            return Quiet::NEVER;
        };
        let lower_is_better = match single.relation {
            Relation::Less | Relation::LessEqual => Some(!single.negated),
            Relation::Greater | Relation::GreaterEqual => Some(single.negated),
            Relation::Equal | Relation::NotEqual => None,
        };
        let harmless = match lower_is_better {
            None => Harmless::Itself,
            Some(lower) if lower == better_is_harmless => Harmless::Below,
            Some(_) => Harmless::Above,
        };
        Quiet {
            signal: single.signal,
            harmless: Some(harmless),
            ..Quiet::NEVER
        }
    }

    /// Whether the sample is no news. What is not a number always is news.
    #[inline]
    pub fn covers(&self, sample: &Sample<'_>) -> bool {
        let value = sample.signal(self.signal as usize);
        self.low <= value && value <= self.high
    }

    /// The check has taken this sample.
    #[inline]
    pub fn take(&mut self, sample: &Sample<'_>) {
        let value = sample.signal(self.signal as usize);
        if value.is_nan() {
            return;
        }
        match self.harmless {
            None => {}
            Some(Harmless::Below) => {
                (self.low, self.high) = (f64::NEG_INFINITY, self.high.max(value))
            }
            Some(Harmless::Above) => (self.low, self.high) = (self.low.min(value), f64::INFINITY),
            Some(Harmless::Itself) => (self.low, self.high) = (value, value),
        }
    }
}
