//! Broken scenarios and the exact messages they get, as rows in `broken.txt`.
//!
//! A row: `== what is wrong`, the text, `--`, the messages. A text that starts
//! with `+head` has four valid lines before it (schema, name, description,
//! requirements), with `+min` seven: those and one expectation.
//! `KNEADSIM_BLESS=1` writes what is got into the file: read the diff.

use std::path::Path;

const HEAD: &str = "schema = 1\nname = \"n\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n";
const EXPECT: &str = "[[expect]]\nid = \"e\"\nalways = \"skin_surface_max_c < 43\"\n";

struct Row<'a> {
    title: &'a str,
    text: &'a str,
    want: &'a str,
}

fn rows(file: &str) -> Vec<Row<'_>> {
    file.strip_prefix("== ")
        .expect("a first row")
        .split("\n== ")
        .map(|block| {
            let (title, rest) = block.split_once('\n').expect("a title line");
            let (text, want) = rest.split_once("\n--\n").expect("a line of two dashes");
            Row {
                title,
                text,
                want: want.trim_end(),
            }
        })
        .collect()
}

fn whole(text: &str) -> String {
    if let Some(rest) = text.strip_prefix("+head\n") {
        format!("{HEAD}{rest}")
    } else if let Some(rest) = text.strip_prefix("+min\n") {
        format!("{HEAD}{EXPECT}{rest}")
    } else {
        text.to_owned()
    }
}

fn messages(text: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let file = folder.join("a.toml");
    match kneadsim_scenario::load_text(text, &file, &folder) {
        Ok(_) => "no mistake".to_owned(),
        Err(mistakes) => {
            let prefix = format!("{}/", folder.display());
            mistakes
                .iter()
                .map(|m| m.to_string().replace(&prefix, ""))
                .collect::<Vec<_>>()
                .join("\n")
        }
    }
}

#[test]
fn every_broken_scenario_gets_its_messages_and_no_others() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken.txt");
    let file = std::fs::read_to_string(&path).expect("tests/broken.txt");
    let rows = rows(&file);
    assert!(rows.len() >= 60, "{} rows", rows.len());
    let mut blessed = String::new();
    let mut wrong = Vec::new();
    for row in &rows {
        let got = messages(&whole(row.text));
        blessed.push_str(&format!("== {}\n{}\n--\n{got}\n\n", row.title, row.text));
        if got != row.want || got == "no mistake" {
            wrong.push(format!(
                "{}\n  want: {}\n  got:  {got}",
                row.title, row.want
            ));
        }
    }
    if std::env::var_os("KNEADSIM_BLESS").is_some() {
        std::fs::write(&path, blessed).expect("tests/broken.txt can be written");
        wrong.retain(|w| w.ends_with("no mistake"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
