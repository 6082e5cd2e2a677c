//! Limit profiles, online: every line over every column, in bounded memory.
//!
//! A surface line is exact in its verdict: each column's total time at or above
//! the line is counted in whole milliseconds. Its margin in kelvin (how much
//! hotter the whole history could have been) needs the hottest level that a
//! column held for longer than the line allows, and comes from a histogram per
//! column: 0.02 K bins from 36 to 75 degC, of which the hot side is taken. So
//! the margin is at most one bin too small, and never too large; below 36 degC
//! it is counted from 36. A line that allows no time at all uses the exact maximum.

use kneadsim_plant::ArrheniusSet;

use super::report::{Outcome, Reason, Span, why};
use super::{Check, Exposure, Finding, Verdict};
use crate::limits::{LimitKind, LimitLine, LimitProfile, Severity};

/// Bottom of the histogram, degC: no limit line lies near it (estimate; a lower
/// line keeps its exact verdict and has a coarser margin).
const FLOOR_C: f64 = 36.0;
/// Bins per kelvin.
const BINS_PER_K: f64 = 50.0;
/// Bins: 36 to 75 degC. Hotter than that counts in the last bin, whose hot side
/// is the run's maximum.
const BINS: usize = 39 * 50;

/// The state of one profile over one run.
#[derive(Clone, Debug)]
pub(crate) struct FieldMonitor {
    lines: Box<[LineState]>,
    has_margin_lines: bool,
    columns: usize,
    /// Time in each bin of each column, ms; column-major.
    histogram: Box<[u32]>,
    /// The bin that each column is in, and for how long on end: skin moves
    /// slowly, so most steps only count on. Not in the histogram yet.
    stays: Box<[Stay]>,
    /// Time observed, ms.
    observed_ms: u32,
    hottest: Peak,
    nan_tick: Option<u32>,
}

#[derive(Clone, Debug)]
enum LineState {
    Surface(SurfaceState),
    Dose(DoseState),
}

#[derive(Clone, Debug)]
struct SurfaceState {
    at_c: f64,
    longest_ms: u32,
    totals_ms: Box<[u32]>,
    largest_ms: u32,
    largest_tick: u32,
    broken_tick: Option<u32>,
}

#[derive(Clone, Debug)]
struct DoseState {
    /// None: CEM43; else the index of the Arrhenius set.
    set: Option<usize>,
    below: f64,
    peak: Peak,
    broken_tick: Option<u32>,
    nan_tick: Option<u32>,
}

/// A largest value and when it was first reached.
#[derive(Clone, Copy, Debug)]
struct Peak {
    value: f64,
    tick: Option<u32>,
}

impl Peak {
    const NONE: Peak = Peak {
        value: f64::NEG_INFINITY,
        tick: None,
    };

    #[inline]
    fn take(&mut self, value: f64, tick: u32) {
        if value > self.value || self.tick.is_none() {
            *self = Peak {
                value,
                tick: Some(tick),
            };
        }
    }
}

/// Greatest of some values at one step.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Top {
    /// Of those that are numbers.
    value: Option<f64>,
    all_are_numbers: bool,
}

impl Top {
    /// Of values whose greatest is `known`, if that is finite: then all are numbers.
    fn known(known: f64, values: &[f64]) -> Top {
        if !known.is_finite() {
            return Top::of(values);
        }
        let top = Top {
            value: Some(known),
            all_are_numbers: true,
        };
        debug_assert_eq!(top, Top::of(values), "what is known is wrong");
        top
    }

    /// Eight at a time, so that no value waits for the one before it.
    fn of(values: &[f64]) -> Top {
        const LANES: usize = 8;
        let mut top = [f64::NEG_INFINITY; LANES];
        let mut not_numbers = [0.0; LANES];
        let (blocks, rest) = values.as_chunks::<LANES>();
        for block in blocks {
            for i in 0..LANES {
                let value = block[i];
                top[i] = if value > top[i] { value } else { top[i] };
                not_numbers[i] += if value.is_nan() { 1.0 } else { 0.0 };
            }
        }
        let all = top.into_iter().chain(rest.iter().copied());
        let value = all.fold(f64::NEG_INFINITY, f64::max);
        let all_are_numbers =
            not_numbers.iter().sum::<f64>() == 0.0 && !rest.iter().any(|value| value.is_nan());
        Top {
            value: (value > f64::NEG_INFINITY).then_some(value),
            all_are_numbers,
        }
    }
}

/// A column's time in its present bin.
#[derive(Clone, Copy, Debug)]
struct Stay {
    /// [`BELOW`] for the floor: that time is not kept.
    bin: i32,
    time_ms: u32,
}

/// In no bin: colder than the floor, or not a number.
const BELOW: i32 = -1;

/// The bin of a temperature.
#[inline]
fn bin_of(celsius: f64) -> i32 {
    if celsius >= FLOOR_C {
        (((celsius - FLOOR_C) * BINS_PER_K) as i32).min(BINS as i32 - 1)
    } else {
        BELOW
    }
}

