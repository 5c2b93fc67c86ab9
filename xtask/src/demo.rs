//! The demo shop: three places, real articles at real prices, and the first three hundred sales of Online Retail in every
//! state an order can be in. Loading it again changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::retail::{self, Cities, Invoice, Item, Kind, Retail, spread};
use crate::shop::{self, LOCATIONS, Order, PartOfLine, Placed, Shop, Units};
use crate::{Outcome, ui};

/// Sales that become orders.
pub const ORDERS: usize = 300;
/// Longer orders are left out: a page shows what it holds.
const LINES: usize = 40;
/// Orders on their way at a time.
const CONNECTIONS: usize = 8;
/// The till of the demo and the store where it stands.
const TILL: &str = "brs-1";
const STORE: &str = "brs";
/// Articles that it may sell without asking anybody: as many as one request grants.
const RIGHTS: usize = 500;
/// What the manager types: known, as everything of the demo.
pub const MANAGERS_PIN: &str = "1234";
/// How often the step says how far it is.
const TICK: Duration = Duration::from_millis(100);

/// What becomes of an order, from its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Wait,
    Pick,
    Ship,
    Deliver,
    Return,
    Hold,
    Cancel,
}

impl Fate {
    fn of(place: usize) -> Self {
        match place % 20 {
            0..=3 => Self::Deliver,
            4..=7 => Self::Ship,
            8..=9 => Self::Pick,
            10 if place % 40 == 10 => Self::Hold,
            11 if place % 60 == 11 => Self::Cancel,
            12 if place % 60 == 12 => Self::Return,
            _ => Self::Wait,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Wait => "waiting",
            Self::Pick => "picked",
            Self::Ship => "shipped",
            Self::Deliver => "delivered",
            Self::Return => "returned in part",
            Self::Hold => "on hold",
            Self::Cancel => "canceled",
        }
    }
}

/// Loads the demo into the server, or sees that it is there.
pub fn load(base_url: &str, key: &str) -> Outcome {
    let mut step = ui::Step::start("demo data");
    let shop = Shop::new(base_url, key);
    let retail = retail::load()?;
    let sales = sales(&retail);
    if is_loaded(&shop, sales.last().context("the file has sales")?)? {
        step.done("was there already");
        return Ok(());
    }
    let items = goods(&shop, &retail, &sales, &mut step)?;
    let fates = orders(&shop, &sales, &mut step)?;
    step.done(&format!("{} locations, {items} articles, {} orders", LOCATIONS.len(), sales.len()));
    let fates: Vec<String> = fates.into_iter().map(|(fate, orders)| format!("{orders} {fate}")).collect();
    ui::note(&format!("orders: {}", fates.join(", ")));
    Ok(())
}

/// A code that makes a browser the till of the store. The till is there from the first time on; a code works once, for fifteen
/// minutes.
pub fn till_code(base_url: &str, key: &str) -> Outcome<String> {
    let shop = Shop::new(base_url, key);
    let listed = shop.get("/v1/tills")?.json();
    let there = listed["data"].as_array().is_some_and(|tills| tills.iter().any(|till| till["id"] == TILL));
    let answer: Value = if there {
        shop.act(&format!("/v1/tills/{TILL}/codes"), &[], &json!({}))?
    } else {
        let till = shop.act("/v1/tills", &[], &till())?;
        grant(&shop)?;
        till
    };
    answer["enrollment_code"].as_str().map(str::to_owned).context("the answer carries a code")
}

/// The till may sell some of what its store has plenty of without asking anybody.
fn grant(shop: &Shop) -> Outcome {
    let retail = retail::load()?;
    let plenty = |line: &Value| {
        line["location"] == STORE
            && line["quantity"].as_str().and_then(|units| units.parse().ok()).is_some_and(|units: u64| units >= 6)
    };
    let lines: Vec<Value> = stock(&sales(&retail))
        .iter()
        .filter(|line| plenty(line))
        .map(|line| json!({"sku": line["sku"], "quantity": "3"}))
        .take(RIGHTS)
        .collect();
    let _: Value = shop.act(
        &format!("/v1/tills/{TILL}/grants"),
        &[("idempotency-key", "demo-till-rights")],
        &json!({"lines": lines}),
    )?;
    Ok(())
}

