//! Files that are there whole or not at all.
//!
//! A file is written beside its place and then renamed, so that a full disk or a
//! killed program leaves no half of it, and two runs into one folder leave
//! the file of one of them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How often a place that another run takes at the same time is tried for.
const TRIES: usize = 20;

/// Writes a file whole, or leaves what was there.
///
/// # Errors
/// What the file system says.
pub fn write_whole(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let partial = partial(path);
    let written = fs::File::create(&partial).and_then(|file| {
        let mut buffered = io::BufWriter::new(file);
        fill(&mut buffered)?;
        buffered.flush()
    });
    let written = written.and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written
}

/// Writes each of some files of a folder whole; gives why some could not be made
/// or written, a sentence each.
pub fn write_files<'a, T: AsRef<[u8]>>(
    folder: &Path,
    files: impl IntoIterator<Item = (&'a str, Result<T, String>)>,
) -> Vec<String> {
    let write = |(name, content): (&str, Result<T, String>)| {
        let path = folder.join(name);
        content
            .and_then(|content| {
                write_whole(&path, |out| out.write_all(content.as_ref())).map_err(|e| e.to_string())
            })
            .err()
            .map(|error| format!("cannot write {}: {error}", path.display()))
    };
    files.into_iter().filter_map(write).collect()
}

/// Fills a folder whole and puts it in the place of what was there.
///
/// # Errors
/// What the file system says; then nothing of it stays.
pub fn fill_whole(folder: &Path, fill: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let partial = partial(folder);
    let _ = fs::remove_dir_all(&partial);
    let filled = fs::create_dir_all(&partial)
        .and_then(|()| fill(&partial))
        .and_then(|()| replace(&partial, folder));
    if filled.is_err() {
        let _ = fs::remove_dir_all(&partial);
    }
    filled
}

/// A folder takes no other's place by renaming: the old one has to go first, and another run may
/// put its own there in between.
fn replace(partial: &Path, folder: &Path) -> io::Result<()> {
    let mut last = Ok(());
    for _ in 0..TRIES {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => last = Err(error),
            Ok(()) | Err(_) => last = fs::rename(partial, folder),
        }
        if last.is_ok() {
            break;
        }
    }
    last
}

/// Hidden, so that no run takes it for a scenario, and this program's alone.
pub fn partial(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

/// Makes the output folder and tries to write in it, before any case runs.
///
/// # Errors
/// Why it is no such folder, in one sentence.
pub fn usable(out: &Path) -> Result<(), String> {
    let probe = partial(&out.join("kneadsim"));
    std::fs::create_dir_all(out)
        .and_then(|()| std::fs::write(&probe, "probe"))
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|error| {
            if out.metadata().is_ok_and(|m| !m.is_dir()) {
                return format!(
                    "cannot write to {}: it is not a folder; no reports are written",
                    out.display()
                );
            }
            format!(
                "cannot write to {}: {error}; no reports are written",
                out.display()
            )
        })
}
