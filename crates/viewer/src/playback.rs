//! How much of simulated time goes by in a stretch of the user's.

use kneadsim_sim::spec::TICKS_PER_S;

/// Speeds that a key steps through, times real time.
pub const SPEEDS: [f64; 9] = [0.1, 0.5, 1.0, 2.0, 10.0, 30.0, 100.0, 300.0, 1000.0];

/// Play, pause and speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playback {
    /// Time goes on.
    pub is_playing: bool,
    /// Times real time, 0.1 to 1000.
    pub speed: f64,
    /// Ticks that are due and not whole yet.
    carried: f64,
}

impl Default for Playback {
    fn default() -> Self {
        Playback {
            is_playing: false,
            speed: 10.0,
            carried: 0.0,
        }
    }
}

impl Playback {
    /// Ticks that are due after so many seconds of the user's time. What is less than
    /// a tick is carried on, so that no speed drifts.
    pub fn due_ticks(&mut self, real_s: f64) -> u32 {
        if !self.is_playing {
            self.carried = 0.0;
            return 0;
        }
        self.carried += real_s.max(0.0) * self.speed * f64::from(TICKS_PER_S);
        let whole = self.carried.floor();
        self.carried -= whole;
        whole as u32
    }

    /// How much of the next tick has gone by, 0 to 1.
    pub fn share_of_tick(&self) -> f64 {
        self.carried
    }

    /// The next faster speed.
    pub fn faster(&mut self) {
        let next = SPEEDS.into_iter().find(|s| *s > self.speed);
        self.speed = next.unwrap_or(self.speed);
    }

    /// The next slower speed.
    pub fn slower(&mut self) {
        let next = SPEEDS.into_iter().rev().find(|s| *s < self.speed);
        self.speed = next.unwrap_or(self.speed);
    }
}
