//! Edits to text: the source with every mutant behind its number.

use std::ops::Range;

use crate::sites::Edit;

/// Ends the line of a mutant's text, so that a compiler's complaint finds it.
pub const MARK: &str = "//M";

/// What the switched crate asks for the chosen mutant.
pub const ACTIVE: &str = r#"
extern crate std;

/// Which mutant is chosen: by the environment, once.
#[allow(missing_docs)]
pub mod mutants {
    use std::sync::atomic::{AtomicU32, Ordering};

    static ACTIVE: AtomicU32 = AtomicU32::new(u32::MAX);

    #[inline(always)]
    pub fn active() -> u32 {
        let active = ACTIVE.load(Ordering::Relaxed);
        if active == u32::MAX { ask() } else { active }
    }

    pub fn choose(mutant: u32) {
        ACTIVE.store(mutant, Ordering::Relaxed);
    }

    #[cold]
    fn ask() -> u32 {
        let chosen = std::env::var("KNEADSIM_MUTANT").ok();
        let chosen = chosen.and_then(|text| text.parse().ok()).unwrap_or(u32::MAX - 1);
        ACTIVE.store(chosen, Ordering::Relaxed);
        chosen
    }
}
"#;

/// The text with all edits.
pub fn rewrite(text: &str, edits: Vec<Edit>) -> String {
    let mut edits = merged(edits);
    // Outer before inner; what is inserted before what starts there.
    edits.sort_by_key(|edit| {
        let range = span(edit);
        (range.start, !range.is_empty(), usize::MAX - range.end)
    });
    render(text, 0..text.len(), &edits)
}

fn span(edit: &Edit) -> Range<usize> {
    match edit {
        Edit::Choose(range, _) | Edit::Replace(range, _) => range.clone(),
        Edit::Insert(at, _, _) => *at..*at,
    }
}

/// Two edits that choose for one range become one.
fn merged(edits: Vec<Edit>) -> Vec<Edit> {
    let mut out: Vec<Edit> = Vec::new();
    for edit in edits {
        if let Edit::Choose(range, texts) = &edit {
            let same = out.iter_mut().find_map(|other| match other {
                Edit::Choose(r, t) if r == range => Some(t),
                Edit::Choose(..) | Edit::Insert(..) | Edit::Replace(..) => None,
            });
            if let Some(same) = same {
                same.extend(texts.iter().cloned());
                continue;
            }
        }
        out.push(edit);
    }
    out
}

fn render(text: &str, range: Range<usize>, edits: &[Edit]) -> String {
    let mut out = String::new();
    let mut at = range.start;
    let mut next = 0;
    while let Some(edit) = edits.get(next) {
        let place = span(edit);
        let inner = edits[next + 1..]
            .iter()
            .take_while(|e| span(e).start < place.end)
            .count();
        out.push_str(&text[at..place.start]);
        match edit {
            Edit::Choose(_, texts) => {
                out.push_str("(match crate::mutants::active() {\n");
                for (number, alternative) in texts {
                    out.push_str(&format!("{number} => {{ {alternative} }} {MARK}{number}\n"));
                }
                let own = render(text, place.clone(), &edits[next + 1..next + 1 + inner]);
                out.push_str(&format!("_ => ({own}),\n}})"));
                next += inner;
            }
            Edit::Insert(_, number, inserted) => {
                out.push_str(&format!("\n{inserted} {MARK}{number}\n"));
            }
            Edit::Replace(_, replaced) => {
                out.push_str(replaced);
                next += inner;
            }
        }
        at = place.end;
        next += 1;
    }
    out.push_str(&text[at..range.end]);
    out
}
