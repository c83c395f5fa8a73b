//! Runs the count, from the options to the exit status.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use clap::CommandFactory;
use ngram_count::internal::{is_table_url, printable, unless_reader_is_gone};
use ngram_count::write::{Column, Destination, OutputCompression, OutputFormat, OutputOptions};
use ngram_count::{By, Format, Input, Job, Outcome, Totals};

use super::{Exit, empty, job, shares, threads, totals, watch};
use crate::args::{Cli, CountOptions, ResultOptions};
use crate::error::Error;
use crate::terminal::{hadoop, messages, progress, spelling};

/// Counts, and writes the result.
///
/// # Errors
/// When something can't be read or written, or options contradict each other. The command then writes no result.
pub(crate) fn run(options: &CountOptions) -> Result<Exit, Error> {
    let start = Instant::now();
    if options.names_no_input() && io::stdin().is_terminal() {
        messages::say(job::NO_INPUT);
        messages::line(format_args!("\n{}\n\nTry 'ngram-count --help'.", Cli::command().render_usage()));
        return Ok(Exit::Failure);
    }
    // Open the destination before the work, so that a result that can't be written gives an error in the first
    // millisecond.
    let output_options = output_options(options)?;
    if !options.messages.quiet {
        totals::warn_of_other_version(&options.files, &options.result.totals);
    }
    watch()?;
    let mut destination = match &options.result.output {
        None => Destination::stdout()?,
        Some(name) => Destination::from_name(name, &output_options)?,
    };
    let totals = totals::destination(options.result.write_totals.as_deref(), &destination)?;
    let job = job_of(options, &output_options)?;
    // The threads that count also write: at the limit of the system, no others would start.
    let pool = threads::start(&job, options.work.threads())?;
    let is_reported = hadoop::is_reported(options.counters);
    let done = Arc::default();
    let status = is_reported.then(|| progress::start_status(job.stored_bytes(), Arc::clone(&done)));
    let mut outcome = job::run(job, &pool, &options.files, &options.messages, done)?;
    if !options.result.totals.is_empty() && options.dates.year_from.is_none() {
        totals::refuse_text(&outcome.stats)?;
    }
    messages::errors(&outcome.errors, &options.files);
    let written = pool.install(|| destination.write_result(&outcome.counts, &output_options));
    let written = unless_reader_is_gone(written).map_err(|source| destination.error(source))?;
    commit(destination, totals, &outcome)?;
    drop(status);

    if !options.messages.quiet {
        options.work.note_threads();
        messages::notes(&outcome.stats, written.unwrap_or_default());
        totals::note_lacking(outcome.beyond_totals.as_ref());
        if options.asks_for_words() {
            spelling::notes(&outcome, options.words.ignore_case);
        }
        shares::note_coverage(&options.lines, outcome.is_covered);
        empty::notes(&outcome, options);
        shares::note_books(&outcome.stats, options, &output_options);
    }
    if let Some(format) = options.messages.stats {
        outcome.stats.finish(start.elapsed());
        messages::stats(&outcome.stats, format, shares::is_lookup(options, &output_options));
    }
    if is_reported {
        hadoop::counters(&outcome.stats);
    }
    let exit = exit_of(&outcome, is_reported);
    // Freeing a large table takes longer than ending the process, even on all threads.
    std::mem::forget(outcome);
    Ok(exit)
}

/// Shows the result, and the totals of the texts if they are asked for: both or, after an error, none.
fn commit(destination: Destination, totals: Option<Destination>, outcome: &Outcome) -> Result<(), Error> {
    let Some(mut totals) = totals else { return Ok(destination.commit()?) };
    totals.write_all(&Totals::text(&outcome.own_totals)).map_err(|source| totals.error(source))?;
    destination.sync()?;
    totals.sync()?;
    destination.commit()?;
    Ok(totals.commit()?)
}

/// The format and the columns of the result.
///
/// # Errors
/// For a file of totals with text, for columns without a meaning, and for a table in another format.
fn output_options(options: &CountOptions) -> Result<OutputOptions, Error> {
    let CountOptions { result, lines, .. } = options;
    let is_text = matches!(options.input.input_format.0, Some(Format::Text));
    let has_totals = !result.totals.is_empty();
    let are_dated = options.dates.year_from.is_some();
    if has_totals && !are_dated && (is_text || options.text.are_given()) {
        return Err(Error::Usage(totals::NO_TEXT.into()));
    }
    if has_totals && lines.by == By::File {
        let why = "--totals can't be combined with --by file: total counts are those of years, not of files";
        return Err(Error::Usage(why.into()));
    }
    check_table_options(result)?;
    lines.check_order(options.asks_for_words())?;
    let mut output = OutputOptions::new(result.format);
    output.header = result.header;
    output.compression = compression(result)?;
    output.columns.clone_from(&result.columns);
    (output.bom, output.wide) = (result.bom, result.wide);
    if result.bom && result.format != OutputFormat::Csv {
        return Err(Error::Usage("--bom needs --format csv, which Excel opens".into()));
    }
    let compares = !options.against.is_empty() || options.rise.is_some();
    if compares && (has_totals || lines.by != By::Word) {
        return Err(ngram_count::Error::Comparison.into());
    }
    if result.wide {
        if result.columns.is_empty() {
            output.columns = Column::wide_defaults(has_totals);
        }
        Column::check_wide(&output.columns, lines.by, has_totals)?;
        return Ok(output);
    }
    if result.columns.is_empty() && compares {
        output.columns = Column::comparison_defaults();
    } else if result.columns.is_empty() {
        output.columns = Column::defaults(lines.by);
        output.columns.extend(has_totals.then_some(Column::PerMillion));
    }
    Column::check(&output.columns, lines.by, has_totals)?;
    Column::check_comparison(output.columns.iter().copied().chain(lines.measured_columns()), compares)?;
    Ok(output)
}

