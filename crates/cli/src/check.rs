//! `check`: everything that is written is read, and nothing is run.

use kneadsim_firmware::Config;
use kneadsim_scenario::{Mistake, TuneOverrides, load_campaign, load_tune};
use serde_json::json;

use crate::args::ChooseArguments;
use crate::choose::{self, Chosen};
use crate::console::{Console, complain, say};
use crate::exit::Exit;
use crate::files::{Found, Other, find_others};
use crate::{mistakes, run, words};

/// Reports every mistake of scenarios and, where no filter asks for some cases only, of
/// campaign and tuning files.
pub fn check(arguments: &ChooseArguments, console: Console) -> Exit {
    let is_filtered = !arguments.filter.is_empty() || !arguments.tag.is_empty();
    let others = if is_filtered {
        Vec::new()
    } else {
        find_others(&arguments.paths)
    };
    let mut chosen = scenarios(arguments);
    for (file, other) in &others {
        chosen.mistakes.extend(mistakes_of(file, *other));
    }
    let files = chosen.files + others.len();
    let exit = match run::exit_of_reading(&chosen.cases, &chosen.mistakes) {
        Exit::NothingMatched if !others.is_empty() => Exit::Held,
        exit => exit,
    };
    let warnings = || chosen.cases.iter().flat_map(|c| &c.warnings);
    if arguments.json {
        let list = |m: Vec<_>| serde_json::Value::Array(m);
        let value = json!({
            "files": files,
            "cases": chosen.cases.len(),
            "mistakes": list(chosen.mistakes.iter().map(mistakes::to_json).collect()),
            "warnings": list(warnings().map(mistakes::to_json).collect()),
        });
        say(&format!("{value:#}\n"));
        return exit;
    }
    for mistake in &chosen.mistakes {
        complain(&mistakes::render(mistake, console.colour_errors));
    }
    for warning in warnings() {
        complain(&format!(
            "warning: {}",
            mistakes::render(warning, console.colour_errors)
        ));
    }
    if exit == Exit::NothingMatched {
        complain(&chosen.nothing(&arguments.paths, "check"));
    }
    say(&format!(
        "{}, {}, {}\n",
        words::count(files, "file"),
        words::count(chosen.cases.len(), "case"),
        words::count(chosen.mistakes.len(), "mistake")
    ));
    exit
}

/// The scenarios; a campaign or tuning file that is named is none, and no mistake here.
fn scenarios(arguments: &ChooseArguments) -> Chosen {
    let mut arguments = arguments.clone();
    let paths = &mut arguments.paths;
    paths.retain(|path| !path.is_file() || Other::of(path).is_none());
    choose::choose(&arguments, &Config::default())
}

fn mistakes_of(file: &Found, other: Other) -> Vec<Mistake> {
    let (path, root) = (&file.path, &file.root);
    match other {
        Other::Campaign => load_campaign(path, root, None).err(),
        Other::Tune => load_tune(path, root, TuneOverrides::default()).err(),
    }
    .unwrap_or_default()
}
