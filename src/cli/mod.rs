//! The command line: what can be asked for, and how it is explained.
//!
//! A doc comment's first paragraph is the short help, all of it the long one.

mod size;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, ValueEnum};
use ngram_count::output::OutputFormat;
use ngram_count::{DEFAULT_CHUNK_SIZE, Error, Format, Input, Job, MAX_THREADS, Sort, Tokens};

const AFTER_LONG_HELP: &str = "\
Examples:
  How often a word occurs, over all years:
      ngram-count googlebooks-eng-all-1gram-20120701-a.gz --word Aardvark
  The hundred most frequent words of several files, as CSV:
      ngram-count --top 100 --format csv --output top.csv *.gz
  What another program writes:
      zcat a.gz | grep _NOUN | ngram-count
  Counts made before, put together:
      cat monday.tsv tuesday.tsv | ngram-count -i counts

Exit status:
  0    all is well
  1    words were asked for with --word, and none of them occurs
  2    something is wrong: it is said on standard error, and there is no result
       (with --keep-going there is one, of what could be read)
  130  ended by Ctrl-C";

/// Count how often words occur in Google Books Ngram files, on all cores.
///
/// Each line of the input names an ngram (one word or several) and how often it occurs in one year. The lines of each
/// ngram are added up, and the sums are written one a line: the ngram, a TAB, its count; the most frequent first.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Parser)]
#[command(
    version,
    styles = Styles::styled().header(AnsiColor::Green.on_default().bold()).literal(AnsiColor::Cyan.on_default().bold()),
    after_long_help = AFTER_LONG_HELP,
)]
pub(crate) struct Cli {
    /// Files to count; none, or -, is standard input.
    ///
    /// Plain or compressed with gzip, zstd or zip, which is told from the content. The words of all files are added up
    /// together.
    #[arg(value_name = "FILE")]
    files: Vec<OsString>,

    /// Format of the input: auto, v2, counts or text.
    ///
    /// auto (the default) tells it for each file from its first lines. v2 is Google's version 20120701: ngram, year,
    /// match_count and volume_count, with TABs between them. counts is what this program writes: ngram, TAB, count. text
    /// is any text, whose words are counted.
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    input_format: InputFormat,

    /// Words of text: whitespace or unicode.
    ///
    /// whitespace (the default) separates them at spaces, TABs and line ends: punctuation is part of a word. unicode
    /// takes the words of UAX #29, without the punctuation around them.
    #[arg(long, value_name = "KIND", hide_possible_values = true, hide_short_help = true)]
    tokens: Option<TokenKind>,

    /// Count N words of text that follow each other as one.
    ///
    /// They are in one line, and are written with one space between them. [default: 1]
    #[arg(long, value_name = "N", hide_short_help = true, value_parser = parse_order)]
    order: Option<NonZeroUsize>,

    /// Count only WORD; may be repeated.
    ///
    /// The ngram must be WORD exactly, in upper and lower case. The result has a line for each, in the order asked,
    /// with 0 for a word that does not occur. An ngram of several words is written as one argument: --word 'New York'.
    /// Up to three words are searched for: the lines of others are not read then, but for the first MiB, and a
    /// malformed one among them goes unnoticed.
    #[arg(short, long = "word", value_name = "WORD", allow_hyphen_values = true)]
    words: Vec<OsString>,

    /// Count only the words in FILE, one a line.
    ///
    /// May be repeated. As with --word, whose words come first in the result; a space at a line's end belongs to the
    /// word. Thousands of words are looked for in one pass. - is standard input.
    #[arg(long, value_name = "FILE")]
    words_from: Vec<OsString>,

    /// Write only the N most frequent words.
    ///
    /// Of words that occur equally often, the first by their bytes are taken.
    #[arg(short = 'n', long, value_name = "N", value_parser = parse_number)]
    top: Option<u64>,

    /// Leave out words that occur less often than N.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = parse_number)]
    min_count: u64,

