//! Everything that a user sees and moves, without a window: what is shown, how time
//! goes by, the second run behind the first.

use std::path::Path;
use std::time::{Duration, Instant};

use bevy::prelude::Resource;
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::TICKS_PER_S;

use crate::heat::Layer;
use crate::open::{Live, Shown, open};
use crate::picker::{Choice, Picker};
use crate::playback::Playback;
use crate::plots::Pages;
use crate::session::{ROW_TICKS, Record, Session, What, scenario};
use crate::user;

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
    /// Plots show what the first is less what the second is.
    pub is_difference: bool,
    /// Which page of each plot is shown.
    pub pages: Pages,
    /// Where another file is chosen.
    pub picker: Picker,
    /// What was last said to the user.
    pub message: String,
    /// The help is open.
    pub is_helping: bool,
    /// Simulated over real time, lately.
    pub real_time_factor: f64,
    /// How often something was opened: what is drawn of another pad is made anew.
    pub opened: u32,
    /// While time goes by: the kneading angle one tick ago, deg.
    angle_before_deg: Option<f64>,
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
            is_difference: false,
            pages: Pages::default(),
            picker: Picker::default(),
            message: String::new(),
            is_helping: false,
            real_time_factor: 0.0,
            opened: 1,
            angle_before_deg: None,
        }
    }

    /// Opens another file in its place.
    pub fn open_instead(&mut self, path: &Path, case: Option<&str>) {
        self.show_instead(open(path, case));
        self.playback.is_playing = false;
        self.ghost = None;
        self.message.clear();
    }

    fn show_instead(&mut self, shown: Shown) {
        self.shown = shown;
        self.opened += 1;
        self.angle_before_deg = None;
    }

    /// Opens the choice of files: at the scenarios, where there are some.
    pub fn open_picker(&mut self) {
        let scenarios = Path::new("scenarios");
        let folder = if scenarios.is_dir() {
            scenarios
        } else {
            Path::new(".")
        };
        self.picker.open(folder);
    }

    /// Takes what was chosen.
    pub fn choose(&mut self, choice: &Choice) {
        if self.picker.is_behind {
            if let Err(lines) = self.put_behind_case(&choice.path, choice.case.as_deref()) {
                self.message = lines.join("\n");
            }
        } else {
            self.open_instead(&choice.path, choice.case.as_deref());
        }
        self.picker.is_open = false;
    }

    /// Another user from the start on, at the same time, with the same done by hand.
    pub fn change_user(&mut self, path: &str, name: &str) {
        let Shown::Live(live) = &self.shown else {
            return;
        };
        let other = user::with(&live.case, path, name).and_then(|case| {
            let session = live.session.again(&case.spec).map_err(|why| vec![why])?;
            Ok(Live { case, session })
        });
        match other {
            Ok(live) => {
                self.show_instead(Shown::Live(Box::new(live)));
                self.message = format!("{path} = {name} from the start");
            }
            Err(lines) => self.message = lines.join("\n"),
        }
    }

    /// The kneading gear's angle to be drawn, deg: while time goes by slowly, between ticks.
    pub fn kneading_angle_deg(&self) -> Option<f64> {
        let now_deg = self.angle_now_deg()?;
        let before_deg = self.angle_before_deg.filter(|_| self.playback.is_playing);
        Some(before_deg.map_or(now_deg, |before_deg| {
            between_angles(before_deg, now_deg, self.playback.share_of_tick())
        }))
    }

    fn angle_now_deg(&self) -> Option<f64> {
        let bench = self.live()?.session.bench();
        let conditions = bench.conditions();
        // Parked nodes stand still while the motor turns.
        Some(if conditions.nodes_parked >= 0.5 {
            conditions.parked_angle_rad.to_degrees()
        } else {
            bench.signals()[Signal::KneadingAngle as usize]
        })
    }

    /// The run, where one is live.
    pub fn live(&self) -> Option<&Live> {
        match &self.shown {
            Shown::Live(live) => Some(live),
            Shown::Nothing | Shown::Recorded(_) | Shown::Broken(_) => None,
        }
    }

    /// Now, ticks.
    pub fn tick(&self) -> u32 {
        match &self.shown {
            Shown::Live(live) => live.session.tick(),
            Shown::Recorded(recorded) => recorded.tick,
            Shown::Nothing | Shown::Broken(_) => 0,
        }
    }

    /// The end, ticks.
    pub fn last_tick(&self) -> u32 {
        match &self.shown {
            Shown::Live(live) => live.session.duration_ticks(),
            Shown::Recorded(recorded) => recorded.record.last_tick(),
            Shown::Nothing | Shown::Broken(_) => 0,
        }
    }

    /// What was seen over time.
    pub fn record(&self) -> Option<&Record> {
        match &self.shown {
            Shown::Live(live) => Some(live.session.record()),
            Shown::Recorded(recorded) => Some(&recorded.record),
            Shown::Nothing | Shown::Broken(_) => None,
        }
    }

    /// Goes to a tick, back or on; the second run goes along.
    pub fn go_to(&mut self, tick: u32) {
        self.angle_before_deg = None;
        match &mut self.shown {
            Shown::Live(live) => live.session.go_to(tick),
            Shown::Recorded(recorded) => recorded.tick = tick.min(recorded.record.last_tick()),
            Shown::Nothing | Shown::Broken(_) => {}
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
        let mut before_deg = self.angle_before_deg;
        while self.tick() < until && began.elapsed() < most {
            let tick = self.tick();
            let is_last = tick + 1 == until;
            if is_last {
                before_deg = self.angle_now_deg();
            }
            self.go_to(if is_last {
                until
            } else {
                (tick + STRIDE_TICKS).min(until - 1)
            });
            if self.tick() == tick {
                break;
            }
        }
        self.angle_before_deg = before_deg.filter(|_| self.tick() == until);
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
        self.put_behind_case(path, None)
    }

    fn put_behind_case(&mut self, path: &Path, case: Option<&str>) -> Result<(), Vec<String>> {
        self.ghost = Some(match open(path, case) {
            Shown::Live(live) => {
                let mut session = live.session;
                session.go_to(self.tick());
                Ghost::Live(Box::new(session))
            }
            Shown::Recorded(recorded) => Ghost::Recorded(recorded.record),
            Shown::Broken(lines) => return Err(lines),
            Shown::Nothing => return Ok(()),
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

    /// By what the present differs from the second run's at the same time: name,
    /// difference, unit.
    pub fn against(&self) -> Vec<(&'static str, f64, &'static str)> {
        let tick = self.tick();
        let now =
            |record: &Record, signal: Signal| record.at(tick).map(|r| r.values[signal as usize]);
        let (Some(first), Some(ghost)) = (self.record(), &self.ghost) else {
            return Vec::new();
        };
        let second = ghost.record();
        if second.last_tick() + ROW_TICKS <= tick {
            // It was over before.
            return Vec::new();
        }
        [
            (Signal::FilmMax, "film", "K"),
            (Signal::SkinSurfaceMax, "skin", "K"),
            (Signal::Cem43Max, "dose", "min"),
            (Signal::EnergyPutIn, "energy", "J"),
        ]
        .into_iter()
        .filter_map(|(signal, name, unit)| {
            let difference = now(first, signal)? - now(second, signal)?;
            difference.is_finite().then_some((name, difference, unit))
        })
        .collect()
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

/// On the shorter way from one angle to another, deg.
fn between_angles(from_deg: f64, to_deg: f64, share: f64) -> f64 {
    let way_deg = (to_deg - from_deg + 180.0).rem_euclid(360.0) - 180.0;
    (from_deg + share * way_deg).rem_euclid(360.0)
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
            let value = row.parameter.map_or_else(String::new, |parameter| {
                format!(", {} {}", fault.value, parameter.unit)
            });
            format!(
                "{} {}{value}",
                fault.kind.name(),
                target.unwrap_or_default()
            )
        }
    }
}

/// Minutes and seconds.
pub fn clock(tick: u32) -> String {
    let s = f64::from(tick) / f64::from(TICKS_PER_S);
    format!("{}:{:05.2}", (s / 60.0) as u32, s % 60.0)
}
