//! Supply, heater zones, motors and logic as one circuit, a tick at a time.
//!
//! For: the electrical and mechanical half of the plant. Not for: temperatures
//! of the pad and the body; they come in as [`Surroundings`], and the heat for
//! them goes out as [`PadHeat`].

mod lanes;

pub(crate) use lanes::{CircuitLane, CircuitLanes, Driven};

use crate::build::{Build, Heater, MOTORS, TICK_S, ZONES};
use crate::bus;
use crate::conditions::{Conditions, Drive};
use crate::heater::{Film, ZoneConductance};
use crate::ledger::Ledger;
use crate::motor::{
    BusTravel, CURRENT, Course, DcMotor, Hold, MotorState, SUBSTEP_S, SUBSTEPS, travel,
};
use crate::supply::{PowerSource, Terminal};

/// The motor that turns the nodes.
pub const KNEADING: usize = 0;

/// Voltages, currents and powers of one tick; means over the tick.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Electrical {
    /// Supply voltage at the board's input, V.
    pub bus_v: f64,
    /// Current of each zone, A.
    pub heater_a: [f64; ZONES],
    /// Heat of each zone, W.
    pub heater_w: [f64; ZONES],
    /// Current of the heater rail behind the relay, A.
    pub rail_a: f64,
    /// Supply current of each motor's bridge, A; never negative.
    pub motor_a: [f64; MOTORS],
    /// Electrical power of each motor, W.
    pub motor_w: [f64; MOTORS],
    /// Current out of the source, A.
    pub source_a: f64,
    /// State of charge of the pack, 0 to 1; 1 for an adapter.
    pub charge: f64,
    /// Pack temperature, degC; of the air where there is none.
    pub pack_c: f64,
}

/// What the circuit feels of pad and cut-outs during one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surroundings {
    /// Mean film temperature of each zone, degC.
    pub film_c: [f64; ZONES],
    /// Temperature of the foam at each motor, degC.
    pub foam_c: [f64; MOTORS],
    /// Contacts of each zone's cut-out.
    pub cutout_closed: [bool; ZONES],
    /// Force of the nodes as a share of that at which the load is stated.
    pub nodes_press: f64,
}

/// Heat that one tick gave to the pad, J.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PadHeat {
    /// Into the film of each zone.
    pub film_j: [f64; ZONES],
    /// Into the foam at each motor.
    pub foam_j: [f64; MOTORS],
    /// Work of the nodes on cover and body; booked in the ledger as leaving
    /// the circuit.
    pub nodes_j: f64,
}

/// The circuit's state.
#[derive(Clone, Debug)]
pub struct Circuit {
    heaters: [Heater; ZONES],
    zones: [ZoneConductance; ZONES],
    logic_a: f64,
    source: PowerSource,
    motors: [DcMotor; MOTORS],
    electrical: Electrical,
    ledger: Ledger,
    bus_v: f64,
}

impl Circuit {
    /// A circuit that has been off for long, all of it at ambient temperature.
    #[must_use]
    pub fn new(build: &Build, conditions: &Conditions) -> Self {
        let start_c = conditions.ambient_c;
        let source = PowerSource::new(&build.supply, start_c);
        let electrical = Electrical {
            charge: source.charge(),
            pack_c: start_c,
            ..Electrical::default()
        };
        Self {
            heaters: build.heaters,
            zones: [ZoneConductance::default(); ZONES],
            logic_a: build.supply.logic_a,
            source,
            motors: [
                DcMotor::new(&build.motors[0], start_c),
                DcMotor::new(&build.motors[1], start_c),
            ],
            electrical,
            ledger: Ledger::default(),
            bus_v: 0.0,
        }
    }

    /// Moves by one tick.
    #[inline]
    pub fn tick(
        &mut self,
        drive: &Drive,
        conditions: &Conditions,
        around: &Surroundings,
    ) -> PadHeat {
        let zone_s = self.zone_conductances_s(drive, conditions, around);
        let load = Load {
            terminal: self.source.terminal(conditions),
            zone_s,
            heater_s: zone_s.iter().sum(),
            logic_a: if drive.logic_on { self.logic_a } else { 0.0 },
        };
        self.begin_motors(drive, conditions, around);
        // One whole tick for each set of motors at work: no sum passes through memory.
        match [self.motors[0].rests(), self.motors[1].rests()] {
            [true, true] => self.tick_of::<0, 0>(&load, conditions, around),
            [false, true] => self.tick_of::<0, 1>(&load, conditions, around),
            [true, false] => self.tick_of::<1, 1>(&load, conditions, around),
            [false, false] => self.tick_of::<0, 2>(&load, conditions, around),
        }
    }

