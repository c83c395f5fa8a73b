//! Finds the lines of a few words without reading the others.
//!
//! The text is searched, with the processor's vectors, for a line end and the word. Only lines that begin so are looked
//! at. A malformed line is noticed if it begins with the word and a TAB, or is the word alone; those of other words are
//! not noticed, and lines are counted only up to a malformed one. The first bytes of each input ([`READ_WHOLE`]) are
//! read line by line in any case.
//!
//! Lines of other words may begin with the word, too, as all of `the` to `these` do in a file of 5-grams. Where there are
//! many of these strays, the rest of the chunk is searched for the word with each byte that may follow it instead: three
//! passes, but hardly a false hit.

use std::ops::Range;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter};

use crate::filter::words::Needle;
use crate::parse::report::ChunkReport;

/// How many bytes of an input are read line by line at least, so that a file in another format is noticed.
pub(crate) const READ_WHOLE: u64 = 1 << 20;

/// A chunk may have one stray for each so many bytes before its rest is searched in three passes. Not tuned: any bound keeps
/// a file full of strays from being searched line by line.
const BYTES_FOR_A_STRAY: usize = 8 << 10;

/// Gives the lines of the words, as far as they stand together, to `map`. See [`crate::parse::Format::search`].
pub(crate) fn search(
    chunk: &[u8],
    needles: &[Needle],
    skip_malformed: bool,
    report: &mut ChunkReport,
    mut map: impl FnMut(&[u8], &mut ChunkReport),
) {
    let mut runs = Vec::new();
    for needle in needles {
        find(chunk, needle, &mut runs);
    }
    runs.sort_unstable_by_key(|run| run.start);
    for run in runs {
        let start = run.start;
        let mut met = ChunkReport::default();
        map(&chunk[run], &mut met);
        if let Some((line, _)) = met.first_malformed.as_mut().filter(|_| report.malformed == 0) {
            *line += line_ends(&chunk[..start]);
        }
        report.rows += met.rows;
        report.malformed += met.malformed;
        report.first_malformed = report.first_malformed.take().or(met.first_malformed);
        if met.malformed > 0 && !skip_malformed {
            break;
        }
    }
}

/// Appends the lines of a word to `runs`, those that stand together as one.
fn find(chunk: &[u8], needle: &Needle, runs: &mut Vec<Range<usize>>) {
    let mut at = take_run(chunk, 0, needle, runs);
    let mut strays = chunk.len() / BYTES_FOR_A_STRAY;
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

/// The same from byte `at` on, for the lines that `finder` finds.
fn find_exactly(chunk: &[u8], mut at: usize, finder: &Finder<'_>, needle: &Needle, runs: &mut Vec<Range<usize>>) {
    while let Some(hit) = finder.find(&chunk[at..]) {
        let line = at + hit + 1;
        if let Some(end) = needle.line_end(chunk, line) {
            runs.push(line..end);
        }
        at = line;
    }
}

/// The word as the last line, behind byte `at`, where no line end follows it.
fn find_last(chunk: &[u8], at: usize, needle: &Needle, runs: &mut Vec<Range<usize>>) {
    let line = chunk.len() - needle.word.len().min(chunk.len());
    if line > at && chunk[line - 1] == b'\n' && needle.line_end(chunk, line).is_some() {
        runs.push(line..chunk.len());
    }
}

/// Appends the run of the word's lines that begins with the line at `start`, if that is one. Returns where the next line
/// begins: `start` itself, if it is another word's.
fn take_run(chunk: &[u8], start: usize, needle: &Needle, runs: &mut Vec<Range<usize>>) -> usize {
    let mut end = start;
    while let Some(next) = needle.line_end(chunk, end) {
        end = next;
    }
    if end > start {
        runs.push(start..end);
        // The line end before the next line must be found again.
        return end - 1;
    }
    start
}

impl Needle {
    /// Where the line at `start` ends, behind its LF, if it is one of the word: the word and a TAB, or the word alone,
    /// which is malformed (but not where the word is empty: blank lines are passed over).
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

/// How many lines end in a text.
fn line_ends(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

/// How many lines a text has; the last one may lack its end.
pub(crate) fn lines_of(text: &[u8]) -> u64 {
    line_ends(text) + u64::from(!text.is_empty() && !text.ends_with(b"\n"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::filter::words::Words;
    use crate::parse::{Emit, Format, ParseOptions, Run};
    use proptest::prelude::*;

    /// Adds up what it gets, of some words or of all.
    #[derive(Default)]
    struct Sums(BTreeMap<Vec<u8>, u64>);

    impl Emit for Sums {
        fn emit(&mut self, run: Run<'_>) {
            *self.0.entry(run.ngram().to_vec()).or_default() += run.count.unwrap();
        }
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

    /// Lines of other words that begin with the word, so many that the search gives up on them.
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
            let mut report = ChunkReport::default();
            Format::V2.search((&text, 0), asked.needles().unwrap(), &parse_options, &mut report, &mut found);
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
            let (mut read, mut searched) = (ChunkReport::default(), ChunkReport::default());
            Format::V2.map(&text, &parse_options, &mut read, &mut all);
            Format::V2.search((&text, 0), asked.needles().unwrap(), &parse_options, &mut searched, &mut found);
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
            let mut report = ChunkReport::default();
            let parse_options = ParseOptions::default();
            let needles = asked.needles().unwrap();
            Format::V2.search((text.as_bytes(), 0), needles, &parse_options, &mut report, &mut Sums::default());
            let (line, _) = report.first_malformed.unwrap();
            let bare = before.iter().position(|line| line.trim_end() == "a");
            prop_assert_eq!(line, bare.unwrap_or(before.len()) as u64 + 1);
        }
    }
}
