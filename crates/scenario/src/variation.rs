//! Scenarios into which values are put, again and again: what campaigns and
//! tuning run.
//!
//! A value goes into the file's tree in place of what stands there, as those of
//! a matrix do, and the tree is lowered again: what depends on the value (a
//! configuration event, a profile) follows, and a value is checked exactly like
//! one written by hand.

use std::path::{Path, PathBuf};

use kneadsim_search::vary::{Draw, Variable};

use crate::Case;
use crate::bounds::{TEXT_MAX_BYTES, TIMELINE_MAX_BYTES};
use crate::document::{Node, Table, Value};
use crate::files::{Files, read_text};
use crate::lower::{Loader, Text, WHOLE, unreadable};
use crate::matrix;
use crate::mistake::{Mistake, Place};
use crate::settings::{self, Kind};

/// What a number of a key becomes in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// A number.
    Number,
    /// A whole number: the nearest.
    Whole,
    /// A time in seconds: the nearest tick.
    Duration,
}

impl Written {
    /// For a key, as in a matrix.
    pub fn of(key: &str) -> Written {
        match settings::find(key).map(|s| &s.kind) {
            Some(Kind::Whole { .. }) => Written::Whole,
            Some(Kind::Duration { .. }) => Written::Duration,
            Some(Kind::Number { .. } | Kind::Choice(_) | Kind::Signals) => Written::Number,
            // Times of events and faults.
            None => match key.rsplit('.').next() {
                Some("at" | "for" | "over" | "hold" | "every") => Written::Duration,
                Some("times") => Written::Whole,
                Some(_) | None => Written::Number,
            },
        }
    }

    fn value(self, number: f64) -> Value {
        match self {
            Written::Number => Value::Number(number),
            Written::Whole => Value::Whole(number.round() as i64),
            Written::Duration => Value::Text(format!("{}ms", (number * 100.0).round() * 10.0)),
        }
    }
}

/// A column of values: where they go, and what its choices are.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub key: String,
    pub written: Written,
    /// Values of a variable that is one of some.
    pub choices: Vec<Value>,
    /// Where it stands in the file that names it.
    pub place: Place,
}

/// What the file that names scenarios asks of all of them.
pub(crate) struct Asked<'a> {
    /// That file.
    pub by: &'a Path,
    /// Its text.
    pub text: &'a str,
    /// Values that are the same for all.
    pub fixed: &'a [(String, Node)],
    /// Ids of the expectations that count, and where they stand; none is all.
    pub only: &'a [(String, Place)],
}

/// One case of a scenario, before values are put in.
#[derive(Clone)]
struct Base {
    name: String,
    loader: usize,
    tree: Table,
    values: Vec<(String, String)>,
}

/// Scenarios, and the columns of values that they take.
#[derive(Clone)]
pub struct Variation {
    loaders: Vec<Loader<'static>>,
    bases: Vec<Base>,
    columns: Vec<Column>,
}

