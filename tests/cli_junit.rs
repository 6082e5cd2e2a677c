//! JUnit XML against a strict schema: which elements, which attributes, where, and counts that add up.
//!
//! The same rules stand in tests/junit/strict.xsd; they are held here without
//! any other tool, and by the schema as well where xmllint is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Element, the elements it may stand in, required and allowed attributes.
const RULES: &[(&str, &str, &[&str], &[&str])] = &[
    (
        "testsuites",
        "",
        &["name", "tests", "failures", "errors"],
        &["time"],
    ),
    (
        "testsuite",
        "testsuites",
        &["name", "tests", "failures", "errors"],
        &["skipped", "time"],
    ),
    ("properties", "testsuite", &[], &[]),
    ("property", "properties", &["name", "value"], &[]),
    ("testcase", "testsuite", &["name"], &["classname", "time"]),
    ("failure", "testcase", &["message", "type"], &[]),
    ("error", "testcase", &["message", "type"], &[]),
];

struct Element {
    name: String,
    parent: String,
    attributes: Vec<(String, String)>,
}

/// Reads the tags of a document; panics where it is not well formed.
fn elements(xml: &str) -> Vec<Element> {
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let body = xml
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .expect("a declaration");
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(
            !text.contains('>') && !text.replace("&amp;", "").contains("&&"),
            "{text}"
        );
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "tags nest");
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |t| (t, true));
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while let Some((key, tail)) = rest.trim_start().split_once("=\"") {
            let (value, tail) = tail.split_once('"').expect("an attribute ends");
            attributes.push((key.to_string(), value.to_string()));
            rest = tail;
        }
        assert!(rest.trim().is_empty(), "attributes of <{tag}>");
        found.push(Element {
            name: name.to_string(),
            parent: open.last().cloned().unwrap_or_default(),
            attributes,
        });
        if !closed {
            open.push(name.to_string());
        }
    }
    assert!(open.is_empty(), "not closed: {open:?}");
    found
}

fn attribute<'a>(element: &'a Element, name: &str) -> &'a str {
    element
        .attributes
        .iter()
        .find(|(k, _)| k == name)
        .map_or("", |(_, v)| v)
}

fn held_to_the_rules(xml: &str) {
    let elements = elements(xml);
    for element in &elements {
        let rule = RULES
            .iter()
            .find(|(name, parent, _, _)| *name == element.name && *parent == element.parent);
        let (_, _, required, allowed) =
            rule.unwrap_or_else(|| panic!("<{}> in <{}>", element.name, element.parent));
        for name in *required {
            assert!(
                element.attributes.iter().any(|(k, _)| k == name),
                "<{}> lacks {name}",
                element.name
            );
        }
        for (key, value) in &element.attributes {
            assert!(
                required.contains(&key.as_str()) || allowed.contains(&key.as_str()),
                "<{} {key}>",
                element.name
            );
            assert!(!value.chars().any(char::is_control), "{key}");
            if matches!(key.as_str(), "tests" | "failures" | "errors" | "skipped") {
                value.parse::<u32>().expect("a count");
            }
            if key == "time" {
                assert!(value.parse::<f64>().expect("seconds") >= 0.0);
            }
        }
    }
    for (attribute_name, element_name) in [
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
    ] {
        let count = elements.iter().filter(|e| e.name == element_name).count();
        assert_eq!(
            attribute(&elements[0], attribute_name),
            count.to_string(),
            "{attribute_name}"
        );
    }
}

fn schema_accepts(file: &Path) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/junit/strict.xsd");
    assert!(schema.is_file());
    let run = Command::new("xmllint")
        .args(["--noout", "--schema"])
        .arg(schema)
        .arg(file)
        .output();
    if let Ok(output) = run {
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

fn case(name: &str, expect: &str) -> String {
    format!(
        "schema = 1\nname = {name:?}\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n[run]\nduration = \"20s\"\n\
         grid = \"column\"\n[[event]]\nat = \"1s\"\npress = \"power\"\n[[expect]]\nid = \"a <b> & \\\"c\\\"\"\n{expect}\n"
    )
}

#[test]
fn every_kind_of_outcome_gives_a_valid_document() {
    let folder: PathBuf =
        std::env::temp_dir().join(format!("kneadsim-junit-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("scenarios")).expect("a folder");
    for (file, text) in [
        (
            "held.toml",
            case(
                "held",
                "always = \"skin_surface_max_c < 43\"\nlimits = \"consumer\"",
            ),
        ),
        (
            "failed.toml",
            case("failed & <so>", "always = \"film_upper_c < 30\""),
        ),
        (
            "undecided.toml",
            case(
                "undecided",
                "after = \"mode == latched\"\nalways = \"heater_power_w == 0\"",
            ),
        ),
        ("broken.toml", "schema = \"<&>\"\n".to_string()),
    ] {
        fs::write(folder.join("scenarios").join(file), text).expect("a file");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_kneadsim"))
        .args(["run", "--json"])
        .current_dir(&folder)
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .output()
        .expect("it runs");
    assert_eq!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let file = folder.join("out/junit.xml");
    let xml = fs::read_to_string(&file).expect("junit.xml");
    held_to_the_rules(&xml);
    schema_accepts(&file);
    let elements = elements(&xml);
    let suite = |name: &str| {
        elements
            .iter()
            .any(|e| e.name == "testsuite" && attribute(e, "name") == name)
    };
    assert!(
        suite("held") && suite("failed") && suite("undecided"),
        "{xml}"
    );
    for property in ["seed", "digest", "worst_margin", "requirements"] {
        let count = elements
            .iter()
            .filter(|e| e.name == "property" && attribute(e, "name") == property)
            .count();
        assert!(count >= 2, "{property}: {count}");
    }
    let _ = fs::remove_dir_all(folder);
}

#[test]
#[should_panic(expected = "<properties> in <testcase>")]
fn the_rules_refuse_properties_on_a_test() {
    held_to_the_rules(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><testsuites name=\"a\" tests=\"1\" failures=\"0\" errors=\"0\">\
         <testsuite name=\"b\" tests=\"1\" failures=\"0\" errors=\"0\"><testcase name=\"c\"><properties>\
         </properties></testcase></testsuite></testsuites>",
    );
}
