//! The options of the count, the command that needs no name.

use std::ffi::OsString;

use clap::{Args, ValueHint};
use ngram_count::Years;

use crate::args::files::FileLists;
use crate::args::headings;
use crate::args::input::InputOptions;
use crate::args::result::{LineOptions, ResultOptions};
use crate::args::run::{MessageOptions, WorkOptions};
use crate::args::text::TextOptions;
use crate::args::texts::DatedOptions;
use crate::args::values::{ByteRange, Counters, parse_number, parse_periods};
use crate::args::words::{PatternOptions, WordOptions};

/// What is to be counted, and how the result looks.
#[derive(Debug, Args)]
pub(crate) struct CountOptions {
    /// Files to count; none, or -, is standard input.
    ///
    /// A folder stands for its files and those of the folders in it, hidden ones (.name) left out. Files
    /// are plain or compressed with gzip, bzip2, xz, zstd or zip; their content tells which. The words of all files are
    /// added up together.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<OsString>,

    #[command(flatten)]
    pub(crate) lists: FileLists,

    /// Count only the lines that begin in these bytes of FILE.
    ///
    /// BEGIN is the offset of the first byte, END the offset after the last byte. BEGIN- goes to the end of the file. Of
    /// each line, only the first byte decides. Ranges such as 0-1000 and 1000-2000 share no line and miss none, so several
    /// processes or machines can share a large file; the sum of their results is the result of the file. There must be
    /// one FILE, and it must be plain: compressed data can only be read from its beginning.
    #[arg(long, value_name = "BEGIN-END", hide_short_help = true, help_heading = headings::COUNTED)]
    pub(crate) range: Option<ByteRange>,

    /// Compare with the words of FILE; may be repeated.
    ///
    /// FILE is counted as the input is, and may have another format, or be a folder. (The shell replaces *.gz by names, and
    /// only the first belongs to --against: name a folder.) The result has the words of both: how often each
    /// occurs here (count) and there (count-there), how sure it is that the frequencies differ (log-likelihood, negative
    /// for a word that is rarer here), and how often the frequency doubles (log-ratio). The first words, and those of
    /// --top, are the ones that are most surely more frequent here; with --reverse, the ones that are rarer. Cannot be
    /// combined with --by, --totals, --year-from and columns of years.
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        hide_short_help = true,
        help_heading = headings::COUNTED
    )]
    pub(crate) against: Vec<OsString>,

    /// Compare two periods, as in 1900-1949,1950-1999.
    ///
    /// count is then how often a word occurs in the second period, count-there how often in the first. log-ratio is how
    /// often its frequency has doubled, negative if it fell. The first words, and those of --top, are those that rose
    /// most; with --reverse, those that fell most. The input must have years: v1, v2 or v3, or text with --year-from, of
    /// which each file is one volume. Cannot be combined with --years, --by, --against and --totals.
    #[arg(
        long,
        value_name = "A-B,C-D",
        allow_hyphen_values = true,
        value_parser = parse_periods,
        hide_short_help = true,
        help_heading = headings::COUNTED
    )]
    pub(crate) rise: Option<[Years; 2]>,

    /// With --rise, leave out words in fewer volumes of both periods [default: 40].
    ///
    /// A rare word rises by chance. Words that are asked for are not left out.
    #[arg(
        long,
        value_name = "N",
        requires = "rise",
        default_value_t = 40,
        hide_default_value = true,
        value_parser = parse_number,
        hide_short_help = true,
        help_heading = headings::COUNTED
    )]
    pub(crate) min_volumes: u64,

    #[command(flatten)]
    pub(crate) input: InputOptions,

    #[command(flatten)]
    pub(crate) text: TextOptions,

    #[command(flatten)]
    pub(crate) dates: DatedOptions,

    #[command(flatten)]
    pub(crate) words: WordOptions,

    #[command(flatten)]
    pub(crate) patterns: PatternOptions,

    #[command(flatten)]
    pub(crate) lines: LineOptions,

    #[command(flatten)]
    pub(crate) result: ResultOptions,

    #[command(flatten)]
    pub(crate) work: WorkOptions,

    #[command(flatten)]
    pub(crate) messages: MessageOptions,

    /// Report counters to Hadoop: auto, hadoop or off.
    ///
    /// auto (the default) reports them in a task of Hadoop Streaming, where mapreduce_task_attempt_id is set. Lines
    /// reporter:counter: on standard error have the rows, bytes, malformed lines and distinct words of the task. A line
    /// reporter:status: every ten seconds keeps Hadoop from ending a task that reads for long. Such a task exits with 0
    /// if it has none of the words that are asked for, since other tasks may have them.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true,
        help_heading = headings::MESSAGES
    )]
    pub(crate) counters: Counters,
}

impl CountOptions {
    /// Whether the user names no input. The command then reads standard input.
    pub(crate) fn names_no_input(&self) -> bool {
        self.files.is_empty()
    }

    /// The years that count, or the two periods that are compared; none for all years.
    pub(crate) fn years(&self) -> Vec<Years> {
        self.rise.map_or_else(|| self.words.years.into_iter().collect(), Vec::from)
    }

    /// Whether the user asks for words, so that the run is a lookup.
    pub(crate) fn asks_for_words(&self) -> bool {
        self.words.are_named()
    }
}
