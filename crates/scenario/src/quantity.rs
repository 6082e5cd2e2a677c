//! Numbers with units: `12.0` in the key's own unit, or `"12 W"`.

pub(crate) use kneadsim_sim::excerpt::shorten;
use kneadsim_sim::spec::TICKS_PER_S;

use crate::document::{Node, Value};
use crate::mistake::Reporter;

/// One tick, ms.
pub(crate) const TICK_MS: f64 = 1000.0 / TICKS_PER_S as f64;

/// Units that can be converted into each other: name, what it measures, and
/// `value * factor + offset` in that family's first unit.
const UNITS: &[(&str, &str, f64, f64)] = &[
    ("degC", "temperature", 1.0, 0.0),
    ("°C", "temperature", 1.0, 0.0),
    ("C", "temperature", 1.0, 0.0),
    ("degF", "temperature", 5.0 / 9.0, -160.0 / 9.0),
    ("°F", "temperature", 5.0 / 9.0, -160.0 / 9.0),
    ("K", "temperature difference", 1.0, 0.0),
    ("mK", "temperature difference", 1e-3, 0.0),
    ("s", "time", 1.0, 0.0),
    ("ms", "time", 1e-3, 0.0),
    ("min", "time", 60.0, 0.0),
    ("h", "time", 3600.0, 0.0),
    ("W", "power", 1.0, 0.0),
    ("mW", "power", 1e-3, 0.0),
    ("kW", "power", 1e3, 0.0),
    ("J", "energy", 1.0, 0.0),
    ("kJ", "energy", 1e3, 0.0),
    ("Wh", "energy", 3600.0, 0.0),
    ("V", "voltage", 1.0, 0.0),
    ("mV", "voltage", 1e-3, 0.0),
    ("A", "current", 1.0, 0.0),
    ("mA", "current", 1e-3, 0.0),
    ("ohm", "resistance", 1.0, 0.0),
    ("mohm", "resistance", 1e-3, 0.0),
    ("kohm", "resistance", 1e3, 0.0),
    ("Ah", "charge", 1.0, 0.0),
    ("mAh", "charge", 1e-3, 0.0),
    ("H", "inductance", 1.0, 0.0),
    ("mH", "inductance", 1e-3, 0.0),
    ("m", "length", 1.0, 0.0),
    ("cm", "length", 1e-2, 0.0),
    ("mm", "length", 1e-3, 0.0),
    ("N", "force", 1.0, 0.0),
    ("Nm", "torque", 1.0, 0.0),
    ("mNm", "torque", 1e-3, 0.0),
    ("Pa", "pressure", 1.0, 0.0),
    ("kPa", "pressure", 1e3, 0.0),
    ("mmHg", "pressure", 133.322387415, 0.0),
    ("1", "share", 1.0, 0.0),
    ("%", "share", 1e-2, 0.0),
    ("deg", "angle", 1.0, 0.0),
    ("rad", "angle", 180.0 / std::f64::consts::PI, 0.0),
    ("rpm", "speed", 1.0, 0.0),
];

/// Converts between units; `None` when they do not measure the same.
pub(crate) fn convert(value: f64, from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(value);
    }
    let find = |name: &str| UNITS.iter().find(|u| u.0 == name);
    let (a, b) = (find(from)?, find(to)?);
    if a.1 != b.1 {
        return None;
    }
    if a.2 == b.2 && a.3 == b.3 {
        return Some(value);
    }
    // 0.1 % and 250 ms come out as the decimal they are: divide by whole factors where there are any.
    let base = if a.2 < 1.0 && a.3 == 0.0 {
        value / (1.0 / a.2).round_if_near()
    } else {
        value * a.2 + a.3
    };
    Some(if b.2 < 1.0 && b.3 == 0.0 {
        base * (1.0 / b.2).round_if_near()
    } else {
        (base - b.3) / b.2
    })
}

trait RoundIfNear {
    fn round_if_near(self) -> Self;
}

impl RoundIfNear for f64 {
    fn round_if_near(self) -> f64 {
        let whole = self.round();
        if (self - whole).abs() < 1e-9 * whole.abs() {
            whole
        } else {
            self
        }
    }
}

/// Units that may be written where `unit` is wanted.
pub(crate) fn units_like(unit: &str) -> Vec<&'static str> {
    match UNITS.iter().find(|u| u.0 == unit) {
        Some(known) => UNITS
            .iter()
            .filter(|u| u.1 == known.1)
            .map(|u| u.0)
            .collect(),
        None => Vec::new(),
    }
}

