//! Options of the result: its lines, its columns, its format, and where it goes.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use ngram_count::write::{Column, Condition, OutputFormat};
use ngram_count::{By, Coverage, ShareOf};

use crate::args::headings;
use crate::args::sort::SortBy;
use crate::args::values::{parse_number, parse_share};

/// Which lines the result has.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::LINES)]
pub(crate) struct LineOptions {
    /// One line for each word, year, decade or file.
    ///
    /// word (the default) adds up all years and files. year and decade give a line for each word and year or decade in
    /// which it occurs: word, year, count, volumes, with TABs between them, in the order of the word's bytes, then of the
    /// year. That is the format v2, so it can be counted again. Its first year names a decade: 1980 is 1980 to 1989. file
    /// gives a line for each word and file in which it occurs: word, file, count, in the order of the word's bytes, then
    /// of the files as they are named.
    #[arg(long, value_name = "WHAT", default_value = "word", hide_default_value = true, hide_possible_values = true)]
    pub(crate) by: By,

    /// Write only the N most frequent words.
    ///
    /// Of equally frequent words, the first by their bytes are written. Words that are asked for can be left out, too.
    #[arg(short = 'n', long, value_name = "N", value_parser = parse_number)]
    pub(crate) top: Option<u64>,

    /// Leave out words that occur less often than N.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = parse_number)]
    pub(crate) min_count: u64,

    /// Leave out words that occur more often than N.
    ///
    /// With 1, the result has the words that occur once: hapax legomena.
    #[arg(long, value_name = "N", value_parser = parse_number, hide_short_help = true)]
    pub(crate) max_count: Option<u64>,

    /// Keep only words of which COLUMN compares so; may be repeated.
    ///
    /// CONDITION is a column, one of = != < <= > >=, and a number: 'first>=1950', 'per-million<1'. All conditions must
    /// hold. The column need not be shown. A word without a value, such as the first year of a word that does not
    /// occur, satisfies none. Values are not rounded. Shares and ranks are those before --where. With --by year or decade,
    /// the value is that of the whole word, and all of its lines stay or none.
    #[arg(long = "where", value_name = "CONDITION", hide_short_help = true)]
    pub(crate) conditions: Vec<Condition>,

    /// Keep the most frequent words that make SHARE of all counts: 95% or 0.95.
    ///
    /// They make at least SHARE, and as few as possible. Of equally frequent words, the first by their bytes are taken.
    /// All counts are those of --share-of. --where, --min-count and --max-count come first.
    #[arg(long, value_name = "SHARE", hide_short_help = true)]
    pub(crate) coverage: Option<Coverage>,

    /// What shares are parts of: input or selection.
    ///
    /// input (the default) is all counts of the input in the years that count: with --word the, the share is that in the
    /// text. --pos drop leaves the tagged words out of it, and --pos only the others. All lines are then read, also for
    /// a few words. selection is the sum of the words that --word, --prefix, --regex and the like let pass. This holds for
    /// share, cumulative and --coverage; and without --totals for per-million and zipf.
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "input",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub(crate) share_of: ShareOf,

    /// Share of a year's words for born and died [default: 1e-6].
    ///
    /// The columns born and died are the first and the last year in which a word makes this share of all words of the
    /// year or more: of the input's, or with --totals of the books'. 1e-6 is one of a million.
    #[arg(long, value_name = "SHARE", value_parser = parse_share, hide_short_help = true)]
    pub(crate) life_share: Option<f64>,

    /// Order: count, word, none, or another column.
    ///
    /// count puts the most frequent word first, and equally frequent words in the order of their bytes. word is the
    /// order of the words' bytes. none is any order, and the fastest. Any other column of numbers puts the highest number
    /// first (rank the lowest), and equal ones in the order of the words' bytes; words without a number are last. The
    /// column need not be shown. --top is still the most frequent words. The default is the order asked if words are
    /// asked for, otherwise word with --by year, decade or file, otherwise count. With --by, the lines of a word stay
    /// together, the first year or file first.
    #[arg(short, long, value_name = "ORDER", hide_possible_values = true)]
    pub(crate) sort: Option<SortBy>,

    /// Reverse the order of --sort.
    ///
    /// The lowest number comes first, or the last word. Words of equal numbers stay in the order of their bytes, and
    /// words without a number stay last.
    #[arg(long, hide_short_help = true)]
    pub(crate) reverse: bool,
}

