//! Where energy came from and went to since the start, and whether it closes.

/// Energy that crossed the boundary of the electrical and mechanical half
/// since the start, J. Heat into film and foam is internal and not here.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ledger {
    /// From the mains or the pack's chemistry.
    pub source_j: f64,
    /// From a failing cell.
    pub pack_fault_j: f64,
    /// Lost outside the massager: adapter, plug, leads.
    pub supply_lost_j: f64,
    /// Turned into heat by the logic, taken as leaving at once.
    pub logic_j: f64,
    /// Work of the motors on the body. What of it the field takes as heat of
    /// the nodes' friction does not leave the plant.
    pub body_work_j: f64,
    /// From motor cases to ambient.
    pub motor_to_ambient_j: f64,
    /// From the pack to ambient.
    pub pack_to_ambient_j: f64,
}

impl Ledger {
    /// All that was put in, J.
    #[must_use]
    pub fn put_in_j(&self) -> f64 {
        self.source_j + self.pack_fault_j
    }

    /// All that left, J; negative where ambient warmed a cold motor.
    #[must_use]
    pub fn out_j(&self) -> f64 {
        self.supply_lost_j
            + self.logic_j
            + self.body_work_j
            + self.motor_to_ambient_j
            + self.pack_to_ambient_j
    }
}

/// What went in against what came out and what is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnergyBalance {
    /// Put in since the start: source, failing cell, blood, metabolism, core, J.
    pub put_in_j: f64,
    /// Left since the start, J.
    pub out_j: f64,
    /// Change of the stored energy since the start, J.
    pub stored_j: f64,
    /// What is unexplained, J.
    pub residual_j: f64,
    /// The same as a share of what was put in (of 1 J where that is less).
    pub residual_relative: f64,
}

impl EnergyBalance {
    /// The balance of three sums, J.
    #[must_use]
    pub fn new(put_in_j: f64, out_j: f64, stored_j: f64) -> Self {
        let residual_j = put_in_j - out_j - stored_j;
        let residual_relative = residual_j.abs() / put_in_j.abs().max(1.0);
        Self {
            put_in_j,
            out_j,
            stored_j,
            residual_j,
            residual_relative,
        }
    }
}
