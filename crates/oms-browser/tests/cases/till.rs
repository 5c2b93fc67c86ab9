//! The class `Till`: a day at a till, from an empty journal to its report, by what a page sees.

use js_sys::{JSON, Reflect, Uint8Array};
use oms_browser::Till;
use oms_core::value::Digest;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{json, object, refused};

const CLOCK: &str = "{now: 1772366400000, uptime: 5, skew: 0}";
const OPENING: &str = r#"{device: "till-3", epoch: 1, genesis: "ab".repeat(32), next_receipt: 7, rights: {MUG: "2.5"}, settings: {
    version: 1, device: "till-3", label: "Till 3", series: "S042-T03", location: "store-42", header: ["Estiba, S.L."], footer: [],
    currency: "EUR", country: "ES", cash_step: 5, oversell: "ask", cashiers: [
        {id: "ana", name: "Ana", discount: "5", may: [], pin: {salt: "s", hash: "3e9c9ac2e6a7dc2ba49b8a3bd2c9d8b7e5d5a3c1f0e9d8c7b6a5948372615040"}},
        {id: "bea", name: "Bea", discount: "50", may: ["price", "refund", "blind_refund", "oversell", "pay_out", "manage"]}],
    tax: {version: 1, mode: "inclusive", rates: [{class: "standard", rate: "21"}]}}}"#;
const ITEMS: &str = r#"[
    {sku: "MUG", title: "Taza de café", unit: "pc", barcodes: ["5601234567898"], category: "Cocina",
     price: {version: 3, prices: {EUR: 799, USD: 899}, tax_class: "standard"}, available: "12.5"},
    {sku: "TEA", title: "Té verde", unit: "kg", barcodes: ["2100001"], category: "Cocina",
     price: {version: 1, prices: {EUR: 3330}, tax_class: "standard"}},
    {sku: "bad, sku", title: "x", unit: "pc", barcodes: [], price: {version: 1, prices: {}, tax_class: "standard"}}]"#;

fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn words(value: &JsValue, name: &str) -> String {
    member(value, name).as_string().unwrap()
}

/// The value of an answer.
#[track_caller]
fn must(answer: &JsValue) -> JsValue {
    assert_eq!(member(answer, "ok"), JsValue::TRUE, "{}", json(answer));
    member(answer, "value")
}

/// The refusal of an answer, as JSON.
#[track_caller]
fn refusal(answer: &JsValue) -> String {
    assert_eq!(member(answer, "ok"), JsValue::FALSE, "{}", json(answer));
    json(&member(answer, "refusal"))
}

fn opened() -> Till {
    let mut till = Till::new();
    must(&till.open(&object(OPENING), &object(CLOCK)));
    must(&till.load_catalog(&object(ITEMS)));
    must(&till.book(&object("{version: 4, checked_at: 1772366400000}")));
    till
}

fn decide(till: &mut Till, command: &str) -> JsValue {
    till.decide(&object(command), &object(CLOCK))
}

/// Decides and commits; what was decided.
#[track_caller]
fn does(till: &mut Till, command: &str) -> JsValue {
    let decided = must(&decide(till, command));
    must(&till.commit(&words(&decided, "hash")));
    decided
}

const SALE: &str =
    r#"{sell: {cashier: "ana", lines: [{sku: "MUG", quantity: "2"}], tenders: [{kind: "cash", amount: 2000}]}}"#;