/// What the lines look like, and where they go.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::LOOK)]
pub(crate) struct ResultOptions {
    /// Columns of the result, with commas: word,count,volumes,...
    ///
    /// The default is word and count, the sum of match_counts. volumes is the sum of volume_counts; of text, the number
    /// of files with the word. years is the number of years in which the word occurs, first and last are the first and
    /// the last of them, and peak is the one with the highest count. born and died are the first and the last year in
    /// which the word passes the share of --life-share. share is the word's part of all counts, from 0 to 1 (--share-of
    /// says of which); cumulative is the sum of the shares up to this line. rank is the word's place by count among all
    /// words that pass the filters; equal counts have equal places, as in 1, 1, 3. --top, --coverage, --where,
    /// --min-count and --max-count come later, and change neither shares nor ranks. range is the share of the years in
    /// which the word occurs, or of the files if the input has no years; dp is Gries's deviation of proportions over
    /// these: 0 for a word that is spread as all words are, nearly 1 for one in a small part alone. per-million is how
    /// often the word occurs in a million words: of the books, in the years that --totals has, or without it of the
    /// input. zipf is the logarithm of that for a thousand million words: frequent words have 4 to 7, rare ones 1 to 3.
    /// Shares, range and dp have up to 9 decimal places, per-million up to 6, zipf up to 3, and all at least one. spark
    /// draws how often the word occurs over the years (with --totals, per million), in up to 24 bars; all lines have
    /// the same years, from the first to the last in which any of the words occurs. count-there, log-likelihood,
    /// log-ratio and diff belong to a comparison with other inputs or years; diff is in percent. With --by year or
    /// decade there are word, year, count, volumes and, with --totals, per-million and zipf; with --by file, word,
    /// file, count and volumes.
    #[arg(long, value_name = "LIST", value_delimiter = ',', hide_possible_values = true, hide_short_help = true)]
    pub(crate) columns: Vec<Column>,

    /// File of total counts, for per-million and zipf; may be repeated.
    ///
    /// FILE is Google's, or one of --write-totals. It says how many words the books of each year have, and must be of the
    /// same version and language as the input. Several files are added up year by year. --years selects years of FILE,
    /// too. Without --columns, per-million is the last column.
    #[arg(long, value_name = "FILE", hide_short_help = true, value_hint = ValueHint::FilePath)]
    pub(crate) totals: Vec<OsString>,

    /// With --year-from, write how many words each year has to FILE.
    ///
    /// FILE gets the form of Google's files of total counts, so that --totals reads it. It has all words of the texts,
    /// whatever is looked for, but for --years, --rise and --pos; and the number of files of each year. It is replaced
    /// when all is done.
    #[arg(
        long,
        value_name = "FILE",
        requires = "year_from",
        hide_short_help = true,
        value_hint = ValueHint::FilePath
    )]
    pub(crate) write_totals: Option<PathBuf>,

    /// Format: tsv, csv, json, jsonl or table.
    ///
    /// tsv (the default) is word, TAB, count, and can be counted again. csv is RFC 4180, with a header and lines that
    /// end in CR LF. json is one array of objects, jsonl one object a line. table has aligned columns for reading in a
    /// terminal, with a header and commas between thousands; what a terminal does not show is escaped, and - is a value
    /// that is unknown.
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "tsv",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) format: OutputFormat,

    /// Begin TSV with a line of column names.
    ///
    /// CSV always has one. A result with this line can't be counted again.
    #[arg(long, hide_short_help = true)]
    pub(crate) header: bool,

    /// Begin CSV with a byte-order mark, for Excel.
    ///
    /// Excel knows by it that the file is UTF-8.
    #[arg(long, hide_short_help = true)]
    pub(crate) bom: bool,

    /// With --by year or decade, write a column for each year.
    ///
    /// Each word has one line: the word, then its count in each year or decade from the first to the last one in which any
    /// of the words occurs, 0 where it does not. With --totals, it is the count per million. --columns may name another
    /// value, as in word,volumes. There is a header in every format that can have one.
    #[arg(long, hide_short_help = true)]
    pub(crate) wide: bool,

    /// Write to FILE, replacing it when all is done.
    ///
    /// The result is written beside FILE and takes its place in one step at the end. Until then, and after an error,
    /// FILE is what it was before. - is standard output. A name that ends in .gz or .zst has the result compressed with
    /// gzip or zstd.
    #[cfg_attr(
        feature = "postgres",
        doc = "",
        doc = "The URL of a PostgreSQL table, such as postgres://user@host/db?table=counts, makes the table or replaces its \
               rows, in one transaction. Its columns have the names of the result's, or those of &columns=ngram,n."
    )]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}
