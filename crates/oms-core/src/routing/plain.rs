//! The network of a tenant that has said nothing of calendars, carriers and costs: every location works every day and is a
//! carrier's step away from everybody, at no price. Enough for [`super::Policy::standard`].

use alloc::vec;
use alloc::vec::Vec;

use super::{Allows, Carrier, Code, NetworkFacts, Node, OfferFacts, Rate, Reach, Service, Step, Zone};
use crate::calendar::Rules;
use crate::network::{Location, Network};
use crate::order::Offer;
use crate::value::Amount;

impl NetworkFacts {
    /// The plain facts of a network. Dangerous goods go everywhere; nobody hands over at the counter or the curb.
    pub fn plain(network: &Network) -> Self {
        let any = Code::any();
        Self {
            locations: network.locations.values().map(|location| node(location, &any)).collect(),
            carriers: vec![carrier(&any)],
            calendars: [(any, Rules::every_day())].into_iter().collect(),
        }
    }
}

fn node(location: &Location, any: &Code) -> Node {
    Node {
        location: location.id.clone(),
        kind: location.kind,
        country: location.country,
        position: location.position,
        allows: Allows { ship: location.ships, returns: location.accepts_returns, hazmat: true, ..Allows::default() },
        calendar: any.clone(),
        processing_days: 0,
        capacity: None,
        carriers: vec![any.clone()],
        pick_pack: Amount::ZERO,
        handling: Amount::ZERO,
        acceptance_permille: 1_000,
    }
}

fn carrier(any: &Code) -> Carrier {
    let steps = vec![Step { up_to_grams: super::MAX_GRAMS, price: Amount::ZERO }];
    let rate = Rate { zone: any.clone(), days: (0, 0), steps, beyond_per_kg: Amount::ZERO };
    let (name, calendar) = (any.clone(), any.clone());
    let service = Service { name, calendar, hazmat: true, heaviest_grams: None, rates: vec![rate] };
    let zone = Zone { name: any.clone(), reach: Reach::Anywhere };
    Carrier { name: any.clone(), zones: vec![zone], services: vec![service] }
}

impl OfferFacts {
    /// What the stock offers, with nothing said of markdown and lost sales.
    pub fn plain(offers: &[Offer]) -> Vec<Self> {
        let plain = offers.iter().map(|offer| Self {
            sku: offer.sku.clone(),
            location: offer.location.clone(),
            free: offer.free,
            markdown: Amount::ZERO,
            stock_out: Amount::ZERO,
        });
        plain.collect()
    }
}
