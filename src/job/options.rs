//! How a job reads its inputs, and what its result holds.

use std::num::NonZeroUsize;

use super::Job;
use crate::filter::years::{By, Years};
use crate::parse::{Format, Tokens};
use crate::read::input::Encoding;
use crate::result::order::Sort;
use crate::result::totals::Totals;

/// How inputs are read.
impl Job {
    /// The format of all inputs. By default the first lines of each input tell its format.
    pub fn format(mut self, format: Format) -> Self {
        self.read_options.format = Some(format);
        self
    }

    /// The encoding of inputs that are not UTF-8. By default UTF-16 is decoded if a byte-order mark says so, and all other
    /// bytes are counted as they are.
    ///
    /// [`Job::words_from`] decodes lists that are not UTF-8 from it as well, in calls after this one.
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.read_options.encoding = encoding;
        self
    }

    /// What the words of text are. By default [`Tokens::Whitespace`]. An input that is not in [`Format::Text`] is then an
    /// error.
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.read_options.needs_text = true;
        self.read_options.parse.text.tokens = tokens;
        self
    }

    /// How many consecutive words of a line of text make up one ngram, with a space between them. By default 1. An input
    /// that is not in [`Format::Text`] is then an error.
    pub fn ngram(mut self, words: NonZeroUsize) -> Self {
        self.read_options.needs_text = true;
        self.read_options.parse.text.ngram_len = words;
        self
    }

    /// Only the rows of these years. An input without years is then an error.
    pub fn years(mut self, years: Years) -> Self {
        self.read_options.parse.years = Some(years);
        self
    }
}

/// What the result holds, and in which order.
impl Job {
    /// What one line of the result is: a word, or a word in one year or decade. For years and decades, an input without years
    /// is an error, and the result is by default in the order of the words' bytes.
    pub fn by(mut self, by: By) -> Self {
        self.by = by;
        self
    }

    /// Whether the result holds the counts of each year, for [`Counts::histories`](crate::Counts::histories) and the
    /// columns that [need them](crate::write::Column::needs_histories). An input without years is then an error.
    pub fn histories(mut self, yes: bool) -> Self {
        self.histories = yes;
        self
    }

    /// How many words the corpus has in each year, for the column [`PerMillion`](crate::write::Column::PerMillion), which
    /// compares with these years alone. The column [`Spark`](crate::write::Column::Spark) is then drawn per million words,
    /// too.
    pub fn totals(mut self, totals: Totals) -> Self {
        self.totals = Some(totals);
        self
    }

    /// Leaves out words that occur less often.
    pub fn min_count(mut self, min_count: u64) -> Self {
        self.selection.min_count = min_count;
        self
    }

    /// Only so many of the most frequent words. Of equal counts, the first by their bytes are kept.
    pub fn top(mut self, top: usize) -> Self {
        self.selection.top = Some(top);
        self
    }

    /// The order of the result. By default the order in which [words](Job::words) were asked for, if any, else
    /// [`Sort::Count`].
    pub fn sort(mut self, sort: Sort) -> Self {
        self.selection.sort = Some(sort);
        self
    }
}
