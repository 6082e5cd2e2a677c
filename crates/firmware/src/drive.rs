//! What is driven: the part of the outputs that has consequences.

use crate::io::{MOTORS, ZONES};

/// Heater and motor drive of one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drive {
    /// Zone duties, 0 to full.
    pub(crate) heater_duty: [u16; ZONES],
    /// Series relay.
    pub(crate) relay_closed: bool,
    /// Motor duties with sign.
    pub(crate) motor_duty: [i16; MOTORS],
}

impl Drive {
    /// Everything off, relay open.
    pub(crate) const NONE: Self = Self {
        heater_duty: [0; ZONES],
        relay_closed: false,
        motor_duty: [0; MOTORS],
    };

    /// Whether the heater rail can carry current by this drive.
    pub(crate) fn heats(&self) -> bool {
        self.relay_closed && self.heater_duty.iter().any(|duty| *duty > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rail_heats_only_with_relay_and_duty() {
        for (relay_closed, heater_duty, heats) in [
            (false, [0, 0], false),
            (false, [1, 1], false),
            (true, [0, 0], false),
            (true, [1, 0], true),
            (true, [0, 1], true),
        ] {
            let drive = Drive {
                heater_duty,
                relay_closed,
                ..Drive::NONE
            };
            assert_eq!(drive.heats(), heats, "{drive:?}");
        }
    }
}
