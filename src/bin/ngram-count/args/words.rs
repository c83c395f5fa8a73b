//! Options that choose words and years.

use std::ffi::OsString;

use clap::{Args, ValueHint};
use ngram_count::{Normalization, Pos, Spelling, Years};

use crate::args::headings;

/// The words and years that are asked for.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::WORDS)]
pub(crate) struct WordOptions {
    /// Count only WORD; may be repeated.
    ///
    /// WORD must be the whole ngram, in the same case unless --ignore-case is given. An ngram of several words is one
    /// argument: --word 'New York'. The result has a line for each WORD, in the order asked, with 0 for a word that
    /// does not occur. With --by year, decade or file, such a word has no line. Up to three words are searched for: behind
    /// the first MiB, other lines are not read, and a malformed one among them goes unnoticed. (Shares of the input, range
    /// and dp need all lines.)
    #[arg(short, long, value_name = "WORD", allow_hyphen_values = true)]
    pub(crate) word: Vec<OsString>,

    /// Count only the words in FILE, one a line.
    ///
    /// May be repeated. The result has the words of --word first. A space at a line's end belongs to the word.
    /// Thousands of words are looked up in one pass. - is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) words_from: Vec<OsString>,

    /// Count upper and lower case as one word.
    ///
    /// Lower case is that of Unicode, with its rules for İ, ß and final ς. Part-of-speech tags stay as they are.
    /// --word, --words-from, --prefix, --regex and --exclude then find words in any case.
    #[arg(long)]
    pub(crate) ignore_case: bool,

    /// With --ignore-case, write words as: lower or commonest.
    ///
    /// lower (the default) is lower case. commonest is the variant with the highest count; of equal ones, the first by
    /// its bytes.
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

    /// Count forms as their headwords, which FILE has.
    ///
    /// May be repeated. A line of FILE is a form, a TAB and its headword: goes, go. This is for word forms, spellings
    /// and misprints. A form is a whole ngram, or a whole word of one, in the same case unless --ignore-case is given; a
    /// tag such as _VERB belongs to it. --word and all other choices of words then mean headwords: --word go finds all
    /// forms of go. - is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub(crate) map: Vec<OsString>,

    /// Count characters that look the same as one: nfc or nfkc.
    ///
    /// Unicode has two ways to write é: one character, or e and an accent. nfc counts and writes both as one character.
    /// nfkc also takes ligatures, wide letters and other variants of form for the plain letters: ﬁ is fi, ² is 2, and a
    /// no-break space is a space. --word, --words-from, --exclude and --prefix are normalized likewise, --regex is not.
    #[arg(long, value_name = "FORM", hide_possible_values = true, hide_short_help = true)]
    pub(crate) normalize: Option<Normalization>,

    /// Count only these years: 1900-1999, 1900-, 1950.
    ///
    /// Both ends are included. -1999 is all years up to 1999. The input must have years: v1, v2 or v3, or
    /// text with --year-from.
    #[arg(long, value_name = "YEARS", allow_hyphen_values = true)]
    pub(crate) years: Option<Years>,
}

impl WordOptions {
    /// Whether words are asked for.
    pub(crate) fn are_named(&self) -> bool {
        !self.word.is_empty() || !self.words_from.is_empty()
    }

    /// The lists of words, which may be standard input.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &OsString> {
        self.words_from.iter().chain(&self.map)
    }
}

/// What words must be like.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::WORDS)]
pub(crate) struct PatternOptions {
    /// Count only words that begin with P.
    ///
    /// With --ignore-case, the case of letters does not matter, nor does that of tags: burnt_v finds burnt_VERB.
    #[arg(long, value_name = "P", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) prefix: Option<OsString>,

    /// Count only words that match RE.
    ///
    /// RE is a regular expression of the crate regex. It works on bytes, and may match anywhere in the ngram:
    /// '^anti.*ism$' matches all of it, '^\S+ of \S+$' three words.
    #[arg(long, value_name = "RE", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) regex: Option<String>,

    /// Leave out WORD; may be repeated.
    ///
    /// WORD must be the whole ngram, in the same case unless --ignore-case is given. Ranks are those of the words that are
    /// left; shares are those of the whole input, unless --share-of selection is given.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) exclude: Vec<OsString>,

    /// Leave out the words in FILE, one a line.
    ///
    /// May be repeated. This is for stop words, such as the, of and and. - is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub(crate) exclude_from: Vec<OsString>,

    /// Leave out words that match RE.
    ///
    /// RE is as in --regex: '[0-9]' leaves out each word with a digit.
    #[arg(long, value_name = "RE", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) exclude_regex: Option<String>,

    /// Words with a tag like _NOUN: keep, drop or only.
    ///
    /// The versions v2 and v3 of Google's files count each word twice: as burnt, and again as burnt_ADJ or burnt_VERB.
    /// keep (the default) counts all of them. drop leaves out the tagged ones, so that no word is counted twice. only
    /// leaves out the others. A tag is _NOUN, _VERB, _ADJ, _ADV, _PRON, _DET, _ADP, _NUM, _CONJ, _PRT, _PROPN,
    /// _PUNCT, _X or _. at the end of any word of the ngram. Placeholders such as _NOUN_ or _START_ are tags, too.
    #[arg(long, value_name = "WHAT", default_value = "keep", hide_default_value = true, hide_possible_values = true)]
    pub(crate) pos: Pos,
}
