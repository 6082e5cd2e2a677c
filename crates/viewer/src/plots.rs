//! What is plotted over time, and how: signals that share a unit share an axis.

use kneadsim_firmware::FaultCode;
use kneadsim_firmware::Mode;
use kneadsim_sim::check::Check;
use kneadsim_sim::limits::LimitKind;
use kneadsim_sim::signal::Signal;

use crate::limits;
use crate::session::Record;

/// Colours that also colour-blind eyes tell apart: Okabe and Ito 2008, sRGB.
pub mod ink {
    /// Orange.
    pub const ORANGE: [u8; 3] = [230, 159, 0];
    /// Sky blue.
    pub const SKY: [u8; 3] = [86, 180, 233];
    /// Bluish green.
    pub const GREEN: [u8; 3] = [0, 158, 115];
    /// Yellow.
    pub const YELLOW: [u8; 3] = [240, 228, 66];
    /// Vermilion.
    pub const VERMILION: [u8; 3] = [213, 94, 0];
    /// Reddish purple.
    pub const PURPLE: [u8; 3] = [204, 121, 167];
}

/// One line of a plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// What.
    pub signal: Signal,
    /// Its name in the legend.
    pub name: &'static str,
    /// Its colour, sRGB.
    pub colour: [u8; 3],
}

/// One plot: curves on one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axes {
    /// Title with unit.
    pub title: &'static str,
    /// Its curves.
    pub curves: &'static [Curve],
}

const fn curve(signal: Signal, name: &'static str, colour: [u8; 3]) -> Curve {
    Curve {
        signal,
        name,
        colour,
    }
}

/// The plots, from the heater to the motor.
pub const PLOTS: [Axes; 4] = [
    Axes {
        title: "upper zone, degC",
        curves: &[
            curve(Signal::FilmMax, "film, hottest", ink::VERMILION),
            curve(Signal::FilmUpper, "film at sensor", ink::ORANGE),
            curve(Signal::ReadUpper, "firmware reads", ink::YELLOW),
            curve(Signal::SetpointUpper, "set-point", ink::SKY),
            curve(Signal::SkinSurfaceMax, "skin, hottest", ink::PURPLE),
            curve(Signal::BasalMax, "basal, hottest", ink::GREEN),
        ],
    },
    Axes {
        title: "power, W",
        curves: &[
            curve(Signal::HeaterUpperPower, "heater, upper", ink::ORANGE),
            curve(Signal::HeaterLowerPower, "heater, lower", ink::SKY),
            curve(Signal::KneadingPower, "kneading motor", ink::GREEN),
        ],
    },
    Axes {
        title: "motor, degC",
        curves: &[
            curve(Signal::KneadingWinding, "kneading winding", ink::VERMILION),
            curve(Signal::KneadingCase, "kneading case", ink::SKY),
        ],
    },
    Axes {
        title: "dose, CEM43 min",
        curves: &[
            curve(Signal::Cem43Max, "basal layer, worst point", ink::VERMILION),
            curve(Signal::FirmwareDose, "as firmware counts it", ink::SKY),
        ],
    },
];

/// Limits to draw across a plot: value and words.
pub fn limits(axes: &Axes, checks: &[Check]) -> Vec<(f64, String)> {
    let has = |signal: Signal| axes.curves.iter().any(|c| c.signal == signal);
    limits::lines(checks, |kind| match kind {
        LimitKind::Surface { at_c, .. } if has(Signal::SkinSurfaceMax) => Some(at_c),
        LimitKind::Cem43 { below_min } if has(Signal::Cem43Max) => Some(below_min),
        _ => None,
    })
}

/// At most two points for each of `buckets` equal stretches of time: the least and the
/// greatest value of each, in the order in which they came. Gaps (NaN) stay gaps.
pub fn thinned(
    points: impl Iterator<Item = [f64; 2]>,
    from_s: f64,
    until_s: f64,
    buckets: usize,
) -> Vec<Vec<[f64; 2]>> {
    let mut stretches: Vec<Vec<[f64; 2]>> = vec![Vec::new()];
    let width = (until_s - from_s) / buckets.max(1) as f64;
    let mut bucket: Option<(i64, [f64; 2], [f64; 2])> = None;
    let close = |bucket: &mut Option<(i64, [f64; 2], [f64; 2])>, into: &mut Vec<[f64; 2]>| {
        if let Some((_, least, greatest)) = bucket.take() {
            let (first, last) = if least[0] <= greatest[0] {
                (least, greatest)
            } else {
                (greatest, least)
            };
            into.push(first);
            if last != first {
                into.push(last);
            }
        }
    };
    for point in points {
        if point[0] < from_s || point[0] > until_s {
            continue;
        }
        if !point[1].is_finite() {
            if let Some(last) = stretches.last_mut() {
                close(&mut bucket, last);
            }
            if stretches.last().is_some_and(|s| !s.is_empty()) {
                stretches.push(Vec::new());
            }
            continue;
        }
        let number = if width > 0.0 {
            ((point[0] - from_s) / width) as i64
        } else {
            0
        };
        match &mut bucket {
            Some((current, least, greatest)) if *current == number => {
                if point[1] < least[1] {
                    *least = point;
                }
                if point[1] > greatest[1] {
                    *greatest = point;
                }
            }
            _ => {
                if let Some(last) = stretches.last_mut() {
                    close(&mut bucket, last);
                }
                bucket = Some((number, point, point));
            }
        }
    }
    if let Some(last) = stretches.last_mut() {
        close(&mut bucket, last);
    }
    stretches.retain(|s| !s.is_empty());
    stretches
}

/// A stretch of time in which something was the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// From, s.
    pub from_s: f64,
    /// Until, s.
    pub until_s: f64,
    /// What it was.
    pub label: &'static str,
}

/// Modes that the firmware reported.
pub fn modes(record: &Record) -> Vec<Span> {
    spans(record, Signal::Mode, &|value| {
        Mode::ALL
            .get(value as usize)
            .map_or("?", |mode| mode.name())
    })
}

/// Faults that the firmware has latched.
pub fn faults(record: &Record) -> Vec<Span> {
    let all = spans(record, Signal::FaultCode, &|value| {
        FaultCode::ALL
            .get(value as usize)
            .map_or("?", |code| code.name())
    });
    all.into_iter().filter(|s| s.label != "none").collect()
}

fn spans(record: &Record, signal: Signal, name: &dyn Fn(f64) -> &'static str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for [time_s, value] in record.series(signal) {
        let label = name(value);
        match spans.last_mut() {
            Some(last) if last.label == label => last.until_s = time_s,
            Some(last) => {
                last.until_s = time_s;
                spans.push(Span {
                    from_s: time_s,
                    until_s: time_s,
                    label,
                });
            }
            None => spans.push(Span {
                from_s: 0.0,
                until_s: time_s,
                label,
            }),
        }
    }
    spans
}
