//! Tests of running text, against words and N-grams made by slow and simple algorithms.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::parse::run::Run;
use crate::parse::text::seams::Seams;

/// The ngrams, in order.
#[derive(Default)]
struct List(Vec<Vec<u8>>);

impl Emit for List {
    fn emit(&mut self, run: Run<'_>) {
        assert_eq!(run.count, Some(1));
        self.0.push(run.at.bytes().to_vec());
    }
}

fn ngrams(text: &[u8], options: &TextOptions) -> (Vec<Vec<u8>>, ChunkReport) {
    let (mut report, mut list) = (ChunkReport::default(), List::default());
    parse(text, options, &mut report, &mut list);
    assert_eq!(report.rows, list.0.len() as u64);
    assert_eq!((report.lines, report.malformed), (0, 0));
    assert_eq!(report.nul.map(|nul| nul.at), text.iter().position(|&byte| byte == 0).map(|place| place as u64));
    let invalid: usize = text.utf8_chunks().map(|part| part.invalid().len()).sum();
    let is_unicode = matches!(options.tokens, Tokenizer::Unicode);
    assert_eq!(report.not_utf8, if is_unicode { invalid as u64 } else { 0 });
    (list.0, report)
}

/// The ngrams of a text in chunks, which end in this order.
fn ngrams_of_chunks(chunks: &[&[u8]], order: &[usize], options: &TextOptions) -> Vec<Vec<u8>> {
    let (seams, mut all, mut across) = (Seams::default(), Vec::new(), List::default());
    for &number in order {
        let (ngrams, report) = ngrams(chunks[number], options);
        all.extend(ngrams);
        if let Some(edge) = report.edge {
            let before = across.0.len();
            let rows = seams.add(number as u64, edge, options.ngram_len, &mut across);
            assert_eq!(rows, (across.0.len() - before) as u64);
        }
    }
    all.extend(across.0);
    all
}

/// The words of a line.
fn words<'a>(line: &'a [u8], tokens: &Tokenizer) -> Vec<&'a [u8]> {
    static ENDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[\p{Cf}\p{Pc}]+|[\p{Cf}\p{Pc}]+$").unwrap());
    match tokens {
        Tokenizer::Whitespace => {
            line.split(|byte| b" \t\x0B\x0C\r".contains(byte)).filter(|word| !word.is_empty()).collect()
        }
        Tokenizer::Unicode => {
            let parts = line.utf8_chunks().flat_map(|part| part.valid().split('\u{202F}'));
            let words = parts.flat_map(|part| part.unicode_words());
            // A space and a mark on it are one of Unicode's words where the mark alone is alphabetic.
            let words = words.map(|word| word.trim_ascii().as_bytes());
            words.map(|word| ENDS.split(word).find(|part| !part.is_empty()).unwrap()).collect()
        }
        Tokenizer::Regex(regex) => {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let words = line.split(|&byte| byte == b'\t').flat_map(|part| regex.find_iter(part));
            words.map(|word| word.as_bytes()).filter(|word| !word.is_empty()).collect()
        }
    }
}

fn naive(text: &[u8], TextOptions { tokens, ngram_len, within, .. }: &TextOptions) -> Vec<Vec<u8>> {
    let mut passages = vec![Vec::new()];
    for line in text.split(|&byte| byte == b'\n') {
        // An expression may take white space for a word.
        let is_blank = words(line, &Tokenizer::Whitespace).is_empty() && words(line, tokens).is_empty();
        if *within == Within::Line || *within == Within::Paragraph && is_blank {
            passages.push(Vec::new());
        }
        passages.last_mut().unwrap().extend(words(line, tokens));
    }
    let all = passages.iter().flat_map(|words| {
        (ngram_len.min..=ngram_len.max.min(words.len()))
            .flat_map(|len| words.windows(len).map(|words| words.join(&b' ')))
    });
    all.collect()
}

fn sorted(mut ngrams: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    ngrams.sort();
    ngrams
}

