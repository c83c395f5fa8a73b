//! The characters that stand at no end of a word, although UAX #29 takes them for a part of it.
//!
//! UAX #29 finds words for a cursor that moves, not for a list. So an underscore joins the letters beside it, as in
//! `x_y`, and `_was_` is one word. A soft hyphen or another invisible character belongs to the letter before it.

use std::sync::LazyLock;

use regex_syntax::hir::{Class, HirKind};

/// Format characters (soft hyphens, joiners, marks of direction), and connectors such as the underscore.
const AT_NO_END: &str = r"[\p{Cf}\p{Pc}]";

/// A word without the characters that stand at no end of it, and the number of bytes before it.
#[inline]
pub(super) fn trimmed(word: &str) -> (usize, &str) {
    let rest = word.trim_start_matches(is_at_no_end);
    (word.len() - rest.len(), rest.trim_end_matches(is_at_no_end))
}

fn is_at_no_end(letter: char) -> bool {
    static RANGES: LazyLock<Vec<(char, char)>> = LazyLock::new(ranges);
    if letter.is_ascii() {
        return letter == '_';
    }
    let place = RANGES.partition_point(|&(_, last)| last < letter);
    RANGES.get(place).is_some_and(|&(first, _)| first <= letter)
}

/// The characters of [`AT_NO_END`], in order.
fn ranges() -> Vec<(char, char)> {
    match regex_syntax::parse(AT_NO_END).map(regex_syntax::hir::Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => {
            class.ranges().iter().map(|range| (range.start(), range.end())).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_no_invisible_ends() {
        for (word, expected) in [
            ("_was_", (1, "was")),
            ("x_y", (0, "x_y")),
            ("\u{ad}co\u{ad}op\u{ad}", (2, "co\u{ad}op")),
            ("\u{feff}a\u{200b}\u{200e}", (3, "a")),
            ("‿naïve＿", (3, "naïve")),
            ("e\u{301}", (0, "e\u{301}")),
        ] {
            assert_eq!(trimmed(word), expected);
        }
    }

    /// A word keeps the letter or digit that makes it one.
    #[test]
    fn no_letter_is_trimmed() {
        let all: Vec<char> = ('\0'..=char::MAX).filter(|&letter| is_at_no_end(letter)).collect();
        assert!(all.len() > 150 && all.iter().all(|letter| !letter.is_alphanumeric()), "{all:?}");
    }
}
