//! What speed and memory cost: `cargo bench --bench speed -- [--rounds N] [--markdown] [GROUP ...]`.
//!
//! A group of figures runs when its name holds one of the given words; without
//! words all run. Alternatives are timed in turn, round by round, and compared
//! within a round, so that a busy machine bends ratios little. Times are
//! process time where one thread works, wall time where the user waits. Says
//! what was wanted beside what was measured; fails nothing: a slow machine is
//! not a mistake. `docs/performance.md` has these tables with the machine.

mod clock;
mod hpsm;
mod lanes;
mod memory;
mod program;
mod session;
mod table;

use std::process::ExitCode;

use table::Table;

/// What was asked for on the command line.
pub struct Asked {
    words: Vec<String>,
    /// How often each alternative is timed.
    pub rounds: usize,
}

impl Asked {
    /// Whether a group of figures is to be measured.
    fn wants(&self, group: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| group.contains(word.as_str()))
    }
}

/// Measures a group of figures.
type Measure = fn(&Asked) -> Table;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|a| a == memory::AS_CHILD) {
        return memory::child();
    }
    // Cargo says this to every benchmark.
    arguments.retain(|argument| argument != "--bench");
    let mut asked = Asked {
        words: Vec::new(),
        rounds: 5,
    };
    let mut markdown = false;
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--markdown" => markdown = true,
            "--rounds" => match rest.next().and_then(|n| n.parse().ok()) {
                Some(rounds) if rounds > 0 => asked.rounds = rounds,
                Some(_) | None => {
                    eprintln!("--rounds wants a number above 0");
                    return ExitCode::from(2);
                }
            },
            _ => asked.words.push(argument),
        }
    }
    let groups: [(&str, Measure); 8] = [
        ("hpsm", hpsm::measure),
        ("field", session::measure_field),
        ("session", session::measure_session),
        ("lanes", lanes::measure),
        ("pack", program::measure_pack),
        ("campaign", program::measure_campaign),
        ("start", program::measure_start),
        ("memory", memory::measure),
    ];
    println!("{}", table::machine());
    let mut ran = 0;
    for (group, measure) in groups {
        if asked.wants(group) {
            measure(&asked).print(markdown);
            ran += 1;
        }
    }
    if ran == 0 {
        eprintln!(
            "nothing is called that: {}",
            groups.map(|(group, _)| group).join(", ")
        );
        return ExitCode::from(3);
    }
    ExitCode::SUCCESS
}
