//! Optimisers on functions whose best is known.

use kneadsim_search::optimize::{CmaEs, Evaluation, Nsga2, Optimizer, hypervolume};

/// What a function gives: objectives and what is short.
type Gives = fn(&[f64]) -> (Vec<f64>, f64);

/// Everything that was told until the budget was spent.
fn told(optimizer: &mut dyn Optimizer, gives: Gives, budget: usize) -> Vec<Evaluation> {
    let mut all = Vec::new();
    while all.len() < budget {
        let points = optimizer.ask();
        assert_eq!(points, optimizer.ask(), "asked twice");
        let generation: Vec<Evaluation> = points
            .into_iter()
            .map(|point| {
                assert!(point.iter().all(|x| (0.0..=1.0).contains(x)), "{point:?}");
                let (objectives, violation) = gives(&point);
                Evaluation {
                    point,
                    objectives,
                    violation,
                    partial: false,
                }
            })
            .collect();
        optimizer.tell(&generation);
        all.extend(generation);
    }
    all.truncate(budget);
    all
}

fn least(all: &[Evaluation]) -> f64 {
    let feasible = all.iter().filter(|e| e.violation == 0.0);
    feasible
        .map(|e| e.objectives[0])
        .fold(f64::INFINITY, f64::min)
}

/// To -5 .. 5.
fn wide(point: &[f64]) -> Vec<f64> {
    point.iter().map(|x| 10.0 * x - 5.0).collect()
}

fn sphere(p: &[f64]) -> (Vec<f64>, f64) {
    let x = wide(p);
    (vec![x.iter().map(|x| (x - 1.0) * (x - 1.0)).sum()], 0.0)
}

fn ellipsoid(p: &[f64]) -> (Vec<f64>, f64) {
    let x = wide(p);
    let n = x.len() as f64 - 1.0;
    let each = x.iter().enumerate();
    let sum = each.map(|(i, x)| libm::pow(1e4, i as f64 / n) * (x - 1.0) * (x - 1.0));
    (vec![sum.sum()], 0.0)
}

fn rosenbrock(p: &[f64]) -> (Vec<f64>, f64) {
    let x = wide(p);
    let each = x.windows(2).map(|w| {
        let bend = w[1] - w[0] * w[0];
        100.0 * bend * bend + (1.0 - w[0]) * (1.0 - w[0])
    });
    (vec![each.sum()], 0.0)
}

fn rastrigin(p: &[f64]) -> (Vec<f64>, f64) {
    let x = wide(p);
    let each = x.iter().map(|x| {
        (x - 1.0) * (x - 1.0) + 10.0 - 10.0 * libm::cos(std::f64::consts::TAU * (x - 1.0))
    });
    (vec![each.sum()], 0.0)
}

/// The sphere where x + y must be at least 3: the best is 0.5, at 1.5 and 1.5.
fn half_plane(p: &[f64]) -> (Vec<f64>, f64) {
    let x = wide(p);
    (sphere(p).0, (3.0 - x[0] - x[1]).max(0.0))
}

#[test]
fn cma_es_finds_the_best_of_known_functions() {
    // Dimensions, evaluations, and how near it must come, for each of three seeds.
    let rows: [(&str, Gives, usize, usize, f64); 4] = [
        ("sphere", sphere, 5, 1000, 1e-9),
        ("ellipsoid", ellipsoid, 5, 3000, 1e-8),
        ("rosenbrock", rosenbrock, 4, 4000, 1e-6),
        ("rastrigin", rastrigin, 3, 8000, 1e-6),
    ];
    for (name, gives, n, budget, near) in rows {
        for seed in [1, 2, 3] {
            let mut optimizer = CmaEs::new(seed, &vec![0.3; n], 0.25, None);
            let found = least(&told(&mut optimizer, gives, budget));
            assert!(found < near, "{name}, seed {seed}: {found:e}");
        }
    }
}

#[test]
fn cma_es_keeps_a_constraint_and_its_box() {
    for seed in [1, 2, 3] {
        let mut optimizer = CmaEs::new(seed, &[0.1, 0.1], 0.25, None);
        let found = least(&told(&mut optimizer, half_plane, 1500));
        assert!((0.5..0.5 + 1e-4).contains(&found), "seed {seed}: {found}");
        // The best of the box is its corner.
        let corner: Gives = |p| (vec![p.iter().map(|x| (x + 0.5) * (x + 0.5)).sum()], 0.0);
        let mut optimizer = CmaEs::new(seed, &[0.5, 0.5, 0.5], 0.25, None);
        let found = least(&told(&mut optimizer, corner, 1000));
        assert!(found < 0.75 + 1e-6, "seed {seed}: {found}");
    }
}

/// ZDT1 to 3: E. Zitzler, K. Deb, L. Thiele, Evol. Comput. 8 (2000) 173-195.
fn zdt(p: &[f64], shape: fn(f64, f64) -> f64) -> (Vec<f64>, f64) {
    let g = 1.0 + 9.0 * p[1..].iter().sum::<f64>() / (p.len() as f64 - 1.0);
    (vec![p[0], g * shape(p[0], g)], 0.0)
}

fn zdt1(p: &[f64]) -> (Vec<f64>, f64) {
    zdt(p, |f, g| 1.0 - (f / g).sqrt())
}

