//! The command line: the definitions and help texts of all options. Each group of options has its own file.
//!
//! The first paragraph of a doc comment is the short help, the whole comment the long help.

mod bench;
mod count;
mod files;
mod headings;
mod input;
mod plot;
mod result;
mod run;
mod size;
mod sort;
mod text;
mod texts;
mod values;
mod words;

use std::ffi::OsString;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use self::bench::BenchOptions;
pub(crate) use self::count::CountOptions;
pub(crate) use self::files::FileLists;
pub(crate) use self::input::InputOptions;
pub(crate) use self::plot::PlotOptions;
pub(crate) use self::result::{LineOptions, ResultOptions};
#[cfg(feature = "postgres")]
pub(crate) use self::run::TableOptions;
pub(crate) use self::run::{MemoryOptions, MessageOptions, WorkOptions};
pub(crate) use self::size::Size;
pub(crate) use self::sort::SortBy;
pub(crate) use self::text::{TextOptions, WordRule};
pub(crate) use self::texts::DatedOptions;
pub(crate) use self::values::{ByteRange, Counters, MAX_CELLS, MemoryLimit, NgramLengths, StatsFormat, When};
pub(crate) use self::words::{PatternOptions, WordOptions};

/// The usage. It names the commands, so that the short help needs no list of commands and stays on one screen.
const USAGE: &str = "\
ngram-count [OPTIONS] [FILE]...
       ngram-count bench [OPTIONS] FILE...
       ngram-count plot [OPTIONS] --word WORD FILE...
       ngram-count completions SHELL | man";

/// The template of the short help: one list, which fits a screen.
const SHORT_HELP: &str = "\
{about-with-newline}
{usage-heading} {usage}

Options:
{options}{after-help}";

/// The template of the long help: the options under their headings.
const LONG_HELP: &str = "\
{about-with-newline}
{usage-heading} {usage}

{all-args}{after-help}";

const AFTER_LONG_HELP: &str = "\
Examples:
  How often a word occurs, over all years:
      ngram-count googlebooks-eng-all-1gram-20120701-a.gz --word Aardvark
  The hundred most frequent words of the 1920s, none counted twice, as CSV:
      ngram-count --pos drop --years 1920-1929 --top 100 --format csv -o top.csv *.gz
  A word per million words of the books, decade by decade:
      ngram-count *.gz --word Aardvark --by decade --totals totalcounts.txt
  Which two words follow each other in a text, and how often:
      ngram-count book.txt --ngram 2 --tokens unicode --ignore-case
  What another program writes:
      zcat a.gz | grep _NOUN | ngram-count
  Counts made before, put together:
      cat monday.tsv tuesday.tsv | ngram-count -i counts

Exit status:
  0    all is well
  1    words were asked for (--word, --words-from), and none of them occurs:
       all counts are 0 (but 0 in a task of Hadoop, see --counters)
  2    an error: standard error says which, and there is no result
       (with --keep-going there is one, of what could be read)
  130  ended by Ctrl-C

Environment:
  NO_COLOR        when set to anything: no colours
  CLICOLOR        when set to 0: no colours
  CLICOLOR_FORCE  when set to anything: colours, even where there is no terminal
  TERM            when it is dumb: no colours, and no progress bar
  TMPDIR          the folder of temporary files, unless --temp-dir names one";

/// Count how often words occur in Google Books Ngram files or text, on all cores.
///
/// In Google's files, each line names an ngram (one word or several) and how often it occurs in one year. The lines of
/// each ngram are added up. The result has a line for each ngram: the ngram, a TAB, its count; the most frequent first.
/// In any other text, each word is counted.
///
/// Files are plain or compressed with gzip, bzip2, xz, zstd or zip; their content tells which. No FILE, or -, is
/// standard input. The words of all files are added up together.
#[derive(Debug, Parser)]
#[command(
    version,
    bin_name = "ngram-count",
    styles = Styles::styled().header(AnsiColor::Green.on_default().bold()).literal(AnsiColor::Cyan.on_default().bold()),
    override_usage = USAGE,
    after_long_help = AFTER_LONG_HELP,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) count: CountOptions,

    /// Use colours: auto, always or never.
    ///
    /// auto (the default) uses colours on a terminal, unless NO_COLOR, CLICOLOR=0 or TERM=dumb is set. CLICOLOR_FORCE=1
    /// is like always.
    #[arg(
        long,
        value_name = "WHEN",
        global = true,
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true,
        help_heading = headings::MESSAGES
    )]
    pub(crate) color: When,

    /// Print help (see more with '--help').
    ///
    /// The short form, -h, prints the options that people ask for most.
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = headings::MESSAGES)]
    help: Option<bool>,

    /// Print version.
    #[arg(short = 'V', long, action = ArgAction::Version, help_heading = headings::MESSAGES)]
    version: Option<bool>,
}

