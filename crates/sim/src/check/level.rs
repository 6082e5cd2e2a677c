//! Three-valued truth with a margin: what a formula says at one instant.
//!
//! Truth and margin are kept apart, because `a < b` at equality does not hold
//! although its margin is zero. A comparison with a NaN is [`Truth::Unknown`]:
//! its negation is unknown too, and at the root of an expectation it counts as
//! not holding, with a margin of minus infinity. So a NaN is never a pass.
//!
//! Levels are totally ordered: what does not hold is below what is unknown is
//! below what holds, and within one truth the smaller margin is below. `and`
//! is the minimum, `or` the maximum, `not` reverses the order.

use crate::formula::Relation;

/// Three-valued truth, ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    /// Does not hold.
    False,
    /// Cannot be said: a number was missing.
    Unknown,
    /// Holds.
    True,
}

/// No comparison decided (an empty `and` or `or`).
pub(crate) const NO_ATOM: u32 = u32::MAX;

/// A formula's value at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Level {
    /// Whether it holds.
    pub truth: Truth,
    /// Distance to the change of truth, positive where it holds. Unused (0) where unknown.
    pub margin: f64,
    /// Index of the comparison that decided, in the order of the formula's text.
    pub atom: u32,
}

impl Level {
    /// An empty `and`.
    pub const TRUE: Level = Level {
        truth: Truth::True,
        margin: f64::INFINITY,
        atom: NO_ATOM,
    };
    /// An empty `or`.
    pub const FALSE: Level = Level {
        truth: Truth::False,
        margin: f64::NEG_INFINITY,
        atom: NO_ATOM,
    };

    /// One comparison. Equal numbers have margin 0 on every relation, infinities included.
    #[inline]
    pub fn compare(left: f64, relation: Relation, right: f64, discrete: bool, atom: u32) -> Level {
        match judge(left, relation, right, discrete) {
            None => Level {
                truth: Truth::Unknown,
                margin: 0.0,
                atom,
            },
            Some((holds, margin)) => Level {
                truth: if holds { Truth::True } else { Truth::False },
                margin,
                atom,
            },
        }
    }

    /// Strictly below in the order of levels; which comparison decided plays no part.
    #[inline]
    pub fn below(self, other: Level) -> bool {
        self.truth < other.truth || (self.truth == other.truth && self.margin < other.margin)
    }

    /// Both; of equals the first decides.
    #[inline]
    pub fn and(self, other: Level) -> Level {
        if other.below(self) { other } else { self }
    }

    /// Either; of equals the first decides.
    #[inline]
    pub fn or(self, other: Level) -> Level {
        if self.below(other) { other } else { self }
    }

    /// Negation; what is unknown stays unknown.
    #[inline]
    pub fn not(self) -> Level {
        let truth = match self.truth {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        };
        Level {
            truth,
            margin: 0.0 - self.margin,
            atom: self.atom,
        }
    }

    /// The level as an expectation counts it at a tick: unknown is broken beyond measure.
    #[inline]
    pub fn at(self, tick: u32) -> Instant {
        Instant {
            holds: self.truth == Truth::True,
            margin: if self.truth == Truth::Unknown {
                f64::NEG_INFINITY
            } else {
                self.margin
            },
            unknown: self.truth == Truth::Unknown,
            atom: self.atom,
            tick,
        }
    }
}

/// Whether a comparison holds, and its margin; None with a NaN.
#[inline]
pub(crate) fn judge(
    left: f64,
    relation: Relation,
    right: f64,
    discrete: bool,
) -> Option<(bool, f64)> {
    if left.is_nan() || right.is_nan() {
        return None;
    }
    let (holds, distance) = match relation {
        Relation::Less => (left < right, right - left),
        Relation::LessEqual => (left <= right, right - left),
        Relation::Greater => (left > right, left - right),
        Relation::GreaterEqual => (left >= right, left - right),
        Relation::Equal => (left == right, -(left - right).abs()),
        Relation::NotEqual => (left != right, (left - right).abs()),
    };
    let margin = if discrete {
        if holds {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        }
    } else if left == right {
        0.0
    } else {
        distance
    };
    Some((holds, margin))
}

