//! The methods by example, worked by hand.

use oms_core::forecast::{Class, Method, Seasonality, classify, forecast, pick};

use crate::close;

fn next(series: &[f64], method: Method, horizon: usize) -> Vec<f64> {
    forecast(series, &method, horizon).expect("a forecast").next
}

/// Air passengers of Australia 1990 to 2004 in millions (Hyndman and Athanasopoulos, *Forecasting: principles and
/// practice*, first edition, example 7.2).
const PASSENGERS: [f64; 15] =
    [17.55, 21.86, 23.89, 26.93, 26.89, 28.83, 30.08, 30.95, 30.19, 31.58, 32.58, 33.48, 39.02, 41.39, 41.60];

#[test]
fn a_level_begins_with_the_first_value_and_learns() {
    assert_eq!(next(&[10.0], Method::Ses { alpha: 0.3 }, 2), [10.0, 10.0]);
    close(next(&[10.0, 20.0, 30.0], Method::Ses { alpha: 0.5 }, 1)[0], 22.5);
    assert_eq!(next(&[10.0, 20.0, 30.0], Method::Ses { alpha: 1.0 }, 1), [30.0]);
    assert_eq!(next(&[10.0, 20.0, 30.0], Method::Ses { alpha: 0.0 }, 1), [10.0]);
}

#[test]
fn holt_on_a_textbook_series() {
    let holt = |count: usize| next(&PASSENGERS[..count], Method::Holt { alpha: 0.8, beta: 0.2 }, 5);
    // Forecasts of 1992, 1993, 2005 and 2008, worked out apart from this code by the formulas of the example.
    for (found, expected) in [(holt(2)[0], 25.49), (holt(3)[0], 27.55), (holt(15)[0], 43.76), (holt(15)[3], 49.27)] {
        assert!((found - expected).abs() < 0.005, "{found} instead of {expected}");
    }
}

#[test]
fn a_straight_line_goes_on() {
    let line: Vec<f64> = (1..=8).map(|at| 3.0 * f64::from(at)).collect();
    let ahead = next(&line, Method::Holt { alpha: 0.4, beta: 0.7 }, 3);
    // The first forecast, of the first value, overshoots by one step and is forgotten at the rate of smoothing.
    assert!(ahead.windows(2).all(|pair| (pair[1] - pair[0] - 3.0).abs() < 0.3), "{ahead:?}");
    assert!((ahead[0] - 27.0).abs() < 0.5, "{ahead:?}");
}

#[test]
fn repeating_seasons_repeat() {
    let year = [8.0, 12.0, 4.0, 16.0];
    let series: Vec<f64> = year.iter().copied().cycle().take(12).collect();
    for kind in [Seasonality::Additive, Seasonality::Multiplicative] {
        let method = Method::HoltWinters { alpha: 0.3, beta: 0.1, gamma: 0.2, season: 4, kind };
        let found = forecast(&series, &method, 6).expect("a forecast");
        for (value, expected) in found.next.iter().zip(year.iter().cycle()) {
            close(*value, *expected);
        }
        close(found.deviation.expect("a deviation"), 0.0);
    }
}

#[test]
fn seasons_by_hand() {
    // Level (2 + 6) / 2 = 4, trend ((4 - 2) + (10 - 6)) / 2 / 2 = 1.5, seasons -2 and 2; everything learns by half.
    let series = [2.0, 6.0, 4.0, 10.0];
    let method = |kind| Method::HoltWinters { alpha: 0.5, beta: 0.5, gamma: 0.5, season: 2, kind };
    // t=1: base 5.5, level 4.75, trend 1.125, season -2.75. t=2: base 5.875, level 4.9375, trend 0.65625, season 1.0625.
    // t=3: base 5.59375, level 6.171875, trend 0.9453125, season -2.171875. t=4: base 7.1171875, level 8.02734375,
    // trend 1.400390625, season 1.97265625.
    let added = next(&series, method(Seasonality::Additive), 2);
    close(added[0], 8.027_343_75 + 1.400_390_625 - 2.171_875);
    close(added[1], 8.027_343_75 + 2.0 * 1.400_390_625 + 1.972_656_25);
    let multiplied = next(&series, method(Seasonality::Multiplicative), 1);
    let (mut level, mut trend, mut seasons) = (4.0, 1.5, [0.5, 1.5]);
    for (at, value) in series.iter().enumerate() {
        let base: f64 = level + trend;
        let new = f64::midpoint(value / seasons[at % 2], base);
        trend = f64::midpoint(new - level, trend);
        seasons[at % 2] = f64::midpoint(value / base, seasons[at % 2]);
        level = new;
    }
    close(multiplied[0], (level + trend) * seasons[0]);
}

