//! The device in real time: what it has not answered in time is not waited for.

use std::time::Instant;

use kneadsim_firmware::io::{Inputs, Outputs};
use kneadsim_wire::{FRAME_MAX, ToDevice};

use super::{FLOOD_BYTES, Remote, driven, flooded};
use crate::pace::{Pace, Timeliness};

impl Remote {
    /// From now on, until [`Remote::timeliness`] is asked for, in real time.
    pub fn keep_pace(&mut self) {
        self.pace = Some(Pace::new());
    }

    /// Ends real time and says how it was kept; none where it was not asked for.
    pub fn timeliness(&mut self) -> Option<Timeliness> {
        self.pace.take().map(Pace::finish)
    }

    /// One tick in real time: whatever is driven when its time is over.
    pub(super) fn keep_up(&mut self, inputs: &Inputs, mut pace: Pace) -> Result<Outputs, String> {
        let mut frame = [0; FRAME_MAX];
        let bytes = self.next(&ToDevice::Tick(inputs.into()), &mut frame)?;
        pace.ask(self.sequence);
        let done = self
            .transport
            .send(bytes)
            .map_err(|gone| gone.0)
            .and_then(|()| self.listen_until_end(&mut pace));
        if let Ok(false) = done {
            // Late: the pins stay, and nothing kicks the watchdog.
            pace.pins.watchdog_kick = false;
        }
        let pins = pace.pins;
        self.pace = Some(pace);
        done.map(|_| pins)
    }

    /// Takes answers to ticks until that to the last one is there, or the tick is
    /// over; whether any has come.
    fn listen_until_end(&mut self, pace: &mut Pace) -> Result<bool, String> {
        let mut any = false;
        let mut flood = 0;
        let end = pace.end();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let (found, count) = self.hear(left, |sequence| pace.answered(sequence))?;
            if let Some((sequence, answer)) = found {
                pace.pins = driven(answer)?;
                any = true;
                if sequence == self.sequence {
                    return Ok(true);
                }
            }
            flood += count as u64;
            if flood > FLOOD_BYTES {
                return Err(flooded(flood));
            }
            if Instant::now() >= end {
                pace.missed();
                let patience = self.patience.answer * (self.patience.retries + 1);
                if pace.silent() > patience {
                    return Err(format!("no answer within {} ms", patience.as_millis()));
                }
                return Ok(any);
            }
        }
    }
}
