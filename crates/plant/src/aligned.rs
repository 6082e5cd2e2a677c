//! Numbers in memory that begin on a cache line, so that no vector register is
//! loaded from two of them.

use core::ops::{Deref, DerefMut};

/// Bytes of a cache line, and of the longest vector register.
const LINE_BYTES: usize = 64;
/// Numbers in it.
const LINE: usize = LINE_BYTES / size_of::<f64>();

/// A fixed number of numbers that begin on a cache line.
#[derive(Debug)]
pub(crate) struct Aligned {
    /// One line more than needed: an allocation begins anywhere in one.
    numbers: Vec<f64>,
    first: usize,
    count: usize,
}

impl Aligned {
    /// So many copies of one number.
    pub fn new(value: f64, count: usize) -> Aligned {
        let numbers = vec![value; count + LINE];
        // Where the system does not say, any place will do.
        let first = numbers.as_ptr().align_offset(LINE_BYTES).min(LINE);
        Aligned {
            numbers,
            first,
            count,
        }
    }
}

impl Deref for Aligned {
    type Target = [f64];

    #[inline(always)]
    fn deref(&self) -> &[f64] {
        &self.numbers[self.first..][..self.count]
    }
}

impl DerefMut for Aligned {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64] {
        &mut self.numbers[self.first..][..self.count]
    }
}

/// A copy begins on a line of its own.
impl Clone for Aligned {
    fn clone(&self) -> Aligned {
        let mut copy = Aligned::new(0.0, self.count);
        copy.copy_from_slice(self);
        copy
    }
}

impl FromIterator<f64> for Aligned {
    fn from_iter<Numbers: IntoIterator<Item = f64>>(numbers: Numbers) -> Aligned {
        let numbers: Vec<f64> = numbers.into_iter().collect();
        let mut aligned = Aligned::new(0.0, numbers.len());
        aligned.copy_from_slice(&numbers);
        aligned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_the_same_numbers_and_begins_on_a_line_too() {
        for count in [0, 1, 7, 8, 100] {
            let made: Aligned = (0..count).map(f64::from).collect();
            let copies = [made.clone(), made.clone(), made.clone()];
            for copy in &copies {
                assert_eq!(copy[..], made[..]);
                assert_eq!(copy.as_ptr() as usize % LINE_BYTES, 0, "{count}");
            }
        }
    }
}
