//! A small tuning in a folder of its own, for the tests of tuning.
// Each test program uses its part.
#![allow(dead_code)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

pub const SCENARIO: &str = r#"
schema = 1
name = "Warming for a minute and a half"
description = "Heat alone on the column grid."
requirements = ["BURN-01"]

[run]
duration = "90s"
grid = "column"

[[event]]
at = "1s"
press = "power"

[[expect]]
id = "skin"
always = "skin_surface_max_c < 42"

[[expect]]
id = "other"
always = "film_max_c < 20"

[matrix]
"user.clothing" = ["bare", "t_shirt"]
"#;

pub const HELD_OUT: &str = r#"
schema = 1
name = "Warming in a cold room"
description = "Not seen by the search."
requirements = ["BURN-01"]

[run]
duration = "90s"
grid = "column"

[environment]
ambient_c = 12

[[event]]
at = "1s"
press = "power"

[[expect]]
id = "skin"
always = "skin_surface_max_c < 42"
"#;

pub const TUNE: &str = r#"
schema = 1
name = "Small"
description = "A film that is warm for little energy."
scenarios = ["warm.toml"]
held_out = ["cold.toml"]
expect = ["skin"]
samples = 4
held_out_samples = 3
claim_samples = 5
validate = 2
budget = 200
population = 8
seed = 5

[set]
user.profile = "elderly"

[[tune]]
key = "firmware.heat_target_c"
min = 38
max = 45

[[tune]]
key = "firmware.kp_per_k"
min = 0.05
max = 1.0
scale = "log"

[[objective]]
name = "film"
of = "film_upper_c"
take = "end"
goal = "max"

[[objective]]
name = "energy"
of = "heater_power_w"
take = "integral"

[[vary]]
key = "environment.ambient_c"
uniform = { min = 15, max = 30 }

[[vary]]
key = "user.site"
among = ["neck", "waist"]
"#;

/// A folder with scenarios and a tuning.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path =
            std::env::temp_dir().join(format!("kneadsim-tune-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("scenarios")).expect("a folder");
        let folder = Folder(path);
        folder.write("warm.toml", SCENARIO);
        folder.write("cold.toml", HELD_OUT);
        folder.write("small.tune.toml", TUNE);
        folder
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join("scenarios").join(name), text).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin("kneadsim"));
        command.current_dir(&self.0).args(arguments);
        command
    }

    /// Exit code, standard output and error.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        self.fed(arguments, "")
    }

    /// The same with a standard input.
    pub fn fed(&self, arguments: &[&str], input: &str) -> (i32, String, String) {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        // A program that does not read is no mistake of the test.
        let _ = child
            .stdin
            .take()
            .expect("a pipe")
            .write_all(input.as_bytes());
        let done = child.wait_with_output().expect("it ends");
        (
            done.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&done.stdout).into_owned(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    }

    pub fn tune(&self, more: &[&str]) -> (i32, String, String) {
        let mut arguments = vec!["tune", "scenarios/small.tune.toml"];
        arguments.extend(more);
        self.run(&arguments)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
