//! Twenty tills of a store through thirty days of partitions: nothing is sold twice, nothing is lost or doubled, what is lost
//! with a till is bounded, and the edge comes to the same whatever the order in which it hears.
//!
//! `ESTIBA_SEED=5 cargo test -p oms-tests --test tills` runs one seed again; `ESTIBA_SEEDS=50` runs more of them.

use std::collections::BTreeMap;

use oms_core::till::Signed;
use oms_core::value::Quantity;
use oms_tests::shop::{Shop, in_world};
use oms_tests::till::{Device, enrolled};
use oms_tests::world::{Chance, Faults};
use serde_json::{Value, json};

/// Seeds of one run of the test suite; each is a month of twenty tills, and the same month told in another order.
const SEEDS: u64 = 8;
const TILLS: usize = 20;
const DAYS: u64 = 30;
const DAY_MILLIS: u64 = 24 * 60 * 60 * 1_000;
const SKUS: [&str; 6] = ["red", "green", "blue", "white", "black", "gray"];
/// Of each SKU to begin with: not enough for all who want it.
const STOCK: u64 = 1_200;
/// Of each SKU for the tills of the store together.
const KEPT: u64 = 400;
/// Of each SKU for each till.
const BASE: u64 = 12;
/// What is granted grows with what is sold: at most to so many times what the manager said.
const MOST_OF_BASE: u64 = 4;
/// The day on which the store wants one of its SKUs back from all tills.
const RECALL_DAY: u64 = 12;
/// Online orders of a day, and the most that one of them wants.
const ORDERS: u64 = 4;
const MOST_ORDERED: u64 = 60;

fn name(till: usize) -> String {
    format!("till-{till}")
}

fn open(shop: &mut Shop, stock: u64) -> Vec<Device> {
    shop.location("ldn", 51.5, -0.1);
    for sku in SKUS {
        let kept = json!([{"location": "ldn", "quantity": KEPT.to_string()}]);
        let item = json!({"title": format!("The {sku}"), "prices": [{"amount": 500, "currency": "GBP"}], "kept_for_tills": kept});
        shop.call("PUT", &format!("/v1/items/{sku}"), &item).expect(201);
        shop.receive(sku, "ldn", &stock.to_string());
    }
    (0..TILLS).map(|till| enrolled(shop, &name(till))).collect()
}

/// Grants a till so many thousandths of each.
fn grant(shop: &mut Shop, till: usize, lines: &BTreeMap<String, u64>) {
    let shown = |thousandths: u64| Quantity::from_thousandths(thousandths).expect("a quantity").to_string();
    let lines: Vec<Value> =
        lines.iter().map(|(sku, granted)| json!({"sku": sku, "quantity": shown(*granted)})).collect();
    shop.post(&format!("/v1/tills/{}/grants", name(till)), &json!({"lines": lines})).expect(200);
}

/// A quantity as it is shown, in thousandths: what is granted by forecast need not be whole.
fn thousandths(shown: &Value) -> u64 {
    shown.as_str().expect("a quantity").parse::<Quantity>().expect("a quantity").thousandths()
}

/// A till sells what it has rights to, and takes some of it back.
fn a_day_at(till: &mut Device, chance: &mut Chance, sold: &mut BTreeMap<String, u64>) {
    for _ in 0..chance.below(5) {
        let sku = *chance.pick(&SKUS);
        let units = (1 + chance.below(3)).min(till.right(sku) / 1_000);
        if units == 0 {
            continue;
        }
        let sale = till.sell(&[(sku, &units.to_string(), 500)]);
        *sold.entry(sku.to_owned()).or_default() += units;
        if chance.per_mille(60) {
            let order = sale.entry.name().order_id(sale.entry.at);
            till.refund(Some(order), sku, "1", 500);
            *sold.entry(sku.to_owned()).or_default() -= 1;
        }
    }
}

