//! No panic path is left in an optimised build: proved by the linker.
//!
//! The crate is compiled as it is for the chip (no_std, optimised, panic =
//! abort) and linked into a program whose panic handler calls a function that
//! does not exist. Sections that nothing reaches are dropped, so the link
//! fails exactly if some path from `step` or `boot` can still panic. A second
//! build, with a deliberate panic in the entry, must fail: otherwise the test
//! could not fail at all.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The entry that stands for the chip's main loop. `{EXTRA}` is the control's panic.
const ENTRY: &str = r#"
#![no_std]
use kneadsim_firmware::{Config, Inputs, Outputs, Record, ResetCause, State, step};

unsafe extern "C" {
    fn a_panic_path_remains() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unsafe { a_panic_path_remains() }
}

#[unsafe(no_mangle)]
pub extern "C" fn chip_boot(config: &Config, record: &Record, cause: u32) -> State {
    let cause = match cause {
        0 => ResetCause::PowerOn,
        1 => ResetCause::BrownOut,
        2 => ResetCause::Watchdog,
        _ => ResetCause::External,
    };
    State::boot(config, cause, *record)
}

#[unsafe(no_mangle)]
pub extern "C" fn chip_tick(config: &Config, state: &mut State, inputs: &Inputs) -> Outputs {
    let outputs = step(config, state, inputs);
    {EXTRA}
    outputs
}
"#;

/// A path that the compiler cannot rule out.
const DELIBERATE_PANIC: &str =
    "if [1u8, 2, 3][inputs.tick as usize % 5] == 9 { return Outputs::default(); }";

/// Reaches both entries; never run.
const MAIN_C: &str = r"
extern void chip_boot(void); extern void chip_tick(void);
int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1000) chip_boot();
    if (argc > 2000) chip_tick();
    return 0;
}
";

fn run(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"))
}

fn compile(what: &str, command: &mut Command) {
    let output = run(command);
    assert!(
        output.status.success(),
        "{what}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn rustc() -> Command {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.args([
        "--edition",
        "2024",
        "-C",
        "opt-level=3",
        "-C",
        "panic=abort",
        "-C",
        "codegen-units=1",
    ]);
    command.args([
        "-C",
        "debug-assertions=off",
        "-C",
        "overflow-checks=off",
        "-A",
        "warnings",
    ]);
    command
}

/// Links the firmware with an entry; the linker's verdict.
fn link(dir: &Path, name: &str, extra: &str) -> Output {
    let source = dir.join(format!("{name}.rs"));
    let archive = dir.join(format!("lib{name}.a"));
    std::fs::write(&source, ENTRY.replace("{EXTRA}", extra)).expect("entry written");
    compile(
        name,
        rustc()
            .args(["--crate-type", "staticlib", "--crate-name", name, "-o"])
            .arg(&archive)
            .arg("--extern")
            .arg(format!(
                "kneadsim_firmware={}",
                dir.join("libkneadsim_firmware.rlib").display()
            ))
            .arg(&source),
    );
    run(Command::new("cc")
        .arg("-Wl,--gc-sections")
        .arg("-o")
        .arg(dir.join(name))
        .arg(dir.join("main.c"))
        .arg(&archive))
}

#[test]
fn no_panic_path_remains_in_an_optimised_build() {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no_panic");
    std::fs::create_dir_all(&dir).expect("folder for the link test");
    std::fs::write(dir.join("main.c"), MAIN_C).expect("main written");
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    compile(
        "firmware",
        rustc()
            .args([
                "--crate-type",
                "rlib",
                "--crate-name",
                "kneadsim_firmware",
                "-o",
            ])
            .arg(dir.join("libkneadsim_firmware.rlib"))
            .arg(library),
    );

    let control = link(&dir, "deliberate", DELIBERATE_PANIC);
    let message = String::from_utf8_lossy(&control.stderr).into_owned();
    assert!(
        !control.status.success() && message.contains("a_panic_path_remains"),
        "the control with a deliberate panic must fail to link: {message}"
    );

    let firmware = link(&dir, "firmware", "");
    let message = String::from_utf8_lossy(&firmware.stderr);
    assert!(firmware.status.success(), "a panic path remains: {message}");
}
