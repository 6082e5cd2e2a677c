//! Slabs and semi-infinite bodies of one tissue, against closed forms.

use super::OracleRow;
use super::bench::{FLUX, STEADY, TRANSIENT, at_depth_c, behind, column, held, row, run};
use crate::field::lattice::Lattice;
use crate::stack::{Deep, Stack};
use crate::tissue::Tissue;

/// Slabs of 30 mm and k 0.5, and semi-infinite bodies.
pub fn rows() -> Vec<OracleRow> {
    let mut rows = steady_rows();
    rows.extend(semi_infinite_rows());
    rows
}

fn slab(perfusion_per_s: f64, metabolic_w_per_m3: f64) -> Lattice {
    let tissue = Tissue {
        thickness_m: 0.030,
        k_w_per_m_k: 0.5,
        rho_c_j_per_m3_k: 4.0e6,
        perfusion_per_s,
        metabolic_w_per_m3,
    };
    column(Stack::bare(&[tissue], &[22], &[1.12], Deep::Core), 37.0)
}

fn steady_rows() -> Vec<OracleRow> {
    const GROUP: &str = "slab, steady";
    let mut rows = Vec::new();
    let mut plain = slab(0.0, 0.0);
    plain.settle(&held(45.0, 37.0));
    let got_c = at_depth_c(&plain, 0.005);
    rows.push(row(
        GROUP,
        "no perfusion, 5 mm",
        "degC",
        (43.6666667, got_c),
        STEADY,
    ));
    let got = plain.body_w_per_m2()[0];
    rows.push(row(
        GROUP,
        "no perfusion, flux",
        "W/m2",
        (133.3333333, got),
        FLUX,
    ));

    let mut perfused = slab(0.001_25, 0.0);
    perfused.settle(&held(45.0, 37.0));
    for (depth_mm, expected_c) in [
        (1.0, 44.2350513),
        (2.0, 43.5424446),
        (5.0, 41.8326315),
        (10.0, 39.8976053),
        (20.0, 37.9392425),
    ] {
        let got_c = at_depth_c(&perfused, depth_mm * 1.0e-3);
        let name = format!("perfused, {depth_mm} mm");
        rows.push(row(GROUP, name, "degC", (expected_c, got_c), STEADY));
    }
    let got = perfused.body_w_per_m2()[0];
    rows.push(row(
        GROUP,
        "perfused, flux",
        "W/m2",
        (401.8026262, got),
        FLUX,
    ));

    let mut warmed = slab(0.000_5, 400.0);
    warmed.settle(&behind(1.0 / 20.0, 45.0, 37.0));
    let got_c = warmed.skin_c()[0];
    rows.push(row(
        GROUP,
        "h 20, metabolism, skin",
        "degC",
        (40.10329973, got_c),
        STEADY,
    ));
    let got = warmed.body_w_per_m2()[0];
    rows.push(row(
        GROUP,
        "h 20, metabolism, flux",
        "W/m2",
        (97.93400536, got),
        FLUX,
    ));
    rows
}

/// Deep enough that its far end does not feel 15 minutes.
fn half_space(perfusion_per_s: f64, start_c: f64) -> Lattice {
    let tissue = Tissue {
        thickness_m: 0.045,
        k_w_per_m_k: 0.37,
        rho_c_j_per_m3_k: 1109.0 * 3391.0,
        perfusion_per_s,
        metabolic_w_per_m3: 0.0,
    };
    let stack = Stack::bare(&[tissue], &[30], &[1.16], Deep::Insulated);
    column(stack, start_c)
}

fn semi_infinite_rows() -> Vec<OracleRow> {
    const GROUP: &str = "semi-infinite, transient";
    let mut rows = Vec::new();
    let mut stepped = half_space(0.0, 33.0);
    let mut passed_s = 0.0;
    for (time_s, expected_c) in [(10.0, 38.71107216), (60.0, 42.2523379), (300.0, 43.7573474)] {
        run(&mut stepped, &held(45.0, 33.0), time_s - passed_s);
        passed_s = time_s;
        let got_c = at_depth_c(&stepped, 0.001);
        let name = format!("33 stepped to 45, 1 mm at {time_s} s");
        rows.push(row(GROUP, name, "degC", (expected_c, got_c), TRANSIENT));
    }

    let mut heated = half_space(0.0, 33.0);
    let mut around = behind(f64::INFINITY, 33.0, 33.0);
    around.face_w_per_m2 = 500.0;
    run(&mut heated, &around, 60.0);
    let got_c = heated.skin_c()[0];
    let name = "500 W/m2, surface at 60 s";
    rows.push(row(GROUP, name, "degC", (36.70484599, got_c), TRANSIENT));

    let mut perfused = half_space(0.005, 37.0);
    let mut passed_s = 0.0;
    for (time_s, expected_c) in [(60.0, 42.79370592), (900.0, 43.34079906)] {
        run(&mut perfused, &held(45.0, 37.0), time_s - passed_s);
        passed_s = time_s;
        let got_c = at_depth_c(&perfused, 0.001);
        let name = format!("perfused 37 stepped to 45, 1 mm at {time_s} s");
        rows.push(row(GROUP, name, "degC", (expected_c, got_c), TRANSIENT));
    }
    rows
}
