//! The files of a tuning: `report.html`, `tuned.toml`, `firmware.patch`,
//! `candidates.csv`, `summary.json`.

use std::fmt::Write;

use kneadsim_search::optimize::hypervolume;
use kneadsim_search::tune::{Candidate, Ended, Problem};
use kneadsim_sim::trace::Trace;
use kneadsim_sim::{Continue, InProcess, run};

use super::configuration::field;
use super::journal::{Asked, Phase};
use super::picture::{Kind, Point, both, course, front};
use super::sessions::Source;
use super::verdict::Verdicts;
use super::{Opened, configuration, json, patch, tables, text, trials};
use crate::engine::guarded;
use crate::html::{escape, page};
use crate::whole::write_files;
use crate::words;

/// Pairs of objectives with a picture of their own.
const PAIRS: usize = 6;

/// Writes everything; gives what could not be written.
pub fn write(
    opened: &Opened,
    ended: &Ended,
    verdicts: &Verdicts,
    history: &[(usize, usize)],
) -> Vec<String> {
    let problem = &opened.file.problem;
    let values = verdicts
        .recommended()
        .map(|candidate| &ended.candidates[candidate].values);
    let mut files = vec![
        (
            "report.html",
            Ok(document(opened, ended, verdicts, history)),
        ),
        (
            "candidates.csv",
            tables::candidates(problem, ended, verdicts),
        ),
        (
            "summary.json",
            Ok(format!("{:#}\n", json::summary(opened, ended, verdicts))),
        ),
    ];
    if let Some(values) = values {
        files.push(("tuned.toml", Ok(configuration::text(opened, values))));
        if let Some(patch) = patch::text(problem, values) {
            files.push(("firmware.patch", Ok(patch)));
        }
    }
    // Those of an earlier run that this one does not replace are not its own.
    for name in ["tuned.toml", "firmware.patch"] {
        if files.iter().all(|(file, _)| *file != name) {
            let _ = std::fs::remove_file(opened.out.join(name));
        }
    }
    write_files(&opened.out, files)
}

fn document(
    opened: &Opened,
    ended: &Ended,
    verdicts: &Verdicts,
    history: &[(usize, usize)],
) -> String {
    page(&opened.file.title, |s| {
        head(s, opened, ended, verdicts);
        trials::objectives(s, &opened.file.problem, ended, verdicts);
        parameters(s, opened, ended, verdicts);
        fronts(s, &opened.file.problem, ended, verdicts);
        trials::tried(s, &opened.file.problem, ended, verdicts);
        trials::margins(s, &opened.file.problem, verdicts);
        sessions(s, opened, ended, verdicts);
        how(s, opened, ended, history);
    })
}

fn head(s: &mut String, opened: &Opened, ended: &Ended, verdicts: &Verdicts) {
    let (word, class) = match (verdicts.recommended(), verdicts.chosen()) {
        (Some(_), _) => ("BETTER, KEEPS ITS MARGINS", "PASS"),
        (None, Some(_)) => ("CHOSEN, NOT BORNE OUT", "FAIL"),
        (None, None) => ("NOTHING TO TAKE", "FAIL"),
    };
    let claim = text::claim(opened, verdicts);
    let mut claim = claim.chars();
    let first = claim
        .next()
        .map_or(String::new(), |c| c.to_uppercase().to_string());
    let _ = writeln!(
        s,
        "<h1>kneadsim tune: {}</h1>\n<p class=\"counts\"><span class=\"badge {class}\">{word}</span></p>\n<p>{}</p>\n<p>{}{}.</p>",
        escape(&opened.file.title),
        escape(&opened.file.description),
        escape(&first),
        escape(claim.as_str())
    );
    if let Some(why) = ended.candidates[0].refused.as_ref() {
        let _ = writeln!(
            s,
            "<p>The present parameters cannot be run: {}</p>",
            escape(why)
        );
    }
}

