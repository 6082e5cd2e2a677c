//! `report.html`: one file, no network, no scripts from elsewhere.
//!
//! Pictures are for cases that did not hold and for the tightest few that did,
//! so that the file stays below 5 MB.

use std::fmt::Write;

use crate::bundle;
use crate::console::one_line;
use crate::markdown::headline;
use crate::report::Report;
use crate::result::{
    CaseResult, CaseVerdict, finding_word, instant_s, nearness, requirements, tightest_by_unit,
};
use crate::{render, svg, version, words};

/// Pictures of cases that did not hold, at about 60 kB each.
const MOST_FAILED_PICTURES: usize = 40;
/// Pictures of cases that held by little.
const TIGHT_PICTURES: usize = 6;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The whole page of a run.
pub fn document(report: &Report) -> String {
    let title = headline(report);
    page(&title, |s| {
        head(s, report);
        mistakes(s, report);
        let pictured = pictured(report);
        cases(s, report, &pictured);
        coverage(s, report);
        pictures(s, report, &pictured);
    })
}

/// A page with the style, the script and the footer of every report around what
/// `fill` writes; the title is escaped here.
pub fn page(title: &str, fill: impl FnOnce(&mut String)) -> String {
    let mut s = String::new();
    let _ = write!(
        s,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>kneadsim: {}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escape(title)
    );
    fill(&mut s);
    let _ = write!(
        s,
        "<footer>kneadsim {}. Limits are configurable data with their sources in docs/safety.md; \
         nothing here is a claim of compliance.</footer>\n</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escape(version::LONG)
    );
    s
}

fn head(s: &mut String, report: &Report) {
    let _ = write!(
        s,
        "<h1>kneadsim: {}</h1>\n<p class=\"counts\">",
        escape(&headline(report))
    );
    for verdict in CaseVerdict::ALL {
        let count = report.count(verdict);
        if count > 0 || verdict == CaseVerdict::Pass {
            let _ = write!(
                s,
                "<span class=\"badge {0}\">{count} {0}</span> ",
                verdict.word()
            );
        }
    }
    let _ = write!(
        s,
        "</p>\n<p>{} simulated in {}, {} real time.",
        words::stretch((report.simulated_s() * 100.0).min(f64::from(u32::MAX)) as u32),
        words::wall(report.wall),
        words::speed(report.real_time_factor())
    );
    if let Some((result, residual)) = report.worst_energy() {
        let _ = write!(
            s,
            " Energy balance closes within {residual:.1e} of what was put in (worst: {}).",
            escape(&result.case.name)
        );
    }
    s.push_str("</p>\n");
    let tightest = tightest_by_unit(&report.results);
    if !tightest.is_empty() {
        s.push_str("<p>Tightest margins: ");
        let parts: Vec<String> = tightest
            .iter()
            .map(|(result, finding)| {
                format!(
                    "<b>{}</b> ({}, {})",
                    escape(&words::margin_in_full(finding)),
                    escape(&words::decided(finding)),
                    escape(&result.case.name)
                )
            })
            .collect();
        let _ = writeln!(s, "{}.</p>", parts.join("; "));
    }
}

fn mistakes(s: &mut String, report: &Report) {
    if report.mistakes.is_empty() {
        return;
    }
    s.push_str("<h2>Mistakes in scenario files</h2>\n<ul>\n");
    for mistake in &report.mistakes {
        let _ = writeln!(s, "<li><code>{}</code></li>", escape(&mistake.to_string()));
    }
    s.push_str("</ul>\n");
}

fn cases(s: &mut String, report: &Report, pictured: &[usize]) {
    s.push_str(
        "<h2>Cases</h2>\n<p><input id=\"find\" type=\"search\" placeholder=\"find a case, requirement or verdict\" \
         aria-label=\"find\"></p>\n<table id=\"cases\">\n<thead><tr><th>verdict</th><th>case</th><th>requirements</th>\
         <th class=\"n\">tightest margin</th><th>decided by</th><th class=\"n\">at</th><th class=\"n\">simulated</th>\
         <th class=\"n\">wall</th><th>digest</th></tr></thead>\n<tbody>\n",
    );
    for (index, result) in report.results.iter().enumerate() {
        let tightest = result.tightest();
        let name = escape(&one_line(&result.case.name));
        let name = if pictured.contains(&index) {
            format!("<a href=\"#case-{index}\">{name}</a>")
        } else {
            name
        };
        let _ = writeln!(
            s,
            "<tr><td><span class=\"badge {0}\">{0}</span></td><td title=\"{1}\">{name}</td><td>{2}</td>\
             <td class=\"n\">{3}</td><td>{4}</td><td class=\"n\">{5}</td><td class=\"n\">{6}</td>\
             <td class=\"n\">{7}</td><td><code>{8}</code></td></tr>",
            result.verdict.word(),
            escape(&result.source()),
            unbroken(result.case.requirements.iter().map(String::as_str)),
            escape(&tightest.map(words::margin_to_compare).unwrap_or_default()),
            escape(&tightest.map(words::decided).unwrap_or_default()),
            tightest
                .and_then(|f| f.worst_tick)
                .map(words::instant)
                .unwrap_or_default(),
            words::stretch(result.ticks),
            words::wall(result.wall),
            result
                .digest_hex()
                .map(|d| d[..12].to_string())
                .unwrap_or_default()
        );
    }
    s.push_str("</tbody>\n</table>\n");
}