/// Sends what is unsent in one or several pieces, some of it twice, as a bad line makes it. What is asked back it gives back.
fn sync(shop: &mut Shop, till: &mut Device, chance: &mut Chance) {
    let from = till.acked.saturating_sub(chance.below(4));
    let rest: Vec<Signed> = till.journal.iter().filter(|one| one.entry.seq > from).cloned().collect();
    let piece = 1 + chance.below(6) as usize;
    let mut asked_back = Vec::new();
    for some in rest.chunks(piece).chain([&rest[..0]]) {
        let told = till.upload(shop, some);
        till.heard(&told);
        asked_back = told.body["recall"].as_array().cloned().unwrap_or_default();
    }
    for one in asked_back {
        let (sku, quantity) = (one["sku"].as_str().expect("a SKU"), one["quantity"].as_str().expect("a quantity"));
        if till.right(sku) > 0 {
            till.surrender(sku, quantity);
        }
    }
}

/// Everything the edge has of the tills: their entries and what is odd about them, and the shelves.
fn state(shop: &mut Shop) -> (BTreeMap<String, Value>, BTreeMap<String, u64>) {
    let mut entries = BTreeMap::new();
    for till in 0..TILLS {
        let mut path = format!("/v1/tills/{}/entries", name(till));
        let mut all = Vec::new();
        loop {
            let page = shop.get(&path).expect(200).body;
            let rows = page["data"].as_array().expect("entries").iter();
            all.extend(rows.map(|one| json!([one["seq"], one["hash"], one["variances"]])));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/tills/{}/entries?cursor={cursor}", name(till));
        }
        entries.insert(name(till), json!(all));
    }
    let shelves = SKUS.iter().map(|sku| ((*sku).to_owned(), thousandths(&shop.shelf(sku, "ldn")["on_hand"])));
    (entries, shelves.collect())
}

/// Waits until no till owes anybody anything.
fn settle(shop: &mut Shop) {
    for _ in 0..400 {
        let pending = |shop: &mut Shop| {
            (0..TILLS).any(|till| shop.get(&format!("/v1/tills/{}", name(till))).expect(200).body["pending"] != 0)
        };
        if !pending(shop) && shop.settled().violations.is_empty() {
            return;
        }
        shop.pass(60_000);
    }
    panic!("something is still owed");
}

/// What is set aside is there, and what is lost with a till is what it was granted and did not account for.
fn check_a_day(shop: &mut Shop) {
    for sku in SKUS {
        let shelf = shop.shelf(sku, "ldn");
        let set_aside: u64 =
            ["reserved", "allotted", "kept_for_tills", "available"].map(|name| thousandths(&shelf[name])).iter().sum();
        assert_eq!(set_aside, thousandths(&shelf["on_hand"]), "{sku}: {shelf}");
    }
    for till in 0..TILLS {
        let shown = shop.get(&format!("/v1/tills/{}", name(till))).expect(200).body;
        for line in shown["exposure"].as_array().expect("exposure") {
            assert!(thousandths(&line["quantity"]) <= MOST_OF_BASE * BASE * 1_000, "{}: {line}", name(till));
        }
    }
}

/// What a month came to.
struct Month {
    tills: Vec<Device>,
    sold: BTreeMap<String, u64>,
    entries: BTreeMap<String, Value>,
    shelves: BTreeMap<String, u64>,
    /// Online orders that were served, and those that were not though goods lay there: they are for the tills.
    orders: (u64, u64),
}

fn a_month(shop: &mut Shop, chance: &mut Chance) -> Month {
    let mut tills = open(shop, STOCK);
    let base: BTreeMap<String, u64> = SKUS.iter().map(|sku| ((*sku).to_owned(), BASE * 1_000)).collect();
    for (till, device) in tills.iter_mut().enumerate() {
        grant(shop, till, &base);
        device.sync(shop).expect(200);
    }
    let (mut sold, mut orders) = (BTreeMap::new(), (0, 0));
    for day in 0..DAYS {
        shop.faults(Faults::BAD_DAY);
        // Whoever orders online competes for what no till was granted and what is not kept for tills.
        for _ in 0..ORDERS {
            let units = (1 + chance.below(MOST_ORDERED)).to_string();
            match shop.post("/v1/orders", &Shop::order(&[(*chance.pick(&SKUS), &units)])).status {
                201 => orders.0 += 1,
                409 => orders.1 += 1,
                _ => {}
            }
        }
        for till in &mut tills {
            a_day_at(till, chance, &mut sold);
            if chance.per_mille(450) {
                sync(shop, till, chance);
            }
        }
        shop.faults(Faults::default());
        if day == RECALL_DAY {
            let lines = json!({"lines": [{"sku": *chance.pick(&SKUS)}]});
            let asked = shop.post("/v1/locations/ldn/recalls", &lines).expect(200).body;
            assert!(!asked["data"].as_array().expect("tills").is_empty(), "{asked}");
        }
        shop.pass(DAY_MILLIS);
        check_a_day(shop);
    }
    for till in &mut tills {
        till.sync(shop).expect(200);
    }
    settle(shop);
    let (entries, shelves) = state(shop);
    Month { tills, sold, entries, shelves, orders }
}

