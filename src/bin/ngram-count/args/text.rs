//! Options of text: its words and N-grams.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command, Error, ValueEnum};
use ngram_count::{Tokens, Within};

use crate::args::headings;
use crate::args::values::NgramLengths;

/// What is counted in text.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::COUNTED)]
pub(crate) struct TextOptions {
    /// Words of text: whitespace, unicode or regex:RE.
    ///
    /// whitespace (the default) separates words at spaces, TABs and line ends: punctuation is part of a word. unicode
    /// takes the words of Unicode's UAX #29, without the punctuation around them, and without underscores and invisible
    /// characters at their ends: _was_ is was. Soft hyphens are left out, and the narrow space U+202F separates words. The
    /// apostrophe of don’t is written as that of don't. With regex:RE, each match of RE is a word: regex:[#@]\w+ counts
    /// hashtags and names. No word spans a line end or a TAB. Cannot be combined with Google's formats or counts.
    #[arg(long, value_name = "KIND", hide_possible_values = true, hide_short_help = true, value_parser = WordRuleParser)]
    pub(crate) tokens: Option<WordRule>,

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

/// A value of `--tokens`.
#[derive(Debug, Clone)]
pub(crate) enum WordRule {
    Tokens(Tokens),
    /// A regular expression, which matches words.
    Regex(String),
}

/// Parses a [`WordRule`]. A shell completes the kinds that need no expression.
#[derive(Debug, Clone)]
struct WordRuleParser;

impl TypedValueParser for WordRuleParser {
    type Value = WordRule;

    fn parse_ref(&self, command: &Command, option: Option<&Arg>, value: &OsStr) -> Result<WordRule, Error> {
        TypedValueParser::parse_ref(&word_rule, command, option, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Tokens::value_variants().iter().filter_map(Tokens::to_possible_value)))
    }
}

fn word_rule(text: &str) -> Result<WordRule, String> {
    if let Some(regex) = text.strip_prefix("regex:") {
        return Ok(WordRule::Regex(regex.to_owned()));
    }
    let tokens = Tokens::from_str(text, false);
    tokens.map(WordRule::Tokens).map_err(|_| "expected whitespace, unicode or regex:RE, as in 'regex:[a-z]+'".into())
}
