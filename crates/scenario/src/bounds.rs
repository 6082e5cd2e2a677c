//! How big anything in a scenario may be. Every bound has its own mistake.

use kneadsim_sim::spec::TICKS_PER_S;

/// Text of a scenario, product or limits file, bytes (timeline rows written into it aside).
pub(crate) const TEXT_MAX_BYTES: usize = 1 << 20;
/// A timeline, bytes.
pub(crate) const TIMELINE_MAX_BYTES: usize = 32 << 20;
/// A timeline, rows.
pub(crate) const TIMELINE_MAX_ROWS: usize = 1_000_000;
/// Timeline rows of all cases of a file together.
pub(crate) const TIMELINE_MAX_ROWS_OF_ALL_CASES: usize = 2_000_000;
/// One row of a timeline, bytes.
pub(crate) const TIMELINE_ROW_MAX_BYTES: usize = 256;
/// Mistakes shown for one timeline.
pub(crate) const TIMELINE_MAX_MISTAKES: usize = 20;
/// Cases that a matrix may give.
pub(crate) const CASES_MAX: usize = 4096;
/// Events of a file, repetitions counted.
pub(crate) const EVENTS_MAX: usize = 10_000;
/// Faults of a file.
pub(crate) const FAULTS_MAX: usize = 256;
/// Expectations of a file.
pub(crate) const EXPECTATIONS_MAX: usize = 256;
/// Requirements, tags of a file.
pub(crate) const LIST_MAX: usize = 256;
/// Product files that are based on each other.
pub(crate) const BASE_FILES_MAX: usize = 8;
/// Lines of a limit profile.
pub(crate) const LIMIT_LINES_MAX: usize = 64;
/// Shortest run: one tick.
pub(crate) const DURATION_MIN_TICKS: u32 = 1;
/// Longest run: 24 h.
pub(crate) const DURATION_MAX_TICKS: u32 = 24 * 3600 * TICKS_PER_S;
/// Text of one formula, bytes.
pub(crate) const FORMULA_MAX_BYTES: usize = 4096;
/// Nesting of one formula.
pub(crate) const FORMULA_MAX_DEPTH: usize = 64;
/// Names, numbers and operators of one formula.
pub(crate) const FORMULA_MAX_PARTS: usize = 512;
/// Cases times events times checks and so on may not make more lowered text than this, bytes;
/// timeline rows have their own bound.
pub(crate) const LOWERED_MAX_BYTES_OF_ALL_CASES: usize = 32 << 20;
/// Rows times columns of a trace: 160 MB of numbers. A day of the default trace is below it.
pub(crate) const TRACE_MAX_VALUES: u64 = 20_000_000;
/// `for` and `within` of all expectations together: 12 h. A monitor keeps a sample
/// of 24 bytes for each tick of them.
pub(crate) const WINDOWS_MAX_TICKS: u64 = 12 * 3600 * TICKS_PER_S as u64;
