//! The `ngram-count` command: parses the command line, does what it says, and turns what happened into an exit status.

// They panic where the stream is closed or full; report.rs has what does not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod cli;
mod commands;
mod interrupt;
mod plot;
mod progress;
mod report;
mod screen;

use std::process::ExitCode;

use clap::Parser;
use ngram_count::Error;

use crate::cli::{Cli, Command};
use crate::commands::Exit;

fn main() -> ExitCode {
    let cli = Cli::parse();
    screen::choose_color(cli.color);
    let exit = match run(&cli) {
        Ok(exit) => exit,
        Err(Error::Several(errors)) => {
            errors.iter().for_each(report::say);
            Exit::Failure
        }
        Err(error) => {
            report::say(error);
            Exit::Failure
        }
    };
    exit.into()
}

fn run(cli: &Cli) -> Result<Exit, Error> {
    match &cli.command {
        None => commands::count::run(&cli.count),
        Some(Command::Plot(options)) => commands::plot::run(options),
    }
}
