//! Oracles of the thermal half: slabs, stacks, film and dose.

use super::OracleRow;
use super::{dose, slabs, stacks};

/// Every thermal and dose comparison.
pub fn thermal_oracles() -> Vec<OracleRow> {
    let mut rows = slabs::rows();
    rows.extend(stacks::rows());
    rows.extend(dose::rows());
    rows
}
