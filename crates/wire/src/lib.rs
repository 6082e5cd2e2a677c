//! What the bench and a device under test say to each other, as bytes.
//!
//! A message ([`ToDevice`], [`FromDevice`]) is written by postcard behind a
//! sequence number, closed with a CRC-16, made free of zero bytes by COBS and
//! ended with a zero byte. [`Link`] takes such bytes as they come, in pieces of
//! any size, and gives messages; a damaged frame is counted and dropped, and the
//! next zero byte starts afresh. [`Responder`] is the device's side around the
//! firmware core. [`header`] writes the protocol for C.
//!
//! `no_std`, no allocation, no panic on any bytes. Not for: who carries the
//! bytes, time-outs and retries (the link's), physics. docs/wire.md describes
//! the protocol for those who implement it.
#![no_std]
#![forbid(unsafe_code)]

mod frame;
pub mod header;

mod link;
mod messages;
mod responder;
mod schema;

pub use frame::{FRAME_MAX, FrameError, decode, encode};
pub use link::{Event, Link};
pub use messages::{
    ABILITY_BOOT_RECORD, ABILITY_CONFIG, ABILITY_INJECT, FromDevice, Hello, Impossible, Inputs,
    Outputs, PROTOCOL, Record, Refusal, TEXT_MAX, Telemetry, ToDevice, config_hash,
};
pub use responder::Responder;
pub use schema::{Kind, Member, Schema};