/// Splits `"12.5 W"` into its number and what follows.
pub(crate) fn split_number(text: &str) -> Option<(f64, &str)> {
    let text = text.trim_start();
    let bytes = text.as_bytes();
    let mut end = 0;
    let digits = |mut at: usize| {
        while bytes
            .get(at)
            .is_some_and(|b| b.is_ascii_digit() || *b == b'_')
        {
            at += 1;
        }
        at
    };
    if matches!(bytes.first(), Some(b'+' | b'-')) {
        end = 1;
    }
    let first = end;
    end = digits(end);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if end == first || text[first..end].bytes().all(|b| b == b'.' || b == b'_') {
        return None;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let after = digits(end + 1 + sign);
        if after > end + 1 + sign {
            end = after;
        }
    }
    let value: f64 = text[..end].replace('_', "").parse().ok()?;
    value.is_finite().then(|| (value, text[end..].trim()))
}

/// A number in `unit`, from a number or from text with a unit.
pub(crate) fn number(node: &Node, name: &str, unit: &str, reporter: &mut Reporter) -> Option<f64> {
    match &node.value {
        Value::Number(v) => Some(*v),
        Value::Whole(v) => Some(*v as f64),
        Value::Text(text) => match parse_with_unit(text, unit) {
            Ok(v) => Some(v),
            Err(why) => {
                reporter.mistake(node.place, format!("`{name}` {why}"));
                None
            }
        },
        Value::Flag(_) | Value::Date | Value::List(_) | Value::Table(_) => {
            reporter.mistake(
                node.place,
                format!(
                    "`{name}` must be a number{}, not {}",
                    in_unit(unit),
                    node.kind()
                ),
            );
            None
        }
    }
}

/// A number in `unit` from text like `"12 W"`; the error is the rest of a sentence about the key.
pub(crate) fn parse_with_unit(text: &str, unit: &str) -> Result<f64, String> {
    let short = shorten(text);
    let Some((value, written)) = split_number(text) else {
        return Err(format!(
            "must be a number{}, not the text \"{short}\"",
            in_unit(unit)
        ));
    };
    if written.is_empty() {
        return Err(format!(
            "is the text \"{short}\": write the number without quotes, or with its unit"
        ));
    }
    match convert(value, written, unit) {
        Some(v) if v.is_finite() => Ok(v),
        Some(_) => Err(format!("is \"{short}\", too large a number")),
        None => {
            let allowed = units_like(unit);
            let allowed = if allowed.is_empty() {
                format!("`{unit}`")
            } else {
                listed(&allowed)
            };
            Err(format!(
                "has the unit `{}`, allowed {allowed}",
                shorten(written)
            ))
        }
    }
}

/// Ticks from a text like `"500ms"`, `"30min"`, `"1h 30min"`.
pub(crate) fn duration(node: &Node, name: &str, reporter: &mut Reporter) -> Option<u32> {
    let why = match &node.value {
        Value::Text(text) => match parse_duration(text) {
            Ok(ticks) => return Some(ticks),
            Err(why) => format!("`{name}` {why}"),
        },
        Value::Whole(_) | Value::Number(_) => {
            let written = reporter.slice(node.place).to_owned();
            format!("`{name}` is {written} without a unit, say \"{written}s\"")
        }
        Value::Flag(_) | Value::Date | Value::List(_) | Value::Table(_) => {
            format!(
                "`{name}` must be a duration like \"5s\", not {}",
                node.kind()
            )
        }
    };
    reporter.mistake(node.place, why);
    None
}

