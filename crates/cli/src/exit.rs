//! The exit codes, in one place: `--help`, docs/ci.md and the code agree.

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything held.
    Held,
    /// An expectation failed or was inconclusive.
    Failed,
    /// The input was wrong, or what was asked for could not be written.
    WrongInput,
    /// Nothing matched: nothing ran, and that is not a pass.
    NothingMatched,
    /// A device was lost, real time was not kept, or a case broke off with an
    /// internal error.
    Lost,
    /// Interrupted; what was finished is kept.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Held => 0,
            Exit::Failed => 1,
            Exit::WrongInput => 2,
            Exit::NothingMatched => 3,
            Exit::Lost => 4,
            Exit::Interrupted => 130,
        }
    }
}

/// Shown below `--help`.
pub const EXIT_CODES: &str = "\
Exit codes:
    0  everything held
    1  an expectation failed or was inconclusive
    2  the input was wrong (a broken file, a path that is not there, an output
       folder or standard output that cannot be written); the good files still ran
    3  nothing matched: no scenario, or none left by --filter and --tag
    4  a device was lost, a case in real time was degraded, or a case broke off
       with an internal error
  130  interrupted (Ctrl-C); what was finished is kept and reported
When several apply: 130, then 2, then 4, then 1.";
