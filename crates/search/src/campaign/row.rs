//! One case of a campaign: how it ended, as numbers and as text fields.

use std::cmp::Ordering;

use kneadsim_sim::check::Verdict;
use kneadsim_sim::run::nearness;
use kneadsim_sim::spec::Recording;
use kneadsim_sim::trace::csv::row_time_s;
use kneadsim_sim::{Continue, InProcess, Progress, Spec, run};

use super::Campaign;
use crate::measure::Measure;
use crate::vary::{Distribution, Draw};

/// How a case ended, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Everything held.
    Pass,
    /// Something could not be decided.
    Inconclusive,
    /// Something did not hold.
    Fail,
    /// The values of this sample do not go together, or the program failed.
    Error,
}

impl Ending {
    /// All, from best to worst.
    pub const ALL: [Ending; 4] = [
        Ending::Pass,
        Ending::Inconclusive,
        Ending::Fail,
        Ending::Error,
    ];

    /// The word that stands in tables.
    pub fn word(self) -> &'static str {
        match self {
            Ending::Pass => "PASS",
            Ending::Inconclusive => "INCONCLUSIVE",
            Ending::Fail => "FAIL",
            Ending::Error => "ERROR",
        }
    }
}

/// One case, done.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Number of the case.
    pub case: usize,
    /// How it ended.
    pub ending: Ending,
    /// Nearness of the tightest finding on a scale of kelvins, see
    /// [`kneadsim_sim::run::nearness`]; negative where it did not hold.
    pub nearness_k: Option<f64>,
    /// Its margin in its own unit.
    pub margin: Option<f64>,
    /// That unit.
    pub unit: String,
    /// Its expectation's name, and what of it decided.
    pub decided_by: String,
    /// Its worst instant, s.
    pub at_s: Option<f64>,
    /// Mode that the firmware reported last.
    pub mode: String,
    /// Fault that it reported last.
    pub fault: String,
    /// As the campaign's measures.
    pub measures: Vec<Option<f64>>,
    /// Digest of the run; 0 where there was none.
    pub digest: u128,
    /// What went wrong, where the ending is an error.
    pub note: String,
}

/// Why fields are no row, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// Runs a case; none when the observer stopped it. The trace is replaced by one
/// of the measured signals at every thermal step: what is recorded changes no digest.
pub fn run_case(
    campaign: &Campaign,
    case: usize,
    mut spec: Spec,
    observer: &mut dyn FnMut(Progress) -> Continue,
) -> Option<Row> {
    let mut signals: Vec<_> = campaign.measures.iter().map(|m| m.signal).collect();
    signals.sort_unstable();
    signals.dedup();
    spec.recording = Recording {
        every_ticks: spec.build.thermal_step_ticks,
        signals,
    };
    let outcome = run(&spec, InProcess::new(), observer);
    if outcome.stopped {
        return None;
    }
    let tightest = outcome.tightest();
    let ending = match (&outcome.lost, outcome.verdict()) {
        (Some(_), _) => Ending::Error,
        (None, Verdict::Pass) => Ending::Pass,
        (None, Verdict::Inconclusive) => Ending::Inconclusive,
        (None, Verdict::Fail) => Ending::Fail,
    };
    let measure = |m: &Measure| m.of(&outcome.trace);
    Some(Row {
        case,
        ending,
        nearness_k: tightest.and_then(nearness),
        margin: tightest.and_then(|f| f.margin),
        unit: tightest.map_or(String::new(), |f| f.unit.clone()),
        decided_by: tightest.map_or(String::new(), |f| {
            one_line(&format!("{}: {}", f.id, f.decided_by))
        }),
        at_s: tightest.and_then(|f| f.worst_tick).map(row_time_s),
        mode: outcome.ended.mode.name().to_owned(),
        fault: outcome.ended.fault.name().to_owned(),
        measures: campaign.measures.iter().map(measure).collect(),
        digest: outcome.digest,
        note: outcome
            .lost
            .as_ref()
            .map_or(String::new(), ToString::to_string),
    })
}

impl Row {
    /// A case that could not be run.
    pub fn error(campaign: &Campaign, case: usize, note: &str) -> Row {
        Row {
            case,
            ending: Ending::Error,
            nearness_k: None,
            margin: None,
            unit: String::new(),
            decided_by: String::new(),
            at_s: None,
            mode: String::new(),
            fault: String::new(),
            measures: vec![None; campaign.measures.len()],
            digest: 0,
            note: one_line(note),
        }
    }

    /// What orders rows from the worst on.
    pub fn badness(&self) -> impl Ord + use<> {
        Badness {
            ending: self.ending,
            nearness_k: self.nearness_k.unwrap_or(f64::INFINITY),
            case: self.case,
        }
    }

