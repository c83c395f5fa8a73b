//! The parser: takes chunks of whole lines, and gives runs of rows of one ngram.
//!
//! | files | what they are for |
//! |---|---|
//! | `format`, `detect` | the input formats, and which of them an input has |
//! | `rows/` | v1, v2 and counts: a line for each row |
//! | `v3/` | v3: all years of an ngram in one line |
//! | `text/` | running text: words and N-grams |
//! | `layout`, `digits`, `year_filter` | how the fast paths find and add the counts |
//! | `run`, `report`, `malformed` | what comes out |
//!
//! An input has one format. This file dispatches on it once for each chunk, so the compiler makes a separate loop over
//! the lines for each format, with and without a year filter.

mod detect;
mod digits;
mod format;
mod layout;
mod lines;
mod malformed;
pub(crate) mod report;
mod rows;
mod run;
mod text;
mod v3;
mod year_filter;

pub(crate) use self::detect::{Guess, detect, is_table};
pub(crate) use self::digits::parse_field;
pub use self::format::Format;
pub(crate) use self::lines::{BYTE_ORDER_MARK, lines, numbered_lines};
pub use self::malformed::Malformed;
use self::report::ChunkReport;
use self::rows::columns::{EarlierCounts, V1, V2, WithoutVolumes};
use self::rows::numbers::numbers;
#[cfg(feature = "unstable-stages")]
pub(crate) use self::rows::search::ALWAYS_PARSED;
use self::rows::search::{always_parsed, find_runs, line_count, line_ends};
pub(crate) use self::run::{Emit, Run};
pub use self::text::Tokens;
pub(crate) use self::text::ngrams::NgramLen;
pub(crate) use self::text::seams::Seams;
pub use self::text::within::Within;
pub(crate) use self::text::wrapped::looks_wrapped;
pub(crate) use self::text::{TextOptions, Tokenizer};
use self::year_filter::{All, YearRange};
use crate::filter::words::Needle;
use crate::filter::years::Years;

/// Settings of the parser, for all formats.
#[derive(Debug, Clone, Default)]
pub(crate) struct ParseOptions {
    /// Whether to leave out malformed lines, instead of ending the run.
    pub(crate) skip_malformed: bool,
    /// The years that count; `None` for all years.
    pub(crate) years: Option<Years>,
    /// Settings for text.
    pub(crate) text: TextOptions,
}

/// Whole lines of one input, and the settings for parsing them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines<'a> {
    pub(crate) text: &'a [u8],
    /// The offset of the text in its decompressed input, in bytes.
    pub(crate) offset: u64,
    pub(crate) format: Format,
    /// Whether the input can be read again. If so, a search counts no lines: the reader counts the lines before a
    /// malformed one later.
    pub(crate) can_be_reread: bool,
    pub(crate) options: &'a ParseOptions,
}

/// Gives each run of lines of one ngram to `sink`, and returns a report of the lines. A malformed line ends the
/// parsing, unless the options skip malformed lines.
///
/// With `needles`, `sink` gets the runs of these words, and perhaps of others: the parser then searches most lines
/// instead of parsing them. It always parses text, because a line of text holds many words.
pub(crate) fn parse(lines: &Lines<'_>, needles: Option<&[Needle]>, sink: &mut impl Emit) -> ChunkReport {
    let Lines { text, format, options, .. } = *lines;
    let mut report = ChunkReport { bytes: text.len() as u64, ..ChunkReport::default() };
    sink.begin(format);
    match needles {
        Some(needles) if format != Format::Text => search(lines, needles, &mut report, sink),
        _ => format.parse(text, options, &mut report, sink),
    }
    report
}

/// Parses the lines of `needles`, and all lines of the input's first bytes.
fn search(lines: &Lines<'_>, needles: &[Needle], report: &mut ChunkReport, sink: &mut impl Emit) {
    let Lines { text, format, options, .. } = *lines;
    let (head, rest) = text.split_at(always_parsed(text, lines.offset));
    format.parse(head, options, report, sink);
    let is_over = |report: &ChunkReport| report.malformed > 0 && !options.skip_malformed;
    let runs = if is_over(report) { Vec::new() } else { find_runs(rest, needles) };
    for run in runs {
        let before = run.start;
        let mut found = ChunkReport::default();
        format.parse(&rest[run], options, &mut found, sink);
        // The search counts no lines between the runs, so the number of lines within a run is useless.
        found.lines = 0;
        if found.malformed > 0 && report.malformed == 0 {
            found.lines_before = Some(report.lines + line_ends(&rest[..before]));
        }
        report.append(found);
        if is_over(report) {
            break;
        }
    }
    if !lines.can_be_reread {
        report.lines += line_count(rest);
    }
}

/// The one place that chooses the parser of a format.
impl Format {
    /// Gives each run of lines of one ngram in `chunk`, which holds whole lines, to `sink`, and adds the lines to
    /// `report`. A malformed line ends the chunk, unless the options skip malformed lines.
    fn parse(self, chunk: &[u8], options: &ParseOptions, report: &mut ChunkReport, sink: &mut impl Emit) {
        let skip = options.skip_malformed;
        match (self, options.years) {
            (Self::V1, None) => rows::parse::<V1, _>(chunk, All, skip, report, sink),
            (Self::V1, Some(years)) => rows::parse::<V1, _>(chunk, YearRange::new(years), skip, report, sink),
            (Self::V2, None) => rows::parse::<V2, _>(chunk, All, skip, report, sink),
            (Self::V2, Some(years)) => rows::parse::<V2, _>(chunk, YearRange::new(years), skip, report, sink),
            (Self::V3, None) => v3::parse(chunk, All, skip, report, sink),
            (Self::V3, Some(years)) => v3::parse(chunk, YearRange::new(years), skip, report, sink),
            (Self::Counts, _) => rows::parse::<EarlierCounts, _>(chunk, All, skip, report, sink),
            (Self::Text, _) => text::parse(chunk, &options.text, report, sink),
        }
    }

    /// Adds the year, match_count and volume_count of each row of a run to `rows`. Without `volumes`, volume_counts are
    /// 0. Formats without years have no such rows.
    #[inline]
    pub(crate) fn rows(self, run: &Run<'_>, volumes: bool, rows: &mut impl Extend<[u64; 3]>) {
        match (self, volumes) {
            (Self::V1, true) => rows.extend(numbers::<V1>(run)),
            (Self::V1, false) => rows.extend(numbers::<WithoutVolumes<V1>>(run)),
            (Self::V2, true) => rows.extend(numbers::<V2>(run)),
            (Self::V2, false) => rows.extend(numbers::<WithoutVolumes<V2>>(run)),
            (Self::V3, true) => v3::years::each_year(run, |row| rows.extend([row])),
            (Self::V3, false) => v3::years::each_year(run, |[year, count, _]| rows.extend([[year, count, 0]])),
            (Self::Counts | Self::Text, _) => {}
        }
    }
}
