//! The command line: what can be asked for, and how it is explained. Each group of options has a file of its own.
//!
//! A doc comment's first paragraph is the short help, all of it the long one.

mod count;
mod input;
mod machine;
mod plot;
mod result;
mod size;
mod values;
mod words;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

pub(crate) use self::count::CountOptions;
pub(crate) use self::plot::PlotOptions;
pub(crate) use self::values::{MOST_CELLS, StatsFormat, When};

/// The commands are told here instead of in a list of their own, so that the short help stays on one screen.
const USAGE: &str = "ngram-count [OPTIONS] [FILE]...
       ngram-count plot [OPTIONS] --word WORD FILE...";

const HELP: &str = "\
{about-with-newline}
{usage-heading} {usage}

Options:
{options}{after-help}";

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
///
/// Files are plain or compressed with gzip, zstd or zip, which is told from the content. No FILE, or -, is standard
/// input. The words of all files are added up together.
#[derive(Debug, Parser)]
#[command(
    version,
    styles = Styles::styled().header(AnsiColor::Green.on_default().bold()).literal(AnsiColor::Cyan.on_default().bold()),
    override_usage = USAGE,
    help_template = HELP,
    after_long_help = AFTER_LONG_HELP,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) count: CountOptions,

    /// Use colours: auto, always or never.
    ///
    /// auto (the default) uses them on a terminal, unless the environment says otherwise by NO_COLOR, CLICOLOR or
    /// TERM=dumb; CLICOLOR_FORCE=1 is like always.
    #[arg(
        long,
        value_name = "WHEN",
        global = true,
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub(crate) color: When,
}

/// What can be done instead of counting.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Draw words over the years.
    ///
    /// A line for each word: in the terminal, in its size and colours, or as a picture. The input must have years: v1,
    /// v2 or v3. Years in which a word does not occur are drawn as 0. The chart has the years that --years names; an end
    /// that is left open is the first or last year in which any of the words occurs.
    #[command(help_template = HELP, override_usage = plot::USAGE, after_long_help = plot::AFTER_LONG_HELP)]
    Plot(PlotOptions),
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
