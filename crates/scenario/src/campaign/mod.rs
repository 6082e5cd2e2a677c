//! Campaign files: scenarios, what varies in them, and how it is sampled.

pub(crate) mod keys;

use std::path::{Component, Path, PathBuf};

use kneadsim_search::campaign::{Campaign, Drawing};
use kneadsim_search::measure::{Measure, Take};
use kneadsim_search::vary::Sampling;
use kneadsim_sim::signal::Signal;
use xxhash_rust::xxh3::Xxh3;

use crate::bounds::{LIST_MAX, TEXT_MAX_BYTES};
use crate::document::{self, Node, Table, Value};
use crate::files::read_text;
use crate::lower::{WHOLE, unreadable};
use crate::mistake::{Mistake, Place, Reporter};
use crate::quantity::shorten;
use crate::variation::{Asked, Variation};
use crate::{head, keys as key_tables, read, settings, vary};
use keys::{CAMPAIGN, MEASURE};

/// Samples at most.
const SAMPLES_MAX: i64 = 1 << 24;
/// Worst cases at most.
const KEEP_MAX: i64 = 1000;

/// A campaign file, read.
#[derive(Clone)]
pub struct CampaignFile {
    /// What is sampled, and how.
    pub campaign: Campaign,
    /// The scenarios into which samples are put.
    pub variation: Variation,
    /// Digest of this file and of everything it names: shards of one campaign
    /// have the same.
    pub fingerprint: u128,
}

/// Reads a campaign file; `samples` overrides the file's. No file outside `root` is read.
///
/// # Errors
/// Every mistake of the file and of the files it names.
pub fn load_campaign(
    path: &Path,
    root: &Path,
    samples: Option<u32>,
) -> Result<CampaignFile, Vec<Mistake>> {
    let text = read_text(path, TEXT_MAX_BYTES).map_err(|why| unreadable(path, &why))?;
    let mut reporter = Reporter::default();
    let id = reporter.add_source(path, text.clone());
    let tree = document::parse(id, &mut reporter);
    let top = Node {
        place: WHOLE,
        value: Value::Flag(true),
    };
    key_tables::check(&top, &tree, CAMPAIGN, &[], &mut reporter);
    let head = head::read(&tree, &mut reporter);
    let (title, description) = (
        head.title.unwrap_or_default(),
        head.description.unwrap_or_default(),
    );
    let drawing = drawing(&tree, samples, 1, &mut reporter);
    let keep_worst = whole_number(&tree, "keep_worst", 0, KEEP_MAX, 10, &mut reporter);
    let fixed = fixed(&tree, &mut reporter);
    let (variables, columns) = vary::read(&tree, &mut reporter);
    let correlations = vary::correlations(&tree, &variables, &mut reporter);
    let measures = measures(&tree, &mut reporter);
    let scenarios = scenarios(&tree, "scenarios", path, &mut reporter);
    let only = placed_texts(&tree, "expect", &mut reporter);
    let varied: Vec<&str> = variables.iter().map(|v| v.key.as_str()).collect();
    not_set_too(&fixed, &varied, &mut reporter);
    if reporter.count() > 0 {
        return Err(reporter.take_mistakes());
    }
    let campaign = Campaign::new(&title, &description, variables, &correlations, drawing);
    let Ok(mut campaign) = campaign else {
        contradicting(&tree, &mut reporter);
        return Err(reporter.take_mistakes());
    };
    let asked = Asked {
        by: path,
        text: &text,
        fixed: &fixed,
        only: &only,
    };
    let mut variation = Variation::read(&scenarios, root, &asked, columns)?;
    let mistakes = variation.try_ends(&campaign.variables);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    campaign.bases = variation.bases().map(str::to_owned).collect();
    campaign.measures = measures;
    campaign.keep_worst = keep_worst as usize;
    let numbers = [u64::from(drawing.samples)];
    let fingerprint = fingerprint(&text, &numbers, variation.texts(&campaign.draws(0)));
    Ok(CampaignFile {
        campaign,
        variation,
        fingerprint,
    })
}

