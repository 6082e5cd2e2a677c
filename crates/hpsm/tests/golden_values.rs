//! HPSM-1 against its golden values: a Runge-Kutta integration of the whole
//! equations in steps of 0.1 ms (nominal) and 0.2 ms (runs).

use kneadsim_hpsm::{Batch, Outputs, PlantSession, TICKS, Variation};

/// A row of the table of golden values.
struct Golden {
    name: &'static str,
    variation: Variation,
    peak_film_c: f64,
    peak_basal_c: f64,
    end_film_c: f64,
    end_basal_c: f64,
    cem43_min: f64,
    omega: f64,
    heater_j: f64,
    peak_winding_c: f64,
    lockouts: u32,
}

#[rustfmt::skip]
fn table() -> Vec<Golden> {
    type Row = (&'static str, Option<u64>, [f64; 8]);
    let rows: [Row; 6] = [
        ("nominal", None, [53.7671, 40.7107, 45.9961, 40.3160, 0.455963, 4.84943e-3, 12621.90, 45.4890]),
        ("run 0", Some(0), [53.9224, 40.3659, 45.9910, 40.0067, 0.297569, 3.83981e-3, 12043.19, 44.5183]),
        ("run 1", Some(1), [54.1743, 40.7524, 46.3021, 40.3774, 0.487894, 5.01762e-3, 13231.75, 45.8395]),
        ("run 2", Some(2), [54.0046, 40.7136, 46.1944, 40.2864, 0.454250, 4.87021e-3, 11955.83, 49.5256]),
        ("run 3", Some(3), [53.7512, 40.6805, 45.9458, 40.2679, 0.436288, 4.75231e-3, 13064.07, 48.7402]),
        ("run 7", Some(7), [53.6561, 40.9182, 45.8520, 40.5125, 0.583342, 5.51991e-3, 12054.96, 45.8837]),
    ];
    rows.map(|(name, run, v)| Golden {
        name,
        variation: run.map_or(Variation::NOMINAL, Variation::of_run),
        peak_film_c: v[0],
        peak_basal_c: v[1],
        end_film_c: v[2],
        end_basal_c: v[3],
        cem43_min: v[4],
        omega: v[5],
        heater_j: v[6],
        peak_winding_c: v[7],
        lockouts: 1,
    })
    .into()
}

/// What a scheme may differ by.
struct Allowed {
    film_k: f64,
    basal_k: f64,
    dose: f64,
    heater: f64,
    winding_k: f64,
}

/// Of the fixed steps, as the workload asks; the winding's is ours (its own
/// quantiser moves the motor's energy by 0.02 % of a rise of 20 K).
const FIXED_STEPS: Allowed = Allowed {
    film_k: 0.02,
    basal_k: 0.002,
    dose: 0.001,
    heater: 0.0005,
    winding_k: 0.01,
};

/// Of any other method, as the workload asks. Of heat and winding it asks nothing:
/// in the plant viscous friction, 0.18 W, warms the motor's case, by 1.2 K in the end,
/// and through it saves the heater about 0.06 of 7 W.
const CLASS_A: Allowed = Allowed {
    film_k: 0.1,
    basal_k: 0.01,
    dose: 0.005,
    heater: 0.01,
    winding_k: 1.5,
};

fn misses(golden: &Golden, got: &Outputs, allowed: &Allowed) -> Vec<String> {
    let share = |got: f64, expected: f64| got / expected - 1.0;
    let rows = [
        (
            "peak film, K",
            got.peak_film_c - golden.peak_film_c,
            allowed.film_k,
        ),
        (
            "end film, K",
            got.end_film_c - golden.end_film_c,
            allowed.film_k,
        ),
        (
            "peak basal, K",
            got.peak_basal_c - golden.peak_basal_c,
            allowed.basal_k,
        ),
        (
            "end basal, K",
            got.end_basal_c - golden.end_basal_c,
            allowed.basal_k,
        ),
        (
            "CEM43",
            share(got.cem43_min, golden.cem43_min),
            allowed.dose,
        ),
        ("Omega", share(got.omega, golden.omega), allowed.dose),
        (
            "heater",
            share(got.heater_j, golden.heater_j),
            allowed.heater,
        ),
        (
            "peak winding, K",
            got.peak_winding_c - golden.peak_winding_c,
            allowed.winding_k,
        ),
        (
            "lockouts",
            f64::from(got.lockouts) - f64::from(golden.lockouts),
            0.5,
        ),
    ];
    println!("{}: {rows:.6?}", golden.name);
    rows.iter()
        .filter(|(_, error, allowed)| error.is_nan() || error.abs() > *allowed)
        .map(|(what, error, allowed)| {
            format!("{}: {what} off by {error}, allowed {allowed}", golden.name)
        })
        .collect()
}

#[test]
fn the_fixed_steps_meet_every_golden_value() {
    let table = table();
    let mut batch = Batch::new(&core::array::from_fn::<_, 6, _>(|l| table[l].variation));
    batch.run(TICKS);
    let wrong: Vec<String> = table
        .iter()
        .enumerate()
        .flat_map(|(l, golden)| misses(golden, &batch.outputs(l), &FIXED_STEPS))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_plants_own_solvers_meet_every_golden_value() {
    let wrong: Vec<String> = table()
        .iter()
        .flat_map(|golden| {
            let mut session = PlantSession::new(&golden.variation);
            session.run(TICKS / 10);
            misses(golden, &session.outputs(), &CLASS_A)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
