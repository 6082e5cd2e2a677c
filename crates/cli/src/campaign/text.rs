//! What a campaign came to, on the terminal.

use std::fmt::Write;

use kneadsim_search::campaign::{CONFIDENCE, Counts, Influence};
use kneadsim_search::campaign::{Ending, Row, Summary, show};
use kneadsim_search::statistics::{clopper_pearson, wilson};
use kneadsim_sim::Outcome;

use super::Opened;
use crate::columns::table;
use crate::console::{Console, Tone};
use crate::{render, words};

/// Bases and worst cases in the terminal's tables.
const ROWS_SHOWN: usize = 10;

/// A share with its interval, in words.
pub fn share(counts: &Counts) -> String {
    counts.not_passed.map_or(String::new(), |s| {
        format!(
            "{} ({} to {})",
            percent(s.found),
            percent(s.low),
            percent(s.high)
        )
    })
}

/// An interval of shares, whole per cent.
pub fn range([low, high]: [f64; 2]) -> String {
    format!("{:.0} to {:.0} %", 100.0 * low, 100.0 * high)
}

/// A share in per cent, with as many digits as it has.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value == 0.0 || value >= 100.0 {
        format!("{value:.0} %")
    } else if value >= 1.0 {
        format!("{value:.2} %")
    } else {
        format!("{} %", words::number(value))
    }
}

