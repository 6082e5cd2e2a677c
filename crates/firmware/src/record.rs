//! The non-volatile record: what a loss of power must not forget, and how damage shows.

use crate::io::{FaultCode, Record};

impl Record {
    /// The record of a factory-new unit: nothing latched, nothing used, a valid check.
    ///
    /// Note that `Record::default()` is *not* valid: memory wiped to zero must
    /// not read as a healthy record that has forgotten its latch.
    pub fn blank() -> Self {
        Self::default().sealed()
    }

    /// This record with its check made right.
    #[must_use]
    pub fn sealed(self) -> Self {
        Self {
            check: self.computed_check(),
            ..self
        }
    }

    /// Whether the check fits the other fields and the fault is a known one.
    pub fn is_intact(&self) -> bool {
        self.check == self.computed_check() && FaultCode::from_number(self.fault).is_some()
    }

    /// CRC-16/CCITT-FALSE (0x1021, start 0xFFFF) over the fields in order, low byte first.
    fn computed_check(&self) -> u16 {
        let [used_low, used_high] = self.used_s.to_le_bytes();
        let [rest_low, rest_high] = self.rest_s.to_le_bytes();
        let [dose_low, dose_high] = self.dose_centi_min.to_le_bytes();
        let bytes = [
            self.fault, used_low, used_high, rest_low, rest_high, dose_low, dose_high, self.boots,
        ];
        let mut crc = 0xFFFFu16;
        for byte in bytes {
            crc ^= u16::from(byte) << 8;
            for _ in 0..8 {
                crc = if crc & 0x8000 == 0 {
                    crc << 1
                } else {
                    (crc << 1) ^ 0x1021
                };
            }
        }
        crc
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USED: Record = Record {
        fault: 8,
        used_s: 300,
        rest_s: 1800,
        dose_centi_min: 77,
        boots: 1,
        check: 0,
    };

    #[test]
    fn every_single_bit_of_damage_to_a_record_shows() {
        let good = USED.sealed();
        assert!(good.is_intact());
        for bit in 0..8 {
            assert!(
                !Record {
                    fault: good.fault ^ (1 << bit),
                    ..good
                }
                .is_intact()
            );
            assert!(
                !Record {
                    boots: good.boots ^ (1 << bit),
                    ..good
                }
                .is_intact()
            );
        }
        for bit in 0..16 {
            assert!(
                !Record {
                    used_s: good.used_s ^ (1 << bit),
                    ..good
                }
                .is_intact()
            );
            assert!(
                !Record {
                    rest_s: good.rest_s ^ (1 << bit),
                    ..good
                }
                .is_intact()
            );
            assert!(
                !Record {
                    dose_centi_min: good.dose_centi_min ^ (1 << bit),
                    ..good
                }
                .is_intact()
            );
            assert!(
                !Record {
                    check: good.check ^ (1 << bit),
                    ..good
                }
                .is_intact()
            );
        }
    }

    #[test]
    fn the_check_is_crc_16_ccitt_false() {
        // Computed apart, by a program that gives 0x29B1 for "123456789".
        assert_eq!(Record::blank().check, 12606);
        assert_eq!(USED.sealed().check, 18948);
    }

    #[test]
    fn memory_wiped_to_zeros_or_ones_is_not_a_valid_record() {
        assert!(!Record::default().is_intact());
        let ones = Record {
            fault: 255,
            used_s: 65535,
            rest_s: 65535,
            dose_centi_min: 65535,
            boots: 255,
            check: 65535,
        };
        assert!(!ones.is_intact());
        assert!(Record::blank().is_intact());
    }
}
