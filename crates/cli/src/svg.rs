//! One case's picture: temperatures above, heater power below, time along.
//!
//! Colours are Okabe and Ito's; lines that share one differ by dashes.

use std::fmt::Write;

use crate::plot::{Line, Plot};

const WIDTH: f64 = 860.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
/// Bars of height and gaps, px.
const TOP: f64 = 30.0;
const UPPER_HEIGHT: f64 = 220.0;
const GAP: f64 = 40.0;
const LOWER_HEIGHT: f64 = 84.0;

/// How a signal is drawn: name in the trace, label, colour, dashes, width.
struct Style {
    signal: &'static str,
    label: &'static str,
    colour: &'static str,
    dashes: &'static str,
    width: f64,
}

const TEMPERATURES: [Style; 7] = [
    style("film_upper_c", "film upper", "#D55E00", "", 1.6),
    style("film_lower_c", "film lower", "#D55E00", "6 3", 1.6),
    style("read_upper_c", "read upper", "#E69F00", "", 1.0),
    style("read_lower_c", "read lower", "#E69F00", "6 3", 1.0),
    style("setpoint_upper_c", "set-point", "#000000", "2 3", 1.2),
    style(
        "skin_surface_max_c",
        "skin surface, max",
        "#0072B2",
        "",
        1.8,
    ),
    style("basal_max_c", "basal layer, max", "#CC79A7", "", 1.6),
];

const POWERS: [Style; 2] = [
    style("heater_upper_power_w", "heater upper", "#D55E00", "", 1.0),
    style("heater_lower_power_w", "heater lower", "#56B4E9", "", 1.0),
];

const DUTIES: [Style; 2] = [
    style("heater_upper_duty", "heater upper", "#D55E00", "", 1.0),
    style("heater_lower_duty", "heater lower", "#56B4E9", "", 1.0),
];

const WINDINGS: [Style; 2] = [
    style("kneading_winding_c", "kneading winding", "#009E73", "", 1.6),
    style(
        "vibration_winding_c",
        "vibration winding",
        "#009E73",
        "6 3",
        1.6,
    ),
];

const fn style(
    signal: &'static str,
    label: &'static str,
    colour: &'static str,
    dashes: &'static str,
    width: f64,
) -> Style {
    Style {
        signal,
        label,
        colour,
        dashes,
        width,
    }
}

/// Draws a case; `worst_s` is marked. None when the trace has nothing to draw.
pub fn svg(plot: &Plot, worst_s: Option<f64>) -> Option<String> {
    let mut upper = chosen(plot, &TEMPERATURES);
    if upper.is_empty() {
        upper = chosen(plot, &WINDINGS);
    }
    let (mut lower, mut unit) = (chosen(plot, &POWERS), "power, W");
    if lower.is_empty() {
        (lower, unit) = (chosen(plot, &DUTIES), "duty, 1");
    }
    let has_points = |lines: &[(&Style, &Line)]| {
        lines
            .iter()
            .any(|(_, l)| l.points.iter().any(|(_, v)| v.is_finite()))
    };
    if plot.end_s <= 0.0 || !(has_points(&upper) || has_points(&lower)) {
        return None;
    }
    let height = TOP + UPPER_HEIGHT + GAP + LOWER_HEIGHT + 40.0;
    let mut s = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n"
    );
    let minutes = Axis::time(plot.end_s);
    panel(
        &mut s,
        &upper,
        TOP,
        UPPER_HEIGHT,
        "temperature, \u{b0}C",
        &minutes,
        2.0,
    );
    let bottom = TOP + UPPER_HEIGHT + GAP;
    panel(&mut s, &lower, bottom, LOWER_HEIGHT, unit, &minutes, 0.1);
    time_labels(&mut s, &minutes, bottom + LOWER_HEIGHT);
    let mut labelled = f64::NEG_INFINITY;
    for (i, (time_s, _)) in plot.notes.iter().enumerate() {
        // Marks closer than their numbers are wide: the first stands for them.
        if minutes.at(*time_s) < labelled + 14.0 {
            continue;
        }
        labelled = minutes.at(*time_s);
        mark(
            &mut s,
            minutes.at(*time_s),
            &format!("{}", i + 1),
            "#777",
            "1 3",
        );
    }
    if let Some(time_s) = worst_s {
        mark(&mut s, minutes.at(time_s), "worst", "#000", "5 2");
    }
    s.push_str("</svg>\n");
    Some(s)
}