/// The definition of the command line, with one template for the help of all commands.
pub(crate) fn command(is_help_long: bool) -> clap::Command {
    let template = if is_help_long { LONG_HELP } else { SHORT_HELP };
    Cli::command().help_template(template).mut_subcommands(|command| command.help_template(template))
}

/// What can be done instead of counting.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find the best chunk size and number of threads.
    ///
    /// Counts the same files again and again, with chunks of several sizes and several numbers of threads, and says
    /// which to use. Every run must come to the same answer. A difference between two means counts as noise if it is no
    /// larger than both standard deviations together (the root of the sum of their squares). If the default is within
    /// noise of the fastest, the default is advised.
    #[cfg_attr(
        feature = "postgres",
        doc = "\nA FILE may be a table of PostgreSQL, named by a URL such as postgres://user@host/db?table=ngrams. Then \
               several numbers of event loops and of connections are tried instead. Chunk sizes and threads are tried, \
               too, if they are named."
    )]
    #[command(
        override_usage = "ngram-count bench [OPTIONS] FILE...",
        after_long_help = bench::after_help(),
        mut_arg("words_from", |option| option.hide_short_help(true)),
        mut_arg("ignore_case", |option| option.hide_short_help(true)),
    )]
    Bench(Box<BenchOptions>),

    /// Draw words over the years.
    ///
    /// Draws a line for each word: in the terminal, in its size and colours, or as a picture. The input must have
    /// years: v1, v2 or v3, or text with --year-from. In years without the word, the line is at 0. The chart has the
    /// years that --years names; an open end is the first or last year in which any of the words occurs.
    #[command(override_usage = plot::USAGE, after_long_help = plot::AFTER_LONG_HELP)]
    Plot(Box<PlotOptions>),

    /// Print completions for a shell.
    ///
    /// They go to standard output. docs/GUIDE.md says where each shell looks for them.
    Completions {
        /// The shell.
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },

    /// Print the manual page.
    ///
    /// It goes to standard output, in the form that man reads: ngram-count man | man -l -
    Man,
}

/// The value of `--color` in a command line that is not parsed yet, and may have errors elsewhere.
pub(crate) fn color_of(arguments: impl Iterator<Item = OsString>) -> When {
    let arguments: Vec<_> = arguments.skip(1).take_while(|argument| argument != "--").collect();
    let values = arguments.iter().enumerate().filter_map(|(place, argument)| match argument.to_str()? {
        "--color" => arguments.get(place + 1)?.to_str(),
        argument => argument.strip_prefix("--color="),
    });
    values.filter_map(|value| When::from_str(value, false).ok()).next_back().unwrap_or(When::Auto)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_colour_is_known_before_the_rest() {
        let cases = [
            ("", When::Auto),
            ("--color always", When::Always),
            ("x --color=never --wrod", When::Never),
            ("--color never --color=always", When::Always),
            ("-- --color never", When::Auto),
            ("--color", When::Auto),
            ("--color=blue", When::Auto),
        ];
        for (line, expected) in cases {
            let arguments = std::iter::once("ngram-count").chain(line.split_whitespace()).map(OsString::from);
            assert_eq!(color_of(arguments), expected, "{line}");
            if let Ok(cli) = Cli::try_parse_from(std::iter::once("ngram-count").chain(line.split_whitespace())) {
                assert_eq!(cli.color, expected, "{line}");
            }
        }
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    /// clap's lists of values would make the short help too long.
    #[test]
    fn the_help_of_each_option_has_its_values() {
        for argument in Cli::command().get_arguments() {
            let short = argument.get_help().filter(|_| !argument.is_hide_short_help_set());
            for help in [short, argument.get_long_help()].into_iter().flatten() {
                let values = argument.get_possible_values();
                // The help of --sort names the columns as a kind: those of --columns.
                let named = if argument.get_id() == "sort" { 3 } else { values.len() };
                for value in values.iter().take(named).filter(|_| argument.get_action().takes_values()) {
                    assert!(help.to_string().contains(value.get_name()), "{} {help}", value.get_name());
                }
            }
        }
    }
}
