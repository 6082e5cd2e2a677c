//! JSON Schema of the format, for editors that complete and check TOML.
//!
//! Made from the same tables that the parser reads: [`crate::settings`] and
//! the key tables. It checks shapes, names and ranges; formulas, files and
//! what belongs together are the parser's.

use serde_json::{Map, Value, json};

use kneadsim_plant::Knob;
use kneadsim_sim::fault::CATALOGUE;
use kneadsim_sim::signal::Signal;

use crate::campaign::keys::CAMPAIGN;
use crate::expect;
use crate::keys::{Form, Key, TOP};
use crate::quantity::units_like;
use crate::section::BASED;
use crate::settings::{self, CLOTHING, Kind, Setting};
use crate::tune::keys::TUNE_FILE;

/// A duration: numbers with units.
const DURATION: &str = r"^\s*([0-9][0-9_]*\.?[0-9_]*([eE][+-]?[0-9]+)?\s*(ms|s|min|h)\s*)+$";

/// The schema of scenario files, draft 2020-12.
pub fn schema() -> Value {
    about(
        object(TOP),
        "kneadsim scenario",
        "One situation of a heated massager: what happens, and what must hold.",
    )
}

/// The schema of campaign files, draft 2020-12.
pub fn campaign_schema() -> Value {
    about(
        object(CAMPAIGN),
        "kneadsim campaign",
        "Scenarios of a heated massager under sampled tolerances, users and surroundings.",
    )
}

/// The schema of tuning files, draft 2020-12.
pub fn tune_schema() -> Value {
    about(
        object(TUNE_FILE),
        "kneadsim tuning",
        "Parameters of a heated massager's firmware, and what they are tuned towards.",
    )
}

fn about(mut top: Value, title: &str, description: &str) -> Value {
    let about = [
        (
            "$schema",
            json!("https://json-schema.org/draft/2020-12/schema"),
        ),
        ("title", json!(title)),
        ("description", json!(description)),
    ];
    if let Some(map) = top.as_object_mut() {
        for (key, value) in about {
            map.insert(key.to_owned(), value);
        }
    }
    top
}

fn object(keys: &'static [Key]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|k| (k.name.to_owned(), described(form(k), k.doc)))
        .collect();
    let required: Vec<&str> = keys.iter().filter(|k| k.required).map(|k| k.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn described(mut schema: Value, doc: &str) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert("description".into(), json!(doc));
    }
    schema
}

fn form(key: &Key) -> Value {
    match key.form {
        Form::Text => json!({ "type": "string", "minLength": 1 }),
        Form::Formula => {
            json!({ "type": "string", "minLength": 1, "maxLength": crate::bounds::FORMULA_MAX_BYTES })
        }
        Form::One => json!({ "const": 1 }),
        Form::Number => json!({ "type": ["number", "string"] }),
        Form::Whole => json!({ "type": "integer", "minimum": 1 }),
        Form::Flag => json!({ "type": "boolean" }),
        Form::Duration => duration(),
        Form::DurationOrForever => json!({ "anyOf": [{ "const": "forever" }, duration()] }),
        Form::Texts => {
            json!({ "type": "array", "items": { "type": "string", "minLength": 1 }, "uniqueItems": true })
        }
        Form::Choice(names) => json!({ "enum": names() }),
        Form::Table(keys) => object(keys),
        Form::Tables(keys) => {
            json!({ "type": "array", "minItems": 1, "items": list_item(key.name, keys) })
        }
        Form::Section => based(key.name, section(key.name)),
        Form::Knobs => knobs(),
        Form::FirmwareFields => section("firmware"),
        Form::Matrix | Form::Settings => json!({ "type": "object" }),
        Form::Values => {
            json!({ "type": "array", "minItems": 1, "items": { "type": ["number", "string", "boolean"] } })
        }
        Form::Numbers => {
            json!({ "type": "array", "minItems": 1, "items": { "type": "number", "minimum": 0 } })
        }
        Form::OfKey => json!({ "type": ["number", "string"] }),
        Form::Limits => {
            let names = crate::keys::limit_profiles();
            json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": r"\.toml$" }, object(crate::keys::LIMITS)] })
        }
    }
}

fn duration() -> Value {
    json!({ "type": "string", "pattern": DURATION })
}

