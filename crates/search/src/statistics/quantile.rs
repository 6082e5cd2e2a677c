//! Quantiles and histograms.

/// The value below which the share `p` of sorted values lies, straight lines
/// between neighbours (type 7 of Hyndman and Fan, Amer. Statist. 50 (1996)
/// 361-365, as numpy and R have it); none of no values.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = libm::floor(place) as usize;
    let above = (below + 1).min(last);
    let share = place - below as f64;
    Some(sorted[below] * (1.0 - share) + sorted[above] * share)
}

/// Counts in so many equal bins between the smallest and the greatest value of
/// sorted values; nothing of no values.
pub fn histogram(sorted: &[f64], bins: usize) -> Vec<usize> {
    let (Some(min), Some(max)) = (sorted.first(), sorted.last()) else {
        return Vec::new();
    };
    let mut counts = vec![0; bins];
    for value in sorted {
        let place = if max > min {
            (value - min) / (max - min)
        } else {
            0.0
        };
        counts[((place * bins as f64) as usize).min(bins - 1)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_numpy() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        let rows = [(0.0, 1.0), (0.1, 1.3), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)];
        for (p, wanted) in rows {
            let found = quantile(&sorted, p).expect("there are values");
            assert!((found - wanted).abs() < 1e-12, "{p}: {found}");
        }
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[7.0], 0.3), Some(7.0));
    }

    #[test]
    fn a_histogram_counts_every_value_once() {
        assert_eq!(histogram(&[0.0, 0.1, 0.5, 0.99, 1.0], 2), [2, 3]);
        assert_eq!(histogram(&[3.0, 3.0], 4), [2, 0, 0, 0]);
        assert_eq!(histogram(&[], 4), [0; 0]);
    }
}
