//! What many runs say together: intervals of shares, quantiles, what matters most.

mod beta;
mod interval;
mod quantile;
mod sensitivity;

pub use interval::{Share, clopper_pearson, wilson};
pub use quantile::{histogram, quantile};
pub use sensitivity::{Sensitivity, sensitivity};
