//! `[[tune]]` and `[[objective]]`: what is tuned, and towards what.

use kneadsim_search::tune::{Goal, Objective, Over, Parameter, Quantity, Scale, Take};
use kneadsim_search::vary::DIMENSIONS_MAX;

use crate::bounds::LIST_MAX;
use crate::document::{Node, Table};
use crate::formula::{self, Scope};
use crate::keys as key_tables;
use crate::mistake::{Place, Reporter};
use crate::quantity::{self, shorten, show_number};
use crate::read;
use crate::settings::{self, Kind};
use crate::suggest::did_you_mean;
use crate::tune::keys::{OBJECTIVE, PARAMETER};

/// What is tuned, and where each stands.
pub(crate) struct Parameters {
    pub found: Vec<Parameter>,
    pub places: Vec<Place>,
}

/// Objectives at most: more than these nobody weighs against each other.
const OBJECTIVES_MAX: usize = 8;

/// Reads every `[[tune]]`.
pub(crate) fn parameters(root: &Table, reporter: &mut Reporter) -> Parameters {
    let mut parameters = Parameters {
        found: Vec::new(),
        places: Vec::new(),
    };
    for (table, node) in read::tables(root, "tune", DIMENSIONS_MAX, reporter) {
        key_tables::check(node, table, PARAMETER, &[], reporter);
        let Some((key, key_node)) = read::text(table, "key", reporter) else {
            continue;
        };
        if parameters.found.iter().any(|p| p.key == key) {
            let message = format!("`{}` is tuned twice", shorten(key));
            reporter.mistake(key_node.place, message);
        } else if let Some(parameter) = parameter(table, node, key, key_node, reporter) {
            parameters.found.push(parameter);
            parameters.places.push(key_node.place);
        }
    }
    parameters
}

fn parameter(
    table: &Table,
    node: &Node,
    key: &str,
    key_node: &Node,
    reporter: &mut Reporter,
) -> Option<Parameter> {
    let row = settings::find(key).filter(|row| row.section() == "firmware");
    let Some((Kind::Number { unit, min, max }, row)) = row.map(|row| (&row.kind, row)) else {
        let paths = settings::all().iter().filter(|r| r.section() == "firmware");
        let hint = did_you_mean(key, paths.map(|r| r.path.as_str()));
        let message = format!(
            "`{}` cannot be tuned: it is no number of the firmware's configuration{hint}",
            shorten(key)
        );
        reporter.mistake(key_node.place, message);
        return None;
    };
    let mut end = |name: &str| {
        let node = table.node(name)?;
        let value = quantity::number(node, name, unit, reporter)?;
        if (*min..=*max).contains(&value) {
            return Some(value);
        }
        let message = format!(
            "`{name}` is {}, `{}` is allowed from {} to {}",
            show_number(value),
            row.path,
            show_number(*min),
            show_number(*max)
        );
        reporter.mistake(node.place, message);
        None
    };
    let (low, high) = (end("min"), end("max"));
    let (low, high) = (low?, high?);
    let scale = table.node("scale").and_then(|n| {
        let name = settings::choice(n, "scale", &Scale::ALL.map(Scale::name), reporter)?;
        Scale::ALL.into_iter().find(|s| s.name() == name)
    });
    let scale = scale.unwrap_or(Scale::Linear);
    if low >= high {
        let message = format!(
            "`min` {} is not below `max` {}",
            show_number(low),
            show_number(high)
        );
        reporter.mistake(node.place, message);
        return None;
    }
    if scale == Scale::Log && low <= 0.0 {
        let message = format!(
            "`min` is {}, allowed above 0 on a log scale",
            show_number(low)
        );
        reporter.mistake(node.place, message);
        return None;
    }
    Some(Parameter {
        key: key.to_owned(),
        unit: (*unit).to_owned(),
        min: low,
        max: high,
        scale,
        whole: false,
    })
}

/// An objective, and the texts that choose its bases with their places.
pub(crate) type Chosen = (Objective, Vec<(String, Place)>);