fn till() -> Value {
    let manager = ["price", "refund", "blind_refund", "oversell", "pay_out", "manage"];
    json!({
        "id": TILL, "label": "Bristol, front counter", "series": "BRS-T1", "location": STORE, "currency": "GBP", "country": "GB",
        "oversell": "ask", "header": ["Estiba demo", "Bristol store"], "footer": ["Thank you"],
        "cashiers": [
            {"id": "ana", "name": "Ana", "discount": "5", "may": ["refund"]},
            {"id": "bea", "name": "Bea, manager", "pin": MANAGERS_PIN, "discount": "100", "may": manager},
        ],
    })
}

/// All orders, several at a time; the last one when everything else is there. How many came to which fate.
fn orders(shop: &Shop, sales: &[&Invoice], step: &mut ui::Step) -> Outcome<BTreeMap<&'static str, usize>> {
    let cities = Cities::load()?;
    let lived = |place: usize| {
        live(shop, place, sales[place], &cities).with_context(|| format!("demo order {}", sales[place].number))
    };
    let (last, next) = (sales.len() - 1, AtomicUsize::new(0));
    let hand = || -> Outcome<Vec<&'static str>> {
        let mine = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|place| *place < last));
        mine.map(lived).collect()
    };
    let mut lives = thread::scope(|scope| -> Outcome<Vec<&'static str>> {
        let hands: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(hand)).collect();
        while hands.iter().any(|hand| !hand.is_finished()) {
            step.tick(&format!("order {} of {}", next.load(Ordering::Relaxed).min(last), sales.len()));
            thread::sleep(TICK);
        }
        let lives: Outcome<Vec<_>> = hands.into_iter().map(|hand| hand.join().expect("no panic")).collect();
        Ok(lives?.concat())
    })?;
    lives.push(lived(last)?);
    let mut fates = BTreeMap::new();
    lives.into_iter().for_each(|fate| *fates.entry(fate).or_default() += 1);
    Ok(fates)
}

/// Places, articles and what lies on the shelves. How many articles there are.
fn goods(shop: &Shop, retail: &Retail, sales: &[&Invoice], step: &mut ui::Step) -> Outcome<usize> {
    let items = items(retail, sales);
    shop.import_all("locations", &shop::locations(&Cities::load()?)?, &mut |_| ())?;
    let lines: Vec<Value> = items.iter().map(|(sku, item)| shop::item(sku, item)).collect();
    shop.import_all("items", &lines, &mut |done| step.tick(&format!("{done} of {} articles", lines.len())))?;
    let stock = stock(sales);
    shop.import_all("stock", &stock, &mut |done| step.tick(&format!("{done} of {} stock positions", stock.len())))?;
    Ok(items.len())
}

fn sales(retail: &Retail) -> Vec<&Invoice> {
    let fits = |invoice: &&Invoice| invoice.kind == Kind::Sale && invoice.lines.len() <= LINES;
    retail.invoices.iter().filter(fits).take(ORDERS).collect()
}

fn items<'r>(retail: &'r Retail, sales: &[&Invoice]) -> BTreeMap<&'r Arc<str>, &'r Item> {
    let sold = |sku: &str| sales.iter().flat_map(|sale| &sale.lines).any(|line| &*line.sku == sku);
    retail.items.iter().filter(|(sku, _)| sold(sku)).collect()
}

/// The last order is the last thing loaded: when it is there, everything is.
fn is_loaded(shop: &Shop, last: &Invoice) -> Outcome<bool> {
    let found = shop.get(&format!("/v1/orders?external_ref={}", last.number))?.json();
    Ok(found["data"].as_array().is_some_and(|orders| !orders.is_empty()))
}

