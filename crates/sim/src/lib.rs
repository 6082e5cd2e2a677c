//! The bench: firmware against body, heater, motors and supply, in lockstep.
//!
//! What happens in one 10 ms tick, always in this order: the board samples its
//! sensors, the device steps, the board makes switch states of the outputs,
//! the plant advances, the tick's signals are recorded and checked.
//!
//! This crate opens no files, reads no clock, spawns no threads and prints
//! nothing; it does not know TOML or Bevy.

pub mod analog;
pub mod bare;
pub mod batch;
pub mod bench;
pub mod board;
pub mod check;
pub mod controller;
pub mod device;
pub mod excerpt;
pub mod fault;
pub mod formula;
pub mod limits;
pub mod noise;
pub mod oracles;
pub mod readings;
pub mod run;
pub mod scenery;
pub mod signal;
pub mod spec;
pub mod thermistor;
pub mod trace;
pub mod validate;

pub use bare::BareLoop;
pub use batch::{Abreast, run_many};
pub use bench::Bench;
pub use device::{Boot, Core, Device, DeviceLost, InProcess, Injection, Unprotected};
pub use run::{Continue, Outcome, Progress, run};
pub use spec::Spec;
