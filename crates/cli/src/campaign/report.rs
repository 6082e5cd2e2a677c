//! `report.html` and `summary.json` of a campaign.

use std::fmt::Write;

use kneadsim_search::campaign::{
    CONFIDENCE, Counts, Ending, Influence, QUANTILES, Summary, as_number, show,
};
use kneadsim_search::vary::Distribution;
use serde_json::{Value, json};

use super::picture::{Point, bars, cell, nearness, scatter};
use super::worst::{Kept, repeat};
use super::{Opened, text};
use crate::html::{escape, page};
use crate::whole::write_files;
use crate::{svg, version};

/// Variables with a picture of their own.
const PICTURED: usize = 4;

/// Writes the reports; gives what could not be written.
pub fn write(
    opened: &Opened,
    summary: &Summary,
    influences: &[Influence],
    worst: &[Kept],
) -> Vec<String> {
    let files = [
        ("report.html", document(opened, summary, influences, worst)),
        (
            "summary.json",
            format!("{:#}\n", json(opened, summary, influences)),
        ),
    ];
    write_files(&opened.out, files.map(|(name, text)| (name, Ok(text))))
}

fn document(
    opened: &Opened,
    summary: &Summary,
    influences: &[Influence],
    worst: &[Kept],
) -> String {
    let campaign = &opened.file.campaign;
    page(&campaign.title, |s| {
        let _ = writeln!(s, "<h1>kneadsim campaign: {}</h1>", escape(&campaign.title));
        head(s, opened, summary);
        s.push_str("<h2>How near cases came to a limit</h2>\n<p>Nearness is the margin of a case's tightest expectation on a scale of kelvins; limits of dose and damage count by how much hotter the whole history could have been.</p>\n");
        s.push_str(&nearness(&summary.sorted_nearness_k()));
        quantiles(s, opened, summary);
        depends(s, opened, summary, influences);
        bases(s, opened, summary);
        worst_cases(s, opened, summary, worst);
        variables(s, opened);
    })
}

fn head(s: &mut String, opened: &Opened, summary: &Summary) {
    let campaign = &opened.file.campaign;
    s.push_str("<p class=\"counts\">");
    let all = summary.all();
    for (ending, count) in Ending::ALL.into_iter().zip(all.endings) {
        if count > 0 || ending == Ending::Pass {
            let _ = write!(
                s,
                "<span class=\"badge {0}\">{count} {0}</span> ",
                ending.word()
            );
        }
    }
    let drawing = campaign.drawing();
    let _ = writeln!(
        s,
        "</p>\n<p>{}</p>\n<p>{} samples ({}, seed {}) in {} bases: {} cases. {}.</p>",
        escape(&campaign.description),
        drawing.samples,
        drawing.sampling.name(),
        drawing.seed,
        campaign.bases.len(),
        campaign.cases(),
        escape(&text::claim(opened, summary))
    );
    let _ = writeln!(
        s,
        "<p>An interval is about the spreads below, in this model; it says nothing of what is not in it. Samples that are not plain random are spread more evenly than the interval supposes, so it is rather too wide.</p>"
    );
}

fn quantiles(s: &mut String, opened: &Opened, summary: &Summary) {
    s.push_str("<h2>Quantiles</h2>\n<table><thead><tr><th>of all cases</th><th>unit</th>");
    for p in QUANTILES {
        let name = match p {
            0.0 => "least".to_owned(),
            1.0 => "greatest".to_owned(),
            p => format!("{} %", p * 100.0),
        };
        let _ = write!(s, "<th class=\"n\">{name}</th>");
    }
    s.push_str("</tr></thead>\n<tbody>\n");
    let mut row = |name: &str, unit: &str, sorted: &[f64]| {
        let _ = write!(s, "<tr><td>{}</td><td>{}</td>", escape(name), escape(unit));
        for value in Summary::quantiles(sorted) {
            let _ = write!(s, "<td class=\"n\">{}</td>", cell(value));
        }
        s.push_str("</tr>\n");
    };
    row("nearness", "K", &summary.sorted_nearness_k());
    for (index, measure) in opened.file.campaign.measures.iter().enumerate() {
        row(
            &measure.name,
            &measure.unit(),
            &summary.sorted_measure(index),
        );
    }
    s.push_str("</tbody></table>\n");
}

