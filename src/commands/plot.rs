//! `plot`, from the options to the exit status.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ngram_count::output::{Destination, Written};
use ngram_count::{Error, Job, Outcome};

use super::Exit;
use crate::cli::{MOST_CELLS, PlotOptions};
use crate::plot::{self, Chart, Look, MOST_LINES};
use crate::progress::Progress;
use crate::screen::Screen;
use crate::{interrupt, report};

/// Counts, and draws the result.
///
/// # Errors
/// When something can't be read or written, or options do not go together; there is no chart then.
pub(crate) fn run(options: &PlotOptions) -> Result<Exit, Error> {
    let start = Instant::now();
    // Before the work, so that what can't be done is known in the first millisecond.
    let job = options.job()?;
    if options.names_no_input() && io::stdin().is_terminal() {
        return Err(Error::Usage(
            "no FILE is named, and standard input is a terminal (name - to type the input)".into(),
        ));
    }
    let plan = options.plan()?;
    if let Some(totals) = options.totals.as_ref().filter(|_| !options.talk.quiet) {
        report::other_version(&options.files, totals);
    }
    if options.draws() {
        check_lines(job.words_asked().len())?;
    }
    super::count::watch()?;
    let svg = options.svg.as_deref().map(Place::check).transpose()?;
    let png = options.png.as_deref().map(Place::check).transpose()?;

    let mut outcome = count(options, job)?;
    for error in &outcome.errors {
        report::error(error, &options.files);
    }
    let chart = Chart::new(&outcome.counts, &plan)?;
    if let Some(chart) = chart.as_ref().filter(|_| !options.talk.quiet) {
        note_missing(chart);
    }
    if options.data {
        let table = plot::data::table(chart.as_ref(), plan.totals.is_some(), options.format.into(), options.header);
        print(&table.unwrap_or_default())?;
    }
    match &chart {
        None => report::say("none of the words occurs"),
        Some(chart) => {
            write_pictures(chart, svg, png)?;
            if options.draws_in_terminal() {
                print(plot::draw(chart, look(options)).as_bytes())?;
            }
        }
    }
    outcome.stats.finish(start.elapsed());
    if !options.talk.quiet {
        report::notes(&outcome.stats, Written::default());
    }
    if let Some(format) = options.talk.stats {
        report::stats(&outcome.stats, format, true);
    }
    Ok(if !outcome.errors.is_empty() {
        Exit::Failure
    } else if chart.is_none() {
        Exit::NotFound
    } else {
        Exit::Success
    })
}

/// More lines than these look alike.
fn check_lines(words: usize) -> Result<(), Error> {
    if words <= MOST_LINES {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "expected at most {MOST_LINES} words in a chart, found {words}; name fewer, or print their numbers with --data"
    )))
}

fn count(options: &PlotOptions, job: Job) -> Result<Outcome, Error> {
    let done = Arc::default();
    let job = job.progress(Arc::clone(&done));
    let _bar = options.shows_progress().then(|| Progress::start(options.talk.progress, job.stored_bytes(), done));
    job.run()
}

/// Says which words are nothing but zeros.
fn note_missing(chart: &Chart) {
    for series in chart.series.iter().filter(|series| !series.occurs) {
        report::say(format_args!("{:?} does not occur", series.name()));
    }
}

/// Where a picture goes. During the count nothing is left there, so that there is nothing to be removed by Ctrl-C.
enum Place<'a> {
    /// A file, which could be written to before the count.
    File(&'a Path),
    /// A pipe or a device, whose reader would take a second opening for another picture.
    Open(Destination),
}

impl<'a> Place<'a> {
    fn check(path: &'a Path) -> Result<Self, Error> {
        let destination = Destination::file(path)?;
        Ok(if destination.temporary().is_some() { Self::File(path) } else { Self::Open(destination) })
    }

    fn write(self, picture: io::Result<Vec<u8>>) -> Result<(), Error> {
        let mut destination = match self {
            Self::Open(destination) => destination,
            Self::File(path) => Destination::file(path)?,
        };
        interrupt::guard(destination.temporary());
        let picture = picture.map_err(|source| destination.error(source))?;
        write_all(&mut destination, &picture)?;
        destination.commit()?;
        interrupt::guard(None);
        Ok(())
    }
}

fn write_pictures(chart: &Chart, svg: Option<Place<'_>>, png: Option<Place<'_>>) -> Result<(), Error> {
    if svg.is_none() && png.is_none() {
        return Ok(());
    }
    let picture = plot::svg(chart);
    if let Some(png) = png {
        let text = picture.as_ref().map_err(|error| io::Error::other(error.to_string()));
        png.write(text.and_then(|text| plot::png(text)))?;
    }
    match svg {
        Some(svg) => svg.write(picture.map(String::into_bytes)),
        None => Ok(()),
    }
}

fn print(text: &[u8]) -> Result<(), Error> {
    write_all(&mut Destination::stdout()?, text)
}

/// The reader of a pipe may have what it wanted, as in `| head`.
fn write_all(destination: &mut Destination, text: &[u8]) -> Result<(), Error> {
    match destination.write_all(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(destination.error(error)),
        _ => Ok(()),
    }
}

/// What the terminal has, or what was asked for in its place. The prompt gets a line.
fn look(options: &PlotOptions) -> Look {
    const MOST_LINES: usize = 40;
    let screen = Screen::of_stdout();
    Look {
        width: options.width.unwrap_or(screen.width.min(MOST_CELLS)),
        height: options.height.unwrap_or((screen.height - 1).min(MOST_LINES)),
        is_colored: screen.is_colored,
        has_unicode: screen.has_unicode && !options.ascii,
    }
}
