//! Class A: the workload on the plant's own solvers, as the product runs on them.
//!
//! The implicit second-order lattice in steps of 0.1 s, the dose by the mean of an
//! exponential over each step, the motor by its implicit steps of 2.5 ms. Where
//! the plant's models differ from the workload's, by what:
//!
//! - The plant's dry friction holds a rotor; the workload's fades below 5 rad/s. The
//!   motor passes there once a minute.
//! - The plant books friction as heat of the case. The workload loses it: here dry
//!   friction counts as part of the load; 0.2 W of viscous friction remain.
//! - The plant's bridge cannot brake through the supply; the workload never does
//!   but near standstill.
//! - The plant takes the ripple of the load at the start of a tick.

use crate::column::{Column, DERMIS, SKIN, contact_m2k_per_w, stack_of_thin_dermis};
use crate::conduction::dilation;
use crate::heater_control::{HeaterControl, Table};
use crate::motor::{
    CASE_J_PER_K, CASE_TO_AIR_K_PER_W, CONSTANT, DRY_NM, EFFICIENCY, GEAR, INDUCTANCE_H,
    INERTIA_KG_M2, LOAD_NM, R20_OHM, RIPPLE_NM, SUPPLY_V, TEMPCO_PER_K, VISCOUS_NM_S,
    WINDING_J_PER_K, WINDING_TO_CASE_K_PER_W,
};
use crate::motor_control::{SpeedControl, target_rad_s};
use crate::workload::{
    AIR_W_PER_M2_K, AMBIENT_C, AREA_M2, BLANKET_TICK, CASE_TO_FILM_K_PER_W, CORE_C,
    HEATER_EVERY_TICKS, HEATER_W, Outputs, SENSOR_LAG_S, STUCK_TICKS, TICK_S, Variation,
};
use kneadsim_plant::build::{Build, Motor};
use kneadsim_plant::dose::{ArrheniusSet, Dose};
use kneadsim_plant::exponential::exp;
use kneadsim_plant::field::lattice::{Lattice, Surroundings};
use kneadsim_plant::motor::{DcMotor, Hold, SUBSTEPS};
use kneadsim_plant::vector::Vectors;
use pulp::NullaryFnOnce;

/// Step of the heat, s: one of the heater's controller.
const STEP_S: f64 = TICK_S * HEATER_EVERY_TICKS as f64;
/// First tissue layer of the dermis in the stack with the thin layers.
const FIRST_DERMIS_LAYER: usize = 1;
/// The plant states resistances at this, degC.
const PLANT_REFERENCE_C: f64 = 25.0;

/// One session.
#[derive(Clone, Debug)]
pub struct PlantSession {
    variation: Variation,
    vectors: Vectors,
    tick: u32,
    table: Table,
    heater: HeaterControl<1>,
    speed: SpeedControl<1>,
    lattice: Lattice,
    dose: Dose,
    motor: DcMotor,
    basal_perfusion_per_s: f64,
    sensor_c: f64,
    outputs: Outputs,
    speed_sum: f64,
}

impl PlantSession {
    /// A session at its start.
    #[must_use]
    pub fn new(variation: &Variation) -> PlantSession {
        let stack = stack_of_thin_dermis(variation);
        let column = Column::of(variation);
        let basal_perfusion_per_s = stack.tissues[FIRST_DERMIS_LAYER].perfusion_per_s;
        let contact = contact_m2k_per_w(variation);
        let mut lattice = Lattice::new(stack, &[AREA_M2], contact, AMBIENT_C);
        let clothing = lattice.clothing_row();
        for (cell, start_k) in column.start_k.iter().enumerate() {
            // The clothing's row, which has nothing in it here, lies before the skin's.
            let row = cell + usize::from(cell >= clothing);
            lattice.set_row_c(row, start_k + CORE_C);
        }
        let basal_k = column.basal_share * column.start_k[DERMIS.start - 1]
            + (1.0 - column.basal_share) * column.start_k[DERMIS.start];
        PlantSession {
            variation: *variation,
            vectors: Vectors::widest(),
            tick: 0,
            table: Table::new(),
            heater: HeaterControl::new(&[*variation]),
            speed: SpeedControl::new(),
            lattice,
            dose: Dose::new(&[basal_k + CORE_C]),
            motor: DcMotor::new(&motor(variation), AMBIENT_C),
            basal_perfusion_per_s,
            sensor_c: AMBIENT_C,
            outputs: Outputs {
                peak_film_c: AMBIENT_C,
                peak_basal_c: basal_k + CORE_C,
                end_film_c: AMBIENT_C,
                end_basal_c: basal_k + CORE_C,
                cem43_min: 0.0,
                omega: 0.0,
                heater_j: 0.0,
                peak_winding_c: AMBIENT_C,
                copper_j: 0.0,
                mean_speed_rad_s: 0.0,
                lockouts: 0,
            },
            speed_sum: 0.0,
        }
    }

    /// Chooses the vector instructions; the results are the same on all.
    pub fn set_vectors(&mut self, vectors: Vectors) {
        self.vectors = vectors;
    }

    /// Runs on for a number of steps of 0.1 s.
    pub fn run(&mut self, steps: u32) {
        let vectors = self.vectors;
        vectors.run(Steps {
            session: self,
            steps,
        });
    }

    /// What it gave so far.
    #[must_use]
    pub fn outputs(&self) -> Outputs {
        Outputs {
            cem43_min: self.dose.cem43_min()[0],
            omega: self.dose.omega(ArrheniusSet::Henriques)[0],
            mean_speed_rad_s: self.speed_sum / f64::from(self.tick),
            lockouts: self.heater.lockouts[0] as u32,
            ..self.outputs
        }
    }

