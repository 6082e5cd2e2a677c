//! Many runs on one core, several abreast: one a lane of the plants' circuits.
//!
//! For: campaigns of sessions on the column grid. Every outcome is that of
//! [`crate::run`] bit for bit, whatever runs beside it. A run that ends makes room
//! for the next one; the firmware of each run is the very core that runs alone.
//! Not for: threads (the caller has one of these on each), or which runs there are.

use std::collections::VecDeque;
use std::sync::Arc;

use kneadsim_plant::{Batch, Drive, Seat, Seated, Vectors};

use crate::bench::Bench;
use crate::device::{Device, DeviceLost};
use crate::run::{Continue, Outcome, Progress, aftermath, finish};
use crate::spec::{Spec, TICKS_PER_S};

/// How many runs go abreast, on which instructions.
#[derive(Clone, Copy, Debug)]
pub struct Abreast {
    /// Runs at once; 0 counts as 1.
    pub runs: usize,
    /// Instructions.
    pub vectors: Vectors,
}

impl Abreast {
    /// The fastest on this processor, as measured (docs/performance.md).
    #[must_use]
    pub fn fastest() -> Abreast {
        Abreast {
            runs: 8,
            vectors: Vectors::widest(),
        }
    }
}

/// Runs every specification to its end on a device of its own. The observer is
/// asked about once a simulated second of each run, by the run's place in `specs`;
/// at its first no everything stops, and what did not begin is left out of the
/// outcomes as `None`.
pub fn run_many<D: Device>(
    specs: &[Arc<Spec>],
    abreast: Abreast,
    mut device: impl FnMut(usize) -> D,
    observer: &mut dyn FnMut(usize, Progress) -> Continue,
) -> Vec<Option<Outcome>> {
    let mut rows = Rows {
        waiting: (0..specs.len()).collect(),
        lanes: Vec::new(),
        plants: Batch::new(abreast.vectors),
        outcomes: specs.iter().map(|_| None).collect(),
    };
    loop {
        while rows.lanes.len() < abreast.runs.max(1)
            && let Some(place) = rows.waiting.pop_front()
        {
            match Bench::new(Arc::clone(&specs[place]), device(place)) {
                Ok(mut bench) => {
                    bench.set_vectors(abreast.vectors);
                    rows.lanes.push(Lane {
                        place,
                        bench,
                        drive: Drive::default(),
                        lost: None,
                    });
                }
                Err(lost) => rows.outcomes[place] = Some(Outcome::never_began(lost)),
            }
        }
        if rows.lanes.is_empty() {
            return rows.outcomes;
        }
        rows.plants.reseat(rows.lanes.len());
        if rows.run_until_one_ends(observer) == Continue::No {
            for lane in rows.lanes {
                let stopped = !lane.bench.done();
                rows.outcomes[lane.place] = Some(finish(lane.bench, None, stopped));
            }
            return rows.outcomes;
        }
    }
}

/// The runs under way and those before and after them.
struct Rows<D> {
    waiting: VecDeque<usize>,
    lanes: Vec<Lane<D>>,
    plants: Batch,
    outcomes: Vec<Option<Outcome>>,
}

/// A run under way.
struct Lane<D> {
    place: usize,
    bench: Bench<D>,
    drive: Drive,
    lost: Option<DeviceLost>,
}

impl<D: Device> Seat for Lane<D> {
    #[inline(always)]
    fn seated(&mut self) -> Seated<'_> {
        self.bench.seated(&self.drive)
    }
}

impl<D: Device> Rows<D> {
    /// Goes on until a lane is free, or the observer says no.
    fn run_until_one_ends(
        &mut self,
        observer: &mut dyn FnMut(usize, Progress) -> Continue,
    ) -> Continue {
        let before = self.lanes.len();
        while self.lanes.len() == before {
            let left = self.lanes.iter().map(Lane::ticks_to_look);
            let ticks = left.min().unwrap_or(0);
            for _ in 0..ticks {
                if !self.tick() {
                    self.retire_lost();
                    break;
                }
            }
            for lane in &self.lanes {
                let progress = Progress {
                    tick: lane.bench.tick(),
                    last_tick: lane.bench.spec().duration_ticks,
                };
                let is_asked = lane.bench.done() || progress.tick.is_multiple_of(TICKS_PER_S);
                if is_asked && observer(lane.place, progress) == Continue::No {
                    return Continue::No;
                }
            }
            let outcomes = &mut self.outcomes;
            for lane in self.lanes.extract_if(.., |lane| lane.bench.done()) {
                outcomes[lane.place] = Some(finish(lane.bench, None, false));
            }
        }
        Continue::Yes
    }

    /// One tick of every lane; false, with no plant moved, where a device was lost.
    fn tick(&mut self) -> bool {
        let mut all_answer = true;
        for lane in &mut self.lanes {
            if let Err(lost) = lane.bench.begin_tick(&mut lane.drive) {
                lane.lost = Some(lost);
                all_answer = false;
            }
        }
        if !all_answer {
            // The others have begun their tick and end it alone.
            for lane in self.lanes.iter_mut().filter(|lane| lane.lost.is_none()) {
                let seated = lane.bench.seated(&lane.drive);
                seated.plant.tick(seated.drive, seated.conditions);
                lane.bench.end_tick();
            }
            return false;
        }
        self.plants.tick(&mut self.lanes);
        for lane in &mut self.lanes {
            lane.bench.end_tick();
        }
        true
    }

    /// Ends the runs whose device was lost.
    fn retire_lost(&mut self) {
        let outcomes = &mut self.outcomes;
        for mut lane in self.lanes.extract_if(.., |lane| lane.lost.is_some()) {
            aftermath(&mut lane.bench);
            outcomes[lane.place] = Some(finish(lane.bench, lane.lost, false));
        }
    }
}

impl<D: Device> Lane<D> {
    /// Ticks to the next whole second or the end.
    fn ticks_to_look(&self) -> u32 {
        let tick = self.bench.tick();
        let left = self.bench.spec().duration_ticks.saturating_sub(tick);
        left.min(TICKS_PER_S - tick % TICKS_PER_S)
    }
}
