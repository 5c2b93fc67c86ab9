//! Many at once: requests that are under way together, with messages late and out of order, in memory. What workerd makes
//! of a rush stands in tests/tests/contention.rs.

use std::collections::BTreeSet;

use oms_core::value::{Sku, Slot, Topology};
use oms_tests::shop::{Shop, TOPOLOGIES};
use oms_tests::simulation::{audit, complaints, json_of, request};
use oms_tests::world::{Faults, World};
use serde_json::{Value, json};

/// Longest delay of a message, in milliseconds.
const LATE: u64 = 40;
/// After this every order has settled.
const SETTLED_MILLIS: i64 = 10 * 60 * 1000;

/// A shop in London with so many of each, in which messages are late.
fn shop(seed: u64, topology: u16, stock: &[(&str, &str)]) -> World {
    let mut world = World::new(seed, topology);
    let location = json!({"name": "ldn", "kind": "dc", "country": "GB"});
    tell(&mut world, "PUT", "/v1/locations/ldn", "-", &location);
    for (sku, quantity) in stock {
        let item = json!({"title": sku, "prices": [{"amount": 100, "currency": "GBP"}]});
        tell(&mut world, "PUT", &format!("/v1/items/{sku}"), "-", &item);
        let receipt = json!({"location": "ldn", "lines": [{"sku": sku, "quantity": quantity}]});
        tell(&mut world, "POST", "/v1/stock/receipts", &format!("first-{sku}"), &receipt);
    }
    world.faults = Faults { delay: LATE, ..Faults::default() };
    world
}

#[track_caller]
fn tell(world: &mut World, method: &str, path: &str, key: &str, body: &Value) {
    let ticket = world.send(request(method, path, Some(key), Some(body)));
    let told = world.finish(ticket);
    assert!(told.status < 300, "{}", json_of(&told));
}

/// Sends all of these together and gives status and body of each.
fn rush(world: &mut World, orders: &[Value]) -> Vec<(u16, Value)> {
    let send = |world: &mut World, (number, body): (usize, &Value)| {
        world.send(request("POST", "/v1/orders", Some(&format!("rush-{number}")), Some(body)))
    };
    let tickets: Vec<_> = orders.iter().enumerate().map(|order| send(world, order)).collect();
    let told = tickets.into_iter().map(|ticket| world.finish(ticket));
    told.map(|told| (told.status, json_of(&told))).collect()
}

/// How many of these are allocated once everything has settled, and that nothing was leaked.
#[track_caller]
fn allocated(world: &mut World, told: &[(u16, Value)]) -> usize {
    world.faults = Faults::default();
    world.pass(SETTLED_MILLIS);
    let books = audit(world);
    assert_eq!(complaints(&books), Vec::<String>::new());
    let placed: Vec<&str> =
        told.iter().filter(|(status, _)| *status == 201).filter_map(|(_, body)| body["id"].as_str()).collect();
    let mut won = 0;
    for id in placed {
        let ticket = world.send(request("GET", &format!("/v1/orders/{id}"), None, None));
        let order = json_of(&world.finish(ticket));
        won += usize::from(order["status"] == "allocated");
    }
    won
}

#[test]
fn b2_many_at_once_buy_what_there_is_and_no_more() {
    for (seed, topology) in (1..).zip(TOPOLOGIES) {
        let mut world = shop(seed, topology, &[("red", "7")]);
        let told = rush(&mut world, &vec![Shop::order(&[("red", "1")]); 25]);
        assert!(told.iter().all(|(status, _)| matches!(status, 201 | 409)), "{told:#?}");
        assert_eq!(allocated(&mut world, &told), 7, "{topology} objects");
    }
}

/// part: U9
#[test]
fn u9_many_at_once_get_all_they_ask_for_or_nothing() {
    let skus = ["amber", "birch", "coral"];
    let eight = Topology::new(8).expect("a topology");
    let objects = skus.map(|sku| Slot::of_sku(&sku.parse::<Sku>().expect("a SKU")).object(eight));
    assert_eq!(BTreeSet::from(objects).len(), skus.len(), "each lives in an object of its own");
    for seed in 0..4 {
        for topology in TOPOLOGIES {
            let mut world = shop(seed, topology, &skus.map(|sku| (sku, "5")));
            let orders: Vec<Value> = (0..12)
                .map(|number| {
                    let [first, second] = [skus[number % 3], skus[(number + 1) % 3]];
                    Shop::order(&[(first, "1"), (second, "1")])
                })
                .collect();
            let told = rush(&mut world, &orders);
            let won = allocated(&mut world, &told);
            // Fifteen pieces: seven pairs at the most, and no pair is left lying that somebody asked for.
            assert!((5..=7).contains(&won), "seed {seed}, {topology} objects: {won}");
        }
    }
}

#[test]
fn d13_a_reference_that_many_send_at_once_makes_one_order() {
    for seed in 0..4 {
        for topology in TOPOLOGIES {
            let mut world = shop(seed, topology, &[("red", "100")]);
            let mut body = Shop::order(&[("red", "1")]);
            body["external_ref"] = json!("SO-1");
            let told = rush(&mut world, &vec![body; 12]);
            let ids: BTreeSet<&str> =
                told.iter().filter(|(status, _)| *status == 201).filter_map(|(_, body)| body["id"].as_str()).collect();
            assert_eq!(ids.len(), 1, "seed {seed}, {topology} objects: {told:#?}");
            let others = told.iter().filter(|(status, _)| *status != 201);
            assert!(others.into_iter().all(|(_, body)| body["code"] == "request_in_flight"), "{told:#?}");
            world.faults = Faults::default();
            world.pass(SETTLED_MILLIS);
            assert_eq!(audit(&mut world).orders, 1, "seed {seed}, {topology} objects");
        }
    }
}
