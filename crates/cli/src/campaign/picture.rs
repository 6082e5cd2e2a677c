//! Pictures of a campaign: how near cases came, what that depends on, and on which
//! side of it. Colours are Okabe and Ito's; what did not pass also has another shape.

use std::fmt::Write;

use kneadsim_search::statistics::histogram;

use crate::html::escape;
use crate::words;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const BLUE: &str = "#0072B2";
const VERMILION: &str = "#D55E00";
const GREY: &str = "#9aa5b1";

/// A round step that gives about `count` ticks over a range, and the first tick.
fn ticks(min: f64, max: f64, count: f64) -> Vec<f64> {
    let raw = (max - min) / count;
    if !(raw > 0.0 && raw.is_finite()) {
        return vec![min];
    }
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|s| *s >= raw)
        .unwrap_or(raw);
    let first = (min / step).ceil() as i64;
    let last = (max / step).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

fn label(value: f64) -> String {
    // -0.0 and the last digits of a sum of steps are not shown.
    let rounded = format!("{:.4}", value + 0.0);
    rounded
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// How many cases came how near, K; what is below 0 did not hold.
pub fn nearness(sorted_k: &[f64]) -> String {
    let (Some(min), Some(max)) = (sorted_k.first(), sorted_k.last()) else {
        return String::new();
    };
    let (min, max) = if max > min {
        (*min, *max)
    } else {
        (min - 0.5, max + 0.5)
    };
    let counts = histogram(sorted_k, 60);
    let top = counts.iter().copied().max().unwrap_or(1) as f64;
    let (height, above, below) = (200.0, 24.0, 44.0);
    let x = |v: f64| LEFT + (v - min) / (max - min) * (WIDTH - LEFT - RIGHT);
    let y = |n: f64| above + height * (1.0 - n / top);
    let mut s = open(above + height + below, "Distribution of nearness");
    for tick in ticks(0.0, top, 4.0) {
        let _ = write!(
            s,
            "<path class=\"grid\" d=\"M{LEFT} {0:.1}H{1}\"/><text x=\"{2}\" y=\"{3:.1}\" text-anchor=\"end\">{4}</text>",
            y(tick),
            WIDTH - RIGHT,
            LEFT - 6.0,
            y(tick) + 4.0,
            label(tick)
        );
    }
    let bin = (max - min) / counts.len() as f64;
    for (index, count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let from = min + bin * index as f64;
        let colour = if from + bin / 2.0 < 0.0 {
            VERMILION
        } else {
            BLUE
        };
        let _ = write!(
            s,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{colour}\"><title>{count} from {} to {} K</title></rect>",
            x(from),
            y(*count as f64),
            (x(from + bin) - x(from) - 0.6).max(0.5),
            above + height - y(*count as f64),
            label(from),
            label(from + bin)
        );
    }
    for tick in ticks(min, max, 8.0) {
        let _ = write!(
            s,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(tick),
            above + height + 16.0,
            label(tick)
        );
    }
    if min < 0.0 && max > 0.0 {
        let _ = write!(
            s,
            "<path d=\"M{0:.1} {above}V{1:.1}\" stroke=\"#000\" stroke-dasharray=\"4 3\"/><text x=\"{2:.1}\" y=\"{3:.1}\">limit</text>",
            x(0.0),
            above + height,
            x(0.0) + 4.0,
            above + 10.0
        );
    }
    frame(
        &mut s,
        above,
        height,
        "nearness to a limit, K (below 0: did not hold)",
        "cases",
    );
    s.push_str("</svg>\n");
    s
}

/// A point of a sample: the variable, the nearness, whether it passed.
pub type Point = (f64, f64, bool);

/// Points in a picture: more only cost space.
const POINTS_MAX: usize = 1500;

/// Nearness over one variable.
pub fn scatter(key: &str, unit: &str, points: &[Point], names: Option<&[String]>) -> String {
    let finite = |p: &&Point| p.0.is_finite() && p.1.is_finite();
    let all: Vec<&Point> = points.iter().filter(finite).collect();
    let edge = |pick: fn(&Point) -> f64| {
        let values = all.iter().map(|p| pick(p));
        let min = values.clone().fold(f64::INFINITY, f64::min);
        let max = values.fold(f64::NEG_INFINITY, f64::max);
        if max > min {
            (min, max)
        } else {
            (min - 0.5, max + 0.5)
        }
    };
    if all.is_empty() {
        return String::new();
    }
    let (mut x_min, mut x_max) = edge(|p| p.0);
    let (y_min, y_max) = edge(|p| p.1);
    if let Some(names) = names {
        (x_min, x_max) = (-0.5, names.len() as f64 - 0.5);
    }
    let (height, above, below) = (190.0, 12.0, 44.0);
    let x = |v: f64| LEFT + (v - x_min) / (x_max - x_min) * (WIDTH - LEFT - RIGHT);
    let y = |v: f64| above + height * (1.0 - (v - y_min) / (y_max - y_min));
    let mut s = open(above + height + below, &format!("Nearness over {key}"));
    for tick in ticks(y_min, y_max, 5.0) {
        let _ = write!(
            s,
            "<path class=\"grid\" d=\"M{LEFT} {0:.1}H{1}\"/><text x=\"{2}\" y=\"{3:.1}\" text-anchor=\"end\">{4}</text>",
            y(tick),
            WIDTH - RIGHT,
            LEFT - 6.0,
            y(tick) + 4.0,
            label(tick)
        );
    }
    match names {
        Some(names) => {
            for (index, name) in names.iter().enumerate() {
                let _ = write!(
                    s,
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    x(index as f64),
                    above + height + 16.0,
                    escape(name)
                );
            }
        }
        None => {
            for tick in ticks(x_min, x_max, 8.0) {
                let _ = write!(
                    s,
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    x(tick),
                    above + height + 16.0,
                    label(tick)
                );
            }
        }
    }
    let every = all.len().div_ceil(POINTS_MAX).max(1);
    let mut dots = String::new();
    let mut crosses = String::new();
    for (index, point) in all.iter().enumerate() {
        // Choices lie on one line: spread so that they can be told apart.
        let aside = names.map_or(0.0, |_| (index * 37 % 101) as f64 / 101.0 * 0.6 - 0.3);
        let (px, py) = (x(point.0 + aside), y(point.1));
        if !point.2 {
            let _ = write!(crosses, "M{:.1} {:.1}l5 5m0 -5l-5 5", px - 2.5, py - 2.5);
        } else if index % every == 0 {
            let _ = write!(dots, "M{px:.1} {py:.1}h.01");
        }
    }
    let _ = write!(
        s,
        "<path d=\"{dots}\" stroke=\"{BLUE}\" stroke-opacity=\"0.55\" stroke-width=\"4\" stroke-linecap=\"round\"/>\
         <path d=\"{crosses}\" stroke=\"{VERMILION}\" stroke-width=\"1.4\"/>"
    );
    let unit = if unit == "1" {
        String::new()
    } else {
        format!(", {unit}")
    };
    frame(
        &mut s,
        above,
        height,
        &format!("{key}{unit}"),
        "nearness, K",
    );
    s.push_str("</svg>\n");
    s
}

/// One bar per variable: its share of the variance, and of the tail beyond chance.
pub fn bars(rows: &[(String, f64, f64, f64)]) -> String {
    const ROW: f64 = 30.0;
    const NAMES: f64 = 300.0;
    let height = ROW * rows.len() as f64;
    let x = |share: f64| NAMES + share * (WIDTH - NAMES - RIGHT - 40.0);
    let mut s = open(height + 40.0, "What the nearness depends on");
    for (index, (key, variance, tail, chance)) in rows.iter().enumerate() {
        let y = ROW * index as f64 + 6.0;
        let _ = write!(
            s,
            "<text x=\"{0}\" y=\"{1:.1}\" text-anchor=\"end\">{2}</text>\
             <rect x=\"{NAMES}\" y=\"{y:.1}\" width=\"{3:.1}\" height=\"9\" fill=\"{BLUE}\"/>\
             <rect x=\"{NAMES}\" y=\"{4:.1}\" width=\"{5:.1}\" height=\"9\" fill=\"{6}\"/>",
            NAMES - 8.0,
            y + 13.0,
            escape(key),
            x(*variance) - NAMES,
            y + 10.0,
            x(*tail) - NAMES,
            if tail > chance { VERMILION } else { GREY }
        );
    }
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let _ = write!(
            s,
            "<path class=\"grid\" d=\"M{0:.1} 0V{height}\"/><text x=\"{0:.1}\" y=\"{1:.1}\" text-anchor=\"middle\">{tick}</text>",
            x(tick),
            height + 14.0
        );
    }
    let _ = writeln!(
        s,
        "<rect x=\"{NAMES}\" y=\"{0:.1}\" width=\"10\" height=\"9\" fill=\"{BLUE}\"/><text x=\"{1}\" y=\"{2:.1}\">share of variance</text>\
         <rect x=\"{3}\" y=\"{0:.1}\" width=\"10\" height=\"9\" fill=\"{VERMILION}\"/><text x=\"{4}\" y=\"{2:.1}\">distance in the worst 5 %</text>\
         <rect x=\"{5}\" y=\"{0:.1}\" width=\"10\" height=\"9\" fill=\"{GREY}\"/><text x=\"{6}\" y=\"{2:.1}\">the same, no more than chance</text></svg>",
        height + 24.0,
        NAMES + 14.0,
        height + 33.0,
        NAMES + 140.0,
        NAMES + 154.0,
        NAMES + 320.0,
        NAMES + 334.0
    );
    s
}

fn open(height: f64, title: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">\n",
        escape(title)
    )
}

fn frame(s: &mut String, above: f64, height: f64, across: &str, up: &str) {
    let _ = write!(
        s,
        "<path class=\"frame\" d=\"M{LEFT} {above}V{0:.1}H{1}\"/>\
         <text class=\"axis\" x=\"{2:.1}\" y=\"{3:.1}\" text-anchor=\"middle\">{4}</text>\
         <text class=\"axis\" transform=\"translate(14 {5:.1}) rotate(-90)\" text-anchor=\"middle\">{6}</text>",
        above + height,
        WIDTH - RIGHT,
        (LEFT + WIDTH - RIGHT) / 2.0,
        above + height + 36.0,
        escape(across),
        above + height / 2.0,
        escape(up)
    );
}

/// A number for a table's cell.
pub fn cell(value: Option<f64>) -> String {
    value.map_or(String::new(), words::number)
}
