//! What is kept for ever: every event reads back as it was written, and one of each kind is pinned, byte for byte.
//!
//! An event that was ever written must be read for ever. So the golden file may grow, but a line of it changes only
//! together with a way to read the old one. `ESTIBA_GOLDEN=write` writes it anew.

use core::fmt::Debug;
use std::path::Path;

use oms_core::calendar::Rules;
use oms_core::json;
use oms_core::machine::Machine;
use oms_core::network::{Event as NetworkEvent, Fulfilling, Location, LocationKind, Network, Throughput};
use oms_core::order::{
    CanceledPart, Command as OrderCommand, Disposition, Event as OrderEvent, Give, HoldAsk, Order, Peg, Saving,
    Shortage,
};
use oms_core::price::{TaxClass, TaxMode, TaxRate, TaxTable};
use oms_core::promise::allocation::{Class, Portion};
use oms_core::promise::{
    BackorderRule, Backorders, Bill, Component, Inbound, Item as PromiseItem, Load, Mode, Promising, Resource, Source,
    Stage as InboundStage, Step as PromiseStep, Strategy as PromiseStrategy, Worth,
};
use oms_core::replenish::{Band, Buying, Crossing, Lot, Pack, Thresholds, Watch};
use oms_core::routing::{Carrier, Code, Policy, Rate, Reach, Service, Step, Zone};
use oms_core::stock::{
    Crossed, Drawn, Event as StockEvent, Holder, Item, MovementId, Posting, Reason, Taker, Verdict, Waiter, Waiting,
};
use oms_core::till::account::Event as TillEvent;
use oms_core::value::{Position, Quantity};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::{orders, stocks, tills};
use orders::{came, draft, hold_of, key, label, later, noon, part, place, short, sku, units};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/events.json");

/// JSON and back is the same.
#[track_caller]
pub(crate) fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).expect("it can be written");
    let back: T = json::read(json.as_bytes()).expect("it can be read");
    assert_eq!(back, *value, "{json}");
    // Hosts read by the one, whoever else uses these types by another.
    assert_eq!(serde_json::from_str::<T>(&json).expect("serde_json can read it"), *value, "{json}");
}

/// The names of all kinds of an event, and the name of one: a new kind does not compile before it stands here.
macro_rules! kinds {
    ($all:ident, $name:ident: $event:ident { $($kind:ident)* }) => {
        const $all: &[&str] = &[$(stringify!($kind)),*];

        fn $name(event: &$event) -> &'static str {
            match event { $($event::$kind { .. } => stringify!($kind)),* }
        }
    };
}

kinds!(ORDER, order_kind: OrderEvent {
    Captured Confirmed Routed Reserving Held Allocated Missed Released Backordered Waited Rejected Canceled HoldPut HoldLifted
    Picked Packed Shipped Consumed Arrived Delivered LocationRejected GivenBack ReturnRequested ReturnAuthorized ReturnReceived
    Restocked ReturnCanceled Improving Improved SupplyCame Enlisted Sold Pegged
});
kinds!(STOCK, stock_kind: StockEvent {
    ItemPut Expected Moved Held Refused Tombstoned Released Confirmed Consumed Lapsed LowStock LowStockOver Shortage
    Waiting Allotted Drawn Told WatchPut PromisingPut Crossed SafetyForecast
});
kinds!(NETWORK, network_kind: NetworkEvent {
    LocationPut TaxPut CarrierPut CalendarPut PolicyDrafted PolicyActivated Learned
    BackordersPut ResourcePut
});

kinds!(TILL, till_kind: TillEvent {
    SettingsPut CodeIssued Enrolled Recorded Contradicted Unreadable Based Asked Granted Recalled Revoked Told Done
});

