//! Tuning files: what is tuned towards what, on which scenarios, and what is held out.

pub(crate) mod keys;
mod read;

use std::path::{Path, PathBuf};

use kneadsim_search::campaign::{Campaign, Drawing};
use kneadsim_search::tune::{Algorithm, Problem, Required, expectations};
use kneadsim_search::vary::Draw;

use crate::bounds::TEXT_MAX_BYTES;
use crate::campaign::{
    contradicting, drawing, fingerprint, fixed, not_set_too, placed_texts, scenarios, whole_number,
};
use crate::document::{self, Node, Table, Value};
use crate::files::read_text;
use crate::lower::{WHOLE, unreadable};
use crate::mistake::{Mistake, Place, Reporter};
use crate::quantity::{self, shorten};
use crate::variation::{Asked, Column, Variation, Written};
use crate::{head, keys as key_tables, read as reading, settings, vary};
use keys::TUNE_FILE;
use read::Parameters;

/// Sessions at most.
const BUDGET_MAX: i64 = 10_000_000;
/// Samples at most.
const SAMPLES_MAX: i64 = 1 << 20;
/// Candidates in a generation.
const POPULATION: (i64, i64) = (4, 1000);
/// Candidates tried on what was held out.
const VALIDATE_MAX: i64 = 100;
/// What sets the samples that are held out apart from those of the training.
const OTHER_SAMPLES: u64 = 0x0068_656c_646f_7574;
/// What sets the samples of the claim apart from both.
const CLAIM_SAMPLES: u64 = 0x0000_0063_6c61_696d;

/// A tuning file, read.
#[derive(Clone)]
pub struct TuneFile {
    /// One line.
    pub title: String,
    /// What for.
    pub description: String,
    /// What is tuned, towards what, and what must hold.
    pub problem: Problem,
    /// The scenarios on which candidates are tried.
    pub training: Variation,
    /// The same and those that are held out, for the trial and for the claim.
    pub held_out: Variation,
    /// Digest of this file and of everything it names.
    pub fingerprint: u128,
}

/// What overrides numbers of the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct TuneOverrides {
    /// Sessions.
    pub budget: Option<usize>,
    /// The seed of everything drawn.
    pub seed: Option<u64>,
}

