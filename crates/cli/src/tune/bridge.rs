//! `tune ask`, `tell` and `evaluate`: JSON lines for other programs.
//!
//! With `evaluate` the search is elsewhere and sessions are run here; with `ask` and
//! `tell` the search is here and sessions are run elsewhere, on a rig for instance.

use std::fs;
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use kneadsim_search::optimize::Evaluation;
use kneadsim_search::tune::{Problem, Totals, Trial};
use kneadsim_search::workers::Stop;
use serde_json::{Value, json};

use super::arguments::{EvaluateTune, Overrides, TuneFileArguments};
use super::journal::{Asked, Phase};
use super::sessions::Source;
use super::{Opened, json as as_json, open, wrong};
use crate::console::{Console, complain};
use crate::engine::quiet_panics;
use crate::exit::Exit;
use crate::interrupt::listen_for_interrupts;
use crate::whole::{usable, write_whole};

/// Lines of the standard input, one JSON value each.
fn lines() -> impl Iterator<Item = Result<(usize, Value), String>> {
    let input = std::io::stdin().lock().lines().enumerate();
    input
        .filter(|(_, line)| !line.as_ref().is_ok_and(|text| text.trim().is_empty()))
        .map(|(index, line)| {
            let number = index + 1;
            let text = line.map_err(|e| format!("line {number}: {e}"))?;
            let value = serde_json::from_str(&text).map_err(|e| format!("line {number}: {e}"))?;
            Ok((number, value))
        })
}

/// One line of the standard output, at once; false when nobody reads it any more.
fn print(value: &Value) -> bool {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{value}").and_then(|()| out.flush()).is_ok()
}

/// Reads candidates and prints what they gave.
pub fn evaluate(arguments: &EvaluateTune, console: Console) -> Exit {
    let other = Overrides {
        out: None,
        budget: None,
        seed: arguments.seed,
    };
    let opened = match open(&arguments.file, &other, console) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let problem = &opened.file.problem;
    let stop = Arc::new(Stop::default());
    listen_for_interrupts(&stop);
    quiet_panics();
    let source = Source {
        problem,
        training: &opened.file.training,
        held_out: &opened.file.held_out,
        jobs: arguments.jobs,
    };
    let mut now = None;
    for line in lines() {
        let (number, value) = match line {
            Ok(line) => line,
            Err(why) => return wrong(&why),
        };
        let values = match values(problem, &value) {
            Ok(values) => values,
            Err(why) => return wrong(&format!("line {number}: {why}")),
        };
        // What margins are held against is run once, before the first candidate.
        if now.is_none() {
            now = assess(&source, &problem.present, &stop).map(|(totals, _, _)| totals);
        }
        let found = now.as_ref().zip(assess(&source, &values, &stop));
        let Some((now, (totals, refused, sessions))) = found else {
            complain("interrupted");
            return Exit::Interrupted;
        };
        let reserve_k = problem.reserve_of_k(&values);
        let short = totals.violation_k(problem, now, reserve_k);
        let answer = json!({
            "id": value.get("id").cloned().unwrap_or(Value::Null),
            "parameters": as_json::parameters(problem, &values),
            "objectives": as_json::objectives(problem, &totals.objectives),
            "short_k": if refused.is_some() { Value::Null } else { json!(short) },
            "short": as_json::short(problem, totals.short(problem, now, reserve_k)),
            "feasible": refused.is_none() && short == 0.0,
            "refused": refused,
            "sessions": sessions,
        });
        if !print(&answer) {
            return Exit::WrongInput;
        }
    }
    Exit::Held
}

/// Every session of the search's samples; none when it was stopped.
fn assess(
    source: &Source<'_>,
    values: &[f64],
    stop: &Stop,
) -> Option<(Totals, Option<String>, usize)> {
    let problem = source.problem;
    let cases = problem.training.cases();
    let asked: Vec<Asked<'_>> = (0..cases)
        .map(|case| Asked {
            phase: Phase::Search,
            candidate: 0,
            values,
            case,
        })
        .collect();
    let mut done = Vec::with_capacity(cases);
    source.run(&asked, stop, |_, result| done.push(result));
    if done.len() < cases {
        return None;
    }
    let refused = done.iter().find_map(|d| d.as_ref().err().cloned());
    let trials: Vec<Trial> = done.into_iter().map_while(Result::ok).collect();
    let totals = problem.totals(&problem.training, &trials);
    Some((totals, refused, trials.len()))
}

/// The parameters of a line; one that is not named has its present value.
fn values(problem: &Problem, line: &Value) -> Result<Vec<f64>, String> {
    let Some(named) = line.get("parameters").and_then(Value::as_object) else {
        return Err("needs \"parameters\": an object of keys and numbers".to_owned());
    };
    let known = |key: &String| problem.parameters.iter().any(|p| p.key == *key);
    if let Some(key) = named.keys().find(|key| !known(key)) {
        let keys: Vec<&str> = problem.parameters.iter().map(|p| p.key.as_str()).collect();
        return Err(format!("`{key}` is not tuned, allowed {}", keys.join(", ")));
    }
    let each = problem.parameters.iter().zip(&problem.present);
    each.map(|(parameter, present)| {
        let Some(value) = named.get(&parameter.key) else {
            return Ok(*present);
        };
        match value.as_f64() {
            Some(v) if (parameter.min..=parameter.max).contains(&v) => Ok(v),
            _ => Err(format!(
                "`{}` is {value}, allowed a number, {} to {}",
                parameter.key, parameter.min, parameter.max
            )),
        }
    })
    .collect()
}

