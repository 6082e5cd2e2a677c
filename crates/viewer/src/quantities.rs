//! What is written on the command line, as numbers.

use kneadsim_viewer::heat::Layer;

/// Ticks.
pub fn duration(text: &str) -> Result<u32, String> {
    let units = [
        ("ms", 0.1),
        ("min", 6_000.0),
        ("s", 100.0),
        ("h", 360_000.0),
    ];
    let found = units.iter().find_map(|(unit, ticks)| {
        let number: f64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        Some(number * ticks)
    });
    match found {
        Some(ticks) if (0.0..=8_640_000.0).contains(&ticks) => Ok(ticks.round() as u32),
        _ => Err("a time of at most 24h is wanted: \"600s\", \"10min\"".to_owned()),
    }
}

pub fn size(text: &str) -> Result<(u32, u32), String> {
    let parsed = text
        .split_once('x')
        .and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    match parsed {
        Some((w, h)) if (320..=8_192).contains(&w) && (240..=8_192).contains(&h) => Ok((w, h)),
        _ => Err("a size is wanted, 320x240 to 8192x8192".to_owned()),
    }
}

pub fn layer(text: &str) -> Result<Layer, String> {
    let names = ["film", "cover", "skin", "basal", "dose"];
    let found = names.iter().position(|name| *name == text);
    found
        .map(|i| Layer::ALL[i])
        .ok_or_else(|| format!("allowed: {}", names.join(", ")))
}

pub fn cursor(text: &str) -> Result<[f64; 2], String> {
    let parsed = text
        .split_once(',')
        .and_then(|(u, v)| Some([u.trim().parse().ok()?, v.trim().parse().ok()?]));
    match parsed {
        Some(at @ [u, v]) if (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v) => Ok(at),
        _ => Err("two shares from 0 to 1 are wanted: 0.35,0.7".to_owned()),
    }
}

/// Times real time.
pub fn speed(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('x').parse() {
        Ok(speed) if (0.01..=10_000.0).contains(&speed) => Ok(speed),
        _ => Err("a number from 0.01 to 10000 is wanted".to_owned()),
    }
}
