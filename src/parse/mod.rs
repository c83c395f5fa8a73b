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
//! An input has one format. The dispatch is here, once for each chunk, so the compiler makes a loop over the lines for
//! each format, and for all years or some.

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
pub use self::format::Format;
pub(crate) use self::lines::{BYTE_ORDER_MARK, lines};
pub use self::malformed::Malformed;
use self::report::ChunkReport;
use self::rows::columns::{Counts, V1, V2};
use self::rows::map;
pub(crate) use self::rows::search::{READ_WHOLE, lines_of};
pub(crate) use self::run::{Emit, Run};
pub(crate) use self::text::TextOptions;
pub use self::text::Tokens;
use self::year_filter::{All, YearRange};
use crate::filter::words::Needle;
use crate::filter::years::Years;

/// How lines are parsed, whatever their format.
#[derive(Debug, Clone, Default)]
pub(crate) struct ParseOptions {
    /// Leave malformed lines out, instead of ending the count.
    pub(crate) skip_malformed: bool,
    /// The years that count; `None` for all.
    pub(crate) years: Option<Years>,
    /// What to count in text.
    pub(crate) text: TextOptions,
}

impl Format {
    /// Gives each run of lines of one ngram in `chunk`, which holds whole lines, to `emit`, and what was met to
    /// `report`. A malformed line ends the chunk, unless malformed lines are skipped.
    pub(crate) fn map(self, chunk: &[u8], options: &ParseOptions, report: &mut ChunkReport, emit: &mut impl Emit) {
        let skip = options.skip_malformed;
        match (self, options.years) {
            (Self::V1, None) => map::<V1>(chunk, All, skip, report, emit),
            (Self::V1, Some(years)) => map::<V1>(chunk, YearRange::new(years), skip, report, emit),
            (Self::V2, None) => map::<V2>(chunk, All, skip, report, emit),
            (Self::V2, Some(years)) => map::<V2>(chunk, YearRange::new(years), skip, report, emit),
            (Self::V3, None) => v3::map(chunk, All, skip, report, emit),
            (Self::V3, Some(years)) => v3::map(chunk, YearRange::new(years), skip, report, emit),
            (Self::Counts, _) => map::<Counts>(chunk, All, skip, report, emit),
            (Self::Text, _) => text::map(chunk, options.text, report, emit),
        }
    }

    /// As [`Format::map`], for the lines of `needles` alone, where lines have an ngram each; but all of the first `head`
    /// bytes are read.
    pub(crate) fn search(
        self,
        (chunk, head): (&[u8], usize),
        needles: &[Needle],
        options: &ParseOptions,
        report: &mut ChunkReport,
        emit: &mut impl Emit,
    ) {
        let (head, rest) = chunk.split_at(head);
        let skip = options.skip_malformed;
        self.map(head, options, report, emit);
        if report.malformed == 0 || skip {
            let mut searched = ChunkReport::default();
            rows::search::search(rest, needles, skip, &mut searched, |run, report| {
                self.map(run, options, report, emit);
            });
            report.append(searched);
        }
    }
}
