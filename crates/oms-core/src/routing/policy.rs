//! A tenant's routing rules as data: strategies in order of rank, what each is for, what it wants and within what limits.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Code, NetworkFacts, OrderFacts};
use crate::network::LocationKind;
use crate::value::{Amount, Channel, Country, Label, LocationId, Sku};

/// Routing rules, at one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name.
    pub name: Label,
    /// Rises by one per revision.
    #[serde(default)]
    pub version: u32,
    /// Whether it is in force.
    #[serde(default)]
    pub stage: Stage,
    /// What things cost that no carrier bills.
    #[serde(default)]
    pub costs: Costs,
    /// The strategies, first things first: the first that is for an order and finds an acceptable plan decides.
    pub strategies: Vec<Strategy>,
}

/// Where a policy stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being written; routes nothing but trials.
    #[default]
    Draft,
    /// In force.
    Active,
}

/// What things cost that no carrier bills, in minor units, each from zero to [`super::MAX_COST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// A location rejecting a request.
    pub reroute: Amount,
    /// A parcel waiting behind a day's backlog.
    pub backlog_day: Amount,
    /// A parcel that comes a day after the order's date.
    pub late_parcel_day: Amount,
    /// A unit that comes a day after its line's date.
    pub late_unit_day: Amount,
    /// A unit that nobody ships.
    pub short_unit: Amount,
    /// The same as a share of the unit's value, in thousandths, at most [`super::MAX_PERMILLE`]; it adds to the former.
    pub short_permille: u32,
}

/// One way of routing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strategy {
    /// Its name, unique in the policy.
    pub name: Label,
    /// Which orders it is for.
    #[serde(default)]
    pub when: When,
    /// Which locations it may use.
    #[serde(default)]
    pub from: Pool,
    /// What it wants, most important first: a later criterion only decides between plans that all earlier ones find alike.
    /// The first is [`Criterion::LeastShort`] or [`Criterion::Cheapest`], else nobody would ship anything.
    pub criteria: Vec<Criterion>,
    /// Within what limits.
    #[serde(default)]
    pub limits: Limits,
    /// When its plan is good enough; otherwise the next strategy is asked.
    #[serde(default)]
    pub accept: Accept,
}

/// Conditions that all have to hold; an empty one always does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// Captured on one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// For a customer of one of these classes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub customer_classes: Vec<Code>,
    /// Going to one of these countries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Country>,
    /// Going to a postal code that begins like one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub postal_prefixes: Vec<Label>,
    /// Reaching the customer in one of these ways.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Way>,
    /// Worth at least this, in minor units of the order's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from: Option<Amount>,
    /// Worth less than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_below: Option<Amount>,
    /// With at most this many lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines_up_to: Option<u32>,
    /// With at least one line like this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any_line: Option<LineWhen>,
    /// With no line unlike this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_line: Option<LineWhen>,
}

/// How goods reach the customer, whoever hands them over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By a carrier.
    Ship,
    /// At the counter.
    PickUp,
    /// At the curb.
    Curbside,
    /// At the counter, after a carrier brought it there.
    ShipToStore,
}

/// Conditions on a line that all have to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineWhen {
    /// One of these SKUs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<Sku>,
    /// Of one of these classes of goods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<Code>,
    /// Dangerous goods, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazmat: Option<bool>,
    /// A unit weighs at least so many grams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grams_from: Option<u64>,
}

/// Which locations a strategy may use; without any condition, all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pool {
    /// Only these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<LocationKind>,
    /// Only these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<LocationId>,
    /// Never these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<LocationId>,
    /// Only in the country the order goes to.
    pub same_country: bool,
}

/// What a strategy wants. Everything is counted over the plan and made as small as can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Criterion {
    /// Units that nobody ships.
    LeastShort,
    /// Locations that ship.
    FewestShipments,
    /// Money: parcels, weight, handling, backlog, lateness, rejections, stock-out, less markdown, plus back-orders.
    Cheapest,
    /// Kilometers, summed over units.
    Nearest,
    /// Days until delivery, summed over units.
    Earliest,
    /// Rank of the location's list, summed over units: 0 for the first, and one after the last for what is in none.
    Priority { lists: Vec<Vec<LocationId>> },
    /// How much of the location's capacity is taken, in thousandths, summed over units.
    BalanceLoad,
    /// Units taken from stores.
    ProtectStores,
}

