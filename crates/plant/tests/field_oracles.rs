//! Every thermal oracle holds, at the cells and step of production runs.

use kneadsim_plant::oracles::refinement::refinement_studies;
use kneadsim_plant::oracles::thermal::thermal_oracles;

#[test]
fn every_thermal_oracle_holds() {
    let rows = thermal_oracles();
    assert!(rows.len() > 60, "only {} rows", rows.len());
    for row in &rows {
        println!(
            "{:32} {:45} {:>14.6} {:>14.6} {:>10.2e} of {:.2e} {}",
            row.group,
            row.name,
            row.expected,
            row.got,
            row.error(),
            row.allowed(),
            row.unit
        );
    }
    let out: Vec<_> = rows.iter().filter(|row| !row.holds()).collect();
    assert!(out.is_empty(), "out of tolerance: {out:#?}");
}

#[test]
fn errors_fall_with_the_square_of_cell_size_and_step() {
    for study in refinement_studies() {
        println!("{}: {:?} {:?}", study.name, study.points, study.orders());
        assert!(study.holds(), "{}: orders {:?}", study.name, study.orders());
    }
}
