//! The golden corpus: a fixed list of decisions of the core, written out and hashed to one digest. The host, Node and a
//! browser must come to the same digest: same bits wherever the core runs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may crash")]

use core::fmt::{Debug, Write};
use core::str::FromStr;

use oms_core::canonical;
use oms_core::price::{Rate, TaxMode, line, spread};
use oms_core::routing::{Effort, Series};
use oms_core::till::goods::Goods;
use oms_core::till::{
    Cart, Clock, Command as TillCommand, Decided, Facts, Settings, Tender, TenderKind, Till, decide, price,
};
use oms_core::value::{Amount, Currency, Delta, Digest, OrderId, Position, Quantity, Sku, Slot, Timestamp};

/// What every target must come to. It changes only when a decision of the core is meant to change.
const GOLDEN: &str = "b93bedf1fe8a3971348a18f6fe39f0b590802585318e702f9d74e22fe3b3c551";

/// Decisions of each family.
const CASES: u64 = 2000;

pub(crate) fn same_bits() {
    let families = [("quantities", quantities()), ("prices", prices()), ("spreads", spreads()), ("times", times())];
    let families = families.into_iter().chain([
        ("ids", ids()),
        ("places", places()),
        ("plans", plans()),
        ("canonical", canonical_json()),
        ("tills", tills()),
    ]);
    let report = families.fold(String::new(), |mut report, (family, decisions)| {
        assert!(decisions.lines().count() > 20, "{family} decides something");
        writeln!(report, "{family} {}", Digest::of(decisions.as_bytes())).unwrap();
        report
    });
    assert_eq!(Digest::of(report.as_bytes()).to_string(), GOLDEN, "by family:\n{report}");
}

fn quantities() -> String {
    let odd = [
        "",
        "0",
        "6",
        "1.250",
        "01",
        "1.",
        ".5",
        "1e3",
        "-3",
        "+1",
        "0.0001",
        "9007199254740.991",
        "9007199254740.992",
    ];
    let mut random = Random(1);
    let drawn = (0..CASES).map(|_| format!("{}.{}", random.next() >> (random.next() % 64), random.next() % 2000));
    let texts = odd.into_iter().map(str::to_owned).chain(drawn);
    texts.fold(String::new(), |mut out, text| {
        writeln!(out, "{text} {} {}", shown::<Quantity>(&text), shown::<Delta>(&format!("-{text}"))).unwrap();
        out
    })
}

fn prices() -> String {
    let mut random = Random(2);
    (0..CASES).fold(String::new(), |mut out, _| {
        let quantity = Quantity::from_thousandths(random.within(1 << 24)).unwrap();
        let unit = Amount::new(random.signed(1 << 40)).unwrap();
        let rate = Rate::from_millionths(u32::try_from(random.within(10_000_000)).unwrap()).unwrap();
        for mode in [TaxMode::Inclusive, TaxMode::Exclusive] {
            let line = line(quantity, unit, rate, mode);
            let line = line.map_or_else(|overflow| overflow.to_string(), |line| serde_json::to_string(&line).unwrap());
            writeln!(out, "{quantity} {unit} {rate} {mode:?} {line}").unwrap();
        }
        out
    })
}

fn spreads() -> String {
    let mut random = Random(3);
    (0..CASES).fold(String::new(), |mut out, _| {
        let weights: Vec<u64> = (0..=random.within(8)).map(|_| random.next() >> 20).collect();
        let amount = Amount::new(random.signed(1 << 50)).unwrap();
        let shares: Vec<i64> = spread(amount, &weights).into_iter().map(Amount::minor).collect();
        writeln!(out, "{amount} {weights:?} {shares:?}").unwrap();
        out
    })
}

fn times() -> String {
    let odd =
        ["2010-12-01T08:26:00Z", "2011-02-29T00:00:00Z", "2012-02-29T23:59:59.9999+23:59", "1969-12-31T23:59:59Z"];
    let mut random = Random(4);
    let out = odd.into_iter().fold(String::new(), |out, text| out + &shown::<Timestamp>(text) + "\n");
    (0..CASES).fold(out, |mut out, _| {
        let time = Timestamp::from_millis(i64::try_from(random.within(253_402_300_799_999)).unwrap()).unwrap();
        writeln!(out, "{} {time} {}", time.millis(), shown::<Timestamp>(&time.to_string().replace('Z', "-07:30")))
            .unwrap();
        out
    })
}

