//! Everything that a user sees and moves, without a window: what is shown, how time
//! goes by, the second run behind the first.

use std::path::Path;
use std::time::{Duration, Instant};

use bevy::prelude::Resource;
use kneadsim_sim::spec::TICKS_PER_S;

use crate::heat::Layer;
use crate::open::{Live, Shown, open};
use crate::playback::Playback;
use crate::session::{Record, Session, What, scenario};

/// Ticks between two looks at the clock while catching up.
const STRIDE_TICKS: u32 = 50;

/// A second run or a recorded trace behind the first.
#[derive(Clone, Debug)]
pub enum Ghost {
    /// A run that goes on beside the first.
    Live(Box<Session>),
    /// A trace.
    Recorded(Record),
}

impl Ghost {
    /// What it was over time.
    pub fn record(&self) -> &Record {
        match self {
            Ghost::Live(session) => session.record(),
            Ghost::Recorded(record) => record,
        }
    }
}

/// The whole view.
#[derive(Clone, Debug, Resource)]
pub struct View {
    /// What is looked at.
    pub shown: Shown,
    /// Play, pause, speed.
    pub playback: Playback,
    /// Layer of the field that is drawn.
    pub layer: Layer,
    /// Its range is fitted to what is there, else fixed.
    pub is_fitted: bool,
    /// Where the cut through the layers is, shares of the pad's width and height.
    pub cursor: [f64; 2],
    /// Behind it.
    pub ghost: Option<Ghost>,
    /// What was last said to the user.
    pub message: String,
    /// The help is open.
    pub is_helping: bool,
    /// Simulated over real time, lately.
    pub real_time_factor: f64,
}

impl View {
    /// Of a file.
    pub fn open(path: &Path, case: Option<&str>) -> View {
        View::of(open(path, case))
    }

    /// Of something opened.
    pub fn of(shown: Shown) -> View {
        View {
            shown,
            playback: Playback::default(),
            layer: Layer::default(),
            is_fitted: false,
            cursor: [0.35, 0.77],
            ghost: None,
            message: String::new(),
            is_helping: false,
            real_time_factor: 0.0,
        }
    }

    /// The run, where one is live.
    pub fn live(&self) -> Option<&Live> {
        match &self.shown {
            Shown::Live(live) => Some(live),
            Shown::Recorded(_) | Shown::Broken(_) => None,
        }
    }

    /// Now, ticks.
    pub fn tick(&self) -> u32 {
        match &self.shown {
            Shown::Live(live) => live.session.tick(),
            Shown::Recorded(recorded) => recorded.tick,
            Shown::Broken(_) => 0,
        }
    }

    /// The end, ticks.
    pub fn last_tick(&self) -> u32 {
        match &self.shown {
            Shown::Live(live) => live.session.duration_ticks(),
            Shown::Recorded(recorded) => recorded.record.last_tick(),
            Shown::Broken(_) => 0,
        }
    }

    /// What was seen over time.
    pub fn record(&self) -> Option<&Record> {
        match &self.shown {
            Shown::Live(live) => Some(live.session.record()),
            Shown::Recorded(recorded) => Some(&recorded.record),
            Shown::Broken(_) => None,
        }
    }

    /// Goes to a tick, back or on; the second run goes along.
    pub fn go_to(&mut self, tick: u32) {
        match &mut self.shown {
            Shown::Live(live) => live.session.go_to(tick),
            Shown::Recorded(recorded) => recorded.tick = tick.min(recorded.record.last_tick()),
            Shown::Broken(_) => {}
        }
        if let Some(Ghost::Live(session)) = &mut self.ghost {
            session.go_to(tick);
        }
    }

    /// One tick on.
    pub fn step(&mut self) {
        self.playback.is_playing = false;
        self.go_to(self.tick().saturating_add(1));
    }

