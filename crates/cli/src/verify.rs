//! `kneadsim verify`: the solvers against closed-form results, on record.
//!
//! The record holds no dates and no timings: the same code writes the same bytes.

use std::fmt::Write;

use kneadsim_plant::oracles::refinement::{Study, refinement_studies};
use kneadsim_plant::oracles::{OracleRow, Tolerance};

use crate::args::VerifyArguments;
use crate::console::{Console, Tone, complain, fit, say};
use crate::exit::Exit;
use crate::words;

/// Runs every comparison.
pub fn run(arguments: &VerifyArguments, console: Console) -> Exit {
    let rows = oracles();
    let mut group = "";
    say(&console.paint(Tone::Faint, &header()));
    for row in &rows {
        if row.group != group {
            group = row.group;
            say(&format!("\n{}\n", console.paint(Tone::Strong, group)));
        }
        say(&line(row, console));
    }
    let studies = refinement_studies();
    for study in &studies {
        say(&study_lines(study, console));
    }
    let out = out_of_tolerance(&rows, &studies);
    let text = document(&rows, &studies);
    let verdict = if out == 0 {
        console.paint(Tone::Good, "PASS")
    } else {
        console.paint(Tone::Bad, "FAIL")
    };
    say(&format!(
        "\n{verdict} {} and {}, {out} out of tolerance\n",
        words::count(rows.len(), "comparison"),
        words::count(studies.len(), "refinement")
    ));
    let record = keep(arguments, &text);
    if out > 0 { Exit::Failed } else { record }
}

fn out_of_tolerance(rows: &[OracleRow], studies: &[Study]) -> usize {
    rows.iter().filter(|r| !r.holds()).count() + studies.iter().filter(|s| !s.holds()).count()
}

/// Every comparison there is.
pub fn oracles() -> Vec<OracleRow> {
    let mut rows = kneadsim_plant::oracles::thermal::thermal_oracles();
    rows.extend(kneadsim_plant::oracles::motor::motor_oracles());
    rows.extend(kneadsim_sim::oracles::sensor_oracles());
    rows
}

fn keep(arguments: &VerifyArguments, text: &str) -> Exit {
    let path = &arguments.out;
    if arguments.check {
        return match std::fs::read_to_string(path) {
            Ok(old) if old == text => Exit::Held,
            Ok(_) => {
                complain(&format!(
                    "{} is not what was computed now: run `kneadsim verify`",
                    path.display()
                ));
                Exit::Failed
            }
            Err(error) => {
                complain(&format!("error: cannot read {}: {error}", path.display()));
                Exit::WrongInput
            }
        };
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), std::fs::create_dir_all);
    match made.and_then(|()| std::fs::write(path, text)) {
        Ok(()) => {
            say(&format!("wrote {}\n", path.display()));
            Exit::Held
        }
        Err(error) => {
            complain(&format!("error: cannot write {}: {error}", path.display()));
            Exit::WrongInput
        }
    }
}

fn header() -> String {
    format!(
        "    {:54} {:>14} {:>14} {:>9} {:>9} unit\n",
        "", "expected", "got", "error", "tolerance"
    )
}

fn line(row: &OracleRow, console: Console) -> String {
    let (tone, word) = if row.holds() {
        (Tone::Good, "ok ")
    } else {
        (Tone::Bad, "OUT")
    };
    format!(
        "{} {:54} {:>14} {:>14} {:>9.1e} {:>9} {}\n",
        console.paint(tone, word),
        fit(&row.name, 54),
        value(row.expected),
        value(row.got),
        row.error(),
        tolerance(row),
        row.unit
    )
}

fn study_lines(study: &Study, console: Console) -> String {
    let (tone, word) = if study.holds() {
        (Tone::Good, "ok ")
    } else {
        (Tone::Bad, "OUT")
    };
    let mut text = format!(
        "\nrefinement: {} (step in {}, error in {})\n",
        study.name, study.step_unit, study.error_unit
    );
    for (step, error) in &study.points {
        text.push_str(&format!("    {:>12} {error:>12.4e}\n", value(*step)));
    }
    text.push_str(&format!(
        "{} order {:.2}, expected {}\n",
        console.paint(tone, word),
        study.order(),
        study.expected_order
    ));
    text
}

