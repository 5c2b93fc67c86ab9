//! Bad input is refused and its field is named.

use oms_core::forecast::{MAX_HORIZON, MAX_SERIES, Method, Refusal, Seasonality, Why, classify, forecast, pick};

const SES: Method = Method::Ses { alpha: 0.1 };

#[track_caller]
fn refused(series: &[f64], method: Method, field: &str, why: Why) -> Refusal {
    let refusal = forecast(series, &method, 1).expect_err("refused");
    assert_eq!((refusal.field, refusal.why), (field, why));
    refusal
}

#[test]
fn a_series_is_there_finite_and_not_too_long() {
    refused(&[], SES, "series", Why::Empty);
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(refused(&[1.0, odd], SES, "series", Why::NotFinite).at, Some(1));
    }
    refused(&[1e300], SES, "series", Why::OutOfRange);
    refused(&vec![1.0; MAX_SERIES + 1], SES, "series", Why::TooLong);
    assert!(forecast(&vec![1.0; MAX_SERIES], &SES, MAX_HORIZON).is_ok());
    assert_eq!(classify(&[]), Err(forecast(&[], &SES, 1).expect_err("refused")));
}

#[test]
fn demand_is_not_negative() {
    for method in [Method::Croston { alpha: 0.1 }, Method::Tsb { demand: 0.1, probability: 0.1 }] {
        assert_eq!(refused(&[1.0, 0.0, -1.0], method, "series", Why::Negative).at, Some(2));
    }
    assert!(forecast(&[1.0, -1.0], &SES, 1).is_ok(), "a level may be below zero");
    assert_eq!(classify(&[-1.0]).expect_err("refused").why, Why::Negative);
}

#[test]
fn smoothing_parameters_lie_from_zero_to_one() {
    let kind = Seasonality::Additive;
    let winters = |alpha, beta, gamma| Method::HoltWinters { alpha, beta, gamma, season: 2, kind };
    let series = [1.0, 2.0, 3.0, 4.0];
    for bad in [-0.1, 1.1] {
        refused(&series, Method::Ses { alpha: bad }, "alpha", Why::OutOfRange);
        refused(&series, Method::Croston { alpha: bad }, "alpha", Why::OutOfRange);
        refused(&series, Method::Sba { alpha: bad }, "alpha", Why::OutOfRange);
        refused(&series, Method::Sbj { alpha: bad }, "alpha", Why::OutOfRange);
        refused(&series, Method::Holt { alpha: 0.1, beta: bad }, "beta", Why::OutOfRange);
        refused(&series, winters(bad, 0.1, 0.1), "alpha", Why::OutOfRange);
        refused(&series, winters(0.1, bad, 0.1), "beta", Why::OutOfRange);
        refused(&series, winters(0.1, 0.1, bad), "gamma", Why::OutOfRange);
        refused(&series, Method::Tsb { demand: bad, probability: 0.1 }, "demand", Why::OutOfRange);
        refused(&series, Method::Tsb { demand: 0.1, probability: bad }, "probability", Why::OutOfRange);
    }
    refused(&series, Method::Ses { alpha: f64::NAN }, "alpha", Why::NotFinite);
}

#[test]
fn a_season_is_two_periods_at_least_and_seen_twice() {
    let winters = |season, kind| Method::HoltWinters { alpha: 0.1, beta: 0.1, gamma: 0.1, season, kind };
    let series = [1.0, 2.0, 3.0, 4.0, 5.0];
    for season in [0, 1, 367] {
        refused(&series, winters(season, Seasonality::Additive), "season", Why::OutOfRange);
        assert_eq!(pick(&series, Some(season)).expect_err("refused").field, "season");
    }
    refused(&series, winters(3, Seasonality::Additive), "series", Why::TooShort);
    refused(&[1.0], Method::Holt { alpha: 0.1, beta: 0.1 }, "series", Why::TooShort);
    let zero = refused(&[1.0, 2.0, 0.0, 4.0], winters(2, Seasonality::Multiplicative), "series", Why::NotPositive);
    assert_eq!(zero.at, Some(2));
}

#[test]
fn a_horizon_is_bounded() {
    for horizon in [0, MAX_HORIZON + 1] {
        assert_eq!(forecast(&[1.0], &SES, horizon).expect_err("refused").field, "horizon");
    }
}

#[test]
fn a_method_is_read_without_guessing() {
    let read = |text: &str| serde_json::from_str::<Method>(text);
    assert_eq!(read(r#"{"sba": {"alpha": 0.1}}"#).expect("a method"), Method::Sba { alpha: 0.1 });
    assert!(read(r#"{"sba": {"alpha": 0.1, "beta": 0.1}}"#).is_err());
    assert!(read(r#"{"arima": {}}"#).is_err());
}
