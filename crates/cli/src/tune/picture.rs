//! Pictures of a tuning: the front, the search's course, and a session then and now.
//! What differs differs in shape too, not in colour alone.

use std::fmt::Write;

use kneadsim_sim::trace::Trace;
use kneadsim_sim::trace::csv::row_time_s;

use crate::axes::{Axes, BLUE, GREY, LEFT, VERMILION};
use crate::plot::plot;

/// What a point of the front's picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Kept every margin, and another is better.
    Feasible,
    /// Lost a margin.
    Broken,
    /// On the front.
    Front,
    /// The present parameters.
    Now,
    /// The recommended ones.
    Then,
}

/// A point: two objectives, and what it is.
pub type Point = (f64, f64, Kind);

const BLACK: &str = "#000000";

/// Candidates over two objectives; `points` in the order in which they are drawn.
pub fn front(across: &str, up: &str, points: &[Point]) -> String {
    let known = points.iter().filter(|p| p.0.is_finite() && p.1.is_finite());
    // What lost a margin may lie anywhere: the picture is about the others.
    let kept = || known.clone().filter(|p| p.2 != Kind::Broken);
    let edges = |pick: fn(&Point) -> f64| {
        let low = kept().map(pick).fold(f64::INFINITY, f64::min);
        let high = kept().map(pick).fold(f64::NEG_INFINITY, f64::max);
        let room = if high > low { 0.06 * (high - low) } else { 0.5 };
        (low - room, high + room)
    };
    if kept().next().is_none() {
        return String::new();
    }
    let axes = Axes {
        across: edges(|p| p.0),
        up: edges(|p| p.1),
        above: 34.0,
        height: 300.0,
    };
    let mut s = axes.open(&format!("{up} over {across}"), 6.0);
    legend(
        &mut s,
        &[
            (Kind::Now, "now"),
            (Kind::Then, "recommended"),
            (Kind::Front, "front"),
            (Kind::Feasible, "keeps its margins"),
            (Kind::Broken, "loses a margin"),
        ],
    );
    for (a, b, kind) in known {
        let inside = |v: f64, (low, high): (f64, f64)| (low..=high).contains(&v);
        if inside(*a, axes.across) && inside(*b, axes.up) {
            mark(&mut s, *kind, axes.x(*a), axes.y(*b));
        }
    }
    axes.numbers_below(&mut s);
    axes.close(&mut s, across, up);
    s
}

fn legend(s: &mut String, entries: &[(Kind, &str)]) {
    let mut x = LEFT + 8.0;
    for (kind, text) in entries {
        mark(s, *kind, x, 14.0);
        let _ = write!(s, "<text x=\"{:.1}\" y=\"18\">{text}</text>", x + 10.0);
        x += 34.0 + 6.4 * text.len() as f64;
    }
}

fn mark(s: &mut String, kind: Kind, x: f64, y: f64) {
    let _ = match kind {
        Kind::Feasible => write!(
            s,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{GREY}\"/>"
        ),
        Kind::Broken => write!(
            s,
            "<path d=\"M{:.1} {:.1}l5 5m0 -5l-5 5\" stroke=\"{GREY}\" stroke-width=\"1.2\"/>",
            x - 2.5,
            y - 2.5
        ),
        Kind::Front => write!(
            s,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{BLUE}\"/>"
        ),
        Kind::Now => write!(
            s,
            "<path d=\"M{x:.1} {:.1}l7 7l-7 7l-7 -7Z\" fill=\"#fff\" stroke=\"{BLACK}\" stroke-width=\"1.8\"/>",
            y - 7.0
        ),
        Kind::Then => write!(
            s,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"11\" height=\"11\" fill=\"{VERMILION}\" stroke=\"{BLACK}\"/>",
            x - 5.5,
            y - 5.5
        ),
    };
}

/// The hypervolume beyond the present parameters, over sessions.
pub fn course(points: &[(f64, f64)]) -> String {
    let Some((end, _)) = points.last() else {
        return String::new();
    };
    let top = points.iter().map(|p| p.1).fold(0.0, f64::max);
    if !(top > 0.0 && *end > 0.0) {
        return String::new();
    }
    let axes = Axes {
        across: (0.0, *end),
        up: (0.0, top * 1.05),
        above: 12.0,
        height: 160.0,
    };
    let mut s = axes.open("Course of the search", 4.0);
    let mut d = String::new();
    for (index, (sessions, volume)) in points.iter().enumerate() {
        let (x, y) = (axes.x(*sessions), axes.y(*volume));
        let _ = match index {
            0 => write!(d, "M{x:.1} {y:.1}"),
            _ => write!(d, "H{x:.1}V{y:.1}"),
        };
    }
    let _ = write!(
        s,
        "<path d=\"{d}\" stroke=\"{BLUE}\" stroke-width=\"1.8\"/>"
    );
    axes.numbers_below(&mut s);
    axes.close(&mut s, "sessions", "share of what there is to gain, 1");
    s
}

/// Beginning of a session that is shown, s.
const BEGINNING_S: f64 = 360.0;

/// A signal at the beginning of two sessions, now and then.
pub fn both(signal: &str, name: &str, now: &Trace, then: &Trace) -> Option<String> {
    let line = |trace: &Trace| {
        let beginning = trace
            .ticks
            .iter()
            .take_while(|t| row_time_s(**t) <= BEGINNING_S);
        let rows = beginning.count();
        let mut short = trace.clone();
        short.ticks.truncate(rows);
        short
            .columns
            .iter_mut()
            .for_each(|c| c.values.truncate(rows));
        let drawn = plot(&short);
        let line = drawn.lines.into_iter().find(|l| l.name == signal)?;
        Some((line.points, drawn.end_s))
    };
    let ((a, end_s), (b, _)) = (line(now)?, line(then)?);
    let finite = || a.iter().chain(&b).filter(|(_, v)| v.is_finite());
    let low = finite().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let high = finite().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    if high <= low {
        return None;
    }
    let room = 0.05 * (high - low);
    let axes = Axes {
        across: (0.0, end_s / 60.0),
        up: (low - room, high + room),
        above: 34.0,
        height: 220.0,
    };
    let mut s = axes.open(&format!("{name}, now and then"), 6.0);
    let lines = [
        (&a, BLACK, "5 3", "now"),
        (&b, VERMILION, "", "recommended"),
    ];
    let mut x = LEFT + 8.0;
    for (points, colour, dashes, text) in lines {
        let mut d = String::new();
        let mut pen_up = true;
        for (time_s, value) in points.iter() {
            if !value.is_finite() {
                pen_up = true;
                continue;
            }
            let to = if pen_up { "M" } else { "L" };
            let _ = write!(d, "{to}{:.1} {:.1}", axes.x(time_s / 60.0), axes.y(*value));
            pen_up = false;
        }
        let _ = write!(
            s,
            "<path d=\"{d}\" stroke=\"{colour}\" stroke-width=\"1.5\" stroke-dasharray=\"{dashes}\"/>\
             <path d=\"M{x} 14h24\" stroke=\"{colour}\" stroke-width=\"1.8\" stroke-dasharray=\"{dashes}\"/>\
             <text x=\"{}\" y=\"18\">{text}</text>",
            x + 30.0
        );
        x += 110.0;
    }
    axes.numbers_below(&mut s);
    axes.close(&mut s, "time, min", name);
    Some(s)
}
