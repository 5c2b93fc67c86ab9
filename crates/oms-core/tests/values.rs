//! Values are parsed once: what they take, what they refuse and how they are spelled.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test may crash")]

use core::fmt::{Debug, Display};
use core::str::FromStr;

use oms_core::value::{
    Amount, CartId, Channel, Country, Currency, Delta, Digest, Label, LocationId, Malformed, Money, OrderId, Position,
    Quantity, ReturnId, Sku, Slot, Timestamp, Topology,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

#[track_caller]
fn parses<T: FromStr<Err = Malformed> + Display>(text: &str) -> T {
    let value: T = text.parse().unwrap();
    assert_eq!(value.to_string(), text, "one spelling");
    value
}

#[track_caller]
fn refused<T: FromStr<Err = Malformed> + Debug>(problem: Malformed, texts: &[&str]) {
    for text in texts {
        assert_eq!(text.parse::<T>().unwrap_err(), problem, "{text:?}");
    }
}

#[track_caller]
fn crosses_as<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
    assert_eq!(serde_json::from_str::<T>(json).unwrap(), *value);
}

fn unreadable<T: DeserializeOwned>(json: &str) -> bool {
    serde_json::from_str::<T>(json).is_err()
}

#[test]
fn a_quantity_is_a_plain_decimal_of_three_places() {
    assert_eq!(parses::<Quantity>("6").thousandths(), 6000);
    assert_eq!(parses::<Quantity>("0.05").thousandths(), 50);
    assert_eq!(parses::<Quantity>("0"), Quantity::ZERO);
    assert_eq!(parses::<Quantity>("9007199254740.991"), Quantity::MAX);
    assert_eq!("1.250".parse::<Quantity>().unwrap().to_string(), "1.25");
    assert_eq!("1.000".parse::<Quantity>().unwrap(), Quantity::ONE);
    refused::<Quantity>(Malformed::Empty, &[""]);
    refused::<Quantity>(Malformed::Character, &["-1", "+1", " 1", "1 ", "1e3", "1,5", "0x1", "٣", "NaN"]);
    refused::<Quantity>(Malformed::Shape, &[".", "1.", ".5", "1.2.3", "1..2", "01", "00"]);
    refused::<Quantity>(Malformed::TooPrecise, &["0.0001", "1.0000"]);
    refused::<Quantity>(Malformed::OutOfRange, &["9007199254740.992", "99999999999999999999999999999999"]);
}

#[test]
fn quantities_stay_within_their_bounds() {
    assert_eq!(Quantity::MAX.checked_add(Quantity::ONE), None);
    assert_eq!(Quantity::MAX.saturating_add(Quantity::ONE), Quantity::MAX);
    assert_eq!(Quantity::ZERO.checked_sub(Quantity::ONE), None);
    assert_eq!(Quantity::ZERO.saturating_sub(Quantity::ONE), Quantity::ZERO);
    assert_eq!([Quantity::MAX, Quantity::ONE].iter().sum::<Quantity>(), Quantity::MAX);
    assert_eq!(Quantity::from_units(u64::MAX), None);
    assert_eq!(Quantity::from_thousandths(1 << 53), None);
    crosses_as(&Quantity::ONE, "1000");
    assert!(unreadable::<Quantity>("-1") && unreadable::<Quantity>("9007199254740992"));
    assert!(unreadable::<Quantity>("1.5") && unreadable::<Quantity>("\"1\""));
}

#[test]
fn a_delta_has_a_direction() {
    assert_eq!(parses::<Delta>("-3").magnitude(), Quantity::from_units(3).unwrap());
    assert!(parses::<Delta>("-0.001").is_negative());
    assert!(!parses::<Delta>("12.5").is_negative());
    assert_eq!("-0".parse::<Delta>().unwrap().to_string(), "0");
    refused::<Delta>(Malformed::Character, &["--1", "+1", "- 1"]);
    refused::<Delta>(Malformed::Empty, &["", "-"]);
    crosses_as(&parses::<Delta>("-9007199254740.991"), "-9007199254740991");
    assert!(unreadable::<Delta>("-9007199254740992"));
    assert_eq!(Delta::from(Quantity::MAX).negated().magnitude(), Quantity::MAX);
}

