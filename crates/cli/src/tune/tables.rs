//! `candidates.csv`: every candidate of the search with what it came to.

use kneadsim_search::tune::{Ended, Problem};

use super::verdict::{Compared, Verdicts};

/// The table.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn candidates(problem: &Problem, ended: &Ended, verdicts: &Verdicts) -> Result<String, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let named = |name: &str, unit: &str| match unit {
        "1" => name.to_owned(),
        unit => format!("{name} [{unit}]"),
    };
    let mut header = vec!["candidate".to_owned()];
    header.extend(problem.parameters.iter().map(|p| named(&p.key, &p.unit)));
    header.extend(problem.objectives.iter().map(|o| named(&o.name, &o.unit)));
    header.extend(
        [
            "sessions",
            "complete",
            "short [K]",
            "front",
            "held out short [K]",
            "claim short [K]",
            "note",
        ]
        .map(str::to_owned),
    );
    writer.write_record(&header).map_err(|e| e.to_string())?;
    let front: Vec<usize> = ended.front(problem).iter().map(|c| c.number).collect();
    for candidate in &ended.candidates {
        let mut row = vec![candidate.number.to_string()];
        row.extend(candidate.values.iter().map(f64::to_string));
        let objectives = candidate.totals.objectives.iter();
        row.extend(objectives.map(|v| v.map_or(String::new(), |v| v.to_string())));
        let short = |compared: Option<&Compared>| {
            let found = compared.and_then(|c| {
                let place = c
                    .tried
                    .iter()
                    .position(|t| t.candidate == candidate.number)?;
                Some(c.short_k[place].to_string())
            });
            found.unwrap_or_default()
        };
        row.extend([
            candidate.trials.len().to_string(),
            candidate.complete.to_string(),
            candidate.violation_k.to_string(),
            front.contains(&candidate.number).to_string(),
            short(Some(&verdicts.trial)),
            short(verdicts.claim.as_ref()),
            candidate.refused.clone().unwrap_or_default(),
        ]);
        writer.write_record(&row).map_err(|e| e.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}
