//! What a trace notes beside its rows: kept as data, put into words at the end.
//!
//! So that noting allocates nothing while a run goes on.

use std::fmt;

use kneadsim_firmware::Status;
use kneadsim_plant::Knob;

use crate::fault::FaultKind;
use crate::spec::{Action, Button, TICKS_PER_S};

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Remark {
    /// A button went down.
    Pressed(Button),
    /// A condition is on its way to a value, over so many ticks (0: at once).
    Set {
        /// Which.
        knob: Knob,
        /// Final value, in the knob's unit.
        value: f64,
        /// Ramp, ticks.
        over_ticks: u32,
    },
    /// The firmware got a new configuration.
    Configured,
    /// A fault came or went.
    Fault {
        /// Kind.
        kind: FaultKind,
        /// Index into the kind's targets.
        target: u8,
        /// It came.
        begins: bool,
    },
    /// The device is lost: from here on the board is without a chip that answers.
    DeviceLost,
    /// The firmware reports another mode or fault.
    Status(Status),
    /// This many remarks were not kept.
    LeftOut(u32),
}

impl From<&Action> for Remark {
    fn from(action: &Action) -> Self {
        match *action {
            Action::Press { button, .. } => Remark::Pressed(button),
            Action::Set {
                knob,
                value,
                over_ticks,
            } => Remark::Set {
                knob,
                value,
                over_ticks,
            },
            Action::Configure(_) => Remark::Configured,
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Remark::Pressed(button) => write!(f, "button {} pressed", button.name()),
            Remark::Set {
                knob,
                value,
                over_ticks: 0,
            } => write!(f, "{} set to {value} {}", knob.name(), knob.unit()),
            Remark::Set {
                knob,
                value,
                over_ticks,
            } => write!(
                f,
                "{} goes to {value} {} over {} s",
                knob.name(),
                knob.unit(),
                f64::from(over_ticks) / f64::from(TICKS_PER_S)
            ),
            Remark::Configured => write!(f, "firmware reconfigured"),
            Remark::DeviceLost => write!(f, "device lost"),
            Remark::Fault {
                kind,
                target,
                begins,
            } => {
                let targets = kind.row().targets.names();
                let target = targets
                    .get(usize::from(target))
                    .copied()
                    .unwrap_or("product");
                let edge = if begins { "begins" } else { "ends" };
                write!(f, "fault {} on {target} {edge}", kind.name())
            }
            Remark::Status(status) => {
                write!(
                    f,
                    "mode {}, fault {}",
                    status.mode.name(),
                    status.fault.name()
                )
            }
            Remark::LeftOut(count) => write!(f, "{count} more notes left out"),
        }
    }
}
