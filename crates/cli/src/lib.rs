//! The command line of kneadsim: finds files, runs cases, reports, exits.
//!
//! No physics and no control decisions. Wall time may be read here, and
//! decides nothing.

pub mod annotations;
pub mod args;
pub mod axes;
pub mod bundle;
pub mod campaign;
pub mod check;
pub mod choose;
pub mod columns;
pub mod console;
pub mod coverage;
pub mod devices;
pub mod engine;
pub mod exit;
pub mod faults;
pub mod files;
pub mod html;
pub mod interrupt;
pub mod junit;
pub mod markdown;
pub mod mistakes;
pub mod new;
pub mod plot;
pub mod progress;
pub mod render;
pub mod report;
pub mod result;
pub mod results_json;
pub mod room;
pub mod rows;
pub mod run;
pub mod svg;
pub mod tables;
pub mod traces;
pub mod tune;
pub mod verify;
pub mod version;
pub mod whole;
pub mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use kneadsim_firmware::Config;

use args::{Arguments, Command, ListArguments, SchemaOf};
use console::{Console, complain, say};
use exit::Exit;

/// The whole program.
pub fn main() -> ExitCode {
    main_with(std::env::args_os())
}

/// The whole program with these arguments, its name first.
pub fn main_with(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; a closed pipe is none either.
            let _ = error.print();
            let exit = if error.use_stderr() {
                Exit::WrongInput
            } else {
                Exit::Held
            };
            return ExitCode::from(exit.code());
        }
    };
    let console = Console::new(arguments.no_color);
    let exit = dispatch(&arguments, console);
    let exit = match exit {
        Exit::Held | Exit::Failed | Exit::NothingMatched | Exit::Lost if console::output_lost() => {
            Exit::WrongInput
        }
        Exit::Held
        | Exit::Failed
        | Exit::NothingMatched
        | Exit::Lost
        | Exit::WrongInput
        | Exit::Interrupted => exit,
    };
    ExitCode::from(exit.code())
}

fn dispatch(arguments: &Arguments, console: Console) -> Exit {
    match &arguments.command {
        Command::Run(run_arguments) => run::run(run_arguments, console),
        Command::Campaign(arguments) => campaign::campaign(arguments, console),
        Command::Tune(arguments) => tune::tune(arguments, console),
        Command::Faults(faults_arguments) => faults::run(faults_arguments, console),
        Command::Check(choose) => check::check(choose, console),
        Command::List(list_arguments) => list(list_arguments, console),
        Command::Signals(table) => {
            let json = || format!("{:#}\n", tables::signals_json());
            say(&if table.json {
                json()
            } else {
                tables::signals(console.width)
            });
            Exit::Held
        }
        Command::Schema { of } => {
            let schema = match of {
                SchemaOf::Scenario => kneadsim_scenario::schema(),
                SchemaOf::Campaign => kneadsim_scenario::campaign_schema(),
                SchemaOf::Tune => kneadsim_scenario::tune_schema(),
            };
            say(&format!("{schema:#}\n"));
            Exit::Held
        }
        Command::Verify(verify_arguments) => verify::run(verify_arguments, console),
        Command::Device(device_arguments) => devices::serve(device_arguments),
        Command::New(new_arguments) => new::run(new_arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "kneadsim", &mut script);
            say(&String::from_utf8_lossy(&script));
            Exit::Held
        }
    }
}

fn list(arguments: &ListArguments, console: Console) -> Exit {
    let json = arguments.choose.json;
    if arguments.faults {
        let text = || tables::faults(console.width);
        say(&if json {
            format!("{:#}\n", tables::faults_json())
        } else {
            text()
        });
        return Exit::Held;
    }
    let chosen = choose::choose(&arguments.choose, &Config::default());
    for mistake in &chosen.mistakes {
        complain(&mistakes::render(mistake, console.colour_errors));
    }
    if chosen.cases.is_empty() && chosen.mistakes.is_empty() {
        complain(&chosen.nothing(&arguments.choose.paths, "list"));
    }
    if json {
        say(&format!("{:#}\n", tables::cases_json(&chosen.cases)));
    } else {
        say(&tables::cases(&chosen.cases, console.width));
    }
    run::exit_of_reading(&chosen.cases, &chosen.mistakes)
}
