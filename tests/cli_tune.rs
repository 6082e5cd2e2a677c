//! `kneadsim tune`, as its users see it.

#[path = "tune/mod.rs"]
mod tune;

use std::fs;

use serde_json::{Value, json};
use tune::{Folder, SCENARIO, TUNE};

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// More film only, and room for it: what is hotter than now sells margin of the skin.
fn hotter() -> String {
    let energy = TUNE.find("[[objective]]\nname = \"energy\"").expect("it");
    let vary = TUNE.find("[[vary]]").expect("it");
    let text = format!("{}{}", &TUNE[..energy], &TUNE[vary..]);
    let text = text.replace("seed = 5", "seed = 5\nalgorithm = \"nsga2\"");
    // A set-point that reaches its goal within the run: only then a higher goal is hotter.
    let colder = text.replace(
        "[set]",
        "[set]\nfirmware.setpoint_approach_k = 1.5\nfirmware.setpoint_slew_k_per_s = 0.1\nfirmware.holding_band_k = 1\nfirmware.setpoint_step1_drop_k = 1",
    );
    colder.replace("max = 45", "max = 45.9")
}

/// Rows of a table, by the names of its columns.
fn rows(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

#[test]
fn a_tuning_finds_better_parameters_and_run_takes_them() {
    let folder = Folder::new("finds");
    let (code, out, err) = folder.tune(&[]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("loses no margin that must be kept"), "{out}");
    let summary = json_of(&folder.read("out/tune/small/summary.json"));
    let taken = summary["recommended"].as_u64().expect("a number");
    let tried = summary["tried"].as_array().expect("a list");
    let find = |number: u64| tried.iter().find(|t| t["candidate"] == number).expect("it");
    let then = find(taken);
    // What is said to be better is better, in the trial and where it is claimed.
    for (samples, now, then) in [
        ("held_out", find(0), then),
        ("claim", &summary["claim"][0], &summary["claim"][1]),
    ] {
        assert_eq!(
            (&now["candidate"], &then["candidate"]),
            (&json!(0), &json!(taken))
        );
        assert_eq!(then["keeps_margins"], true);
        let better = [("film", -1.0), ("energy", 1.0)]
            .iter()
            .filter(|(name, sign)| {
                let of = |side: &Value| side[samples][name].as_f64().expect("a number") * sign;
                of(then) < of(now)
            })
            .count();
        assert_eq!(then["better_in"], better, "{samples}");
        assert!(better > 0);
    }
    let target = then["parameters"]["firmware.heat_target_c"].clone();
    let kp = then["parameters"]["firmware.kp_per_k"].clone();
    // Parameters are told as they ran, with every digit; a temperature changes in kelvins.
    let line = |name: &str| out.lines().find(|l| l.starts_with(name)).expect("a line");
    assert!(line("kp_per_k").contains(&format!(" {kp} ")), "{out}");
    for name in ["film", "heat_target_c"] {
        let line = line(name);
        assert!(!line.contains('%'), "{line}");
        assert!(line.contains(" K ") || line.contains("the same"), "{line}");
    }
    // Of the files, run makes the same as of values that are written by hand.
    folder.write(
        "by_hand.toml",
        &format!("{SCENARIO}\n[firmware]\nheat_target_c = {target}\nkp_per_k = {kp}\n"),
    );
    fs::create_dir_all(folder.0.join("scenarios/firmware")).expect("a folder");
    folder.write(
        "firmware/tuned.toml",
        &folder.read("out/tune/small/tuned.toml"),
    );
    folder.write(
        "by_file.toml",
        &format!("{SCENARIO}\n[firmware]\nbase = \"firmware/tuned.toml\"\n"),
    );
    let digests = |arguments: &[&str]| -> Vec<String> {
        let (_, out, err) = folder.run(&[&["run", "--json"], arguments].concat());
        let results = json_of(&out)["cases"].as_array().expect(&err).clone();
        let digests = results.iter().map(|r| r["digest"].to_string());
        digests.collect()
    };
    let by_hand = digests(&["scenarios/by_hand.toml"]);
    assert_eq!(by_hand.len(), 2);
    assert_eq!(by_hand, digests(&["scenarios/by_file.toml"]));
    let option = [
        "--firmware",
        "out/tune/small/tuned.toml",
        "scenarios/warm.toml",
    ];
    assert_eq!(by_hand, digests(&option));
    assert_ne!(by_hand, digests(&["scenarios/warm.toml"]));
}

#[test]
fn threads_and_torn_ends_change_no_byte() {
    let folder = Folder::new("torn");
    let files = [
        "sessions.csv",
        "candidates.csv",
        "summary.json",
        "tuned.toml",
        "report.html",
    ];
    let all = |out: &str| files.map(|f| folder.read(&format!("{out}/{f}")));
    assert_eq!(folder.tune(&["--jobs", "1", "--out", "one"]).0, 0);
    let whole = all("one");
    assert_eq!(folder.tune(&["--jobs", "3", "--out", "many"]).0, 0);
    // The report names its own folder.
    let named = |texts: [String; 5]| texts.map(|t| t.replace("many/", "one/"));
    assert_eq!(whole, named(all("many")));
    // Killed in the middle of a row: the same command goes on.
    let sessions = folder.0.join("one/sessions.csv");
    for part in [0.15, 0.5, 0.93, 0.985] {
        let keep = (whole[0].len() as f64 * part) as usize;
        fs::write(&sessions, &whole[0][..keep]).expect("a file");
        let (code, out, err) = folder.tune(&["--out", "one"]);
        assert_eq!(code, 0, "{err}");
        assert!(out.contains("were there"), "{out}");
        assert_eq!(whole, all("one"), "cut at {part}");
    }
}

#[cfg(unix)]
#[test]
fn a_kill_loses_nothing() {
    let folder = Folder::new("kill");
    assert_eq!(folder.tune(&["--out", "whole"]).0, 0);
    let mut child = folder
        .command(&["tune", "scenarios/small.tune.toml", "--out", "killed"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it runs");
    // As soon as there is something to lose.
    let path = folder.0.join("killed/sessions.csv");
    while fs::metadata(&path).map_or(0, |m| m.len()) < 2000 {
        assert!(
            child.try_wait().expect("a state").is_none(),
            "it ended first"
        );
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_eq!(folder.tune(&["--out", "killed"]).0, 0);
    for file in ["sessions.csv", "candidates.csv", "tuned.toml"] {
        let of = |out: &str| folder.read(&format!("{out}/{file}"));
        assert_eq!(of("whole"), of("killed"), "{file}");
    }
}

#[test]
fn sessions_of_another_tuning_are_refused() {
    let folder = Folder::new("other");
    assert_eq!(folder.tune(&[]).0, 0);
    folder.write("warm.toml", &SCENARIO.replace("< 42", "< 41.5"));
    let (code, _, err) = folder.tune(&[]);
    assert_eq!(code, 2);
    assert!(err.contains("another tuning"), "{err}");
    assert_eq!(folder.tune(&["--fresh"]).0, 0);
    // A row that this search does not ask for.
    let path = folder.0.join("out/tune/small/sessions.csv");
    let text = folder.read("out/tune/small/sessions.csv");
    let line = text.lines().nth(40).expect("a row");
    let changed = line.replacen("search", "held_out", 1);
    fs::write(&path, text.replace(line, &changed)).expect("a file");
    let (code, _, err) = folder.tune(&[]);
    assert_eq!(code, 2);
    assert!(err.contains("line 41 is not the session"), "{err}");
}

#[test]
fn what_is_claimed_is_of_samples_that_chose_nothing() {
    let folder = Folder::new("claim");
    assert_eq!(folder.tune(&[]).0, 0);
    let sessions = rows(&folder.read("out/tune/small/sessions.csv"));
    let of = |phase: &str| -> Vec<_> { sessions.iter().filter(|r| r["phase"] == phase).collect() };
    // Three cases with five samples each, for the present parameters and for the chosen one.
    let claim = of("claim");
    assert_eq!(claim.len(), 2 * 3 * 5);
    let summary = json_of(&folder.read("out/tune/small/summary.json"));
    assert_eq!(claim[0]["candidate"], "0");
    assert_eq!(claim[15]["candidate"], summary["chosen"].to_string());
    // No session of it was one of the search or of the trial.
    let chosen_by: Vec<_> = [of("search"), of("held_out")].concat();
    assert!(!chosen_by.is_empty());
    for session in claim {
        assert!(chosen_by.iter().all(|s| s["digest"] != session["digest"]));
    }
}

/// A search and a choice that saw one cool room each know nothing of warm ones.
#[test]
fn what_the_claim_does_not_bear_out_is_not_recommended() {
    let folder = Folder::new("not-borne-out");
    for (name, text) in [("warm.toml", SCENARIO), ("cold.toml", tune::HELD_OUT)] {
        let line = "ambient_c < 25 or film_upper_c < 46";
        folder.write(name, &text.replace("skin_surface_max_c < 42", line));
    }
    folder.write(
        "small.tune.toml",
        &hotter()
            .replace("claim_samples = 5", "claim_samples = 24")
            .replace("samples = 3", "samples = 1")
            .replace("\nsamples = 4", "\nsamples = 1"),
    );
    let (code, out, err) = folder.tune(&["--seed", "6"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("K of margin over 72 sessions"), "{out}");
    assert!(out.contains("the present parameters stay"), "{out}");
    let summary = json_of(&folder.read("out/tune/small/summary.json"));
    assert_eq!(summary["recommended"], Value::Null);
    assert_eq!(summary["claim"][1]["candidate"], summary["chosen"]);
    assert_eq!(summary["claim"][1]["keeps_margins"], false);
    assert!(!folder.0.join("out/tune/small/tuned.toml").exists());
    let report = folder.read("out/tune/small/report.html");
    assert!(report.contains("CHOSEN, NOT BORNE OUT"));
}

#[test]
fn without_anything_better_the_present_parameters_stay() {
    let folder = Folder::new("nothing");
    // The limit of a battery pack that is not there changes nothing.
    let text = TUNE.replace("firmware.heat_target_c", "firmware.pack_max_c");
    let text = text.replace("min = 38\nmax = 45", "min = 50\nmax = 60");
    let kp = text.find("[[tune]]\nkey = \"firmware.kp").expect("it");
    let end = text[kp..].find("[[objective]]").expect("it") + kp;
    let text = format!("{}{}", &text[..kp], &text[end..]);
    folder.write("small.tune.toml", &text);
    let (code, out, err) = folder.tune(&["--budget", "60"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("the present parameters stay"), "{out}");
    assert!(!folder.0.join("out/tune/small/tuned.toml").exists());
}

#[test]
fn no_margin_is_sold_unless_the_file_says_so() {
    let folder = Folder::new("sold");
    let with_room = hotter();
    folder.write("small.tune.toml", &with_room);
    // Of the film at the end: a goal may be high and not be reached.
    let hottest_c = |out: &str| {
        let rows = rows(&folder.read(&format!("{out}/candidates.csv")));
        let feasible = rows
            .iter()
            .filter(|r| r["complete"] == "true" && r["short [K]"] == "0");
        let films_c = feasible.map(|r| r["film [degC]"].parse::<f64>());
        films_c.map(Result::unwrap).fold(0.0, f64::max)
    };
    let (code, out, err) = folder.tune(&["--out", "kept"]);
    assert!(code == 0 || code == 1, "{out}{err}");
    let kept_c = hottest_c("kept");
    let sold = with_room.replace("seed = 5", "seed = 5\nmay_lose_margin = [\"skin\"]");
    folder.write("small.tune.toml", &sold);
    let (code, out, err) = folder.tune(&["--out", "sold"]);
    assert_eq!(code, 0, "{out}{err}");
    let sold_c = hottest_c("sold");
    assert!(kept_c < sold_c - 0.1, "{kept_c} {sold_c}");
}

#[test]
fn evaluate_answers_each_line_as_the_search_would() {
    let folder = Folder::new("evaluate");
    assert_eq!(folder.tune(&[]).0, 0);
    let candidates = rows(&folder.read("out/tune/small/candidates.csv"));
    let complete: Vec<_> = candidates
        .iter()
        .filter(|c| c["complete"] == "true")
        .take(3)
        .collect();
    assert_eq!(complete.len(), 3);
    let lines: String = complete
        .iter()
        .map(|c| {
            let number = |key: &str| c[key].parse::<f64>().expect("a number");
            let parameters = json!({
                "firmware.heat_target_c": number("firmware.heat_target_c [degC]"),
                "firmware.kp_per_k": number("firmware.kp_per_k [1/K]"),
            });
            format!(
                "{}\n\n",
                json!({ "id": c["candidate"], "parameters": parameters })
            )
        })
        .collect();
    let evaluate = ["tune", "evaluate", "scenarios/small.tune.toml"];
    let (code, out, err) = folder.fed(&evaluate, &lines);
    assert_eq!(code, 0, "{err}");
    let answers: Vec<Value> = out.lines().map(json_of).collect();
    assert_eq!(answers.len(), 3);
    for (answer, candidate) in answers.iter().zip(complete) {
        assert_eq!(answer["id"], candidate["candidate"]);
        let of = |name: &str| {
            answer["objectives"][name]
                .as_f64()
                .expect("a number")
                .to_string()
        };
        assert_eq!(of("film"), candidate["film [degC]"]);
        assert_eq!(of("energy"), candidate["energy [J]"]);
        assert_eq!(answer["sessions"], 8);
    }
    for (line, problem) in [
        (
            "{\"parameters\": {\"firmware.kp\": 1}}",
            "`firmware.kp` is not tuned",
        ),
        (
            "{\"parameters\": {\"firmware.kp_per_k\": 7}}",
            "`firmware.kp_per_k` is 7, allowed a number, 0.05 to 1",
        ),
        ("{\"id\": 1}", "needs \"parameters\""),
        ("nonsense", "line 1"),
    ] {
        let (code, _, err) = folder.fed(&evaluate, line);
        assert_eq!(code, 2, "{line}");
        assert!(err.contains(problem), "{line}: {err}");
    }
}

#[test]
fn ask_and_tell_keep_a_search_whose_sessions_are_elsewhere() {
    let folder = Folder::new("ask");
    let ask = || {
        let (code, out, err) = folder.run(&["tune", "ask", "scenarios/small.tune.toml"]);
        assert_eq!(code, 0, "{err}");
        out.lines().map(json_of).collect::<Vec<Value>>()
    };
    let first = ask();
    assert_eq!(first, ask());
    let told = |lines: &[Value]| -> String {
        let answer = |line: &Value| {
            let target = line["parameters"]["firmware.heat_target_c"].as_f64();
            let target = target.expect("a number");
            json!({
                "id": line["id"],
                "objectives": { "film": target, "energy": target * target },
                "short_k": if target > 44.0 { 0.5 } else { 0.0 },
            })
        };
        lines.iter().map(|l| format!("{}\n", answer(l))).collect()
    };
    let tell = |text: &str| folder.fed(&["tune", "tell", "scenarios/small.tune.toml"], text);
    let (code, _, err) = tell(&told(&first[1..]));
    assert_eq!(code, 2);
    assert!(
        err.contains("1 of 8 candidates of this generation are not told"),
        "{err}"
    );
    assert_eq!(first, ask(), "nothing was kept");
    let (code, _, err) = tell("{\"id\": \"7-0\"}");
    assert_eq!(code, 2);
    assert!(
        err.contains("allowed 0-0 to 0-7") || err.contains("has 0-0 to 0-7"),
        "{err}"
    );
    assert_eq!(tell(&told(&first)).0, 0);
    let second = ask();
    assert_ne!(first, second);
    assert_eq!(second[0]["id"], "1-0");
    assert_eq!(tell(&told(&second)).0, 0);
    folder.write("small.tune.toml", &TUNE.replace("seed = 5", "seed = 6"));
    let (code, _, err) = folder.run(&["tune", "ask", "scenarios/small.tune.toml"]);
    assert_eq!(code, 2);
    assert!(err.contains("of another tuning"), "{err}");
}

/// The patch, applied by hand: what it takes away is there, and the new defaults are
/// those of the tuned file.
#[test]
fn the_patch_changes_the_firmwares_defaults() {
    let folder = Folder::new("patch");
    assert_eq!(folder.tune(&[]).0, 0);
    let place = "crates/firmware/src/config.rs";
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let source = fs::read_to_string(root.join(place)).expect("the firmware");
    let old: Vec<&str> = source.lines().collect();
    let patch = folder.read("out/tune/small/firmware.patch");
    assert!(patch.starts_with(&format!("--- a/{place}\n+++ b/{place}\n")));
    let mut new: Vec<&str> = Vec::new();
    let mut at = 0;
    for line in patch.lines().skip(2) {
        if let Some(hunk) = line.strip_prefix("@@ -") {
            let first: usize = hunk.split(',').next().unwrap().parse().unwrap();
            new.extend(&old[at..first - 1]);
            at = first - 1;
        } else if let Some(added) = line.strip_prefix('+') {
            new.push(added);
        } else {
            assert_eq!(old[at], &line[1..], "line {}", at + 1);
            if line.starts_with(' ') {
                new.push(old[at]);
            }
            at += 1;
        }
    }
    new.extend(&old[at..]);
    assert_eq!(new.len(), old.len());
    for line in folder.read("out/tune/small/tuned.toml").lines() {
        let Some((key, value)) = line.split_once(" = ") else {
            continue;
        };
        let number = |text: &str| -> Option<f64> { text.trim().parse().ok() };
        let value = number(value.split('#').next().unwrap()).expect("a number");
        let before = format!("    {key} = ");
        // As a number: what is as it was is written as it was, 0.30.
        let found = new
            .iter()
            .find_map(|l| number(l.strip_prefix(&before)?.split(" in ").next()?));
        assert_eq!(found, Some(value), "{key}");
    }
}
