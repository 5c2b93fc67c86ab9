use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;

use super::{Step, Unread, read};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Box {
    name: String,
    #[serde(default)]
    weight: Option<f64>,
    holds: BTreeMap<u64, Vec<Thing>>,
}

#[derive(Debug, PartialEq, Deserialize)]
enum Thing {
    Air,
    Bottle(i32),
    Pair(u8, u8),
    Book { pages: u32 },
}

/// The words and the place of what does not fit.
fn misfit(json: &str) -> (String, Vec<String>) {
    let Err(Unread::Misfit(mismatch)) = read::<Box>(json.as_bytes()) else { panic!("{json} fits, or is no JSON") };
    let step = |step: &Step| match step {
        Step::Element(index) => index.to_string(),
        Step::Member(name) => name.clone(),
    };
    (mismatch.to_string(), mismatch.path().map(step).collect())
}

#[test]
fn every_kind_of_value_is_read() {
    let json = r#"{"name":"a\n\u00e9","weight":2,"holds":{"7":["Air",{"Bottle":-3},{"Pair":[1,2]},{"Book":{"pages":9}}],"8":[]}}"#;
    let expected = Box {
        name: "a\né".into(),
        weight: Some(2.0),
        holds: [
            (7, [Thing::Air, Thing::Bottle(-3), Thing::Pair(1, 2), Thing::Book { pages: 9 }].into()),
            (8, Vec::new()),
        ]
        .into(),
    };
    assert_eq!(read::<Box>(json.as_bytes()).unwrap(), expected);
    assert_eq!(serde_json::from_str::<Box>(json).unwrap(), expected);
}

#[test]
fn what_does_not_fit_says_where() {
    let path = |steps: &[&str]| steps.iter().map(|step| (*step).to_string()).collect::<Vec<_>>();
    assert_eq!(misfit(r#"{"name":1,"holds":{}}"#).1, path(&["name"]));
    assert_eq!(misfit(r#"{"name":"a","holds":{"7":[{"Bottle":"x"}]}}"#).1, path(&["holds", "7", "0", "Bottle"]));
    assert_eq!(misfit(r#"{"name":"a","holds":{"x":[]}}"#).1, path(&["holds", "x"]));
    assert_eq!(
        misfit(r#"{"name":"a","holds":{},"else":1}"#),
        ("unknown field `else`, expected one of `name`, `weight`, `holds`".into(), path(&[]))
    );
    assert_eq!(misfit(r#"{"name":"a"}"#), ("missing field `holds`".into(), path(&[])));
    assert_eq!(misfit(r#"{"name":"a","name":"b","holds":{}}"#), ("duplicate field `name`".into(), path(&[])));
    assert_eq!(misfit(r#"["a",1,{}]"#).1, path(&[]));
    assert_eq!(misfit(r#"{"name":"a","holds":{"7":["Air",{"Pair":[1]}]}}"#).1, path(&["holds", "7", "1", "Pair"]));
    assert_eq!(
        misfit(r#"{"name":"a","holds":{"7":["Air",{"Pair":[1,"x"]}]}}"#).1,
        path(&["holds", "7", "1", "Pair", "1"])
    );
}

#[test]
fn what_is_no_json_is_malformed() {
    for json in ["", "{", r#"{"name":"a","holds":{}} x"#, &"[".repeat(200)] {
        assert!(matches!(read::<Box>(json.as_bytes()), Err(Unread::Malformed(_))), "{json}");
    }
}
