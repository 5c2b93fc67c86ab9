//! What things cost: every sum is exact and every rounding is half to even.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may crash")]

use oms_core::price::{
    Ask, LineTotal, NoQuote, Overflow, PriceBook, PriceEntry, Quote, Rate, TaxClass, TaxMode, TaxRate, TaxTable, line,
    quote, spread, totals,
};
use oms_core::value::{Amount, Country, Malformed, Quantity};
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

fn minor(minor: i64) -> Amount {
    Amount::new(minor).unwrap()
}

/// `(net, tax, total)` of a line.
fn cost(quantity: &str, unit: i64, percent: &str, mode: TaxMode) -> (i64, i64, i64) {
    let line = line(quantity.parse().unwrap(), minor(unit), percent.parse().unwrap(), mode).unwrap();
    (line.net.minor(), line.tax.minor(), line.total.minor())
}

#[test]
fn tax_comes_on_top_of_net_prices() {
    assert_eq!(cost("2", 255, "20", TaxMode::Exclusive), (510, 102, 612));
    assert_eq!(cost("1", 1999, "5.5", TaxMode::Exclusive), (1999, 110, 2109));
    assert_eq!(cost("3", 333, "0", TaxMode::Exclusive), (999, 0, 999));
}

#[test]
fn tax_is_a_part_of_gross_prices() {
    assert_eq!(cost("1", 1200, "20", TaxMode::Inclusive), (1000, 200, 1200));
    assert_eq!(cost("2", 255, "20", TaxMode::Inclusive), (425, 85, 510));
    assert_eq!(cost("1", 100, "7", TaxMode::Inclusive), (93, 7, 100));
    assert_eq!(cost("1", 100, "0", TaxMode::Inclusive), (100, 0, 100));
}

#[test]
fn half_a_minor_unit_goes_to_the_even_neighbor() {
    assert_eq!(cost("0.5", 1, "0", TaxMode::Exclusive).0, 0);
    assert_eq!(cost("1.5", 1, "0", TaxMode::Exclusive).0, 2);
    assert_eq!(cost("2.5", 1, "0", TaxMode::Exclusive).0, 2);
    assert_eq!(cost("2.501", 1, "0", TaxMode::Exclusive).0, 3);
    assert_eq!(cost("2.5", -1, "0", TaxMode::Exclusive).0, -2);
    assert_eq!(cost("1", 10, "5", TaxMode::Exclusive).1, 0);
    assert_eq!(cost("1", 30, "5", TaxMode::Exclusive).1, 2);
}

#[test]
fn a_negative_price_mirrors_a_positive_one() {
    assert_eq!(cost("3", -333, "20", TaxMode::Exclusive), (-999, -200, -1199));
    assert_eq!(cost("3", -333, "20", TaxMode::Inclusive), (-833, -166, -999));
}

#[test]
fn an_amount_beyond_the_bounds_is_refused() {
    let highest = "1000".parse::<Rate>().unwrap();
    assert_eq!(line(Quantity::MAX, Amount::MAX, highest, TaxMode::Exclusive), Err(Overflow));
    assert_eq!(line(Quantity::ONE, Amount::MAX, highest, TaxMode::Exclusive), Err(Overflow));
    assert_eq!(line(Quantity::ONE, Amount::MIN, highest, TaxMode::Inclusive).unwrap().total, Amount::MIN);
    let one = line(Quantity::ONE, Amount::MAX, Rate::ZERO, TaxMode::Exclusive).unwrap();
    assert_eq!(totals(&[one, one]), Err(Overflow));
    assert_eq!(totals(&[]).unwrap(), LineTotal::default());
}

#[test]
fn a_rate_is_written_in_percent() {
    for (text, millionths) in
        [("20", 200_000), ("5.5", 55_000), ("0", 0), ("0.0001", 1), ("8.875", 88_750), ("1000", 10_000_000)]
    {
        let rate: Rate = text.parse().unwrap();
        assert_eq!((rate.millionths(), rate.to_string().as_str()), (millionths, text));
    }
    assert_eq!("20.50".parse::<Rate>().unwrap().to_string(), "20.5");
    assert_eq!("1000.0001".parse::<Rate>(), Err(Malformed::OutOfRange));
    assert_eq!("99999999".parse::<Rate>(), Err(Malformed::OutOfRange));
    assert_eq!("1.00001".parse::<Rate>(), Err(Malformed::TooPrecise));
    assert_eq!("-1".parse::<Rate>(), Err(Malformed::Character));
}