#[test]
fn an_amount_stays_within_plus_and_minus_its_bound() {
    assert_eq!(Amount::new(1 << 53), None);
    assert_eq!(Amount::new(i64::MIN), None);
    assert_eq!(Amount::MAX.checked_neg(), Some(Amount::MIN));
    assert_eq!(Amount::MAX.checked_add(Amount::MAX), None);
    assert_eq!(Amount::MIN.checked_sub(Amount::MAX), None);
    assert_eq!(Amount::MIN.saturating_add(Amount::MIN), Amount::MIN);
    assert_eq!(Amount::MAX.saturating_add(Amount::MAX), Amount::MAX);
    assert_eq!([Amount::MAX, Amount::MIN].iter().sum::<Amount>(), Amount::ZERO);
    assert!(unreadable::<Amount>("2.5") && unreadable::<Amount>("9007199254740992"));
}

#[test]
fn a_currency_is_on_the_list_and_knows_its_minor_unit() {
    let exponent = |code: &str| parses::<Currency>(code).exponent();
    assert_eq!([exponent("GBP"), exponent("JPY"), exponent("KWD"), exponent("CLF")], [2, 0, 3, 4]);
    assert_eq!([exponent("AED"), exponent("ZWG"), exponent("BIF"), exponent("XPF")], [2, 2, 0, 0]);
    refused::<Currency>(Malformed::Unknown, &["XXX", "XAU", "DEM", "ABC"]);
    refused::<Currency>(Malformed::Character, &["gbp", "G P", "G1P", "€"]);
    refused::<Currency>(Malformed::Shape, &["GB", "GBPX", "££"]);
    refused::<Currency>(Malformed::Empty, &[""]);
    crosses_as(&Money::new(Amount::new(255).unwrap(), parses("GBP")), r#"{"amount":255,"currency":"GBP"}"#);
    assert!(unreadable::<Money>(r#"{"amount":255,"currency":"GBP","x":1}"#));
}

#[test]
fn codes_have_their_alphabet_and_length() {
    parses::<Sku>("85123A");
    parses::<Sku>("BANK CHARGES");
    parses::<Sku>(&"x".repeat(64));
    refused::<Sku>(Malformed::Empty, &[""]);
    refused::<Sku>(Malformed::TooLong, &["x".repeat(65).as_str()]);
    refused::<Sku>(Malformed::Character, &["a,b", "a/b", "a\"b", "a'b", "a\\b", "a\tb", "é", "a\nb"]);
    refused::<Sku>(Malformed::Shape, &[" a", "a ", "a  b", " "]);
    parses::<LocationId>("london-dc_1");
    refused::<LocationId>(Malformed::Character, &["London", "a b", "a.b", "ü"]);
    refused::<LocationId>(Malformed::TooLong, &["x".repeat(33).as_str()]);
    parses::<Channel>("web");
    parses::<CartId>("Cart_1-a");
    refused::<CartId>(Malformed::Character, &["a b", "a:b"]);
    parses::<Country>("GB");
    refused::<Country>(Malformed::Character, &["gb", "G1"]);
    refused::<Country>(Malformed::Shape, &["GBR", "G"]);
    crosses_as(&parses::<Sku>("BANK CHARGES"), r#""BANK CHARGES""#);
    assert!(unreadable::<Sku>(r#""a,b""#) && unreadable::<Sku>("1"));
}

#[test]
fn a_label_is_any_printable_text() {
    assert_eq!("  WHITE HANGING HEART  ".parse::<Label>().unwrap().as_str(), "WHITE HANGING HEART");
    parses::<Label>("Señor García, 3/4\" «Öl» 茶 🫖");
    parses::<Label>(&"é".repeat(200));
    refused::<Label>(Malformed::TooLong, &["é".repeat(201).as_str()]);
    refused::<Label>(Malformed::Empty, &["", " \t "]);
    refused::<Label>(Malformed::Character, &["a\nb", "a\u{0}b", "a\u{2028}b", "a\u{7f}b"]);
}

#[test]
fn a_slot_is_the_first_byte_of_a_hash() {
    // SHA-256 of the empty text begins e3b0c442.
    assert_eq!(Slot::of_bytes(b"").to_string(), "e3");
    assert_eq!(Digest::of(b"abc").to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(Digest::of(b"abc").short(), *Digest::of(b"abc").as_bytes().first_chunk().unwrap());
    crosses_as(&Slot::new(7), r#""07""#);
    refused::<Slot>(Malformed::Character, &["0G", "0A"]);
    refused::<Digest>(Malformed::Shape, &["ab"]);
    assert_eq!(Slot::new(0xe3).object(Topology::default()), 0);
    assert_eq!(Slot::new(0xe3).object(Topology::new(16).unwrap()), 3);
    assert_eq!(Slot::new(0xe3).object(Topology::new(256).unwrap()), 0xe3);
    for objects in 0..=u16::MAX {
        let allowed = [1, 2, 4, 8, 16, 32, 64, 128, 256].contains(&objects);
        assert_eq!(Topology::new(objects).is_some(), allowed, "{objects}");
    }
}

#[test]
fn an_order_id_has_one_spelling_and_sorts_by_time() {
    let text = "ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV";
    let id = parses::<OrderId>(text);
    assert_eq!((id.slot(), id.time().to_string().as_str()), (Slot::new(0x3f), "2016-07-30T23:54:10.259Z"));
    crosses_as(&id, &format!("{text:?}"));
    assert_eq!(OrderId::new(id.slot(), id.time(), id.ulid()), id);
    let later = OrderId::new(Slot::new(0), Timestamp::from_millis(id.time().millis() + 1).unwrap(), 0);
    assert!(later > id && later.to_string() < id.to_string());
    refused::<OrderId>(
        Malformed::Shape,
        &["ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV", "ord_3f", "ord_", "ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAVX"],
    );
    refused::<OrderId>(
        Malformed::Character,
        &["ord_3F01ARZ3NDEKTSV4RRFFQ69G5FAV", "ord_3f01arz3ndektsv4rrffq69g5fav", "ord_3fU1ARZ3NDEKTSV4RRFFQ69G5FAV"],
    );
    refused::<OrderId>(Malformed::Character, &["ord_3f81ARZ3NDEKTSV4RRFFQ69G5FAV"]);
    refused::<OrderId>(Malformed::OutOfRange, &["ord_3f7ZZZZZZZZZZZZZZZZZZZZZZZZZ"]);
    assert!("ord_é01ARZ3NDEKTSV4RRFFQ69G5FAV".parse::<OrderId>().is_err());
    let returned = parses::<ReturnId>("ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV-12");
    assert_eq!(returned, ReturnId::new(id, 12));
    refused::<ReturnId>(
        Malformed::Shape,
        &[
            "ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV-",
            "ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV-01",
        ],
    );
    refused::<ReturnId>(Malformed::Character, &["ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV-+1"]);
    refused::<ReturnId>(Malformed::OutOfRange, &["ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV-4294967296"]);
}

#[test]
fn a_timestamp_reads_any_offset_and_writes_utc() {
    let shown = |text: &str| text.parse::<Timestamp>().unwrap().to_string();
    assert_eq!(shown("2010-12-01T08:26:00Z"), "2010-12-01T08:26:00.000Z");
    assert_eq!(shown("2010-12-01t09:26:00.5+01:00"), "2010-12-01T08:26:00.500Z");
    assert_eq!(shown("2010-12-01T04:26:00.123999999-04:00"), "2010-12-01T08:26:00.123Z");
    assert_eq!(parses::<Timestamp>("9999-12-31T23:59:59.999Z"), Timestamp::MAX);
    assert_eq!(parses::<Timestamp>("1970-01-01T00:00:00.000Z"), Timestamp::EPOCH);
    refused::<Timestamp>(
        Malformed::OutOfRange,
        &["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"],
    );
    refused::<Timestamp>(
        Malformed::OutOfRange,
        &["2011-02-29T00:00:00Z", "2010-13-01T00:00:00Z", "2010-00-01T00:00:00Z", "2010-04-31T00:00:00Z"],
    );
    refused::<Timestamp>(
        Malformed::OutOfRange,
        &["2010-12-01T24:00:00Z", "2010-12-01T08:60:00Z", "2016-12-31T23:59:60Z", "2010-12-01T08:26:00+24:00"],
    );
    refused::<Timestamp>(
        Malformed::Shape,
        &[
            "2010-12-01",
            "2010-12-01 08:26:00Z",
            "2010-12-01T08:26:00",
            "2010-12-01T08:26Z",
            "2010-12-01T08:26:00.Z",
            "2010-12-01T08:26:00.1234567890Z",
            "2010-12-01T08:26:00+0100",
            "2010-12-01T08:26:00ZZ",
            "20101201T082600Z",
        ],
    );
    crosses_as(&Timestamp::MAX, "253402300799999");
    assert!(unreadable::<Timestamp>("-1") && unreadable::<Timestamp>("253402300800000"));
    assert_eq!(Timestamp::EPOCH.saturating_add_millis(i64::MIN), Timestamp::EPOCH);
    assert_eq!(Timestamp::MAX.saturating_add_millis(i64::MAX), Timestamp::MAX);
}

#[test]
fn distances_are_those_of_the_globe() {
    let london = Position::from_degrees(51.50853, -0.12574).unwrap();
    let manchester = Position::from_degrees(53.48095, -2.23743).unwrap();
    let far = |a: &Position, b: &Position| a.distance_meters(b);
    assert_eq!(far(&london, &manchester), far(&manchester, &london));
    assert!((261_000..264_000).contains(&far(&london, &manchester)), "{}", far(&london, &manchester));
    assert_eq!(far(&london, &london), 0);
    let (east, west) = (Position::new(0, 180_000_000).unwrap(), Position::new(0, -180_000_000).unwrap());
    assert_eq!(far(&east, &west), 0);
    assert_eq!(far(&Position::new(90_000_000, 0).unwrap(), &Position::new(-90_000_000, 0).unwrap()), 20_015_114);
    assert_eq!(Position::new(90_000_001, 0), None);
    assert_eq!(Position::from_degrees(f64::NAN, 0.0), None);
    assert_eq!(Position::from_degrees(0.0, 1e300), None);
    crosses_as(&london, r#"{"lat_micro":51508530,"lon_micro":-125740}"#);
    assert!(unreadable::<Position>(r#"{"lat_micro":90000001,"lon_micro":0}"#));
}

proptest! {
    #[test]
    fn every_quantity_reads_back_as_it_is_shown(thousandths in 0..=Quantity::MAX.thousandths()) {
        let quantity = Quantity::from_thousandths(thousandths).unwrap();
        let text = quantity.to_string();
        prop_assert_eq!(text.parse::<Quantity>().unwrap(), quantity);
        prop_assert!(!text.contains('.') || !text.ends_with('0'));
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in ".{0,40}") {
        let _ = (text.parse::<Quantity>(), text.parse::<Delta>(), text.parse::<Timestamp>(), text.parse::<OrderId>());
        let _ = (text.parse::<ReturnId>(), text.parse::<Sku>(), text.parse::<Label>(), text.parse::<Currency>());
    }

    #[test]
    fn what_looks_like_an_id_or_a_time_never_makes_a_parser_panic(
        id in "(ord|ret)_[0-9a-f]{2}[0-9A-Z]{26}(-[0-9]{1,12})?",
        time in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,10})?(Z|[+-][0-2][0-9]:[0-5][0-9])",
    ) {
        if let Ok(order) = id.parse::<OrderId>() { prop_assert_eq!(order.to_string(), id.clone()) }
        if let Ok(returned) = id.parse::<ReturnId>() { prop_assert_eq!(returned.to_string(), id) }
        let ours = time.parse::<Timestamp>().ok().map(Timestamp::millis);
        let theirs = time.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
        // jiff reads a leap second as the second before it, and moments before 1970.
        if !time.contains(":60") && theirs.is_none_or(|millis| millis >= 0) && ours.is_some() {
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn times_are_those_of_the_calendar(millis in 0..=Timestamp::MAX.millis()) {
        let ours = Timestamp::from_millis(millis).unwrap();
        if let Ok(theirs) = jiff::Timestamp::from_millisecond(millis) {
            prop_assert_eq!(ours.to_string(), format!("{theirs:.3}"));
        }
        prop_assert_eq!(ours.to_string().parse::<Timestamp>().unwrap(), ours);
    }

    #[test]
    fn an_order_id_keeps_its_parts(slot: u8, millis in 0..=Timestamp::MAX.millis(), random: u128) {
        let (slot, time) = (Slot::new(slot), Timestamp::from_millis(millis).unwrap());
        let id = OrderId::new(slot, time, random);
        prop_assert_eq!((id.slot(), id.time(), id.ulid() & ((1 << 80) - 1)), (slot, time, random & ((1 << 80) - 1)));
        prop_assert_eq!(id.to_string().parse::<OrderId>().unwrap(), id);
    }
}