/// Reads a tuning file. No file outside `root` is read.
///
/// # Errors
/// Every mistake of the file and of the files it names.
pub fn load_tune(
    path: &Path,
    root: &Path,
    overrides: TuneOverrides,
) -> Result<TuneFile, Vec<Mistake>> {
    let text = read_text(path, TEXT_MAX_BYTES).map_err(|why| unreadable(path, &why))?;
    let mut reporter = Reporter::default();
    let id = reporter.add_source(path, text.clone());
    let tree = document::parse(id, &mut reporter);
    let top = Node {
        place: WHOLE,
        value: Value::Flag(true),
    };
    key_tables::check(&top, &tree, TUNE_FILE, &[], &mut reporter);
    let head = head::read(&tree, &mut reporter);
    let numbers = Numbers::read(&tree, overrides, &mut reporter);
    let fixed = fixed(&tree, &mut reporter);
    let (variables, tolerance_columns) = vary::read(&tree, &mut reporter);
    let correlations = vary::correlations(&tree, &variables, &mut reporter);
    let parameters = read::parameters(&tree, &mut reporter);
    let objectives = read::objectives(&tree, &mut reporter);
    let only = placed_texts(&tree, "expect", &mut reporter);
    let free = placed_texts(&tree, "may_lose_margin", &mut reporter);
    let training = scenarios(&tree, "scenarios", path, &mut reporter);
    let more = scenarios(&tree, "held_out", path, &mut reporter);
    let mut varied: Vec<&str> = variables.iter().map(|v| v.key.as_str()).collect();
    for (parameter, place) in parameters.found.iter().zip(&parameters.places) {
        if varied.contains(&parameter.key.as_str()) {
            let message = format!("`{}` varies: it cannot be tuned too", parameter.key);
            reporter.mistake(*place, message);
        }
    }
    varied.extend(parameters.found.iter().map(|p| p.key.as_str()));
    not_set_too(&fixed, &varied, &mut reporter);
    if reporter.count() > 0 {
        return Err(reporter.take_mistakes());
    }
    let (title, description) = (
        head.title.unwrap_or_default(),
        head.description.unwrap_or_default(),
    );
    let sampled = |drawing: Drawing| {
        Campaign::new(
            &title,
            &description,
            variables.clone(),
            &correlations,
            drawing,
        )
    };
    let others = |apart: u64, samples: u32| Drawing {
        seed: numbers.drawing.seed ^ apart,
        samples,
        ..numbers.drawing
    };
    let (Ok(mut training_campaign), Ok(mut held_out_campaign), Ok(mut claim_campaign)) = (
        sampled(numbers.drawing),
        sampled(others(OTHER_SAMPLES, numbers.held_out_samples)),
        sampled(others(CLAIM_SAMPLES, numbers.claim_samples)),
    ) else {
        contradicting(&tree, &mut reporter);
        return Err(reporter.take_mistakes());
    };
    let asked = Asked {
        by: path,
        text: &text,
        fixed: &fixed,
        only: &only,
    };
    let columns = || [tolerance_columns.clone(), parameters.columns()].concat();
    let variation = Variation::read(&training, root, &asked, columns())?;
    let all: Vec<PathBuf> = training.iter().chain(&more).cloned().collect();
    let mut held_out = Variation::read(&all, root, &asked, columns())?;
    let mistakes = held_out.try_ends(&training_campaign.variables);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    training_campaign.bases = variation.bases().map(str::to_owned).collect();
    held_out_campaign.bases = held_out.bases().map(str::to_owned).collect();
    claim_campaign.bases.clone_from(&held_out_campaign.bases);
    let draws = training_campaign.draws(0);
    let (present, expected) = now(&mut held_out, &draws, &parameters, &free, &mut reporter)?;
    let objectives = read::with_bases(objectives, &held_out_campaign.bases, &mut reporter);
    if reporter.count() > 0 {
        return Err(reporter.take_mistakes());
    }
    let one = objectives.len() == 1;
    let algorithm = numbers.algorithm.unwrap_or(if one {
        Algorithm::CmaEs
    } else {
        Algorithm::Nsga2
    });
    if let (Algorithm::CmaEs, false, Some(node)) = (algorithm, one, tree.node("algorithm")) {
        let message = format!(
            "`cma_es` is for one objective, there are {}: use `nsga2`",
            objectives.len()
        );
        reporter.mistake(node.place, message);
        return Err(reporter.take_mistakes());
    }
    let fingerprint = fingerprint(
        &text,
        &[numbers.budget as u64, numbers.drawing.seed],
        held_out.texts(&draws),
    );
    let problem = Problem {
        parameters: parameters.found,
        present,
        objectives,
        expectations: expected,
        training: training_campaign,
        held_out: held_out_campaign,
        claim: claim_campaign,
        algorithm,
        population: numbers.population,
        budget: numbers.budget,
        seed: numbers.drawing.seed,
        racing: numbers.racing,
        reserve_k: numbers.reserve_k,
        validate: numbers.validate,
    };
    Ok(TuneFile {
        title,
        description,
        problem,
        training: variation,
        held_out,
        fingerprint,
    })
}

struct Numbers {
    drawing: Drawing,
    held_out_samples: u32,
    claim_samples: u32,
    budget: usize,
    population: usize,
    reserve_k: f64,
    validate: usize,
    racing: bool,
    algorithm: Option<Algorithm>,
}

