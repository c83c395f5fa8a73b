//! Which ngrams are counted, told from the ngram alone: once for each run of lines, before the table.

pub(crate) mod case;
pub(crate) mod pos;
pub(crate) mod regex_case;
pub(crate) mod words;
pub(crate) mod years;

use regex::bytes::{Regex, RegexBuilder};

use crate::error::{Error, Result};
use crate::filter::case::{letters, lower};
use crate::filter::pos::Pos;
use crate::filter::regex_case::with_lower_case;
use crate::filter::words::{Needle, Words};

/// What is asked of ngrams.
#[derive(Debug, Clone, Default)]
pub(crate) struct FilterOptions {
    /// Only these, in the order asked.
    pub(crate) words: Option<Vec<Vec<u8>>>,
    pub(crate) prefix: Vec<u8>,
    pub(crate) regex: Option<String>,
    pub(crate) pos: Pos,
    /// All of this in any case.
    pub(crate) ignore_case: bool,
}

/// The same, ready for use.
#[derive(Debug)]
pub(crate) struct Filter {
    words: Option<Words>,
    /// Where case is ignored, its [`letters`].
    prefix: Vec<u8>,
    regex: Option<Regex>,
    pos: Pos,
    ignore_case: bool,
    /// Nothing of all this is asked.
    matches_all: bool,
}

impl FilterOptions {
    /// # Errors
    /// [`Error::Usage`] for a word that no line can hold, or an expression that is none.
    pub(crate) fn build(&self) -> Result<Filter> {
        let fold = |text: &[u8]| if self.ignore_case { lower(text, &mut Vec::new()).to_vec() } else { text.to_vec() };
        let words = match &self.words {
            Some(words) => Some(Words::new(&words.iter().map(|word| fold(word)).collect::<Vec<_>>())?),
            None => None,
        };
        let regex = match &self.regex {
            Some(text) => Some(compile(text, self.ignore_case)?),
            None => None,
        };
        let mut prefix = self.prefix.clone();
        if self.ignore_case {
            letters(&self.prefix, &mut prefix);
        }
        let (pos, ignore_case) = (self.pos, self.ignore_case);
        let matches_all = words.is_none() && self.prefix.is_empty() && regex.is_none() && pos == Pos::Keep;
        Ok(Filter { words, prefix, regex, pos, ignore_case, matches_all })
    }
}

fn compile(text: &str, ignore_case: bool) -> Result<Regex> {
    let expression = if ignore_case { with_lower_case(text) } else { text.into() };
    RegexBuilder::new(&expression)
        .case_insensitive(ignore_case)
        .build()
        .map_err(|error| Error::Usage(format!("the regular expression can't be read: {}", reason(&error.to_string()))))
}

/// The last line of an error, which says what is wrong: those before it draw the expression, and where in it.
fn reason(error: &str) -> &str {
    let line = error.trim_end().lines().next_back().unwrap_or(error);
    line.strip_prefix("error: ").unwrap_or(line)
}

impl Filter {
    /// Whether an ngram is counted. `buffer` is room to work in.
    #[inline]
    pub(crate) fn matches(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        self.matches_all || self.looks_up(ngram, buffer)
    }

    fn looks_up(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        if !self.pos.matches(ngram) || !self.matches_regex(ngram, buffer) {
            return false;
        }
        if !self.prefix.is_empty() && !self.has_prefix(ngram, buffer) {
            return false;
        }
        let Some(words) = &self.words else { return true };
        words.contain(if self.ignore_case { lower(ngram, buffer) } else { ngram })
    }

    /// Whether the regular expression matches, if there is one. With case ignored, it sees the lower-cased ngram, i.e.
    /// what the result will contain, so that re-counting a result selects the same ngrams.
    fn matches_regex(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        let Some(regex) = &self.regex else { return true };
        regex.is_match(if self.ignore_case { lower(ngram, buffer) } else { ngram })
    }

    fn has_prefix(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        if !self.ignore_case {
            return ngram.starts_with(&self.prefix);
        }
        letters(ngram, buffer);
        buffer.starts_with(&self.prefix)
    }

    /// The words, where it pays to search for them.
    pub(crate) fn needles(&self) -> Option<&[Needle]> {
        self.words.as_ref().filter(|_| !self.ignore_case).and_then(Words::needles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In any case, an ngram is seen in lower case.
    #[test]
    fn an_expression_in_any_case_matches_the_lower_case_of_each_character() {
        let mut buffer = Vec::new();
        for letter in '\0'..=char::MAX {
            let ngram = letter.to_string();
            let lower = lower(ngram.as_bytes(), &mut buffer);
            if lower == ngram.as_bytes() {
                continue;
            }
            for expression in [format!("^{letter}$"), format!("^[{letter}]$")] {
                assert!(compile(&expression, true).is_ok_and(|regex| regex.is_match(lower)), "{expression}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_an_expression_is_said_on_one_line() {
        let said = |text: &str| compile(text, false).map(drop).map_err(|error| error.to_string());
        for (text, reason) in [
            ("(", "unclosed group"),
            ("a\n[", "unclosed character class"),
            ("(a{1000}){1000}", "Compiled regex exceeds size limit of 10485760 bytes."),
        ] {
            assert_eq!(said(text), Err(format!("the regular expression can't be read: {reason}")), "{text}");
        }
    }
}
