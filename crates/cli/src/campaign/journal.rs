//! The results of a shard on the disk, row by row, while it runs.
//!
//! Rows are added at the end, in the order of their cases, each with one write:
//! whatever kills the process leaves whole rows and at most a part of one, which
//! is cut off when the run goes on. A file beside it says which campaign the rows
//! are of; the lock keeps a second process out.

use std::fs::{self, File};
use std::io::{self, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use kneadsim_search::campaign::{Campaign, Row, Shard};
use serde_json::{Value, json};

use crate::rows::{Lines, line, open_alone};
use crate::version;
use crate::whole::write_whole;

/// What rows are of: rows with different ones are never put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Digest of the campaign's and its scenarios' files.
    pub fingerprint: u128,
    /// Cases in all.
    pub cases: usize,
}

/// An open journal.
pub struct Journal {
    file: File,
    /// Rows that it has.
    pub rows: usize,
}

/// File of a shard's rows.
pub fn path(folder: &Path, shard: Shard) -> PathBuf {
    let name = format!("shard-{:05}-of-{:05}.csv", shard.number(), shard.count());
    folder.join("shards").join(name)
}

fn about(path: &Path) -> PathBuf {
    path.with_extension("json")
}

/// The number of a shard and how many there are, from the name of its file.
pub fn shard_of(path: &Path) -> Option<Shard> {
    let name = path.file_name()?.to_str()?;
    let (number, count) = name
        .strip_prefix("shard-")?
        .strip_suffix(".csv")?
        .split_once("-of-")?;
    Shard::new(number.parse().ok()?, count.parse().ok()?)
}

fn description(origin: &Origin, shard: Shard) -> Value {
    json!({
        "format": 1,
        "program": version::LONG,
        "campaign": format!("{:032x}", origin.fingerprint),
        "cases": origin.cases,
        "shard": shard.number(),
        "shards": shard.count(),
    })
}

/// Says why a file's rows are not those of this campaign and program.
///
/// # Errors
/// In one sentence.
pub fn check(path: &Path, origin: &Origin, shard: Shard) -> Result<(), String> {
    let beside = about(path);
    let text = fs::read_to_string(&beside)
        .map_err(|error| format!("{}: cannot be read: {error}", beside.display()))?;
    let found: Value =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", beside.display()))?;
    let wanted = description(origin, shard);
    for (key, value) in wanted.as_object().into_iter().flatten() {
        if found.get(key) != Some(value) {
            let is = found.get(key).map_or("absent".to_owned(), Value::to_string);
            let what = match key.as_str() {
                "campaign" => "the campaign's files have changed, or it is another campaign",
                "program" => "another version of this program wrote it",
                _ => "it was run otherwise",
            };
            return Err(format!(
                "{}: `{key}` is {is}, wanted {value}: {what}",
                beside.display()
            ));
        }
    }
    Ok(())
}

impl Journal {
    /// Opens the journal of a shard, or begins one; a torn row at its end is cut off.
    ///
    /// # Errors
    /// In one sentence: it belongs to another campaign, another process has it, or
    /// what the file system says.
    pub fn open(
        folder: &Path,
        campaign: &Campaign,
        origin: &Origin,
        shard: Shard,
    ) -> Result<Journal, String> {
        let path = path(folder, shard);
        let said = |error: io::Error| format!("cannot write {}: {error}", path.display());
        let mut file = open_alone(&path)?;
        let header = line(Row::header(campaign).iter().map(String::as_str)).map_err(said)?;
        let begun = file.metadata().map_err(said)?.len() >= header.len() as u64;
        if begun {
            check(&path, origin, shard).map_err(|why| {
                format!("{why}; choose another --out, or say --fresh to throw it away")
            })?;
        } else {
            // Its description first: rows without one would belong to nothing.
            let described = format!("{:#}\n", description(origin, shard));
            write_whole(&about(&path), |out| out.write_all(described.as_bytes())).map_err(said)?;
            file.set_len(0).map_err(said)?;
            file.write_all(&header).map_err(said)?;
        }
        let (rows, end) = read(&mut file, &header, campaign, shard)
            .map_err(|why| format!("{}: {why}", path.display()))?;
        file.set_len(end).map_err(said)?;
        file.seek(SeekFrom::End(0)).map_err(said)?;
        Ok(Journal { file, rows })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// What the file system says.
    pub fn add(&mut self, campaign: &Campaign, row: &Row) -> io::Result<()> {
        let fields = row.fields(campaign);
        self.file
            .write_all(&line(fields.iter().map(String::as_str))?)?;
        self.rows += 1;
        Ok(())
    }
}

/// Reads the rows that are whole and in order; gives their number and where they end.
fn read(
    file: &mut File,
    header: &[u8],
    campaign: &Campaign,
    shard: Shard,
) -> Result<(usize, u64), String> {
    file.seek(SeekFrom::Start(0)).map_err(|e| e.to_string())?;
    let mut lines = Lines::new(BufReader::new(&mut *file));
    if lines.line()?.is_none_or(|first| first != header) {
        return Err(
            "its first line is not that of this campaign; say --fresh to throw it away".to_owned(),
        );
    }
    let (mut rows, mut end) = (0, header.len() as u64);
    while let Some(text) = lines.line()? {
        if !text.ends_with(b"\n") {
            break;
        }
        row(text, campaign, shard, rows)
            .map_err(|why| format!("line {}: {why}; say --fresh to throw it away", rows + 2))?;
        rows += 1;
        end += text.len() as u64;
    }
    Ok((rows, end))
}

/// One line as the row of a shard's case `index`.
///
/// # Errors
/// In one sentence.
pub fn row(text: &[u8], campaign: &Campaign, shard: Shard, index: usize) -> Result<Row, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text);
    let mut record = csv::StringRecord::new();
    let got = reader.read_record(&mut record).map_err(|e| e.to_string())?;
    let fields: Vec<&str> = record.iter().collect();
    let row = Row::parse(campaign, &fields).map_err(|e| e.0)?;
    if !got || row.case != shard.case(index) {
        return Err(format!(
            "case {} where case {} belongs",
            row.case,
            shard.case(index)
        ));
    }
    Ok(row)
}
