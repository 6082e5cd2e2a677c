//! HPSM-1: a fixed workload (heated pad, skin, motor) to compare the speed of simulators.
//!
//! A heated film under a cover on four layers of tissue, a thermistor, a heater
//! controller at 10 Hz, a motor with its speed controller at 100 Hz, and thermal
//! dose at the basal layer, for 30 minutes. The workload has programs in C and
//! Python and golden values of a reference integration; `tests/hpsm/` runs them
//! beside this one.
//!
//! Two ways to compute it:
//!
//! - [`Batch`]: "scheme F", the fixed steps that all programs share (explicit
//!   10 ms for the heat, semi-implicit 1 ms for the motor), over `L` sessions in
//!   lock-step, on any vector instructions, with the same bits on all of them
//!   and for every `L`.
//! - [`PlantSession`]: the plant's own solvers (implicit lattice, dose, motor), as
//!   the product runs on them: what the workload calls class A.
//!
//! Stacks of layers, laws of dose, exponential and choice of vector
//! instructions are the plant's in both; the time steps of scheme F and the
//! controllers are the workload's own. Not for verdicts.

#![expect(
    clippy::needless_range_loop,
    reason = "a loop over lanes touches several arrays at the same lane"
)]

pub mod batch;
pub mod column;
pub mod conduction;
pub mod heater_control;
pub mod motor;
pub mod motor_control;
pub mod plant_way;
pub mod workload;

pub use batch::Batch;
pub use plant_way::PlantSession;
pub use workload::{Outputs, TICKS, Variation};