fn captured() -> OrderEvent {
    let mut draft = draft(&[("mug", 2), ("tea", 1)]);
    draft.lines[1].unit_price = None;
    draft.head.external_ref = Some(label("536365"));
    draft.head.shortage = Shortage::Backorder;
    draft.head.cart = Some(stocks::cart("c-1"));
    draft.head.customer.id = Some(label("17850"));
    draft.head.customer.email = Some(label("ann@example.com"));
    draft.head.ship_to.city = Some(label("Leeds"));
    draft.head.ship_to.position = Position::new(53_800_000, -1_549_000);
    orders::captured_as(draft)
}

/// As two mugs from the east are decided.
fn routed() -> OrderEvent {
    let facts = orders::facts(&[("mug", "east", 2), ("mug", "west", 9)]);
    let place = OrderCommand::Place(Box::new(orders::placement(draft(&[("mug", 2)]), facts)));
    let events = Order::decide(None, &place, noon()).expect("an order");
    events.into_iter().find(|event| matches!(event, OrderEvent::Routed { .. })).expect("a decision")
}

/// Two mugs over the counter.
fn sold() -> OrderEvent {
    let OrderEvent::Captured { id, head, lines, totals, .. } = captured() else { panic!("an order") };
    OrderEvent::Sold { id, head, lines, totals, location: place("east") }
}

fn holder() -> Holder {
    "till-3:1".parse().expect("a holder")
}

fn order_events() -> Vec<OrderEvent> {
    let hold = hold_of(0, 0);
    let parts = vec![part(1, "mug", "east", 2)];
    let canceled =
        CanceledPart { line: 1, open: units(1), backordered: Quantity::ZERO, allocated: vec![(1, units(1))] };
    vec![
        captured(),
        OrderEvent::Confirmed,
        routed(),
        OrderEvent::Reserving { epoch: 0, holds: vec![HoldAsk { object: 0, hold, parts }] },
        OrderEvent::Held { hold },
        OrderEvent::Allocated { epoch: 0 },
        OrderEvent::Missed { epoch: 0, short: vec![short(1, "mug", 2, 1)] },
        OrderEvent::Released { hold },
        orders::backordered(&[(1, 2)], later(900_000)),
        OrderEvent::Waited { look_at: later(1_800_000) },
        OrderEvent::Rejected { short: vec![short(1, "mug", 2, 0)] },
        OrderEvent::Canceled { reason: Some(label("too late")), parts: vec![canceled], key: Some(key("k")) },
        OrderEvent::HoldPut { name: label("fraud"), reason: Some(label("two cards")) },
        OrderEvent::HoldLifted { name: label("fraud") },
        OrderEvent::Picked { no: 1 },
        OrderEvent::Packed { no: 1 },
        OrderEvent::Shipped { no: 1, carrier: Some(label("Red Van")), tracking: Some(label("RV-1")) },
        OrderEvent::Consumed { no: 1, hold },
        OrderEvent::Arrived { no: 1 },
        OrderEvent::Delivered { no: 1 },
        OrderEvent::LocationRejected { no: 1, reason: Some(label("broken")) },
        OrderEvent::GivenBack { no: 1, hold, totals: vec![(1, units(1))] },
        orders::return_requested(1, &[(1, 1)]),
        OrderEvent::ReturnAuthorized { no: 1 },
        OrderEvent::ReturnReceived {
            no: 1,
            location: place("west"),
            lines: vec![came(1, 1, Disposition::Restock), came(1, 1, Disposition::Quarantine)],
        },
        OrderEvent::Restocked { no: 1, object: 0 },
        OrderEvent::ReturnCanceled { no: 1, reason: None },
        improving(),
        OrderEvent::Improved { epoch: 1, saving: Saving { cost: 300_000, shipments: 1 } },
        OrderEvent::SupplyCame,
        OrderEvent::Enlisted { object: 0, skus: vec![(sku("mug"), units(2))] },
        sold(),
        OrderEvent::Pegged {
            pegs: vec![Peg { part: part(1, "mug", "east", 2), ready: "2026-03-05".parse().ok(), made: false }],
            by: "2026-03-07".parse().ok(),
        },
    ]
}

