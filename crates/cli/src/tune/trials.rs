//! The report's tables of the claim and of the trial on what was held out.

use std::fmt::Write;

use kneadsim_search::tune::{Ended, Problem, Required};

use super::configuration::field;
use super::text;
use super::verdict::Verdicts;
use crate::html::escape;
use crate::words;

/// Expectations in the table of margins.
const MARGINS: usize = 40;

/// What is claimed of the chosen candidate, beside what had promised it.
pub fn objectives(s: &mut String, problem: &Problem, ended: &Ended, verdicts: &Verdicts) {
    let (Some(chosen), Some(claim)) = (verdicts.chosen(), &verdicts.claim) else {
        return;
    };
    let (now, then) = (claim.now(), &claim.tried[1].totals);
    let trial = &verdicts.trial;
    let changes = [
        (trial.now(), &trial.tried[chosen].totals),
        (
            &ended.candidates[0].totals,
            &ended.candidates[trial.tried[chosen].candidate].totals,
        ),
    ];
    let _ = writeln!(
        s,
        "<h2>Objectives</h2>\n<table><thead><tr><th>objective</th><th>better</th><th>over sessions</th><th class=\"n\">now</th><th class=\"n\">candidate {}</th><th class=\"n\">change</th><th class=\"n\">change in the trial</th><th class=\"n\">change in the search</th></tr></thead><tbody>",
        trial.tried[chosen].candidate
    );
    for (i, objective) in problem.objectives.iter().enumerate() {
        let cell = |v: Option<f64>| escape(&text::with_unit(v, objective));
        let _ = write!(
            s,
            "<tr><td title=\"{} of {}\">{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\"><b>{}</b></td>",
            objective.take.name(),
            escape(&objective.text),
            escape(&objective.name),
            match objective.goal.sign() > 0.0 {
                true => "less",
                false => "more",
            },
            objective.over.name(),
            cell(now.objectives[i]),
            cell(then.objectives[i]),
            escape(&text::change(
                now.objectives[i],
                then.objectives[i],
                &objective.unit
            )),
        );
        for (before, after) in changes {
            let change = text::change(before.objectives[i], after.objectives[i], &objective.unit);
            let _ = write!(s, "<td class=\"n\">{}</td>", escape(&change));
        }
        s.push_str("</tr>\n");
    }
    let _ = writeln!(
        s,
        "</tbody></table>\n<p>Now, candidate and change are of the claim: {} that neither the search nor the choice saw. The search and the trial flatter what they chose.</p>",
        words::count(problem.claim.cases(), "session")
    );
}

/// One column for each that was tried.
pub fn tried(s: &mut String, problem: &Problem, ended: &Ended, verdicts: &Verdicts) {
    let trial = &verdicts.trial;
    let _ = writeln!(
        s,
        "<h2>Tried on what was held out</h2>\n<p>{} for each: {} in {}. The first that keeps every margin and is better in something is chosen, and claimed on other samples.</p>\n<table class=\"wide\"><thead><tr><th></th><th>unit</th><th class=\"n\">now</th>",
        words::count(problem.held_out.cases(), "session"),
        words::count(problem.held_out.drawing().samples as usize, "sample"),
        words::count(problem.held_out.bases.len(), "case"),
    );
    for tried in &trial.tried[1..] {
        let _ = write!(s, "<th class=\"n\">candidate {}</th>", tried.candidate);
    }
    s.push_str("</tr></thead><tbody>\n");
    let mut row = |name: &str, unit: &str, cells: &mut dyn Iterator<Item = String>| {
        let _ = write!(s, "<tr><td>{}</td><td>{}</td>", escape(name), escape(unit));
        for cell in cells {
            let _ = write!(s, "<td class=\"n\">{cell}</td>");
        }
        s.push_str("</tr>\n");
    };
    let number = |value: Option<f64>| value.map_or("-".to_owned(), words::significant);
    for (i, objective) in problem.objectives.iter().enumerate() {
        let mut cells = trial.tried.iter().map(|t| number(t.totals.objectives[i]));
        row(&objective.name, &objective.unit, &mut cells);
    }
    let mut lost = trial.tried.iter().zip(&trial.short_k);
    let mut lost = lost.by_ref().map(|(tried, short)| match &tried.refused {
        Some(why) => escape(why),
        None => words::number(*short),
    });
    row("margin lost, all together", "K", &mut lost);
    let mut words = (0..trial.tried.len()).map(|index| {
        match verdicts.chosen() {
            _ if index == 0 => "",
            Some(chosen) if chosen == index => "<b>chosen</b>",
            _ if trial.keeps(index) => "keeps its margins",
            _ => "loses a margin",
        }
        .to_owned()
    });
    row("verdict", "", &mut words);
    for (i, parameter) in problem.parameters.iter().enumerate() {
        let values = trial
            .tried
            .iter()
            .map(|t| &ended.candidates[t.candidate].values);
        let mut cells = values.map(|v| v[i].to_string());
        row(field(problem, i), &parameter.unit, &mut cells);
    }
    s.push_str("</tbody></table>\n");
}

/// Margins of the chosen candidate in the claim; where none was chosen, of the first in
/// the trial.
pub fn margins(s: &mut String, problem: &Problem, verdicts: &Verdicts) {
    let (compared, of) = match &verdicts.claim {
        Some(claim) => (claim, "claim's"),
        None => (&verdicts.trial, "held-out"),
    };
    let Some(tried) = compared.tried.get(1) else {
        return;
    };
    let (now, then) = (compared.now(), &tried.totals);
    let mut rows = Vec::new();
    for (base, names) in problem.expectations.iter().enumerate() {
        for (i, (name, required)) in names.iter().enumerate() {
            let (a, b) = (now.worst_k[base][i], then.worst_k[base][i]);
            rows.push((b - a, &problem.held_out.bases[base], name, required, a, b));
        }
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.5.total_cmp(&b.5)));
    let _ = writeln!(
        s,
        "<h2>Margins</h2>\n<p>Nearness to each limit in the worst of the {of} samples, on a scale of kelvins, for candidate {}: what lost most comes first{}.</p>\n<table><thead><tr><th class=\"n\">change</th><th>case</th><th>expectation</th><th class=\"n\">now</th><th class=\"n\">then</th><th>must</th></tr></thead><tbody>",
        tried.candidate,
        if rows.len() > MARGINS {
            format!("; the first {MARGINS} of {}", rows.len())
        } else {
            String::new()
        }
    );
    for (change, base, name, required, a, b) in rows.into_iter().take(MARGINS) {
        let _ = writeln!(
            s,
            "<tr><td class=\"n\">{change:+.3} K</td><td>{}</td><td>{}</td><td class=\"n\">{a:+.3} K</td><td class=\"n\">{b:+.3} K</td><td>{}</td></tr>",
            escape(base),
            escape(name),
            match required {
                Required::AsNow => "not lose",
                Required::AtLeast(_) => "hold",
            }
        );
    }
    s.push_str("</tbody></table>\n");
}
