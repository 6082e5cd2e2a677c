//! What a user of the program waits for: the first verdict, and the whole pack.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Asked;
use crate::clock::{Clock, in_turn, short};
use crate::table::{Table, Wanted};

/// The first verdict is to be there by then, ms.
const FIRST_VERDICT_MS: f64 = 50.0;
/// The pack is to be done on two cores by then, s.
const PACK_S: f64 = 30.0;

/// From the start of the process to the line with the verdict, for a scenario of a
/// second, on either grid.
pub fn measure_start(asked: &Asked) -> Table {
    let mut table =
        Table::new("From the start of the process to the first verdict: ms of wall time");
    for grid in ["field", "column"] {
        let folder = empty_folder(&format!("start-{grid}"));
        let scenario = folder.join("second.toml");
        let text = format!(
            "schema = 1\nname = \"A second\"\ndescription = \"As short as it gets.\"\n\
             requirements = [\"BURN-01\"]\n[run]\nduration = \"1s\"\nseed = 1\ngrid = \"{grid}\"\n\
             [[expect]]\nid = \"nothing heats\"\nalways = \"heater_power_w == 0\"\n"
        );
        std::fs::write(&scenario, text).expect("a scenario can be written");
        let mut work: [Box<dyn FnMut()>; 1] = [Box::new(|| first_verdict(&folder, &scenario))];
        let times = in_turn(Clock::Wall, 4 * asked.rounds, &mut work);
        table.row(
            format!("start, one scenario of 1 s, {grid} grid"),
            format!("{} ms", times[0].spread()),
            Wanted::This(
                format!("{FIRST_VERDICT_MS} ms"),
                times[0].median() <= FIRST_VERDICT_MS,
            ),
        );
    }
    table
}

/// The whole pack on one core, two, and all of them.
pub fn measure_pack(asked: &Asked) -> Table {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut jobs = vec![1, 2.min(cores), cores];
    jobs.dedup();
    let mut work: Vec<Box<dyn FnMut()>> = Vec::new();
    for count in &jobs {
        work.push(Box::new(move || whole_pack(*count)));
    }
    // It is long, and steadier than the short figures.
    let rounds = asked.rounds.div_ceil(3);
    let times = in_turn(Clock::Wall, rounds, &mut work);
    let mut table = Table::new("The whole pack with its reports: ms of wall time");
    for (count, ran) in jobs.iter().zip(&times) {
        let wanted = if *count == 2 {
            Wanted::This(format!("{PACK_S} s"), ran.median() <= PACK_S * 1.0e3)
        } else {
            Wanted::Nothing
        };
        let gained = short(times[0].over(ran));
        table.row(
            format!("pack, {count} at once"),
            format!("{} ms, {gained} times one", ran.spread()),
            wanted,
        );
    }
    table
}

fn whole_pack(jobs: usize) {
    let out = empty_folder(&format!("pack-{jobs}"));
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let done = program()
        .arg("run")
        .arg(scenarios)
        .args(["--jobs", &jobs.to_string(), "--out"])
        .arg(out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(
        done.expect("the program starts").success(),
        "the pack does not hold"
    );
}

/// Returns when the verdict is there; the rest of the program's work is not waited for
/// by the clock, but by the next start.
fn first_verdict(folder: &Path, scenario: &Path) {
    let mut running = program()
        .arg("run")
        .arg(scenario)
        .arg("--out")
        .arg(folder.join("out"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let output = running.stdout.take().expect("its output is piped");
    let seen = BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .any(|line| line.starts_with("PASS"));
    assert!(seen, "the scenario of a second does not pass");
    running.wait().expect("it ends");
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_kneadsim"))
}

/// A folder of this name with nothing in it.
pub fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("speed")
        .join(name);
    // That it was not there is as good.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}
