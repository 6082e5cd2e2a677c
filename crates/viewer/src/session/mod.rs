//! A bench that one can go back in.
//!
//! What is shown at a time is what the bench was then: going back restores a
//! copy of it and runs that on, with everything that was done by hand since. The
//! digest is that of a run that was never gone back in. Nothing here draws.

mod deed;
mod past;
mod record;
mod save;
mod standing;

use std::sync::Arc;

use kneadsim_firmware::Config;
use kneadsim_plant::Knob;
use kneadsim_sim::Bench;
use kneadsim_sim::device::InProcess;
use kneadsim_sim::fault::FaultSpec;
use kneadsim_sim::spec::{Action, Recording, Spec};

pub use deed::{Deed, What};
use past::Past;
pub use record::{Record, Row};
pub use save::scenario;
pub use standing::{Standing, Standings};

/// Ticks between the rows of the record: a thermal step of the reference product.
pub const ROW_TICKS: u32 = 25;

/// One run that is looked at while it runs.
#[derive(Clone, Debug)]
pub struct Session {
    bench: Bench<InProcess>,
    past: Past,
    /// What was done by hand, ascending in time; those after the present are done
    /// again when it comes.
    deeds: Vec<Deed>,
    next_deed: usize,
    record: Record,
    standings: Standings,
    /// The firmware's configuration at the present tick.
    firmware: Config,
    lost: Option<String>,
}

impl Session {
    /// At its start.
    ///
    /// # Errors
    /// Why the specification cannot be run.
    pub fn new(spec: &Spec) -> Result<Session, String> {
        let mut spec = spec.clone();
        // The record here has every signal; what a bench records has no part in its digest.
        spec.recording = Recording {
            every_ticks: 0,
            signals: Vec::new(),
        };
        let firmware = spec.firmware;
        let bench =
            Bench::new(Arc::new(spec), InProcess::new()).map_err(|lost| lost.to_string())?;
        let mut past = Past::default();
        past.keep(&bench, &firmware);
        Ok(Session {
            bench,
            past,
            deeds: Vec::new(),
            next_deed: 0,
            record: Record::default(),
            standings: Standings::default(),
            firmware,
            lost: None,
        })
    }

    /// Another run in which the same is done by hand, at the tick where this one is.
    ///
    /// # Errors
    /// Why the specification cannot be run.
    pub fn again(&self, spec: &Spec) -> Result<Session, String> {
        let mut other = Session::new(spec)?;
        other.deeds.clone_from(&self.deeds);
        other.go_to(self.tick());
        Ok(other)
    }

    /// The bench as it is now.
    pub fn bench(&self) -> &Bench<InProcess> {
        &self.bench
    }

    /// Ticks done.
    pub fn tick(&self) -> u32 {
        self.bench.tick()
    }

    /// Length of the run, ticks.
    pub fn duration_ticks(&self) -> u32 {
        self.bench.spec().duration_ticks
    }

    /// How far the run was ever, ticks.
    pub fn furthest_tick(&self) -> u32 {
        self.record.last_tick().max(self.tick())
    }

    /// Everything that was seen, also of the future of a present that was gone back to.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// How each finding stood over time.
    pub fn standings(&self) -> &Standings {
        &self.standings
    }

    /// What was done by hand.
    pub fn deeds(&self) -> &[Deed] {
        &self.deeds
    }

    /// The firmware's configuration now.
    pub fn firmware(&self) -> &Config {
        &self.firmware
    }

    /// A condition as it will be at the next tick: what was set in this one shows there.
    pub fn condition(&self, knob: Knob) -> f64 {
        let now = self.tick();
        let done = self.deeds[..self.next_deed].iter().rev();
        let set = done
            .take_while(|deed| deed.tick == now)
            .find_map(|deed| match &deed.what {
                What::Do(Action::Set {
                    knob: set, value, ..
                }) if *set == knob => Some(*value),
                _ => None,
            });
        set.unwrap_or_else(|| knob.get(self.bench.conditions()))
    }

    /// Why the run cannot go on.
    pub fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// Whether the run is over.
    pub fn done(&self) -> bool {
        self.lost.is_some() || self.bench.done()
    }

