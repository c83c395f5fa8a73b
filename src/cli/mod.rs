//! The command line: what can be asked for, and how it is explained.
//!
//! A doc comment's first paragraph is the short help, all of it the long one.

mod size;
mod values;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use clap::Parser;
use clap::builder::styling::{AnsiColor, Styles};
use ngram_count::output::{Column, Form};
use ngram_count::{DEFAULT_CHUNK_SIZE, Error, Input, Job, MAX_THREADS, Totals, Years};

use self::values::{ColumnName, InputFormat, Lines, ResultFormat, SortOrder, TaggedWords, TokenKind, WordSpelling};
pub(crate) use self::values::{StatsFormat, When};

const AFTER_LONG_HELP: &str = "\
Examples:
  How often a word occurs, over all years:
      ngram-count googlebooks-eng-all-1gram-20120701-a.gz --word Aardvark
  The hundred most frequent words of the 1920s, none counted twice, as CSV:
      ngram-count --pos drop --years 1920-1929 --top 100 --format csv -o top.csv *.gz
  A word per million words of the books, decade by decade:
      ngram-count *.gz --word Aardvark --by decade --totals totalcounts.txt
  Which two words follow each other in a text, and how often:
      ngram-count book.txt --order 2 --tokens unicode --ignore-case
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