    /// The tick with `N` motors from `FIRST` on at work; the others rest.
    #[inline(never)]
    fn tick_of<const FIRST: usize, const N: usize>(
        &mut self,
        load: &Load,
        conditions: &Conditions,
        around: &Surroundings,
    ) -> PadHeat {
        let sums = match self.travel_of::<FIRST, N>(load) {
            Some(sums) => sums,
            None => self.search(load),
        };
        let heat = self.end_motors(conditions, around);
        self.settle(load, &sums, conditions, heat)
    }

    /// Books what source and logic did, and takes down the tick.
    #[inline(always)]
    fn settle(
        &mut self,
        load: &Load,
        sums: &Sums,
        conditions: &Conditions,
        heat: PadHeat,
    ) -> PadHeat {
        let mean = 1.0 / SUBSTEPS as f64;
        let moved = self.source.end_tick(
            &load.terminal,
            sums.source_a * mean,
            sums.square_a2 * mean,
            sums.fold_w * SUBSTEP_S,
            conditions,
        );
        self.ledger.source_j += moved.source_j;
        self.ledger.pack_fault_j += moved.pack_fault_j;
        self.ledger.supply_lost_j += moved.lost_j;
        self.ledger.pack_to_ambient_j += moved.pack_to_ambient_j;
        self.ledger.logic_j += sums.logic_w * SUBSTEP_S;
        self.record(&load.zone_s, sums, mean);
        PadHeat {
            film_j: self.electrical.heater_w.map(|watts| watts * TICK_S),
            ..heat
        }
    }

    /// The tick just done.
    #[must_use]
    pub fn electrical(&self) -> &Electrical {
        &self.electrical
    }

    /// The state of motor `index` (0 kneading, 1 vibration).
    ///
    /// # Panics
    /// There are [`MOTORS`] motors.
    #[must_use]
    pub fn motor(&self, index: usize) -> &MotorState {
        self.motors[index].state()
    }

    /// Energy that crossed the circuit's boundary since the start, but for the
    /// heat into the pad.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Energy in motors and pack, J.
    #[must_use]
    pub fn stored_j(&self) -> f64 {
        self.source.stored_j() + self.motors[0].stored_j() + self.motors[1].stored_j()
    }

    /// The tick along straight courses of `N` motors from `FIRST` on, if all stay on theirs.
    #[inline(always)]
    fn travel_of<const FIRST: usize, const N: usize>(&mut self, load: &Load) -> Option<Sums> {
        let mut courses = [Course::default(); N];
        for (course, motor) in courses.iter_mut().zip(&self.motors[FIRST..]) {
            *course = motor.course()?;
        }
        let bus: BusTravel<N> = travel(&load.terminal, load.heater_s, load.logic_a, &courses)?;
        let mut motor_a = [0.0; MOTORS];
        for (place, travel) in bus.motors.iter().enumerate() {
            self.motors[FIRST + place].accept_travel(travel);
            motor_a[FIRST + place] = courses[place].duty * travel.sum[CURRENT];
        }
        self.bus_v = bus.volts * (1.0 / SUBSTEPS as f64);
        Some(Sums {
            volts: bus.volts,
            square_v2: bus.square_v2,
            source_a: bus.source_a,
            square_a2: bus.square_a2,
            fold_w: 0.0,
            logic_w: load.logic_a * bus.volts,
            motor_a,
        })
    }

