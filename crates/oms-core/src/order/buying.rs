//! What an order buys before it is there: goods on their way, and goods that are made or ordered in for it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use super::command::{Facts, Offer};
use super::event::Event;
use super::head::{Head, Shortage};
use super::refusal::ShortLine;
use super::sourced::{self, Wish};
use super::state::{Order, Peg};
use crate::network;
use crate::promise::Step;
use crate::routing::{Decision, Demand};
use crate::sorting::{self, Gather as _};
use crate::stock::Ask;
use crate::value::{Day, LocationId, Quantity, Sku, Timestamp};

/// A day, in milliseconds.
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Days on which an order is tried to be routed from what is made by then: each is a routing, and later ones are for
/// whoever no location that is sooner may send anything.
const MAX_MADE_DAYS: usize = 8;

/// Who buys what, and what is known then.
#[derive(Clone, Copy)]
pub(super) struct Buyer<'a> {
    pub(super) head: &'a Head,
    pub(super) wishes: &'a [Wish<'a>],
    pub(super) facts: &'a Facts,
    pub(super) excluded: &'a [LocationId],
    pub(super) now: Timestamp,
}

/// Whether an order is refused when something is short.
pub(super) fn refuses(head: &Head, pegged: Option<&Event>) -> bool {
    head.shortage != Shortage::Backorder && pegged.is_none()
}

