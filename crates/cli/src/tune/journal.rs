//! Every session of a tuning on the disk, in the order in which they were asked for.
//!
//! A search is a function of what its sessions gave: to go on, it is done again from
//! the start with the sessions that are there, and runs those that are not.

use std::fs::{self, File};
use std::io::{self, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use kneadsim_search::campaign::Campaign;
use kneadsim_search::tune::{Problem, Trial};
use serde_json::{Value, json};

use crate::rows::{Lines, line, open_alone};
use crate::version;
use crate::whole::write_whole;

/// What a session is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The search.
    Search,
    /// The trial on what was held out.
    HeldOut,
    /// What is claimed of the chosen one, on samples that chose nothing.
    Claim,
}

impl Phase {
    /// The word that stands in the table.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Search => "search",
            Phase::HeldOut => "held_out",
            Phase::Claim => "claim",
        }
    }

    /// The campaign that its cases are of.
    pub fn campaign(self, problem: &Problem) -> &Campaign {
        match self {
            Phase::Search => &problem.training,
            Phase::HeldOut => &problem.held_out,
            Phase::Claim => &problem.claim,
        }
    }
}

/// A session that is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked<'a> {
    /// Of what.
    pub phase: Phase,
    /// Number of the candidate.
    pub candidate: usize,
    /// Its values.
    pub values: &'a [f64],
    /// Case of the phase's campaign.
    pub case: usize,
}

/// A session that was run: a trial, or why its values cannot be run.
pub type Done = Result<Trial, String>;

/// An open journal.
pub struct Journal {
    file: File,
    path: PathBuf,
    /// Rows that were there, as they stand, and how many of them were used.
    kept: Vec<(u64, csv::StringRecord)>,
    used: usize,
}

/// The table.
pub fn path(folder: &Path) -> PathBuf {
    folder.join("sessions.csv")
}

/// Its columns, with units.
pub fn header(problem: &Problem) -> Vec<String> {
    let named = |name: &str, unit: &str| match unit {
        "1" => name.to_owned(),
        unit => format!("{name} [{unit}]"),
    };
    let mut names: Vec<String> = ["phase", "candidate", "case"].map(str::to_owned).to_vec();
    names.extend(problem.parameters.iter().map(|p| named(&p.key, &p.unit)));
    names.extend(problem.objectives.iter().map(|o| named(&o.name, &o.unit)));
    names.extend(["nearness of each expectation [K]", "digest", "note"].map(str::to_owned));
    names
}

fn fields(asked: &Asked<'_>, done: &Done, objectives: usize) -> Vec<String> {
    let mut fields = vec![
        asked.phase.word().to_owned(),
        asked.candidate.to_string(),
        asked.case.to_string(),
    ];
    fields.extend(asked.values.iter().map(f64::to_string));
    match done {
        Ok(trial) => {
            let number = |v: &Option<f64>| v.map_or(String::new(), |v| v.to_string());
            fields.extend(trial.objectives.iter().map(number));
            let near: Vec<String> = trial.nearness_k.iter().map(f64::to_string).collect();
            fields.extend([
                near.join(";"),
                format!("{:032x}", trial.digest),
                String::new(),
            ]);
        }
        Err(why) => {
            fields.extend(vec![String::new(); objectives + 2]);
            fields.push(why.replace(char::is_control, " "));
        }
    }
    fields
}

fn parse(record: &csv::StringRecord, problem: &Problem) -> Option<Done> {
    let fields: Vec<&str> = record.iter().collect();
    let [.., near, digest, note] = fields[..] else {
        return None;
    };
    if fields.len() != header(problem).len() {
        return None;
    }
    if !note.is_empty() {
        return Some(Err(note.to_owned()));
    }
    let first = 3 + problem.parameters.len();
    let number = |text: &&str| match *text {
        "" => Some(None),
        text => text.parse().ok().map(Some),
    };
    let objectives = &fields[first..first + problem.objectives.len()];
    let near = near.split(';').filter(|text| !text.is_empty());
    Some(Ok(Trial {
        objectives: objectives.iter().map(number).collect::<Option<_>>()?,
        nearness_k: near.map(|text| text.parse().ok()).collect::<Option<_>>()?,
        digest: u128::from_str_radix(digest, 16).ok()?,
    }))
}