fn chosen<'a>(plot: &'a Plot, styles: &'static [Style]) -> Vec<(&'static Style, &'a Line)> {
    styles
        .iter()
        .filter_map(|s| {
            plot.lines
                .iter()
                .find(|l| l.name == s.signal)
                .map(|l| (s, l))
        })
        .collect()
}

/// A linear axis with round ticks.
struct Axis {
    low: f64,
    high: f64,
    step: f64,
    from: f64,
    to: f64,
    /// Seconds per shown unit, for the time axis.
    scale: f64,
}

impl Axis {
    fn time(end_s: f64) -> Self {
        let scale = if end_s > 180.0 { 60.0 } else { 1.0 };
        let high = end_s / scale;
        Self {
            low: 0.0,
            high,
            step: round_step(high / 10.0),
            from: LEFT,
            to: WIDTH - RIGHT,
            scale,
        }
    }

    fn values(low: f64, high: f64, least: f64, top: f64, height: f64) -> Self {
        let span = (high - low).max(least);
        let step = round_step(span / (height / 38.0));
        let low = (low / step).floor() * step;
        let high = ((high / step).ceil() * step).max(low + step);
        Self {
            low,
            high,
            step,
            from: top + height,
            to: top,
            scale: 1.0,
        }
    }

    fn at(&self, value: f64) -> f64 {
        self.from + (value / self.scale - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let count = ((self.high - self.low) / self.step + 1e-6).floor() as usize;
        (0..=count.min(60)).map(|i| self.low + i as f64 * self.step)
    }

    fn label(&self, value: f64) -> String {
        let digits = if self.step < 0.1 {
            2
        } else {
            usize::from(self.step < 1.0)
        };
        format!("{value:.digits$}")
    }
}

fn round_step(rough: f64) -> f64 {
    let mut size = 1e-3;
    while size < 1e7 {
        for factor in [1.0, 2.0, 5.0] {
            if size * factor >= rough {
                return size * factor;
            }
        }
        size *= 10.0;
    }
    size
}

fn panel(
    s: &mut String,
    lines: &[(&Style, &Line)],
    top: f64,
    height: f64,
    title: &str,
    time: &Axis,
    least: f64,
) {
    let (low, high) = range(lines);
    let axis = Axis::values(low, high, least, top, height);
    let right = WIDTH - RIGHT;
    for tick in axis.ticks() {
        let y = axis.at(tick);
        let _ = writeln!(
            s,
            "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            y + 4.0,
            axis.label(tick)
        );
    }
    for tick in time.ticks() {
        let x = time.at(tick * time.scale);
        let _ = writeln!(
            s,
            "<path class=\"grid\" d=\"M{x:.1} {top}V{}\"/>",
            top + height
        );
    }
    let _ = writeln!(
        s,
        "<rect class=\"frame\" x=\"{LEFT}\" y=\"{top}\" width=\"{}\" height=\"{height}\"/>\
         <text class=\"axis\" transform=\"translate(13 {:.1}) rotate(-90)\" text-anchor=\"middle\">{title}</text>",
        right - LEFT,
        top + height / 2.0
    );
    let mut x = LEFT;
    for (style, line) in lines {
        let dash = if style.dashes.is_empty() {
            String::new()
        } else {
            format!(" stroke-dasharray=\"{}\"", style.dashes)
        };
        let stroke = format!(
            "stroke=\"{}\" stroke-width=\"{}\"{dash}",
            style.colour, style.width
        );
        let _ = writeln!(
            s,
            "<path class=\"line\" {stroke} d=\"{}\"/>",
            path(line, time, &axis)
        );
        let y = top - 8.0;
        let _ = writeln!(
            s,
            "<path {stroke} d=\"M{x:.0} {:.1}h22\"/><text x=\"{:.0}\" y=\"{y:.1}\">{}</text>",
            y - 4.0,
            x + 26.0,
            style.label
        );
        x += 26.0 + 7.0 * style.label.chars().count() as f64 + 12.0;
    }
}

/// Numbers of the firmware: what it reads and what it wants.
fn is_believed(signal: &str) -> bool {
    signal.starts_with("read_") || signal.starts_with("setpoint_")
}

/// What a panel spans: all of what is true, and of what a firmware believes (which
/// may be anything when a sensor breaks) as much as lies near it.
fn range(lines: &[(&Style, &Line)]) -> (f64, f64) {
    const NEAR: f64 = 10.0;
    let span = |believed: bool| {
        lines
            .iter()
            .filter(|(style, _)| is_believed(style.signal) == believed)
            .flat_map(|(_, line)| &line.points)
            .map(|p| p.1)
            .filter(|v| v.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                (l.min(v), h.max(v))
            })
    };
    let ((low, high), (read_low, read_high)) = (span(false), span(true));
    match (low <= high, read_low <= read_high) {
        (true, true) => (
            low.min(read_low.max(low - NEAR)),
            high.max(read_high.min(high + NEAR)),
        ),
        (true, false) => (low, high),
        (false, true) => (read_low, read_high),
        (false, false) => (0.0, 1.0),
    }
}

