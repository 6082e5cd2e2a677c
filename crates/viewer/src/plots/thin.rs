//! Curves with as many points as a screen can show.

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
