//! A run's fingerprint: XXH3-128 over its numbers, as a stream.
//!
//! Equal numbers give equal digests: every NaN counts as the one quiet NaN and
//! -0.0 as +0.0, because neither difference is visible to a comparison and NaN
//! payloads differ between processors. It is a checksum, not a signature.

use std::fmt;

use xxhash_rust::xxh3::Xxh3;

/// Numbers canonicalised at once before they are hashed.
const CHUNK: usize = 64;

/// Words kept back before they are hashed: a call of the hasher costs more than
/// the two words of a tick.
const KEPT: usize = 32;

/// A streaming digest.
#[derive(Clone, Default)]
pub struct Digest {
    hasher: Xxh3,
    kept: [u64; KEPT],
    kept_len: usize,
}

impl Digest {
    /// An empty one.
    pub fn new() -> Digest {
        Digest::default()
    }

    /// Takes raw bytes.
    pub fn write_bytes(&mut self, bytes: &[u8]) {
        self.hash_kept();
        self.hasher.update(bytes);
    }

    /// Takes two numbers, each little-endian.
    #[inline]
    pub fn write_u64s(&mut self, values: &[u64; 2]) {
        if self.kept_len + 2 > KEPT {
            self.hash_kept();
        }
        self.kept[self.kept_len..self.kept_len + 2].copy_from_slice(values);
        self.kept_len += 2;
    }

    fn hash_kept(&mut self) {
        let mut bytes = [0u8; KEPT * 8];
        let kept = &self.kept[..self.kept_len];
        for (slot, value) in bytes.chunks_exact_mut(8).zip(kept) {
            slot.copy_from_slice(&value.to_le_bytes());
        }
        self.hasher.update(&bytes[..self.kept_len * 8]);
        self.kept_len = 0;
    }

    /// Takes a text, with its length first, so that neighbouring texts cannot run together.
    pub fn write_text(&mut self, text: &str) {
        self.write_u64(text.len() as u64);
        self.write_bytes(text.as_bytes());
    }

    /// Takes a number, little-endian.
    pub fn write_u32(&mut self, value: u32) {
        self.write_bytes(&value.to_le_bytes());
    }

    /// Takes a number, little-endian.
    pub fn write_u64(&mut self, value: u64) {
        self.write_bytes(&value.to_le_bytes());
    }

    /// Takes a number by its canonical bits.
    pub fn write_f64(&mut self, value: f64) {
        self.write_u64(canonical_bits(value));
    }

    /// Takes many numbers: the same digest as one by one, several times faster.
    pub fn write_f64s(&mut self, values: &[f64]) {
        self.hash_kept();
        let mut bytes = [0u8; CHUNK * 8];
        for chunk in values.chunks(CHUNK) {
            for (slot, value) in bytes.chunks_exact_mut(8).zip(chunk) {
                slot.copy_from_slice(&canonical_bits(*value).to_le_bytes());
            }
            self.hasher.update(&bytes[..chunk.len() * 8]);
        }
    }

    /// The digest of all that was written; more may follow.
    pub fn finish(&self) -> u128 {
        let mut whole = self.clone();
        whole.hash_kept();
        whole.hasher.digest128()
    }

    /// A digest as people read it: 32 hexadecimal digits.
    pub fn hex(digest: u128) -> String {
        format!("{digest:032x}")
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", Digest::hex(self.finish()))
    }
}

#[inline]
fn canonical_bits(value: f64) -> u64 {
    if value.is_nan() {
        f64::NAN.to_bits() & !(1 << 63)
    } else {
        (value + 0.0).to_bits()
    }
}
