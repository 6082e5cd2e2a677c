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

impl What {
    /// In the same tick only the last of two counts: nobody saw what was between.
    pub fn supersedes(&self, earlier: &What) -> bool {
        match (self, earlier) {
            (What::Do(Action::Configure(_)), What::Do(Action::Configure(_))) => true,
            (What::Do(Action::Set { knob, .. }), What::Do(Action::Set { knob: other, .. })) => {
                knob == other
            }
            _ => false,
        }
    }
}

/// Something done at a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// When, ticks from the start.
    pub tick: u32,
    /// What.
    pub what: What,
}
