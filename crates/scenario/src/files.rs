//! Files that a scenario names: beside it, inside the scenario root, and not too big.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads text files below one folder.
#[derive(Clone)]
pub(crate) enum Files<'a> {
    /// A folder of the file system, and what was read of it: a file that changes
    /// meanwhile is the same for all cases.
    Folder(PathBuf, Kept),
    /// Texts by their path below the root, with `/`; nothing else is there.
    Texts(&'a BTreeMap<String, String>),
}

/// Files read so far, by the path that the author would write.
pub(crate) type Kept = Arc<Mutex<BTreeMap<PathBuf, ReadFile>>>;

/// What is wrong with a path out of the root.
const LEAVES: &str = "leaves the scenario root folder";

/// A file that was read.
#[derive(Clone, Debug)]
pub(crate) struct ReadFile {
    /// Path as the author would write it.
    pub shown: PathBuf,
    /// The one true path.
    pub canonical: PathBuf,
    /// Content.
    pub text: String,
}

impl Files<'_> {
    /// A folder of which nothing was read yet.
    pub fn folder(root: &Path) -> Self {
        Files::Folder(root.to_path_buf(), Kept::default())
    }

    /// Reads the file that `reference` names, seen from the file `from`. The
    /// error is the rest of a sentence that starts with the reference.
    pub fn read(&self, from: &Path, reference: &str, max_bytes: usize) -> Result<ReadFile, String> {
        let path = Path::new(reference);
        if reference.is_empty() {
            return Err("is empty".into());
        }
        if path.is_absolute() || path.has_root() {
            return Err("must be relative to the scenario's folder".into());
        }
        let shown = from.parent().unwrap_or(Path::new("")).join(path);
        let (root, kept) = match self {
            Files::Folder(root, kept) if root.as_os_str().is_empty() => (Path::new("."), kept),
            Files::Folder(root, kept) => (root.as_path(), kept),
            Files::Texts(texts) => return held(texts, shown, max_bytes),
        };
        let held = || kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = held().get(&shown)
            && read.text.len() <= max_bytes
        {
            return Ok(read.clone());
        }
        let canonical = shown.canonicalize().map_err(|e| why(&e))?;
        let root = root
            .canonicalize()
            .map_err(|e| format!("cannot be looked for: the scenario root {}", why(&e)))?;
        if !canonical.starts_with(&root) {
            return Err(LEAVES.into());
        }
        let text = read_text(&canonical, max_bytes)?;
        let read = ReadFile {
            shown: shown.clone(),
            canonical,
            text,
        };
        held().insert(shown, read.clone());
        Ok(read)
    }
}

/// A text that is held already, under the same rules as a file.
fn held(
    texts: &BTreeMap<String, String>,
    shown: PathBuf,
    max_bytes: usize,
) -> Result<ReadFile, String> {
    let mut names: Vec<String> = Vec::new();
    for part in shown.components() {
        match part {
            Component::Normal(name) => names.push(name.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                if names.pop().is_none() {
                    return Err(LEAVES.into());
                }
            }
        }
    }
    let name = names.join("/");
    let text = texts.get(&name).ok_or("does not exist")?;
    if text.len() > max_bytes {
        return Err(format!("is larger than {max_bytes} bytes"));
    }
    Ok(ReadFile {
        shown,
        canonical: PathBuf::from(name),
        text: text.clone(),
    })
}

/// Reads a regular file's text. The error is the rest of a sentence.
pub(crate) fn read_text(path: &Path, max_bytes: usize) -> Result<String, String> {
    // Opening a pipe would wait for ever: look first.
    let about = std::fs::metadata(path).map_err(|e| why(&e))?;
    if !about.is_file() {
        return Err("is not a file".into());
    }
    let file = File::open(path).map_err(|e| why(&e))?;
    let mut bytes = Vec::new();
    // The size may change under us: never read more than what is allowed.
    file.take(max_bytes as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| why(&e))?;
    if bytes.len() > max_bytes {
        return Err(format!("is larger than {max_bytes} bytes"));
    }
    String::from_utf8(bytes).map_err(|e| not_text(e.as_bytes(), e.utf8_error().valid_up_to()))
}

/// Where the first byte stands that is not UTF-8, and which encoding it may be instead.
fn not_text(bytes: &[u8], valid: usize) -> String {
    let before = String::from_utf8_lossy(&bytes[..valid]);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let hint = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ": it looks like UTF-16, save it as UTF-8",
        _ => "",
    };
    format!("is not UTF-8 text (line {line}, column {column}){hint}")
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".into(),
        std::io::ErrorKind::PermissionDenied => "may not be read".into(),
        _ => format!("cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_named_with_their_place() {
        for (bytes, expected) in [
            (
                &b"a = 1\nb = \"gr\xfcn\"\n"[..],
                "is not UTF-8 text (line 2, column 8)",
            ),
            (b"gr\xc3\xbcn \xff", "is not UTF-8 text (line 1, column 6)"),
            (
                b"\xff\xfes\0c\0",
                "is not UTF-8 text (line 1, column 1): it looks like UTF-16, save it as UTF-8",
            ),
        ] {
            let valid = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len);
            assert_eq!(not_text(bytes, valid), expected);
        }
    }
}