/// Ticks from a text; the error is the rest of a sentence about the key.
pub(crate) fn parse_duration(text: &str) -> Result<u32, String> {
    let short = shorten(text);
    let wrong =
        || format!("is \"{short}\", not a duration like \"500ms\", \"5s\", \"30min\" or \"1h\"");
    let mut rest = text.trim();
    let mut total_ms = 0.0;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let (value, after) = split_number(rest).ok_or_else(wrong)?;
        if value < 0.0 {
            return Err(format!("is \"{short}\", a time cannot be negative"));
        }
        let end = after
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(after.len());
        let unit = &after[..end];
        if unit.is_empty() {
            return Err(format!(
                "is \"{short}\" without a unit, allowed `ms`, `s`, `min`, `h`"
            ));
        }
        total_ms += value
            * match unit {
                "ms" => 1.0,
                "s" => 1e3,
                "min" => 6e4,
                "h" => 3.6e6,
                _ => {
                    return Err(format!(
                        "has the unit `{}`, allowed `ms`, `s`, `min`, `h`",
                        shorten(unit)
                    ));
                }
            };
        rest = after[end..].trim_start();
    }
    let ticks = (total_ms / TICK_MS).round();
    if ticks > f64::from(u32::MAX / 2) {
        return Err(format!("is \"{short}\", longer than anything allowed here"));
    }
    // A microsecond of rounding is forgiven: 0.07 s is 70.00000000000001 ms.
    if (total_ms - ticks * TICK_MS).abs() > 1e-3 {
        return Err(format!(
            "is \"{short}\", not a multiple of the {TICK_MS} ms tick"
        ));
    }
    Ok(ticks as u32)
}

/// A duration as it is written: the largest unit that divides it.
pub(crate) fn show_duration(ticks: u32) -> String {
    let ms = u64::from(ticks) * TICK_MS as u64;
    match ms {
        0 => "0s".to_owned(),
        _ if ms.is_multiple_of(3_600_000) => format!("{}h", ms / 3_600_000),
        _ if ms.is_multiple_of(60_000) => format!("{}min", ms / 60_000),
        _ if ms.is_multiple_of(1000) => format!("{}s", ms / 1000),
        _ => format!("{ms}ms"),
    }
}

/// A number as it is written in a message: the shortest text that reads back the same.
pub(crate) fn show_number(value: f64) -> String {
    if value != 0.0 && (value.abs() >= 1e9 || value.abs() < 1e-4) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

/// "`a`, `b`, `c`".
pub(crate) fn listed(names: &[&str]) -> String {
    names
        .iter()
        .map(|n| format!("`{n}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn in_unit(unit: &str) -> String {
    if unit == "1" || unit.is_empty() {
        String::new()
    } else {
        format!(" in {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_ticks_or_say_what_is_wrong() {
        for (text, want) in [
            ("500ms", Ok(50)),
            ("30min", Ok(180_000)),
            ("1h 30min", Ok(540_000)),
            ("1min30s", Ok(9000)),
            ("0.07s", Ok(7)),
            ("0s", Ok(0)),
            (
                "5",
                Err("is \"5\" without a unit, allowed `ms`, `s`, `min`, `h`"),
            ),
            ("5ms", Err("is \"5ms\", not a multiple of the 10 ms tick")),
            ("-5s", Err("is \"-5s\", a time cannot be negative")),
            (
                "5 days",
                Err("has the unit `days`, allowed `ms`, `s`, `min`, `h`"),
            ),
            (
                "",
                Err("is \"\", not a duration like \"500ms\", \"5s\", \"30min\" or \"1h\""),
            ),
            (
                "1e300h",
                Err("is \"1e300h\", longer than anything allowed here"),
            ),
            (
                "1e308h 1e308h",
                Err("is \"1e308h 1e308h\", longer than anything allowed here"),
            ),
            (
                "1e308h -1e308h",
                Err("is \"1e308h -1e308h\", a time cannot be negative"),
            ),
            ("20s -5s", Err("is \"20s -5s\", a time cannot be negative")),
        ] {
            assert_eq!(parse_duration(text), want.map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn numbers_with_units_convert_to_the_keys_unit() {
        for (text, unit, want) in [
            ("12 W", "W", 12.0),
            ("1.2kPa", "kPa", 1.2),
            ("1200 Pa", "kPa", 1.2),
            ("113 degF", "degC", 45.0),
            ("45 °C", "degC", 45.0),
            ("150 mohm", "ohm", 0.15),
            ("20 cm", "m", 0.2),
            ("15 %", "1", 0.15),
            ("2 min", "s", 120.0),
            ("-1e1 K", "K", -10.0),
            ("630 J/m2K", "J/m2K", 630.0),
        ] {
            let got = parse_with_unit(text, unit).unwrap();
            assert!((got - want).abs() < 1e-12, "{text}: {got}");
        }
    }

    #[test]
    fn a_shown_duration_reads_back_the_same() {
        for ticks in [0, 1, 25, 100, 6000, 360_000, 123_457] {
            assert_eq!(parse_duration(&show_duration(ticks)), Ok(ticks));
        }
    }
}
