//! What a user of the program waits for: the first verdict, the whole pack, a campaign.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Asked;
use crate::clock::{Clock, Times, in_turn, short};
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

/// Two cores are to be so many times as fast as one with many short runs.
const TWO_CORES: f64 = 1.9;

/// The whole pack on one core, two, and all of them.
pub fn measure_pack(asked: &Asked) -> Table {
    // It is long, and steadier than the short figures.
    let rounds = asked.rounds.div_ceil(3);
    let title = "The whole pack with its reports: ms of wall time";
    let wanted = |ran: &Times, _: f64| {
        let reached = ran.median() <= PACK_S * 1.0e3;
        Wanted::This(format!("{PACK_S} s"), reached)
    };
    let run = |jobs| user("pack", &["run", "scenarios"], jobs);
    at_once(title, "pack", rounds, &run, &wanted)
}

/// A campaign of the column grid with its reports, on one core, two, and all of them.
pub fn measure_campaign(asked: &Asked) -> Table {
    let campaign = "scenarios/campaigns/production.campaign.toml";
    let title = "A campaign of 384 sessions on the column grid, with its reports: ms of wall time";
    let wanted = |_: &Times, gained: f64| {
        Wanted::This(format!("{TWO_CORES} times one"), gained >= TWO_CORES)
    };
    let arguments = ["campaign", "run", campaign, "--samples", "128"];
    let run = |jobs| user("campaign", &arguments, jobs);
    at_once(title, "campaign", asked.rounds, &run, &wanted)
}

/// One thing with one job, two, and as many as there are cores.
fn at_once(
    title: &str,
    what: &str,
    rounds: usize,
    run: &dyn Fn(usize),
    wanted: &dyn Fn(&Times, f64) -> Wanted,
) -> Table {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut jobs = vec![1, 2.min(cores), cores];
    jobs.dedup();
    let mut work: Vec<Box<dyn FnMut() + '_>> = Vec::new();
    for count in &jobs {
        work.push(Box::new(move || run(*count)));
    }
    let times = in_turn(Clock::Wall, rounds, &mut work);
    let mut table = Table::new(title);
    for (count, ran) in jobs.iter().zip(&times) {
        let gained = times[0].over(ran);
        let wanted = match count {
            2 => wanted(ran, gained),
            _ => Wanted::Nothing,
        };
        table.row(
            format!("{what}, {count} at once"),
            format!("{} ms, {} times one", ran.spread(), short(gained)),
            wanted,
        );
    }
    table
}

/// The program as a user calls it, from the project's root.
fn user(name: &str, arguments: &[&str], jobs: usize) {
    let out = empty_folder(&format!("{name}-{jobs}"));
    let done = program()
        .args(arguments)
        .args(["--jobs", &jobs.to_string(), "--out"])
        .arg(out)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(
        done.expect("the program starts").success(),
        "{arguments:?} does not hold"
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
