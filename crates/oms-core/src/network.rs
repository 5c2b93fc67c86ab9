//! The network of a tenant: its locations and the tax table in force. Every object keeps a copy of it.

mod facts;

pub use facts::is_any_carrier;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::calendar::Rules;
use crate::machine::Machine;
use crate::price::{TaxMode, TaxTable};
use crate::promise::{Backorders, MOST_QUANTITY, Resource, ResourceId};
use crate::routing::{Carrier, Code, Fault, Flaw, MAX_CALENDARS, MAX_CARRIERS, Policy, Stage};
use crate::value::{Amount, Country, Day, Label, LocationId, Position, Quantity, Timestamp};

/// Most locations of one tenant: the network travels whole to every object.
pub const MAX_LOCATIONS: usize = 1_000;
/// Most resources of one tenant, for the same reason.
pub const MAX_RESOURCES: usize = 200;

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// Distribution center.
    Dc,
    /// Store.
    Store,
    /// Supplier who ships for us.
    Supplier,
}

/// A location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// Name shown to people.
    pub name: Label,
    /// What kind of place.
    pub kind: LocationKind,
    /// Country.
    pub country: Country,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Label>,
    /// Coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Whether orders ship from it.
    pub ships: bool,
    /// Whether returns may come to it.
    pub accepts_returns: bool,
    /// How it fulfills.
    #[serde(default, skip_serializing_if = "Fulfilling::is_standard")]
    pub fulfilling: Fulfilling,
    /// Rises by one per change.
    #[serde(default)]
    pub version: u32,
}

/// How a location fulfills orders. The default: whatever it has, by every carrier there is, every day, any amount, at no
/// cost; nobody comes to fetch anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fulfilling {
    /// Customers may come to the counter.
    pub pick_up: bool,
    /// Customers may come to the curb.
    pub curbside: bool,
    /// Dangerous goods may be kept and sent.
    pub hazmat: bool,
    /// Its working days and cut-off; every day until midnight UTC when nothing is said.
    pub calendar: Option<Code>,
    /// Working days from the day an order counts for to the day it leaves.
    pub processing_days: u32,
    /// What it can do; without it, any amount.
    pub capacity: Option<Throughput>,
    /// The carriers that call; all of the tenant's when nothing is said.
    pub carriers: Option<Vec<Code>>,
    /// Cost of picking and packing a parcel, in minor units.
    pub pick_pack: Amount,
    /// Cost of handling a unit, in minor units.
    pub handling: Amount,
    /// How many of a thousand requests it accepts.
    pub acceptance_permille: u32,
}

impl Default for Fulfilling {
    fn default() -> Self {
        Self {
            pick_up: false,
            curbside: false,
            hazmat: true,
            calendar: None,
            processing_days: 0,
            capacity: None,
            carriers: None,
            pick_pack: Amount::default(),
            handling: Amount::default(),
            acceptance_permille: 1_000,
        }
    }
}

impl Fulfilling {
    fn is_standard(&self) -> bool {
        *self == Self::default()
    }
}

/// What a location can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throughput {
    /// Units a working day, above zero.
    pub daily: Quantity,
    /// Working days whose capacity may be given away.
    pub window_days: u32,
}

/// The network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Rises by one per change of anything.
    pub version: u32,
    /// The locations.
    pub locations: BTreeMap<LocationId, Location>,
    /// The tax table in force.
    pub tax: TaxTable,
    /// The carriers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub carriers: BTreeMap<Code, Carrier>,
    /// Calendars of locations and carriers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calendars: BTreeMap<Code, Rules>,
    /// The routing policy in force; without one, the standard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// The one being written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Policy>,
    /// Whose backorders are served first.
    #[serde(default, skip_serializing_if = "Backorders::is_none")]
    pub backorders: Backorders,
    /// What makes things.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resources: BTreeMap<ResourceId, Resource>,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            version: 0,
            locations: BTreeMap::new(),
            tax: TaxTable::new(0, TaxMode::Exclusive, []),
            carriers: BTreeMap::new(),
            calendars: BTreeMap::new(),
            policy: None,
            draft: None,
            backorders: Backorders::default(),
            resources: BTreeMap::new(),
        }
    }
}

/// Something asked of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Create or replace a location; the version given is ignored.
    PutLocation(Location),
    /// Replace the tax table; the version given is ignored.
    PutTax(TaxTable),
    /// Create or replace a carrier.
    PutCarrier(Carrier),
    /// Create or replace a calendar.
    PutCalendar { name: Code, rules: Rules },
    /// Write the draft of the routing policy; stage and version given are ignored.
    DraftPolicy(Policy),
    /// Put the draft in force.
    ActivatePolicy,
    /// Say whose backorders are served first; the version given is ignored.
    PutBackorders(Backorders),
    /// Create or replace something that makes things.
    PutResource { name: ResourceId, resource: Resource },
    /// Replace the copy by a newer one.
    Learn(Box<Network>),
}