#[test]
fn a_country_has_its_own_rate_or_that_of_everywhere_else() {
    let row = |country: Option<&str>, class: &str, rate: &str| TaxRate {
        country: country.map(|code| code.parse().unwrap()),
        class: class.parse().unwrap(),
        rate: rate.parse().unwrap(),
    };
    let rows = [row(None, "standard", "10"), row(Some("GB"), "standard", "20"), row(Some("GB"), "books", "0")];
    let table = TaxTable::new(1, TaxMode::Exclusive, rows);
    let rate = |country: &str, class: &str| {
        table.rate(country.parse::<Country>().unwrap(), &class.parse::<TaxClass>().unwrap()).to_string()
    };
    assert_eq!(rate("GB", "standard"), "20");
    assert_eq!(rate("FR", "standard"), "10");
    assert_eq!(rate("GB", "books"), "0");
    assert_eq!(rate("FR", "books"), "0");
    assert_eq!(rate("GB", "unheard-of"), "0");

    let json = r#"{"version":1,"mode":"exclusive","rates":[{"country":"GB","class":"books","rate":"0"},{"country":null,"class":"standard","rate":"10"},{"country":"GB","class":"standard","rate":"20"}]}"#;
    assert_eq!(serde_json::to_string(&table).unwrap(), json);
    assert_eq!(serde_json::from_str::<TaxTable>(json).unwrap(), table);
    let twice = json.replace("books", "standard");
    assert!(serde_json::from_str::<TaxTable>(&twice).is_err());
}

#[test]
fn a_price_book_is_plain_json() {
    let json =
        r#"{"version":7,"entries":{"85123A":{"version":2,"prices":{"EUR":299,"GBP":255},"tax_class":"standard"}}}"#;
    let book: PriceBook = serde_json::from_str(json).unwrap();
    let entry = book.entry(&"85123A".parse().unwrap()).unwrap();
    assert_eq!(entry.price("GBP".parse().unwrap()), Some(minor(255)));
    assert_eq!(entry.price("USD".parse().unwrap()), None);
    assert_eq!(serde_json::to_string(&book).unwrap(), json);
}

