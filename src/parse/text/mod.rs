//! Running text: emits each word, or each N-gram of words.

pub(crate) mod ngrams;
pub(crate) mod unicode;
pub(crate) mod whitespace;

use std::num::NonZeroUsize;

use crate::parse::report::{ChunkReport, Nul};
use crate::parse::run::Emit;
use crate::parse::text::ngrams::Ngrams;
use crate::parse::text::unicode::each_unicode_word;
use crate::parse::text::whitespace::each_word;
use crate::text_slice::TextSlice;

/// The rule by which running text splits into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Tokens {
    /// A word is all bytes between ASCII white space: spaces, TABs, LFs, VTs, FFs and CRs.
    #[cfg_attr(feature = "cli", value(help = "What stands between white space (the default)"))]
    #[default]
    Whitespace,
    /// A word is a word of Unicode's UAX #29: without punctuation around it, and also in scripts without spaces. Bytes
    /// that are not UTF-8 stand between words.
    #[cfg_attr(feature = "cli", value(help = "The words of UAX #29"))]
    Unicode,
}

/// Settings for running text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextOptions {
    pub(crate) tokens: Tokens,
    /// The number of words in an ngram.
    pub(crate) ngram_len: NonZeroUsize,
    /// Whether to look for a NUL: the format is detected, and an input with a NUL is not text.
    pub(crate) finds_nul: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { tokens: Tokens::default(), ngram_len: NonZeroUsize::MIN, finds_nul: false }
    }
}

/// See [`crate::parse::Format::parse`]. Each ngram is a separate run. The report has the offset of a NUL in the chunk.
/// It has no number of lines, because only malformed lines need line numbers, and no line of text is malformed.
pub(crate) fn parse(chunk: &[u8], options: TextOptions, report: &mut ChunkReport, sink: &mut impl Emit) {
    let mut not_utf8 = 0;
    parse_words(chunk, options, report, &mut not_utf8, sink);
    report.not_utf8 += not_utf8;
    if options.finds_nul {
        // Now the chunk is in the cache. A search for a NUL before the count would read the chunk from memory twice: a
        // count of 166 MB took 0.291 s instead of 0.263 s on one thread.
        report.nul = Nul::first(chunk);
    }
}

fn parse_words(chunk: &[u8], options: TextOptions, report: &mut ChunkReport, not_utf8: &mut u64, sink: &mut impl Emit) {
    let ngram_len = options.ngram_len.get();
    if ngram_len > 1 {
        let mut ngrams = Ngrams::new(ngram_len);
        match options.tokens {
            Tokens::Whitespace => each_word(chunk, |start, len| ngrams.push(chunk, start, len, sink)),
            Tokens::Unicode => each_unicode_word(chunk, not_utf8, |start, len| ngrams.push(chunk, start, len, sink)),
        }
        report.rows += ngrams.rows;
        return;
    }
    let count = |start, len| {
        report.rows += 1;
        sink.emit_word(TextSlice::new(chunk, start, len));
    };
    match options.tokens {
        Tokens::Whitespace => each_word(chunk, count),
        Tokens::Unicode => each_unicode_word(chunk, not_utf8, count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::run::Run;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    /// The ngrams, in order.
    #[derive(Default)]
    struct List(Vec<Vec<u8>>);

    impl Emit for List {
        fn emit(&mut self, run: Run<'_>) {
            assert_eq!(run.count, Some(1));
            self.0.push(run.ngram().to_vec());
        }
    }

    fn ngrams(text: &[u8], tokens: Tokens, ngram_len: usize) -> Vec<Vec<u8>> {
        let (mut report, mut list) = (ChunkReport::default(), List::default());
        let options = TextOptions { tokens, ngram_len: NonZeroUsize::new(ngram_len).unwrap(), finds_nul: true };
        parse(text, options, &mut report, &mut list);
        assert_eq!(report.rows, list.0.len() as u64);
        assert_eq!((report.lines, report.malformed), (0, 0));
        assert_eq!(report.nul.map(|nul| nul.at), text.iter().position(|&byte| byte == 0).map(|place| place as u64));
        let invalid: usize = text.utf8_chunks().map(|part| part.invalid().len()).sum();
        assert_eq!(report.not_utf8, if tokens == Tokens::Unicode { invalid as u64 } else { 0 });
        list.0
    }

    /// The words of a line, by a slow and simple algorithm.
    fn words(line: &[u8], tokens: Tokens) -> Vec<&[u8]> {
        match tokens {
            Tokens::Whitespace => {
                line.split(|byte| b" \t\x0B\x0C\r".contains(byte)).filter(|word| !word.is_empty()).collect()
            }
            Tokens::Unicode => {
                let words = line.utf8_chunks().flat_map(|part| part.valid().unicode_words());
                // A space and a mark on it are one of Unicode's words where the mark alone is alphabetic.
                words.map(|word| word.trim_ascii().as_bytes()).collect()
            }
        }
    }

    fn naive(text: &[u8], tokens: Tokens, ngram_len: usize) -> Vec<Vec<u8>> {
        let lines = text.split(|&byte| byte == b'\n').map(|line| words(line, tokens));
        lines.flat_map(|words| words.windows(ngram_len).map(|words| words.join(&b' ')).collect::<Vec<_>>()).collect()
    }

    /// Pieces for different rules of Unicode. White space and line ends come more often.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let pieces = "the|a|I|can't|3,000.5|7|x_y|don’t|naïve|日本語|カタカナ|한국어|👩‍👩‍👧|🇩🇪🇫🇷|e\u{301}|\u{301}|\u{200d}|\u{ad}|'|\"|.|,|:|-|ב\"ב| | | |  |\n|\n|\r\n|\t|\x0b|\x0c|\u{a0}|\u{85}|\u{2028}|\0";
        let piece = prop::sample::select(pieces.split('|').collect::<Vec<_>>());
        prop_oneof![
            prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat().into_bytes()),
            prop::collection::vec(prop::sample::select(b"ab \n\xE6\x97\xA5\xFF'1.".to_vec()), 0..100),
            prop::collection::vec(any::<u8>(), 0..200),
            any::<String>().prop_map(String::into_bytes),
            prop::collection::vec(b'\t'..0x7F, 0..100),
        ]
    }

    /// UAX #29 takes a space and the mark behind it for one word, as some marks are alphabetic.
    #[test]
    fn a_space_with_a_mark_on_it_is_no_part_of_a_word() {
        let words = ngrams("\u{1028a} \u{11cb2}a".as_bytes(), Tokens::Unicode, 1);
        assert_eq!(words, ["\u{1028a}", "\u{11cb2}", "a"].map(|word| word.as_bytes().to_vec()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn ngrams_are_the_naive_ones(text in text(), ngram_len in prop_oneof![1_usize..6, Just(usize::MAX)]) {
            for tokens in [Tokens::Whitespace, Tokens::Unicode] {
                prop_assert_eq!(ngrams(&text, tokens, ngram_len), naive(&text, tokens, ngram_len));
            }
        }
    }
}