fn description(fingerprint: u128) -> Value {
    json!({
        "format": 1,
        "program": version::LONG,
        "tuning": format!("{fingerprint:032x}"),
    })
}

impl Journal {
    /// Opens the journal, or begins it; a torn row at its end is cut off.
    ///
    /// # Errors
    /// In one sentence: it belongs to another tuning, another process has it, or what
    /// the file system says.
    pub fn open(folder: &Path, problem: &Problem, fingerprint: u128) -> Result<Journal, String> {
        let path = path(folder);
        let about = path.with_extension("json");
        let said = |error: io::Error| format!("cannot write {}: {error}", path.display());
        let mut file = open_alone(&path)?;
        let names = header(problem);
        let first = line(names.iter().map(String::as_str)).map_err(said)?;
        let wanted = description(fingerprint);
        if file.metadata().map_err(said)?.len() >= first.len() as u64 {
            let found = fs::read_to_string(&about)
                .ok()
                .and_then(|text| serde_json::from_str::<Value>(&text).ok());
            if found.as_ref() != Some(&wanted) {
                return Err(format!(
                    "{}: its sessions are of another tuning, of files that have changed, or of another version of this program; choose another --out, or say --fresh to throw them away",
                    path.display()
                ));
            }
        } else {
            let text = format!("{wanted:#}\n");
            write_whole(&about, |out| out.write_all(text.as_bytes())).map_err(said)?;
            file.set_len(0).map_err(said)?;
            file.write_all(&first).map_err(said)?;
        }
        let (kept, end) = read(&mut file, &first)
            .map_err(|why| format!("{}: {why}; say --fresh to throw it away", path.display()))?;
        file.set_len(end).map_err(said)?;
        file.seek(SeekFrom::End(0)).map_err(said)?;
        Ok(Journal {
            file,
            path,
            kept,
            used: 0,
        })
    }

    /// The sessions at the front of these that are there already.
    ///
    /// # Errors
    /// In one sentence, when what is there is not what is asked for.
    pub fn known(&mut self, asked: &[Asked<'_>], problem: &Problem) -> Result<Vec<Done>, String> {
        let mut found = Vec::new();
        for asked in asked {
            let Some((_, record)) = self.kept.get(self.used) else {
                break;
            };
            let done = parse(record, problem);
            let same = done.as_ref().is_some_and(|done| {
                let wanted = fields(asked, done, problem.objectives.len());
                wanted.iter().map(String::as_str).eq(record.iter())
            });
            let (true, Some(done)) = (same, done) else {
                return Err(format!(
                    "{}: line {} is not the session that this search asks for there; say --fresh to throw it away",
                    self.path.display(),
                    self.used + 2
                ));
            };
            self.used += 1;
            found.push(done);
        }
        Ok(found)
    }

    /// Adds a session behind all that are there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn add(&mut self, asked: &Asked<'_>, done: &Done, objectives: usize) -> io::Result<()> {
        let fields = fields(asked, done, objectives);
        self.file
            .write_all(&line(fields.iter().map(String::as_str))?)
    }

    /// Sessions that were there when it was opened.
    pub fn before(&self) -> usize {
        self.kept.len()
    }
}

/// Reads the rows that are whole; gives them and where they end.
fn read(file: &mut File, header: &[u8]) -> Result<(Vec<(u64, csv::StringRecord)>, u64), String> {
    file.seek(SeekFrom::Start(0)).map_err(|e| e.to_string())?;
    let mut lines = Lines::new(BufReader::new(&mut *file));
    if lines.line()?.is_none_or(|first| first != header) {
        return Err("its first line is not that of this tuning".to_owned());
    }
    let (mut rows, mut end) = (Vec::new(), header.len() as u64);
    while let Some(text) = lines.line()? {
        if !text.ends_with(b"\n") {
            break;
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text);
        let mut record = csv::StringRecord::new();
        let read = reader.read_record(&mut record).map_err(|e| e.to_string())?;
        if !read {
            return Err(format!("line {} is empty", rows.len() + 2));
        }
        end += text.len() as u64;
        rows.push((end, record));
    }
    Ok((rows, end))
}
