//! What the rows share: a scenario's product and user, or the reference product.

use std::path::Path;

use kneadsim_plant::{Grid, Profile};
use kneadsim_scenario::{Case, Mistake};
use kneadsim_search::faults::Base;
use kneadsim_sim::Spec;
use kneadsim_sim::check::CheckKind;
use kneadsim_sim::limits::LimitProfile;

use crate::args::FaultsArguments;
use crate::choose::matches;
use crate::files::find;
use crate::mistakes::whole_file;

/// What was chosen.
pub struct Chosen {
    /// What the rows share.
    pub base: Base,
    /// In a few words.
    pub of: String,
    /// In a sentence.
    pub about: String,
}

/// Reads what the arguments name.
///
/// # Errors
/// Every mistake of the file; a matrix of which no single case was chosen.
pub fn choose(arguments: &FaultsArguments) -> Result<Chosen, Vec<Mistake>> {
    let (mut spec, limits, of) = match &arguments.scenario {
        None => (reference(), Vec::new(), "the reference product".to_owned()),
        Some(path) => {
            let case = case_of(path, arguments)?;
            let limits = limits_of(&case.spec);
            (case.spec, limits, case.name)
        }
    };
    if arguments.field {
        if spec.build.grid == Grid::Column {
            spec.build.grid = Spec::default().build.grid;
        }
    } else {
        spec.build.grid = Grid::Column;
    }
    let limits = if limits.is_empty() {
        let name = LimitProfile::builtin_names().first().copied();
        name.and_then(LimitProfile::builtin).into_iter().collect()
    } else {
        limits
    };
    let names: Vec<&str> = limits.iter().map(|p| p.name.as_str()).collect();
    let about = format!(
        "{} on the {}, {:.1} degC, clothing {} m2K/W, limits `{}`, {}",
        spec.build.body.profile.name().replace('_', " "),
        spec.build.body.site.name().replace('_', " "),
        spec.conditions.ambient_c,
        spec.conditions.clothing_m2k_per_w,
        names.join("`, `"),
        if spec.build.grid == Grid::Column {
            "one column per zone"
        } else {
            "the whole field"
        }
    );
    Ok(Chosen {
        base: Base { spec, limits },
        of,
        about,
    })
}

/// The reference product on an elderly user: skin that is thinner and less perfused
/// than the mean adult's burns first, and somebody who lies on a heating pad is often old.
fn reference() -> Spec {
    let mut spec = Spec {
        seed: 1,
        ..Spec::default()
    };
    spec.build.body.profile = Profile::Elderly;
    spec
}

fn case_of(path: &Path, arguments: &FaultsArguments) -> Result<Case, Vec<Mistake>> {
    let (found, mistakes) = find(&[path.to_path_buf()]);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let [file] = &found[..] else {
        let message = format!(
            "{} scenarios are here; the table is of one: name its file",
            found.len()
        );
        return Err(vec![whole_file(path, &message)]);
    };
    let cases = kneadsim_scenario::load(&file.path, &file.root)?;
    let count = cases.len();
    let wanted = |case: &Case| {
        let filter = arguments.case.as_deref();
        filter.is_none_or(|text| matches(text, &case.name))
    };
    let mut left: Vec<Case> = cases.into_iter().filter(wanted).collect();
    match left.pop() {
        Some(case) if left.is_empty() => Ok(case),
        Some(_) | None => {
            let message = format!(
                "--case leaves {} of {count} cases of its matrix; the table is of one, for example \
                 --case '*[user.profile=elderly]'",
                if left.is_empty() {
                    "none".to_owned()
                } else {
                    (left.len() + 1).to_string()
                }
            );
            Err(vec![whole_file(path, &message)])
        }
    }
}

fn limits_of(spec: &Spec) -> Vec<LimitProfile> {
    let profiles = spec.checks.iter().filter_map(|check| match &check.kind {
        CheckKind::Limits(profile) => Some(profile.clone()),
        CheckKind::Always(_)
        | CheckKind::Never(_)
        | CheckKind::Eventually { .. }
        | CheckKind::Respond { .. }
        | CheckKind::AfterAlways { .. }
        | CheckKind::Stays { .. }
        | CheckKind::AtEnd(_) => None,
    });
    profiles.collect()
}