/// Reads every `[[objective]]`.
pub(crate) fn objectives(root: &Table, reporter: &mut Reporter) -> Vec<Chosen> {
    let mut found: Vec<Chosen> = Vec::new();
    for (table, node) in read::tables(root, "objective", LIST_MAX, reporter) {
        key_tables::check(node, table, OBJECTIVE, &[], reporter);
        if found.len() == OBJECTIVES_MAX {
            let message = format!("more than {OBJECTIVES_MAX} objectives");
            reporter.mistake(node.place, message);
            break;
        }
        if let Some(one) = objective(table, reporter) {
            if found.iter().any(|(o, _)| o.name == one.0.name) {
                let message = format!("two objectives are called \"{}\"", shorten(&one.0.name));
                reporter.mistake(node.place, message);
            }
            found.push(one);
        }
    }
    found
}

fn objective(table: &Table, reporter: &mut Reporter) -> Option<Chosen> {
    let name = read::text(table, "name", reporter).map(|(text, _)| text.to_owned());
    let mut choose =
        |key, names: &[&'static str]| settings::choice(table.node(key)?, key, names, reporter);
    let take = choose("take", &Take::ALL.map(Take::name));
    let take = take.and_then(|n| Take::ALL.into_iter().find(|t| t.name() == n));
    let over = choose("over", &Over::ALL.map(Over::name));
    let over = over.and_then(|n| Over::ALL.into_iter().find(|o| o.name() == n));
    let goal = choose("goal", &Goal::ALL.map(Goal::name));
    let goal = goal.and_then(|n| Goal::ALL.into_iter().find(|g| g.name() == n));
    let of = table.node("of").zip(take);
    let of = of.and_then(|(node, take)| quantity_of(node, take, reporter));
    let seconds = |ticks: u32| f64::from(ticks) / 100.0;
    let mut time = |key| {
        table.node(key)?;
        read::duration(table, key, reporter).map(seconds)
    };
    let (from_s, until_s) = (time("from").unwrap_or(0.0), time("until"));
    if let (Some(until), Some(node)) = (until_s, table.node("until"))
        && until <= from_s
    {
        reporter.mistake(node.place, "`until` is not after `from`");
    }
    let bases = crate::campaign::placed_texts(table, "bases", reporter);
    let ((of, unit, text), take) = of.zip(take)?;
    let objective = Objective {
        name: name?,
        of,
        text,
        take,
        from_s,
        until_s,
        over: over.unwrap_or(Over::Mean),
        goal: goal.unwrap_or(Goal::Min),
        unit: take.unit(&unit),
        bases: Vec::new(),
    };
    Some((objective, bases))
}

/// What is looked at, its unit, and its text.
fn quantity_of(
    node: &Node,
    take: Take,
    reporter: &mut Reporter,
) -> Option<(Quantity, String, String)> {
    let mut derived = Vec::new();
    let mut scope = Scope {
        faults: &[],
        derived: &mut derived,
        integrals: 0,
    };
    let (of, unit, instant) = if take.of_truth() {
        let formula = formula::parse(node, "of", &mut scope, reporter)?;
        let instant = formula.of_one_instant();
        (Quantity::Truth(formula), "1".to_owned(), instant)
    } else {
        let (term, unit) = formula::parse_number(node, "of", &mut scope, reporter)?;
        let instant = term.of_one_instant();
        (Quantity::Number(term), unit, instant)
    };
    if !instant {
        let message =
            "`of` is looked at instant by instant: without `integral`; say `take = \"integral\"`";
        reporter.mistake(node.place, message);
        return None;
    }
    let text = reporter.slice(node.place).trim_matches(['"', '\'']);
    Some((of, unit, text.to_owned()))
}

/// Finds the bases that each objective counts.
pub(crate) fn with_bases(
    chosen: Vec<Chosen>,
    bases: &[String],
    reporter: &mut Reporter,
) -> Vec<Objective> {
    let each = chosen.into_iter().map(|(mut objective, texts)| {
        let wanted = |base: &String| texts.iter().any(|(text, _)| base.contains(text.as_str()));
        let counts = |base: &String| texts.is_empty() || wanted(base);
        objective.bases = bases.iter().map(counts).collect();
        for (text, place) in &texts {
            if !bases.iter().any(|base| base.contains(text.as_str())) {
                let message = format!("no case's name contains \"{}\"", shorten(text));
                reporter.mistake(*place, message);
            }
        }
        objective
    });
    each.collect()
}
