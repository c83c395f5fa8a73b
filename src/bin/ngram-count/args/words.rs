//! Options that say which words and years are counted.

use std::ffi::OsString;

use clap::{Args, ValueHint};
use ngram_count::{Pos, Spelling, Years};

/// The words and years that are asked for.
#[derive(Debug, Args)]
pub(crate) struct WordOptions {
    /// Count only WORD; may be repeated.
    ///
    /// The ngram must be WORD exactly, in upper and lower case, unless --ignore-case is given. The result has a line for
    /// each, in the order asked, with 0 for a word that does not occur. An ngram of several words is written as one
    /// argument: --word 'New York'. With --by year or decade, a word that does not occur has no line. Up to three words
    /// are searched for: the lines of others are not read then, but for those that begin in the first MiB, and a
    /// malformed one among them goes unnoticed.
    #[arg(short, long, value_name = "WORD", allow_hyphen_values = true)]
    pub(crate) word: Vec<OsString>,

    /// Count only the words in FILE, one a line.
    ///
    /// May be repeated. As with --word, whose words come first in the result; a space at a line's end belongs to the
    /// word. Thousands of words are looked for in one pass. - is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) words_from: Vec<OsString>,

    /// Count upper and lower case as one word.
    ///
    /// In Unicode's lower case: İ, ß and final ς are what they are there; part-of-speech tags stay. --word, --words-from,
    /// --prefix and --regex find words in any case then.
    #[arg(long)]
    pub(crate) ignore_case: bool,

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
    pub(crate) spelling: Spelling,

    /// Count only these years: 1900-1999, 1900-, 1950.
    ///
    /// Both ends are included; -1999 is all years up to that one. The input must have years: v1, v2 or v3.
    #[arg(long, value_name = "YEARS", allow_hyphen_values = true)]
    pub(crate) years: Option<Years>,
}

impl WordOptions {
    /// Whether words are asked for.
    pub(crate) fn are_named(&self) -> bool {
        !self.word.is_empty() || !self.words_from.is_empty()
    }
}

/// What words must be like.
#[derive(Debug, Args)]
pub(crate) struct PatternOptions {
    /// Count only words that begin with P.
    ///
    /// With --ignore-case, letters are compared in any case, those of tags too: burnt_v finds burnt_VERB.
    #[arg(long, value_name = "P", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) prefix: Option<OsString>,

    /// Count only words that match RE.
    ///
    /// A regular expression of the crate regex, which may match anywhere in the ngram: '^anti.*ism$' is for the whole of
    /// it, '^\S+ of \S+$' for three words. It works on bytes.
    #[arg(long, value_name = "RE", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) regex: Option<String>,

    /// Words with a tag like _NOUN: keep, drop or only.
    ///
    /// The versions v2 and v3 of Google's files count each word twice: as burnt, and again as burnt_ADJ or burnt_VERB.
    /// drop leaves the tagged rows out, so that no word is counted twice; only leaves the others out; keep (the default)
    /// takes all as they are. A tag is _NOUN, _VERB, _ADJ, _ADV, _PRON, _DET, _ADP, _NUM, _CONJ, _PRT, _X or _. at the
    /// end of any word of the ngram; and placeholders such as _NOUN_ or _START_ are tags, too.
    #[arg(long, value_name = "WHAT", default_value = "keep", hide_default_value = true, hide_possible_values = true)]
    pub(crate) pos: Pos,
}
