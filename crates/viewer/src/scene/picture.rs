//! Pictures of the field for the scene: its top as a map, its cut as layers over depth.

use kneadsim_plant::{Field, Place};

use crate::heat::{Plane, Scale, colour};

/// Pixels across and along the map.
pub const MAP: (u32, u32) = (128, 192);
/// Pixels across and down the cut.
pub const CUT: (u32, u32) = (128, 128);
/// How deep the cut shows the body, m.
pub const CUT_DEPTH_M: f64 = 0.03;

/// A layer's map as RGBA, rows from the far end of the pad to the near one.
pub fn map(plane: &Plane, scale: &Scale) -> Vec<u8> {
    let (width, height) = MAP;
    let mut pixels = Vec::with_capacity((4 * width * height) as usize);
    for y in 0..height {
        let v = 1.0 - (f64::from(y) + 0.5) / f64::from(height);
        for x in 0..width {
            let u = (f64::from(x) + 0.5) / f64::from(width);
            push(&mut pixels, plane.value(u, v), scale);
        }
    }
    pixels
}

/// Temperatures over depth along the line at `v`, as RGBA: the top row is the back of
/// the pad, the lowest [`CUT_DEPTH_M`] inside the body. Between cells as they lie.
pub fn cut(field: &Field, size_m: (f64, f64), v: f64, scale: &Scale) -> Vec<u8> {
    let (width, height) = CUT;
    let mut columns: Vec<(usize, Vec<(f64, f64)>)> = Vec::new();
    let mut pixels = vec![0; (4 * width * height) as usize];
    for x in 0..width {
        let u = (f64::from(x) + 0.5) / f64::from(width);
        let place = Place {
            x_m: u * size_m.0,
            y_m: v.clamp(0.0, 1.0) * size_m.1,
        };
        let column = field.column_at(place);
        if columns.last().is_none_or(|(last, _)| *last != column) {
            let profile = field.profile(column);
            let cells = profile.iter().map(|(depth_m, c, _)| (*depth_m, *c));
            columns.push((column, cells.collect()));
        }
        let Some((_, profile)) = columns.last() else {
            continue;
        };
        let top_m = top_m(profile);
        for y in 0..height {
            let share = (f64::from(y) + 0.5) / f64::from(height);
            let depth_m = top_m + share * (CUT_DEPTH_M - top_m);
            let mut pixel = Vec::with_capacity(4);
            push(&mut pixel, at_depth(profile, depth_m), scale);
            let at = (4 * (y * width + x)) as usize;
            pixels[at..at + 4].copy_from_slice(&pixel);
        }
    }
    pixels
}

/// Where the uppermost cell is, m: negative, outside of the body.
pub fn top_m(profile: &[(f64, f64)]) -> f64 {
    profile.first().map_or(0.0, |(depth_m, _)| *depth_m)
}

/// Temperature at a depth, between the cells' centres.
pub fn at_depth(profile: &[(f64, f64)], depth_m: f64) -> f64 {
    let next = profile.partition_point(|(d, _)| *d <= depth_m);
    match (profile.get(next.wrapping_sub(1)), profile.get(next)) {
        (Some((d0, c0)), Some((d1, c1))) => c0 + (c1 - c0) * (depth_m - d0) / (d1 - d0),
        (Some((_, c)), None) | (None, Some((_, c))) => *c,
        (None, None) => f64::NAN,
    }
}

fn push(pixels: &mut Vec<u8>, value: f64, scale: &Scale) {
    let [r, g, b] = colour(scale.share(value));
    pixels.extend([r, g, b, 255]);
}
