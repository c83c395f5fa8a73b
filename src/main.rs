//! The `ngram-count` command: parses the command line, does what it says, and turns what happened into an exit status.

// They panic where the stream is closed or full; report.rs has what does not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod cli;
mod commands;
mod interrupt;
mod pace;
mod plot;
mod progress;
mod report;
mod screen;
mod suggest;

use std::process::ExitCode;

use ngram_count::Error;

use crate::cli::{Cli, Command};
use crate::commands::Exit;

fn main() -> ExitCode {
    // Before the parser speaks, so that what it says has colours or none as well.
    screen::choose_color(cli::color_of(std::env::args_os()));
    let cli = cli::parse().unwrap_or_else(|error| error.exit());
    let exit = match run(&cli) {
        Ok(exit) => exit,
        Err(Error::Several(errors)) => {
            for error in &errors {
                report::error(error, &cli.count.files);
            }
            Exit::Failure
        }
        Err(error) => {
            report::error(&error, &cli.count.files);
            Exit::Failure
        }
    };
    exit.into()
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
