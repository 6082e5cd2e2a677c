//! The whole massager with the body on it: circuit, field and cut-outs.
//!
//! The circuit moves every tick of 10 ms; the field, with the cut-outs that
//! feel it, moves every `thermal_step_ticks` with the mean heat of the ticks
//! since. Heat on its way between the two is counted as stored.

use crate::build::{Build, Kneading, MOTORS, TICK_S, ZONES};
use crate::circuit::{Circuit, Electrical, KNEADING, PadHeat, Surroundings};
use crate::conditions::{Conditions, Drive};
use crate::cutout::{Cutout, CutoutState};
use crate::field::{Field, Loads};
use crate::ledger::{EnergyBalance, Ledger};
use crate::motor::MotorState;
use crate::validate::BuildError;
use crate::vector::Vectors;

/// Time in which the arm of the nodes folds in or out, s (estimate).
const ARM_S: f64 = 0.3;

/// The physical massager and the body on it.
#[derive(Clone, Debug)]
pub struct Plant {
    build: Build,
    circuit: Circuit,
    field: Field,
    cutouts: [Cutout; ZONES],
    around: Surroundings,
    ticks: u64,
    ticks_to_step: u32,
    thermal_stepped: bool,
    /// Film at each zone's thermistor, degC.
    ntc_film_c: [f64; ZONES],
    /// The circuit's share of the energy balance at the last thermal step.
    circuit_at_step: CircuitEnergy,
    /// Heat since the last thermal step, J.
    film_j: [f64; ZONES],
    foam_j: [f64; MOTORS],
    nodes_j: f64,
    /// Force of the nodes now, and summed over the ticks since the last thermal step, N.
    node_force_n: f64,
    node_force_sum_n: f64,
    /// Output angle of the nodes at the last thermal step, rad.
    step_angle_rad: f64,
    started_with_j: f64,
}

impl Plant {
    /// A massager that has been off for long, with the body just laid on it.
    ///
    /// # Errors
    /// Everything that is wrong with the build.
    pub fn new(build: &Build, conditions: &Conditions) -> Result<Plant, BuildError> {
        build.validate()?;
        let field = Field::new(build, conditions);
        let circuit = Circuit::new(build, conditions);
        let cutouts = core::array::from_fn(|zone| {
            Cutout::new(
                build.cutouts[zone],
                field.film_at(build.heaters[zone].cutout),
            )
        });
        let mut plant = Plant {
            build: *build,
            circuit,
            field,
            cutouts,
            around: Surroundings {
                film_c: [conditions.ambient_c; ZONES],
                foam_c: [conditions.ambient_c; MOTORS],
                cutout_closed: [true; ZONES],
                nodes_press: 0.0,
            },
            ticks: 0,
            ticks_to_step: build.thermal_step_ticks,
            thermal_stepped: false,
            ntc_film_c: [conditions.ambient_c; ZONES],
            circuit_at_step: CircuitEnergy::default(),
            film_j: [0.0; ZONES],
            foam_j: [0.0; MOTORS],
            nodes_j: 0.0,
            node_force_n: resting_force_n(&build.kneading),
            node_force_sum_n: 0.0,
            step_angle_rad: 0.0,
            started_with_j: 0.0,
        };
        plant.look_around();
        plant.circuit_at_step = plant.circuit_now();
        plant.started_with_j = plant.stored_j(plant.circuit_at_step.stored_j);
        Ok(plant)
    }

    /// Moves by exactly one tick of 10 ms.
    pub fn tick(&mut self, drive: &Drive, conditions: &Conditions) {
        let heat = self.circuit.tick(drive, conditions, &self.around);
        self.take(&heat, drive, conditions);
    }

    /// What the circuit and its tick need of the plant.
    pub(crate) fn circuit_and_surroundings(&mut self) -> (&mut Circuit, &Surroundings) {
        (&mut self.circuit, &self.around)
    }