impl Variation {
    /// Reads scenario files below a root, as another file asks for them.
    pub(crate) fn read(
        scenarios: &[PathBuf],
        root: &Path,
        asked: &Asked<'_>,
        columns: Vec<Column>,
    ) -> Result<Variation, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut variation = Variation {
            loaders: Vec::new(),
            bases: Vec::new(),
            columns,
        };
        for path in scenarios {
            if let Err(more) = variation.take(path, root, asked) {
                mistakes.extend(more);
            }
        }
        if mistakes.is_empty() {
            Ok(variation)
        } else {
            Err(mistakes)
        }
    }

    fn take(&mut self, path: &Path, root: &Path, asked: &Asked<'_>) -> Result<(), Vec<Mistake>> {
        let text = read_text(path, TEXT_MAX_BYTES + TIMELINE_MAX_BYTES)
            .map_err(|why| unreadable(path, &why))?;
        let (mut loader, mut tree, dimensions) =
            Loader::new(&text, path, root, Files::folder(root))?;
        let here = loader.reporter.add_source(asked.by, asked.text.to_owned());
        let moved = |place: Place| Place {
            file: here,
            ..place
        };
        let columns = self.columns.iter().map(|c| (&c.key, c.place));
        for (key, place) in columns.chain(asked.fixed.iter().map(|(k, n)| (k, n.place))) {
            if let Err(message) = matrix::known(key, &tree) {
                let message = format!("{message} ({})", path.display());
                loader.reporter.mistake(moved(place), message);
            } else if dimensions.iter().any(|d| d.path == *key) {
                let message = format!("`{key}` is in the matrix of {} too", path.display());
                loader.reporter.mistake(moved(place), message);
            }
        }
        if let Some((_, place)) = asked.only.first()
            && keep_expectations(&mut tree, asked.only) == 0
        {
            let message = format!(
                "{} has no expectation with one of these ids",
                path.display()
            );
            loader.reporter.mistake(moved(*place), message);
        }
        let index = self.loaders.len();
        for number in 0..matrix::count(&dimensions) {
            let chosen = matrix::choices(&dimensions, number);
            let (mut tree, values) = matrix::put_in(&tree, &dimensions, &chosen, &loader.reporter);
            for (key, node) in asked.fixed {
                let node = Node {
                    place: moved(node.place),
                    value: node.value.clone(),
                };
                matrix::put_at(&mut tree, key, &node);
            }
            self.bases.push(Base {
                name: loader.name_with(&values),
                loader: index,
                tree,
                values,
            });
        }
        for column in &mut self.columns {
            column.place = moved(column.place);
        }
        let mistakes = loader.reporter.take_mistakes();
        self.loaders.push(loader);
        if mistakes.is_empty() {
            Ok(())
        } else {
            Err(mistakes)
        }
    }

    /// Names of the cases that values are put into.
    pub fn bases(&self) -> impl ExactSizeIterator<Item = &str> {
        self.bases.iter().map(|b| b.name.as_str())
    }

    /// A case with these values put in, one per column: to run it.
    ///
    /// # Errors
    /// What is wrong with the values, each where its column stands.
    ///
    /// # Panics
    /// When there is no such base.
    pub fn spec(
        &mut self,
        base: usize,
        number: usize,
        seed: u64,
        values: &[Draw],
    ) -> Result<kneadsim_sim::Spec, Vec<Mistake>> {
        self.make(base, number, seed, values, Text::None)
            .map(|case| case.spec)
    }

    /// The same with its text: to show and repeat it.
    ///
    /// # Errors
    /// What is wrong with the values, each where its column stands.
    ///
    /// # Panics
    /// When there is no such base.
    pub fn case(
        &mut self,
        base: usize,
        number: usize,
        seed: u64,
        values: &[Draw],
    ) -> Result<Case, Vec<Mistake>> {
        self.make(base, number, seed, values, Text::Lowered)
    }

    fn make(
        &mut self,
        base: usize,
        number: usize,
        seed: u64,
        values: &[Draw],
        text: Text,
    ) -> Result<Case, Vec<Mistake>> {
        let base = &self.bases[base];
        let mut tree = base.tree.clone();
        let own = |value| Node {
            place: WHOLE,
            value,
        };
        if !self.columns.iter().any(|c| c.key == "run.seed") {
            // A file's seeds are whole numbers of 63 bits.
            matrix::put_at(
                &mut tree,
                "run.seed",
                &own(Value::Whole((seed >> 1) as i64)),
            );
        }
        let name = format!("{}#{number}", base.name);
        matrix::put_at(&mut tree, "case", &own(Value::Text(name)));
        for (column, draw) in self.columns.iter().zip(values) {
            let value = match draw {
                Draw::Number(number) => column.written.value(*number),
                Draw::Choice(index) => column.choices[*index].clone(),
            };
            let node = Node {
                place: column.place,
                value,
            };
            matrix::put_at(&mut tree, &column.key, &node);
        }
        let loader = &mut self.loaders[base.loader];
        match loader.case(&tree, base.values.clone(), text) {
            Some((case, _)) => Ok(case),
            None => Err(loader.reporter.take_mistakes()),
        }
    }

    /// Tries each variable at both ends of its range, the others in their middle,
    /// in every base: mistakes of a single value are found before anything runs.
    pub(crate) fn try_ends(&mut self, variables: &[Variable]) -> Vec<Mistake> {
        let middle: Vec<Draw> = variables
            .iter()
            .map(|v| v.distribution.quantile(0.5))
            .collect();
        let mut tries = vec![middle.clone()];
        for (index, variable) in variables.iter().enumerate() {
            let mut at = |draw| {
                let mut values = middle.clone();
                values[index] = draw;
                tries.push(values);
            };
            match variable.distribution.range() {
                Some((min, max)) => [min, max].map(Draw::Number).into_iter().for_each(&mut at),
                None => (0..self.columns[index].choices.len())
                    .map(Draw::Choice)
                    .for_each(&mut at),
            }
        }
        let mut mistakes: Vec<Mistake> = Vec::new();
        for base in 0..self.bases.len() {
            for values in &tries {
                let found = self.spec(base, 0, 0, values).err().unwrap_or_default();
                // The same in every base: once is enough.
                let new = found.into_iter().filter(|m| {
                    let same = |k: &Mistake| {
                        k.file == m.file && k.span == m.span && k.message == m.message
                    };
                    !mistakes.iter().any(same)
                });
                let new: Vec<Mistake> = new.collect();
                mistakes.extend(new);
                if mistakes.len() > 20 {
                    return mistakes;
                }
            }
        }
        mistakes
    }

    /// Texts of all cases before values are put in: what a fingerprint is made of.
    pub(crate) fn texts(&mut self, middle: &[Draw]) -> Vec<String> {
        (0..self.bases.len())
            .filter_map(|base| self.case(base, 0, 0, middle).ok())
            .map(|case| case.lowered)
            .collect()
    }
}

/// Leaves the expectations with these ids; gives how many they are.
fn keep_expectations(tree: &mut Table, ids: &[(String, Place)]) -> usize {
    let expect = tree.entries.iter_mut().find(|e| e.key == "expect");
    let Some(Value::List(items)) = expect.map(|e| &mut e.node.value) else {
        return 0;
    };
    items.retain(|item| {
        let id = item.table().and_then(|t| t.node("id")).map(|n| &n.value);
        matches!(id, Some(Value::Text(id)) if ids.iter().any(|(wanted, _)| wanted == id))
    });
    items.len()
}
