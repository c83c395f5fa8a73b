//! The `ngram-count` command: parses the command line, runs the job, and turns what happened into an exit status.

// They panic where the stream is closed or full; report.rs has what does not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod cli;
mod interrupt;
mod progress;
mod report;

use std::io::{self, ErrorKind, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::{CommandFactory, Parser};
use ngram_count::output::{self, Destination, Written};
use ngram_count::{Error, Outcome};

use crate::cli::Cli;
use crate::progress::Progress;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// All was counted and written.
    Success,
    /// Words were asked for, and none occurs.
    NotFound,
    /// Something was wrong; it has been said.
    Failure,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::NotFound => 1,
            Exit::Failure => 2,
        })
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
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
    let start = Instant::now();
    if cli.names_no_input() && io::stdin().is_terminal() {
        report::say("no FILE is named, and standard input is a terminal (name - to type the input)\n");
        report::line(format_args!("{}\n\nTry 'ngram-count --help'.", Cli::command().render_usage()));
        return Ok(Exit::Failure);
    }
    // Before the work, so that what can't be written is known in the first millisecond.
    let form = cli.form()?;
    let mut destination = open(cli)?;
    let mut outcome = count(cli)?;
    for error in &outcome.errors {
        report::say(error);
    }
    let written = match output::write(&outcome.counts, &form, &mut destination) {
        // The reader of the pipe has what it wanted, as in `| head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Written::default(),
        written => written.map_err(|source| destination.error(source))?,
    };
    destination.commit()?;
    interrupt::guard(None);

    outcome.stats.finish(start.elapsed());
    if !cli.quiet {
        report::notes(&outcome.stats, written);
    }
    if let Some(format) = cli.stats {
        report::stats(&outcome.stats, format);
    }
    let exit = exit_of(&outcome);
    // Freeing a large table word by word takes longer than ending the process.
    std::mem::forget(outcome);
    Ok(exit)
}

fn open(cli: &Cli) -> Result<Destination, Error> {
    let Some(path) = &cli.output else { return watch().and_then(|()| Destination::stdout()) };
    watch()?;
    let destination = Destination::file(path)?;
    interrupt::guard(destination.temporary());
    Ok(destination)
}

fn watch() -> Result<(), Error> {
    interrupt::watch()
        .and_then(|()| ngram_count::map::end_when_a_file_shrinks())
        .map_err(|error| Error::Usage(format!("can't wait for signals: {error}")))
}

fn count(cli: &Cli) -> Result<Outcome, Error> {
    let done = Arc::default();
    let job = cli.job()?.progress(Arc::clone(&done));
    let _bar = cli.shows_progress().then(|| Progress::start(cli.progress, job.stored_bytes(), done));
    job.run()
}

fn exit_of(outcome: &Outcome) -> Exit {
    if !outcome.errors.is_empty() {
        Exit::Failure
    } else if outcome.all_missing {
        Exit::NotFound
    } else {
        Exit::Success
    }
}