/// Faults have a number by kind; expectations have shapes.
fn list_item(name: &str, keys: &'static [Key]) -> Value {
    let mut item = object(keys);
    let Some(map) = item.as_object_mut() else {
        return item;
    };
    if matches!(name, "fault" | "event") {
        // The matrix may bring what is not written here.
        map.remove("required");
    }
    match name {
        "fault" => {
            if let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) {
                for p in CATALOGUE.iter().filter_map(|r| r.parameter) {
                    properties.entry(p.name).or_insert_with(|| json!({ "type": ["number", "string"], "description": format!("The kind's number, {}.", p.unit) }));
                }
            }
            let rules: Vec<Value> = CATALOGUE
                .iter()
                .map(|row| {
                    let targets = row.targets.names();
                    let mut then = json!({ "properties": { "target": { "enum": targets } } });
                    if let Some(p) = row.parameter {
                        then["properties"][p.name] = number(p.unit, p.min, p.max);
                    }
                    json!({ "if": { "properties": { "kind": { "const": row.kind.name() } }, "required": ["kind"] }, "then": then })
                })
                .collect();
            map.insert("allOf".into(), json!(rules));
        }
        "expect" => {
            let all: Vec<&str> = keys.iter().map(|k| k.name).collect();
            let shapes: Vec<Value> = expect::shape_keys()
                .map(|(needs, may)| {
                    let none: Map<String, Value> = all
                        .iter()
                        .filter(|k| !needs.contains(k) && !may.contains(k))
                        .map(|k| ((*k).to_owned(), json!(false)))
                        .collect();
                    json!({ "required": needs, "properties": none })
                })
                .collect();
            map.insert("anyOf".into(), json!(shapes));
        }
        "event" => {
            let shapes = json!([{ "required": ["press"] }, { "required": ["set"] }, { "required": ["configure"] }]);
            map.insert("oneOf".into(), shapes);
        }
        _ => {}
    }
    item
}

/// Settings of a section as nested objects.
fn section(name: &str) -> Value {
    let mut root = empty();
    for row in settings::all().iter().filter(|r| r.section() == name) {
        let names: Vec<&str> = row.key().split('.').collect();
        put(&mut root, &names, described(setting(row), &row.doc));
    }
    root
}

/// A section with the file that it may start from.
fn based(name: &str, mut section: Value) -> Value {
    if let Some((_, called)) = BASED.iter().find(|(based, _)| *based == name) {
        let doc = format!("A {called} to start from, relative to this file.");
        put(
            &mut section,
            &["base"],
            json!({ "type": "string", "description": doc }),
        );
    }
    section
}

fn empty() -> Value {
    json!({ "type": "object", "properties": {}, "additionalProperties": false })
}

fn put(object: &mut Value, names: &[&str], schema: Value) {
    let [name, rest @ ..] = names else { return };
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    if rest.is_empty() {
        properties.insert((*name).to_owned(), schema);
    } else {
        put(properties.entry(*name).or_insert_with(empty), rest, schema);
    }
}

fn setting(row: &Setting) -> Value {
    match &row.kind {
        Kind::Number { unit, min, max } => number(unit, *min, *max),
        Kind::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Choice(names) => json!({ "enum": names }),
        Kind::Duration { .. } => duration(),
        Kind::Signals => {
            let names: Vec<&str> = Signal::ALL.iter().map(|s| s.name()).collect();
            json!({ "type": "array", "items": { "enum": names }, "uniqueItems": true })
        }
    }
}

fn number(unit: &str, min: f64, max: f64) -> Value {
    let mut units = units_like(unit);
    if units.is_empty() {
        units.push(unit);
    }
    let units: Vec<String> = units.iter().map(|u| u.replace('/', r"\/")).collect();
    let pattern = format!(
        r"^\s*[+-]?[0-9_]*\.?[0-9_]+\.?([eE][+-]?[0-9]+)?\s*({})\s*$",
        units.join("|")
    );
    json!({ "anyOf": [{ "type": "number", "minimum": min, "maximum": max }, { "type": "string", "pattern": pattern }] })
}

fn knobs() -> Value {
    let mut root = empty();
    for knob in Knob::ALL {
        let (min, max) = knob.range();
        let names: Vec<&str> = knob.name().split('.').collect();
        put(
            &mut root,
            &names,
            described(number(knob.unit(), min, max), knob.doc()),
        );
    }
    let clothing: Vec<&str> = CLOTHING.iter().map(|c| c.0).collect();
    put(
        &mut root,
        &["clothing"],
        json!({ "enum": clothing, "description": "Clothing by name." }),
    );
    root
}