#[test]
fn croston_divides_size_by_interval() {
    // Demands 6 at 3, 2 at 5: size 6 -> 4, interval 3 -> 2.5.
    let series = [0.0, 0.0, 6.0, 0.0, 2.0, 0.0];
    close(next(&series, Method::Croston { alpha: 0.5 }, 1)[0], 1.6);
    close(next(&series, Method::Sba { alpha: 0.5 }, 1)[0], 1.2);
    close(next(&series, Method::Sbj { alpha: 0.5 }, 1)[0], 1.6 * (1.0 - 0.5 / 1.5));
}

#[test]
fn what_no_longer_sells_dies_away_with_tsb_only() {
    let mut series = vec![4.0; 10];
    series.extend([0.0; 40]);
    assert!(next(&series, Method::Tsb { demand: 0.2, probability: 0.2 }, 1)[0] < 0.001);
    close(next(&series, Method::Croston { alpha: 0.2 }, 1)[0], 4.0);
}

#[test]
fn nothing_ever_asked_for_is_nothing_expected() {
    let none = [0.0; 5];
    for method in [
        Method::Croston { alpha: 0.1 },
        Method::Sba { alpha: 0.1 },
        Method::Sbj { alpha: 0.1 },
        Method::Tsb { demand: 0.1, probability: 0.1 },
    ] {
        assert_eq!(next(&none, method, 1), [0.0]);
    }
    assert_eq!(classify(&none), Ok(None));
}

#[test]
fn the_deviation_is_that_of_one_period_ahead() {
    // Forecasts 10, 10, 12.5 of 10, 15, 20: errors 0, 5, 7.5.
    let found = forecast(&[10.0, 10.0, 15.0, 20.0], &Method::Ses { alpha: 0.5 }, 1).expect("a forecast");
    close(found.deviation.expect("a deviation"), (81.25_f64 / 3.0).sqrt());
    let short = forecast(&[10.0], &Method::Ses { alpha: 0.5 }, 1).expect("a forecast");
    assert_eq!(short.deviation, None);
}

fn class(series: &[f64]) -> Class {
    classify(series).expect("a series").expect("demand").class
}

#[test]
fn demand_has_four_classes() {
    assert_eq!(class(&[5.0, 6.0, 5.0, 4.0]), Class::Smooth);
    assert_eq!(class(&[1.0, 30.0, 1.0, 1.0]), Class::Erratic);
    assert_eq!(class(&[5.0, 0.0, 5.0, 0.0]), Class::Intermittent);
    assert_eq!(class(&[1.0, 0.0, 30.0, 0.0, 1.0, 0.0]), Class::Lumpy);
    // 33 periods with 25 demands: exactly on the cut, which is the wilder side.
    let mut on_the_cut = vec![5.0; 25];
    on_the_cut.extend([0.0; 8]);
    assert_eq!(class(&on_the_cut), Class::Intermittent);
}

#[test]
fn the_method_suits_the_class() {
    assert_eq!(pick(&[5.0, 0.0, 5.0, 0.0], None), Ok(Method::Sba { alpha: 0.1 }));
    let mut dying = vec![5.0, 0.0, 5.0, 0.0];
    dying.extend([0.0; 40]);
    assert!(matches!(pick(&dying, None), Ok(Method::Tsb { .. })));
    let growing: Vec<f64> = (10..40).map(f64::from).collect();
    assert!(matches!(pick(&growing, None), Ok(Method::Holt { .. })));
    let seasons: Vec<f64> = [20.0, 10.0, 30.0].iter().copied().cycle().take(15).collect();
    assert!(matches!(pick(&seasons, Some(3)), Ok(Method::HoltWinters { season: 3, .. })));
    assert!(matches!(pick(&seasons[..8], Some(3)), Ok(Method::Ses { .. } | Method::Holt { .. })));
    assert_eq!(pick(&[0.0, 0.0], None), Ok(Method::Ses { alpha: 0.1 }));
}
