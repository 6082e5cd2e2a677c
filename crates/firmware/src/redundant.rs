//! A value kept twice, the second time inverted, so that a memory bit flip shows.
//!
//! Detects; does not correct. The guard looks at every copy at the start of
//! each tick and latches `MemoryCorrupt`; readers get a safe fallback until then.

/// 32 bits and their complement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redundant {
    value: u32,
    complement: u32,
}

impl Redundant {
    /// Both copies from one value.
    pub const fn new(value: u32) -> Self {
        Self {
            value,
            complement: !value,
        }
    }

    /// Both copies from a float's bits.
    pub const fn from_f32(value: f32) -> Self {
        Self::new(value.to_bits())
    }

    /// Whether the copies agree.
    pub const fn intact(&self) -> bool {
        self.agreeing() == u32::MAX
    }

    /// Bits in which the copies agree: to be joined by `&`, so that many values
    /// are looked at together.
    pub(crate) const fn agreeing(&self) -> u32 {
        self.value ^ self.complement
    }

    /// The value, or `fallback` (the safe one) when the copies differ.
    pub const fn get_or(&self, fallback: u32) -> u32 {
        if self.intact() { self.value } else { fallback }
    }

    /// Whether both copies hold this value.
    pub const fn holds(&self, value: u32) -> bool {
        self.value == value && self.complement == !value
    }

    /// The value as a float, or `fallback` when the copies differ.
    pub const fn f32_or(&self, fallback: f32) -> f32 {
        if self.intact() {
            f32::from_bits(self.value)
        } else {
            fallback
        }
    }

    /// Makes the second copy agree with the first: what a memory without a second one does.
    #[cfg(feature = "unprotected")]
    pub(crate) const fn believe_first(&mut self) {
        self.complement = !self.value;
    }

    /// Flips one bit of one copy: 0 to 31 the value, 32 to 63 the complement, modulo 64.
    pub const fn flip(&mut self, bit: u8) {
        let mask = 1u32.wrapping_shl((bit & 31) as u32);
        if bit & 32 == 0 {
            self.value ^= mask;
        } else {
            self.complement ^= mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_single_flip_is_seen_and_reads_as_the_fallback() {
        for bit in 0..64 {
            let mut copies = Redundant::new(0x1234_5678);
            assert!(copies.holds(0x1234_5678) && !copies.holds(7));
            copies.flip(bit);
            assert!(!copies.intact() && !copies.holds(0x1234_5678), "bit {bit}");
            assert_eq!(copies.get_or(7), 7);
        }
    }

    #[test]
    fn a_flip_hits_the_bit_and_the_copy_that_it_names() {
        for bit in 0..32u8 {
            for (named, value, complement) in [(bit, 1u32 << bit, 0), (32 + bit, 0, 1u32 << bit)] {
                for named in [named, named + 64] {
                    let mut copies = Redundant::new(0xA5A5_5A5A);
                    copies.flip(named);
                    let want = Redundant {
                        value: 0xA5A5_5A5A ^ value,
                        complement: !0xA5A5_5A5A ^ complement,
                    };
                    assert_eq!(copies, want, "bit {named}");
                }
            }
        }
    }
}
