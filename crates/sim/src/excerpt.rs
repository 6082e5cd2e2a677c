//! What an author wrote, short enough for a message.

/// At most 40 characters of what the author wrote, on one line.
pub fn shorten(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(40)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}