    /// Order of the result: count, word or none.
    ///
    /// count puts the most frequent word first, and words that occur equally often in the order of their bytes; it is
    /// the default, unless words are asked for. word goes by the bytes of the words. none is as it comes, which is
    /// fastest.
    #[arg(short, long, value_name = "ORDER", hide_possible_values = true)]
    sort: Option<SortOrder>,

    /// Format of the result: tsv, csv, json or jsonl.
    ///
    /// tsv (the default) is word, TAB, count, and can be counted again. csv is that of RFC 4180, with a header and
    /// lines that end in CR LF. json is one array of objects, jsonl one object a line.
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "tsv",
        hide_default_value = true,
        hide_possible_values = true
    )]
    format: ResultFormat,

    /// Begin TSV with a line of column names.
    ///
    /// CSV always has one. A result with this line can't be counted again.
    #[arg(long, hide_short_help = true)]
    header: bool,

    /// Write to FILE, replacing it when all is done.
    ///
    /// The result is written beside FILE and takes its place in one step at the end: until then, and after an error,
    /// FILE is what it was before. - is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Number of threads [default: all cores].
    #[arg(short = 'j', long, value_name = "N", value_parser = parse_threads)]
    threads: Option<NonZeroUsize>,

    /// Size of a chunk, such as 64KiB, 1M or 4MB.
    ///
    /// The input is cut at line ends into chunks of about this size, each of which one thread counts. K, M and G are
    /// powers of 1024, as are KiB, MiB and GiB; KB, MB and GB are powers of 1000. The result never depends on it; the
    /// speed does, a little.
    #[arg(long, value_name = "SIZE", default_value_t = size::Size(DEFAULT_CHUNK_SIZE), hide_short_help = true)]
    chunk_size: size::Size,

    /// Leave out malformed lines instead of ending.
    ///
    /// How many there were, and where the first one was, is said at the end on standard error.
    #[arg(long)]
    skip_malformed: bool,

    /// Count the other files when one can't be read.
    ///
    /// The error is reported, and the exit status is still 2, as the counts are too low. Of a file that turns out to be
    /// damaged, the lines before the damage are counted.
    #[arg(long)]
    keep_going: bool,

    /// Show a progress bar: auto, always or never.
    ///
    /// It goes to standard error. auto (the default) shows it when that is a terminal. always prints a line a second
    /// where it is none.
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true, hide_possible_values = true)]
    pub(crate) progress: When,

    /// Say what was read, and how fast: human or json.
    ///
    /// It goes to standard error, at the end: human for reading, json as one line for programs. It has the format found
    /// in each file, rows, words, bytes, seconds, MB/s, peak memory, threads and chunk size.
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) stats: Option<StatsFormat>,

    /// No progress bar and no notes; only errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What `--input-format` can be.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum InputFormat {
    /// Told for each file from its first lines
    Auto,
    /// Google's 20120701: ngram, year, match_count and volume_count, with TABs between them
    V2,
    /// Counts made before: ngram, TAB, count
    Counts,
    /// Any text, whose words are counted
    Text,
}