/// Steps of whole tenths of a pixel; a gap where there is no value. What is off
/// the panel runs along its edge.
fn path(line: &Line, time: &Axis, axis: &Axis) -> String {
    let mut d = String::new();
    let mut pen_down = false;
    for (t, v) in &line.points {
        if v.is_finite() {
            let letter = if pen_down { 'L' } else { 'M' };
            let _ = write!(
                d,
                "{letter}{:.1} {:.1}",
                time.at(*t),
                axis.at(v.clamp(axis.low, axis.high))
            );
        }
        pen_down = v.is_finite();
    }
    d
}

fn time_labels(s: &mut String, time: &Axis, bottom: f64) {
    for tick in time.ticks() {
        let x = time.at(tick * time.scale);
        let _ = writeln!(
            s,
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            bottom + 15.0,
            time.label(tick)
        );
    }
    let name = if time.scale == 60.0 {
        "time, min"
    } else {
        "time, s"
    };
    let _ = writeln!(
        s,
        "<text class=\"axis\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{name}</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        bottom + 33.0
    );
}

fn mark(s: &mut String, x: f64, label: &str, colour: &str, dashes: &str) {
    let bottom = TOP + UPPER_HEIGHT + GAP + LOWER_HEIGHT;
    let anchor = if x > WIDTH - 60.0 { "end" } else { "start" };
    let shift = if anchor == "end" { -3.0 } else { 3.0 };
    let _ = writeln!(
        s,
        "<path d=\"M{x:.1} {TOP}V{bottom}\" stroke=\"{colour}\" stroke-dasharray=\"{dashes}\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" class=\"mark\">{label}</text>",
        x + shift,
        TOP + UPPER_HEIGHT + 12.0
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_ticks_and_units() {
        for (rough, expected) in [(0.13, 0.2), (0.5, 0.5), (2.1, 5.0), (30.0, 50.0)] {
            assert!((round_step(rough) - expected).abs() < 1e-9, "{rough}");
        }
        let line = |name: &str, v: f64| Line {
            name: name.into(),
            unit: "degC".into(),
            points: vec![(0.0, 23.0), (900.0, f64::NAN), (1800.0, v)],
        };
        let plot = Plot {
            lines: vec![
                line("film_upper_c", 45.0),
                line("heater_upper_power_w", 5.0),
            ],
            notes: vec![(720.0, "ntc_open".into())],
            notes_left_out: 0,
            end_s: 1800.0,
        };
        let drawn = svg(&plot, Some(600.0)).expect("there is something to draw");
        for part in [
            "temperature, \u{b0}C",
            "power, W",
            "time, min",
            "film upper",
            "worst",
            "#D55E00",
        ] {
            assert!(drawn.contains(part), "no `{part}`");
        }
        assert!(!drawn.contains("NaN"));
        assert!(svg(&Plot::default(), None).is_none());
    }
}
