//! Values on a regular grid of columns, and between them.

/// Values of the pad's columns: `across` in a row, rows ascending along the pad.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Columns across.
    pub across: usize,
    /// Columns along.
    pub along: usize,
    /// Row by row.
    pub values: Vec<f64>,
}

impl Sheet {
    /// None where the number of values is another, or there are none.
    pub fn new((across, along): (usize, usize), values: &[f64]) -> Option<Sheet> {
        (across * along == values.len() && !values.is_empty()).then(|| Sheet {
            across,
            along,
            values: values.to_vec(),
        })
    }

    fn at(&self, x: usize, y: usize) -> f64 {
        self.values[y * self.across + x]
    }

    /// Between the columns' centres, bilinear; `u` and `v` are shares of the pad's
    /// width and height. Beyond the outer centres it is as at them.
    pub fn value(&self, u: f64, v: f64) -> f64 {
        let place = |share: f64, count: usize| {
            let at = (share * count as f64 - 0.5).clamp(0.0, (count - 1) as f64);
            let first = (at.floor() as usize).min(count.saturating_sub(2));
            (first, (first + 1).min(count - 1), at - first as f64)
        };
        let (x0, x1, a) = place(u, self.across);
        let (y0, y1, b) = place(v, self.along);
        let between = |from: f64, to: f64, share: f64| from + share * (to - from);
        between(
            between(self.at(x0, y0), self.at(x1, y0), a),
            between(self.at(x0, y1), self.at(x1, y1), a),
            b,
        )
    }

    /// The greatest value and the shares of width and height where it is.
    pub fn hottest(&self) -> (f64, f64, f64) {
        let best = self
            .values
            .iter()
            .enumerate()
            .fold((0, f64::NEG_INFINITY), |best, (i, v)| {
                if *v > best.1 { (i, *v) } else { best }
            });
        let centre = |i: usize, count: usize| (i as f64 + 0.5) / count as f64;
        (
            best.1,
            centre(best.0 % self.across, self.across),
            centre(best.0 / self.across, self.along),
        )
    }
}
