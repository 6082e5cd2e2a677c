//! "Did you mean": the known name nearest to what was typed.

/// ", did you mean `x`?" or nothing.
pub(crate) fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(typed, known) {
        Some(name) => format!(", did you mean `{name}`?"),
        None => String::new(),
    }
}

/// The nearest known name: few edits away, or holding all words of what was typed.
pub(crate) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Longer names are nobody's typing error, and the distance is quadratic.
    if typed.is_empty() || typed.len() > 80 {
        return None;
    }
    let typed_lower = typed.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let score = closeness(&typed_lower, name);
        if score >= 0.55 && best.is_none_or(|(b, _)| score > b) {
            best = Some((score, name));
        }
    }
    best.map(|(_, name)| name)
}

fn closeness(typed: &str, name: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(typed, name);
    let words: Vec<&str> = name.split(['_', '.']).collect();
    let asked: Vec<&str> = typed.split(['_', '.']).filter(|w| !w.is_empty()).collect();
    let all_held = !asked.is_empty() && asked.iter().all(|w| words.contains(w));
    if all_held {
        // The fewer words are left over the better; at most just below a near miss by edits.
        let left_over = words.len().saturating_sub(asked.len()) as f64;
        edits.max(0.9 - 0.05 * left_over)
    } else {
        edits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_few_edits_or_by_their_words() {
        let known = [
            "expect",
            "event",
            "skin_surface_max_c",
            "skin_surface_mean_c",
            "film_max_c",
            "ambient_c",
        ];
        for (typed, want) in [
            ("expects", Some("expect")),
            ("evnt", Some("event")),
            ("skin_max", Some("skin_surface_max_c")),
            ("ambiant_c", Some("ambient_c")),
            ("AMBIENT_C", Some("ambient_c")),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known), want, "{typed}");
        }
    }
}