impl Numbers {
    fn read(tree: &Table, overrides: TuneOverrides, reporter: &mut Reporter) -> Numbers {
        let mut drawing = drawing(tree, None, 8, reporter);
        drawing.seed = overrides.seed.unwrap_or(drawing.seed);
        let mut whole =
            |key, (min, max), default| whole_number(tree, key, min, max, default, reporter);
        let budget = whole("budget", (1, BUDGET_MAX), 1) as usize;
        let held_out_samples = whole("held_out_samples", (1, SAMPLES_MAX), 64) as u32;
        let claim_samples = whole("claim_samples", (1, SAMPLES_MAX), 64) as u32;
        let population = whole("population", POPULATION, 12) as usize;
        let validate = whole("validate", (1, VALIDATE_MAX), 5) as usize;
        let reserve_k = reserve_k(tree, reporter);
        let algorithm = tree.node("algorithm").and_then(|node| {
            let names: Vec<&'static str> = Algorithm::ALL.iter().map(|a| a.name()).collect();
            let name = settings::choice(node, "algorithm", &names, reporter)?;
            Algorithm::ALL.into_iter().find(|a| a.name() == name)
        });
        Numbers {
            drawing,
            held_out_samples,
            claim_samples,
            budget: overrides.budget.unwrap_or(budget),
            population,
            reserve_k,
            validate,
            racing: reading::flag(tree, "racing", true, reporter),
            algorithm,
        }
    }
}

/// At most, K: nothing would be found beyond.
const RESERVE_MAX_K: f64 = 5.0;

fn reserve_k(tree: &Table, reporter: &mut Reporter) -> f64 {
    let Some(node) = tree.node("reserve_k") else {
        return 0.0;
    };
    match quantity::number(node, "reserve_k", "K", reporter) {
        Some(k) if (0.0..=RESERVE_MAX_K).contains(&k) => k,
        Some(k) => {
            let message = format!("`reserve_k` is {k}, allowed 0 to {RESERVE_MAX_K}");
            reporter.mistake(node.place, message);
            0.0
        }
        None => 0.0,
    }
}

/// The expectations of each base, and what each must keep.
type Expected = Vec<Vec<(String, Required)>>;

/// The present values, the same in every base, and the expectations of each.
fn now(
    held_out: &mut Variation,
    draws: &[Draw],
    parameters: &Parameters,
    free: &[(String, Place)],
    reporter: &mut Reporter,
) -> Result<(Vec<f64>, Expected), Vec<Mistake>> {
    let names: Vec<String> = held_out.bases().map(str::to_owned).collect();
    let mut present: Vec<f64> = Vec::new();
    let mut expected = Vec::new();
    for (base, name) in names.iter().enumerate() {
        let spec = held_out.spec(base, 0, 0, draws)?;
        for (index, parameter) in parameters.found.iter().enumerate() {
            let field = parameter.key.trim_start_matches("firmware.");
            let value = spec.firmware.get(field).map_or(f64::NAN, settings::decimal);
            match present.get(index) {
                None => present.push(value),
                Some(first) if *first == value => {}
                Some(first) => {
                    let message = format!(
                        "`{}` is {first} in {}, and {value} in {}: what is tuned must have one present value",
                        parameter.key,
                        shorten(&names[0]),
                        shorten(name)
                    );
                    reporter.mistake(parameters.places[index], message);
                }
            }
        }
        let required = |id: String| {
            let of = |free: &str| id == free || id.starts_with(&format!("{free}: "));
            let is_free = free.iter().any(|(f, _)| of(f));
            let required = if is_free {
                Required::AtLeast(0.0)
            } else {
                Required::AsNow
            };
            (id, required)
        };
        let ids = expectations(&spec).into_iter();
        expected.push(ids.map(required).collect::<Vec<_>>());
    }
    for (id, place) in free {
        let of = |name: &str| name == id || name.starts_with(&format!("{id}: "));
        if !expected.iter().flatten().any(|(name, _)| of(name)) {
            let message = format!("no scenario has an expectation \"{}\"", shorten(id));
            reporter.mistake(*place, message);
        }
    }
    Ok((present, expected))
}

impl Parameters {
    fn columns(&self) -> Vec<Column> {
        let each = self.found.iter().zip(&self.places);
        each.map(|(parameter, place)| Column {
            key: parameter.key.clone(),
            written: Written::of(&parameter.key),
            choices: Vec::new(),
            place: *place,
        })
        .collect()
    }
}