/// How an expectation's formula stood at one tick; the margin is never NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Instant {
    /// Whether it held.
    pub holds: bool,
    /// Margin.
    pub margin: f64,
    /// It does not hold because a number was missing.
    pub unknown: bool,
    /// Comparison that decided.
    pub atom: u32,
    /// When.
    pub tick: u32,
}

impl Instant {
    /// Strictly worse: not holding is worse than holding, then the smaller margin.
    #[inline]
    pub fn worse_than(self, other: Instant) -> bool {
        (!self.holds && other.holds) || (self.holds == other.holds && self.margin < other.margin)
    }
}

/// Keeps the worst so far; of equals the earliest.
#[inline]
pub(crate) fn keep_worst(worst: &mut Option<Instant>, now: Instant) {
    match worst {
        Some(known) if !now.worse_than(*known) => {}
        Some(_) | None => *worst = Some(now),
    }
}

/// Keeps the best so far; of equals the earliest.
#[inline]
pub(crate) fn keep_best(best: &mut Option<Instant>, now: Instant) {
    match best {
        Some(known) if !known.worse_than(now) => {}
        Some(_) | None => *best = Some(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Relation::*;

    #[test]
    fn each_relation_has_its_truth_and_margin_below_at_and_above_equality() {
        let rows: [(f64, Relation, f64, bool, f64); 21] = [
            (1.0, Less, 3.0, true, 2.0),
            (3.0, Less, 3.0, false, 0.0),
            (4.0, Less, 3.0, false, -1.0),
            (1.0, LessEqual, 3.0, true, 2.0),
            (3.0, LessEqual, 3.0, true, 0.0),
            (4.0, LessEqual, 3.0, false, -1.0),
            (4.0, Greater, 3.0, true, 1.0),
            (3.0, Greater, 3.0, false, 0.0),
            (1.0, Greater, 3.0, false, -2.0),
            (4.0, GreaterEqual, 3.0, true, 1.0),
            (3.0, GreaterEqual, 3.0, true, 0.0),
            (1.0, GreaterEqual, 3.0, false, -2.0),
            (4.0, Equal, 3.0, false, -1.0),
            (3.0, Equal, 3.0, true, 0.0),
            (1.0, Equal, 3.0, false, -2.0),
            (4.0, NotEqual, 3.0, true, 1.0),
            (3.0, NotEqual, 3.0, false, 0.0),
            (1.0, NotEqual, 3.0, true, 2.0),
            (f64::INFINITY, LessEqual, f64::INFINITY, true, 0.0),
            (f64::INFINITY, Less, f64::INFINITY, false, 0.0),
            (f64::NEG_INFINITY, Less, f64::INFINITY, true, f64::INFINITY),
        ];
        for (left, relation, right, holds, margin) in rows {
            let got = Level::compare(left, relation, right, false, 0).at(0);
            assert_eq!(
                (got.holds, got.margin),
                (holds, margin),
                "{left} {relation:?} {right}"
            );
        }
    }

    #[test]
    fn a_nan_is_unknown_on_both_sides_of_a_negation() {
        for relation in [Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual] {
            for (left, right) in [(f64::NAN, 1.0), (1.0, f64::NAN), (f64::NAN, f64::NAN)] {
                let level = Level::compare(left, relation, right, false, 0);
                for at in [level.at(0), level.not().at(0)] {
                    assert_eq!((at.holds, at.margin), (false, f64::NEG_INFINITY));
                }
            }
        }
    }

    #[test]
    fn unknown_loses_to_what_settles_the_formula_without_it() {
        let unknown = Level::compare(f64::NAN, Less, 1.0, false, 7);
        let holds = Level::compare(0.0, Less, 1.0, false, 1);
        let broken = Level::compare(2.0, Less, 1.0, false, 2);
        assert_eq!(broken.and(unknown), broken);
        assert_eq!(holds.or(unknown), holds);
        assert_eq!(holds.and(unknown).truth, Truth::Unknown);
        assert_eq!(broken.or(unknown).truth, Truth::Unknown);
    }
}
