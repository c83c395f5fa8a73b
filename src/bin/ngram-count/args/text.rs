//! Options of text: its words and N-grams.

use clap::Args;
use ngram_count::{Tokens, Within};

use crate::args::values::NgramLengths;

/// What is counted in text.
#[derive(Debug, Args)]
pub(crate) struct TextOptions {
    /// Words of text: whitespace or unicode.
    ///
    /// whitespace (the default) separates words at spaces, TABs and line ends: punctuation is part of a word. unicode
    /// takes the words of Unicode's UAX #29, without the punctuation around them. Cannot be combined with Google's
    /// formats or counts.
    #[arg(long, value_name = "KIND", hide_possible_values = true, hide_short_help = true)]
    pub(crate) tokens: Option<Tokens>,

    /// Count N consecutive words of text as one [default: 1].
    ///
    /// 1-3 counts single words, pairs and triples in one pass. The words stand in one line of the text, unless --within
    /// says otherwise. The result has one space between them. Cannot be combined with Google's formats or counts.
    #[arg(long, alias = "order", value_name = "N", hide_short_help = true)]
    pub(crate) ngram: Option<NgramLengths>,

    /// With --ngram, count N-grams within a line, paragraph or file.
    ///
    /// line (the default) is for texts with one sentence a line. paragraph is for books and others whose lines are
    /// wrapped: a blank line, which has at most white space, ends a paragraph. file counts across blank lines, too. No
    /// N-gram spans two FILEs, but the members of one zip file are one text after another. If a text looks wrapped, a note
    /// suggests this option.
    #[arg(long, value_name = "WHAT", requires = "ngram", hide_possible_values = true, hide_short_help = true)]
    pub(crate) within: Option<Within>,
}

impl TextOptions {
    /// Whether any of the options is given, so that the input must be text.
    pub(crate) fn are_given(&self) -> bool {
        self.tokens.is_some() || self.ngram.is_some()
    }
}
