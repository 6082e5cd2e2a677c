//! The words of the format, for libFuzzer: from the same tables that the parser reads.

use std::collections::BTreeSet;

use kneadsim_firmware::Config;
use kneadsim_plant::Knob;
use kneadsim_scenario::{schema, settings};
use kneadsim_sim::fault::CATALOGUE;
use kneadsim_sim::signal::Signal;

/// Words that no table has.
const MORE: [&str; 35] = [
    "[[event]]",
    "[[fault]]",
    "[[expect]]",
    "[[line]]",
    "[matrix]",
    "[run]",
    "[product]",
    "[timeline]",
    "[firmware]",
    "[user]",
    "\"\"\"",
    "'''",
    " = ",
    "{ ",
    " }",
    "time_s,signal,value",
    "=== product.toml\\x0a",
    "=== rows.csv\\x0a",
    " and ",
    " or ",
    "not ",
    "integral(",
    "abs(",
    "fault.ntc_open.upper",
    " <= ",
    " != ",
    "1e308",
    "nan",
    "inf",
    "9223372036854775807",
    "\"24h\"",
    "degF",
    "\\xef\\xbb\\xbf",
    "\\xe2\\x80\\xae",
    "\\xc2\\x9b",
];

/// The dictionary file.
pub fn dictionary() -> String {
    let mut words: BTreeSet<String> = MORE.iter().map(|w| (*w).to_owned()).collect();
    for row in settings::all() {
        words.insert(row.path.clone());
        words.extend(row.path.split('.').map(str::to_owned));
    }
    words.extend(Signal::ALL.iter().map(|s| s.name().to_owned()));
    words.extend(
        Signal::ALL
            .iter()
            .map(|s| format!("{}[{}]", s.name(), s.unit())),
    );
    words.extend(CATALOGUE.iter().map(|r| r.kind.name().to_owned()));
    words.extend(
        CATALOGUE
            .iter()
            .filter_map(|r| r.parameter)
            .map(|p| p.name.to_owned()),
    );
    words.extend(Knob::ALL.iter().map(|k| k.name().to_owned()));
    words.extend(Config::FIELDS.iter().map(|f| f.name.to_owned()));
    collect(&schema(), &mut words);
    let mut out = String::new();
    for word in words {
        let escaped = word.replace('"', "\\\"");
        out.push_str(&format!("\"{escaped}\"\n"));
    }
    out
}

/// Property names and choices of the JSON Schema.
fn collect(value: &serde_json::Value, words: &mut BTreeSet<String>) {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                if let (true, Some(properties)) = (key == "properties", inner.as_object()) {
                    words.extend(properties.keys().cloned());
                }
                if let (true, Some(choices)) = (key == "enum", inner.as_array()) {
                    words.extend(choices.iter().filter_map(|c| c.as_str()).map(str::to_owned));
                }
                collect(inner, words);
            }
        }
        Value::Array(items) => items.iter().for_each(|i| collect(i, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
