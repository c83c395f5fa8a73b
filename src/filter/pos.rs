//! Part-of-speech tags: finds tagged ngrams, and the tag of a word.
//!
//! Since version 20120701, Google's files hold each ngram without tags and again with tags: `toast`, `toast_NOUN`,
//! `burnt_ADJ toast`, `_START_ burnt toast`. In file `a`, more than half of all ngrams are tagged.

use memchr::{memchr, memrchr};

/// The rule for ngrams with a part-of-speech tag. A tagged ngram counts occurrences that the ngram without tags counts,
/// too. A sum over all rows therefore counts each word about twice, and ngrams of several words more often.
///
/// An ngram is tagged if one of its words ends in `_NOUN`, `_VERB`, `_ADJ`, `_ADV`, `_PRON`, `_DET`, `_ADP`, `_NUM`,
/// `_CONJ`, `_PRT`, `_PROPN`, `_PUNCT`, `_X` or `_.`, in capitals; or if one of its words is a placeholder: one of these tags with another
/// `_` behind it, `_START_`, `_END_` or `_ROOT_`. `assent_`, `a_i` and `App_Code` carry no tag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Pos {
    /// Count tagged ngrams like all others.
    #[cfg_attr(feature = "cli", value(help = "Counted as they are"))]
    #[default]
    Keep,
    /// Leave out tagged ngrams.
    #[cfg_attr(feature = "cli", value(help = "Left out"))]
    Drop,
    /// Count only tagged ngrams.
    #[cfg_attr(feature = "cli", value(help = "Nothing else"))]
    Only,
}

impl Pos {
    /// Whether an ngram counts.
    #[inline]
    pub(crate) fn matches(self, ngram: &[u8]) -> bool {
        match self {
            Self::Keep => true,
            Self::Drop => !is_tagged(ngram),
            Self::Only => is_tagged(ngram),
        }
    }
}

/// Whether any word of an ngram carries a tag.
#[inline]
pub(crate) fn is_tagged(ngram: &[u8]) -> bool {
    memchr(b'_', ngram).is_some() && ngram.split(|&byte| byte == b' ').any(|word| untagged_len(word) < word.len())
}

/// The length of a word without its tag, in bytes: all of the word if it has no tag, and 0 for a placeholder such as
/// `_NOUN_` or `_START_`.
///
/// A lone `_NOUN` is a tag, too: it looks like the tag of an empty word. Such rows are rare at best: we found none in
/// parts of the files `a` to `m` of version 20120701.
#[inline]
pub(crate) fn untagged_len(word: &[u8]) -> usize {
    // No tag has an inner underscore, so the last underscore begins the tag.
    let Some(last) = memrchr(b'_', word) else { return word.len() };
    match &word[last + 1..] {
        [] if is_placeholder(word) => 0,
        tag if is_tag(tag) => last,
        _ => word.len(),
    }
}

fn is_placeholder(word: &[u8]) -> bool {
    let name = word.strip_prefix(b"_").and_then(|word| word.strip_suffix(b"_"));
    name.is_some_and(|name| is_tag(name) || matches!(name, b"START" | b"END" | b"ROOT"))
}

#[inline]
fn is_tag(name: &[u8]) -> bool {
    matches!(
        name,
        b"NOUN"
            | b"VERB"
            | b"ADJ"
            | b"ADV"
            | b"PRON"
            | b"DET"
            | b"ADP"
            | b"NUM"
            | b"CONJ"
            | b"PRT"
            | b"PROPN"
            | b"PUNCT"
            | b"X"
            | b"."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TAGS: [&str; 14] =
        ["NOUN", "VERB", "ADJ", "ADV", "PRON", "DET", "ADP", "NUM", "CONJ", "PRT", "PROPN", "PUNCT", "X", "."];

    #[test]
    fn every_tag_is_known_behind_a_word_alone_and_as_a_placeholder() {
        for tag in TAGS {
            for (word, len) in [(format!("App_Code_{tag}"), 8), (format!("_{tag}"), 0), (format!("_{tag}_"), 0)] {
                assert_eq!(untagged_len(word.as_bytes()), len, "{word}");
            }
            for (before, after) in [("", ""), ("the ", ""), ("", " dog"), ("the ", " dog")] {
                assert!(is_tagged(format!("{before}a_{tag}{after}").as_bytes()), "{before}a_{tag}{after}");
                assert!(is_tagged(format!("{before}_{tag}_{after}").as_bytes()), "{before}_{tag}_{after}");
            }
        }
    }

    #[test]
    fn words_are_told_from_their_tags() {
        let cases = [
            ("and___DET", 5),
            ("9,000_NUM", 5),
            ("._.", 1),
            ("__X", 1),
            ("dog_NOUN_VERB", 8),
            ("_NOUN__NOUN", 6),
            ("_START_", 0),
            ("_END_", 0),
            ("_ROOT_", 0),
        ];
        for (word, len) in cases {
            assert_eq!(untagged_len(word.as_bytes()), len, "{word}");
        }
        assert_eq!(untagged_len(b"\xFF_NOUN"), 1, "bytes that are no UTF-8");
    }

    #[test]
    fn other_underscores_are_no_tags() {
        let words = [
            "", "assent_", "a_i", "App_Code", "_", "__", "___", "_NOUNS", "x_noun", "x_NOUN_", "NOUN", "_noun_",
            "_START", "x_START_", "_STARTS_", "START_", "_x", "a_NOUN.", "_.__",
        ];
        for word in words {
            assert_eq!(untagged_len(word.as_bytes()), word.len(), "{word}");
            assert!(!is_tagged(format!("{word} {word}").as_bytes()), "{word}");
        }
    }

    #[test]
    fn tagged_ngrams_are_kept_dropped_or_all_there_is() {
        for (pos, tagged, untagged) in [(Pos::Keep, true, true), (Pos::Drop, false, true), (Pos::Only, true, false)] {
            assert_eq!(pos.matches(b"burnt_ADJ toast"), tagged, "{pos:?}");
            assert_eq!(pos.matches(b"burnt toast_"), untagged, "{pos:?}");
        }
    }

    /// The definition, by a slow and simple algorithm.
    fn naive(ngram: &str) -> bool {
        ngram.split(' ').any(|word| {
            TAGS.iter().any(|tag| word.ends_with(&format!("_{tag}")) || word == format!("_{tag}_"))
                || ["_START_", "_END_", "_ROOT_"].contains(&word)
        })
    }

    proptest! {
        #[test]
        fn ngrams_are_tagged_by_definition(
            parts in prop::collection::vec(prop::sample::select(
                &["_", " ", "NOUN", "X", ".", "DET", "START", "ROOT", "a", "S", "noun", "é"][..]), 0..9),
        ) {
            let ngram = parts.concat();
            prop_assert_eq!(is_tagged(ngram.as_bytes()), naive(&ngram), "{}", ngram);
        }
    }
}
