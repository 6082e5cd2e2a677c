//! What `run` prints: a line per case, what to look at, a summary.

use std::path::Path;

use kneadsim_firmware::FaultCode;
use kneadsim_scenario::Case;
use kneadsim_sim::check::Finding;

use crate::console::{Console, Tone, fit, one_line};
use crate::report::Report;
use crate::result::{CaseResult, CaseVerdict, finding_word, tightest_by_unit};
use crate::words;
use crate::{bundle, mistakes};

/// Widths of the two columns that hold names, and how many of the last ones there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    name: usize,
    decided: usize,
    lesser: usize,
}

/// Columns of what is always there but the two names: the verdict's 5, margin 11, instant 8,
/// and a space between each.
const FIXED: usize = 5 + 11 + 8 + 4;
/// The columns that a narrow terminal does without, from the last one on.
const LESSER: [(&str, usize); 4] = [("length", 6), ("wall", 5), ("speed", 5), ("digest", 12)];
/// What decided keeps at least this: `skin_surface_max_c < 43`.
const DECIDED_LEAST: usize = 23;
/// A name keeps at least this.
const NAME_LEAST: usize = 16;

impl Layout {
    /// Names get what they need, as long as what decided keeps its least.
    pub fn of(cases: &[Case], width: usize) -> Self {
        let taken = |lesser: usize| -> usize {
            FIXED + LESSER[..lesser].iter().map(|(_, w)| w + 1).sum::<usize>()
        };
        let fits = |n: &usize| taken(*n) + NAME_LEAST + DECIDED_LEAST <= width;
        let lesser = (0..=LESSER.len()).rev().find(fits).unwrap_or(0);
        let room = width.saturating_sub(taken(lesser)).max(2 * NAME_LEAST);
        let longest = cases
            .iter()
            .map(|c| c.name.chars().count())
            .max()
            .unwrap_or(0);
        let decided_least = DECIDED_LEAST.min(room - NAME_LEAST);
        let name = longest.clamp(NAME_LEAST, room - decided_least);
        Self {
            name,
            decided: room - name,
            lesser,
        }
    }

    /// The last columns of a line, as far as there is room for them.
    fn lesser(&self, values: [&str; LESSER.len()]) -> String {
        LESSER
            .iter()
            .zip(values)
            .take(self.lesser)
            .map(|((name, width), value)| match *name {
                "digest" => format!(" {value}"),
                _ => format!(" {value:>width$}"),
            })
            .collect()
    }
}

/// The names of the columns.
pub fn header(layout: &Layout, console: Console) -> String {
    let line = format!(
        "{:5} {:name$} {:>11} {:decided$} {:>8}{}",
        "",
        "case",
        "margin",
        "decided by",
        "at",
        layout.lesser(LESSER.map(|(name, _)| name)),
        name = layout.name,
        decided = layout.decided
    );
    console.paint(Tone::Faint, &line) + "\n"
}

/// The tone of an outcome.
pub fn tone(verdict: CaseVerdict) -> Tone {
    match verdict {
        CaseVerdict::Pass => Tone::Good,
        CaseVerdict::Inconclusive => Tone::Doubtful,
        CaseVerdict::Fail => Tone::Bad,
        CaseVerdict::Degraded | CaseVerdict::Lost | CaseVerdict::Error => Tone::Broken,
    }
}

/// One case: its line, then whatever is not a plain pass.
pub fn case(result: &CaseResult, layout: &Layout, console: Console) -> String {
    let word = result.verdict.word();
    // A long verdict takes its room from the name, so that the columns stay where they are.
    let lead = word.len().max(5);
    let name = layout.name + 5 - lead;
    let (margin, decided, when) = match result.tightest() {
        Some(f) => (
            words::margin_to_compare(f),
            words::decided(f),
            f.worst_tick.map(words::instant).unwrap_or_default(),
        ),
        None => ("-".to_string(), String::new(), String::new()),
    };
    let digest = result
        .digest_hex()
        .map(|d| d[..12].to_string())
        .unwrap_or_default();
    let line = format!(
        "{} {:name$} {:>11} {:decided$} {:>8}{}",
        console.paint(tone(result.verdict), &format!("{word:5}")),
        fit(&short_name(&result.case, name), name),
        fit(&margin, 11),
        fit(&one_line(&decided), layout.decided),
        when,
        layout.lesser([
            &words::stretch(result.ticks),
            &words::wall(result.wall),
            &words::speed(result.real_time_factor()),
            &digest,
        ]),
        decided = layout.decided,
    );
    let mut text = format!("{}\n", line.trim_end());
    for detail in details(result, console) {
        text.push_str(&detail);
        text.push('\n');
    }
    text
}

/// The case's name; with the matrix values alone, without their keys, where it is too long.
fn short_name(case: &Case, width: usize) -> String {
    let name = one_line(&case.name);
    match name.split_once('[') {
        Some((file, _)) if name.chars().count() > width && !case.values.is_empty() => {
            let values: Vec<&str> = case
                .values
                .iter()
                .map(|(_, v)| v.trim_matches('"'))
                .collect();
            one_line(&format!("{file}[{}]", values.join(",")))
        }
        Some(_) | None => name,
    }
}

