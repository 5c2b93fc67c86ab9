//! Finding goods: by the beginnings of words, by code, in the right order.

use oms_core::till::goods::{Goods, Item, Scan, Search};
use oms_core::value::{Amount, Quantity};

use crate::kit::{goods, label, minor, pages, sku};

fn found(goods: &mut Goods, text: &str) -> Vec<String> {
    let search = Search { text: text.to_owned(), ..Search::default() };
    goods.search(&search).iter().map(|article| article.sku.to_string()).collect()
}

fn item(name: &str, title: &str) -> Item {
    Item {
        sku: sku(name),
        title: label(title),
        unit: label("pc"),
        barcodes: Vec::new(),
        category: None,
        price: pages().remove(&sku("MUG")).unwrap().remove(0),
        available: None,
    }
}

#[test]
fn words_are_found_by_how_they_begin_without_accents() {
    let mut goods = goods();
    assert_eq!(found(&mut goods, "TE ver"), ["TEA"]);
    assert_eq!(found(&mut goods, "té"), ["TEA"]);
    assert_eq!(found(&mut goods, "quij"), ["BOOK"]);
    assert_eq!(found(&mut goods, "kitch mu"), ["MUG"]);
    assert_eq!(found(&mut goods, "mu book"), [""; 0]);
    assert_eq!(found(&mut goods, "uijot"), ["BOOK"], "within a word where none begins so");
    assert_eq!(found(&mut goods, "ug"), [""; 0], "not for two letters");
    assert_eq!(found(&mut goods, " "), ["MUG", "BOOK", "TEA"]);
    goods.put(item("STRASSE", "Łódź Ærø ΑΘΗΝΑ Москва"));
    for text in ["lodz", "aro", "αθηνα", "МОСКВА"] {
        assert_eq!(found(&mut goods, text), ["STRASSE"], "{text}");
    }
}

#[test]
fn the_best_hits_come_first() {
    let mut goods = Goods::new("EUR".parse().unwrap());
    goods.put(item("A", "Large blue mug"));
    goods.put(item("B", "Blueberry jam"));
    goods.put(item("C", "Blue mug"));
    goods.put(item("BLUE-1", "Something else"));
    assert_eq!(found(&mut goods, "blue"), ["BLUE-1", "C", "B", "A"]);
    assert_eq!(found(&mut goods, "mug blue"), ["C", "A"]);
    let two = Search { text: "blue".to_owned(), category: None, limit: Some(2) };
    assert_eq!(goods.search(&two).len(), 2);
    let none = Search { text: "blue".to_owned(), category: None, limit: Some(0) };
    assert_eq!(goods.search(&none).len(), 0);
}

#[test]
fn a_newer_item_takes_the_place_of_the_older() {
    let mut goods = goods();
    for round in 0..3000 {
        goods.put(item("MUG", &format!("Cup {round}")));
        if round % 700 == 0 {
            assert_eq!(found(&mut goods, &format!("cup {round}")), ["MUG"]);
        }
    }
    assert_eq!((goods.len(), found(&mut goods, "mug")), (3, vec!["MUG".to_owned()]));
    assert_eq!(found(&mut goods, "cup 1"), [""; 0], "only the last one is there");
    assert_eq!(goods.scan("5601234567898"), Scan::Unknown, "the code went with the older one");
    let by_category = Search { text: String::new(), category: Some(label("Kitchen")), limit: None };
    assert_eq!(goods.search(&by_category).len(), 1);
}

#[test]
fn a_large_catalog_is_searched_as_a_small_one() {
    let mut goods = Goods::new("EUR".parse().unwrap());
    for number in 0..20_000 {
        goods.put(item(&format!("SKU-{number:05}"), &format!("Thing {} of {}", number % 100, number % 7)));
    }
    assert_eq!(found(&mut goods, "sku 00042"), ["SKU-00042"]);
    assert_eq!(found(&mut goods, "thing").len(), 50);
    let search = Search { text: "thing 42 6".to_owned(), category: None, limit: Some(200) };
    let hits = goods.search(&search);
    assert!(
        !hits.is_empty()
            && hits.iter().all(|hit| hit.title.as_str().contains("42") && hit.title.as_str().contains('6'))
    );
}

fn scanned(code: &str) -> Option<(String, Quantity, Option<Amount>)> {
    match goods().scan(code) {
        Scan::Item { article, quantity, price } => Some((article.sku.to_string(), quantity, price)),
        Scan::Receipt(_) | Scan::Unknown => None,
    }
}

#[test]
fn codes_are_read_as_scanners_send_them() {
    let mug = Some(("MUG".to_owned(), Quantity::ONE, None));
    for code in [
        "5601234567898",
        " 5601234567898\r\n",
        "05601234567898",
        "]E05601234567898",
        "0105601234567898",
        "(01)05601234567898",
        "MUG",
        "mug",
    ] {
        assert_eq!(scanned(code), mug, "{code}");
    }
    for code in ["", " ", "]", "]E", "560123456789", "#MUG", "=5601234567898", "0105601234567", "CUP", &"9".repeat(400)]
    {
        assert_eq!(scanned(code), None, "{code}");
    }
}

#[test]
fn labels_of_scales_bring_weight_or_price() {
    let weighed = |code: &str| scanned(code).map(|(name, quantity, price)| (name, quantity.to_string(), price));
    assert_eq!(weighed("2100001007508"), Some(("TEA".to_owned(), "0.75".to_owned(), None)));
    assert_eq!(weighed("2100001007505"), None, "its check digit is wrong");
    assert_eq!(weighed("2100001000004"), None, "nothing was weighed");
    let mut goods = goods();
    let mut cheese = item("CHEESE", "Cheese");
    cheese.barcodes = vec![label("2100002")];
    goods.put(cheese);
    let Scan::Item { quantity, price, .. } = goods.scan("2100002012341") else { panic!("a label") };
    assert_eq!((quantity, price), (Quantity::ONE, Some(minor(1234))));
}
