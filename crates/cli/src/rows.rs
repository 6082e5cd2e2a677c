//! Tables on the disk that grow row by row while a run goes on.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead};
use std::path::Path;

/// Opens a file to read and to write, or begins it; no other process may have it at
/// the same time.
///
/// # Errors
/// In one sentence: another process has it, or what the file system says.
pub fn open_alone(path: &Path) -> Result<File, String> {
    let said = |error: io::Error| format!("cannot write {}: {error}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(said)?;
    }
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(said)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(format!("{}: another process works on it", path.display()))
        }
        Err(TryLockError::Error(error)) => Err(said(error)),
    }
}

/// Lines of a file, with their ends.
pub struct Lines<R> {
    from: R,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Of a file.
    pub fn new(from: R) -> Self {
        Lines {
            from,
            line: Vec::new(),
        }
    }

    /// The next line; none at the end.
    ///
    /// # Errors
    /// What the file system says.
    pub fn line(&mut self) -> Result<Option<&[u8]>, String> {
        self.line.clear();
        let count = self
            .from
            .read_until(b'\n', &mut self.line)
            .map_err(|e| e.to_string())?;
        Ok((count > 0).then_some(&self.line))
    }
}

/// Fields as one line of CSV.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn line<'a>(fields: impl Iterator<Item = &'a str>) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(fields)?;
    writer.into_inner().map_err(|e| e.into_error())
}