/// What `--tokens` can be.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum TokenKind {
    /// What stands between white space (the default)
    Whitespace,
    /// The words of UAX #29
    Unicode,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SortOrder {
    /// The most frequent first; words that occur equally often by their bytes (the default, unless --word gives an
    /// order)
    Count,
    /// By the bytes of the words
    Word,
    /// As it comes, which is fastest
    None,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ResultFormat {
    /// Word, TAB, count; can be counted again
    Tsv,
    /// RFC 4180, with a header; lines end in CR LF
    Csv,
    /// One array of objects
    Json,
    /// One object a line
    Jsonl,
}

/// When there is a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// When standard error is a terminal
    Auto,
    /// Always; where standard error is no terminal, one line a second
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

impl Cli {
    /// Whether no input was named, so that standard input is read.
    pub(crate) fn names_no_input(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether there may be a bar: not where the user types the input into it.
    pub(crate) fn shows_progress(&self) -> bool {
        let is_typed = self.files.iter().any(|file| file == "-") && io::stdin().is_terminal();
        !self.quiet && !is_typed
    }

    /// What the library is to do.
    ///
    /// # Errors
    /// When a list of words can't be read, or options do not go together.
    pub(crate) fn job(&self) -> Result<Job, Error> {
        let mut job = Job::new()
            .min_count(self.min_count)
            .chunk_size(self.chunk_size.0)
            .skip_malformed(self.skip_malformed)
            .keep_going(self.keep_going);
        job = match self.files.as_slice() {
            [] => job.inputs([Input::Stdin]),
            files => job.inputs(files.iter().map(Input::from_name)),
        };
        if !self.words.is_empty() {
            job = job.words(self.words.iter().cloned().map(OsString::into_vec));
        }
        for list in &self.words_from {
            job = job.words_from(list)?;
        }
        match self.input_format {
            InputFormat::Auto => {}
            InputFormat::V2 => job = job.format(Format::V2),
            InputFormat::Counts => job = job.format(Format::Counts),
            InputFormat::Text => job = job.format(Format::Text),
        }
        job = self.text_options(job)?;
        if let Some(top) = self.top {
            job = job.top(usize::try_from(top).unwrap_or(usize::MAX));
        }
        if let Some(sort) = self.sort {
            job = job.sort(match sort {
                SortOrder::Count => Sort::Count,
                SortOrder::Word => Sort::Word,
                SortOrder::None => Sort::None,
            });
        }
        if let Some(threads) = self.threads {
            job = job.threads(threads);
        }
        Ok(job)
    }

    /// Says what is counted in text.
    fn text_options(&self, mut job: Job) -> Result<Job, Error> {
        if let InputFormat::V2 | InputFormat::Counts = self.input_format
            && let Some(option) = self.tokens.map(|_| "--tokens").or(self.order.map(|_| "--order"))
        {
            return Err(Error::Usage(format!("{option} is for text, and the input format is another")));
        }
        if let Some(tokens) = self.tokens {
            job = job.tokens(match tokens {
                TokenKind::Whitespace => Tokens::Whitespace,
                TokenKind::Unicode => Tokens::Unicode,
            });
        }
        Ok(match self.order {
            Some(order) => job.order(order),
            None => job,
        })
    }

    /// How the result is written, and whether with a header.
    pub(crate) fn output_format(&self) -> (OutputFormat, bool) {
        let format = match self.format {
            ResultFormat::Tsv => OutputFormat::Tsv,
            ResultFormat::Csv => OutputFormat::Csv,
            ResultFormat::Json => OutputFormat::Json,
            ResultFormat::Jsonl => OutputFormat::Jsonl,
        };
        (format, self.header)
    }
}

fn parse_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "expected a whole number, such as 100".to_owned())
}

fn parse_threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads: usize = text.parse().map_err(|_| "expected a whole number of threads, such as 4".to_owned())?;
    if threads > MAX_THREADS {
        return Err(format!("expected at most {MAX_THREADS} threads; more than there are cores do not help"));
    }
    NonZeroUsize::new(threads).ok_or_else(|| "expected at least 1 thread; leave the option out to use all cores".into())
}

fn parse_order(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a number of words, such as 2".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    /// The short help would be too long with the lists that clap makes of them.
    #[test]
    fn the_help_of_each_option_has_its_values() {
        for argument in Cli::command().get_arguments() {
            for help in [argument.get_help(), argument.get_long_help()].into_iter().flatten() {
                for value in argument.get_possible_values().iter().filter(|_| argument.get_action().takes_values()) {
                    assert!(help.to_string().contains(value.get_name()), "{} {help}", value.get_name());
                }
            }
        }
    }
}
