//! What is plotted over time, and how: signals that share a unit share an axis.

mod lanes;
mod thin;

use kneadsim_plant::{ArrheniusSet, TICK_S};
use kneadsim_sim::check::Check;
use kneadsim_sim::limits::LimitKind;
use kneadsim_sim::signal::Signal;

use crate::limits;
use crate::session::Record;

pub use lanes::{Span, faults, modes, relay, standings};
pub use thin::thinned;

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
    /// Unit of a difference.
    pub unit: &'static str,
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

/// The plots, from the heater to the dose: each shows one of its pages at a time.
pub const PLOTS: [&[Axes]; 4] = [
    &[
        Axes {
            title: "upper zone, degC",
            unit: "K",
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
            title: "lower zone, degC",
            unit: "K",
            curves: &[
                curve(Signal::FilmMax, "film, hottest", ink::VERMILION),
                curve(Signal::FilmLower, "film at sensor", ink::ORANGE),
                curve(Signal::ReadLower, "firmware reads", ink::YELLOW),
                curve(Signal::SetpointLower, "set-point", ink::SKY),
                curve(Signal::SkinSurfaceMax, "skin, hottest", ink::PURPLE),
                curve(Signal::BasalMax, "basal, hottest", ink::GREEN),
            ],
        },
    ],
    &[
        Axes {
            title: "power, W",
            unit: "W",
            curves: &[
                curve(Signal::HeaterUpperPower, "upper heater", ink::ORANGE),
                curve(Signal::HeaterLowerPower, "lower heater", ink::SKY),
                curve(Signal::KneadingPower, "kneading motor", ink::GREEN),
            ],
        },
        Axes {
            title: "duty, 1",
            unit: "1",
            curves: &[
                curve(Signal::HeaterUpperDuty, "upper heater", ink::ORANGE),
                curve(Signal::HeaterLowerDuty, "lower", ink::SKY),
                curve(Signal::KneadingDuty, "kneading", ink::GREEN),
                curve(Signal::VibrationDuty, "vibration", ink::PURPLE),
            ],
        },
    ],
    &[
        Axes {
            title: "kneading motor, degC",
            unit: "K",
            curves: &[
                curve(Signal::KneadingWinding, "winding", ink::VERMILION),
                curve(Signal::KneadingCase, "case", ink::SKY),
            ],
        },
        Axes {
            title: "vibration motor, degC",
            unit: "K",
            curves: &[
                curve(Signal::VibrationWinding, "winding", ink::VERMILION),
                curve(Signal::VibrationCase, "case", ink::SKY),
            ],
        },
        Axes {
            title: "currents, A",
            unit: "A",
            curves: &[
                curve(Signal::KneadingCurrent, "kneading", ink::GREEN),
                curve(Signal::VibrationCurrent, "vibration", ink::PURPLE),
                curve(Signal::SupplyCurrent, "supply", ink::SKY),
            ],
        },
    ],
    &[
        Axes {
            title: "dose, CEM43 min",
            unit: "min",
            curves: &[
                curve(Signal::Cem43Max, "basal layer, worst point", ink::VERMILION),
                curve(Signal::FirmwareDose, "as firmware counts it", ink::SKY),
            ],
        },
        Axes {
            title: "damage, 1",
            unit: "1",
            curves: &[
                curve(Signal::OmegaHenriques, "Henriques", ink::VERMILION),
                curve(Signal::OmegaWeaverStoll, "Weaver-Stoll", ink::ORANGE),
                curve(Signal::OmegaTakata, "Takata", ink::SKY),
                curve(Signal::OmegaDiller, "Diller", ink::GREEN),
            ],
        },
    ],
];

/// Of each plot the page that is shown.
pub type Pages = [usize; PLOTS.len()];

/// Turns to the page whose title begins so.
///
/// # Errors
/// The titles that there are.
pub fn turn_to(pages: &mut Pages, title: &str) -> Result<(), String> {
    let begins = |axes: &&Axes| axes.title.starts_with(title);
    for (shown, plot) in pages.iter_mut().zip(PLOTS) {
        if let Some(page) = plot.iter().position(|axes| begins(&axes)) {
            *shown = page;
            return Ok(());
        }
    }
    let names = PLOTS.iter().flat_map(|plot| plot.iter());
    let names: Vec<&str> = names
        .map(|axes| axes.title.split(',').next().unwrap_or_default())
        .collect();
    Err(format!("allowed: {}", names.join(", ")))
}

/// What a signal was in one run less what it was in another, at the first one's times.
pub fn difference(
    first: &Record,
    second: &Record,
    signal: Signal,
) -> impl Iterator<Item = [f64; 2]> {
    let mut others = second.rows().iter().peekable();
    let mut last = None;
    first.rows().iter().map(move |row| {
        while let Some(other) = others.next_if(|other| other.tick <= row.tick) {
            last = Some(other);
        }
        // Where the second run is over, or is yet to come there, is nothing to compare.
        let known = last.filter(|other| other.tick == row.tick || others.peek().is_some());
        let other = known.map_or(f64::NAN, |other| other.values[signal as usize]);
        let time_s = f64::from(row.tick) * TICK_S;
        [time_s, row.values[signal as usize] - other]
    })
}

/// Limits to draw across a plot: value and words.
pub fn limits(axes: &Axes, checks: &[Check]) -> Vec<(f64, String)> {
    let has = |signal: Signal| axes.curves.iter().any(|c| c.signal == signal);
    limits::lines(checks, |kind| match kind {
        LimitKind::Surface { at_c, .. } if has(Signal::SkinSurfaceMax) => Some(at_c),
        LimitKind::Cem43 { below_min } if has(Signal::Cem43Max) => Some(below_min),
        LimitKind::Arrhenius { set, below } if has(omega(set)) => Some(below),
        _ => None,
    })
}

fn omega(set: ArrheniusSet) -> Signal {
    match set {
        ArrheniusSet::Henriques => Signal::OmegaHenriques,
        ArrheniusSet::WeaverStoll => Signal::OmegaWeaverStoll,
        ArrheniusSet::Takata => Signal::OmegaTakata,
        ArrheniusSet::Diller => Signal::OmegaDiller,
    }
}
