//! Runs the bench, from the options to the exit status.

use std::env;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use ngram_count::internal::plain;
use ngram_count::write::{self, Destination, OutputFormat, OutputOptions};
use ngram_count::{Job, Note};

use crate::args::BenchOptions;
use crate::commands::bench::advice::Advice;
use crate::commands::bench::answer::Answer;
use crate::commands::bench::axis::Axis;
use crate::commands::bench::export::Export;
use crate::commands::bench::machine::Usage;
use crate::commands::bench::measured::Measured;
use crate::commands::bench::point::Point;
use crate::commands::bench::report::{Inputs, Report};
use crate::commands::bench::statistics::Summary;
use crate::commands::bench::sweep::{Sweep, TimedRun};
use crate::commands::bench::warnings::{Circumstances, warnings};
use crate::commands::bench::{command_line, plan, table};
use crate::commands::results::{check_places, put, put_all};
use crate::commands::{Exit, map_files, threads, watch};
use crate::error::Error;
use crate::terminal::messages;
use crate::terminal::progress::{self, Progress};
use crate::terminal::screen::Screen;

/// Measures, and writes the report.
///
/// # Errors
/// When something can't be read or written, options contradict each other, or two runs have different answers.
pub(crate) fn run(options: &BenchOptions) -> Result<Exit, Error> {
    let (runs, warmup) = (options.runs, options.warmup);
    let (axes, points) = plan::grid(options);
    let sweep = Sweep { axes, points, runs, warmup };
    watch()?;
    let job = plan::job(options)?;
    map_files(&job)?;
    // Open the exports before the work, so that a file that can't be written gives an error in the first millisecond.
    let exports = Export::open_all(options)?;
    let table = destination_of_table(&exports)?;
    let measured = measure(&sweep, job, options)?;

    let results = Measured::all(&sweep.axes, &sweep.points, measured.times, &measured.inputs.answer);
    let warnings = warnings(&results, &sweep.axes, &measured.circumstances, warmup);
    let advice = Advice::of(&results, &sweep.axes, Point::usual());
    let Sweep { axes, .. } = sweep;
    let command = axes.has_tables.then(|| command_line::of(env::args_os(), &advice.options)).flatten();
    let report = Report { inputs: measured.inputs, axes, runs, warmup, results, advice, command, warnings };
    if let Some(destination) = table {
        put(destination, table::render(&report, &Screen::of_stdout()).into_bytes())?;
    }
    put_all(exports.into_iter().map(|export| export.render(&report)).collect::<Result<_, _>>()?)?;
    if !options.quiet {
        report.warnings.iter().for_each(messages::say);
    }
    Ok(if measured.is_incomplete { Exit::Failure } else { Exit::Success })
}

/// Standard output for the table; `None` if an export goes there instead.
///
/// # Errors
/// When standard output can't be written, or two results go to one place.
fn destination_of_table(exports: &[Export]) -> Result<Option<Destination>, Error> {
    let files = exports.iter().map(|export| &export.destination);
    let has_table = !files.clone().any(Destination::is_stdout);
    let table = has_table.then(Destination::stdout).transpose()?;
    check_places(files, table.as_ref())?;
    Ok(table)
}

/// The measurements of all runs.
struct Measurements {
    times: Vec<Summary>,
    inputs: Inputs,
    circumstances: Circumstances,
    /// Whether an input could not be read, with `--keep-going`. A message has told the error.
    is_incomplete: bool,
}

/// The observations during the runs.
#[derive(Default)]
struct Observations {
    inputs: Option<Inputs>,
    is_incomplete: bool,
    circumstances: Circumstances,
    /// The counters at the beginning of the first measured run.
    start: Option<Usage>,
}

/// The maximum part of the input that a run may read from a disk without counting as cold.
const MAX_WARM: f64 = 0.02;

fn is_cold(disk_bytes: u64, stored_bytes: u64) -> bool {
    disk_bytes as f64 > MAX_WARM * stored_bytes as f64
}

fn measure(sweep: &Sweep, job: Job, options: &BenchOptions) -> Result<Measurements, Error> {
    let done = Arc::<AtomicU64>::default();
    let total_runs = sweep.total_runs();
    let stored = job.stored_bytes();
    let total = stored.and_then(|bytes| bytes.checked_mul(total_runs as u64));
    let job = job.progress(Arc::clone(&done));
    let bar = Progress::start(options.progress(), total, done);
    let mut observed = Observations::default();
    let times = sweep.measure(|number, point| {
        progress::note(&format!("{number}/{total_runs}: {}", sweep.axes.describe(point)));
        let before = Usage::now();
        let is_measured = number > sweep.warmup;
        if is_measured {
            observed.start.get_or_insert(before);
        }
        let run = count(&job, point, &mut observed)?;
        let disk_bytes = Usage::now().disk_bytes.zip(before.disk_bytes).map_or(0, |(now, before)| now - before);
        let is_cold = is_cold(disk_bytes, stored.unwrap_or(u64::MAX));
        observed.circumstances.measured_runs += usize::from(is_measured);
        observed.circumstances.cold_runs += usize::from(is_measured && is_cold);
        Ok(run)
    })?;
    drop(bar);
    let mut circumstances = observed.circumstances;
    circumstances.others = observed.start.and_then(|start| Usage::now().others_since(&start));
    if sweep.axes.has_tables {
        // A server on this machine is such another program, and has its part in the work.
        circumstances.others = None;
    }
    let inputs = observed.inputs.unwrap_or_default();
    Ok(Measurements { times, inputs, circumstances, is_incomplete: observed.is_incomplete })
}

/// Does one run: counts as the command does, makes the result, and throws it away. The time ends before we compare the
/// answers and free the memory.
fn count(job: &Job, point: Point, observed: &mut Observations) -> Result<TimedRun, Error> {
    let job = point.apply(job.clone());
    let start = Instant::now();
    let pool = threads::start(&job, point.get(Axis::Threads))?;
    let outcome = job.run_in(&pool)?;
    let options = OutputOptions::new(OutputFormat::Tsv);
    pool.install(|| write::write(&outcome.counts, &options, &mut io::sink())).map_err(|error| {
        error.downcast().map_or_else(|error| Error::Usage(format!("the result: {}", plain(&error))), Error::Library)
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let mut notes = outcome.stats.inputs.iter().flat_map(|input| &input.notes);
    if let Some(note) = notes.find(|note| matches!(note, Note::FewerConnections { .. })) {
        observed.circumstances.fewer_connections.get_or_insert(*note);
    }
    let answer = Answer::of(&outcome).map_err(|error| Error::Usage(error.to_string()))?;
    if observed.inputs.is_none() {
        observed.inputs = Some(Inputs::of(&outcome.stats, answer));
        observed.is_incomplete = !outcome.errors.is_empty();
        messages::errors(&outcome.errors, &[]);
    }
    Ok(TimedRun { seconds, answer })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_is_cold_beyond_two_hundredths_of_the_input() {
        for (disk_bytes, expected) in [(0, false), (20_000, false), (20_001, true), (1_000_000, true)] {
            assert_eq!(is_cold(disk_bytes, 1_000_000), expected, "{disk_bytes}");
        }
        assert!(!is_cold(1 << 40, u64::MAX), "of a stream, no size is known");
    }
}
