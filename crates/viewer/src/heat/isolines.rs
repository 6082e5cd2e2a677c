//! Lines of one value on a sheet: marching squares between the columns' centres.

use super::Sheet;

/// Lines at a level as pairs of points, each in shares of the pad's width and height.
pub fn isolines(sheet: &Sheet, level: f64) -> Vec<[[f64; 2]; 2]> {
    let mut lines = Vec::new();
    for y in 0..sheet.along.saturating_sub(1) {
        for x in 0..sheet.across.saturating_sub(1) {
            square(sheet, level, x, y, &mut lines);
        }
    }
    lines
}

/// The lines through the square between four centres.
fn square(sheet: &Sheet, level: f64, x: usize, y: usize, lines: &mut Vec<[[f64; 2]; 2]>) {
    // Corners in order around the square.
    let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)];
    let values = corners.map(|(x, y)| sheet.values[y * sheet.across + x]);
    if values.iter().any(|v| !v.is_finite()) {
        return;
    }
    let mut crossings = Vec::with_capacity(4);
    for edge in 0..4 {
        let (from, to) = (edge, (edge + 1) % 4);
        if (values[from] >= level) != (values[to] >= level) {
            let share = (level - values[from]) / (values[to] - values[from]);
            let along = |a: usize, b: usize, count: usize| {
                (a as f64 + share * (b as f64 - a as f64) + 0.5) / count as f64
            };
            crossings.push([
                along(corners[from].0, corners[to].0, sheet.across),
                along(corners[from].1, corners[to].1, sheet.along),
            ]);
        }
    }
    match crossings[..] {
        [a, b] => lines.push([a, b]),
        // A saddle: the mean decides which corners belong together.
        [a, b, c, d] => {
            let mean = values.iter().sum::<f64>() / 4.0;
            if (mean >= level) == (values[0] >= level) {
                lines.extend([[a, b], [c, d]]);
            } else {
                lines.extend([[a, d], [b, c]]);
            }
        }
        _ => {}
    }
}
