//! The `ngram-count` command.
//!
//! ```text
//! args/      what the user typed: definitions alone, which open and read nothing
//! commands/  the count, plot, bench, completions, man: from the arguments to a job, and from its outcome to results
//! terminal/  messages, suggestions, progress, signals
//! error.rs   why a command ends without a result
//! hint.rs    which option helps against an error of the library
//! memory.rs  little memory: the end of a process that gets no more
//! ```

// These macros panic if the stream is closed or full. The functions of messages.rs do not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod commands;
mod error;
mod hint;
mod memory;
mod terminal;

use std::env;
use std::process::ExitCode;

use ngram_count::internal::{close_stdout, plain};

use crate::args::Command;
use crate::commands::{Exit, bench, completions, count, files, man, parse, plot, usage};
use crate::error::Error;
use crate::terminal::{closed, interrupt, messages, screen};

fn main() -> ExitCode {
    memory::prepare();
    // Choose colours before the parser writes its messages.
    screen::choose_color(args::color_of(env::args_os()));
    let exit = prepare().and_then(|()| run()).unwrap_or_else(|error| failure(&error));
    // Close standard output last: an error of an earlier write may show only now.
    close_stdout().map_or_else(|error| failure(&error.into()), |()| exit).into()
}

fn prepare() -> Result<(), Error> {
    let prepared = closed::keep_closed().and_then(|()| interrupt::outlive_file_limits());
    prepared.map_err(|error| Error::Usage(format!("can't start: {}", plain(&error))))
}

fn run() -> Result<Exit, Error> {
    let mut cli = match parse::parse() {
        Ok(cli) => cli,
        Err(instead) => return usage::print(&instead),
    };
    let exit = files::resolve(&mut cli).and_then(|()| match &cli.command {
        None => count::run(&cli.count),
        Some(Command::Bench(options)) => bench::run(options),
        Some(Command::Completions { shell }) => completions::run(*shell),
        Some(Command::Man) => man::run(),
        Some(Command::Plot(options)) => plot::run(options),
    });
    exit.or_else(|error| {
        messages::error(&error, &cli.count.files);
        Ok(Exit::Failure)
    })
}

/// Writes an error's message, outside of any command.
fn failure(error: &Error) -> Exit {
    messages::error(error, &[]);
    Exit::Failure
}