/// As two mugs move to the east.
fn improving() -> OrderEvent {
    let OrderEvent::Routed { decision } = routed() else { unreachable!("it was decided") };
    let holds = vec![HoldAsk { object: 0, hold: hold_of(1, 0), parts: vec![part(1, "mug", "east", 2)] }];
    let gives = vec![Give { no: 1, line: 1, hold: hold_of(0, 0), quantity: units(2) }];
    OrderEvent::Improving {
        epoch: 1,
        holds,
        gives,
        decision,
        saving: Saving { cost: 300_000, shipments: 1 },
        makes_room_for: None,
    }
}

fn waiter() -> Waiter {
    let wait = Waiting {
        channel: "web".parse().expect("a channel"),
        class: Some(name("gold")),
        wanted: Some("2026-03-09".parse().expect("a day")),
        since: noon(),
    };
    Waiter { order: draft(&[]).id, quantity: units(2), wait, pegs: vec![], told: vec![] }
}

fn watch() -> Watch {
    let buying = Buying {
        supplier: place("acme"),
        locations: vec![place("east")],
        lead_days: 14,
        lead_deviation_days: 2,
        service_permille: 950,
        lot: Lot::Fixed(units(30)),
        pack: Pack { multiple: units(12), least: units(24) },
        keep_safety: true,
    };
    Watch { thresholds: Thresholds { low: Some(units(2)), medium: Some(units(5)), high: None }, buying: Some(buying) }
}

fn crossed() -> Crossed {
    let crossing = Crossing { from: Band::Ample, to: Band::Low, available: units(1) };
    Crossed { location: place("east"), crossing, at: noon() }
}

fn promising() -> Promising {
    let components = vec![Component { sku: sku("jam"), per: units(2) }];
    let load = Some(Load { resource: "oven".parse().expect("a name"), per: units(1) });
    let mode = Mode::Ctp { bill: Bill { components, load, lead_days: 1 } };
    let class = Class {
        name: "web".parse().expect("a class"),
        parent: None,
        rank: Some(1),
        limits: vec![],
        protections: vec![],
        fence: None,
        share: Some(Portion { quantity: units(5), consumed: Quantity::ZERO }),
        since: None,
    };
    Promising {
        item: PromiseItem { mode, ..PromiseItem::default() },
        unit_costs: [(place("east"), orders::minor(300))].into(),
        bids: vec![Worth {
            location: place("east"),
            from: "2026-03-05".parse().expect("a day"),
            price: orders::minor(500),
        }],
        allocations: [(place("east"), vec![class])].into(),
    }
}

fn oven() -> Resource {
    Resource { calendar: "weekdays".parse().expect("a name"), per_day: units(10), used: vec![] }
}

fn backorders() -> Backorders {
    let (channels, customer_classes) = (vec!["web".parse().expect("a channel")], vec![name("gold")]);
    Backorders { version: 1, rules: vec![BackorderRule { channels, customer_classes, strategy: PromiseStrategy::Win }] }
}