/// What an order that waits bought of goods that are not there yet, where that is news: the first time, or when they come on
/// other days, to other places, or not any more.
pub(super) fn bought(
    order: &Order,
    wishes: &[Wish<'_>],
    short: &[Demand],
    facts: &Facts,
    now: Timestamp,
) -> Option<Event> {
    let known = order.pegs_now();
    let looks = order.look_at.is_some_and(|at| at <= now);
    if short.is_empty() || (!known.is_empty() && !looks) {
        return None;
    }
    let mut news = Buyer { head: &order.head, wishes, facts, excluded: &order.excluded, now }.buy(short, &known);
    if let Some(Event::Pegged { pegs, .. }) = &mut news {
        pegs.extend(tried(&known, wishes, short));
    }
    let lost = || {
        let serves = |peg: &&Peg| sourced::serves(&peg.part.location, &order.head, facts, &order.excluded);
        let pegs = known.iter().filter(serves).map(|peg| Peg { ready: None, ..peg.clone() }).collect();
        (!known.is_empty()).then_some(Event::Pegged { pegs, by: None })
    };
    let so = Event::Pegged { pegs: known.clone(), by: order.pegged_by };
    news.or_else(lost).filter(|event| *event != so)
}

/// The claims on what is there now and about to be set aside: given up once it is, not before. They come last, as what waits no
/// more ends claims from behind.
fn tried(known: &[Peg], wishes: &[Wish<'_>], short: &[Demand]) -> Vec<Peg> {
    let mut claims: Vec<Peg> = Vec::new();
    for (line, wanted) in wishes {
        let missing: Quantity = short.iter().filter(|one| one.line == line.no).map(|one| one.quantity).sum();
        let mut left = wanted.saturating_sub(missing);
        for peg in known.iter().filter(|peg| peg.part.line == line.no) {
            claims.extend(peg.some(&mut left));
        }
    }
    claims
}

impl Peg {
    /// As much of it as is left to be had.
    fn some(&self, left: &mut Quantity) -> Option<Self> {
        let quantity = self.part.quantity.min(*left);
        *left = left.saturating_sub(quantity);
        (!quantity.is_zero()).then(|| Self { part: Ask { quantity, ..self.part.clone() }, ..self.clone() })
    }
}

impl<'a> Buyer<'a> {
    /// What is short, bought: all of it, or nothing. What was made for the order before keeps its day until that is over;
    /// then goods on their way, for an order that buys those, the earliest first; the rest is made or ordered in.
    pub(super) fn buy(self, short: &[Demand], known: &[Peg]) -> Option<Event> {
        let today = Day::of_utc(self.now);
        let makes = self.makes(today);
        let mut coming = self.coming(&makes);
        let wholes = self.wholes(&coming, short);
        let (mut pegs, mut rest): (Vec<Peg>, Vec<Demand>) = (Vec::new(), Vec::new());
        for demand in short {
            let mut left = demand.quantity;
            let serves = |peg: &&Peg| sourced::serves(&peg.part.location, self.head, self.facts, self.excluded);
            let keeps = |peg: &&Peg| peg.made && peg.part.line == demand.line && peg.ready >= Some(today);
            pegs.extend(known.iter().filter(keeps).filter(serves).filter_map(|peg| peg.some(&mut left)));
            let whole = wholes.iter().find(|(sku, _)| *sku == demand.sku);
            let from = |offer: &Offer| whole.is_none_or(|(_, at)| at.as_ref() == Some(&offer.location));
            for (step, offer) in coming.iter_mut().filter(|(_, offer)| offer.sku == demand.sku && from(offer)) {
                let quantity = left.min(step.quantity);
                step.quantity = step.quantity.saturating_sub(quantity);
                left = left.saturating_sub(quantity);
                if !quantity.is_zero() {
                    let (line, sku, location) = (demand.line, demand.sku.clone(), offer.location.clone());
                    pegs.push(Peg { part: Ask { line, sku, location, quantity }, ready: Some(step.day), made: false });
                }
            }
            if !left.is_zero() {
                rest.push(Demand { quantity: left, ..demand.clone() });
            }
        }
        if !rest.is_empty() {
            pegs.extend(self.made(&makes, &rest)?);
        }
        let by = self.arrives(&pegs);
        Some(Event::Pegged { pegs, by })
    }

    /// The SKUs with a line that ships whole, and where all that is short of each comes first, if anywhere: what comes to
    /// several places could never be sent.
    fn wholes(self, coming: &[(Step, &Offer)], short: &[Demand]) -> Vec<(Sku, Option<LocationId>)> {
        let skus: BTreeSet<&Sku> =
            self.wishes.iter().filter(|(line, _)| line.whole).map(|(line, _)| &line.sku).into_set();
        let place = |sku: &Sku| {
            let wanted: Quantity = short.iter().filter(|one| one.sku == *sku).map(|one| one.quantity).sum();
            let mut sums: BTreeMap<&LocationId, Quantity> = BTreeMap::new();
            let all = coming.iter().filter(|(_, offer)| offer.sku == *sku);
            let enough = all.map(|(step, offer)| (step.quantity, &offer.location)).find(|(quantity, location)| {
                let sum = sums.entry(*location).or_default();
                *sum = sum.saturating_add(*quantity);
                *sum >= wanted
            });
            enough.map(|(_, location)| location.clone())
        };
        skus.into_iter().map(|sku| (sku.clone(), place(sku))).collect()
    }

    /// What could be had, with what can be bought.
    pub(super) fn count_bought(self, short: &mut [ShortLine]) {
        let makes = self.makes(Day::of_utc(self.now));
        let coming = self.coming(&makes);
        for line in short {
            let comes: Quantity =
                coming.iter().filter(|(_, offer)| offer.sku == line.sku).map(|(step, _)| step.quantity).sum();
            let all = if soonest(&makes, &line.sku).is_some() { line.requested } else { comes };
            line.available = line.available.saturating_add(all).min(line.requested);
        }
    }

    fn offers(self) -> impl Iterator<Item = &'a Offer> {
        self.facts.offers.iter().filter(move |offer| sourced::hands_over(offer, self.head, self.facts, self.excluded))
    }

    /// Where any quantity is to be had, and from which day on; by SKU.
    fn makes(self, today: Day) -> Vec<(Day, &'a Offer)> {
        let prepared = self.facts.router.prepared();
        let day = |offer: &Offer| prepared.works(&offer.location, today, offer.lead_days?);
        let mut makes: Vec<(Day, &Offer)> = self.offers().filter_map(|offer| Some((day(offer)?, offer))).collect();
        sorting::sort_by_key(&mut makes, |(_, offer)| &offer.sku);
        makes
    }

    /// What comes by day, for an order that buys so: nothing that would be made sooner.
    fn coming(self, makes: &[(Day, &Offer)]) -> Vec<(Step, &'a Offer)> {
        if self.head.shortage != Shortage::Preorder {
            return vec![];
        }
        let steps = self.offers().flat_map(|offer| offer.coming.iter().map(move |step| (*step, offer)));
        let soon = |(step, offer): &(Step, &Offer)| soonest(makes, &offer.sku).is_none_or(|day| step.day <= day);
        let mut coming: Vec<(Step, &Offer)> = steps.filter(soon).collect();
        sorting::sort_by_key(&mut coming, |(step, _)| step.day);
        coming
    }

    /// What is made or ordered in, on the first day on which all of it is there, at the locations from where it would be
    /// sent then.
    fn made(self, makes: &[(Day, &Offer)], rest: &[Demand]) -> Option<Vec<Peg>> {
        let of_line = |no: u32| rest.iter().filter(|one| one.line == no).map(|one| one.quantity).sum();
        let all: Quantity = rest.iter().map(|one| one.quantity).sum();
        let firsts: Option<Vec<Day>> = rest.iter().map(|one| soonest(makes, &one.sku)).collect();
        let first = firsts?.into_iter().max()?;
        let days: BTreeSet<Day> = makes.iter().map(|(day, _)| *day).filter(|day| *day >= first).into_set();
        days.into_iter().take(MAX_MADE_DAYS).find_map(|day| {
            let offers = makes.iter().filter(|(from, _)| *from <= day);
            let offers = offers.map(|(_, offer)| there(&offer.sku, &offer.location, all));
            let plan = self.routed_on(day, offers.collect(), of_line)?.plan;
            let pegs = plan.serves.into_iter().map(|serve| {
                let at = of(makes, &serve.sku).iter().find(|(_, offer)| offer.location == serve.location);
                let (line, sku, location) = (serve.line, serve.sku, serve.location);
                let part = Ask { line, sku, location, quantity: serve.quantity };
                Peg { part, ready: at.map(|(day, _)| *day), made: true }
            });
            plan.short.is_empty().then(|| pegs.collect())
        })
    }

    /// The day on which goods that come are with the customer, leaving when the last of them is there. Nothing where no
    /// carrier says how long it takes.
    fn arrives(self, pegs: &[Peg]) -> Option<Day> {
        let ready = pegs.iter().filter_map(|peg| peg.ready).max()?;
        let mut offers: Vec<Offer> = Vec::new();
        for Peg { part, .. } in pegs {
            match offers.iter_mut().find(|offer| offer.sku == part.sku && offer.location == part.location) {
                Some(offer) => offer.free = offer.free.saturating_add(part.quantity),
                None => offers.push(there(&part.sku, &part.location, part.quantity)),
            }
        }
        let of_line = |no: u32| pegs.iter().filter(|peg| peg.part.line == no).map(|peg| peg.part.quantity).sum();
        let decision = self.routed_on(ready, offers, of_line)?;
        let known = decision.shipments.iter().all(|shipment| !network::is_any_carrier(shipment.carrier.as_ref()));
        let last = decision.shipments.iter().map(|shipment| shipment.delivers).max();
        last.filter(|_| known && decision.plan.short.is_empty())
    }

    /// Routes so much of the lines out of these offers, as if it were placed when they are there.
    fn routed_on(self, day: Day, offers: Vec<Offer>, of_line: impl Fn(u32) -> Quantity) -> Option<Decision> {
        let begins = Timestamp::from_millis(i64::from(day.number()).saturating_mul(DAY_MILLIS))?;
        let waits = self.wishes.iter().map(|(line, _)| (*line, of_line(line.no)));
        let waits: Vec<Wish<'_>> = waits.filter(|(_, quantity): &Wish<'_>| !quantity.is_zero()).collect();
        let Facts { goods, router, .. } = self.facts;
        let then = Facts { offers, goods: goods.clone(), router: router.clone(), parcels: Vec::new() };
        sourced::route(self.head, &waits, &then, self.excluded, self.now.max(begins)).ok()
    }
}

/// The first day on which any quantity of a SKU is to be had.
fn soonest(makes: &[(Day, &Offer)], sku: &Sku) -> Option<Day> {
    of(makes, sku).iter().map(|(day, _)| *day).min()
}

/// Those of a SKU.
fn of<'a, 'b>(makes: &'b [(Day, &'a Offer)], sku: &Sku) -> &'b [(Day, &'a Offer)] {
    let from = makes.partition_point(|(_, offer)| offer.sku < *sku);
    let through = makes.partition_point(|(_, offer)| offer.sku <= *sku);
    makes.get(from..through).unwrap_or_default()
}

/// So much is there, and nothing else.
fn there(sku: &Sku, location: &LocationId, free: Quantity) -> Offer {
    Offer {
        sku: sku.clone(),
        location: location.clone(),
        free,
        undecided: Quantity::ZERO,
        coming: Vec::new(),
        lead_days: None,
        personal: false,
    }
}