/// Something that happened to the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A location was created or replaced.
    LocationPut(Location),
    /// The tax table was replaced.
    TaxPut(TaxTable),
    /// A carrier was created or replaced.
    CarrierPut(Carrier),
    /// A calendar was created or replaced.
    CalendarPut { name: Code, rules: Rules },
    /// The draft of the routing policy was written.
    PolicyDrafted(Policy),
    /// The draft is in force.
    PolicyActivated,
    /// It was said whose backorders are served first.
    BackordersPut(Backorders),
    /// Something that makes things was created or replaced.
    ResourcePut { name: ResourceId, resource: Resource },
    /// The copy was replaced.
    Learned(Box<Network>),
}

/// Why the network says no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There are too many locations already.
    #[error("a tenant has at most {most} locations")]
    TooManyLocations {
        /// The limit.
        most: usize,
    },
    /// There are too many carriers already.
    #[error("a tenant has at most {most} carriers")]
    TooManyCarriers {
        /// The limit.
        most: usize,
    },
    /// There are too many calendars already.
    #[error("a tenant has at most {most} calendars")]
    TooManyCalendars {
        /// The limit.
        most: usize,
    },
    /// There are too many resources already.
    #[error("a tenant has at most {most} resources")]
    TooManyResources {
        /// The limit.
        most: usize,
    },
    /// What was to be put makes no sense. Pointers begin at what was put.
    #[error("it cannot be routed by")]
    Faults(Vec<Fault>),
    /// There is no draft to be put in force.
    #[error("there is no draft of the routing policy")]
    NoDraft,
}

impl Machine for Network {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;
    type Errand = core::convert::Infallible;

    fn decide(state: Option<&Self>, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let empty = Self::default();
        let network = state.unwrap_or(&empty);
        match command {
            Command::PutLocation(location) => network.put_location(location, Day::of_utc(now)),
            Command::PutTax(tax) => Ok(network.put_tax(tax)),
            Command::PutCarrier(carrier) => network.put_carrier(carrier, Day::of_utc(now)),
            Command::PutCalendar { name, rules } => network.put_calendar(name, rules, Day::of_utc(now)),
            Command::DraftPolicy(policy) => network.draft_policy(policy, Day::of_utc(now)),
            Command::ActivatePolicy => network.activate_policy(Day::of_utc(now)),
            Command::PutResource { name, resource } => network.put_resource(name, resource),
            Command::PutBackorders(rules) => Ok(network.put_backorders(rules)),
            Command::Learn(newer) => {
                let news = state.is_none_or(|known| known.version < newer.version);
                Ok(if news { vec![Event::Learned(newer.clone())] } else { vec![] })
            }
        }
    }

    fn apply(state: Option<Self>, event: &Event, _at: Timestamp) -> Option<Self> {
        let mut network = state.unwrap_or_default();
        if let Event::Learned(newer) = event {
            return Some((**newer).clone());
        }
        network.version = network.version.saturating_add(1);
        match event {
            Event::LocationPut(location) => {
                network.locations.insert(location.id.clone(), location.clone());
            }
            Event::TaxPut(tax) => network.tax = tax.clone(),
            Event::CarrierPut(carrier) => {
                network.carriers.insert(carrier.name.clone(), carrier.clone());
            }
            Event::CalendarPut { name, rules } => {
                network.calendars.insert(name.clone(), rules.clone());
            }
            Event::PolicyDrafted(policy) => network.draft = Some(policy.clone()),
            Event::PolicyActivated => {
                if let Some(draft) = network.draft.take() {
                    network.policy = Some(Policy { stage: Stage::Active, ..draft });
                }
            }
            Event::ResourcePut { name, resource } => {
                network.resources.insert(name.clone(), resource.clone());
            }
            Event::BackordersPut(rules) => network.backorders = rules.clone(),
            Event::Learned(_) => {}
        }
        Some(network)
    }

    fn errands(&self, _now: Timestamp) -> Vec<core::convert::Infallible> {
        Vec::new()
    }

    fn wake_at(&self) -> Option<Timestamp> {
        None
    }
}

type Decided = Result<Vec<Event>, Refusal>;

impl Network {
    /// Whether there is already what a command would put.
    pub fn has(&self, command: &Command) -> bool {
        match command {
            Command::PutLocation(location) => self.locations.contains_key(&location.id),
            Command::PutCarrier(carrier) => self.carriers.contains_key(&carrier.name),
            Command::PutCalendar { name, .. } => self.calendars.contains_key(name),
            Command::PutResource { name, .. } => self.resources.contains_key(name),
            Command::PutTax(_)
            | Command::DraftPolicy(_)
            | Command::ActivatePolicy
            | Command::PutBackorders(_)
            | Command::Learn(_) => true,
        }
    }

