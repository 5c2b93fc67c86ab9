//! What a plan costs, by what it is paid for.

use serde::{Deserialize, Serialize};

use super::leg::{Leg, days_late};
use super::network::Node;
use super::policy::Costs;
use super::{OfferFacts, OrderFacts};
use crate::value::Day;

/// Thousandths of a minor unit in one.
pub(super) const MILLS: i64 = 1_000;

/// A cost by its parts, each in thousandths of a minor unit; all but `markdown` are from zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// The carrier's price of the lightest parcel, for each shipment.
    pub parcel: i64,
    /// What weight adds to it: each gram its share of the step that all a location could send would fall into.
    pub weight: i64,
    /// Picking and packing, for each shipment.
    pub pick_pack: i64,
    /// Handling, by unit.
    pub handling: i64,
    /// Waiting behind what a location has to do already.
    pub backlog: i64,
    /// Days after the order's date, by parcel, and after the line's, by unit.
    pub lateness: i64,
    /// The chance of a rejection times what re-routing costs.
    pub rejection: i64,
    /// The markdown that is avoided: zero or below.
    pub markdown: i64,
    /// Later sales that are lost where stock runs out.
    pub stock_out: i64,
    /// Units that nobody ships.
    pub short: i64,
}

impl Breakdown {
    /// All of it.
    pub fn total(&self) -> i64 {
        self.parts().into_iter().fold(0, i64::saturating_add)
    }

    fn parts(&self) -> [i64; 10] {
        let Self { parcel, weight, pick_pack, handling, backlog, lateness, rejection, markdown, stock_out, short } =
            *self;
        [parcel, weight, pick_pack, handling, backlog, lateness, rejection, markdown, stock_out, short]
    }

    /// This and so many times another.
    pub(super) fn plus(&self, other: &Self, times: u64) -> Self {
        let times = i64::try_from(times).unwrap_or(i64::MAX);
        let sum = |mine: i64, theirs: i64| mine.saturating_add(theirs.saturating_mul(times));
        Self {
            parcel: sum(self.parcel, other.parcel),
            weight: sum(self.weight, other.weight),
            pick_pack: sum(self.pick_pack, other.pick_pack),
            handling: sum(self.handling, other.handling),
            backlog: sum(self.backlog, other.backlog),
            lateness: sum(self.lateness, other.lateness),
            rejection: sum(self.rejection, other.rejection),
            markdown: sum(self.markdown, other.markdown),
            stock_out: sum(self.stock_out, other.stock_out),
            short: sum(self.short, other.short),
        }
    }
}

/// What a location costs as soon as it ships anything.
pub(super) fn opening(costs: &Costs, order: &OrderFacts, node: &Node, leg: &Leg<'_>) -> Breakdown {
    let mills = |minor: i64| minor.saturating_mul(MILLS);
    let backlog_days = node.capacity.map_or(0, |capacity| capacity.backlog_days());
    let late = days_late(leg.delivers, order.requested_by);
    let rejects = 1_000_i64.saturating_sub(node.acceptance_permille.into());
    Breakdown {
        parcel: mills(leg.by.map_or(0, |by| by.rate.base())),
        pick_pack: mills(node.pick_pack.minor()),
        backlog: mills(costs.backlog_day.minor().saturating_mul(backlog_days.into())),
        lateness: mills(costs.late_parcel_day.minor().saturating_mul(late.into())),
        rejection: costs.reroute.minor().saturating_mul(rejects),
        ..Breakdown::default()
    }
}

/// A unit of the optimizer: so many thousandths of a unit of goods, and what a unit weighs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) thousandths: u64,
    pub(super) grams: u64,
    /// Everything the location could send, in milligrams.
    pub(super) load_milligrams: u128,
    pub(super) wanted: Option<Day>,
}

/// What such a unit costs from a location; each part is rounded half up.
pub(super) fn carrying(costs: &Costs, node: &Node, leg: &Leg<'_>, offer: &OfferFacts, piece: Piece) -> Breakdown {
    let of_unit = |minor: i64| minor.saturating_mul(i64::try_from(piece.thousandths).unwrap_or(i64::MAX));
    let late = days_late(leg.delivers, piece.wanted);
    Breakdown {
        weight: leg.by.map_or(0, |by| share(by.rate.price(load_grams(piece)).saturating_sub(by.rate.base()), piece)),
        handling: of_unit(node.handling.minor()),
        lateness: of_unit(costs.late_unit_day.minor().saturating_mul(late.into())),
        markdown: of_unit(offer.markdown.minor()).saturating_neg(),
        stock_out: of_unit(offer.stock_out.minor()),
        ..Breakdown::default()
    }
}

/// What such a unit costs when nobody ships it.
pub(super) fn missing(costs: &Costs, value: i64, thousandths: u64) -> i64 {
    let each = i128::from(costs.short_unit.minor())
        .saturating_mul(MILLS.into())
        .saturating_add(i128::from(costs.short_permille).saturating_mul(value.into()));
    rounded(each.saturating_mul(thousandths.into()), 1_000)
}

fn load_grams(piece: Piece) -> u64 {
    u64::try_from(piece.load_milligrams.div_ceil(1_000)).unwrap_or(u64::MAX)
}

/// The piece's share of a price in minor units, by weight, in thousandths of a minor unit.
fn share(price: i64, piece: Piece) -> i64 {
    let milligrams = i128::from(piece.grams).saturating_mul(piece.thousandths.into());
    let whole = i128::try_from(piece.load_milligrams).unwrap_or(i128::MAX);
    rounded(i128::from(price).saturating_mul(MILLS.into()).saturating_mul(milligrams), whole)
}

/// A quotient, rounded half up; zero when there is nothing to divide by.
pub(super) fn rounded(number: i128, by: i128) -> i64 {
    let half = number.saturating_add(by.checked_div(2).unwrap_or(0));
    i64::try_from(half.checked_div(by).unwrap_or(0)).unwrap_or(i64::MAX)
}
