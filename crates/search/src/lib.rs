//! Many runs: campaigns over tolerances and users, single-fault tables, tuning.
//!
//! Every run is a pure function of its number: results do not depend on the
//! number of threads, on the order in which runs finish, or on how the work was
//! cut in pieces. This crate reads no scenario text, opens no files and prints
//! nothing; where runs come from and where results go is handed in.

pub mod campaign;
pub mod faults;
pub mod measure;
pub mod optimize;
pub mod statistics;
pub mod tune;
pub mod vary;
pub mod workers;
