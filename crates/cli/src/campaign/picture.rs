//! Pictures of a campaign: how near cases came, what that depends on, and on which
//! side of it. Colours are Okabe and Ito's; what did not pass also has another shape.

use std::fmt::Write;

use kneadsim_search::statistics::histogram;

use crate::axes::{Axes, BLUE, GREY, RIGHT, VERMILION, WIDTH, label, open};
use crate::html::escape;
use crate::words;

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
    let axes = Axes {
        across: (min, max),
        up: (0.0, top),
        above: 24.0,
        height: 200.0,
    };
    let mut s = axes.open("Distribution of nearness", 4.0);
    let bin = (max - min) / counts.len() as f64;
    for (index, count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let from = min + bin * index as f64;
        let colour = if from + bin / 2.0 < 0.0 {
            VERMILION
        } else {
            BLUE
        };
        let y = axes.y(*count as f64);
        let _ = write!(
            s,
            "<rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{colour}\"><title>{count} from {} to {} K</title></rect>",
            axes.x(from),
            (axes.x(from + bin) - axes.x(from) - 0.6).max(0.5),
            axes.foot() - y,
            label(from),
            label(from + bin)
        );
    }
    axes.numbers_below(&mut s);
    if min < 0.0 && max > 0.0 {
        let _ = write!(
            s,
            "<path d=\"M{0:.1} 14V{1:.1}\" stroke=\"#000\" stroke-dasharray=\"4 3\"/><text x=\"{0:.1}\" y=\"10\" text-anchor=\"middle\">limit</text>",
            axes.x(0.0),
            axes.foot()
        );
    }
    axes.close(
        &mut s,
        "nearness to a limit, K (below 0: did not hold)",
        "cases",
    );
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
        // A little room: a mark on the frame is half a mark.
        let room = if max > min { 0.03 * (max - min) } else { 0.5 };
        (min - room, max + room)
    };
    if all.is_empty() {
        return String::new();
    }
    let axes = Axes {
        across: names.map_or_else(|| edge(|p| p.0), |n| (-0.5, n.len() as f64 - 0.5)),
        up: edge(|p| p.1),
        above: 12.0,
        height: 190.0,
    };
    let mut s = axes.open(&format!("Nearness over {key}"), 5.0);
    match names {
        Some(names) => {
            for (index, name) in names.iter().enumerate() {
                axes.below(&mut s, index as f64, &escape(name));
            }
        }
        None => axes.numbers_below(&mut s),
    }
    let every = all.len().div_ceil(POINTS_MAX).max(1);
    let mut dots = String::new();
    let mut crosses = String::new();
    for (index, point) in all.iter().enumerate() {
        // Choices lie on one line: spread so that they can be told apart.
        let aside = names.map_or(0.0, |_| (index * 37 % 101) as f64 / 101.0 * 0.6 - 0.3);
        let (px, py) = (axes.x(point.0 + aside), axes.y(point.1));
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
    axes.close(&mut s, &format!("{key}{unit}"), "nearness, K");
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

/// A number for a table's cell.
pub fn cell(value: Option<f64>) -> String {
    value.map_or(String::new(), words::number)
}
