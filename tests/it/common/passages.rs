//! The oracle for N-grams of text: words by white space, or by ASCII punctuation, in lines, paragraphs and files.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use ngram_count::Within;
use proptest::prelude::*;
use proptest::sample::select;

/// What is counted.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    pub(crate) within: Within,
    pub(crate) lens: RangeInclusive<usize>,
    /// Whether words are those of Unicode. The texts of these tests have only letters and marks that belong to no word.
    pub(crate) is_unicode: bool,
    pub(crate) ignore_case: bool,
}

pub(crate) fn counted(lens: impl Strategy<Value = RangeInclusive<usize>>) -> impl Strategy<Value = Counted> {
    let within = select(vec![Within::Line, Within::Paragraph, Within::Paragraph, Within::File]);
    (within, lens, any::<bool>(), any::<bool>()).prop_map(|(within, lens, is_unicode, ignore_case)| Counted {
        within,
        lens,
        is_unicode,
        ignore_case,
    })
}

/// Lines of few words, with blank lines of all kinds and lines without a word.
pub(crate) fn text() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "a",
        "b",
        "A",
        "c d",
        "B  a",
        "a, b!",
        "*",
        "\n",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        " \t\r\n",
        "\n \n",
        "\n* *\n",
        " ",
        "\t",
        "\x0C\n",
        "antidisestablishmentarianism a",
    ];
    let piece = select(pieces.to_vec()).prop_map(|piece| [piece, " "].concat());
    let piece = prop_oneof![3 => select(pieces.to_vec()).prop_map(str::to_owned), 1 => piece];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat().into_bytes())
}

/// The N-grams of each text and their counts.
pub(crate) fn ngrams(texts: &[&[u8]], counted: &Counted) -> BTreeMap<Vec<u8>, u64> {
    let mut counts = BTreeMap::new();
    for passage in texts.iter().flat_map(|text| passages(text, counted.within)) {
        let text = String::from_utf8(passage).expect("the tests' texts are UTF-8");
        let text = if counted.ignore_case { text.to_lowercase() } else { text };
        let is_between = |letter: char| {
            !letter.is_alphabetic() && (counted.is_unicode || letter.is_ascii_whitespace() || letter == '\x0B')
        };
        let words: Vec<&str> = text.split(is_between).filter(|word| !word.is_empty()).collect();
        for len in counted.lens.clone() {
            for ngram in words.windows(len) {
                *counts.entry(ngram.join(" ").into_bytes()).or_insert(0) += 1;
            }
        }
    }
    counts
}

/// The parts of a text that N-grams stay within.
pub(crate) fn passages(text: &[u8], within: Within) -> Vec<Vec<u8>> {
    let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    match within {
        Within::Line => lines.into_iter().map(<[u8]>::to_vec).collect(),
        Within::Paragraph => lines.split(|line| line.trim_ascii().is_empty()).map(<[_]>::concat).collect(),
        _ => vec![text.to_vec()],
    }
}