fn stock_events() -> Vec<StockEvent> {
    let (sku, location, quantity) = (sku("mug"), place("east"), units(2));
    let item = Item {
        safety: [(place("east"), units(1))].into_iter().collect(),
        kept_for_tills: [(place("east"), units(3))].into_iter().collect(),
        low_stock: Some(units(5)),
        ..stocks::master()
    };
    let (reason, disposition) = (Reason::Correction, Disposition::Quarantine);
    let postings = vec![
        Posting::Received { sku: sku.clone(), location: location.clone(), quantity },
        Posting::Found { sku: sku.clone(), location: location.clone(), quantity, reason },
        Posting::Lost { sku: sku.clone(), location: location.clone(), quantity, reason: Reason::Damaged },
        Posting::Transferred { sku: sku.clone(), from: location.clone(), to: place("west"), quantity },
        Posting::Judged { sku: sku.clone(), location: location.clone(), quantity, verdict: Verdict::Scrap },
        Posting::Judged { sku: sku.clone(), location: location.clone(), quantity, verdict: Verdict::Restock },
        Posting::Returned { sku: sku.clone(), location: location.clone(), quantity, disposition },
        Posting::Dispatched { sku: sku.clone(), location: location.clone(), quantity },
        Posting::Arrived { sku: sku.clone(), location: location.clone(), quantity },
    ];
    let parts = [stocks::mugs(2)];
    vec![
        StockEvent::ItemPut { sku: sku.clone(), item },
        StockEvent::Expected {
            inbound: Inbound {
                id: label("PO 7"),
                sku: sku.clone(),
                location: location.clone(),
                source: Source::Purchase,
                stage: InboundStage::InTransit,
                expected: "2026-03-05".parse().expect("a day"),
                ordered: units(24),
                received: units(4),
                sent: Quantity::ZERO,
            },
        },
        StockEvent::Moved { id: MovementId::of("po-1"), reference: Some(label("PO 1")), postings },
        stocks::held(1, &parts),
        stocks::refused(1, vec![stocks::short(1, "mug", "east", 1, 1)]),
        stocks::tombstoned(1),
        stocks::released(1, &parts),
        stocks::confirmed(1),
        stocks::consumed(1, 1, &parts),
        stocks::lapsed("c-1", &parts),
        StockEvent::LowStock { sku: sku.clone(), location: location.clone(), available: units(1), threshold: units(5) },
        StockEvent::LowStockOver { sku: sku.clone(), location: location.clone() },
        StockEvent::Shortage { sku: sku.clone(), location, missing: quantity },
        StockEvent::Waiting { sku: sku.clone(), waiter: waiter() },
        StockEvent::Allotted {
            holder: holder(),
            sku: sku.clone(),
            location: place("east"),
            asked: units(5),
            granted: units(4),
        },
        StockEvent::Drawn {
            holder: holder(),
            sku: sku.clone(),
            location: place("east"),
            drawn: Drawn { surrendered: units(1), sold: units(2), beyond: units(3), closed: true },
            left: units(5),
            on: None,
        },
        StockEvent::Told { sku: sku.clone(), news: 1, promised: vec![] },
        StockEvent::WatchPut { sku: sku.clone(), watch: Box::new(watch()) },
        StockEvent::PromisingPut { sku: sku.clone(), promising: Box::new(promising()) },
        StockEvent::Crossed { sku: sku.clone(), crossed: crossed() },
        StockEvent::SafetyForecast { sku, location: place("east"), quantity: units(7) },
    ]
}

fn name(code: &str) -> Code {
    code.parse().expect("a name")
}

