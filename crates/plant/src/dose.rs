//! Thermal dose at the basal layer: CEM43 and four Arrhenius burn integrals.
//!
//! Every rate is the exponential of something that is linear, or nearly so, in
//! temperature. A step in which the temperature goes from one value to another
//! is therefore integrated with the mean of an exponential between its ends,
//! exact for a linear exponent, not with the rate at the mean temperature.
//! Constants as in the tables of the domain notes, E/R pinned in kelvin.

use crate::exponential::exp;

/// 0 degC in K.
const ZERO_C_K: f64 = 273.15;

/// A published set of Arrhenius constants for skin burns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrheniusSet {
    /// Henriques 1947.
    Henriques,
    /// Weaver and Stoll 1969, the conservative one.
    WeaverStoll,
    /// Takata 1974.
    Takata,
    /// Diller 1991, closest to the measured burns [M].
    Diller,
}

/// Constants of one branch: dOmega/dt = A exp(-(E/R) / T).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrhenius {
    /// Frequency factor, 1/s.
    pub a_per_s: f64,
    /// Activation energy over gas constant, K.
    pub e_over_r_k: f64,
}

impl ArrheniusSet {
    /// Every set, in the order of [`Dose::omega`].
    pub const ALL: [ArrheniusSet; 4] = [
        ArrheniusSet::Henriques,
        ArrheniusSet::WeaverStoll,
        ArrheniusSet::Takata,
        ArrheniusSet::Diller,
    ];

    /// Name as written in limit profiles.
    pub const fn name(self) -> &'static str {
        match self {
            ArrheniusSet::Henriques => "henriques",
            ArrheniusSet::WeaverStoll => "weaver_stoll",
            ArrheniusSet::Takata => "takata",
            ArrheniusSet::Diller => "diller",
        }
    }

    /// Highest temperature of the lower branch, degC; infinite with one branch.
    pub const fn branch_c(self) -> f64 {
        match self {
            ArrheniusSet::Henriques => f64::INFINITY,
            ArrheniusSet::WeaverStoll | ArrheniusSet::Takata => 50.0,
            ArrheniusSet::Diller => 53.0,
        }
    }

    /// Constants up to and above [`ArrheniusSet::branch_c`].
    pub const fn constants(self) -> [Arrhenius; 2] {
        const fn branch(a_per_s: f64, e_over_r_k: f64) -> Arrhenius {
            Arrhenius {
                a_per_s,
                e_over_r_k,
            }
        }
        match self {
            ArrheniusSet::Henriques => [branch(3.1e98, 75_000.0), branch(3.1e98, 75_000.0)],
            ArrheniusSet::WeaverStoll => [branch(2.185e124, 93_534.9), branch(1.823e51, 39_109.8)],
            ArrheniusSet::Takata => [branch(4.32e64, 50_000.0), branch(9.39e104, 80_000.0)],
            ArrheniusSet::Diller => [
                branch(8.82e94, 603_000.0 / 8.314),
                branch(1.297e31, 204_000.0 / 8.314),
            ],
        }
    }

    /// Rate of damage at a temperature, 1/s.
    pub fn rate_per_s(self, temperature_c: f64) -> f64 {
        exp(Branches::of(self).exponent(temperature_c, 1.0 / (temperature_c + ZERO_C_K)))
    }
}

/// Rate of CEM43 at a temperature, minutes per minute.
#[inline(always)]
pub fn cem43_rate(temperature_c: f64) -> f64 {
    exp(cem43_exponent(temperature_c))
}

/// Measures of dose: CEM43, then the Arrhenius sets.
const MEASURES: usize = 5;

/// Dose per column since the start.
#[derive(Clone, Debug)]
pub struct Dose {
    branches: [Branches; 4],
    measures: [Measure; MEASURES],
    /// Inverse absolute temperatures and exponents of this step.
    inverse_k: Vec<f64>,
    exponent: Vec<f64>,
}

/// One measure of dose in every column.
#[derive(Clone, Debug)]
struct Measure {
    /// CEM43 in minutes, or Omega.
    total: Vec<f64>,
    /// Exponent of the rate at the end of the last step.
    exponent: Vec<f64>,
    /// The rate there.
    rate: Vec<f64>,
}

impl Dose {
    /// No dose yet, at these temperatures.
    pub fn new(basal_c: &[f64]) -> Dose {
        let zeros = || vec![0.0; basal_c.len()];
        let mut dose = Dose {
            branches: ArrheniusSet::ALL.map(Branches::of),
            measures: core::array::from_fn(|_| Measure {
                total: zeros(),
                exponent: zeros(),
                rate: zeros(),
            }),
            inverse_k: zeros(),
            exponent: zeros(),
        };
        dose.advance(basal_c, 0.0);
        dose
    }