fn parameters(s: &mut String, opened: &Opened, ended: &Ended, verdicts: &Verdicts) {
    let problem = &opened.file.problem;
    let values = verdicts
        .recommended()
        .map(|candidate| &ended.candidates[candidate].values);
    s.push_str("<h2>Parameters</h2>\n<table><thead><tr><th>parameter</th><th>unit</th><th class=\"n\">now</th><th class=\"n\">recommended</th><th class=\"n\">from</th><th class=\"n\">to</th><th>scale</th><th></th></tr></thead><tbody>\n");
    for (i, parameter) in problem.parameters.iter().enumerate() {
        let value = values.map(|v| v[i]);
        let place = value.map(|v| parameter.place(v));
        let note = match place {
            Some(place) if !(0.02..=0.98).contains(&place) => "at its bound: wider may be better",
            Some(_) | None => "",
        };
        let _ = writeln!(
            s,
            "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td>{note}</td></tr>",
            escape(field(problem, i)),
            escape(&parameter.unit),
            problem.present[i],
            value.map_or(String::new(), |v| v.to_string()),
            parameter.min,
            parameter.max,
            parameter.scale.name(),
        );
    }
    s.push_str("</tbody></table>\n");
    if let Some(values) = values {
        let file = opened.out.join("tuned.toml");
        let defaults = match patch::text(problem, values) {
            Some(_) => {
                let patch = opened.out.join("firmware.patch").display().to_string();
                format!(
                    "As the firmware's defaults: <code>git apply {}</code>.",
                    escape(&patch)
                )
            }
            None => "The firmware has them as its defaults.".to_owned(),
        };
        let _ = writeln!(
            s,
            "<p>Try it: <code>kneadsim run scenarios --firmware {}</code>. In a scenario: <code>[firmware] base = \"…/tuned.toml\"</code>. {defaults}</p>",
            escape(&file.display().to_string()),
        );
    }
}

fn fronts(s: &mut String, problem: &Problem, ended: &Ended, verdicts: &Verdicts) {
    let count = problem.objectives.len();
    let pairs: Vec<(usize, usize)> = (0..count)
        .flat_map(|a| (a + 1..count).map(move |b| (a, b)))
        .take(PAIRS)
        .collect();
    if pairs.is_empty() {
        return;
    }
    s.push_str("<h2>Candidates</h2>\n<p>Each point is a candidate that had every session of the search, or was left when it lost a margin. No other candidate is better in all objectives than one on the front.</p>\n");
    let on_front: Vec<usize> = ended.front(problem).iter().map(|c| c.number).collect();
    let then = verdicts.recommended();
    let kind = |c: &Candidate| match c.number {
        0 => Some(Kind::Now),
        n if Some(n) == then => Some(Kind::Then),
        n if on_front.contains(&n) => Some(Kind::Front),
        _ if c.feasible() => Some(Kind::Feasible),
        _ if c.violation_k > 0.0 => Some(Kind::Broken),
        _ => None,
    };
    for (a, b) in pairs {
        let mut points: Vec<Point> = ended
            .candidates
            .iter()
            .filter_map(|c| {
                let objectives = &c.totals.objectives;
                Some((objectives[a]?, objectives[b]?, kind(c)?))
            })
            .collect();
        // What matters most is drawn last.
        points.sort_by_key(|p| match p.2 {
            Kind::Broken => 0,
            Kind::Feasible => 1,
            Kind::Front => 2,
            Kind::Now => 3,
            Kind::Then => 4,
        });
        let name = |i: usize| {
            let o = &problem.objectives[i];
            format!("{}, {}", o.name, o.unit)
        };
        s.push_str(&front(&name(a), &name(b), &points));
    }
}

