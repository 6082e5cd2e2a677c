//! A small campaign in a folder of its own, for the tests of campaigns.
// Each test program uses its part.
#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;

pub const SCENARIO: &str = r#"
schema = 1
name = "Some seconds of warming"
description = "Warm up on the column grid."
requirements = ["BURN-01"]

[run]
duration = "20s"
grid = "column"

[[event]]
at = "1s"
press = "power"

[[expect]]
id = "skin"
always = "skin_surface_max_c < 37"

[[expect]]
id = "other"
always = "film_max_c < 20"

[matrix]
"user.clothing" = ["bare", "t_shirt"]
"#;

pub const CAMPAIGN: &str = r#"
schema = 1
name = "Small"
description = "A few samples."
scenarios = ["warm.toml"]
expect = ["skin"]
samples = 9
seed = 5
keep_worst = 2

[set]
user.profile = "elderly"

[[vary]]
key = "product.board.ntc_r25_factor"
normal = { mean = 1.0, sd = 0.01, min = 0.97, max = 1.03 }

[[vary]]
key = "user.site"
among = ["neck", "waist"]
weights = [1, 3]

[[vary]]
key = "event.0.at"
uniform = { min = "500ms", max = "3s" }

[[correlate]]
keys = ["product.board.ntc_r25_factor", "event.0.at"]
rho = -0.5
"#;

/// A folder with a scenario and a campaign.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path =
            std::env::temp_dir().join(format!("kneadsim-campaign-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("scenarios")).expect("a folder");
        let folder = Folder(path);
        folder.write("warm.toml", SCENARIO);
        folder.write("small.campaign.toml", CAMPAIGN);
        folder
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join("scenarios").join(name), text).expect("a file");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin("kneadsim"));
        command.current_dir(&self.0).args(arguments);
        command
    }

    /// Exit code, standard output and error.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let done = self.command(arguments).output().expect("it runs");
        (
            done.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&done.stdout).into_owned(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    }

    pub fn campaign(&self, what: &str, more: &[&str]) -> (i32, String, String) {
        let mut arguments = vec!["campaign", what, "scenarios/small.campaign.toml"];
        arguments.extend(more);
        self.run(&arguments)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Line ends.
pub fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b == b'\n').count()
}
