//! Scheme F: `L` sessions in lock-step, one tick after the other.

use crate::column::Column;
use crate::conduction::Columns;
use crate::heater_control::{HeaterControl, Table};
use crate::motor::{Motors, STEPS};
use crate::workload::{
    AIR_W_PER_M2_K, AMBIENT_C, AREA_M2, BLANKET_TICK, CASE_TO_FILM_K_PER_W, CORE_C,
    HEATER_EVERY_TICKS, HEATER_W, Outputs, SENSOR_LAG_S, STUCK_TICKS, TICK_S, Variation, ZERO_C_K,
};
use kneadsim_plant::dose::{ArrheniusSet, cem43_rate};
use kneadsim_plant::exponential::exp;
use kneadsim_plant::vector::Vectors;
use pulp::NullaryFnOnce;

/// Sessions in lock-step; `L` of 1 is a lone session.
#[derive(Clone, Debug)]
pub struct Batch<const L: usize> {
    vectors: Vectors,
    tick: u32,
    table: Table,
    control: HeaterControl<L>,
    motors: Motors<L>,
    columns: Columns<L>,
    film: Films<L>,
    doses: Doses<L>,
}

/// Heater, thermistor and the film's surroundings. Temperatures relative to the core.
#[derive(Clone, Debug)]
struct Films<const L: usize> {
    power_w: [f64; L],
    air: [f64; L],
    sensor_k: [f64; L],
    /// Heat into the film in this tick, W/m2.
    flux: [f64; L],
    heater_j: [f64; L],
    peak_k: [f64; L],
}

/// Dose at the basal layer.
#[derive(Clone, Debug)]
struct Doses<const L: usize> {
    log_a: f64,
    e_over_r_k: f64,
    cem43_min: [f64; L],
    omega: [f64; L],
    peak_k: [f64; L],
}

impl<const L: usize> Batch<L> {
    /// Sessions of these variations, on the widest vectors that the processor has.
    #[must_use]
    pub fn new(variations: &[Variation; L]) -> Self {
        let henriques = ArrheniusSet::Henriques.constants()[0];
        Self {
            vectors: Vectors::widest(),
            tick: 0,
            table: Table::new(),
            control: HeaterControl::new(variations),
            motors: Motors::new(variations),
            columns: Columns::new(&core::array::from_fn(|l| Column::of(&variations[l]))),
            film: Films {
                power_w: variations.map(|v| HEATER_W * v.heater_power),
                air: variations.map(|v| v.air),
                sensor_k: [AMBIENT_C - CORE_C; L],
                flux: [0.0; L],
                heater_j: [0.0; L],
                peak_k: [f64::NEG_INFINITY; L],
            },
            doses: Doses {
                log_a: libm::log(henriques.a_per_s),
                e_over_r_k: henriques.e_over_r_k,
                cem43_min: [0.0; L],
                omega: [0.0; L],
                peak_k: [f64::NEG_INFINITY; L],
            },
        }
    }

    /// Chooses the vector instructions; the results are the same on all.
    pub fn set_vectors(&mut self, vectors: Vectors) {
        self.vectors = vectors;
    }

    /// Runs on for a number of ticks.
    pub fn run(&mut self, ticks: u32) {
        self.vectors.run(Ticks { batch: self, ticks });
    }

    /// What a lane's session gave so far.
    #[must_use]
    pub fn outputs(&self, l: usize) -> Outputs {
        let steps = f64::from(self.tick) * STEPS as f64;
        Outputs {
            peak_film_c: self.film.peak_k[l] + CORE_C,
            peak_basal_c: self.doses.peak_k[l] + CORE_C,
            end_film_c: self.columns.cells_k[0][l] + CORE_C,
            end_basal_c: self.columns.basal_k(l) + CORE_C,
            cem43_min: self.doses.cem43_min[l],
            omega: self.doses.omega[l],
            heater_j: self.film.heater_j[l],
            peak_winding_c: self.motors.winding_peak_k[l] + CORE_C,
            copper_j: self.motors.copper_j[l],
            mean_speed_rad_s: self.motors.speed_sum[l] / steps,
            lockouts: self.control.lockouts[l] as u32,
        }
    }

    #[inline(always)]
    fn tick(&mut self) {
        if self.tick.is_multiple_of(HEATER_EVERY_TICKS) {
            self.control.step(&self.table, &self.film.sensor_k);
        }
        let film_k = self.columns.cells_k[0];
        self.heat_films(&film_k);
        self.doses.add(&self.columns);
        self.columns.step(&self.film.flux);
        self.motors.tick(self.tick, &film_k);
        self.tick += 1;
    }

    /// The heat into the films and its sum; the thermistors follow.
    #[inline(always)]
    fn heat_films(&mut self, film_k: &[f64; L]) {
        let air = AIR_W_PER_M2_K[usize::from(self.tick >= BLANKET_TICK)];
        let stuck = STUCK_TICKS.contains(&self.tick);
        let film = &mut self.film;
        for l in 0..L {
            let asked = if stuck { 1.0 } else { self.control.duty[l] };
            let duty = if self.control.locked[l] > 0.0 {
                0.0
            } else {
                asked
            };
            let heater_w = film.power_w[l] * duty;
            let t = film_k[l];
            let from_air = air * film.air[l] * ((AMBIENT_C - CORE_C) - t);
            let from_case = (self.motors.case_k[l] - t) * (1.0 / (CASE_TO_FILM_K_PER_W * AREA_M2));
            film.flux[l] = heater_w * (1.0 / AREA_M2) + from_air + from_case;
            film.heater_j[l] += heater_w * TICK_S;
            film.peak_k[l] = if t > film.peak_k[l] {
                t
            } else {
                film.peak_k[l]
            };
            film.sensor_k[l] += TICK_S / SENSOR_LAG_S * (t - film.sensor_k[l]);
        }
    }
}

impl<const L: usize> Doses<L> {
    /// Adds a tick at the rate of its start.
    #[inline(always)]
    fn add(&mut self, columns: &Columns<L>) {
        let mut basal_k = [0.0; L];
        for (l, basal_k) in basal_k.iter_mut().enumerate() {
            *basal_k = columns.basal_k(l);
        }
        for (peak_k, t) in self.peak_k.iter_mut().zip(&basal_k) {
            *peak_k = if *t > *peak_k { *t } else { *peak_k };
        }
        for (cem43_min, t) in self.cem43_min.iter_mut().zip(&basal_k) {
            *cem43_min += TICK_S / 60.0 * cem43_rate(t + CORE_C);
        }
        let (log_a, e_over_r_k) = (self.log_a, self.e_over_r_k);
        for (omega, t) in self.omega.iter_mut().zip(&basal_k) {
            let inverse_k = 1.0 / (t + (CORE_C + ZERO_C_K));
            *omega += TICK_S * exp(log_a - e_over_r_k * inverse_k);
        }
    }
}

struct Ticks<'a, const L: usize> {
    batch: &'a mut Batch<L>,
    ticks: u32,
}

impl<const L: usize> NullaryFnOnce for Ticks<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for _ in 0..self.ticks {
            self.batch.tick();
        }
    }
}
