//! Twenty tills of a store through thirty days of partitions: nothing is sold twice, nothing is lost or doubled, and the edge
//! comes to the same whatever the order in which it hears.

use std::collections::BTreeMap;

use oms_core::till::Signed;
use oms_tests::shop::{Shop, in_memory};
use oms_tests::till::{Device, enrolled};
use oms_tests::world::{Chance, Faults};
use serde_json::{Value, json};

const TILLS: usize = 20;
const DAYS: u64 = 30;
const DAY_MILLIS: u64 = 24 * 60 * 60 * 1_000;
const SKUS: [&str; 6] = ["red", "green", "blue", "white", "black", "gray"];
/// Of each SKU to begin with.
const STOCK: u64 = 3_000;
/// Of each SKU for each till.
const BASE: u64 = 12;

fn name(till: usize) -> String {
    format!("till-{till}")
}

fn open(shop: &mut Shop) -> Vec<Device> {
    shop.location("ldn", 51.5, -0.1);
    for sku in SKUS {
        shop.item(sku, 500);
        shop.receive(sku, "ldn", &STOCK.to_string());
    }
    (0..TILLS).map(|till| enrolled(shop, &name(till))).collect()
}

fn grant(shop: &mut Shop, till: usize, lines: &BTreeMap<String, u64>) {
    let lines: Vec<Value> =
        lines.iter().map(|(sku, units)| json!({"sku": sku, "quantity": units.to_string()})).collect();
    shop.post(&format!("/v1/tills/{}/grants", name(till)), &json!({"lines": lines})).expect(200);
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

/// Sends what is unsent in one or several pieces, some of it twice, as a bad line makes it.
fn sync(shop: &mut Shop, till: &mut Device, chance: &mut Chance) {
    let from = till.acked.saturating_sub(chance.below(4));
    let rest: Vec<Signed> = till.journal.iter().filter(|one| one.entry.seq > from).cloned().collect();
    let piece = 1 + chance.below(6) as usize;
    for some in rest.chunks(piece).chain([&rest[..0]]) {
        let told = till.upload(shop, some);
        till.heard(&told);
    }
}

/// Everything the edge has of the tills: their entries and what is odd about them, and the shelves.
fn state(shop: &mut Shop) -> (BTreeMap<String, Value>, BTreeMap<String, Value>) {
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
    let shelves = SKUS.iter().map(|sku| ((*sku).to_owned(), shop.shelf(sku, "ldn")["on_hand"].clone()));
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

#[test]
fn thirty_days_of_partitions_sell_nothing_twice_and_end_the_same_in_any_order() {
    in_memory(|shop| {
        let mut chance = Chance::new(11);
        let mut tills = open(shop);
        let base: BTreeMap<String, u64> = SKUS.iter().map(|sku| ((*sku).to_owned(), BASE)).collect();
        for (till, device) in tills.iter_mut().enumerate() {
            grant(shop, till, &base);
            device.sync(shop).expect(200);
        }
        let mut sold = BTreeMap::new();
        for _ in 0..DAYS {
            shop.faults(Faults::BAD_DAY);
            // Whoever orders online competes for what no till was granted.
            for _ in 0..4 {
                let units = (1 + chance.below(20)).to_string();
                let _ = shop.post("/v1/orders", &Shop::order(&[(*chance.pick(&SKUS), &units)]));
            }
            for till in &mut tills {
                a_day_at(till, &mut chance, &mut sold);
                if chance.per_mille(450) {
                    sync(shop, till, &mut chance);
                }
            }
            shop.faults(Faults::default());
            shop.pass(DAY_MILLIS);
            // What is lost with a till is what it was granted and did not account for: at most four times what the manager said.
            let shown = shop.get("/v1/tills/till-0").expect(200).body;
            for line in shown["exposure"].as_array().expect("exposure") {
                let open: u64 = line["quantity"].as_str().expect("a quantity").parse().expect("units");
                assert!(open <= 4 * BASE, "{line}");
            }
        }
        for till in &mut tills {
            till.sync(shop).expect(200);
        }
        settle(shop);
        let (entries, shelves) = state(shop);
        let journals: Vec<Vec<Signed>> = tills.iter().map(|till| till.journal.clone()).collect();
        let written: usize = journals.iter().map(Vec::len).sum();
        assert!(written > 700, "{written} entries");
        // Every entry once, none of them odd: nothing was sold beyond rights, no receipt is missing, all prices are right.
        for (till, journal) in journals.iter().enumerate() {
            let known = entries[&name(till)].as_array().expect("entries");
            assert_eq!(known.len(), journal.len());
            for (seq, (row, signed)) in (1_u64..).zip(known.iter().zip(journal)) {
                assert_eq!(*row, json!([seq, signed.hash, []]));
            }
        }
        for sku in SKUS {
            let left = STOCK - sold.get(sku).copied().unwrap_or_default();
            assert_eq!(shelves[sku], json!(left.to_string()), "{sku}");
        }

        // The same journals, told to another house in another order.
        let granted: Vec<BTreeMap<String, u64>> = tills
            .iter()
            .map(|till| till.granted.iter().map(|(sku, total)| (sku.clone(), total / 1_000)).collect())
            .collect();
        in_memory(|shop| {
            let mut chance = Chance::new(99);
            let mut tills = open(shop);
            for (till, granted) in granted.iter().enumerate() {
                grant(shop, till, granted);
            }
            for (till, journal) in tills.iter_mut().zip(&journals) {
                till.journal.clone_from(journal);
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
            let (again, again_shelves) = state(shop);
            assert_eq!(again_shelves, shelves);
            assert_eq!(again, entries);
        });
    });
}
