//! Dividing quantities.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::sorting;
use crate::value::{Quantity, Sku};

/// Thousandths in a unit.
const UNIT: u128 = 1_000;

/// A part of something: so much of a SKU for one unit of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The part.
    pub sku: Sku,
    /// How much of it for one whole unit.
    pub per: Quantity,
}

impl Component {
    /// What so many units need of it, rounded up to a thousandth; held at [`Quantity::MAX`].
    pub fn needed(&self, units: Quantity) -> Quantity {
        times(units, self.per)
    }
}

/// A product of quantities, rounded up to a thousandth; held at [`Quantity::MAX`].
pub(super) fn times(units: Quantity, per: Quantity) -> Quantity {
    let product = u128::from(units.thousandths()).saturating_mul(u128::from(per.thousandths())).div_ceil(UNIT);
    u64::try_from(product).ok().and_then(Quantity::from_thousandths).unwrap_or(Quantity::MAX)
}

/// Whole kits that can be put together: the least over the components of what is there by what one kit takes. A SKU
/// that stands in several components is summed first; a component of which nothing is taken binds nobody.
pub fn kits(components: &[Component], there: impl Fn(&Sku) -> Quantity) -> Quantity {
    let mut least: Option<u64> = None;
    for component in components {
        let same = components.iter().filter(|other| other.sku == component.sku);
        let per = same.fold(0_u64, |sum, other| sum.saturating_add(other.per.thousandths()));
        if let Some(whole) = there(&component.sku).thousandths().checked_div(per) {
            least = Some(least.map_or(whole, |least| least.min(whole)));
        }
    }
    least.and_then(Quantity::from_units).unwrap_or(Quantity::ZERO)
}

/// Scarcity scales all targets alike: when they sum to more than there is, each gets its proportion, the remainder going
/// thousandth by thousandth to the largest fractions (Hamilton's method), first come first in a tie. Otherwise each gets
/// its target.
pub fn prorate(targets: &[Quantity], supply: Quantity) -> Vec<Quantity> {
    let sum: u128 = targets.iter().map(|target| u128::from(target.thousandths())).sum();
    let total = u128::from(supply.thousandths());
    if sum <= total {
        return targets.to_vec();
    }
    let mut shares = vec![0_u64; targets.len()];
    let mut fractions: Vec<(u128, usize)> = Vec::with_capacity(targets.len());
    let mut given = 0_u128;
    for (at, (target, share)) in targets.iter().zip(&mut shares).enumerate() {
        let product = u128::from(target.thousandths()).saturating_mul(total);
        let whole = product.checked_div(sum).unwrap_or(0);
        given = given.saturating_add(whole);
        *share = u64::try_from(whole).unwrap_or(u64::MAX);
        fractions.push((product.checked_rem(sum).unwrap_or(0), at));
    }
    sorting::sort_by(&mut fractions, |(one, at), (other, beside)| other.cmp(one).then(at.cmp(beside)));
    let left = usize::try_from(total.saturating_sub(given)).unwrap_or(0);
    for (_, at) in fractions.iter().take(left) {
        if let Some(share) = shares.get_mut(*at) {
            *share = share.saturating_add(1);
        }
    }
    shares.into_iter().map(|share| Quantity::from_thousandths(share).unwrap_or(Quantity::MAX)).collect()
}