    /// Adds a step from the last temperatures to these ones, one per column.
    #[inline(always)]
    pub fn advance(&mut self, basal_c: &[f64], dt_s: f64) {
        assert_eq!(
            basal_c.len(),
            self.inverse_k.len(),
            "one temperature per column"
        );
        for (inverse_k, t_c) in self.inverse_k.iter_mut().zip(basal_c) {
            *inverse_k = 1.0 / (t_c + ZERO_C_K);
        }
        let [cem43, burns @ ..] = &mut self.measures;
        for (exponent, t_c) in self.exponent.iter_mut().zip(basal_c) {
            *exponent = cem43_exponent(*t_c);
        }
        cem43.add(&self.exponent, dt_s / 60.0);
        for (burn, branches) in burns.iter_mut().zip(&self.branches) {
            let columns = self.exponent.iter_mut().zip(basal_c).zip(&self.inverse_k);
            for ((exponent, t_c), inverse_k) in columns {
                *exponent = branches.exponent(*t_c, *inverse_k);
            }
            burn.add(&self.exponent, dt_s);
        }
    }

    /// Cumulative equivalent minutes at 43 degC, per column.
    pub fn cem43_min(&self) -> &[f64] {
        &self.measures[0].total
    }

    /// Burn integral of a set, per column.
    pub fn omega(&self, set: ArrheniusSet) -> &[f64] {
        let index = match set {
            ArrheniusSet::Henriques => 1,
            ArrheniusSet::WeaverStoll => 2,
            ArrheniusSet::Takata => 3,
            ArrheniusSet::Diller => 4,
        };
        &self.measures[index].total
    }
}

impl Measure {
    #[inline(always)]
    fn add(&mut self, exponent: &[f64], dt: f64) {
        let old = self.exponent.iter_mut().zip(&mut self.rate);
        let columns = self.total.iter_mut().zip(old).zip(exponent);
        for ((total, (old_exponent, old_rate)), exponent) in columns {
            let rate = exp(*exponent);
            *total += dt * mean_rate(*old_rate, rate, exponent - *old_exponent);
            *old_exponent = *exponent;
            *old_rate = rate;
        }
    }
}

/// Mean of an exponential whose exponent goes linearly by `rise` between two rates.
///
/// The mean is (r0 + r1)/2 tanh(y)/y with y = rise/2. The series is within 1e-7
/// for |y| < 0.3, a jump of 0.8 K in CEM43; a jump of more than 1.4 K is taken
/// with the factor of that one, which overstates the dose of that step.
#[inline(always)]
fn mean_rate(before: f64, after: f64, rise: f64) -> f64 {
    let y2 = 0.25 * rise * rise;
    let y2 = if y2 < 0.25 { y2 } else { 0.25 };
    let factor =
        1.0 + y2 * (-1.0 / 3.0 + y2 * (2.0 / 15.0 + y2 * (-17.0 / 315.0 + y2 * (62.0 / 2835.0))));
    0.5 * (before + after) * factor
}

/// R^(43 - T) as an exponent: R = 1/2 from 43 degC up, 1/4 below.
#[inline(always)]
fn cem43_exponent(temperature_c: f64) -> f64 {
    let above_k = temperature_c - 43.0;
    let slope = if above_k >= 0.0 { LN_2 } else { 2.0 * LN_2 };
    slope * above_k
}

const LN_2: f64 = core::f64::consts::LN_2;

/// A set's branches as ln A and E/R.
#[derive(Clone, Copy, Debug)]
struct Branches {
    branch_c: f64,
    log_a: [f64; 2],
    e_over_r_k: [f64; 2],
}

impl Branches {
    fn of(set: ArrheniusSet) -> Branches {
        let constants = set.constants();
        Branches {
            branch_c: set.branch_c(),
            log_a: constants.map(|branch| libm::log(branch.a_per_s)),
            e_over_r_k: constants.map(|branch| branch.e_over_r_k),
        }
    }

    #[inline(always)]
    fn exponent(&self, temperature_c: f64, inverse_k: f64) -> f64 {
        let lower = self.log_a[0] - self.e_over_r_k[0] * inverse_k;
        let upper = self.log_a[1] - self.e_over_r_k[1] * inverse_k;
        if temperature_c > self.branch_c {
            upper
        } else {
            lower
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_an_exponential_is_that_of_its_integral() {
        for rise in [-0.6_f64, -0.1, -1.0e-3, 0.0, 1.0e-6, 0.02, 0.3, 0.6] {
            let exact = if rise == 0.0 {
                1.0
            } else {
                libm::expm1(rise) / rise
            };
            let got = mean_rate(1.0, libm::exp(rise), rise);
            assert!((got / exact - 1.0).abs() < 1.0e-7, "{rise}: {got} {exact}");
        }
    }

    #[test]
    fn a_column_does_not_depend_on_its_neighbours() {
        let mut alone = Dose::new(&[44.0]);
        let mut among = Dose::new(&[20.0, 37.0, 44.0, 90.0, 44.0, -40.0, 50.0, 53.0, 44.0]);
        for step in 1..=100 {
            let t = 44.0 + 0.01 * f64::from(step);
            alone.advance(&[t], 0.25);
            among.advance(&[20.0, 37.0, t, 90.0, t, -40.0, 50.0, 53.0, t], 0.25);
        }
        for column in [2, 4, 8] {
            assert_eq!(alone.cem43_min()[0], among.cem43_min()[column]);
            for set in ArrheniusSet::ALL {
                assert_eq!(alone.omega(set)[0], among.omega(set)[column]);
            }
        }
    }
}