    #[inline(always)]
    fn step(&mut self) {
        self.heater.step(&self.table, &[self.sensor_c - CORE_C]);
        let film_c = self.outputs.end_film_c;
        let mut to_film_j = 0.0;
        for tick in self.tick..self.tick + HEATER_EVERY_TICKS {
            to_film_j += self.turn(tick, film_c);
        }
        let stuck = STUCK_TICKS.contains(&self.tick);
        let asked = if stuck { 1.0 } else { self.heater.duty[0] };
        let duty = asked * (1.0 - self.heater.locked[0]);
        let heater_w = HEATER_W * self.variation.heater_power * duty;
        self.lattice.heat_mut(0)[0] = (heater_w + to_film_j / STEP_S) / AREA_M2;
        self.dilate();
        let around = self.surroundings();
        self.lattice.advance(STEP_S, &around);

        let next_film_c = self.lattice.film_c()[0];
        let mean_c = 0.5 * (film_c + next_film_c);
        self.sensor_c += (1.0 - exp(-STEP_S / SENSOR_LAG_S)) * (mean_c - self.sensor_c);
        let basal_c = self.lattice.basal_c()[0];
        self.dose.advance(&[basal_c], STEP_S);
        let out = &mut self.outputs;
        out.end_film_c = next_film_c;
        out.end_basal_c = basal_c;
        out.peak_film_c = out.peak_film_c.max(next_film_c);
        out.peak_basal_c = out.peak_basal_c.max(basal_c);
        out.heater_j += heater_w * STEP_S;
        self.tick += HEATER_EVERY_TICKS;
    }

    /// One tick of the motor; gives the heat that went into the film, J.
    #[inline(always)]
    fn turn(&mut self, tick: u32, film_c: f64) -> f64 {
        let speed = self.motor.state().speed_rad_s;
        self.motor.begin_tick(&Hold {
            duty: self.speed.duty(0, target_rad_s(tick), speed),
            locked: false,
            load_scale: 1.0,
            body_share: 1.0,
        });
        for _ in 0..SUBSTEPS {
            let response = self.motor.respond(SUPPLY_V);
            self.motor.accept(&response);
        }
        let energy = self.motor.end_tick(AMBIENT_C, film_c);
        let state = self.motor.state();
        let ohm = R20_OHM * (1.0 + TEMPCO_PER_K * (state.winding_c - 20.0));
        self.speed_sum += state.speed_rad_s.abs();
        self.outputs.copper_j += ohm * state.current_a * state.current_a * TICK_S;
        self.outputs.peak_winding_c = self.outputs.peak_winding_c.max(state.winding_c);
        energy.to_foam_j
    }

    /// Perfusion of each cell of the dermis at its temperature.
    #[inline(always)]
    fn dilate(&mut self) {
        let rows = self.lattice.clothing_row() + 1 + (DERMIS.start - SKIN)..;
        for (layer, row) in (FIRST_DERMIS_LAYER..FIRST_DERMIS_LAYER + DERMIS.len()).zip(rows) {
            let t_k = self.lattice.cell_c(row, 0) - CORE_C;
            let perfusion = self.basal_perfusion_per_s * dilation(t_k);
            self.lattice.perfusion_mut(layer).fill(perfusion);
        }
        self.lattice.perfusion_changed();
    }

    fn surroundings(&self) -> Surroundings {
        let air = AIR_W_PER_M2_K[usize::from(self.tick >= BLANKET_TICK)] * self.variation.air;
        Surroundings {
            ambient_c: AMBIENT_C,
            back_m2k_per_w: 1.0 / air,
            front_m2k_per_w: 1.0,
            contact: 1.0,
            clothing_m2k_per_w: 0.0,
            clothing_j_per_m2_k: 0.0,
            blood_c: CORE_C,
            face_w_per_m2: 0.0,
        }
    }
}

struct Steps<'a> {
    session: &'a mut PlantSession,
    steps: u32,
}

impl NullaryFnOnce for Steps<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for _ in 0..self.steps {
            self.session.step();
        }
    }
}

/// The workload's motor as one of the plant's.
fn motor(variation: &Variation) -> Motor {
    let reference = 1.0 + TEMPCO_PER_K * (PLANT_REFERENCE_C - 20.0);
    let case_w_per_k = 1.0 / CASE_TO_AIR_K_PER_W + 1.0 / CASE_TO_FILM_K_PER_W;
    let load_nm = DRY_NM * GEAR + LOAD_NM * variation.load / EFFICIENCY;
    Motor {
        resistance_ohm: R20_OHM * reference,
        tempco_per_k: TEMPCO_PER_K / reference,
        inductance_h: INDUCTANCE_H,
        constant_nm_per_a: CONSTANT,
        inertia_kg_m2: INERTIA_KG_M2,
        dry_friction_nm: 0.0,
        viscous_nm_s: VISCOUS_NM_S,
        gear: GEAR,
        load_nm,
        load_ripple: RIPPLE_NM / EFFICIENCY / load_nm,
        gear_loss: 0.0,
        winding_to_case_k_per_w: WINDING_TO_CASE_K_PER_W,
        case_to_ambient_k_per_w: 1.0 / case_w_per_k,
        winding_j_per_k: WINDING_J_PER_K,
        case_j_per_k: CASE_J_PER_K,
        into_pad: 1.0 / CASE_TO_FILM_K_PER_W / case_w_per_k,
        ..Build::default().motors[0]
    }
}
