//! A row of bits that counts and finds its ones: rank in O(1), select in O(log).

use alloc::vec;
use alloc::vec::Vec;

const WORD: usize = 64;

/// Bits in words of 64, and how many ones stand before each word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    /// One entry per word and one for the end.
    before: Vec<u32>,
}

impl Bits {
    /// From the bits themselves.
    pub(super) fn new(bits: impl ExactSizeIterator<Item = bool>) -> Self {
        let mut words = vec![0_u64; bits.len().div_ceil(WORD)];
        for (at, bit) in bits.enumerate() {
            if let (true, Some(word)) = (bit, words.get_mut(at / WORD)) {
                *word |= 1_u64.unbounded_shl(low(at));
            }
        }
        let mut sum = 0_u32;
        let mut before = vec![0];
        before.extend(words.iter().map(|word| {
            sum = sum.saturating_add(word.count_ones());
            sum
        }));
        Self { words, before }
    }

    /// Whether the bit is one; no beyond the end.
    pub(super) fn get(&self, at: usize) -> bool {
        self.words.get(at / WORD).is_some_and(|word| word.unbounded_shr(low(at)) & 1 == 1)
    }

    /// Ones before a place; beyond the end all there are.
    pub(super) fn rank(&self, at: usize) -> u32 {
        let Some(before) = self.before.get(at / WORD) else { return self.ones() };
        let mask = 1_u64.unbounded_shl(low(at)).wrapping_sub(1);
        let word = self.words.get(at / WORD).copied().unwrap_or(0);
        before.saturating_add((word & mask).count_ones())
    }

    /// The place of the one before which there are exactly `nth` others.
    pub(super) fn select(&self, nth: u32) -> Option<usize> {
        let word = self.before.partition_point(|before| *before <= nth).checked_sub(1)?;
        let bits = *self.words.get(word)?;
        let within = select_in(bits, nth.saturating_sub(*self.before.get(word)?));
        word.checked_mul(WORD)?.checked_add(within)
    }

    /// All ones.
    pub(super) fn ones(&self) -> u32 {
        self.before.last().copied().unwrap_or(0)
    }
}

/// The place of a one in a word, by halving: six counts.
fn select_in(word: u64, nth: u32) -> usize {
    let (mut rest, mut left, mut at) = (word, nth, 0_u32);
    for width in [32_u32, 16, 8, 4, 2, 1] {
        let here = (rest & 1_u64.unbounded_shl(width).wrapping_sub(1)).count_ones();
        if left >= here {
            left = left.saturating_sub(here);
            rest = rest.unbounded_shr(width);
            at = at.saturating_add(width);
        }
    }
    at as usize
}

/// The place of a bit within its word.
#[expect(clippy::cast_possible_truncation, reason = "below 64")]
const fn low(at: usize) -> u32 {
    (at % WORD) as u32
}