/// Limits of a plan.
#[expect(clippy::struct_excessive_bools, reason = "each is a limit of its own, as a policy names it")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Most locations that ship, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_shipments: Option<u32>,
    /// A location ships goods worth at least this, in minor units, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_floor: Option<Amount>,
    /// Everything or nothing, as if the order asked for it.
    pub ship_complete: bool,
    /// Each line comes from one location or not at all, as if the line asked for it.
    pub whole_lines: bool,
    /// Nothing comes after the order's date.
    pub on_time: bool,
    /// Goods go into a parcel that waits where they lie for the same customer, to the same address, by the same service on the
    /// same day: it is paid for already, and no shipment of its own.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub consolidate: bool,
    /// Most work of the optimizer, in scanned arcs, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<u64>,
}

/// When a plan is good enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accept {
    /// Always, even when nothing can be served.
    #[default]
    Anything,
    /// When something is served.
    Something,
    /// When nothing is short.
    Everything,
}

impl Policy {
    /// The rule of a tenant that says nothing: serve what can be served, from as few locations as can be, the nearest.
    pub fn standard(name: Label) -> Self {
        let strategy = Strategy {
            name: name.clone(),
            when: When::default(),
            from: Pool::default(),
            criteria: vec![Criterion::LeastShort, Criterion::FewestShipments, Criterion::Nearest],
            limits: Limits::default(),
            accept: Accept::Anything,
        };
        Self { name, version: 0, stage: Stage::Draft, costs: Costs::default(), strategies: vec![strategy] }
    }

    /// The draft in force.
    ///
    /// # Errors
    /// Everything that [`super::validate`] finds.
    pub fn activated(self, network: &NetworkFacts) -> Result<Self, Vec<super::Fault>> {
        super::validate(&self, network)?;
        Ok(Self { stage: Stage::Active, ..self })
    }

    /// A draft of the next version, to be changed.
    pub fn revised(&self) -> Self {
        Self { version: self.version.saturating_add(1), stage: Stage::Draft, ..self.clone() }
    }
}

impl When {
    /// Whether it asks for nothing.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }

    /// Whether every condition holds. `value` is what the order is worth, in minor units.
    pub fn holds(&self, order: &OrderFacts, value: i64) -> bool {
        let class = order.customer_class.as_ref();
        any_of(&self.channels, &order.channel)
            && (self.customer_classes.is_empty() || class.is_some_and(|class| self.customer_classes.contains(class)))
            && any_of(&self.countries, &order.to.country)
            && (self.postal_prefixes.is_empty() || order.to.begins_with_any(&self.postal_prefixes))
            && any_of(&self.methods, &order.method.way())
            && self.value_from.is_none_or(|least| value >= least.minor())
            && self.value_below.is_none_or(|bound| value < bound.minor())
            && self.lines_up_to.is_none_or(|most| order.lines.len() <= most as usize)
            && self.any_line.as_ref().is_none_or(|when| order.lines.iter().any(|line| when.holds(order, &line.sku)))
            && self.every_line.as_ref().is_none_or(|when| order.lines.iter().all(|line| when.holds(order, &line.sku)))
    }
}

impl LineWhen {
    fn holds(&self, order: &OrderFacts, sku: &Sku) -> bool {
        let item = order.items.iter().find(|item| item.sku == *sku);
        let class = item.and_then(|item| item.class.as_ref());
        any_of(&self.skus, sku)
            && (self.classes.is_empty() || class.is_some_and(|class| self.classes.contains(class)))
            && self.hazmat.is_none_or(|hazmat| item.is_some_and(|item| item.hazmat) == hazmat)
            && self.grams_from.is_none_or(|least| item.map_or(0, |item| item.grams) >= least)
    }
}

impl super::Method {
    /// The way, without the place.
    pub const fn way(&self) -> Way {
        match self {
            Self::Ship => Way::Ship,
            Self::PickUp { .. } => Way::PickUp,
            Self::Curbside { .. } => Way::Curbside,
            Self::ShipToStore { .. } => Way::ShipToStore,
        }
    }
}

fn any_of<T: PartialEq>(listed: &[T], one: &T) -> bool {
    listed.is_empty() || listed.contains(one)
}
