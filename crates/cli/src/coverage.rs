//! `coverage.md`: what the scenarios show, made from a run of all of them.
//!
//! Three tables: requirements with their cases and worst margin, faults with the
//! state of the session in which they came, and expectations with a lot of room.
//! No clock and no path is in it: the same scenarios give the same bytes.

use std::collections::BTreeMap;
use std::fmt::Write;

use kneadsim_firmware::Mode;
use kneadsim_sim::Outcome;
use kneadsim_sim::fault::{CATALOGUE, FaultKind};
use kneadsim_sim::spec::Spec;

use crate::markdown::cell;
use crate::report::Report;
use crate::result::{CaseResult, CaseVerdict, requirements};
use crate::room::{self, MOST_SHARE, Room};
use crate::words;

/// States that a fault is to be shown in.
pub const STATES: [Mode; 3] = [Mode::Warming, Mode::Holding, Mode::Cooling];

/// A fault that came, and the mode that the firmware reported just before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onset {
    /// Which fault.
    pub kind: FaultKind,
    /// The mode; none where the trace does not have it.
    pub mode: Option<Mode>,
}

/// The onsets of a run's faults, from its trace.
pub fn onsets(spec: &Spec, outcome: &Outcome) -> Vec<Onset> {
    let modes = outcome
        .trace
        .column(kneadsim_sim::signal::Signal::Mode.name());
    let mode_before = |tick: u32| {
        let rows = outcome.trace.ticks.partition_point(|t| *t < tick);
        let number = *modes?.values.get(rows.checked_sub(1)?)?;
        Mode::ALL
            .into_iter()
            .find(|mode| f64::from(*mode as u8) == number)
    };
    spec.faults
        .iter()
        .filter(|fault| fault.onset_tick < outcome.ticks_done)
        .map(|fault| Onset {
            kind: fault.kind,
            mode: if fault.onset_tick == 0 {
                Some(Mode::Off)
            } else {
                mode_before(fault.onset_tick)
            },
        })
        .collect()
}

/// The whole page.
pub fn document(report: &Report) -> String {
    let results = &report.results;
    let files: std::collections::BTreeSet<&str> = results
        .iter()
        .map(|r| room::file_of(&r.case.name))
        .collect();
    let mut s = String::from(
        "# What the scenarios show\n\n\
         Written by `kneadsim run` as `coverage.md` among its reports; do not edit.\n\
         `kneadsim run scenarios && cp out/coverage.md docs/coverage.md` brings it up to date.\n",
    );
    let _ = writeln!(
        s,
        "\n{}, {}, {} of them held, {:.1} h simulated.",
        words::count(files.len(), "file"),
        words::count(results.len(), "case"),
        report.count(CaseVerdict::Pass),
        report.simulated_s() / 3600.0
    );
    of_requirements(&mut s, results);
    of_faults(&mut s, results);
    of_room(&mut s, results);
    s
}

fn of_requirements(s: &mut String, results: &[CaseResult]) {
    s.push_str(
        "\n## Requirements\n\n\
         Two worst margins each: how much hotter the skin could have been before a line of a limit profile\n\
         broke (below zero: a warning line), and what any expectation had left, in the case that came nearest.\n\n\
         | requirement | files | cases | verdict | to a limit of skin | in | tightest expectation | decided by | in |\n\
         |---|---:|---:|---|---:|---|---:|---|---|\n",
    );
    for row in requirements(results) {
        let stating: Vec<&CaseResult> = results
            .iter()
            .filter(|r| r.case.requirements.iter().any(|id| id == row.id))
            .collect();
        let files: std::collections::BTreeSet<&str> = stating
            .iter()
            .map(|r| room::file_of(&r.case.name))
            .collect();
        let skin = nearest_limit_line(&stating);
        let tightest = row.worst.tightest();
        let _ = writeln!(
            s,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            cell(row.id),
            files.len(),
            row.cases,
            row.verdict.word(),
            skin.map(|(kelvin, _)| format!("{kelvin:+.2} K"))
                .unwrap_or_default(),
            cell(skin.map_or("", |(_, result)| &result.case.name)),
            tightest.map(words::margin_to_compare).unwrap_or_default(),
            cell(tightest.map_or("", |f| &f.decided_by)),
            cell(&row.worst.case.name)
        );
    }
}

/// The fewest kelvins that any limit line had left, and the case.
fn nearest_limit_line<'a>(results: &[&'a CaseResult]) -> Option<(f64, &'a CaseResult)> {
    let lines = results.iter().flat_map(|result| {
        let kelvins = result.findings.iter().filter_map(|f| f.kelvin_left);
        kelvins.map(|kelvin| (kelvin, *result))
    });
    lines
        .filter(|(kelvin, _)| kelvin.is_finite())
        .min_by(|(a, _), (b, _)| a.total_cmp(b))
}

fn of_faults(s: &mut String, results: &[CaseResult]) {
    let mut counts: BTreeMap<(FaultKind, Option<Mode>), usize> = BTreeMap::new();
    for result in results.iter().filter(|r| r.verdict == CaseVerdict::Pass) {
        for onset in &result.onsets {
            *counts.entry((onset.kind, onset.mode)).or_default() += 1;
        }
    }
    s.push_str(
        "\n## Faults\n\n\
         Cases that held, by the mode that the firmware reported when the fault came.\n\n\
         | fault | warming | holding | cooling | any other |\n|---|---:|---:|---:|---:|\n",
    );
    for row in CATALOGUE {
        let count = |mode| counts.get(&(row.kind, Some(mode))).copied().unwrap_or(0);
        let all: usize = counts
            .iter()
            .filter(|((kind, _), _)| *kind == row.kind)
            .map(|(_, n)| n)
            .sum();
        let [warming, holding, cooling] = STATES.map(count);
        let _ = writeln!(
            s,
            "| {} | {warming} | {holding} | {cooling} | {} |",
            cell(row.kind.name()),
            all - warming - holding - cooling
        );
    }
}

fn of_room(s: &mut String, results: &[CaseResult]) {
    let _ = write!(
        s,
        "\n## Expectations with room\n\n\
         Those that keep more than {:.0} % of their limit's range in every case of their file: of the distance\n\
         from where the signal starts to its limit, or of the time that is given.\n\n\
         | file | expectation | value | time |\n|---|---|---:|---:|\n",
        MOST_SHARE * 100.0
    );
    for ((file, id), room) in room::loose(results) {
        let Room { value, time } = room;
        let percent = |share: Option<f64>| {
            share
                .map(|share| format!("{:.0} %", share * 100.0))
                .unwrap_or_default()
        };
        let _ = writeln!(
            s,
            "| {} | {} | {} | {} |",
            cell(file),
            cell(id),
            percent(value),
            percent(time)
        );
    }
}
