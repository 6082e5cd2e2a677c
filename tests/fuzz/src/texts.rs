//! What must hold for the text of a scenario and of the files beside it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use kneadsim_cli::mistakes;
use kneadsim_scenario::{Case, Mistake, load_text, load_texts};
use kneadsim_sim::{Bench, InProcess};

/// Cases of a matrix that are run; all are read.
const CASES_RUN: usize = 2;

/// Bytes as text, with what is not text replaced.
pub(super) fn lossy(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// Reads `a.toml` among these files; what is wrong can be shown, what is right runs.
pub(super) fn ends_or_runs(files: &BTreeMap<String, String>, ticks: u32) {
    match load_texts("a.toml", files) {
        Err(found) => {
            assert!(!found.is_empty());
            found.iter().for_each(|m| can_be_shown(m, files));
        }
        Ok(cases) => {
            assert!(!cases.is_empty());
            for case in &cases {
                case.warnings.iter().for_each(|w| can_be_shown(w, files));
            }
            for case in cases.iter().take(CASES_RUN) {
                reads_back(case);
                runs(case, ticks);
            }
        }
    }
}

/// A mistake's place is in its text, and the program can show it.
fn can_be_shown(mistake: &Mistake, files: &BTreeMap<String, String>) {
    let name = mistake.file.to_string_lossy().into_owned();
    let source = files.get(&name).map(String::as_str);
    assert!(source.is_some() || mistake.span.is_empty(), "{mistake}");
    let text = source.unwrap_or("");
    assert!(mistake.span.start <= mistake.span.end, "{mistake:?}");
    assert!(mistake.span.end <= text.len(), "{mistake:?}");
    let line = text.split('\n').nth(mistake.line - 1);
    let line = line.unwrap_or_else(|| panic!("no such line: {mistake}"));
    let columns = line.chars().count() + 1;
    assert!((1..=columns).contains(&mistake.column), "{mistake}");
    assert!(
        !mistake.message.is_empty() && mistake.message.len() < 4000,
        "{mistake}"
    );
    for colour in [false, true] {
        let shown = mistakes::render_in(mistake, source, colour);
        assert!(shown.len() < 20_000, "{shown}");
        let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let plain = |c: char| !turns(c) && (!c.is_control() || matches!(c, '\n' | '\t' | '\u{1b}'));
        assert!(shown.chars().all(plain), "{shown:?}");
    }
}

/// A lowered case needs no other file and is the same case.
fn reads_back(case: &Case) {
    let again = load_text(&case.lowered, Path::new("lowered.toml"), Path::new(""));
    match again.as_deref() {
        Ok([again]) => assert_eq!(again.spec, case.spec, "{}", case.lowered),
        Ok(several) => panic!("{} cases of {}", several.len(), case.lowered),
        Err(mistakes) => panic!("{} in {}", mistakes[0], case.lowered),
    }
}

/// What was lowered can be run.
fn runs(case: &Case, ticks: u32) {
    let bench = Bench::new(Arc::new(case.spec.clone()), InProcess::new());
    let mut bench = bench.unwrap_or_else(|lost| panic!("{lost} in {}", case.lowered));
    if let Err(lost) = bench.run_until(ticks) {
        panic!("{lost} in {}", case.lowered);
    }
    for finding in bench.findings() {
        assert!(
            !finding.margin.is_some_and(f64::is_nan),
            "{finding:?} of {}",
            case.lowered
        );
    }
}
