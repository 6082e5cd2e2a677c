//! `kneadsim new`: a commented scenario to start from; never over an existing file.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::args::NewArguments;
use crate::bundle::quoted;
use crate::console::{complain, say};
use crate::exit::Exit;

/// Writes the file.
pub fn run(arguments: &NewArguments) -> Exit {
    let path = path(&arguments.dir, &arguments.name);
    if path
        .file_name()
        .is_none_or(|n| n.to_string_lossy().starts_with('.'))
    {
        complain(&format!(
            "error: {} would be a hidden file, which no run finds; choose another name",
            path.display()
        ));
        return Exit::WrongInput;
    }
    match write(&path, &title(&path)) {
        Ok(()) => {
            let (shown, path) = (path.display(), quoted(&path));
            say(&format!(
                "wrote {shown}\n\ncheck it: kneadsim check {path}\nrun it:   kneadsim run {path}\n"
            ));
            Exit::Held
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            complain(&format!(
                "error: {} is there already; choose another name",
                path.display()
            ));
            Exit::WrongInput
        }
        Err(error) => {
            complain(&format!("error: cannot write {}: {error}", path.display()));
            Exit::WrongInput
        }
    }
}

/// A name that ends in `.toml` is a path; any other is a file in the folder.
fn path(folder: &Path, name: &str) -> PathBuf {
    if name.ends_with(".toml") {
        PathBuf::from(name)
    } else {
        folder.join(format!("{name}.toml"))
    }
}

/// `fault/ntc_open.toml` -> `ntc open`.
fn title(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .replace(['_', '-'], " ")
}

fn write(path: &Path, title: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?;
    file.write_all(kneadsim_scenario::template(title).as_bytes())
}
