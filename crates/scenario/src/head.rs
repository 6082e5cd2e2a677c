//! The top of a scenario: version, name, description, requirements, tags.

use crate::document::{Table, Value};
use crate::mistake::Reporter;
use crate::quantity::shorten;
use crate::read;

/// What a file says about itself.
pub(crate) struct Head {
    pub title: Option<String>,
    pub description: Option<String>,
    pub case: Option<String>,
    pub requirements: Vec<String>,
    pub tags: Vec<String>,
}

/// Reads the top.
pub(crate) fn read(root: &Table, reporter: &mut Reporter) -> Head {
    if let Some(node) = root.node("schema")
        && !matches!(node.value, Value::Whole(1))
    {
        reporter.mistake(node.place, "`schema` must be 1, the only version there is");
    }
    for key in ["name", "case"] {
        if let Some((text, node)) = read::text(root, key, reporter)
            && text.chars().any(char::is_control)
        {
            reporter.mistake(node.place, format!("`{key}` must be one line"));
        }
    }
    let title = read::text(root, "name", reporter).map(|(t, _)| t.to_owned());
    let description = read::text(root, "description", reporter).map(|(t, _)| t.to_owned());
    let requirements = read::texts(root, "requirements", reporter);
    for (text, node) in &requirements {
        if !is_requirement(text) {
            let message = format!(
                "requirement \"{}\" must look like \"BURN-03\": capitals, a dash, two or three digits",
                shorten(text)
            );
            reporter.mistake(node.place, message);
        }
    }
    let tags = read::texts(root, "tags", reporter);
    for (text, node) in &tags {
        if !text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        {
            reporter.mistake(
                node.place,
                format!(
                    "tag \"{}\" may have letters, digits, `_`, `-`, `.` only",
                    shorten(text)
                ),
            );
        }
    }
    Head {
        title,
        description,
        case: read::text(root, "case", reporter).map(|(t, _)| t.to_owned()),
        requirements: requirements.iter().map(|(t, _)| (*t).to_owned()).collect(),
        tags: tags.iter().map(|(t, _)| (*t).to_owned()).collect(),
    }
}

/// `AREA-NN`.
fn is_requirement(text: &str) -> bool {
    let Some((area, number)) = text.split_once('-') else {
        return false;
    };
    (2..=12).contains(&area.len())
        && area.bytes().all(|b| b.is_ascii_uppercase())
        && (2..=3).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
}
