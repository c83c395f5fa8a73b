//! Compiles regular expressions, with or without case ignored.

use std::fmt;

use regex::bytes::{Regex, RegexBuilder};

use super::regex_case::with_lower_case;

/// The error of a malformed or too large regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRegex {
    reason: String,
}

impl fmt::Display for InvalidRegex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the regular expression can't be read: {}", self.reason)
    }
}

impl std::error::Error for InvalidRegex {}

/// # Errors
/// For an expression with an error, and for one with a too large automaton.
pub(crate) fn compile(text: &str) -> Result<Regex, InvalidRegex> {
    build(&RegexBuilder::new(text))
}

/// Compiles an expression that matches ngrams in lower case.
///
/// # Errors
/// As [`compile`]. Ignoring case makes an automaton larger.
pub(crate) fn compile_ignoring_case(text: &str) -> Result<Regex, InvalidRegex> {
    build(RegexBuilder::new(&with_lower_case(text)).case_insensitive(true))
}

fn build(builder: &RegexBuilder) -> Result<Regex, InvalidRegex> {
    builder.build().map_err(|error| InvalidRegex { reason: reason(&error.to_string()).to_owned() })
}

/// The last line of an error, which says what is wrong. The lines before it draw the expression.
fn reason(error: &str) -> &str {
    let line = error.trim_end().lines().next_back().unwrap_or(error);
    line.strip_prefix("error: ").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::case::lower;

    /// With case ignored, the expression sees an ngram in lower case.
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
                assert!(compile_ignoring_case(&expression).is_ok_and(|regex| regex.is_match(lower)), "{expression}");
            }
        }
    }

    #[test]
    fn an_error_in_an_expression_is_told_on_one_line() {
        for (text, reason) in [
            ("(", "unclosed group"),
            ("a\n[", "unclosed character class"),
            ("(a{1000}){1000}", "Compiled regex exceeds size limit of 10485760 bytes."),
        ] {
            let error = compile(text).map(drop).map_err(|error| error.to_string());
            assert_eq!(error, Err(format!("the regular expression can't be read: {reason}")), "{text}");
        }
    }
}