fn details(result: &CaseResult, console: Console) -> Vec<String> {
    let mut lines = Vec::new();
    for warning in &result.case.warnings {
        let shown = mistakes::render(warning, console.colour);
        lines.push(format!(
            "      warning: {}",
            shown.replace('\n', "\n      ")
        ));
    }
    if let Some(reason) = &result.broken_off {
        lines.push(format!("      {}", one_line(reason)));
    }
    if let Some((timeliness, _)) = &result.timeliness {
        let texts = words::timeliness(timeliness);
        lines.extend(texts.map(|text| format!("      {}", console.paint(Tone::Faint, &text))));
    }
    lines.extend(
        result
            .to_look_at()
            .map(|f| format!("      {}", finding(f, console))),
    );
    lines.extend(
        ending(result)
            .into_iter()
            .map(|text| format!("      {text}")),
    );
    if let Some(folder) = &result.bundle {
        let path = bundle::arguments(result, &folder.join(bundle::SCENARIO));
        let repeat = format!("repeat: kneadsim run {path}");
        lines.push(format!("      {}", console.paint(Tone::Faint, &repeat)));
    }
    lines
}

/// In what the firmware of a case that did not hold ended, and how often it was
/// reset: often that explains the rest.
pub fn ending(result: &CaseResult) -> Vec<String> {
    if result.verdict == CaseVerdict::Pass {
        return Vec::new();
    }
    let resets = result.watchdog_resets;
    let bitten = (resets > 0).then(|| {
        let times = words::count(resets as usize, "time");
        format!("the watchdog reset the chip {times}")
    });
    latched(result).into_iter().chain(bitten).collect()
}

/// The fault that the firmware reported last, if there was one.
fn latched(result: &CaseResult) -> Option<String> {
    let ended = result.ended.filter(|s| s.fault != FaultCode::None)?;
    let state = format!("mode {}, fault {}", ended.mode.name(), ended.fault.name());
    let mut notes = result.plot.iter().flat_map(|p| &p.notes);
    let since = notes.rfind(|(_, text)| *text == state);
    let since = since.map_or(String::new(), |(at_s, _)| {
        format!(" since {}", words::clock((at_s * 100.0).round() as u32))
    });
    Some(format!("the firmware ended in {state}{since}"))
}

/// One finding in words: `FAIL skin stays safe: -1.20 K at 12:03.25, skin_surface_max_c < 43`.
pub fn finding(finding: &Finding, console: Console) -> String {
    let word = finding_word(finding);
    let word_tone = match word {
        "FAIL" => Tone::Bad,
        "PASS" => Tone::Good,
        _ => Tone::Doubtful,
    };
    let mut text = format!(
        "{} {}: {}",
        console.paint(word_tone, word),
        console.paint(Tone::Strong, &one_line(&finding.id)),
        words::margin_in_full(finding)
    );
    if let Some(tick) = finding.worst_tick {
        text.push_str(&format!(" at {}", words::instant(tick)));
    }
    if !finding.decided_by.is_empty() {
        text.push_str(&format!(", {}", one_line(&finding.decided_by)));
    }
    if let Some(left) = finding.time_left_s.filter(|t| t.is_finite()) {
        text.push_str(&format!(", {} s left", words::number(left)));
    }
    if !finding.note.is_empty() {
        text.push_str(&format!(" ({})", one_line(&finding.note)));
    }
    text
}

/// What stands below the cases; with the folder of the reports, where they were written.
pub fn summary(report: &Report, out: Option<&Path>, console: Console) -> String {
    let mut lines = vec![String::new()];
    let counts: Vec<String> = CaseVerdict::ALL
        .into_iter()
        .filter_map(|verdict| {
            let count = report.count(verdict);
            (count > 0)
                .then(|| console.paint(tone(verdict), &format!("{count} {}", verdict.word())))
        })
        .collect();
    lines.push(format!(
        "{}: {}",
        words::count(report.results.len(), "case"),
        if counts.is_empty() {
            "nothing finished".to_string()
        } else {
            counts.join(", ")
        }
    ));
    if report.interrupted {
        let open = report.planned - report.results.len();
        let text = format!("interrupted: {} not finished", words::count(open, "case"));
        lines.push(console.paint(Tone::Broken, &text));
    }
    if !report.mistakes.is_empty() {
        let text = format!(
            "{} in scenario files, see above",
            words::count(report.mistakes.len(), "mistake")
        );
        lines.push(console.paint(Tone::Bad, &text));
    }
    if !report.results.is_empty() {
        lines.push(format!(
            "simulated {} in {} ({} real time)",
            words::stretch((report.simulated_s() * 100.0).min(f64::from(u32::MAX)) as u32),
            words::wall(report.wall),
            words::speed(report.real_time_factor())
        ));
    }
    if let Some((result, residual)) = report.worst_energy().filter(|_| report.simulated_s() > 0.0) {
        lines.push(format!(
            "energy balance closes within {residual:.1e} of what was put in, worst in {}",
            fit(&one_line(&result.case.name), 50)
        ));
    }
    let tightest = tightest_by_unit(&report.results);
    if !tightest.is_empty() {
        lines.push("tightest margins:".to_string());
    }
    for (result, finding) in tightest {
        let when = finding
            .worst_tick
            .map(|t| format!(" at {}", words::instant(t)))
            .unwrap_or_default();
        let line = format!(
            "  {:>12}  {}{when}  in {}",
            words::margin_to_compare(finding),
            fit(&one_line(&words::decided(finding)), 44),
            fit(&one_line(&result.case.name), 44)
        );
        lines.push(line);
    }
    if let Some(out) = out {
        lines.push(format!("reports: {}", out.join("report.html").display()));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_the_terminal_and_lose_their_last_columns_first() {
        for (width, last) in [
            (120, "digest"),
            (101, "digest"),
            (92, "speed"),
            (80, "wall"),
            (79, "length"),
            (70, "at"),
            (60, "at"),
        ] {
            let layout = Layout::of(&[], width);
            let line = header(&layout, Console::plain());
            let line = line.trim_end();
            assert!(line.chars().count() <= width, "{width}: {line}");
            assert!(line.ends_with(last), "{width}: {line}");
        }
    }
}