    /// The tick by a search for the bus voltage in every substep.
    #[inline(never)]
    fn search(&mut self, load: &Load) -> Sums {
        let terminal = &load.terminal;
        let mut sums = Sums::default();
        for _ in 0..SUBSTEPS {
            let point = bus::solve(
                terminal,
                load.heater_s,
                load.logic_a,
                &self.motors,
                self.bus_v,
            );
            self.bus_v = point.bus_v;
            for (motor, response) in self.motors.iter_mut().zip(&point.motors) {
                motor.accept(response);
            }
            sums.volts += point.bus_v;
            sums.square_v2 += point.bus_v * point.bus_v;
            sums.source_a += point.source_a;
            sums.square_a2 += point.source_a * point.source_a;
            sums.fold_w += terminal.fold_w(point.source_a);
            sums.logic_w += point.bus_v * point.logic_a;
            sums.motor_a[0] += point.motors[0].supply_a;
            sums.motor_a[1] += point.motors[1].supply_a;
        }
        sums
    }

    #[inline(always)]
    fn zone_conductances_s(
        &mut self,
        drive: &Drive,
        conditions: &Conditions,
        around: &Surroundings,
    ) -> [f64; ZONES] {
        core::array::from_fn(|zone| {
            let on = drive.heater_on[zone];
            // A MOSFET state that is not a number is an open one.
            if !drive.relay_closed || !around.cutout_closed[zone] || on.is_nan() {
                return 0.0;
            }
            let film = Film {
                film_c: around.film_c[zone],
                crack: conditions.film_crack[zone],
                short: conditions.film_short[zone],
            };
            on.clamp(0.0, 1.0) * self.zones[zone].conductance_s(&self.heaters[zone], film)
        })
    }

    #[inline(always)]
    fn begin_motors(&mut self, drive: &Drive, conditions: &Conditions, around: &Surroundings) {
        for (index, motor) in self.motors.iter_mut().enumerate() {
            let duty = drive.motor_duty[index];
            motor.begin_tick(&Self::hold(index, duty, conditions, around));
        }
    }

    /// What acts on a motor during a tick.
    #[inline(always)]
    fn hold(index: usize, duty: f64, conditions: &Conditions, around: &Surroundings) -> Hold {
        // Without body, or with a sheared pin, the nodes do no work; else it
        // goes with their force.
        let body_share = match index {
            KNEADING if conditions.nodes_parked >= 0.5 => 0.0,
            KNEADING => conditions.contact * around.nodes_press,
            _ => 1.0,
        };
        Hold {
            duty,
            locked: conditions.rotor_locked[index] >= 0.5,
            load_scale: conditions.load_scale[index],
            body_share,
        }
    }

    #[inline(always)]
    fn end_motors(&mut self, conditions: &Conditions, around: &Surroundings) -> PadHeat {
        let mut heat = PadHeat::default();
        for (index, motor) in self.motors.iter_mut().enumerate() {
            let energy = motor.end_tick(conditions.ambient_c, around.foam_c[index]);
            self.electrical.motor_w[index] = energy.supply_j * (1.0 / TICK_S);
            self.ledger.body_work_j += energy.body_work_j;
            self.ledger.motor_to_ambient_j += energy.to_ambient_j;
            heat.foam_j[index] = energy.to_foam_j;
            if index == KNEADING {
                heat.nodes_j = energy.body_work_j;
            }
        }
        heat
    }

    #[inline(always)]
    fn record(&mut self, zone_s: &[f64; ZONES], sums: &Sums, mean: f64) {
        let electrical = &mut self.electrical;
        electrical.bus_v = sums.volts * mean;
        electrical.heater_a = zone_s.map(|siemens| siemens * sums.volts * mean);
        electrical.heater_w = zone_s.map(|siemens| siemens * sums.square_v2 * mean);
        electrical.rail_a = electrical.heater_a.iter().sum();
        electrical.motor_a = sums.motor_a.map(|amperes| amperes * mean);
        electrical.source_a = sums.source_a * mean;
        electrical.charge = self.source.charge();
        electrical.pack_c = self.source.pack_c();
    }
}

/// What hangs on the bus during one tick, but for the motors.
#[derive(Clone, Copy, Debug)]
struct Load {
    terminal: Terminal,
    /// Conductance of each zone and of all, S.
    zone_s: [f64; ZONES],
    heater_s: f64,
    logic_a: f64,
}

/// Sums over the substeps of a tick.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    volts: f64,
    square_v2: f64,
    source_a: f64,
    square_a2: f64,
    fold_w: f64,
    logic_w: f64,
    motor_a: [f64; MOTORS],
}

#[cfg(test)]
mod tests;
