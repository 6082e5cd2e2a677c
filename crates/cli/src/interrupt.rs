//! Ctrl-C and termination: what is finished is kept.

use std::sync::Arc;

use kneadsim_search::workers::Stop;

use crate::console::complain;
use crate::exit::Exit;

/// First Ctrl-C: stop and report. Second: end at once.
pub fn listen_for_interrupts(stop: &Arc<Stop>) {
    let stop = Arc::clone(stop);
    // Fails only if a handler is there already; then that one is in charge.
    let _ = ctrlc::set_handler(move || {
        if stop.wanted() {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
        stop.now();
        complain("interrupted: keeping what is finished (again: end at once)");
    });
}
