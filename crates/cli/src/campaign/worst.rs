//! The worst cases, run once more with everything kept: scenario, trace, and how
//! to repeat them. That the digests agree shows that a case is a function of its
//! number alone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kneadsim_scenario::Case;
use kneadsim_search::campaign::Row;
use kneadsim_sim::{Continue, InProcess, Outcome, run};

use super::{Opened, text};
use crate::console::{Console, complain, say};
use crate::engine::guarded;
use crate::exit::Exit;
use crate::plot::{Plot, plot};
use crate::whole::fill_whole;
use crate::{mistakes, traces};

/// A case that was kept.
pub struct Kept {
    /// Its folder.
    pub folder: PathBuf,
    /// Data for its picture.
    pub plot: Option<Plot>,
    /// What went wrong.
    pub problem: Option<String>,
}

/// Writes the folders `worst/NN-case-N`, in place of those of an earlier run.
pub fn write(opened: &mut Opened, rows: &[Row]) -> Vec<Kept> {
    let root = opened.out.join("worst");
    let _ = fs::remove_dir_all(&root);
    let mut kept = Vec::new();
    for (rank, row) in rows.iter().enumerate() {
        let folder = root.join(format!("{:03}-case-{}", rank + 1, row.case));
        kept.push(keep(opened, row, folder));
    }
    kept
}

fn keep(opened: &mut Opened, row: &Row, folder: PathBuf) -> Kept {
    let mut kept = Kept {
        folder,
        plot: None,
        problem: None,
    };
    // What could not be made then cannot be made now: its note says why.
    let Ok((case, outcome)) = again(opened, row.case) else {
        return kept;
    };
    if outcome.digest != row.digest && row.digest != 0 {
        kept.problem = Some(format!(
            "case {} gave digest {:032x}, and {:032x} when it was run again",
            row.case, row.digest, outcome.digest
        ));
    }
    kept.plot = Some(plot(&outcome.trace));
    let repeat = repeat(opened, row.case);
    if let Err(error) = fill(&kept.folder, &case, &outcome, &repeat) {
        kept.problem = Some(format!("cannot write {}: {error}", kept.folder.display()));
    }
    kept
}

/// The command that repeats a case alone.
pub fn repeat(opened: &Opened, case: usize) -> String {
    let drawing = opened.file.campaign.drawing();
    format!(
        "kneadsim campaign run {} --samples {} --case {case} --out {}",
        opened.path.display(),
        drawing.samples,
        opened.out.display()
    )
}

fn fill(folder: &Path, case: &Case, outcome: &Outcome, repeat: &str) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    fill_whole(folder, |inside| {
        fs::write(inside.join("scenario.toml"), &case.lowered)?;
        fs::write(inside.join("repeat.txt"), format!("{repeat}\n"))?;
        traces::write_file(&outcome.trace, &inside.join("trace.csv"))
    })
}

/// Makes a case and runs it with the scenario's own trace.
fn again(opened: &mut Opened, case: usize) -> Result<(Case, Outcome), String> {
    let campaign = &opened.file.campaign;
    let (sample, base) = campaign.place(case);
    let draws = campaign.draws(sample);
    let seed = campaign.seed_of(sample);
    let made = opened
        .file
        .variation
        .case(base, sample as usize, seed, &draws);
    let made = made.map_err(|found| {
        found
            .iter()
            .map(|m| mistakes::render(m, false))
            .collect::<Vec<_>>()
            .join("\n")
    })?;
    let outcome = guarded(|| run(&made.spec, InProcess::new(), &mut |_| Continue::Yes))?;
    Ok((made, outcome))
}

/// Runs one case alone, shows it, and writes its folder.
pub fn one(mut opened: Opened, case: usize, console: Console) -> Exit {
    let cases = opened.file.campaign.cases();
    if case >= cases {
        complain(&format!(
            "error: --case {case}: the campaign has the cases 0 to {}",
            cases - 1
        ));
        return Exit::WrongInput;
    }
    let (made, outcome) = match again(&mut opened, case) {
        Ok(done) => done,
        Err(why) => {
            complain(&format!("error: case {case}: {why}"));
            return Exit::WrongInput;
        }
    };
    let folder = opened.out.join("cases").join(case.to_string());
    let repeat = repeat(&opened, case);
    say(&text::one(&opened, case, &outcome, console));
    if let Err(error) = fill(&folder, &made, &outcome, &repeat) {
        complain(&format!(
            "error: cannot write {}: {error}",
            folder.display()
        ));
        return Exit::WrongInput;
    }
    say(&format!("scenario and trace: {}\n", folder.display()));
    match outcome.verdict() {
        _ if outcome.lost.is_some() => Exit::Lost,
        kneadsim_sim::check::Verdict::Pass => Exit::Held,
        kneadsim_sim::check::Verdict::Inconclusive | kneadsim_sim::check::Verdict::Fail => {
            Exit::Failed
        }
    }
}
