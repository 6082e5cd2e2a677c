//! Campaigns as a user runs them: shards, kills, repeats.

#[path = "campaign/mod.rs"]
mod campaign;

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use campaign::{CAMPAIGN, Folder, SCENARIO, lines};

#[test]
fn any_number_of_shards_and_threads_gives_the_same_bytes() {
    let folder = Folder::new("shards");
    let (code, out, err) = folder.campaign("run", &["--out", "one", "--jobs", "1"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(
        out.contains("18 PASS") && out.contains("0 of 9 samples"),
        "{out}"
    );
    assert_eq!(lines(&folder.read("one/cases.csv")), 19);
    for count in [2, 7] {
        let out = format!("of{count}");
        // From the last to the first: order and time decide nothing.
        for shard in (1..=count).rev() {
            let shard = format!("{shard}/{count}");
            let (code, _, err) =
                folder.campaign("run", &["--out", &out, "--shard", &shard, "--jobs", "2"]);
            assert_eq!(code, 0, "{err}");
        }
        let (code, _, err) = folder.campaign("merge", &["--out", &out]);
        assert_eq!(code, 0, "{err}");
        for file in ["cases.csv", "cases.parquet", "summary.json"] {
            let (one, many) = (
                folder.read(&format!("one/{file}")),
                folder.read(&format!("{out}/{file}")),
            );
            assert_eq!(one, many, "{file} of {count} shards");
        }
    }
    let (code, ..) = folder.campaign("report", &["--out", "one"]);
    assert_eq!(code, 0);
    assert!(
        folder
            .read("one/report.html")
            .starts_with(b"<!doctype html>")
    );
}

#[test]
fn a_merge_refuses_what_is_missing_mixed_doubled_or_not_complete() {
    let folder = Folder::new("strict");
    let shard = |out: &str, shard: &str| {
        let (code, _, err) = folder.campaign("run", &["--out", out, "--shard", shard]);
        assert_eq!(code, 0, "{err}");
    };
    let refused = |out: &str, more: &[&str], part: &str| {
        let (code, _, err) = folder.campaign("merge", &[&["--out", out], more].concat());
        assert!(
            code == 2 && err.contains(part),
            "{out}: {code} {err}, wanted {part}"
        );
        assert!(!folder.0.join(out).join("cases.csv").exists(), "{out}");
    };
    refused("nowhere", &[], "cannot be read");
    shard("a", "1/3");
    shard("a", "3/3");
    refused("a", &[], "1 of 3 shards are missing: 2/3");
    shard("a", "2/3");
    refused(
        "m",
        &["--from", "a", "--from", "a"],
        "shard 1/3 is there twice",
    );
    shard("a", "1/2");
    refused("a", &[], "take one set, not both");
    fs::remove_file(folder.0.join("a/shards/shard-00001-of-00002.csv")).expect("it is there");
    refused(
        "a",
        &["--samples", "10"],
        "the campaign's files have changed",
    );

    // A torn row, and a row less.
    let path = folder.0.join("a/shards/shard-00002-of-00003.csv");
    let whole = fs::read(&path).expect("a shard");
    fs::write(&path, &whole[..whole.len() - 3]).expect("written");
    refused(
        "a",
        &[],
        "has 5 of 6 cases: run it to its end with --shard 2/3",
    );
    // A number that this campaign does not draw.
    let text = String::from_utf8(whole.clone())
        .expect("text")
        .replacen("waist", "neck", 1);
    if text.as_bytes() != whole {
        fs::write(&path, text).expect("written");
        refused("a", &[], "is not what this campaign writes");
    }
    fs::write(&path, &whole).expect("written");

    // One shard of a campaign that was changed in between.
    folder.write("warm.toml", &SCENARIO.replace("< 37", "< 36.9"));
    shard("b", "2/3");
    for end in ["csv", "json"] {
        let name = format!("shards/shard-00002-of-00003.{end}");
        fs::copy(
            folder.0.join("b").join(&name),
            folder.0.join("a").join(&name),
        )
        .expect("copied");
    }
    folder.write("warm.toml", SCENARIO);
    refused(
        "a",
        &[],
        "the campaign's files have changed, or it is another campaign",
    );
}

/// A run that has written so many lines, or has ended.
fn begun(folder: &Folder, arguments: &[&str], journal: &Path, rows: usize) -> Child {
    let mut child = folder
        .command(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let start = Instant::now();
    while lines(&fs::read(journal).unwrap_or_default()) < rows
        && child.try_wait().expect("a child").is_none()
    {
        assert!(
            start.elapsed() < Duration::from_secs(100),
            "it writes no rows"
        );
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

#[test]
fn a_killed_run_goes_on_with_nothing_lost_or_doubled() {
    let folder = Folder::new("kill");
    let long = ["--samples", "60"];
    let (code, _, err) = folder.campaign("run", &[&long[..], &["--out", "whole"]].concat());
    assert_eq!(code, 0, "{err}");
    let journal = folder.0.join("cut/shards/shard-00001-of-00001.csv");
    let arguments = [
        "campaign",
        "run",
        "scenarios/small.campaign.toml",
        "--samples",
        "60",
        "--out",
        "cut",
    ];
    let mut kills = 0;
    for rows in [3, 20, 70] {
        let mut child = begun(&folder, &arguments, &journal, rows);
        // On Unix this is SIGKILL: nothing of the program runs after it.
        kills += usize::from(child.try_wait().expect("a child").is_none());
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
    assert!(kills >= 2, "only {kills} of the kills came in time");
    // A torn row, as after a power failure.
    let mut torn = fs::read(&journal).expect("a journal");
    if lines(&torn) < 121 {
        torn.extend_from_slice(b"119,59,warm[user.clothing=t_shi");
        fs::write(&journal, torn).expect("written");
    }
    let (code, out, err) = folder.run(&arguments);
    assert_eq!(code, 0, "{out}{err}");
    for file in ["cases.csv", "cases.parquet", "summary.json"] {
        assert_eq!(
            folder.read(&format!("whole/{file}")),
            folder.read(&format!("cut/{file}")),
            "{file}"
        );
    }
}

#[test]
fn a_case_alone_and_its_scenario_alone_give_the_digest_of_the_table() {
    let folder = Folder::new("alone");
    let (code, ..) = folder.campaign("run", &["--out", "out"]);
    assert_eq!(code, 0);
    let table = String::from_utf8(folder.read("out/cases.csv")).expect("text");
    let row = table.lines().nth(8).expect("case 7");
    assert!(row.starts_with("7,3,"), "{row}");
    let digest = row
        .split(',')
        .find(|f| f.len() == 32 && f.bytes().all(|b| b.is_ascii_hexdigit()));
    let digest = digest.expect("a digest");
    let (code, out, err) = folder.campaign("run", &["--out", "out", "--case", "7"]);
    assert!(code == 0 && out.contains(digest), "{out}{err}");
    let (code, out, err) = folder.run(&["run", "out/cases/7/scenario.toml", "--out", "again"]);
    assert!(code == 0 && out.contains(&digest[..12]), "{out}{err}");
    // What was set, drawn and left out is in the scenario.
    let scenario = String::from_utf8(folder.read("out/cases/7/scenario.toml")).expect("text");
    assert!(scenario.contains("profile = \"elderly\""), "{scenario}");
    assert!(
        scenario.contains("clothing_m2k_per_w") || scenario.contains("clothing"),
        "{scenario}"
    );
    assert!(!scenario.contains("id = \"other\""), "{scenario}");
    let worst = fs::read_dir(folder.0.join("out/worst"))
        .expect("a folder")
        .count();
    assert_eq!(worst, 2);
    let (code, _, err) = folder.campaign("run", &["--out", "out", "--case", "18"]);
    assert!(code == 2 && err.contains("the cases 0 to 17"), "{err}");
}

#[test]
fn however_the_file_is_reached_the_bytes_are_the_same() {
    let folder = Folder::new("reached");
    folder.write("warm.toml", SCENARIO);
    std::fs::create_dir_all(folder.0.join("scenarios/deep")).expect("a folder");
    let deep = CAMPAIGN.replace("warm.toml", "../warm.toml");
    folder.write("deep/small.campaign.toml", &deep);
    let absolute = folder.0.join("scenarios/deep/small.campaign.toml");
    let ways = [
        ("one", "scenarios/deep/small.campaign.toml"),
        ("two", absolute.to_str().expect("text")),
        ("three", "./scenarios/../scenarios/deep/small.campaign.toml"),
    ];
    for (out, file) in ways {
        let (code, _, err) = folder.run(&["campaign", "run", file, "--samples", "2", "--out", out]);
        assert_eq!(code, 0, "{err}");
        let table = folder.read(&format!("{out}/cases.csv"));
        assert_eq!(table, folder.read("one/cases.csv"), "{file}");
        let shard = "shards/shard-00001-of-00001.json";
        assert_eq!(
            folder.read(&format!("{out}/{shard}")),
            folder.read(&format!("one/{shard}")),
            "{file}"
        );
    }
}

#[test]
fn what_did_not_hold_is_told_and_fails() {
    let folder = Folder::new("fails");
    // The film is above 20 degC everywhere: the second expectation fails always.
    folder.write(
        "small.campaign.toml",
        &CAMPAIGN.replace("expect = [\"skin\"]\n", ""),
    );
    let (code, out, _) = folder.campaign("run", &["--out", "out"]);
    assert_eq!(code, 1, "{out}");
    assert!(
        out.contains("18 FAIL")
            && out.contains("9 of 9 samples")
            && out.contains("other: film_max_c < 20"),
        "{out}"
    );
}

#[test]
fn a_job_array_chooses_the_shard() {
    let folder = Folder::new("auto");
    let run = |variables: &[(&str, &str)]| {
        let done = folder
            .command(&[
                "campaign",
                "run",
                "scenarios/small.campaign.toml",
                "--out",
                "out",
                "--shard",
                "auto",
            ])
            .env_clear()
            .envs(variables.iter().copied())
            .output()
            .expect("it runs");
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    let (code, err) = run(&[
        ("SLURM_ARRAY_TASK_ID", "2"),
        ("SLURM_ARRAY_TASK_MIN", "1"),
        ("SLURM_ARRAY_TASK_COUNT", "3"),
        ("SLURM_ARRAY_TASK_STEP", "1"),
    ]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(
        lines(&folder.read("out/shards/shard-00002-of-00003.csv")),
        7
    );
    let (code, err) = run(&[]);
    assert!(
        code == Some(2) && err.contains("no task of a job array"),
        "{err}"
    );
}

#[test]
fn results_of_another_campaign_are_not_mixed_in() {
    let folder = Folder::new("other");
    let (code, ..) = folder.campaign("run", &["--out", "out"]);
    assert_eq!(code, 0);
    folder.write(
        "small.campaign.toml",
        &CAMPAIGN.replace("seed = 5", "seed = 6"),
    );
    let (code, _, err) = folder.campaign("run", &["--out", "out"]);
    assert!(code == 2 && err.contains("--fresh"), "{err}");
    let (code, _, err) = folder.campaign("run", &["--out", "out", "--fresh"]);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn two_processes_do_not_write_one_journal() {
    let folder = Folder::new("lock");
    let arguments = [
        "campaign",
        "run",
        "scenarios/small.campaign.toml",
        "--samples",
        "2000",
        "--out",
        "out",
    ];
    let journal = folder.0.join("out/shards/shard-00001-of-00001.csv");
    let mut child = begun(&folder, &arguments, &journal, 2);
    let (code, _, err) = folder.run(&arguments);
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(
        code == 2 && err.contains("another process works on it"),
        "{code} {err}"
    );
}
