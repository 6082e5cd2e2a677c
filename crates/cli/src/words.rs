//! How numbers are written: margins, times, speeds.

use kneadsim_link::{Spread, Timeliness};
use kneadsim_sim::check::{Finding, Verdict};

use crate::result::seconds;

/// A margin with its unit and sign, or what stands in its place.
pub fn margin(finding: &Finding) -> String {
    match finding.margin {
        Some(m) if m.is_finite() && finding.unit == "1" => {
            format!("{}{}", sign(m), number(m.abs()))
        }
        Some(m) if m.is_finite() => {
            format!("{}{} {}", sign(m), number(m.abs()), unit(&finding.unit))
        }
        Some(m) if m > 0.0 => "held".to_string(),
        Some(_) => "broken".to_string(),
        None if finding.verdict == Verdict::Pass => "vacuous".to_string(),
        None => "undecided".to_string(),
    }
}

/// The margin in kelvin where there is one: of temperatures, and of limit lines of
/// dose and damage (how much hotter the whole history could have been).
pub fn on_common_scale(finding: &Finding) -> Option<(f64, &'static str)> {
    let own = (finding.unit == "degC").then_some(finding.margin).flatten();
    let kelvin = finding.kelvin_left.or(own)?;
    kelvin.is_finite().then_some((kelvin, "K"))
}

/// The margin on the scale that lists are ordered by: kelvin where there are any.
pub fn margin_to_compare(finding: &Finding) -> String {
    match on_common_scale(finding) {
        Some((kelvin, unit)) => format!("{}{} {unit}", sign(kelvin), number(kelvin.abs())),
        None => margin(finding),
    }
}

/// The margin in its own unit, and in kelvin where that is another.
pub fn margin_in_full(finding: &Finding) -> String {
    let own = margin(finding);
    match on_common_scale(finding) {
        Some(_) if margin_to_compare(finding) != own => {
            format!("{own} ({})", margin_to_compare(finding))
        }
        Some(_) | None => own,
    }
}

fn sign(value: f64) -> &'static str {
    if value.is_sign_negative() && value != 0.0 {
        "-"
    } else {
        "+"
    }
}

/// A margin of temperatures is a difference: kelvin.
fn unit(unit: &str) -> &str {
    if unit == "degC" { "K" } else { unit }
}

/// Three to four digits that matter.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        "0".to_string()
    } else if !(1e-3..1e5).contains(&size) {
        format!("{value:.2e}")
    } else if size < 1.0 {
        format!("{value:.3}")
    } else if size < 100.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}

/// As [`number`], but three digits of a small number too, where two are to be compared.
pub fn significant(value: f64) -> String {
    match value.abs() {
        size if !(1e-3..0.1).contains(&size) => number(value),
        size if size < 1e-2 => format!("{value:.5}"),
        _ => format!("{value:.4}"),
    }
}

/// The instant of a tick's sample, the tick's end, as minutes and seconds.
pub fn instant(tick: u32) -> String {
    clock(tick.saturating_add(1))
}

/// So many ticks after the start as minutes and seconds, `12:03.25`.
pub fn clock(tick: u32) -> String {
    let hundredths = u64::from(tick) * 100 / u64::from(kneadsim_sim::spec::TICKS_PER_S);
    format!(
        "{}:{:02}.{:02}",
        hundredths / 6000,
        hundredths / 100 % 60,
        hundredths % 100
    )
}

/// A stretch of simulated time, `30min`, `45s`, `12h30m`.
pub fn stretch(ticks: u32) -> String {
    let whole = seconds(ticks);
    let s = whole.round() as u64;
    if whole < 60.0 && whole.fract() != 0.0 {
        format!("{whole:.1}s")
    } else if s < 60 {
        format!("{s}s")
    } else if s < 3600 && s.is_multiple_of(60) {
        format!("{}min", s / 60)
    } else if s < 3600 {
        format!("{}m{:02}s", s / 60, s % 60)
    } else {
        format!("{}h{:02}m", s / 3600, s % 3600 / 60)
    }
}

