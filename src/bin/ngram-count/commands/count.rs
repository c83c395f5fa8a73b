//! The count, from the options to the exit status.

use std::io::{self, ErrorKind, IsTerminal};
use std::sync::Arc;
use std::time::Instant;

use clap::CommandFactory;
use ngram_count::Outcome;
use ngram_count::internal::plain;
use ngram_count::write::{self, Destination, Written};

use super::Exit;
use crate::args::{self, Cli, CountOptions};
use crate::error::Error;
use crate::terminal::progress::Progress;
use crate::{interrupt, report};

/// Counts, and writes the result.
///
/// # Errors
/// When something can't be read or written, or options do not go together; there is no result then.
pub(crate) fn run(options: &CountOptions) -> Result<Exit, Error> {
    let start = Instant::now();
    if options.names_no_input() && io::stdin().is_terminal() {
        report::say("no FILE is named, and standard input is a terminal (name - to type the input)");
        report::line(format_args!("\n{}\n\nTry 'ngram-count --help'.", Cli::command().render_usage()));
        return Ok(Exit::Failure);
    }
    // Before the work, so that what can't be written is known in the first millisecond.
    let form = options.form()?;
    if let Some(totals) = options.form.totals.as_ref().filter(|_| !options.talk.quiet) {
        report::other_version(&options.files, totals);
    }
    let mut destination = open(options)?;
    let mut outcome = count(options)?;
    if options.form.totals.is_some() {
        args::refuse_text(&outcome.stats)?;
    }
    report::errors(&outcome.errors, &options.files);
    let written = match write::write(&outcome.counts, &form, &mut destination) {
        // The reader of the pipe has what it wanted, as in `| head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Written::default(),
        written => written.map_err(|source| destination.error(source))?,
    };
    destination.commit()?;

    if !options.talk.quiet {
        report::notes(&outcome.stats, written);
    }
    if let Some(format) = options.talk.stats {
        outcome.stats.finish(start.elapsed());
        report::stats(&outcome.stats, format, options.asks_for_words());
    }
    let exit = exit_of(&outcome);
    // To free a large table takes longer than to end the process, even on all threads.
    std::mem::forget(outcome);
    Ok(exit)
}

fn open(options: &CountOptions) -> Result<Destination, Error> {
    watch()?;
    Ok(options.form.output.as_deref().map_or_else(Destination::stdout, Destination::file)?)
}

/// Waits for the signals that end a run, so that nothing unfinished is left behind.
///
/// # Errors
/// When the system does not let it.
pub(super) fn watch() -> Result<(), Error> {
    interrupt::watch()
        .and_then(|()| ngram_count::mmap::enable())
        .map_err(|error| Error::Usage(format!("can't wait for signals: {}", plain(&error))))
}

fn count(options: &CountOptions) -> Result<Outcome, Error> {
    let done = Arc::default();
    let job = options.job()?.progress(Arc::clone(&done));
    let _bar = options.shows_progress().then(|| Progress::start(options.talk.progress, job.stored_bytes(), done));
    Ok(job.run()?)
}

fn exit_of(outcome: &Outcome) -> Exit {
    if !outcome.errors.is_empty() {
        Exit::Failure
    } else if outcome.no_word_occurs {
        Exit::NotFound
    } else {
        Exit::Success
    }
}