    /// The rest of a tick whose circuit has given this heat.
    #[inline(always)]
    pub(crate) fn take(&mut self, heat: &PadHeat, drive: &Drive, conditions: &Conditions) {
        for (sum, joules) in self.film_j.iter_mut().zip(heat.film_j) {
            *sum += joules;
        }
        for (sum, joules) in self.foam_j.iter_mut().zip(heat.foam_j) {
            *sum += joules;
        }
        self.nodes_j += heat.nodes_j;
        self.move_arm(drive.motor_duty[KNEADING]);
        self.ticks += 1;
        self.ticks_to_step -= 1;
        self.thermal_stepped = self.ticks_to_step == 0;
        if self.thermal_stepped {
            self.ticks_to_step = self.build.thermal_step_ticks;
            self.thermal_step(conditions);
        }
    }

    /// Voltages, currents and powers of the tick just done.
    #[must_use]
    pub fn electrical(&self) -> &Electrical {
        self.circuit.electrical()
    }

    /// Motor `index`: 0 kneading, 1 vibration.
    ///
    /// # Panics
    /// There are [`MOTORS`] motors.
    #[must_use]
    pub fn motor(&self, index: usize) -> &MotorState {
        self.circuit.motor(index)
    }

    /// Temperatures and doses of pad and body.
    #[must_use]
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// Film temperature at each zone's thermistor, degC.
    #[must_use]
    pub fn ntc_film_c(&self) -> [f64; ZONES] {
        self.ntc_film_c
    }

    /// Contacts of each zone's cut-out.
    #[must_use]
    pub fn cutout_closed(&self) -> [bool; ZONES] {
        self.around.cutout_closed
    }

    /// Temperature of each zone's cut-out, degC.
    #[must_use]
    pub fn cutout_c(&self) -> [f64; ZONES] {
        core::array::from_fn(|zone| self.cutouts[zone].bimetal_c())
    }

    /// Force with which each node presses, N.
    #[must_use]
    pub fn node_force_n(&self) -> f64 {
        self.node_force_n
    }

    /// Chooses the field's vector instructions; the results are the same on all.
    pub fn set_vectors(&mut self, vectors: Vectors) {
        self.field.set_vectors(vectors);
    }

    /// Whether the tick just done completed a thermal step.
    #[must_use]
    pub fn thermal_stepped(&self) -> bool {
        self.thermal_stepped
    }

    /// Ticks done.
    #[must_use]
    pub fn tick_count(&self) -> u64 {
        self.ticks
    }

    /// Energy that crossed the boundary of the electrical and mechanical half
    /// since the start.
    #[must_use]
    pub fn circuit_ledger(&self) -> &Ledger {
        self.circuit.ledger()
    }

    /// What went in since the start against what came out and what is stored.
    /// Adds up every cell of the field: for reports, not for every tick.
    #[must_use]
    pub fn energy(&self) -> EnergyBalance {
        self.balance(&self.circuit_now())
    }

    /// The same as of the last thermal step; the field has not moved since.
    #[must_use]
    pub fn energy_at_step(&self) -> EnergyBalance {
        self.balance(&self.circuit_at_step)
    }

    fn circuit_now(&self) -> CircuitEnergy {
        let ledger = self.circuit.ledger();
        let waiting_j = self.film_j.iter().chain(&self.foam_j).sum::<f64>() + self.nodes_j;
        CircuitEnergy {
            put_in_j: ledger.put_in_j(),
            out_j: ledger.out_j(),
            nodes_j: self.nodes_j,
            stored_j: self.circuit.stored_j() + waiting_j,
        }
    }

    fn balance(&self, circuit: &CircuitEnergy) -> EnergyBalance {
        let field = self.field.ledger();
        let (mut put_in_j, mut out_j) = (circuit.put_in_j, circuit.out_j);
        // Each boundary of the field counts by its net flow since the start.
        for net_j in [
            field.metabolic_j,
            field.blood_j,
            field.core_j,
            field.air_j,
            field.clothing_j,
        ] {
            put_in_j += net_j.max(0.0);
            out_j -= net_j.min(0.0);
        }
        // Work that became heat of the cover, or is about to, has not left.
        out_j -= field.nodes_j + circuit.nodes_j;
        let stored_j = self.stored_j(circuit.stored_j);
        EnergyBalance::new(put_in_j, out_j, stored_j - self.started_with_j)
    }