fn ids() -> String {
    let mut random = Random(5);
    (0..CASES).fold(String::new(), |mut out, case| {
        let sku: Sku = format!("SKU {case}").parse().unwrap();
        let time = Timestamp::from_millis(1_291_191_960_000 + i64::try_from(case).unwrap()).unwrap();
        let id = OrderId::new(Slot::of_sku(&sku), time, u128::from(random.next()) << 64 | u128::from(random.next()));
        writeln!(out, "{id} {} {}", id.time(), shown::<OrderId>(&id.to_string().to_lowercase())).unwrap();
        out
    })
}

fn places() -> String {
    let mut random = Random(6);
    let mut place = move || {
        let (latitude, longitude) = (random.signed(90_000_000), random.signed(180_000_000));
        Position::new(latitude.try_into().unwrap(), longitude.try_into().unwrap()).unwrap()
    };
    (0..CASES).fold(String::new(), |mut out, _| {
        let (from, to) = (place(), place());
        let [from_json, to_json] = [from, to].map(|place| serde_json::to_string(&place).unwrap());
        writeln!(out, "{from_json} {to_json} {}", from.distance_meters(&to)).unwrap();
        out
    })
}

/// Days of orders, each routed from what the ones before it left, by policies that want different things.
fn plans() -> String {
    let mut random = Random(8);
    let wants =
        [r#"["cheapest"]"#, r#"["least_short","fewest_shipments","nearest"]"#, r#"["cheapest","protect_stores"]"#];
    (0..CASES / 20).fold(String::new(), |mut out, case| {
        let nodes: Vec<String> = (1..=5)
            .map(|site| {
                let (lat, lon) = (random.signed(2_000_000), random.signed(2_000_000));
                let (kind, pack, daily) = (["dc", "store"][site % 2], random.within(300), 1_000 + random.within(40_000));
                format!(
                    r#"{{"location":"site-{site}","kind":"{kind}","country":"PT","position":{{"lat_micro":{lat},"lon_micro":{lon}}},
                    "allows":{{"ship":true}},"calendar":"week","carriers":["post"],"pick_pack":{pack},
                    "capacity":{{"daily":{daily},"window_days":2}}}}"#
                )
            })
            .collect();
        let offers: Vec<String> = (1..=4)
            .flat_map(|sku| (1..=5).map(move |site| (sku, site)))
            .map(|(sku, site)| {
                let (free, markdown) = (random.within(12_000), random.within(90));
                format!(r#"{{"sku":"SKU {sku}","location":"site-{site}","free":{free},"markdown":{markdown}}}"#)
            })
            .collect();
        let orders: Vec<String> = (0..5)
            .map(|_| {
                let lines: Vec<String> = (1..=3)
                    .map(|line| {
                        let (sku, quantity) = (1 + random.within(3), 1 + random.within(9_000));
                        format!(r#"{{"line":{line},"sku":"SKU {sku}","quantity":{quantity},"unit_value":900}}"#)
                    })
                    .collect();
                let lines = lines.join(",");
                format!(
                    r#"{{"channel":"web","to":{{"country":"PT","position":{{"lat_micro":0,"lon_micro":0}}}},"placed_at":1764000000000,
                    "requested_by":"2025-11-26","lines":[{lines}],"items":[{{"sku":"SKU 1","grams":700}}]}}"#
                )
            })
            .collect();
        let series = format!(
            r#"{{"policy":{{"name":"corpus","costs":{{"late_parcel_day":120,"short_unit":700}},
            "strategies":[{{"name":"all","criteria":{}}}]}},"today":"2025-11-24","orders":[{}],"offers":[{}],
            "network":{{"locations":[{}],"calendars":{{"week":{{"week":["monday","tuesday","wednesday","thursday","friday"]}}}},
            "carriers":[{{"name":"post","zones":[{{"name":"near","reach":{{"within":{{"meters":150000}}}}}},{{"name":"far","reach":"anywhere"}}],
            "services":[{{"name":"parcel","calendar":"week","rates":[
            {{"zone":"near","days":[1,1],"steps":[{{"up_to_grams":1000,"price":300}}],"beyond_per_kg":40}},
            {{"zone":"far","days":[2,3],"steps":[{{"up_to_grams":1000,"price":420}}],"beyond_per_kg":60}}]}}]}}]}}}}"#,
            wants[usize::try_from(case).unwrap() % wants.len()],
            orders.join(","),
            offers.join(","),
            nodes.join(","),
        );
        let series: Series = serde_json::from_str(&series).unwrap();
        let routed = series.route(Effort::RunnerUp).unwrap();
        writeln!(out, "{}", serde_json::to_string(&routed).unwrap()).unwrap();
        out
    })
}