    fn put_location(&self, location: &Location, today: Day) -> Decided {
        let old = self.locations.get(&location.id);
        let version = old.map_or(0, |old| old.version);
        if old.is_some_and(|old| *old == Location { version, ..location.clone() }) {
            return Ok(vec![]);
        }
        if old.is_none() && self.locations.len() >= MAX_LOCATIONS {
            return Err(Refusal::TooManyLocations { most: MAX_LOCATIONS });
        }
        self.check_location(location, today)?;
        Ok(vec![Event::LocationPut(Location { version: version.saturating_add(1), ..location.clone() })])
    }

    fn put_tax(&self, tax: &TaxTable) -> Vec<Event> {
        let version = self.tax.version;
        let mut next = tax.clone();
        next.version = version;
        if self.tax == next && version > 0 {
            return vec![];
        }
        next.version = version.saturating_add(1);
        vec![Event::TaxPut(next)]
    }

    fn put_resource(&self, name: &ResourceId, resource: &Resource) -> Decided {
        let old = self.resources.get(name);
        if old == Some(resource) {
            return Ok(vec![]);
        }
        if old.is_none() && self.resources.len() >= MAX_RESOURCES {
            return Err(Refusal::TooManyResources { most: MAX_RESOURCES });
        }
        let mut known = self.calendars.keys().map(Code::as_str);
        if !known.any(|known| known == resource.calendar.as_str()) {
            let flaw = Flaw::Unknown { name: resource.calendar.as_str().into() };
            return Err(Refusal::Faults(vec![Fault { pointer: "/calendar".into(), flaw }]));
        }
        let per_day = |flaw| Refusal::Faults(vec![Fault { pointer: "/per_day".into(), flaw }]);
        if resource.per_day.is_zero() {
            return Err(per_day(Flaw::Zero));
        }
        // More than a promise can count with.
        if resource.per_day > MOST_QUANTITY {
            return Err(per_day(Flaw::Beyond { most: MOST_QUANTITY.thousandths() }));
        }
        Ok(vec![Event::ResourcePut { name: name.clone(), resource: resource.clone() }])
    }

    fn put_backorders(&self, rules: &Backorders) -> Vec<Event> {
        let version = self.backorders.version;
        if self.backorders == (Backorders { version, ..rules.clone() }) {
            return vec![];
        }
        vec![Event::BackordersPut(Backorders { version: version.saturating_add(1), ..rules.clone() })]
    }

    fn put_carrier(&self, carrier: &Carrier, today: Day) -> Decided {
        facts::check_name(&carrier.name)?;
        let old = self.carriers.get(&carrier.name);
        if old == Some(carrier) {
            return Ok(vec![]);
        }
        if old.is_none() && self.carriers.len() >= MAX_CARRIERS {
            return Err(Refusal::TooManyCarriers { most: MAX_CARRIERS });
        }
        self.check_carrier(carrier, today)?;
        Ok(vec![Event::CarrierPut(carrier.clone())])
    }

    fn put_calendar(&self, name: &Code, rules: &Rules, today: Day) -> Decided {
        facts::check_name(name)?;
        let old = self.calendars.get(name);
        if old == Some(rules) {
            return Ok(vec![]);
        }
        if old.is_none() && self.calendars.len() >= MAX_CALENDARS.saturating_sub(1) {
            return Err(Refusal::TooManyCalendars { most: MAX_CALENDARS.saturating_sub(1) });
        }
        facts::check_calendar(rules, today)?;
        Ok(vec![Event::CalendarPut { name: name.clone(), rules: rules.clone() }])
    }

    fn draft_policy(&self, policy: &Policy, today: Day) -> Decided {
        let version = self.policy.as_ref().map_or(0, |policy| policy.version).saturating_add(1);
        let draft = Policy { version, stage: Stage::Draft, ..policy.clone() };
        self.check_policy(&draft, today)?;
        Ok(if self.draft.as_ref() == Some(&draft) { vec![] } else { vec![Event::PolicyDrafted(draft)] })
    }

    /// The draft is looked at again: locations and carriers may have changed since it was written.
    fn activate_policy(&self, today: Day) -> Decided {
        let Some(draft) = &self.draft else {
            return if self.policy.is_some() { Ok(vec![]) } else { Err(Refusal::NoDraft) };
        };
        self.check_policy(draft, today)?;
        Ok(vec![Event::PolicyActivated])
    }
}
