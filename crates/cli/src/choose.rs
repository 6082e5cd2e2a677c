//! From paths, filters and tags to cases.

use std::path::{Path, PathBuf};

use kneadsim_firmware::Config;
use kneadsim_scenario::{Case, Mistake};

use crate::args::ChooseArguments;
use crate::bundle;
use crate::files::find;
use crate::mistakes::whole_file;
use crate::words;

/// Cases of one run: each takes some 10 kB until the end.
const CASES_MAX: usize = 65_536;

/// What the arguments mean.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Cases, in the order of (file, case).
    pub cases: Vec<Case>,
    /// Mistakes of all files.
    pub mistakes: Vec<Mistake>,
    /// Files found.
    pub files: usize,
    /// Cases that the filters left out.
    pub left_out: usize,
}

impl Chosen {
    /// Why there is no case to `run`, `check` or `list`.
    pub fn nothing(&self, paths: &[PathBuf], what: &str) -> String {
        if self.files == 0 {
            let places: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
            return format!(
                "nothing to {what}: no scenario (*.toml) below {}",
                places.join(", ")
            );
        }
        let cases = words::count(self.left_out, "case");
        format!("nothing to {what}: --filter and --tag leave none of {cases}")
    }
}

/// Finds and reads the files, then applies the filters. Broken files are
/// reported whatever the filters say: nobody can know what would have been in them.
/// What a scenario does not say of the firmware's configuration is as in `firmware`.
pub fn choose(arguments: &ChooseArguments, firmware: &Config) -> Chosen {
    choose_at_most(arguments, firmware, CASES_MAX)
}

fn choose_at_most(arguments: &ChooseArguments, firmware: &Config, most: usize) -> Chosen {
    let (found, mistakes) = find(&arguments.paths);
    let mut chosen = Chosen {
        mistakes,
        files: found.len(),
        ..Chosen::default()
    };
    for file in &found {
        match kneadsim_scenario::load_on(&file.path, &file.root, firmware) {
            Ok(mut cases) => {
                if let (Some(name), [case]) = (bundled_as(&file.path), &mut cases[..]) {
                    case.name = name;
                }
                let before = cases.len();
                let keep = cases.into_iter().filter(|c| wanted(c, arguments));
                let count = chosen.cases.len();
                chosen.cases.extend(keep);
                chosen.left_out += before - (chosen.cases.len() - count);
            }
            Err(mistakes) => chosen.mistakes.extend(mistakes),
        }
        if chosen.cases.len() > most {
            chosen.cases.truncate(most);
            let message = format!(
                "with this file there are more than {most} cases, more than one run takes: choose with --filter and --tag, or fewer files"
            );
            chosen.mistakes.push(whole_file(&file.path, &message));
            break;
        }
    }
    chosen
}

/// The scenario of a failure bundle keeps the name of its bundle.
fn bundled_as(path: &Path) -> Option<String> {
    let folder = path.parent()?;
    let bundled = path.file_name()? == bundle::SCENARIO && folder.join(bundle::REPEAT).is_file();
    let folder = std::fs::canonicalize(folder).ok().filter(|_| bundled)?;
    Some(folder.file_name()?.to_string_lossy().into_owned())
}

fn wanted(case: &Case, arguments: &ChooseArguments) -> bool {
    let by_name =
        arguments.filter.is_empty() || arguments.filter.iter().any(|f| matches(f, &case.name));
    let by_tag = arguments.tag.is_empty() || arguments.tag.iter().any(|t| case.tags.contains(t));
    by_name && by_tag
}

/// Text that contains the filter, or that it describes as a whole with `*` and `?`.
pub fn matches(filter: &str, name: &str) -> bool {
    name.contains(filter) || (filter.contains(['*', '?']) && glob(filter, name))
}

fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star was, and how much of the text it has eaten.
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, eaten)) = star else {
                    return false;
                };
                star = Some((at, eaten + 1));
                p = at + 1;
                t = eaten + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// A name for each case that can be a folder's, and no two the same.
pub fn slugs(cases: &[Case]) -> Vec<String> {
    let mut taken = std::collections::BTreeSet::new();
    cases
        .iter()
        .map(|case| {
            let base = slug(&case.name);
            let mut name = base.clone();
            let mut n = 2;
            while !taken.insert(name.to_lowercase()) {
                name = format!("{base}-{n}");
                n += 1;
            }
            name
        })
        .collect()
}

fn slug(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '=') {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with('-') {
            text.push('-');
        }
        if text.len() >= 100 {
            break;
        }
    }
    let text = text.trim_matches(['-', '.']);
    if text.is_empty() {
        "case".to_string()
    } else {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_parts_of_names_or_patterns() {
        for (filter, name, expected) in [
            ("ntc", "fault/ntc_open", true),
            ("ntc*", "fault/ntc_open", false),
            ("*ntc*", "fault/ntc_open", true),
            ("fault/*_open", "fault/ntc_open", true),
            ("fault/*_short", "fault/ntc_open", false),
            ("fault/ntc_????", "fault/ntc_open", true),
            ("*a*b*c", "xxaxxbxxbxxc", true),
            ("*a*b*c", "xxaxxbxxbxxcd", false),
            ("[site=neck]", "normal [site=neck]", true),
            ("", "anything", true),
        ] {
            assert_eq!(matches(filter, name), expected, "{filter} on {name}");
        }
    }

    #[test]
    fn more_cases_than_a_run_takes_are_a_mistake_that_names_the_bound() {
        let folder = std::env::temp_dir().join(format!("kneadsim-choose-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let text = kneadsim_scenario::template("n") + "[matrix]\n\"run.seed\" = [1, 2, 3]\n";
        for name in ["a.toml", "b.toml"] {
            std::fs::write(folder.join(name), &text).unwrap();
        }
        let arguments = ChooseArguments {
            paths: vec![folder.clone()],
            filter: Vec::new(),
            tag: Vec::new(),
            json: false,
        };
        let chosen = [6, 4].map(|most| choose_at_most(&arguments, &Config::default(), most));
        std::fs::remove_dir_all(&folder).unwrap();
        let counts = chosen.each_ref().map(|c| (c.cases.len(), c.mistakes.len()));
        assert_eq!(counts, [(6, 0), (4, 1)]);
        let message = &chosen[1].mistakes[0].message;
        assert!(message.contains("more than 4 cases"), "{message}");
    }

    #[test]
    fn names_become_folders_that_stay_inside() {
        for (name, expected) in [
            ("fault/ntc_open", "fault-ntc_open"),
            ("a [site=neck, x=1.5]", "a-site=neck-x=1.5"),
            ("../../etc/passwd", "etc-passwd"),
            ("\u{e4}\u{f6}", "case"),
            ("..", "case"),
        ] {
            assert_eq!(slug(name), expected);
        }
        assert!(slug(&"long ".repeat(100)).len() <= 100);
    }
}