#[wasm_bindgen_test]
fn a_day_at_a_till() {
    let mut till = opened();
    assert_eq!(refusal(&decide(&mut till, SALE)), r#"{"code":"no_shift"}"#);
    does(&mut till, r#"{open_shift: {cashier: "ana", float: 10000}}"#);
    let sale = does(&mut till, SALE);
    assert_eq!((words(&sale, "receipt"), words(&sale, "key")), ("S042-T03-000007".into(), "pos:till-3:1:2".into()));
    assert_eq!((member(&sale, "total"), member(&sale, "change")), (JsValue::from(1598), JsValue::from(400)));
    let entry = words(&sale, "entry");
    let refund = format!(
        r#"{{refund: {{cashier: "ana", approver: "bea", sale: {entry:?}, reason: "chipped",
            lines: [{{line: 1, sku: "MUG", quantity: "1", disposition: "restock"}}], tenders: [{{kind: "card", amount: 799}}]}}}}"#
    );
    assert_eq!(words(&does(&mut till, &refund), "receipt"), "S042-T03-000008");
    does(&mut till, r#"{pay_out: {cashier: "ana", approver: "bea", amount: 500, reason: "bread"}}"#);
    does(
        &mut till,
        r#"{request: {cashier: "ana", order: {channel: "pos", ship_to: {country: "ES"}, currency: "EUR",
        lines: [{sku: "SOFA", quantity: "1"}]}, tenders: [{kind: "card", amount: 900}]}}"#,
    );
    does(&mut till, r#"{count: {cashier: "ana", lines: [{sku: "TEA", counted: "1.5"}]}}"#);
    does(&mut till, r#"{surrender: {recall: [{sku: "MUG", quantity: "9"}]}}"#);
    does(&mut till, r#"{close_shift: {cashier: "ana", counted: 11100}}"#);
    let report = must(&till.report());
    assert_eq!((member(&report, "expected"), member(&report, "difference")), (JsValue::from(11_100), JsValue::from(0)));
    assert_eq!(words(&report, "kind"), "z");
    let paper = must(&till.report_receipt(&object(r#"{columns: 32, language: "pt"}"#)));
    assert!(json(&paper).contains("Diferença"), "{}", json(&paper));
}

#[wasm_bindgen_test]
fn a_till_is_where_its_journal_leaves_it() {
    let mut till = opened();
    let mut entries = Vec::new();
    let mut snapshot = JsValue::NULL;
    for round in 0..35 {
        let command = match round {
            0 => r#"{open_shift: {cashier: "ana", float: 10000}}"#,
            1 => SALE,
            _ => r#"{open_drawer: {cashier: "ana", reason: "coins"}}"#,
        };
        let decided = does(&mut till, command);
        entries.push(words(&decided, "entry"));
        if !member(&decided, "snapshot").is_null() {
            snapshot = member(&decided, "snapshot");
        }
    }
    let list = entries.iter().map(|entry| JsValue::from(entry.as_str())).collect::<js_sys::Array>();
    let again = |snapshot: &JsValue, entries: &js_sys::Array| {
        let opening = object(OPENING);
        Reflect::set(&opening, &"snapshot".into(), snapshot).unwrap();
        Reflect::set(&opening, &"entries".into(), entries).unwrap();
        let mut again = Till::new();
        let answer = again.open(&opening, &object(CLOCK));
        (again, answer)
    };
    let stands = |till: &Till| {
        let view = must(&till.view(&object(CLOCK)));
        ["seq", "head", "next_receipt", "shift"].map(|name| json(&member(&view, name)))
    };
    let (replayed, answer) = again(&JsValue::NULL, &list);
    must(&answer);
    assert_eq!(stands(&replayed), stands(&till));
    let (resumed, answer) = again(&snapshot, &list);
    must(&answer);
    assert_eq!(stands(&resumed), stands(&till));
    assert_eq!(json(&must(&resumed.report())), json(&must(&till.report())));
    // A journal with a hole in it is no journal.
    let (_, answer) = again(&JsValue::NULL, &list.slice(1, 4));
    assert_eq!(refused(&answer), ["/entries broken_journal"]);
}

#[wasm_bindgen_test]
fn nothing_happens_before_it_is_written() {
    let mut till = opened();
    let first = must(&decide(&mut till, r#"{open_shift: {cashier: "ana", float: 1}}"#));
    let second = must(&decide(&mut till, r#"{open_shift: {cashier: "bea", float: 2}}"#));
    assert_eq!(member(&must(&till.view(&object(CLOCK))), "seq"), JsValue::from(0));
    assert!(refused(&till.commit(&words(&first, "hash"))).is_empty(), "it was decided anew since");
    must(&till.commit(&words(&second, "hash")));
    assert_eq!(member(&must(&till.view(&object(CLOCK))), "seq"), JsValue::from(1));
    assert!(refused(&till.commit(&words(&second, "hash"))).is_empty(), "once");
    // What is signed is the text of the entry, whose digest is its hash.
    let bytes: Uint8Array = member(&second, "bytes").dyn_into().unwrap();
    assert_eq!(bytes.to_vec(), words(&second, "entry").into_bytes());
    assert_eq!(Digest::of(&bytes.to_vec()).to_string(), words(&second, "hash"));
}

#[wasm_bindgen_test]
fn goods_are_found_and_scanned() {
    let mut till = opened();
    let found = |till: &mut Till, text: &str| {
        let hits: js_sys::Array = must(&till.search(&object(&format!("{{text: {text:?}}}")))).dyn_into().unwrap();
        hits.iter().map(|hit| words(&hit, "sku")).collect::<Vec<_>>()
    };
    assert_eq!(found(&mut till, "CAFE taz"), ["MUG"]);
    assert_eq!(found(&mut till, "t"), ["TEA", "MUG"]);
    assert_eq!(found(&mut till, "erde"), ["TEA"]);
    assert_eq!(found(&mut till, "56012"), ["MUG"]);
    assert_eq!(found(&mut till, "cocina x"), Vec::<String>::new());
    let scanned = |code: &str| json(&must(&till.scan(code)));
    assert!(scanned("5601234567898").contains(r#""available":"12.5""#), "{}", scanned("5601234567898"));
    assert!(scanned("2100001007508").contains(r#""quantity":"0.75""#), "{}", scanned("2100001007508"));
    assert_eq!(scanned("nothing"), r#"{"code":"nothing","kind":"unknown"}"#);
    assert_eq!(json(&must(&till.categories())), r#"[{"items":2,"name":"Cocina"}]"#);
    let again = must(&till.load_catalog(&object(ITEMS)));
    assert_eq!(member(&again, "items"), JsValue::from(2));
    assert!(json(&member(&again, "left_out")).contains(r#""index":2"#), "{}", json(&again));
}

#[wasm_bindgen_test]
fn a_cart_is_priced_and_says_what_is_missing() {
    let till = opened();
    let cart = |cart: &str| must(&till.price(&object(cart), &object(CLOCK)));
    let priced =
        cart(r#"{cashier: "ana", lines: [{sku: "MUG", quantity: "3", discount: {percent: "10", reason: "club"}}]}"#);
    assert_eq!((member(&priced, "total"), member(&priced, "discount")), (JsValue::from(2157), JsValue::from(240)));
    assert_eq!((member(&priced, "due"), member(&priced, "due_in_cash")), (JsValue::from(2157), JsValue::from(2155)));
    let refusals = json(&member(&priced, "refusals"));
    for code in ["discount_too_high", "no_rights", "too_little"] {
        assert!(refusals.contains(code), "{refusals}");
    }
    let odd = object(r#"{cashier: "ana", lines: [{sku: "MUG", quantity: 3}]}"#);
    assert_eq!(refused(&till.price(&odd, &object(CLOCK))), ["/lines/0/quantity wrong_type"]);
    let odd = object(r#"{cashier: "ana", lines: [{sku: "MUG", quantity: "3", total: 1}]}"#);
    assert_eq!(refused(&till.price(&odd, &object(CLOCK))), ["/lines/0/total unknown_field"]);
}

#[wasm_bindgen_test]
fn a_receipt_has_equal_lines_a_code_and_bytes() {
    let mut till = opened();
    does(&mut till, r#"{open_shift: {cashier: "ana", float: 10000}}"#);
    let sale = does(&mut till, SALE);
    for (columns, language) in [(32, "es"), (48, "en"), (32, "pt")] {
        let options = object(&format!("{{columns: {columns}, language: {language:?}, drawer: true}}"));
        let receipt = must(&till.receipt(&words(&sale, "entry"), &words(&sale, "hash"), &options));
        let lines: js_sys::Array = member(&receipt, "lines").dyn_into().unwrap();
        assert!(lines.iter().all(|line| words(&line, "text").chars().count() == columns));
        let escpos: Uint8Array = member(&receipt, "escpos").dyn_into().unwrap();
        assert!(escpos.to_vec().starts_with(&[0x1B, b'@', 0x1B, b't', 16]));
        let mark = words(&receipt, "qr");
        assert!(mark.starts_with("EST1*ord_") && mark.ends_with("*1598"), "{mark}");
        assert!(json(&must(&till.scan(&mark))).contains(r#""kind":"receipt""#));
        let code = must(&till.qr(&mark));
        let modules: Uint8Array = member(&code, "modules").dyn_into().unwrap();
        let size = member(&code, "size").as_f64().unwrap();
        assert_eq!(JsValue::from(modules.length()), JsValue::from(size * size));
    }
    assert!(refused(&till.qr(&"x".repeat(214))).len() == 1);
}

#[wasm_bindgen_test]
fn a_till_that_is_not_open_or_is_handed_nonsense_does_not_throw() {
    let mut till = Till::new();
    for source in ["undefined", "null", "[]", "{}", "'x'", "1", "10n", "{sell: {}}", "{sell: 1}", "{a: 1, b: 2}"] {
        let odd = object(source);
        assert_eq!(member(&till.open(&odd, &odd), "ok"), JsValue::FALSE, "{source}");
        let mut open = opened();
        for answer in [
            till.price(&odd, &odd),
            till.decide(&odd, &odd),
            open.settings(&odd),
            open.price(&odd, &object(CLOCK)),
            open.price_refund(&odd, &object(CLOCK)),
            open.decide(&odd, &object(CLOCK)),
            open.receipt("{}", "x", &odd),
        ] {
            assert_eq!(member(&answer, "ok"), JsValue::FALSE, "{source}: {}", JSON::stringify(&answer).unwrap());
        }
    }
    assert!(!till.identify("ana", "1234"));
    let open = opened();
    assert!(open.identify("bea", "") && !open.identify("ana", "1234") && !open.identify("eve", ""));
}
