//! What a tuning came to, on the terminal.

use std::fmt::Write;
use std::time::Duration;

use kneadsim_search::tune::{Ended, Objective};

use super::Opened;
use super::configuration::field;
use super::verdict::Verdicts;
use crate::columns::table;
use crate::console::{Console, Tone};
use crate::words;

/// What ran.
pub fn ran(sessions: usize, wall: Duration, before: usize) -> String {
    let rate = sessions as f64 / wall.as_secs_f64().max(1e-9);
    let kept = if before > 0 {
        format!(" ({before} were there)")
    } else {
        String::new()
    };
    format!(
        "{} in {}, {rate:.1} a second{kept}\n",
        words::count(sessions, "session"),
        words::wall(wall)
    )
}

/// A number with its unit; a dash where there is none.
pub fn with_unit(value: Option<f64>, objective: &Objective) -> String {
    let unit = if objective.unit == "1" {
        ""
    } else {
        &objective.unit
    };
    value.map_or("-".to_owned(), |v| {
        format!("{} {unit}", words::significant(v))
            .trim_end()
            .to_owned()
    })
}

/// By how much a number changed, in per cent of what it was; a temperature, whose zero
/// is a convention, in kelvins.
pub fn change(now: Option<f64>, then: Option<f64>, unit: &str) -> String {
    match (now, then) {
        (Some(now), Some(then)) if now == then => "the same".to_owned(),
        (Some(now), Some(then)) if unit == "degC" => {
            let k = then - now;
            let sign = if k < 0.0 { '-' } else { '+' };
            format!("{sign}{} K", words::number(k.abs()))
        }
        (Some(now), Some(then)) if now != 0.0 => {
            format!("{:+.1} %", 100.0 * (then - now) / now.abs())
        }
        _ => String::new(),
    }
}

/// What may be said of the result: one sentence.
pub fn claim(opened: &Opened, verdicts: &Verdicts) -> String {
    let problem = &opened.file.problem;
    let lines: usize = problem.expectations.iter().map(Vec::len).sum();
    let tried = format!(
        "{} of cases and samples that the search never saw",
        words::count(problem.held_out.cases(), "session")
    );
    let claimed = format!(
        "{} of samples that neither the search nor the choice saw",
        words::count(problem.claim.cases(), "session")
    );
    match &verdicts.claim {
        Some(claim) if verdicts.recommended().is_some() => format!(
            "candidate {} is better in {} of {} and loses no margin that must be kept in {lines} expectations and limit lines, over {claimed}",
            claim.tried[1].candidate,
            claim.better(1),
            words::count(problem.objectives.len(), "objective"),
        ),
        Some(claim) => format!(
            "candidate {}, which the trial on what was held out chose, {} over {claimed}: the present parameters stay",
            claim.tried[1].candidate,
            match claim.keeps(1) {
                true => "is better in nothing".to_owned(),
                false => format!("loses {} K of margin", words::number(claim.short_k[1])),
            }
        ),
        None if verdicts.trial.tried.len() == 1 => {
            "no candidate kept what must be kept: the present parameters stay".to_owned()
        }
        None => format!(
            "none of the {} is better and keeps its margins over {tried}: the present parameters stay",
            words::count(verdicts.trial.tried.len() - 1, "candidate")
        ),
    }
}

/// The end of a run.
pub fn summary(opened: &Opened, ended: &Ended, verdicts: &Verdicts, console: Console) -> String {
    let problem = &opened.file.problem;
    let mut s = String::new();
    let feasible = ended.candidates.iter().filter(|c| c.feasible()).count();
    let left = ended.candidates.iter().filter(|c| !c.complete).count();
    let _ = writeln!(
        s,
        "{} ({} kept every margin, {left} were left early), {} of them better in something or other than all others",
        words::count(ended.candidates.len(), "candidate"),
        feasible,
        words::count(verdicts.front, "candidate"),
    );
    let tone = match verdicts.recommended() {
        Some(_) => Tone::Good,
        None => Tone::Bad,
    };
    let _ = writeln!(s, "{}", console.paint(tone, &claim(opened, verdicts)));
    let mut rows: Vec<Vec<String>> = Vec::new();
    if let Some(claim) = &verdicts.claim {
        let (now, then) = (claim.now(), &claim.tried[1].totals);
        for (i, objective) in problem.objectives.iter().enumerate() {
            rows.push(vec![
                objective.name.clone(),
                now.objectives[i].map_or("-".to_owned(), words::significant),
                then.objectives[i].map_or("-".to_owned(), words::significant),
                change(now.objectives[i], then.objectives[i], &objective.unit),
                objective.unit.clone(),
            ]);
        }
        let values = &ended.candidates[claim.tried[1].candidate].values;
        for (i, value) in values.iter().enumerate() {
            rows.push(vec![
                field(problem, i).to_owned(),
                problem.present[i].to_string(),
                value.to_string(),
                change(
                    Some(problem.present[i]),
                    Some(*value),
                    &problem.parameters[i].unit,
                ),
                problem.parameters[i].unit.clone(),
            ]);
        }
        let header = ["claim", "now", "then", "change", "unit"];
        s.push_str(&table(&header, &rows, console.width));
    }
    let _ = writeln!(s, "reports: {}", opened.out.join("report.html").display());
    if verdicts.recommended().is_some() {
        let file = opened.out.join("tuned.toml");
        let _ = writeln!(
            s,
            "try it:  kneadsim run scenarios --firmware {}",
            file.display()
        );
    }
    s
}