/// Pieces for different rules of Unicode. White space and line ends come more often.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let pieces = "the|a|I|can't|3,000.5|7|x_y|_|_was_|\u{202f}|don’t|naïve|日本語|カタカナ|한국어|👩‍👩‍👧|🇩🇪🇫🇷|e\u{301}|\u{301}|\u{200d}|\u{ad}|'|\"|.|,|:|-|ב\"ב| | | |  |\n|\n|\r\n|\t|\x0b|\x0c|\u{a0}|\u{85}|\u{2028}|\0";
    let piece = select(pieces.split('|').collect::<Vec<_>>());
    prop_oneof![
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat().into_bytes()),
        prop::collection::vec(select(b"ab \n\xE6\x97\xA5\xFF'1.".to_vec()), 0..100),
        prop::collection::vec(any::<u8>(), 0..200),
        any::<String>().prop_map(String::into_bytes),
        prop::collection::vec(b'\t'..0x7F, 0..100),
    ]
}

/// Short words, many blank lines, and punctuation alone on a line.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let pieces = select(vec!["a", "b", "c d", "e  f", "*", "\n", "\n", "\n\n", "\r\n", " \t\n", "\n \r\n", " ", "\t"]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat().into_bytes())
}

fn options() -> impl Strategy<Value = TextOptions> {
    let len = prop_oneof![
        4 => (1_usize..6).prop_map(|len| NgramLen { min: len, max: len }),
        3 => (1_usize..5, 1_usize..6).prop_map(|(min, max)| NgramLen { min, max }),
        1 => Just(NgramLen { min: 2, max: usize::MAX }),
        1 => Just(NgramLen { min: usize::MAX, max: usize::MAX }),
    ];
    let within = select(vec![Within::Line, Within::Paragraph, Within::File]);
    let regexes = [r"\w+", "a*", r"[^,]+", r"^.|\b", r"(?-u)[^a]", "a b|a|the"];
    let tokens = prop_oneof![
        2 => Just(Tokenizer::Whitespace),
        2 => Just(Tokenizer::Unicode),
        1 => select(regexes.to_vec()).prop_map(|regex| Tokenizer::Regex(Regex::new(regex).unwrap())),
    ];
    (tokens, len, within).prop_map(|(tokens, ngram_len, within)| TextOptions {
        tokens,
        ngram_len,
        within,
        finds_nul: true,
    })
}

/// Whether a text has nowhere a joiner and an emoji behind what is no emoji: there, the crate of the oracle is wrong; the
/// tests of `unicode.rs` have such texts.
fn is_right_in_the_crate(text: &[u8]) -> bool {
    static JOINED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(^|[^👩👧\x{200D}])\x{200D}+[👩👧]").unwrap());
    !JOINED.is_match(text)
}

/// UAX #29 takes a space and the mark behind it for one word, as some marks are alphabetic.
#[test]
fn a_space_with_a_mark_on_it_is_no_part_of_a_word() {
    let options = TextOptions { tokens: Tokenizer::Unicode, finds_nul: true, ..TextOptions::default() };
    let (words, _) = ngrams("\u{1028a} \u{11cb2}a".as_bytes(), &options);
    assert_eq!(words, ["\u{1028a}", "\u{11cb2}", "a"].map(|word| word.as_bytes().to_vec()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn ngrams_are_the_naive_ones(text in prop_oneof![text(), lines()], options in options()) {
        prop_assume!(is_right_in_the_crate(&text));
        let (ngrams, _) = ngrams(&text, &options);
        prop_assert_eq!(sorted(ngrams), sorted(naive(&text, &options)));
    }

    #[test]
    fn ngrams_across_chunks_are_found_in_any_order(
        text in prop_oneof![text(), lines()],
        options in options(),
        cuts in prop::collection::vec(any::<Index>(), 0..40),
        order in prop::collection::vec(any::<u32>(), 61),
    ) {
        prop_assume!(is_right_in_the_crate(&text));
        let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(lines.len() + 1)).chain([0, lines.len()]).collect();
        places.sort_unstable();
        let chunks: Vec<Vec<u8>> = places.windows(2).map(|pair| lines[pair[0]..pair[1]].concat()).collect();
        let chunks: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
        let mut numbers: Vec<usize> = (0..chunks.len()).collect();
        numbers.sort_by_key(|&number| order[number]);
        let found = ngrams_of_chunks(&chunks, &numbers, &options);
        prop_assert_eq!(sorted(found), sorted(naive(&text, &options)));
    }
}
