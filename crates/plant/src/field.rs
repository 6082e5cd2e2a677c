//! The heat field: pad and body as columns of cells, with what heats, presses
//! and perfuses them.
//!
//! One [`Field::step`] is one thermal step. Order within it: where the nodes
//! press, perfusion (once a second), heat, the implicit step of every column,
//! conduction between columns, dose, statistics. Not here: what the heater
//! draws or the motors turn, which arrive as [`Loads`].

mod factor;
mod kernel;
pub mod lateral;
pub mod lattice;
mod perfusion;
pub mod raster;
mod stats;
mod uniform;
mod views;

pub use lateral::explicit_step_limit_s;
pub use stats::FieldStats;

use crate::build::{Build, MOTORS, Place, TICK_S, ZONES};
use crate::conditions::Conditions;
use crate::density::Density;
use crate::dose::Dose;
use crate::kneading::{Pressed, contact_w_per_m2_k};
use crate::lanes::Machine;
use crate::stack::{Cells, Layer, PRODUCTION, Stack};
use crate::tissue::DERMIS;
use crate::vector::{Vectors, Work};
use lateral::Lateral;
use lattice::{Lattice, Surroundings};
use perfusion::Perfusion;
use raster::Raster;
use stats::Zones;

/// How often perfusion and the pad's lateral heat are renewed, s. Both change
/// over minutes.
const SLOW_PERIOD_S: f64 = 1.0;
/// Slow periods between two exchanges of heat between tissue columns, whose
/// fastest time constant is 156 s.
const EXCHANGE_PERIODS: u32 = 2;

/// Radius of the patch of foam that a motor's heat reaches through its frame, m
/// [E]: a motor of 36 mm by 57 mm with its gear on a plate behind the foam.
const MOTOR_PATCH_M: f64 = 0.06;

/// What acts on the field during one thermal step: mean values over it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loads {
    /// Power of each heater zone, W.
    pub heater_w: [f64; ZONES],
    /// Heat from each motor's case into the foam around it, W.
    pub motor_w: [f64; MOTORS],
    /// Angle of the kneading mechanism's output shaft at mid-step, rad.
    pub node_angle_rad: f64,
    /// Force of each node on the body, N; 0 when not pressing.
    pub node_force_n: f64,
    /// Work of both nodes on cover and body, W.
    pub node_w: f64,
}

/// Heat that went into the field since the start, J; negative where it left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FieldLedger {
    /// Stored above 0 degC at the start.
    pub stored_at_start_j: f64,
    /// From the heater zones.
    pub heater_j: f64,
    /// From the motors.
    pub motor_j: f64,
    /// From the friction of the nodes.
    pub nodes_j: f64,
    /// Metabolism.
    pub metabolic_j: f64,
    /// From the blood.
    pub blood_j: f64,
    /// From the body's core.
    pub core_j: f64,
    /// From the air, to pad and body.
    pub air_j: f64,
    /// Brought by a change of clothing.
    pub clothing_j: f64,
}

impl FieldLedger {
    /// All that went in since the start, J.
    pub fn gained_j(&self) -> f64 {
        self.heater_j
            + self.motor_j
            + self.nodes_j
            + self.metabolic_j
            + self.blood_j
            + self.core_j
            + self.air_j
            + self.clothing_j
    }
}

/// Pad and body of one run.
#[derive(Clone, Debug)]
pub struct Field {
    build: Build,
    dt_s: f64,
    raster: Raster,
    zones: Zones,
    lattice: Lattice,
    lateral: Lateral,
    density: Density,
    pressed: Pressed,
    perfusion: Perfusion,
    dose: Dose,
    stats: FieldStats,
    ledger: FieldLedger,
    /// Columns behind which each motor's heat spreads, with their shares.
    motor_shares: [Vec<(usize, f64)>; MOTORS],
    /// Heat per W of each motor in each foam row, and of each zone in the film, 1/m2.
    motor_per_m2: [Vec<f64>; MOTORS],
    zone_per_m2: [Vec<f64>; ZONES],
    foam_rows: usize,
    slow_steps: u32,
    steps_to_slow: u32,
    periods_to_exchange: u32,
    pad_steps: u32,
    steps_to_pad: u32,
    vectors: Vectors,
}

