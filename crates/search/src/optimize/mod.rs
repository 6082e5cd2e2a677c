//! Optimisers that ask for points of the unit cube and are told what these gave.
//!
//! Pure mathematics: no run, no scenario, no clock is known here. Every optimiser
//! is a pure function of its seed and of what it was told, so one that is made
//! again and told the same again asks for the same points, to the bit.
//!
//! - [`CmaEs`]: one objective. N. Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772.
//! - [`Nsga2`]: several. K. Deb et al., IEEE Trans. Evol. Comput. 6 (2002) 182-197; where a run is
//!   dear, offspring are screened by [`Kriging`] models before they are asked for.

mod cma_es;
mod dominance;
mod draws;
mod eigen;
mod hypervolume;
mod kriging;
mod nsga2;
mod recommend;

pub use cma_es::CmaEs;
pub use dominance::{crowding, dominates, fronts};
pub use eigen::Eigen;
pub use hypervolume::hypervolume;
pub use kriging::{Kriging, Prediction};
pub use nsga2::Nsga2;
pub use recommend::{knee, pick};

/// What one point of the unit cube gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Coordinates, each in [0, 1].
    pub point: Vec<f64>,
    /// All minimised, finite, each in its own unit.
    pub objectives: Vec<f64>,
    /// 0 when every constraint holds, else how much is missing, > 0.
    pub violation: f64,
    /// True when it was stopped early: objectives and violation are of a part of the cases.
    pub partial: bool,
}

/// Asks for points and is told what they gave.
pub trait Optimizer: Send {
    /// The next generation, never empty, each point in [0, 1]^n. Asked again
    /// before it was told, it gives the same generation.
    fn ask(&mut self) -> Vec<Vec<f64>>;

    /// What the generation gave: exactly the points asked for, in their order.
    ///
    /// # Panics
    /// With other points, or with a number that is not finite.
    fn tell(&mut self, evaluations: &[Evaluation]);
}

/// Holds [`Optimizer::tell`] to its contract.
fn assert_told(asked: &[Vec<f64>], told: &[Evaluation], objectives: usize) {
    assert_eq!(asked.len(), told.len(), "told of another number of points");
    for (point, evaluation) in asked.iter().zip(told) {
        assert_eq!(*point, evaluation.point, "told of another point");
        assert_eq!(evaluation.objectives.len(), objectives, "objectives");
        assert!(
            evaluation.objectives.iter().all(|o| o.is_finite())
                && evaluation.violation.is_finite()
                && evaluation.violation >= 0.0,
            "not finite: {evaluation:?}"
        );
    }
}
