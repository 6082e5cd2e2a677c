//! The parts of the report as plain tables, for the terminal, Markdown and HTML alike.

use kneadsim_search::faults::State;
use kneadsim_search::faults::barriers::NAMES;
use kneadsim_search::faults::row::{Row, Verdict};
use kneadsim_search::faults::summary::{self, OfKind, Threat};
use kneadsim_sim::fault::FaultKind;

use super::{Report, phrases};
use crate::words;

/// Rows of a list that a page shows; all are in the CSV.
pub const MOST_ROWS: usize = 100;

/// One part.
pub struct Section {
    /// Heading.
    pub title: String,
    /// What it shows, a sentence or two.
    pub text: String,
    /// Columns: name with unit, and whether it holds numbers.
    pub header: Vec<(&'static str, bool)>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
}

/// One sentence about the table.
pub fn headline(report: &Report) -> String {
    let failed = report.count(Verdict::Fail);
    let rows = words::count(report.rows.len(), "row");
    if report.interrupted {
        let open = report.planned - report.rows.len();
        format!("single faults: interrupted with {open} open, {failed} of {rows} failed")
    } else if failed == 0 {
        format!("single faults: {rows}, none failed")
    } else {
        format!("single faults: {failed} of {rows} failed")
    }
}

/// Counts, in a paragraph.
pub fn counts(report: &Report) -> String {
    let hidden = report.rows.iter().filter(|row| row.is_hidden()).count();
    let mut text = format!(
        "{} PASS, {} WARNING, {} FAIL. Noticed by nobody and harmless: {hidden}. {}, {} simulated.",
        report.count(Verdict::Pass),
        report.count(Verdict::Warning),
        report.count(Verdict::Fail),
        words::count(report.rows.len(), "row"),
        hours(report.simulated_s()),
    );
    if !report.not_reached.is_empty() {
        let states = report.not_reached.join(", ");
        text += &format!(" The sound unit never was in: {states}.");
    }
    text
}

/// Simulated time.
fn hours(seconds: f64) -> String {
    format!("{:.1} h", seconds / 3600.0)
}

/// Every part but the list of rows.
pub fn summary(report: &Report) -> Vec<Section> {
    let mut sections = Vec::new();
    sections.extend(failed(report));
    sections.extend(defence(report));
    sections.extend(of_kinds(report, false));
    sections.extend(of_kinds(report, true));
    sections.extend(hidden(report));
    sections.extend(absent(report));
    sections
}

/// The worst rows, so many of them.
pub fn worst(report: &Report, most: usize) -> Section {
    let shown = report.rows.len().min(most);
    let rows = report.rows[..shown].iter();
    Section {
        title: "Rows, worst first".to_owned(),
        text: format!(
            "{shown} of {}; every row is in faults.csv. What failed first, then by what is left to the nearest limit of skin or of a winding.",
            report.rows.len()
        ),
        header: ROW_HEADER.to_vec(),
        rows: rows.map(cells).collect(),
    }
}

const ROW_HEADER: [(&str, bool); 12] = [
    ("verdict", false),
    ("state", false),
    ("at, min:s", true),
    ("fault", false),
    ("noticed by", false),
    ("safe after", true),
    ("skin, degC", true),
    ("CEM43, min", true),
    ("Arrhenius, 1", true),
    ("winding, degC", true),
    ("left, K", true),
    ("enough", false),
];

fn cells(row: &Row) -> Vec<String> {
    let why = phrases::reasons(row);
    let verdict = phrases::verdict(row.verdict);
    vec![
        if why.is_empty() {
            verdict.to_owned()
        } else {
            format!("{verdict}: {why}")
        },
        row.case.instant.state.name().to_owned(),
        phrases::at(&row.case),
        phrases::fault_in_full(&row.case),
        phrases::noticed(row),
        phrases::safe(row),
        phrases::celsius(row.peaks.skin_c),
        words::number(row.peaks.cem43_min),
        words::number(row.peaks.omega),
        phrases::celsius(row.peaks.winding_c),
        phrases::kelvin(
            row.nearest
                .as_ref()
                .map_or(f64::INFINITY, |n| n.kelvin_left),
        ),
        phrases::barriers(row),
    ]
}

fn failed(report: &Report) -> Option<Section> {
    let failed: Vec<&Row> = report
        .rows
        .iter()
        .filter(|row| row.verdict == Verdict::Fail)
        .collect();
    if failed.is_empty() {
        return None;
    }
    let shown = failed.len().min(MOST_ROWS);
    Some(Section {
        title: "What failed".to_owned(),
        text: format!("{shown} of {} rows, worst first.", failed.len()),
        header: ROW_HEADER.to_vec(),
        rows: failed[..shown].iter().map(|row| cells(row)).collect(),
    })
}

fn of_kinds(report: &Report, after_latent: bool) -> Option<Section> {
    let kinds = summary::by_kind(&report.rows, after_latent);
    if kinds.is_empty() {
        return None;
    }
    let (title, text) = if after_latent {
        (
            "By fault, after a latent one",
            "Two faults: held are the limits alone; times are as measured.",
        )
    } else {
        (
            "By fault",
            "One fault each. Slowest: from the fault to the first that noticed. Safe: the longest time from when what must stop first shows to when it is gone.",
        )
    };
    Some(Section {
        title: title.to_owned(),
        text: text.to_owned(),
        header: vec![
            ("fault", false),
            ("rows", true),
            ("FAIL", true),
            ("WARNING", true),
            ("noticed by", false),
            ("slowest", true),
            ("safe, longest", true),
            ("skin, degC", true),
            ("left, K", true),
            ("winding, degC", true),
        ],
        rows: kinds
            .iter()
            .map(|(kind, of)| kind_cells(*kind, of))
            .collect(),
    })
}

fn kind_cells(kind: FaultKind, of: &OfKind) -> Vec<String> {
    let mut detections: Vec<_> = of.detections.iter().collect();
    detections.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let detections: Vec<String> = detections
        .into_iter()
        .map(|(detection, count)| format!("{} {count}", phrases::detection(*detection)))
        .collect();
    let time = |s: Option<f64>| match s {
        Some(s) if s > 0.0 => phrases::seconds(s),
        Some(_) => "before".to_owned(),
        None => String::new(),
    };
    vec![
        kind.name().to_owned(),
        of.rows.to_string(),
        of.failed.to_string(),
        of.warned.to_string(),
        detections.join(", "),
        time(of.slowest_s),
        time(of.safe_s),
        phrases::celsius(of.skin_c),
        phrases::kelvin(of.kelvin_left),
        phrases::celsius(of.winding_c),
    ]
}

fn hidden(report: &Report) -> Option<Section> {
    let kinds = summary::hidden(&report.rows);
    if kinds.is_empty() {
        return None;
    }
    let mut header = vec![("fault", false), ("rows", true)];
    header.extend(State::ALL.map(|state| (state.name(), true)));
    Some(Section {
        title: "Noticed by nobody, harmless: latent faults in waiting".to_owned(),
        text: "Single faults of the product that neither firmware nor cut-out nor watchdog noticed to the end of the run, by the state in which they came.".to_owned(),
        header,
        rows: kinds
            .iter()
            .map(|(kind, states)| {
                let total: usize = states.iter().sum();
                let mut cells = vec![kind.name().to_owned(), total.to_string()];
                cells.extend(states.iter().map(ToString::to_string));
                cells
            })
            .collect(),
    })
}

/// What stands between the rows' faults and harm.
pub fn defence(report: &Report) -> Option<Section> {
    let defence = summary::defence(&report.rows);
    if defence.rows == 0 {
        return None;
    }
    let indispensable: Vec<String> = NAMES
        .iter()
        .zip(defence.indispensable)
        .map(|(name, rows)| format!("{name} {rows}"))
        .collect();
    let one: usize = defence
        .needed
        .iter()
        .filter(|((threat, lines, _), _)| *threat == Threat::Burn && *lines == 1)
        .flat_map(|(_, kinds)| kinds.values())
        .sum();
    Some(Section {
        title: "What stands between fault and harm".to_owned(),
        text: format!(
            "{} run again with barriers out of order; {} need none. In {one} a single line of defence stands between fault and burn. Harm follows as soon as one barrier alone is out of order: {}.",
            words::count(defence.rows, "row"),
            words::count(defence.harmless, "row"),
            indispensable.join(", ")
        ),
        header: vec![
            ("threat", false),
            ("lines of defence", true),
            ("enough", false),
            ("rows", true),
            ("faults", false),
        ],
        rows: defence
            .needed
            .iter()
            .map(|((threat, lines, enough), kinds)| {
                let total: usize = kinds.values().sum();
                let kinds: Vec<String> = kinds
                    .iter()
                    .map(|(kind, count)| format!("{} {count}", kind.name()))
                    .collect();
                vec![
                    match threat {
                        Threat::Burn => "burn",
                        Threat::Overheating => "winding or pack",
                    }
                    .to_owned(),
                    lines.to_string(),
                    enough.clone(),
                    total.to_string(),
                    kinds.join(", "),
                ]
            })
            .collect(),
    })
}

/// What the base does not have.
pub fn absent(report: &Report) -> Option<Section> {
    if report.absent.is_empty() {
        return None;
    }
    Some(Section {
        title: "Not applicable".to_owned(),
        text: "What this product or this grid does not have.".to_owned(),
        header: vec![
            ("fault", false),
            ("target", false),
            ("rows", true),
            ("why", false),
        ],
        rows: report
            .absent
            .iter()
            .map(|absent| {
                let targets = absent.kind.row().targets.names();
                vec![
                    absent.kind.name().to_owned(),
                    targets[usize::from(absent.target)].to_owned(),
                    absent.rows.to_string(),
                    absent.reason.clone(),
                ]
            })
            .collect(),
    })
}
