//! Search: finds the lines of a few words without parsing the others.
//!
//! A SIMD search finds each LF with the word behind it. We inspect only the lines behind such hits. For the word `the`:
//!
//! ```text
//! tea TAB 1999 TAB 1 TAB 1
//! the TAB 1999 TAB 7 TAB 2     a hit: a run begins
//! the TAB 2000 TAB 9 TAB 3     compared, not searched for: the run goes on
//! then TAB 1999 TAB 4 TAB 1    another word: the run ends. The search hits this line, too: a stray
//! thin TAB 1999 TAB 5 TAB 1
//! ```
//!
//! A stray is a hit on a line of a longer word, such as all lines from `the` to `these` in a file of 5-grams. In a
//! chunk with many strays, we search the rest three times: for the word with each byte that may end it. These passes
//! have hardly a stray.
//!
//! A search notices a malformed line only if it begins with the word and a TAB, or is the word alone. It counts lines
//! only up to a malformed one. The parser always parses the first bytes of each input ([`ALWAYS_PARSED`]).

use std::ops::Range;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter};

use crate::filter::words::Needle;

/// The number of first bytes of an input that we always parse line by line, so that a file in another format gives an
/// error.
pub(crate) const ALWAYS_PARSED: u64 = 1 << 20;

/// The number of bytes per stray below which we search the rest of a chunk in three passes. The number is not tuned:
/// any bound avoids a stop at each line of a file full of strays.
const BYTES_PER_STRAY: usize = 8 << 10;

/// The length of the lines at the beginning of a text that we always parse: those that begin within the first
/// [`ALWAYS_PARSED`] bytes of the input. `offset` is the text's offset in the input.
pub(crate) fn always_parsed(text: &[u8], offset: u64) -> usize {
    if offset >= ALWAYS_PARSED {
        return 0;
    }
    let last = (ALWAYS_PARSED - 1 - offset) as usize;
    let line_end = text.get(last..).and_then(|rest| memchr(b'\n', rest));
    line_end.map_or(text.len(), |place| last + place + 1)
}

/// The ranges of the words' lines in `text`, in order. Adjacent lines of a word mostly share a range.
pub(crate) fn find_runs(text: &[u8], needles: &[Needle]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    for needle in needles {
        find(text, needle, &mut runs);
    }
    runs.sort_unstable_by_key(|run| run.start);
    debug_assert!(runs.is_sorted_by(|a, b| a.end <= b.start), "a line begins with one word");
    runs
}

/// Appends the runs of a word's lines to `runs`.
fn find(chunk: &[u8], needle: &Needle, runs: &mut Vec<Range<usize>>) {
    let mut at = take_run(chunk, 0, needle, runs);
    let mut strays = chunk.len() / BYTES_PER_STRAY;
    while let Some(hit) = needle.begin.find(&chunk[at..]) {
        let line = at + hit + 1;
        at = take_run(chunk, line, needle, runs);
        if at == line {
            let Some(left) = strays.checked_sub(1) else {
                for finder in &needle.each {
                    find_exactly(chunk, at, finder, needle, runs);
                }
                return find_last(chunk, at, needle, runs);
            };
            strays = left;
        }
    }
}

/// Appends the lines that `finder` finds from offset `at` on, each as a separate run.
fn find_exactly(chunk: &[u8], mut at: usize, finder: &Finder<'_>, needle: &Needle, runs: &mut Vec<Range<usize>>) {
    while let Some(hit) = finder.find(&chunk[at..]) {
        let line = at + hit + 1;
        if let Some(end) = needle.line_end(chunk, line) {
            runs.push(line..end);
        }
        at = line;
    }
}

/// Appends the last line, behind offset `at`, if it is the word alone and lacks its LF. No finder hits that line,
/// because each needs a byte behind the word.
fn find_last(chunk: &[u8], at: usize, needle: &Needle, runs: &mut Vec<Range<usize>>) {
    let line = chunk.len() - needle.word.len().min(chunk.len());
    if line > at && chunk[line - 1] == b'\n' && needle.line_end(chunk, line).is_some() {
        runs.push(line..chunk.len());
    }
}

/// Appends the run of the word's lines that begins at `start`. Returns the offset where the search goes on: `start`
/// itself if the line there belongs to another word.
fn take_run(chunk: &[u8], start: usize, needle: &Needle, runs: &mut Vec<Range<usize>>) -> usize {
    let mut end = start;
    while let Some(next) = needle.line_end(chunk, end) {
        end = next;
    }
    if end > start {
        runs.push(start..end);
        // The search finds the next line by the LF before it.
        return end - 1;
    }
    start
}

impl Needle {
    /// The end of the line at `start`, behind its LF; `None` for the line of another word. A line of the word begins
    /// with the word and a TAB, or is the word alone, which is malformed. For the empty word, the latter is a blank
    /// line, which does not count.
    fn line_end(&self, chunk: &[u8], start: usize) -> Option<usize> {
        let text = &chunk[start..];
        let rest = text.strip_prefix(&self.word[..])?;
        let end = || memchr(b'\n', text).map_or(chunk.len(), |place| start + place + 1);
        match rest {
            [] | [b'\n' | b'\r', ..] if self.word.is_empty() => None,
            [] | [b'\t' | b'\n', ..] | [b'\r'] | [b'\r', b'\n', ..] => Some(end()),
            _ => None,
        }
    }
}

