//! Circuits of several plants at once, one a lane: a tick along straight courses.
//!
//! For: the tick in which source, logic and motors stay on their pieces, with the
//! operations of [`crate::motor::travel`] in its order, so that each lane has the
//! bits of [`Circuit::tick`] (tests compare them). A lane in which a motor
//! starts, stops or sticks, or the bus leaves the source's line, is left as it
//! was and done by [`Circuit::tick`] itself. Not for: anything that is not in
//! [`Circuit`]; figures kept here are copies.

use super::{Circuit, KNEADING, Load, PadHeat, Sums, Surroundings};
use crate::build::{MOTORS, TICK_S, ZONES};
use crate::conditions::{Conditions, Drive};
use crate::heater::Film;
use crate::lanes::Lanes;
use crate::motor::lanes::{CourseLanes, MotorLanes, TravelLanes};
use crate::motor::{CURRENT, SPEED, SUBSTEPS};
use crate::supply::{LOGIC_DROP_OUT_V, Terminal};

/// What one lane works on.
pub(crate) struct CircuitLane<'a> {
    /// The circuit.
    pub circuit: &'a mut Circuit,
    /// How it is driven.
    pub drive: &'a Drive,
    /// What surrounds the product.
    pub conditions: &'a Conditions,
    /// What the circuit feels of pad and cut-outs.
    pub around: &'a Surroundings,
    /// Conditions are others than in the lane's last tick.
    pub is_new: bool,
}

/// Figures of `L` circuits side by side.
#[derive(Clone, Debug)]
pub(crate) struct CircuitLanes<const L: usize> {
    motors: [MotorLanes<L>; MOTORS],
    loads: [Load; L],
    /// Conductance of each zone that is fully switched on, S.
    full_s: [[f64; ZONES]; L],
    /// Figures of the lane must be taken anew.
    stale: [bool; L],
    bus: Bus<L>,
}

/// The bus in a tick: what goes in, and what comes out.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Bus<const L: usize> {
    open_v: [f64; L],
    plain_s: [f64; L],
    volts: [f64; L],
    square_v2: [f64; L],
    source_a: [f64; L],
    square_a2: [f64; L],
    least_v: [f64; L],
    most_v: [f64; L],
}

/// How the lanes are driven in a tick. Built by each tick and not kept: numbers that
/// were stored one by one would make a vector load wait for all of them.
pub(crate) struct Driven<const L: usize> {
    duty: [[f64; L]; MOTORS],
    heater_s: [f64; L],
    logic_a: [f64; L],
}

impl<const L: usize> Driven<L> {
    /// Nothing is on.
    #[inline(always)]
    pub fn off() -> Self {
        Self {
            duty: [[0.0; L]; MOTORS],
            heater_s: [0.0; L],
            logic_a: [0.0; L],
        }
    }
}

impl<const L: usize> CircuitLanes<L> {
    /// Lanes that nothing was taken into yet.
    pub fn new() -> Self {
        let none = [0.0; L];
        let load = Load {
            terminal: Terminal::new(0.0, 0.0, f64::INFINITY),
            zone_s: [0.0; ZONES],
            heater_s: 0.0,
            logic_a: 0.0,
        };
        Self {
            motors: [MotorLanes::new(), MotorLanes::new()],
            loads: [load; L],
            full_s: [[0.0; ZONES]; L],
            stale: [true; L],
            bus: Bus {
                open_v: none,
                plain_s: none,
                volts: none,
                square_v2: none,
                source_a: none,
                square_a2: none,
                least_v: none,
                most_v: none,
            },
        }
    }

    /// The lane's surroundings have changed, or another circuit is in it.
    #[inline(always)]
    pub fn forget(&mut self, lane: usize) {
        self.stale[lane] = true;
    }

    /// Moves all along their courses, as far as the lanes' figures are concerned.
    /// Then [`CircuitLanes::end`] is for those that stayed, and the rest tick alone.
    #[inline(always)]
    pub fn travel<V: Lanes<L>>(&mut self, on: V::On, driven: &Driven<L>) {
        let turns = driven.duty.map(|duty| duty.iter().any(|duty| *duty != 0.0));
        match turns {
            [false, false] => self.travel_of::<V, 0, 0>(on, driven),
            [true, false] => self.travel_of::<V, 0, 1>(on, driven),
            [false, true] => self.travel_of::<V, 1, 1>(on, driven),
            [true, true] => self.travel_of::<V, 0, 2>(on, driven),
        }
    }

