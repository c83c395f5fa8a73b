//! Random numbers that never change: `SplitMix64`, implemented here, where no update of a crate can change it.

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The scrambling step of `SplitMix64` (Steele, Lea and Flood, 2014).
pub(super) const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The number at position `index` of the stream `key`. `SplitMix64` has random access.
pub(super) const fn nth(key: u64, index: u64) -> u64 {
    mix(key.wrapping_add(GAMMA.wrapping_mul(index.wrapping_add(1))))
}

/// A key for one purpose, so that two streams from one seed are independent.
pub(super) const fn key(seed: u64, purpose: u64) -> u64 {
    mix(mix(seed ^ GAMMA).wrapping_add(purpose))
}

/// A permutation of `0..len` without a table.
#[derive(Debug)]
pub(super) struct Shuffle {
    len: u64,
    /// All ones; at least `len - 1`.
    mask: u64,
    /// Half the bits of `mask`, at least one.
    half: u32,
    key: u64,
}

impl Shuffle {
    /// A permutation of `0..len`; `len` may be 1, but not 0.
    pub(super) fn new(len: u64, key: u64) -> Self {
        let bits = (u64::BITS - (len - 1).leading_zeros()).max(1);
        Self { len, mask: u64::MAX >> (u64::BITS - bits), half: (bits / 2).max(1), key }
    }

    /// The image of `index`. An image between `len` and the power of two is permuted again, until it is below `len`.
    pub(super) fn nth(&self, index: u64) -> u64 {
        let mut at = index;
        loop {
            at = self.scramble(at);
            if at < self.len {
                return at;
            }
        }
    }

    /// A bijection within the bits of `mask`, since each step is a bijection.
    fn scramble(&self, mut at: u64) -> u64 {
        for odd in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb, GAMMA] {
            at = at.wrapping_add(self.key) & self.mask;
            at = (at ^ (at >> self.half)).wrapping_mul(odd) & self.mask;
        }
        at ^ (at >> self.half)
    }
}
