//! Tuning: which values of some parameters serve best, over scenarios and sampled
//! tolerances, with every expectation as a constraint.
//!
//! A session is one run of one scenario with one sample. All candidates get the same
//! samples in the same order (common random numbers), so that they are compared pair
//! by pair, and a race ends early for those that have no hope. What is asked and what
//! is kept are functions of the problem and of the trials alone: threads, stops and
//! new starts change nothing.

mod candidate;
mod objective;
mod parameter;
mod problem;
mod race;
mod trial;

pub use candidate::{Candidate, Totals};
pub use objective::{Goal, Objective, Over, Quantity, Take};
pub use parameter::{Parameter, Scale};
pub use problem::{Algorithm, Problem, Required};
pub use race::{Ended, Runs, Session, search};
pub use trial::{NEARNESS_MAX_K, Trial, expectations, run_trial};
