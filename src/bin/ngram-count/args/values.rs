//! What options can be, as the command line names it, and what that is in the library.

use std::num::NonZeroUsize;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use ngram_count::write::{Column, OutputFormat};
use ngram_count::{By, Encoding, Format, MAX_THREADS, Pos, Sort, Spelling, Tokens};

use crate::terminal::hint;

/// What `--input-format` can be.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum InputFormat {
    /// Told for each file from its first lines
    Auto,
    /// Google's 20090715: ngram, year, match_count, page_count and volume_count, with TABs between them
    V1,
    /// Google's 20120701: ngram, year, match_count and volume_count, with TABs between them
    V2,
    /// Google's 20200217: ngram, then for each year a TAB and year,match_count,volume_count
    V3,
    /// Counts made before: ngram, TAB, count
    Counts,
    /// Any text, whose words are counted
    Text,
}

/// What `--tokens` can be.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum TokenKind {
    /// What stands between white space (the default)
    Whitespace,
    /// The words of UAX #29
    Unicode,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SortOrder {
    /// The most frequent first; words that occur equally often by their bytes (the default, unless --word gives an
    /// order)
    Count,
    /// By the bytes of the words
    Word,
    /// As it comes, which is fastest
    None,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ResultFormat {
    /// Word, TAB, count; can be counted again
    Tsv,
    /// RFC 4180, with a header; lines end in CR LF
    Csv,
    /// One array of objects
    Json,
    /// One object a line
    Jsonl,
}

/// When there is a progress bar, or colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// Where it is a terminal that is written to
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How statistics are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum StatsFormat {
    /// For reading
    Human,
    /// One JSON object on one line, for programs
    Json,
}

/// What `--pos` can be.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum TaggedWords {
    /// Counted as they are
    Keep,
    /// Left out
    Drop,
    /// Nothing else
    Only,
}

/// What `--spelling` can be.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum WordSpelling {
    /// In lower case
    Lower,
    /// As it occurs most often
    Commonest,
}

/// What `--by` can be.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Lines {
    /// One line a word
    Word,
    /// One line a word and year
    Year,
    /// One line a word and decade
    Decade,
}

/// One of `--columns`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ColumnName(pub(super) Column);

impl ValueEnum for ColumnName {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: [ColumnName; Column::ALL.len()] = {
            let mut all = [ColumnName(Column::Word); Column::ALL.len()];
            let mut number = 0;
            while number < all.len() {
                all[number] = ColumnName(Column::ALL[number]);
                number += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

impl InputFormat {
    /// `None` where each input is looked at.
    pub(super) fn format(self) -> Option<Format> {
        match self {
            Self::Auto => None,
            Self::V1 => Some(Format::V1),
            Self::V2 => Some(Format::V2),
            Self::V3 => Some(Format::V3),
            Self::Counts => Some(Format::Counts),
            Self::Text => Some(Format::Text),
        }
    }
}

impl From<SortOrder> for Sort {
    fn from(order: SortOrder) -> Self {
        match order {
            SortOrder::Count => Self::Count,
            SortOrder::Word => Self::Word,
            SortOrder::None => Self::None,
        }
    }
}

impl From<ResultFormat> for OutputFormat {
    fn from(format: ResultFormat) -> Self {
        match format {
            ResultFormat::Tsv => Self::Tsv,
            ResultFormat::Csv => Self::Csv,
            ResultFormat::Json => Self::Json,
            ResultFormat::Jsonl => Self::Jsonl,
        }
    }
}

impl From<TokenKind> for Tokens {
    fn from(kind: TokenKind) -> Self {
        match kind {
            TokenKind::Whitespace => Self::Whitespace,
            TokenKind::Unicode => Self::Unicode,
        }
    }
}

impl From<TaggedWords> for Pos {
    fn from(words: TaggedWords) -> Self {
        match words {
            TaggedWords::Keep => Self::Keep,
            TaggedWords::Drop => Self::Drop,
            TaggedWords::Only => Self::Only,
        }
    }
}

impl From<WordSpelling> for Spelling {
    fn from(spelling: WordSpelling) -> Self {
        match spelling {
            WordSpelling::Lower => Self::Lower,
            WordSpelling::Commonest => Self::Commonest,
        }
    }
}

impl From<Lines> for By {
    fn from(lines: Lines) -> Self {
        match lines {
            Lines::Word => Self::Word,
            Lines::Year => Self::Year,
            Lines::Decade => Self::Decade,
        }
    }
}

pub(super) fn parse_encoding(name: &str) -> Result<Encoding, String> {
    name.parse().map_err(|error| hint::message(&error))
}

pub(super) fn parse_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "expected a whole number, such as 100".to_owned())
}

pub(super) fn parse_threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads: usize = text.parse().map_err(|_| "expected a whole number of threads, such as 4".to_owned())?;
    if threads > MAX_THREADS {
        return Err(format!("expected at most {MAX_THREADS} threads; more than there are cores do not help"));
    }
    NonZeroUsize::new(threads).ok_or_else(|| "expected at least 1 thread; leave the option out to use all cores".into())
}

pub(super) fn parse_order(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a number of words, such as 2".to_owned())
}

/// The widest and the highest chart, in characters.
pub(crate) const MAX_CELLS: usize = 1000;

pub(super) fn parse_cells(text: &str) -> Result<usize, String> {
    let expected = || format!("expected a whole number from 1 to {MAX_CELLS}, such as 80");
    text.parse().ok().filter(|cells| (1..=MAX_CELLS).contains(cells)).ok_or_else(expected)
}

pub(super) fn parse_sides(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "expected a whole number of years, such as 3".to_owned())
}