impl Field {
    /// A body in its bare steady state with the site's starting skin
    /// temperature, dressed, and a pad at ambient.
    pub fn new(build: &Build, conditions: &Conditions) -> Field {
        Field::with_cells(build, conditions, PRODUCTION)
    }

    /// The same with other cell counts, for refinement studies.
    pub fn with_cells(build: &Build, conditions: &Conditions, cells: Cells) -> Field {
        let raster = Raster::new(build);
        let stack = Stack::of(build, cells);
        let skin_c = build.body.site.start_skin_c();
        let dt_s = f64::from(build.thermal_step_ticks) * TICK_S;
        let columns = raster.columns();
        let perfusion = Perfusion::new(
            build.body.profile,
            stack.tissues[DERMIS].perfusion_per_s,
            columns,
            skin_c,
            dt_s,
        );
        let lateral = Lateral::new(&stack, &raster);
        let foam_rows = stack.film_row();
        let contact = build.pad.contact_light_m2k_per_w;
        let mut lattice = Lattice::new(stack, &raster.area_m2, contact, skin_c);
        perfusion.write(&mut lattice, conditions.perfusion_scale);
        rest(&mut lattice, conditions, skin_c);
        let steps_in = |period_s: f64| (period_s / dt_s).floor().max(1.0) as u32;
        let slow_steps = steps_in(SLOW_PERIOD_S);
        let pad_steps = steps_in(SLOW_PERIOD_S.min(lateral.pad_period_s()));
        let dose = Dose::new(lattice.basal_c());
        let zones = Zones::new(&raster);
        let stats = FieldStats::of(&lattice, &raster, &zones, &dose);
        let vectors = Vectors::widest();
        let ledger = FieldLedger {
            stored_at_start_j: vectors.work(Stored(&lattice)),
            ..FieldLedger::default()
        };
        let motor_shares =
            [0, 1].map(|motor: usize| raster.patch(build.motors[motor].place, MOTOR_PATCH_M));
        let density = Density::new(build, &raster, conditions);
        Field {
            build: *build,
            dt_s,
            pressed: Pressed::new(&raster),
            motor_per_m2: [0, 1].map(|motor: usize| {
                let mut per_m2 = vec![0.0; raster.columns()];
                for (column, share) in &motor_shares[motor] {
                    per_m2[*column] = share / (foam_rows as f64 * raster.area_m2[*column]);
                }
                per_m2
            }),
            zone_per_m2: [0, 1].map(|zone| {
                let shares = density.share(zone).iter().zip(&raster.area_m2);
                shares.map(|(share, area_m2)| share / area_m2).collect()
            }),
            motor_shares,
            density,
            raster,
            zones,
            lattice,
            lateral,
            perfusion,
            dose,
            stats,
            ledger,
            foam_rows,
            slow_steps,
            steps_to_slow: 0,
            periods_to_exchange: 0,
            pad_steps,
            steps_to_pad: 0,
            vectors,
        }
    }

    /// Runs on these instructions instead of the widest; the results are the same.
    pub fn set_vectors(&mut self, vectors: Vectors) {
        self.vectors = vectors;
    }

    /// Advances by one thermal step under mean loads.
    pub fn step(&mut self, loads: &Loads, conditions: &Conditions) {
        self.vectors.work(Step {
            field: self,
            loads,
            conditions,
        });
    }

    #[inline(always)]
    fn step_on<M: Machine>(&mut self, machine: M, loads: &Loads, conditions: &Conditions) {
        self.press(loads, conditions);
        if self.steps_to_slow == 0 {
            self.steps_to_slow = self.slow_steps;
            self.renew_slow(conditions);
        }
        self.steps_to_slow -= 1;
        if self.steps_to_pad == 0 && self.raster.is_connected() {
            self.steps_to_pad = self.pad_steps;
            let period_s = f64::from(self.pad_steps) * self.dt_s;
            self.lateral.renew_pad(&self.lattice, period_s);
        }
        self.steps_to_pad = self.steps_to_pad.saturating_sub(1);
        self.heat(loads, conditions);
        self.rub(loads);
        self.lattice
            .advance_on(machine, self.dt_s, &surroundings(conditions));
        self.dose
            .advance_on(machine, self.lattice.basal_c(), self.dt_s);
        self.stats = FieldStats::of(&self.lattice, &self.raster, &self.zones, &self.dose);
        self.keep_ledger(loads);
    }

