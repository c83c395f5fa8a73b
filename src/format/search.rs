//! Finds the lines of a few words without reading the others.
//!
//! The text is searched, with the processor's vectors, for a line end, the word and a TAB. Only lines that begin so are
//! looked at: that a line of another word is malformed is not noticed, and lines are counted only up to one that is. (The
//! beginning of each input is read line by line in any case: see `feed`.)

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use crate::error::Result;
use crate::ledger::ChunkReport;
use crate::words::Needle;

/// Gives the lines of the words, as far as they stand together, to `map`. See [`super::Format::search`].
pub(super) fn search(
    chunk: &[u8],
    needles: &[Needle],
    skip_malformed: bool,
    report: &mut ChunkReport,
    mut map: impl FnMut(&[u8], &mut ChunkReport) -> Result<()>,
) -> Result<()> {
    let mut runs: Vec<Range<usize>> = needles.iter().flat_map(|needle| Runs { chunk, needle, next: 0 }).collect();
    runs.sort_unstable_by_key(|run| run.start);
    for run in runs {
        let start = run.start;
        let mut met = ChunkReport::default();
        map(&chunk[run], &mut met)?;
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
    Ok(())
}

/// The lines of a word, as far as they stand together.
struct Runs<'a> {
    chunk: &'a [u8],
    needle: &'a Needle,
    /// Where to search on: the beginning of a line that is not the word's, but for the first.
    next: usize,
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.chunk[self.next..];
        let start = if self.next == 0 && rest.starts_with(&self.needle.begin) {
            0
        } else {
            self.next + self.needle.finder.find(rest)? + 1
        };
        let mut end = start;
        while self.chunk[end..].starts_with(&self.needle.begin) {
            end = memchr(b'\n', &self.chunk[end..]).map_or(self.chunk.len(), |place| end + place + 1);
        }
        self.next = end;
        Some(start..end)
    }
}

/// How many lines end in a text.
pub(crate) fn line_ends(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Emit, Format, Run, Taking};
    use super::*;
    use crate::words::Words;
    use proptest::prelude::*;

    /// Adds up what it gets, of some words or of all.
    #[derive(Default)]
    struct Sums(BTreeMap<Vec<u8>, u64>);

    impl Emit for Sums {
        fn emit(&mut self, run: Run<'_>) -> Result<()> {
            *self.0.entry(run.ngram().to_vec()).or_default() += run.count.unwrap();
            Ok(())
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
        ]);
        prop::collection::vec(line, 0..40)
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
            let taking = Taking { skip_malformed: true, ..Taking::default() };

            let (mut all, mut found) = (Sums::default(), Sums::default());
            let (mut read, mut searched) = (ChunkReport::default(), ChunkReport::default());
            Format::V2.map(&text, &taking, &mut read, &mut all).unwrap();
            Format::V2.search(&text, asked.needles().unwrap(), &taking, &mut searched, &mut found).unwrap();
            all.0.retain(|word, _| words.contains(word));
            prop_assert_eq!(found.0, all.0);
            prop_assert_eq!(searched.malformed, 0, "the line of an ngram without a TAB is not the ngram's");
        }

        #[test]
        fn numbers_the_first_malformed_line_of_a_word(before in lines(), behind in lines()) {
            let text = [before.concat().as_str(), "a\t1999\tmany\t1\n", behind.concat().as_str()].concat();
            let asked = Words::new(&[b"a".to_vec()]).unwrap();
            let mut report = ChunkReport::default();
            let taking = Taking::default();
            let needles = asked.needles().unwrap();
            Format::V2.search(text.as_bytes(), needles, &taking, &mut report, &mut Sums::default()).unwrap();
            let (line, _) = report.first_malformed.unwrap();
            prop_assert_eq!(line, before.len() as u64 + 1);
        }
    }
}
