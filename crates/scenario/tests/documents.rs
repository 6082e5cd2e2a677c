//! The documentation and the schema say what the parser does.

use std::path::Path;

use kneadsim_scenario::{
    Mistake, TuneOverrides, campaign_reference_markdown, load_campaign, load_text, load_tune,
    reference_markdown, schema, settings, tune_reference_markdown,
};
use serde_json::Value;

const BEGIN: &str = "<!-- key reference: begin (made from the parser's tables) -->\n";
const END: &str = "<!-- key reference: end -->";

fn document() -> (std::path::PathBuf, String) {
    named("scenario-format.md")
}

fn named(name: &str) -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    let text = std::fs::read_to_string(&path).expect(name);
    (path, text)
}

/// `KNEADSIM_BLESS=1` writes the references into the documents.
#[test]
fn the_key_references_in_the_documents_are_current() {
    current(document(), reference_markdown());
    current(named("campaigns.md"), campaign_reference_markdown());
    current(named("tuning.md"), tune_reference_markdown());
}

fn current((path, text): (std::path::PathBuf, String), reference: String) {
    let (before, rest) = text.split_once(BEGIN).expect("the first marker");
    let (between, after) = rest.split_once(END).expect("the last marker");
    let want = format!("\n{}\n", reference.trim_end());
    if std::env::var_os("KNEADSIM_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{want}{END}{after}")).expect("written");
        return;
    }
    assert_eq!(between, want, "run with KNEADSIM_BLESS=1");
}

/// Loads a file below a root: how much there is to run.
type Loads = fn(&Path, &Path) -> Result<usize, Vec<Mistake>>;

/// The example of a document loads and has so much to run, and every file of the
/// suite's folder loads.
fn example_and_suite_load(document: &str, folder: &str, ending: &str, load: Loads, want: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let (_, text) = named(document);
    let (_, example) = text.split_once("```toml\n").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    let folder = root.join(folder);
    let path = folder.join(format!(".example-{}.{ending}", std::process::id()));
    std::fs::write(&path, example).expect("written");
    let loaded = load(&path, &root);
    std::fs::remove_file(&path).expect("it is there");
    assert_eq!(loaded, Ok(want));
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name.ends_with(&format!(".{ending}")) {
            let loaded = load(&entry.path(), &root);
            assert!(loaded.is_ok(), "{:?}: {:?}", entry.path(), loaded.err());
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn every_campaign_loads() {
    let load: Loads =
        |path, root| load_campaign(path, root, None).map(|file| file.campaign.cases());
    example_and_suite_load("campaigns.md", "campaigns", "campaign.toml", load, 2048);
}

#[test]
fn every_tuning_loads() {
    let load: Loads = |path, root| {
        load_tune(path, root, TuneOverrides::default()).map(|file| file.problem.budget)
    };
    example_and_suite_load("tuning.md", "tune", "tune.toml", load, 4000);
}

/// Every whole scenario in the document loads; a part of one is put behind a head.
#[test]
fn every_example_in_the_document_loads() {
    let (_, text) = document();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let head = "schema = 1\nname = \"n\"\ndescription = \"d\"\nrequirements = [\"BURN-01\"]\n";
    let expect = "[[expect]]\nid = \"head\"\nalways = \"skin_surface_max_c < 43\"\n";
    let mut seen = 0;
    for block in text.split("```toml\n").skip(1) {
        let (example, _) = block.split_once("```").expect("an end");
        let whole = if example.contains("schema = 1") {
            example.to_owned()
        } else if example.contains("surface_c = ") && example.contains("[[line]]") {
            continue; // a limits file, loaded below
        } else if example.contains("[[expect]]") {
            format!("{head}{example}")
        } else {
            format!("{head}{expect}{example}")
        };
        if let Err(m) = load_text(&whole, &folder.join("example.toml"), &folder) {
            panic!(
                "{whole}\n{}",
                m.iter().map(|m| format!("{m}\n")).collect::<String>()
            );
        }
        seen += 1;
    }
    assert!(seen >= 10, "{seen} examples");
}

#[test]
fn the_schema_has_every_setting_and_closes_every_object() {
    let schema = schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    for row in settings::all() {
        let mut at = &schema;
        for name in row.path.split('.') {
            at = &at["properties"][name];
        }
        assert!(at["description"].is_string(), "{}", row.path);
    }
    closed(&schema, "");
}

fn closed(value: &Value, path: &str) {
    match value {
        Value::Object(map) => {
            if map.contains_key("properties") && map.get("type").is_some() {
                assert_eq!(
                    map.get("additionalProperties"),
                    Some(&Value::Bool(false)),
                    "{path}"
                );
            }
            map.iter()
                .for_each(|(k, v)| closed(v, &format!("{path}/{k}")));
        }
        Value::Array(items) => items.iter().for_each(|v| closed(v, path)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
