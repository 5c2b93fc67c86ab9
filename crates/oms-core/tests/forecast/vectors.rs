//! Real articles of one wholesaler, forecast elsewhere.

use oms_core::forecast::{Class, Method, Profile, classify, forecast};
use oms_core::replenish::{Lead, reorder_point, safety_stock};
use serde_json::Value;

use crate::close;

const FIGURES: &str = include_str!("../../../../tests/data/vectors/forecast.json");
const SERIES: &str = include_str!("../../../../tests/data/vectors/forecast_series.json");

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("no number {name} in {value}"))
}

/// Units sold on each day.
fn days(series: &Value, sku: &str) -> Vec<f64> {
    let days = usize::try_from(series["days"].as_u64().expect("days")).expect("days");
    let mut sold = vec![0.0; days];
    for pair in series["sold"][sku].as_array().expect("a series") {
        let day = usize::try_from(pair[0].as_u64().expect("a day")).expect("a day");
        sold[day] = pair[1].as_f64().expect("units");
    }
    sold
}

fn next(series: &[f64], method: &Method) -> f64 {
    let forecast = forecast(series, method, 3).expect("a forecast");
    assert_eq!(forecast.next.len(), 3);
    forecast.next[0]
}

#[test]
fn real_articles_are_forecast_as_elsewhere() {
    let (figures, series) = (read(FIGURES), read(SERIES));
    let articles = figures["uci"].as_array().expect("articles");
    assert_eq!(articles.len(), 6);
    for article in articles {
        let sold = days(&series, article["sku"].as_str().expect("a SKU"));
        close(sold.iter().sum(), number(article, "sum"));
        close(next(&sold, &Method::Croston { alpha: 0.1 }), number(article, "croston_.1"));
        close(next(&sold, &Method::Sba { alpha: 0.1 }), number(article, "sba_.1"));
        close(next(&sold, &Method::Sbj { alpha: 0.1 }), number(article, "croston_.1") * (1.0 - 0.1 / 1.9));
        close(next(&sold, &Method::Tsb { demand: 0.1, probability: 0.1 }), number(article, "tsb_.1_.1"));
        close(next(&sold, &Method::Ses { alpha: 0.1 }), number(article, "ses_.1"));
    }
}

#[test]
fn real_articles_are_forecast_by_week() {
    let (figures, series) = (read(FIGURES), read(SERIES));
    for article in figures["uci"].as_array().expect("articles") {
        let sold = days(&series, article["sku"].as_str().expect("a SKU"));
        let weeks: Vec<f64> = sold.chunks_exact(7).map(|week| week.iter().sum()).collect();
        assert_eq!(weeks.len(), 53);
        close(weeks.iter().sum(), number(article, "weekly53_sum"));
        close(next(&weeks, &Method::Ses { alpha: 0.2 }), number(article, "weekly_ses_.2"));
    }
}

#[test]
fn real_articles_are_of_the_class_found_elsewhere() {
    let (figures, series) = (read(FIGURES), read(SERIES));
    for article in figures["uci"].as_array().expect("articles") {
        let sold = days(&series, article["sku"].as_str().expect("a SKU"));
        let profile: Profile = classify(&sold).expect("a series").expect("demand");
        close(profile.adi, number(article, "ADI"));
        close(profile.cv2, number(article, "CV2"));
        assert_eq!((profile.class, &article["cls"]), (Class::Lumpy, &Value::from("lumpy")));
    }
}

#[test]
fn safety_stocks_and_reorder_points_are_those_of_the_formula() {
    let figures = read(FIGURES);
    let rows = figures["ss"].as_array().expect("rows");
    assert_eq!(rows.len(), 4);
    for row in rows {
        let lead = Lead {
            time: number(row, "L"),
            time_deviation: number(row, "sL"),
            demand: number(row, "d"),
            demand_deviation: number(row, "sd"),
        };
        close(safety_stock(number(row, "z"), &lead).expect("safety stock"), number(row, "SS"));
        close(reorder_point(number(row, "z"), &lead).expect("a reorder point"), number(row, "ROP"));
    }
}
