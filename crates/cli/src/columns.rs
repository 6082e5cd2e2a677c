//! Tables of text: aligned columns, the last one wrapped at the line's width.

/// Lays rows out below a header. Every row has as many cells as the header.
pub fn table(header: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let mut widths: Vec<usize> = header.iter().map(|h| h.chars().count()).collect();
    for row in rows {
        for (w, cell) in widths.iter_mut().zip(row) {
            *w = (*w).max(cell.chars().count());
        }
    }
    let last = header.len().saturating_sub(1);
    let indent: usize = widths[..last].iter().map(|w| w + 2).sum();
    let room = width.saturating_sub(indent).max(30);
    let mut text = String::new();
    let mut line = |cells: &[String]| {
        let mut start = String::new();
        for (cell, w) in cells[..last].iter().zip(&widths) {
            start.push_str(cell);
            start.push_str(&" ".repeat(w - cell.chars().count() + 2));
        }
        for (i, part) in wrap(&cells[last], room).iter().enumerate() {
            let lead = if i == 0 {
                start.clone()
            } else {
                " ".repeat(indent)
            };
            text.push_str(format!("{lead}{part}").trim_end());
            text.push('\n');
        }
    };
    line(&header.iter().map(|h| h.to_string()).collect::<Vec<_>>());
    for row in rows {
        line(row);
    }
    text
}

/// Breaks text at spaces into lines of at most `width` characters; a longer word stays whole.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("starts with one line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_string());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_the_last_one_wraps() {
        let rows = vec![
            vec![
                "a".to_string(),
                "one two three four five six seven eight".to_string(),
            ],
            vec!["longer".to_string(), String::new()],
        ];
        assert_eq!(
            table(&["k", "meaning"], &rows, 38),
            "k       meaning\na       one two three four five six\n        seven eight\nlonger\n"
        );
    }
}
