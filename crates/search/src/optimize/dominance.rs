//! Who is better where there are several objectives and constraints.
//!
//! K. Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II",
//! IEEE Trans. Evol. Comput. 6 (2002) 182-197, sections III and VI.

use super::Evaluation;

/// Deb's constrained domination: feasible before infeasible, of two infeasible
/// ones the smaller violation, of two feasible ones no worse in every objective
/// and better in one. What was stopped early may still get worse, so it never
/// dominates what is complete.
pub fn dominates(a: &Evaluation, b: &Evaluation) -> bool {
    if a.partial && !b.partial {
        return false;
    }
    if a.violation > 0.0 || b.violation > 0.0 {
        return a.violation < b.violation;
    }
    no_worse(&a.objectives, &b.objectives) && a.objectives != b.objectives
}

/// No worse in every objective.
pub(super) fn no_worse(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b)
}

/// Non-dominated sorting: indices by front, the best front first, each in
/// ascending order. Cost: objectives times the square of the evaluations.
pub fn fronts(evaluations: &[Evaluation]) -> Vec<Vec<usize>> {
    let n = evaluations.len();
    let mut dominated = vec![Vec::new(); n];
    let mut dominators = vec![0usize; n];
    for a in 0..n {
        for b in 0..a {
            let (better, worse) = if dominates(&evaluations[a], &evaluations[b]) {
                (a, b)
            } else if dominates(&evaluations[b], &evaluations[a]) {
                (b, a)
            } else {
                continue;
            };
            dominated[better].push(worse);
            dominators[worse] += 1;
        }
    }
    let mut fronts = Vec::new();
    let mut front: Vec<usize> = (0..n).filter(|i| dominators[*i] == 0).collect();
    while !front.is_empty() {
        let mut next = Vec::new();
        for better in &front {
            for worse in &dominated[*better] {
                dominators[*worse] -= 1;
                if dominators[*worse] == 0 {
                    next.push(*worse);
                }
            }
        }
        next.sort_unstable();
        fronts.push(core::mem::replace(&mut front, next));
    }
    fronts
}

/// Crowding distance of each member of a front, in the order of `front`: the
/// sum over objectives of the gap between its neighbours, as a share of the
/// front's range. Infinite at the ends of an objective.
pub fn crowding(evaluations: &[Evaluation], front: &[usize]) -> Vec<f64> {
    let mut distances = vec![0.0; front.len()];
    let Some(first) = front.first() else {
        return distances;
    };
    for objective in 0..evaluations[*first].objectives.len() {
        let value = |place: usize| evaluations[front[place]].objectives[objective];
        let mut order: Vec<usize> = (0..front.len()).collect();
        order.sort_by(|a, b| value(*a).total_cmp(&value(*b)).then(a.cmp(b)));
        let (low, high) = (order[0], order[order.len() - 1]);
        let range = value(high) - value(low);
        distances[low] = f64::INFINITY;
        distances[high] = f64::INFINITY;
        if range > 0.0 {
            for three in order.windows(3) {
                distances[three[1]] += (value(three[2]) - value(three[0])) / range;
            }
        }
    }
    distances
}
