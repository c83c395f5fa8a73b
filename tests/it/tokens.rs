//! `--tokens`: words by a regular expression; the ends, apostrophes and soft hyphens of Unicode's words.

use std::collections::BTreeMap;

use ngram_count::{Error, Format, Input, Job, Spelling, Tokens};
use proptest::prelude::*;
use proptest::sample::select;
use regex::bytes::Regex;

use crate::common::laws::{self, unexpected};
use crate::common::rows::{cut, run, stored, written};
use crate::common::{Scratch, tsv, ways_to_cut};

/// The count of each word, or of each pair of words that follow each other in a line.
fn counts(lines: impl Iterator<Item = Vec<Vec<u8>>>, are_pairs: bool) -> BTreeMap<Vec<u8>, u64> {
    let mut counts = BTreeMap::new();
    for words in lines {
        for ngram in words.windows(if are_pairs { 2 } else { 1 }) {
            *counts.entry(ngram.join(&b' ')).or_insert(0) += 1;
        }
    }
    counts
}

fn job(are_pairs: bool, ignore_case: bool, is_bounded: bool) -> Job {
    let mut job = Job::new().format(Format::Text);
    if are_pairs {
        job = job.ngram(std::num::NonZeroUsize::new(2).unwrap());
    }
    if ignore_case {
        job = job.ignore_case(Spelling::Lower);
    }
    if is_bounded { job.memory(1) } else { job }
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let pieces = "a|B|ab|don’t|don't|DON’T|_a_|__init__|x_y|_|co\u{ad}op|co\u{ad}|\u{202f}a\u{202f}|\u{200b}|\u{feff}b|#nice|@ann|’|'| | | |  |\n|\n|\r\n|\t|,|\u{200d}|antidisestablishmentarian’s_";
    let pieces = select(pieces.split('|').collect::<Vec<_>>());
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn what_matches_is_a_word(
        text in text(),
        regex in select(vec![r"\w+", r"[#@]\w+", "a*", "(?i)don.t|b", r"\S+", ".+", r"\b", r"^.", r"(?-u:[^ab])"]),
        settings in any::<[bool; 3]>(),
        stored in stored(),
        cut in cut(),
    ) {
        let [are_pairs, ignore_case, is_bounded] = settings;
        let words = Regex::new(regex).unwrap();
        let lower = |word: &[u8]| match std::str::from_utf8(word) {
            Ok(word) if ignore_case => word.to_lowercase().into_bytes(),
            _ => word.to_vec(),
        };
        // A byte-order mark at the beginning does not count.
        let counted = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
        let lines = counted.split(|&byte| byte == b'\n').map(|line| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let words = line.split(|&byte| byte == b'\t').flat_map(|part| words.find_iter(part));
            words.filter(|word| !word.is_empty()).map(|word| lower(word.as_bytes())).collect()
        });
        let expected = counts(lines, are_pairs);
        let job = job(are_pairs, ignore_case, is_bounded).token_regex(regex).unwrap();
        let outcome = run(job, &text, &stored, cut).map_err(unexpected)?;
        prop_assert_eq!(outcome.stats.rows, expected.values().sum::<u64>());
        // A blank line stands before a first word that begins like a byte-order mark.
        let found = written(&outcome);
        prop_assert_eq!(found.strip_prefix(b"\n").unwrap_or(&found), &tsv(&expected)[..]);
    }

    /// The oracle rewrites the words of a run with the old rule: between white space, without marks around them.
    #[test]
    fn unicode_words_are_written_plainly(
        words in prop::collection::vec((select(WORDS), any::<bool>()), 0..40), settings in any::<[bool; 3]>(), stored in stored(), cut in cut(),
    ) {
        let [are_pairs, ignore_case, is_bounded] = settings;
        let mut text = String::new();
        let mut lines = vec![Vec::new()];
        for ((written, word), ends_line) in &words {
            text = text + written + if *ends_line { "\n" } else { " " };
            let word = if ignore_case { word.to_lowercase() } else { (*word).to_owned() };
            lines.last_mut().unwrap().extend(word.split_whitespace().map(|word| word.as_bytes().to_vec()));
            if *ends_line {
                lines.push(Vec::new());
            }
        }
        let expected = counts(lines.into_iter(), are_pairs);
        let job = job(are_pairs, ignore_case, is_bounded).tokens(Tokens::Unicode);
        let outcome = run(job, text.as_bytes(), &stored, cut).map_err(unexpected)?;
        prop_assert_eq!(written(&outcome), tsv(&expected));
    }
}

/// Words in a text, and in the result.
const WORDS: &[(&str, &str)] = &[
    ("don’t", "don't"),
    ("don't", "don't"),
    ("Don’t,", "Don't"),
    ("‘don’t’", "don't"),
    ("_was_", "was"),
    ("was", "was"),
    ("__init__", "init"),
    ("x_y", "x_y"),
    ("_", ""),
    ("’", ""),
    ("co\u{ad}op\u{ad}", "coop"),
    ("10\u{202f}000", "10 000"),
    ("«\u{202f}mot\u{202f}»", "mot"),
    ("\u{feff}was\u{200b}", "was"),
    ("antidisestablishmentarian’s", "antidisestablishmentarian's"),
    ("rock’n’roll", "rock'n'roll"),
];

#[test]
fn words_are_asked_for_with_either_apostrophe() {
    let text = "“Don’t!” _Don't_, don’t don’t.\n".as_bytes();
    for cut in ways_to_cut() {
        let run = |options: &[&str]| Scratch::new().pipe(text, cut.iter().chain(&["-i", "text"]).chain(options));
        run(&["--tokens=unicode"]).gives("Don't\t2\ndon't\t2\n");
        run(&["--tokens=unicode", "-w", "don’t", "-w", "can’t"]).gives("don't\t2\ncan't\t0\n");
        run(&["--tokens=unicode", "--exclude", "don’t"]).gives("Don't\t2\n");
        run(&["--tokens=unicode", "--prefix", "don’"]).gives("don't\t2\n");
        run(&["--tokens=unicode", "--ignore-case", "--ngram=2"]).gives("don't don't\t3\n");
        run(&["--tokens=unicode", "--ignore-case", "--spelling=commonest", "-w", "DON’T"]).gives("Don't\t4\n");
        run(&["--tokens=unicode", "-w", "do\u{ad}n’t"]).gives("don't\t2\n");
        // Words by white space are as they are written.
        run(&["-w", "don’t"]).gives("don’t\t1\n");
    }
}

#[test]
fn the_kinds_of_words_are_checked() {
    let scratch = Scratch::with([("v2.tsv", &b"a\t1999\t5\t1\n"[..])]);
    let ran = scratch.run(["--tokens", "letters", "v2.tsv"]);
    assert!(ran.exits(2).stderr().contains("expected whitespace, unicode or regex:RE, as in 'regex:[a-z]+'"), "{ran}");
    scratch.run(["--tokens", "regex:(", "v2.tsv"]).fails("the regular expression can't be read: unclosed group");
    scratch.run(["--tokens", "regex:a", "v2.tsv"]).fails(
        "v2.tsv: its format (v2) is not text, which --tokens, --ngram, --within and --year-from are for; if it is text, say -i text",
    );
    scratch.pipe(b"a\tb\tc\r\n", ["--tokens", "regex:", "-i", "text"]).gives("");
    let job = Job::new().input(Input::from_bytes("text", "ab"));
    assert!(matches!(job.clone().token_regex("["), Err(Error::InvalidRegex(_))));
    assert_eq!(written(&job.token_regex(".").unwrap().run().unwrap()), b"a\t1\nb\t1\n");
}
