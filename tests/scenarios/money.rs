//! Prices and taxes.

use oms_tests::shop::{Shop, everywhere, in_memory};
use serde_json::{Value, json};

use crate::in_order;

fn gbp(amount: i64) -> Value {
    json!({"amount": amount, "currency": "GBP"})
}

fn totals(net: i64, tax: i64, total: i64) -> Value {
    json!({"net": gbp(net), "tax": gbp(tax), "total": gbp(total)})
}

/// Orders until the tax table is known everywhere: `wanted` is the mode's own sum.
#[track_caller]
fn taxed(shop: &mut Shop, country: &str, lines: &[(&str, &str)], wanted: &Value) -> Value {
    let mut body = Shop::order(lines);
    body["ship_to"]["country"] = json!(country);
    let mut order = Value::Null;
    for _ in 0..50 {
        order = shop.post("/v1/orders", &body).expect(201).body;
        if order["totals"] == *wanted {
            return order;
        }
        shop.act(&order, "cancel", &json!({}));
        shop.pass(1_000);
    }
    panic!("not {wanted}: {order:#}");
}

/// part: G3
#[test]
fn g3_taxes_by_country_and_class_without_and_within_prices() {
    everywhere(|shop| {
        shop.open();
        let table = |mode: &str| {
            json!({"mode": mode, "rates": [
            {"country": "GB", "class": "standard", "percent": "20"}, {"country": "GB", "class": "reduced", "percent": "5"},
            {"country": "DE", "class": "standard", "percent": "19"}, {"class": "standard", "percent": "0"}]})
        };
        let first = shop.call("PUT", "/v1/tax-table", &table("exclusive")).expect(200);
        assert_eq!(first.body["mode"], "exclusive");
        assert_eq!(shop.get("/v1/tax-table").expect(200).body, first.body);
        let book = json!({"title": "A book", "tax_class": "reduced", "prices": [gbp(999)]});
        shop.call("PUT", "/v1/items/book", &book).expect(201);
        shop.receive("book", "ldn", "100");

        let british = taxed(shop, "GB", &[("red", "2"), ("book", "3")], &totals(4_997, 550, 5_547));
        assert_eq!(british["lines"][0]["tax"], gbp(400));
        assert_eq!((&british["lines"][1]["tax"], &british["lines"][1]["tax_rate"]), (&gbp(150), &json!("5")));
        taxed(shop, "DE", &[("red", "1")], &totals(1_000, 190, 1_190));
        taxed(shop, "US", &[("red", "1")], &totals(1_000, 0, 1_000));

        let second = shop.call("PUT", "/v1/tax-table", &table("inclusive")).expect(200);
        assert_eq!(second.body["version"].as_u64(), first.body["version"].as_u64().map(|version| version + 1));
        taxed(shop, "GB", &[("red", "1")], &totals(833, 167, 1_000));
        taxed(shop, "GB", &[("book", "1")], &totals(951, 48, 999));
        in_order(shop);
    });
}

/// part: G1
#[test]
fn g1_list_prices_per_currency_with_versions() {
    everywhere(|shop| {
        shop.open();
        let item =
            |pence: i64| json!({"title": "The red", "prices": [gbp(pence), {"amount": 1_200, "currency": "EUR"}]});
        shop.call("PUT", "/v1/items/red", &item(1_000)).expect(200);
        let mut euros = Shop::order(&[("red", "1.5")]);
        euros["currency"] = json!("EUR");
        let euros = shop.post("/v1/orders", &euros).expect(201).body;
        assert_eq!(euros["totals"]["total"], json!({"amount": 1_800, "currency": "EUR"}));
        let before = shop.place(&[("red", "1")]);
        shop.call("PUT", "/v1/items/red", &item(1_100)).expect(200);
        let after = shop.place(&[("red", "1")]);
        assert_eq!((&before["totals"]["total"], &after["totals"]["total"]), (&gbp(1_000), &gbp(1_100)));
        let kept = shop.get(&crate::path(&before)).expect(200).body;
        assert_eq!(kept["totals"], before["totals"], "what was agreed stays agreed");
        let mut dollars = Shop::order(&[("red", "1")]);
        dollars["currency"] = json!("USD");
        let refused = shop.post("/v1/orders", &dollars).expect(422);
        assert_eq!(refused.body["errors"][0]["code"], "no_price");
        in_order(shop);
    });
}

#[test]
fn lines_sum_to_their_order_to_the_penny() {
    in_memory(|shop| {
        shop.open();
        let table = json!({"mode": "exclusive", "rates": [{"class": "standard", "percent": "17.5"}]});
        shop.call("PUT", "/v1/tax-table", &table).expect(200);
        for (sku, pence) in [("p1", 1), ("p3", 3), ("p333", 333), ("p9999", 9_999)] {
            shop.item(sku, pence);
            shop.receive(sku, "ldn", "1000");
        }
        for quantity in ["0.001", "0.333", "1", "7.5", "99.999"] {
            let order = shop.place(&[("p1", quantity), ("p3", quantity), ("p333", quantity), ("p9999", quantity)]);
            let lines = order["lines"].as_array().expect("lines");
            for part in ["net", "tax", "total"] {
                let amount = |of: &Value| of[part]["amount"].as_i64().expect("an amount");
                assert_eq!(lines.iter().map(amount).sum::<i64>(), amount(&order["totals"]), "{part} of {quantity}");
            }
            for each in lines.iter().chain([&order["totals"]]) {
                let amount = |part: &str| each[part]["amount"].as_i64().expect("an amount");
                assert_eq!(amount("net") + amount("tax"), amount("total"));
            }
        }
        in_order(shop);
    });
}

/// part: G1
#[test]
fn g1_a_price_put_a_moment_ago_holds_at_once() {
    everywhere(|shop| {
        shop.open();
        for pence in [1_000, 1_100, 1_200] {
            shop.item("red", pence);
            let order = shop.place(&[("red", "1")]);
            assert_eq!(order["totals"]["total"], gbp(pence));
            assert_eq!(shop.place(&[("red", "2")])["totals"]["total"], gbp(2 * pence));
        }
        assert!(shop.violations().is_empty());
    });
}