fn network_events() -> Vec<NetworkEvent> {
    let location = Location {
        id: place("east"),
        name: label("East"),
        kind: LocationKind::Dc,
        country: "GB".parse().expect("a country"),
        postal_code: Some(label("NR1 1AA")),
        position: Position::new(52_628_000, 1_299_000),
        ships: true,
        accepts_returns: false,
        fulfilling: Fulfilling {
            pick_up: true,
            calendar: Some(name("weekdays")),
            processing_days: 1,
            capacity: Some(Throughput { daily: units(40), window_days: 2 }),
            carriers: Some(vec![name("van")]),
            ..Fulfilling::default()
        },
        version: 1,
    };
    let rate = TaxRate { country: None, class: TaxClass::standard(), rate: "20".parse().expect("a rate") };
    let tax = TaxTable::new(2, TaxMode::Inclusive, [rate]);
    let locations = [(location.id.clone(), location.clone())].into_iter().collect();
    let rate = Rate {
        zone: name("near"),
        days: (1, 2),
        steps: vec![Step { up_to_grams: 2_000, price: orders::minor(495) }],
        beyond_per_kg: orders::minor(60),
    };
    let service = Service {
        name: name("next-day"),
        calendar: name("weekdays"),
        hazmat: false,
        heaviest_grams: Some(30_000),
        rates: vec![rate],
    };
    let zone = Zone { name: name("near"), reach: Reach::Within { meters: 300_000 } };
    let carrier = Carrier { name: name("van"), zones: vec![zone], services: vec![service] };
    let rules = Rules::weekdays();
    let policy = Policy { version: 1, ..Policy::standard(label("near first")) };
    let network = Network {
        version: 2,
        locations,
        tax: tax.clone(),
        carriers: [(carrier.name.clone(), carrier.clone())].into(),
        calendars: [(name("weekdays"), rules.clone())].into(),
        policy: Some(policy.clone()),
        draft: None,
        ..Network::default()
    };
    vec![
        NetworkEvent::LocationPut(location),
        NetworkEvent::TaxPut(tax),
        NetworkEvent::CarrierPut(carrier),
        NetworkEvent::CalendarPut { name: name("weekdays"), rules },
        NetworkEvent::PolicyDrafted(policy),
        NetworkEvent::PolicyActivated,
        NetworkEvent::Learned(Box::new(network)),
        NetworkEvent::BackordersPut(backorders()),
        NetworkEvent::ResourcePut { name: "oven".parse().expect("a name"), resource: oven() },
    ]
}

fn pinned<E: Serialize>(events: &[E], kind: fn(&E) -> &'static str) -> Value {
    let value = |event| serde_json::to_value(event).expect("an event can be written");
    Value::Object(events.iter().map(|event| (kind(event).to_owned(), value(event))).collect::<Map<_, _>>())
}

fn reads<E: DeserializeOwned + PartialEq + Debug>(golden: &Value, events: &[E], kind: fn(&E) -> &'static str) {
    for event in events {
        let kept = golden.get(kind(event)).unwrap_or_else(|| panic!("{} is not pinned", kind(event)));
        assert_eq!(&E::deserialize(kept).expect("an old event can be read"), event);
    }
}