/// The number of line ends in a text.
pub(crate) fn line_ends(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

/// The number of lines of a text. The last one may lack its LF.
pub(crate) fn line_count(text: &[u8]) -> u64 {
    line_ends(text) + u64::from(!text.is_empty() && !text.ends_with(b"\n"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::filter::words::Words;
    use crate::parse::{Emit, Format, Lines, ParseOptions, Run, parse};
    use proptest::prelude::*;

    /// Sums the runs of some words or of all.
    #[derive(Default)]
    struct Sums(BTreeMap<Vec<u8>, u64>);

    impl Emit for Sums {
        fn emit(&mut self, run: Run<'_>) {
            *self.0.entry(run.at.bytes().to_vec()).or_default() += run.count.unwrap();
        }
    }

    /// Lines of a file, behind those that are always parsed.
    fn behind_the_head<'a>(text: &'a [u8], options: &'a ParseOptions) -> Lines<'a> {
        Lines { text, offset: ALWAYS_PARSED, format: Format::V2, can_be_reread: true, options }
    }

    fn lines() -> impl Strategy<Value = Vec<&'static str>> {
        let line = prop::sample::select(vec![
            "a\t1999\t1\t1\n",
            "a\t2000\t20\t1\n",
            "ab\t1999\t300\t1\n",
            "b a\t1999\t4000\t1\r\n",
            "\t1999\t50000\t1\n",
            "a_long_word_of_more_than_sixteen_bytes\t1999\t600000\t1\n",
            "\n",
            "a\n",
            "a\r\n",
            "b a\n",
            "a\rb\n",
            "ab\n",
        ]);
        prop::collection::vec(line, 0..40)
    }

    /// Lines of longer words that begin with the word, enough for the three passes.
    fn strays(number: usize) -> String {
        (0..number).map(|number| format!("ab{number}\t1999\t1\t1\n")).collect()
    }

    #[test]
    fn finds_lines_among_many_strays() {
        let words = [b"a".to_vec()];
        let asked = Words::new(&words).unwrap();
        let parse_options = ParseOptions { skip_malformed: true, ..ParseOptions::default() };
        for end in ["", "a", "a\r", "a\n", "a\r\n", "a\t1\t2\t3", "ab", "b\ta"] {
            let lines = "a\t1999\t20\t1\na\na\r\na\rb\nb\na\t2000\t300\t1\n";
            let text = [lines, &strays(5), lines, &strays(5), end].concat().into_bytes();
            let mut found = Sums::default();
            let report = parse(&behind_the_head(&text, &parse_options), asked.needles(), &mut found);
            let last = end.trim_end();
            assert_eq!(report.malformed, 4 + u64::from(last == "a"), "{end:?}");
            assert_eq!(found.0[&words[0]], 2 * 320 + if end.contains('3') { 2 } else { 0 }, "{end:?}");
        }
    }

    proptest! {
        #[test]
        fn finds_what_reading_every_line_finds(lines in lines(), number in 1_usize..4, ended: bool) {
            let mut text = lines.concat().into_bytes();
            if !ended {
                text.pop();
            }
            let words: Vec<Vec<u8>> = [&b"a"[..], b"b a", b"a_long_word_of_more_than_sixteen_bytes"]
                .iter().take(number).map(|word| word.to_vec()).collect();
            let asked = Words::new(&words).unwrap();
            let parse_options = ParseOptions { skip_malformed: true, ..ParseOptions::default() };

            let (mut all, mut found) = (Sums::default(), Sums::default());
            let text_lines = behind_the_head(&text, &parse_options);
            parse(&text_lines, None, &mut all);
            let searched = parse(&text_lines, asked.needles(), &mut found);
            all.0.retain(|word, _| words.contains(word));
            prop_assert_eq!(found.0, all.0);
            let bare = text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
            let bare = bare.filter(|line| words.iter().any(|word| word == line)).count();
            prop_assert_eq!(searched.malformed, bare as u64, "a word alone is a malformed line of that word");
        }

        #[test]
        fn numbers_the_first_malformed_line_of_a_word(before in lines(), behind in lines()) {
            let text = [before.concat().as_str(), "a\t1999\tmany\t1\n", behind.concat().as_str()].concat();
            let asked = Words::new(&[b"a".to_vec()]).unwrap();
            let parse_options = ParseOptions::default();
            let text = behind_the_head(text.as_bytes(), &parse_options);
            let (line, _) = parse(&text, asked.needles(), &mut Sums::default()).first_malformed.unwrap();
            let bare = before.iter().position(|line| line.trim_end() == "a");
            prop_assert_eq!(line, bare.unwrap_or(before.len()) as u64 + 1);
        }
    }
}