fn canonical_json() -> String {
    let mut random = Random(7);
    (0..CASES).fold(String::new(), |mut out, case| {
        let key = char::from_u32(u32::try_from(random.within(0x0001_ffff)).unwrap()).unwrap_or('\u{fb33}');
        let value = serde_json::json!({
            (key.to_string()): random.signed(1 << 52), "\u{1f600}": [null, true, key.to_string()], "case": case,
            "currency": (case % 2 == 0).then(|| "JPY".parse::<Currency>().unwrap()),
        });
        let bytes = canonical::to_bytes(&value).unwrap();
        writeln!(out, "{} {}", String::from_utf8(bytes).unwrap(), canonical::digest(&value).unwrap()).unwrap();
        out
    })
}

/// Days of sales at a till with discounts, coins and both modes of tax: the hash of every entry.
fn tills() -> String {
    let mut random = Random(9);
    (0..CASES / 50).fold(String::new(), |mut out, day| {
        let (mode, coin) = (["inclusive", "exclusive"][usize::try_from(day % 2).unwrap()], [1, 5, 10][usize::try_from(day % 3).unwrap()]);
        let settings: Settings = serde_json::from_str(&format!(
            r#"{{"version":1,"device":"till-1","label":"Till","series":"T1","location":"store","currency":"EUR","country":"PT","cash_step":{coin},
            "oversell":"allow","cashiers":[{{"id":"ana","name":"Ana","discount":"100","may":["price"]}}],
            "tax":{{"version":1,"mode":"{mode}","rates":[{{"class":"standard","rate":"23"}},{{"class":"food","rate":"6"}}]}}}}"#
        ))
        .unwrap();
        let mut goods = Goods::new(settings.currency);
        for item in 0..9 {
            let (price, class) = (random.within(9_999), ["standard", "food", "none"][item % 3]);
            let item = format!(
                r#"{{"sku":"SKU {item}","title":"Item","unit":"pc","price":{{"version":1,"prices":{{"EUR":{price}}},"tax_class":"{class}"}}}}"#
            );
            goods.put(serde_json::from_str(&item).unwrap());
        }
        let mut till = Till::new(settings.device.clone(), 1, Digest::of(b"till-1"), 1);
        let float = Amount::new(10_000).unwrap();
        let opens = TillCommand::OpenShift { cashier: settings.cashiers[0].id.clone(), float };
        let granted = [("SKU 1".parse().unwrap(), Quantity::from_units(20).unwrap())].into();
        for sale in 0..20_i64 {
            let now = Timestamp::from_millis(1_764_000_000_000 + sale * 60_000).unwrap();
            let clock = Clock { now, uptime: 1, skew: None };
            let facts = Facts { settings: &settings, catalog: &goods, book: None, granted: &granted, clock };
            let command = if sale == 0 { opens.clone() } else { a_sale(&mut random, &till, &facts) };
            let Decided { entry, hash, .. } = decide(&till, &command, &facts).unwrap();
            till.apply(&entry, hash);
            writeln!(out, "{hash} {}", entry.name()).unwrap();
        }
        out
    })
}

fn a_sale(random: &mut Random, till: &Till, facts: &Facts<'_>) -> TillCommand {
    let lines: Vec<String> = (0..=random.within(5))
        .map(|_| {
            let (item, quantity, percent) = (random.within(8), 1 + random.within(9_999), random.within(30));
            format!(
                r#"{{"sku":"SKU {item}","quantity":"{}","discount":{{"percent":"{percent}","reason":"x"}}}}"#,
                Quantity::from_thousandths(quantity).unwrap()
            )
        })
        .collect();
    let percent = random.within(20);
    let cart = format!(
        r#"{{"cashier":"ana","lines":[{}],"discount":{{"percent":"{percent}","reason":"y"}}}}"#,
        lines.join(",")
    );
    let mut cart: Cart = serde_json::from_str(&cart).unwrap();
    let due = price(till, &cart, facts).payment.due_in_cash;
    cart.tenders = vec![Tender { kind: TenderKind::Cash, amount: due, reference: None }];
    TillCommand::Sell(Box::new(cart))
}

fn shown<T: FromStr<Err: Debug> + ToString>(text: &str) -> String {
    text.parse::<T>().map_or_else(|problem| format!("{problem:?}"), |value| value.to_string())
}

/// `SplitMix64` (Steele, Lea and Flood 2014): the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `highest`, both included.
    fn within(&mut self, highest: u64) -> u64 {
        self.next() % (highest + 1)
    }

    /// Minus to plus `highest`, both included.
    fn signed(&mut self, highest: u64) -> i64 {
        i64::try_from(self.within(2 * highest)).unwrap() - i64::try_from(highest).unwrap()
    }
}
