//! Thermal dose at the basal layer: CEM43 and four Arrhenius burn integrals.
//!
//! Every rate is the exponential of something that is linear, or nearly so, in
//! temperature. A step in which the temperature goes from one value to another
//! is therefore integrated with the mean of an exponential between its ends,
//! exact for a linear exponent, not with the rate at the mean temperature.
//! Constants as in the tables of the domain notes, E/R pinned in kelvin.

use crate::aligned::Aligned;
use crate::exponential::{exp, exp2};
use crate::lanes::{FEW, Lanes, MANY, Machine, Plain};

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
        let branch = self.constants()[usize::from(temperature_c > self.branch_c())];
        exp(libm::log(branch.a_per_s) - branch.e_over_r_k * (1.0 / (temperature_c + ZERO_C_K)))
    }
}

/// Rate of CEM43 at a temperature, minutes per minute.
#[inline(always)]
pub fn cem43_rate(temperature_c: f64) -> f64 {
    exp(LN_2 * cem43_log2(temperature_c))
}

const LN_2: f64 = core::f64::consts::LN_2;
const LOG2_E: f64 = core::f64::consts::LOG2_E;

/// R^(43 - T) as a power of two: R = 1/2 from 43 degC up, 1/4 below.
#[inline(always)]
fn cem43_log2(temperature_c: f64) -> f64 {
    let above_k = temperature_c - CEM43_C;
    let slope = if above_k >= 0.0 { 1.0 } else { 2.0 };
    slope * above_k
}

const CEM43_C: f64 = 43.0;

/// Dose per column since the start. Columns are padded to whole blocks of lanes.
#[derive(Clone, Debug)]
pub struct Dose {
    columns: usize,
    burns: [Branches; 4],
    /// Temperatures at the end of the last step, and now; degC.
    before_c: Aligned,
    now_c: Aligned,
    /// One over the absolute temperature at the end of the last step, 1/K.
    before_per_k: Aligned,
    cem43_min: Aligned,
    omega: [Aligned; 4],
}

impl Dose {
    /// No dose yet, at these temperatures.
    pub fn new(basal_c: &[f64]) -> Dose {
        let columns = basal_c.len();
        let padded = columns.next_multiple_of(if columns <= FEW { FEW } else { MANY });
        let mut now_c = Aligned::new(0.0, padded);
        now_c[..columns].copy_from_slice(basal_c);
        Dose {
            columns,
            burns: ArrheniusSet::ALL.map(Branches::of),
            before_per_k: now_c.iter().map(|t_c| 1.0 / (t_c + ZERO_C_K)).collect(),
            before_c: now_c.clone(),
            now_c,
            cem43_min: Aligned::new(0.0, padded),
            omega: core::array::from_fn(|_| Aligned::new(0.0, padded)),
        }
    }

    /// Adds a step from the last temperatures to these ones, one per column.
    pub fn advance(&mut self, basal_c: &[f64], dt_s: f64) {
        self.advance_on(Plain, basal_c, dt_s);
    }

    /// The same with a machine's instructions.
    #[inline(always)]
    pub(crate) fn advance_on<M: Machine>(&mut self, machine: M, basal_c: &[f64], dt_s: f64) {
        assert_eq!(basal_c.len(), self.columns, "one temperature per column");
        self.now_c[..self.columns].copy_from_slice(basal_c);
        if self.now_c.len() == FEW {
            self.add::<M::Few, FEW>(machine.few(), dt_s);
        } else {
            self.add::<M::Many, MANY>(machine.many(), dt_s);
        }
    }

    /// Cumulative equivalent minutes at 43 degC, per column.
    pub fn cem43_min(&self) -> &[f64] {
        &self.cem43_min[..self.columns]
    }

    /// Burn integral of a set, per column.
    pub fn omega(&self, set: ArrheniusSet) -> &[f64] {
        let index = match set {
            ArrheniusSet::Henriques => 0,
            ArrheniusSet::WeaverStoll => 1,
            ArrheniusSet::Takata => 2,
            ArrheniusSet::Diller => 3,
        };
        &self.omega[index][..self.columns]
    }

    #[inline(always)]
    fn add<V: Lanes<L>, const L: usize>(&mut self, on: V::On, dt_s: f64) {
        let now_c = self.now_c.as_chunks::<L>().0;
        let before_c = self.before_c.as_chunks_mut::<L>().0;
        let before_per_k = self.before_per_k.as_chunks_mut::<L>().0;
        let cem43_min = self.cem43_min.as_chunks_mut::<L>().0;
        let mut omega = self
            .omega
            .each_mut()
            .map(|omega| omega.as_chunks_mut::<L>().0.iter_mut());
        let before = before_c.iter_mut().zip(before_per_k);
        for ((now_c, (before_c, before_per_k)), total) in now_c.iter().zip(before).zip(cem43_min) {
            let (now, before) = (V::load(on, now_c), V::load(on, before_c));
            let per_k = V::splat(on, 1.0) / (now + ZERO_C_K);
            let middle = Middle {
                c: (now + before) * 0.5,
                rise_k: now - before,
                per_k: (per_k + V::load(on, before_per_k)) * 0.5,
                fall_per_k: V::load(on, before_per_k) - per_k,
            };
            let added = middle.cem43(on) * (dt_s / 60.0);
            (V::load(on, total) + added).store(total);
            for (burn, omega) in self.burns.iter().zip(&mut omega) {
                let Some(total) = omega.next() else { continue };
                let added = middle.burn(on, burn) * dt_s;
                (V::load(on, total) + added).store(total);
            }
            now.store(before_c);
            per_k.store(before_per_k);
        }
    }
}