#[test]
fn a_spread_leaves_nothing_over() {
    let shares = |amount: i64, weights: &[u64]| {
        spread(minor(amount), weights).iter().map(|share| share.minor()).collect::<Vec<_>>()
    };
    assert_eq!(shares(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(shares(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(shares(10, &[1, 2, 3, 0]), [2, 3, 5, 0]);
    assert_eq!(shares(5, &[0, 0]), [3, 2]);
    assert_eq!(shares(5, &[]), [0_i64; 0]);
    assert_eq!(shares(Amount::MAX.minor(), &[u64::MAX, u64::MAX]).iter().sum::<i64>(), Amount::MAX.minor());
}

fn any_mode() -> impl Strategy<Value = TaxMode> {
    prop_oneof![Just(TaxMode::Inclusive), Just(TaxMode::Exclusive)]
}

fn half_even(exact: Decimal) -> i64 {
    i64::try_from(exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven)).unwrap()
}

proptest! {
    #[test]
    fn net_and_tax_are_the_total_or_there_is_no_line(
        thousandths in 0..=Quantity::MAX.thousandths(), unit in Amount::MIN.minor()..=Amount::MAX.minor(),
        millionths in 0_u32..=10_000_000, mode in any_mode(), shrink in 0_u32..50,
    ) {
        let (quantity, rate) = (Quantity::from_thousandths(thousandths >> shrink).unwrap(), Rate::from_millionths(millionths).unwrap());
        if let Ok(line) = line(quantity, minor(unit >> (50 - shrink)), rate, mode) {
            prop_assert_eq!(line.net.minor() + line.tax.minor(), line.total.minor());
        }
    }

    #[test]
    fn lines_are_those_of_decimal_arithmetic(
        thousandths in 0_u64..10_000_000, unit in -10_000_000_i64..10_000_000, millionths in 0_u32..=10_000_000, mode in any_mode(),
    ) {
        let rate = Decimal::new(millionths.into(), 6);
        let extended = half_even(Decimal::new(thousandths.try_into().unwrap(), 3) * Decimal::from(unit));
        let tax = match mode {
            TaxMode::Exclusive => half_even(Decimal::from(extended) * rate),
            TaxMode::Inclusive => half_even(Decimal::from(extended) * rate / (Decimal::ONE + rate)),
        };
        let line = line(Quantity::from_thousandths(thousandths).unwrap(), minor(unit), Rate::from_millionths(millionths).unwrap(), mode).unwrap();
        prop_assert_eq!(line.tax.minor(), tax);
        prop_assert_eq!(if mode == TaxMode::Inclusive { line.total } else { line.net }, minor(extended));
    }

    #[test]
    fn totals_are_the_sums_of_the_lines(units in prop::collection::vec((1_u64..100, -5000_i64..5000), 0..20), mode in any_mode()) {
        let rate = "20".parse().unwrap();
        let lines: Vec<LineTotal> = units.iter().map(|(quantity, unit)| line(Quantity::from_units(*quantity).unwrap(), minor(*unit), rate, mode).unwrap()).collect();
        let sums = totals(&lines).unwrap();
        prop_assert_eq!(sums.net.minor() + sums.tax.minor(), sums.total.minor());
        prop_assert_eq!(sums.tax, lines.iter().map(|line| line.tax).sum::<Amount>());
        prop_assert_eq!(sums.net, lines.iter().map(|line| line.net).sum::<Amount>());
    }

    #[test]
    fn shares_sum_to_the_amount_and_are_within_one_of_exact(
        amount in Amount::MIN.minor()..=Amount::MAX.minor(), weights in prop::collection::vec(any::<u64>(), 1..20), shift in 0_u32..64,
    ) {
        let weights: Vec<u64> = weights.iter().map(|weight| weight >> shift).collect();
        let shares = spread(minor(amount), &weights);
        prop_assert_eq!(shares.iter().map(|share| i128::from(share.minor())).sum::<i128>(), i128::from(amount));
        let sum: i128 = weights.iter().copied().map(i128::from).sum();
        for (share, weight) in shares.iter().zip(weights) {
            let off = i128::from(share.minor()) * sum - i128::from(amount) * i128::from(weight);
            prop_assert!(sum == 0 || off.abs() < sum);
        }
    }

    #[test]
    fn every_rate_reads_back_as_it_is_shown(millionths in 0_u32..=10_000_000) {
        let rate = Rate::from_millionths(millionths).unwrap();
        prop_assert_eq!(rate.to_string().parse::<Rate>().unwrap(), rate);
    }
}

fn page() -> PriceEntry {
    let prices = [("GBP".parse().unwrap(), minor(255))].into_iter().collect();
    PriceEntry { version: 4, prices, tax_class: TaxClass::standard() }
}

fn asked(quantity: &str, unit_price: Option<i64>, currency: &str) -> Result<Quote, NoQuote> {
    let country = "GB".parse().unwrap();
    let ask = Ask {
        quantity: quantity.parse().unwrap(),
        unit_price: unit_price.map(minor),
        currency: currency.parse().unwrap(),
        country,
    };
    let row = TaxRate { country: Some(country), class: TaxClass::standard(), rate: "20".parse().unwrap() };
    quote(&ask, &page(), &TaxTable::new(1, TaxMode::Exclusive, [row]))
}

#[test]
fn a_line_has_the_list_price_unless_the_channel_brings_its_own() {
    let listed = asked("2", None, "GBP").unwrap();
    assert_eq!((listed.unit_price, listed.list_version, listed.total.total), (minor(255), Some(4), minor(612)));
    let own = asked("2", Some(0), "USD").unwrap();
    assert_eq!((own.unit_price, own.list_version, own.total.total), (minor(0), None, minor(0)));
}

#[test]
fn a_line_without_goods_or_a_price_has_no_quote() {
    assert_eq!(asked("0", Some(-1), "USD"), Err(NoQuote::NothingOrdered));
    assert_eq!(asked("1", None, "USD"), Err(NoQuote::NoPrice));
    assert_eq!(asked("1", Some(-1), "GBP"), Err(NoQuote::NegativePrice));
    assert_eq!(asked("2", Some(Amount::MAX.minor()), "GBP"), Err(NoQuote::TooMuchMoney));
}
