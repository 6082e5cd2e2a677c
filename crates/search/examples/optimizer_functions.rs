//! The optimisers on standard test functions, for an independent program to judge.
//!
//! `cargo run --release -p kneadsim-search --example optimizer_functions -- EVALUATIONS SEEDS`
//! prints a JSON line for every function, algorithm and seed: all points in [0, 1]^n,
//! their objectives, what was short, and the hypervolume of what was feasible.

use std::f64::consts::{FRAC_PI_2, PI};

use kneadsim_search::optimize::{CmaEs, Evaluation, Nsga2, Optimizer, hypervolume};
use serde_json::json;

type Gives = fn(&[f64]) -> (Vec<f64>, f64);

struct Function {
    name: &'static str,
    dimensions: usize,
    /// Of the hypervolume.
    reference: &'static [f64],
    gives: Gives,
}

/// E. Zitzler, K. Deb, L. Thiele, Evol. Comput. 8 (2000) 173-195.
fn zdt(p: &[f64], shape: fn(f64, f64) -> f64) -> (Vec<f64>, f64) {
    let g = 1.0 + 9.0 * p[1..].iter().sum::<f64>() / (p.len() as f64 - 1.0);
    (vec![p[0], g * shape(p[0], g)], 0.0)
}

/// K. Deb, L. Thiele, M. Laumanns, E. Zitzler, CEC 2002, with three objectives.
fn dtlz2(p: &[f64]) -> (Vec<f64>, f64) {
    let away = p[2..].iter().map(|x| (x - 0.5) * (x - 0.5));
    let g = 1.0 + away.fold(0.0, |sum, x| sum + x);
    let (a, b) = (FRAC_PI_2 * p[0], FRAC_PI_2 * p[1]);
    let objectives = vec![
        g * libm::cos(a) * libm::cos(b),
        g * libm::cos(a) * libm::sin(b),
        g * libm::sin(a),
    ];
    (objectives, 0.0)
}

fn short(constraints: &[f64]) -> f64 {
    constraints.iter().fold(0.0, |sum, c| sum + c.max(0.0))
}

/// T. T. Binh, U. Korn, MENDEL 1997.
fn binh_korn(p: &[f64]) -> (Vec<f64>, f64) {
    let (x, y) = (5.0 * p[0], 3.0 * p[1]);
    let objectives = vec![
        4.0 * x * x + 4.0 * y * y,
        (x - 5.0) * (x - 5.0) + (y - 5.0) * (y - 5.0),
    ];
    let constraints = [
        ((x - 5.0) * (x - 5.0) + y * y - 25.0) / 25.0,
        (7.7 - (x - 8.0) * (x - 8.0) - (y + 3.0) * (y + 3.0)) / 7.7,
    ];
    (objectives, short(&constraints))
}

/// A. Osyczka, S. Kundu, Struct. Optim. 10 (1995) 94-99.
fn osyczka_kundu(p: &[f64]) -> (Vec<f64>, f64) {
    let low = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0];
    let span = [10.0, 10.0, 4.0, 6.0, 4.0, 10.0];
    let x: Vec<f64> = (0..6).map(|i| low[i] + span[i] * p[i]).collect();
    let square = |v: f64| v * v;
    let first = -(25.0 * square(x[0] - 2.0)
        + square(x[1] - 2.0)
        + square(x[2] - 1.0)
        + square(x[3] - 4.0)
        + square(x[4] - 1.0));
    let second = x.iter().map(|v| v * v).sum();
    let constraints = [
        (2.0 - x[0] - x[1]) / 2.0,
        (x[0] + x[1] - 6.0) / 6.0,
        (x[1] - x[0] - 2.0) / 2.0,
        (x[0] - 3.0 * x[1] - 2.0) / 2.0,
        (square(x[2] - 3.0) + x[3] - 4.0) / 4.0,
        (4.0 - square(x[4] - 3.0) - x[5]) / 4.0,
    ];
    (vec![first, second], short(&constraints))
}