/// How one line came out.
struct LineResult {
    broken: bool,
    margin: f64,
    worst_tick: Option<u32>,
    time_left_s: Option<f64>,
    nan: bool,
}

impl FieldMonitor {
    /// For a profile; columns are allocated at the first step.
    pub fn new(profile: &LimitProfile) -> FieldMonitor {
        let lines: Box<[LineState]> = profile.lines.iter().map(LineState::new).collect();
        let has_margin_lines = lines
            .iter()
            .any(|line| matches!(line, LineState::Surface(surface) if surface.longest_ms > 0));
        FieldMonitor {
            lines,
            has_margin_lines,
            columns: 0,
            histogram: Box::default(),
            stays: Box::default(),
            observed_ms: 0,
            hottest: Peak::NONE,
            nan_tick: None,
        }
    }

    /// The next thermal step of the window.
    pub fn observe(&mut self, tick: u32, exposure: &Exposure<'_>) {
        let surface_c = exposure.skin_surface_c;
        if self.columns == 0 {
            self.allocate(surface_c.len());
        }
        let step_ms = whole_ms(exposure.step_s);
        self.observed_ms = self.observed_ms.saturating_add(step_ms);
        let hottest = Top::known(exposure.greatest.skin_surface_c, surface_c);
        if !hottest.all_are_numbers {
            self.nan_tick = self.nan_tick.or(Some(tick));
        }
        if let Some(hottest_c) = hottest.value {
            self.hottest.take(hottest_c, tick);
        }
        if self.has_margin_lines {
            self.count(surface_c, step_ms);
        }
        for line in &mut self.lines {
            match line {
                LineState::Surface(surface) => {
                    surface.observe(tick, step_ms, surface_c, hottest.value);
                }
                LineState::Dose(dose) => dose.observe(tick, exposure),
            }
        }
    }

    fn count(&mut self, surface_c: &[f64], step_ms: u32) {
        for (column, (celsius, stay)) in surface_c.iter().zip(&mut self.stays).enumerate() {
            let bin = bin_of(*celsius);
            if bin != stay.bin {
                if let Ok(left) = usize::try_from(stay.bin) {
                    let time_ms = &mut self.histogram[column * BINS + left];
                    *time_ms = time_ms.saturating_add(stay.time_ms);
                }
                *stay = Stay { bin, time_ms: 0 };
            }
            stay.time_ms = stay.time_ms.saturating_add(step_ms);
        }
    }

    fn allocate(&mut self, columns: usize) {
        self.columns = columns;
        if self.has_margin_lines {
            self.histogram = vec![0; columns * BINS].into();
            let none = Stay {
                bin: BELOW,
                time_ms: 0,
            };
            self.stays = vec![none; columns].into();
        }
        for line in &mut self.lines {
            if let LineState::Surface(surface) = line {
                surface.totals_ms = vec![0; columns].into();
            }
        }
    }

    /// One finding per line.
    pub fn finish(&self, check: &Check, span: Span, done: u32, findings: &mut Vec<Finding>) {
        let super::CheckKind::Limits(profile) = &check.kind else {
            return;
        };
        for (line, state) in profile.lines.iter().zip(&self.lines) {
            let result = match state {
                LineState::Surface(surface) => self.surface(surface),
                LineState::Dose(dose) => dose.result(),
            };
            findings.push(line_finding(check, line, &result, span, done));
        }
    }

    fn surface(&self, line: &SurfaceState) -> LineResult {
        let broken = line.broken_tick.is_some() || self.nan_tick.is_some();
        let margin = if self.nan_tick.is_some() {
            f64::NEG_INFINITY
        } else if line.longest_ms == 0 {
            line.at_c - self.hottest.value
        } else {
            let margin = line.at_c - self.held_above_c(line.longest_ms);
            // The bin that holds the line itself: the verdict is exact, the margin is not.
            if broken {
                margin.min(0.0)
            } else {
                margin.max(0.0)
            }
        };
        let worst_tick = self
            .nan_tick
            .or(line.broken_tick)
            .or((line.largest_ms > 0).then_some(line.largest_tick))
            .or(self.hottest.tick);
        LineResult {
            broken,
            margin,
            worst_tick,
            time_left_s: Some((f64::from(line.longest_ms) - f64::from(line.largest_ms)) / 1000.0),
            nan: self.nan_tick.is_some(),
        }
    }

