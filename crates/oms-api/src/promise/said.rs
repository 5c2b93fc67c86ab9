//! How items are promised, as the API takes and shows it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::promise::allocation::{Class, Limit, Portion, Protection, Span, Taking};
use oms_core::promise::{
    Bill, CalendarId, Component, DemandClass, Fences, Item, Load, MAX_SAID, Method, Mode, Promising, Resource,
    ResourceId, Substitute, Worth,
};
use oms_core::value::{Amount, Day, LocationId, Malformed, Quantity, Sku};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;
use crate::show::Shown;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
struct Body {
    mode: ModeBody,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mode_at: Vec<ModeAtBody>,
    method: Method,
    fences: Fences,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    substitutes: Vec<Substitute>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unit_costs: Vec<CostBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bids: Vec<Worth>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allocations: Vec<AllocationBody>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum ModeBody {
    Infinite,
    LeadTime {
        days: i32,
    },
    #[default]
    Atp,
    Make(MakeBody),
    Kit {
        components: Vec<PartBody>,
    },
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct MakeBody {
    #[serde(default)]
    components: Vec<PartBody>,
    resource: Option<String>,
    per_unit: Option<String>,
    #[serde(default)]
    lead_days: i32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct PartBody {
    sku: String,
    per: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ModeAtBody {
    location: String,
    mode: ModeBody,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CostBody {
    location: String,
    amount: Amount,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct AllocationBody {
    location: String,
    classes: Vec<ClassBody>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ClassBody {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    limits: Vec<LimitBody>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    protections: Vec<ProtectionBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Day>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct LimitBody {
    per: Span,
    quantity: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ProtectionBody {
    from: Day,
    until: Day,
    quantity: String,
}

/// How a SKU is to be promised, and the order in which the body names locations, for pointers into it.
#[derive(Clone, Debug)]
pub struct Said {
    /// What is said.
    pub promising: Promising,
    pub(super) modes: Vec<String>,
    pub(super) unit_costs: Vec<String>,
    pub(super) allocations: Vec<String>,
}

/// Reads the body of `PUT /v1/items/{sku}/promising`.
///
/// # Errors
/// The problem with every fault of the body that can be seen without knowing the rest of the house.
pub fn put(bytes: &[u8], today: Day) -> Result<Said, Problem> {
    let body: Object<Body> = decode::body(bytes)?;
    let mut faults = Faults::new();
    let said = said(&mut faults, "", &body);
    begun(&mut faults, &body, today);
    faults.finish(|| said)
}

fn said(faults: &mut Faults, base: &str, body: &Body) -> Option<Said> {
    Some(Said {
        promising: promising(faults, base, body)?,
        modes: body.mode_at.iter().map(|at| at.location.clone()).collect(),
        unit_costs: body.unit_costs.iter().map(|cost| cost.location.clone()).collect(),
        allocations: body.allocations.iter().map(|pool| pool.location.clone()).collect(),
    })
}

/// A share that begins in the future would not be counted until then.
fn begun(faults: &mut Faults, body: &Body, today: Day) {
    for (at, allocation) in body.allocations.iter().enumerate() {
        for (number, class) in allocation.classes.iter().enumerate() {
            if class.since.is_some_and(|since| since > today) {
                let pointer = format!("/allocations/{at}/classes/{number}/since");
                faults.add(pointer, "in_the_future", "a fence or share counts from today at the latest");
            }
        }
    }
}

fn promising(faults: &mut Faults, base: &str, body: &Body) -> Option<Promising> {
    let lists = [
        ("mode_at", body.mode_at.len()),
        ("substitutes", body.substitutes.len()),
        ("unit_costs", body.unit_costs.len()),
        ("bids", body.bids.len()),
        ("allocations", body.allocations.len()),
    ];
    for (member, count) in lists {
        if count > MAX_SAID {
            faults.add(format!("{base}/{member}"), "too_many", format!("at most {MAX_SAID} are taken"));
            return None;
        }
    }
    let mode = mode(faults, &format!("{base}/mode"), &body.mode);
    let mut mode_at = BTreeMap::new();
    for (index, at) in body.mode_at.iter().enumerate() {
        let base = format!("{base}/mode_at/{index}");
        let location: Option<LocationId> = faults.read(&base, "location", &at.location);
        let there = self::mode(faults, &format!("{base}/mode"), &at.mode);
        once(faults, &base, &mut mode_at, location.zip(there));
    }
    let mut unit_costs = BTreeMap::new();
    for (index, cost) in body.unit_costs.iter().enumerate() {
        let base = format!("{base}/unit_costs/{index}");
        let location: Option<LocationId> = faults.read(&base, "location", &cost.location);
        once(faults, &base, &mut unit_costs, location.map(|location| (location, cost.amount)));
    }
    let mut allocations = BTreeMap::new();
    for (index, allocation) in body.allocations.iter().enumerate() {
        let base = format!("{base}/allocations/{index}");
        let location: Option<LocationId> = faults.read(&base, "location", &allocation.location);
        let numbered = allocation.classes.iter().enumerate();
        let classes: Vec<Option<Class>> =
            numbered.map(|(at, class)| self::class(faults, &format!("{base}/classes/{at}"), class)).collect();
        once(faults, &base, &mut allocations, location.zip(classes.into_iter().collect::<Option<Vec<Class>>>()));
    }
    let (method, fences, substitutes) = (body.method, body.fences, body.substitutes.clone());
    let item = Item { mode: mode?, mode_at, method, fences, substitutes };
    Some(Promising { item, unit_costs, bids: body.bids.clone(), allocations })
}

/// Puts what is said of a location in, unless something is said of it already.
fn once<T>(faults: &mut Faults, base: &str, all: &mut BTreeMap<LocationId, T>, said: Option<(LocationId, T)>) {
    let Some((location, what)) = said else { return };
    if all.insert(location, what).is_some() {
        faults.add(format!("{base}/location"), "named_twice", "the location stands there already");
    }
}

fn mode(faults: &mut Faults, base: &str, body: &ModeBody) -> Option<Mode> {
    Some(match body {
        ModeBody::Infinite => Mode::Infinite,
        ModeBody::LeadTime { days } => Mode::LeadTime { days: *days },
        ModeBody::Atp => Mode::Atp,
        ModeBody::Kit { components } => {
            Mode::Kit { components: parts(faults, &format!("{base}/kit/components"), components)? }
        }
        ModeBody::Make(make) => {
            let base = format!("{base}/make");
            let components = parts(faults, &format!("{base}/components"), &make.components);
            let load = match (&make.resource, &make.per_unit) {
                (None, None) => None,
                (Some(name), Some(per)) => {
                    let resource = named(faults, &base, "resource", name);
                    let per = faults.read_positive(&base, "per_unit", per);
                    Some(Load { resource: resource?, per: per? })
                }
                (Some(_), None) | (None, Some(_)) => {
                    faults.add(base, "missing_field", "resource and per_unit go together");
                    return None;
                }
            };
            Mode::Ctp { bill: Bill { components: components?, load, lead_days: make.lead_days } }
        }
    })
}

fn parts(faults: &mut Faults, base: &str, bodies: &[PartBody]) -> Option<Vec<Component>> {
    if bodies.len() > MAX_SAID {
        faults.add(base, "too_many", format!("at most {MAX_SAID} are taken"));
        return None;
    }
    let read = |(index, body): (usize, &PartBody)| {
        let base = format!("{base}/{index}");
        let sku: Option<Sku> = faults.read(&base, "sku", &body.sku);
        let per = faults.read_positive(&base, "per", &body.per);
        Some(Component { sku: sku?, per: per? })
    };
    let read: Vec<Option<Component>> = bodies.iter().enumerate().map(read).collect();
    read.into_iter().collect()
}

fn class(faults: &mut Faults, base: &str, body: &ClassBody) -> Option<Class> {
    let name = named(faults, base, "name", &body.name);
    let parent = match &body.parent {
        Some(parent) => Some(named(faults, base, "parent", parent)?),
        None => None,
    };
    let mut limits = Vec::new();
    for (index, limit) in body.limits.iter().enumerate() {
        let quantity: Option<Quantity> = faults.read(&format!("{base}/limits/{index}"), "quantity", &limit.quantity);
        limits.extend(quantity.map(|quantity| Limit { per: limit.per, quantity, used: Vec::new() }));
    }
    let mut protections = Vec::new();
    for (index, one) in body.protections.iter().enumerate() {
        let quantity: Option<Quantity> = faults.read(&format!("{base}/protections/{index}"), "quantity", &one.quantity);
        let (from, until, consumed) = (one.from, one.until, Quantity::ZERO);
        protections.extend(quantity.map(|quantity| Protection { from, until, quantity, consumed }));
    }
    let mut portion = |member: &str, text: Option<&String>| {
        let quantity: Option<Quantity> = faults.read_some(base, member, text);
        quantity.map(|quantity| Portion { quantity, consumed: Quantity::ZERO })
    };
    let (fence, share) = (portion("fence", body.fence.as_ref()), portion("share", body.share.as_ref()));
    Some(Class { name: name?, parent, rank: body.rank, limits, protections, fence, share, since: body.since })
}

pub(super) fn named<T: core::str::FromStr<Err = Malformed>>(
    faults: &mut Faults,
    base: &str,
    member: &str,
    text: &str,
) -> Option<T> {
    text.parse()
        .map_err(|malformed| faults.add(format!("{base}/{member}"), "invalid_code", format!("the name {malformed}")))
        .ok()
}

/// What is said of a SKU's promising, as it was said.
#[derive(Debug, Serialize)]
pub struct PromisingView<'a> {
    sku: &'a Sku,
    #[serde(flatten)]
    said: Body,
    /// What classes of demand took.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    taken: Vec<TakenView<'a>>,
}

#[derive(Debug, Serialize)]
struct TakenView<'a> {
    location: &'a LocationId,
    class: &'a DemandClass,
    on: Day,
    quantity: Shown<Quantity>,
}

impl<'a> PromisingView<'a> {
    /// A SKU's, and what classes took of it.
    pub fn new(sku: &'a Sku, promising: &Promising, takings: &'a BTreeMap<LocationId, Vec<Taking>>) -> Self {
        let taken = takings.iter().flat_map(|(location, takings)| {
            takings.iter().map(move |one| TakenView {
                location,
                class: &one.class,
                on: one.day,
                quantity: Shown(one.quantity),
            })
        });
        let item = &promising.item;
        let said = Body {
            mode: shown_mode(&item.mode),
            mode_at: item
                .mode_at
                .iter()
                .map(|(location, mode)| ModeAtBody { location: location.to_string(), mode: shown_mode(mode) })
                .collect(),
            method: item.method,
            fences: item.fences,
            substitutes: item.substitutes.clone(),
            unit_costs: promising
                .unit_costs
                .iter()
                .map(|(location, amount)| CostBody { location: location.to_string(), amount: *amount })
                .collect(),
            bids: promising.bids.clone(),
            allocations: promising
                .allocations
                .iter()
                .map(|(location, classes)| AllocationBody {
                    location: location.to_string(),
                    classes: classes.iter().map(shown_class).collect(),
                })
                .collect(),
        };
        Self { sku, said, taken: taken.collect() }
    }
}

fn shown_mode(mode: &Mode) -> ModeBody {
    let parts = |components: &[Component]| {
        components.iter().map(|part| PartBody { sku: part.sku.to_string(), per: part.per.to_string() }).collect()
    };
    match mode {
        Mode::Infinite => ModeBody::Infinite,
        Mode::LeadTime { days } => ModeBody::LeadTime { days: *days },
        Mode::Atp => ModeBody::Atp,
        Mode::Kit { components } => ModeBody::Kit { components: parts(components) },
        Mode::Ctp { bill } => ModeBody::Make(MakeBody {
            components: parts(&bill.components),
            resource: bill.load.as_ref().map(|load| load.resource.to_string()),
            per_unit: bill.load.as_ref().map(|load| load.per.to_string()),
            lead_days: bill.lead_days,
        }),
    }
}

fn shown_class(class: &Class) -> ClassBody {
    let limit = |limit: &Limit| LimitBody { per: limit.per, quantity: limit.quantity.to_string() };
    let protection =
        |one: &Protection| ProtectionBody { from: one.from, until: one.until, quantity: one.quantity.to_string() };
    ClassBody {
        name: class.name.to_string(),
        parent: class.parent.as_ref().map(ToString::to_string),
        rank: class.rank,
        limits: class.limits.iter().map(limit).collect(),
        protections: class.protections.iter().map(protection).collect(),
        fence: class.fence.map(|portion| portion.quantity.to_string()),
        share: class.share.map(|portion| portion.quantity.to_string()),
        since: class.since,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ResourceBody {
    calendar: String,
    per_day: String,
}

/// An item that is supposed to be promised otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct ItemBody {
    sku: String,
    promising: Body,
}

/// A resource that is supposed to have another capacity.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct NamedResource {
    name: String,
    calendar: String,
    per_day: String,
}

pub(super) fn item(faults: &mut Faults, base: &str, body: &ItemBody) -> Option<(Sku, Said)> {
    let sku = faults.read(base, "sku", &body.sku);
    let said = said(faults, &format!("{base}/promising"), &body.promising);
    Some((sku?, said?))
}

pub(super) fn resource(faults: &mut Faults, base: &str, body: &NamedResource) -> Option<(ResourceId, Resource)> {
    let name = named(faults, base, "name", &body.name);
    let calendar = named(faults, base, "calendar", &body.calendar);
    let per_day = faults.read_positive(base, "per_day", &body.per_day);
    Some((name?, Resource { calendar: calendar?, per_day: per_day?, used: Vec::new() }))
}

/// Reads the body of `PUT /v1/resources/{name}`.
///
/// # Errors
/// The problem with every fault of the name or the body.
pub fn put_resource(name: &str, bytes: &[u8]) -> Result<(ResourceId, Resource), Problem> {
    let body: ResourceBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let name = named(&mut faults, "", "name", name);
    let calendar: Option<CalendarId> = named(&mut faults, "", "calendar", &body.calendar);
    let per_day = faults.read_positive("", "per_day", &body.per_day);
    faults.finish(|| Some((name?, Resource { calendar: calendar?, per_day: per_day?, used: Vec::new() })))
}

/// A resource.
#[derive(Debug, Serialize)]
pub struct ResourceView<'a> {
    name: &'a ResourceId,
    calendar: &'a CalendarId,
    per_day: Shown<Quantity>,
}

impl<'a> ResourceView<'a> {
    /// One of the network's.
    pub const fn new(name: &'a ResourceId, resource: &'a Resource) -> Self {
        Self { name, calendar: &resource.calendar, per_day: Shown(resource.per_day) }
    }
}
