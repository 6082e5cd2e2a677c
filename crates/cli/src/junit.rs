//! JUnit XML: a suite per case, a test per expectation.
//!
//! Strict schemas (Jenkins' junit-10) allow properties on suites only; a suite
//! per case is what lets seed, digest and worst margin stand there.

use kneadsim_sim::check::{Finding, Verdict};
use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use crate::bundle;
use crate::console::{Console, one_line};
use crate::report::Report;
use crate::result::{CaseResult, CaseVerdict};
use crate::{render, version, words};

/// The whole document.
///
/// # Errors
/// What the writer says.
pub fn document(report: &Report) -> Result<String, String> {
    let mut junit = quick_junit::Report::new("kneadsim");
    junit.set_time(report.wall);
    for result in &report.results {
        junit.add_test_suite(suite(result));
    }
    for mistake in &report.mistakes {
        let mut suite = TestSuite::new(mistake.file.display().to_string());
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("mistake").set_message(mistake.to_string());
        suite.add_test_case(TestCase::new("the file can be read", status));
        junit.add_test_suite(suite);
    }
    let text = junit.to_string().map_err(|error| error.to_string())?;
    Ok(without_root_skipped(&text))
}

/// Strict schemas do not know `skipped` on the root element; nothing is ever skipped here.
fn without_root_skipped(text: &str) -> String {
    match text.split_once("<testsuites ") {
        Some((head, tail)) => {
            let (root, rest) = tail.split_once('>').unwrap_or((tail, ""));
            format!(
                "{head}<testsuites {}>{rest}",
                root.replace(" skipped=\"0\"", "")
            )
        }
        None => text.to_string(),
    }
}

fn suite(result: &CaseResult) -> TestSuite {
    let mut suite = TestSuite::new(result.case.name.as_str());
    suite.set_time(result.wall);
    for (name, value) in properties(result) {
        suite.add_property(Property::new(name, value));
    }
    for finding in &result.findings {
        suite.add_test_case(test(result, &finding.id, status(finding)));
    }
    if let Some(reason) = &result.broken_off {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        let (kind, name) = match result.verdict {
            CaseVerdict::Lost => ("device lost", "the run reaches its end"),
            CaseVerdict::Degraded => ("degraded", "the run keeps real time"),
            _ => ("internal error", "the run reaches its end"),
        };
        status
            .set_type(kind)
            .set_message(one_line(reason))
            .set_description(repeat(result));
        suite.add_test_case(test(result, name, status));
    }
    suite
}

fn test(result: &CaseResult, name: &str, status: TestCaseStatus) -> TestCase {
    let mut test = TestCase::new(name, status);
    test.set_classname(result.case.name.as_str());
    if let TestCaseStatus::NonSuccess { description, .. } = &mut test.status {
        let text = format!(
            "{}\n{}",
            description.as_deref().unwrap_or_default(),
            repeat(result)
        );
        *description = Some(text.trim().to_string().into());
    }
    test
}

fn status(finding: &Finding) -> TestCaseStatus {
    let kind = match finding.verdict {
        Verdict::Pass => return TestCaseStatus::success(),
        Verdict::Inconclusive => "inconclusive",
        Verdict::Fail => "fail",
    };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_type(kind)
        .set_message(render::finding(finding, Console::plain()));
    status
}

fn repeat(result: &CaseResult) -> String {
    match &result.bundle {
        Some(folder) => format!(
            "repeat: kneadsim run {}",
            bundle::arguments(result, &folder.join(bundle::SCENARIO))
        ),
        None => format!(
            "repeat: kneadsim run {}",
            bundle::arguments(result, &result.case.source)
        ),
    }
}

fn properties(result: &CaseResult) -> Vec<(String, String)> {
    let mut list = vec![
        ("source".to_string(), result.source()),
        ("verdict".to_string(), result.verdict.word().to_string()),
        ("seed".to_string(), result.case.spec.seed.to_string()),
        (
            "digest".to_string(),
            result.digest_hex().unwrap_or_default(),
        ),
        ("simulated_s".to_string(), result.simulated_s().to_string()),
        (
            "requirements".to_string(),
            result.case.requirements.join(" "),
        ),
        ("version".to_string(), version::LONG.to_string()),
    ];
    if let Some(tightest) = result.tightest() {
        list.push(("worst_margin".to_string(), words::margin_in_full(tightest)));
        list.push(("worst_margin_expectation".to_string(), tightest.id.clone()));
        list.push((
            "worst_margin_decided_by".to_string(),
            tightest.decided_by.clone(),
        ));
        if let Some(tick) = tightest.worst_tick {
            let seconds = crate::result::instant_s(tick).to_string();
            list.push(("worst_margin_at_s".to_string(), seconds));
        }
    }
    if let Some(energy) = &result.energy {
        list.push((
            "energy_residual".to_string(),
            format!("{:e}", energy.residual_relative),
        ));
    }
    list.extend(
        result
            .case
            .values
            .iter()
            .map(|(k, v)| (format!("matrix.{k}"), v.clone())),
    );
    list
}
