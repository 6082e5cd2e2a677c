//! Pictures of the field against closed forms.

use kneadsim_viewer::heat::{Scale, Sheet, colour, isolines};

/// 3 u + 5 v at the centres of 8 by 12 columns.
fn slope() -> Sheet {
    let centres = |count: usize| (0..count).map(move |i| (i as f64 + 0.5) / count as f64);
    let values: Vec<f64> = centres(12)
        .flat_map(|v| centres(8).map(move |u| 3.0 * u + 5.0 * v))
        .collect();
    Sheet::new((8, 12), &values).expect("as many as there are columns")
}

#[test]
fn between_columns_a_slope_is_straight_and_beyond_them_level() {
    let sheet = slope();
    for (u, v) in [(0.5, 0.5), (0.1, 0.9), (0.333, 0.25), (0.0625, 0.04167)] {
        let found = sheet.value(u, v);
        assert!(
            (found - (3.0 * u + 5.0 * v)).abs() < 1e-4,
            "{u} {v}: {found}"
        );
    }
    assert_eq!(sheet.value(0.0, 0.0), sheet.values[0]);
    assert_eq!(sheet.value(1.0, 1.0), sheet.values[95]);
    let (hottest, u, v) = sheet.hottest();
    assert_eq!((hottest, u, v), (sheet.values[95], 7.5 / 8.0, 11.5 / 12.0));
}

#[test]
fn a_sheet_of_one_column_has_one_value() {
    let sheet = Sheet::new((1, 1), &[41.5]).expect("one");
    assert_eq!(sheet.value(0.2, 0.9), 41.5);
    assert!(isolines(&sheet, 41.0).is_empty());
    assert_eq!(Sheet::new((2, 2), &[1.0]), None);
    assert_eq!(Sheet::new((0, 0), &[]), None);
}

#[test]
fn isolines_are_where_the_value_is() {
    let lines = isolines(&slope(), 4.0);
    assert!(lines.len() >= 8, "{}", lines.len());
    for [u, v] in lines.into_iter().flatten() {
        assert!((3.0 * u + 5.0 * v - 4.0).abs() < 1e-9, "{u} {v}");
    }
    assert!(isolines(&slope(), 9.0).is_empty());
    // A circle of radius 0.3 has its length, within what straight pieces miss.
    let count = 64;
    let at = |i: usize| (i as f64 + 0.5) / count as f64 - 0.5;
    let values: Vec<f64> = (0..count * count)
        .map(|i| (at(i % count).powi(2) + at(i / count).powi(2)).sqrt())
        .collect();
    let circle = isolines(&Sheet::new((count, count), &values).expect("a square"), 0.3);
    let length: f64 = circle
        .iter()
        .map(|[a, b]| ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt())
        .sum();
    let whole = 2.0 * std::f64::consts::PI * 0.3;
    assert!((length - whole).abs() < 0.005 * whole, "{length}");
}

#[test]
fn hotter_is_lighter_for_every_eye() {
    let lightness = |share: f64| {
        let linear = colour(share).map(|c| (f64::from(c) / 255.0).powf(2.2));
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    for step in 0..50 {
        let (a, b) = (f64::from(step) / 50.0, f64::from(step + 1) / 50.0);
        assert!(lightness(a) < lightness(b), "{a}");
    }
    assert_eq!(colour(-1.0), colour(0.0));
    assert_eq!(colour(f64::NAN), [128, 128, 128]);
}

#[test]
fn a_scale_fits_what_is_there_and_has_round_marks() {
    let fitted = Scale::fitted(&[f64::NAN, 31.0, 40.0, 36.0]);
    assert_eq!((fitted.low, fitted.high), (31.0, 40.0));
    assert_eq!(fitted.share(31.0), 0.0);
    assert_eq!(fitted.share(50.0), 1.0);
    let even = Scale::fitted(&[37.0; 5]);
    assert!(even.high > even.low);
    assert!(Scale::fitted(&[f64::NAN]).share(0.5).is_finite());
    let marks = Scale {
        low: 30.0,
        high: 46.0,
    }
    .marks();
    assert_eq!(marks, [30.0, 35.0, 40.0, 45.0]);
    for (low, high) in [(0.0, 16.0), (36.91, 37.02), (-5.0, 1e4), (0.0, 1e-6)] {
        let marks = Scale { low, high }.marks();
        assert!((2..=8).contains(&marks.len()), "{low} {high}: {marks:?}");
        let slack = 1e-6 * (high - low);
        assert!(
            marks
                .iter()
                .all(|m| (low - slack..=high + slack).contains(m))
        );
    }
}
