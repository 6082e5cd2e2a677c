//! Closed-form values against which the plant's own solvers are measured.
//!
//! Each row pins one number that was computed independently of this crate and
//! compares it with what the production code gives. There is no second solver
//! here: rows drive the same field, dose and motor code that runs scenarios.

mod bench;
mod dose;
pub mod motor;
pub mod refinement;
mod slabs;
mod stacks;
pub mod thermal;

/// How far a result may be from the expected value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// In the row's own unit.
    Absolute(f64),
    /// As a share of the expected value.
    Relative(f64),
}

/// One comparison of a computed value with a known one.
#[derive(Clone, Debug, PartialEq)]
pub struct OracleRow {
    /// Which family of checks the row belongs to, for headings.
    pub group: &'static str,
    /// What is compared.
    pub name: String,
    /// Unit of `expected` and `got`.
    pub unit: &'static str,
    /// The known value.
    pub expected: f64,
    /// What the production code gave.
    pub got: f64,
    /// What is allowed between them.
    pub tolerance: Tolerance,
    /// Where the known value comes from.
    pub source: &'static str,
}

impl OracleRow {
    /// Whether the result is within the tolerance; a NaN never is.
    pub fn holds(&self) -> bool {
        self.error() <= self.allowed()
    }

    /// Absolute difference between got and expected, in the row's unit.
    pub fn error(&self) -> f64 {
        (self.got - self.expected).abs()
    }

    /// The tolerance in the row's unit.
    pub fn allowed(&self) -> f64 {
        match self.tolerance {
            Tolerance::Absolute(value) => value,
            Tolerance::Relative(share) => share * self.expected.abs(),
        }
    }
}
