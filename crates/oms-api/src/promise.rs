//! Promises: by when an order could be had. Nothing is taken by asking.

mod atp;
mod place;
mod said;
mod view;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::promise::{Ask, DemandClass, Facts, Goal, Inbound, Request, Resource, ResourceId, Source, Stage, Stock};
use oms_core::routing::Destination;
use oms_core::value::{Amount, Day, Invalid, Label, LocationId, Problem as Unfit, Quantity, Sku, Timestamp};
use serde::Deserialize;

pub use atp::{AtpQuery, AtpView};
pub use said::{PromisingView, ResourceView, Said, put, put_resource};
pub use view::{PromiseView, WhatIfView};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::location::position;
use crate::problem::Problem;

/// Most lines of a request for a promise, as of an order.
pub const MAX_LINES: usize = crate::order::MAX_LINES;
/// Most changes of one supposition.
pub const MAX_CHANGES: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    ship_to: Object<ToBody>,
    lines: Vec<Object<LineBody>>,
    placed_at: Option<String>,
    #[serde(default)]
    ship_complete: bool,
    may_split: Option<bool>,
    goal: Option<String>,
    wanted: Option<String>,
    demand_class: Option<String>,
    customer_class: Option<String>,
    channel: Option<String>,
    #[serde(default)]
    may_substitute: bool,
    // Of the goal profit only: what each day after the wanted one costs.
    late_per_day: Option<Amount>,
    // Of what-if only.
    suppose: Option<Object<SupposeBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ToBody {
    country: String,
    postal_code: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct LineBody {
    sku: String,
    quantity: String,
    wanted: Option<String>,
    only_from: Option<Vec<String>>,
    // Of the goal profit only: what the customer pays for a unit.
    unit_price: Option<Amount>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct SupposeBody {
    #[serde(default)]
    stock: Vec<Object<StockBody>>,
    #[serde(default)]
    inbound: Vec<Object<InboundBody>>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    items: Vec<Object<said::ItemBody>>,
    #[serde(default)]
    resources: Vec<Object<said::NamedResource>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct StockBody {
    sku: String,
    location: String,
    on_hand: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct InboundBody {
    sku: String,
    location: String,
    quantity: String,
    expected: String,
}

const GOALS: &[(&str, Goal)] = &[
    ("wanted", Goal::Wanted),
    ("earliest", Goal::Earliest),
    ("cheapest", Goal::Cheapest),
    ("profit", Goal::Profit { unit_price: Amount::ZERO, late_per_day: Amount::ZERO }),
];

/// A request for a promise.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where to.
    pub to: Destination,
    /// What.
    pub request: Request,
    /// What is supposed instead of what is so.
    pub suppose: Suppose,
}

/// What is supposed.
#[derive(Clone, Debug, Default)]
pub struct Suppose {
    /// Other stock on hand.
    pub stock: Vec<(Sku, LocationId, Quantity)>,
    /// More on its way.
    pub inbound: Vec<Inbound>,
    /// Locations that do not ship.
    pub without: Vec<LocationId>,
    /// Items that are promised otherwise.
    pub items: Vec<(Sku, Said)>,
    /// Resources with another capacity, or new ones.
    pub resources: Vec<(ResourceId, Resource)>,
}

impl Suppose {
    /// Where more may be supposed to be, or to come, than there is.
    pub fn places(&self) -> Vec<&LocationId> {
        let stock = self.stock.iter().map(|(_, location, _)| location);
        stock.chain(self.inbound.iter().map(|inbound| &inbound.location)).collect()
    }

    /// The facts as they are supposed.
    ///
    /// # Errors
    /// The problem with the first thing supposed that makes no sense beside the facts.
    pub fn on(&self, facts: &Facts) -> Result<Facts, Problem> {
        let mut supposed = facts.clone();
        for (sku, location, on_hand) in &self.stock {
            let same = |stock: &&mut Stock| stock.sku == *sku && stock.location == *location;
            match supposed.stocks.iter_mut().find(same) {
                Some(stock) => stock.on_hand = *on_hand,
                None => supposed.stocks.push(Stock {
                    sku: sku.clone(),
                    location: location.clone(),
                    on_hand: *on_hand,
                    kept_back: Quantity::ZERO,
                    commitments: Vec::new(),
                    unit_cost: Amount::ZERO,
                    takings: Vec::new(),
                }),
            }
        }
        supposed.inbound.extend(self.inbound.iter().cloned());
        supposed.lanes.retain(|lane| !self.without.contains(&lane.location));
        supposed.resources.extend(self.resources.iter().cloned());
        for (sku, said) in &self.items {
            said.promising.said_of(sku, &mut supposed);
        }
        let checked = self.check(&supposed);
        checked.map_err(|invalid| place::refused(self.pointer(&invalid, &supposed), &invalid))?;
        Ok(supposed)
    }

    fn check(&self, supposed: &Facts) -> Result<(), Invalid> {
        for (at, location) in self.without.iter().enumerate() {
            if !supposed.locations.contains_key(location) {
                return Err(Invalid::new(format!("without[{at}]"), Unfit::unknown(location)));
            }
        }
        self.items.iter().try_for_each(|(sku, said)| said.promising.check(sku, supposed))?;
        supposed.check()
    }

    /// Where the body supposes what is refused.
    fn pointer(&self, invalid: &Invalid, supposed: &Facts) -> String {
        let field = invalid.field.as_str();
        let place = || {
            let mut items = (0..).zip(&self.items);
            if let Some(place) = items.find_map(|(at, (sku, said))| {
                Some(format!("/items/{at}/promising{}", said.pointer(sku, invalid, supposed)?))
            }) {
                return Some(place);
            }
            if let Some(rest) = field.strip_prefix("resources.") {
                let (name, member) = rest.rsplit_once('.')?;
                let at = self.resources.iter().rposition(|(known, _)| known.as_str() == name)?;
                return Some(format!("/resources/{at}/{member}"));
            }
            if let Some((at, rest)) = place::entry(field, "stocks") {
                let stock = supposed.stocks.get(at)?;
                let same =
                    |(sku, location, _): &(Sku, LocationId, Quantity)| *sku == stock.sku && *location == stock.location;
                return Some(format!("/stock/{}{}", self.stock.iter().rposition(same)?, place::slashed(rest)));
            }
            if let Some((at, rest)) = place::entry(field, "inbound") {
                let at = at.checked_sub(supposed.inbound.len().checked_sub(self.inbound.len())?)?;
                let member = if rest == "ordered" { "quantity" } else { rest };
                return Some(format!("/inbound/{at}/{member}"));
            }
            // What something is made of leads back to an item, or too deep, by way of one that is as it was.
            let made = self.items.iter().position(|(_, said)| said.promising.needs().next().is_some());
            made.filter(|_| field.starts_with("items.")).map(|at| format!("/items/{at}/promising/mode"))
        };
        let place = if field.starts_with("without") { Some(place::slashed(field)) } else { place() };
        format!("/suppose{}", place.unwrap_or_default())
    }

    /// Where the body names a SKU that something supposed is made of or replaced by.
    pub fn names(&self, sku: &Sku) -> Option<String> {
        let mut items = (0..).zip(&self.items);
        items.find_map(|(at, (_, said))| Some(format!("/suppose/items/{at}/promising{}", said.names(sku)?)))
    }
}

/// Reads the body of `POST /v1/promises`, or of `POST /v1/promises/what-if` when it may suppose.
///
/// # Errors
/// The problem with every fault of the body.
pub fn ask(bytes: &[u8], now: Timestamp, may_suppose: bool) -> Result<Asked, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    let base = "/ship_to";
    let country = faults.read(base, "country", &body.ship_to.country);
    let postal_code: Option<Label> = faults.read_some(base, "postal_code", body.ship_to.postal_code.as_ref());
    let position = position(&mut faults, base, body.ship_to.latitude, body.ship_to.longitude);
    let placed_at = faults.read_some("", "placed_at", body.placed_at.as_ref());
    let goal = match &body.goal {
        Some(word) => faults.choose("", "goal", word, GOALS),
        None => Some(Goal::Wanted),
    };
    let wanted = faults.read_some("", "wanted", body.wanted.as_ref());
    let class = class(&mut faults, &body);
    let late = body.late_per_day.unwrap_or_default();
    if late.is_negative() {
        faults.add("/late_per_day", "negative", "it is not below zero");
    }
    faults.count("lines", body.lines.len(), MAX_LINES);
    let lines = (1..).zip((0..MAX_LINES).zip(&body.lines));
    let lines: Vec<Option<Ask>> =
        lines.map(|(no, (index, line))| read_line(&mut faults, no, index, line, wanted, goal, late)).collect();
    let suppose = match (&body.suppose, may_suppose) {
        (Some(body), true) => suppose(&mut faults, body),
        (None, true) => {
            faults.add("/suppose", "missing_field", "missing field `suppose`");
            None
        }
        (Some(_), false) => {
            faults.add("/suppose", "unknown_field", "only what-if supposes anything");
            None
        }
        (None, false) => Some(Suppose::default()),
    };
    faults.finish(|| {
        Some(Asked {
            to: Destination { country: country?, postal_code, position },
            request: Request {
                placed_at: placed_at.unwrap_or(now),
                lines: of_class(lines.into_iter().collect::<Option<_>>()?, &class?),
                ship_complete: body.ship_complete,
                may_split: body.may_split.unwrap_or(true),
                may_substitute: body.may_substitute,
            },
            suppose: suppose?,
        })
    })
}

/// The class of demand that an order like this would be of: what is said, else its customer's class, else its channel.
fn class(faults: &mut Faults, body: &Body) -> Option<DemandClass> {
    let names =
        [("demand_class", &body.demand_class), ("customer_class", &body.customer_class), ("channel", &body.channel)];
    let said = |(member, name): (&str, &Option<String>)| Some(said::named(faults, "", member, name.as_ref()?));
    let read: Vec<Option<DemandClass>> = names.into_iter().filter_map(said).collect();
    read.into_iter().next().unwrap_or_else(|| Some(DemandClass::default()))
}

fn of_class(mut lines: Vec<Ask>, class: &DemandClass) -> Vec<Ask> {
    lines.iter_mut().for_each(|line| line.class = class.clone());
    lines
}

/// Who asks for profit says what is paid.
fn with_price(faults: &mut Faults, base: &str, line: &LineBody, goal: Option<Goal>, late: Amount) -> Option<Goal> {
    match (goal?, line.unit_price) {
        (Goal::Profit { .. }, Some(unit_price)) => {
            if unit_price.is_negative() {
                faults.add(format!("{base}/unit_price"), "negative", "it is not below zero");
            }
            Some(Goal::Profit { unit_price, late_per_day: late })
        }
        (Goal::Profit { .. }, None) => {
            faults.add(format!("{base}/unit_price"), "missing_field", "profit needs to know what is paid");
            None
        }
        (other @ (Goal::Wanted | Goal::Earliest | Goal::Cheapest), None) => Some(other),
        (Goal::Wanted | Goal::Earliest | Goal::Cheapest, Some(_)) => {
            faults.add(format!("{base}/unit_price"), "unknown_field", "only the goal profit asks for it");
            None
        }
    }
}

fn read_line(
    faults: &mut Faults,
    no: u32,
    index: usize,
    line: &LineBody,
    order: Option<Day>,
    goal: Option<Goal>,
    late: Amount,
) -> Option<Ask> {
    let base = format!("/lines/{index}");
    let goal = with_price(faults, &base, line, goal, late);
    let sku = faults.read(&base, "sku", &line.sku);
    let quantity = faults.read_positive(&base, "quantity", &line.quantity);
    let wanted = faults.read_some(&base, "wanted", line.wanted.as_ref()).or(order);
    let named = line.only_from.iter().flatten();
    let only_from: Vec<Option<LocationId>> = (0_usize..)
        .zip(named)
        .map(|(at, name)| faults.read(&format!("{base}/only_from"), &at.to_string(), name))
        .collect();
    let only_from = only_from.into_iter().flatten().collect();
    Some(Ask {
        line: no,
        sku: sku?,
        quantity: quantity?,
        wanted,
        class: DemandClass::default(),
        goal: goal?,
        only_from,
    })
}

fn suppose(faults: &mut Faults, body: &SupposeBody) -> Option<Suppose> {
    let rules = body.items.len().saturating_add(body.resources.len());
    let count = body.stock.len().saturating_add(body.inbound.len()).saturating_add(body.without.len());
    let count = count.saturating_add(rules);
    if count > MAX_CHANGES {
        faults.add("/suppose", "too_many_lines", format!("at most {MAX_CHANGES} changes are supposed at once"));
        return None;
    }
    let mut supposed = Suppose::default();
    for (index, change) in body.stock.iter().enumerate() {
        let base = format!("/suppose/stock/{index}");
        let sku = faults.read(&base, "sku", &change.sku);
        let location = faults.read(&base, "location", &change.location);
        let on_hand = faults.read(&base, "on_hand", &change.on_hand);
        supposed
            .stock
            .extend(sku.zip(location).zip(on_hand).map(|((sku, location), on_hand)| (sku, location, on_hand)));
    }
    for (index, change) in body.inbound.iter().enumerate() {
        let base = format!("/suppose/inbound/{index}");
        let id: Option<Label> = faults.read("", "id", &format!("supposed {}", index.saturating_add(1)));
        let sku = faults.read(&base, "sku", &change.sku);
        let location = faults.read(&base, "location", &change.location);
        let ordered = faults.read_positive(&base, "quantity", &change.quantity);
        let expected = faults.read(&base, "expected", &change.expected);
        let inbound = || {
            Some(Inbound {
                id: id?,
                sku: sku?,
                location: location?,
                source: Source::Purchase,
                stage: Stage::Ready,
                expected: expected?,
                ordered: ordered?,
                received: Quantity::ZERO,
                sent: Quantity::ZERO,
            })
        };
        supposed.inbound.extend(inbound());
    }
    for (index, item) in body.items.iter().enumerate() {
        supposed.items.extend(said::item(faults, &format!("/suppose/items/{index}"), item));
    }
    for (index, resource) in body.resources.iter().enumerate() {
        supposed.resources.extend(said::resource(faults, &format!("/suppose/resources/{index}"), resource));
    }
    for (index, name) in body.without.iter().enumerate() {
        supposed.without.extend(faults.read::<LocationId>("/suppose/without", &index.to_string(), name));
    }
    Some(supposed)
}

/// What the core refuses of a request, with a pointer as good as its field allows.
pub fn refused(invalid: &Invalid) -> Problem {
    let field = invalid.field.strip_prefix("supposed.").unwrap_or(&invalid.field);
    let pointer = if field.starts_with("lines") { place::slashed(field) } else { String::new() };
    place::refused(pointer, invalid)
}