/// The middle of a step, and the change over it.
struct Middle<V> {
    c: V,
    rise_k: V,
    /// One over the absolute temperature, and how much it fell.
    per_k: V,
    fall_per_k: V,
}

impl<V> Middle<V> {
    /// Mean rate of CEM43 over the step, minutes per minute.
    #[inline(always)]
    fn cem43<const L: usize>(&self, on: V::On) -> V
    where
        V: Lanes<L>,
    {
        let above_k = self.c + -CEM43_C;
        let doubled = above_k * 2.0;
        let log2 = doubled.or_less(above_k);
        // Half the rise of the exponent, squared; twice the slope below 43 degC.
        let once = self.rise_k * self.rise_k * (0.25 * LN_2 * LN_2);
        let half2 = V::splat(on, 0.0).if_greater(above_k, once * 4.0, once);
        exp2(on, log2) * over_middle(on, half2)
    }

    /// Mean rate of damage over the step, 1/s.
    #[inline(always)]
    fn burn<const L: usize>(&self, on: V::On, burn: &Branches) -> V
    where
        V: Lanes<L>,
    {
        let (log2, half) = if burn.branch_c == f64::INFINITY {
            let log2 = self.per_k * -burn.log2_k[0] + burn.log2_a[0];
            (log2, self.fall_per_k * (0.5 * LN_2 * burn.log2_k[0]))
        } else {
            let [lower_a, upper_a] = burn.log2_a.map(|a| V::splat(on, a));
            let [lower_k, upper_k] = burn.log2_k.map(|k| V::splat(on, k));
            let branch_c = V::splat(on, burn.branch_c);
            let log2_a = self.c.if_greater(branch_c, upper_a, lower_a);
            let log2_k = self.c.if_greater(branch_c, upper_k, lower_k);
            let log2 = log2_a - self.per_k * log2_k;
            (log2, self.fall_per_k * log2_k * (0.5 * LN_2))
        };
        exp2(on, log2) * over_middle(on, half * half)
    }
}

/// Mean of an exponential over its middle value, where `half2` is the square of
/// half the rise of its exponent: sinh(y)/y.
///
/// The series is within 1e-7 for a rise of 1.3 (2 K of CEM43 in one step) and 3 %
/// low for one of 8; beyond that the factor stays.
#[inline(always)]
fn over_middle<V: Lanes<L>, const L: usize>(on: V::On, half2: V) -> V {
    let half2 = V::splat(on, 16.0).or_less(half2);
    ((half2 * (1.0 / 5040.0) + 1.0 / 120.0) * half2 + 1.0 / 6.0) * half2 + 1.0
}

/// A set's branches as logarithms to the base 2 of A, and E/R for that base.
#[derive(Clone, Copy, Debug)]
struct Branches {
    branch_c: f64,
    log2_a: [f64; 2],
    log2_k: [f64; 2],
}

impl Branches {
    fn of(set: ArrheniusSet) -> Branches {
        let constants = set.constants();
        Branches {
            branch_c: set.branch_c(),
            log2_a: constants.map(|branch| libm::log2(branch.a_per_s)),
            log2_k: constants.map(|branch| branch.e_over_r_k * LOG2_E),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::PlainFew;

    /// A function of lanes for one number.
    fn alone(function: fn((), PlainFew) -> PlainFew, number: f64) -> f64 {
        let mut numbers = [0.0; FEW];
        function((), PlainFew::splat((), number)).store(&mut numbers);
        numbers[0]
    }

    #[test]
    fn the_mean_of_an_exponential_is_that_of_its_integral() {
        // Rise of the exponent over the step, and how far the series may be off.
        for (rise, allowed) in [
            (-0.6_f64, 1.0e-9),
            (-1.0e-3, 1.0e-12),
            (0.3, 1.0e-11),
            (1.3, 1.0e-7),
            (-1.3, 1.0e-7),
            (4.0, 5.0e-4),
            (8.0, 0.032),
        ] {
            let half = rise / 2.0;
            let exact = libm::sinh(half) / half;
            let got = alone(over_middle, half * half);
            let off = (got / exact - 1.0).abs();
            assert!(off < allowed, "{rise}: {got} {exact}");
        }
        assert_eq!(alone(over_middle, 0.0), 1.0);
        assert!(alone(over_middle, f64::NAN).is_nan());
    }

    #[test]
    fn a_steady_temperature_gives_the_rate_times_the_time() {
        for t_c in [20.0, 37.0, 42.9, 43.0, 44.0, 49.9, 50.0, 50.1, 53.5, 60.0] {
            let mut dose = Dose::new(&[t_c]);
            for _ in 0..40 {
                dose.advance(&[t_c], 0.25);
            }
            let got = dose.cem43_min()[0] * 6.0;
            assert!((got / cem43_rate(t_c) - 1.0).abs() < 1.0e-8, "{t_c}");
            for set in ArrheniusSet::ALL {
                let got = dose.omega(set)[0] / 10.0;
                let off = (got / set.rate_per_s(t_c) - 1.0).abs();
                assert!(off < 1.0e-8, "{t_c} {}", set.name());
            }
        }
    }

    #[test]
    fn a_temperature_that_is_not_a_number_leaves_no_number_in_the_dose() {
        let mut dose = Dose::new(&[44.0, 44.0]);
        dose.advance(&[44.0, f64::NAN], 0.25);
        dose.advance(&[44.0, 44.0], 0.25);
        assert!(dose.cem43_min()[0] > 0.0 && dose.cem43_min()[1].is_nan());
        for set in ArrheniusSet::ALL {
            assert!(dose.omega(set)[0] > 0.0 && dose.omega(set)[1].is_nan());
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