    fn foam_of(&self, shares: &[(usize, f64)]) -> f64 {
        self.lattice.back_mean_c(self.foam_rows, shares)
    }

    #[inline(always)]
    fn press(&mut self, loads: &Loads, conditions: &Conditions) {
        let contact = unit(conditions.contact);
        let body_kpa = contact * conditions.pressure_kpa.max(0.0);
        let force_n = contact * loads.node_force_n;
        let kneading = &self.build.kneading;
        self.pressed
            .place(kneading, &self.raster, loads.node_angle_rad, force_n);
        let light = contact_w_per_m2_k(&self.build.pad, body_kpa);
        // A column of a zone has the mean of its cells' conductances.
        let conductance = self.lattice.contact_mut();
        conductance.fill(light);
        for (column, touches) in self.pressed.runs() {
            let mut sum = conductance[column];
            for touch in touches {
                let under_node = contact_w_per_m2_k(&self.build.pad, body_kpa + touch.added_kpa);
                sum += touch.share * (under_node - light);
            }
            conductance[column] = sum;
        }
        self.perfusion.press(body_kpa, &self.pressed);
    }

    #[inline(always)]
    fn renew_slow(&mut self, conditions: &Conditions) {
        let period_s = f64::from(self.slow_steps) * self.dt_s;
        if self.periods_to_exchange == 0 && self.raster.is_connected() {
            self.periods_to_exchange = EXCHANGE_PERIODS;
            let periods_s = f64::from(EXCHANGE_PERIODS) * period_s;
            self.lateral.exchange_body(&mut self.lattice, periods_s);
        }
        self.periods_to_exchange = self.periods_to_exchange.saturating_sub(1);
        self.perfusion.follow(self.lattice.skin_c(), period_s);
        self.perfusion
            .write(&mut self.lattice, conditions.perfusion_scale.max(0.0));
    }

    /// Heat of every pad row: from the neighbours, and foam from the motors,
    /// film from the zones, cover from the nodes.
    #[inline(always)]
    fn heat(&mut self, loads: &Loads, conditions: &Conditions) {
        if self.density.follow(&self.build, &self.raster, conditions) {
            for (zone, per_m2) in self.zone_per_m2.iter_mut().enumerate() {
                let shares = self.density.share(zone).iter().zip(&self.raster.area_m2);
                for (per_m2, (share, area_m2)) in per_m2.iter_mut().zip(shares) {
                    *per_m2 = share / area_m2;
                }
            }
        }
        let clothing_row = self.lattice.clothing_row();
        for row in 0..clothing_row {
            let heat = self.lattice.heat_mut(row);
            let lateral = self.lateral.pad_w_per_m2(row);
            let (watts, per_m2) = if row < self.foam_rows {
                (&loads.motor_w, &self.motor_per_m2)
            } else if row == self.foam_rows {
                (&loads.heater_w, &self.zone_per_m2)
            } else {
                heat.copy_from_slice(lateral);
                continue;
            };
            let sources = per_m2[0].iter().zip(&per_m2[1]).zip(lateral);
            for (heat, ((first, second), lateral)) in heat.iter_mut().zip(sources) {
                *heat = lateral + (watts[0] * first + watts[1] * second);
            }
        }
    }

    /// Heats the cover where the nodes rub, by their pressure. Work of nodes
    /// that press nothing, or beside the columns, goes elsewhere.
    #[inline(always)]
    fn rub(&mut self, loads: &Loads) {
        let whole_kpa = self.pressed.whole_kpa();
        if whole_kpa <= 0.0 || loads.node_w <= 0.0 {
            return;
        }
        let cover = self.foam_rows + 1..self.lattice.clothing_row();
        let row_w_per_kpa = loads.node_w / (whole_kpa * cover.len() as f64);
        let mut nodes_j = self.ledger.nodes_j;
        for row in cover {
            let heat = self.lattice.heat_mut(row);
            for (column, touches) in self.pressed.runs() {
                let area_m2 = self.raster.area_m2[column];
                let mut sum = heat[column];
                for touch in touches {
                    let row_w = row_w_per_kpa * touch.added_kpa;
                    sum += row_w / area_m2;
                    nodes_j += self.dt_s * row_w;
                }
                heat[column] = sum;
            }
        }
        self.ledger.nodes_j = nodes_j;
    }