    /// Goes to a tick: on, or back to a copy of the bench and on from there.
    pub fn go_to(&mut self, tick: u32) {
        let tick = tick.min(self.duration_ticks());
        if tick < self.tick() {
            self.restore(tick);
        }
        while self.tick() < tick && !self.done() {
            self.step();
        }
        // What was done in this tick is done, so that it shows.
        let is_done = |deed: &Deed| deed.tick <= tick;
        if self.deeds.get(self.next_deed).is_some_and(is_done) && !self.done() {
            self.past.keep(&self.bench, &self.firmware);
            if let Err(why) = self.catch_up(tick) {
                self.lost = Some(why);
            }
        }
    }

    /// The last copy not after a tick is the present again.
    fn restore(&mut self, tick: u32) {
        let (bench, firmware) = self.past.before(tick);
        self.bench = bench;
        self.firmware = firmware;
        self.lost = None;
        let now = self.tick();
        self.next_deed = self.deeds.partition_point(|d| d.tick < now);
    }

    /// One tick on.
    pub fn step(&mut self) {
        if self.done() {
            return;
        }
        let tick = self.tick();
        self.past.keep(&self.bench, &self.firmware);
        if let Err(why) = self.catch_up(tick) {
            self.lost = Some(why);
            return;
        }
        self.note_configuration(tick);
        if let Err(lost) = self.bench.step() {
            self.lost = Some(lost.to_string());
            return;
        }
        if self.tick().is_multiple_of(ROW_TICKS) && self.tick() > self.record.last_tick() {
            let row = Row::of(&self.bench);
            self.record.push(row);
            self.standings.look(self.tick(), &self.bench.findings());
        }
    }

    /// Does something now. What was seen of the time after is forgotten: from here on
    /// it will be another run. Where a slider moves while time stands, only its last
    /// place counts.
    ///
    /// # Errors
    /// Why it cannot be done; nothing more was done then.
    pub fn act(&mut self, what: What) -> Result<(), String> {
        if self.done() {
            return Err("the run is over".to_owned());
        }
        let tick = self.tick();
        // A copy of this tick is of before anything is done in it.
        self.past.keep(&self.bench, &self.firmware);
        // What was done earlier in this tick comes first.
        self.catch_up(tick)?;
        self.take_back(tick, &what)?;
        self.apply(&what)?;
        self.deeds.truncate(self.next_deed);
        self.deeds.push(Deed { tick, what });
        self.next_deed = self.deeds.len();
        self.past.forget_after(tick);
        self.record.forget_after(tick);
        self.standings.forget_after(tick);
        Ok(())
    }

    /// Takes back what was done last, in this tick, where it is superseded.
    fn take_back(&mut self, tick: u32, what: &What) -> Result<(), String> {
        let is_superseded = |deed: &Deed| deed.tick == tick && what.supersedes(&deed.what);
        match self.next_deed.checked_sub(1) {
            Some(last) if self.deeds.get(last).is_some_and(is_superseded) => {
                self.deeds.truncate(last);
                self.restore(tick);
                self.go_to(tick);
                Ok(())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Does again what was done by hand up to a tick.
    fn catch_up(&mut self, tick: u32) -> Result<(), String> {
        while let Some(deed) = self.deeds.get(self.next_deed)
            && deed.tick <= tick
        {
            let what = deed.what.clone();
            self.next_deed += 1;
            self.apply(&what)?;
        }
        Ok(())
    }

    fn apply(&mut self, what: &What) -> Result<(), String> {
        match what {
            What::Do(action) => {
                self.bench
                    .intervene(action)
                    .map_err(|lost| lost.to_string())?;
                if let Action::Configure(config) = action {
                    self.firmware = **config;
                }
                Ok(())
            }
            What::Break(fault) => self.bench.add_fault(*fault),
        }
    }

    /// The scenario's own changes of the configuration.
    fn note_configuration(&mut self, tick: u32) {
        let events = &self.bench.spec().events;
        let first = events.partition_point(|e| e.at_tick < tick);
        for event in events[first..].iter().take_while(|e| e.at_tick == tick) {
            if let Action::Configure(config) = &event.action {
                self.firmware = **config;
            }
        }
    }
}

/// A fault from now on.
pub fn fault_now(session: &Session, mut fault: FaultSpec) -> What {
    fault.onset_tick = session.tick();
    What::Break(fault)
}