    /// Hottest level that some column held for more than `longest_ms` in total,
    /// rounded to the hot side; minus infinity if the whole time was not longer.
    fn held_above_c(&self, longest_ms: u32) -> f64 {
        if self.observed_ms <= longest_ms {
            return f64::NEG_INFINITY;
        }
        let mut hottest_bin = None;
        // No column was ever hotter than the hottest.
        let bins = usize::try_from(bin_of(self.hottest.value) + 1).unwrap_or(0);
        for (column, stay) in self.histogram.chunks_exact(BINS).zip(&self.stays) {
            let mut total_ms = 0u32;
            for (bin, &time_ms) in column[..bins].iter().enumerate().rev() {
                if hottest_bin.is_some_and(|hottest| bin <= hottest) {
                    break;
                }
                total_ms = total_ms.saturating_add(time_ms);
                if usize::try_from(stay.bin) == Ok(bin) {
                    total_ms = total_ms.saturating_add(stay.time_ms);
                }
                if total_ms > longest_ms {
                    hottest_bin = Some(bin);
                    break;
                }
            }
        }
        let hot_side_c = match hottest_bin {
            None => FLOOR_C,
            Some(bin) if bin == BINS - 1 => f64::INFINITY,
            Some(bin) => FLOOR_C + (bin + 1) as f64 / BINS_PER_K,
        };
        hot_side_c.min(self.hottest.value)
    }
}

impl LineState {
    fn new(line: &LimitLine) -> LineState {
        match line.kind {
            LimitKind::Surface { at_c, longest_s } => LineState::Surface(SurfaceState {
                at_c,
                longest_ms: (longest_s * 1000.0).floor() as u32,
                totals_ms: Box::default(),
                largest_ms: 0,
                largest_tick: 0,
                broken_tick: None,
            }),
            LimitKind::Cem43 { below_min } => LineState::Dose(DoseState::new(None, below_min)),
            LimitKind::Arrhenius { set, below } => {
                let index = ArrheniusSet::ALL.iter().position(|known| *known == set);
                LineState::Dose(DoseState::new(Some(index.unwrap_or(usize::MAX)), below))
            }
        }
    }
}

impl SurfaceState {
    #[inline]
    fn observe(&mut self, tick: u32, step_ms: u32, surface_c: &[f64], hottest_c: Option<f64>) {
        // Most of the time no column is at the line.
        if hottest_c.is_none_or(|hottest_c| hottest_c < self.at_c) {
            return;
        }
        for (total_ms, &celsius) in self.totals_ms.iter_mut().zip(surface_c) {
            if celsius >= self.at_c {
                *total_ms = total_ms.saturating_add(step_ms);
                if *total_ms > self.largest_ms {
                    self.largest_ms = *total_ms;
                    self.largest_tick = tick;
                }
            }
        }
        if self.largest_ms > self.longest_ms && self.broken_tick.is_none() {
            self.broken_tick = Some(tick);
        }
    }
}

impl DoseState {
    fn new(set: Option<usize>, below: f64) -> DoseState {
        DoseState {
            set,
            below,
            peak: Peak::NONE,
            broken_tick: None,
            nan_tick: None,
        }
    }

    fn observe(&mut self, tick: u32, exposure: &Exposure<'_>) {
        let known = &exposure.greatest;
        let greatest = match self.set {
            None => Top::known(known.cem43_min, exposure.cem43_min),
            Some(set) => Top::known(known.omega[set], exposure.omega[set]),
        };
        if !greatest.all_are_numbers {
            self.nan_tick = self.nan_tick.or(Some(tick));
        }
        if let Some(dose) = greatest.value {
            self.peak.take(dose, tick);
        }
        if self.peak.value >= self.below && self.broken_tick.is_none() {
            self.broken_tick = Some(tick);
        }
    }

    fn result(&self) -> LineResult {
        let nan = self.nan_tick.is_some();
        LineResult {
            broken: nan || self.broken_tick.is_some(),
            margin: if nan {
                f64::NEG_INFINITY
            } else {
                self.below - self.peak.value
            },
            worst_tick: self.nan_tick.or(self.broken_tick).or(self.peak.tick),
            time_left_s: None,
            nan,
        }
    }
}

/// Whole milliseconds of a step.
fn whole_ms(step_s: f64) -> u32 {
    (step_s * 1000.0).round() as u32
}

fn line_finding(
    check: &Check,
    line: &LimitLine,
    result: &LineResult,
    span: Span,
    done: u32,
) -> Finding {
    let seen = result.worst_tick.is_some();
    let outcome = if result.broken {
        Outcome::settled(line.severity == Severity::Warn, None)
    } else if !seen && (span.never_reached() || done >= span.end) {
        Outcome::vacuous(Reason::NeverReached, check)
    } else if done < span.end {
        Outcome::open(Reason::RunEnded, None)
    } else {
        Outcome::settled(true, None)
    };
    let nan = result
        .nan
        .then(|| "a value of the field was not a number".to_owned());
    let notes: Vec<String> = why(outcome.reason, done).into_iter().chain(nan).collect();
    Finding {
        id: format!("{}: {}", check.id, line.name),
        verdict: outcome.verdict,
        warning: result.broken && outcome.verdict == Verdict::Pass,
        margin: seen.then_some(result.margin),
        unit: line.kind.margin_unit().to_owned(),
        kelvin_left: seen.then(|| line.kind.kelvin_left(result.margin)),
        worst_tick: result.worst_tick,
        decided_by: line.kind.to_string(),
        time_left_s: if seen { result.time_left_s } else { None },
        note: notes.join("; "),
    }
}