/// Count how often words occur in Google Books Ngram files or text, on all cores.
///
/// In Google's files, each line names an ngram (one word or several) and how often it occurs in one year. The lines of
/// each ngram are added up, and the sums are written one a line: the ngram, a TAB, its count; the most frequent first.
/// In any other text, each word is counted.
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

    /// Format of input: auto, v1, v2, v3, counts or text.
    ///
    /// auto (the default) tells it for each file from its first lines. v1 is Google's version 20090715: ngram, year,
    /// match_count, page_count and volume_count, with TABs between them; v2 is version 20120701, without the page_count;
    /// v3 is version 20200217: ngram, then for each year a TAB and year,match_count,volume_count. counts is what this
    /// program writes: ngram, TAB, count. text is any text, whose words are counted.
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
    /// takes the words of Unicode's UAX #29, without the punctuation around them. It does nothing to Google's files and
    /// counts.
    #[arg(long, value_name = "KIND", hide_possible_values = true, hide_short_help = true)]
    tokens: Option<TokenKind>,

    /// Count N words of text that follow each other as one [default: 1].
    ///
    /// They stand in one line, and are written with one space between them. It does nothing to Google's files and
    /// counts.
    #[arg(long, value_name = "N", hide_short_help = true, value_parser = parse_order)]
    order: Option<NonZeroUsize>,

    /// Count only WORD; may be repeated.
    ///
    /// The ngram must be WORD exactly, in upper and lower case, unless --ignore-case is given. The result has a line for
    /// each, in the order asked, with 0 for a word that does not occur. An ngram of several words is written as one
    /// argument: --word 'New York'. Up to three words are searched for: the lines of others are not read then, but for
    /// the first MiB, and a malformed one among them goes unnoticed.
    #[arg(short, long = "word", value_name = "WORD", allow_hyphen_values = true)]
    words: Vec<OsString>,

    /// Count only the words in FILE, one a line.
    ///
    /// May be repeated. As with --word, whose words come first in the result; a space at a line's end belongs to the
    /// word. Thousands of words are looked for in one pass. - is standard input.
    #[arg(long, value_name = "FILE")]
    words_from: Vec<OsString>,

    /// Count only words that begin with P.
    #[arg(long, value_name = "P", allow_hyphen_values = true, hide_short_help = true)]
    prefix: Option<OsString>,

    /// Count only words that match RE.
    ///
    /// A regular expression of the crate regex, which may match anywhere in the ngram: '^anti.*ism$' is for the whole of
    /// it, '^\S+ of \S+$' for three words. It works on bytes.
    #[arg(long, value_name = "RE", allow_hyphen_values = true, hide_short_help = true)]
    regex: Option<String>,

    /// Words with a tag like _NOUN: keep, drop or only.
    ///
    /// The versions v2 and v3 of Google's files count each word twice: as burnt, and again as burnt_ADJ or burnt_VERB.
    /// drop leaves the tagged rows out, so that no word is counted twice; only leaves the others out; keep (the default)
    /// takes all as they are. A tag is _NOUN, _VERB, _ADJ, _ADV, _PRON, _DET, _ADP, _NUM, _CONJ, _PRT, _X or _. at the
    /// end of any word of the ngram; and placeholders such as _NOUN_ or _START_ are tags, too.
    #[arg(long, value_name = "WHAT", default_value = "keep", hide_default_value = true, hide_possible_values = true)]
    pos: TaggedWords,

    /// Count upper and lower case as one word.
    ///
    /// In Unicode's lower case: İ, ß and final ς are what they are there; part-of-speech tags stay. --word, --words-from,
    /// --prefix and --regex find words in any case then.
    #[arg(long)]
    ignore_case: bool,

    /// With --ignore-case, write words as: lower or commonest.
    ///
    /// lower (the default) is lower case, commonest the variant with the highest count; of equal ones, the first by its
    /// bytes.
    #[arg(
        long,
        value_name = "HOW",
        requires = "ignore_case",
        default_value = "lower",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true
    )]
    spelling: WordSpelling,

    /// Count only these years: 1900-1999, 1900-, 1950.
    ///
    /// Both ends are included; -1999 is all years up to that one. The input must have years: v1, v2 or v3.
    #[arg(long, value_name = "YEARS", allow_hyphen_values = true)]
    years: Option<Years>,

    /// One line for each word, or each year or decade.
    ///
    /// word (the default) adds all years up. year and decade give a line for each word and year or decade in which it
    /// occurs: word, year, count, volumes, with TABs between them, by the bytes of the word and then the year. That is
    /// the format v2, so it can be counted again. A decade is named by its first year: 1980 is 1980 to 1989.
    #[arg(long, value_name = "WHAT", default_value = "word", hide_default_value = true, hide_possible_values = true)]
    by: Lines,

    /// Columns of the result, with commas: word,count,volumes,...
    ///
    /// word, and count, the sum of match_counts, are the default. volumes: the sum of volume_counts. years: in how many
    /// years the word occurs; first, last: the first and the last of them; peak: the one with the highest count. share:
    /// its part of all that was counted (before --top and --min-count), from 0 to 1; cumulative: the sum of the shares
    /// up to this line. rank: its place by count, equal counts having equal places. per-million: how often it occurs in
    /// a million words of the books (needs --totals). With --by year or decade there are: word, year, count, volumes,
    /// per-million.
    #[arg(long, value_name = "LIST", value_delimiter = ',', hide_possible_values = true, hide_short_help = true)]
    columns: Vec<ColumnName>,

    /// Google's file of total counts, for per-million.
    ///
    /// It says how many words the books of each year have, and must be of the same version and language as the input.
    /// With --years, only these years of it are taken, too. Without --columns, the column per-million comes behind the
    /// others.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    totals: Option<OsString>,

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
    #[arg(long, hide_short_help = true)]
    skip_malformed: bool,

    /// Count the other files when one can't be read.
    ///
    /// The error is reported, and the exit status is still 2, as the counts are too low. Of a file that turns out to be
    /// damaged, the lines before the damage are counted.
    #[arg(long, hide_short_help = true)]
    keep_going: bool,

    /// Show a progress bar: auto, always or never.
    ///
    /// It goes to standard error. auto (the default) shows it when that is a terminal. always prints a line a second
    /// where it is none.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub(crate) progress: When,

    /// Say what was read, and how fast: human or json.
    ///
    /// It goes to standard error, at the end: human for reading, json as one line for programs. It has the format found
    /// in each file, rows, words, bytes, seconds, MB/s, peak memory, threads and chunk size.
    #[arg(long, value_name = "FORMAT", hide_possible_values = true, hide_short_help = true)]
    pub(crate) stats: Option<StatsFormat>,

    /// No progress bar and no notes; only errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
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
            .keep_going(self.keep_going)
            .pos(self.pos.into())
            .by(self.by.into())
            .histories(self.columns().into_iter().any(Column::needs_histories));
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
        if let Some(format) = self.input_format.format() {
            job = job.format(format);
        }
        if let Some(prefix) = &self.prefix {
            job = job.prefix(prefix.clone().into_vec());
        }
        if let Some(regex) = &self.regex {
            job = job.regex(regex);
        }
        if self.ignore_case {
            job = job.ignore_case(self.spelling.into());
        }
        if let Some(years) = self.years {
            job = job.years(years);
        }
        job = self.text_options(job)?;
        if let Some(top) = self.top {
            job = job.top(usize::try_from(top).unwrap_or(usize::MAX));
        }
        if let Some(sort) = self.sort {
            job = job.sort(sort.into());
        }
        if let Some(threads) = self.threads {
            job = job.threads(threads);
        }
        Ok(job)
    }

    /// Says what is counted in text.
    fn text_options(&self, mut job: Job) -> Result<Job, Error> {
        if !matches!(self.input_format, InputFormat::Auto | InputFormat::Text)
            && let Some(option) = self.tokens.map(|_| "--tokens").or(self.order.map(|_| "--order"))
        {
            return Err(Error::Usage(format!("{option} is for text, and the input format is another")));
        }
        if let Some(tokens) = self.tokens {
            job = job.tokens(tokens.into());
        }
        Ok(match self.order {
            Some(order) => job.order(order),
            None => job,
        })
    }

    /// What the result looks like.
    ///
    /// # Errors
    /// When the file of totals can't be read, and for columns that mean nothing.
    pub(crate) fn form(&self) -> Result<Form, Error> {
        let mut form = Form::new(self.format.into());
        form.header = self.header;
        form.totals = self.totals()?;
        form.columns = self.columns();
        Column::check(&form.columns, self.by.into(), form.totals.is_some())?;
        Ok(form)
    }

    fn totals(&self) -> Result<Option<Totals>, Error> {
        let Some(totals) = &self.totals else { return Ok(None) };
        let is_stdin = |name: &OsString| name == "-";
        if is_stdin(totals) && (self.names_no_input() || self.files.iter().chain(&self.words_from).any(is_stdin)) {
            return Err(Error::Usage("standard input (-) is named twice, but can be read only once".into()));
        }
        Totals::read(totals).map(Some)
    }

    fn columns(&self) -> Vec<Column> {
        if !self.columns.is_empty() {
            return self.columns.iter().map(|name| name.0).collect();
        }
        let mut columns = Column::defaults(self.by.into());
        columns.extend(self.totals.is_some().then_some(Column::PerMillion));
        columns
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
            let short = argument.get_help().filter(|_| !argument.is_hide_short_help_set());
            for help in [short, argument.get_long_help()].into_iter().flatten() {
                for value in argument.get_possible_values().iter().filter(|_| argument.get_action().takes_values()) {
                    assert!(help.to_string().contains(value.get_name()), "{} {help}", value.get_name());
                }
            }
        }
    }
}
