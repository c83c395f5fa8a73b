//! Options of the input: what its format is, and what becomes of what is wrong in it.

use std::num::NonZeroUsize;

use clap::Args;
use ngram_count::{Encoding, Tokens};

use crate::args::values::{InputFormat, parse_encoding, parse_ngram};

/// How inputs are read.
#[derive(Debug, Args)]
pub(crate) struct InputOptions {
    /// Format of input: auto, v1, v2, v3, counts or text.
    ///
    /// auto (the default) tells it for each file from its first five lines. v1 is Google's version 20090715: ngram, year,
    /// match_count, page_count and volume_count, with TABs between them; v2 is version 20120701, without the page_count;
    /// v3 is version 20200217: ngram, then for each year a TAB and year,match_count,volume_count. counts is what this
    /// program writes: ngram, TAB, count; its CSV is read, too. text is any text, whose words are counted, also if it
    /// is binary, which auto refuses.
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
    /// auto (the default) decodes UTF-16 where a byte-order mark says so, and counts all other bytes as they are. A name
    /// is one of the WHATWG's Encoding Standard, such as utf-16le, latin1, windows-1251, shift_jis or gbk; a byte-order
    /// mark wins over it. none decodes nothing. The result is in UTF-8.
    #[arg(long, value_name = "NAME", default_value = "auto", hide_default_value = true, hide_short_help = true, value_parser = parse_encoding)]
    pub(crate) encoding: Encoding,

    /// Leave out malformed lines instead of ending.
    ///
    /// How many there were, and where the first one was, is said at the end on standard error.
    #[arg(long, hide_short_help = true)]
    pub(crate) skip_malformed: bool,

    /// Count the other files when one can't be read.
    ///
    /// The error is reported, and the exit status is still 2, as the counts are too low. Of a file that turns out to be
    /// damaged, the lines before the damage are counted.
    #[arg(long, hide_short_help = true)]
    pub(crate) keep_going: bool,
}

/// What is counted in text.
#[derive(Debug, Args)]
pub(crate) struct TextOptions {
    /// Words of text: whitespace or unicode.
    ///
    /// whitespace (the default) separates them at spaces, TABs and line ends: punctuation is part of a word. unicode
    /// takes the words of Unicode's UAX #29, without the punctuation around them. Files of Google's and counts are
    /// an error then.
    #[arg(long, value_name = "KIND", hide_possible_values = true, hide_short_help = true)]
    pub(crate) tokens: Option<Tokens>,

    /// Count N words of text that follow each other as one [default: 1].
    ///
    /// They stand in one line, and are written with one space between them. Files of Google's and counts are
    /// an error then.
    #[arg(long, alias = "order", value_name = "N", hide_short_help = true, value_parser = parse_ngram)]
    pub(crate) ngram: Option<NonZeroUsize>,
}