/// The compression that the name of the output asks for.
///
/// # Errors
/// For a name of another compression, under which a plain file would be a riddle; and for compressed totals.
fn compression(result: &ResultOptions) -> Result<Option<OutputCompression>, Error> {
    let totals = result.write_totals.as_deref();
    let is_compressed = |ending| WRITTEN.contains(&ending) || NOT_WRITTEN.contains(&ending);
    if let Some(name) = totals.filter(|name| ending(name).is_some_and(is_compressed)) {
        let name = printable(name.as_os_str());
        return Err(Error::Usage(format!("{name}: totals are written plain; name the file .txt")));
    }
    let Some(name) = result.output.as_ref().filter(|name| !is_table_url(name.as_os_str())) else { return Ok(None) };
    match ending(name).filter(|ending| NOT_WRITTEN.contains(ending)) {
        Some(ending) => {
            let name = printable(name.as_os_str());
            Err(Error::Usage(format!(
                "{name}: a result is compressed with gzip or zstd; name it .gz or .zst, not .{ending}"
            )))
        }
        None => Ok(OutputCompression::of_name(name)),
    }
}

/// The endings of compressed files that a result can be written to, and of others.
const WRITTEN: [&str; 2] = ["gz", "zst"];
const NOT_WRITTEN: [&str; 3] = ["bz2", "xz", "zip"];

fn ending(name: &Path) -> Option<&str> {
    name.extension().and_then(OsStr::to_str)
}

/// Checks that a result for a table has neither a format nor a header, and no columns of years. A program without
/// PostgreSQL says later that it writes no tables at all.
///
/// # Errors
/// For another format than TSV, for a header, and for `--wide`.
fn check_table_options(result: &ResultOptions) -> Result<(), Error> {
    let is_table = result.output.as_ref().is_some_and(|name| is_table_url(name.as_os_str()));
    if is_table && result.wide && cfg!(feature = "postgres") {
        let why = "--wide can't be combined with --output to a table, whose columns must be known before the count";
        return Err(Error::Usage(why.into()));
    }
    let refused = match (result.format, result.header) {
        (OutputFormat::Tsv, false) => return Ok(()),
        (OutputFormat::Tsv, true) => "--header",
        _ => "--format",
    };
    if is_table && cfg!(feature = "postgres") {
        return Err(Error::Usage(format!("{refused} can't be combined with --output to a table, which has neither")));
    }
    Ok(())
}

/// The job for the library.
///
/// # Errors
/// When a list of words or the file of totals can't be read.
fn job_of(options: &CountOptions, output: &OutputOptions) -> Result<Job, Error> {
    let job = match &options.range {
        Some(range) => job::of_part(&options.files, range)?,
        None => job::of_files(&options.files),
    };
    let job = options.against.iter().fold(job, |job, name| job.against(Input::from_name(name)));
    let job = options.rise.iter().fold(job, |job, [before, after]| job.rise(*before, *after, options.min_volumes));
    let job = options.input.apply(job);
    let job = options.text.apply(job)?;
    let job = options.dates.apply(job)?.count_totals(options.result.write_totals.is_some());
    let job = options.words.apply(job)?;
    let job = options.patterns.apply(job)?;
    let job = options.lines.apply(job)?;
    let mut job = options.work.apply(job);
    // Read the files even if no column needs them, so that the user learns of their errors.
    let totals = totals::read(&options.result.totals)?;
    if output.columns.iter().copied().chain(options.lines.measured_columns()).any(Column::uses_totals) {
        job = totals.into_iter().fold(job, Job::totals);
    }
    Ok(job.columns(output.columns.iter().copied()))
}

/// The exit status. Hadoop, to which counters are reported, takes 1 for a failed task; the words that a task lacks may be
/// in another.
fn exit_of(outcome: &Outcome, is_reported: bool) -> Exit {
    if !outcome.errors.is_empty() {
        Exit::Failure
    } else if outcome.no_word_occurs && !is_reported {
        Exit::NotFound
    } else {
        Exit::Success
    }
}
