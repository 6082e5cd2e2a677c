//! Broken tuning files: every mistake with its place.

#[path = "tune/mod.rs"]
mod tune;

use std::path::Path;

use tune::{Folder, TUNE};

#[test]
fn every_mistake_of_a_tuning_has_its_place() {
    let folder = Folder::new("broken");
    let line = |text: &str| TUNE.lines().position(|l| l == text).expect("a line") + 1;
    // What stands there, what is written instead, and the mistake with its line.
    let rows = [
        (
            "budget = 200",
            "budget = 0",
            "`budget` is 0, allowed a whole number, 1 to 10000000",
        ),
        (
            "seed = 5",
            "sede = 5",
            "unknown key `sede`, did you mean `seed`?",
        ),
        (
            "held_out = [\"cold.toml\"]",
            "held_out = [\"colder.toml\"]",
            "the scenario \"colder.toml\" does not exist",
        ),
        (
            "expect = [\"skin\"]",
            "expect = [\"skin\"]\nmay_lose_margin = [\"film\"]",
            "no scenario has an expectation \"film\"",
        ),
        (
            "population = 8",
            "reserve_k = -0.1",
            "`reserve_k` is -0.1, allowed 0 to 5",
        ),
        (
            "population = 8",
            "population = 3",
            "`population` is 3, allowed a whole number, 4 to 1000",
        ),
        (
            "population = 8",
            "algorithm = \"cma_es\"",
            "`cma_es` is for one objective, there are 2",
        ),
        (
            "key = \"firmware.kp_per_k\"",
            "key = \"firmware.kp_per_kk\"",
            "cannot be tuned: it is no number of the firmware's configuration, did you mean `firmware.kp_per_k`?",
        ),
        (
            "key = \"firmware.kp_per_k\"",
            "key = \"user.site\"",
            "`user.site` cannot be tuned",
        ),
        (
            "key = \"firmware.kp_per_k\"",
            "key = \"firmware.heat_target_c\"",
            "`firmware.heat_target_c` is tuned twice",
        ),
        (
            "min = 38",
            "min = 20",
            "`min` is 20, `firmware.heat_target_c` is allowed from 36 to 46",
        ),
        ("max = 45", "max = 37", "`min` 38 is not below `max` 37"),
        ("min = 0.05", "min = 0", "allowed above 0 on a log scale"),
        ("scale = \"log\"", "scale = \"loud\"", "`scale` is \"loud\""),
        ("take = \"end\"", "take = \"ends\"", "`take` is \"ends\""),
        (
            "take = \"end\"",
            "take = \"first\"",
            "`film_upper_c` is not true or false",
        ),
        (
            "of = \"heater_power_w\"",
            "of = \"integral(heater_power_w)\"",
            "looked at instant by instant",
        ),
        (
            "of = \"heater_power_w\"",
            "of = \"heater_powr_w\"",
            "did you mean `heater_power_w`?",
        ),
        ("goal = \"max\"", "goal = \"more\"", "`goal` is \"more\""),
        (
            "goal = \"max\"",
            "goal = \"max\"\nbases = [\"hot\"]",
            "no case's name contains \"hot\"",
        ),
        (
            "goal = \"max\"",
            "goal = \"max\"\nfrom = \"10s\"\nuntil = \"5s\"",
            "`until` is not after `from`",
        ),
        (
            "name = \"energy\"",
            "name = \"film\"",
            "two objectives are called \"film\"",
        ),
        (
            "user.profile = \"elderly\"",
            "firmware.kp_per_k = 0.2",
            "`firmware.kp_per_k` varies: it cannot be set too",
        ),
    ];
    for (was, is, message) in rows {
        assert!(TUNE.contains(was), "{was}");
        folder.write("small.tune.toml", &TUNE.replacen(was, is, 1));
        let (code, out, err) = folder.tune(&[]);
        assert_eq!(code, 2, "{is}: {out}{err}");
        let flat = err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(message), "{is}: {err}");
        // Some mistakes stand at the table that the line belongs to.
        let near = line(was).saturating_sub(4)..=line(was) + 3;
        let told = near
            .clone()
            .any(|l| err.contains(&format!("small.tune.toml:{l}:")));
        assert!(told, "{is}: lines {near:?}: {err}");
    }
    assert!(!Path::new(&folder.0).join("out").exists());
}

