//! Runs `plot`, from the options to the exit status.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use ngram_count::write::{Destination, Written};
use ngram_count::{By, Job, Stats};

use crate::args::{MAX_CELLS, PlotOptions};
use crate::commands::plot::{self, Chart, MAX_LINES, Plan};
use crate::commands::results::{check_places, put_all};
use crate::commands::{Exit, job, threads, totals, watch};
use crate::error::Error;
use crate::terminal::screen::Screen;
use crate::terminal::{messages, spelling};

/// Counts, and draws the result.
///
/// # Errors
/// When something can't be read or written, or options contradict each other. The command then draws no chart.
pub(crate) fn run(options: &PlotOptions) -> Result<Exit, Error> {
    let start = Instant::now();
    // Check the options before the work, so that wrong options give an error in the first millisecond.
    let job = job_of(options)?;
    if options.names_no_input() && io::stdin().is_terminal() {
        return Err(Error::Usage(job::NO_INPUT.into()));
    }
    let totals = totals::read(&options.totals)?;
    let job = totals.iter().cloned().fold(job, Job::totals);
    let plan = Plan::new(options.words.years, totals, options.smooth)?;
    if !options.messages.quiet {
        totals::warn_of_other_version(&options.files, &options.totals);
    }
    if options.draws() {
        check_lines(job.words_asked().len())?;
    }
    watch()?;
    let outputs = Outputs::open(options)?;

    let pool = threads::start(&job, options.work.threads())?;
    let mut outcome = job::run(job, &pool, &options.files, &options.messages, Arc::default())?;
    messages::errors(&outcome.errors, &options.files);
    let chart = Chart::new(&outcome.counts, &plan)?;
    if let Some(chart) = chart.as_ref().filter(|_| !options.messages.quiet) {
        note_missing(chart, &outcome.stats, options.words.ignore_case);
    }
    if chart.is_none() {
        messages::say("none of the words occurs");
    }
    put_all(outputs.filled_with(chart.as_ref(), &plan, options)?)?;
    outcome.stats.finish(start.elapsed());
    if !options.messages.quiet {
        options.work.note_threads();
        messages::notes(&outcome.stats, Written::default());
        totals::note_lacking(outcome.beyond_totals.as_ref());
    }
    if let Some(format) = options.messages.stats {
        messages::stats(&outcome.stats, format, true);
    }
    Ok(if !outcome.errors.is_empty() {
        Exit::Failure
    } else if chart.is_none() {
        Exit::NotFound
    } else {
        Exit::Success
    })
}

/// Checks that a chart does not have too many lines to read.
fn check_lines(words: usize) -> Result<(), Error> {
    if words <= MAX_LINES {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "expected at most {MAX_LINES} words in a chart, found {words}; name fewer, or print their numbers with --data"
    )))
}

/// The job that counts the words of a chart.
///
/// # Errors
/// When the user asks for no words, a list of words can't be read, or options contradict each other.
fn job_of(options: &PlotOptions) -> Result<Job, Error> {
    if !options.draws_in_terminal() && (options.width.is_some() || options.height.is_some() || options.ascii) {
        return Err(Error::Usage(
            "--width, --height and --ascii are for the chart in the terminal: pictures have one size, and --data has none"
                .into(),
        ));
    }
    if !options.words.are_named() {
        return Err(Error::Usage(
            "which words are to be drawn? Name them with --word WORD, again and again, or --words-from FILE".into(),
        ));
    }
    let job = options.text.apply(options.input.apply(job::of_files(&options.files)))?;
    let job = options.dates.apply(job)?;
    Ok(options.work.apply(options.words.apply(job)?).each_word_once().by(By::Year).without_volumes())
}

/// Writes a note about words that do not occur.
fn note_missing(chart: &Chart, stats: &Stats, ignores_case: bool) {
    for series in chart.series.iter().filter(|series| !series.occurs) {
        let name = series.name();
        let form = spelling::other_form(&name, stats, ignores_case).unwrap_or_default();
        messages::say(format_args!("{name:?} does not occur{form}"));
    }
}

/// The destinations of the chart.
struct Outputs {
    svg: Option<Destination>,
    png: Option<Destination>,
    /// Standard output, for the data or for the chart in the terminal.
    stdout: Option<Destination>,
}

impl Outputs {
    /// Opens all destinations before the count.
    fn open(options: &PlotOptions) -> Result<Self, Error> {
        let file = |path: &Option<PathBuf>| path.as_deref().map(Destination::file).transpose();
        let (svg, png) = (file(&options.svg)?, file(&options.png)?);
        let prints = options.data || options.draws_in_terminal();
        let stdout = prints.then(Destination::stdout).transpose()?;
        check_places(svg.iter().chain(&png), stdout.as_ref())?;
        Ok(Self { svg, png, stdout })
    }

    /// The destinations, each with its content. There are no pictures if no word occurs.
    fn filled_with(
        self,
        chart: Option<&Chart>,
        plan: &Plan,
        options: &PlotOptions,
    ) -> Result<Vec<(Destination, Vec<u8>)>, Error> {
        let Self { svg, png, stdout } = self;
        let mut results = Vec::new();
        if let Some(stdout) = stdout {
            let text = if options.data {
                plot::data::table(chart, plan.totals.is_some(), options.format, options.header)
            } else {
                Ok(chart.map_or_else(String::new, |chart| plot::draw(chart, &screen(options))).into_bytes())
            };
            let text = text.map_err(|source| stdout.error(source))?;
            results.push((stdout, text));
        }
        let Some(chart) = chart.filter(|_| svg.is_some() || png.is_some()) else { return Ok(results) };
        let picture = plot::svg(chart);
        if let Some(png) = png {
            let text = picture.as_ref().map_err(|error| io::Error::other(error.to_string()));
            let picture = text.and_then(|text| plot::png(text)).map_err(|source| png.error(source))?;
            results.push((png, picture));
        }
        if let Some(svg) = svg {
            let picture = picture.map_err(|source| svg.error(source))?;
            results.push((svg, picture.into_bytes()));
        }
        Ok(results)
    }
}

/// The terminal's size and characters, or those of the options. One line stays free for the prompt.
fn screen(options: &PlotOptions) -> Screen {
    const MAX_HEIGHT: usize = 40;
    let screen = Screen::of_stdout();
    Screen {
        width: options.width.unwrap_or(screen.width.min(MAX_CELLS)),
        height: options.height.unwrap_or((screen.height - 1).min(MAX_HEIGHT)),
        is_colored: screen.is_colored,
        has_unicode: screen.has_unicode && !options.ascii,
    }
}