/// The count of a verdict with its word.
pub fn counted(counts: &Counts) -> String {
    let parts = Ending::ALL
        .into_iter()
        .zip(counts.endings)
        .filter(|(_, n)| *n > 0);
    parts
        .map(|(e, n)| format!("{n} {}", e.word()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What may be said of the samples as a whole: sentences.
pub fn claim(opened: &Opened, summary: &Summary) -> String {
    let (samples, bad) = summary.samples(&opened.file.campaign);
    if samples == 0 {
        return "no sample is complete".to_owned();
    }
    let (exact, score) = (
        clopper_pearson(bad, samples, CONFIDENCE),
        wilson(bad, samples, CONFIDENCE),
    );
    let what = if opened.file.campaign.bases.len() > 1 {
        "samples have a case that did not pass"
    } else {
        "samples did not pass"
    };
    format!(
        "{bad} of {samples} {what}: {}, 95 % interval {} to {} (Clopper-Pearson), {} to {} (Wilson)",
        percent(exact.found),
        percent(exact.low),
        percent(exact.high),
        percent(score.low),
        percent(score.high),
    )
}

/// Margin of a row with its unit, and in kelvin where that is another.
pub fn margin(row: &Row) -> String {
    let own = row.margin.map_or(String::new(), |m| {
        let unit = if row.unit == "degC" { "K" } else { &row.unit };
        format!("{m:+.3} {}", if unit == "1" { "" } else { unit })
            .trim_end()
            .to_owned()
    });
    match row.nearness_k {
        Some(k) if row.unit == "min" => format!("{own} ({k:+.3} K)"),
        Some(_) | None => own,
    }
}

/// The whole summary.
pub fn summary(
    opened: &Opened,
    summary: &Summary,
    influences: &[Influence],
    console: Console,
) -> String {
    let campaign = &opened.file.campaign;
    let mut s = String::new();
    let _ = writeln!(s, "\n{}", campaign.title);
    let all = summary.all();
    let _ = writeln!(
        s,
        "{} ({} of {} in {}): {}",
        words::count(summary.done(), "case"),
        words::count(campaign.drawing().samples as usize, "sample"),
        campaign.drawing().sampling.name(),
        words::count(campaign.bases.len(), "base"),
        console.paint(tone(&all), &counted(&all))
    );
    let _ = writeln!(s, "{}\n", claim(opened, summary));
    s.push_str(&bases(opened, summary, console));
    s.push_str(&depends(opened, influences, console));
    s.push_str(&worst(opened, summary, console));
    let _ = writeln!(
        s,
        "report: {0}/report.html; tables: {0}/cases.csv, {0}/cases.parquet; worst cases: {0}/worst",
        opened.out.display()
    );
    s
}

fn tone(counts: &Counts) -> Tone {
    let [_, inconclusive, fail, error] = counts.endings;
    if fail + error > 0 {
        Tone::Bad
    } else if inconclusive > 0 {
        Tone::Doubtful
    } else {
        Tone::Good
    }
}

fn bases(opened: &Opened, summary: &Summary, console: Console) -> String {
    let campaign = &opened.file.campaign;
    let mut rows: Vec<(f64, Vec<String>)> = campaign
        .bases
        .iter()
        .enumerate()
        .map(|(index, base)| {
            let counts = summary.of_base(campaign, index);
            let near = counts.nearest_k;
            let cells = vec![
                counted(&counts),
                near.map_or(String::new(), |k| format!("{k:+.3} K")),
                share(&counts),
                base.clone(),
            ];
            (near.unwrap_or(f64::INFINITY), cells)
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let more = rows.len().saturating_sub(ROWS_SHOWN);
    let rows: Vec<Vec<String>> = rows.into_iter().take(ROWS_SHOWN).map(|r| r.1).collect();
    let mut text = table(
        &["cases", "nearest", "did not pass (95 % interval)", "base"],
        &rows,
        console.width,
    );
    if more > 0 {
        let _ = writeln!(
            text,
            "and {} that came less near",
            words::count(more, "base")
        );
    }
    text.push('\n');
    text
}

fn depends(opened: &Opened, found: &[Influence], console: Console) -> String {
    let campaign = &opened.file.campaign;
    if found.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .take(ROWS_SHOWN)
        .map(|i| {
            let s = i.sensitivity;
            vec![
                percent(s.first_order),
                range(s.first_order_interval),
                format!("{:+.2}", s.rank_correlation),
                if s.tail > s.tail_chance {
                    format!("{:.2}", s.tail)
                } else {
                    "chance".to_owned()
                },
                campaign.variables[i.variable].key.clone(),
            ]
        })
        .collect();
    let text = table(
        &[
            "share of variance",
            "95 % interval",
            "rank corr.",
            "in the worst 5 %",
            "what the nearness depends on",
        ],
        &rows,
        console.width,
    );
    format!("{text}\n")
}

fn worst(opened: &Opened, summary: &Summary, console: Console) -> String {
    let campaign = &opened.file.campaign;
    let rows: Vec<Vec<String>> = summary
        .worst()
        .iter()
        .take(ROWS_SHOWN)
        .map(|row| {
            let base = campaign.place(row.case).1;
            vec![
                row.case.to_string(),
                row.ending.word().to_owned(),
                margin(row),
                row.at_s.map_or(String::new(), |t| format!("{t:.2} s")),
                campaign.bases[base].clone(),
                if row.note.is_empty() {
                    row.decided_by.clone()
                } else {
                    row.note.clone()
                },
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let text = table(
        &["worst", "verdict", "margin", "at", "base", "decided by"],
        &rows,
        console.width,
    );
    format!("{text}\n")
}

/// One case alone.
pub fn one(opened: &Opened, case: usize, outcome: &Outcome, console: Console) -> String {
    let campaign = &opened.file.campaign;
    let (sample, base) = campaign.place(case);
    let mut s = format!("case {case}: sample {sample} of {}\n", campaign.bases[base]);
    for (variable, draw) in campaign.variables.iter().zip(campaign.draws(sample)) {
        let unit = if variable.unit == "1" {
            ""
        } else {
            &variable.unit
        };
        let _ = writeln!(
            s,
            "  {} = {} {unit}",
            variable.key,
            show(&variable.distribution, draw)
        );
    }
    for finding in &outcome.findings {
        let _ = writeln!(s, "  {}", render::finding(finding, console));
    }
    let _ = writeln!(s, "  digest {:032x}", outcome.digest);
    s
}