fn rosenbrock(p: &[f64]) -> (Vec<f64>, f64) {
    let x: Vec<f64> = p.iter().map(|x| 4.0 * x - 2.0).collect();
    let each = x.windows(2).map(|w| {
        let bend = w[1] - w[0] * w[0];
        100.0 * bend * bend + (1.0 - w[0]) * (1.0 - w[0])
    });
    (vec![each.sum()], 0.0)
}

fn rastrigin(p: &[f64]) -> (Vec<f64>, f64) {
    let each = p.iter().map(|p| 10.24 * p - 5.12);
    let each = each.map(|x| x * x + 10.0 - 10.0 * libm::cos(2.0 * PI * x));
    (vec![each.sum()], 0.0)
}

fn functions() -> Vec<Function> {
    let function = |name, dimensions, reference, gives| Function {
        name,
        dimensions,
        reference,
        gives,
    };
    vec![
        function("zdt1", 6, &[1.1, 1.1], |p| {
            zdt(p, |f, g| 1.0 - (f / g).sqrt())
        }),
        function("zdt2", 6, &[1.1, 1.1], |p| {
            zdt(p, |f, g| 1.0 - (f / g) * (f / g))
        }),
        function("zdt3", 6, &[1.1, 1.1], |p| {
            zdt(p, |f, g| {
                1.0 - (f / g).sqrt() - f / g * libm::sin(10.0 * PI * f)
            })
        }),
        function("dtlz2", 7, &[1.1, 1.1, 1.1], dtlz2),
        function("bnh", 2, &[140.0, 52.0], binh_korn),
        function("osy", 6, &[0.0, 80.0], osyczka_kundu),
        function("rosenbrock", 5, &[], rosenbrock),
        function("rastrigin", 5, &[], rastrigin),
    ]
}

fn told(optimizer: &mut dyn Optimizer, gives: Gives, budget: usize) -> Vec<Evaluation> {
    let mut all = Vec::new();
    while all.len() < budget {
        let one = |point: Vec<f64>| {
            let (objectives, violation) = gives(&point);
            Evaluation {
                point,
                objectives,
                violation,
                partial: false,
            }
        };
        let generation: Vec<Evaluation> = optimizer.ask().into_iter().map(one).collect();
        optimizer.tell(&generation);
        all.extend(generation);
    }
    all.truncate(budget);
    all
}

fn main() {
    let number = |index: usize, default: usize| match std::env::args().nth(index) {
        Some(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("argument {index}: a whole number is wanted")),
        None => default,
    };
    let (budget, seeds) = (number(1, 200), number(2, 10));
    for function in functions() {
        for seed in 1..=seeds as u64 {
            let n = function.dimensions;
            let objectives = function.reference.len();
            let mut optimizer: Box<dyn Optimizer> = if objectives == 0 {
                Box::new(CmaEs::new(seed, &vec![0.3; n], 0.25, None))
            } else {
                Box::new(Nsga2::new(seed, n, objectives, 12, &[], true))
            };
            // A single objective needs more evaluations, and each is cheap.
            let budget = if objectives == 0 { 20 * budget } else { budget };
            let all = told(optimizer.as_mut(), function.gives, budget);
            let feasible = all.iter().filter(|e| e.violation == 0.0);
            let front: Vec<Vec<f64>> = feasible.map(|e| e.objectives.clone()).collect();
            let volume = (objectives > 0).then(|| hypervolume(&front, function.reference));
            let line = json!({
                "function": function.name,
                "seed": seed,
                "reference": function.reference,
                "hypervolume": volume,
                "points": all.iter().map(|e| &e.point).collect::<Vec<_>>(),
                "objectives": all.iter().map(|e| &e.objectives).collect::<Vec<_>>(),
                "short": all.iter().map(|e| e.violation).collect::<Vec<_>>(),
            });
            println!("{line}");
        }
    }
}