fn depends(s: &mut String, opened: &Opened, summary: &Summary, found: &[Influence]) {
    let campaign = &opened.file.campaign;
    if found.is_empty() {
        s.push_str("<h2>What the nearness depends on</h2>\n<p>Nothing can be said of fewer than 40 samples, or where nothing differs.</p>\n");
        return;
    }
    s.push_str("<h2>What the nearness depends on</h2>\n<p>For each sample its worst base. Share of variance: how much of the nearness's variance goes when the variable is known (first-order index from the runs themselves). Distance in the worst 5 %: how differently the variable is spread among the twentieth of samples that came nearest (Kolmogorov-Smirnov); grey where chance alone does as much in 1 of 20 campaigns.</p>\n");
    let rows: Vec<_> = found
        .iter()
        .map(|i| {
            let v = &campaign.variables[i.variable];
            (
                v.key.clone(),
                i.sensitivity.first_order,
                i.sensitivity.tail,
                i.sensitivity.tail_chance,
            )
        })
        .collect();
    s.push_str(&bars(&rows));
    s.push_str("<table><thead><tr><th>variable</th><th class=\"n\">share of variance</th><th class=\"n\">95 % interval</th><th class=\"n\">rank correlation</th><th class=\"n\">distance in the worst 5 %</th><th class=\"n\">by chance up to</th></tr></thead><tbody>\n");
    for i in found {
        let f = i.sensitivity;
        let _ = writeln!(
            s,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{:+.2}</td><td class=\"n\">{:.2}</td><td class=\"n\">{:.2}</td></tr>",
            escape(&campaign.variables[i.variable].key),
            text::percent(f.first_order),
            text::range(f.first_order_interval),
            f.rank_correlation,
            f.tail,
            f.tail_chance
        );
    }
    s.push_str("</tbody></table>\n<p>Each point is a sample; crosses did not pass. Where there are very many, only some of those that passed are drawn.</p>\n");
    let samples = summary.by_sample(campaign);
    for influence in found.iter().take(PICTURED) {
        let variable = &campaign.variables[influence.variable];
        let points: Vec<Point> = samples
            .iter()
            .map(|(sample, near, passed)| {
                let draw = campaign.draws(*sample)[influence.variable];
                (as_number(&variable.distribution, draw), *near, *passed)
            })
            .collect();
        let names = match &variable.distribution {
            Distribution::Among {
                names,
                numbers: None,
                ..
            } => Some(names.as_slice()),
            _ => None,
        };
        s.push_str(&scatter(&variable.key, &variable.unit, &points, names));
    }
}

fn bases(s: &mut String, opened: &Opened, summary: &Summary) {
    let campaign = &opened.file.campaign;
    s.push_str("<h2>Bases</h2>\n<table><thead><tr><th>base</th><th>cases</th><th class=\"n\">nearest</th><th class=\"n\">did not pass</th><th class=\"n\">95 % interval</th></tr></thead><tbody>\n");
    for (index, base) in campaign.bases.iter().enumerate() {
        let counts = summary.of_base(campaign, index);
        let share = counts.not_passed;
        let _ = writeln!(
            s,
            "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(base),
            text::counted(&counts),
            counts
                .nearest_k
                .map_or(String::new(), |k| format!("{k:+.3} K")),
            share.map_or(String::new(), |p| text::percent(p.found)),
            share.map_or(String::new(), |p| format!(
                "{} to {}",
                text::percent(p.low),
                text::percent(p.high)
            )),
        );
    }
    s.push_str("</tbody></table>\n");
}

fn worst_cases(s: &mut String, opened: &Opened, summary: &Summary, worst: &[Kept]) {
    let campaign = &opened.file.campaign;
    if summary.worst().is_empty() {
        return;
    }
    s.push_str("<h2>Worst cases</h2>\n");
    for (row, kept) in summary.worst().iter().zip(worst) {
        let (sample, base) = campaign.place(row.case);
        let _ = writeln!(
            s,
            "<section><h3><span class=\"badge {0}\">{0}</span> case {1}: {2}, sample {sample}</h3>\n<p>{3}{4} {5}</p>",
            row.ending.word(),
            row.case,
            escape(&campaign.bases[base]),
            escape(&text::margin(row)),
            row.at_s.map_or(String::new(), |t| format!(" at {t:.2} s,")),
            escape(if row.note.is_empty() {
                &row.decided_by
            } else {
                &row.note
            }),
        );
        s.push_str("<p>");
        for (variable, draw) in campaign.variables.iter().zip(campaign.draws(sample)) {
            let unit = if variable.unit == "1" {
                ""
            } else {
                &variable.unit
            };
            let value = match draw {
                kneadsim_search::vary::Draw::Number(v) => crate::words::number(v),
                kneadsim_search::vary::Draw::Choice(_) => show(&variable.distribution, draw),
            };
            let _ = write!(
                s,
                "<span class=\"k\">{} = {}{unit};</span> ",
                escape(&variable.key),
                escape(&value)
            );
        }
        s.push_str("</p>\n");
        if let Some(picture) = kept.plot.as_ref().and_then(|p| svg::svg(p, row.at_s)) {
            s.push_str(&picture);
        }
        let _ = writeln!(
            s,
            "<p>Repeat: <code>{}</code>; kept in <code>{}</code>.</p></section>",
            escape(&repeat(opened, row.case)),
            escape(&kept.folder.display().to_string())
        );
    }
}

