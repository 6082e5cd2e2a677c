//! Blocks of numbers in a processor's vector registers.
//!
//! The field's loops are written once, over any [`Lanes`]. Each operation is one
//! instruction per register, rounded as IEEE 754 says and never contracted, so
//! that a lane's bits do not depend on how many lanes a register has. Written
//! out because loops over arrays become vector code only sometimes: the same
//! source was three times slower after a change that has nothing to do with it.

use core::ops::{Add, Div, Mul, Sub};

/// Columns that the field works on at once.
pub const MANY: usize = 16;
/// The same where there are few columns.
pub const FEW: usize = 2;

/// `L` numbers that are computed with at once.
pub trait Lanes<const L: usize>:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Mul<f64, Output = Self>
{
    /// Proof that the processor has the instructions.
    type On: Copy;

    /// The same number in every lane.
    fn splat(on: Self::On, value: f64) -> Self;

    /// From memory.
    fn load(on: Self::On, from: &[f64; L]) -> Self;

    /// Into memory.
    fn store(self, to: &mut [f64; L]);

    /// The greater of two numbers per lane; `other` where one is not a number.
    fn or_greater(self, other: Self) -> Self;

    /// The less of two numbers per lane; `other` where one is not a number.
    fn or_less(self, other: Self) -> Self;

    /// `then` in the lanes that are greater than `than`; `or` in others and where
    /// one is not a number.
    fn if_greater(self, than: Self, then: Self, or: Self) -> Self;

    /// 2 to the power of the integer in the low bits of each lane, which must be
    /// -1022 to 1023.
    fn power_of_two(self) -> Self;
}

/// A processor's instructions, as the types that compute with them.
pub trait Machine: Copy {
    /// For a field.
    type Many: Lanes<MANY, On = Self::OnMany>;
    /// For one column per zone.
    type Few: Lanes<FEW, On = Self::OnFew>;
    /// Proof for the first, and for eight.
    type OnMany: Copy;
    /// For four plants, a lane each.
    type Four: Lanes<4, On = Self::OnFour>;
    /// For eight plants.
    type Eight: Lanes<8, On = Self::OnMany>;
    /// Proof for the second.
    type OnFew: Copy;
    /// Proof for [`Machine::Four`].
    type OnFour: Copy;

    /// Proof for [`Machine::Many`] and [`Machine::Eight`].
    fn many(self) -> Self::OnMany;
    /// Proof for [`Machine::Few`].
    fn few(self) -> Self::OnFew;
    /// Proof for [`Machine::Four`].
    fn four(self) -> Self::OnFour;
}

/// Lanes that are so many registers of one kind.
macro_rules! lanes {
    ($(#[$doc:meta])* $name:ident, $unit:ident, $lanes:expr, [$($part:literal)*]) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name {
            on: $unit::On,
            parts: [$unit::Register; [$($part),*].len()],
        }

        impl Lanes<{ $lanes }> for $name {
            type On = $unit::On;

            #[inline(always)]
            fn splat(on: Self::On, value: f64) -> Self {
                let part = $unit::splat(on, value);
                $name { on, parts: [part; [$($part),*].len()] }
            }

            #[inline(always)]
            fn load(on: Self::On, from: &[f64; $lanes]) -> Self {
                $name { on, parts: $unit::from_numbers(*from) }
            }

            #[inline(always)]
            fn store(self, to: &mut [f64; $lanes]) {
                *to = $unit::to_numbers(self.parts);
            }

            #[inline(always)]
            fn or_greater(self, other: Self) -> Self {
                let parts = [$($unit::max(self.on, self.parts[$part], other.parts[$part])),*];
                $name { on: self.on, parts }
            }

            #[inline(always)]
            fn or_less(self, other: Self) -> Self {
                let parts = [$($unit::min(self.on, self.parts[$part], other.parts[$part])),*];
                $name { on: self.on, parts }
            }

            #[inline(always)]
            fn if_greater(self, than: Self, then: Self, or: Self) -> Self {
                let parts = [$($unit::if_greater(
                    self.on,
                    [self.parts[$part], than.parts[$part]],
                    [then.parts[$part], or.parts[$part]],
                )),*];
                $name { on: self.on, parts }
            }

            #[inline(always)]
            fn power_of_two(self) -> Self {
                let parts = [$($unit::power_of_two(self.on, self.parts[$part])),*];
                $name { on: self.on, parts }
            }
        }

        lanes!(operator $name, $unit, Add, add, [$($part)*]);
        lanes!(operator $name, $unit, Sub, sub, [$($part)*]);
        lanes!(operator $name, $unit, Mul, mul, [$($part)*]);
        lanes!(operator $name, $unit, Div, div, [$($part)*]);
        lanes!(with_number $name, $lanes, Add, add);
        lanes!(with_number $name, $lanes, Mul, mul);
    };
    (operator $name:ident, $unit:ident, $trait:ident, $function:ident, [$($part:literal)*]) => {
        impl $trait for $name {
            type Output = Self;

            #[inline(always)]
            fn $function(self, other: Self) -> Self {
                let parts = [$($unit::$function(
                    self.on,
                    self.parts[$part],
                    other.parts[$part],
                )),*];
                $name { on: self.on, parts }
            }
        }
    };
    (with_number $name:ident, $lanes:expr, $trait:ident, $function:ident) => {
        impl $trait<f64> for $name {
            type Output = Self;

            #[inline(always)]
            fn $function(self, number: f64) -> Self {
                let other = <$name as Lanes<{ $lanes }>>::splat(self.on, number);
                $trait::$function(self, other)
            }
        }
    };
}

