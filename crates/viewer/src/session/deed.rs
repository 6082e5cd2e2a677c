//! What somebody did by hand while it ran.

use kneadsim_sim::fault::FaultSpec;
use kneadsim_sim::spec::Action;

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A button, a condition, a configuration.
    Do(Action),
    /// A fault, from then on.
    Break(FaultSpec),
}

/// Something done at a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// When, ticks from the start.
    pub tick: u32,
    /// What.
    pub what: What,
}
