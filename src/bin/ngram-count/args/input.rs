//! Options of the input: its format, its encoding, and the treatment of damaged data.

use clap::Args;
use ngram_count::Encoding;

use crate::args::headings;
use crate::args::values::{InputFormat, parse_encoding};

/// How inputs are read.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::COUNTED)]
pub(crate) struct InputOptions {
    /// Format of input: auto, v1, v2, v3, counts or text.
    ///
    /// auto (the default) looks at the first five lines of each file. v1 is Google's version 20090715: ngram, year,
    /// match_count, page_count and volume_count, with TABs between them. v2 is version 20120701, without the
    /// page_count. v3 is version 20200217: ngram, then for each year a TAB and year,match_count,volume_count. counts is
    /// what this program writes: ngram, TAB, count; or the same as CSV. text is any text, and its words are counted.
    /// auto refuses binary files; text counts them, too.
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) input_format: InputFormat,

    /// Encoding of input that is not UTF-8, such as latin1.
    ///
    /// auto (the default) decodes UTF-16 after a byte-order mark, and counts all other bytes as they are. A name is one
    /// of the WHATWG's Encoding Standard, such as utf-16le, latin1, windows-1251, shift_jis or gbk; a byte-order mark
    /// overrides it. none decodes nothing. The result is in UTF-8.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "auto",
        hide_default_value = true,
        hide_short_help = true,
        value_parser = parse_encoding
    )]
    pub(crate) encoding: Encoding,

    /// Take input as it is: don't decompress or decode it.
    ///
    /// A byte-order mark is then a part of the first word. This is for lines that another program takes from the middle
    /// of something larger, such as a reducer's share of the words: the first of them may begin like compressed data.
    #[arg(long, hide_short_help = true, conflicts_with = "encoding")]
    pub(crate) raw: bool,

    /// Leave out malformed lines instead of ending.
    ///
    /// A note on standard error says how many there were, and where the first one was.
    #[arg(long, hide_short_help = true)]
    pub(crate) skip_malformed: bool,

    /// Count the other files when one can't be read.
    ///
    /// An error is reported, and the exit status is still 2, since the counts are too low. Of a damaged file, the lines
    /// before the damage are counted.
    #[arg(long, hide_short_help = true)]
    pub(crate) keep_going: bool,
}
