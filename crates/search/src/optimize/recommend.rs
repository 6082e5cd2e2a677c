//! Which point of a front to recommend.

use super::{Evaluation, dominates};

/// The evaluation whose least improvement over a present point is the largest.
///
/// An objective's improvement is what it gains over `present` as a share of the
/// range that the candidates and the present point span in that objective, so
/// units and offsets do not matter; an objective in which all are equal says
/// nothing. Of equals, the larger sum of improvements, then the first. Only
/// complete, feasible and non-dominated evaluations are candidates; none where
/// there are none of them. The least improvement can be negative: nothing is
/// better than the present point in everything.
///
/// # Panics
/// When `present` has another number of objectives.
pub fn pick(evaluations: &[Evaluation], present: &[f64]) -> Option<usize> {
    let candidates = candidates(evaluations);
    let ranges: Vec<f64> = (0..present.len())
        .map(|objective| {
            let values = candidates
                .iter()
                .map(|i| evaluations[*i].objectives[objective]);
            let (low, high) = values.fold((present[objective], present[objective]), |(l, h), v| {
                (l.min(v), h.max(v))
            });
            high - low
        })
        .collect();
    let mut best: Option<(usize, f64, f64)> = None;
    for index in candidates {
        let objectives = &evaluations[index].objectives;
        assert_eq!(objectives.len(), present.len(), "objectives");
        let improvements = objectives.iter().zip(present).zip(&ranges);
        let improvements = improvements
            .filter(|(_, range)| **range > 0.0)
            .map(|((o, p), range)| (p - o) / range);
        let (least, sum) = improvements.fold((f64::INFINITY, 0.0), |(least, sum), i| {
            (i.min(least), sum + i)
        });
        if best.is_none_or(|(_, l, s)| least > l || (least == l && sum > s)) {
            best = Some((index, least, sum));
        }
    }
    best.map(|(index, _, _)| index)
}

/// The front's knee where there is no present point: [`pick`] against the worst
/// of the front in each objective.
pub fn knee(evaluations: &[Evaluation]) -> Option<usize> {
    let candidates = candidates(evaluations);
    let first = evaluations.get(*candidates.first()?)?;
    let nadir: Vec<f64> = (0..first.objectives.len())
        .map(|objective| {
            let values = candidates
                .iter()
                .map(|i| evaluations[*i].objectives[objective]);
            values.fold(f64::NEG_INFINITY, f64::max)
        })
        .collect();
    pick(evaluations, &nadir)
}

/// Complete, feasible, dominated by no other such.
fn candidates(evaluations: &[Evaluation]) -> Vec<usize> {
    let sound: Vec<usize> = (0..evaluations.len())
        .filter(|i| !evaluations[*i].partial && evaluations[*i].violation == 0.0)
        .collect();
    let beaten = |i: &usize| {
        sound
            .iter()
            .any(|j| dominates(&evaluations[*j], &evaluations[*i]))
    };
    sound.iter().filter(|i| !beaten(i)).copied().collect()
}