    fn keep_ledger(&mut self, loads: &Loads) {
        let flows = self.lattice.flows();
        self.ledger.heater_j += self.dt_s * loads.heater_w.iter().sum::<f64>();
        self.ledger.motor_j += self.dt_s * loads.motor_w.iter().sum::<f64>();
        self.ledger.metabolic_j = flows.metabolic_j;
        self.ledger.blood_j = flows.blood_j;
        self.ledger.core_j = flows.core_j;
        self.ledger.air_j = flows.back_j + flows.front_j;
        self.ledger.clothing_j = flows.clothing_j;
    }
}

/// One step as work for [`Vectors::work`].
struct Step<'a> {
    field: &'a mut Field,
    loads: &'a Loads,
    conditions: &'a Conditions,
}

impl Work for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn run<M: Machine>(self, machine: M) {
        self.field.step_on(machine, self.loads, self.conditions);
    }
}

/// The sum of what is stored as work for [`Vectors::work`].
struct Stored<'a>(&'a Lattice);

impl Work for Stored<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<M: Machine>(self, machine: M) -> f64 {
        self.0.stored_on(machine)
    }
}

fn name_of(layer: Layer) -> &'static str {
    match layer {
        Layer::Foam => "foam",
        Layer::Film => "film",
        Layer::Cover => "cover",
        Layer::Clothing => "clothing",
        Layer::Tissue(index) => Stack::body_names()[index],
    }
}

/// Into 0 to 1; what is not a number becomes 0.
fn unit(share: f64) -> f64 {
    if share > 0.0 { share.min(1.0) } else { 0.0 }
}

fn surroundings(conditions: &Conditions) -> Surroundings {
    // No air movement at all is an infinite resistance and no heat.
    let air_m2k_per_w =
        1.0 / conditions.air_w_per_m2_k.max(0.0) + conditions.blanket_m2k_per_w.max(0.0);
    Surroundings {
        ambient_c: conditions.ambient_c,
        back_m2k_per_w: air_m2k_per_w,
        front_m2k_per_w: air_m2k_per_w,
        contact: unit(conditions.contact),
        clothing_m2k_per_w: conditions.clothing_m2k_per_w.max(0.0),
        clothing_j_per_m2_k: conditions.clothing_j_per_m2_k.max(0.0),
        blood_c: conditions.core_c,
        face_w_per_m2: 0.0,
    }
}

/// Resistance that holds a face at a temperature, m2K/W: 1e-9 K at 1000 W/m2.
const HELD_M2K_PER_W: f64 = 1.0e-12;

/// Brings the body to rest with its skin held at a temperature, then dresses
/// it and sets the pad to ambient.
fn rest(lattice: &mut Lattice, conditions: &Conditions, skin_c: f64) {
    let dressed = surroundings(conditions);
    let held = Surroundings {
        ambient_c: skin_c,
        front_m2k_per_w: HELD_M2K_PER_W,
        contact: 0.0,
        clothing_m2k_per_w: 0.0,
        clothing_j_per_m2_k: dressed.clothing_j_per_m2_k,
        ..dressed
    };
    lattice.settle(&held);
    for row in 0..lattice.clothing_row() {
        lattice.set_row_c(row, conditions.ambient_c);
    }
    // Clothing in balance between skin and air.
    let half = dressed.clothing_m2k_per_w / 2.0;
    let outwards = half / (2.0 * half + 1.0 / conditions.air_w_per_m2_k.max(1.0e-3));
    let clothing_c = skin_c + outwards * (conditions.ambient_c - skin_c);
    lattice.set_row_c(lattice.clothing_row(), clothing_c);
    lattice.settle_faces(conditions.ambient_c, skin_c);
}
