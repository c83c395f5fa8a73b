//! Running text: emits each word, or each N-gram of words.

pub(crate) mod edge;
pub(crate) mod matches;
pub(crate) mod ngrams;
pub(crate) mod seams;
#[cfg(test)]
mod tests;
mod trim;
pub(crate) mod unicode;
pub(crate) mod whitespace;
pub(crate) mod within;
pub(crate) mod wrapped;

use regex::bytes::Regex;

use crate::parse::report::{ChunkReport, Nul};
use crate::parse::run::Emit;
use crate::parse::text::matches::each_match;
use crate::parse::text::ngrams::{NgramLen, Ngrams};
use crate::parse::text::unicode::each_unicode_word;
use crate::parse::text::whitespace::each_word;
use crate::parse::text::within::Within;
use crate::text_slice::TextSlice;

/// The rule by which running text splits into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Tokens {
    /// A word is all bytes between ASCII white space: spaces, TABs, LFs, VTs, FFs and CRs.
    #[cfg_attr(feature = "cli", value(help = "What stands between white space (the default)"))]
    #[default]
    Whitespace,
    /// A word is a word of Unicode's UAX #29: without punctuation around it, and also in scripts without spaces. Bytes
    /// that are not UTF-8 stand between words.
    ///
    /// Three things differ from UAX #29. Underscores and format characters belong to no end of a word: `_was_` is `was`.
    /// The soft hyphen and the narrow space U+202F belong to no word: without a soft hyphen, what is around it is one
    /// word, and the space separates two. The apostrophe U+2019 within a word is written as U+0027: `don’t` is `don't`.
    #[cfg_attr(feature = "cli", value(help = "The words of UAX #29"))]
    Unicode,
}

/// Splits text into words.
#[derive(Debug, Clone, Default)]
pub(crate) enum Tokenizer {
    #[default]
    Whitespace,
    Unicode,
    /// What matches is a word.
    Regex(Regex),
}

impl From<Tokens> for Tokenizer {
    fn from(tokens: Tokens) -> Self {
        match tokens {
            Tokens::Whitespace => Self::Whitespace,
            Tokens::Unicode => Self::Unicode,
        }
    }
}

/// Settings for running text.
#[derive(Debug, Clone)]
pub(crate) struct TextOptions {
    pub(crate) tokens: Tokenizer,
    /// The numbers of words in an ngram.
    pub(crate) ngram_len: NgramLen,
    /// What an ngram of several words stays within.
    pub(crate) within: Within,
    /// Whether to look for a NUL: the format is detected, and an input with a NUL is not text.
    pub(crate) finds_nul: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { tokens: Tokenizer::default(), ngram_len: NgramLen::WORD, within: Within::default(), finds_nul: false }
    }
}

/// See [`crate::parse::Format::parse`]. Each ngram is a separate run. The report has the offset of a NUL in the chunk.
/// It has no number of lines, because only malformed lines need line numbers, and no line of text is malformed.
pub(crate) fn parse(chunk: &[u8], options: &TextOptions, report: &mut ChunkReport, sink: &mut impl Emit) {
    let mut not_utf8 = 0;
    parse_words(chunk, options, report, &mut not_utf8, sink);
    report.not_utf8 += not_utf8;
    if options.finds_nul {
        // Now the chunk is in the cache. A search for a NUL before the count would read the chunk from memory twice: a
        // count of 166 MB took 0.291 s instead of 0.263 s on one thread.
        report.nul = Nul::first(chunk);
    }
}

fn parse_words(
    chunk: &[u8],
    options: &TextOptions,
    report: &mut ChunkReport,
    not_utf8: &mut u64,
    sink: &mut impl Emit,
) {
    if options.ngram_len != NgramLen::WORD {
        let mut ngrams = Ngrams::new(options.ngram_len, options.within);
        let push = |start, len| ngrams.push(chunk, start, len, sink);
        match &options.tokens {
            Tokenizer::Whitespace => each_word(chunk, push),
            Tokenizer::Unicode => each_unicode_word(chunk, not_utf8, push),
            Tokenizer::Regex(regex) => each_match(chunk, regex, push),
        }
        report.rows += ngrams.rows;
        report.edge = ngrams.into_edge(chunk);
        return;
    }
    let count = |start, len| {
        report.rows += 1;
        sink.emit_word(TextSlice::new(chunk, start, len));
    };
    match &options.tokens {
        Tokenizer::Whitespace => each_word(chunk, count),
        Tokenizer::Unicode => each_unicode_word(chunk, not_utf8, count),
        Tokenizer::Regex(regex) => each_match(chunk, regex, count),
    }
}
