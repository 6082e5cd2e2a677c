//! What varies from run to run, and how samples of it are drawn.
//!
//! Sample *n* of a variable is a pure function of (seed, *n*, the variable's name
//! or place): no generator is carried from one sample to the next, so any sample
//! can be made alone.

mod correlation;
mod distribution;
mod normal;
mod sampling;
mod sobol;

pub use correlation::{Correlation, Mixing, NotPossible};
pub use distribution::{Distribution, Draw};
pub use normal::{cumulative, quantile};
pub use sampling::{Sampler, Sampling};
pub use sobol::DIMENSIONS_MAX;

/// One thing that varies.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its key, as in a scenario's matrix: `product.heater.upper.power_w`.
    pub key: String,
    /// Unit of its numbers; `1` for pure numbers and for what has none.
    pub unit: String,
    /// How its values are spread.
    pub distribution: Distribution,
}
