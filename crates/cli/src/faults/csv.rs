//! `faults.csv`: every row with every figure, for scripts and spreadsheets.
//!
//! No wall time is in it, so that the same table has the same bytes.

use std::io;

use kneadsim_search::faults::Row;
use kneadsim_search::faults::barriers::set_words;
use kneadsim_search::faults::demand::Hazard;
use kneadsim_sim::spec::TICKS_PER_S;

use super::{Report, phrases};
use crate::result::{instant_s, seconds};

const HEADER: [&str; 32] = [
    "row",
    "name",
    "verdict",
    "reasons",
    "state",
    "at[s]",
    "fault",
    "target",
    "parameter",
    "value",
    "after",
    "requirement",
    "detected_by",
    "detected_after[s]",
    "safe_state",
    "safe_after[s]",
    "budget[s]",
    "skin_max[degC]",
    "skin_max_at[s]",
    "cem43_max[min]",
    "arrhenius_max[1]",
    "film_max[degC]",
    "winding_max[degC]",
    "pack_max[degC]",
    "nearest_line",
    "left[K]",
    "noticed_by_nobody",
    "barriers_enough",
    "lines_of_defence",
    "indispensable",
    "simulated[s]",
    "digest",
];

/// The whole file.
///
/// # Errors
/// What the writer says.
pub fn document(report: &Report) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for row in &report.rows {
        writer.write_record(record(row))?;
    }
    writer.into_inner().map_err(|error| error.into_error())
}

fn record(row: &Row) -> [String; 32] {
    let case = &row.case;
    let some = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let parameter = case.kind.row().parameter;
    let safe_state = match (row.demand.hazard, row.shows, row.safe_s) {
        (Hazard::None, _, _) => "not asked",
        (_, false, _) => "all along",
        (_, true, Some(_)) => "reached",
        (_, true, None) => "never",
    };
    let lines = row.barriers.map(|b| {
        b.lines()
            .map_or_else(|| "none needed".to_owned(), |lines| lines.to_string())
    });
    [
        row.number.to_string(),
        case.name(),
        phrases::verdict(row.verdict).to_owned(),
        phrases::reasons(row),
        case.instant.state.name().to_owned(),
        seconds(case.instant.tick).to_string(),
        case.kind.name().to_owned(),
        case.target_name().to_owned(),
        parameter.map_or_else(String::new, |p| format!("{}[{}]", p.name, p.unit)),
        parameter.map_or_else(String::new, |_| case.value.to_string()),
        phrases::after(case),
        row.demand.requirement.to_owned(),
        phrases::detection(row.detection),
        some(row.detected_s),
        safe_state.to_owned(),
        some(row.safe_s),
        some(row.demand.budget_s),
        row.peaks.skin_c.to_string(),
        instant_s(row.peaks.skin_tick).to_string(),
        row.peaks.cem43_min.to_string(),
        row.peaks.omega.to_string(),
        row.peaks.film_c.to_string(),
        row.peaks.winding_c.to_string(),
        row.peaks.pack_c.to_string(),
        row.nearest
            .as_ref()
            .map_or_else(String::new, |n| n.line.clone()),
        row.nearest
            .as_ref()
            .map_or_else(String::new, |n| n.kelvin_left.to_string()),
        u8::from(row.is_hidden()).to_string(),
        phrases::barriers(row),
        lines.unwrap_or_default(),
        row.barriers
            .map_or_else(String::new, |b| set_words(b.indispensable())),
        (row.ticks as f64 / f64::from(TICKS_PER_S)).to_string(),
        format!("{:032x}", row.digest),
    ]
}
