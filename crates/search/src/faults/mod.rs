//! The single-fault table: every fault, in every state, at several instants.
//!
//! What a row is, what is demanded of it, and what stands between the fault and
//! a burn: `docs/single-faults.md`. Everything here is a pure function of the
//! base and of a row's number; threads, text and files are the caller's.

pub mod barriers;
pub mod cases;
pub mod course;
pub mod demand;
pub mod row;
pub mod script;
pub mod summary;

pub use barriers::Barriers;
pub use cases::{Base, Case, Latent, NotApplicable, Wanted, cases};
pub use course::{Course, Detection};
pub use row::{Beginnings, Plan, Row, Verdict};
pub use script::{Script, State};