/// What was told so far: one generation after the other.
struct Told {
    path: PathBuf,
    generations: Vec<Vec<Value>>,
}

impl Told {
    fn read(opened: &Opened) -> Result<Told, String> {
        let path = opened.out.join("told.json");
        let fingerprint = format!("{:032x}", opened.file.fingerprint);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Told {
                    path,
                    generations: Vec::new(),
                });
            }
            Err(error) => return Err(format!("{}: cannot be read: {error}", path.display())),
        };
        let value: Value =
            serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        if value.get("tuning") != Some(&json!(fingerprint)) {
            return Err(format!(
                "{}: it is of another tuning, or of files that have changed; remove it or choose another --out",
                path.display()
            ));
        }
        let generations = value.get("generations").cloned().unwrap_or_default();
        let generations =
            serde_json::from_value(generations).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Told { path, generations })
    }

    fn write(&self, opened: &Opened) -> Result<(), String> {
        let value = json!({
            "tuning": format!("{:032x}", opened.file.fingerprint),
            "generations": self.generations,
        });
        let text = format!("{value:#}\n");
        write_whole(&self.path, |out| out.write_all(text.as_bytes()))
            .map_err(|e| format!("cannot write {}: {e}", self.path.display()))
    }

    /// The points that are asked for next, after everything that was told.
    fn next(&self, problem: &Problem) -> Result<Vec<Vec<f64>>, String> {
        let mut optimizer = problem.optimizer();
        for generation in &self.generations {
            let points = optimizer.ask();
            if points.len() != generation.len() {
                return Err(format!(
                    "{}: a generation has {} candidates, this search asks for {}",
                    self.path.display(),
                    generation.len(),
                    points.len()
                ));
            }
            let told: Result<Vec<Evaluation>, String> = points
                .into_iter()
                .zip(generation)
                .map(|(point, line)| evaluation(problem, point, line))
                .collect();
            optimizer.tell(&told?);
        }
        Ok(optimizer.ask())
    }
}

/// What a line told of a point.
fn evaluation(problem: &Problem, point: Vec<f64>, line: &Value) -> Result<Evaluation, String> {
    let named = line.get("objectives").and_then(Value::as_object);
    let each = problem.objectives.iter().map(|objective| {
        let value = named.and_then(|n| n.get(&objective.name));
        match value.and_then(Value::as_f64) {
            Some(v) => Ok(v * objective.goal.sign()),
            None => Err(format!(
                "needs a number for objective \"{}\"",
                objective.name
            )),
        }
    });
    let objectives = each.collect::<Result<Vec<f64>, String>>()?;
    let violation = match line.get("short_k") {
        None | Some(Value::Null) => 0.0,
        Some(value) => match value.as_f64() {
            Some(v) if v >= 0.0 => v,
            _ => return Err(format!("`short_k` is {value}, allowed a number from 0")),
        },
    };
    Ok(Evaluation {
        point,
        objectives,
        violation,
        partial: false,
    })
}

/// Prints the candidates of the next generation.
pub fn ask(which: &TuneFileArguments, console: Console) -> Exit {
    let opened = match open(&which.file, &which.other, console) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let problem = &opened.file.problem;
    let told = match Told::read(&opened) {
        Ok(told) => told,
        Err(why) => return wrong(&why),
    };
    let points = match told.next(problem) {
        Ok(points) => points,
        Err(why) => return wrong(&why),
    };
    for (index, point) in points.iter().enumerate() {
        let line = json!({
            "id": id(told.generations.len(), index),
            "parameters": as_json::parameters(problem, &problem.values(point)),
        });
        if !print(&line) {
            return Exit::WrongInput;
        }
    }
    Exit::Held
}

fn id(generation: usize, index: usize) -> String {
    format!("{generation}-{index}")
}

/// Reads what every candidate of the generation gave.
pub fn tell(which: &TuneFileArguments, console: Console) -> Exit {
    let opened = match open(&which.file, &which.other, console) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    if let Err(why) = usable(&opened.out) {
        return wrong(&why);
    }
    match take(&opened) {
        Ok(()) => Exit::Held,
        Err(why) => wrong(&why),
    }
}

fn take(opened: &Opened) -> Result<(), String> {
    let problem = &opened.file.problem;
    let mut told = Told::read(opened)?;
    let points = told.next(problem)?;
    let generation = told.generations.len();
    let mut found: Vec<Option<Value>> = vec![None; points.len()];
    for line in lines() {
        let (number, value) = line?;
        let here = |why: String| format!("line {number}: {why}");
        let wanted = (0..points.len())
            .find(|i| value.get("id").and_then(Value::as_str) == Some(&id(generation, *i)));
        let Some(index) = wanted else {
            let id = value.get("id").cloned().unwrap_or_default();
            let last = id_range(generation, points.len());
            return Err(here(format!("`id` is {id}, this generation has {last}")));
        };
        evaluation(problem, points[index].clone(), &value).map_err(here)?;
        if found[index].replace(value).is_some() {
            return Err(here("this `id` was told already".to_owned()));
        }
    }
    let missing = found.iter().filter(|f| f.is_none()).count();
    if missing > 0 {
        return Err(format!(
            "{missing} of {} candidates of this generation are not told; nothing was kept",
            points.len()
        ));
    }
    told.generations.push(found.into_iter().flatten().collect());
    told.write(opened)
}

fn id_range(generation: usize, count: usize) -> String {
    format!("{} to {}", id(generation, 0), id(generation, count - 1))
}
