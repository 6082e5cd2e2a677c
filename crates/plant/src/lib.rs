//! The physical massager and the body on it: bioheat field, heater, motors, supply.
//!
//! For: true temperatures, doses, currents and speeds, in f64 and SI. Not for:
//! what a controller sees of them (ADC counts, noise) or decides; this crate
//! knows no firmware and no scenario.
mod aligned;
pub mod batch;
pub mod body;
pub mod build;
pub mod bus;
pub mod circuit;
pub mod conditions;
pub mod cutout;
pub mod density;
pub mod dose;
pub mod exponential;
pub mod field;
pub mod heater;
pub mod kneading;
pub mod knob;
mod lanes;
pub mod ledger;
pub mod motor;
pub mod oracles;
pub mod plant;
pub mod stack;
pub mod supply;
pub mod tissue;
pub mod validate;
pub mod vector;
pub use batch::{Batch, Seat, Seated};
pub use body::{Profile, Site};
pub use build::*;
pub use circuit::Electrical;
pub use conditions::*;
pub use dose::{ArrheniusSet, Dose};
pub use field::{Field, FieldLedger, FieldStats, Loads};
pub use knob::Knob;
pub use ledger::{EnergyBalance, Ledger};
pub use motor::MotorState;
pub use oracles::{OracleRow, Tolerance};
pub use plant::Plant;
pub use validate::{BuildError, BuildProblem};
pub use vector::Vectors;