fn zdt2(p: &[f64]) -> (Vec<f64>, f64) {
    zdt(p, |f, g| 1.0 - (f / g) * (f / g))
}

fn zdt3(p: &[f64]) -> (Vec<f64>, f64) {
    zdt(p, |f, g| {
        1.0 - (f / g).sqrt() - f / g * libm::sin(10.0 * std::f64::consts::PI * f)
    })
}

/// A constrained pair after T. T. Binh and U. Korn (1997), with its box as the unit square.
fn binh_korn(p: &[f64]) -> (Vec<f64>, f64) {
    let (x, y) = (5.0 * p[0], 3.0 * p[1]);
    let first = (x - 5.0) * (x - 5.0) + y * y - 25.0;
    let second = 7.7 - (x - 8.0) * (x - 8.0) - (y + 3.0) * (y + 3.0);
    let objectives = vec![
        4.0 * x * x + 4.0 * y * y,
        (x - 5.0) * (x - 5.0) + (y - 5.0) * (y - 5.0),
    ];
    (objectives, first.max(0.0) + second.max(0.0))
}

fn volume(all: &[Evaluation], reference: &[f64]) -> f64 {
    let feasible = all.iter().filter(|e| e.violation == 0.0);
    let points: Vec<Vec<f64>> = feasible.map(|e| e.objectives.clone()).collect();
    hypervolume(&points, reference)
}

/// The true front's hypervolume below (1.1, 1.1), in closed form where there is one:
/// 1.21 less the integral below the front, which ends at (1, 0).
#[test]
fn nsga2_finds_most_of_known_fronts_in_few_evaluations() {
    let integral = |f: fn(f64) -> f64| {
        let n = 100_000;
        (0..n)
            .map(|i| f((i as f64 + 0.5) / n as f64) / n as f64)
            .sum::<f64>()
    };
    let best1 = 1.21 - integral(|x| 1.0 - x.sqrt());
    let best2 = 1.21 - integral(|x| 1.0 - x * x);
    // Problem, dimensions, evaluations, the true volume, and the share that must be found.
    let rows: [(&str, Gives, usize, usize, f64, f64); 2] = [
        ("ZDT1", zdt1, 6, 150, best1, 0.93),
        ("ZDT2", zdt2, 6, 150, best2, 0.90),
    ];
    for (name, gives, n, budget, best, share) in rows {
        for seed in [1, 2, 3] {
            let mut optimizer = Nsga2::new(seed, n, 2, 20, &[], true);
            let found = volume(&told(&mut optimizer, gives, budget), &[1.1, 1.1]);
            assert!(found <= best + 1e-9, "{name}: more than there is");
            assert!(
                found > share * best,
                "{name}, seed {seed}: {found} of {best}"
            );
        }
    }
}

#[test]
fn a_screen_finds_more_than_none_in_the_same_evaluations() {
    for (gives, reference) in [
        (zdt1 as Gives, [1.1, 7.0]),
        (zdt3, [1.1, 7.0]),
        (binh_korn, [140.0, 50.0]),
    ] {
        for seed in [1, 2, 3] {
            let n = if gives(&[0.5, 0.5]).0[0] > 1.0 { 2 } else { 6 };
            let of = |screened| {
                let mut optimizer = Nsga2::new(seed, n, 2, 16, &[], screened);
                volume(&told(&mut optimizer, gives, 120), &reference)
            };
            let (with, without) = (of(true), of(false));
            assert!(with > without, "seed {seed}: {with} and {without}");
        }
    }
}

#[test]
fn nsga2_without_a_screen_converges_too() {
    for seed in [1, 2, 3] {
        let mut optimizer = Nsga2::new(seed, 5, 2, 40, &[], false);
        let found = volume(&told(&mut optimizer, zdt1, 6000), &[1.1, 1.1]);
        assert!(found > 0.85, "seed {seed}: {found}");
    }
}

#[test]
fn starts_are_tried_first_and_no_point_twice() {
    let start = vec![0.25, 0.75, 0.5];
    for screened in [false, true] {
        let mut optimizer = Nsga2::new(4, 3, 2, 10, std::slice::from_ref(&start), screened);
        let all = told(&mut optimizer, zdt1, 150);
        assert_eq!(all[0].point, start);
        for (i, one) in all.iter().enumerate() {
            let twice = all[..i].iter().any(|o| o.point == one.point);
            assert!(!twice, "{:?}", one.point);
        }
    }
}

type New = fn() -> Box<dyn Optimizer>;

#[test]
fn an_optimiser_that_is_told_the_same_asks_the_same() {
    let runs: [(New, Gives); 3] = [
        (|| Box::new(Nsga2::new(9, 4, 2, 8, &[], true)), zdt1),
        (|| Box::new(Nsga2::new(9, 4, 2, 8, &[], false)), zdt1),
        (|| Box::new(CmaEs::new(9, &[0.5; 4], 0.2, None)), sphere),
    ];
    for (new, gives) in runs {
        let first = told(new().as_mut(), gives, 100);
        assert_eq!(first, told(new().as_mut(), gives, 100));
    }
    let other = told(&mut Nsga2::new(8, 4, 2, 8, &[], true), zdt1, 100);
    let same = told(&mut Nsga2::new(9, 4, 2, 8, &[], true), zdt1, 100);
    assert_ne!(other, same);
}
