//! The `ngram-count` command: parses the command line, does what it says, and turns what happened into an exit status.

// They panic where the stream is closed or full; report.rs has what does not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod commands;
mod error;
mod memory;
mod terminal;

use std::process::ExitCode;

use ngram_count::internal::plain;
use ngram_count::write;

use crate::args::{Cli, Command};
use crate::commands::Exit;
use crate::error::Error;
use crate::terminal::{closed, interrupt, report, screen};

fn main() -> ExitCode {
    // Before the parser speaks, so that what it says has colours or none as well.
    screen::choose_color(args::color_of(std::env::args_os()));
    let started = closed::keep_closed().and_then(|()| interrupt::outlive_file_limits());
    let exit = match started {
        Ok(()) => exit_of_command_line(),
        Err(error) => told(&Error::Usage(format!("can't start: {}", plain(&error)))),
    };
    // Last, as what was written may turn out only now not to be there.
    let exit = write::close_stdout().map_or_else(|error| told(&error.into()), |()| exit);
    exit.into()
}

fn exit_of_command_line() -> Exit {
    let cli = match args::parse() {
        Ok(cli) => cli,
        Err(instead) => return commands::usage::print(&instead).unwrap_or_else(|error| told(&error)),
    };
    match run(&cli) {
        Ok(exit) => exit,
        Err(error) => {
            report::error(&error, &cli.count.files);
            Exit::Failure
        }
    }
}

/// Says what is wrong outside of any command.
fn told(error: &Error) -> Exit {
    report::error(error, &[]);
    Exit::Failure
}

fn run(cli: &Cli) -> Result<Exit, Error> {
    match &cli.command {
        None => commands::count::run(&cli.count),
        Some(Command::Bench(options)) => commands::bench::run(options),
        Some(Command::Completions { shell }) => commands::completions::run(*shell),
        Some(Command::Man) => commands::man::run(),
        Some(Command::Plot(options)) => commands::plot::run(options),
    }
}