fn variables(s: &mut String, opened: &Opened) {
    s.push_str("<h2>What varied</h2>\n<table><thead><tr><th>variable</th><th>unit</th><th>spread</th></tr></thead><tbody>\n");
    for variable in &opened.file.campaign.variables {
        let _ = writeln!(
            s,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&variable.key),
            escape(&variable.unit),
            escape(&spread(&variable.distribution))
        );
    }
    s.push_str("</tbody></table>\n");
}

fn spread(distribution: &Distribution) -> String {
    match distribution {
        Distribution::Normal { mean, sd, min, max } => {
            format!("normal, mean {mean}, standard deviation {sd}, cut at {min} and {max}")
        }
        Distribution::Uniform { min, max } => format!("uniform, {min} to {max}"),
        Distribution::LogUniform { min, max } => format!("log-uniform, {min} to {max}"),
        Distribution::Triangular { min, mode, max } => {
            format!("triangular, {min} to {max}, likeliest {mode}")
        }
        Distribution::Among { names, weights, .. } => {
            let sum: f64 = weights.iter().sum();
            let parts = names.iter().zip(weights);
            let parts: Vec<String> = parts
                .map(|(n, w)| format!("{n} ({})", text::percent(w / sum)))
                .collect();
            format!("one of {}", parts.join(", "))
        }
    }
}

fn json(opened: &Opened, summary: &Summary, influences: &[Influence]) -> Value {
    let campaign = &opened.file.campaign;
    let counts = |c: &Counts| {
        let words: serde_json::Map<String, Value> = Ending::ALL
            .into_iter()
            .zip(c.endings)
            .map(|(e, n)| (e.word().to_lowercase(), json!(n)))
            .collect();
        json!({
            "cases": words,
            "not_passed": c.not_passed.map(|s| json!({ "share": s.found, "low": s.low, "high": s.high })),
            "nearest_k": c.nearest_k,
        })
    };
    let quantiles = |sorted: &[f64]| -> Vec<Value> {
        let values = QUANTILES.into_iter().zip(Summary::quantiles(sorted));
        values
            .map(|(p, v)| json!({ "share": p, "value": v }))
            .collect()
    };
    let (samples, bad) = summary.samples(campaign);
    json!({
        "program": version::LONG,
        "campaign": format!("{:032x}", opened.file.fingerprint),
        "title": campaign.title,
        "confidence": CONFIDENCE,
        "samples": { "done": samples, "not_passed": bad },
        "all": counts(&summary.all()),
        "bases": campaign.bases.iter().enumerate().map(|(i, base)| {
            json!({ "base": base, "counts": counts(&summary.of_base(campaign, i)) })
        }).collect::<Vec<_>>(),
        "nearness_k": quantiles(&summary.sorted_nearness_k()),
        "measures": campaign.measures.iter().enumerate().map(|(i, m)| {
            json!({ "name": m.name, "unit": m.unit(), "quantiles": quantiles(&summary.sorted_measure(i)) })
        }).collect::<Vec<_>>(),
        "influences": influences.iter().map(|i| json!({
            "key": campaign.variables[i.variable].key,
            "first_order": i.sensitivity.first_order,
            "first_order_interval": i.sensitivity.first_order_interval,
            "rank_correlation": i.sensitivity.rank_correlation,
            "tail": i.sensitivity.tail,
            "tail_by_chance": i.sensitivity.tail_chance,
        })).collect::<Vec<_>>(),
        "worst": summary.worst().iter().map(|r| json!({
            "case": r.case,
            "verdict": r.ending.word(),
            "nearness_k": r.nearness_k,
            "decided_by": r.decided_by,
            "digest": format!("{:032x}", r.digest),
        })).collect::<Vec<_>>(),
    })
}