/// Digest of a file, of what overrides it, and of the cases that it names.
pub(crate) fn fingerprint(text: &str, numbers: &[u64], cases: Vec<String>) -> u128 {
    let mut hash = Xxh3::new();
    hash.update(text.as_bytes());
    for number in numbers {
        hash.update(&number.to_le_bytes());
    }
    for text in cases {
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.digest128()
}

/// Reports that the correlations cannot all be.
pub(crate) fn contradicting(tree: &Table, reporter: &mut Reporter) {
    let place = tree.get("correlate").map_or(WHOLE, |e| e.key_place);
    reporter.mistake(place, "these correlations contradict each other: no variables have them all (the matrix is not positive definite; pairs that are not named count as 0)");
}

/// Reports what is set and varies.
pub(crate) fn not_set_too(fixed: &[(String, Node)], varied: &[&str], reporter: &mut Reporter) {
    for (key, node) in fixed {
        if varied.contains(&key.as_str()) {
            let message = format!("`{}` varies: it cannot be set too", shorten(key));
            reporter.mistake(node.place, message);
        }
    }
}

/// Texts of a list, each with its place.
pub(crate) fn placed_texts(
    tree: &Table,
    key: &str,
    reporter: &mut Reporter,
) -> Vec<(String, Place)> {
    let texts = read::texts(tree, key, reporter).into_iter();
    texts
        .map(|(text, node)| (text.to_owned(), node.place))
        .collect()
}

/// `seed`, `sampling` and `samples`; `samples` overrides the file's.
pub(crate) fn drawing(
    tree: &Table,
    samples: Option<u32>,
    default: i64,
    reporter: &mut Reporter,
) -> Drawing {
    let written = whole_number(tree, "samples", 1, SAMPLES_MAX, default, reporter) as u32;
    let seed = whole_number(tree, "seed", 0, i64::MAX, 1, reporter) as u64;
    let sampling = tree.node("sampling").and_then(|node| {
        let names: Vec<&'static str> = Sampling::ALL.iter().map(|s| s.name()).collect();
        Sampling::from_name(settings::choice(node, "sampling", &names, reporter)?)
    });
    Drawing {
        seed,
        samples: samples.unwrap_or(written),
        sampling: sampling.unwrap_or(Sampling::Sobol),
    }
}

pub(crate) fn whole_number(
    tree: &Table,
    key: &str,
    min: i64,
    max: i64,
    default: i64,
    reporter: &mut Reporter,
) -> i64 {
    match tree.node(key) {
        None => default,
        Some(Node {
            value: Value::Whole(v),
            ..
        }) if (min..=max).contains(v) => *v,
        Some(node) => {
            let is = match node.value {
                Value::Whole(v) => v.to_string(),
                _ => node.kind().to_owned(),
            };
            let message = format!("`{key}` is {is}, allowed a whole number, {min} to {max}");
            reporter.mistake(node.place, message);
            default
        }
    }
}

/// `[set]`: paths with a value each, quoted or dotted.
pub(crate) fn fixed(tree: &Table, reporter: &mut Reporter) -> Vec<(String, Node)> {
    let Some((table, _)) = read::inner(tree, "set", reporter) else {
        return Vec::new();
    };
    let leaves = table.leaves().into_iter();
    leaves
        .map(|(path, leaf)| (path, leaf.node.clone()))
        .collect()
}

pub(crate) fn scenarios(
    tree: &Table,
    key: &str,
    file: &Path,
    reporter: &mut Reporter,
) -> Vec<PathBuf> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let named = read::texts(tree, key, reporter);
    if let (Some(node), true) = (tree.node(key), named.is_empty() && reporter.count() == 0) {
        reporter.mistake(node.place, format!("`{key}` names no file"));
    }
    let mut found = Vec::new();
    for (text, node) in named {
        let path = without_dots(&folder.join(text));
        if Path::new(text).is_absolute() {
            reporter.mistake(node.place, "a scenario must be named relative to this file");
        } else if !path.is_file() {
            let message = format!("the scenario \"{}\" does not exist", shorten(text));
            reporter.mistake(node.place, message);
        } else {
            found.push(path);
        }
    }
    found
}

fn measures(tree: &Table, reporter: &mut Reporter) -> Vec<Measure> {
    if tree.get("measure").is_none() {
        return default_measures();
    }
    let mut found = Vec::<Measure>::new();
    for (table, node) in read::tables(tree, "measure", LIST_MAX, reporter) {
        key_tables::check(node, table, MEASURE, &[], reporter);
        let name = read::text(table, "name", reporter);
        let mut choose = |key, names: Vec<&'static str>| {
            settings::choice(table.node(key)?, key, &names, reporter)
        };
        let signal = choose("signal", settings::signal_names().collect());
        let signal = signal.and_then(Signal::from_name);
        let take = choose("take", Take::ALL.map(Take::name).to_vec());
        let take = take.and_then(|name| Take::ALL.into_iter().find(|t| t.name() == name));
        let (Some((name, name_node)), Some(signal), Some(take)) = (name, signal, take) else {
            continue;
        };
        if found.iter().any(|m| m.name == name) {
            reporter.mistake(
                name_node.place,
                format!("`name` \"{}\" is there twice", shorten(name)),
            );
        }
        found.push(Measure {
            name: name.to_owned(),
            signal,
            take,
        });
    }
    found
}

fn default_measures() -> Vec<Measure> {
    let rows = [
        (Signal::SkinSurfaceMax, Take::Max),
        (Signal::BasalMax, Take::Max),
        (Signal::Cem43Max, Take::End),
        (Signal::OmegaDiller, Take::End),
        (Signal::FilmMax, Take::Max),
        (Signal::KneadingWinding, Take::Max),
        (Signal::VibrationWinding, Take::Max),
    ];
    let measure = |(signal, take): (Signal, Take)| Measure {
        name: format!("{} of {}", take.name(), signal.name()),
        signal,
        take,
    };
    rows.map(measure).to_vec()
}

/// The path without `.` and `..`: a case's name does not depend on how the campaign's
/// file was reached.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(clean.components().next_back(), Some(Component::Normal(_))) =>
            {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}