    /// Takes in how a lane is driven.
    #[inline(always)]
    pub fn begin(&mut self, lane: usize, mut at: CircuitLane<'_>, driven: &mut Driven<L>) {
        if self.stale[lane] || at.is_new {
            self.take(lane, &mut at);
        }
        let load = &mut self.loads[lane];
        if at.circuit.source.is_pack() {
            load.terminal = at.circuit.source.terminal(at.conditions);
            self.bus.open_v[lane] = load.terminal.open_v;
        }
        for zone in 0..ZONES {
            let on = at.drive.heater_on[zone];
            load.zone_s[zone] = if !at.drive.relay_closed || on.is_nan() {
                0.0
            } else {
                on.clamp(0.0, 1.0) * self.full_s[lane][zone]
            };
        }
        load.heater_s = load.zone_s.iter().sum();
        load.logic_a = if at.drive.logic_on {
            at.circuit.logic_a
        } else {
            0.0
        };
        driven.heater_s[lane] = load.heater_s;
        driven.logic_a[lane] = load.logic_a;
        for (index, motor) in at.circuit.motors.iter_mut().enumerate() {
            let duty = at.drive.motor_duty[index];
            driven.duty[index][lane] = self.motors[index].begin(lane, motor, duty);
        }
    }

    /// Takes over all that does not change from tick to tick.
    #[inline(never)]
    fn take(&mut self, lane: usize, at: &mut CircuitLane<'_>) {
        self.stale[lane] = false;
        let conditions = at.conditions;
        let terminal = at.circuit.source.terminal(conditions);
        self.loads[lane].terminal = terminal;
        self.bus.open_v[lane] = terminal.open_v;
        self.bus.plain_s[lane] = terminal.plain_s();
        for zone in 0..ZONES {
            let film = Film {
                film_c: at.around.film_c[zone],
                crack: conditions.film_crack[zone],
                short: conditions.film_short[zone],
            };
            let heater = &at.circuit.heaters[zone];
            self.full_s[lane][zone] = if at.around.cutout_closed[zone] {
                at.circuit.zones[zone].conductance_s(heater, film)
            } else {
                0.0
            };
        }
        for (index, motor) in at.circuit.motors.iter().enumerate() {
            // The duty is each tick's own.
            let hold = Circuit::hold(index, 0.0, conditions, at.around);
            self.motors[index].take(lane, motor, &hold);
        }
    }

