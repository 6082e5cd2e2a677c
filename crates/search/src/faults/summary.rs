//! What the rows come to, by kind of fault and by what stands between fault and burn.

use std::collections::BTreeMap;

use kneadsim_sim::fault::FaultKind;

use super::barriers;
use super::course::Detection;
use super::row::{Row, Verdict};
use super::script::State;

/// Rows of one kind of fault.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfKind {
    /// All.
    pub rows: usize,
    /// Failed.
    pub failed: usize,
    /// With a warning.
    pub warned: usize,
    /// Noticed by nobody and harmless.
    pub hidden: usize,
    /// Who noticed, and how often.
    pub detections: BTreeMap<Detection, usize>,
    /// Longest time from the fault to its detection, s.
    pub slowest_s: Option<f64>,
    /// Longest time to the safe state, s.
    pub safe_s: Option<f64>,
    /// Hottest skin, degC.
    pub skin_c: f64,
    /// Least left to a limit of skin, K.
    pub kelvin_left: f64,
    /// Hottest winding, degC.
    pub winding_c: f64,
}

/// By kind, in the order of the catalogue; rows without a latent fault, or with one.
pub fn by_kind(rows: &[Row], after_latent: bool) -> BTreeMap<FaultKind, OfKind> {
    let mut kinds: BTreeMap<FaultKind, OfKind> = BTreeMap::new();
    let chosen = rows
        .iter()
        .filter(|r| r.case.latent.is_some() == after_latent);
    for row in chosen {
        let of = kinds.entry(row.case.kind).or_insert_with(|| OfKind {
            skin_c: f64::NEG_INFINITY,
            kelvin_left: f64::INFINITY,
            winding_c: f64::NEG_INFINITY,
            ..OfKind::default()
        });
        of.rows += 1;
        of.failed += usize::from(row.verdict == Verdict::Fail);
        of.warned += usize::from(row.verdict == Verdict::Warning);
        of.hidden += usize::from(row.is_hidden());
        *of.detections.entry(row.detection).or_default() += 1;
        of.slowest_s = larger(of.slowest_s, row.detected_s);
        of.safe_s = larger(of.safe_s, row.safe_s);
        of.skin_c = of.skin_c.max(row.peaks.skin_c);
        let left = row
            .nearest
            .as_ref()
            .map_or(f64::INFINITY, |n| n.kelvin_left);
        of.kelvin_left = of.kelvin_left.min(left);
        of.winding_c = of.winding_c.max(row.peaks.winding_c);
    }
    kinds
}

fn larger(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

/// What would come to harm without any barrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Threat {
    /// Skin.
    Burn,
    /// A winding or the pack, and no skin.
    Overheating,
}

/// Rows that need barriers, by what they threaten, how many lines of defence there
/// are, and which barriers are enough.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defence {
    /// Rows that were run with barriers out of order.
    pub rows: usize,
    /// Rows in which nothing is needed.
    pub harmless: usize,
    /// Rows by threat, lines, what is enough in words, and kind.
    pub needed: BTreeMap<(Threat, usize, String), BTreeMap<FaultKind, usize>>,
    /// Rows in which harm follows as soon as this barrier alone is out of order.
    pub indispensable: [usize; barriers::NAMES.len()],
}

/// What stands between the rows' faults and harm.
pub fn defence(rows: &[Row]) -> Defence {
    let mut defence = Defence::default();
    for row in rows {
        let Some(found) = row.barriers else { continue };
        defence.rows += 1;
        let Some(lines) = found.lines() else {
            defence.harmless += 1;
            continue;
        };
        let threat = if found.burns != 0 {
            Threat::Burn
        } else {
            Threat::Overheating
        };
        let of = defence
            .needed
            .entry((threat, lines, found.words()))
            .or_default();
        *of.entry(row.case.kind).or_default() += 1;
        for (bit, count) in defence.indispensable.iter_mut().enumerate() {
            *count += usize::from(found.indispensable() >> bit & 1 != 0);
        }
    }
    defence
}

/// Rows that nobody noticed, by kind and state: latent faults in waiting.
pub fn hidden(rows: &[Row]) -> BTreeMap<FaultKind, [usize; State::ALL.len()]> {
    let mut kinds: BTreeMap<FaultKind, [usize; State::ALL.len()]> = BTreeMap::new();
    let alone = rows.iter().filter(|r| r.case.latent.is_none());
    for row in alone.filter(|row| row.is_hidden()) {
        let of = kinds.entry(row.case.kind).or_default();
        of[row.case.instant.state as usize] += 1;
    }
    kinds
}