fn tolerance(row: &OracleRow) -> String {
    match row.tolerance {
        Tolerance::Absolute(0.0) => "exact".to_string(),
        Tolerance::Absolute(limit) => format!("{limit}"),
        Tolerance::Relative(share) if share < 1e-3 => format!("{share:e} rel"),
        Tolerance::Relative(share) => format!("{} %", (share * 1e5).round() / 1e3),
    }
}

/// Nine digits that matter, without a tail of zeros.
fn value(value: f64) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    let size = value.abs();
    if !(1e-4..1e9).contains(&size) {
        return format!("{value:.8e}");
    }
    // Digits before the point, from the number's own text: no platform logarithm.
    let scientific = format!("{size:.8e}");
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, e)| e.parse::<i32>().ok());
    let whole = exponent.unwrap_or(0) + 1;
    let digits = (9 - whole).clamp(0, 9) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}

/// The record.
pub fn document(rows: &[OracleRow], studies: &[Study]) -> String {
    let mut s = String::from(
        "# Verification\n\n\
         Written by `kneadsim verify`; do not edit. `kneadsim verify --check` compares it with what the code gives.\n\
         The code under test is the code that runs scenarios. Known values are closed forms or were computed\n\
         independently; the last column says which.\n",
    );
    let out = out_of_tolerance(rows, studies);
    let _ = writeln!(
        s,
        "\n{}, {out} out of tolerance.",
        words::count(rows.len(), "comparison")
    );
    let mut group = "";
    for row in rows {
        if row.group != group {
            group = row.group;
            let _ = write!(
                s,
                "\n## {group}\n\n| | what | expected | got | error | tolerance | unit | source |\n\
                 |---|---|---:|---:|---:|---:|---|---|\n"
            );
        }
        let _ = writeln!(
            s,
            "| {} | {} | {} | {} | {:.1e} | {} | {} | {} |",
            if row.holds() { "ok" } else { "**OUT**" },
            row.name.replace('|', "\\|"),
            value(row.expected),
            value(row.got),
            row.error(),
            tolerance(row),
            row.unit,
            row.source.replace('|', "\\|")
        );
    }
    if !studies.is_empty() {
        s.push_str("\n## Refinement\n\nErrors fall with the step at the order that the scheme should have (within 0.25).\n");
    }
    for study in studies {
        let _ = write!(
            s,
            "\n### {}\n\n{}: order {:.2} at the finest pair, expected {}.\n\n| step, {} | error, {} | order |\n|---:|---:|---:|\n",
            study.name,
            if study.holds() { "ok" } else { "**OUT**" },
            study.order(),
            study.expected_order,
            study.step_unit,
            study.error_unit
        );
        let orders = study.orders();
        for (i, (step, error)) in study.points.iter().enumerate() {
            let order = i.checked_sub(1).and_then(|i| orders.get(i));
            let order = order.map(|o| format!("{o:.2}")).unwrap_or_default();
            let _ = writeln!(s, "| {} | {error:.4e} | {order} |", value(*step));
        }
    }
    s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_nine_digits() {
        for (number, expected) in [
            (0.0, "0"),
            (45.0, "45"),
            (16_259.28, "16259.28"),
            (0.1899635, "0.1899635"),
            (66.317_899_94, "66.3178999"),
            (1.5e-7, "1.50000000e-7"),
        ] {
            assert_eq!(value(number), expected);
        }
    }

    #[test]
    fn a_row_that_is_out_or_not_a_number_is_marked() {
        for (got, mark) in [
            (45.0, "| ok |"),
            (45.5, "| **OUT** |"),
            (f64::NAN, "| **OUT** |"),
        ] {
            let row = OracleRow {
                group: "slab",
                name: "a | b".into(),
                unit: "degC",
                expected: 45.0,
                got,
                tolerance: Tolerance::Absolute(0.01),
                source: "closed form",
            };
            let text = document(&[row], &[]);
            assert!(text.contains(mark), "{text}");
            assert!(text.contains("a \\| b"));
        }
    }
}