/// The same journals, told to another house in another order: what each till was granted it has from the beginning.
fn told_anew(shop: &mut Shop, chance: &mut Chance, month: &Month, stock: u64) {
    let mut tills = open(shop, stock);
    for (till, before) in month.tills.iter().enumerate() {
        grant(shop, till, &before.granted);
        tills[till].journal.clone_from(&before.journal);
    }
    shop.faults(Faults::BAD_DAY);
    for _ in 0..60 {
        let till = chance.below(TILLS as u64) as usize;
        let from = chance.below(tills[till].journal.len() as u64) as usize;
        let some = &tills[till].journal[from..];
        let some = some[..some.len().min(1 + chance.below(40) as usize)].to_vec();
        let told = tills[till].upload(shop, &some);
        tills[till].heard(&told);
    }
    shop.faults(Faults::default());
    for till in tills.iter_mut().rev() {
        till.sync(shop).expect(200);
    }
    settle(shop);
    let (entries, shelves) = state(shop);
    assert_eq!(entries, month.entries);
    let spare = (stock - STOCK) * 1_000;
    for (sku, left) in &month.shelves {
        assert_eq!(shelves[sku], left + spare, "{sku}");
    }
}

fn check_a_month(month: &Month) {
    let written: usize = month.tills.iter().map(|till| till.journal.len()).sum();
    assert!(written > 700, "{written} entries");
    let gives_back = |one: &Signed| matches!(one.entry.event, oms_core::till::Event::Surrendered { .. });
    assert!(month.tills.iter().any(|till| till.journal.iter().any(gives_back)), "what is recalled is given back");
    assert!(month.orders.0 > 0 && month.orders.1 > 0, "online orders compete: {:?}", month.orders);
    // Every entry once, none of them odd: nothing was sold beyond rights, no receipt is missing, all prices are right.
    for (till, device) in month.tills.iter().enumerate() {
        let known = month.entries[&name(till)].as_array().expect("entries");
        assert_eq!(known.len(), device.journal.len());
        for (seq, (row, signed)) in (1_u64..).zip(known.iter().zip(&device.journal)) {
            assert_eq!(*row, json!([seq, signed.hash, []]));
        }
    }
    for sku in SKUS {
        assert_eq!(month.shelves[sku], (STOCK - month.sold.get(sku).copied().unwrap_or_default()) * 1_000, "{sku}");
    }
}

fn run(seed: u64) {
    let topology = [1, 8, 256][(seed % 3) as usize];
    let month = in_world(seed, topology, |shop| a_month(shop, &mut Chance::new(seed + 11)));
    check_a_month(&month);
    let other = [8, 256, 1][(seed % 3) as usize];
    // Enough for all that was ever granted at once.
    in_world(seed + 1, other, |shop| told_anew(shop, &mut Chance::new(seed + 99), &month, 10 * STOCK));
}

#[test]
fn thirty_days_of_partitions_sell_nothing_twice_and_end_the_same_in_any_order() {
    let months: Vec<_> =
        oms_tests::seeds(SEEDS).into_iter().map(|seed| (seed, std::thread::spawn(move || run(seed)))).collect();
    let failed: Vec<u64> =
        months.into_iter().filter_map(|(seed, month)| month.join().is_err().then_some(seed)).collect();
    assert!(failed.is_empty(), "these seeds failed, each again with ESTIBA_SEED: {failed:?}");
}
