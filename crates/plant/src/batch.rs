//! Several plants that tick together, one a lane of the vector registers.
//!
//! For: many sessions at once on one core. What happens to a plant does not depend
//! on those beside it: its bits are those of [`Plant::tick`], whatever the number
//! of plants and the instructions. In lanes are circuit and motors; the thermal
//! field steps plant by plant. Not for: which plants, how long, or what drives them.

use crate::circuit::{CircuitLane, CircuitLanes, Driven};
use crate::conditions::{Conditions, Drive};
use crate::lanes::{FEW, Lanes, Machine};
use crate::plant::Plant;
use crate::vector::{Vectors, Work};

/// A plant in its place, with what acts on it in the coming tick.
pub struct Seated<'a> {
    /// The plant.
    pub plant: &'a mut Plant,
    /// How it is driven.
    pub drive: &'a Drive,
    /// What surrounds it.
    pub conditions: &'a Conditions,
    /// The conditions may be others than in the last tick; to be false only if
    /// they are certainly the same.
    pub conditions_moved: bool,
}

/// Something that holds a plant and knows what acts on it.
pub trait Seat {
    /// The plant with what acts on it.
    fn seated(&mut self) -> Seated<'_>;
}

/// Copies of what the lanes need of the plants in them.
///
/// Places are taken in the order of the seats: eight, four and two at a time,
/// as wide as the instructions make worth while, and one that is left alone.
#[derive(Clone, Debug)]
pub struct Batch {
    vectors: Vectors,
    eights: Vec<CircuitLanes<8>>,
    fours: Vec<CircuitLanes<4>>,
    twos: Vec<CircuitLanes<FEW>>,
}

impl Batch {
    /// For plants that tick on these instructions.
    #[must_use]
    pub fn new(vectors: Vectors) -> Batch {
        Batch {
            vectors,
            eights: Vec::new(),
            fours: Vec::new(),
            twos: Vec::new(),
        }
    }

    /// Must be called whenever other plants are in the seats, or something but
    /// [`Batch::tick`] has moved one.
    pub fn reseat(&mut self, seats: usize) {
        let widest = self.vectors.plants_at_once();
        let (eights, rest) = if widest >= 8 {
            (seats / 8, seats % 8)
        } else {
            (0, seats)
        };
        let (fours, rest) = if widest >= 4 {
            (rest / 4, rest % 4)
        } else {
            (0, rest)
        };
        self.eights = vec![CircuitLanes::new(); eights];
        self.fours = vec![CircuitLanes::new(); fours];
        self.twos = vec![CircuitLanes::new(); rest / FEW];
    }

    /// Moves every plant by exactly one tick of 10 ms.
    #[inline]
    pub fn tick<S: Seat>(&mut self, seats: &mut [S]) {
        let (seats, rest) = seats.split_at_mut((8 * self.eights.len()).min(seats.len()));
        for (lanes, seats) in self.eights.iter_mut().zip(seats.as_chunks_mut::<8>().0) {
            self.vectors.work(Eight(lanes, seats));
        }
        let (seats, rest) = rest.split_at_mut((4 * self.fours.len()).min(rest.len()));
        for (lanes, seats) in self.fours.iter_mut().zip(seats.as_chunks_mut::<4>().0) {
            self.vectors.work(Four(lanes, seats));
        }
        let (seats, rest) = rest.split_at_mut((FEW * self.twos.len()).min(rest.len()));
        for (lanes, seats) in self.twos.iter_mut().zip(seats.as_chunks_mut::<FEW>().0) {
            self.vectors.work(Two(lanes, seats));
        }
        for seat in rest {
            let seated = seat.seated();
            seated.plant.tick(seated.drive, seated.conditions);
        }
    }
}

/// A tick of so many plants as work for [`Vectors::work`].
struct Eight<'a, S>(&'a mut CircuitLanes<8>, &'a mut [S; 8]);
struct Four<'a, S>(&'a mut CircuitLanes<4>, &'a mut [S; 4]);
struct Two<'a, S>(&'a mut CircuitLanes<FEW>, &'a mut [S; FEW]);

impl<S: Seat> Work for Eight<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self, machine: M) {
        tick_on::<S, M::Eight, 8>(machine.many(), self.0, self.1);
    }
}

impl<S: Seat> Work for Four<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self, machine: M) {
        tick_on::<S, M::Four, 4>(machine.four(), self.0, self.1);
    }
}

impl<S: Seat> Work for Two<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self, machine: M) {
        tick_on::<S, M::Few, FEW>(machine.few(), self.0, self.1);
    }
}

#[inline(always)]
fn tick_on<S: Seat, V: Lanes<L>, const L: usize>(
    on: V::On,
    circuits: &mut CircuitLanes<L>,
    seats: &mut [S; L],
) {
    let mut driven = Driven::off();
    for (lane, seat) in seats.iter_mut().enumerate() {
        let seated = seat.seated();
        let (circuit, around) = seated.plant.circuit_and_surroundings();
        let at = CircuitLane {
            circuit,
            around,
            drive: seated.drive,
            conditions: seated.conditions,
            is_new: seated.conditions_moved,
        };
        circuits.begin(lane, at, &mut driven);
    }
    circuits.travel::<V>(on, &driven);
    for (lane, seat) in seats.iter_mut().enumerate() {
        let seated = seat.seated();
        let (drive, conditions) = (seated.drive, seated.conditions);
        let stayed = circuits.stayed(lane);
        if stayed {
            let (circuit, around) = seated.plant.circuit_and_surroundings();
            let heat = circuits.end(lane, circuit, conditions, around);
            seated.plant.take(&heat, drive, conditions);
        } else {
            seated.plant.tick(drive, conditions);
        }
        if !stayed || seated.plant.thermal_stepped() {
            circuits.forget(lane);
        }
    }
}
