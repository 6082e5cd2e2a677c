//! What optimisers are made of: domination, hypervolume, eigenvectors, kriging.

use kneadsim_search::optimize::{
    Eigen, Evaluation, Kriging, crowding, dominates, fronts, hypervolume, knee, pick,
};
use proptest::prelude::*;

fn evaluation(objectives: &[f64], violation: f64) -> Evaluation {
    Evaluation {
        point: vec![0.5],
        objectives: objectives.to_vec(),
        violation,
        partial: false,
    }
}

#[test]
fn what_is_feasible_dominates_what_is_not() {
    let (good, bad) = (evaluation(&[9.0, 9.0], 0.0), evaluation(&[0.0, 0.0], 0.1));
    assert!(dominates(&good, &bad) && !dominates(&bad, &good));
    let worse = evaluation(&[0.0, 0.0], 0.2);
    assert!(dominates(&bad, &worse) && !dominates(&worse, &bad));
    let equal = good.clone();
    assert!(!dominates(&good, &equal));
    let early = Evaluation {
        partial: true,
        ..evaluation(&[0.0, 0.0], 0.0)
    };
    assert!(!dominates(&early, &good));
}

#[test]
fn hypervolumes_of_boxes_and_stairs() {
    let volume = |points: &[&[f64]], reference: &[f64]| {
        let points: Vec<Vec<f64>> = points.iter().map(|p| p.to_vec()).collect();
        hypervolume(&points, reference)
    };
    assert_eq!(volume(&[], &[1.0, 1.0]), 0.0);
    assert_eq!(volume(&[&[0.25]], &[1.0]), 0.75);
    assert_eq!(volume(&[&[0.0, 0.5], &[0.5, 0.0]], &[1.0, 1.0]), 0.75);
    // A point beyond the reference, and one that another dominates, add nothing.
    let more: [&[f64]; 4] = [&[0.0, 0.5], &[0.5, 0.0], &[2.0, -1.0], &[0.6, 0.6]];
    assert_eq!(volume(&more, &[1.0, 1.0]), 0.75);
    // Three slabs of half a cube each: 1 less the corner that none covers.
    let slabs: [&[f64]; 3] = [&[0.5, 0.0, 0.0], &[0.0, 0.5, 0.0], &[0.0, 0.0, 0.5]];
    assert_eq!(volume(&slabs, &[1.0, 1.0, 1.0]), 0.875);
}

/// By inclusion and exclusion over all subsets.
fn by_subsets(points: &[Vec<f64>], reference: &[f64]) -> f64 {
    let mut sum = 0.0;
    for subset in 1_u32..1 << points.len() {
        let corner = |i: usize| {
            let members = points.iter().enumerate();
            let members = members.filter(|(n, _)| subset >> n & 1 == 1);
            members.map(|(_, p)| p[i]).fold(f64::NEG_INFINITY, f64::max)
        };
        let sides = (0..reference.len()).map(|i| (reference[i] - corner(i)).max(0.0));
        let volume: f64 = sides.product();
        sum += if subset.count_ones() % 2 == 1 {
            volume
        } else {
            -volume
        };
    }
    sum
}

fn some_points(dimensions: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec(0.0..1.2_f64, dimensions), 1..8)
}

