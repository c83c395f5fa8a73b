//! Formats with a line for each ngram and year, or for each ngram: their columns, and the full parser of a line.

use std::marker::PhantomData;

use memchr::memchr;

use crate::parse::digits::parse_field;
use crate::parse::layout::{Layout, layouts};
use crate::parse::malformed::Malformed;
use crate::parse::year_filter::YearFilter;

/// The columns of a format. The first is the ngram; all others are numbers.
pub(crate) trait Columns {
    /// The columns' names.
    const NAMES: &'static [&'static str];
    /// The index of the column whose numbers are summed.
    const COUNTED: usize;
    /// The index of the year.
    const YEAR: Option<usize>;
    /// The index of the volume_count.
    const VOLUMES: Option<usize>;
    /// The position of the counted number, for each pattern of separators among 16 bytes.
    const LAYOUTS: &'static [Layout; 1 << 16];
}

/// Version 20090715.
pub(crate) struct V1;
impl Columns for V1 {
    const NAMES: &'static [&'static str] = &["ngram", "year", "match_count", "page_count", "volume_count"];
    const COUNTED: usize = 2;
    const YEAR: Option<usize> = Some(1);
    const VOLUMES: Option<usize> = Some(4);
    const LAYOUTS: &'static [Layout; 1 << 16] = &layouts(Self::NAMES.len() - 1, Self::COUNTED - 1);
}

/// Version 20120701.
pub(crate) struct V2;
impl Columns for V2 {
    const NAMES: &'static [&'static str] = &["ngram", "year", "match_count", "volume_count"];
    const COUNTED: usize = 2;
    const YEAR: Option<usize> = Some(1);
    const VOLUMES: Option<usize> = Some(3);
    const LAYOUTS: &'static [Layout; 1 << 16] = &layouts(Self::NAMES.len() - 1, Self::COUNTED - 1);
}

/// Earlier counts.
pub(crate) struct EarlierCounts;
impl Columns for EarlierCounts {
    const NAMES: &'static [&'static str] = &["ngram", "count"];
    const COUNTED: usize = 1;
    const YEAR: Option<usize> = None;
    const VOLUMES: Option<usize> = None;
    const LAYOUTS: &'static [Layout; 1 << 16] = &layouts(Self::NAMES.len() - 1, Self::COUNTED - 1);
}

/// The columns of a format, for runs whose volume_counts nobody asks for.
pub(crate) struct WithoutVolumes<C>(PhantomData<C>);
impl<C: Columns> Columns for WithoutVolumes<C> {
    const NAMES: &'static [&'static str] = C::NAMES;
    const COUNTED: usize = C::COUNTED;
    const YEAR: Option<usize> = C::YEAR;
    const VOLUMES: Option<usize> = None;
    const LAYOUTS: &'static [Layout; 1 << 16] = C::LAYOUTS;
}

/// A well-formed line.
pub(super) struct Row {
    /// The ngram's length in bytes.
    pub(super) ngram: usize,
    /// The counted number; 0 if the year filter rejects the line.
    pub(super) count: u64,
    /// Whether the year filter keeps the line.
    pub(super) is_kept: bool,
    /// The offset of the next line.
    pub(super) next: usize,
}

/// The result of [`parse_full`]. `next` is the offset of the next line.
pub(super) enum ParsedLine {
    Row(Row),
    Blank { next: usize },
    Malformed { reason: Malformed, next: usize },
}

/// Parses the line at offset `at`, well-formed or not.
#[cold]
pub(super) fn parse_full<C: Columns>(chunk: &[u8], at: usize, year_filter: impl YearFilter) -> ParsedLine {
    let text = &chunk[at..];
    let (line, next) = match memchr(b'\n', text) {
        Some(len) => (&text[..len], at + len + 1),
        None => (text, chunk.len()),
    };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    // Hadoop Streaming takes a blank line for an empty key, and sends it on as a lone TAB.
    if line.is_empty() || line == b"\t" {
        return ParsedLine::Blank { next };
    }
    match parse_fields::<C>(line) {
        Ok(RowNumbers { ngram, year, count }) => {
            let is_kept = year_filter.contains(year);
            ParsedLine::Row(Row { ngram, count: if is_kept { count } else { 0 }, is_kept, next })
        }
        Err(reason) => ParsedLine::Malformed { reason, next },
    }
}

/// The numbers of a line. The year is 0 if the format has none.
#[derive(Default)]
struct RowNumbers {
    /// The ngram's length in bytes.
    ngram: usize,
    year: u64,
    count: u64,
}

/// Parses all fields of a line without its end.
fn parse_fields<C: Columns>(line: &[u8]) -> Result<RowNumbers, Malformed> {
    let found = line.split(|&byte| byte == b'\t').count();
    if found != C::NAMES.len() {
        return Err(Malformed::Fields { expected: C::NAMES, found });
    }
    let mut row = RowNumbers::default();
    for (index, text) in line.split(|&byte| byte == b'\t').enumerate() {
        let field = C::NAMES[index];
        if index == 0 {
            row.ngram = text.len();
            continue;
        }
        let number = parse_field(field, text)?;
        if C::YEAR == Some(index) {
            row.year = number;
        }
        if index == C::COUNTED {
            row.count = number;
        }
    }
    Ok(row)
}
