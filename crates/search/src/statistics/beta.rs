//! The regularised incomplete beta function, with the same bits on every machine.

/// I_x(a, b), by Lentz's continued fraction; a, b > 0, 0 <= x <= 1. Relative
/// error about 1e-15 times the greater of a and ln(a + b) a. Source: NIST DLMF 8.17.22.
pub fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast on this side of the mean only.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let log_front = a * libm::log(x) + b * libm::log1p(-x) - log_beta(a, b);
    libm::exp(log_front) / a * fraction(x, a, b)
}

/// ln B(a, b). Of a small and a great number the difference of two great lgamma
/// would have few digits left: then by Stirling's series, as A. R. DiDonato and
/// A. H. Morris do it (ACM Trans. Math. Softw. 18 (1992) 360-373).
fn log_beta(a: f64, b: f64) -> f64 {
    let (small, great) = if a < b { (a, b) } else { (b, a) };
    if great < 10.0 {
        return libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    }
    let sum = small + great;
    libm::lgamma(small) - (great - 0.5) * libm::log1p(small / great) - small * libm::log(sum)
        + small
        + stirling(great)
        - stirling(sum)
}

/// What Stirling's formula leaves out of ln Gamma(x), x >= 10; the next term is
/// below 1e-13. Source: NIST DLMF 5.11.1.
fn stirling(x: f64) -> f64 {
    let r = 1.0 / (x * x);
    (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r * (1.0 / 1188.0)))))
        / x
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const STEPS_MAX: usize = 100_000;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut f = d;
    for step in 1..STEPS_MAX {
        let m = step as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        f *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        f *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    f
}
