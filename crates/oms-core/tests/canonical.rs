//! Canonical JSON: one spelling, integers only.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test may crash")]
extern crate alloc;

use alloc::collections::BTreeMap;

use oms_core::canonical::{self, NotCanonical};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

fn text<T: Serialize + ?Sized>(value: &T) -> String {
    String::from_utf8(canonical::to_bytes(value).unwrap()).unwrap()
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Unit,
    Newtype(u8),
    Tuple(u8, char),
    Struct { b: Option<u8>, a: () },
}

#[test]
fn keys_are_sorted_and_nothing_is_spaced() {
    assert_eq!(text(&json!({"b": [1, {"z": null, "a": true}], "a": "x"})), r#"{"a":"x","b":[1,{"a":true,"z":null}]}"#);
    assert_eq!(text(&json!({})), "{}");
    assert_eq!(text(&json!([])), "[]");
}

#[test]
fn keys_are_sorted_by_utf_16_as_the_standard_says() {
    // The example of RFC 8785, section 3.2.3: U+1F600 (a surrogate pair) comes before U+FB33.
    let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
    assert_eq!(
        text(&value),
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
    );
}

#[test]
fn strings_are_escaped_as_ecmascript_does() {
    assert_eq!(text("\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{7f}"), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\"");
    assert_eq!(text("\u{8}\t\u{c}\r\u{0}"), r#""\b\t\f\r\u0000""#);
}

#[test]
fn every_kind_of_enum_variant_is_written() {
    let all = [Shape::Unit, Shape::Newtype(1), Shape::Tuple(2, 'é'), Shape::Struct { b: Some(3), a: () }];
    assert_eq!(text(&all), r#"["unit",{"newtype":1},{"tuple":[2,"é"]},{"struct":{"a":null,"b":3}}]"#);
}

#[test]
fn integer_keys_are_strings_and_sort_as_such() {
    assert_eq!(text(&BTreeMap::from([(2_u32, 'b'), (10, 'a')])), r#"{"10":"a","2":"b"}"#);
}

#[test]
fn what_has_no_sure_spelling_is_refused() {
    let refused =
        |value: &dyn erased::Value, problem: NotCanonical| assert_eq!(value.canonical().unwrap_err(), problem);
    refused(&1.5_f64, NotCanonical::Float);
    refused(&f64::NAN, NotCanonical::Float);
    refused(&1.0_f32, NotCanonical::Float);
    refused(&(1_u64 << 53), NotCanonical::LargeInteger);
    refused(&-(1_i64 << 53), NotCanonical::LargeInteger);
    refused(&u128::MAX, NotCanonical::LargeInteger);
    refused(&BTreeMap::from([(true, 1)]), NotCanonical::Key);
    refused(&BTreeMap::from([((), 1)]), NotCanonical::Key);
    refused(&Twice, NotCanonical::RepeatedKey("a".to_owned()));
    assert_eq!(text(&((1_i64 << 53) - 1)), "9007199254740991");
    assert_eq!(text(&(1 - (1_i64 << 53))), "-9007199254740991");
}

/// A map that says the same key twice.
struct Twice;

impl Serialize for Twice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("a", 1), ("a", 2)])
    }
}

mod erased {
    use super::{NotCanonical, Serialize, canonical};

    pub(super) trait Value {
        fn canonical(&self) -> Result<Vec<u8>, NotCanonical>;
    }

    impl<T: Serialize> Value for T {
        fn canonical(&self) -> Result<Vec<u8>, NotCanonical> {
            canonical::to_bytes(self)
        }
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}", inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_json_is_json_and_stays_as_it_is(value in any_value()) {
        let bytes = canonical::to_bytes(&value).unwrap();
        let read: Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(canonical::to_bytes(&read).unwrap(), bytes);
    }
}
