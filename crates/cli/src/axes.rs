//! The box, the ticks and the colours of the plots in reports. Colours are Okabe and
//! Ito's.

use std::fmt::Write;

use crate::html::escape;

/// Width of a picture, px.
pub const WIDTH: f64 = 860.0;
/// Room left of the box, px.
pub const LEFT: f64 = 64.0;
/// Room right of the box, px.
pub const RIGHT: f64 = 16.0;
/// What held, or what is good.
pub const BLUE: &str = "#0072B2";
/// What did not hold, or what stands out.
pub const VERMILION: &str = "#D55E00";
/// What says nothing.
pub const GREY: &str = "#9aa5b1";

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

/// A tick's number.
pub fn label(value: f64) -> String {
    // -0.0 and the last digits of a sum of steps are not shown.
    let rounded = format!("{:.4}", value + 0.0);
    rounded
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// The box of a plot: its range, and where it lies in the picture.
pub struct Axes {
    /// Range across.
    pub across: (f64, f64),
    /// Range up.
    pub up: (f64, f64),
    /// Room above the box, px.
    pub above: f64,
    /// Height of the box, px.
    pub height: f64,
}

impl Axes {
    /// Room below the box for ticks and the axis's name, px.
    const BELOW: f64 = 44.0;

    /// Place of a value across, px.
    pub fn x(&self, value: f64) -> f64 {
        let (min, max) = self.across;
        LEFT + (value - min) / (max - min) * (WIDTH - LEFT - RIGHT)
    }

    /// Place of a value up, px.
    pub fn y(&self, value: f64) -> f64 {
        let (min, max) = self.up;
        self.above + self.height * (1.0 - (value - min) / (max - min))
    }

    /// The box's lower edge, px.
    pub fn foot(&self) -> f64 {
        self.above + self.height
    }

    /// Opens the picture and draws lines across with their numbers.
    pub fn open(&self, title: &str, lines: f64) -> String {
        let mut s = open(self.foot() + Self::BELOW, title);
        for tick in ticks(self.up.0, self.up.1, lines) {
            let y = self.y(tick);
            let _ = write!(
                s,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 6.0,
                y + 4.0,
                label(tick)
            );
        }
        s
    }

    /// A text below the box.
    pub fn below(&self, s: &mut String, at: f64, text: &str) {
        let _ = write!(
            s,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{text}</text>",
            self.x(at),
            self.foot() + 16.0
        );
    }

    /// Numbers below the box.
    pub fn numbers_below(&self, s: &mut String) {
        for tick in ticks(self.across.0, self.across.1, 8.0) {
            self.below(s, tick, &label(tick));
        }
    }

    /// Draws the frame with the axes' names and closes the picture.
    pub fn close(&self, s: &mut String, across: &str, up: &str) {
        let _ = writeln!(
            s,
            "<path class=\"frame\" d=\"M{LEFT} {0}V{1:.1}H{2}\"/>\
             <text class=\"axis\" x=\"{3:.1}\" y=\"{4:.1}\" text-anchor=\"middle\">{5}</text>\
             <text class=\"axis\" transform=\"translate(14 {6:.1}) rotate(-90)\" text-anchor=\"middle\">{7}</text></svg>",
            self.above,
            self.foot(),
            WIDTH - RIGHT,
            (LEFT + WIDTH - RIGHT) / 2.0,
            self.foot() + 36.0,
            escape(across),
            self.above + self.height / 2.0,
            escape(up)
        );
    }
}

/// Opens a picture of this height, px.
pub fn open(height: f64, title: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">\n",
        escape(title)
    )
}