    /// Lets time go by: what is due at this speed, or what can be done within `most`
    /// of the user's time. Gives the ticks that were done.
    pub fn advance(&mut self, real_s: f64, most: Duration) -> u32 {
        let due = self.playback.due_ticks(real_s);
        let (began, first) = (Instant::now(), self.tick());
        let until = first.saturating_add(due).min(self.last_tick());
        while self.tick() < until && began.elapsed() < most {
            let before = self.tick();
            self.go_to((before + STRIDE_TICKS).min(until));
            if self.tick() == before {
                break;
            }
        }
        if self.tick() >= self.last_tick() {
            self.playback.is_playing = false;
        }
        let done = self.tick() - first;
        if real_s > 0.0 {
            let now = f64::from(done) / f64::from(TICKS_PER_S) / real_s;
            // A second's worth of frames, roughly.
            self.real_time_factor += 0.1 * (now - self.real_time_factor);
        }
        done
    }

    /// Does something to the run now, and says so.
    pub fn act(&mut self, what: What) {
        let words = words(&what);
        let Shown::Live(live) = &mut self.shown else {
            self.message = "a recording cannot be changed".to_owned();
            return;
        };
        self.message = match live.session.act(what) {
            Ok(()) => words,
            Err(why) => format!("{words}: {why}"),
        };
    }

    /// Puts a scenario's run or a trace behind the first.
    ///
    /// # Errors
    /// What is wrong with the file, one line each.
    pub fn put_behind(&mut self, path: &Path) -> Result<(), Vec<String>> {
        self.ghost = Some(match open(path, None) {
            Shown::Live(live) => {
                let mut session = live.session;
                session.go_to(self.tick());
                Ghost::Live(Box::new(session))
            }
            Shown::Recorded(recorded) => Ghost::Recorded(recorded.record),
            Shown::Broken(lines) => return Err(lines),
        });
        Ok(())
    }

    /// From here on there are two runs: as it goes on, behind, and what is changed, in front.
    pub fn fork(&mut self) {
        if let Shown::Live(live) = &self.shown {
            self.ghost = Some(Ghost::Live(Box::new(live.session.clone())));
            self.message = format!("forked at {}", clock(live.session.tick()));
        }
    }

    /// Writes the session as a scenario beside the working directory's other files.
    pub fn save_scenario(&mut self) {
        let Some(text) = self.saved() else { return };
        self.message = write("session", &text, "kneadsim run");
    }

    /// Writes the parameters as a firmware file.
    pub fn save_parameters(&mut self) {
        let Some(live) = self.live() else { return };
        let text = kneadsim_scenario::firmware_text(live.session.firmware());
        self.message = write("parameters", &text, "kneadsim run scenarios --firmware");
    }

    /// The session as a scenario file.
    pub fn saved(&self) -> Option<String> {
        self.live().map(|live| scenario(&live.case, &live.session))
    }
}

/// Writes a file that is not there yet, and says how to use it.
fn write(name: &str, text: &str, command: &str) -> String {
    for number in 1..1_000 {
        let path = format!("{name}-{number}.toml");
        let made = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path);
        match made {
            Ok(mut file) => {
                return match std::io::Write::write_all(&mut file, text.as_bytes()) {
                    Ok(()) => format!("{command} {path}"),
                    Err(error) => format!("{path}: {error}"),
                };
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return format!("{path}: {error}"),
        }
    }
    format!("{name}-1.toml to {name}-999.toml are there already")
}

/// What was done, in words.
fn words(what: &What) -> String {
    use kneadsim_sim::spec::Action;
    match what {
        What::Do(Action::Press { button, .. }) => format!("pressed {}", button.name()),
        What::Do(Action::Set { knob, value, .. }) => {
            format!("{} to {value} {}", knob.name(), knob.unit())
        }
        What::Do(Action::Configure(_)) => "configured the firmware".to_owned(),
        What::Break(fault) => {
            let row = fault.kind.row();
            let target = row.targets.names();
            let target = target.get(usize::from(fault.target)).copied();
            format!("{} {}", fault.kind.name(), target.unwrap_or_default())
        }
    }
}

/// Minutes and seconds.
pub fn clock(tick: u32) -> String {
    let s = f64::from(tick) / f64::from(TICKS_PER_S);
    format!("{}:{:05.2}", (s / 60.0) as u32, s % 60.0)
}
