//! The viewer: see the heat of a run, live or recorded.
//!
//! No physics and no control law is here: every number that is drawn comes from the
//! bench or from a trace. What is shown is worked out by plain functions; Bevy draws it.

pub mod app;
pub mod heat;
pub mod limits;
pub mod open;
mod panels;
pub mod picker;
pub mod playback;
pub mod plots;
pub mod scene;
pub mod session;
pub mod user;
pub mod video;
pub mod view;