/// Wall time, short.
pub fn wall(time: std::time::Duration) -> String {
    let s = time.as_secs_f64();
    if s < 0.9995 {
        format!("{:.0}ms", s * 1e3)
    } else if s < 100.0 {
        format!("{s:.1}s")
    } else {
        format!("{s:.0}s")
    }
}

/// Microseconds as milliseconds.
pub fn milliseconds(us: u64) -> String {
    let ms = us as f64 / 1e3;
    if ms < 10.0 {
        format!("{ms:.2} ms")
    } else {
        format!("{ms:.0} ms")
    }
}

/// How a run kept real time, in two lines.
pub fn timeliness(t: &Timeliness) -> [String; 2] {
    let spread = |s: &Spread| {
        format!(
            "{} (99 % {}, most {})",
            milliseconds(s.median_us),
            milliseconds(s.p99_us),
            milliseconds(s.most_us)
        )
    };
    [
        format!(
            "real time: {} of {} ticks missed, {} late at most",
            t.missed,
            t.asked,
            milliseconds(t.slip_us)
        ),
        format!(
            "answers after {}, ticks of 10 ms within {}",
            spread(&t.latency),
            spread(&t.jitter)
        ),
    ]
}

/// How many times faster than real time.
pub fn speed(factor: f64) -> String {
    if !factor.is_finite() || factor < 10.0 {
        format!("{factor:.1}x")
    } else if factor < 10_000.0 {
        format!("{factor:.0}x")
    } else if factor < 1e7 {
        format!("{:.0}kx", factor / 1e3)
    } else {
        format!("{:.0}Mx", factor / 1e6)
    }
}

/// `1 case`, `2 cases`.
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// What decided a finding, with the author's name for it where that says more.
pub fn decided(finding: &Finding) -> String {
    if finding.decided_by.is_empty() {
        finding.id.clone()
    } else {
        finding.decided_by.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn finding(margin: Option<f64>, unit: &str, verdict: Verdict) -> Finding {
        Finding {
            id: "a".to_string(),
            verdict,
            warning: false,
            margin,
            unit: unit.to_string(),
            kelvin_left: None,
            worst_tick: None,
            decided_by: String::new(),
            time_left_s: None,
            note: String::new(),
        }
    }

    #[test]
    fn margins_carry_sign_and_unit() {
        for (m, unit, verdict, expected) in [
            (Some(0.4213), "degC", Verdict::Pass, "+0.421 K"),
            (Some(-12.345), "min", Verdict::Fail, "-12.35 min"),
            (Some(0.0), "1", Verdict::Pass, "+0"),
            (Some(1e-7), "1", Verdict::Pass, "+1.00e-7"),
            (Some(f64::INFINITY), "label", Verdict::Pass, "held"),
            (Some(f64::NEG_INFINITY), "label", Verdict::Fail, "broken"),
            (None, "degC", Verdict::Inconclusive, "undecided"),
            (None, "degC", Verdict::Pass, "vacuous"),
        ] {
            assert_eq!(margin(&finding(m, unit, verdict)), expected);
        }
    }

    #[test]
    fn times_are_short_and_exact() {
        for (tick, expected) in [(0, "0:00.00"), (325, "0:03.25"), (72_325, "12:03.25")] {
            assert_eq!(clock(tick), expected);
        }
        for (ticks, expected) in [
            (50, "0.5s"),
            (4_500, "45s"),
            (180_000, "30min"),
            (9_000, "1m30s"),
            (4_500_000, "12h30m"),
        ] {
            assert_eq!(stretch(ticks), expected);
        }
        assert_eq!(wall(Duration::from_millis(183)), "183ms");
        assert_eq!(wall(Duration::from_millis(999)), "999ms");
        assert_eq!(wall(Duration::from_micros(999_700)), "1.0s");
        assert_eq!(speed(9_812.0), "9812x");
        assert_eq!(speed(12_345.0), "12kx");
    }
}
