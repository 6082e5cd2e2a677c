//! Figures as a table: for a terminal, or as Markdown for `docs/performance.md`.

use std::fs;

/// A group of figures.
pub struct Table {
    title: String,
    rows: Vec<[String; 4]>,
}

/// What is wanted of a figure.
pub enum Wanted {
    /// Nothing.
    Nothing,
    /// At least this, in words, and whether it is so.
    This(String, bool),
}

impl Table {
    /// A table without rows.
    pub fn new(title: impl Into<String>) -> Table {
        Table {
            title: title.into(),
            rows: Vec::new(),
        }
    }

    /// Adds a figure.
    pub fn row(&mut self, figure: impl Into<String>, measured: impl Into<String>, wanted: Wanted) {
        let (wanted, reached) = match wanted {
            Wanted::Nothing => (String::new(), String::new()),
            Wanted::This(text, true) => (text, "yes".to_owned()),
            Wanted::This(text, false) => (text, "NO".to_owned()),
        };
        self.rows
            .push([figure.into(), measured.into(), wanted, reached]);
    }

    /// Prints it.
    pub fn print(&self, markdown: bool) {
        const HEAD: [&str; 4] = ["figure", "measured", "wanted", "reached"];
        if markdown {
            println!("\n### {}\n", self.title);
            println!("| {} |\n|---|---|---|---|", HEAD.join(" | "));
            for row in &self.rows {
                println!("| {} |", row.join(" | "));
            }
            return;
        }
        println!("\n{}", self.title);
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        for row in &self.rows {
            let line = format!(
                "  {:<a$}  {:<b$}  {:<c$}  {}",
                row[0],
                row[1],
                row[2],
                row[3],
                a = width(0),
                b = width(1),
                c = width(2)
            );
            println!("{}", line.trim_end());
        }
    }
}

/// The processor and how busy it is, as far as the system says.
pub fn machine() -> String {
    let about = |path: &str, key: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key));
        line.and_then(|line| line.split_once(':')).map_or_else(
            || "unknown".to_owned(),
            |(_, value)| value.trim().to_owned(),
        )
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let widest = kneadsim_plant::Vectors::widest().name();
    format!(
        "{} (family {}, model {}), {cores} cores, widest vectors {widest}, load {}",
        about("/proc/cpuinfo", "model name"),
        about("/proc/cpuinfo", "cpu family"),
        about("/proc/cpuinfo", "model\t"),
        load.split(' ').next().unwrap_or("unknown"),
    )
}