#[test]
fn one_event_of_every_kind_is_pinned() {
    fn named<E>(events: &[E], kind: fn(&E) -> &'static str) -> Vec<&'static str> {
        events.iter().map(kind).collect()
    }
    assert_eq!(named(&order_events(), order_kind), ORDER);
    assert_eq!(named(&stock_events(), stock_kind), STOCK);
    assert_eq!(named(&network_events(), network_kind), NETWORK);
    assert_eq!(named(&tills::events(), till_kind), TILL);
}

#[test]
fn events_are_written_as_they_always_were() {
    let events: Map<String, Value> = [
        ("order", pinned(&order_events(), order_kind)),
        ("stock", pinned(&stock_events(), stock_kind)),
        ("network", pinned(&network_events(), network_kind)),
        ("till", pinned(&tills::events(), till_kind)),
    ]
    .map(|(machine, events)| (machine.to_owned(), events))
    .into_iter()
    .collect();
    let written = serde_json::to_string_pretty(&events).expect("events can be written") + "\n";
    if std::env::var_os("ESTIBA_GOLDEN").is_some_and(|how| how == "write") {
        std::fs::create_dir_all(Path::new(GOLDEN).parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(GOLDEN, &written).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(GOLDEN).expect("the golden file");
    assert_eq!(written, golden, "the wire changed; is the old one still read? Then ESTIBA_GOLDEN=write");
}

#[test]
fn events_of_before_are_read() {
    let golden = std::fs::read_to_string(GOLDEN).expect("the golden file");
    let golden: Value = serde_json::from_str(&golden).expect("JSON");
    reads(&golden["order"], &order_events(), order_kind);
    reads(&golden["stock"], &stock_events(), stock_kind);
    reads(&golden["network"], &network_events(), network_kind);
    reads(&golden["till"], &tills::events(), till_kind);
}

#[test]
fn the_network_reads_back_as_it_was_written() {
    network_events().iter().for_each(survives);
    survives(&Network::default());
    assert_eq!(noon().millis(), 1_772_366_400_000);
}

/// What came to events after they were first pinned: left out where it says nothing, and for ever as it is here.
#[test]
fn what_came_to_events_later_is_read_as_it_was_written() {
    let StockEvent::Held { hold, owner, parts, until, .. } = stocks::held(1, &[stocks::mugs(2)]) else {
        panic!("a hold")
    };
    let taker = Some(Taker { class: "web".parse().expect("a class"), on: "2026-03-01".parse().expect("a day") });
    let held = StockEvent::Held { hold, owner, parts, until, taker };
    let written = serde_json::to_value(&held).expect("an event");
    assert_eq!(written["held"]["taker"], json!({"class": "web", "on": "2026-03-01"}));
    survives(&held);
    let waiter = Waiter { pegs: vec![(place("east"), units(2))], ..waiter() };
    let waiting = StockEvent::Waiting { sku: sku("mug"), waiter };
    let written = serde_json::to_value(&waiting).expect("an event");
    assert_eq!(written["waiting"]["waiter"]["pegs"], json!([["east", 2_000]]));
    survives(&waiting);
    let steps = vec![PromiseStep { day: "2026-03-09".parse().expect("a day"), quantity: units(2) }];
    let order = draft(&[]).id;
    let told = StockEvent::Told { sku: sku("mug"), news: 1, promised: vec![(order, steps.clone())] };
    let written = serde_json::to_value(&told).expect("an event");
    assert_eq!(written["told"]["promised"], json!([[order, [{"day": "2026-03-09", "quantity": 2_000}]]]));
    survives(&told);
    let waiting = StockEvent::Waiting { sku: sku("mug"), waiter: Waiter { told: steps, ..self::waiter() } };
    let written = serde_json::to_value(&waiting).expect("an event");
    assert_eq!(written["waiting"]["waiter"]["told"], json!([{"day": "2026-03-09", "quantity": 2_000}]));
    survives(&waiting);
    let mut said = promising();
    let classes = said.allocations.get_mut(&place("east")).expect("it is allocated");
    classes[0].since = "2026-03-01".parse().ok();
    let put = StockEvent::PromisingPut { sku: sku("mug"), promising: Box::new(said) };
    let written = serde_json::to_value(&put).expect("an event");
    assert_eq!(written["promising_put"]["promising"]["allocations"]["east"][0]["since"], "2026-03-01");
    survives(&put);
    let pegs = vec![Peg { part: part(1, "mug", "east", 2), ready: "2026-03-05".parse().ok(), made: true }];
    let pegged = OrderEvent::Pegged { pegs, by: None };
    let written = serde_json::to_value(&pegged).expect("an event");
    assert_eq!(written["pegged"]["pegs"][0]["made"], true);
    survives(&pegged);
    let (holder, sku, location, left) = (holder(), sku("mug"), place("east"), units(2));
    let on = "2026-03-01".parse().ok();
    let drawn = StockEvent::Drawn { holder, sku, location, drawn: Drawn { sold: left, ..Drawn::default() }, left, on };
    let written = serde_json::to_value(&drawn).expect("an event");
    assert_eq!(written["drawn"]["on"], "2026-03-01");
    survives(&drawn);
    let mut draft = draft(&[("mug", 2)]);
    draft.head.demand_class = "trade".parse().ok();
    draft.head.shortage = Shortage::Preorder;
    (draft.lines[0].whole, draft.lines[0].requested_by) = (true, on);
    let captured = orders::captured_as(draft);
    let written = serde_json::to_value(&captured).expect("an event");
    let head = &written["captured"]["head"];
    assert_eq!((&head["demand_class"], &head["shortage"]), (&json!("trade"), &json!("preorder")));
    let line = &written["captured"]["lines"][0];
    assert_eq!((&line["whole"], &line["requested_by"]), (&json!(true), &json!("2026-03-01")));
    survives(&captured);
}