#[test]
fn what_is_tuned_does_not_vary() {
    let folder = Folder::new("varies");
    let text = TUNE.replace("environment.ambient_c", "firmware.kp_per_k");
    folder.write(
        "small.tune.toml",
        &text.replace("min = 15, max = 30", "min = 0.1, max = 0.2"),
    );
    let (code, _, err) = folder.tune(&[]);
    assert_eq!(code, 2);
    assert!(
        err.contains("`firmware.kp_per_k` varies: it cannot be tuned too"),
        "{err}"
    );
}

#[test]
fn what_is_tuned_has_one_present_value() {
    let folder = Folder::new("two");
    let cold = tune::HELD_OUT.to_owned() + "\n[firmware]\nkp_per_k = 0.2\n";
    folder.write("cold.toml", &cold);
    let (code, _, err) = folder.tune(&[]);
    assert_eq!(code, 2);
    let flat = err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("what is tuned must have one present value"),
        "{err}"
    );
}

#[test]
fn a_tuning_is_no_scenario() {
    let folder = Folder::new("no-scenario");
    let (code, _, err) = folder.run(&["run", "scenarios/small.tune.toml"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("kneadsim tune scenarios/small.tune.toml"),
        "{err}"
    );
    // In a folder `check` reads it as what it is; firmware files are data.
    std::fs::create_dir_all(folder.0.join("scenarios/firmware")).expect("a folder");
    folder.write("firmware/other.toml", "kp_per_k = 0.4\n");
    let (code, out, err) = folder.run(&["check", "scenarios"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("3 files, 3 cases, 0 mistakes"), "{out}");
    for named in ["scenarios", "scenarios/small.tune.toml"] {
        let whole = folder.read("scenarios/small.tune.toml");
        folder.write("small.tune.toml", &whole.replace("budget", "bugdet"));
        let (code, _, err) = folder.run(&["check", named]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("did you mean `budget`?"), "{err}");
        folder.write("small.tune.toml", &whole);
    }
    let (code, out, err) = folder.run(&["check", "scenarios/small.tune.toml"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("1 file, 0 cases, 0 mistakes"), "{out}");
    // Who asks for some cases asks for scenarios.
    let (code, out, _) = folder.run(&["check", "scenarios", "--filter", "*"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("2 files, 3 cases"), "{out}");
}

#[test]
fn mistakes_of_a_firmware_file_have_their_place() {
    let folder = Folder::new("firmware");
    for (text, message) in [
        ("kp_per_kk = 1\n", "did you mean `kp_per_k`?"),
        ("kp_per_k = 100\n", "is 100, allowed 0 to 5"),
        (
            "heat_target_c = 46\ntrip_c = 47\n",
            "heat_target_c + 2 <= trip_c",
        ),
        ("base = \"nowhere.toml\"\n", "the file \"nowhere.toml\""),
        ("kp_per_k = \n", "other.toml:1:"),
    ] {
        folder.write("other.toml", text);
        let (code, _, err) = folder.run(&[
            "run",
            "scenarios/warm.toml",
            "--firmware",
            "scenarios/other.toml",
        ]);
        assert_eq!(code, 2, "{text}: {err}");
        let flat = err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(message), "{text}: {err}");
    }
    let (code, _, err) = folder.run(&["run", "scenarios/warm.toml", "--firmware", "nowhere.toml"]);
    assert_eq!(code, 2, "{err}");
    // Files based on files, nearest last.
    folder.write("first.toml", "kp_per_k = 0.4\nhold_share = 0.3\n");
    folder.write("other.toml", "base = \"first.toml\"\nkp_per_k = 0.2\n");
    let (_, out, _) = folder.run(&[
        "run",
        "scenarios/cold.toml",
        "--json",
        "--firmware",
        "scenarios/other.toml",
    ]);
    let cold = tune::HELD_OUT.to_owned() + "\n[firmware]\nkp_per_k = 0.2\nhold_share = 0.3\n";
    folder.write("cold.toml", &cold);
    let (_, by_hand, _) = folder.run(&["run", "scenarios/cold.toml", "--json"]);
    let digest = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        value["cases"][0]["digest"].to_string()
    };
    assert_eq!(digest(&out), digest(&by_hand));
}
