//! `kneadsim`: see the library beside this file.

fn main() -> std::process::ExitCode {
    kneadsim_cli::main()
}