/// Half as much again as will be sold, most of it in London. One article in fifteen comes short, so that some orders wait.
fn stock(sales: &[&Invoice]) -> Vec<Value> {
    let mut sold: BTreeMap<&str, u64> = BTreeMap::new();
    for line in sales.iter().flat_map(|sale| &sale.lines) {
        *sold.entry(&line.sku).or_default() += line.quantity;
    }
    let shares = |sku: &str, sold: u64| match spread(sku) % 15 {
        0 => [sold / 2, sold / 10, 0],
        _ => [sold + 12, sold / 3, sold / 6],
    };
    let receipt = |sku: &str, location: &str, units: u64| json!({"key": format!("demo-stock-{location}-{sku}"), "sku": sku, "location": location, "quantity": units.to_string()});
    sold.into_iter()
        .flat_map(|(sku, sold)| {
            LOCATIONS.iter().zip(shares(sku, sold)).map(move |(place, units)| (sku, place.0, units))
        })
        .filter(|(.., units)| *units > 0)
        .map(|(sku, location, units)| receipt(sku, location, units))
        .collect()
}

/// Places one order and takes it to where its fate has it. Says how far it came: an order that lacks goods stays where it is.
fn live(shop: &Shop, place: usize, sale: &Invoice, cities: &Cities) -> Outcome<&'static str> {
    let body = shop::order(sale, cities, "backorder");
    let Placed::Taken { id, .. } = shop.place(&format!("demo-{}", sale.number), &body, &sale.at)? else {
        return Ok("rejected");
    };
    let fate = Fate::of(place);
    let order = shop.order(&id)?;
    match fate {
        Fate::Wait if order.status == "backordered" => return Ok("backordered"),
        Fate::Wait => {}
        Fate::Hold => {
            let reason = "The address does not match the account.";
            let _: Value =
                shop.act(&format!("/v1/orders/{id}/hold"), &[], &json!({"name": "address", "reason": reason}))?;
        }
        Fate::Cancel => {
            let _: Value = shop.act(&format!("/v1/orders/{id}/cancel"), &[], &json!({"reason": "customer"}))?;
        }
        Fate::Pick | Fate::Ship | Fate::Deliver | Fate::Return => return send(shop, &order, sale, fate),
    }
    Ok(fate.name())
}

fn send(shop: &Shop, order: &Order, sale: &Invoice, fate: Fate) -> Outcome<&'static str> {
    if order.fulfillments.is_empty() {
        return Ok("backordered");
    }
    for fulfillment in &order.fulfillments {
        let path = |verb: &str| format!("/v1/orders/{}/fulfillments/{}/{verb}", order.id, fulfillment.no);
        if fate == Fate::Pick {
            let _: Value = shop.act(&path("pick"), &[], &json!({}))?;
            continue;
        }
        shop.ship(&order.id, fulfillment.no, &format!("{}-{}", sale.number, fulfillment.no))?;
        if fate != Fate::Ship {
            let _: Value = shop.act(&path("deliver"), &[], &json!({}))?;
        }
    }
    if fate == Fate::Return {
        let first = &order.fulfillments[0];
        let part = PartOfLine { line: first.lines[0].line, quantity: Units(1) };
        let back =
            shop.request_return(&order.id, &format!("demo-return-{}", sale.number), &[part], "damaged in transit")?;
        if spread(&sale.number).is_multiple_of(2) {
            shop.restock(&back, &first.location)?;
        }
    }
    Ok(fate.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_some_hundred_real_orders_with_stock_for_most() {
        let retail = retail::load().expect("the file of the repository reads");
        let sales = sales(&retail);
        assert_eq!(sales.len(), ORDERS);
        assert!(items(&retail, &sales).len() > 500);
        let units: u64 = sales.iter().map(|sale| sale.units()).sum();
        let stocked: u64 =
            stock(&sales).iter().map(|line| line["quantity"].as_str().unwrap().parse::<u64>().unwrap()).sum();
        assert!(stocked > units, "{stocked} on the shelves, {units} sold");
    }

    #[test]
    fn every_fate_befalls_some_order() {
        for fate in [Fate::Wait, Fate::Pick, Fate::Ship, Fate::Deliver, Fate::Return, Fate::Hold, Fate::Cancel] {
            assert!((0..ORDERS).any(|place| Fate::of(place) == fate), "{fate:?}");
        }
    }
}
