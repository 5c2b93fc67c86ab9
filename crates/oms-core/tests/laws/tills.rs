//! One event of every kind of the edge's side of a till.

use oms_core::price::{TaxClass, TaxMode, TaxRate, TaxTable};
use oms_core::stock::Drawn;
use oms_core::till::account::{Event, Oddity, PublicKey, Recorded, Task};
use oms_core::till::{Cashier, Oversell, Permission, PinHash, Settings};
use oms_core::value::{Digest, Quantity};
use serde_json::json;

use crate::orders::{label, later, minor, place, sku, units};
use crate::wire::survives;

fn settings() -> Settings {
    let rate = TaxRate { country: None, class: TaxClass::standard(), rate: "21".parse().expect("a rate") };
    let pin = PinHash { salt: "5".into(), hash: Digest::of(b"5:1234") };
    Settings {
        version: 3,
        device: "till-3".parse().expect("a till"),
        label: label("Front counter"),
        series: "S042-T03".parse().expect("a series"),
        location: place("east"),
        header: vec![label("East Ltd")],
        footer: vec![],
        currency: "GBP".parse().expect("a currency"),
        country: "GB".parse().expect("a country"),
        cash_step: minor(5),
        oversell: Oversell::Ask,
        cashiers: vec![Cashier {
            id: label("ana"),
            name: label("Ana"),
            pin: Some(pin),
            discount: "5".parse().expect("a rate"),
            may: [Permission::Refund].into(),
        }],
        tax: TaxTable::new(2, TaxMode::Inclusive, [rate]),
    }
}

fn recorded() -> Recorded {
    Recorded {
        epoch: 1,
        seq: 7,
        hash: Digest::of(b"7"),
        skipped: vec![Some(Digest::of(b"6"))],
        entry: "{}".into(),
        signature: "c2ln".into(),
        receipt: Some(5),
        rights: serde_json::from_value(json!({"mug": {"sold": 2_000, "beyond": 1_000}})).expect("changes"),
        left: [(sku("tea"), units(3))].into(),
        tasks: [Task::Check, Task::Order, Task::Stock(9)].into(),
        oddities: vec![Oddity::new("receipt", "receipt 5 came where 4 was next")],
    }
}

/// What came to events of tills later.
#[test]
fn what_came_to_events_of_tills_later_is_read_as_it_was_written() {
    let six = Digest::of(b"6");
    let recorded = Event::Recorded(Box::new(Recorded { skipped: vec![None, Some(six)], ..recorded() }));
    let written = serde_json::to_value(&recorded).expect("an event");
    assert_eq!(written["recorded"]["skipped"], json!([null, six]));
    survives(&recorded);
    let detail = "it is not what its hash is of".to_owned();
    let unreadable = Event::Unreadable { epoch: 1, seq: 6, line: six, detail, text: "{]".into() };
    let written = serde_json::to_value(&unreadable).expect("an event");
    assert_eq!(written["unreadable"]["detail"], "it is not what its hash is of");
    survives(&unreadable);
}

/// One of each kind.
pub(crate) fn events() -> Vec<Event> {
    let key = PublicKey { x: "eA".into(), y: "eQ".into() };
    let drawn = Drawn { surrendered: units(1), sold: units(2), beyond: Quantity::ZERO, closed: false };
    vec![
        Event::SettingsPut(Box::new(settings())),
        Event::CodeIssued { digest: Digest::of(b"code"), until: later(900_000) },
        Event::Enrolled { epoch: 1, key, code: Digest::of(b"code"), genesis: Digest::of(b"0") },
        Event::Recorded(Box::new(recorded())),
        Event::Contradicted { epoch: 1, seq: 7, hash: Digest::of(b"other"), code: "fork".into(), entry: "{}".into() },
        Event::Unreadable { epoch: 1, seq: 6, line: Digest::of(b"{]"), detail: String::new(), text: "{]".into() },
        Event::Based { key: Some(Digest::of(b"k")), base: vec![(sku("mug"), units(4))] },
        Event::Asked { epoch: 1, totals: vec![(sku("mug"), units(4))] },
        Event::Granted { epoch: 1, sku: sku("mug"), answered: units(4), granted: units(3) },
        Event::Recalled { epoch: 1, lines: vec![(sku("mug"), units(1))] },
        Event::Revoked { epoch: 1, reason: Some(label("left in a taxi")), lost: vec![(sku("mug"), units(1))] },
        Event::Told { epoch: 1, sku: sku("mug"), drawn },
        Event::Done { epoch: 1, seq: 7, task: Task::Order, oddities: vec![Oddity::new("no_order", "x")] },
    ]
}
