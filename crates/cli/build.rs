//! Puts the commit into the binary, where there is a repository to ask.
//!
//! A source archive has none: the binary then says only its version.

use std::process::Command;

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_string())
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if let Some(directory) = git(&["rev-parse", "--absolute-git-dir"]) {
        // HEAD names the branch; its log changes with every commit.
        println!("cargo:rerun-if-changed={directory}/HEAD");
        println!("cargo:rerun-if-changed={directory}/logs/HEAD");
    }
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    match git(&["rev-parse", "--short=12", "HEAD"]) {
        Some(commit) => {
            println!("cargo:rustc-env=KNEADSIM_COMMIT={commit}");
            println!("cargo:rustc-env=KNEADSIM_VERSION={version} (commit {commit})");
        }
        None => println!("cargo:rustc-env=KNEADSIM_VERSION={version}"),
    }
}
