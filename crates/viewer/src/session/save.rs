//! A session as a scenario file.

use kneadsim_scenario::Case;
use kneadsim_sim::spec::Event;

use super::{Session, What};

/// The case with everything that was done by hand: `kneadsim run` repeats the session
/// with the same digest.
pub fn scenario(case: &Case, session: &Session) -> String {
    let mut events = Vec::new();
    let mut faults = Vec::new();
    for deed in session.deeds() {
        match &deed.what {
            What::Do(action) => events.push(Event {
                at_tick: deed.tick,
                action: action.clone(),
            }),
            What::Break(fault) => faults.push(*fault),
        }
    }
    case.text_with(&events, &faults)
}
