//! Sharing an amount out without losing or inventing a minor unit.

use alloc::vec::Vec;

use crate::value::Amount;

/// Shares an amount in proportion to the weights by the method of largest remainder: every share is the exact one rounded
/// down or up, and the shares sum to the amount. Minor units left over go to the largest remainders, the earlier share
/// first among equals. When all weights are zero they count as equal; without weights there are no shares.
pub fn spread(amount: Amount, weights: &[u64]) -> Vec<Amount> {
    let sum: u128 = weights.iter().copied().map(u128::from).fold(0, u128::saturating_add);
    let weight = |weight: u64| if sum == 0 { 1 } else { u128::from(weight) };
    let whole = if sum == 0 { u128::try_from(weights.len()).unwrap_or(u128::MAX) } else { sum };
    let magnitude = u128::from(amount.minor().unsigned_abs());

    // 53 bits times 64 bits: the product fits, and a share is never more than the amount.
    let exact = |share: u64| magnitude.saturating_mul(weight(share));
    let mut shares: Vec<u128> = weights.iter().map(|share| exact(*share).checked_div(whole).unwrap_or(0)).collect();
    let left = magnitude.saturating_sub(shares.iter().copied().fold(0, u128::saturating_add));

    let remainder = |share: u64| exact(share).checked_rem(whole).unwrap_or(0);
    let mut rests: Vec<u128> = weights.iter().copied().map(remainder).collect();
    // Fewer minor units are left than there are shares with a rest.
    for _ in (0..left).take(weights.len()) {
        let largest =
            rests.iter_mut().zip(shares.iter_mut()).reduce(|best, next| if *next.0 > *best.0 { next } else { best });
        if let Some((rest, share)) = largest {
            *share = share.saturating_add(1);
            *rest = 0;
        }
    }

    shares.into_iter().map(|share| signed(share, amount.is_negative())).collect()
}

fn signed(share: u128, negative: bool) -> Amount {
    let share = i64::try_from(share).unwrap_or(i64::MAX);
    Amount::new(if negative { share.saturating_neg() } else { share }).unwrap_or_default()
}