/// Bits of 1.0: the exponent's bias in its place.
const ONE_BITS: i64 = 0x3ff0_0000_0000_0000;
/// Bits of the fraction, below the exponent.
const FRACTION_BITS: i32 = 52;

/// Numbers one by one, for processors without a kind of their own here.
mod plain {
    pub type On = ();
    pub type Register = f64;

    #[inline(always)]
    pub fn splat((): On, value: f64) -> Register {
        value
    }
    #[inline(always)]
    pub fn from_numbers<const L: usize>(numbers: [f64; L]) -> [Register; L] {
        numbers
    }
    #[inline(always)]
    pub fn to_numbers<const L: usize>(parts: [Register; L]) -> [f64; L] {
        parts
    }
    #[inline(always)]
    pub fn add((): On, a: Register, b: Register) -> Register {
        a + b
    }
    #[inline(always)]
    pub fn sub((): On, a: Register, b: Register) -> Register {
        a - b
    }
    #[inline(always)]
    pub fn mul((): On, a: Register, b: Register) -> Register {
        a * b
    }
    #[inline(always)]
    pub fn div((): On, a: Register, b: Register) -> Register {
        a / b
    }
    #[inline(always)]
    pub fn max((): On, a: Register, b: Register) -> Register {
        if a > b { a } else { b }
    }
    #[inline(always)]
    pub fn min((): On, a: Register, b: Register) -> Register {
        if a < b { a } else { b }
    }
    #[inline(always)]
    pub fn if_greater((): On, [a, b]: [Register; 2], [then, or]: [Register; 2]) -> Register {
        if a > b { then } else { or }
    }
    #[inline(always)]
    pub fn power_of_two((): On, a: Register) -> Register {
        let exponent = a.to_bits() << super::FRACTION_BITS;
        f64::from_bits(exponent.wrapping_add(super::ONE_BITS as u64))
    }
}

lanes!(
    /// Sixteen numbers, one by one.
    PlainMany, plain, MANY, [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15]
);
lanes!(
    /// Four numbers, one by one.
    PlainFour, plain, 4, [0 1 2 3]
);
lanes!(
    /// Eight numbers, one by one.
    PlainEight, plain, 8, [0 1 2 3 4 5 6 7]
);
lanes!(
    /// Two numbers, one by one.
    PlainFew, plain, FEW, [0 1]
);

/// No vector instructions that this project knows.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Machine for Plain {
    type Many = PlainMany;
    type Few = PlainFew;
    type Four = PlainFour;
    type Eight = PlainEight;
    type OnMany = ();
    type OnFew = ();
    type OnFour = ();

    fn many(self) {}
    fn few(self) {}
    fn four(self) {}
}

#[cfg(target_arch = "x86_64")]
pub mod x86;