    /// Follows the courses of `N` motors from `FIRST` on; the others rest in all lanes.
    #[inline(always)]
    fn travel_of<V: Lanes<L>, const FIRST: usize, const N: usize>(
        &mut self,
        on: V::On,
        driven: &Driven<L>,
    ) {
        let zero = V::splat(on, 0.0);
        let of = |numbers: &[f64; L]| V::load(on, numbers);
        let bus = &mut self.bus;
        let open_v = of(&bus.open_v);
        let source_s = of(&bus.plain_s);
        let heater_s = of(&driven.heater_s);
        let mut slope_s = source_s + heater_s;
        let mut load_a = heater_s * open_v + of(&driven.logic_a);
        // Two places whatever N is: those beyond it are never looked at.
        let courses: [CourseLanes<V>; MOTORS] = [
            self.motors[FIRST].courses(on, &driven.duty[FIRST]),
            self.motors[MOTORS - 1].courses(on, &driven.duty[MOTORS - 1]),
        ];
        for course in &courses[..N] {
            let bus_s = course.duty * course.by_bus[CURRENT];
            slope_s = slope_s + bus_s;
            load_a = load_a + (course.duty * course.more[CURRENT] + bus_s * open_v);
        }
        let per_s = V::splat(on, 1.0) / slope_s;
        let still_v = load_a * per_s;
        let mut lost_by = [[zero; 2]; MOTORS];
        let mut at = [[zero; 2]; MOTORS];
        let still = TravelLanes {
            to: [zero; 2],
            sum: [zero; 2],
            squares: [zero; 2],
            step_squares: [zero; 2],
            volt_amperes: zero,
            least: [V::splat(on, f64::INFINITY); 2],
        };
        let mut travels = [still; MOTORS];
        for motor in 0..N {
            let course = &courses[motor];
            let volts_per_a = course.duty * per_s;
            lost_by[motor] = [
                volts_per_a * course.by_current[CURRENT],
                volts_per_a * course.by_speed[CURRENT],
            ];
            at[motor] = course.from;
        }
        let (mut drop_v, mut square_drop_v2) = (zero, zero);
        let mut least_v = V::splat(on, f64::INFINITY);
        let mut most_v = V::splat(on, f64::NEG_INFINITY);
        for _ in 0..SUBSTEPS {
            let mut lost_v = still_v;
            for motor in 0..N {
                let [by_current, by_speed] = lost_by[motor];
                let [current, speed] = at[motor];
                lost_v = lost_v + (by_current * current + by_speed * speed);
            }
            let bus_v = open_v - lost_v;
            drop_v = drop_v + lost_v;
            square_drop_v2 = square_drop_v2 + lost_v * lost_v;
            least_v = least_v.or_less(lost_v);
            most_v = most_v.or_greater(lost_v);
            for motor in 0..N {
                let course = &courses[motor];
                let travel = &mut travels[motor];
                let from = at[motor];
                for place in [CURRENT, SPEED] {
                    let kept = course.by_current[place] * from[CURRENT]
                        + course.by_speed[place] * from[SPEED];
                    let to = kept + (course.more[place] + course.by_bus[place] * bus_v);
                    let step = to - from[place];
                    travel.least[place] = travel.least[place].or_less(to);
                    travel.sum[place] = travel.sum[place] + to;
                    travel.squares[place] = travel.squares[place] + to * to;
                    travel.step_squares[place] = travel.step_squares[place] + step * step;
                    at[motor][place] = to;
                }
                travel.volt_amperes = travel.volt_amperes + bus_v * at[motor][CURRENT];
            }
        }
        let open_sum_v = open_v * SUBSTEPS as f64;
        (open_sum_v - drop_v).store(&mut bus.volts);
        (open_v * (open_sum_v - drop_v * 2.0) + square_drop_v2).store(&mut bus.square_v2);
        (source_s * drop_v).store(&mut bus.source_a);
        (source_s * source_s * square_drop_v2).store(&mut bus.square_a2);
        least_v.store(&mut bus.least_v);
        most_v.store(&mut bus.most_v);
        for (index, motor) in self.motors.iter_mut().enumerate() {
            let place = index.wrapping_sub(FIRST);
            if place < N {
                travels[place].to = at[place];
                motor.accept(on, &courses[place], &travels[place]);
            } else {
                motor.stand::<V>(on);
            }
        }
    }

    /// Whether the lane stayed on its pieces all the way.
    #[inline(always)]
    pub fn stayed(&self, lane: usize) -> bool {
        let bus = &self.bus;
        let most_v = bus.most_v[lane];
        bus.open_v[lane] - most_v >= LOGIC_DROP_OUT_V
            && most_v <= self.loads[lane].terminal.knee_v()
            && bus.least_v[lane] >= 0.0
            && self.motors[0].stayed(lane)
            && self.motors[1].stayed(lane)
    }

    /// Puts the lane's circuit where it came to, as the end of [`Circuit::tick`] does.
    #[inline(always)]
    pub fn end(
        &self,
        lane: usize,
        circuit: &mut Circuit,
        conditions: &Conditions,
        around: &Surroundings,
    ) -> PadHeat {
        let load = &self.loads[lane];
        let volts = self.bus.volts[lane];
        let mut sums = Sums {
            volts,
            square_v2: self.bus.square_v2[lane],
            source_a: self.bus.source_a[lane],
            square_a2: self.bus.square_a2[lane],
            fold_w: 0.0,
            logic_w: load.logic_a * volts,
            motor_a: [0.0; MOTORS],
        };
        circuit.bus_v = volts * (1.0 / SUBSTEPS as f64);
        let mut heat = PadHeat::default();
        for (index, motor) in circuit.motors.iter_mut().enumerate() {
            let foam_c = around.foam_c[index];
            let energy = self.motors[index].end(lane, motor, conditions.ambient_c, foam_c);
            sums.motor_a[index] = energy.supply_a;
            circuit.electrical.motor_w[index] = energy.supply_j * (1.0 / TICK_S);
            circuit.ledger.body_work_j += energy.body_work_j;
            circuit.ledger.motor_to_ambient_j += energy.to_ambient_j;
            heat.foam_j[index] = energy.to_foam_j;
            if index == KNEADING {
                heat.nodes_j = energy.body_work_j;
            }
        }
        circuit.settle(load, &sums, conditions, heat)
    }
}