    /// The arm presses fully while the nodes are driven or turn forwards, also
    /// when they are stuck; it folds to `reverse_share` when they go backwards
    /// and when they rest, where it still lies against the body.
    #[inline(always)]
    fn move_arm(&mut self, duty: f64) {
        let kneading = &self.build.kneading;
        let turning = self.circuit.motor(KNEADING).speed_rad_s;
        let forwards = duty > 0.0 || (duty == 0.0 && turning > 0.0);
        let aim_n = if forwards {
            kneading.force_n
        } else {
            resting_force_n(kneading)
        };
        self.node_force_n += (aim_n - self.node_force_n) * (TICK_S / (ARM_S + TICK_S));
        self.node_force_sum_n += self.node_force_n;
    }

    #[inline(never)]
    fn thermal_step(&mut self, conditions: &Conditions) {
        let step_ticks = f64::from(self.build.thermal_step_ticks);
        let per_second = 1.0 / (step_ticks * TICK_S);
        let parked = conditions.nodes_parked >= 0.5;
        let angle_rad = self.circuit.motor(KNEADING).output_angle_rad;
        let loads = Loads {
            heater_w: self.film_j.map(|joules| joules * per_second),
            motor_w: self.foam_j.map(|joules| joules * per_second),
            node_angle_rad: if parked {
                conditions.parked_angle_rad
            } else {
                0.5 * (self.step_angle_rad + angle_rad)
            },
            node_force_n: self.node_force_sum_n / step_ticks,
            node_w: self.nodes_j * per_second,
        };
        self.field.step(&loads, conditions);
        self.film_j = [0.0; ZONES];
        self.foam_j = [0.0; MOTORS];
        self.nodes_j = 0.0;
        self.node_force_sum_n = 0.0;
        self.step_angle_rad = angle_rad;
        for (zone, cutout) in self.cutouts.iter_mut().enumerate() {
            let film_c = self.field.film_at(self.build.heaters[zone].cutout);
            let state = CutoutState {
                welded: conditions.cutout_welded[zone],
                shift_k: conditions.cutout_shift_k[zone],
                close_shift_k: conditions.cutout_close_shift_k[zone],
            };
            self.around.cutout_closed[zone] = cutout.step(film_c, &state, step_ticks * TICK_S);
        }
        self.look_around();
        self.circuit_at_step = self.circuit_now();
    }

    /// Takes over what the circuit feels until the next thermal step.
    fn look_around(&mut self) {
        let force_n = self.build.kneading.force_n;
        self.around.nodes_press = if force_n > 0.0 {
            self.node_force_n / force_n
        } else {
            0.0
        };
        self.around.film_c = self.field.stats().zone_film_mean_c;
        for (film_c, heater) in self.ntc_film_c.iter_mut().zip(&self.build.heaters) {
            *film_c = self.field.film_at(heater.ntc);
        }
        for (foam_c, motor) in self.around.foam_c.iter_mut().zip(&self.build.motors) {
            *foam_c = self.field.foam_mean_c(motor.place);
        }
    }

    fn stored_j(&self, circuit_j: f64) -> f64 {
        self.field.stored_j() + circuit_j
    }
}

/// The circuit's share of the energy balance, J.
#[derive(Clone, Copy, Debug, Default)]
struct CircuitEnergy {
    put_in_j: f64,
    out_j: f64,
    /// Work of the nodes that the field has not taken yet.
    nodes_j: f64,
    /// In motors and pack, and heat on its way to the field.
    stored_j: f64,
}

/// Force of nodes that stand still or turn backwards, N.
fn resting_force_n(kneading: &Kneading) -> f64 {
    kneading.force_n * kneading.reverse_share
}