fn coverage(s: &mut String, report: &Report) {
    let rows = requirements(&report.results);
    if rows.is_empty() {
        return;
    }
    s.push_str(
        "<h2>Requirements</h2>\n<table>\n<thead><tr><th>requirement</th><th class=\"n\">cases</th><th>verdict</th>\
         <th class=\"n\">worst margin</th><th>in</th></tr></thead>\n<tbody>\n",
    );
    for row in rows {
        let _ = writeln!(
            s,
            "<tr><td>{0}</td><td class=\"n\">{1}</td><td><span class=\"badge {2}\">{2}</span></td>\
             <td class=\"n\">{3}</td><td>{4}</td></tr>",
            escape(row.id),
            row.cases,
            row.verdict.word(),
            escape(
                &row.worst
                    .tightest()
                    .map(words::margin_to_compare)
                    .unwrap_or_default()
            ),
            escape(&row.worst.case.name)
        );
    }
    s.push_str("</tbody>\n</table>\n");
}

/// Cases with a picture: the failed ones first, then the tightest of each unit and of all.
fn pictured(report: &Report) -> Vec<usize> {
    let results = &report.results;
    let mut chosen: Vec<usize> = (0..results.len())
        .filter(|i| results[*i].verdict != CaseVerdict::Pass)
        .take(MOST_FAILED_PICTURES)
        .collect();
    let tight = tightest_by_unit(results);
    let names: Vec<&str> = tight.iter().map(|(r, _)| r.slug.as_str()).collect();
    let mut held: Vec<usize> = (0..results.len())
        .filter(|i| results[*i].verdict == CaseVerdict::Pass)
        .collect();
    held.sort_by(|a, b| {
        let near = |i: &usize| nearness(&results[*i]);
        let named = |i: &usize| !names.contains(&results[*i].slug.as_str());
        named(a).cmp(&named(b)).then(near(a).total_cmp(&near(b)))
    });
    chosen.extend(held.into_iter().take(TIGHT_PICTURES));
    chosen
}

fn pictures(s: &mut String, report: &Report, pictured: &[usize]) {
    if pictured.is_empty() {
        return;
    }
    s.push_str("<h2>Not held, and the tightest that held</h2>\n");
    for index in pictured {
        picture(s, *index, &report.results[*index]);
    }
}

fn picture(s: &mut String, index: usize, result: &CaseResult) {
    let _ = write!(
        s,
        "<section id=\"case-{index}\">\n<h3><span class=\"badge {0}\">{0}</span> {1}</h3>\n",
        result.verdict.word(),
        escape(&one_line(&result.case.name))
    );
    let description = escape(&result.case.description);
    if !description.is_empty() {
        let _ = writeln!(s, "<p>{description}</p>");
    }
    if let Some(reason) = &result.broken_off {
        let _ = writeln!(s, "<p><b>{}</b></p>", escape(reason));
    }
    s.push_str("<table class=\"findings\"><tbody>\n");
    for finding in &result.findings {
        let _ = writeln!(
            s,
            "<tr><td><span class=\"badge {0}\">{0}</span></td><td>{1}</td><td class=\"n\">{2}</td>\
             <td class=\"n\">{3}</td><td>{4}</td><td>{5}</td></tr>",
            finding_word(finding),
            escape(&finding.id),
            escape(&words::margin_in_full(finding)),
            finding.worst_tick.map(words::instant).unwrap_or_default(),
            escape(&finding.decided_by),
            escape(&finding.note)
        );
    }
    s.push_str("</tbody></table>\n");
    let timeliness = result.timeliness.iter();
    let timeliness = timeliness.flat_map(|(timeliness, _)| words::timeliness(timeliness));
    for text in render::ending(result).into_iter().chain(timeliness) {
        let _ = writeln!(s, "<p>{}.</p>", escape(&sentence(&text)));
    }
    let Some(plot) = &result.plot else {
        return s.push_str("</section>\n");
    };
    let worst = bundle::worst(result).or_else(|| result.tightest());
    let worst_s = worst.and_then(|f| f.worst_tick).map(instant_s);
    match svg::svg(plot, worst_s) {
        Some(drawn) => s.push_str(&drawn),
        None => s.push_str("<p>The trace holds nothing to draw.</p>\n"),
    }
    if !plot.notes.is_empty() {
        s.push_str("<ol class=\"notes\">\n");
        for (time_s, text) in &plot.notes {
            let tick = (time_s * 100.0).round() as u32;
            let _ = writeln!(s, "<li>{} {}</li>", words::clock(tick), escape(text));
        }
        s.push_str("</ol>\n");
        if plot.notes_left_out > 0 {
            let _ = writeln!(
                s,
                "<p>{} left out.</p>",
                words::count(plot.notes_left_out, "more note")
            );
        }
    }
    if let Some(bundle) = &result.bundle {
        let path = bundle.join("scenario.toml");
        let _ = writeln!(
            s,
            "<p>Repeat: <code>kneadsim run {}</code></p>",
            escape(&bundle::arguments(result, &path))
        );
    }
    s.push_str("</section>\n");
}

/// Text with a capital at its start.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    rest.next()
        .map_or(String::new(), |c| c.to_uppercase().chain(rest).collect())
}

/// Words that break between, not within.
fn unbroken<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words
        .map(|w| format!("<span class=\"k\">{}</span>", escape(w)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Text in HTML, also inside attributes.
/// Text that is safe in HTML, also in an attribute.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_scenario_cannot_become_markup() {
        assert_eq!(escape("<script>\"&'"), "&lt;script&gt;&quot;&amp;&#39;");
    }
}