proptest! {
    #[test]
    fn a_hypervolume_is_that_of_inclusion_and_exclusion(
        points in (1_usize..5).prop_flat_map(some_points)
    ) {
        let reference = vec![1.0; points[0].len()];
        let (found, wanted) = (hypervolume(&points, &reference), by_subsets(&points, &reference));
        prop_assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
    }

    #[test]
    fn fronts_are_those_of_the_definition(
        points in prop::collection::vec((0_u8..6, 0_u8..6, 0_u8..3), 1..40)
    ) {
        let all: Vec<Evaluation> = points
            .iter()
            .map(|(a, b, v)| evaluation(&[f64::from(*a), f64::from(*b)], f64::from(*v)))
            .collect();
        let found = fronts(&all);
        let mut left: Vec<usize> = (0..all.len()).collect();
        for front in found {
            let beaten = |i: &usize| left.iter().any(|j| dominates(&all[*j], &all[*i]));
            let wanted: Vec<usize> = left.iter().copied().filter(|i| !beaten(i)).collect();
            prop_assert_eq!(&front, &wanted);
            prop_assert_eq!(crowding(&all, &front).len(), front.len());
            left.retain(|i| !front.contains(i));
        }
        prop_assert!(left.is_empty());
    }

    #[test]
    fn eigenvectors_make_the_matrix_again(
        entries in (1_usize..9).prop_flat_map(|n| {
            prop::collection::vec(prop::collection::vec(-3.0..3.0_f64, n), n)
        })
    ) {
        let n = entries.len();
        let matrix: Vec<Vec<f64>> = (0..n)
            .map(|i| (0..n).map(|j| entries[i][j] + entries[j][i]).collect())
            .collect();
        let Eigen { values, vectors } = Eigen::new(&matrix);
        prop_assert!(values.is_sorted());
        for i in 0..n {
            for j in 0..n {
                let again: f64 = (0..n).map(|k| vectors[i][k] * values[k] * vectors[j][k]).sum();
                prop_assert!((again - matrix[i][j]).abs() < 1e-12 * 20.0, "{i} {j}");
                let unit: f64 = (0..n).map(|k| vectors[k][i] * vectors[k][j]).sum();
                let wanted = f64::from(u8::from(i == j));
                prop_assert!((unit - wanted).abs() < 1e-12);
            }
        }
    }
}

/// A surface of which 30 points tell most: what is predicted elsewhere is near, the
/// doubt is honest, and at the points nothing is in doubt.
#[test]
fn kriging_knows_what_it_was_told_and_doubts_what_it_was_not() {
    let surface = |p: &[f64]| libm::sin(5.0 * p[0]) + 2.0 * p[1] * p[1];
    // A lattice of the golden ratio's powers.
    let point = |i: usize| {
        let i = i as f64 + 0.5;
        vec![(i * 0.754_877_666).fract(), (i * 0.569_840_296).fract()]
    };
    let points: Vec<Vec<f64>> = (0..30).map(point).collect();
    let values: Vec<f64> = points.iter().map(|p| surface(p)).collect();
    let model = Kriging::fit(&points, &values).expect("it differs");
    for (p, value) in points.iter().zip(&values) {
        let at = model.predict(p);
        assert!((at.mean - value).abs() < 2e-2, "{at:?} {value}");
        assert!(at.sd < 0.05, "{at:?}");
    }
    let mut within = 0;
    for i in 100..200 {
        let p = point(i);
        let at = model.predict(&p);
        let off = (at.mean - surface(&p)).abs();
        assert!(off < 0.3, "{p:?} {at:?}");
        within += usize::from(off < 2.0 * at.sd + 1e-9);
    }
    assert!(
        within >= 80,
        "{within} of 100 within two standard deviations"
    );
    let far = model.predict(&[8.0, -7.0]);
    assert!(far.sd > 0.5, "{far:?}");
    assert!(
        Kriging::fit(&points, &vec![1.0; 30]).is_none(),
        "nothing differs"
    );
}

#[test]
fn the_point_to_recommend_gains_most_where_it_gains_least() {
    let all = [
        evaluation(&[0.0, 10.0], 0.0),
        evaluation(&[4.0, 3.0], 0.0),
        evaluation(&[10.0, 0.0], 0.0),
        evaluation(&[0.0, 0.0], 0.5),
    ];
    assert_eq!(pick(&all, &[10.0, 10.0]), Some(1));
    assert_eq!(knee(&all), Some(1));
    assert_eq!(pick(&all[3..], &[10.0, 10.0]), None);
}
