//! All shards of a campaign, as one table: every case once, in order.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use kneadsim_search::campaign::{Campaign, Row, Shard};

use super::journal::{self, Origin};
use super::parquet;
use crate::rows::{Lines, line};
use crate::whole::write_whole;

/// Finds the shards below some folders: one file for each, of one count.
///
/// # Errors
/// What is missing, doubled or mixed, a sentence each.
pub fn find(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<String>> {
    let mut found: Vec<(Shard, PathBuf)> = Vec::new();
    let mut problems = Vec::new();
    for folder in folders {
        let shards = folder.join("shards");
        let inside = if shards.is_dir() { &shards } else { folder };
        match std::fs::read_dir(inside) {
            Ok(entries) => found.extend(
                entries
                    .flatten()
                    .filter_map(|e| Some((journal::shard_of(&e.path())?, e.path()))),
            ),
            Err(error) => problems.push(format!("{}: cannot be read: {error}", inside.display())),
        }
    }
    found.sort();
    let Some(count) = found.first().map(|f| f.0.count()) else {
        problems.push("there are no shards: nothing has been run".to_owned());
        return Err(problems);
    };
    for (shard, path) in found.iter().filter(|f| f.0.count() != count) {
        problems.push(format!(
            "{}: one of {} shards, beside one of {count}: take one set, not both",
            path.display(),
            shard.count()
        ));
    }
    for pair in found.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        problems.push(format!(
            "shard {}/{count} is there twice: {} and {}",
            pair[0].0.number(),
            pair[0].1.display(),
            pair[1].1.display()
        ));
    }
    let missing: Vec<String> = (1..=count)
        .filter(|n| !found.iter().any(|f| f.0.number() == *n))
        .map(|n| format!("{n}/{count}"))
        .collect();
    if !missing.is_empty() {
        let shown = missing
            .iter()
            .take(20)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        problems.push(format!(
            "{} of {count} shards are missing: {shown}",
            missing.len()
        ));
    }
    if problems.is_empty() {
        Ok(found.into_iter().map(|f| f.1).collect())
    } else {
        Err(problems)
    }
}

/// Puts all shards, in their order, together: `cases.csv` and `cases.parquet` in the folder `out`,
/// and every row to `each`. The same bytes however many shards there were.
///
/// # Errors
/// Every reason, a sentence each; nothing is written then.
pub fn merge(
    paths: &[PathBuf],
    out: &Path,
    campaign: &Campaign,
    origin: &Origin,
    mut each: impl FnMut(&Row),
) -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    let count = paths.len();
    let mut shards = Vec::new();
    for path in paths {
        let shard = journal::shard_of(path).unwrap_or(Shard::WHOLE);
        let opened = journal::check(path, origin, shard)
            .and_then(|()| complete(path, campaign, shard))
            .and_then(|()| {
                let said = |e| format!("{}: cannot be read: {e}", path.display());
                let mut lines = Lines::new(BufReader::new(File::open(path).map_err(said)?));
                lines.line()?;
                Ok((shard, path, lines))
            });
        match opened {
            Ok(opened) => shards.push(opened),
            Err(why) => problems.push(why),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut columns = parquet::Columns::new(campaign);
    let mut wrong = None;
    let csv = out.join("cases.csv");
    let written = std::fs::create_dir_all(out).and_then(|()| {
        write_whole(&csv, |file| {
            file.write_all(&line(Row::header(campaign).iter().map(String::as_str))?)?;
            for case in 0..campaign.cases() {
                let (shard, path, lines) = &mut shards[case % count];
                let here =
                    |why| std::io::Error::other(format!("{}: case {case}: {why}", path.display()));
                let text = lines
                    .line()
                    .map_err(here)?
                    .ok_or_else(|| here("is not there".to_owned()))?;
                let row = journal::row(text, campaign, *shard, case / count).map_err(here)?;
                file.write_all(text)?;
                columns.take(campaign, &row);
                each(&row);
            }
            Ok(())
        })
    });
    if let Err(error) = written {
        wrong = Some(format!("cannot write {}: {error}", csv.display()));
    }
    if wrong.is_none() {
        let path = out.join("cases.parquet");
        let written = write_whole(&path, |file| columns.write(campaign, file));
        wrong = written
            .err()
            .map(|e| format!("cannot write {}: {e}", path.display()));
    }
    wrong.map_or(Ok(()), |why| Err(vec![why]))
}

/// Whether a shard has all its rows.
fn complete(path: &Path, campaign: &Campaign, shard: Shard) -> Result<(), String> {
    let file = File::open(path).map_err(|e| format!("{}: cannot be read: {e}", path.display()))?;
    let mut lines = Lines::new(BufReader::new(file));
    let mut rows = 0usize;
    while lines.line()?.is_some_and(|line| line.ends_with(b"\n")) {
        rows += 1;
    }
    let (rows, wanted) = (rows.saturating_sub(1), shard.len(campaign.cases()));
    if rows == wanted {
        return Ok(());
    }
    Err(format!(
        "{}: has {rows} of {wanted} cases: run it to its end with --shard {}/{}",
        path.display(),
        shard.number(),
        shard.count()
    ))
}
