//! Oracles of the thermal half: slabs, stacks, dose and body.

use super::OracleRow;

/// Every thermal and dose comparison.
pub fn thermal_oracles() -> Vec<OracleRow> {
    Vec::new()
}
