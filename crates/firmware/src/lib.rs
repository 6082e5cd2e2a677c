//! The control core of a heated massager (work in progress).
#![no_std]
#![forbid(unsafe_code)]
pub mod io;
