//! How much of the space below a reference a front dominates, exactly.
//!
//! L. While, L. Bradstreet, L. Barone, "A fast way of calculating exact
//! hypervolumes" (WFG), IEEE Trans. Evol. Comput. 16 (2012) 86-95. Two
//! objectives are swept.

use super::dominance::no_worse;

/// Volume dominated by `points` and bounded by `reference`, all objectives
/// minimised; its unit is the product of the objectives' units. Points that are
/// not better than the reference in every objective add nothing.
///
/// # Panics
/// When a point has another number of objectives than the reference.
pub fn hypervolume(points: &[Vec<f64>], reference: &[f64]) -> f64 {
    let inside = points.iter().filter(|p| {
        assert_eq!(p.len(), reference.len(), "objectives of a point");
        p.iter().zip(reference).all(|(p, r)| p < r)
    });
    let mut front = non_dominated(inside.cloned().collect());
    volume(&mut front, reference)
}

/// What `point` would add to the volume of `front`.
pub(super) fn gain(point: &[f64], front: &[Vec<f64>], reference: &[f64]) -> f64 {
    if !point.iter().zip(reference).all(|(p, r)| p < r) || front.iter().any(|f| no_worse(f, point))
    {
        return 0.0;
    }
    box_of(point, reference) - volume(&mut limited(point, front), reference)
}

fn volume(front: &mut [Vec<f64>], reference: &[f64]) -> f64 {
    match reference.len() {
        0 => 0.0,
        1 => front
            .iter()
            .map(|p| reference[0] - p[0])
            .fold(0.0, f64::max),
        2 => swept(front, reference),
        _ => {
            // Worst last objective first: limited fronts of later points are small.
            front.sort_by(|a, b| compared(b, a));
            (0..front.len())
                .map(|place| {
                    let (point, rest) = (&front[place], &front[place + 1..]);
                    box_of(point, reference) - volume(&mut limited(point, rest), reference)
                })
                .sum()
        }
    }
}

/// Two objectives: strips from the first objective's best point on.
fn swept(front: &mut [Vec<f64>], reference: &[f64]) -> f64 {
    front.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let (mut sum, mut ceiling) = (0.0, reference[1]);
    for point in front.iter().filter(|p| p[0] < reference[0]) {
        if point[1] < ceiling {
            sum += (reference[0] - point[0]) * (ceiling - point[1]);
            ceiling = point[1];
        }
    }
    sum
}

fn box_of(point: &[f64], reference: &[f64]) -> f64 {
    point.iter().zip(reference).map(|(p, r)| r - p).product()
}

/// The part of the others' volume that lies in the point's box.
fn limited(point: &[f64], others: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let moved = others
        .iter()
        .map(|o| o.iter().zip(point).map(|(o, p)| o.max(*p)).collect());
    non_dominated(moved.collect())
}

/// By the last objective, then the one before.
fn compared(a: &[f64], b: &[f64]) -> core::cmp::Ordering {
    let pairs = a.iter().rev().zip(b.iter().rev());
    pairs.fold(core::cmp::Ordering::Equal, |order, (a, b)| {
        order.then(a.total_cmp(b))
    })
}

/// Points that no other is as good as everywhere; of equal ones, the first.
fn non_dominated(points: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut front: Vec<Vec<f64>> = Vec::with_capacity(points.len());
    for point in points {
        if !front.iter().any(|f| no_worse(f, &point)) {
            front.retain(|f| !no_worse(&point, f));
            front.push(point);
        }
    }
    front
}
