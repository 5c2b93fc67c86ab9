//! When which goods arrive where: enough for most orders, too little or too late for some. The same for the same invoices.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::retail::{Invoice, Kind, spread};
use crate::shop::LOCATIONS;

/// Deliveries arrive at the first opening of every so many days.
const DAYS_BETWEEN_DELIVERIES: u32 = 14;
/// Fewer units than this are not split over locations.
const SPLIT_FROM: u64 = 24;
/// Percent of a delivery to each of [`LOCATIONS`]; what rounding leaves goes to the first.
const SHARES: [u64; LOCATIONS.len()] = [60, 25, 15];

/// Goods for one location, by SKU.
pub type Goods = BTreeMap<Arc<str>, u64>;

/// All deliveries, the first before the first invoice.
#[derive(Debug)]
pub struct Deliveries(Vec<[Goods; LOCATIONS.len()]>);

/// How well an article is bought in, worked out from its SKU.
enum Supply {
    /// A tenth more than will be sold.
    Ample,
    /// Six tenths of what will be sold in a fortnight; the rest comes a fortnight late.
    Late,
    /// Never more than 85 percent.
    Short,
}

impl Supply {
    fn of(sku: &str) -> Self {
        match spread(sku) % 40 {
            0 => Self::Late,
            1 => Self::Short,
            _ => Self::Ample,
        }
    }
}

impl Deliveries {
    pub fn plan(invoices: &[Invoice]) -> Self {
        let last = invoices.last().map_or(0, |invoice| invoice.day / DAYS_BETWEEN_DELIVERIES) as usize;
        let mut deliveries: Vec<[Goods; LOCATIONS.len()]> = (0..=last).map(|_| Default::default()).collect();
        for ((period, sku), sold) in demand(invoices) {
            let mut bring = |period: usize, units: u64| {
                if let Some(delivery) = deliveries.get_mut(period) {
                    split(delivery, &sku, units);
                }
            };
            match Supply::of(&sku) {
                Supply::Ample => bring(period, (sold * 110).div_ceil(100)),
                Supply::Short => bring(period, sold * 85 / 100),
                Supply::Late => {
                    bring(period, sold * 60 / 100);
                    bring(period + 1, sold - sold * 60 / 100);
                }
            }
        }
        Self(deliveries)
    }

    /// Every delivery that has arrived when this day opens.
    pub fn due(&self, day: u32) -> &[[Goods; LOCATIONS.len()]] {
        let arrived = (day / DAYS_BETWEEN_DELIVERIES) as usize + 1;
        &self.0[..arrived.min(self.0.len())]
    }

    pub fn units(&self) -> u64 {
        self.0.iter().flatten().flat_map(BTreeMap::values).sum()
    }
}

/// Units sold by period and SKU.
fn demand(invoices: &[Invoice]) -> BTreeMap<(usize, Arc<str>), u64> {
    let mut demand = BTreeMap::new();
    for sale in invoices.iter().filter(|invoice| invoice.kind == Kind::Sale) {
        for line in &sale.lines {
            let period = (sale.day / DAYS_BETWEEN_DELIVERIES) as usize;
            *demand.entry((period, line.sku.clone())).or_default() += line.quantity;
        }
    }
    demand
}

fn split(delivery: &mut [Goods; LOCATIONS.len()], sku: &Arc<str>, units: u64) {
    let mut put = |place: usize, units: u64| {
        if units > 0 {
            *delivery[place].entry(sku.clone()).or_default() += units;
        }
    };
    if units < SPLIT_FROM {
        // Of a hundred slow articles about as many lie in each place as its share says.
        let at = spread(sku) / 40 % 100;
        let place = if at < SHARES[0] { 0 } else { usize::from(at >= SHARES[0] + SHARES[1]) + 1 };
        return put(place, units);
    }
    let elsewhere = [units * SHARES[1] / 100, units * SHARES[2] / 100];
    put(0, units - elsewhere[0] - elsewhere[1]);
    put(1, elsewhere[0]);
    put(2, elsewhere[1]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retail;

    #[test]
    fn a_delivery_loses_no_unit() {
        for units in [1, 23, 24, 25, 99, 80_995] {
            let mut delivery = Default::default();
            split(&mut delivery, &Arc::from("85123A"), units);
            assert_eq!(delivery.iter().flat_map(BTreeMap::values).sum::<u64>(), units);
        }
    }

    #[test]
    fn most_but_not_all_that_is_sold_is_bought_in() {
        let retail = retail::load().expect("the file of the repository reads");
        let invoices = &retail.invoices[..2_500];
        let mut sold: BTreeMap<Arc<str>, u64> = BTreeMap::new();
        for ((_, sku), units) in demand(invoices) {
            *sold.entry(sku).or_default() += units;
        }
        let plan = Deliveries::plan(invoices);
        let bought = |sku: &str| plan.0.iter().flatten().filter_map(|goods| goods.get(sku)).sum::<u64>();
        let all: u64 = sold.values().sum();
        assert!(plan.0.len() > 2, "there is more than the first delivery");
        assert!((all..all * 12 / 10).contains(&plan.units()), "{} bought for {all} sold", plan.units());
        assert!(sold.iter().filter(|(sku, sold)| bought(sku) < **sold).count() > 50, "some articles are short");
    }
}