    /// Names of the fields, with units.
    pub fn header(campaign: &Campaign) -> Vec<String> {
        let named = |name: &str, unit: &str| match unit {
            "" | "1" => name.to_owned(),
            unit => format!("{name} [{unit}]"),
        };
        let mut header: Vec<String> = ["case", "sample", "base"].map(str::to_owned).to_vec();
        header.extend(campaign.variables.iter().map(|v| named(&v.key, &v.unit)));
        header.extend(
            [
                "verdict",
                "nearness [K]",
                "margin",
                "margin_unit",
                "decided_by",
                "at [s]",
                "mode",
                "fault",
            ]
            .map(str::to_owned),
        );
        header.extend(campaign.measures.iter().map(|m| named(&m.name, &m.unit())));
        header.extend(["digest", "note"].map(str::to_owned));
        header
    }

    /// The fields; numbers read back to the same bits.
    pub fn fields(&self, campaign: &Campaign) -> Vec<String> {
        let (sample, base) = campaign.place(self.case);
        let mut fields = vec![
            self.case.to_string(),
            sample.to_string(),
            campaign.bases[base].clone(),
        ];
        let draws = campaign.draws(sample);
        let values = campaign.variables.iter().zip(&draws);
        fields.extend(values.map(|(v, draw)| show(&v.distribution, *draw)));
        fields.extend([
            self.ending.word().to_owned(),
            number(self.nearness_k),
            number(self.margin),
            self.unit.clone(),
            self.decided_by.clone(),
            number(self.at_s),
            self.mode.clone(),
            self.fault.clone(),
        ]);
        fields.extend(self.measures.iter().map(|m| number(*m)));
        fields.extend([format!("{:032x}", self.digest), self.note.clone()]);
        fields
    }

    /// Reads the fields of a row of this campaign. Sample, base and values follow
    /// from the number of the case and have to be what is written.
    ///
    /// # Errors
    /// Which field is wrong.
    pub fn parse(campaign: &Campaign, fields: &[&str]) -> Result<Row, Unreadable> {
        let wrong = |what: &str| Unreadable(format!("{what} is not what this campaign writes"));
        let varied = campaign.variables.len();
        let [case, _, _, ..] = fields else {
            return Err(wrong("the number of fields"));
        };
        if fields.len() != 13 + varied + campaign.measures.len() {
            return Err(wrong("the number of fields"));
        }
        let case: usize = case.parse().map_err(|_| wrong("the number of the case"))?;
        if case >= campaign.cases() {
            return Err(wrong("the number of the case"));
        }
        let [verdict, near, margin, unit, decided, at, mode, fault] =
            &fields[3 + varied..11 + varied]
        else {
            return Err(wrong("the number of fields"));
        };
        let optional = |text: &str| match text {
            "" => Ok(None),
            text => text.parse::<f64>().map(Some).map_err(|_| wrong("a number")),
        };
        let measures = &fields[11 + varied..fields.len() - 2];
        let row = Row {
            case,
            ending: Ending::ALL
                .into_iter()
                .find(|e| e.word() == *verdict)
                .ok_or_else(|| wrong("the verdict"))?,
            nearness_k: optional(near)?,
            margin: optional(margin)?,
            unit: (*unit).to_owned(),
            decided_by: (*decided).to_owned(),
            at_s: optional(at)?,
            mode: (*mode).to_owned(),
            fault: (*fault).to_owned(),
            measures: measures
                .iter()
                .map(|m| optional(m))
                .collect::<Result<_, _>>()?,
            digest: u128::from_str_radix(fields[fields.len() - 2], 16)
                .map_err(|_| wrong("the digest"))?,
            note: fields[fields.len() - 1].to_owned(),
        };
        if row.fields(campaign) != fields {
            return Err(wrong("a sample, a base or a value"));
        }
        Ok(row)
    }
}

struct Badness {
    ending: Ending,
    nearness_k: f64,
    case: usize,
}

impl Ord for Badness {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .ending
            .cmp(&self.ending)
            .then(self.nearness_k.total_cmp(&other.nearness_k))
            .then(self.case.cmp(&other.case))
    }
}

impl PartialOrd for Badness {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Badness {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Badness {}

/// Text on one line: a row of a file ends where its line ends.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |v| format!("{v}"))
}

/// A drawn value as text: a number, or the name of a choice.
pub fn show(distribution: &Distribution, draw: Draw) -> String {
    match (distribution, draw) {
        (Distribution::Among { names, .. }, Draw::Choice(index)) => names[index].clone(),
        (_, Draw::Number(value)) => format!("{value}"),
        (_, Draw::Choice(index)) => index.to_string(),
    }
}