/// The first sample of each case, now and then.
fn sessions(s: &mut String, opened: &Opened, ended: &Ended, verdicts: &Verdicts) {
    let problem = &opened.file.problem;
    let Some(recommended) = verdicts.recommended() else {
        return;
    };
    s.push_str("<h2>Warming up, now and then</h2>\n");
    let trace = |candidate: usize, base: usize| -> Option<Trace> {
        let source = Source {
            problem,
            training: &opened.file.training,
            held_out: &opened.file.held_out,
            jobs: 1,
        };
        let asked = Asked {
            phase: Phase::Claim,
            candidate,
            values: &ended.candidates[candidate].values,
            case: base,
        };
        let spec = source
            .spec(&mut opened.file.held_out.clone(), &asked)
            .ok()?;
        let outcome = guarded(|| run(&spec, InProcess::new(), &mut |_| Continue::Yes)).ok()?;
        Some(outcome.trace)
    };
    for (base, name) in problem.claim.bases.iter().enumerate().take(4) {
        let (Some(now), Some(then)) = (trace(0, base), trace(recommended, base)) else {
            continue;
        };
        let picture = both("film_upper_c", "film, upper zone, \u{b0}C", &now, &then);
        if let Some(picture) = picture {
            let _ = writeln!(
                s,
                "<h3>{}, sample 0 of the claim</h3>\n{picture}",
                escape(name)
            );
        }
    }
}

fn how(s: &mut String, opened: &Opened, ended: &Ended, history: &[(usize, usize)]) {
    let problem = &opened.file.problem;
    let left = ended.candidates.iter().filter(|c| !c.complete).count();
    let refused = ended
        .candidates
        .iter()
        .filter(|c| c.refused.is_some())
        .count();
    let _ = writeln!(
        s,
        "<h2>The search</h2>\n<p>{}, seed {}, generations of {}: {} in {}, {} samples in {}; {left} were left before their last session, {refused} could not be run.</p>",
        problem.algorithm.name(),
        problem.seed,
        problem.population,
        words::count(ended.candidates.len(), "candidate"),
        words::count(ended.sessions, "session"),
        problem.training.drawing().samples,
        words::count(problem.training.bases.len(), "case"),
    );
    s.push_str("<p>What there is to gain: the hypervolume that the candidates up to then beat, of the box between the present parameters and the best value of each objective; 1 were all the best at once.</p>\n");
    s.push_str(&course(&gained(problem, ended, history)));
    s.push_str("<p>Tolerances, users and surroundings of the samples: as in the tuning file. A result holds for these spreads and this model.</p>\n");
}

/// Sessions, and the share of what there is to gain.
fn gained(problem: &Problem, ended: &Ended, history: &[(usize, usize)]) -> Vec<(f64, f64)> {
    let feasible: Vec<(usize, Vec<f64>)> = ended
        .candidates
        .iter()
        .filter(|c| c.feasible())
        .map(|c| (c.number, c.evaluation(problem).objectives))
        .collect();
    let Some((0, now)) = feasible.first().cloned() else {
        return Vec::new();
    };
    let best: Vec<f64> = (0..now.len())
        .map(|i| feasible.iter().map(|(_, o)| o[i]).fold(now[i], f64::min))
        .collect();
    if best.iter().zip(&now).any(|(b, n)| b >= n) {
        return Vec::new();
    }
    // Each objective as a share: 0 is the best of all, 1 the present.
    let share = |objectives: &[f64]| -> Vec<f64> {
        let each = objectives.iter().zip(&best).zip(&now);
        each.map(|((o, b), n)| (o - b) / (n - b)).collect()
    };
    let reference = vec![1.0; now.len()];
    history
        .iter()
        .map(|(candidates, sessions)| {
            let points: Vec<Vec<f64>> = feasible
                .iter()
                .filter(|(number, _)| number < candidates)
                .map(|(_, objectives)| share(objectives))
                .filter(|o| o.iter().all(|v| *v <= 1.0))
                .collect();
            (*sessions as f64, hypervolume(&points, &reference))
        })
        .collect()
}
